"""Emails as .eml files in a folder: the default of a first run, which needs no
mail server.

Any mail program opens them. The same email always has the same file name, so
that a repeat overwrites.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from monitor.language.slugs import ascii_slug
from monitor.types.output import Email, SendResult, SendState

_SLUG = 60  # characters
_ID_DIGITS = 8


class FileMailer:
    """A `Mailer` that writes files. Makes its folder when the first email
    comes.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` may be missing."""
        self._folder = folder

    def send(self, email: Email, *, handing_over: object = None) -> SendResult:
        """Write one file, whole and on disk, or none. The reply is its path. A
        full disk is temporary.

        Nothing is handed over in doubt: a repeat overwrites.
        """
        return keep_file(self._folder / eml_file_name(email), email.raw)

    def close(self) -> None:
        """Nothing is open between two emails."""


def eml_file_name(email: Email) -> str:
    """The subject in plain letters, and digits from Message-ID and recipient:
    "ukraine-2-meldungen-3fd1c0a2.eml".
    """
    slug = ascii_slug(email.subject, _SLUG)
    keys = f"{email.message_id}\x1f{email.recipient}".encode(
        "utf-8", "backslashreplace"
    )
    return (
        f"{slug or 'mail'}-{hashlib.sha256(keys).hexdigest()[:_ID_DIGITS]}.eml"
    )


def keep_file(path: Path, content: bytes) -> SendResult:
    """Whether the file is there now; its folder is made where it is missing."""
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        return not_written(path, error)
    return SendResult(SendState.SENT, str(path))


def not_written(path: Path, error: OSError) -> SendResult:
    """The disk did not take it, for now."""
    return SendResult(
        SendState.TEMPORARY, f"cannot write {path}: {error.strerror or error}"
    )


def _write(path: Path, content: bytes) -> None:
    """Replace `path` in one step; the content and its name are on disk when
    this returns.
    """
    handle, temporary = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.stem[:_SLUG]}-", suffix=".tmp"
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last; where a system cannot do that for folders, the
    file itself is safe.
    """
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
