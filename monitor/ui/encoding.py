"""Output that any terminal and pipe can take: letters that its encoding lacks
are written in ASCII.

Such is a terminal with LANG=C, a cron job, a service without a locale.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from typing import TextIO

ERRORS = "monitor-plain"
_SPELLED = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ß": "ss",
    "„": "'",
    "“": "'",
    "”": "'",
    "«": "'",
    "»": "'",
    "‚": "'",
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "-",
    "•": "*",
    "→": "->",
    "×": "x",
    "€": "EUR",
    "\N{NO-BREAK SPACE}": " ",
}
"""Double quotes become single ones: the line may be JSON, which a straight one
would break.
"""
_BOXES = {"HORIZONTAL": "-", "VERTICAL": "|"}


def speak_plainly(*streams: TextIO | None) -> None:
    """From now on no letter makes writing to these streams fail."""
    codecs.register_error(ERRORS, _plain)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=ERRORS)


def in_letters_of(stream: TextIO, text: str) -> str:
    """The text as such a stream can take it; for writers that bypass it, as
    typer's do.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    codecs.register_error(ERRORS, _plain)
    return text.encode(encoding, ERRORS).decode(encoding)


def readable(arguments: Iterable[str]) -> list[str]:
    """Arguments as typed, where Python took their UTF-8 for bytes without
    meaning.
    """
    return [_reread(argument) for argument in arguments]


def _reread(argument: str) -> str:
    try:
        return argument.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return argument


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_ascii, letters)), error.end


def _ascii(letter: str) -> str:
    if letter in _SPELLED:
        return _SPELLED[letter]
    name = unicodedata.name(letter, "")
    if name.startswith("BOX DRAWINGS"):
        return _BOXES.get(name.split()[-1], "+")
    bare = unicodedata.normalize("NFKD", letter)
    return bare.encode("ascii", "ignore").decode() or "?"
