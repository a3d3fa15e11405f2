"""A YAML file as text and as nodes, with places and excerpts for messages.

Reads the bytes once, refuses what cannot be a catalogue (too large, not UTF-8, a folder), and turns
the complaints of the YAML parser into sentences. Knows nothing of feeds or topics.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from monitor.types.catalog import CatalogProblem, Place

# some 40,000 topics; a larger file is a mistake, and reading it would take half a minute
MAX_BYTES = 8_000_000
MAX_LINE = 100_000  # characters of a line that are looked at
EXCERPT_WIDTH = 110


def masked(text: str) -> str:
    """The text with user names and passwords inside addresses covered, letter by letter, so that
    columns stay.
    """
    return re.sub(r"(?<=://)[^/\s@]+(?=@)", lambda found: "*" * len(found[0]), text)


class Source:
    """One file's text.

    Offsets count characters; places count lines and columns from 1, as editors do.
    """

    def __init__(self, file: str, text: str, digest: str = "") -> None:
        self.file = file
        self.text = text
        self.digest = digest
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, offset: int) -> Place:
        """The place of a character."""
        return Place(self.file, *self.position(offset))

    def excerpt(self, place: Place, *, length: int = 1) -> str:
        """The line at `place` and, under it, a caret; a long line is cut around the place."""
        number = min(place.line, len(self._starts))
        start, *following = self._starts[number - 1 : number + 1]
        end = min(following[0] if following else len(self.text), start + MAX_LINE)
        line = masked(self.text[start:end].rstrip("\r\n").replace("\t", "→"))
        column = min(place.column - 1, len(line))
        cut = max(0, column - EXCERPT_WIDTH // 2) if len(line) > EXCERPT_WIDTH else 0
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
            place=place, message=masked(message), hint=hint, excerpt=excerpt, code=code, fatal=fatal
        )


def read_source(path: Path) -> Source | CatalogProblem:
    """The file's text, or the reason why there is none."""
    shown = path.name or str(path)

    def refused(message: str, hint: str, code: str) -> CatalogProblem:
        return CatalogProblem(place=Place(shown, 1), message=message, hint=hint, code=code)

    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return refused(
            f"there is no file {path}",
            "`monitor init` writes one to start with; or set MONITOR_FEEDS_FILE, or start where"
            " yours lies",
            "missing",
        )
    except IsADirectoryError:
        return refused(
            f"{path} is a folder", "name the file in it, for instance feeds.yaml", "folder"
        )
    except OSError as error:
        return refused(
            f"{path} cannot be read: {error.strerror or error}",
            "check the rights of the file",
            "unreadable",
        )
    if len(body) > MAX_BYTES:
        return refused(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB",
            "is this the right file?",
            "too-large",
        )
    digest = hashlib.sha256(body).hexdigest()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        hint = 'save it as "UTF-8" in your editor'
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = 'it is UTF-16 ("Unicode" in some editors): ' + hint
        return CatalogProblem(
            place=Place(shown, line), message="the file is not UTF-8", hint=hint, code="encoding"
        )
    return Source(shown, text, digest)


def compose(source: Source) -> Node | CatalogProblem | None:
    """The root node (None for a file without content), or what keeps the text from being YAML."""
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = (
            False  # YAML 1.2 lets a name be given again; a warning would be no help
        )
        return yaml.compose(source.text)  # type: ignore[no-any-return]
    except ReaderError as error:
        place = source.place(error.position)
        message = f"the invisible character U+{error.character:04X} is not allowed"
        return source.problem(place, message, hint="delete it", code="character")
    except MarkedYAMLError as error:
        return _explained(source, error)
    except (RecursionError, YAMLError):
        return CatalogProblem(
            place=Place(source.file, 1), message="the file is nested too deeply", code="nesting"
        )


def _explained(source: Source, error: MarkedYAMLError) -> CatalogProblem:
    """The parser's complaint, in words for somebody who does not know YAML."""
    problem = str(error.problem or error.context or "cannot be read").strip()
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    for pattern, message, hint, code in _EXPLANATIONS:
        found = re.search(pattern, problem)
        if found:
            if code == "unclosed" and error.context_mark is not None:
                offset = (
                    error.context_mark.index
                )  # where it was opened says more than where the file ends
            sentence = message.format(*found.groups())
            return source.problem(source.place(offset), sentence, hint=hint, code=code)
    return source.problem(
        source.place(offset), f"this is not YAML: {problem}", hint=_QUOTE_HINT, code="yaml"
    )


_QUOTE_HINT = "put the whole text in single quotes: '…' (a ' inside is written '')"
_EXPLANATIONS = (
    (
        r"undefined alias '(.*)'",
        "*{} is read as a YAML alias",
        'put it in quotes, as in "*krieg"',
        "alias",
    ),
    (
        r"expected alphabetic or numeric",
        "a * or & here is read by YAML itself",
        _QUOTE_HINT,
        "alias",
    ),
    (r"character '\\t'", "a tab stands here", "indent with blanks only, two for each level", "tab"),
    (
        r"character '(.)' that cannot start",
        'an unquoted text cannot begin with "{}"',
        _QUOTE_HINT,
        "quote",
    ),
    (r"mapping values are not allowed", 'a second ": " in one line', _QUOTE_HINT, "colon"),
    (
        r"found unexpected end of stream",
        "this quote is never closed",
        "add the closing quote",
        "unclosed",
    ),
    (r"got '<stream end>'", "this bracket is never closed", "add the closing bracket", "unclosed"),
    (
        r"expected <block end>, but found '<scalar>'",
        "text follows a closed quote",
        _QUOTE_HINT,
        "quote",
    ),
    (
        r"expected <block end>",
        "the indentation does not fit the lines above",
        "align it with its neighbours",
        "indent",
    ),
    (
        r"could not find expected ':'",
        'a ":" with a blank after it is missing',
        "write key: value",
        "colon",
    ),
    (
        r"found another document",
        "a second document begins (---)",
        "keep everything in one document",
        "documents",
    ),
    (
        r"unknown escape character '(.*)'",
        "in double quotes \\{} means nothing",
        _QUOTE_HINT,
        "escape",
    ),
    (
        r"second occurrence|duplicate anchor",
        "the same anchor twice",
        "rename one of them",
        "anchor",
    ),
)
