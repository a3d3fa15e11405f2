"""Where in a text a habit of spelling may be that `spellings` has a rule for:
each sign is one character with something before or behind it.

Most texts hold hardly any. Whole texts are searched in their plain form (see
`cut_text`), where one byte stands for all characters of a kind: the search
skips to a letter five times as fast as to a class. Knows no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    GENDER_SIGNS,
    INVISIBLE,
    LETTER,
    MARKS,
    OPEN_HYPHENS,
    SPACES,
    THOUSANDS,
)
from monitor.language.spelling_rules import SPACE

Habit = Literal[
    "gendered",
    "number",
    "street",
    "open first",
    "open second",
    "short",
    "short end",
]

CAPITAL_INSIDE = re.compile(
    rf"In(?<=[a-zß-ü]In)(?:nen(?P<tail>{LETTER}*)|(?!{LETTER}))"
)

# Fixed letters in front, which the search skips to.
SIGNS: dict[Habit, tuple[re.Pattern[str], ...]] = {
    "gendered": (
        re.compile(
            rf"[{GENDER_SIGNS}{APOSTROPHES}{DASHES}/(\[]"
            rf"(?:(?=[{INVISIBLE}]{{0,2}}[iI][nN](?:[nN]|[)\]]|(?!{LETTER})))"
            rf"|(?=[ernsm](?!{LETTER}))(?<![{APOSTROPHES}])(?<!\w[{DASHES}]))"
        ),
        CAPITAL_INSIDE,
    ),
    "number": (
        re.compile(
            rf"[0-9](?:(?<=[A-ZÄÖÜu][{SPACES}{DASHES}].)"
            rf"|(?=[{SPACES}{THOUSANDS}][0-9]{{3}})|(?={SPACE}[a-z](?!\w)))"
        ),
    ),
    "street": (
        re.compile(r"[sS]tr(?![^\W_])"),
        re.compile(r"STR(?![^\W_])"),
    ),
    "open first": (re.compile(rf"[{OPEN_HYPHENS}](?=[{SPACES},/])(?<=\w.)"),),
    "open second": (re.compile(rf"[{OPEN_HYPHENS}](?=\w)(?<=[{SPACES}/,].)"),),
    "short": (
        re.compile(
            r"\.(?:(?<=[sS]t.)(?<![^\W_]...)|(?<=ST.)(?<![^\W_]...)"
            r"|(?<=rof.)|(?<=pl.))"
        ),
    ),
    # abbreviations without a full stop
    "short end": (
        re.compile(rf"(?:bf|hf|gm)(?!{LETTER}|[{MARKS}])"),
        re.compile(r"St (?<![^\W_]...)(?=[A-ZÄÖÜ])"),
    ),
}
"""What is found wherever a habit is; what is found may be something else."""

SIGN = "\x03"
"""Stands in the plain form for each of `SIGN_CHARACTERS`, and for itself."""
SIGN_CHARACTERS = f"{GENDER_SIGNS}/([{SIGN}"
ODD = "\xad"
"""Stands there for what cannot be told by one byte: among it a soft hyphen."""

_L = "[a-z0-9\xe4\xf6\xfc\xdf\xfe]"
# In the shapes of words only digits, and what `Hbf`, `Bhf` and `Gym` end with,
# are told apart.
_SHAPE = bytes.maketrans(b"123456789bgm", b"000000000hhf")


def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("latin-1"))


_IN_PLAIN: tuple[tuple[re.Pattern[bytes], tuple[Habit, ...]], ...] = (
    (_compiled(f"{SIGN}(?={ODD}|in|[ernsm](?!{_L}))"), ("gendered",)),
    (_compiled(f"'(?={ODD}|in)"), ("gendered",)),
    (
        _compiled(
            f"-(?:(?=[ ,{SIGN}{ODD}]|in|[ernsm](?!{_L}))"
            f"|(?<=[ ,{SIGN}].)(?![ .,]))"
        ),
        ("gendered", "open first", "open second"),
    ),
    (_compiled(ODD), ("open first", "open second")),
    (
        _compiled(r"\.(?:(?<=st.)(?<!" + _L + r"...)|(?<=rof.)|(?<=pl.))"),
        ("short",),
    ),
    (_compiled(f"str(?!{_L})"), ("street",)),
)
_IN_SHAPE: tuple[tuple[re.Pattern[bytes], tuple[Habit, ...]], ...] = (
    (
        _compiled(f"0(?:(?<={_L}[ -].)|(?=[ '{SIGN}]000)|(?= [a-z](?!{_L})))"),
        ("number",),
    ),
    (_compiled(f"hf(?!{_L})"), ("short end",)),
)
_IN_TEXT: tuple[tuple[re.Pattern[str], Habit], ...] = (
    (CAPITAL_INSIDE, "gendered"),
    (SIGNS["short end"][-1], "short end"),
)


def habits_in(text: str) -> set[Habit]:
    """The habits whose signs stand in the text."""
    return {
        habit
        for habit, signs in SIGNS.items()
        if any(sign.search(text) for sign in signs)
    }


def find_signs(text: str, plain: bytes) -> Iterator[tuple[int, Habit]]:
    """All signs of a text whose plain form is given, in no order."""
    for pattern, habit in _IN_TEXT:
        for match in pattern.finditer(text):
            yield match.start(), habit
    yield from _confirmed(text, plain, _IN_PLAIN)
    yield from _confirmed(text, plain.translate(_SHAPE), _IN_SHAPE)


def _confirmed(
    text: str,
    form: bytes,
    patterns: Sequence[tuple[re.Pattern[bytes], tuple[Habit, ...]]],
) -> Iterator[tuple[int, Habit]]:
    """What the patterns find in a form of the text, and then the signs in the
    text itself.
    """
    for pattern, habits in patterns:
        for found in pattern.finditer(form):
            at = found.start()
            for habit in habits:
                if any(sign.match(text, at) for sign in SIGNS[habit]):
                    yield at, habit
