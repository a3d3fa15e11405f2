"""What `search` shows people: how the query was read, and the articles found."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.types.output import (
    Highlight,
    Hit,
    SearchPage,
    SearchRequest,
    Understood,
    Unmet,
)
from monitor.ui.say import Say


def marked(
    text: Highlight, style: str = "bold yellow", *, plain: bool = False
) -> Text:
    """A text with its hits marked, by `*` around them where the output has no
    colours.
    """
    shown = Text()
    done = 0
    for start, end in text.marks:
        shown.append(text.text[done:start])
        hit = text.text[start:end]
        shown.append(f"*{hit}*" if plain else hit, style=style)
        done = end
    return shown.append(text.text[done:])


def understood_line(understood: Understood, say: Say) -> Text | None:
    """How the query was read, where that is not just what was typed."""
    said: list[str] = []
    if understood.query:
        key = (
            "search.read_exactly"
            if understood.reading == "exact"
            else "search.read_as"
        )
        said.append(say(key, query=understood.query))
    if understood.dropped:
        said.append(say.count("search.dropped", understood.dropped))
    said += [
        f"{say.phrase(doubt.message)}; {say.phrase(doubt.hint)}"
        for doubt in understood.doubts
    ]
    return Text("\n".join(said), style="yellow") if said else None


def unmet_line(unmet: Unmet, say: Say) -> Text:
    """Which word is missing, or which exclusion is too much, where all
    together find nothing.
    """
    words = ", ".join(say("search.quoted", word=word) for word in unmet.words)
    articles = say.count("common.articles", unmet.without)
    if unmet.excluding:
        facts = {"words": words, "articles": articles}
        said = say.count("search.excluded", len(unmet.words), **facts)
        return Text(said, style="yellow")
    if not unmet.nowhere:
        key = "search.apart_but_for" if unmet.words else "search.apart"
        return Text(say(key, words=words, articles=articles), style="yellow")
    key = "search.missing_here" if unmet.narrowed else "search.missing"
    missing = say.count(key, len(unmet.words), words=words)
    if unmet.without:
        facts = {"missing": missing, "articles": articles}
        missing = say.count("search.without", len(unmet.words), **facts)
    return Text(missing, style="yellow")


def hits_view(
    page: SearchPage, say: Say, *, request: SearchRequest, plain: bool = False
) -> Group:
    """Found articles, one block each. `plain`: for an output without colours."""
    facts: dict[str, object] = {
        "articles": say.count("common.articles", page.total),
        "milliseconds": f"{page.seconds * 1000:.0f}",
    }
    line = say("search.in_seconds", **facts)
    if page.hits and len(page.hits) < page.total:
        first, last = request.offset + 1, request.offset + len(page.hits)
        line = say("search.shown", first=first, last=last, **facts)
    if page.total and not page.hits and request.limit:
        asked = request.offset // request.limit + 1
        pages = math.ceil(page.total / request.limit)
        line = say("search.beyond", page=asked, pages=pages, **facts)
    blocks: list[RenderableType] = [Text(line, style="dim")]
    blocks += [unmet_line(page.unmet, say)] if page.unmet else []
    for number, hit in enumerate(page.hits, start=1):
        blocks += [Text(), *_hit_block(number, hit, say, plain=plain)]
    return Group(*blocks)


def _hit_block(number: int, hit: Hit, say: Say, *, plain: bool) -> list[Text]:
    facts = [
        hit.outlet,
        say.moment(hit.published_at),
        say("search.article", id=hit.article_id),
    ]
    facts += (
        [say("search.topics", names=", ".join(hit.topics))]
        if hit.topics
        else []
    )
    facts += [say.count("search.copies", hit.copies)] if hit.copies > 1 else []
    facts += [say("search.summary_only")] if hit.summary_only else []
    title = marked(hit.title, "bold reverse", plain=plain)
    if not hit.title.marks:
        title.stylize("bold")
    return [
        Text(f"{number}. ").append_text(title),
        Text(" · ".join(facts), style="dim"),
        marked(hit.snippet, plain=plain),
        Text(hit.url, style="blue"),
    ]
