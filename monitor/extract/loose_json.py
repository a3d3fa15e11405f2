"""JSON as pages hold it, read as far as it goes. Knows nothing of what it
says.
"""

from __future__ import annotations

import json
import re

COMMENT = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*\Z",
    re.DOTALL,
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def read_json(text: str) -> object:
    """Parsed JSON; after repair of the usual faults; or the first complete
    value of it; or None.
    """
    text = COMMENT.sub("", text).strip().rstrip(";")
    repaired = TRAILING_COMMA.sub(r"\1", BAD_ESCAPE.sub(r"\\\\", text))
    for candidate in (text, repaired):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        value: object = json.JSONDecoder(strict=False).raw_decode(repaired)[0]
    except (ValueError, RecursionError):
        return None
    return value
