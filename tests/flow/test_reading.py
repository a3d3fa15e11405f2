"""Reading pages through the whole program: reservations, boilerplate, parts,
versions, retention, kept pages, sources.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from monitor.extract.edition import edition
from monitor.flow.ingest.learned_boilerplate import LearnedBoilerplate
from monitor.flow.ingest.page_result import PageMaker
from monitor.flow.ingest.reservations import Obedience, read_lifted
from monitor.flow.upkeep.reextract import QUIET, Reextractor
from monitor.store.polling.feed_states import make_due
from monitor.store.reading import article_views, articles, pages
from monitor.store.running import operations, overview
from monitor.types.article import Article
from monitor.types.catalog import Feed, Rights
from monitor.types.output import SearchRequest
from monitor.types.page import ExtractOutcome, PageTask
from tests.flow.world import (
    PEOPLE,
    UKRAINE,
    Item,
    Life,
    World,
    changed,
    feeds_yaml,
    page,
    rss,
    told,
)
from tests.services.web import Answer, Site

TDMREP = "/.well-known/tdmrep.json"
POLL, DAY = timedelta(minutes=11), timedelta(days=1)
ITEM = Item(
    "rat", "Der Rat der Stadt tagt", summary="Die Zusammenfassung des Feeds."
)


def serve(world: World, site: Site, *items: Item, more: str = "") -> None:
    """A feed with these items, whose pages are the test's business."""
    site.put(
        "/rss",
        Answer(
            rss(site.url("/"), *items).encode(),
            content_type="application/rss+xml",
        ),
    )
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'{more}}}"
        )
    )


def begun(world: World, site: Site) -> AbstractContextManager[Life]:
    """A life whose feed is still empty."""
    serve(world, site)
    return world.life()


def only(life: Life) -> Article:
    (article,) = life.articles()
    return article


# Rights
# -------------------------------------------------------------------------------------------------------------


def robots(*lines: str) -> Answer:
    return Answer("\n".join(lines).encode(), content_type="text/plain")


RESERVE_ALL = json.dumps([{"location": "/", "tdm-reservation": 1}]).encode()
RESERVE_PART = json.dumps(
    [{"location": "/plus/*", "tdm-reservation": 1}]
).encode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "answer", "reason", "asked"),
    [
        (
            TDMREP,
            Answer(RESERVE_ALL, content_type="application/json"),
            "tdmrep.json of",
            False,
        ),
        (
            TDMREP,
            Answer(RESERVE_PART, content_type="application/json"),
            "",
            True,
        ),
        (TDMREP, Answer(b"<html>Startseite</html>"), "", True),
        (TDMREP, Answer(status=500), "", True),
        ("/robots.txt", robots("User-agent: CCBot", "Disallow: /"), "", True),
        (
            "/robots.txt",
            robots("User-agent: Meltwater", "User-agent: tdm", "Disallow: /"),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots(
                "User-agent: GPTBot", "User-agent: ClaudeBot", "Disallow: /"
            ),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots(
                "User-agent: magpie-crawler",
                "Disallow: /rat",
                "User-agent: *",
                "Allow: /",
            ),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots(
                "User-agent: omgili",
                "Content-Signal: search=no",
                "Disallow: /",
            ),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots("User-agent: *", "Disallow: /intern/"),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots("User-agent: *", "Content-Signal: search=no, ai-train=no"),
            "search=no",
            False,
        ),
        (
            "/robots.txt",
            robots("User-agent: *", "Content-Usage: /rat tdm=n", "Allow: /"),
            "tdm=no",
            False,
        ),
        (
            "/robots.txt",
            robots("User-agent: *", "Content-Signal: search=yes, ai-train=no"),
            "",
            True,
        ),
        (
            "/robots.txt",
            robots("User-agent: Monitor", "Content-Signal: search=no"),
            "search=no",
            False,
        ),
        (
            "/rat",
            Answer(page("T").encode(), headers=(("tdm-reservation", "1"),)),
            "header tdm-reservation",
            True,
        ),
        (
            "/rat",
            Answer(page("T").encode(), headers=(("x-robots-tag", "noai"),)),
            "x-robots-tag: noai",
            True,
        ),
        (
            "/rat",
            Answer(
                page(ITEM.title).encode(),
                headers=(("x-robots-tag", "GPTBot: noai"),),
            ),
            "",
            True,
        ),
    ],
)
def test_a_reservation_leaves_title_and_summary(
    world: World,
    site: Site,
    path: str,
    answer: Answer,
    reason: str,
    asked: bool,
) -> None:
    serve(world, site, ITEM)
    site.put("/rat", page(ITEM.title))
    site.put(path, answer)
    with world.life() as life:
        life.one_pass()
        article, outcomes = only(life), life.outcomes()
    assert len(site.log("/rat")) == asked, (
        "a page that is reserved is not even asked for"
    )
    if not reason:
        assert (article.content.kind, article.content.note) == ("article", "")
        return
    assert (
        article.content.kind,
        article.content.title,
        article.content.text,
    ) == (
        "summary",
        ITEM.title,
        ITEM.summary,
    )
    assert reason in article.content.note
    assert outcomes["read"] == {"reserved": 1}


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        (robots("User-agent: CCBot", "Disallow: /"), True),
        (robots("User-agent: ccbot/2.0", "Disallow: /rat"), True),
        (robots("User-agent: CCBot", "Disallow: /archiv/"), False),
        (robots("User-agent: GPTBot", "Disallow: /"), False),
    ],
)
def test_other_readers_count_where_the_operator_says_so(
    world: World, site: Site, body: Answer, closed: bool
) -> None:
    serve(world, site, ITEM)
    site.put("/rat", page(ITEM.title))
    site.put("/robots.txt", body)
    with changed(
        world, settings_changed={"reservation_agents": ("CCBot", "Meltwater")}
    ).life() as life:
        life.one_pass()
        assert (only(life).content.kind == "summary") == closed
        assert ("closes it to CCBot" in only(life).content.note) == closed


LICENSED = ", rights: licensed"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (TDMREP, Answer(RESERVE_ALL, content_type="application/json")),
        ("/robots.txt", robots("User-agent: *", "Content-Signal: search=no")),
        ("/robots.txt", robots("User-agent: *", "Content-Usage: tdm=n")),
        (
            "/rat",
            Answer(
                page(ITEM.title).encode(), headers=(("tdm-reservation", "1"),)
            ),
        ),
        (
            "/rat",
            Answer(
                page(ITEM.title).encode(), headers=(("x-robots-tag", "noai"),)
            ),
        ),
        (
            "/rat",
            page(ITEM.title).replace(
                "<head>", '<head><meta name="tdm-reservation" content="1">'
            ),
        ),
        (
            "/rat",
            page(ITEM.title).replace(
                "<head>", '<head><meta name="robots" content="noai">'
            ),
        ),
    ],
)
def test_a_contract_lifts_reservations(
    world: World, site: Site, path: str, answer: Answer | str
) -> None:
    site.put("/rat", page(ITEM.title))
    site.put(path, answer)
    serve(world, site, ITEM)
    with world.life() as life:
        life.one_pass()
        assert only(life).content.kind == "summary"
        serve(world, site, ITEM, more=LICENSED)
        life.live.reload()
        assert lift(life) == 1, "and what was reserved is read after all"
        life.one_pass()
        assert (only(life).content.kind, only(life).content.note) == (
            "article",
            "",
        )
        assert lift(life) == 0


def test_a_contract_does_not_open_what_robots_closes(
    world: World, site: Site
) -> None:
    site.put("/rat", page(ITEM.title))
    site.put("/robots.txt", robots("User-agent: *", "Disallow: /rat"))
    serve(world, site, ITEM, more=LICENSED)
    with world.life() as life:
        life.one_pass()
        assert only(life).content.kind == "summary"
        assert site.log("/rat") == ()
        with life.database.read() as connection:
            (reduced,) = overview.reduced_feeds(
                connection, since=world.clock.now() - DAY
            )
        assert (reduced.feed_id, reduced.reduced, reduced.articles) == (
            "zeitung",
            1,
            1,
        )
        assert reduced.reason.startswith("robots.txt of ")


def lift(
    life: Life, agents: tuple[str, ...] = (), *, obey: bool = True
) -> int:
    """What a start of the program does about reservations that count no more."""
    return read_lifted(
        life.database,
        Obedience(obey, agents),
        feed_of=life.live.feed_of,
        clock=life.world.clock,
    )


NEWS = "Zu Gast war eine Abordnung aus der Ukraine, die den Aufbau ihrer Stadt vorstellte."
HALF_A_DAY = timedelta(hours=12)
CLOSED_TO_CCBOT = {"reservation_agents": ("CCBot",)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("age", "alerted"),
    [
        (timedelta(minutes=30), True),
        (HALF_A_DAY, True),
        (timedelta(hours=30), False),
        (timedelta(days=6), False),
    ],
)
def test_articles_of_before_the_upgrade_are_read_again(
    world: World, site: Site, age: timedelta, alerted: bool
) -> None:
    site.put("/robots.txt", robots("User-agent: CCBot", "Disallow: /"))
    serve(world, site)
    with changed(world, settings_changed=CLOSED_TO_CCBOT).life() as life:
        life.one_pass()
        serve(world, site, ITEM)
        site.put("/rat", page(ITEM.title, NEWS))
        life.one_pass(after=POLL)
        assert only(life).content.kind == "summary"
        assert lift(life, ("ccbot",)) == 0, "what still counts is left alone"
    world.clock.advance(age)
    with world.life() as life:
        assert lift(life) == 1
        life.one_pass()
        assert only(life).content.kind == "article"
        assert NEWS in only(life).content.text
        everybody = dict.fromkeys(PEOPLE, 1) if alerted else {}
        assert told(world.mails(), ITEM.title) == everybody
        with life.database.write() as connection:
            articles.read_again(
                connection, only(life).id, not_before=world.clock.now()
            )
        site.put("/rat", page(ITEM.title, f"{NEWS} Ein Satz mehr."))
        life.one_pass()
        assert only(life).version == 3
        assert told(world.mails(), ITEM.title) == everybody, (
            "a later edit makes no news of it"
        )


def test_old_articles_stay_as_they_were_read(world: World, site: Site) -> None:
    site.put("/robots.txt", robots("User-agent: CCBot", "Disallow: /"))
    serve(world, site, ITEM)
    with changed(world, settings_changed=CLOSED_TO_CCBOT).life() as life:
        life.one_pass()
    world.clock.advance(timedelta(days=8))
    with world.life() as life:
        assert lift(life) == 0


@pytest.mark.parametrize(
    ("reason", "agents", "obey", "rights", "holds"),
    [
        (
            "robots.txt of https://a.de:443 closes it to CCBot",
            (),
            True,
            "obey",
            False,
        ),
        (
            "robots.txt of https://a.de:443 closes it to CCBot",
            ("ccbot",),
            True,
            "obey",
            True,
        ),
        (
            "robots.txt of https://a.de:443 closes it to CCBot",
            ("tdm",),
            True,
            "obey",
            False,
        ),
        ("robots.txt of https://a.de:443: search=no", (), True, "obey", True),
        ("tdmrep.json of https://a.de:443", (), True, "obey", True),
        ("tdmrep.json of https://a.de:443", (), True, "licensed", False),
        ("tdmrep.json of https://a.de:443", (), False, "obey", False),
        (
            "header tdm-reservation: 1, policy https://a.de/ closes it to all",
            (),
            True,
            "obey",
            True,
        ),
        ("meta robots: noai", (), True, "obey", True),
        ("meta robots: noai", (), True, None, True),
        ("meta robots: noai", (), False, None, True),
    ],
)
def test_what_still_reserves(
    reason: str,
    agents: tuple[str, ...],
    obey: bool,
    rights: Rights | None,
    holds: bool,
) -> None:
    feed = (
        Feed("a", "A", "A", url="https://a.de/rss", rights=rights)
        if rights
        else None
    )
    assert Obedience(obey, agents).still_holds(reason, feed) is holds


@pytest.mark.slow
def test_the_sites_word_is_asked_for_once_a_day(
    world: World, site: Site
) -> None:
    items = [Item(f"a{number}", f"Meldung {number}") for number in range(4)]
    serve(world, site, *items)
    for item in items:
        site.put(f"/{item.key}", page(item.title))
    with world.life() as life:
        life.one_pass()
    assert [asked.status for asked in site.log(TDMREP)] == [404]
    with world.life() as life:  # a restart is no reason to ask again
        serve(world, site, Item("neu", "Neue Meldung"))
        life.one_pass(after=POLL)
        assert len(site.log(TDMREP)) == 1
        site.put(TDMREP, Answer(RESERVE_ALL, content_type="application/json"))
        serve(world, site, Item("morgen", "Meldung von morgen"))
        life.one_pass(after=DAY)
        assert len(site.log(TDMREP)) == 2
        assert life.articles()[-1].content.kind == "summary"


def test_a_file_that_is_away_says_what_it_said(
    world: World, site: Site
) -> None:
    site.put(TDMREP, Answer(RESERVE_ALL, content_type="application/json"))
    serve(world, site, ITEM)
    with world.life() as life:
        life.one_pass()
        site.put(TDMREP, Answer(status=503))
        serve(world, site, Item("neu", "Neue Meldung"))
        site.put("/neu", page("Neue Meldung"))
        life.one_pass(after=DAY + POLL)
        assert [article.content.kind for article in life.articles()] == [
            "summary",
            "summary",
        ]


def test_reservations_can_be_left_aside_by_setting(
    world: World, site: Site
) -> None:
    site.put(TDMREP, Answer(RESERVE_ALL, content_type="application/json"))
    serve(world, site, ITEM)
    site.put(
        "/rat",
        Answer(page(ITEM.title).encode(), headers=(("tdm-reservation", "1"),)),
    )
    with changed(
        world, settings_changed={"obey_reservations": False}
    ).life() as life:
        life.one_pass()
        assert only(life).content.kind == "article"
    assert site.log(TDMREP) == ()


# LearnedBoilerplate
# ----------------------------------------------------------------------------------------------------------

BOX = "Unser Podcast erklärt jeden Mittwoch ausführlich den Krieg in der Ukraine."


def with_box(number: int) -> str:
    """A page in whose running text a line stands that every page of the outlet
    has, without any mark.
    """
    own = "".join(
        f"<p>Absatz {n} der Meldung {number} erzählt auf seine Weise, was im Ort {number}"
        " geschah.</p>"
        for n in range(6)
    )
    return (
        f"<html lang='de'><head><title>Meldung {number}</title></head><body><article><h1>Meldung"
        f" {number}</h1>{own}<p>{BOX}</p></article></body></html>"
    )


@pytest.mark.slow
def test_a_new_outlet_gets_better_after_its_first_dozen_pages(
    world: World, site: Site
) -> None:
    """The line is in the first articles; in later ones it is not, and alerts
    nobody.
    """
    with begun(world, site) as life:
        for number in range(16):
            site.put(f"/m{number}", with_box(number))
            serve(world, site, Item(f"m{number}", f"Meldung {number}"))
            life.one_pass(after=POLL)
        texts = [article.content.text for article in life.articles()]
    assert BOX in texts[0]
    assert not any(BOX in text for text in texts[12:])
    assert all("erzählt auf seine Weise" in text for text in texts)
    assert told(world.mails(), "Meldung 15") == {}
    assert told(world.mails(), "Meldung 0") == dict.fromkeys(PEOPLE, 1)


def test_teasers_in_the_words_of_the_feed_are_no_text(
    world: World, site: Site
) -> None:
    """From the first page on: what the feed says of the other article stands
    below this one, without any mark.
    """
    other = Item(
        "kiew",
        "Neue Angriffe auf Kiew und Odessa",
        summary="In der Ukraine sind wieder Kraftwerke getroffen.",
    )
    serve(world, site, ITEM, other)
    teaser = f"<div class='q'><b>{other.title}</b><p>{other.summary}</p></div></body>"
    site.put("/rat", page(ITEM.title).replace("</body>", teaser))
    site.put("/kiew", page(other.title, other.summary))
    with world.life() as life:
        life.one_pass()
        texts = {
            article.content.title: f"{article.content.lead} {article.content.text}"
            for article in life.articles()
        }
    assert "Ukraine" not in texts[ITEM.title]
    assert other.summary in texts[other.title]
    assert told(world.mails(), ITEM.title) == {}


BOXES = """<aside class="teaser"><h3>Mehr zum Thema</h3><ul>
<li><a href="/1">Krieg in der Ukraine: Neue Angriffe auf Kiew</a></li>
<li><a href="/2">Ukraine-Gipfel in Brüssel vertagt</a></li></ul></aside>
<div class="newsletter"><p>Der Ukraine-Newsletter: Jetzt kostenlos abonnieren und nichts verpassen.</p></div>
<p><a href="/3">Lesen Sie auch: Die Ukraine nach drei Jahren Krieg</a></p>
<section class="most-read"><h2>Meistgelesen</h2><p><a href="/4">Selenskyj: Die Ukraine braucht mehr Hilfe</a></p>
</section>"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    [
        "</h1>{}",
        "</article>{}",
        "<article>{}",
        "<body><nav>{}</nav>",
        "</article><footer>{}</footer>",
    ],
)
def test_boxes_that_name_the_topic_alert_nobody(
    world: World, site: Site, place: str
) -> None:
    serve(world, site, ITEM)
    mark = (
        place.partition("{}")[0].removesuffix("<nav>").removesuffix("<footer>")
    )
    html = page(ITEM.title).replace(mark, place.format(BOXES), 1)
    assert html.count("Ukraine") == BOXES.count("Ukraine")
    site.put("/rat", html)
    with world.life() as life:
        life.one_pass()
        assert "Ukraine" not in only(life).content.text
        assert life.outcomes()["match"] == {"no_hit": 1}
        assert life.found("Ukraine") == []
    assert world.mails() == []


# Parts
# --------------------------------------------------------------------------------------------------------------

SENTENCES = [
    f"Auf Seite {number} steht zum Beispiel, dass die Brücke Nummer {number} im Sommer gebaut wird."
    for number in range(1, 8)
]


def part(number: int, *, following: str = "") -> str:
    return page("Der lange Bericht", SENTENCES[number - 1]).replace(
        "</article>", f"{following}</article>"
    )


def test_pages_in_parts_are_joined(world: World, site: Site) -> None:
    serve(world, site, Item("bericht", "Der lange Bericht"))
    site.put(
        "/bericht",
        part(
            1,
            following='<a href="/bericht/seite-2">Seite 2: Wie es weiterging</a>',
        ),
    )
    site.put(
        "/bericht/seite-2",
        part(2, following='<a rel="next" href="/bericht/seite-3">3</a>'),
    )
    site.put(
        "/bericht/seite-3",
        part(3, following='<a rel="next" href="/bericht/seite-2">zurück</a>'),
    )
    with world.life() as life:
        life.one_pass()
        article = only(life)
    assert [
        sentence for sentence in SENTENCES if sentence in article.content.text
    ] == SENTENCES[:3]
    assert article.content.text.count("mit großer Mehrheit zu") == page(
        "x"
    ).count("mit großer Mehrheit zu"), "nothing twice"
    assert article.content.parts == 3
    assert len(site.log("/bericht/seite-2")) == 1


@pytest.mark.slow
def test_endless_parts_end(world: World, site: Site) -> None:
    serve(world, site, Item("bericht", "Der lange Bericht"))
    for number in range(1, 40):
        path = "/bericht" if number == 1 else f"/bericht/{number}"
        text = (
            f"Dies ist die {number}. Seite eines Berichts ohne Ende, und sie sagt"
            f" {'sehr ' * number}wenig."
        )
        following = f'<a rel="next" href="/bericht/{number + 1}">weiter</a>'
        site.put(
            path,
            page("Der lange Bericht", text).replace(
                "</article>", f"{following}</article>"
            ),
        )
    with world.life() as life:
        life.one_pass()
        assert only(life).content.parts == 10


def test_a_missing_or_repeated_part_costs_nothing_else(
    world: World, site: Site
) -> None:
    serve(world, site, Item("a", "Bericht A"), Item("b", "Bericht B"))
    site.put(
        "/a",
        page("Bericht A").replace(
            "</article>", '<a rel="next" href="/a/2">2</a></article>'
        ),
    )
    same = page("Bericht B").replace(
        "</article>", '<a rel="next" href="/b?page={}">weiter</a></article>'
    )
    site.put("/b", same.format(2))
    site.put("/b?page=2", same.format(3))
    with world.life() as life:
        life.one_pass()
        assert [
            (a.content.kind, a.content.parts) for a in life.articles()
        ] == [
            ("article", 1),
            ("article", 1),
        ]
    assert site.log("/b?page=3") == ()


def test_a_part_that_fails_is_seen_and_had_later(
    world: World, site: Site
) -> None:
    serve(world, site, Item("bericht", "Der lange Bericht"))
    site.put(
        "/bericht",
        part(1, following='<a rel="next" href="/bericht/seite-2">2</a>'),
    )
    site.put("/bericht/seite-2", Answer(status=503))
    with world.life() as life:
        life.one_pass()
        first = only(life)
        assert (first.content.parts, SENTENCES[0] in first.content.text) == (
            1,
            True,
        )
        assert first.content.note.startswith("page 2 is missing: ")
        site.put("/bericht/seite-2", part(2))
        life.one_pass(after=timedelta(minutes=3))
        whole = only(life)
    assert (
        whole.content.parts,
        whole.content.note,
        SENTENCES[1] in whole.content.text,
    ) == (
        2,
        "",
        True,
    )
    assert whole.content.quality > first.content.quality


@pytest.mark.slow
def test_a_whole_text_is_not_replaced_by_one_that_lacks_a_part(
    world: World, site: Site
) -> None:
    serve(world, site, Item("bericht", "Der lange Bericht"))
    site.put(
        "/bericht",
        part(1, following='<a rel="next" href="/bericht/seite-2">2</a>'),
    )
    site.put("/bericht/seite-2", part(2))
    with world.life() as life:
        life.one_pass()
        site.put("/bericht/seite-2", Answer(status=503))
        serve(world, site, Item("bericht", "Der lange Bericht (Update)"))
        life.one_pass(after=timedelta(minutes=15))
        assert SENTENCES[1] in only(life).content.text
        site.put("/bericht/seite-2", part(3))
        life.one_pass(after=timedelta(minutes=15))
        assert SENTENCES[2] in only(life).content.text


def test_a_part_that_cannot_be_had_is_set_aside(
    world: World, site: Site
) -> None:
    serve(world, site, Item("bericht", "Der lange Bericht"))
    site.put(
        "/bericht",
        part(1, following='<a rel="next" href="/bericht/seite-2">2</a>'),
    )
    with world.life() as life:
        life.one_pass()
        article = only(life)
        with life.database.read() as connection:
            aside = [
                (q.step, q.reason)
                for q in operations.list_quarantine(connection)
            ]
    assert (article.content.kind, article.content.parts) == ("article", 1)
    assert article.content.note.startswith("page 2 is missing: ")
    assert aside == [("read", "not_found")]


# Versions
# -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_live_ticker_is_followed_and_an_idle_page_is_left_alone(
    world: World, site: Site
) -> None:
    """The feed touches both items at each poll; one page changes each time,
    the other never does.
    """
    with begun(world, site) as life:
        for number in range(40):
            serve(
                world,
                site,
                Item("ticker", f"Ticker {number}"),
                Item("ruhig", f"Ruhig {number}"),
            )
            site.put(
                "/ticker",
                page(
                    "Der Ticker",
                    f"Um {number} Uhr ist wieder etwas Neues geschehen.",
                ),
            )
            site.put("/ruhig", page("Der ruhige Artikel"))
            life.one_pass(after=POLL)
        ticker = next(
            article
            for article in life.articles()
            if article.content.own_title == "Der Ticker"
        )
        with life.database.read() as connection:
            versions = article_views.versions_of(connection, ticker.id)
    assert len(versions) == len(site.log("/ticker")) == 40
    assert "Um 39 Uhr" in versions[-1].text
    assert len(site.log("/ruhig")) <= 7, "10, 20, 40, 80, 160, 320 minutes"


@pytest.mark.slow
def test_changes_within_minutes_cost_one_fetch(
    world: World, site: Site
) -> None:
    with begun(world, site) as life:
        for number in range(5):
            serve(world, site, Item("rat", f"Der Rat tagt {number}"))
            site.put(
                "/rat",
                page("Der Rat", f"Stand {number} der Beratung im Saal."),
            )
            life.one_pass(after=POLL if not number else timedelta(0))
            due(life)
        assert len(site.log("/rat")) == 1
        life.one_pass(after=POLL)
        assert len(site.log("/rat")) == 2
        assert "Stand 4" in only(life).content.text


def due(life: Life) -> None:
    """Let the feed be polled at once, as `monitor retry --feed` does."""
    with life.database.write() as connection:
        make_due(connection, ("zeitung",), now=life.world.clock.now())


# Retention
# ----------------------------------------------------------------------------------------------------------


def test_texts_are_deleted_when_their_time_is_over(
    world: World, site: Site
) -> None:
    war = Item("krieg", "Gespräche über die Ukraine")
    serve(world, site, war, more=", fulltext_retention: 3 days")
    site.put(
        "/krieg",
        page(war.title, "Die Minister sind in der Ukraine angekommen."),
    )
    keeping = changed(
        world, settings_changed={"raw_pages_retention": timedelta(days=90)}
    )
    with keeping.life() as life:
        life.one_pass()
        life.steps.housekeeper.tidy()
        assert life.found("angekommen") == [war.title]
        world.clock.advance(timedelta(days=3, minutes=1))
        assert life.steps.housekeeper.tidy() == 1
        assert life.steps.housekeeper.tidy() == 0
        life.one_pass()
        article = only(life)
        assert (
            article.content.text,
            article.content.lead,
            article.content.title,
        ) == (
            "",
            "",
            war.title,
        )
        assert article.state.text_deleted_at == world.clock.now()
        assert "3 days" in article.content.note
        assert [(topic.topic_id, topic.hits) for topic in article.topics] == [
            ("ukraine", 2)
        ], "the verdict stays"
        assert life.found("angekommen") == []
        assert life.found("Gespräche") == [war.title]
        with life.database.read() as connection:
            assert [
                version.text
                for version in article_views.versions_of(
                    connection, article.id
                )
            ] == [""]
            assert pages.raw_of(connection, article.id) == (None, ())
        serve(
            world,
            site,
            Item("krieg", war.title + " (Update)"),
            more=", fulltext_retention: 3 days",
        )
        life.one_pass(after=POLL)
        assert only(life).content.text == ""
    assert len(site.log("/krieg")) == 1
    assert told(world.mails(), war.title) == dict.fromkeys(PEOPLE, 1)


def test_a_digest_goes_out_although_the_text_is_deleted(
    world: World, site: Site
) -> None:
    war = Item("krieg", "Gespräche der Minister")
    serve(world, site, war, more=", fulltext_retention: 1 hour")
    topics = (
        "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna], mode: digest, schedule: '0 12 *"
        " * *'}\n"
    )
    world.write(
        (world.folder / "feeds.yaml")
        .read_text(encoding="utf-8")
        .replace(UKRAINE, topics)
    )
    site.put(
        "/krieg",
        page(war.title, "Die Minister sind in der Ukraine angekommen."),
    )
    with world.life() as life:
        life.one_pass()
        assert world.mails() == []
        world.clock.advance(timedelta(hours=2))
        assert life.steps.housekeeper.tidy() == 1
        life.one_pass(after=timedelta(hours=3))
    assert told(world.mails(), war.title) == {PEOPLE[0]: 1}


# Kept pages
# ---------------------------------------------------------------------------------------------------------


def reextractor(life: Life, extract: object) -> Reextractor:
    maker = PageMaker(
        extract=extract,  # type: ignore[arg-type]
        boilerplate=LearnedBoilerplate(database=life.database),
        catalog=lambda: life.live.current.catalog,
    )
    return Reextractor(
        database=life.database,
        maker=maker,
        clock=life.world.clock,
        feed_of=life.live.feed_of,
        obey_reservations=True,
    )


def kept(world: World) -> World:
    return changed(
        world, settings_changed={"raw_pages_retention": timedelta(days=7)}
    )


def test_kept_pages_are_read_again_without_an_alert(
    world: World, site: Site
) -> None:
    serve(world, site, ITEM)
    site.put(
        "/rat",
        page(ITEM.title, "Auch über die Ukraine wurde lange gesprochen."),
    )

    def worse(task: PageTask) -> ExtractOutcome:
        """An older extractor, which overlooked a paragraph."""
        return world.extract(
            PageTask(
                task.url,
                task.body.replace(
                    "Auch über die Ukraine".encode(), b"Auch lange"
                ),
            )
        )

    with changed(kept(world), extract=worse).life() as life:
        life.one_pass()
        assert "Ukraine" not in only(life).content.text
        with life.database.write() as connection:
            pages.mark_read(connection, [1], read_with="monitor-0")
    with kept(world).life() as life:
        again = reextractor(life, world.extract)
        assert again.waiting() == (1,)
        assert (
            again.waiting(feeds=("andere",))
            == again.waiting(since=world.clock.now() + DAY)
            == ()
        )
        assert again.run(again.waiting(), workers=2) == {"changed": 1}
        assert again.waiting() == ()
        assert again.waiting(everything=True) == (1,)
        life.one_pass(after=timedelta(minutes=1))
        article = only(life)
        assert "über die Ukraine" in article.content.text
        assert (article.version, article.state.quiet) == (2, QUIET)
        assert life.found("Ukraine") == [ITEM.title]
        assert {state for _, _, state in life.alerts()} == {"silent"}
        assert again.run((1, 99), workers=1) == {"unchanged": 1, "gone": 1}
    assert world.mails() == []
    assert len(site.log("/rat")) == 1


def test_a_page_renewed_meanwhile_is_left_alone(
    world: World, site: Site
) -> None:
    serve(world, site, ITEM)
    site.put("/rat", page(ITEM.title))
    with kept(world).life() as life:
        life.one_pass()

        def interrupted(task: PageTask) -> ExtractOutcome:
            with life.database.write() as connection:
                _, raws = pages.raw_of(connection, 1)
                later = world.clock.advance(timedelta(minutes=1))
                pages.keep_raw(
                    connection, 1, raws, read_with=edition(), now=later
                )
            return world.extract(task)

        assert reextractor(life, interrupted).read(1) == "renewed"
        assert only(life).version == 1


@pytest.mark.slow
def test_furniture_learned_later_is_taken_out_of_kept_pages(
    world: World, site: Site
) -> None:
    with begun(kept(world), site) as life:
        for number in range(12):
            site.put(f"/m{number}", with_box(number))
            serve(world, site, Item(f"m{number}", f"Meldung {number}"))
            life.one_pass(after=POLL)
        again = reextractor(life, world.extract)
        waiting = again.waiting()
        assert waiting[0] == 1
        again.run(waiting, workers=1)
        assert not any(
            BOX in article.content.text for article in life.articles()
        )


def test_kept_pages_go_when_their_time_is_over(
    world: World, site: Site
) -> None:
    serve(world, site, ITEM)
    site.put("/rat", page(ITEM.title))
    with kept(world).life() as life:
        life.one_pass()
        with life.database.read() as connection:
            assert (
                pages.raw_of(connection, 1)[1][0].body
                == page(ITEM.title).encode()
            )
        world.clock.advance(timedelta(days=8))
        life.steps.housekeeper.tidy()
        assert reextractor(life, world.extract).waiting(everything=True) == ()


def test_the_agency_that_only_a_last_line_names(
    world: World, site: Site
) -> None:
    serve(world, site, ITEM)
    site.put(
        "/rat",
        page(ITEM.title).replace(
            "</article>", "<p>© dpa-infocom, dpa:261005-930-1/1</p></article>"
        ),
    )
    with world.life() as life:
        life.one_pass()
        article = only(life)
    assert article.content.agency == "dpa"
    assert "infocom" not in article.content.text


# Citations
# ----------------------------------------------------------------------------------------------------------


def test_sources_are_kept_searched_and_never_oneself(
    world: World, site: Site
) -> None:
    text = (
        "Das Treffen sei geplant, sagte er dem ZDF, wie Radio Herford berichtet. Die Zeitung"
        " berichtet weiter."
    )
    serve(world, site, ITEM)
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, aliases: Die Zeitung, url: '{site.url('/rss')}'}}",
            f"{{id: zdf, title: ZDF heute, outlet: ZDF, url: '{site.url('/zdf')}'}}",
            f"{{id: rh, title: Radio Herford, url: '{site.url('/rh')}'}}",
        )
    )
    site.put("/rat", page(ITEM.title, text))
    with world.life() as life:
        life.one_pass()
        assert only(life).content.cites == ("ZDF", "Radio Herford")
        for outlet, count in (
            ("ZDF", 1),
            ("Radio Herford", 1),
            ("Zeitung", 0),
        ):
            assert (
                life.index.search(SearchRequest(cites=(outlet,))).total
                == count
            )
        facets = dict(
            life.index.search(SearchRequest(facets=("cites",))).facets
        )
        assert dict(facets["cites"]) == {"ZDF": 1, "Radio Herford": 1}


# Dates
# --------------------------------------------------------------------------------------------------------------

ONLY_UPDATED = (
    "<feed"
    " xmlns='http://www.w3.org/2005/Atom'><id>urn:z</id><title>Zeitung</title><updated>{0}</updated><entry><id>urn:rat</id><title>Der"
    " Rat der Stadt tagt</title><link href='{1}'/><updated>{0}</updated><summary>Kurz"
    " gesagt.</summary></entry></feed>"
)


def test_a_feed_that_gives_only_changes_dates_by_the_first_of_them(
    world: World, site: Site
) -> None:
    def serve_atom(updated: str) -> None:
        text = ONLY_UPDATED.format(updated, site.url("/rat"))
        site.put(
            "/atom", Answer(text.encode(), content_type="application/atom+xml")
        )

    def dated(life: Life) -> tuple[str, str]:
        return only(life).provenance.published_at.isoformat(), only(
            life
        ).provenance.published_source

    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/atom')}'}}"
        )
    )
    site.put("/rat", page(ITEM.title))
    first, second = (
        world.clock.now() - timedelta(hours=back) for back in (5, 1)
    )
    serve_atom(first.isoformat())
    with world.life() as life:
        life.one_pass()
        assert dated(life) == (first.isoformat(), "feed")
        assert "last change" in only(life).provenance.published_reason
        serve_atom(second.isoformat())
        site.put("/rat", page(ITEM.title, NEWS))
        life.one_pass(after=POLL)
        with life.database.write() as connection:
            articles.read_again(
                connection, only(life).id, not_before=world.clock.now()
            )
        life.one_pass()
        assert only(life).version > 1
        assert dated(life) == (first.isoformat(), "feed"), (
            "a change does not make it newer"
        )
        stated = first - timedelta(days=1)
        own = f"<time datetime='{stated.isoformat()}'>am Vortag</time>"
        site.put(
            "/rat", page(ITEM.title, NEWS).replace("</h1>", f"</h1>{own}")
        )
        with life.database.write() as connection:
            articles.read_again(
                connection, only(life).id, not_before=world.clock.now()
            )
        life.one_pass()
        assert dated(life) == (stated.isoformat(), "time"), (
            "the page's own date wins"
        )
        assert "last change" in only(life).provenance.published_reason
