"""Names of accounts and tokens: one spelling for each."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80  # characters
_NAME = re.compile(r"[^\W_][\w.@+ -]*")


def account_name(written: str) -> str:
    """The name in the one spelling that is stored, or "" where it can be none.

    Letter case and the way to write an umlaut do not count.
    """
    name = unicodedata.normalize("NFKC", written).strip().lower()
    return name if len(name) <= LONGEST and _NAME.fullmatch(name) else ""
