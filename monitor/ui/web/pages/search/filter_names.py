"""The names in the filters of a search: in any case, by id or by name; unknown
ones are errors with near names, not lists without hits.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.known_names import is_indexed, read_known_names
from monitor.ui.names import Known, find_name, near_names
from monitor.ui.web.pages.search.parameters import SearchParameters
from monitor.ui.web.web_kit import web_kit

FILTERS = {
    "topic": "topics",
    "outlet": "outlets",
    "region": "regions",
    "cites": "cites",
}
"""Parameters whose values are names, and their filters in a request."""


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that nothing has. `near` are values that do exist."""

    parameter: str
    value: str
    near: tuple[str, ...]


def resolve_names(
    asked: SearchParameters,
) -> tuple[SearchParameters, tuple[UnknownName, ...]]:
    """The same search with ids in place of names, and the names that nothing
    has.
    """
    if not any(getattr(asked, parameter) for parameter in FILTERS):
        return asked, ()
    names = read_known_names(web_kit().database)
    known: dict[str, Known] = {
        "topic": names.topics,
        "outlet": names.outlets,
        "region": names.regions,
        "cites": names.outlets,
    }
    found: dict[str, tuple[str, ...]] = {}
    unknown: list[UnknownName] = []
    for parameter in FILTERS:
        values = []
        for value in getattr(asked, parameter):
            there = _find(parameter, value, known[parameter])
            if there is None:
                near = near_names(value, known[parameter])
                unknown.append(UnknownName(parameter, value, tuple(near)))
            values.append(there or value)
        found[parameter] = tuple(values)
    return asked.model_copy(update=found), tuple(unknown)


def _find(parameter: str, value: str, known: Known) -> str | None:
    there = find_name(value, known)
    # A text may cite whom no feed is of; agencies are no feeds either.
    if parameter == "cites" and there is not None and there != value:
        return (
            value
            if is_indexed(web_kit().index, FILTERS[parameter], value)
            else there
        )
    if there is None and is_indexed(
        web_kit().index, FILTERS[parameter], value
    ):
        return value
    return there
