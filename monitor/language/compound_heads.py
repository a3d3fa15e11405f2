"""German compounds by their last part: Angriffskrieg and Handelskrieg for
Krieg.

No dictionary knows the compounds of tomorrow's news, so only letters are
compared. That is right where a noun is asked for, and wrong for verbs
(`bringen` is in `umbringen`); decision 0023 has the figures. Knows folded
words; knows no texts.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

SHORTEST_HEAD = 5
"""Letters. Shorter words end others by chance: Rat is in Apparat, Eis in
Kreis.
"""
SHORTEST_MODIFIER = 3
"""Letters before the head; no noun has fewer, but for a few (Ei, Uhu has
three).
"""
SHORT_PLURAL = 6
"""Up to so many letters, words in -en (Essen, Enden, Tagen) are the endings of
verbs as well.
"""
_LISTS = tomllib.loads(
    (files("monitor.language") / "data" / "compound_heads.toml").read_text(
        "utf-8"
    )
)
_PARTICLES: frozenset[str] = frozenset(_LISTS["particles"])


def may_be_head(typed: str, folded: str) -> bool:
    """Whether a word that somebody typed asks for compounds, too: a noun, as
    its capital tells.
    """
    if (
        not typed[:1].isupper()
        or not folded.isalpha()
        or len(folded) < SHORTEST_HEAD
    ):
        return False
    return len(folded) > SHORT_PLURAL or not folded.endswith("en")


def is_compound_of(word: str, head: str) -> bool:
    """Whether the word ends in this head, behind what may be a noun itself."""
    modifier = word.removesuffix(head)
    return (
        SHORTEST_MODIFIER <= len(modifier) < len(word)
        and modifier not in _PARTICLES
    )


def backwards_patterns(head: str) -> tuple[str, str]:
    """The same as regular expressions of Lucene, for words that are read
    backwards: with a modifier in ASCII, as nearly all are, and with any other.

    The engine makes an automaton of each for every search; one for all letters
    costs it twice as much as these two.
    """
    backwards = head[::-1]
    others = "|".join(sorted(particle[::-1] for particle in _PARTICLES))
    ascii_only = (
        f"{backwards}[!-~]{{{SHORTEST_MODIFIER},}}&~({backwards}({others}))"
    )
    return ascii_only, f"{backwards}.{{{SHORTEST_MODIFIER},}}&.*[^!-~].*"
