"""The radar over a real database: three weeks of articles, and a day on which
something happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.requests.radar_page import RadarPage, read_radar
from monitor.flow.upkeep.radar_look import RadarPlace
from monitor.flow.upkeep.radar_watch import RadarAlerts, RadarWatch
from monitor.notify.mail.templates_render import Templates
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.tables import (
    articles,
    deliveries,
    matches,
    radar_days,
    radar_terms,
    stories,
    topic_sets,
    topic_versions,
)
from monitor.types.catalog import Feed, Recipient
from monitor.types.mail import MailIdentity
from tests.fakes import SetClock
from tests.store.conftest import migrated

BEGIN = datetime(2026, 10, 5, 6, tzinfo=UTC)  # a Monday
DAYS = 21
EVENING = BEGIN + timedelta(days=DAYS, hours=14)
OUTLETS = ("Weserbote", "Tageblatt", "Küstenfunk", "Rundschau", "Kurier")
ANNA = Recipient("anna@example.org")
HOUR = timedelta(hours=1)


@dataclass
class Archive:
    """Articles of a made-up region."""

    database: Database
    clock: SetClock = field(default_factory=lambda: SetClock(EVENING))
    stories: int = 0
    articles: int = 0
    recipients: tuple[Recipient, ...] = ()
    regions: frozenset[str] = frozenset()

    def add(
        self,
        at: datetime,
        outlet: int,
        title: str,
        *,
        story: int = 0,
        silent: bool = False,
        section: str | None = None,
        published: datetime | None = None,
    ) -> int:
        """One article, of a new story unless one is named; returns its story."""
        self.articles += 1
        with self.database.write() as connection:
            if not story:
                self.stories += 1
                story = self.stories
                row = {
                    "id": story,
                    "created_at": at,
                    "last_at": at,
                    "copies": 1,
                }
                connection.execute(insert(stories).values(row))
            row = {
                "id": self.articles,
                "url": f"https://news.test/{self.articles}",
                "doc_id": f"d{self.articles}",
                "host": "news.test",
                "feed_id": f"f{outlet}",
                "story_id": story,
                "first_seen_at": at,
                "published_at": published or at,
                "published_source": "feed",
                "version": 1,
                "title": title,
                "text": f"Im Bericht steht {title} und nicht mehr.",
                "authors": [],
                "language": "de",
                "kind": "article",
                "silent": silent,
                "section": section,
                "read_state": "done",
            }
            connection.execute(insert(articles).values(row))
        return story

    def usual_weeks(self, days: int = DAYS) -> None:
        """Each day some stories about what is always there, on Mondays the
        market.
        """
        for day in range(DAYS - days, DAYS + 1):
            for number in range(12):
                at = BEGIN + timedelta(days=day, minutes=20 * number)
                self.add(
                    at,
                    number % 5,
                    f"Rat der Stadt, Punkt {'ABCDEFGHIJKL'[number]}zimmer",
                )
            for number in range(6 if day % 7 == 0 else 0):
                at = BEGIN + timedelta(days=day, minutes=7 * number)
                self.add(at, number % 5, "Fischmarkt am Hafen")

    def happens(
        self, title: str, *, count: int = 6, outlets: int = 4
    ) -> list[int]:
        """Something new, in the hours before the evening; returns its stories."""
        times = (EVENING - HOUR * (count - number) for number in range(count))
        return [
            self.add(at, number % outlets, title)
            for number, at in enumerate(times)
        ]

    def covers(self, story_ids: list[int]) -> None:
        """A topic matches these stories."""
        with self.database.write() as connection:
            row = {"id": 1, "digest": "d", "created_at": BEGIN}
            connection.execute(insert(topic_sets).values(row))
            version = {
                "topic_id": "bau",
                "name": "Bau",
                "query_hash": "q",
                "since": 1,
            }
            connection.execute(insert(topic_versions).values(version))
            found = select(articles.c.id).where(
                articles.c.story_id.in_(story_ids)
            )
            for number in connection.execute(found).scalars().all():
                row = {
                    "topic_id": "bau",
                    "query_hash": "q",
                    "article_id": number,
                    "version": 1,
                }
                row |= {"hits": 1, "clauses": [], "created_at": BEGIN}
                connection.execute(insert(matches).values(row))

    def radar(self) -> RadarWatch:
        identity = MailIdentity("monitor@example.org")
        kit = MailKit(identity, Templates())
        return RadarWatch(
            database=self.database,
            clock=self.clock,
            place=RadarPlace("Europe/Berlin", self.regions),
            alerts=RadarAlerts(kit, self.recipients),
        )

    def page(self) -> RadarPage:
        """The page after the radar looked."""
        self.radar().watch()
        return read_radar(
            self.database, zone="Europe/Berlin", now=self.clock.now()
        )

    def mails(self) -> list[str]:
        with self.database.read() as connection:
            found = select(deliveries.c.subject).where(
                deliveries.c.kind == "radar"
            )
            return list(
                connection.execute(found.order_by(deliveries.c.id)).scalars()
            )


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.external_service),
    ]
)
def archive(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Archive]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
        yield filled(database)
        database.close()
        return
    server = request.getfixturevalue("postgres")
    name = server.create(server.template("monitor", migrated))
    database = Database(server.url(name))
    yield filled(database)
    database.close()
    server.drop(name)


def filled(database: Database) -> Archive:
    database.migrate()
    listed = [
        Feed(
            f"f{number}",
            name,
            name,
            url=f"https://f{number}.test/",
            region="OWL" if number < 2 else "Nord",
        )
        for number, name in enumerate(OUTLETS)
    ]
    with database.write() as connection:
        feed_states.sync_feeds(
            connection, listed, now=BEGIN, spread=timedelta(0)
        )
    return Archive(database)


def labels(page: RadarPage) -> list[str]:
    return [subject.label for subject in page.subjects]


@pytest.mark.slow
def test_what_many_suddenly_write_about_is_named(archive: Archive) -> None:
    archive.usual_weeks()
    archive.happens("Brückensperrung: Elwira Brandkamp tritt zurück")
    page = archive.page()
    (subject,) = page.subjects
    assert {"Brückensperrung", "Elwira Brandkamp"} == {
        term.written for term in subject.terms
    }
    assert subject.stories == 6
    assert subject.outlets == (
        "Küstenfunk",
        "Rundschau",
        "Tageblatt",
        "Weserbote",
    )
    assert len(subject.articles) == 6
    assert '"Elwira Brandkamp"' in subject.query
    assert page.covered == ()
    assert page.looked_at == EVENING


@pytest.mark.slow
def test_the_archive_of_the_last_weeks_is_caught_up_with(
    archive: Archive,
) -> None:
    archive.usual_weeks()
    assert archive.page().days_known == DAYS
    with archive.database.read() as connection:
        kept = connection.execute(
            select(func.min(radar_terms.c.seen_at))
        ).scalar_one()
    assert kept >= EVENING - timedelta(days=2)


@pytest.mark.parametrize("days", [0, 3, 6])
def test_nothing_is_named_while_it_learns(archive: Archive, days: int) -> None:
    archive.usual_weeks(days)
    archive.happens("Brückensperrung")
    page = archive.page()
    assert page.is_learning
    assert labels(page) == []


@pytest.mark.slow
def test_copies_of_one_story_are_one(archive: Archive) -> None:
    archive.usual_weeks()
    story = archive.add(EVENING - HOUR, 0, "Brückensperrung")
    for number in range(30):
        archive.add(EVENING - HOUR, number % 5, "Brückensperrung", story=story)
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_what_comes_every_monday_is_not_named_on_a_monday(
    archive: Archive,
) -> None:
    archive.usual_weeks()
    with archive.database.read() as connection:
        today = select(func.count()).where(
            articles.c.title == "Fischmarkt am Hafen",
            articles.c.first_seen_at > EVENING - HOUR * 24,
        )
        assert connection.execute(today).scalar_one() == 6
    assert labels(archive.page()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "title",
    [
        "Horoskop: Brückensperrung",
        "Anzeige: Brückensperrung",
        "Wetter: Brückensperrung",
        "Lotto Brückensperrung",
    ],
)
def test_routine_of_the_trade_is_not_named(
    archive: Archive, title: str
) -> None:
    archive.usual_weeks()
    archive.happens(title, count=9)
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_sections_of_routine_do_not_count(archive: Archive) -> None:
    archive.usual_weeks()
    for number in range(9):
        archive.add(
            EVENING - HOUR,
            number % 5,
            "Brückensperrung",
            section="Gewinnspiel",
        )
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_one_outlet_alone_is_no_subject(archive: Archive) -> None:
    archive.usual_weeks()
    archive.happens("Brückensperrung", count=9, outlets=1)
    archive.happens("Turmbau", count=9, outlets=2)
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_fewer_are_enough_in_the_region(archive: Archive) -> None:
    archive.regions = frozenset({"owl"})
    archive.usual_weeks()
    archive.happens("Brückensperrung", count=8, outlets=2)
    (subject,) = archive.page().subjects
    assert subject.regional == 1.0


@pytest.mark.slow
def test_first_items_of_a_new_source_and_old_news_do_not_count(
    archive: Archive,
) -> None:
    archive.usual_weeks()
    for number in range(9):
        archive.add(EVENING - HOUR, number % 5, "Brückensperrung", silent=True)
        archive.add(EVENING - HOUR, number % 5, "Turmbau", published=BEGIN)
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_two_subjects_are_two(archive: Archive) -> None:
    archive.usual_weeks()
    archive.happens("Brückensperrung")
    archive.happens("Zugunglück", count=9)
    assert labels(archive.page()) == ["Zugunglück", "Brückensperrung"]


@pytest.mark.slow
def test_what_a_topic_has_is_folded_away(archive: Archive) -> None:
    archive.usual_weeks()
    archive.recipients = (ANNA,)
    archive.covers(archive.happens("Brückensperrung")[:3])
    page = archive.page()
    assert page.subjects == ()
    assert [(each.label, each.topics) for each in page.covered] == [
        ("Brückensperrung", ("Bau",))
    ]
    assert archive.mails() == []


@pytest.mark.slow
def test_a_topic_with_a_part_of_it_covers_it_not(archive: Archive) -> None:
    archive.usual_weeks()
    archive.covers(archive.happens("Brückensperrung")[:2])
    (subject,) = archive.page().subjects
    assert subject.topics == ("Bau",)


@pytest.mark.slow
def test_each_subject_is_mailed_once(archive: Archive) -> None:
    archive.recipients = (ANNA, Recipient("bert@example.org"))
    archive.usual_weeks()
    archive.page()
    assert archive.mails() == []
    archive.happens("Brückensperrung")
    archive.clock.advance(HOUR)
    archive.page()
    assert archive.mails() == ["[Monitor] Radar: Brückensperrung"] * 2
    archive.add(archive.clock.now(), 4, "Brückensperrung")
    for _ in range(5):
        archive.clock.advance(HOUR)
        archive.page()
    assert len(archive.mails()) == 2


@pytest.mark.slow
def test_a_subject_keeps_its_number_and_goes_when_it_is_over(
    archive: Archive,
) -> None:
    archive.usual_weeks()
    archive.happens("Brückensperrung")
    first = archive.page().subjects[0]
    archive.clock.advance(HOUR)
    archive.add(archive.clock.now() - HOUR / 2, 4, "Brückensperrung")
    later = archive.page().subjects[0]
    assert (later.id, later.first_at, later.stories) == (
        first.id,
        first.first_at,
        7,
    )
    archive.clock.advance(timedelta(days=2))
    assert labels(archive.page()) == []


@pytest.mark.slow
def test_it_looks_every_ten_minutes_and_can_stop_anywhere(
    archive: Archive,
) -> None:
    archive.usual_weeks()
    archive.page()
    archive.happens("Brückensperrung")
    archive.clock.advance(timedelta(minutes=5))
    assert labels(archive.page()) == []
    archive.clock.advance(timedelta(minutes=6))
    assert labels(archive.page()) == ["Brückensperrung"]


@pytest.mark.slow
def test_days_are_kept_for_four_weeks(archive: Archive) -> None:
    archive.usual_weeks()
    archive.page()
    archive.clock.advance(timedelta(days=20))
    archive.page()
    with archive.database.read() as connection:
        oldest = connection.execute(
            select(func.min(radar_days.c.day))
        ).scalar_one()
        left = connection.execute(
            select(func.count()).select_from(radar_terms)
        ).scalar_one()
    assert (
        oldest >= (archive.clock.now() - timedelta(days=31)).date().isoformat()
    )
    assert left == 0
