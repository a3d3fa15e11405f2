"""Whole mails: against golden files, and for what must hold whatever is in
them.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from monitor.notify.mail.compose_mail import (
    MAX_BYTES,
    MAX_STORIES,
    compose_daily_report,
    compose_digest,
    compose_immediate,
    compose_notice,
    compose_spike,
)
from monitor.notify.mail.templates_render import Templates
from monitor.types.mail import (
    Copy,
    FeedNotice,
    Links,
    NoticeMail,
    StoryView,
    TopicMail,
)
from monitor.types.output import Email, Highlight
from tests.notify.golden import FOLDER
from tests.notify.samples import (
    CATCH_UP,
    DAILY_REPORT,
    DIGEST,
    FLOOD,
    GOLDEN,
    GONE,
    HOSTILE,
    IMMEDIATE,
    LINKS,
    NOON,
    QUIET_DAY,
    SILENT,
    SPIKE,
    STORIES,
    letter,
    match,
    parsed,
    part,
    story,
)

TEMPLATES = Templates()
VOID = {"meta", "br", "img", "hr", "link", "input"}


class Markup(HTMLParser):
    """What a page is made of; knows whether every tag is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.balanced = True
        self.feed(markup)
        self.close()
        self.balanced = self.balanced and not self._open

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.balanced = False

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.text.append(data)

    @property
    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name == "href"]


def digest(mail: TopicMail, *, language: str = "de") -> Email:
    return compose_digest(mail, letter(language=language), templates=TEMPLATES)


def facts(text: str) -> Counter[str]:
    """Every word and figure of a text as often as it stands there, apart from
    addresses.
    """
    return Counter(
        re.findall(r"\w+", re.sub(r"(https?|mailto):[^\s>]+", " ", text))
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    """After a wanted change: `python -m tests.notify.golden`, and look."""
    email = GOLDEN[name](TEMPLATES)
    assert part(email, "plain") == (FOLDER / f"{name}.txt").read_text("utf-8")
    assert part(email, "html") == (FOLDER / f"{name}.html").read_text("utf-8")
    assert email.raw == (FOLDER / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", GOLDEN)
def test_both_parts_say_the_same(name: str) -> None:
    email = GOLDEN[name](TEMPLATES)
    markup = Markup(part(email, "html"))
    assert facts(part(email, "plain")) == facts(" ".join(markup.text))
    addresses = {
        html.unescape(a)
        for a in re.findall(r"(?:https?|mailto):[^\s>]+", part(email, "plain"))
    }
    assert set(markup.links) == addresses


@pytest.mark.parametrize("name", GOLDEN)
def test_html_is_well_formed_and_brings_nothing_in(name: str) -> None:
    markup = Markup(part(GOLDEN[name](TEMPLATES), "html"))
    assert markup.balanced
    assert not {
        "img",
        "script",
        "iframe",
        "object",
        "link",
        "svg",
        "form",
        "video",
        "base",
    } & set(markup.tags)
    assert not [
        n
        for n, _ in markup.attributes
        if n.startswith("on") or n in ("src", "background", "srcset")
    ]
    assert "url(" not in part(GOLDEN[name](TEMPLATES), "html")
    assert all(
        link.startswith(("https://", "http://", "mailto:"))
        for link in markup.links
    )


@pytest.mark.parametrize(
    ("email", "subject"),
    [
        (
            compose_immediate(IMMEDIATE, letter(), templates=TEMPLATES),
            "[Ukraine] Selenskyj in Berlin erwartet – ZDF",
        ),
        (
            compose_immediate(
                replace(IMMEDIATE, stories=STORIES),
                letter(),
                templates=TEMPLATES,
            ),
            "[Ukraine] Selenskyj in Berlin erwartet – ZDF (+2 weitere)",
        ),
        (
            digest(
                replace(
                    DIGEST,
                    stories=(story(also_in=(Copy("A"),) * 4), *STORIES[1:]),
                )
            ),
            "[Ukraine] 7 Meldungen, 3 Themen (Mi 8–12 Uhr)",
        ),
        (
            digest(replace(DIGEST, stories=STORIES[1:2])),
            "[Ukraine] 1 Meldung, 1 Thema (Mi 8–12 Uhr)",
        ),
        (
            digest(replace(DIGEST, stories=STORIES[:2]), language="en"),
            "[Ukraine] 5 articles, 2 stories (Wed 08:00–12:00)",
        ),
        (
            digest(replace(DIGEST, occasion="catch_up")),
            "[Ukraine] nachgeholt: 6 Meldungen, 3 Themen (Mi 8–12 Uhr)",
        ),
        (
            digest(replace(DIGEST, occasion="quiet")),
            "[Ukraine] 6 Meldungen, 3 Themen (Mi 8–12 Uhr)",
        ),
        (
            compose_spike(SPIKE, letter(), templates=TEMPLATES),
            "[Ukraine] ungewöhnlich viel: 41 statt ~9",
        ),
        (
            compose_daily_report(QUIET_DAY, letter(), templates=TEMPLATES),
            "[Monitor] Tagesbericht: 3 Quellen, 41 Artikel, 0 Treffer",
        ),
        (
            compose_notice(SILENT, letter(), templates=TEMPLATES),
            "[Monitor] 2 Quellen still",
        ),
        (
            compose_notice(GONE, letter(), templates=TEMPLATES),
            "[Monitor] Quelle abgeschaltet: Radio Muster – Lokales",
        ),
        (
            compose_notice(CATCH_UP, letter(), templates=TEMPLATES),
            "[Monitor] Nach Stillstand nachgeholt: 400 Artikel",
        ),
        (
            compose_notice(
                NoticeMail("test", NOON), letter(), templates=TEMPLATES
            ),
            "[Monitor] Testmail: Der Versand funktioniert",
        ),
    ],
)
def test_subjects(email: Email, subject: str) -> None:
    assert (email.subject, parsed(email)["subject"]) == (subject, subject)


@pytest.mark.parametrize("kind", ["silent", "recovered", "gone", "moved"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_notice_can_be_said(kind: str, language: str) -> None:
    mail = replace(GONE, kind=kind)
    text = part(
        compose_notice(mail, letter(language=language), templates=TEMPLATES),
        "plain",
    )
    assert "HTTP 410 Gone" in text
    bare = compose_notice(
        NoticeMail(mail.kind, NOON, (FeedNotice("Radio"),)),
        letter(),
        templates=TEMPLATES,
    )
    assert "\n- Radio\n\n" in part(bare, "plain")
    assert compose_notice(
        NoticeMail("silent", NOON), letter(), templates=TEMPLATES
    ).raw


def test_the_story_has_everything_a_reader_needs() -> None:
    text = part(
        compose_immediate(IMMEDIATE, letter(), templates=TEMPLATES), "plain"
    )
    for fact in (
        "Selenskyj in Berlin erwartet",
        "ZDF · Mi., 25. November 2026, 11:05 Uhr · gefunden 11:07 Uhr · Von Anna Muster",
        "https://zdf.example/politik/selenskyj-berlin-100.html",
        "Der Präsident der *Ukraine* wird am Mittwoch",
        "Warum: Ukraine* ×5, davon Titel 1",
        "Auch bei: WDR <https://wdr.example/a/1>, Neue Beispielzeitung",
        "Modus: sofort",
        "Abfrage: Ukraine* OR Selenskyj",
        "Suche: monitor search --topic ukraine",
        "feeds.yaml, Zeile 14",
        "<mailto:monitor@presse.example?subject=pause%20ukraine>",
        "Stand: Mi., 25. November 2026, 12:00 Uhr (Europe/Berlin)",
    ):
        assert fact in text


def test_order_is_priority_then_title_hits_then_copies_then_time() -> None:
    def numbered(i: int, **what: object) -> StoryView:
        return story(f"S{i}", url=f"https://x.example/{i}", **what)

    copies = (Copy("A"), Copy("B"))
    expected = (
        numbered(
            0, priority=1, found_at=NOON - timedelta(days=2), published_at=None
        ),
        numbered(1, match=match(1, 2)),
        numbered(2, also_in=copies),
        numbered(3, published_at=NOON),
        numbered(4),
        numbered(5),
        numbered(6, priority=5, also_in=copies, match=match(9, 9)),
    )
    text = part(digest(replace(DIGEST, stories=expected[::-1])), "plain")
    assert re.findall(r"^S\d", text, re.MULTILINE) == [
        s.title for s in expected
    ]


def test_same_input_same_bytes_and_other_ids_other_boundaries() -> None:
    assert (
        digest(DIGEST).raw
        == digest(DIGEST).raw
        == compose_digest(DIGEST, letter(), templates=Templates()).raw
    )
    other = compose_digest(DIGEST, letter(key="2"), templates=TEMPLATES)
    assert (
        parsed(other).get_boundary() != parsed(digest(DIGEST)).get_boundary()
    )


def test_immediate_mails_of_one_topic_and_local_day_are_a_thread() -> None:
    def thread(at: datetime, topic: str = "ukraine") -> str:
        mail = replace(IMMEDIATE, topic=replace(IMMEDIATE.topic, id=topic))
        return str(
            parsed(
                compose_immediate(
                    mail, replace(letter(), date=at), templates=TEMPLATES
                )
            )["references"]
        )

    assert thread(NOON) == thread(datetime(2026, 11, 25, 22, 59, tzinfo=UTC))
    assert thread(NOON) != thread(datetime(2026, 11, 25, 23, 1, tzinfo=UTC))
    assert thread(NOON) != thread(NOON, "other")
    assert "references" not in parsed(digest(DIGEST))


def test_unsubscribing() -> None:
    read = parsed(digest(DIGEST))
    assert read["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert LINKS.unsubscribe in read["list-unsubscribe"]
    plain = parsed(
        digest(
            replace(
                DIGEST, links=replace(LINKS, unsubscribe="http://10.0.0.5/u")
            )
        )
    )
    assert "list-unsubscribe-post" not in plain


def test_at_most_50_stories_then_a_link() -> None:
    many = tuple(
        story(f"Titel {i}", url=f"https://x.example/{i}") for i in range(60)
    )
    for links, more in (
        (LINKS, f"<{LINKS.search}>"),
        (Links(search_command="monitor search x"), "monitor search x"),
    ):
        text = part(
            digest(replace(DIGEST, stories=many, links=links, more=7)), "plain"
        )
        assert text.count("\nTitel ") == MAX_STORIES
        assert f"17 weitere Themen stehen nicht in dieser Mail. {more}" in text
    assert (
        "[Ukraine] 67 Meldungen, 67 Themen"
        in digest(replace(DIGEST, stories=many, more=7)).subject
    )


def test_stories_with_everything_still_fit_and_nothing_is_uncounted() -> None:
    copies = tuple(
        Copy(
            f"Zeitung {i} für Musterburg",
            f"https://z{i}.example/" + "pfad/" * 20,
        )
        for i in range(20)
    )
    long = story(
        "Ü" * 290,
        url="https://x.example/" + "a" * 3000,
        snippet=Highlight("ö" * 600, ((0, 5),)),
        also_in=copies,
    )
    email = digest(
        replace(
            DIGEST,
            stories=tuple(replace(long, priority=i % 5) for i in range(50)),
        )
    )
    text = part(email, "plain")
    shown = text.count("Warum:")
    assert len(email.raw) <= MAX_BYTES
    assert shown >= 4
    assert f"{50 - shown} weitere Themen stehen nicht in dieser Mail." in text


def test_an_ordinary_digest_of_50_stories_fits_whole() -> None:
    many = tuple(
        story(
            f"Selenskyj in Berlin erwartet: Was bisher bekannt ist, Teil {i}",
            url=f"https://www.beispielsender.example/nachrichten/politik/deutschland/selenskyj-besuch-{i}.html",
            snippet=Highlight(
                "Der Präsident wird in Berlin erwartet, " * 5, ((4, 13),)
            ),
        )
        for i in range(50)
    )
    email = digest(replace(DIGEST, stories=many))
    assert part(email, "plain").count("Warum:") == 50
    assert len(email.raw) <= MAX_BYTES


def test_full_text_is_shown_where_licensed_and_gives_way_where_there_is_no_room() -> (
    None
):
    licensed = story(
        full_text="Erster Absatz.\nZweiter Absatz.",
        snippet=Highlight("Nur der Anfang", ()),
    )
    text = part(digest(replace(DIGEST, stories=(licensed,))), "plain")
    assert "Erster Absatz.\n\nZweiter Absatz." in text
    assert "Nur der Anfang" not in text
    crowded = digest(
        replace(
            DIGEST, stories=(replace(licensed, full_text="Wort " * 4000),) * 10
        )
    )
    assert len(crowded.raw) <= MAX_BYTES
    assert part(crowded, "plain").count("Nur der Anfang") == 10


def test_a_hostile_article_makes_one_valid_mail() -> None:
    email = compose_immediate(HOSTILE, letter(), templates=TEMPLATES)
    read = parsed(email)
    assert [a.addr_spec for a in read["to"].addresses] == [
        "rita@presse.example"
    ]
    assert not {"bcc", "cc"} & {name.lower() for name in read.keys()}  # noqa: SIM118 - a mapping only by name
    for kind in ("plain", "html"):
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", part(email, kind)
        )
    assert "<script>" not in part(email, "html")
    assert "&lt;script&gt;" in part(email, "html")
    assert not [
        link
        for link in Markup(part(email, "html")).links
        if not link.startswith("mailto:monitor@presse.example")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 3_000_000,
        "<b>" * 1_000_000,
        "\u202e" * 3_000_000,
        "ö " * 1_500_000,
        "\ud800" * 3_000_000,
    ],
)
def test_three_megabytes_of_title(text: str) -> None:
    huge = story(
        text,
        text,
        authors=(text,),
        agency=text,
        also_in=(Copy(text, text),),
        snippet=Highlight(text, ((0, 5),)),
    )
    mail = replace(
        IMMEDIATE,
        topic=replace(IMMEDIATE.topic, name=text or "x", query=text),
        stories=(huge,),
    )
    email = compose_immediate(mail, letter(name=text), templates=TEMPLATES)
    assert len(email.raw) <= MAX_BYTES
    assert len(email.subject) <= 250
    assert len(parsed(email)["to"].addresses) == 1


def test_an_empty_mail_is_still_one() -> None:
    for compose in (compose_immediate, compose_digest):
        assert (
            "[Ukraine]"
            in compose(
                replace(DIGEST, stories=()), letter(), templates=TEMPLATES
            ).subject
        )
    bare = replace(
        story("", "", url=""),
        found_at=NOON,
        published_at=NOON - timedelta(days=30),
    )
    text = part(digest(replace(DIGEST, stories=(bare,))), "plain")
    assert (
        "Mo., 26. Oktober 2026, 12:00 Uhr · gefunden Mi., 25. November 2026, 12:00 Uhr"
        in text
    )


def test_a_flood_says_so_and_a_daily_report_names_what_is_wrong() -> None:
    assert "Mehr als 6 Mails in einer Stunde" in part(digest(FLOOD), "plain")
    text = part(
        compose_daily_report(DAILY_REPORT, letter(), templates=TEMPLATES),
        "plain",
    )
    assert (
        "still seit Mo., 23. November 2026, 12:00 Uhr · üblich: alle 3 Stunden"
        in text
    )
    assert "550 5.1.1 unbekannt" in text
    assert "Alle Quellen antworten wie gewohnt" in part(
        compose_daily_report(QUIET_DAY, letter(), templates=TEMPLATES), "plain"
    )
    crowd = replace(DAILY_REPORT, silent=DAILY_REPORT.silent * 40)
    assert "und 30 weitere Zeilen" in part(
        compose_daily_report(crowd, letter(), templates=TEMPLATES), "plain"
    )
