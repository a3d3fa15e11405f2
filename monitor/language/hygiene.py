"""Text as it may be stored, matched, indexed and mailed: decoded once, NFC,
without controls or invisible tricks.

One routine for every text that comes from outside, so that the matcher, the
index and the mail see the same letters. What is removed: C0 and C1 controls,
bidirectional overrides and isolates, zero-width characters and the soft
hyphen, tag characters, surrogates and noncharacters. Kept: variation
selectors, and the zero-width joiner between two emoji. Every function is total
(no text makes it raise), linear in its input, and capped.

Not known here: feeds, pages, mail. Relative links are resolved by their
callers.
"""

from __future__ import annotations

import html
import re
import unicodedata

import ada_url
from lxml import etree

from monitor.language.charset import undoubled
from monitor.language.markup import closed

# characters; the longest real German headlines stay under 250
LINE_LIMIT = 500
TEXT_LIMIT = 200_000  # characters; a book-length live blog is about half of it
# characters; RFC 9110 asks for at least 8000 octets, but no article address
# needs half of that
URL_LIMIT = 4096

# Markup and entities shrink when they are cleaned; more raw characters than
# this per kept one are not looked at.
_RAW_FACTOR = 8
_RAW_SLACK = 4096

# Characters between which a joiner makes one picture. None of them changes
# under NFC, or joiners could be left alone.
_EMOJI = (
    "\u2195-\u2199\u21a9\u21aa\u2300-\u2328\u232b-\u23ff\u25aa-\u27bf\u2b05-\u2b55"
    "\ufe0f\U0001f000-\U0001faff"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
    f"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
)
# Those of the invisible that Python calls printable; str.isprintable tells all
# others, ten times faster than a search.
_PRINTABLE_INVISIBLE = (
    "\u034f",
    "\u115f",
    "\u1160",
    "\u17b4",
    "\u17b5",
    "\u180b",
    "\u180c",
    "\u180d",
    "\u3164",
    "\uffa0",
)

# More combining marks in a row than the Unicode stream-safe format allows (30)
# are an attack ("zalgo"): they make normalising quadratic, which shows only in
# long lines. No German letter carries more than two. The first expression is
# the cheap test before.
_MAYBE_MARKS = re.compile("[^\x00-\u02ff]{31}")
_MARKS = re.compile(rb"[^\x00]{9,}")
_MARKS_KEPT = 8
_SHORT_LINE = 500

# what the WHATWG's parser begins so has a host
_WEB = ("http://", "https://")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN = re.compile(
    r"<(script|style)\b.*?(?:</\1[^<>]*+>|\Z)", re.DOTALL | re.IGNORECASE
)
_LINE_TAG = re.compile(r"</?[a-zA-Z][^<>]*+>")
_LINE_BLOCK = re.compile(
    r"<(?:br|/?p|/?div|/?li|/?h[1-6])\b[^<>]*+>", re.IGNORECASE
)

# Called per tag: end of a paragraph, end of a table cell, element without
# readable text. What is in <noscript> and <object> is for readers without
# scripts and players, as those of a feed are.
_is_block = re.compile(
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li"
    "|main|nav|ol|option|p|pre|section|table|tbody|tfoot|thead|tr|ul"
).fullmatch
_is_cell = re.compile("t[dh]").fullmatch
_is_dropped = re.compile(
    "script|style|template|iframe|embed|svg|math|head|title|textarea|select|canvas"
).fullmatch
# A well-formed tag whose attributes hold no angle bracket: its end is certain
# without a parser. Atomic, so linear.
_TAG = re.compile(
    r"</?([a-zA-Z][a-zA-Z0-9]*+)"
    r"(?>(?:\s++[^\s<>\"'=/]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>]++))?)*)\s*+/?>"
)
_MARKUP_LEFT = re.compile(r"<[a-zA-Z/!?]")
# What is an entity still after it was decoded once. A letter's touches another
# letter.
_LETTER = (
    r"&(?:[A-Za-z](?:uml|acute|grave|circ|cedil|ring|tilde|caron)|szlig|aelig|AElig|oslash|Oslash"
    r"|oelig|OElig|shy|#(?:1[6-9]\d|2[0-4]\d|25[0-5]));"
)
_MARK = (
    r"&(?:amp|nbsp|quot|apos|[lrsb]dquo|[lrsb]squo|[lr]aquo|[lr]saquo|[nm]dash|hellip|bull|middot"
    r"|euro|sect|para|deg|#(?:0?3[49]|160|82\d\d|8364|x20[0-3][0-9a-f]));"
)
_TWICE = re.compile(rf"(?<=[^\W\d_]){_LETTER}|{_LETTER}(?=[^\W\d_])|{_MARK}")
# times that entities are decoded again: each system on the way may escape once
_MOST_ESCAPES = 3
# "<p danach", which nobody ended: with "=" in it, it is a tag cut short, else
# words follow the tag.
_UNENDED = re.compile(
    r"<(/?[a-zA-Z][a-zA-Z0-9]*+)(?>(?:\s*+/)?)([^<>=]*+)(?=<|\Z)"
)
_IS_TEXT_TAG = re.compile(
    "/?(?:a|abbr|address|article|b|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figcaption"
    "|figure|font|h[1-6]|hr|i|ins|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup"
    "|table|tbody|td|tfoot|th|thead|tr|u|ul)",
    re.IGNORECASE,
).fullmatch
_BLANK_LINE = re.compile(r"\n\s*\n")
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>?")


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """A title or name that may hold markup: tags dropped, entities decoded
    exactly once, then as `one_line`.
    """
    text = text[: limit * _RAW_FACTOR + _RAW_SLACK]
    if "<" in text:
        text = _HIDDEN.sub(" ", _COMMENT.sub("", closed(text)))
        text = _LINE_TAG.sub("", _LINE_BLOCK.sub(" ", text))
    return one_line(_decode(text), limit)


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Plain text as one tidy line, cut at a word boundary with an ellipsis.

    Idempotent; decodes nothing.
    """
    return _cap(_tidy(text[: limit * _RAW_FACTOR + _RAW_SLACK]), limit)


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Plain text with one paragraph per line: every line break starts a
    paragraph. Idempotent; decodes nothing.
    """
    lines = map(_tidy, text[: limit * _RAW_FACTOR + _RAW_SLACK].splitlines())
    return _cap("\n".join(filter(None, lines)), limit)


def visible_text(text: str) -> str:
    """Text that is tidy already, without characters that show nothing or turn
    what others show (bidirectional overrides). Lines stay.
    """
    return _INVISIBLE.sub("", text)


def plain_text(markup: str, limit: int = TEXT_LIMIT) -> str:
    """The text of an HTML fragment, one paragraph per line; entities decoded
    once, scripts and styles dropped.

    Where there is no markup at all, blank lines separate paragraphs; elsewhere
    line breaks of the source are spaces.
    """
    markup = markup[: limit * _RAW_FACTOR + _RAW_SLACK]
    if "<" not in markup:
        paragraphs = [markup]
        if "\n" in markup:
            paragraphs = _BLANK_LINE.split("\n".join(markup.splitlines()))
        lines = (
            _decode(" ".join(paragraph.split())) for paragraph in paragraphs
        )
        return clean_text("\n".join(lines), limit)
    markup = _UNENDED.sub(_ended, " ".join(markup.split()))
    dropped = False

    def replacement(match: re.Match[str]) -> str:
        nonlocal dropped
        name = match[1].lower()
        dropped = dropped or _is_dropped(name) is not None
        return _separator(name)

    text = _TAG.sub(replacement, markup)
    if dropped or _MARKUP_LEFT.search(text):
        return clean_text(_parsed_text(closed(markup)), limit)
    return clean_text(_decode(text), limit)


def safe_url(url: str) -> str | None:
    """An absolute http(s) address in the WHATWG's serialisation (pure ASCII,
    no spaces or controls), or None.
    """
    if not url or len(url) > URL_LIMIT:
        return None
    try:
        href = ada_url.URL(url).href
    except (ValueError, UnicodeError):
        return None
    return href if href.startswith(_WEB) and len(href) <= URL_LIMIT else None


def _ended(tag: re.Match[str]) -> str:
    """An opening tag that nobody ended, ended before the words that follow it."""
    return f"<{tag[1]}>{tag[2]}" if _IS_TEXT_TAG(tag[1]) else tag[0]


def _separator(tag: str) -> str:
    if _is_block(tag):
        return "\n"
    return " " if _is_cell(tag) else ""


def decoded_again(text: str) -> str:
    """Text with entities decoded that were escaped twice or more
    ("Spa&amp;szlig;"): those of letters within words, of quotes, dashes and
    signs.

    Brackets and lone letters stay: somebody writes of HTML.
    """
    for _ in range(_MOST_ESCAPES):
        if "&" not in text:
            return text
        text = _TWICE.sub(lambda found: html.unescape(found[0]), text)
    return text


def _decode(text: str) -> str:
    return (
        undoubled(decoded_again(html.unescape(text))) if "&" in text else text
    )


def _tidy(line: str) -> str:
    """One line in NFC: runs of white space (line breaks too) are one space,
    invisible characters are gone.
    """
    line = " ".join(line.split())
    if not line.isprintable() or any(
        char in line for char in _PRINTABLE_INVISIBLE
    ):
        line = " ".join(_INVISIBLE.sub("", line).split())
    if line.isascii():
        return line
    if len(line) > _SHORT_LINE and _MAYBE_MARKS.search(line):
        line = _without_mark_towers(line)
    return unicodedata.normalize("NFC", line)


def _without_mark_towers(text: str) -> str:
    classes = bytes(map(unicodedata.combining, text))
    kept = []
    start = 0
    for run in _MARKS.finditer(classes):
        kept.append(text[start : run.start() + _MARKS_KEPT])
        start = run.end()
    kept.append(text[start:])
    return "".join(kept)


def _cap(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    cut = text[: limit - 1]
    boundary = max(cut.rfind(" "), cut.rfind("\n"))
    if boundary >= limit // 2 and not text[len(cut)].isspace():
        cut = cut[:boundary]
    return cut.rstrip().rstrip("\u200d") + "…"


def _parsed_text(markup: str) -> str:
    """Text of markup that needs a parser: comments, scripts, brackets inside
    attributes.
    """
    try:
        root = etree.HTML(
            f"<div>{markup.translate(_NOT_XML)}</div>",
            parser=etree.HTMLParser(no_network=True),
        )
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    text = _tree_text(root) if root is not None else ""
    if text.strip():
        return text
    # The parser gives up below some depth and returns nothing; scripts and
    # comments are out first all the same.
    return _decode(
        _ANY_TAG.sub("\n", _HIDDEN.sub(" ", _COMMENT.sub("", markup)))
    )


_NOT_XML = dict.fromkeys(
    [
        *range(0x00, 0x09),
        0x0B,
        *range(0x0E, 0x20),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    ]
)


def _tree_text(root: etree._Element) -> str:
    pieces: list[str] = []
    skipping = 0
    for event, node in etree.iterwalk(
        root, events=("start", "end", "comment", "pi")
    ):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            skipping += _is_dropped(name) is not None
            pieces.append(_separator(name))
            if not skipping and node.text:
                pieces.append(node.text)
            continue
        if event == "end":
            skipping -= _is_dropped(name) is not None
            pieces.append(_separator(name))
        if not skipping and node.tail:
            pieces.append(node.tail)
    return "".join(pieces)
