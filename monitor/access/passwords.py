"""Hashes and checks passwords with Argon2id (RFC 9106)."""

from __future__ import annotations

import functools
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
"""OWASP's Password Storage Cheat Sheet: 19 MiB, two passes. More would cost
the daemon memory.
"""

SHORTEST, LONGEST = 12, 1_000  # characters
_ONE_AT_A_TIME = threading.Lock()
"""A flood of logins must take neither the memory nor the cores that polling
and alerts need.
"""


class WeakPassword(ValueError):
    """A password that nobody should use, and why."""


def check_password(password: str, *, name: str) -> None:
    """Raise WeakPassword for one that is too short, too long, or too near to
    the name.

    Length counts, not signs and digits (NIST SP 800-63B, 3.1.1.2).
    """
    if len(password) < SHORTEST:
        raise WeakPassword(f"it has fewer than {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword(f"it has more than {LONGEST} characters")
    if not password.isprintable():
        raise WeakPassword("it has control characters")
    if len(set(password.lower().replace(name.lower(), ""))) < SHORTEST // 3:
        raise WeakPassword("it repeats the name or a few characters")


def make_password() -> str:
    """A random one of 96 bits."""
    return secrets.token_urlsafe(12)


def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters."""
    with _ONE_AT_A_TIME:
        return _hasher().hash(_normal(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password has this hash. "" is no password's hash, and takes
    as long to say.
    """
    decoy = _decoy()
    with _ONE_AT_A_TIME:
        try:
            _hasher().verify(
                password_hash or decoy, _normal(password[:LONGEST])
            )
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash) and len(password) <= LONGEST


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher().check_needs_rehash(password_hash)


def _normal(password: str) -> bytes:
    """One form for what keyboards write in several: ä may come as one
    character or as two.
    """
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


@functools.cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES
    )


@functools.cache
def _decoy() -> str:
    """A hash of nothing that anybody knows."""
    return hash_password(secrets.token_urlsafe(32))
