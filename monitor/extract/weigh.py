"""Weighs the text found on the page against the `articleBody` that the page
states for machines.

A full articleBody knows no teasers, so paragraphs that it lacks are
boilerplate; but many are cut short, lack quotes and lists, or are full of
markup. So it may only filter or replace where both tell the same story. Knows
only text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence

from monitor.extract.lines import ITEM, letters_of, share_of, tidy, triples

SHORTEST = 200  # characters; less is a teaser called a body
# of the text's words: below it the articleBody was cut, or the page shows much
# more than it
FULL = 0.8
# of the articleBody's words stand in the text: both tell the same story
SAME = 0.8
# of a line's word triples: below it the line is not from the articleBody
SHARED = 0.6
HEADING = 100  # characters; a paragraph has more
SENTENCE = re.compile(r"(?<=[^\d][.!?…“\"])\s+(?=[A-ZÄÖÜ„»\"])")


def weigh(lines: Sequence[str], body: str) -> tuple[list[str], str]:
    """(the better lines, which source won: "page", "page+body" or "body")."""
    stated = tidy(body)
    if len(body) < SHORTEST or not stated:
        return list(lines), "page"
    words = Counter(letters_of(" ".join(lines)).split())
    body_words = Counter(letters_of(body).split())
    common = (words & body_words).total()
    if common < SAME * body_words.total():
        # The page's text misses what the page itself calls its text.
        if body_words.total() > words.total() * FULL:
            return _paragraphs(stated), "body"
    elif body_words.total() >= FULL * words.total():
        kept = _filtered(lines, body)
        if kept != list(lines):
            return kept, "page+body"
    return list(lines), "page"


def _filtered(lines: Sequence[str], body: str) -> list[str]:
    """Lines that the body tells, and the headings before them.

    Items are held to it only if it has any item.
    """
    known, whole = set(triples(body)), letters_of(body)
    told = {line for line in lines if _is_told(line, known, whole)}
    is_strict = any(_sort(line) == "item" for line in told)
    kept: list[str] = []
    waiting: list[str] = []
    for line in lines:
        sort = _sort(line)
        if line in told or (sort == "item" and not is_strict):
            kept += [*waiting, line]
            waiting = []
        else:
            waiting = [line] if sort == "heading" else []
    return kept


def _is_told(line: str, known: Container[str], whole: str) -> bool:
    own = triples(line)
    return share_of(own, known) >= SHARED if own else letters_of(line) in whole


def _sort(line: str) -> str:
    if line.startswith(ITEM):
        return "item"
    is_heading = len(line) < HEADING and not line.endswith(
        (".", ":", "!", "“", '"')
    )
    return "heading" if is_heading else "paragraph"


def _paragraphs(stated: Sequence[str]) -> list[str]:
    """A body in one line becomes a line per three sentences, so that snippets
    and diffs stay readable.
    """
    if len(stated) > 1 or len(stated[0]) < 1500:
        return list(stated)
    sentences = SENTENCE.split(stated[0])
    return [
        " ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)
    ]
