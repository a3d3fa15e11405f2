"""What stands between two paragraphs of the article comes back; captions and
boxes do not.
"""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.gaps import fill_gaps

FIRST = "Der Rat der Gemeinde hat am Dienstag lange über die neue Brücke am Mühlbach gesprochen."
MISSED = "Die alte trägt seit dem Frühjahr nur noch Fußgänger, und der Bus fährt einen weiten Umweg."
LAST = "Im Herbst soll ein Ingenieur sagen, ob sich die Reparatur der Pfeiler überhaupt noch lohnt."
ITEMS = "<li>Neubau für drei Millionen Euro</li><li>Reparatur für eine Million Euro</li>"
CAPTION = f"{MISSED[:-1]} Foto: Archiv der Gemeinde"


def check(
    middle: str, expected: list[str], *, lines: tuple[str, ...] = (FIRST, LAST)
) -> None:
    tree = document_fromstring(
        f"<div><p>{FIRST}</p>{middle}<p>{LAST}</p></div>"
    )
    assert fill_gaps(tree, lines) == expected


@pytest.mark.parametrize(
    "middle",
    [
        f"<p>{MISSED}</p>",
        f"<div class='callout'>{MISSED}</div>",
        f"<p class='related'>{MISSED}</p>",
        f"<div><p>{MISSED}</p></div>",
        f"<div><div><p>{MISSED}</p></div></div>",
        f"<blockquote>{MISSED}</blockquote>",
        f"<p>{MISSED.replace('Fußgänger', '<b>Fuß</b>gänger')}</p>",
        f"<p>{MISSED.replace('Umweg', 'Um&shy;weg')}</p>",
        f"<p>{MISSED}</p><p>{MISSED}</p>",
        f"<p>{MISSED.replace('Bus', '<a href=/b>Bus</a>')}</p>",
    ],
)
def test_a_paragraph_comes_back(middle: str) -> None:
    check(middle, [FIRST, MISSED, LAST])


def test_a_list_beside_the_paragraphs_comes_back() -> None:
    items = [
        "- Neubau für drei Millionen Euro",
        "- Reparatur für eine Million Euro",
    ]
    longer = (
        f"<ol>{ITEMS}<li>Sperrung bis zum Ende des nächsten Jahres</li></ol>"
    )
    check(
        longer,
        [FIRST, *items, "- Sperrung bis zum Ende des nächsten Jahres", LAST],
    )


@pytest.mark.parametrize(
    "middle",
    [
        "<p>Zwischenruf</p>",
        f"<div>{CAPTION}</div>",
        f"<p><a href='/n'>{MISSED}</a></p>",
        f"<div><h3>Zirkus</h3><p>{MISSED}</p></div>",
        f"<div><p>{MISSED}</p><a href='/n'>Mehr</a></div>",
        f"<div><div><ol>{ITEMS}</ol></div></div>",
        "<p>Abonnieren Sie unseren täglichen Newsletter und lesen Sie jeden Morgen, was wichtig ist.</p>",
        f"<h1>{MISSED}</h1>",
    ],
)
def test_labels_captions_and_ways_out_stay_out(middle: str) -> None:
    check(middle, [FIRST, LAST])


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (FIRST,),
        (FIRST, MISSED, LAST),
        (f"{FIRST} {MISSED}", LAST),
        (FIRST, MISSED[:50], LAST),
    ],
)
def test_what_is_told_or_has_no_two_sides_stays_as_it_is(
    lines: tuple[str, ...],
) -> None:
    check(f"<p>{MISSED}</p>", list(lines), lines=lines)


MORE = "Die Brücke am Mühlbach soll nach dem Willen des Rates der Gemeinde noch im Herbst fertig sein."


def test_sentences_before_and_behind_the_text_come_back() -> None:
    page = f"<div><p>{MISSED}</p><p>{FIRST}</p><p>{LAST}</p><div><p>{MORE}</p></div></div>"
    expected = [MISSED, FIRST, LAST, MORE]
    assert fill_gaps(document_fromstring(page), (FIRST, LAST)) == expected


def test_what_stands_before_the_headline_or_outside_stays_out() -> None:
    inner = f"<div><p>{FIRST}</p><p>{LAST}</p></div>"
    page = f"<div><p>{MISSED}</p><h1>Brücke</h1>{inner}<div><p>{MORE}</p></div></div>"
    assert fill_gaps(document_fromstring(page), (FIRST, LAST)) == [FIRST, LAST]
