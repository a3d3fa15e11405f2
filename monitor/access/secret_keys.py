"""Random keys of sessions and tokens, their hashes, and names that are kept
only as keyed hashes.

A key has 256 random bits, so a plain hash is enough: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_PREFIX = "monitor_"  # noqa: S105  # no secret: scanners of code find leaked tokens by it
SALT_LENGTH = 16  # characters
LONGEST_KEY = 200  # characters; ours have 43


def make_key() -> str:
    """A new key for a cookie."""
    return secrets.token_urlsafe(32)


def make_token() -> str:
    """A new token for a program."""
    return TOKEN_PREFIX + make_key()


def key_hash(key: str) -> str:
    """What is stored of a key or token."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def keyed_hash(secret: str, text: str) -> str:
    """What is stored of a text that could be guessed, such as a name or an
    address.
    """
    return hmac.new(
        secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def make_form_token(secret: str, bound_to: str) -> str:
    """What a form must send back. New each time, so that compression gives
    none away (BREACH).
    """
    salt = secrets.token_urlsafe(SALT_LENGTH)[:SALT_LENGTH]
    return salt + keyed_hash(secret, f"form:{salt}:{bound_to}")


def is_form_token(secret: str, bound_to: str, token: str) -> bool:
    """Whether we made this token for the same visitor."""
    salt, said = token[:SALT_LENGTH], token[SALT_LENGTH:]
    due = keyed_hash(secret, f"form:{salt}:{bound_to}")
    return hmac.compare_digest(said.encode("utf-8", "replace"), due.encode())
