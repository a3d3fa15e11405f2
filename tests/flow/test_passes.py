"""Whole passes: from a feed on a loopback server to entries, texts, search,
verdicts and mails.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.errors import IndexingError
from monitor.flow.requests.retry_item import retry_item
from monitor.flow.upkeep import index_rebuild
from monitor.store.polling.feed_states import make_due
from monitor.store.reading import article_views
from monitor.store.running import operations, overview
from monitor.types.output import Document, PutResult, SearchPage, SearchRequest
from monitor.types.page import (
    Extracted,
    ExtractFailed,
    ExtractOutcome,
    PageTask,
)
from tests.flow.world import (
    HEAD,
    PEOPLE,
    UKRAINE,
    Item,
    World,
    changed,
    feeds_yaml,
    page,
    recipients,
    rss,
    told,
)
from tests.services.web import Answer, Asked, Site

pytestmark = pytest.mark.slow

WAR = Item("krieg", "Neue Gespräche über die Ukraine")
TOWN = Item("rat", "Der Rat tagt in Herford")
POLL = timedelta(minutes=11)
FEED = "{{id: {0}, title: Zeitung, url: '{1}'}}"


def listed(
    site: Site, *items: Item, path: str = "/rss", etag: str | None = None
) -> None:
    site.put(
        path,
        Answer(
            rss(site.url("/"), *items).encode(),
            content_type="application/rss+xml",
            etag=etag,
        ),
    )


def put_pages(site: Site, *items: Item) -> None:
    for item in items:
        site.put(f"/{item.key}", page(item.title))


@pytest.fixture
def running(world: World, site: Site) -> World:
    """Two articles on one feed, both pages there; one is about the topic."""
    listed(site, WAR, TOWN)
    put_pages(site, WAR, TOWN)
    world.write(feeds_yaml(FEED.format("zeitung", site.url("/rss"))))
    return world


def test_a_new_item_becomes_an_article_that_is_searchable_and_mailed(
    running: World,
) -> None:
    with running.life() as life:
        life.one_pass()
        assert [
            (a.content.title, a.content.kind, a.version)
            for a in life.articles()
        ] == [
            (WAR.title, "article", 1),
            (TOWN.title, "article", 1),
        ]
        assert all(
            "mit großer Mehrheit" in a.content.text for a in life.articles()
        )
        assert life.found("Mehrheiten") == sorted([TOWN.title, WAR.title])
        assert life.found("Gespräch") == [WAR.title]
        assert life.outcomes() == {
            "poll": {"new": 1},
            "read": {"article": 2},
            "match": {"hit": 1, "no_hit": 1},
            "publish": {"stored": 2},
            "deliver": {"sent": 2},
        }
    assert recipients(running.mails()) == sorted(PEOPLE)
    assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)
    assert told(running.mails(), TOWN.title) == {}


def test_a_batch_of_articles_is_counted_by_one_statement_for_each_outcome(
    world: World, site: Site
) -> None:
    items = [
        Item(f"rat-{number}", f"Der Rat von Ort {number} tagt")
        for number in range(6)
    ]
    listed(site, *items)
    put_pages(site, *items)
    world.write(feeds_yaml(FEED.format("zeitung", site.url("/rss"))))
    counted: list[object] = []
    with world.life() as life:

        def note(*told: object) -> None:
            if str(told[2]).startswith(
                "INSERT INTO outcomes"
            ) and "match" in str(told[3]):
                counted.append(told[3])

        event.listen(life.database.engine, "before_cursor_execute", note)
        life.one_pass()
        assert life.outcomes()["match"] == {"no_hit": 6}
    assert len(counted) == 1


def test_an_unchanged_feed_brings_nothing(running: World, site: Site) -> None:
    listed(site, WAR, etag='"a"')
    with running.life() as life:
        life.one_pass()
        life.one_pass(after=POLL)
        assert [asked.status for asked in site.log("/rss")] == [200, 304]
        assert life.outcomes()["poll"] == {"new": 1, "not_modified": 1}
        assert life.outcomes()["read"] == {"article": 1}
    assert len(running.mails()) == len(PEOPLE)


def test_a_restart_polls_nothing_early(running: World, site: Site) -> None:
    for _ in range(3):
        with running.life() as life:
            life.one_pass(after=timedelta(minutes=1))
    assert len(site.log("/rss")) == 1
    assert len(site.log("/krieg")) == 1


def test_a_changed_item_is_a_new_version_without_a_second_alert(
    running: World, site: Site
) -> None:
    with running.life() as life:
        life.one_pass()
        listed(site, Item(WAR.key, WAR.title + " (Update)"), TOWN)
        site.put(
            "/krieg",
            page(WAR.title + " (Update)", "Die Minister sind abgereist."),
        )
        life.one_pass(after=POLL)
        article = life.articles()[0]
        assert (article.version, article.content.title) == (
            2,
            WAR.title + " (Update)",
        )
        assert life.found("abgereist") == [WAR.title + " (Update)"]
        assert len(life.found("Gespräch")) == 1
        with life.database.read() as connection:
            assert [
                v.title
                for v in article_views.versions_of(connection, article.id)
            ] == [
                WAR.title,
                article.content.title,
            ]
    assert len(running.mails()) == len(PEOPLE)


def test_an_edit_that_brings_the_words_alerts(
    running: World, site: Site
) -> None:
    with running.life() as life:
        life.one_pass()
        listed(site, WAR, Item(TOWN.key, "Der Rat spricht über die Ukraine"))
        site.put("/rat", page("Der Rat spricht über die Ukraine"))
        life.one_pass(after=POLL)
        life.one_pass(after=POLL)
    assert told(
        running.mails(), "Der Rat spricht über die Ukraine"
    ) == dict.fromkeys(PEOPLE, 1)


INITIAL = [
    Item(f"a{n}", f"Ukraine {n}", date=f"Mon, 02 Jun 2025 0{n}:00:00 GMT")
    for n in range(1, 6)
]


@pytest.mark.parametrize(
    ("initial", "alerted"),
    [
        ("silent", []),
        (
            "all",
            ["Ukraine 1", "Ukraine 2", "Ukraine 3", "Ukraine 4", "Ukraine 5"],
        ),
        ("'last:2'", ["Ukraine 4", "Ukraine 5"]),
    ],
)
def test_first_items_alert_as_configured_later_ones_always(
    world: World, site: Site, initial: str, alerted: list[str]
) -> None:
    listed(site, *INITIAL)
    put_pages(site, *INITIAL)
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Z, url: '{site.url('/rss')}', initial: {initial}}}"
        )
    )
    with world.life() as life:
        life.one_pass()
        assert len(life.found("Ukraine")) == 5
        assert [
            item.title for item in INITIAL if told(world.mails(), item.title)
        ] == alerted
        later = Item("neu", "Ukraine später")
        listed(site, later, *INITIAL)
        put_pages(site, later)
        life.one_pass(after=timedelta(minutes=20))
    assert told(world.mails(), later.title) == dict.fromkeys(PEOPLE, 1)


def test_a_page_that_is_gone_leaves_the_feeds_words(
    running: World, site: Site
) -> None:
    site.put("/krieg", Answer(status=404))
    with running.life() as life:
        life.one_pass()
        article = life.articles()[0]
        assert (article.content.kind, article.content.text) == (
            "summary",
            "Kurz gesagt.",
        )
        assert "404" in article.content.note
        assert life.aside() == [("read", f"article:{article.id}", "not_found")]
        assert life.found("Gespräch") == [WAR.title]
    assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)


def test_an_alert_waits_for_a_late_page_but_not_long(
    running: World, site: Site
) -> None:
    site.put("/krieg", Answer(status=500))
    with running.life() as life:
        life.one_pass()
        assert running.mails() == []
        waited = timedelta(0)
        while not running.mails():
            waited += timedelta(minutes=1)
            assert waited <= timedelta(minutes=15), (
                "an alert waits at most a quarter of an hour for its page"
            )
            life.one_pass(after=timedelta(minutes=1))
        article = life.articles()[0]
        assert (article.content.kind, article.version) == ("summary", 1)
        assert life.found("Gespräch") == [WAR.title]
        put_pages(site, WAR)
        for _ in range(8):
            life.one_pass(after=timedelta(hours=1))
        article = life.articles()[0]
        assert (article.content.kind, article.version) == ("article", 2)
        assert sorted(life.found("Mehrheit")) == sorted(
            [TOWN.title, WAR.title]
        )
        assert life.aside() == []
    assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)


def test_a_page_that_never_comes_is_given_up(
    running: World, site: Site
) -> None:
    site.put("/krieg", Answer(status=500))
    with running.life() as life:
        for _ in range(60):
            life.one_pass(after=timedelta(hours=1))
        asked = len(site.log("/krieg"))
        assert 4 <= asked <= 8
        assert life.aside() == [("read", "article:1", "server_error")]
        life.one_pass(after=timedelta(days=2))
        assert len(site.log("/krieg")) == asked


def test_a_page_that_hangs_holds_up_its_own_article_only(
    running: World, site: Site
) -> None:
    def hang(_: Asked) -> Answer:
        threading.Event().wait(1.0)  # the server's thread waits, no test does
        return Answer(b"late")

    site.put("/krieg", hang)
    with changed(
        running, settings_changed={"fetch_deadline": timedelta(seconds=0.3)}
    ).life() as life:
        life.one_pass()
        assert [
            a.content.title
            for a in life.articles()
            if a.content.kind == "article"
        ] == [TOWN.title]
        assert life.outcomes()["read"] == {"article": 1}
        put_pages(site, WAR)
        life.one_pass(after=timedelta(minutes=3))
        assert life.outcomes()["read"] == {"article": 2}
    assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)


def test_a_failed_reading_does_not_replace_a_text_that_we_have(
    running: World, site: Site
) -> None:
    with running.life() as life:
        life.one_pass()
        listed(site, Item(WAR.key, WAR.title + " (Update)"), TOWN)
        site.put(
            "/krieg",
            Answer(b"\x00\x01\x02", content_type="application/octet-stream"),
        )
        life.one_pass(after=POLL)
        article = life.articles()[0]
        assert "mit großer Mehrheit" in article.content.text
        assert life.aside() == [("read", "article:1", "not_html")]


def test_changed_words_count_while_the_page_stays_away(
    running: World, site: Site
) -> None:
    site.put("/rat", Answer(status=404))
    with running.life() as life:
        life.one_pass()
        listed(
            site,
            WAR,
            Item(TOWN.key, TOWN.title, summary="Es ging um die Ukrainehilfe."),
        )
        life.one_pass(after=POLL)
        life.one_pass(after=POLL)
        assert (
            life.articles()[1].content.text == "Es ging um die Ukrainehilfe."
        )
    assert told(running.mails(), TOWN.title) == dict.fromkeys(PEOPLE, 1)


class Poisoned:
    """A reader whose children die of one page, until somebody repairs them."""

    def __init__(self, words: bytes) -> None:
        self.words, self.repaired = words, False

    def __call__(self, task: PageTask) -> ExtractOutcome:
        if self.words in task.body and not self.repaired:
            return ExtractFailed("crash", "the worker died 2 times")
        return Extracted(
            "article", task.title_hint, "", "Ein ganzer Text.", word_count=3
        )


def test_a_poisoned_page_is_set_aside_and_retried_on_demand(
    running: World,
) -> None:
    reader = Poisoned(WAR.title.encode())
    with changed(running, extract=reader).life() as life:
        life.one_pass()
        assert life.aside() == [("read", "article:1", "crash")]
        assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1), (
            "the summary alerts meanwhile"
        )
        for _ in range(3):
            life.one_pass(after=timedelta(days=1))
        assert life.outcomes()["read"] == {"article": 1, "crash": 1}
        reader.repaired = True
        with life.database.write() as connection:
            for item in operations.list_quarantine(connection):
                retry_item(connection, item, now=running.clock.now())
        life.one_pass()
        assert life.aside() == []
        assert life.articles()[0].content.text == "Ein ganzer Text."
    assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)


def test_a_feed_is_found_through_its_site(world: World, site: Site) -> None:
    listed(site, WAR, path="/news/feed.xml")
    put_pages(site, WAR)
    link = "<link rel='alternate' type='application/rss+xml' href='/news/feed.xml'>"
    site.put(
        "/", f"<html><head>{link}</head><body><h1>Radio</h1></body></html>"
    )
    world.write(
        feeds_yaml(f"{{id: radio, title: Radio, site: '{site.url('/')}'}}")
    )
    with world.life() as life:
        life.one_pass()
        life.one_pass(after=POLL)
        assert life.found("Gespräch") == [WAR.title]
    assert len(site.log("/")) == 1, "the feed that was found is remembered"
    assert len(site.log("/news/feed.xml")) == 2


def test_a_sitemap_index_is_followed(world: World, site: Site) -> None:
    def sitemap(*items: Item) -> Answer:
        urls = "".join(
            f"<url><loc>{site.url('/' + item.key)}</loc><news:news><news:publication_date>2025-06-02T07:00:00Z"
            f"</news:publication_date><news:title>{item.title}</news:title></news:news></url>"
            for item in items
        )
        kind = (
            "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
            " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
        )
        return Answer(
            f"<urlset {kind}>{urls}</urlset>".encode(),
            content_type="application/xml",
        )

    index = (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
        f"<loc>{site.url('/news.xml')}</loc></sitemap></sitemapindex>"
    )
    site.put(
        "/sitemap.xml",
        Answer(index.encode(), content_type="application/xml", etag='"same"'),
    )
    site.put("/news.xml", sitemap(WAR))
    put_pages(site, WAR, TOWN)
    world.write(feeds_yaml(FEED.format("karte", site.url("/sitemap.xml"))))
    with world.life() as life:
        life.one_pass()
        assert [a.content.title for a in life.articles()] == [WAR.title]
        site.put("/news.xml", sitemap(TOWN, WAR))
        life.one_pass(after=POLL)
        assert [a.content.title for a in life.articles()] == [
            WAR.title,
            TOWN.title,
        ]


def test_one_page_in_two_feeds_is_one_article(
    world: World, site: Site
) -> None:
    listed(site, WAR, path="/a")
    listed(site, Item("krieg?utm_source=rss", WAR.title), path="/b")
    put_pages(site, WAR)
    world.write(
        feeds_yaml(
            FEED.format("eins", site.url("/a")),
            FEED.format("zwei", site.url("/b")),
        )
    )
    with world.life() as life:
        life.one_pass()
        assert [a.provenance.feeds for a in life.articles()] == [
            ("eins", "zwei")
        ]
        assert life.entry_count() == 2
    assert len(site.log("/krieg")) == 1
    assert told(world.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)


def later_article(life_feeds: Sequence[Item], site: Site) -> Item:
    item = Item("neu", "Ukraine und Herford")
    listed(site, item, *life_feeds)
    put_pages(site, item)
    return item


def test_a_later_topic_does_not_alert_old_articles(
    running: World, site: Site
) -> None:
    herford = "  - {name: Herford, any: ['Herford*'], recipients: [anna]}\n"
    with running.life() as life:
        life.one_pass()
        running.write(
            feeds_yaml(
                FEED.format("zeitung", site.url("/rss")),
                topics=UKRAINE + herford,
            )
        )
        assert life.live.reload()
        life.one_pass(after=POLL)
        assert told(running.mails(), TOWN.title) == {}
        later_article([WAR, TOWN], site)
        life.one_pass(after=timedelta(minutes=20))
        assert {alert for alert in life.alerts() if alert[0] == "herford"} == {
            ("herford", PEOPLE[0], "mailed")
        }


@pytest.mark.parametrize(
    ("head", "topics", "expected"),
    [
        (
            HEAD,
            "  - {id: ukraine, name: Krieg, any: ['Ukraine*'], recipients: [anna, bert]}\n",
            PEOPLE,
        ),
        (
            HEAD,
            "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}\n",
            PEOPLE[:1],
        ),
        (HEAD, "  - {name: Wetter, any: [Regen], recipients: [bert]}\n", ()),
    ],
)
def test_alerts_go_to_whom_the_file_names_when_they_are_mailed(
    running: World,
    site: Site,
    head: str,
    topics: str,
    expected: tuple[str, ...],
) -> None:
    """A topic renamed, a recipient or topic taken out between match and mail."""
    with running.life() as life:
        for state in life.steps.poller.claim(9):
            life.steps.poller.poll(state)
        for task in life.steps.reader.claim(9):
            life.steps.reader.read(task)
        life.steps.alerter.match()
        running.write(
            feeds_yaml(
                FEED.format("zeitung", site.url("/rss")),
                topics=topics,
                head=head,
            )
        )
        assert life.live.reload()
        life.one_pass()
        assert {
            alert[2] for alert in life.alerts() if alert[1] not in expected
        } <= {"silent"}
    assert recipients(running.mails()) == sorted(expected)


def test_a_broken_edit_changes_nothing_and_is_said_once(
    running: World, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with running.life() as life:
        good = (running.folder / "feeds.yaml").read_text()
        running.write(good.replace("topics:", "topix:"))
        assert [life.live.reload() for _ in range(3)] == [False, False, False]
        said = capsys.readouterr()
        assert (said.out + said.err).count("config_refused") == 1
        assert "feeds.yaml:5" in said.out + said.err
        life.one_pass()
        assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)
        running.write(good.replace("initial: all", "initial: silent"))
        assert life.live.reload()
        assert life.live.current.catalog.feeds[0].initial == "silent"


def test_a_broken_edit_reaches_the_operator_once_and_shows_in_the_overview(
    running: World,
) -> None:
    running.settings_changed["operator"] = "chefin@example.org"
    good = (running.folder / "feeds.yaml").read_text()
    with running.life() as life:
        life.one_pass()
        before = len(running.mails())
        for broken in ("topix:", "topics: [", "topixx:"):
            running.write(good.replace("topics:", broken))
            assert not life.live.reload()
            life.one_pass()
        (mail,) = running.mails()[before:]
        assert (mail["To"], mail["Subject"]) == (
            "chefin@example.org",
            "[Monitor] feeds.yaml ist nicht brauchbar: 1 Fehler",
        )
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "feeds.yaml:5:1" in text
        assert "unbekannter Schlüssel „topix“" in text
        assert 'meinten Sie "topics"?' in text
        with life.database.read() as connection:
            shown = overview.pipeline(connection, now=running.clock.now())
        assert shown.config_trouble.endswith(
            "feeds.yaml cannot be used: 1 problem"
        )
        running.write(good)
        assert not life.live.reload()
        with life.database.read() as connection:
            assert (
                overview.pipeline(
                    connection, now=running.clock.now()
                ).config_trouble
                == ""
            )
        life.one_pass(after=timedelta(minutes=1))
        running.write(good.replace("topics:", "topix:"))
        assert not life.live.reload()
        life.one_pass()
        assert len(running.mails()) == before + 2, (
            "the next broken edit is told again"
        )


def test_a_file_taken_away_changes_nothing(running: World) -> None:
    with running.life() as life:
        (running.folder / "feeds.yaml").rename(running.folder / "away")
        assert not life.live.reload()
        (running.folder / "away").rename(running.folder / "feeds.yaml")
        assert not life.live.reload()
        life.one_pass()
    assert len(running.mails()) == 2


def test_a_removed_feed_is_polled_no_more_and_comes_back_without_noise(
    running: World, site: Site
) -> None:
    file = running.folder / "feeds.yaml"
    other = FEED.format("andere", site.url("/andere"))
    with running.life() as life:
        life.one_pass()
        good = file.read_text()
        running.write(feeds_yaml(other))
        life.live.reload()
        life.one_pass(after=timedelta(hours=1))
        assert len(site.log("/rss")) == 1
        running.write(good)
        life.live.reload()
        life.one_pass(after=timedelta(hours=1))
        assert len(site.log("/rss")) == 2
        assert len(life.articles()) == 2
    assert len(running.mails()) == 2


@pytest.mark.parametrize("while_running", [False, True])
def test_a_deleted_index_is_filled_again(
    running: World, site: Site, while_running: bool
) -> None:
    folder: Path = running.settings.data_dir / "index"
    with running.life() as life:
        life.one_pass()
        if while_running:
            shutil.rmtree(folder)
            item = later_article([WAR, TOWN], site)
            life.one_pass(after=POLL)
            life.one_pass(after=timedelta(minutes=1))
            assert life.found("Mehrheit") == sorted(
                [TOWN.title, item.title, WAR.title]
            )
    if not while_running:
        shutil.rmtree(folder)
        with running.life() as life:
            life.one_pass()
            assert life.found("Mehrheit") == sorted([TOWN.title, WAR.title])
    assert len(site.log("/krieg")) == 1


def test_searches_stay_whole_while_the_index_is_built_anew(
    running: World, site: Site
) -> None:
    with running.life() as life:
        life.one_pass()
        before = life.index.build_name
        with life.database.write() as connection:
            index_rebuild.want_rebuild(connection, now=running.clock.now())
        item = later_article([WAR, TOWN], site)
        life.steps.publisher.publish()
        assert (life.index.build_name, life.index.building != "") == (
            before,
            True,
        )
        assert life.found("Mehrheit") == sorted([TOWN.title, WAR.title])
        life.one_pass(after=POLL)
        assert life.found("Mehrheit") == sorted(
            [TOWN.title, item.title, WAR.title]
        )
        assert life.index.build_name != before
        assert life.index.building == ""
        with life.database.read() as connection:
            assert index_rebuild.state(connection).idle


class AwayIndex:
    """An engine that is away until somebody plugs it in."""

    def __init__(self) -> None:
        self.here = False
        self.documents: dict[str, Document] = {}

    @property
    def build_name(self) -> str:
        return "one" if self.here else ""

    @property
    def building(self) -> str:
        return ""

    def prepare(self) -> None:
        self._reach()

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        self._reach()
        self.documents = {
            document.doc_id: document for document in documents
        } | self.documents
        return tuple(PutResult(document.doc_id) for document in documents)

    def rebuild(self) -> None:
        self.documents.clear()

    def finish(self) -> None:
        """Nothing was built beside."""

    def prune(self, before: datetime) -> int:
        return 0

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        self._reach()
        self.documents |= {document.doc_id: document for document in documents}
        return tuple(PutResult(document.doc_id) for document in documents)

    def delete(self, doc_ids: Sequence[str]) -> None:
        self._reach()

    def search(self, request: SearchRequest) -> SearchPage:
        raise IndexingError("not asked here")

    def count(self) -> int:
        return len(self.documents)

    def close(self) -> None:
        """Nothing is open."""

    def _reach(self) -> None:
        if not self.here:
            raise IndexingError("connection refused")


def test_alerts_go_out_while_the_index_is_away(
    running: World, site: Site
) -> None:
    index = AwayIndex()
    with changed(running, index=index).life() as life:
        life.one_pass()
        assert told(running.mails(), WAR.title) == dict.fromkeys(PEOPLE, 1)
        index.here = True
        life.one_pass(after=timedelta(minutes=1))
        assert index.count() == 2
        index.here = False
        later_article([WAR, TOWN], site)
        life.one_pass(after=POLL)
        assert index.count() == 2
        index.here = True
        life.one_pass(after=timedelta(minutes=1))
        assert index.count() == 3
        assert life.outcomes()["publish"]["stored"] >= 3


def test_hits_after_a_mail_are_collected(running: World, site: Site) -> None:
    with running.life() as life:
        life.one_pass()
        items = [WAR, TOWN]
        for number in range(3):
            items.insert(0, Item(f"n{number}", f"Ukraine Meldung {number}"))
            put_pages(site, items[0])
        listed(site, *items)
        life.one_pass(after=POLL)
        assert len(running.mails()) == 2, (
            "eleven minutes after the first mail the next still waits"
        )
        life.one_pass(after=timedelta(minutes=5))
        assert len(running.mails()) == 4
        assert told(running.mails(), "Ukraine Meldung 2") == dict.fromkeys(
            PEOPLE, 1
        )
        assert told(running.mails(), "Ukraine Meldung 0") == dict.fromkeys(
            PEOPLE, 1
        )


def test_a_change_during_the_reading_is_read_too(
    running: World, site: Site
) -> None:
    """The feed announces an update while the old page is being fetched."""
    with running.life() as life:
        for state in life.steps.poller.claim(9):
            life.steps.poller.poll(state)
        tasks = life.steps.reader.claim(9)
        listed(site, Item(WAR.key, WAR.title + " (Update)"), TOWN)
        running.clock.advance(timedelta(minutes=9))
        with life.database.write() as connection:
            make_due(connection, ["zeitung"], now=running.clock.now())
        for state in life.steps.poller.claim(9):
            life.steps.poller.poll(state)
        for task in tasks:
            life.steps.reader.read(task)
        site.put("/krieg", page(WAR.title + " (Update)", "Ganz neu."))
        life.one_pass()
        assert life.articles()[0].content.title == WAR.title + " (Update)"
        assert "Ganz neu." in life.articles()[0].content.text
