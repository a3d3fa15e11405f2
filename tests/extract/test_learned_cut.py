"""Which of the lines that other pages have, too, are taken out of this page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from lxml.html import document_fromstring

from monitor.extract.boilerplate import block_hash
from monitor.extract.learned_cut import (
    Cut,
    cut_learned,
    is_about,
    leaves_enough,
)
from monitor.extract.resemblance import keys
from monitor.types.page import Learned

OWN = (
    "Der Rat von Auenburg hat am Montag nach langem Streit den Bau einer neuen Brücke beschlossen.",
    "Die Arbeiten beginnen im Herbst, und der Verkehr wird für ein Jahr über Talheim umgeleitet.",
    "Eine Händlerin sagte, sie rechne in dieser Zeit mit deutlich weniger Kunden in ihrem Laden.",
)
LETTER = "Bestellen Sie jetzt unseren Newsletter mit allen Nachrichten aus Ihrer Gegend."
BACKGROUND = "Seit Mai ermittelt die Polizei wegen mehrerer Brände, bei denen Scheunen verbrannten."
PUZZLE = "Wer errät, wie viele Bohnen im Glas sind, gewinnt eine Reise nach Lissabon."
TEASER = (
    "Neue Schleuse in Moorbach eröffnet",
    "Die Schleuse ist nach drei Jahren fertig geworden.",
)


def hashes(*lines: str) -> frozenset[int]:
    return frozenset(map(block_hash, lines))


def cut(
    body: str, lines: Sequence[str], learned: Learned, item_text: str = ""
) -> Cut:
    tree = document_fromstring(f"<body><div class='text'>{body}</div></body>")
    return cut_learned(lines, tree, learned, item_text=item_text)


def flow(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def boxed(line: str) -> str:
    return f"<section><p>{line}</p></section>"


def check(
    body: str,
    lines: Sequence[str],
    learned: Learned,
    gone: Sequence[str],
    item_text: str = "",
) -> None:
    found = cut(body, lines, learned, item_text)
    assert found.lines == tuple(line for line in lines if line not in gone)
    assert found.note == ""


@pytest.mark.parametrize(
    ("line", "goes"),
    [(LETTER, True), (BACKGROUND, False), (PUZZLE, False)],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_in_the_flow_only_the_publisher_s_voice_goes(
    line: str, goes: bool, place: int
) -> None:
    lines = [*OWN[:place], line, *OWN[place:]]
    check(
        flow(*lines),
        lines,
        Learned(repeated=hashes(line)),
        [line] if goes else [],
    )


def test_what_does_not_repeat_stays() -> None:
    lines = [*OWN, LETTER]
    check(flow(*lines), lines, Learned(), [])


@pytest.mark.parametrize(
    ("box", "before", "goes"),
    [
        (boxed(PUZZLE), (), True),
        (f"<div class='q'><span>{PUZZLE}</span></div>", (), True),
        # a frame like the article's
        (f"<div class='text'><p>{PUZZLE}</p></div>", (), False),
        (f"<div class='text last'><p>{PUZZLE}</p></div>", (), False),
        (f"<div class='q hintergrund'><p>{PUZZLE}</p></div>", (), False),
        (
            f"<div class='q'><h3>Der Fall</h3><p>{PUZZLE}</p></div>",
            ("Der Fall",),
            False,
        ),
        # not found in one piece
        (f"<div class='q'>{PUZZLE}<br>Und mehr.</div>", (), False),
    ],
)
def test_a_box_of_its_own(box: str, before: Sequence[str], goes: bool) -> None:
    lines = [*OWN, *before, PUZZLE]
    check(
        flow(*OWN) + box,
        lines,
        Learned(repeated=hashes(PUZZLE)),
        [PUZZLE] if goes else [],
    )


def test_a_box_on_the_article_s_subject_stays() -> None:
    line = "Die Brücke von Auenburg ist 1904 gebaut und war für den Verkehr lange gesperrt."
    lines = [*OWN, line]
    check(flow(*OWN) + boxed(line), lines, Learned(repeated=hashes(line)), [])


def test_a_box_on_the_item_s_subject_stays() -> None:
    lines = [*OWN, BACKGROUND]
    learned = Learned(repeated=hashes(BACKGROUND))
    check(flow(*OWN) + boxed(BACKGROUND), lines, learned, [BACKGROUND])
    told = "Polizei zu den Bränden: noch eine Scheune"
    check(flow(*OWN) + boxed(BACKGROUND), lines, learned, [], told)


@pytest.mark.parametrize(
    ("place", "goes"), [(0, True), (1, False), (2, False), (3, True)]
)
def test_a_lasting_line_goes_from_the_edges(place: int, goes: bool) -> None:
    lines = [*OWN[:place], PUZZLE, *OWN[place:]]
    learned = Learned(repeated=hashes(PUZZLE), lasting=hashes(PUZZLE))
    check(flow(*lines), lines, learned, [PUZZLE] if goes else [])


def test_teasers_go_by_title_and_summary() -> None:
    title, summary = TEASER
    learned = Learned(titles=hashes(title), summaries=hashes(summary))
    lines = [*OWN, title, summary]
    check(flow(*lines), lines, learned, [title, summary])
    lines = [*OWN, summary]
    check(flow(*OWN) + boxed(summary), lines, learned, [summary])
    # the background of the next report
    check(flow(*lines), lines, learned, [])


def test_a_form_keeps_its_words() -> None:
    """Everything but one line is on each of the office's pages."""
    lines = [
        OWN[0],
        BACKGROUND,
        PUZZLE,
        LETTER,
        "Jetzt kostenlos testen: der Newsletter für alle.",
    ]
    found = cut(flow(*lines), lines, Learned(repeated=hashes(*lines[1:])))
    assert found.lines == (OWN[0], BACKGROUND, PUZZLE)
    everything = cut(flow(*lines), lines, Learned(repeated=hashes(*lines)))
    assert set(everything.lines) >= {OWN[0], BACKGROUND, PUZZLE}


def test_a_page_is_never_emptied() -> None:
    short = ["Nur kurz gemeldet.", LETTER]
    stopped = cut(flow(*short), short, Learned(repeated=hashes(LETTER)))
    assert stopped.lines == tuple(short)
    assert "left in" in stopped.note


def test_boxes_that_are_most_of_a_page_stay() -> None:
    strange = [
        f"{PUZZLE} Runde {n} läuft bis Freitag um Mitternacht."
        for n in range(4)
    ]
    lines = [*OWN[:2], *strange]
    body = flow(*OWN[:2]) + "".join(map(boxed, strange))
    found = cut(body, lines, Learned(repeated=hashes(*strange)))
    assert found.lines == tuple(lines)
    assert "%" in found.note


@pytest.mark.parametrize(
    ("kept", "whole", "expected"),
    [
        (30, 500, True),
        (29, 500, False),
        (12, 40, True),
        (12, 41, False),
        (11, 12, False),
    ],
)
def test_leaves_enough(kept: int, whole: int, expected: bool) -> None:
    assert leaves_enough(["wort " * kept], ["wort " * whole]) is expected


@pytest.mark.parametrize(
    ("line", "share", "expected"),
    [
        ("Die Brücke von Auenburg", 0.5, True),
        # one word is chance
        ("Die Brücke von Moorbach bekommt ein Geländer", 0.25, False),
        (
            "Auenburg plant die Brücke, einen Radweg, Bäume, Laternen, Bänke und Blumen",
            0.5,
            False,
        ),
    ],
)
def test_is_about(line: str, share: float, expected: bool) -> None:
    assert is_about(line, keys("\n".join(OWN)), share) is expected
