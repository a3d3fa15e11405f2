"""What `show` says of one article: its text, and where each fact of it comes
from.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from monitor.types.article import Article
from monitor.ui.say import Say


def article_view(article: Article, say: Say) -> Group:
    """One article with its provenance."""
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(article, say):
        if value:
            facts.add_row(Text(say(f"show.{name}"), style="dim"), Text(value))
    body = (
        Text(article.content.title, style="bold"),
        facts,
        Text(),
        Text(article.content.lead, style="italic"),
        Text(article.content.text),
    )
    return Group(*body, *_from_feeds(article, say))


def _facts(article: Article, say: Say) -> Iterator[tuple[str, str]]:
    yield (
        "outlet",
        f"{article.provenance.outlet} ({', '.join(article.provenance.feeds)})",
    )
    yield "address", article.url
    yield (
        "published",
        say(
            "show.dated",
            when=say.moment(article.provenance.published_at),
            source=_why(article, say),
        ),
    )
    yield (
        "page_date",
        say.moment(article.provenance.page_date)
        if article.provenance.page_date
        else "",
    )
    yield "modified", _modified(article, say)
    yield "found", say.moment(article.provenance.first_seen_at)
    yield "authors", ", ".join(article.content.authors)
    yield "agency", article.content.agency or ""
    yield "cites", ", ".join(article.content.cites)
    yield "section", article.content.section or ""
    yield "language", article.content.language
    kind = (
        say.outcome(article.content.kind),
        say.phrase(article.content.note),
    )
    yield "kind", " – ".join(part for part in kind if part)
    yield "text", _extent(article, say)
    yield "canonical", article.provenance.canonical_url or ""
    yield "image", article.content.image_url or ""
    yield "version", _version(article, say)
    yield "page_title", article.content.page_title
    yield "feed_title", " | ".join(article.content.feed_title.split("\n"))
    yield "topics", ", ".join(_topics(article, say))
    copies = say.count("common.articles", article.copies)
    yield "story", say("show.story_of", id=article.story_id, articles=copies)


def _modified(article: Article, say: Say) -> str:
    if not article.provenance.modified_at:
        return ""
    source = say(
        "show.source",
        source=say.outcome(article.provenance.modified_source or ""),
    )
    return say(
        "show.dated",
        when=say.moment(article.provenance.modified_at),
        source=source,
    )


def _why(article: Article, say: Say) -> str:
    source = say.outcome(article.provenance.published_source)
    if not article.provenance.published_reason:
        return say("show.source", source=source)
    return say(
        "show.source_why",
        source=source,
        why=say.phrase(article.provenance.published_reason),
    )


def _extent(article: Article, say: Say) -> str:
    parts = [say.count("show.words", article.content.word_count)]
    if article.content.parts > 1:
        parts.append(say.count("show.pages", article.content.parts))
    parts.append(
        say("show.quality", quality=say.decimal(article.content.quality, 2))
    )
    return ", ".join(parts)


def _version(article: Article, say: Say) -> str:
    if article.version > 1:
        return say("show.versions", n=article.version, id=article.id)
    return str(article.version)


def _topics(article: Article, say: Say) -> Iterator[str]:
    for topic in article.topics:
        facts = {
            "topic": topic.topic,
            "hits": topic.hits,
            "title_hits": topic.title_hits,
        }
        yield say("show.title_hits", **facts)


def _from_feeds(article: Article, say: Say) -> tuple[Text, ...]:
    """What feeds say beyond the page."""
    if not article.content.feed_text:
        return ()
    return (
        Text(),
        Text(say("show.feed_text"), style="dim"),
        Text(article.content.feed_text),
    )
