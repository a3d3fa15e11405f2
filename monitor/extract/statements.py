"""What a page may state of its article for machines, in whichever notation.
Values only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ARTICLE_TYPES = frozenset(
    {
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "Report",
        "ScholarlyArticle",
        "TechArticle",
    }
)
"""Types of schema.org that are an article."""


@dataclass(frozen=True, slots=True)
class Author:
    """A name as declared, and whether it was declared to be a person."""

    name: str
    person: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """The page's own article as its JSON-LD or microdata describes it.

    Empty values where nothing is said.
    """

    types: tuple[str, ...] = ()
    headline: str = ""
    description: str = ""
    body: str = ""
    authors: tuple[Author, ...] = ()
    published: str = ""
    modified: str = ""
    section: str = ""
    language: str = ""
    image: str = ""
    free: bool | None = None


@dataclass(frozen=True, slots=True)
class Structured:
    """Everything machine-readable of a page.

    `meta` maps a lower-case name or property to its first content.
    """

    article: Node = Node()
    microdata: Node = Node()
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def by_letters(self) -> dict[str, str]:
        """`meta` by the letters and digits of the names: systems write dc.date
        and dc-date.
        """
        found: dict[str, str] = {}
        for name, value in self.meta.items():
            found.setdefault(re.sub(r"[^a-z0-9]", "", name), value)
        return found

    def first_meta(self, *names: str) -> str:
        """The first of these meta values that is not empty."""
        return next(
            (self.meta[name] for name in names if self.meta.get(name)), ""
        )
