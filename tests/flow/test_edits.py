"""`feeds.yaml` edited while alerts and mails wait, and articles edited under
topics that changed.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import CatalogError
from monitor.flow.catalog_file import read_catalog
from monitor.store.alerting import subscriptions
from monitor.types.web import FailureKind, FetchFailed
from tests.flow.test_alerts import DAY, HOUR, MINUTE, Papers, subjects, to_anna
from tests.flow.world import Life, World, body, feeds_yaml, recipients

ROW = "{id: eins, title: Eins, url: 'http://eins.test/feed'}"
SILENT = (
    "defaults: {min_interval: 10 min, max_interval: 10 min}\nrecipients:\n  - {name: anna, email:"
    " anna@example.org}\n"
)
DIGEST = "  - {{name: {}, any: ['Ukraine*'], mode: digest, schedule: '{}', recipients: [anna, bert]}}\n"
EVENING, MONTHLY = "0 18 * * *", "0 18 1 * *"
ANNA = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}\n"


def waiting(life: Life, papers: Papers) -> None:
    """One alert that waits for the digest of 18 o'clock; it is 10:20 in
    Berlin.
    """
    life.one_pass()
    papers.add("eins", "a", "Gespräche in der Ukraine dauern an")
    life.one_pass(after=20 * MINUTE)
    assert {state for _, _, state in life.alerts()} == {"pending"}


def edit(life: Life, topics: str) -> None:
    life.world.write(feeds_yaml(ROW, topics=topics))
    assert life.live.reload()


def test_a_renamed_topic_tells_what_waits_and_remembers_who_left(
    world: World,
) -> None:
    papers = Papers(world, topics=DIGEST.format("Ukraine", EVENING))
    with world.life() as life:
        waiting(life, papers)
        with life.database.write() as connection:
            now = world.clock.now()
            subscriptions.add_change(
                connection,
                "bert@example.org",
                "unsubscribed",
                topic_id="ukraine",
                said_by="t",
                now=now,
            )
        edit(life, DIGEST.format("Ukraine-Krieg", EVENING))
        life.steps.sweeper.sweep()
        life.one_pass(after=7 * HOUR + 45 * MINUTE)
        assert [
            hit.topic for article in life.articles() for hit in article.topics
        ] == ["Ukraine-Krieg"]
        assert {topic for topic, _, _ in life.alerts()} == {"ukraine-krieg"}
    assert recipients(world.mails()) == ["anna@example.org"]
    assert subjects(world)[0].startswith("[Ukraine-Krieg] 1 Meldung")


@pytest.mark.slow
def test_an_address_written_in_capitals_is_the_same(world: World) -> None:
    papers = Papers(world, topics=DIGEST.format("Ukraine", EVENING))
    with world.life() as life:
        waiting(life, papers)
        topic = DIGEST.format("Ukraine", EVENING).replace(
            "anna, bert", "ANNA@example.org"
        )
        world.write(
            feeds_yaml(
                ROW,
                head=SILENT.split("recipients", maxsplit=1)[0],
                topics=topic,
            )
        )
        assert life.live.reload()
        life.one_pass(after=8 * HOUR)
    assert recipients(world.mails()) == ["ANNA@example.org"]


@pytest.mark.slow
def test_of_two_topics_that_ask_the_same_none_is_taken_for_the_other(
    world: World,
) -> None:
    papers = Papers(
        world,
        topics=DIGEST.format("Eins", EVENING) + DIGEST.format("Zwei", EVENING),
    )
    with world.life() as life:
        waiting(life, papers)
        edit(life, DIGEST.format("Drei", EVENING))
        assert {topic for topic, _, _ in life.alerts()} == {"eins", "zwei"}


def test_a_topic_with_another_query_is_another_topic(world: World) -> None:
    papers = Papers(world, topics=DIGEST.format("Ukraine", EVENING))
    with world.life() as life:
        waiting(life, papers)
        edit(
            life,
            DIGEST.format("Russland", EVENING).replace(
                "Ukraine*", "Russland*"
            ),
        )
        life.one_pass(after=10 * HOUR)
        assert {(topic, state) for topic, _, state in life.alerts()} == {
            ("ukraine", "silent")
        }
    assert world.mails() == []


@pytest.mark.parametrize("topics", [DIGEST.format("Ukraine", EVENING), ANNA])
def test_an_edited_schedule_or_mode_counts_for_what_waits(
    world: World, topics: str
) -> None:
    papers = Papers(world, topics=DIGEST.format("Ukraine", MONTHLY))
    with world.life() as life:
        waiting(life, papers)
        edit(life, topics)
        life.one_pass(after=8 * HOUR)
    assert len(to_anna(world)) == 1


def test_an_edit_of_something_else_does_not_send_a_digest_early(
    world: World,
) -> None:
    papers = Papers(world, topics=DIGEST.format("Ukraine", EVENING))
    with world.life() as life:
        waiting(life, papers)
        edit(
            life,
            DIGEST.format("Ukraine", EVENING)
            + "  - {name: Wetter, any: [Regen], recipients: [anna]}\n",
        )
        life.one_pass(after=HOUR)
        assert world.mails() == []
        life.one_pass(after=7 * HOUR)
    assert len(to_anna(world)) == 1


@pytest.mark.slow
def test_an_edit_brings_the_words_to_an_article_that_was_stored_silently(
    world: World,
) -> None:
    papers = Papers(world, head=SILENT, topics=ANNA)
    papers.add("eins", "a", "Neues vom Rat am Abend in Herford")
    with world.life() as life:
        life.one_pass()
        papers.items["eins"].clear()
        papers.add("eins", "a", "Neues vom Rat am Abend: nun zur Ukraine")
        for _ in range(3):
            life.one_pass(after=HOUR)
    (mail,) = to_anna(world)
    assert "Geänderter Artikel" in body(mail)


def test_a_late_page_of_a_silent_article_stays_silent(world: World) -> None:
    papers = Papers(world, head=SILENT, topics=ANNA)
    papers.add(
        "eins",
        "a",
        "Neues vom Rat am Abend in Herford",
        "Es ging um die Ukraine und um Schulen.",
    )
    url = "http://eins.test/a"
    page = papers.http.pages[url]
    papers.http.pages[url] = FetchFailed(url, FailureKind.TIMEOUT, "no answer")
    with world.life() as life:
        life.one_pass()
        life.one_pass(after=20 * MINUTE)
        assert [
            article.content.summary_only for article in life.articles()
        ] == [True]
        papers.http.pages[url] = page
        life.one_pass(after=DAY)
        assert [
            article.content.summary_only for article in life.articles()
        ] == [False]
        assert [state for _, _, state in life.alerts()] == ["silent"]
    assert world.mails() == []


@pytest.mark.parametrize("age", [timedelta(0), 40 * DAY])
def test_an_old_article_that_a_changed_topic_finds_alerts_nobody_when_it_is_edited(
    world: World, age: timedelta
) -> None:
    """Neither before the sweep has seen it, nor where it is too old to be
    swept.
    """
    papers = Papers(world)
    papers.add("eins", "a", "Herford feiert das Stadtfest am Markt")
    with world.life() as life:
        life.one_pass()
        world.clock.advance(age + MINUTE)
        edit(life, "  - {name: Ukraine, any: [Herford], recipients: [anna]}\n")
        papers.items["eins"].clear()
        papers.add(
            "eins", "a", "Herford feiert das Stadtfest am Markt (mit Bildern)"
        )
        for _ in range(3):
            life.one_pass(after=HOUR)
        assert max(article.version for article in life.articles()) == 2
        assert life.alerts() == []
        papers.add("eins", "b", "Herford plant ein neues Museum")
        life.one_pass(after=HOUR)
    assert len(to_anna(world)) == 1


def test_everything_wrong_with_a_topic_is_said_in_one_run(
    tmp_path: Path,
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {id: eins, title: Eins, url: 'http://eins.test/feed'}\n"
        "topics:\n"
        "  - name: Kreis\n"
        "    recipients: [nobody]\n"
        "    query: >\n"
        "      Öl* OR\n"
        "      title:(Kreis\n"
        "  - {name: Rat, mode: sofort, any: ['Rat*', 'ab*'], recipients: [a@example.org]}\n",
        encoding="utf-8",
    )
    with pytest.raises(CatalogError) as refused:
        read_catalog(path)
    found = [
        (problem.place.line, problem.place.column, problem.code)
        for problem in refused.value.problems
    ]
    assert found == [
        (5, 18, "unknown-recipient"),
        (7, 7, "E06"),
        (8, 13, "E02"),
        (9, 23, "value"),
        (9, 46, "E06"),
    ]


def test_a_person_in_several_groups_gets_one_mail_and_a_new_one_no_old_news(
    world: World,
) -> None:
    head = """defaults: {min_interval: 10 min, max_interval: 10 min, initial: all}
recipients:
  - {name: anna, email: Anna@Example.org}
  - {name: bert, email: bert@example.org}
  - {name: presse, members: [anna, bert]}
  - {name: stab, members: [anna, anna@example.org]}
"""
    topic = "  - {name: Ukraine, any: ['Ukraine*'], recipients: %s}\n"
    papers = Papers(world, head=head, topics=topic % "[stab, anna]")
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Gespräche in der Ukraine dauern an")
        life.one_pass(after=20 * MINUTE)
        assert recipients(world.mails()) == ["Anna@example.org"]
        everybody = "[presse, stab, ANNA@example.org, all]"
        world.write(feeds_yaml(ROW, head=head, topics=topic % everybody))
        assert life.live.reload()
        life.one_pass(after=HOUR)
        assert recipients(world.mails()) == ["Anna@example.org"]
        papers.add(
            "eins", "b", "Minister aus Kiew besucht Ukraine-Messe in Hannover"
        )
        life.one_pass(after=HOUR)
    assert recipients(world.mails()) == [
        "Anna@example.org",
        "Anna@example.org",
        "bert@example.org",
    ]
