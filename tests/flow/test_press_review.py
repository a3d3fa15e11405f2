"""Press reviews by schedule: each story once, each time once, also over
outages, edits of the file and crashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, text

from monitor.errors import CatalogError, IndexingError
from monitor.flow.steps.press_review import choose
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import match_query
from monitor.store.alerting import subscriptions
from monitor.store.desk import review_archive
from monitor.store.desk.review_schedules import UntoldStory
from monitor.store.tables import deliveries
from monitor.types.output import SearchPage, SearchRequest
from monitor.types.press_review import Issue, IssueEntry
from tests.flow.test_alerts import DAY, HOUR, MINUTE, Papers
from tests.flow.world import UKRAINE, Life, World, body

REVIEW = """  - {name: Haushalt, any: ['Haushaltsplan*'], recipients: [bert]}
press_reviews:
  - {name: Morgenlage, schedule: '0 12 * * *', recipients: [anna], formats: [pdf, docx]}
"""
OTHER = " ".join(
    f"Im {n}. Absatz geht es um einen anderen Ort." for n in range(3, 40)
)
# twelve o'clock in Berlin; lives begin at eight UTC
NOON = datetime(2025, 6, 2, 10, 0, tzinfo=UTC)


def reviews(
    world: World, address: str = "anna@example.org"
) -> list[EmailMessage]:
    return [
        mail
        for mail in world.mails()
        if "[Pressespiegel]" in mail["Subject"] and address in mail["To"]
    ]


def until(life: Life, moment: datetime) -> None:
    """Go on to a moment, with one pass there."""
    life.one_pass(after=moment - life.world.clock.now())


def issues(life: Life) -> tuple[Issue, ...]:
    with life.database.read() as connection:
        return tuple(reversed(review_archive.list_issues(connection)))


def stories(life: Life, issue: Issue) -> tuple[IssueEntry, ...]:
    with life.database.read() as connection:
        return review_archive.issue_entries(connection, issue.id)


def titles(life: Life) -> list[list[str]]:
    """The titles of each issue, the oldest first."""
    return [
        [entry.title for entry in stories(life, issue)]
        for issue in issues(life)
    ]


@pytest.mark.slow
def test_each_morning_tells_each_story_once(world: World) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine am Montag")
        papers.add("eins", "b", "Stadtrat und Haushaltsplan")
        until(life, NOON - HOUR)
        assert reviews(world) == []
        until(life, NOON)
        papers.add("eins", "c", "Ukraine am Dienstag")
        until(life, NOON + HOUR)
        until(life, NOON + DAY)
        until(life, NOON + 2 * DAY)
        assert titles(life) == [
            ["Ukraine am Montag", "Stadtrat und Haushaltsplan"],
            ["Ukraine am Dienstag"],
            [],
        ]
        assert [entry.heading for entry in stories(life, issues(life)[0])] == [
            "Ukraine",
            "Haushalt",
        ]
    first, second, third = reviews(world)
    assert (
        first["Subject"]
        == "[Pressespiegel] Morgenlage: 2 Meldungen (Montag, 2. Juni 2025)"
    )
    assert "- Ukraine am Montag (Eins)\r\n  http://eins.test/a" in body(first)
    assert "Ukraine am Montag" not in body(second)
    assert "keine neuen Meldungen" in body(third)
    names = [part.get_filename() for part in first.iter_attachments()]
    assert names == ["2025-06-02-morgenlage.pdf", "2025-06-02-morgenlage.docx"]
    assert next(first.iter_attachments()).get_content().startswith(b"%PDF")


@pytest.mark.slow
def test_one_that_breaks_holds_back_no_other(world: World) -> None:
    first = "press_reviews:\n  - {name: Abendlage, schedule: '0 12 * * *', recipients: [bert]}\n"
    papers = Papers(
        world, topics=UKRAINE + REVIEW.replace("press_reviews:\n", first)
    )
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine am Montag")
        until(life, NOON - HOUR)
        with life.database.write() as connection:
            broken = "UPDATE press_review_schedules SET done_until = 'x' WHERE id = 'abendlage'"
            assert connection.execute(text(broken)).rowcount == 1
        until(life, NOON)
        assert [issue.title for issue in issues(life)] == ["Morgenlage"]
        assert len(reviews(world)) == 1


@pytest.mark.slow
def test_a_missed_time_is_made_up_for_once_late_and_says_so(
    world: World,
) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
    papers.add("eins", "a", "Ukraine in der Pause")
    world.clock.advance(3 * DAY + 3 * HOUR)
    with world.life() as life:
        life.one_pass()
        life.one_pass(after=MINUTE)
        assert titles(life) == [[], ["Ukraine in der Pause"]]
        late = issues(life)[1]
        assert late.planned_at == NOON + 3 * DAY
        assert late.missed == 2
        until(life, NOON + 4 * DAY)
        assert [issue.planned_at for issue in issues(life)][2:] == [None]
    mail = reviews(world)[1]
    assert "Verspätet" in body(mail)
    assert "in 2 ausgefallenen Ausgaben" in body(mail)
    assert len(reviews(world)) == 3


@pytest.mark.slow
def test_nothing_is_issued_before_what_an_outage_left_is_read(
    world: World,
) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
    papers.add("eins", "a", "Ukraine in der Pause")
    world.clock.advance(3 * HOUR)
    with world.life() as life:
        assert life.steps.press_reviewer.issue_due() == 0
        life.one_pass()
        assert titles(life) == [["Ukraine in der Pause"]]


@pytest.mark.slow
def test_a_story_that_is_read_late_is_in_the_next_issue(world: World) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine, spät gelesen")
        page = papers.http.pages.pop("http://eins.test/a")
        # the page cannot be had; its summary does not name the topic
        until(life, NOON)
        papers.http.pages["http://eins.test/a"] = page
        for hour in range(1, 24):
            until(life, NOON + hour * HOUR)
        until(life, NOON + DAY)
        told = [title for issue in titles(life) for title in issue]
        assert told == ["Ukraine, spät gelesen"]


@pytest.mark.slow
def test_a_copy_of_a_told_story_is_no_news(world: World) -> None:
    papers = Papers(world, "eins", "zwei", topics=UKRAINE + REVIEW)
    from tests.flow.test_alerts import AGENCY  # noqa: PLC0415 - beside its use

    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine: Präsident in Berlin", AGENCY)
        until(life, NOON)
        papers.add("zwei", "b", "Ukraine: Präsident in Berlin", AGENCY)
        until(life, NOON + HOUR)
        until(life, NOON + DAY)
        assert titles(life) == [["Ukraine: Präsident in Berlin"], []]


@pytest.mark.slow
def test_first_items_of_a_new_source_are_no_news(world: World) -> None:
    head = (
        "defaults: {min_interval: 10 min, max_interval: 10 min}\nrecipients:\n"
        "  - {name: anna, email: anna@example.org}\n  - {name: bert, email: bert@example.org}\n"
    )
    papers = Papers(world, topics=UKRAINE + REVIEW, head=head)
    papers.add("eins", "a", "Ukraine von früher")
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "b", "Ukraine von heute")
        until(life, NOON)
        assert titles(life) == [["Ukraine von heute"]]


@pytest.mark.slow
def test_a_new_schedule_begins_with_its_last_time(world: World) -> None:
    papers = Papers(
        world, topics=UKRAINE + REVIEW.partition("press_reviews")[0]
    )
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine vor der Frist")
        until(life, NOON - HOUR)
        papers.add("eins", "b", "Ukraine nach der Frist", OTHER)
        until(life, NOON + HOUR)
        rewrite(world, UKRAINE + REVIEW)
        life.live.reload()
        life.one_pass(after=MINUTE)
        assert issues(life) == ()
        until(life, NOON + DAY)
        assert titles(life) == [["Ukraine nach der Frist"]]


@pytest.mark.slow
def test_another_time_of_day_makes_nothing_up_for_the_old_one(
    world: World,
) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine am Vormittag")
        until(life, NOON)
        rewrite(world, UKRAINE + REVIEW.replace("0 12", "0 14"))
        until(life, NOON + 3 * HOUR)
        life.live.reload()
        life.one_pass(after=MINUTE)
        assert len(issues(life)) == 1
        papers.add("eins", "b", "Ukraine am Abend")
        until(life, NOON + DAY + 2 * HOUR)
        assert titles(life) == [["Ukraine am Vormittag"], ["Ukraine am Abend"]]


def rewrite(world: World, topics: str) -> None:
    path = world.folder / "feeds.yaml"
    text = path.read_text(encoding="utf-8")
    feeds = text[text.index("feeds:") :]
    head = text[: text.index("topics:")]
    world.write(f"{head}topics:\n{topics}{feeds}")


@pytest.mark.slow
def test_many_stories_are_spread_over_issues_and_that_is_said(
    world: World,
) -> None:
    papers = Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        for number in range(203):
            papers.add(
                "eins",
                f"a{number}",
                f"Ukraine, Bericht Nummer {number} von heute",
            )
        until(life, NOON)
        until(life, NOON + DAY)
        told = titles(life)
        assert [len(issue) for issue in told] == [200, 3]
        assert len({title for issue in told for title in issue}) == 203
    assert "3 weitere Meldungen stehen in der nächsten Ausgabe" in body(
        reviews(world)[0]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wish", "mails"), [("unsubscribed", 0), ("paused", 0), ("active", 1)]
)
def test_who_wants_none_gets_none(world: World, wish: str, mails: int) -> None:
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        with life.database.write() as connection:
            subscriptions.add_change(
                connection,
                "anna@example.org",
                wish,  # type: ignore[arg-type]
                topic_id="pressespiegel/morgenlage",
                said_by="test",
                now=world.clock.now(),
            )
        until(life, NOON)
        assert len(issues(life)) == 1
    assert len(reviews(world)) == mails


def test_who_is_taken_out_of_the_file_gets_no_waiting_mail(
    world: World,
) -> None:
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        world.clock.advance(NOON - world.clock.now())
        life.steps.press_reviewer.issue_due()
        rewrite(
            world,
            UKRAINE
            + REVIEW.replace("[anna]", "[bert]", 2).replace("anna", "bert"),
        )
        life.live.reload()
        life.one_pass()
    assert reviews(world) == []


@pytest.mark.slow
def test_quiet_hours_hold_it_back(world: World) -> None:
    Papers(world, topics=UKRAINE + REVIEW)
    text = (world.folder / "feeds.yaml").read_text(encoding="utf-8")
    quiet = "{name: anna, email: anna@example.org, quiet: '11:00-13:30'}"
    world.write(text.replace("{name: anna, email: anna@example.org}", quiet))
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        assert reviews(world) == []
        until(life, NOON + HOUR)
        assert reviews(world) == []
        until(life, NOON + 2 * HOUR)
        assert len(reviews(world)) == 1


def test_without_mail_it_is_kept_in_the_archive(world: World) -> None:
    world.settings_changed = {"mail_mode": "off"}
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        assert len(issues(life)) == 1
        with life.database.read() as connection:
            assert connection.execute(select(deliveries)).all() == []


def test_the_archive_has_all_formats_with_their_digests(world: World) -> None:
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        (issue,) = issues(life)
        with life.database.read() as connection:
            lines = review_archive.issue_files(connection, issue.id)
            bodies = {
                line.format: review_archive.read_file(
                    connection, issue.id, line.format
                )
                for line in lines
            }
        assert set(bodies) == {"html", "pdf", "docx"}
        assert all(
            file is not None and len(file.digest) == 64
            for file in bodies.values()
        )


def test_the_logo_and_the_office_stand_on_the_cover(
    world: World, tmp_path: Path
) -> None:
    logo = tmp_path / "wappen.png"
    logo.write_bytes(PIXEL)
    world.settings_changed = {
        "press_review_logo": logo,
        "press_review_office": "Stadt Löhne",
    }
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        with life.database.read() as connection:
            file = review_archive.read_file(
                connection, issues(life)[0].id, "html"
            )
    assert file is not None
    assert b"data:image/png;base64," in file.body
    assert "Stadt Löhne".encode() in file.body


def test_a_logo_that_is_gone_stops_no_issue(
    world: World, tmp_path: Path
) -> None:
    logo = tmp_path / "wappen.png"
    logo.write_bytes(PIXEL)
    world.settings_changed = {"press_review_logo": logo}
    Papers(world, topics=UKRAINE + REVIEW)
    settings = world.settings
    with world.life() as life:
        life.one_pass()
        logo.write_bytes(b"no picture")
        until(life, NOON)
        assert len(issues(life)) == 1
    assert settings.press_review_logo == logo


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


@dataclass(frozen=True)
class Ranked:
    """One line of the table below: topic, story, priority, copies, minutes
    after nine.
    """

    topic: str
    story: int
    priority: int = 3
    copies: int = 1
    minute: int = 0


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], []),
        ([Ranked("b", 1), Ranked("a", 2)], [("a", 2), ("b", 1)]),
        ([Ranked("b", 1), Ranked("a", 1)], [("a", 1)]),
        (
            [Ranked("a", 1, priority=4), Ranked("a", 2, priority=1)],
            [("a", 2), ("a", 1)],
        ),
        ([Ranked("a", 1), Ranked("a", 2, copies=5)], [("a", 2), ("a", 1)]),
        (
            [Ranked("a", 1, minute=9), Ranked("a", 2, minute=1)],
            [("a", 2), ("a", 1)],
        ),
        ([Ranked("a", 2), Ranked("a", 1)], [("a", 1), ("a", 2)]),
        (
            [Ranked("b", 1), Ranked("b", 2), Ranked("a", 2)],
            [("a", 2), ("b", 1)],
        ),
        ([Ranked("c", 3), Ranked("c", 3)], [("c", 3)]),
        (
            [Ranked("a", 1, priority=2, copies=9), Ranked("a", 2, priority=1)],
            [("a", 2), ("a", 1)],
        ),
    ],
)
def test_stories_stand_under_their_first_topic(
    told: list[Ranked], expected: list[tuple[str, int]]
) -> None:
    nine = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    untold = [
        UntoldStory(
            each.topic,
            each.story,
            each.story,
            each.priority,
            each.copies,
            nine + timedelta(minutes=each.minute),
        )
        for each in told
    ]
    chosen = choose(untold, ["a", "b", "c"])
    assert [(story.topic_id, story.story_id) for story in chosen] == expected


def test_the_mail_leads_to_the_archive_and_to_its_own_unsubscription(
    world: World,
) -> None:
    world.settings_changed = {
        "public_url": "https://presse.example.org/monitor",
        "login_header": "X-Forwarded-User",
        "trusted_proxies": ("127.0.0.1",),
    }
    Papers(world, topics=UKRAINE + REVIEW)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
    (mail,) = reviews(world)
    assert (
        "https://presse.example.org/monitor/pressespiegel/ausgaben/1"
        in body(mail)
    )
    assert "https://presse.example.org/monitor/unsubscribe/" in body(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


SEARCH = """press_reviews:
  - {name: Suche, schedule: '0 12 * * *', recipients: [anna], query: 'Kreis* AND NOT title:Sport'}
"""


@pytest.mark.slow
def test_a_query_of_its_own_tells_each_story_once(world: World) -> None:
    """Of what no topic finds; what came before the plan and what does not
    match is left out.
    """
    papers = Papers(world, topics=UKRAINE + SEARCH)
    papers.add("eins", "alt", "Kreistag tagte im Mai")
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        papers.add("eins", "a", "Kreishaus wird saniert")
        papers.add("eins", "b", "Sport im Kreis Herford")
        papers.add("eins", "c", "Stadtrat und Haushaltsplan")
        until(life, NOON + HOUR)
        until(life, NOON + DAY)
        papers.add("eins", "d", "Kreisstraße gesperrt")
        papers.add("eins", "e", "Ukraine am Dienstag")
        until(life, NOON + DAY + HOUR)
        until(life, NOON + 2 * DAY)
        until(life, NOON + 3 * DAY)
        assert titles(life)[1:] == [
            ["Kreishaus wird saniert"],
            ["Kreisstraße gesperrt"],
            [],
        ]
        assert [entry.heading for entry in stories(life, issues(life)[1])] == [
            ""
        ]
    assert len(reviews(world)) == 4


class SwitchedIndex(EmbeddedIndex):
    """An index that answers only while it is there."""

    away = False

    def search(self, request: SearchRequest) -> SearchPage:
        if self.away:
            raise IndexingError("away")
        return super().search(request)


@pytest.mark.slow
def test_without_an_index_a_query_waits_and_says_that_it_is_late(
    world: World,
) -> None:
    index = SwitchedIndex(
        world.folder / "index", writer=True, verify=match_query
    )
    world.index = index
    both = SEARCH + REVIEW.partition("press_reviews:\n")[2]
    papers = Papers(world, topics=UKRAINE + both)
    with world.life() as life:
        life.one_pass()
        until(life, NOON)
        papers.add("eins", "a", "Ukraine: Kreis hilft")
        until(life, NOON + HOUR)
        index.away = True
        until(life, NOON + DAY)
        assert [issue.title for issue in issues(life)][2:] == ["Morgenlage"]
        index.away = False
        until(life, NOON + DAY + HOUR)
        late = issues(life)[-1]
        assert (late.title, late.planned_at) == ("Suche", NOON + DAY)
        assert [entry.title for entry in stories(life, late)] == [
            "Ukraine: Kreis hilft"
        ]
        until(life, NOON + DAY + 2 * HOUR)
        assert len(issues(life)) == 4


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("(Kreis", 'press review "Suche"'),
        ("regio:owl", "regio"),
        ("Kreis AND", "AND"),
    ],
)
def test_a_query_that_cannot_be_read_is_named(
    world: World, query: str, problem: str
) -> None:
    Papers(
        world,
        topics=UKRAINE + SEARCH.replace("Kreis* AND NOT title:Sport", query),
    )
    with pytest.raises(CatalogError, match=re.escape(problem)), world.life():
        pass
