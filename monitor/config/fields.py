"""Reads YAML mappings by a table of keys, and collects every problem instead
of stopping at the first.

A `Key` says what may stand under a name and what it means: the same tables
read the file and check the documentation. All scalars arrive as the text that
stands in the file, so `22:00`, `0800` or `1e5` are never turned into numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.config.notation import Unreadable, meant_key
from monitor.config.places import locate_characters
from monitor.config.source import Source
from monitor.types.catalog import CatalogProblem, Located

Read = Callable[["YamlReading", Node], Any]
"""Turns a node into a value; raises `Unreadable`, or `Reported` where it has
recorded the problems itself.
"""

YAML_TRAPS = frozenset(
    ("no", "yes", "on", "off", "true", "false", "null", "~", "n", "y")
)
"""Plain words that YAML 1.1 tools read as something else than text."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGN_BETWEEN = r"\s[/|·•]\s|\t"  # AC/DC and "Bündnis 90/Die Grünen" are names
_SEVERAL = re.compile(rf"[,;](?=\s|[^\W\d])|\n|{_SIGN_BETWEEN}")
_PARTED = re.compile(rf"[,;\n]|{_SIGN_BETWEEN}")
_KINDS = {
    MappingNode: "a block of keys",
    SequenceNode: "a list",
    ScalarNode: "a text",
}


class Reported(Exception):
    """The value is unusable and the problems are recorded."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section: how it is read, what it means, and its default as
    the documentation shows it.
    """

    name: str
    read: Read
    about: str
    default: str = ""
    required: bool = False


@dataclass(slots=True)
class YamlReading:
    """One pass over a file: its source, the problems found so far, and whose
    keys are being read.
    """

    source: Source
    problems: list[CatalogProblem] = field(default_factory=list)
    _whose: str = ""

    def line_of(self, node: Node) -> int:
        """The line where it begins."""
        return self.source.position(node.start_mark.index)[0]

    def report_taken(self, node: Node, message: str, *, hint: str) -> None:
        """Another entry has its id, or a name that makes the same id."""
        place = child(node, "id" if peek(node, "id") else "name")
        self.report(place, message, hint=hint, code="duplicate-id")

    @contextmanager
    def inside(self, label: str) -> Iterator[None]:
        """Messages recorded within begin with `label`, for instance `feed
        "zdf": `.
        """
        outer = self._whose
        self._whose = outer + label
        try:
            yield
        finally:
            self._whose = outer

    def report(
        self,
        node: Node,
        message: str,
        *,
        hint: str = "",
        code: str = "",
        fatal: bool = True,
    ) -> None:
        """Record a problem at the start of a node."""
        first, last = node.start_mark, node.end_mark
        start, length = first.index, 1
        # nothing is written: the parser stands at the next line
        if start == last.index:
            start = len(self.source.text[:start].rstrip())
        elif isinstance(node, ScalarNode) and first.line == last.line:
            length = last.index - start
        problem = self.source.problem(
            self.source.place(start),
            self._whose + message,
            hint=hint,
            code=code,
            length=length,
            fatal=fatal,
        )
        self.problems.append(problem)

    def value(self, node: Node, read: Read, *, default: Any = None) -> Any:
        """The node's value, or `default` after recording why there is none."""
        try:
            return read(self, node)
        except Unreadable as error:
            self.report(node, str(error), hint=error.hint, code="value")
        except Reported:
            pass
        return default

    def hint_at_list(self, node: Node) -> None:
        """The last problem is of a text that was meant as a list: its hint
        says how to write it.
        """
        meant = as_list(str(node.value)) if is_text(node) else ""
        if meant:
            self.problems[-1] = replace(self.problems[-1], hint=meant)

    def entries(
        self, node: Node, known: Collection[str] = ()
    ) -> list[tuple[ScalarNode, Node]]:
        """The key and value nodes of a mapping; duplicate and odd keys are
        recorded and left out.
        """
        if not isinstance(node, MappingNode):
            message = f"expected keys such as name: value, found {kind(node)}"
            self.report(
                node,
                message,
                hint=_as_key(_as_written(self, node), known),
                code="shape",
            )
            raise Reported
        seen: dict[str, ScalarNode] = {}
        entries = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.report(key, "a key must be one word", code="shape")
            elif key.value in seen:
                message = f'the key "{key.value}" stands here a second time'
                hint = f"the first is in line {self.line_of(seen[key.value])}; keep one"
                self.report(key, message, hint=hint, code="duplicate-key")
            else:
                seen[key.value] = key
                entries.append((key, value))
        return entries

    def mapping(
        self, node: Node, keys: Sequence[Key], *, hints: Mapping[str, str]
    ) -> dict[str, Any]:
        """The readable values of a mapping by key name. Unknown, missing and
        unreadable keys are recorded.

        `hints` say for a missing key what to write; the key's own description
        stands in elsewhere.
        """
        known = {key.name: key for key in keys}
        values: dict[str, Any] = {}
        unreadable = object()
        entries = self.entries(node, known)
        for name, value in entries:
            key = known.get(name.value)
            if key is None:
                self._unknown(name, known)
                continue
            with self.inside(f"{key.name}: "):
                found = self.value(value, key.read, default=unreadable)
            if found is not unreadable:
                values[key.name] = found
        written = {name.value for name, _ in entries}
        for key in keys:
            if key.required and key.name not in written:
                hint = hints.get(key.name, key.about)
                self.report(
                    node,
                    f'the key "{key.name}" is missing',
                    hint=hint,
                    code="missing-key",
                )
        return values

    def _unknown(self, name: ScalarNode, known: Mapping[str, Key]) -> None:
        if name.value == "<<":
            hint = 'merge keys are not used here; common values go under "defaults"'
        else:
            hint = meant_key(name.value, known) or "known keys: " + ", ".join(
                known
            )
        self.report(
            name, f'unknown key "{name.value}"', hint=hint, code="unknown-key"
        )


def _as_key(written: str, known: Collection[str]) -> str:
    """What to write where a key stands without its ":"."""
    found = re.match(r"-?(\w+)[ :=]+(\S.*)", written)
    if found and found[1] in known:
        return f"write  {found[1]}: {found[2]}"
    if "url" in known and re.match(r"https?://", written):
        return f"write  - id: name  and in the line below  url: {written}"
    return "check the indentation"


def is_text(node: Node) -> bool:
    """Whether a node is a scalar."""
    return isinstance(node, ScalarNode)


def as_list(text: str) -> str:
    """How to write several values that stand in one text; empty where only one
    does.
    """
    if not _SEVERAL.search(text):
        return ""
    parts = filter(
        None, (part.strip(" \t-[]") for part in _PARTED.split(text))
    )
    return f'a list is written [{", ".join(parts)}], or each in a line of its own after "- "'


def kind(node: Node) -> str:
    """What a node is, for messages."""
    if isinstance(node, ScalarNode) and not node.value:
        return "nothing"
    return _KINDS[type(node)]


def scalar_text(node: Node) -> str:
    """The text of a scalar, never empty.

    The words that YAML tools disagree about are refused unless quoted.
    """
    if not isinstance(node, ScalarNode):
        raise Unreadable(f"expected a text, found {kind(node)}")
    if node.tag and not str(node.tag).startswith("tag:yaml.org,2002:"):
        raise Unreadable(
            f"the tag {node.tag} is not used here", "put the text in quotes"
        )
    text = str(node.value).strip()
    if not text:
        raise Unreadable("is empty", "write a value or delete the line")
    if odd := _UNPRINTABLE.search(text):
        # "\\r\\nBcc:" in a name must not reach a mail header, half a surrogate
        # pair no database.
        raise Unreadable(
            f"contains the character U+{ord(odd[0]):04X}", "delete it"
        )
    if node.style is None and text.lower() in YAML_TRAPS:
        hint = f'write "{text}" in quotes if you mean the word'
        if text.lower() == "no":
            hint = 'write "no" in quotes if you mean the word (or Norway)'
        raise Unreadable(
            f"{text} without quotes is read as true, false or nothing by many YAML tools",
            hint,
        )
    return text


def unquoted(node: Node) -> str:
    """The text of a scalar where words such as `no` have their meaning."""
    if not isinstance(node, ScalarNode) or not str(node.value).strip():
        raise Unreadable(f"expected true or false, found {kind(node)}")
    return str(node.value).strip()


def one_line_text(parse: Callable[[str], Any] = str) -> Read:
    """A reader for one text in one line: blanks and line breaks between its
    words become one blank each.
    """
    return lambda _, node: parse(" ".join(scalar_text(node).split()))


def word(parse: Callable[[str], Any]) -> Read:
    """A reader for true/false and for words that a mode may be called, `off`
    among them.
    """
    return lambda _, node: parse(unquoted(node))


def one_or_many(read: Read, *, one_line: bool = False) -> Read:
    """A reader for one value or a list of them; a tuple either way.

    Bad items are recorded one by one. `one_line`: a comma in a single text is
    warned of, because nothing else would find that it was meant as a list.
    """

    def read_all(reading: YamlReading, node: Node) -> tuple[Any, ...]:
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        if not nodes:
            raise Unreadable(
                "the list is empty", "write a value or delete the line"
            )
        bad = object()
        values = [reading.value(item, read, default=bad) for item in nodes]
        if bad in values:
            reading.hint_at_list(node)
            raise Reported
        if one_line:
            warn_of_lists(reading, node)
        return tuple(values)

    return read_all


def warn_of_lists(reading: YamlReading, node: Node) -> None:
    """Warn of a single text that was meant as a list, and so would never be
    found as it stands.

    In a list, quotes around an entry say that its comma is meant.
    """
    if isinstance(node, SequenceNode):
        for item in node.value:
            if isinstance(item, ScalarNode) and item.style is None:
                warn_of_lists(reading, item)
        return
    written = _as_written(reading, node)
    meant = as_list(written)
    if not meant and re.match(r"-[^\W\d]", written):
        message = 'a blank belongs after the "-" of a list'
        reading.report(
            node,
            message,
            hint=f"write  - {written[1:]}",
            code="list",
            fatal=False,
        )
    if meant:
        message = "this is one text, not a list"
        reading.report(node, message, hint=meant, code="list", fatal=False)


def warn_of_comments(reading: YamlReading, node: Node) -> None:
    """Warn of a text that ends at a # which was meant as a part of it, and of
    a block that has a # as text which was meant as a comment.
    """
    for item in node.value if isinstance(node, SequenceNode) else [node]:
        if not isinstance(item, ScalarNode):
            continue
        if item.style is None:
            _warn_of_cut_text(reading, item)
        elif item.style in ("|", ">"):
            _warn_of_comment_in_block(reading, item)


def _warn_of_cut_text(reading: YamlReading, node: ScalarNode) -> None:
    """A comment mostly has a blank after its #; what has none may be a word."""
    end = node.end_mark.index
    found = re.compile(r"[ \t]+(#\w.*)").match(reading.source.text, end)
    if found is None:
        return
    cut_off = found[1].strip()
    whole = f"{node.value} {cut_off}".replace("'", "''")
    message = f'"{cut_off}" is left out: a # after a blank begins a comment'
    hint = (
        f"put the text in quotes: '{whole}'; a comment has a blank after its #"
    )
    reading.report(node, message, hint=hint, code="comment", fatal=False)


def _warn_of_comment_in_block(reading: YamlReading, node: ScalarNode) -> None:
    """The first line of the block that begins with a #. Comments behind the
    block stand less deep than its first line.
    """
    written = reading.source.text[node.start_mark.index : node.end_mark.index]
    lines = [line for line in written.splitlines()[1:] if line.strip()]
    if not lines:
        return
    indent = re.match(r"[ \t]*", lines[0])
    begins = (indent[0] if indent else "") + "#"
    found = next((line for line in lines if line.startswith(begins)), None)
    if found is None:
        return
    message = f'"{found.strip()}" is searched for: after > or | a # begins no comment'
    hint = "put the comment above the key, or delete the line"
    reading.report(node, message, hint=hint, code="comment", fatal=False)


def _as_written(reading: YamlReading, node: Node) -> str:
    """The text of a scalar with its line breaks, which its value may have
    lost.
    """
    if not isinstance(node, ScalarNode):
        return ""
    if node.style in ("'", '"'):
        return str(node.value)
    text = reading.source.text[
        node.start_mark.index : node.end_mark.index
    ].strip()
    return re.sub(r"^[|>][^\n]*\n", "", text)


def located(reading: YamlReading, node: Node) -> Located:
    """A text with the place of each character."""
    scalar_text(node)
    assert isinstance(node, ScalarNode)
    return locate_characters(reading.source, node)


def block(
    keys: Sequence[Key], *, hints: Mapping[str, str] = MappingProxyType({})
) -> Read:
    """A reader for a nested mapping; gives a dict with the names of `keys`."""
    return lambda reading, node: reading.mapping(node, keys, hints=hints)


def peek(node: Node, name: str) -> str | None:
    """The text under a key, where there is one: for labels and for finding
    duplicates among broken entries.
    """
    for key, value in _pairs(node):
        if key.value == name and isinstance(value, ScalarNode):
            return str(value.value).strip() or None
    return None


def _pairs(node: Node) -> list[tuple[ScalarNode, Node]]:
    """The pairs of a mapping whose keys are texts."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return [pair for pair in pairs if isinstance(pair[0], ScalarNode)]


def key_names(node: Node) -> tuple[str, ...]:
    """The names of a mapping's keys as they are written."""
    return tuple(str(key.value) for key, _ in _pairs(node))


def child(node: Node, name: str) -> Node:
    """The value node under a key, or the mapping itself: where a message about
    that key belongs.
    """
    for key, value in _pairs(node):
        if key.value == name:
            return value
    return node


def with_nodes(
    values: Sequence[str], node: Node
) -> Iterator[tuple[str, Node]]:
    """Each value with the node that says it: an item of a list, else the whole
    node.
    """
    nodes = (
        node.value if isinstance(node, SequenceNode) else [node] * len(values)
    )
    return zip(values, nodes, strict=False)
