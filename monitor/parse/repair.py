"""Makes ill-formed feed documents readable without losing a whole item.

First small repairs of the text: bare ampersands, HTML's named entities,
forbidden character references, undeclared prefixes. Where that is not enough,
the document is taken apart into its head and its items, so that one broken
item (or the end of a truncated answer) costs nothing but itself; of a broken
item, whole fields are kept.

Everything is linear in the text. Not known here: fields, dates, the feed
library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from monitor.language.charset import undoubled

# A document above these sizes is refused: the feed library needs about 25 µs
# per element. elements and attributes; 2,000 items of 30 fields have 60,000
ELEMENT_LIMIT = 150_000
NAMESPACE_LIMIT = 500
DEPTH_LIMIT = 500
# of one element: Python's SAX layer is quadratic in them
ATTRIBUTE_LIMIT = 200

# 50,000 records, the most that sitemaps.org allows, of 20; they are read
# faster
SITEMAP_ELEMENT_LIMIT = 1_000_000

_ITEM_START = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,60}:)?(?:item|entry))(?=[\s>/])",
    re.IGNORECASE | re.ASCII,
)
_RECORD_START = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,60}:)?(?:url|sitemap))(?=[\s>/])",
    re.IGNORECASE | re.ASCII,
)
_OPEN_TAG = re.compile(
    r"<([^\s<>/]+)(?>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*)>"
)
_REFERENCES = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(#?\w{0,32}+;?)", re.DOTALL
)
_FIELD = re.compile(
    r"<(title|link|guid|id|pubdate|published|updated|description|summary|content(?::encoded)?|author|name|category"
    r"|dc:creator|dc:date|dc:subject|loc|lastmod|image:loc|news:(?:title|publication_date|keywords|language))(?=[\s>/])[^<>]*+>",
    re.IGNORECASE,
)
_HREF = re.compile(
    r"\shref\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE
)
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*+):")
_KNOWN_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


class TooComplex(ValueError):
    """More elements, namespaces or levels than any feed needs."""


def fault_of(text: str, *, limit: int = ELEMENT_LIMIT) -> str | None:
    """What makes the text ill-formed XML, in the parser's words; None where
    nothing does. Raises TooComplex.
    """
    elements = namespaces = depth = 0

    def start(_name: str, attributes: list[str]) -> None:
        nonlocal elements, depth
        elements += 1 + len(attributes) // 2
        depth += 1
        if (
            elements > limit
            or depth > DEPTH_LIMIT
            or len(attributes) > 2 * ATTRIBUTE_LIMIT
        ):
            raise TooComplex(
                f"more than {limit} elements, {DEPTH_LIMIT} levels or {ATTRIBUTE_LIMIT} attributes"
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def namespace(_prefix: str | None, _uri: str) -> None:
        nonlocal namespaces
        namespaces += 1
        if namespaces > NAMESPACE_LIMIT:
            raise TooComplex(f"more than {NAMESPACE_LIMIT} namespaces")

    parser = expat.ParserCreate("utf-8", " ")
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartNamespaceDeclHandler = namespace
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return str(error)
    return None


def repaired(text: str) -> str:
    """The text with references, prefixes and what stands after the root put
    right.

    Order and items stay.
    """
    text = undoubled(_REFERENCES.sub(_right_reference, text))
    opening = _OPEN_TAG.match(text)
    if opening is None:
        return text
    close = f"</{opening[1]}>"
    end = text.rfind(close)
    if end >= 0:
        text = text[: end + len(close)]
    declared = opening[0]
    used = set(_PREFIX.findall(text)) - {"xml", "xmlns"}
    missing = [
        prefix for prefix in sorted(used) if f"xmlns:{prefix}" not in declared
    ]
    added = "".join(map(_declaration, missing[:NAMESPACE_LIMIT]))
    at = opening.end(1)
    return text[:at] + added + text[at:]


def _declaration(prefix: str) -> str:
    address = _KNOWN_PREFIXES.get(prefix.lower(), f"urn:undeclared:{prefix}")
    return f' xmlns:{prefix}="{address}"'


def _right_reference(match: re.Match[str]) -> str:
    """One reference: XML's own and legal characters stay, HTML's names become
    their letter, the rest an ampersand.
    """
    name = match[1]
    if name is None or name in ("amp;", "lt;", "gt;", "quot;", "apos;"):
        return match[0]
    if not name.endswith(";"):
        return f"&amp;{name}"
    char = html.unescape(match[0])
    if name.startswith("#"):
        is_control = char < " " and char not in "\t\n\r"
        return "" if is_control or char == match[0] else _escaped(char)
    return f"&amp;{name}" if char.startswith("&") else _escaped(char)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\ufffd", "")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A document taken apart: `head`, any of the items and `tail` are a
    document. `cut_off` items had no end.

    Every item is well-formed: of a broken one, the fields that can be told
    apart are left.
    """

    head: str
    items: tuple[str, ...]
    tail: str
    cut_off: int


def split_at_items(text: str, *, sitemap: bool = False) -> Pieces | None:
    """Take the document apart at its items' tags, trusting nothing else.

    None where there is no whole item.
    """
    opening = _OPEN_TAG.match(text)
    start_tag = _RECORD_START if sitemap else _ITEM_START
    first = start_tag.search(text, opening.end()) if opening else None
    if opening is None or first is None:
        return None
    name = first[1]
    extents = list(_extents(text, name, first.start()))
    whole = [text[start:end] for start, end in extents if end is not None]
    if not whole:
        return None
    frame = (opening[0], f"</{opening[1]}>")
    items = [
        item if is_sound(item.join(frame)) else _rebuilt(item, name)
        for item in whole
    ]
    head, tail = _around(text[: first.start()], opening)
    return Pieces(head, tuple(items), tail, cut_off=len(extents) - len(whole))


def _extents(
    text: str, name: str, at: int
) -> Iterator[tuple[int, int | None]]:
    """Where each item begins and ends; None for one without an end."""
    tags = re.compile(rf"<(?P<closes>/?){re.escape(name)}(?=[\s>/])[^<>]*+>")
    begun = None
    for tag in tags.finditer(text, at):
        if tag[0].endswith("/>"):
            continue
        if begun is not None:
            yield begun, tag.end() if tag["closes"] else None
        begun = None if tag["closes"] else tag.start()
    if begun is not None:
        yield begun, None


def _around(head: str, opening: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind the items. RDF closes its channel before
    them, RSS after them.
    """
    lower = head.lower()
    open_channel = lower.rfind("<channel") > max(lower.rfind("</channel"), 0)
    tail = ("</channel>" if open_channel else "") + f"</{opening[1]}>"
    if not is_sound(head + tail):
        head = opening[0] + ("<channel>" if open_channel else "")
    return head, tail


def is_sound(text: str) -> bool:
    """True for well-formed XML of ordinary size. Never raises."""
    try:
        return fault_of(text) is None
    except TooComplex:
        return False


def _rebuilt(item: str, name: str) -> str:
    """A well-formed item of the fields that have a beginning and an end, each
    field as character data.
    """
    lower, fields, position = item.lower(), [], 0
    unended: set[str] = set()
    while field := _FIELD.search(item, position):
        position = field.end()
        tag = field[1].lower()
        if tag == "link" and (href := _HREF.search(field[0])):
            address = html.unescape(href[1] or href[2] or "")
            fields.append(
                f'<link href="{_escaped(address).replace(chr(34), "&quot;")}"/>'
            )
            continue
        end = -1 if tag in unended else lower.find(f"</{tag}", position)
        if end < 0:
            unended.add(tag)
            continue
        inner = item[position:end]
        if "<![CDATA[" in inner:
            inner = inner.replace("<![CDATA[", "").replace("]]>", "")
        else:
            inner = html.unescape(inner)
        fields.append(f"<{tag}>{_escaped(inner)}</{tag}>")
        position = end
    return f"<{name}>{''.join(fields)}</{name}>"


def limited(text: str, limit: int) -> tuple[str, int]:
    """At most `limit` items, and how many were left out: the first and the
    last half stay.

    Most feeds list the newest item first, some last: from neither may news be
    lost.
    """
    first = _ITEM_START.search(text)
    close = f"</{first[1]}>" if first else ""
    count = text.count(close) if first else 0
    if count <= limit:
        return text, 0
    head_end = position = 0
    for number in range(count - limit // 2):
        position = text.index(close, position) + len(close)
        if number == limit - limit // 2 - 1:
            head_end = position
    return text[:head_end] + text[position:], count - limit
