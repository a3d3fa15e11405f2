"""Where in a text a habit of spelling may be that `spellings` has a rule for:
each sign is one character with something before or behind it.

Most texts hold hardly any. Whole texts are searched in their plain form (see
`cut_text`), where one byte stands for all characters of a kind: the search
skips to a letter five times as fast as to a class. Knows no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    "thousands",
    "section",
    "street",
    "open first",
    "open second",
    "short",
    "short end",
]
Signs = Mapping[Habit, Sequence[int]]
"""Where in a text the signs of each habit stand, in order."""

CAPITAL_INSIDE = re.compile(
    rf"I(?<=[a-zß-ü].)n(?:nen(?P<tail>{LETTER}*)|(?!{LETTER}))"
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
    # behind a letter, or a word of at most three that ends with a capital
    # one or is `Su`
    "number": (
        re.compile(
            rf"[0-9](?:(?<=[A-ZÄÖÜ][{SPACES}{DASHES}].)"
            rf"|(?<=Su[{SPACES}{DASHES}].))(?<![^\W\d_]{{4}}..)"
        ),
    ),
    "thousands": (
        re.compile(rf"[0-9](?=[{SPACES}{THOUSANDS}][0-9]{{3}}(?!\d))"),
    ),
    "section": (re.compile(rf"[0-9](?={SPACE}[a-z](?![\w.)]))"),),
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
        re.compile(r"S(?=t [A-ZÄÖÜ])(?<![^\W_].)"),
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


_GENDERED, _ = SIGNS["gendered"]
(_NUMBER,) = SIGNS["number"]
(_THOUSANDS,) = SIGNS["thousands"]
(_SECTION,) = SIGNS["section"]
_STREET, _STREET_IN_CAPITALS = SIGNS["street"]
(_OPEN_FIRST,) = SIGNS["open first"]
(_OPEN_SECOND,) = SIGNS["open second"]
(_SHORT,) = SIGNS["short"]
_SHORT_END, _SAINT = SIGNS["short end"]

_Searches = tuple[
    tuple[re.Pattern[bytes], tuple[tuple[re.Pattern[str], Habit], ...]], ...
]
"""What is searched for in bytes, and the signs that may stand there."""

_IN_PLAIN: _Searches = (
    (
        _compiled(f"{SIGN}(?={ODD}|in|[ernsm](?!{_L}))"),
        ((_GENDERED, "gendered"),),
    ),
    (_compiled(f"'(?={ODD}|in)"), ((_GENDERED, "gendered"),)),
    (
        _compiled(
            f"-(?:(?=[ ,{SIGN}])(?<! .)|(?={ODD}|in|[ernsm](?!{_L}))"
            f"|(?<=[ ,{SIGN}].)(?![ .,]))"
        ),
        (
            (_GENDERED, "gendered"),
            (_OPEN_FIRST, "open first"),
            (_OPEN_SECOND, "open second"),
        ),
    ),
    (
        _compiled(ODD),
        ((_OPEN_FIRST, "open first"), (_OPEN_SECOND, "open second")),
    ),
    (
        _compiled(rf"\.(?:(?<=st.)(?<!{_L}...)|(?<=rof.)|(?<=pl.))"),
        ((_SHORT, "short"),),
    ),
    (
        _compiled(f"str(?!{_L})"),
        ((_STREET, "street"), (_STREET_IN_CAPITALS, "street")),
    ),
)
_IN_SHAPE: _Searches = (
    (
        _compiled(
            f"0(?:(?<={_L}[ -].)(?<![a-z]{{4}}..)|(?=[ '{SIGN}]000(?!0))"
            f"|(?= [a-z](?!{_L}|\\.)))"
        ),
        (
            (_NUMBER, "number"),
            (_THOUSANDS, "thousands"),
            (_SECTION, "section"),
        ),
    ),
    (_compiled(f"hf(?!{_L})"), ((_SHORT_END, "short end"),)),
)
_IN_TEXT: tuple[tuple[re.Pattern[str], Habit], ...] = (
    (CAPITAL_INSIDE, "gendered"),
    (_SAINT, "short end"),
)


def signs_in(text: str) -> Signs:
    """The signs of all habits that stand in the text."""
    found = {}
    for habit, signs in SIGNS.items():
        places = [
            match.start() for sign in signs for match in sign.finditer(text)
        ]
        if places:
            found[habit] = sorted(places)
    return found


def at_signs(
    pattern: re.Pattern[str], text: str, signs: Iterable[int], *, reach: int
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer` finds, tried only up to `reach` characters before
    each sign.
    """
    done = 0
    for at in signs:
        for start in range(max(done, at - reach), at + 1):
            match = pattern.match(text, start)
            if match:
                yield match
                done = match.end()
                break


def find_signs(text: str, plain: bytes) -> list[tuple[int, Habit]]:
    """All signs of a text whose plain form is given, in no order."""
    found: list[tuple[int, Habit]] = []
    for pattern, habit in _IN_TEXT:
        found += [(match.start(), habit) for match in pattern.finditer(text)]
    shape = plain.translate(_SHAPE)
    for searches, form in ((_IN_PLAIN, plain), (_IN_SHAPE, shape)):
        for pattern_in_form, signs in searches:
            for match_in_form in pattern_in_form.finditer(form):
                at = match_in_form.start()
                for sign, habit in signs:
                    if sign.match(text, at):
                        found.append((at, habit))
    return found
