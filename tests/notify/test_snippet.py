"""Which piece of an article shows why it matched."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.mail.snippet import (
    LONGEST_SENTENCE,
    SHORT,
    feed_title_for,
    shorten,
    snippet_for,
)
from monitor.types.catalog import Snippet
from monitor.types.match import ClauseHits, Match, MatchText, Part, Span
from monitor.types.output import Highlight

PARTS: tuple[Part, ...] = ("title", "lead", "text")


def found(article: MatchText, *clauses: str) -> Match:
    """A match of each of these expressions wherever it stands."""
    texts = {
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
    }
    hits = (
        ClauseHits(
            c,
            tuple(
                Span(p, m.start(), m.end())
                for p in PARTS
                for m in re.finditer(c, texts[p])
            ),
        )
        for c in clauses
    )
    return Match("t", "q", tuple(hits))


def shown(snippet: Highlight) -> str:
    """The snippet with its marks as brackets."""
    text = snippet.text
    for start, end in reversed(snippet.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def check(
    article: MatchText,
    clauses: tuple[str, ...],
    expected: str,
    *,
    mode: Snippet = "sentence",
) -> None:
    assert (
        shown(snippet_for(article, found(article, *clauses), mode)) == expected
    )


TEXT = (
    "Am Montag Ruhe. Die Ukraine meldet Angriffe. Selenskyj sprach mit Dr. Muster über die Ukraine."
    " Die Ukraine hofft."
)


@pytest.mark.parametrize(
    ("article", "clauses", "expected"),
    [
        (
            MatchText("Titel", "", TEXT),
            ("Angriffe",),
            "Die Ukraine meldet [Angriffe].",
        ),
        # the sentence that meets most clauses
        (
            MatchText("T", "", TEXT),
            ("Ukraine", "Selenskyj"),
            "[Selenskyj] sprach mit Dr. Muster über die [Ukraine].",
        ),
        # hits of two clauses that overlap are one mark
        (
            MatchText("T", "", TEXT),
            ("Ukraine meldet", "Ukraine m"),
            "Die [Ukraine meldet] Angriffe.",
        ),
        # lead before text where they are equal
        (
            MatchText("T", "Die Ukraine im Vorspann.", TEXT),
            ("Ukraine",),
            "Die [Ukraine] im Vorspann.",
        ),
        # the title only where nothing else hit
        (
            MatchText("Ukraine: Lage", "", "Nichts davon."),
            ("Ukraine",),
            "[Ukraine]: Lage",
        ),
        (
            MatchText("Ukraine: Lage", "", TEXT),
            ("Ukraine",),
            "Die [Ukraine] meldet Angriffe.",
        ),
        # line breaks and invisible characters go, marks stay with their words
        (
            MatchText("", "", "Die\u200b \u202eUkr\u00adaine\t\tsiegt."),
            ("Ukr\u00adaine",),
            "Die [Ukraine] siegt.",
        ),
        (MatchText("", "", "Nichts."), ("Ukraine",), ""),
    ],
)
def test_sentence(
    article: MatchText, clauses: tuple[str, ...], expected: str
) -> None:
    check(article, clauses, expected)


def test_none_shows_nothing() -> None:
    check(MatchText("Ukraine", "", TEXT), ("Ukraine",), "", mode="none")


def test_short_is_centred_on_the_hit_and_cut_between_words() -> None:
    article = MatchText(
        "",
        "",
        "vorher und " * 30 + "die Ukraine siegt " + "nachher noch " * 30,
    )
    text = shown(snippet_for(article, found(article, "Ukraine"), "short"))
    assert text.startswith("…")
    assert text.endswith("…")
    assert abs(text.index("[Ukraine]") - len(text) / 2) < 20
    assert set(re.findall(r"\w+", text)) <= {
        "vorher",
        "und",
        "die",
        "Ukraine",
        "siegt",
        "nachher",
        "noch",
    }


def test_short_shows_the_part_with_the_most_hits() -> None:
    article = MatchText(
        "",
        "",
        "Ukraine " + "wort " * 60 + "Ukraine und Ukraine wieder Ukraine",
    )
    text = shown(snippet_for(article, found(article, "Ukraine"), "short"))
    assert text.startswith("…wort ")
    assert text.endswith(" [Ukraine] und [Ukraine] wieder [Ukraine]")


def test_a_page_that_is_one_sentence_of_hits_is_quick() -> None:
    article = MatchText("", "", "Ukraine, " * 20_000)
    snippet = snippet_for(article, found(article, "Ukraine"), "short")
    assert len(snippet.marks) > 15


def test_short_never_ends_within_a_word_of_german_law() -> None:
    law = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    words = [
        law,
        "Rat",
        "Bundesausbildungsförderungsgesetz",
        "Haushalt",
        "Verkehrsinfrastrukturfinanzierungsgesellschaft",
    ]
    for hit in range(40):
        told = " ".join(
            [
                *(words[i % 5] for i in range(hit)),
                "Herford",
                *(words[i % 5] for i in range(40)),
            ]
        )
        article = MatchText("", "", told)
        piece = snippet_for(article, found(article, "Herford"), "short")
        assert len(piece.text) <= SHORT
        assert set(piece.text.strip("…").split()) <= {*words, "Herford"}


def test_short_keeps_short_sentences_whole() -> None:
    check(
        MatchText("", "", TEXT),
        ("Angriffe",),
        "Die Ukraine meldet [Angriffe].",
        mode="short",
    )


def test_spans_beyond_the_text_are_ignored() -> None:
    match = Match(
        "t",
        "q",
        (
            ClauseHits(
                "c",
                (
                    Span("text", 500, 510),
                    Span("text", -3, 2),
                    Span("title", 90, 95),
                ),
            ),
        ),
    )
    assert snippet_for(
        MatchText("Titel", "", "Kurzer Text."), match, "short"
    ) == Highlight("", ())


@given(
    st.text(max_size=800),
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 300)), max_size=6),
)
def test_no_mode_exceeds_its_limit_and_marks_lie_inside(
    text: str, spans: list[tuple[int, int]]
) -> None:
    match = Match(
        "t",
        "q",
        (ClauseHits("c", tuple(Span("text", s, s + n) for s, n in spans)),),
    )
    modes: tuple[tuple[Snippet, int], ...] = (
        ("short", SHORT),
        ("sentence", LONGEST_SENTENCE),
    )
    for mode, limit in modes:
        snippet = snippet_for(MatchText("", "", text), match, mode)
        assert len(snippet.text) <= limit
        assert "\n" not in snippet.text
        assert all(0 <= s < e <= len(snippet.text) for s, e in snippet.marks)
        assert all(a[1] <= b[0] for a, b in pairwise(snippet.marks))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=80), st.data())
def test_shorten_shows_a_mark_where_there_was_one(
    lengths: list[int], data: st.DataObject
) -> None:
    words = ["x" * n for n in lengths]
    chosen = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join(words[:chosen])) + (chosen > 0)
    snippet = shorten(
        Highlight(" ".join(words), ((start, start + lengths[chosen]),)), SHORT
    )
    assert len(snippet.text) <= SHORT
    assert [snippet.text[s:e] for s, e in snippet.marks] == [words[chosen]]


def test_title_of_a_feed_that_hit_is_shown_with_its_mark() -> None:
    titles = "Was heute wichtig ist\nHerford: Großbrand in Halle"
    article = MatchText(
        "Großbrand in Halle", "", "Es brennt in Herford.", feed_title=titles
    )
    start = titles.index("Herford")
    match = Match(
        "t",
        "q",
        (ClauseHits("Herford", (Span("feed_title", start, start + 7),)),),
    )
    assert (
        shown(feed_title_for(article, match, "short"))
        == "[Herford]: Großbrand in Halle"
    )
    assert feed_title_for(article, match, "none").text == ""
    assert (
        feed_title_for(article, found(article, "Herford"), "short").text == ""
    )
