"""Changes to a YAML text that leave everything else as its author wrote it. Pure.

A change is a splice: characters [start, end) that give way to others. Comments, order and line ends
outside of it stay. Unusual notations (anchors, merge keys) are not understood here; whoever writes
the result compares what it means (`edit.check_only_change`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
_FIRST_END = re.compile(r"\r\n|\n")


@dataclass(frozen=True, slots=True)
class Splice:
    """Characters [start, end) of a text that give way to `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices, which must not overlap, in the line ends that it has."""
    found = _FIRST_END.search(text)
    end = found[0] if found else "\n"
    # From the end on; of several at one place the last one first, so that they stand in order.
    numbered = ((each.start, each.end, number) for number, each in enumerate(splices))
    for start, stop, number in sorted(numbered, reverse=True):
        text = text[:start] + splices[number].text.replace("\n", end) + text[stop:]
    return text


def section(root: Node | None, name: str) -> tuple[Node | None, Node | None]:
    """The key and the value of a section; None for what is not there."""
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == name:
            return key, value
    return None, None


def append_entries(
    text: str, root: Node | None, name: str, entries: Sequence[Entry], keys: Sequence[str]
) -> str:
    """The text with entries behind those of a section, which is made where there is none."""
    key, listed = section(root, name)
    if key is None:
        start = len(text.rstrip())
        block = f"\n\n{name}:\n{_block(entries, keys, indent=2)}"
        return spliced(text, [Splice(start, len(text), block if start else block.lstrip("\n"))])
    if isinstance(listed, SequenceNode) and listed.value:
        return spliced(text, [_behind(text, listed, entries, keys)])
    return spliced(text, _into_empty(text, key, listed, _block(entries, keys, indent=2)))


def _behind(
    text: str, listed: SequenceNode, entries: Sequence[Entry], keys: Sequence[str]
) -> Splice:
    end = leaf_end(listed.value[-1])
    if listed.flow_style:
        return Splice(end, end, "".join(f", {flow_entry(entry, keys)}" for entry in entries))
    return _line_at(text, end, _block(entries, keys, indent=listed.start_mark.column))


def remove_entry(text: str, root: Node | None, name: str, entry: Node) -> list[Splice]:
    """Splices that take an entry out of a section, with the comments inside of it.

    Comment lines above it stay: they may be about those that follow, too.
    """
    key, listed = section(root, name)
    if key is None or not isinstance(listed, SequenceNode):
        return []
    items = listed.value
    number = items.index(entry)
    if listed.flow_style:
        extents = [(item.start_mark.index, leaf_end(item)) for item in items]
        return _without_parts(extents, [item is not entry for item in items])
    before = leaf_end(items[number - 1]) if number else key.end_mark.index
    dash = _DASH.search(text, line_end(text, before), entry.start_mark.index)
    if dash is None:
        return []
    column = dash.end() - dash.start()
    end = _behind_own_comments(text, line_end(text, leaf_end(entry)), column)
    lines = Splice(_above_blank_lines(text, dash.start(), end), end, "")
    return [lines] if len(items) > 1 else [_emptied(text, key), lines]


def _emptied(text: str, key: Node) -> Splice:
    """A section with nothing in it says so: one without a value would be a mistake."""
    colon = text.index(":", key.end_mark.index) + 1
    return Splice(colon, colon, " []")


def _behind_own_comments(text: str, end: int, column: int) -> int:
    """Where the comments end that follow in the depth of an entry: at `column` or deeper."""
    while True:
        line = _COMMENT_LINE.match(text, end)
        if line is None or len(line[1]) < column:
            return end
        end = line.end()


def _above_blank_lines(text: str, start: int, end: int) -> int:
    """Where the blank lines above begin, if some follow or nothing does: one gap is left."""
    behind = text[end : line_end(text, end)]
    if behind.strip():
        return start
    kept = text[:start].rstrip(" \t\r\n")
    return line_end(text, len(kept))


def _into_empty(text: str, key: Node, listed: Node | None, block: str) -> list[Splice]:
    """A section without anything in it, or with `[]`."""
    splices = [_line_at(text, key.end_mark.index, block)]
    if isinstance(listed, SequenceNode):
        start = len(text[: listed.start_mark.index].rstrip(" "))
        splices.append(Splice(start, listed.end_mark.index, ""))
    return splices


def _block(entries: Sequence[Entry], keys: Sequence[str], *, indent: int) -> str:
    return "".join(block_entry(entry, keys, indent=indent) for entry in entries)


def _line_at(text: str, offset: int, lines: str) -> Splice:
    """Whole lines behind the one in which `offset` stands."""
    place = line_end(text, offset)
    lead = "" if text[:place].endswith("\n") else "\n"
    return Splice(place, place, lead + lines)


def change_keys(text: str, node: MappingNode, changes: Mapping[str, Value | None]) -> list[Splice]:
    """Splices that give keys of a mapping other values; None takes a key away. A value that is
    there already changes nothing.
    """
    pairs = {str(key.value): (key, value) for key, value in node.value}
    added: list[tuple[str, Value]] = []
    removed = {name for name, wanted in changes.items() if wanted is None and name in pairs}
    splices = _without_keys(text, node, removed)
    for name, wanted in changes.items():
        if wanted is None:
            continue
        if name not in pairs:
            added.append((name, wanted))
        elif not _is_there(pairs[name][1], wanted):
            splices += _changed(text, node, *pairs[name], wanted)
    return [*splices, *_added(text, node, added)]


def _is_there(value: Node, wanted: Value) -> bool:
    if isinstance(value, ScalarNode):
        if isinstance(wanted, tuple):
            return len(wanted) == 1 and str(value.value) == wanted[0]
        said = wanted if isinstance(wanted, str) else str(wanted).lower()
        return str(value.value).split() == said.split()
    if not isinstance(value, SequenceNode):
        return False
    return tuple(str(item.value) for item in value.value) == wanted


def _changed(text: str, node: MappingNode, key: Node, value: Node, wanted: Value) -> list[Splice]:
    start, end = _extent(text, key, value)
    if isinstance(value, SequenceNode) and isinstance(wanted, tuple):
        edited = _edit_items(text, value, wanted, within=(start, end))
        if edited is not None:
            return edited
    if node.flow_style:
        return [Splice(start, end, f"{_gap(text, start)}{flow_value(wanted)}")]
    return [_replaced(text, (start, end), block_value(wanted, indent=key.start_mark.column))]


def _gap(text: str, start: int) -> str:
    """The blank that must stand behind the colon."""
    return " " if text[start - 1 : start] == ":" else ""


def _replaced(text: str, extent: tuple[int, int], new: str) -> Splice:
    """Another value in place of one; what stood behind it in its line, a comment, stays there."""
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
    text: str, listed: SequenceNode, wanted: tuple[str, ...], *, within: tuple[int, int]
) -> list[Splice] | None:
    """A list that keeps the items it shares with the new one. None where that cannot be done."""
    items = listed.value
    inside = all(within[0] <= item.start_mark.index < within[1] for item in items)
    if not inside or not all(isinstance(item, ScalarNode) for item in items):
        return None
    written = [str(item.value) for item in items]
    kept = [item for item in items if str(item.value) in wanted]
    new = [value for value in wanted if value not in written]
    if not kept:
        return None
    splices = _without_items(text, listed, kept)
    if new:
        splices.append(_behind_item(text, listed, kept[-1], new))
    return splices


def _behind_item(text: str, listed: SequenceNode, last: Node, new: list[str]) -> Splice:
    end = leaf_end(last)
    if listed.flow_style:
        return Splice(end, end, "".join(f", {single_quoted(value)}" for value in new))
    margin = " " * listed.start_mark.column
    return _line_at(text, end, "".join(f"{margin}- {scalar(value)}\n" for value in new))


def _without_items(text: str, listed: SequenceNode, kept: Sequence[Node]) -> list[Splice]:
    """Without the items that are not kept; some are."""
    items = listed.value
    if not listed.flow_style:
        lines = ((text.rfind("\n", 0, item.start_mark.index) + 1, item) for item in items)
        gone = ((start, item) for start, item in lines if item not in kept)
        return [Splice(start, line_end(text, leaf_end(item)), "") for start, item in gone]
    extents = [(item.start_mark.index, leaf_end(item)) for item in items]
    return _without_parts(extents, [item in kept for item in items])


def _without_parts(extents: Sequence[tuple[int, int]], kept: Sequence[bool]) -> list[Splice]:
    """Parts between commas: one goes with the comma behind it; at the end, with the one before."""
    last = max((number for number, stays in enumerate(kept) if stays), default=-1)
    splices = [
        Splice(extents[number][0], extents[number + 1][0], "")
        for number in range(last)
        if not kept[number]
    ]
    if last + 1 < len(extents):
        start = extents[last][1] if last >= 0 else extents[0][0]
        splices.append(Splice(start, extents[-1][1], ""))
    return splices


def _without_keys(text: str, node: MappingNode, names: Collection[str]) -> list[Splice]:
    """The mapping without some keys. Their comments go with them, those of others stay."""
    pairs = node.value
    kept = [str(key.value) not in names for key, _ in pairs]
    extents = [(key.start_mark.index, _extent(text, key, value)[1]) for key, value in pairs]
    if node.flow_style:
        return _without_parts(extents, kept)
    splices: list[Splice] = []
    first = kept.index(True) if True in kept else len(kept)
    if first:  # behind the "- " of its item: the next key takes its place
        end = extents[first][0] if first < len(kept) else extents[-1][1]
        splices.append(Splice(extents[0][0], end, ""))
    for number in range(first, len(kept)):
        if not kept[number]:
            start, end = extents[number]
            line = text.rfind("\n", 0, start) + 1
            splices.append(Splice(line, line_end(text, end), ""))
    return splices


def _added(text: str, node: MappingNode, added: Sequence[tuple[str, Value]]) -> list[Splice]:
    if not added:
        return []
    end = _extent(text, *node.value[-1])[1]
    if node.flow_style:
        pairs = "".join(f", {name}: {flow_value(value)}" for name, value in added)
        return [Splice(end, end, pairs)]
    column = node.value[0][0].start_mark.column
    margin = " " * column
    lines = (f"{margin}{name}: {block_value(value, indent=column)}\n" for name, value in added)
    return [_line_at(text, end, "".join(lines))]


def _extent(text: str, key: Node, value: Node) -> tuple[int, int]:
    """Where the text of a value stands. An alias stands where it is used, its node where it was
    written; an empty value stands behind its colon.
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
    """Where the text of a node ends: a block's own end mark lies behind the comments that follow
    it.
    """
    while isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
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
