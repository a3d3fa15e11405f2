"""What a feed says of an article counts beside its page: found, alerted, shown
with its place, told once.
"""

from __future__ import annotations

import pytest
from sqlalchemy import update

from monitor.flow.upkeep.sweep import FEED_PARTS_SINCE
from monitor.store.reading import article_views, articles
from monitor.store.running import operations
from monitor.store.tables import entries, matches
from monitor.types.output import SearchRequest
from monitor.types.web import FailureKind, FetchFailed
from tests.fakes import DictHttp
from tests.flow.test_alerts import HOUR, MINUTE, to_anna
from tests.flow.world import (
    HEAD,
    Item,
    Life,
    World,
    body,
    feeds_yaml,
    page,
    rss,
)

BASE = "http://{}.test/"
PAGE = BASE.format("eins") + "a"
FIRE = "Am Morgen stand eine Lagerhalle an der Ringstraße in Flammen. Verletzt wurde niemand."
TOPIC = "  - {{name: {}, query: '{}', recipients: [anna]}}\n"
HERFORD = TOPIC.format("Herford", "Herford")


class Outlets:
    """Outlets whose feeds list one page."""

    def __init__(
        self,
        world: World,
        topics: str = HERFORD,
        names: tuple[str, ...] = ("eins",),
        head: str = "",
    ) -> None:
        self.http = world.http = DictHttp()
        rows = [
            f"{{id: {name}, title: {name.title()}, url: '{BASE.format(name)}feed'}}"
            for name in names
        ]
        world.write(
            feeds_yaml(
                *rows, topics=topics, **({"head": head} if head else {})
            )
        )
        self.http.pages[PAGE] = page("Großbrand in Lagerhalle", FIRE).encode()
        for name in names:
            self.http.pages[BASE.format(name) + "feed"] = rss(
                BASE.format("eins")
            ).encode()

    def say(self, title: str, summary: str = "", name: str = "eins") -> None:
        item = Item("a", title, summary=summary)
        self.http.pages[BASE.format(name) + "feed"] = rss(
            BASE.format("eins"), item
        ).encode()


def found(life: Life, query: str) -> list[str]:
    """The titles that a search in the query language finds."""
    return [
        hit.title.text
        for hit in life.index.search(SearchRequest(query, exact=True)).hits
    ]


def passes(life: Life, *, hours: int = 2) -> None:
    for _ in range(hours):
        life.one_pass(after=HOUR)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "title", "summary", "reason"),
    [
        (
            "Herford",
            "Herford: Großbrand in Lagerhalle",
            "Es brennt.",
            "davon Titel im Feed 1",
        ),
        (
            '"Kreis Herford"',
            "Großbrand",
            "Im Kreis Herford brennt eine Halle.",
            "davon Text im Feed 1",
        ),
        (
            "Herford",
            "Herford: Brand",
            "Im Kreis Herford brennt es.",
            "×2, davon Titel im Feed 1, Text im Feed 1",
        ),
        (
            "title:Herford",
            "Herford: Großbrand",
            "Es brennt.",
            "davon Titel im Feed 1",
        ),
        (
            "text:Herford",
            "Großbrand",
            "Herford meldet Feuer.",
            "davon Text im Feed 1",
        ),
        (
            "Herf*",
            "Großbrand bei Herforder Firma",
            "",
            "davon Titel im Feed 1",
        ),
        ("*feuer", "Großbrand", "Ein Schadenfeuer.", "davon Text im Feed 1"),
        (
            "Brand NEAR/3 Herford",
            "Brand in Herford",
            "",
            "davon Titel im Feed 1",
        ),
        (
            "Großbrand AND Herford",
            "Großbrand in Herford",
            "",
            "Großbrand ×1, davon Titel 1 · Herford ×1",
        ),
        (
            "Flammen AND Herford",
            "Herford",
            "Eine Halle in Flammen",
            "Flammen ×1 · Herford ×1, davon Titel im Feed 1",
        ),
        (
            "ATLEAST/2 Herford",
            "Herford: Brand",
            "In Herford brennt es.",
            "×2, davon Titel im Feed 1",
        ),
        (
            "Ringstraße",
            "Brand an der Ringstraße",
            "Die Ringstraße ist gesperrt.",
            "Ringstraße ×2, davon Titel im Feed 1",
        ),
    ],
)
def test_words_of_the_feed_alert_and_are_found(
    world: World, query: str, title: str, summary: str, reason: str
) -> None:
    outlets = Outlets(world, TOPIC.format("T", query.replace("'", "''")))
    outlets.say(title, summary)
    with world.life() as life:
        life.one_pass()
        assert found(life, query) == ["Großbrand in Lagerhalle"]
        assert [len(article.topics) for article in life.articles()] == [1]
        passes(life)
    (mail,) = to_anna(world)
    assert reason in " ".join(body(mail).split())


def test_the_case_of_a_place_that_only_the_feed_names(world: World) -> None:
    outlets = Outlets(
        world, HERFORD + TOPIC.format("Kreis", '"Kreis Herford"')
    )
    outlets.say(
        "Herford: Großbrand in Lagerhalle",
        "Im Kreis Herford brennt eine Halle.",
    )
    with world.life() as life:
        life.one_pass()
    mails = {
        mail["Subject"].split("]")[0]: body(mail) for mail in to_anna(world)
    }
    assert set(mails) == {"[Herford", "[Kreis"}
    assert "Titel im Feed 1" in mails["[Herford"]
    assert (
        "Titel im Feed: *Herford*: Großbrand in Lagerhalle"
        in mails["[Herford"]
    )
    assert "Text im Feed 1" in mails["[Kreis"]


def test_the_same_words_in_both_are_one_hit(world: World) -> None:
    outlets = Outlets(
        world,
        TOPIC.format("T", "Großbrand")
        + TOPIC.format("Z", "ATLEAST/2 Großbrand"),
    )
    outlets.say("Großbrand: Halle zerstört")
    with world.life() as life:
        life.one_pass()
        (article,) = life.articles()
        assert [
            (hit.topic, hit.hits, hit.title_hits) for hit in article.topics
        ] == [("T", 1, 1)]


def test_what_the_page_says_too_is_not_kept_twice(world: World) -> None:
    outlets = Outlets(world)
    outlets.say(
        "Großbrand",
        "Am Morgen stand eine Lagerhalle an der Ringstraße in Flammen. Alle sind wohlauf.",
    )
    with world.life() as life:
        life.one_pass()
        (article,) = life.articles()
    assert (article.content.feed_title, article.content.feed_text) == (
        "",
        "Alle sind wohlauf.",
    )


def test_a_newer_title_of_the_feed_is_shown_though_the_page_keeps_its_own(
    world: World,
) -> None:
    outlets = Outlets(world)
    outlets.say("Großbrand in Lagerhalle")
    with world.life() as life:
        life.one_pass()
        outlets.say("Großbrand in Herford (Update)")
        passes(life)
        (article,) = life.articles()
        assert (article.content.title, article.content.own_title) == (
            "Großbrand in Herford (Update)",
            "Großbrand in Lagerhalle",
        )
        assert (
            found(life, "title:Lagerhalle")
            == found(life, "title:Update")
            == [article.content.title]
        )
    (mail,) = to_anna(world)
    assert "Großbrand in Herford (Update)" in mail["Subject"]
    assert "Geänderter Artikel" in body(mail)


def test_a_title_that_the_page_changes_later_is_newer_again(
    world: World,
) -> None:
    outlets = Outlets(world)
    outlets.say("Großbrand in Lagerhalle")
    with world.life() as life:
        life.one_pass()
        outlets.say("Großbrand (Update)")
        life.one_pass(after=MINUTE * 11)
        outlets.http.pages[PAGE] = page("Brand gelöscht", FIRE).encode()
        outlets.say("Großbrand (Update)", "Neues vom Feuer.")
        passes(life, hours=3)
        assert [article.content.title for article in life.articles()] == [
            "Brand gelöscht"
        ]


def test_a_title_that_differs_from_the_start_does_not_replace_the_page_s(
    world: World,
) -> None:
    outlets = Outlets(world)
    outlets.say("Feuer in Herford")
    with world.life() as life:
        passes(life)
        assert [article.content.title for article in life.articles()] == [
            "Großbrand in Lagerhalle"
        ]


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["same", "gone", "broken", "empty"])
def test_an_edit_of_the_feed_alone_reaches_matching_and_search(
    world: World, answer: str
) -> None:
    outlets = Outlets(world)
    outlets.say("Großbrand", "Es brennt.")
    with world.life() as life:
        life.one_pass()
        assert life.alerts() == []
        outlets.say("Großbrand", "Es brennt in Herford.")
        kinds = {"gone": FailureKind.NOT_FOUND, "broken": FailureKind.TIMEOUT}
        if answer in kinds:
            outlets.http.pages[PAGE] = FetchFailed(PAGE, kinds[answer], answer)
        elif answer == "empty":
            outlets.http.pages[PAGE] = b"<html></html>"
        passes(life, hours=4)
        assert life.found("Herford") == ["Großbrand in Lagerhalle"]
        assert life.found("Ringstraße") == ["Großbrand in Lagerhalle"]
    assert len(to_anna(world)) == 1


def test_an_edit_that_changes_nothing_alerts_nobody_again(
    world: World,
) -> None:
    outlets = Outlets(world)
    outlets.say("Brand in Herford", "Es brennt.")
    with world.life() as life:
        life.one_pass()
        outlets.say("Brand in Herford (Update)", "Es brennt noch.")
        passes(life)
        outlets.say(
            "Brand in Herford (2. Update)", "Es brennt weiter in Herford."
        )
        passes(life)
    assert len(to_anna(world)) == 1


def test_words_that_the_page_brings_later_are_no_second_alert(
    world: World,
) -> None:
    """First the feed alone could be read, then the page; the feed's words
    stay.
    """
    outlets = Outlets(world)
    outlets.say("Brand in Herford", "Es brennt.")
    outlets.http.pages[PAGE] = FetchFailed(PAGE, FailureKind.TIMEOUT, "slow")
    with world.life() as life:
        passes(life, hours=3)
        outlets.http.pages[PAGE] = page(
            "Großbrand in Lagerhalle", FIRE + " So war es in Herford."
        ).encode()
        passes(life, hours=30)
        (article,) = life.articles()
        assert article.content.kind != "summary"
        assert article.content.feed_title == "Brand in Herford"
    assert len(to_anna(world)) == 1


def test_another_feed_s_words_count_too(world: World) -> None:
    outlets = Outlets(world, names=("eins", "zwei"))
    outlets.say("Großbrand")
    with world.life() as life:
        life.one_pass()
        assert life.alerts() == []
        outlets.say("Halle in Herford brennt", name="zwei")
        passes(life)
        assert [article.content.feed_title for article in life.articles()] == [
            "Halle in Herford brennt"
        ]
    assert len(to_anna(world)) == 1


def test_first_items_of_a_new_feed_bring_their_words_silently(
    world: World,
) -> None:
    silent = HEAD.replace(", initial: all", "")
    outlets = Outlets(world, names=("eins", "zwei"), head=silent)
    outlets.say("Großbrand")
    outlets.say("Halle in Herford brennt", name="zwei")
    with world.life() as life:
        life.one_pass()
        passes(life)
        assert life.found("Herford") == ["Großbrand in Lagerhalle"]
    assert to_anna(world) == []


def test_what_a_feed_said_stays_when_it_lists_it_no_more(world: World) -> None:
    outlets = Outlets(world)
    outlets.say("Großbrand", "Es brennt in Herford.")
    with world.life() as life:
        life.one_pass()
        with life.database.write() as connection:
            connection.execute(update(entries).values(summary=""))
        outlets.http.pages[PAGE] = page("Großbrand gelöscht", FIRE).encode()
        with life.database.write() as connection:
            articles.read_again(
                connection, life.articles()[0].id, not_before=world.clock.now()
            )
        passes(life)
        (article,) = life.articles()
        assert (article.content.title, article.content.feed_text) == (
            "Großbrand gelöscht",
            "Es brennt in Herford.",
        )


def test_versions_keep_what_the_feed_said(world: World) -> None:
    outlets = Outlets(world)
    outlets.say("Großbrand", "Es brennt.")
    with world.life() as life:
        life.one_pass()
        outlets.say("Großbrand", "Es brennt in Herford.")
        passes(life)
        (article,) = life.articles()
        with life.database.read() as connection:
            kept = article_views.versions_of(connection, article.id)
    assert [version.feed_text for version in kept] == [
        "Es brennt.",
        "Es brennt in Herford.",
    ]


@pytest.mark.parametrize("upgraded", [False, True])
def test_the_nightly_look_tells_nobody_of_words_that_an_upgrade_brought(
    world: World, upgraded: bool
) -> None:
    outlets = Outlets(world)
    outlets.say("Brand in Herford")
    with world.life() as life:
        life.steps.sweeper.nightly()
        life.one_pass()
        with life.database.write() as connection:
            connection.execute(update(matches).values(topic_id="weg"))
            if upgraded:
                moment = world.clock.now() + MINUTE
                operations.set_fact(
                    connection,
                    FEED_PARTS_SINCE,
                    moment.isoformat(),
                    now=moment,
                )
        world.clock.advance(24 * HOUR)
        assert life.steps.sweeper.nightly() == (0 if upgraded else 1)


@pytest.mark.slow
@pytest.mark.parametrize("is_read", [True, False])
def test_what_a_feed_puts_around_each_item_alerts_nobody(
    world: World, *, is_read: bool
) -> None:
    """A blog's footer, further reading and the house's name stand in every
    item: a topic that the house is named after would meet all of them.
    """
    house = TOPIC.format("Herford", "Herford OR Eins")
    outlets = Outlets(world, house)
    if not is_read:
        outlets.http.pages[PAGE] = FetchFailed(
            PAGE, FailureKind.NOT_FOUND, "404"
        )
    with world.life() as life:
        passes(life, hours=1)
        outlets.say(
            "Großbrand in Lagerhalle - Eins",
            "<p>Es brennt seit dem Morgen.</p>"
            "<h3>Das könnte Sie auch interessieren</h3>"
            "<ul><li>Herford: Unfall auf der B 239</li></ul>"
            "<p>Der Beitrag Großbrand in Lagerhalle - Eins erschien zuerst"
            " auf Radio Herford.</p>",
        )
        passes(life)
        assert to_anna(world) == []
        assert found(life, "Herford") == []
        assert found(life, "Morgen") == ["Großbrand in Lagerhalle"]
