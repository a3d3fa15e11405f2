"""Turns the bytes of a page into a tree that every later step can walk: is it
HTML at all, how deep.

Knows nothing of articles. What is not a web page comes back as a value that
says what it is instead.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlProcessingInstruction,
    document_fromstring,
)

from monitor.language.charset import CONTROLS, decode, wide_charset
from monitor.language.markup import closed
from monitor.types.page import ExtractFailed, PageTask

# what fetch lets through at most; beyond it someone forgot a limit
MAX_BYTES = 20 * 1024 * 1024
MAX_ELEMENTS = 150_000  # the longest live tickers have some 30,000
MAX_DEPTH = 100  # real pages reach 40; C code below recurses over the tree
# libxml2 stops at 2048 and drops the rest of the document without a word
PARSER_DEPTH = 2040
DOCUMENT_EMPTY = 4  # XML_ERR_DOCUMENT_EMPTY
HEAD_BYTES = 8192

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
WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
BINARY_SHARE = 50  # a control in so many bytes is no text any more
FEED_ROOT = re.compile(
    rb"<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE
)
PROLOG = re.compile(
    rb"\A\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*",
    re.DOTALL | re.IGNORECASE,
)
HTML_START = re.compile(
    rb"<(?:!DOCTYPE\s+html|html|head|body)[\s>/]", re.IGNORECASE
)
HTML_ROOT = re.compile(
    rb"<(?:html|head|body|article|main|div|p|h1)[\s>/]", re.IGNORECASE
)
ONE_CLASS = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction
)
"""lxml.html asks a Python function for the class of every element, to tell
forms and their fields from others. Nobody here fills in forms, and pages have
thousands of elements.
"""
COUNT = etree.XPath("count(descendant-or-self::*)")
# the root itself is the first
AT_MAX_DEPTH = etree.XPath("/".join("*" * (MAX_DEPTH - 1)))
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
WRAPPERS = (
    "div",
    "span",
    "section",
    "article",
    "main",
    "font",
    "center",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "small",
)
NESTING = (
    *WRAPPERS,
    "blockquote",
    "table",
    "tbody",
    "tr",
    "td",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "a",
    "ins",
    "del",
)
NESTING_TAG = re.compile(
    rf"</?(?:{'|'.join(NESTING)})(?:\s[^<>]*)?>", re.IGNORECASE
)


def load(task: PageTask) -> HtmlElement | ExtractFailed:
    """The page's tree without comments, at most MAX_DEPTH deep in its
    wrappers; or what the bytes are instead.
    """
    if not task.body or task.body.isspace():
        return ExtractFailed("empty", "the page has no bytes")
    if len(task.body) > MAX_BYTES:
        return ExtractFailed(
            "too_large",
            f"the page has {len(task.body)} bytes, more than {MAX_BYTES}",
        )
    other = _not_html(task.body)
    if other:
        return ExtractFailed("not_html", other)
    return _parse(decode(task.body, task.content_type))


def _not_html(body: bytes) -> str:
    """What the bytes are if they are no web page, else "".

    The declared type is not believed: servers guess.
    """
    magic = next((name for start, name in MAGIC if body.startswith(start)), "")
    if magic or body.startswith(WIDE_BOMS) or wide_charset(body):
        return magic
    start = body.removeprefix(codecs.BOM_UTF8)[:HEAD_BYTES]
    text = start.translate(None, CONTROLS)
    if _is_binary(start, text):
        return "binary data"
    start = text
    if start.lstrip()[:1] in (b"{", b"["):
        return "JSON"
    prolog = PROLOG.match(start)
    root = start[prolog.end() if prolog else 0 :]
    feed = FEED_ROOT.match(root)
    if feed:
        return f"a feed or sitemap ({feed.group(1).decode('ascii')})"
    return "" if HTML_ROOT.search(body) else "text without any HTML"


def _is_binary(start: bytes, text: bytes) -> bool:
    """Whether the first bytes have too many controls; `text` is without them.

    NULs do not count where markup begins: databases and templates pad with
    them.
    """
    controls = len(start) - len(text)
    if HTML_START.match(text.lstrip()):
        controls -= start.count(0)
    return controls * BINARY_SHARE > len(start)


def _parse(text: str) -> HtmlElement | ExtractFailed:
    declaration = XML_DECLARATION.match(text)
    text = closed(text[declaration.end() :] if declaration else text)
    try:
        tree, cut = _tree(text)
        if cut:
            # Deeper than libxml2 goes: the text is worth more than the
            # nesting.
            tree, cut = _tree(NESTING_TAG.sub("\n", text))
    except etree.XMLSyntaxError as error:
        if error.code == DOCUMENT_EMPTY:
            return ExtractFailed("empty", "the page has no elements")
        # A recovering HTML parser has no syntax errors: this is how lxml
        # reports that libxml2 got no memory.
        raise MemoryError from error
    except etree.LxmlError as error:
        return ExtractFailed(
            "not_html", f"the parser found no document: {error}"[:300]
        )
    if cut:
        return ExtractFailed(
            "too_deep", f"nested deeper than {PARSER_DEPTH} elements"
        )
    flatten(tree)
    _show_shadows(tree)
    if COUNT(tree) > MAX_ELEMENTS:
        return ExtractFailed(
            "too_large", f"the page has more than {MAX_ELEMENTS} elements"
        )
    return tree


def _tree(text: str) -> tuple[HtmlElement, bool]:
    """The parsed document, and whether the parser gave up in its depth."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        collect_ids=False,
    )
    parser.set_element_class_lookup(ONE_CLASS)
    tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    cut = any(
        entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log
    )
    return tree, cut


def _show_shadows(tree: HtmlElement) -> None:
    """Make plain blocks of declarative shadow roots (HTML Living Standard,
    4.12.3): browsers show them, other templates they do not.
    """
    for template in list(tree.iter("template")):
        if template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"


def flatten(tree: HtmlElement) -> None:
    """Dissolve wrappers below MAX_DEPTH, keeping paragraphs, headings, links
    and all text.
    """
    for element in AT_MAX_DEPTH(tree):
        etree.strip_tags(element, *NESTING)
