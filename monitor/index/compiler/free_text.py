"""What people type into a search box, read forgivingly: words, "phrases", -excluded, prefix*.
Nothing here can fail.

Knows words and folding; knows no engine and no stems. The query language of topics is another one
(`monitor.query`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from monitor.index.analysis import engine_word
from monitor.language.compound_heads import may_be_head
from monitor.language.gendered import close_gendered
from monitor.language.spellings import name_letters, spelled_across
from monitor.language.words import words
from monitor.query.lexer import normalise_quotes

LONGEST_QUERY = 4000  # characters; what follows is not read
MOST_TERMS = 50  # each costs a look into every segment; nobody types more
SHORTEST_PREFIX = 2  # letters; a* would unite half the vocabulary
LONGEST_PREFIX = 100  # the engine compiles prefixes, within limits

TermKind = Literal["word", "phrase", "prefix"]

_PIECE = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_OPERATORS = frozenset({"AND", "UND"})  # typed out of habit; AND is what we do anyway


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `words` are folded, in order; several of them stand next to each other.

    `joined` is the same typed as one word (ukrainekrieg for Ukraine-Krieg), "" where nothing was
    hyphenated. `is_head`: compounds that end in the word are found, too; the word itself is asked
    for all the same, so terms are equal without it.
    """

    kind: TermKind
    words: tuple[str, ...]
    joined: str = ""
    excluded: bool = False
    is_head: bool = field(default=False, compare=False)


def parse_free_text(query: str) -> tuple[Term, ...]:
    """The conditions, all of which must hold. Empty where nothing in the query is a word."""
    terms: list[Term] = []
    for raw, excluded, quoted in _pieces(normalise_quotes(query[:LONGEST_QUERY])):
        if raw in _OPERATORS:
            continue
        term = _term(raw, excluded=excluded, quoted=quoted)
        if term is not None and term not in terms:
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def _pieces(query: str) -> Iterator[tuple[str, bool, bool]]:
    """The words and phrases as typed, and of each whether it is excluded and whether it stands in
    quotes.
    """
    asked = name_letters(close_gendered(query))
    done = 0
    while piece := _PIECE.search(asked, done):
        done = piece.end()
        quoted = piece["phrase"] is not None
        if not quoted:
            done = spelled_across(asked, piece.start("word"), done)
        raw = piece["phrase"] if quoted else asked[piece.start("word") : done]
        yield raw, piece["minus"] is not None, quoted


def _term(raw: str, *, excluded: bool, quoted: bool) -> Term | None:
    found = words(raw)
    first = {word.position: word for word in reversed(found)}
    parts = [first[position] for position in sorted(first)]
    placed = [engine_word(part.folded) for part in parts]
    if not placed:
        return None
    if len(placed) > 1:
        # One hyphenated word also means its joined form; a phrase of several words has none.
        whole = (parts[0].start, parts[-1].end)
        joined = next((word.folded for word in found if (word.start, word.end) == whole), "")
        return Term("phrase", tuple(placed), joined, excluded)
    starred = (
        not quoted and raw.endswith("*") and SHORTEST_PREFIX <= len(placed[0]) <= LONGEST_PREFIX
    )
    if starred:
        return Term("prefix", tuple(placed), "", excluded)
    is_head = not quoted and not excluded and may_be_head(raw, placed[0])
    return Term("word", tuple(placed), "", excluded, is_head)
