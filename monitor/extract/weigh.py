"""Weighs the text found on the page against the `articleBody` that the page states for machines.

A full articleBody knows no teasers, so paragraphs that it lacks are boilerplate; but many are cut
short, lack quotes and lists, or are full of markup. So it may only filter or replace where both
tell the same story. Knows only text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from monitor.extract.lines import ITEM, letters_of, tidy

SHORTEST = 200  # characters; less is a teaser called a body
# of the text's words: below it the articleBody was cut, or the page shows much more than it
FULL = 0.8
SAME = 0.8  # of the articleBody's words stand in the text: both tell the same story
SHARED = 0.6  # of a line's word triples: below it the line is not from the articleBody
SENTENCE = re.compile(r"(?<=[^\d][.!?…“\"])\s+(?=[A-ZÄÖÜ„»\"])")


def weigh(lines: Sequence[str], body: str) -> tuple[list[str], str]:
    """(the better lines, which source won: "page", "page+body" or "body")."""
    stated = tidy(body)
    if len(body) < SHORTEST or not stated:
        return list(lines), "page"
    words, body_words = (
        Counter(letters_of(" ".join(lines)).split()),
        Counter(letters_of(body).split()),
    )
    common = (words & body_words).total()
    if common < SAME * body_words.total():
        # The page's text misses what the page itself calls its text.
        longer = body_words.total() > words.total() * FULL
        return (_paragraphs(stated), "body") if longer else (list(lines), "page")
    if body_words.total() < FULL * words.total():
        return list(lines), "page"
    kept = _filtered(lines, body)
    return (kept, "page+body") if kept != list(lines) else (list(lines), "page")


def _filtered(lines: Sequence[str], body: str) -> list[str]:
    """Lines that the body tells, and the headings before them.

    Items are held to it only if it has any item.
    """
    triples, whole = set(_triples(body)), letters_of(body)
    told = [_told(line, triples, whole) for line in lines]
    sorts = [_sort(line) for line in lines]
    strict = any(known and sort == "item" for sort, known in zip(sorts, told, strict=True))
    kept: list[str] = []
    waiting: list[str] = []
    for line, known, sort in zip(lines, told, sorts, strict=True):
        if known or (sort == "item" and not strict):
            kept.extend((*waiting, line))
            waiting = []
        else:
            waiting = [line] if sort == "heading" else []
    return kept


def _told(line: str, triples: set[str], whole: str) -> bool:
    own = _triples(line)
    return sum(t in triples for t in own) >= SHARED * len(own) if own else letters_of(line) in whole


def _sort(line: str) -> str:
    if line.startswith(ITEM):
        return "item"
    return (
        "heading"
        if len(line) < 100 and not line.endswith((".", ":", "!", "“", '"'))
        else "paragraph"
    )


def _triples(text: str) -> list[str]:
    words = letters_of(text).split()
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def _paragraphs(stated: Sequence[str]) -> list[str]:
    """A body in one line becomes a line per three sentences, so that snippets and diffs stay
    readable.
    """
    if len(stated) > 1 or len(stated[0]) < 1500:
        return list(stated)
    sentences = SENTENCE.split(stated[0])
    return [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
