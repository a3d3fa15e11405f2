"""What people type into a search box, read forgivingly: words, "phrases",
-excluded, prefix*. Nothing here can fail.

Knows words and folding; knows no engine and no stems. The query language of
topics is another one (`monitor.query`).
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
from monitor.language.words import asked_parts, joined_form, words
from monitor.query.lexer import normalise_quotes

LONGEST_QUERY = 4000  # characters; what follows is not read
MOST_TERMS = 50  # each costs a look into every segment; nobody types more
SHORTEST_PREFIX = 2  # letters; a* would unite half the vocabulary
LONGEST_PREFIX = 100  # the engine compiles prefixes, within limits

TermKind = Literal["word", "phrase", "prefix"]

_PIECE = re.compile(
    r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
# typed out of habit; AND is what we do anyway
_OPERATORS = frozenset({"AND", "UND"})
# signs of a text around a word, which nobody misses
_AROUND = ".,;:!?()[]{}…'\""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `words` are folded, in order; several of them stand next
    to each other.

    `joined` is the same typed as one word (ukrainekrieg for Ukraine-Krieg), ""
    where nothing was hyphenated. `is_head`: compounds that end in the word are
    found, too; the word itself is asked for all the same, so terms are equal
    without it, and without what was `typed`.
    """

    kind: TermKind
    words: tuple[str, ...]
    joined: str = ""
    excluded: bool = False
    is_head: bool = field(default=False, compare=False)
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or phrase: the text to read, the same as `typed`, and how it
    stood there.
    """

    text: str
    typed: str
    excluded: bool
    quoted: bool


def parse_free_text(query: str) -> tuple[Term, ...]:
    """The conditions, all of which must hold. Empty where nothing in the query
    is a word.
    """
    terms: list[Term] = []
    for piece in _pieces(normalise_quotes(query[:LONGEST_QUERY])):
        if piece.text in _OPERATORS:
            continue
        term = _term(piece)
        if term is not None and term not in terms:
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def _pieces(query: str) -> Iterator[_Piece]:
    """The words and phrases in order."""
    asked = name_letters(close_gendered(query))
    done = 0
    while found := _PIECE.search(asked, done):
        quoted = found["phrase"] is not None
        start, end = found.span("phrase" if quoted else "word")
        done = found.end()
        if not quoted:
            done = end = spelled_across(asked, start, done)
        excluded = found["minus"] is not None
        typed = query[start:end].strip(_AROUND)
        yield _Piece(asked[start:end], typed, excluded, quoted)


def _term(piece: _Piece) -> Term | None:
    raw, excluded, quoted = piece.text, piece.excluded, piece.quoted
    found = words(raw)
    placed = tuple(engine_word(part.folded) for part in asked_parts(found))
    if not placed:
        return None
    if len(placed) > 1:
        # One hyphenated word also means its joined form; a phrase of several
        # words has none.
        joined = joined_form(found)
        folded = joined.folded if joined else ""
        return Term("phrase", placed, folded, excluded, typed=piece.typed)
    word = placed[0]
    is_starred = raw.endswith("*") and not quoted
    if is_starred and SHORTEST_PREFIX <= len(word) <= LONGEST_PREFIX:
        return Term("prefix", placed, "", excluded, typed=piece.typed)
    is_head = not quoted and not excluded and may_be_head(raw, word)
    return Term("word", placed, "", excluded, is_head, piece.typed)
