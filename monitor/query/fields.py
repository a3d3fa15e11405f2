"""The field names of the query language, and what people write instead of them
in other tools.
"""

from __future__ import annotations

import difflib
from typing import get_args

from monitor.query.foreign import HEAD_AND_LEAD
from monitor.query.tree import FilterField
from monitor.types.match import Part

PARTS: tuple[Part, ...] = get_args(Part)
FILTERS: tuple[FilterField, ...] = get_args(FilterField)

# Names from Meltwater, Brandwatch, Cision, Kibana and German, each with the
# field that does the same here.
_FOREIGN = {
    "headline": "title",
    "intitle": "title",
    "titel": "title",
    "überschrift": "title",
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
    "intext": "text",
    "feed": "source",
    "outlet": "source",
    "publisher": "source",
    "publication": "source",
    "sourcename": "source",
    "quelle": "source",
    "medium": "source",
    "language": "lang",
    "sprache": "lang",
    "sourcecountry": "country",
    "land": "country",
    "byline": "author",
    "autor": "author",
    "section": "category",
    "rubrik": "category",
    "ressort": "category",
    "site": "url",
    "host": "url",
    "domain": "url",
    "domainurl": "url",
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
# Fields that none of ours means the same as, each with what can be said
# instead.
_ELSEWHERE = {
    "allintitle": "write title:(a AND b)",
    "inurl": "url: takes a host and the beginning of a path: url:nw.de/kreis-herford",
    "http": "write url: before an address without http://",
    "https": "write url: before an address without https://",
    "link": "links in articles are not searched; url: is the article's own address",
    "links": "links in articles are not searched; url: is the article's own address",
    "location": "places are searched as words; country: is the outlet's, such as country:de",
    "subject": "index terms are not part; title: is the headline, category: the section",
    "tag": "tags of people are not part; category: is the section that feed or article names",
    "raw": "cs() compares letters as written: cs(BILD)",
    "topics": "a topic is chosen beside the query, not in it",
    "topic_names": "a topic is chosen beside the query, not in it",
    "title.keyword": 'whole headlines are not compared; title:"a b" finds these words in them',
    "region": "a region is chosen beside the query, not in it",
}
_ALL = (*PARTS, *FILTERS)


def is_field(name: str) -> bool:
    """Whether this language or another tool has a field of this name."""
    low = name.casefold()
    return (
        low in _ALL
        or low in _FOREIGN
        or low in _ELSEWHERE
        or low == HEAD_AND_LEAD
    )


def filter_named(name: str) -> FilterField | None:
    """The filter of this name, in small letters."""
    return next((known for known in FILTERS if known == name), None)


def field_hint(name: str) -> str:
    """What to write instead of the unknown field `name`."""
    low = name.casefold()
    if low in _TIMES:
        return "times are not part of a query: choose them beside it (since, until)"
    if low in _ELSEWHERE:
        return _ELSEWHERE[low]
    if low in _FOREIGN:
        return f"write {_FOREIGN[low]}:"
    near = difflib.get_close_matches(low, [*_ALL, *_FOREIGN], n=1, cutoff=0.7)
    if near:
        return f"did you mean {_FOREIGN.get(near[0], near[0])}: ?"
    return f"fields are {', '.join(_ALL)}; to search for the words themselves, put them in quotes"
