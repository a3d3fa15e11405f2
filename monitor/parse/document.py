"""From bytes to the text of a feed document: what kind it is, and its root
element.

Everything before the root element is cut off: blank lines, a PHP warning, the
document type with its entities. So no parser behind this ever sees an entity
declaration, and nothing can be expanded or loaded. A reference to a declared
entity stays in the text as it was written.

Not known here: items, dates, what a field means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from lxml import etree

from monitor.language.charset import CONTROLS, decode, wide_charset
from monitor.language.hygiene import one_line
from monitor.types.feed import NotAFeed, Problem

_ROOT = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,60}:)?(rss|rdf|feed|urlset|sitemapindex|channel))(?=[\s>/])",
    re.ASCII | re.IGNORECASE,
)
_BEFORE = re.compile(r"[\s\ufeff]++|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s", re.IGNORECASE)
_HTML_START = re.compile(r"<(?:!DOCTYPE\s++html\b|html\b)", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,1000})", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"<(?:html|head|body|div|p|br|script|meta|title|table|h1|center|link|a(?=\s)|base|style|section|main|header|noscript|iframe)\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"<!ENTITY\s+(%\s+)?[^\s\"'>]+\s+(?:\"([^\"]*+)\"|'([^']*+)'|(SYSTEM|PUBLIC)\b)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?!#)|%")

_MAGIC = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x28\xb5\x2f\xfd",
)
_SAMPLE = 4096
_TITLE_WITHIN = 64 * 1024  # characters of a page
_TITLE_LENGTH = 100
# characters before the root element; longer prologs were never seen
_JUNK_LIMIT = 64 * 1024
# characters of one entity's text, and declarations in all; HTML's own list
# has 253
_ENTITY_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """Text from the root element on, without characters that XML forbids.

    `root` is its local name in lower case.
    """

    text: str
    root: str
    problems: tuple[Problem, ...] = ()


def read_document(body: bytes, *, content_type: str) -> XmlDocument | NotAFeed:
    """Find the root element of a feed or sitemap, or say what the bytes are
    instead.

    JSON yields a document with the root "json"; whether it is a feed is not
    judged here.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return NotAFeed("empty", "the body is empty")
    text = decode(body, content_type)
    start = _after_prolog(text)
    if text[start : start + 1] in ("{", "["):
        return XmlDocument(text[start:], "json")
    if _HTML_START.match(text, start):
        return _page(text[start : start + _TITLE_WITHIN])
    root = _ROOT.search(text, start, start + _JUNK_LIMIT)
    if root is None:
        return _something_else(body, text[start : start + _SAMPLE])
    before = text[start : root.start()]
    if "<!ENTITY" in before.upper():
        bomb = _entity_bomb(
            text[start : root.end() + _ENTITY_LIMIT], len(before)
        )
        if bomb:
            return NotAFeed("xml", bomb)
    return XmlDocument(
        text[root.start() :], root[2].lower(), _problems(before)
    )


def _after_prolog(text: str) -> int:
    """Where blanks, processing instructions and comments end."""
    end = 0
    while found := _BEFORE.match(text, end):
        end = found.end()
    return end


def _problems(before: str) -> tuple[Problem, ...]:
    """What is odd about the characters before the root element."""
    if before and not _DOCTYPE.match(before):
        detail = f"{len(before)} characters before the root element"
        return (Problem("leading-junk", detail),)
    if "<!ENTITY" in before.upper():
        return (Problem("entities", "entity declarations are ignored"),)
    return ()


def _entity_bomb(prolog: str, length: int) -> str | None:
    """Why these declarations can only be meant to blow up, or None: nested,
    parameter or very long entities.

    `length` is where the root element was found: a declaration that reaches
    beyond it hides a false one.
    """
    count = 0
    for match in _ENTITY.finditer(prolog):
        count += 1
        value = match[2] or match[3] or ""
        if match[1] and not match[4]:
            return "the document declares parameter entities"
        if _REFERENCE.search(value):
            return "the document declares nested entities"
        if match.end() > length:
            return "the document's entity declarations are ill-formed"
        if len(value) > _ENTITY_LIMIT or count > _ENTITY_LIMIT:
            return "the document declares oversized entities"
    return (
        None
        if count == prolog[:length].upper().count("<!ENTITY")
        else "the document's entity declarations are ill-formed"
    )


def _page(text: str) -> NotAFeed:
    """A page is named by its title: "Anmelden" and "Just a moment..." say why
    there is no feed.
    """
    title = _TITLE.search(text)
    shown = one_line(unescape(title[1]), _TITLE_LENGTH) if title else ""
    return NotAFeed(
        "html",
        f"an HTML page, not a feed: “{shown}”"
        if shown
        else "an HTML page, not a feed",
    )


def _something_else(body: bytes, sample: str) -> NotAFeed:
    raw = body[:_SAMPLE]
    controls = (
        0
        if wide_charset(body)
        else len(raw) - len(raw.translate(None, CONTROLS))
    )
    if body.startswith(_MAGIC) or controls * 50 > len(raw):
        return NotAFeed("binary", "neither text nor a feed")
    if _HTML_TAG.match(sample) or (
        not sample.startswith("<") and _HTML_TAG.search(sample)
    ):
        return _page(sample)
    if sample.startswith("<"):
        return NotAFeed(
            "xml", "XML without the root element of a feed or sitemap"
        )
    return NotAFeed("text", "plain text, not a feed")


def xml_tree(text: str) -> etree._Element | None:
    """What of a text can be read as XML; None where nothing can.

    The document type is already gone, so there are no entities; the options
    say it again for whoever changes that.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
