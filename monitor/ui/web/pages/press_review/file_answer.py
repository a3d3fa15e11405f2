"""A file of a press review as an answer, under a policy of its own."""

from __future__ import annotations

import base64
import hashlib
import re

from flask import Response

from monitor.press_review.files import MEDIA_TYPES
from monitor.types.press_review import ReviewFile

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def file_answer(file: ReviewFile) -> Response:
    """A press review as a file: Word is saved, the others are shown."""
    response = Response(file.body, content_type=MEDIA_TYPES[file.format])
    shown = "attachment" if file.format == "docx" else "inline"
    response.headers["Content-Disposition"] = (
        f'{shown}; filename="{file.name}"'
    )
    response.headers["Digest"] = f"sha-256={_as_base64(file.digest)}"
    if file.format == "html":
        response.headers["Content-Security-Policy"] = _policy(file.body)
    return response


def _policy(body: bytes) -> str:
    """Nothing runs in the file, nothing comes from elsewhere; its own style
    and picture do.
    """
    styles = [
        hashlib.sha256(found[1]).digest() for found in _STYLE.finditer(body)
    ]
    sources = " ".join(
        f"'sha256-{base64.b64encode(style).decode()}'" for style in styles
    )
    return (
        f"default-src 'none'; style-src {sources}; img-src data:; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    )


def _as_base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()
