"""The field names of the query language, and what people write instead of them in other tools."""

from __future__ import annotations

import difflib
from typing import get_args

from monitor.query.tree import FilterField
from monitor.types.match import Part

PARTS: tuple[Part, ...] = get_args(Part)
FILTERS: tuple[FilterField, ...] = get_args(FilterField)

# Names from Meltwater, Brandwatch, Cision, Kibana and German, each with the field that does the
# same here.
_FOREIGN = {
    "headline": "title",
    "titel": "title",
    "überschrift": "title",
    "subject": "title",
    "ingress": "lead",
    "teaser": "lead",
    "summary": "lead",
    "description": "lead",
    "vorspann": "lead",
    "body": "text",
    "content": "text",
    "message": "text",
    "inhalt": "text",
    "volltext": "text",
    "feed": "source",
    "outlet": "source",
    "publisher": "source",
    "sourcename": "source",
    "quelle": "source",
    "medium": "source",
    "language": "lang",
    "sprache": "lang",
    "land": "country",
    "location": "country",
    "byline": "author",
    "autor": "author",
    "section": "category",
    "rubrik": "category",
    "ressort": "category",
    "tag": "category",
    "site": "url",
    "host": "url",
    "domain": "url",
    "link": "url",
    "links": "url",
    "inurl": "url",
    "https": "url",
    "http": "url",
}
_TIMES = {
    "date",
    "published",
    "published_at",
    "publisheddate",
    "timestamp",
    "@timestamp",
    "since",
    "until",
    "datum",
}
_ALL = (*PARTS, *FILTERS)


def is_field(name: str) -> bool:
    """Whether this language or another tool has a field of this name."""
    low = name.casefold()
    return low in _ALL or low in _FOREIGN


def field_hint(name: str) -> str:
    """What to write instead of the unknown field `name`."""
    low = name.casefold()
    if low in _TIMES:
        return "times are not part of a query: choose them beside it (since, until)"
    if low in _FOREIGN:
        return f"write {_FOREIGN[low]}:"
    near = difflib.get_close_matches(low, [*_ALL, *_FOREIGN], n=1, cutoff=0.6)
    if near:
        return f"did you mean {_FOREIGN.get(near[0], near[0])}: ?"
    return f"fields are {', '.join(_ALL)}; to search for the words themselves, put them in quotes"
