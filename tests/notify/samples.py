"""Made-up mails: what the golden files show, and what other tests vary."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from monitor.notify.mail.compose_mail import (
    compose_daily_report,
    compose_digest,
    compose_immediate,
    compose_notice,
    compose_spike,
)
from monitor.notify.mail.headers import derive_message_id
from monitor.notify.mail.templates_render import Templates
from monitor.types.catalog import Recipient
from monitor.types.mail import (
    Copy,
    DailyReportMail,
    FailedDelivery,
    FeedNotice,
    Letter,
    Links,
    MailIdentity,
    NoticeMail,
    RadarLine,
    SilentFeed,
    SpikeMail,
    SpikeWord,
    StoryView,
    TopicMail,
    TopicRef,
)
from monitor.types.match import ClauseHits, Match, Span
from monitor.types.output import Email, Highlight

# a Wednesday, 12 o'clock in Berlin
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
IDENTITY = MailIdentity("monitor@presse.example", "Monitor Presseamt")
TOPIC = TopicRef(
    "ukraine", "Ukraine", "immediate", "Ukraine* OR Selenskyj", "feeds.yaml:14"
)
LINKS = Links(
    search="https://monitor.example/search?topic=ukraine&since=2026-11-25T07:00Z",
    search_command="monitor search --topic ukraine",
    articles="https://monitor.example/artikel/",
    judge={
        number: f"https://monitor.example/judge/t{number}/"
        for number in (41, 42, 43)
    },
    pause="https://monitor.example/pause/abc",
    unsubscribe="https://monitor.example/unsubscribe/abc",
)


def match(text_hits: int = 4, title_hits: int = 1) -> Match:
    """A match of one clause with as many hits."""
    spans = (Span("title", 0, 7),) * title_hits + (
        Span("text", 0, 7),
    ) * text_hits
    return Match("ukraine", "q1", (ClauseHits("Ukraine*", spans),))


def marked(text: str, words: str = "Ukraine|Selenskyj") -> Highlight:
    """A snippet with these words marked."""
    return Highlight(text, tuple(m.span() for m in re.finditer(words, text)))


def story(
    title: str = "Selenskyj in Berlin erwartet",
    outlet: str = "ZDF",
    **facts: object,
) -> StoryView:
    """A story found two minutes after it was published."""
    published = NOON - timedelta(minutes=55)
    default = StoryView(
        title=title,
        url="https://zdf.example/politik/selenskyj-berlin-100.html",
        outlet=outlet,
        found_at=published + timedelta(minutes=2),
        match=match(),
        published_at=published,
        article_id=41,
        snippet=marked(
            "Der Präsident der Ukraine wird am Mittwoch zu Gesprächen in Berlin erwartet."
        ),
    )
    return replace(default, **facts)  # type: ignore[arg-type]


STORIES = (
    story(
        authors=("Anna Muster", "Bernd Beispiel"),
        agency="dpa",
        priority=1,
        also_in=(
            Copy("WDR", "https://wdr.example/a/1"),
            Copy("Neue Beispielzeitung"),
            Copy("Radio Muster", "https://radio.example/9"),
        ),
    ),
    story(
        "Kreis Musterburg: Landrat rechnet mit Defizit von 14,2 Millionen Euro",
        "Radio Muster",
        url="https://radio.example/kreis/77",
        snippet=marked(
            "… die Aufnahme von Menschen aus der Ukraine koste den Kreis 2,1 Mio. Euro, sagte der"
            " Landrat …"
        ),
        match=match(1, 0),
        article_id=42,
        summary_only=True,
        priority=2,
    ),
    story(
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft hilft der"
        " Ukraine",
        "NBZ",
        url="https://nbz.example/lokal/generatoren",
        published_at=None,
        article_id=43,
        changed=True,
        snippet=marked(
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft hilft"
            " der Ukraine"
        ),
        match=match(0, 1),
    ),
)

IMMEDIATE = TopicMail(
    TOPIC,
    STORIES[:1],
    NOON - timedelta(minutes=55),
    NOON,
    Links(search_command=LINKS.search_command),
)
DIGEST = TopicMail(
    replace(TOPIC, mode="digest"),
    STORIES,
    NOON - timedelta(hours=4),
    NOON,
    LINKS,
)
FLOOD = replace(DIGEST, occasion="flood", more=4)
SPIKE = SpikeMail(
    replace(TOPIC, mode="spike"),
    41,
    9.2,
    NOON - timedelta(hours=11),
    NOON,
    links=LINKS,
    stories=STORIES[:2],
    words=(
        SpikeWord("Berlin", 31, 2.1),
        SpikeWord("Staatsbesuch", 18, 0),
        SpikeWord("Kanzleramt", 9, 1.25),
    ),
    outlets=(("ZDF", 12), ("Radio Muster", 7), ("NBZ", 1)),
)
DAILY_REPORT = DailyReportMail(
    NOON - timedelta(days=1),
    NOON,
    212,
    209,
    1204,
    37,
    12,
    (
        SilentFeed(
            "Radio Muster – Nachrichten aus dem Kreis",
            NOON - timedelta(days=2),
            timedelta(hours=3),
            "HTTP 503",
        ),
        SilentFeed("Amtsblatt Musterburg", None),
    ),
    (
        FailedDelivery(
            "[Ukraine] Selenskyj in Berlin erwartet – ZDF",
            "alt@presse.example",
            "dead",
            NOON,
            "550 5.1.1 unbekannt",
        ),
    ),
    ("2 Artikel ohne Urteil nachgeholt",),
    "feeds.yaml:2",
)
QUIET_DAY = DailyReportMail(NOON - timedelta(days=1), NOON, 3, 3, 41, 0, 0)
GONE = NoticeMail(
    "gone",
    NOON,
    (
        FeedNotice(
            "Radio Muster – Lokales",
            "Radio Muster",
            "https://radio.example/feed.xml",
            NOON - timedelta(days=1),
            reason="HTTP 410 Gone",
            place="feeds.yaml:31",
        ),
    ),
)
SILENT = NoticeMail(
    "silent",
    NOON,
    (
        FeedNotice(
            "Radio Muster",
            "Radio Muster",
            "https://radio.example/feed.xml",
            NOON - timedelta(days=2),
            timedelta(hours=3),
        ),
        FeedNotice(
            "Amtsblatt",
            "Stadt Musterburg",
            "https://amt.example/feed.xml",
            NOON - timedelta(days=40),
            timedelta(days=7),
        ),
    ),
    links=Links(unsubscribe="https://monitor.example/unsubscribe/def"),
)
CATCH_UP = NoticeMail(
    "catch_up",
    NOON,
    since=NOON - timedelta(days=3),
    until=NOON - timedelta(hours=1),
    articles=400,
)
RISING = (
    RadarLine(
        "Elwira Brandkamp, Deichbruch",
        6,
        ("Küstenfunk", "Weserbote"),
        "Elwira Brandkamp zum Deichbruch: Es war zu spät",
        "https://weserbote.example/deich",
    ),
    RadarLine("Turmbau", 1, ("Weserbote",)),
)
RADAR = NoticeMail("radar", NOON, radar=RISING)
RISING_REPORT = replace(DAILY_REPORT, radar=RISING)
HOSTILE_TITLE = (
    "Ukraine\r\nBcc: opfer@example.org\r\n\r\n<script>alert(1)</script> =?utf-8?q?=0ABcc=3A_x?="
    " \u202egnp.exe\udc80"
)
HOSTILE = TopicMail(
    replace(
        TOPIC,
        name="Ukra\u202eine\nBcc: a@example.org",
        query="</td><img src=//t.example/p.gif>",
    ),
    (
        story(
            HOSTILE_TITLE,
            "ZDF\r\nCc: b@example.org",
            url="javascript:alert(1)",
            snippet=Highlight("<b onclick=x>Ukraine</b>", ((13, 20),)),
            authors=('"><svg onload=alert(1)>', "\ud800"),
            also_in=(Copy("</p>", "data:text/html,x"),),
        ),
    ),
    NOON,
    NOON,
)


def letter(
    *,
    language: str = "de",
    name: str | None = "Rita Referentin",
    address: str = "rita@presse.example",
    key: str = "1",
) -> Letter:
    """A letter whose Message-ID follows from `key`."""
    return Letter(
        derive_message_id(IDENTITY.domain, "test", key),
        NOON,
        Recipient(address, name, language),
        IDENTITY,
    )


def parsed(email: Email) -> EmailMessage:
    """The message as a mail program reads it."""
    message = BytesParser(policy=policy.default).parsebytes(email.raw)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(email: Email, kind: str) -> str:
    """The decoded text of the plain or html part."""
    body = parsed(email).get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


GOLDEN: dict[str, Callable[[Templates], Email]] = {
    "immediate.de": lambda t: compose_immediate(
        IMMEDIATE, letter(key="immediate"), templates=t
    ),
    "digest.de": lambda t: compose_digest(
        FLOOD, letter(key="digest"), templates=t
    ),
    "digest.en": lambda t: compose_digest(
        DIGEST, letter(language="en", key="digest-en"), templates=t
    ),
    "spike.de": lambda t: compose_spike(
        SPIKE, letter(key="spike"), templates=t
    ),
    "daily_report.de": lambda t: compose_daily_report(
        DAILY_REPORT, letter(key="heartbeat"), templates=t
    ),
    "notice-gone.de": lambda t: compose_notice(
        GONE, letter(key="gone"), templates=t
    ),
    "notice-silent.en": lambda t: compose_notice(
        SILENT, letter(language="en", key="silent"), templates=t
    ),
    "notice-catch-up.de": lambda t: compose_notice(
        CATCH_UP, letter(key="catch-up"), templates=t
    ),
    "notice-radar.de": lambda t: compose_notice(
        RADAR, letter(key="radar"), templates=t
    ),
    "daily_report-radar.en": lambda t: compose_daily_report(
        RISING_REPORT, letter(language="en", key="rising"), templates=t
    ),
    "hostile.de": lambda t: compose_immediate(
        HOSTILE, letter(key="hostile"), templates=t
    ),
}
