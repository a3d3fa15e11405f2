"""From bytes to the text of a feed document: what kind it is, its true encoding, its root element.

Everything before the root element is cut off: blank lines, a PHP warning, the document type with its entities. So no
parser behind this ever sees an entity declaration, and nothing can be expanded or loaded. A reference to a declared
entity stays in the text as it was written.

Not known here: items, dates, what a field means.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html import unescape

from monitor.language.hygiene import one_line
from monitor.types.feed import NotAFeed, Problem

_ROOT = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,60}:)?(rss|rdf|feed|urlset|sitemapindex|channel))(?=[\s>/])", re.ASCII | re.IGNORECASE
)
_PROLOG = re.compile(r"(?:[\s\ufeff]++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+")
_DOCTYPE = re.compile(r"<!DOCTYPE\s", re.IGNORECASE)
_HTML_START = re.compile(r"<(?:!DOCTYPE\s++html\b|html\b)", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,1000})", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"<(?:html|head|body|div|p|br|script|meta|title|table|h1|center|link|a(?=\s)|base|style|section|main|header|noscript|iframe)\b",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"^[\s\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+(%\s+)?[^\s\"'>]+\s+(?:\"([^\"]*+)\"|'([^']*+)'|(SYSTEM|PUBLIC)\b)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?!#)|%")

# UTF-8 and the Latin family need no codec by name: see `_decode`. Other names that Python knows as text codecs
# (punycode, unicode_escape, utf-7) are slow or surprising and no feed's.
_OTHER_CHARSETS = re.compile(
    r"(?:iso-?8859-(?:[2-9]|1[0-6])|latin-?[2-9]|windows-125[013-8]|cp125[013-8]|koi8-[ru]|macintosh|mac-?roman"
    r"|big5|gb(?:2312|k|18030)|euc-(?:jp|kr)|shift_jis|utf-?(?:16|32)(?:[lb]e)?)",
    re.IGNORECASE,
)
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("utf-32-le", rb"(?:[\t\n\r ]\0\0\0){0,99}[<{\[]\0\0\0"),
        ("utf-32-be", rb"(?:\0\0\0[\t\n\r ]){0,99}\0\0\0[<{\[]"),
        ("utf-16-le", rb"(?:[\t\n\r ]\0){0,99}[<{\[]\0"),
        ("utf-16-be", rb"(?:\0[\t\n\r ]){0,99}\0[<{\[]"),
    )
)
_STRAY = re.compile("[\udc80-\udcff]+")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))

_MAGIC = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x28\xb5\x2f\xfd")
_SAMPLE = 4096
_TITLE_WITHIN = 64 * 1024  # characters of a page
_TITLE_LENGTH = 100
_JUNK_LIMIT = 64 * 1024  # characters before the root element; longer prologs were never seen
_ENTITY_LIMIT = 1000  # characters of one entity's text, and declarations in all; HTML's own list has 253


@dataclass(frozen=True, slots=True)
class Document:
    """Text from the root element on, without characters that XML forbids. `root` is its local name in lower case."""

    text: str
    root: str
    problems: tuple[Problem, ...] = ()


def read_document(body: bytes, *, content_type: str) -> Document | NotAFeed:
    """Find the root element of a feed or sitemap, or say what the bytes are instead.

    JSON yields a document with the root "json"; whether it is a feed is not judged here.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return NotAFeed("empty", "the body is empty")
    text = decode(body, content_type=content_type)
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if text[start : start + 1] in ("{", "["):
        return Document(text[start:], "json")
    if _HTML_START.match(text, start):
        return _page(text[start : start + _TITLE_WITHIN])
    root = _ROOT.search(text, start, start + _JUNK_LIMIT)
    if root is None:
        return _something_else(body, text[start : start + _SAMPLE])
    before = text[start : root.start()]
    if "<!ENTITY" in before.upper() and (bomb := _entity_bomb(text[start : root.end() + _ENTITY_LIMIT], len(before))):
        return NotAFeed("xml", bomb)
    problems = []
    if before and not _DOCTYPE.match(before):
        problems.append(Problem("leading-junk", f"{len(before)} characters before the root element"))
    elif "<!ENTITY" in before.upper():
        problems.append(Problem("entities", "entity declarations are ignored"))
    return Document(text[root.start() :], root[2].lower(), tuple(problems))


def decode(body: bytes, *, content_type: str = "") -> str:
    """Text in the encoding that the bytes are in, whatever was declared; no controls but tab and line breaks.

    A byte order mark wins, then valid UTF-8, then a declared encoding outside the Latin family. What is left is UTF-8
    with stray Windows-1252 bytes, or Windows-1252 altogether: both are read right by taking valid sequences as UTF-8
    and every other byte as Windows-1252 (in German text, its letters never form a valid sequence by chance).
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _tidy(body[len(mark) :].decode(name, "replace"))
    if wide := _wide_charset(body):
        return _tidy(body.decode(wide, "replace"))
    body = body.translate(None, _CONTROLS)
    try:
        return _without_noncharacters(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.match(body)
    charset = _CHARSET.search(content_type)
    for name in (declared[1].decode("ascii", "replace") if declared else "", charset[1] if charset else ""):
        if _OTHER_CHARSETS.fullmatch(name):
            return _tidy(body.decode(name, "replace"))
    return _without_noncharacters(_STRAY.sub(_as_cp1252, body.decode("utf-8", "surrogateescape")))


def _wide_charset(body: bytes) -> str | None:
    """The encoding of a document in UTF-16 or UTF-32 without a byte order mark, by its first character "<" or "{"."""
    return next((name for name, start in _WIDE if start.match(body)), None)


def _as_cp1252(stray: re.Match[str]) -> str:
    raw = stray[0].encode("utf-8", "surrogateescape")
    return "".join(bytes([byte]).decode("cp1252", "replace") for byte in raw)


def _tidy(text: str) -> str:
    return _without_noncharacters(text.encode("utf-8", "replace").translate(None, _CONTROLS).decode("utf-8"))


def _without_noncharacters(text: str) -> str:
    return text.replace("\ufffe", "").replace("\uffff", "")


def _entity_bomb(prolog: str, length: int) -> str | None:
    """Why these declarations can only be meant to blow up, or None: nested, parameter or very long entities.

    `length` is where the root element was found: a declaration that reaches beyond it hides a false one.
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
    """A page is named by its title: "Anmelden" and "Just a moment..." say why there is no feed."""
    title = _TITLE.search(text)
    shown = one_line(unescape(title[1]), _TITLE_LENGTH) if title else ""
    return NotAFeed("html", f"an HTML page, not a feed: “{shown}”" if shown else "an HTML page, not a feed")


def _something_else(body: bytes, sample: str) -> NotAFeed:
    raw = body[:_SAMPLE]
    controls = 0 if _wide_charset(body) else len(raw) - len(raw.translate(None, _CONTROLS))
    if body.startswith(_MAGIC) or controls * 50 > len(raw):
        return NotAFeed("binary", "neither text nor a feed")
    if _HTML_TAG.match(sample) or (not sample.startswith("<") and _HTML_TAG.search(sample)):
        return _page(sample)
    if sample.startswith("<"):
        return NotAFeed("xml", "XML without the root element of a feed or sitemap")
    return NotAFeed("text", "plain text, not a feed")
