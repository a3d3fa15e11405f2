"""Finds, for every character of a YAML scalar's value, the character of the
file that it came from.

The parser has read the scalar already. What is left of YAML's rules is short:
characters keep their order, white space may be folded, a quote may be doubled,
and in double quotes a backslash begins an escape. Where value and text cannot
be aligned so, the start of the scalar stands for all characters: a message is
then imprecise rather than wrong. Knows nothing of what the text means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml.nodes import ScalarNode

from monitor.config.source import Source
from monitor.types.catalog import Located

_SPACE = " \t\r\n"
_CHARACTER = re.compile(r"(?s).")
_IN_SINGLE_QUOTES = re.compile(r"(?s)''|.")
_IN_DOUBLE_QUOTES = re.compile(
    r"(?s)(\\(?:\r\n|[\r\n])[ \t]*)"  # a line that goes on: stands for nothing
    r"|(?P<fold>[ \t]*(?:\r\n|[\r\n])\s*)"
    r"|\\(?:x..|u.{4}|U.{8}|.)|."
)
_PIECES = {"'": _IN_SINGLE_QUOTES, '"': _IN_DOUBLE_QUOTES}


def locate_characters(source: Source, node: ScalarNode) -> Located:
    """The node's text with the (line, column) of each character, and one more
    for its end.
    """
    value = str(node.value)
    start, end = _content(source.text, node)
    offsets = _aligned(source.text[start:end], node.style, value)
    if not value or offsets is None:
        places = (source.position(node.start_mark.index),) * (len(value) + 1)
    else:
        places = tuple(source.position(start + offset) for offset in offsets)
    return Located(value, source.file, places)


def _content(text: str, node: ScalarNode) -> tuple[int, int]:
    """Where the characters begin and end: within the quotes, or below the head
    of a block.
    """
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("'", '"'):
        return start + 1, end - 1
    if node.style in ("|", ">"):
        head = re.compile(r".*(?:\r\n|[\r\n])?").match(text, start)
        return (head.end() if head else start), end
    return start, end


def _aligned(text: str, style: str | None, value: str) -> list[int] | None:
    """The offset of each character of the value and of its end, or None."""
    pieces = list(_split(text, style))
    offsets, at, end = [], 0, 0
    for char in value:
        at = _next_piece(pieces, at, char)
        if at == len(pieces):
            if char not in _SPACE:
                return None
            # a line break that the end of the file stands for
            offsets.append(end)
            continue
        piece = pieces[at]
        if not _may_be(piece[0], char, style):
            return None
        offsets.append(piece.start())
        end = piece.start() + 1
        at += 1
    return [*offsets, end]


def _split(text: str, style: str | None) -> Iterator[re.Match[str]]:
    """The pieces that stand for a character each; folded line breaks as often
    as they count.
    """
    for piece in _PIECES.get(style or "", _CHARACTER).finditer(text):
        breaks = len(piece[0].splitlines()) if piece.lastgroup == "fold" else 1
        for _ in range(max(1, breaks - 1)):
            yield piece


def _next_piece(pieces: list[re.Match[str]], at: int, char: str) -> int:
    """Past lines that go on, and past white space where the value has none."""
    while at < len(pieces):
        continued = pieces[at].lastindex == 1
        folded = char not in _SPACE and not pieces[at][0].strip(_SPACE)
        if not (continued or folded):
            break
        at += 1
    return at


def _may_be(piece: str, char: str, style: str | None) -> bool:
    if style == '"' and piece[0] == "\\":
        return True
    return piece[0] == char or (not piece.strip(_SPACE) and char in _SPACE)
