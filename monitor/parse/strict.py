"""feedparser's strict parser, led past what costs it most: a third of its
time, for the same readings.

What an element means is feedparser's alone. Taken over here is the way there
for the common case, an element with plain attributes or none, outside inline
markup: expat reports to the parser directly (xml.sax builds four objects per
element on the way), names are resolved once per document, and a dictionary
that looks every key up several times is kept out of the inner loop. Everything
else goes the library's own way. Dates are left as written: `dates` reads them.

Tests hold both readings together, on all documents and on mutations of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import StrictFeedParser
from feedparser.util import FeedParserDict

_SEPARATOR = " "
# where a language is the feed's
_ROOTS = frozenset({"feed", "rss", "rdf:RDF"})
_KEEPS_TEXTINPUT = frozenset({"title", "link", "description", "name"})
_KEEPS_IMAGE = frozenset(
    {"title", "link", "description", "url", "href", "width", "height"}
)
# attributes that hold for what is within, too
_SCOPED = frozenset({"base", "lang"})
_LOWERED = frozenset({"rel", "type"})
# their handlers store what `pop` returns
_RETURNED_ONLY = frozenset({"category", "tags", "itunes_keywords"})
_INLINE = "application/xhtml+xml"
_CP1252 = re.compile("[\x80-\x9f]")
_CP1252_LETTERS = {
    number: bytes([number]).decode("cp1252", "ignore") or chr(number)
    for number in range(0x80, 0xA0)
}
_SEMICOLON = re.compile(r"&([A-Za-z0-9_]+);")

_Method = Callable[..., None]


class _Params(FeedParserDict):  # type: ignore[misc]  # the library has no types
    """What is known of the content at hand.

    Its keys have no other names, so a plain look-up does.
    """

    __getitem__: Any = dict.__getitem__
    __contains__: Any = dict.__contains__
    __setitem__: Any = dict.__setitem__
    get: Any = dict.get


class _Tag:
    """What a document's name for an element stands for, as long as no prefix
    changes its meaning.
    """

    __slots__ = (
        "ends",
        "ends_image",
        "ends_textinput",
        "key",
        "name",
        "plain",
        "starts",
    )

    def __init__(
        self, name: str, parser: type[Any], prefixes: dict[str, str]
    ) -> None:
        prefix, colon, suffix = name.partition(":")
        prefix, suffix = (prefix, suffix) if colon else ("", name)
        prefix = prefixes.get(prefix, prefix)
        self.name, self.key = name, f"{prefix}_{suffix}" if prefix else suffix
        # which are given attributes
        self.plain = name not in _ROOTS and suffix not in (
            "svg",
            "math",
        )
        self.ends_textinput = not prefix and name not in _KEEPS_TEXTINPUT
        self.ends_image = not prefix and name not in _KEEPS_IMAGE
        self.starts: _Method | None = getattr(
            parser, f"_start_{self.key}", None
        )
        self.ends: _Method | None = getattr(parser, f"_end_{self.key}", None)


class _Parser(StrictFeedParser):  # type: ignore[misc]  # the library has no types
    resolve_relative_uris = sanitize_html = False
    contentparams: Any

    def __init__(self) -> None:
        # Told "utf-8", the library would read every text once more as UTF-8
        # where it can: "Maß«" would be "Ma߫".
        super().__init__("", None, "unicode")
        self._tags: dict[str, _Tag] = {}

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        super().track_namespace(prefix, uri)
        self._tags.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins, as expat says it."""
        tag = self._tags.get(name) or self._tag(name)
        own = _own(attributes) if attributes else {}
        if (
            own is None
            or self.decls
            or self.incontent
            or self.baseuri
            or not tag.plain
        ):
            self._start_as_sax(name, attributes)
            return
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        if tag.ends_textinput:
            self.intextinput = 0
        if tag.ends_image:
            self.inimage = 0
        try:
            if tag.starts is not None:
                tag.starts(self, own)
                return
        # as the library has it: a handler that cannot cope stands for none
        except AttributeError:
            pass
        if own:
            self._get_context()[tag.key] = own
        else:
            self.push(tag.key, 1)

    def end(self, name: str) -> None:
        """An element ends, as expat says it."""
        tag = self._tags.get(name) or self._tag(name)
        if self.svgOK:
            self.unknown_endtag(tag.name)
            return
        try:
            if tag.ends is None:
                self.pop(tag.key)
            else:
                tag.ends(self)
        except AttributeError:
            self.pop(tag.key)
        if self.incontent and not self._is_inline_end_over(tag.name):
            return
        bases, languages = self.basestack, self.langstack
        if bases:
            bases.pop()
            if bases and bases[-1]:
                self.baseuri = bases[-1]
        if languages:
            languages.pop()
            if languages:
                self.lang = languages[-1]
        self.depth -= 1

    def handle_data(self, text: str, escape: int = 1) -> None:
        if escape and dict.get(self.contentparams, "type") == _INLINE:
            super().handle_data(text, escape)
        elif self.elementstack:
            self.elementstack[-1][2].append(text)

    def push_content(
        self,
        tag: str,
        attrs_d: dict[str, str],
        default_content_type: str,
        expecting_text: int,
    ) -> None:
        super().push_content(
            tag, attrs_d, default_content_type, expecting_text
        )
        self.contentparams = _Params(self.contentparams)

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        stack, params = self.elementstack, self.contentparams
        if not stack or stack[-1][0] != element:
            return None
        if (
            not self.inentry
            or self.insource
            or not strip_whitespace
            or dict.get(params, "base64")
            or (
                self.version == "atom10"
                and dict.get(params, "type") == _INLINE
            )
        ):
            return super().pop(element, strip_whitespace)
        output = "".join(stack[-1][2]).strip()
        expecting_text = stack.pop()[1]
        if not expecting_text:
            return output
        if (
            output
            and element in self.can_be_relative_uri
            and (element != "id" or self.guidislink)
        ):
            output = self.resolve_uri(output)
        if (
            dict.get(params, "type") == "text/plain"
            and not self.version.startswith("atom")
            and ("<" in output or "&" in output)
            and self.looks_like_html(output)
        ):
            params["type"] = "text/html"
        dict.pop(params, "mode", None)
        dict.pop(params, "base64", None)
        if _CP1252.search(output):
            output = output.translate(_CP1252_LETTERS)
        if element not in _RETURNED_ONLY and not (
            element == "title" and -1 < self.title_depth <= self.depth
        ):
            self._keep(element, output)
        return output

    def _keep(self, element: str, output: str) -> None:
        """Store an item's text where feedparser stores it."""
        entry = self.entries[-1]
        if element == "content":
            entry.setdefault(element, []).append(
                _Params(self.contentparams, value=output)
            )
        elif element == "link":
            if not self.inimage:
                output = (
                    _SEMICOLON.sub(r"&\g<1>", output.replace("&amp;", "&"))
                    if "&" in output
                    else output
                )
                entry[element] = output
                if output:
                    entry["links"][-1]["href"] = output
        else:
            element = "summary" if element == "description" else element
            depths = self.property_depth_map.setdefault(entry, {})
            if depths.get(element, self.depth) >= self.depth:
                depths[element] = self.depth
                entry[element] = output
            if self.incontent:
                entry[element + "_detail"] = _Params(
                    self.contentparams, value=output
                )

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _end_pubdate = _end_issued = _end_published
    _end_modified = _end_lastbuilddate = _end_updated

    def _is_inline_end_over(self, tag: str) -> bool:
        """The library's treatment of inline markup; False where it ends the
        element's treatment.
        """
        if not self.contentparams.get("type", "xml").endswith("xml"):
            if tag in ("xhtml:div", "div"):
                return False
            self.contentparams["type"] = _INLINE
        if self.contentparams.get("type") == _INLINE:
            self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
        return True

    def _tag(self, name: str) -> _Tag:
        uri, local, _ = _parts(name)
        known = self._matchnamespaces.get((uri or "").lower())
        if known:
            local = f"{known}:{local}"
        elif uri:
            prefix = next(
                (
                    prefix
                    for prefix, used in self.namespaces_in_use.items()
                    if prefix and used == uri
                ),
                None,
            )
            local = f"{prefix}:{local}" if prefix else local
        tag = self._tags[name] = _Tag(
            local.lower(), type(self), self.namespacemap
        )
        return tag

    def _start_as_sax(self, name: str, attributes: dict[str, str]) -> None:
        values: dict[tuple[str | None, str], str] = {}
        names: dict[tuple[str | None, str], str] = {}
        for written, value in attributes.items():
            uri, local, prefix = _parts(written)
            values[uri, local] = value
            names[uri, local] = f"{prefix}:{local}" if prefix else local
        self.startElementNS(
            _parts(name)[:2], None, AttributesNSImpl(values, names)
        )


@dataclass(frozen=True, slots=True)
class StrictReading:
    """What feedparser made of a document: its version word, channel fields and
    items.
    """

    version: str
    channel: dict[str, Any]
    items: list[dict[str, Any]]


def read_strictly(text: str) -> StrictReading | None:
    """feedparser's reading of a well-formed document; None for an ill-formed
    one.

    Raises whatever feedparser's handlers raise on odd input. There is no
    document type in `text`, so there are no entities to guard against.
    """
    parser = _Parser()
    reader = expat.ParserCreate("utf-8", _SEPARATOR)
    reader.namespace_prefixes = True
    reader.buffer_text = True
    reader.StartElementHandler = parser.start
    reader.EndElementHandler = parser.end
    reader.CharacterDataHandler = parser.handle_data
    reader.StartNamespaceDeclHandler = parser.startPrefixMapping
    try:
        reader.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return None
    return StrictReading(parser.version, parser.feeddata, parser.entries)


def _own(attributes: dict[str, str]) -> dict[str, str] | None:
    """The attributes as handlers get them; None where one has a namespace or
    says something about all within.
    """
    own: dict[str, str] = {}
    for written, value in attributes.items():
        name = written.lower()
        if name in _SCOPED or _SEPARATOR in name or name.startswith("xmlns"):
            return None
        own[name] = value.lower() if name in _LOWERED else value
    return own


def _parts(name: str) -> tuple[str | None, str, str | None]:
    """Address of the namespace, local name and prefix, from expat's form."""
    parts = name.split()
    if len(parts) == 1:
        return None, name, None
    return parts[0], parts[1], parts[2] if len(parts) == 3 else None
