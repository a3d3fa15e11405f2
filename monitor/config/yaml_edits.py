"""Changes to a YAML text that leave everything else as its author wrote it.
Pure.

A change is a splice: characters [start, end) that give way to others.
Comments, order and line ends outside of it stay. Unusual notations (anchors,
merge keys) are not understood here; whoever writes the result compares what it
means (`edit.check_only_change`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from operator import attrgetter

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.config.yaml_writing import (
    Entry,
    Value,
    block_entry,
    block_value,
    flow_entry,
    flow_value,
    scalar,
    single_quoted,
)

_ALIAS = re.compile(r"\s*(\*[^\s,\]}]+)")
_REST = re.compile(r"[^\r\n]*")
_DASH = re.compile(r"^[ ]*-(?=\s)", re.MULTILINE)
_COMMENT_LINE = re.compile(r"([ ]*)#[^\n]*\n?")
_FIRST_LINE_ENDS_IN_CRLF = re.compile(r"[^\n]*\r\n")


@dataclass(frozen=True, slots=True)
class Splice:
    """Characters [start, end) of a text that give way to `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """An item of a list or a pair of a mapping: where it stands, and whether
    it is kept.
    """

    start: int
    end: int
    stays: bool


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices, which must not overlap, in the line ends that
    it has.
    """
    line_end = "\r\n" if _FIRST_LINE_ENDS_IN_CRLF.match(text) else "\n"
    # From the end on; of several at one place the last one first, so that they
    # stand in order.
    ordered = sorted(splices, key=attrgetter("start", "end"))
    for splice in reversed(ordered):
        new = splice.text.replace("\n", line_end)
        text = text[: splice.start] + new + text[splice.end :]
    return text


def section(root: Node | None, name: str) -> tuple[Node | None, Node | None]:
    """The key and the value of a section; None for what is not there."""
    if isinstance(root, MappingNode):
        for key, value in root.value:
            if key.value == name:
                return key, value
    return None, None


def append_entries(
    text: str,
    root: Node | None,
    name: str,
    entries: Sequence[Entry],
    keys: Sequence[str],
) -> str:
    """The text with entries behind those of a section, which is made where
    there is none.
    """
    key, listed = section(root, name)
    if key is None:
        start = len(text.rstrip())
        block = f"\n\n{name}:\n{_block(entries, keys, indent=2)}"
        return spliced(
            text,
            [Splice(start, len(text), block if start else block.lstrip("\n"))],
        )
    if isinstance(listed, SequenceNode) and listed.value:
        return spliced(text, [_behind(text, listed, entries, keys)])
    return spliced(
        text, _into_empty(text, key, listed, _block(entries, keys, indent=2))
    )


def _behind(
    text: str,
    listed: SequenceNode,
    entries: Sequence[Entry],
    keys: Sequence[str],
) -> Splice:
    end = leaf_end(listed.value[-1])
    if listed.flow_style:
        return Splice(
            end,
            end,
            "".join(f", {flow_entry(entry, keys)}" for entry in entries),
        )
    return _line_at(
        text, end, _block(entries, keys, indent=listed.start_mark.column)
    )


def remove_entry(
    text: str, root: Node | None, name: str, entry: Node
) -> list[Splice]:
    """Splices that take an entry out of a section, with the comments inside of
    it.

    Comment lines above it stay: they may be about those that follow, too.
    """
    key, listed = section(root, name)
    if key is None or not isinstance(listed, SequenceNode):
        return []
    items = listed.value
    if listed.flow_style:
        others = [item for item in items if item is not entry]
        return _without_parts(_parts_of(items, others))
    number = items.index(entry)
    before = leaf_end(items[number - 1]) if number else key.end_mark.index
    dash = _DASH.search(text, line_end(text, before), entry.start_mark.index)
    if dash is None:
        return []
    end = line_end(text, leaf_end(entry))
    end = _behind_own_comments(text, end, column=len(dash[0]))
    start = _above_blank_lines(text, dash.start(), end)
    lines = Splice(start, end, "")
    return [lines] if len(items) > 1 else [_emptied(text, key), lines]


def _emptied(text: str, key: Node) -> Splice:
    """A section with nothing in it says so: one without a value would be a
    mistake.
    """
    colon = text.index(":", key.end_mark.index) + 1
    return Splice(colon, colon, " []")


def _behind_own_comments(text: str, end: int, *, column: int) -> int:
    """Where the comments end that follow in the depth of an entry: at `column`
    or deeper.
    """
    while True:
        line = _COMMENT_LINE.match(text, end)
        if line is None or len(line[1]) < column:
            return end
        end = line.end()


def _above_blank_lines(text: str, start: int, end: int) -> int:
    """Where the blank lines above begin, if some follow or nothing does: one
    gap is left.
    """
    behind = text[end : line_end(text, end)]
    if behind.strip():
        return start
    kept = text[:start].rstrip(" \t\r\n")
    return line_end(text, len(kept))


def _into_empty(
    text: str, key: Node, listed: Node | None, block: str
) -> list[Splice]:
    """A section without anything in it, or with `[]`."""
    splices = [_line_at(text, key.end_mark.index, block)]
    if isinstance(listed, SequenceNode):
        start = len(text[: listed.start_mark.index].rstrip(" "))
        splices.append(Splice(start, listed.end_mark.index, ""))
    return splices


def _block(
    entries: Sequence[Entry], keys: Sequence[str], *, indent: int
) -> str:
    return "".join(
        block_entry(entry, keys, indent=indent) for entry in entries
    )


def _line_at(text: str, offset: int, lines: str) -> Splice:
    """Whole lines behind the one in which `offset` stands."""
    place = line_end(text, offset)
    lead = "" if text[:place].endswith("\n") else "\n"
    return Splice(place, place, lead + lines)


def change_keys(
    text: str, node: MappingNode, changes: Mapping[str, Value | None]
) -> list[Splice]:
    """Splices that give keys of a mapping other values; None takes a key away.
    A value that is there already changes nothing.
    """
    pairs = {str(key.value): (key, value) for key, value in node.value}
    removed: set[str] = set()
    added: dict[str, Value] = {}
    splices: list[Splice] = []
    for name, wanted in changes.items():
        if wanted is None:
            removed.add(name)
        elif name not in pairs:
            added[name] = wanted
        elif not _is_there(pairs[name][1], wanted):
            splices += _changed(text, node, *pairs[name], wanted)
    return [
        *_without_keys(text, node, removed),
        *splices,
        *_added(text, node, added),
    ]


def _is_there(value: Node, wanted: Value) -> bool:
    if isinstance(value, SequenceNode):
        return _texts(value) == wanted
    if not isinstance(value, ScalarNode):
        return False
    written = str(value.value)
    if isinstance(wanted, tuple):
        return wanted == (written,)
    said = wanted if isinstance(wanted, str) else str(wanted).lower()
    return written.split() == said.split()


def _texts(listed: SequenceNode) -> tuple[str, ...]:
    return tuple(str(item.value) for item in listed.value)


def _changed(
    text: str, node: MappingNode, key: Node, value: Node, wanted: Value
) -> list[Splice]:
    start, end = _extent(text, key, value)
    if isinstance(value, SequenceNode) and isinstance(wanted, tuple):
        # What an alias stands for is written elsewhere.
        is_here = all(
            start <= item.start_mark.index < end for item in value.value
        )
        edited = _edit_items(text, value, wanted) if is_here else []
        if edited:
            return edited
    if node.flow_style:
        return [Splice(start, end, f"{_gap(text, start)}{flow_value(wanted)}")]
    return [
        _replaced(
            text,
            (start, end),
            block_value(wanted, indent=key.start_mark.column),
        )
    ]


def _gap(text: str, start: int) -> str:
    """The blank that must stand behind the colon."""
    return " " if text[start - 1 : start] == ":" else ""


def _replaced(text: str, extent: tuple[int, int], new: str) -> Splice:
    """Another value in place of one; what stood behind it in its line, a
    comment, stays there.
    """
    start, end = extent
    old = text[start:end]
    tail = old[len(old.rstrip()) :].replace("\r\n", "\n")
    head, newline, body = new.partition("\n")
    remark = _remark_of_head(old)
    if newline and not old.endswith("\n"):
        rest = _REST.match(text, end)
        if rest and rest[0].strip():
            remark, end = remark or rest[0], rest.end()
        tail = ""
    space = "" if not head or text[start - 1 : start] in " \t" else " "
    return Splice(start, end, f"{space}{head}{remark}{newline}{body}{tail}")


def _remark_of_head(old: str) -> str:
    """The comment behind `|` or `>`, or behind the colon of a block list."""
    found = re.match(r"(?:[|>][0-9+-]*)?([ \t]+#[^\r\n]*)", old)
    return found[1] if found and "\n" in old else ""


def _edit_items(
    text: str, listed: SequenceNode, wanted: tuple[str, ...]
) -> list[Splice]:
    """A list that keeps the items it shares with the new one. Empty where that
    cannot be done.
    """
    items = listed.value
    kept = [item for item in items if str(item.value) in wanted]
    if not kept or not all(isinstance(item, ScalarNode) for item in items):
        return []
    written = _texts(listed)
    new = [value for value in wanted if value not in written]
    splices = _without_items(text, listed, kept)
    if new:
        splices.append(_behind_item(text, listed, kept[-1], new))
    return splices


def _behind_item(
    text: str, listed: SequenceNode, last: Node, new: list[str]
) -> Splice:
    end = leaf_end(last)
    if listed.flow_style:
        return Splice(
            end, end, "".join(f", {single_quoted(value)}" for value in new)
        )
    margin = " " * listed.start_mark.column
    return _line_at(
        text, end, "".join(f"{margin}- {scalar(value)}\n" for value in new)
    )


def _without_items(
    text: str, listed: SequenceNode, kept: Sequence[Node]
) -> list[Splice]:
    """Without the items that are not kept; some are."""
    parts = _parts_of(listed.value, kept)
    return (
        _without_parts(parts)
        if listed.flow_style
        else _without_lines(text, parts)
    )


def _parts_of(items: Sequence[Node], kept: Sequence[Node]) -> list[_Part]:
    return [
        _Part(item.start_mark.index, leaf_end(item), item in kept)
        for item in items
    ]


def _without_parts(parts: Sequence[_Part]) -> list[Splice]:
    """Parts between commas: one goes with the comma behind it; at the end,
    with the one before.
    """
    end = max(
        (part.end for part in parts if part.stays), default=parts[0].start
    )
    splices = [
        Splice(part.start, following.start, "")
        for part, following in pairwise(parts)
        if not part.stays and part.start < end
    ]
    return [*splices, Splice(end, parts[-1].end, "")]


def _without_lines(text: str, parts: Sequence[_Part]) -> list[Splice]:
    """Parts in lines of their own: one goes with its lines."""
    return [
        Splice(
            text.rfind("\n", 0, part.start) + 1, line_end(text, part.end), ""
        )
        for part in parts
        if not part.stays
    ]


def _without_keys(
    text: str, node: MappingNode, names: Collection[str]
) -> list[Splice]:
    """The mapping without some keys. Their comments go with them, those of
    others stay.
    """
    parts = [
        _Part(
            key.start_mark.index,
            _extent(text, key, value)[1],
            str(key.value) not in names,
        )
        for key, value in node.value
    ]
    if node.flow_style:
        return _without_parts(parts)
    gone_first = list(takewhile(lambda part: not part.stays, parts))
    following = parts[len(gone_first) :]
    splices = _without_lines(text, following)
    if gone_first:  # behind the "- " of its item: the next key takes its place
        end = following[0].start if following else parts[-1].end
        splices.append(Splice(parts[0].start, end, ""))
    return splices


def _added(
    text: str, node: MappingNode, added: Mapping[str, Value]
) -> list[Splice]:
    if not added:
        return []
    end = _extent(text, *node.value[-1])[1]
    if node.flow_style:
        pairs = [
            f", {name}: {flow_value(value)}" for name, value in added.items()
        ]
        return [Splice(end, end, "".join(pairs))]
    column = node.value[0][0].start_mark.column
    margin = " " * column
    lines = [
        f"{margin}{name}: {block_value(value, indent=column)}\n"
        for name, value in added.items()
    ]
    return [_line_at(text, end, "".join(lines))]


def _extent(text: str, key: Node, value: Node) -> tuple[int, int]:
    """Where the text of a value stands. An alias stands where it is used, its
    node where it was written; an empty value stands behind its colon.
    """
    colon = text.index(":", key.end_mark.index) + 1
    alias = _ALIAS.match(text, colon)
    if alias:
        return alias.start(1), alias.end(1)
    start, end = value.start_mark.index, leaf_end(value)
    if isinstance(value, ScalarNode) and start == end:
        return colon, colon
    if isinstance(value, SequenceNode | MappingNode) and not value.flow_style:
        return colon, end
    return start, end


def leaf_end(node: Node) -> int:
    """Where the text of a node ends: a block's own end mark lies behind the
    comments that follow it.
    """
    while (
        isinstance(node, MappingNode | SequenceNode)
        and node.value
        and not node.flow_style
    ):
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end


def line_end(text: str, offset: int) -> int:
    """The start of the next line; a block scalar's own end is one already."""
    if offset and text[offset - 1 : offset] == "\n":
        return offset
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
