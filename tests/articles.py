"""Made-up articles for tests, by fields whichever part of an article has them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from monitor.types.article import Article, Content, CurrentState, Provenance

_PARTS = {"content": Content, "provenance": Provenance, "state": CurrentState}


def changed(article: Article, **changes: Any) -> Article:
    """The article with these fields."""
    for name, kind in _PARTS.items():
        own = {
            each.name: changes.pop(each.name)
            for each in fields(kind)
            if each.name in changes
        }
        if own:
            changes[name] = replace(getattr(article, name), **own)
    return replace(article, **changes)


def make_article(number: int, *, at: datetime, **changes: Any) -> Article:
    """An article without words that was seen and published at that time."""
    provenance = Provenance("blatt", "Blatt", at, at, "feed")
    url = f"https://zeitung.example/{number}"
    blank = Article(
        number, url, f"doc-{number}", Content("", "", ""), provenance
    )
    return changed(blank, **changes)
