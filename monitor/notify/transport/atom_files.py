"""Atom feeds as files in a folder, one for each topic, for any web server or
reader on the machine to pick up.
"""

from __future__ import annotations

import re
from pathlib import Path

from monitor.notify.transport.eml_files import keep_file, not_written
from monitor.types.output import Email, SendResult, SendState

_UPDATED = re.compile(rb"<updated>([^<]+)</updated>")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class AtomFiles:
    """A `Mailer` whose messages are whole feeds. A late retry never replaces a
    newer feed.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` may be missing."""
        self._folder = folder

    def send(self, email: Email, *, handing_over: object = None) -> SendResult:
        """Write `subject`.xml whole, or leave the newer one that is there. A
        repeat overwrites.
        """
        if not _NAME.fullmatch(email.subject):
            return SendResult(
                SendState.REJECTED, f"no file name: {email.subject!r}"
            )
        path = self._folder / f"{email.subject}.xml"
        try:
            if path.exists() and _updated(path.read_bytes()) > _updated(
                email.raw
            ):
                return SendResult(SendState.SENT, f"{path} is newer")
        except OSError as error:
            return not_written(path, error)
        return keep_file(path, email.raw)

    def close(self) -> None:
        """Nothing is open between two feeds."""


def _updated(feed: bytes) -> bytes:
    """The feed's own time, which sorts as text: it stands before those of its
    entries.
    """
    found = _UPDATED.search(feed)
    return found[1] if found else b""
