"""The made-up newsroom: feeds and pages of its outlets, as they stand at a
moment.

Pure but for the file of its texts; knows no server and no clock.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from importlib import resources

PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8">
<title>{title} – {outlet}</title>
<meta property="og:type" content="article"></head><body><header>{outlet}</header>
<main><article><h1>{title}</h1><p><time datetime="{when}">{shown}</time></p>{text}</article>
</main>
<aside class="related"><p>{box}</p></aside><footer>{outlet}, alles erfunden</footer></body>
</html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{outlet}</title>
<link>{base}/{outlet_id}/</link><description>{outlet}</description>{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>{url}</link><guid>{url}</guid><pubDate>{when}</pubDate>
<description>{summary}</description></item>"""


@dataclass(frozen=True, slots=True)
class Story:
    """One report, published `at` after the start by each of the outlets."""

    number: int
    at: timedelta
    outlets: tuple[str, ...]
    title: str
    paragraphs: tuple[str, ...]
    box: str = ""

    @property
    def path(self) -> str:
        """The end of its address."""
        return f"meldung-{self.number}"


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All outlets and what they publish, from `start` on."""

    outlets: Mapping[str, str]
    stories: tuple[Story, ...]
    start: datetime

    @property
    def lasts(self) -> timedelta:
        """From the start to the last story."""
        return max(story.at for story in self.stories)

    def published(self, now: datetime) -> tuple[Story, ...]:
        """What is out by now, oldest first."""
        return tuple(
            story for story in self.stories if self.start + story.at <= now
        )

    def feed(self, outlet: str, base: str, now: datetime) -> str | None:
        """The outlet's RSS 2.0; None for an outlet that is none. `base` is the
        server's address.
        """
        if outlet not in self.outlets:
            return None
        mine = [
            story for story in self.published(now) if outlet in story.outlets
        ]
        items = "".join(
            self._item(story, f"{base}/{outlet}/{story.path}")
            for story in mine[::-1]
        )
        name = escape(self.outlets[outlet])
        return FEED.format(
            outlet=name, outlet_id=outlet, base=base, items=items
        )

    def page(self, outlet: str, path: str, now: datetime) -> str | None:
        """The article's page; None where nothing is published there."""
        for story in self.published(now):
            if story.path == path and outlet in story.outlets:
                moment = (self.start + story.at).astimezone()
                return PAGE.format(
                    title=escape(story.title),
                    outlet=escape(self.outlets[outlet]),
                    when=moment.isoformat(timespec="seconds"),
                    shown=f"{moment:%d.%m.%Y, %H:%M} Uhr",
                    text="".join(
                        f"<p>{escape(each)}</p>" for each in story.paragraphs
                    ),
                    box=escape(story.box),
                )
        return None

    def _item(self, story: Story, url: str) -> str:
        return ITEM.format(
            title=escape(story.title),
            url=url,
            when=format_datetime(self.start + story.at),
            summary=escape(story.paragraphs[0]),
        )


def read_newsroom(start: datetime) -> Newsroom:
    """The newsroom of `stories.toml`, its first minute at `start`."""
    text = (
        resources.files(__package__)
        .joinpath("stories.toml")
        .read_text(encoding="utf-8")
    )
    read = tomllib.loads(text)
    stories = tuple(
        Story(
            number,
            timedelta(seconds=each["at"]),
            tuple(each["outlets"]),
            each["title"],
            tuple(each["text"]),
            each.get("box", ""),
        )
        for number, each in enumerate(read["stories"], start=1)
    )
    return Newsroom(read["outlets"], stories, start)
