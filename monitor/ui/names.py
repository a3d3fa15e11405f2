"""Names as people type them: by name or id, in any case, with near ones where
nothing fits.

Pure; knows no file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from monitor.errors import ConfigError

LARGEST_NUMBER = 2**63 - 1
"""Of a row, in both databases; nothing has a larger one."""
NEAR = 0.6
MOST_NEAR = 3
"""How alike a near name is, as difflib counts; below it a hint misleads."""

Known = Mapping[str, Sequence[str]]
"""Ids, each with the other names it goes by."""


def find_name(wanted: str, known: Known) -> str | None:
    """The id that `wanted` names, whatever its case; None where there is none."""
    asked = wanted.strip().casefold()
    if wanted in known:
        return wanted
    by_id = next((each for each in known if each.casefold() == asked), None)
    return by_id or next(
        (
            each
            for each, names in known.items()
            if asked in {name.casefold() for name in names}
        ),
        None,
    )


def named(kind: str, wanted: str, known: Known, *, listed_by: str) -> str:
    """As `find_name`. Raises ConfigError with the nearest names, or with the
    command that lists all of them.
    """
    found = find_name(wanted, known)
    if found is None:
        near = near_names(wanted, known)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else f"see {listed_by}"
        )
        raise ConfigError(f'there is no {kind} "{wanted}"', hint=hint)
    return found


def near_names(wanted: str, known: Known) -> list[str]:
    """The ids whose id or name is most like `wanted`, the nearest first."""
    by_name = {
        name.casefold(): each
        for each, names in known.items()
        for name in (each, *names)
    }
    asked = wanted.strip().casefold()
    near = difflib.get_close_matches(asked, by_name, n=MOST_NEAR, cutoff=NEAR)
    near += [name for name in _with(asked, by_name) if name not in near]
    return list(dict.fromkeys(by_name[name] for name in near))[:MOST_NEAR]


def _with(part: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if len(part) > 2 and part in name]
