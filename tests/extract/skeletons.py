"""The frames of five content systems, into which tests put a headline and a
text.

Made up after what such systems print: what stands in the head, around and
below the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

ADDRESS = "https://blatt.example/lokales/meldung-4711"
BANNER = (
    "<div class='cmp-box'><p>Wir verwenden Cookies und ähnliche Verfahren.</p>"
    "<button>Alle akzeptieren</button><button>Einstellungen</button></div>"
)


@dataclass(frozen=True, slots=True)
class Print:
    """What one page prints. `title` stands in the head, `states` says whether
    the head calls it an article, `below` is HTML behind the text.
    """

    title: str
    heading: str
    paragraphs: tuple[str, ...]
    states: bool = True
    below: str = ""
    head: str = ""

    @property
    def body(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.paragraphs)

    @property
    def h1(self) -> str:
        return f"<h1>{escape(self.heading)}</h1>" if self.heading else ""


def wordpress(page: Print) -> str:
    kind = "single-post" if page.states else "error404"
    meta = "<meta property='og:type' content='article'>" if page.states else ""
    time = "<time class='entry-date' datetime='2025-05-06T10:00:00+02:00'>6. Mai 2025</time>"
    return _html(
        page,
        f"<meta name='generator' content='WordPress 6.5'>{meta}",
        f"<body class='{kind}'><header><a href='/'>Blatt</a><ul class='menu'><li><a href='/sport'>"
        "Sport</a></li><li><a href='/kontakt'>Kontakt</a></li></ul></header><main>"
        f"<article class='post'>{page.h1}{time if page.states else ''}"
        f"<div class='entry-content'>{page.body}</div>{page.below}</article></main>"
        "<aside class='widget'><form role='search'><input type='search'></form></aside>"
        "<footer>© 2025 Blatt</footer></body>",
    )


def typo3(page: Print) -> str:
    date = (
        "<span class='news-list-date'>06.05.2025</span>" if page.states else ""
    )
    return _html(
        page,
        "<meta name='generator' content='TYPO3 CMS'>",
        "<body><div id='nav'><a href='/rathaus'>Rathaus</a> <a href='/buergerservice'>"
        "Bürgerservice</a></div><div id='content'><!--TYPO3SEARCH_begin-->"
        f"<div class='news-single'>{page.h1}{date}<div class='news-text-wrap'>{page.body}</div>"
        f"{page.below}</div><!--TYPO3SEARCH_end--></div>"
        "<div id='footer'><a href='/impressum'>Impressum</a> <a href='/datenschutz'>"
        "Datenschutz</a></div></body>",
    )


def newspaper(page: Print) -> str:
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.heading or page.title,
        "datePublished": "2025-05-06T10:00:00+02:00",
    }
    head = f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    return _html(
        page,
        f"<meta property='og:title' content='{escape(page.title)}'>{head if page.states else ''}",
        "<body><nav><a href='/'>Start</a><a href='/login'>Anmelden</a><a href='/abo'>Abo</a></nav>"
        f"<main><article>{page.h1}<div class='article__body'>{page.body}</div></article>"
        f"{page.below}</main>{BANNER}<footer><a href='/agb'>AGB</a></footer></body>",
    )


def broadcaster(page: Print) -> str:
    time = "<meta property='article:published_time' content='2025-05-06T10:00:00+02:00'>"
    return _html(
        page,
        time if page.states else "",
        "<body><header><a href='/'>Funkhaus</a><a href='/mediathek'>Mediathek</a></header>"
        f"<div class='content' role='main'>{page.h1}<div class='textblock'>{page.body}</div>"
        f"{page.below}</div><footer>Funkhaus 2025</footer></body>",
    )


def municipality(page: Print) -> str:
    return _html(
        page,
        "<meta name='author' content='Stadt Musterhausen'>",
        "<body><div class='kopf'><a href='/'>Stadt Musterhausen</a></div><div class='inhalt'>"
        f"{page.h1}<div class='text'>{page.body}</div>{page.below}</div>"
        "<div class='fuss'>Rathausplatz 1, 12345 Musterhausen</div></body>",
    )


SKELETONS: dict[str, Callable[[Print], str]] = {
    "wordpress": wordpress,
    "typo3": typo3,
    "newspaper": newspaper,
    "broadcaster": broadcaster,
    "municipality": municipality,
}


def _html(page: Print, head: str, body: str) -> str:
    return (
        "<!DOCTYPE html><html lang='de'><head><meta charset='utf-8'>"
        f"<title>{escape(page.title)} | Blatt</title>{head}{page.head}</head>{body}</html>"
    )
