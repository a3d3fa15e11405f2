"""Items that share an address, and items that move: from the poll to the
alert, over simulated weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from sqlalchemy import delete, select, update

from monitor.store.reading.articles import doc_id
from monitor.store.tables import (
    alerts,
    article_versions,
    articles,
    entries,
    entry_keys,
    matches,
)
from tests.fakes import DictHttp
from tests.flow.world import Life, World, feeds_yaml, page

pytestmark = pytest.mark.slow  # simulated weeks
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
FEED = "http://dienst.test/feed"
PAGE = "http://dienst.test/warnungen"
TOPIC = (
    "  - {name: Lage, any: [Herford, Minden, Frost, Sturm, 'A 2', 'A 30', Rat], recipients:"
    " [anna]}\n"
)
FRAME = (
    "Es tritt bei klarem Himmel leichter Frost zwischen {} Grad auf. In Tallagen sinken die Werte"
    " weiter. Vorsicht auf Brücken im Kreis {}, gültig ab {} Uhr. Bitte fahren Sie vorsichtig und"
    " rechnen Sie mit Glätte."
)


@dataclass(frozen=True)
class Notice:
    """One item as a service writes it; what is None is left out."""

    title: str
    text: str = ""
    link: str | None = PAGE
    guid: str | None = None
    time: datetime | None = None
    day_only: bool = False

    def xml(self) -> str:
        parts = [
            f"<title>{escape(self.title)}</title>",
            f"<description>{escape(self.text)}</description>",
        ]
        if self.link:
            parts.append(f"<link>{escape(self.link)}</link>")
        if self.guid:
            parts.append(
                f"<guid isPermaLink='false'>{escape(self.guid)}</guid>"
            )
        if self.time:
            date = (
                self.time.strftime("%Y-%m-%d")
                if self.day_only
                else format_datetime(self.time)
            )
            parts.append(f"<pubDate>{date}</pubDate>")
        return f"<item>{''.join(parts)}</item>"


@dataclass
class Service:
    """One feed whose items a test sets, and the pages of its site."""

    world: World
    fulltext: bool = True
    http: DictHttp = field(default_factory=DictHttp)

    def __post_init__(self) -> None:
        self.world.http = self.http
        self.write(FEED)
        self.show()
        for address in (PAGE, "http://dienst.test/"):
            self.http.pages[address] = page(
                "Warnlage in Herford", "Alle Warnungen für Herford."
            ).encode()

    def write(self, address: str, host: str = "") -> None:
        self.address = address
        full = "true" if self.fulltext else "false"
        row = f"{{id: dienst, title: Dienst, url: '{address}', fulltext: {full}}}"
        self.world.write(feeds_yaml(row, topics=TOPIC))

    def show(self, *notices: Notice) -> None:
        items = "".join(notice.xml() for notice in notices)
        text = (
            "<rss"
            f" version='2.0'><channel><title>Dienst</title><link>{PAGE}</link>{items}</channel></rss>"
        )
        self.http.pages[self.address] = text.encode()


def told(
    world: World,
    polls: Sequence[tuple[timedelta, Sequence[Notice]]],
    *,
    fulltext: bool = True,
) -> list[int]:
    """How many alerts there are after each poll; `polls` say how long after
    the one before.
    """
    service = Service(world, fulltext=fulltext)
    counts = []
    with world.life() as life:
        life.one_pass()
        for after, notices in polls:
            service.show(*notices)
            life.one_pass(after=after)
            counts.append(len(life.alerts()))
        assert_each_shown_once(life, polls)
    return counts


def assert_each_shown_once(
    life: Life, polls: Sequence[tuple[timedelta, Sequence[Notice]]]
) -> None:
    links = {
        notice.link
        for _, notices in polls
        for notice in notices
        if notice.link
    } | {PAGE}
    for article in life.articles():
        assert article.url.startswith("entry:") or any(
            link.startswith(article.url) for link in links
        )


def frost(place: str, low: str = "-1 und -4", since: int = 20) -> str:
    return FRAME.format(low, place, since)


START = datetime.fromisoformat("2025-06-02T08:07:00+00:00")
GUIDS = {
    "none": lambda n: None,
    "own": lambda n: f"w-{n}",
    "link": lambda n: PAGE,
}
SHARED = {
    "warnings of two districts": (
        ("Amtliche WARNUNG vor FROST", frost("Herford")),
        ("Amtliche WARNUNG vor FROST", frost("Minden")),
    ),
    "two kinds of warning": (
        ("WARNUNG vor FROST in Herford", frost("Herford")),
        ("WARNUNG vor STURM", "Es weht."),
    ),
    "traffic on two roads": (
        ("A 2: Stau", "Drei Kilometer, Unfall."),
        ("A 30: Stau", "Drei Kilometer, Unfall."),
    ),
    "one headline, two reports": (
        ("Herford", "Straße gesperrt am Markt."),
        ("Herford", "Brücke wieder frei."),
    ),
    "disruptions": (
        ("RB 71 Herford: Verspätung", "Signalstörung."),
        ("RB 71 Herford: Ausfall", "Personalmangel."),
    ),
    "posts of a ticker": (
        ("12.03 Uhr: Rat beginnt", "Die Sitzung des Rats ist eröffnet."),
        ("12.41 Uhr: Rat stimmt ab", "Die Mehrheit ist für den Haushalt."),
    ),
}


LINKS = (PAGE, "http://dienst.test/", None, "fragment")


@pytest.mark.parametrize(("number", "kind"), list(enumerate(SHARED)))
@pytest.mark.parametrize("guid", GUIDS)
def test_items_of_one_document_at_one_address(
    world: World, number: int, kind: str, guid: str
) -> None:
    link = LINKS[(number + list(GUIDS).index(guid)) % len(LINKS)]
    notices = [
        Notice(
            title,
            text,
            f"{PAGE}#n{n}" if link == "fragment" else link,
            GUIDS[guid](n),
            START + n * MINUTE,
        )
        for n, (title, text) in enumerate(SHARED[kind])
    ]
    assert told(
        world, [(HOUR, notices), (HOUR, notices), (3 * DAY, notices[::-1])]
    ) == [2, 2, 2]


@pytest.mark.parametrize(("number", "kind"), list(enumerate(SHARED)))
@pytest.mark.parametrize("guid", GUIDS)
def test_an_address_is_used_again_weeks_later(
    world: World, number: int, kind: str, guid: str
) -> None:
    fulltext = bool(number % 2)
    first, second = (
        Notice(title, text, PAGE, GUIDS[guid](n), START + n * 3 * WEEK)
        for n, (title, text) in enumerate(SHARED[kind])
    )
    polls = [
        (HOUR, [first]),
        (DAY, [first]),
        (3 * WEEK, [second]),
        (HOUR, [second]),
        (HOUR, [second, first]),
    ]
    assert told(world, polls, fulltext=fulltext) == [1, 1, 2, 2, 2]


@pytest.mark.parametrize("guid", GUIDS)
@pytest.mark.parametrize("after", [DAY, 2 * DAY, 5 * WEEK])
def test_the_next_days_warning_from_one_template(
    world: World, guid: str, after: timedelta
) -> None:
    first = Notice(
        "Amtliche WARNUNG vor FROST",
        frost("Herford"),
        PAGE,
        GUIDS[guid](1),
        START,
    )
    second = Notice(
        "Amtliche WARNUNG vor FROST",
        frost("Herford", "-3 und -9", 22),
        PAGE,
        GUIDS[guid](2),
        START + after,
    )
    assert told(
        world, [(HOUR, [first]), (after, [second]), (HOUR, [second])]
    ) == [1, 2, 2]


EDITS = {
    "a mark": (
        "+++ Update: Frost in Herford +++",
        "Es wird kalt in der Nacht.",
        MINUTE,
    ),
    "a mark behind": (
        "Frost in Herford (Update)",
        "Es wird kalt in der Nacht.",
        HOUR,
    ),
    "a typo": ("Frost in Herfort", "Es wird kalt in der Nacht.", timedelta(0)),
    "more words": (
        "Frost in Herford und Umgebung",
        "Es wird kalt in der Nacht.",
        HOUR,
    ),
    "more text": (
        "Frost in Herford",
        "Es wird kalt in der Nacht. Der Winterdienst ist bereit.",
        HOUR,
    ),
    "a cut text": (
        "Frost in Herford",
        "Es wird kalt in der … mehr",
        timedelta(0),
    ),
    "a link behind the text": (
        "Frost in Herford",
        "Es wird kalt in der Nacht. Weiterlesen",
        HOUR,
    ),
    "another time": ("Frost in Herford", "Es wird kalt in der Nacht.", HOUR),
    "a headline anew": (
        "Winter kommt nach Herford",
        "Es wird kalt in der Nacht.",
        timedelta(0),
    ),
    "a text anew": (
        "Frost in Herford",
        "Meteorologen rechnen mit Glätte auf den Straßen.",
        timedelta(0),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("guid", GUIDS)
def test_an_edit_is_no_second_alert(
    world: World, edit: str, guid: str
) -> None:
    title, text, moved = EDITS[edit]
    address = "http://dienst.test/frost-in-herford.html"
    own = address if guid == "link" else GUIDS[guid](1)
    before = Notice(
        "Frost in Herford", "Es wird kalt in der Nacht.", address, own, START
    )
    after = Notice(title, text, address, own, START + moved)
    assert told(
        world, [(HOUR, [before]), (HOUR, [after]), (HOUR, [after])]
    ) == [1, 1, 1]


def paper(number: int, link: object, **other: object) -> Notice:
    """An article of a paper that is relaunched."""
    values: dict[str, object] = {
        "title": f"Rat berät über den Punkt {number}",
        "text": f"Punkt {number} der Tagesordnung betrifft die Straße {number} am Rand der Stadt.",
        "link": link,
        "guid": link,
        "time": START + number * 7 * MINUTE,
    }
    return Notice(**(values | other))  # type: ignore[arg-type]


RENDERED = {
    "as it was": {},
    "other guids": {"guid": "neu-{n}"},
    "no guids": {"guid": None},
    "a link behind the text": {
        "text": "Punkt {n} der Tagesordnung betrifft die Straße {n} am Rand der Stadt. mehr"
    },
    "cut": {"text": "Punkt {n} der Tagesordnung betrifft die Straße {n} […]"},
    "tags": {
        "text": (
            "<p>Punkt {n} der Tagesordnung <b>betrifft</b> die Straße {n} am Rand der Stadt.</p>"
        )
    },
    "entities": {
        "text": "Punkt&nbsp;{n} der Tagesordnung betrifft die Stra&szlig;e {n} am Rand der Stadt."
    },
    "white space": {
        "title": " Rat  berät über den Punkt {n} ",
        "text": "Punkt {n} der Tagesordnung  betrifft die Straße {n} am Rand der\n\n Stadt.",
    },
    "a day only": {"day_only": True},
    "tracked": {"link": "http://neu.test/artikel/{n}?utm_source=rss#x"},
    "a number as guid": {"guid": "{n}"},
    "the text is gone": {"text": ""},
}


@pytest.mark.parametrize("how", RENDERED)
@pytest.mark.parametrize(
    ("gap", "unlisted"), [(5 * DAY, False), (6 * WEEK, True)]
)
def test_after_a_relaunch_nothing_alerts_again(
    world: World, how: str, gap: timedelta, unlisted: bool
) -> None:
    before = [paper(n, f"http://dienst.test/alt/{n}.html") for n in range(4)]
    new = "http://neu.test/artikel/{n}"
    after = [
        paper(n, **filled({"link": new, "guid": new} | RENDERED[how], n))
        for n in range(4)
    ]
    other = [paper(9, "http://dienst.test/alt/9.html")]
    between = [(DAY, other)] if unlisted else []
    polls = [(HOUR, before), *between, (gap, after), (HOUR, after)]
    expected = 4 + unlisted
    assert told(world, polls)[-2:] == [expected, expected]


def filled(values: dict[str, object], number: int) -> dict[str, object]:
    return {
        k: v.format(n=number) if isinstance(v, str) else v
        for k, v in values.items()
    }


def test_news_among_a_relaunch_are_told(world: World) -> None:
    before = [paper(n, f"http://dienst.test/alt/{n}.html") for n in range(4)]
    after = [paper(n, f"http://neu.test/artikel/{n}") for n in range(2, 7)]
    assert told(world, [(HOUR, before), (5 * DAY, after), (HOUR, after)]) == [
        4,
        7,
        7,
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://dienst.test/feed",
        "http://www.dienst.test/feed",
        "http://neu.test/rss",
    ],
)
def test_a_feed_that_moves_in_the_file(world: World, address: str) -> None:
    service = Service(world)
    with world.life() as life:
        life.one_pass()
        service.show(
            *(paper(n, f"http://dienst.test/{n}.html") for n in range(4))
        )
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 4
        service.write(address)
        assert life.live.reload()
        host = address.removesuffix("/feed").removesuffix("/rss")
        service.show(*(paper(n, f"{host}/{n}.html") for n in range(5)))
        life.one_pass(after=2 * HOUR)
        assert len(life.alerts()) == 5


CASES = Path(__file__).parent.parent / "data" / "feeds"


@pytest.mark.parametrize("gap", [5 * DAY, 3 * WEEK, 10 * WEEK])
def test_a_relaunch_at_full_hours(world: World, gap: timedelta) -> None:
    service = Service(world)
    world.clock.advance(
        datetime.fromisoformat("2026-11-20T14:00:00+00:00") - world.clock.now()
    )
    before, after = (
        (CASES / f"relaunch-{name}.xml")
        .read_text()
        .replace("HOST", "dienst.test")
        .encode()
        for name in ("before", "after")
    )
    with world.life() as life:
        life.one_pass()
        service.http.pages[FEED] = before
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 4
        service.http.pages[FEED] = after
        life.one_pass(after=gap)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 4


@pytest.mark.parametrize("gap", [DAY, 4 * DAY, 5 * WEEK])
@pytest.mark.parametrize("link", [PAGE, None, "http://dienst.test/?meldung=1"])
def test_a_guid_that_is_used_again(
    world: World, gap: timedelta, link: str | None
) -> None:
    first = Notice(
        "Brand in Herford",
        "In einer Halle brach Feuer aus.",
        link,
        "meldung",
        START,
    )
    second = Notice(
        "Haushalt steht",
        "Der Rat senkt die Grundsteuer.",
        link,
        "meldung",
        START + gap,
    )
    polls = [
        (HOUR, [first]),
        (gap, [second]),
        (HOUR, [second]),
        (DAY, [second]),
    ]
    assert told(world, polls) == [1, 2, 2, 2]


def test_a_teaser_and_the_main_item_are_one_article_with_its_page(
    world: World,
) -> None:
    address = "http://dienst.test/frost-in-herford.html"
    teaser = Notice(
        "Frost in Herford", "Es wird kalt in der Nacht.", address, None, START
    )
    main = Notice(
        "Frost in Herford und Umgebung",
        "Es wird kalt in der Nacht. Der Winterdienst ist bereit.",
        address,
        None,
        START,
    )
    service = Service(world)
    service.http.pages[address] = page(
        "Frost in Herford", "Der Winterdienst streut."
    ).encode()
    with world.life() as life:
        life.one_pass()
        service.show(teaser, main)
        life.one_pass(after=HOUR)
        (article,) = life.articles()
        assert "Winterdienst streut" in article.content.text
        service.show(main, teaser)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 1


@pytest.mark.parametrize("guid", GUIDS)
@pytest.mark.parametrize("link", [PAGE, "http://dienst.test/"])
def test_items_that_version_2_joined_in_one_article(
    world: World, guid: str, link: str
) -> None:
    """Several items of one page were one article: none alerts again, later
    ones do.
    """
    service = Service(world)

    def warning(number: int, place: str) -> Notice:
        time = START + number * HOUR
        return Notice(
            f"Frost im Kreis {place}",
            frost(place),
            link,
            GUIDS[guid](number),
            time,
        )

    old = [
        warning(n, place)
        for n, place in enumerate(("Herford", "Minden", "Lippe"))
    ]
    with world.life() as life:
        life.one_pass()
        service.show(*old)
        life.one_pass(after=HOUR)
        join_as_version_2(life)
        told = len(life.alerts())
        service.show(*old[::-1])
        life.one_pass(after=HOUR)
        life.one_pass(after=2 * DAY)
        assert len(life.alerts()) == told, "an upgrade is no news"
        service.show(warning(60, "Höxter"), *old)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == told + 1
        service.show(warning(61, "Paderborn"), warning(60, "Höxter"), *old[1:])
        life.one_pass(after=HOUR)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == told + 2
        assert len(life.articles()) == 3


def join_as_version_2(life: Life) -> None:
    """One article at the items' address; its entries have keys without words."""
    with life.database.write() as connection:
        first, *others = connection.execute(
            select(articles.c.id).order_by(articles.c.id)
        ).scalars()
        page_url = (
            connection.execute(select(articles.c.link)).scalars().first()
        )
        connection.execute(
            update(entries).values(identity_version=2, article_id=first)
        )
        connection.execute(
            delete(entry_keys).where(entry_keys.c.key.startswith("w:"))
        )
        for table in (alerts, matches, article_versions):
            connection.execute(
                delete(table).where(table.c.article_id.in_(others))
            )
        connection.execute(delete(articles).where(articles.c.id.in_(others)))
        joined = {
            "url": page_url,
            "link": None,
            "doc_id": doc_id(page_url or ""),
        }
        connection.execute(update(articles).values(joined))


REPUBLISHED = {
    "undated": ([None, None], [1, 1, 1]),
    "a new time the next day": ([START, START + DAY], [1, 1, 1]),
    "a new time after six days": ([START, START + 6 * DAY], [1, 1, 1]),
    "a new time after eight days": (
        [START, START + 8 * DAY + HOUR],
        [1, 2, 2],
    ),
    "a new time after two months": ([START, START + 8 * WEEK], [1, 2, 2]),
    "the old time after two months": ([START, START], [1, 1, 1]),
}


@pytest.mark.parametrize("how", REPUBLISHED)
@pytest.mark.parametrize("guid", ["none", "link"])
def test_the_same_words_are_published_again(
    world: World, how: str, guid: str
) -> None:
    (before, after), expected = REPUBLISHED[how]
    first, again = (
        Notice(
            "Frost in Herford", frost("Herford"), PAGE, GUIDS[guid](1), time
        )
        for time in (before, after)
    )
    gap = after - before if before and after and after != before else 8 * WEEK
    polls = [(HOUR, [first]), (gap, [again]), (HOUR, [again])]
    assert told(world, polls) == expected


def test_entries_of_identity_version_2(world: World) -> None:
    """Version 2 kept no words of items without time, and one article for all
    items of one page.
    """
    service = Service(world)
    dated = [paper(n, f"http://dienst.test/alt/{n}.html") for n in range(3)]
    undated = paper(7, "http://dienst.test/alt/7.html", time=None)
    with world.life() as life:
        life.one_pass()
        service.show(*dated, undated)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 4
        with life.database.write() as connection:
            connection.execute(
                delete(entry_keys).where(entry_keys.c.key.startswith("w:"))
            )
            connection.execute(update(entries).values(identity_version=2))
        service.show(*dated[::-1], undated)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 4, "an upgrade is no news"
        moved = [paper(n, f"http://neu.test/artikel/{n}") for n in range(4)]
        service.show(*moved, paper(7, "http://neu.test/artikel/7", time=None))
        life.one_pass(after=5 * DAY)
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 5, "one is new, none of the others"
