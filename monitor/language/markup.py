"""HTML made safe for a parser that knows neither void elements of HTML 5 nor
what was never closed.

libxml2 takes `<embed>` and `<source>` for elements with an end, so that the
text behind them would be their content, and go when they go. The same befalls
what stands behind an `<object>`, `<iframe>` or `<script>` that nobody closed.
Here void elements are closed where they begin, and an opening tag without its
end is taken out.

Linear in the text. Not known here: which elements are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# HTML Living Standard, 13.1.2: the void elements, with the older ones that
# browsers treat alike. Those that libxml2 knows by itself (br, img, link,
# meta, ...) need no help.
_VOID = frozenset(
    {
        "embed",
        "source",
        "track",
        "wbr",
        "keygen",
        "bgsound",
        "command",
        "image",
        "spacer",
    }
)
# Elements whose content is no markup: they end at their first end tag.
_RAW = frozenset(
    {
        "script",
        "style",
        "iframe",
        "noembed",
        "noframes",
        "textarea",
        "title",
        "xmp",
    }
)
_NESTING = frozenset(
    {
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
        "svg",
        "math",
        "select",
        "template",
        "noscript",
        "datalist",
    }
)
_CODE = frozenset({"script", "style"})

_NAMES = "|".join(sorted(_VOID | _RAW | _NESTING, key=len, reverse=True))
_MAYBE = re.compile(rf"<(?:{_NAMES})(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(
    rf"<!--(?:>|->|.*?(?:-->|\Z))|<(/?)({_NAMES})(?=[\s/>])((?>(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+'|\"[^\"]{{0,200}}\"|'[^']{{0,200}}'|[\"'])*))>",
    re.IGNORECASE | re.DOTALL,
)
# Where the code of a script without an end is over: code may hold "<", but
# hardly one of these.
_AFTER_CODE = re.compile(
    r"<(?:/?(?:p|div|br|h[1-6]|ul|ol|li|table|tr|td|article|section|figure|blockquote|html|body|main)"
    r"|/(?:span|a|b|i|em|strong|head))(?=[\s/>])|\Z",
    re.IGNORECASE,
)
_IS_CODE = re.compile(r"[{};=]|//|\(\)")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of the markup and what stands there instead."""

    start: int
    end: int
    text: str = ""


@dataclass(slots=True)
class _Scan:
    """The tags of one text, from the first to the last."""

    markup: str
    edits: list[_Edit] = field(default_factory=list)
    open: dict[str, list[re.Match[str]]] = field(default_factory=dict)
    unended: set[str] = field(default_factory=set)
    # where the next sign of code stands, and where code is over: looked for
    # once
    code_at: int = -1
    over_at: int = -1

    def end_of_code(self, start: int) -> int:
        """Where the code that begins at `start` is over: at `start` itself
        where plain words follow.
        """
        if self.over_at < start:
            over = _AFTER_CODE.search(self.markup, start)
            self.over_at = over.start() if over else len(self.markup)
        if self.code_at < start:
            sign = _IS_CODE.search(self.markup, start)
            self.code_at = sign.start() if sign else len(self.markup)
        return self.over_at if self.code_at < self.over_at else start


def closed(markup: str) -> str:
    """`markup` with void elements closed, and without opening tags that have
    no end.
    """
    if not _MAYBE.search(markup):
        return markup
    scan = _Scan(markup)
    position = 0
    while tag := _TAG.search(markup, position):
        position = _take(scan, tag)
    left = [tag for tags in scan.open.values() for tag in tags]
    scan.edits += [_Edit(tag.start(), tag.end()) for tag in left]
    return _edited(markup, scan.edits)


def _take(scan: _Scan, tag: re.Match[str]) -> int:
    """Note what one tag asks for; returns where to go on."""
    if tag[2] is None:
        return tag.end()  # a comment
    name = tag[2].lower()
    ends_itself = tag[3].endswith("/")
    if name in _VOID:
        text = "" if tag[1] else f"<{name}{tag[3].rstrip('/')} />"
        scan.edits.append(_Edit(tag.start(), tag.end(), text))
    elif tag[1]:
        if scan.open.get(name):
            scan.open[name].pop()
    elif ends_itself:
        # Well-formed XHTML; as HTML the slash says nothing.
        scan.edits.append(_Edit(tag.start(), tag.end()))
    elif name in _RAW:
        return _behind_raw(scan, tag, name)
    else:
        scan.open.setdefault(name, []).append(tag)
    return tag.end()


def _behind_raw(scan: _Scan, tag: re.Match[str], name: str) -> int:
    """Where the element's content, which is no markup, is over.

    One without an end is taken out, with its code.
    """
    end = (
        None
        if name in scan.unended
        else _END_TAGS[name].search(scan.markup, tag.end())
    )
    if end is not None:
        return end.end()
    scan.unended.add(name)
    has_code = name in _CODE and "src" not in tag[3].lower()
    stop = scan.end_of_code(tag.end()) if has_code else tag.end()
    scan.edits.append(_Edit(tag.start(), stop))
    return stop


_END_TAGS = {
    name: re.compile(rf"</{name}(?=[\s/>])[^<>]*+>?", re.IGNORECASE)
    for name in _RAW
}


def _edited(markup: str, edits: list[_Edit]) -> str:
    return "".join(_pieces(markup, sorted(edits, key=lambda edit: edit.start)))


def _pieces(markup: str, edits: list[_Edit]) -> Iterator[str]:
    done = 0
    for edit in edits:
        if edit.start >= done:
            yield markup[done : edit.start]
            yield edit.text
            done = edit.end
    yield markup[done:]
