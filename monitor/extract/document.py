"""Turns the bytes of a page into a tree that every later step can walk: is it HTML at all, in which charset, how deep.

Knows nothing of articles. What is not a web page comes back as a value that says what it is instead.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.types.page import ExtractFailed, PageTask

MAX_BYTES = 20 * 1024 * 1024  # what fetch lets through at most; beyond it someone forgot a limit
MAX_ELEMENTS = 150_000  # the longest live tickers have some 30,000
MAX_DEPTH = 100  # real pages reach 40; C code below recurses over the tree
PARSER_DEPTH = 2040  # libxml2 stops at 2048 and drops the rest of the document without a word
DOCUMENT_EMPTY = 4  # XML_ERR_DOCUMENT_EMPTY
HEAD_BYTES = 8192  # a charset must stand in the first 1,024 bytes; real pages are less strict

MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP or office file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF media file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"OggS", "an Ogg media file"),
    (b"ID3", "an MP3 file"),
    (b"\xd0\xcf\x11\xe0", "an old office file"),
    (b"{\\rtf", "an RTF document"),
)
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
FEED_ROOT = re.compile(rb"<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
PROLOG = re.compile(rb"\A\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*", re.DOTALL | re.IGNORECASE)
HTML_ROOT = re.compile(rb"<(?:html|head|body|article|main|div|p|h1)[\s>/]", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
ESCAPED = re.compile("[\udc80-\udcff]")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)
WRAPPERS = ("div", "span", "section", "article", "main", "font", "center", "b", "i", "u", "em", "strong", "small")
NESTING = (*WRAPPERS, "blockquote", "table", "tbody", "tr", "td", "ul", "ol", "li", "dl", "dd", "a", "ins", "del")
NESTING_TAG = re.compile(rf"</?(?:{'|'.join(NESTING)})(?:\s[^<>]*)?>", re.IGNORECASE)


def load(task: PageTask) -> HtmlElement | ExtractFailed:
    """The page's tree without comments, at most MAX_DEPTH deep in its wrappers; or what the bytes are instead."""
    if not task.body.strip():
        return ExtractFailed("empty", "the page has no bytes")
    if len(task.body) > MAX_BYTES:
        return ExtractFailed("too_large", f"the page has {len(task.body)} bytes, more than {MAX_BYTES}")
    other = _not_html(task.body)
    if other:
        return ExtractFailed("not_html", other)
    return _parse(decode(task.body, task.content_type))


def _not_html(body: bytes) -> str:
    """What the bytes are if they are no web page, else "". The declared type is not believed: servers guess."""
    magic = next((name for start, name in MAGIC if body.startswith(start)), "")
    if magic or any(body.startswith(bom) for bom, _ in BOMS[1:]):
        return magic
    start = body.removeprefix(codecs.BOM_UTF8)[:HEAD_BYTES]
    if b"\x00" in start[:1024]:
        return "binary data"
    if start.lstrip()[:1] in (b"{", b"["):
        return "JSON"
    prolog = PROLOG.match(start)
    root = start[prolog.end() if prolog else 0 :]
    feed = FEED_ROOT.match(root)
    if feed:
        return f"a feed or sitemap ({feed.group(1).decode('ascii')})"
    return "" if HTML_ROOT.search(body) else "text without any HTML"


def decode(body: bytes, content_type: str = "") -> str:
    """The page as text: a byte order mark wins, then valid UTF-8, then the header's charset, then the page's own.

    Valid UTF-8 with an umlaut cannot be an accident, so it beats what is declared. A UTF-8 page with some broken bytes
    (a pasted Latin-1 quote) keeps its umlauts: only the broken bytes are read as Windows-1252.
    """
    for bom, name in BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    escaped = body.decode("utf-8", "surrogateescape")
    broken = len(ESCAPED.findall(escaped))
    if broken == 0:
        return escaped
    multibyte = sum(1 for c in escaped if ord(c) > 127) - broken
    if multibyte < broken:
        for declared in _declared(body, content_type):
            try:
                return body.decode(declared)
            except (LookupError, UnicodeDecodeError):
                continue
    return ESCAPED.sub(lambda m: bytes([ord(m.group()) - 0xDC00]).decode("cp1252", "replace"), escaped)


def _declared(body: bytes, content_type: str) -> list[str]:
    header = HEADER_CHARSET.search(content_type)
    meta = META_CHARSET.search(body[:HEAD_BYTES])
    names = [header.group(1) if header else "", meta.group(1).decode("ascii", "replace") if meta else ""]
    # Browsers read Latin-1 and ASCII as Windows-1252, so pages "in Latin-1" have its quotes and dashes.
    superset = {
        "iso-8859-1": "cp1252",
        "iso8859-1": "cp1252",
        "latin1": "cp1252",
        "latin-1": "cp1252",
        "us-ascii": "cp1252",
    }
    return [superset.get(name.lower(), name) for name in names if name]


def _parse(text: str) -> HtmlElement | ExtractFailed:
    text = NOT_XML.sub("", XML_DECLARATION.sub("", text, count=1))
    try:
        tree, cut = _tree(text)
        if cut:
            # Deeper than libxml2 goes: the text is worth more than the nesting.
            tree, cut = _tree(NESTING_TAG.sub("\n", text))
    except etree.XMLSyntaxError as error:
        if error.code == DOCUMENT_EMPTY:
            return ExtractFailed("empty", "the page has no elements")
        # A recovering HTML parser has no syntax errors: this is how lxml reports that libxml2 got no memory.
        raise MemoryError from error
    except etree.LxmlError as error:
        return ExtractFailed("not_html", f"the parser found no document: {error}"[:300])
    if cut:
        return ExtractFailed("too_deep", f"nested deeper than {PARSER_DEPTH} elements")
    flatten(tree)
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return ExtractFailed("too_large", f"the page has more than {MAX_ELEMENTS} elements")
    return tree


def _tree(text: str) -> tuple[HtmlElement, bool]:
    """The parsed document, and whether the parser gave up in its depth."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False)
    tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    cut = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return tree, cut


def flatten(tree: HtmlElement) -> None:
    """Dissolve wrappers below MAX_DEPTH, keeping paragraphs, headings, links and all text."""
    deep, depth = [], 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == MAX_DEPTH:
            deep.append(element)
    for element in deep:
        etree.strip_tags(element, *NESTING)
