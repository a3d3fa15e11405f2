"""What people type into a search box, read forgivingly: words, "phrases", -excluded, prefix*. Nothing here can fail.

Knows words and folding; knows no engine and no stems. The query language of topics is another one (`monitor.query`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from monitor.index.analysis import engine_word
from monitor.language.words import words

LONGEST_QUERY = 4000  # characters; what follows is not read
MOST_TERMS = 50  # each costs a look into every segment; nobody types more
SHORTEST_PREFIX = 2  # letters; a* would unite half the vocabulary
LONGEST_PREFIX = 100  # the engine compiles prefixes, within limits

TermKind = Literal["word", "phrase", "prefix"]

_QUOTES = str.maketrans(dict.fromkeys("„“”‟«»＂", '"'))
_PIECE = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_OPERATORS = frozenset({"AND", "UND"})  # typed out of habit; AND is what we do anyway


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `words` are folded, in order; several of them stand next to each other.

    `joined` is the same typed as one word (ukrainekrieg for Ukraine-Krieg), "" where nothing was hyphenated.
    """

    kind: TermKind
    words: tuple[str, ...]
    joined: str = ""
    excluded: bool = False


def parse_free_text(query: str) -> tuple[Term, ...]:
    """The conditions, all of which must hold. Empty where nothing in the query is a word."""
    terms: list[Term] = []
    for piece in _PIECE.finditer(query[:LONGEST_QUERY].translate(_QUOTES)):
        raw = piece["phrase"] if piece["phrase"] is not None else piece["word"]
        if raw in _OPERATORS:
            continue
        term = _term(raw, excluded=piece["minus"] is not None, quoted=piece["phrase"] is not None)
        if term is not None and term not in terms:
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def _term(raw: str, *, excluded: bool, quoted: bool) -> Term | None:
    placed: list[str] = []
    joined = ""
    for folded, _, _, position in words(raw):
        if position < len(placed):
            joined = folded
        else:
            placed.append(engine_word(folded))
    if not placed:
        return None
    if len(placed) > 1:
        # One hyphenated word also means its joined form; a phrase of several words has none.
        return Term("phrase", tuple(placed), "" if quoted and " " in raw.strip() else joined, excluded)
    starred = not quoted and raw.endswith("*") and SHORTEST_PREFIX <= len(placed[0]) <= LONGEST_PREFIX
    return Term("prefix" if starred else "word", tuple(placed), "", excluded)
