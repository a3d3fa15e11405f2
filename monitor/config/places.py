"""Finds, for every character of a YAML scalar's value, the character of the file that it came from.

Follows YAML's own rules for plain, quoted, literal `|` and folded `>` scalars: folded line breaks,
escapes, doubled quotes, indentation. Where the rules and the parser ever disagree, the start of the
scalar stands for all characters, so that a message is imprecise rather than wrong. Knows nothing of
what the text means.
"""

from __future__ import annotations

import re

from ruamel.yaml.nodes import ScalarNode

from monitor.config.source import Source
from monitor.types.catalog import Located

Chars = list[tuple[str, int]]  # each character of the value, and its offset in the scalar's text

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t]*")
_BLANK_BREAK = re.compile(r"[ \t]*(\r\n|\r|\n)")
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEX_LENGTH = {"x": 2, "u": 4, "U": 8}


def locate(source: Source, node: ScalarNode) -> Located:
    """The node's text with the (line, column) of each character, and one more for its end."""
    value = str(node.value)
    start, end = node.start_mark.index, node.end_mark.index
    chars = _traced(source.text[start:end], node.style, value)
    if chars is None:
        places = (source.position(start),) * (len(value) + 1)
    else:
        last = chars[-1][1] + 1 if chars else 0
        places = (
            *(source.position(start + offset) for _, offset in chars),
            source.position(start + last),
        )
    return Located(value, source.file, places)


def _traced(text: str, style: str | None, value: str) -> Chars | None:
    """The value's characters with their offsets in the scalar's own text, or None where they cannot
    be traced.
    """
    if style in ("|", ">"):
        return _block(text, value, folded=style == ">")
    quoted = style in ("'", '"')
    chars = _flow(text, int(quoted), len(text) - int(quoted), quote=style or "")
    return chars if "".join(char for char, _ in chars) == value else None


def _flow(text: str, at: int, end: int, *, quote: str) -> Chars:
    """A plain or quoted scalar between two offsets."""
    chars: Chars = []
    while at < end:
        after = _skip_blanks(text, at, end)
        if _BREAK.match(text, after, end):
            at = _fold(text, after, end, chars)
        elif after > at:
            chars.extend((text[i], i) for i in range(at, after))
            at = after
        elif quote == '"' and text[at] == "\\":
            at = _escape(text, at, end, chars)
        else:
            chars.append((text[at], at))
            at += 2 if quote == "'" and text.startswith("''", at) else 1
    return chars


def _fold(text: str, at: int, end: int, chars: Chars) -> int:
    """Past a run of line breaks: one becomes a blank, more become one line feed fewer. Returns the
    next offset.
    """
    breaks: list[int] = []
    while found := _BLANK_BREAK.match(text, at, end):
        breaks.append(found.start(1))
        at = found.end()
    if len(breaks) == 1:
        chars.append((" ", breaks[0]))
    else:
        chars.extend(("\n", offset) for offset in breaks[1:])
    return _skip_blanks(text, at, end)


def _escape(text: str, at: int, end: int, chars: Chars) -> int:
    """Past one backslash sequence of a double-quoted scalar. Returns the next offset."""
    if line_break := _BREAK.match(text, at + 1, end):
        next_line = line_break.end()
        while found := _BLANK_BREAK.match(text, next_line, end):
            chars.append(("\n", found.start(1)))
            next_line = found.end()
        return _skip_blanks(text, next_line, end)
    letter = text[at + 1 : at + 2]
    length = _HEX_LENGTH.get(letter, 0)
    digits = text[at + 2 : at + 2 + length]
    if length and re.fullmatch(r"[0-9a-fA-F]+", digits):
        chars.append((chr(min(int(digits, 16), 0x10FFFF)), at))
        return at + 2 + length
    chars.append((_ESCAPES.get(letter, letter), at))
    return at + 2


def _skip_blanks(text: str, at: int, end: int) -> int:
    found = _BLANKS.match(text, at, end)
    return found.end() if found else at


def _block(text: str, value: str, *, folded: bool) -> Chars | None:
    """A literal or folded block scalar. The indentation is the one that reproduces the value."""
    first_break = _BREAK.search(text)
    lines = _lines(text, first_break.end() if first_break else len(text))
    written = (len(line) - len(line.lstrip(" ")) for _, line in lines if line.strip(" "))
    for indent in range(next(written, 0), -1, -1):
        chars = _unfolded(lines, indent) if not folded else _folded(lines, indent)
        taken = chars[: len(value)]
        if "".join(char for char, _ in taken) == value:
            return taken
    return None


def _lines(text: str, at: int) -> list[tuple[int, str]]:
    """The lines from an offset on: where each begins, and its text without the line break."""
    lines = []
    while at < len(text):
        found = _BREAK.search(text, at)
        end = found.start() if found else len(text)
        lines.append((at, text[at:end]))
        at = found.end() if found else len(text)
    return lines


def _unfolded(lines: list[tuple[int, str]], indent: int) -> Chars:
    """Literal: every line break counts."""
    chars: Chars = []
    for start, line in lines:
        chars.extend((char, start + indent + i) for i, char in enumerate(line[indent:]))
        chars.append(("\n", start + len(line)))
    return chars


def _folded(lines: list[tuple[int, str]], indent: int) -> Chars:
    """Folded: a break between two lines of text becomes a blank; blank and further indented lines
    keep theirs.
    """
    chars: Chars = []
    previous: tuple[bool, int] | None = (
        None  # was the last line of text plain, and where did it end
    )
    blank: list[int] = []
    for start, line in lines:
        content = line[indent:]
        if not content:
            blank.append(start + len(line))
            continue
        plain = content[0] not in " \t"
        if previous is not None and previous[0] and plain:
            if not blank:
                chars.append((" ", previous[1]))
        elif previous is not None:
            chars.append(("\n", previous[1]))
        chars.extend(("\n", offset) for offset in blank)
        chars.extend((char, start + indent + i) for i, char in enumerate(content))
        previous, blank = (plain, start + len(line)), []
    if previous is not None:
        chars.append(("\n", previous[1]))
    chars.extend(("\n", offset) for offset in blank)
    return chars
