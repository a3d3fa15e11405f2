"""A YAML file as text and as nodes, with places and excerpts for messages.

Reads the bytes once, refuses what cannot be a catalogue (too large, not UTF-8,
a folder), and turns the complaints of the YAML parser into sentences. Knows
nothing of feeds or topics.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from monitor.types.catalog import CatalogProblem, Place

# some 40,000 topics; a larger file is a mistake, and reading it would take
# half a minute
MAX_BYTES = 8_000_000
MAX_LINE = 100_000  # characters of a line that are looked at
EXCERPT_WIDTH = 110
_VISIBLE = {sign: 0x2400 + sign for sign in range(32)} | {0x7F: 0x2421}
"""Control characters and the pictures of them, so that none moves the cursor
of a terminal.
"""
_VISIBLE[ord("\t")] = ord("→")


def cover_credentials(text: str) -> str:
    """The text with user names and passwords inside addresses covered, letter
    by letter, so that columns stay.
    """
    return re.sub(
        r"(?<=://)[^/\s@]+(?=@)", lambda found: "*" * len(found[0]), text
    )


class Source:
    """One file's text.

    Offsets count characters; places count lines and columns from 1, as editors
    do.
    """

    def __init__(self, file: str, text: str, digest: str = "") -> None:
        self.file = file
        self.text = text
        self.digest = digest
        self._starts = [
            0,
            *(found.end() for found in re.finditer(r"\r\n|\r|\n", text)),
        ]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, offset: int) -> Place:
        """The place of a character."""
        return Place(self.file, *self.position(offset))

    def excerpt(self, place: Place, *, length: int = 1) -> str:
        """The line at `place` and, under it, a caret; a long line is cut
        around the place.
        """
        number = min(place.line, len(self._starts))
        start, *following = self._starts[number - 1 : number + 1]
        end = min(
            following[0] if following else len(self.text), start + MAX_LINE
        )
        line = cover_credentials(
            self.text[start:end].rstrip("\r\n").translate(_VISIBLE)
        )
        column = min(place.column - 1, len(line))
        cut = (
            max(0, column - EXCERPT_WIDTH // 2)
            if len(line) > EXCERPT_WIDTH
            else 0
        )
        shown = ("…" if cut else "") + line[cut : cut + EXCERPT_WIDTH]
        indent = column - cut + (1 if cut else 0)
        return f"{shown}\n{' ' * indent}{'^' * max(1, min(length, len(shown) - indent))}"

    def problem(
        self,
        place: Place,
        message: str,
        *,
        hint: str = "",
        code: str = "",
        length: int = 1,
        fatal: bool = True,
    ) -> CatalogProblem:
        """A problem at a place of this file, with its excerpt."""
        excerpt = self.excerpt(place, length=length)
        return CatalogProblem(
            place=place,
            message=cover_credentials(message),
            hint=hint,
            excerpt=excerpt,
            code=code,
            fatal=fatal,
        )


class Unusable(Exception):
    """The file cannot be read as a catalogue at all; `problem` says why."""

    def __init__(self, problem: CatalogProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_yaml_file(path: Path) -> Source:
    """The file's text. Raises `Unusable`."""
    return decode_yaml(path, _read_bytes(path))


def decode_yaml(path: Path, body: bytes) -> Source:
    """The text of these bytes, which are, or are to become, the file. Raises
    `Unusable`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        hint = 'save it as "UTF-8" in your editor'
        if body[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
            hint = 'it is UTF-16 ("Unicode" in some editors): ' + hint
        raise _unusable(
            path, "the file is not UTF-8", hint, "encoding", line
        ) from error
    return Source(path.name, text, hashlib.sha256(body).hexdigest())


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _unusable(
            path, f"there is no file {path}", _MISSING, "missing"
        ) from None
    except IsADirectoryError:
        hint = "name the file in it, for instance feeds.yaml"
        raise _unusable(path, f"{path} is a folder", hint, "folder") from None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise _unusable(
            path, message, "check the rights of the file", "unreadable"
        ) from error
    if len(body) > MAX_BYTES:
        message = f"{path} is larger than {MAX_BYTES // 1_000_000} MB"
        raise _unusable(path, message, "is this the right file?", "too-large")
    return body


_MISSING = (
    "`monitor init` writes one to start with; or set MONITOR_FEEDS_FILE,"
    " or start where yours lies"
)


def _unusable(
    path: Path, message: str, hint: str, code: str, line: int = 1
) -> Unusable:
    return Unusable(
        CatalogProblem(
            Place(path.name or str(path), line), message, hint=hint, code=code
        )
    )
