"""Whether a document is all there, told by its own end, where the transport
that brought it is broken.

Of a body only the first and the last characters are looked at (JSON is read to
its end). What the document says is other rooms' matter.
"""

from __future__ import annotations

import json
import re

# characters before the root element: blank lines, comments, a PHP warning
_HEAD = 64 * 1024
_TAIL = 4096  # behind it: comments, scripts of a counter, blank lines
_ROOT = re.compile(
    rb"<((?:[a-z_][\w.-]{0,60}:)?(?:rss|rdf|feed|urlset|sitemapindex|opml|html))(?=[\s>])",
    re.IGNORECASE,
)
_AGENT = re.compile(rb"^[ \t]*user-agent[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WHOLE_RULE = re.compile(
    rb"[\r\n][ \t]*(?:dis)?allow[ \t]*:[ \t]*/[^\s]*\Z", re.IGNORECASE
)
# how gzip and zstd begin; text does not
_PACKED = re.compile(rb"[^\t\n\r -~\0\xef\xfe\xff]")
_JSON = (b"{", b"[")
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"


def is_complete(body: bytes) -> bool:
    """True for a feed, sitemap, page or JSON document with its end."""
    head = _readable(body[:_HEAD])
    if head.lstrip(_BEFORE_TEXT).startswith(_JSON):
        return _is_json(body)
    root = _ROOT.search(head)
    # a page may leave out where its root begins
    return _has_end(
        body,
        root[1] if root else b"html",
    )


def complete_document(body: bytes) -> bytes:
    """The body where it is a document with its end, else b""."""
    return body if is_complete(body) else b""


def whole_lines(body: bytes) -> bytes:
    """What came of a robots.txt that broke off, up to its last whole line; b""
    where no rule came.

    Such a file has no end of its own. Its lines stand for themselves (RFC
    9309, 2.2), so those that came are obeyed; the file is asked for again
    within a day.
    """
    ends = body.endswith((b"\n", b"\r")) or _WHOLE_RULE.search(body)
    lines = (
        body if ends else body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    )
    return lines if _AGENT.search(lines) else b""


def may_be_a_document(beginning: bytes) -> bool:
    """False for what no feed, page or JSON begins with; packed data may be
    anything.
    """
    head = _readable(beginning[:_HEAD])
    return (
        _PACKED.match(beginning) is not None
        or head.lstrip(_BEFORE_TEXT).startswith(_JSON)
        or _ROOT.search(head) is not None
    )


def has_end(body: bytes | bytearray) -> bool:
    """True where the root's end tag has come, whatever stands around it."""
    root = _ROOT.search(_readable(bytes(body[:_HEAD])))
    return root is not None and _has_end(body, root[1])


def lacks_its_end(body: bytes) -> bool:
    """True for a feed, sitemap or page that is not all there.

    What is none of them cannot be told.
    """
    root = _ROOT.search(_readable(body[:_HEAD]))
    return root is not None and not _has_end(body, root[1])


def _readable(part: bytes) -> bytes:
    """UTF-16 has a NUL beside every letter of a tag; elsewhere NULs are dirt."""
    return part.replace(b"\0", b"")


def _has_end(body: bytes | bytearray, name: bytes) -> bool:
    end = re.compile(rb"</" + re.escape(name) + rb"\s*>", re.IGNORECASE)
    return end.search(_readable(bytes(body[-_TAIL:]))) is not None


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
