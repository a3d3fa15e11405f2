"""Values as YAML text, written as people write them. Pure; knows no keys of
ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Value = str | bool | int | tuple[str, ...]
Entry = Mapping[str, Value]

WIDEST_LIST = 88
"""Characters of a list in one line. A longer one gets a line for each item."""

_PLAIN = re.compile(r"[A-Za-zÄÖÜäöüß](?:[\w ./+-]*[\w./+-])?")
_PLAIN_URL = re.compile(r"https?://[\w./~%?=&;+()$!*,@:-]*[\w/=]")
_NOT_TEXT = re.compile(r"(?i)(?:yes|no|on|off|true|false|null|y|n|~|none)")


def block_entry(entry: Entry, keys: Sequence[str], *, indent: int) -> str:
    """A new item of a block list, with a line for each key in this order."""
    margin = " " * indent
    lead = f"{margin}- "
    lines = []
    for key in _said(entry, keys):
        lines.append(
            f"{lead}{key}: {block_value(entry[key], indent=indent + 2)}\n"
        )
        lead = f"{margin}  "
    return "".join(lines)


def flow_entry(entry: Entry, keys: Sequence[str]) -> str:
    """The same in braces, in one line."""
    pairs = [f"{key}: {flow_value(entry[key])}" for key in _said(entry, keys)]
    return f"{{{', '.join(pairs)}}}"


def _said(entry: Entry, keys: Sequence[str]) -> list[str]:
    return [key for key in keys if entry.get(key, "") not in ("", ())]


def block_value(value: Value, *, indent: int) -> str:
    """What stands behind `key:`. `indent` is the column of the key; further
    lines stand deeper.
    """
    margin = "\n" + " " * (indent + 2)
    if isinstance(value, tuple):
        short = f"[{', '.join(map(scalar, value))}]"
        if len(short) <= WIDEST_LIST:
            return short
        return "".join(f"{margin}- {scalar(item)}" for item in value)
    if not isinstance(value, str):
        return _number(value)
    spaced = [" ".join(line.split()) for line in value.splitlines()]
    lines = [line for line in spaced if line]
    return (
        scalar(value)
        if len(lines) < 2
        else "|" + "".join(margin + line for line in lines)
    )


def flow_value(value: Value) -> str:
    """The same inside braces, where nothing may take a second line."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(single_quoted, value))}]"
    return single_quoted(value) if isinstance(value, str) else _number(value)


def _number(value: int) -> str:
    return str(value).lower()


def scalar(value: str) -> str:
    """A text in one line, in quotes where YAML would read it otherwise."""
    plain = _PLAIN.fullmatch(value) or _PLAIN_URL.fullmatch(value)
    return (
        value
        if plain and not _NOT_TEXT.fullmatch(value)
        else single_quoted(value)
    )


def single_quoted(value: str) -> str:
    """A text in single quotes, in one line."""
    return "'" + " ".join(value.split()).replace("'", "''") + "'"
