"""Our types as JSON for machines: times in ISO 8601 with zone, durations in
seconds, one document per command.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from datetime import date, datetime, timedelta
from typing import Any

from monitor.types.json_names import JSON_NAME


def to_json(value: Any, *, ascii_only: bool = False) -> str:
    """JSON text of any of our values; umlauts stay readable where the output
    can hold them.
    """
    return json.dumps(_plain(value), ensure_ascii=ascii_only, indent=2)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.metadata.get(JSON_NAME, field.name): _plain(
                getattr(value, field.name)
            )
            for field in dataclasses.fields(value)
        }
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return list(map(_plain, value))
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def plain_cell(value: object) -> object:
    """A text that a spreadsheet does not run as a formula (OWASP, CSV
    injection).
    """
    return (
        f"'{value}"
        if isinstance(value, str) and value[:1] in "=+-@\t\r" and value
        else value
    )
