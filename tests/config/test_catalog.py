"""`feeds.yaml` becomes a catalogue, or a list of everything that is wrong with
it, each with its place and a hint.
"""

from __future__ import annotations

import hashlib
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config.catalog import load_catalog
from monitor.errors import CatalogError
from monitor.types.catalog import (
    CatalogProblem,
    Place,
    QuietHours,
    Recipient,
    Schedule,
    Selectors,
)
from tests.config.files import FEED, Write, problems_of


def test_full_file(write: Write) -> None:
    catalog = load_catalog(write(FULL))
    zdf, herford = catalog.feeds
    assert (zdf.id, zdf.title, zdf.outlet, zdf.url, zdf.priority) == (
        "zdf",
        "ZDF heute",
        "ZDF",
        "https://zdf.de/rss",
        1,
    )
    assert (zdf.min_interval, zdf.max_interval) == (
        timedelta(minutes=5),
        timedelta(hours=6),
    )
    assert (zdf.initial, zdf.license, zdf.fulltext, zdf.verify_tls) == (
        5,
        True,
        False,
        False,
    )
    assert zdf.selectors == Selectors(article="main", drop=(".ad", "aside"))
    assert zdf.fulltext_retention == timedelta(days=30)
    assert (herford.title, herford.outlet, herford.site) == (
        "Radio Herford",
        "Radio Herford",
        "https://radio.de/",
    )
    assert herford.min_interval == timedelta(minutes=20)
    assert herford.place == Place("feeds.yaml", 19, 5)
    ukraine, budget = catalog.topics
    assert [word.text for word in ukraine.any] == [
        "Ukraine*",
        "Selenskyj",
        "Kiew am Dnipro",
    ]
    assert ukraine.id == "ukraine"
    assert [person.address for person in ukraine.recipients] == [
        "anna@example.org",
        "buero@example.org",
    ]
    assert budget.query is not None
    assert budget.query.text == "title:(Kreis* NEAR/3 Haushalt*)"
    assert budget.query.place(6) == Place("feeds.yaml", 30, 13)
    assert budget.where == (
        ("source", ("zdf", "Radio Herford")),
        ("lang", ("de",)),
    )
    assert budget.schedule == Schedule(
        "0 8 * * mon,tue,wed,thu,fri", "Europe/Vienna"
    )
    assert (
        budget.mode,
        budget.snippet,
        budget.backfill,
        budget.mails_per_hour,
    ) == (
        "digest",
        "none",
        "digest",
        3,
    )
    assert [person.address for person in budget.recipients] == [
        "anna@example.org",
        "bert@example.org",
    ]
    anna = catalog.recipients[0]
    assert anna == Recipient(
        "anna@example.org",
        "anna",
        quiet=QuietHours(time(22), time(6), "Europe/Vienna"),
    )
    assert catalog.recipients[1].quiet == QuietHours(
        time(20), time(8), "Europe/Berlin"
    )
    assert [person.address for person in catalog.recipients][2:] == [
        "buero@example.org"
    ]
    assert [warning.code for warning in catalog.warnings] == ["tls"]
    assert (catalog.file, catalog.digest) == (
        "feeds.yaml",
        hashlib.sha256(FULL.encode()).hexdigest(),
    )


FULL = """\
defaults: {min_interval: 20 min, timezone: Europe/Vienna, snippet: none}
feeds:
  - id: zdf
    title: ZDF heute
    outlet: ZDF
    url: https://zdf.de/rss
    region: national
    priority: 1
    min_interval: 5 min
    initial: last:5
    license: yes
    fulltext: false
    verify_tls: off
    fulltext_retention: 30 days
    timezone: Europe/Berlin
    selectors:
      article: main
      drop: [.ad, aside]
  - id: radio-herford
    title: Radio Herford
    site: https://radio.de/
topics:
  - name: Ukraine
    any: [Ukraine*, Selenskyj, "Kiew am Dnipro"]
    none: Kochbuch
    recipients: [presse, Anna]
  - name: Kreishaushalt
    id: haushalt
    query: >-
      title:(Kreis* NEAR/3
      Haushalt*)
    where: {source: [zdf, Radio Herford], lang: de}
    recipients: [anna, bert]
    mode: digest
    schedule: {cron: "0 8 * * 1-5"}
    backfill: digest
    mails_per_hour: 3
recipients:
  - {name: anna, email: anna@example.org, quiet: "22:00-06:00"}
  - {name: bert, email: bert@example.org, quiet: {from: "20:00", to: "08:00", timezone: Europe/Berlin}}
  - {name: presse, members: [anna, buero@example.org, redaktion]}
  - {name: redaktion, members: [anna]}
"""


def test_all_problems_in_one_run_in_order(write: Write) -> None:
    found = problems_of(
        write(
            "feeds:\n  - id: A b\n    priority: x\n    url: www.a.de\ntopics:\n  - nme: x\nfoo: 1\n"
        )
    )
    assert [problem.place.line for problem in found] == sorted(
        problem.place.line for problem in found
    )
    assert len(found) >= 6


def test_a_flood_of_problems_is_kept_but_not_printed(write: Write) -> None:
    with pytest.raises(CatalogError, match="and 400 more") as caught:
        load_catalog(write("feeds:\n" + "  - foo\n" * 500))
    assert len(caught.value.problems) == 500
    assert str(caught.value).count("expected keys") == 100


def test_passwords_are_masked_everywhere(write: Write) -> None:
    path = write(
        "feeds:\n  - {id: a, url: 'https://anna:geheim@zdf.de/rss'}\n"
    )
    (warning,) = load_catalog(path).warnings
    assert (warning.code, warning.fatal) == ("credentials", False)
    assert "geheim" not in str(warning)
    with pytest.raises(CatalogError) as caught:
        load_catalog(
            write("feeds:\n  - {id: a, url: 'ftp://anna:geheim@zdf.de/rss'}\n")
        )
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("yaml", "code"),
    [
        (FEED + "    min_interval: 30 s\n", "interval"),
        (FEED + "topics:\n  - {name: A, any: a}\n", "no-recipients"),
    ],
)
def test_warnings_do_not_keep_the_file_from_being_used(
    write: Write, yaml: str, code: str
) -> None:
    assert [
        warning.code for warning in load_catalog(write(yaml)).warnings
    ] == [code]


def test_anchors_are_plain_reuse(write: Write) -> None:
    yaml = (
        FEED
        + "topics:\n  - {name: A, any: &w [a, b], recipients: all}\n  - {name: B, all: *w,"
        " recipients: all}\n"
    )
    catalog = load_catalog(write(yaml))
    assert [word.text for word in catalog.topics[1].all] == ["a", "b"]


def test_alias_bomb_is_refused_quickly(write: Write) -> None:
    lines = ["a0: &a0 [x, x]"] + [
        f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)
    ]
    found = problems_of(write("\n".join([*lines, "feeds: *a59\n"])))
    assert len(found) < 70
    found = problems_of(
        write(FEED + "topics: &t [*t, {name: A, any: &b [*b]}]\n")
    )
    assert {problem.code for problem in found} >= {"shape"}


PIECES = st.sampled_from(
    [
        *FULL.splitlines(keepends=True),
        "  ",
        "- ",
        "*",
        "&a ",
        "no",
        ": ",
        "[",
        "]",
        "{",
        "}",
        "\t",
        '"',
        "\n",
        "|\n",
    ]
)
SLIPS = st.sampled_from(["", "x", "no", "[a]", "{b: c}", "\n", "ä"])
fuzzing = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check_outcome(path: Path) -> None:
    """The file gives a catalogue or problems with places, and never another
    exception.
    """
    problems: tuple[CatalogProblem, ...] = ()
    try:
        catalog = load_catalog(path)
    except CatalogError as error:
        problems = error.problems
    if problems:
        assert any(problem.fatal for problem in problems)
        assert all(
            problem.place.line >= 1 and problem.place.column >= 1
            for problem in problems
        )
    else:
        assert catalog.feeds


@pytest.mark.slow
@fuzzing
@given(st.lists(PIECES, max_size=40))
def test_any_file_is_a_catalogue_or_a_catalogue_error(
    write: Write, pieces: list[str]
) -> None:
    check_outcome(write("".join(pieces)))


@pytest.mark.slow
@fuzzing
@given(at=st.integers(0, len(FULL)), cut=st.integers(0, 12), new=SLIPS)
def test_a_slightly_broken_file(
    write: Write, at: int, cut: int, new: str
) -> None:
    check_outcome(write(FULL[:at] + new + FULL[at + cut :]))
