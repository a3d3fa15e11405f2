"""Drafts, archive and schedules of press reviews on both databases."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from monitor.errors import StoreError
from monitor.store.alerting.stored_matches import current_topic_set
from monitor.store.alerting.topic_renames import rename_topic
from monitor.store.desk import (
    press_reviews,
    review_archive,
    review_choice,
    review_schedules,
)
from monitor.store.desk.press_reviews import DraftText
from monitor.store.desk.review_archive import NewIssue
from monitor.store.engine import Database
from monitor.store.tables import articles, press_review_files
from monitor.types.press_review import Draft, DraftItem, IssueEntry, ReviewFile
from tests.store.builders import add_article, add_match, list_feeds, read

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = DraftText("Morgenlage", date(2026, 11, 28), note="Guten Morgen")


def add_articles(database: Database, count: int) -> list[int]:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        made = [
            add_article(connection, f"a{number}", now=NOW)
            for number in range(count)
        ]
        for number in made:
            read(connection, number, now=NOW)
    return made


def draft_with(database: Database, *numbers: int) -> Draft:
    with database.write() as connection:
        draft_id = press_reviews.add_draft(
            connection, TEXT, account="anna", now=NOW
        )
        empty = press_reviews.get_draft(connection, draft_id)
        assert empty is not None
        whole = replace(
            empty, items=tuple(DraftItem(number) for number in numbers)
        )
        assert press_reviews.write_draft(
            connection, whole, account="anna", now=NOW
        )
        draft = press_reviews.get_draft(connection, draft_id, lock=True)
    assert draft is not None
    return draft


def test_a_draft_is_kept_as_it_was_written(database: Database) -> None:
    one, two, three = add_articles(database, 3)
    draft = draft_with(database, one, two)
    items = (
        DraftItem(two, "Haushalt", "wichtig", "t"),
        DraftItem(one),
        DraftItem(three),
    )
    changed = replace(draft, title="Abendlage", snippet="none", items=items)
    with database.write() as connection:
        assert press_reviews.write_draft(
            connection, changed, account="bert", now=NOW + DAY
        )
        stored = press_reviews.get_draft(connection, draft.id)
        assert stored == replace(
            changed,
            revision=draft.revision + 1,
            updated_by="bert",
            updated_at=NOW + DAY,
        )


def test_an_edit_of_an_older_revision_is_refused(database: Database) -> None:
    one, two = add_articles(database, 2)
    draft = draft_with(database, one)
    with database.write() as connection:
        newer = replace(draft, items=(DraftItem(two),))
        assert press_reviews.write_draft(
            connection, newer, account="bert", now=NOW
        )
        assert not press_reviews.write_draft(
            connection, draft, account="anna", now=NOW
        )
        stored = press_reviews.get_draft(connection, draft.id)
        assert stored is not None
        assert [each.article_id for each in stored.items] == [two]
        assert stored.updated_by == "bert"


def test_drafts_are_listed_with_their_stories_counted(
    database: Database,
) -> None:
    one, two = add_articles(database, 2)
    full, empty = draft_with(database, one, two), draft_with(database)
    with database.read() as connection:
        listed = press_reviews.list_drafts(connection)
    assert [(draft.id, stories) for draft, stories in listed] == [
        (empty.id, 0),
        (full.id, 2),
    ]


def test_a_draft_follows_a_renamed_topic(database: Database) -> None:
    """Else the places that hit would be gone from its snippets."""
    one, two, three = add_articles(database, 3)
    draft = draft_with(database, one)
    items = (
        DraftItem(one, topic_id="ukraine"),
        DraftItem(two, topic_id="u"),
        DraftItem(three),
    )
    with database.write() as connection:
        add_match(connection, one, now=NOW)
        press_reviews.write_draft(
            connection, replace(draft, items=items), account="anna", now=NOW
        )
        assert list(review_choice.hits_of(connection, items)) == [one]
        rename_topic(connection, "ukraine", "krieg", now=NOW)
        stored = press_reviews.get_draft(connection, draft.id)
        assert stored is not None
        assert [each.topic_id for each in stored.items] == ["krieg", "u", None]
        assert list(review_choice.hits_of(connection, stored.items)) == [one]


def test_an_issue_outlives_its_draft(database: Database) -> None:
    (one,) = add_articles(database, 1)
    draft = draft_with(database, one)
    new = NewIssue(
        "draft:1",
        "Morgenlage",
        NOW.date(),
        issued_by="anna",
        draft_id=draft.id,
    )
    entry = IssueEntry(
        one, "Haushalt", "wichtig", "Titel", "ZDF", "https://zdf.test/a"
    )
    with database.write() as connection:
        number = review_archive.add_issue(
            connection, new, entries=[entry], files=[file("pdf")], now=NOW
        )
        assert number is not None
        again = review_archive.add_issue(
            connection, new, entries=[], files=[], now=NOW
        )
        assert again is None
        assert press_reviews.drop_draft(connection, draft.id)
        assert not press_reviews.drop_draft(connection, draft.id)
        issue = review_archive.get_issue(connection, number)
        assert issue is not None
        assert (issue.draft_id, issue.stories, issue.issued_at) == (
            None,
            1,
            NOW,
        )
        assert review_archive.issue_entries(connection, number) == (entry,)
        (line,) = review_archive.issue_files(connection, number)
        assert (line.format, line.size) == ("pdf", 9)
        assert review_archive.issue_of_key(connection, "draft:1") == issue
        assert review_archive.list_issues(connection, before=number) == ()


def file(wanted: str) -> ReviewFile:
    body = b"%PDF-1.7\n"
    digest = hashlib.sha256(body).hexdigest()
    return ReviewFile(wanted, f"lage.{wanted}", digest, body)  # type: ignore[arg-type]


def test_a_damaged_file_is_not_given_out(database: Database) -> None:
    new = NewIssue("k", "Lage", NOW.date())
    with database.write() as connection:
        number = review_archive.add_issue(
            connection, new, entries=[], files=[file("pdf")], now=NOW
        )
        assert number is not None
        assert review_archive.read_file(connection, number, "pdf") == file(
            "pdf"
        )
        assert review_archive.read_file(connection, number, "docx") is None
        connection.execute(
            update(press_review_files).values(body=b"%PDF-1.4\n")
        )
    with (
        database.read() as connection,
        pytest.raises(StoreError, match="damaged"),
    ):
        review_archive.read_file(connection, number, "pdf")


def test_the_archive_has_no_way_to_change_anything() -> None:
    """Its module adds and reads."""
    names = set(vars(review_archive))
    assert not names & {"update", "delete"}


def test_a_schedule_goes_on_from_where_it_was(database: Database) -> None:
    with database.write() as connection:
        assert review_schedules.get_progress(connection, "lage") is None
        begun = review_schedules.begin_schedule(
            connection, "lage", cron="0 7", since=NOW
        )
        later = NOW + DAY
        assert review_schedules.finish_time(
            connection, "lage", before=NOW, until=later
        )
        assert not review_schedules.finish_time(
            connection, "lage", before=NOW, until=later
        )
        same = review_schedules.begin_schedule(
            connection, "lage", cron="0 7", since=later + DAY
        )
        assert (same.since, same.done_until) == (begun.since, later)
        other = review_schedules.begin_schedule(
            connection, "lage", cron="0 9", since=later + DAY
        )
        assert (other.since, other.done_until) == (begun.since, later + DAY)


def test_untold_stories_are_those_in_no_issue(database: Database) -> None:
    one, two, old = add_articles(database, 3)
    with database.write() as connection:
        current_topic_set(connection, {"ukraine": ("Ukraine", "q1")}, now=NOW)
        progress = review_schedules.begin_schedule(
            connection, "lage", cron="c", since=NOW
        )
        add_match(connection, old, now=NOW)  # not after the beginning
        for number in (one, two):
            add_match(connection, number, now=NOW + timedelta(minutes=1))
        told = untold(database, connection, progress)
        assert told == [one, two]
        new = NewIssue("k", "Lage", NOW.date(), schedule_id="lage")
        entry = IssueEntry(one, "", "", "Titel", "ZDF", "")
        review_archive.add_issue(
            connection, new, entries=[entry], files=[], now=NOW
        )
        assert untold(database, connection, progress) == [two]
        story = connection.execute(
            articles.select()
            .with_only_columns(articles.c.story_id)
            .where(articles.c.id == one)
        ).scalar_one()
        joined = (
            update(articles).where(articles.c.id == two).values(story_id=story)
        )
        connection.execute(joined)  # it turned out to be a copy
        assert untold(database, connection, progress) == []


def untold(database: Database, connection, progress) -> list[int]:  # type: ignore[no-untyped-def]
    found = review_schedules.untold_stories(
        connection, "lage", ["ukraine", "other"], progress, full=9, limit=10
    )
    return [story.article_id for story in found]


def test_what_a_full_issue_left_is_told_however_old_it_is(
    database: Database,
) -> None:
    one, two = add_articles(database, 2)
    with database.write() as connection:
        current_topic_set(connection, {"ukraine": ("Ukraine", "q1")}, now=NOW)
        review_schedules.begin_schedule(
            connection, "lage", cron="c", since=NOW
        )
        for number in (one, two):
            add_match(connection, number, now=NOW + timedelta(minutes=1))
        later = NOW + 30 * DAY
        review_schedules.finish_time(
            connection, "lage", before=NOW, until=later
        )
        progress = review_schedules.get_progress(connection, "lage")
        entry = IssueEntry(one, "", "", "Titel", "ZDF", "")
        full = [replace(entry, article_id=one + n * 100) for n in range(9)]
        new = NewIssue("k", "Lage", NOW.date(), schedule_id="lage")
        review_archive.add_issue(
            connection, new, entries=full, files=[], now=later
        )
        assert untold(database, connection, progress) == [two]
        whole = NewIssue("k2", "Lage", NOW.date(), schedule_id="lage")
        review_archive.add_issue(
            connection, whole, entries=[entry], files=[], now=later
        )
        assert untold(database, connection, progress) == []


def test_stories_of_a_day_and_the_topics_of_articles(
    database: Database,
) -> None:
    one, two, _three = add_articles(database, 3)
    with database.write() as connection:
        topics = {"ukraine": ("Ukraine", "q1"), "rat": ("Rat", "q1")}
        current_topic_set(connection, topics, now=NOW)
        for number, topic in (
            (one, "ukraine"),
            (two, "ukraine"),
            (two, "rat"),
        ):
            add_match(connection, number, now=NOW, topic=topic)
        day = (NOW - DAY, NOW + DAY)
        found = review_choice.topic_stories(
            connection, ["rat", "ukraine"], *day, limit=10
        )
        assert {(each.topic_id, each.article_id) for each in found} == {
            ("ukraine", one),
            ("ukraine", two),
            ("rat", two),
        }
        assert (
            review_choice.topic_stories(
                connection, ["rat"], NOW + DAY, NOW, limit=10
            )
            == ()
        )
        met = review_choice.topics_of(connection, [one, two, 99])
        assert met == {one: ("ukraine",), two: ("ukraine", "rat")}
        assert review_choice.known_articles(
            connection, [99, two, one, two]
        ) == (two, one)
        items = [
            DraftItem(one, topic_id="ukraine"),
            DraftItem(two, topic_id="other"),
        ]
        assert set(review_choice.hits_of(connection, items)) == {one}
