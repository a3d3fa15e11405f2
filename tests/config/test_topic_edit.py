"""Changing topics and feeds in a file: all else stays byte for byte, whatever
the notation.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config.catalog import load_source
from monitor.config.edit import (
    topic_block,
    with_feed,
    with_new_topic,
    with_topic,
    without_topic,
)
from monitor.config.source import decode_yaml
from monitor.errors import ConfigError
from monitor.types.catalog import Catalog

FILE = Path("feeds.yaml")
FEEDS = """# Quellen
feeds:
  - id: eins   # bleibt
    url: https://eins.test/rss
    max_interval: 3 h
  - {id: zwei, title: Zwei, url: 'https://zwei.test/rss'}
recipients:
  - {name: anna, email: anna@example.org}
  - {name: bert, email: bert@example.org}
"""
BLOCK = """topics:
  # Das Wichtigste
  - name: Haushalt  # der Stadt
    any: ['Haushalt*', Etat]  # zwei Wörter
    recipients: [anna]  # wer
    mode: digest

  # Das Zweite
  - name: Rat
    query: >
      Rat AND
      Stadt
    recipients: [bert]
# Ende
"""


def read(content: bytes) -> Catalog:
    return load_source(FILE, decode_yaml(FILE, content))


def check(
    topics: str,
    changes: dict[str, Any],
    after: str,
    *,
    topic: str = "haushalt",
) -> None:
    """Also with the line ends of Windows and with a byte order mark."""
    for end, mark in (("\n", ""), ("\r\n", ""), ("\n", "\ufeff")):
        old = (mark + (FEEDS + topics).replace("\n", end)).encode()
        new = with_topic(FILE, old, topic, changes)
        assert new.decode() == mark + (FEEDS + after).replace("\n", end)


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"any": ("Haushalt*", "Etat")}, "", ""),
        (
            {"any": ("Haushalt*", "Etat", "Kämmerei")},
            "['Haushalt*', Etat]  # zwei Wörter",
            "['Haushalt*', Etat, 'Kämmerei']  # zwei Wörter",
        ),
        ({"any": ("Haushalt*",)}, "['Haushalt*', Etat]", "['Haushalt*']"),
        ({"any": ("Etat",)}, "['Haushalt*', Etat]", "[Etat]"),
        ({"any": ("Kasse",)}, "['Haushalt*', Etat]", "[Kasse]"),
        (
            {"any": None, "query": "Haushalt* AND Stadt"},
            "    any: ['Haushalt*', Etat]  # zwei Wörter\n    recipients: [anna]  # wer\n    mode: digest\n",
            "    recipients: [anna]  # wer\n    mode: digest\n    query: 'Haushalt* AND Stadt'\n",
        ),
        (
            {"any": None, "query": "Haushalt*\n\n  AND Stadt"},
            "    any: ['Haushalt*', Etat]  # zwei Wörter\n    recipients: [anna]  # wer\n    mode: digest\n",
            "    recipients: [anna]  # wer\n    mode: digest\n    query: |\n      Haushalt*\n      AND Stadt\n",
        ),
        ({"mode": "immediate"}, "mode: digest", "mode: immediate"),
        ({"mode": None}, "    mode: digest\n", ""),
        (
            {"mails_per_hour": 3},
            "    mode: digest\n",
            "    mode: digest\n    mails_per_hour: 3\n",
        ),
        (
            {"name": "Haushalt: neu"},
            "name: Haushalt  # der Stadt\n    any: ['Haushalt*', Etat]  # zwei Wörter\n    recipients: [anna]  # wer\n    mode: digest\n",
            "name: 'Haushalt: neu'  # der Stadt\n    any: ['Haushalt*', Etat]  # zwei Wörter\n    recipients: [anna]  # wer\n    mode: digest\n    id: haushalt\n",
        ),
        (
            {"recipients": ("anna", "bert")},
            "[anna]  # wer",
            "[anna, 'bert']  # wer",
        ),
        ({"recipients": None}, "    recipients: [anna]  # wer\n", ""),
    ],
)
def test_keys_of_a_topic_change(
    changes: dict[str, Any], old: str, new: str
) -> None:
    assert old in BLOCK
    check(BLOCK, changes, BLOCK.replace(old, new, 1) if old else BLOCK)


OWN_LINES = """topics:
- id: rat
  name: Der Rat
  any:   # was wir suchen
    - Rat  # das Gremium
    - 'Stadtrat*'
    # zuletzt
    - Ratsherr
  none:
    - Kuchen
- name: Letztes
  any: Wort
"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        (
            {"any": ("Rat", "Ratsherr", "Ausschuss*")},
            "    - 'Stadtrat*'\n    # zuletzt\n    - Ratsherr\n",
            "    # zuletzt\n    - Ratsherr\n    - 'Ausschuss*'\n",
        ),
        ({"none": None}, "  none:\n    - Kuchen\n", ""),
        ({"none": ("Torte",)}, "  none:\n    - Kuchen\n", "  none: [Torte]\n"),
        (
            {"none": ("Kuchen", "Torte")},
            "    - Kuchen\n",
            "    - Kuchen\n    - Torte\n",
        ),
        (
            {"id": "rat", "mode": "spike"},
            "    - Kuchen\n",
            "    - Kuchen\n  mode: spike\n",
        ),
        ({"name": "Rat der Stadt"}, "name: Der Rat", "name: Rat der Stadt"),
        (
            {"any": ("Rat",), "query": None},
            "    - 'Stadtrat*'\n    # zuletzt\n    - Ratsherr\n",
            "    # zuletzt\n",
        ),
    ],
)
def test_lists_with_a_line_for_each_item(
    changes: dict[str, Any], old: str, new: str
) -> None:
    assert old in OWN_LINES
    check(OWN_LINES, changes, OWN_LINES.replace(old, new, 1), topic="rat")


@pytest.mark.parametrize(
    ("topics", "topic", "changes", "after"),
    [
        (
            BLOCK,
            "rat",
            {"query": "Rat"},
            BLOCK.replace(
                "query: >\n      Rat AND\n      Stadt\n", "query: Rat\n"
            ),
        ),
        (
            BLOCK,
            "rat",
            {"query": "Rat AND\nLand"},
            BLOCK.replace(
                "query: >\n      Rat AND\n      Stadt\n",
                "query: |\n      Rat AND\n      Land\n",
            ),
        ),
        (
            BLOCK.replace("query: >", "query: >  # lang"),
            "rat",
            {"query": "Rat AND\nLand"},
            BLOCK.replace(
                "query: >\n      Rat AND\n      Stadt\n",
                "query: |  # lang\n      Rat AND\n      Land\n",
            ),
        ),
        (
            "topics:\n  - {name: Kurz, any: [Kurz], recipients: [anna]}  # so\n",
            "kurz",
            {"any": ("Kurz", "Knapp"), "mode": "digest", "recipients": None},
            "topics:\n  - {name: Kurz, any: [Kurz, 'Knapp'], mode: 'digest'}  # so\n",
        ),
        (
            "topics: [{name: Kurz, query: 'A OR B'}, {name: Lang, any: Wort}]\n",
            "kurz",
            {"query": "A\nOR C"},
            "topics: [{name: Kurz, query: 'A OR C'}, {name: Lang, any: Wort}]\n",
        ),
        (
            "topics:\n  - any: Wort\n    name: Verkehrt\n",
            "verkehrt",
            {"any": None, "query": "Wort AND mehr"},
            "topics:\n  - name: Verkehrt\n    query: Wort AND mehr\n",
        ),
        (
            "topics:\n  - name: Offen\n    any: Wort\n    recipients:\n",
            "offen",
            {"any": ("Wort", "Satz")},
            None,
        ),
        (
            "topics:\n  - name: Ende\n    query: >\n      Wort",
            "ende",
            {"query": "Satz", "mode": "digest"},
            "topics:\n  - name: Ende\n    query: Satz\n    mode: digest\n",
        ),
        (
            "topics:\n  - name: Text\n    query: 'Wort'  # wozu\n",
            "text",
            {"query": "Wort\nOR Satz"},
            "topics:\n  - name: Text\n    query: |  # wozu\n      Wort\n      OR Satz\n",
        ),
        (
            'topics:\n  - name: "Zwei\n      Zeilen"\n    any: Wort\n',
            "zwei-zeilen",
            {"any": ("Satz",)},
            'topics:\n  - name: "Zwei\n      Zeilen"\n    any: [Satz]\n',
        ),
    ],
)
def test_notations(
    topics: str, topic: str, changes: dict[str, Any], after: str | None
) -> None:
    if after is None:  # the file is not usable as it is
        with pytest.raises(ConfigError):
            with_topic(FILE, (FEEDS + topics).encode(), topic, changes)
    else:
        check(topics, changes, after, topic=topic)


ANCHORED = """topics:
  - name: Eins
    any: &worte [Wort, Satz]
    recipients: [anna]
  - name: Zwei
    any: *worte
    recipients: [bert]
"""


def test_an_alias_gives_way_to_words_of_its_own() -> None:
    check(
        ANCHORED,
        {"any": ("Neu",)},
        ANCHORED.replace("*worte", "[Neu]"),
        topic="zwei",
    )


def test_nothing_else_changes_with_an_anchor() -> None:
    with pytest.raises(ConfigError):
        with_topic(
            FILE,
            (FEEDS + ANCHORED).encode(),
            "eins",
            {"any": ("Wort", "Satz", "Mehr")},
        )
    with pytest.raises(ConfigError):
        with_topic(
            FILE, (FEEDS + ANCHORED).encode(), "eins", {"any": ("Neu",)}
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "sofort"},
        {"recipients": ("niemand",)},
        {"any": None},
        {"mails_per_hour": 0},
        {"query": "Wort"},
    ],
)
def test_what_cannot_be_used_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refused:
        with_topic(FILE, (FEEDS + BLOCK).encode(), "haushalt", changes)
    assert "with this change" in str(refused.value)


def test_an_unknown_topic_is_named() -> None:
    with pytest.raises(ConfigError, match='no entry "fehlt"'):
        with_topic(FILE, (FEEDS + BLOCK).encode(), "fehlt", {"mode": "digest"})


NEW = {
    "name": "Neu & gut",
    "any": ("Wort", "zwei Wörter"),
    "recipients": ("anna",),
    "mode": "",
}
ENTRY = "  - name: 'Neu & gut'\n    any: [Wort, zwei Wörter]\n    recipients: [anna]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BLOCK, BLOCK.replace("# Ende\n", ENTRY + "# Ende\n")),
        ("", "\ntopics:\n" + ENTRY),
        ("topics:\n", "topics:\n" + ENTRY),
        ("topics: []  # noch keine\n", "topics:  # noch keine\n" + ENTRY),
        (
            "topics: [{name: Kurz, any: Kurz}]\n",
            "topics: [{name: Kurz, any: Kurz}, {name: 'Neu & gut', any: ['Wort', 'zwei Wörter'], "
            "recipients: ['anna']}]\n",
        ),
    ],
)
def test_a_topic_is_added(before: str, after: str) -> None:
    content = with_new_topic(FILE, (FEEDS + before).encode(), NEW)
    assert content.decode() == FEEDS + after
    assert read(content).topics[-1].name == "Neu & gut"


def test_an_entry_to_paste() -> None:
    pasted = topic_block(NEW)
    assert pasted == "topics:\n" + ENTRY
    assert read((FEEDS + pasted).encode()).topics[0].id == "neu-gut"


@pytest.mark.parametrize(
    ("feed", "changes", "old", "new"),
    [
        (
            "eins",
            {"max_interval": "2 h"},
            "max_interval: 3 h",
            "max_interval: '2 h'",
        ),
        ("eins", {"max_interval": None}, "    max_interval: 3 h\n", ""),
        (
            "eins",
            {"min_interval": "5 min"},
            "3 h\n",
            "3 h\n    min_interval: '5 min'\n",
        ),
        ("eins", {"priority": 1}, "3 h\n", "3 h\n    priority: 1\n"),
        ("zwei", {"region": "nord"}, "/rss'}", "/rss', region: 'nord'}"),
        ("zwei", {"title": None}, " title: Zwei,", ""),
    ],
)
def test_keys_of_a_feed_change(
    feed: str, changes: dict[str, Any], old: str, new: str
) -> None:
    assert old in FEEDS
    content = with_feed(FILE, (FEEDS + BLOCK).encode(), feed, changes)
    assert content.decode() == FEEDS.replace(old, new, 1) + BLOCK


DEEP = """topics:
  - name: Haushalt
    any:
      - Etat
      # noch im Haushalt

  # eine Überschrift
  -   # mit Strich
    name: Rat
    query: |
      Rat
      OR Räte
    # noch im Rat
  # schon wieder außen

  - {name: Letztes, any: Wort}

# Ende
"""


@pytest.mark.parametrize(
    ("topics", "topic", "old", "new"),
    [
        (
            BLOCK,
            "haushalt",
            "  - name: Haushalt  # der Stadt\n    any: ['Haushalt*', Etat]  # zwei Wörter\n"
            "    recipients: [anna]  # wer\n    mode: digest\n",
            "",
        ),
        (
            BLOCK,
            "rat",
            "  - name: Rat\n    query: >\n      Rat AND\n      Stadt\n    recipients: [bert]\n",
            "",
        ),
        (DEEP, "haushalt", DEEP[8 : DEEP.index("\n  # eine")], ""),
        (
            DEEP,
            "rat",
            DEEP[DEEP.index("  -   # mit") : DEEP.index("  # schon")],
            "",
        ),
        (DEEP, "letztes", "  - {name: Letztes, any: Wort}\n\n", ""),
        (
            OWN_LINES,
            "rat",
            OWN_LINES[8 : OWN_LINES.index("- name: Letztes")],
            "",
        ),
        (OWN_LINES, "letztes", "- name: Letztes\n  any: Wort\n", ""),
        (
            "topics:\n  - {name: Rat, any: Rat}\n",
            "rat",
            ":\n  - {name: Rat, any: Rat}",
            ": []",
        ),
        (
            "topics:  # zwei\n  - name: Rat\n    any: Rat",
            "rat",
            "topics:  # zwei\n  - name: Rat\n    any: Rat",
            "topics: []  # zwei\n",
        ),
        (
            "topics: [{name: A, any: a}, {name: B, any: b}]\n",
            "a",
            "{name: A, any: a}, ",
            "",
        ),
        (
            "topics: [{name: A, any: a}, {name: B, any: b}]\n",
            "b",
            ", {name: B, any: b}",
            "",
        ),
        ("topics: [{name: A, any: a}]\n", "a", "{name: A, any: a}", ""),
        (
            "topics:\n  - {id: x, name: Rat, any: Rat}\n",
            "x",
            ":\n  - {id: x, name: Rat, any: Rat}",
            ": []",
        ),
    ],
)
def test_a_topic_is_deleted(
    topics: str, topic: str, old: str, new: str
) -> None:
    assert old in topics
    for end, mark in (("\n", ""), ("\r\n", ""), ("\n", "\ufeff")):
        before = (mark + (FEEDS + topics).replace("\n", end)).encode()
        after = without_topic(FILE, before, topic)
        wanted = FEEDS + topics.replace(old, new, 1)
        assert after.decode() == mark + wanted.replace("\n", end)


@pytest.mark.parametrize(
    ("topics", "topic"),
    [
        (BLOCK, "fehlt"),
        ("topics: []\n", "rat"),
        ("topics: [\n", "rat"),
        # Others need it: a review names it, an anchor stands in it.
        (
            BLOCK
            + "press_reviews: [{name: Morgen, topics: [Rat], recipients: anna}]\n",
            "rat",
        ),
        (
            "topics:\n  - {name: Rat, any: &w [Rat]}\n  - {name: B, any: *w }\n",
            "rat",
        ),
    ],
)
def test_a_topic_that_is_not_there_or_needed_stays(
    topics: str, topic: str
) -> None:
    with pytest.raises(ConfigError):
        without_topic(FILE, (FEEDS + topics).encode(), topic)


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() and "\ufeff" not in text)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
@given(
    words=st.lists(
        TEXTS,
        min_size=1,
        max_size=6,
        unique_by=lambda text: " ".join(text.split()),
    )
)
def test_any_words_can_be_written_or_are_refused(words: list[str]) -> None:
    wanted = tuple(" ".join(word.split()) for word in words)
    for topics in (BLOCK, "topics: [{name: Haushalt, any: Etat}]\n"):
        # no file may hold some characters
        with contextlib.suppress(ConfigError):
            content = with_topic(
                FILE, (FEEDS + topics).encode(), "haushalt", {"any": wanted}
            )
            topic = next(
                each for each in read(content).topics if each.id == "haushalt"
            )
            assert {each.text for each in topic.any} == set(wanted)


def test_a_press_review_below_moves_along() -> None:
    review = "press_reviews:\n  - name: Lage\n    query: Haushalt OR Etat\n    recipients: [anna]\n"
    before = (BLOCK + review + FEEDS).encode()
    new = {"name": "Bücherei", "any": ("Bücherei",), "recipients": ("anna",)}
    added = with_new_topic(FILE, before, new)
    assert review in added.decode()
    assert without_topic(FILE, added, "buecherei") == before
    paused = with_feed(
        FILE,
        FEEDS.encode() + (BLOCK + review).encode(),
        "eins",
        {"paused": True},
    )
    assert review in paused.decode()
