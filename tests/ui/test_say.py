"""The words of the command line: both languages say the same, with the same
facts.
"""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config.spoken import spoken_language
from monitor.ui.say import Say, read_words

UI = Path(__file__).resolve().parents[2] / "monitor" / "ui"
NOW = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
BUILT = (
    "daemon.mail_",
    "quarantine.article",
    "quarantine.delivery",
    "recipients.",
    "show.",
    "run.",
    "daemon.stopped",
    "daemon.gone",
    "status.silent",
    "status.never_read",
    "search.read",
    "mail.",
    "time.",
    "doctor.",
    "health.",
    "kibana.",
    "index.rebuild",
    "index.prune",
)
"""Beginnings of keys that the code puts together or chooses between."""


def say(language: str) -> Say:
    return Say(language, ZoneInfo("Europe/Berlin"), NOW)


def texts(key: str, language: str) -> tuple[str, ...]:
    words = read_words(language)[key]
    return (words,) if isinstance(words, str) else words


def test_both_languages_have_every_key_with_the_same_facts() -> None:
    german, english = read_words("de"), read_words("en")
    assert german.keys() == english.keys()
    for key in german:
        facts = [
            {
                name
                for text in texts(key, language)
                for name in re.findall(r"\{(\w+)\}", text)
            }
            for language in ("de", "en")
        ]
        assert facts[0] == facts[1], key
        assert isinstance(german[key], tuple) == isinstance(
            english[key], tuple
        ), key


def keys_in_code() -> set[str]:
    """String literals that name a key, wherever they stand in the command
    line's code.
    """
    sections = {key.split(".", 1)[0] for key in read_words("de")}
    found = set()
    for path in [*UI.glob("*.py"), *(UI / "commands").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                section, dot, key = node.value.partition(".")
                if (
                    dot
                    and section in sections
                    and re.fullmatch(r"[a-z_]+", key)
                ):
                    found.add(node.value)
    return found


def test_every_key_in_the_code_is_there_and_every_key_is_used() -> None:
    known, used = set(read_words("de")), keys_in_code()
    assert {
        key for key in used - known if not key.endswith((".yaml", "_"))
    } == set()
    assert {key for key in known - used if not key.startswith(BUILT)} == set()


@pytest.mark.parametrize(
    ("away", "german", "english"),
    [
        (timedelta(minutes=-3), "vor 3 Min.", "3 min ago"),
        (timedelta(minutes=4), "in 4 Min.", "in 4 min"),
        (timedelta(hours=-1), "vor 1 Std.", "1 h ago"),
        (timedelta(days=-1), "vor 1 Tag", "1 d ago"),
        (timedelta(days=-2), "vor 2 Tagen", "2 d ago"),
        (timedelta(days=1), "in 1 Tag", "in 1 d"),
        (timedelta(seconds=20), "jetzt", "now"),
        (timedelta(seconds=-20), "eben", "just now"),
        (None, "–", "–"),
    ],
)
def test_distances(away: timedelta | None, german: str, english: str) -> None:
    when = None if away is None else NOW + away
    assert say("de").distance(when) == german
    assert say("en").distance(when) == english


@pytest.mark.parametrize(
    ("key", "number", "german", "english"),
    [
        ("common.articles", 0, "0 Artikel", "0 articles"),
        ("common.articles", 1, "1 Artikel", "1 article"),
        ("common.articles", 1234, "1.234 Artikel", "1,234 articles"),
        ("common.stories", 1, "1 Geschichte", "1 story"),
        ("common.stories", 2, "2 Geschichten", "2 stories"),
        ("common.mails", 1, "1 Mail", "1 mail"),
        ("common.mails", 2, "2 Mails", "2 mails"),
        ("common.feeds", 1, "1 Quelle", "1 feed"),
        ("common.topics", 3, "3 Themen", "3 topics"),
        ("common.items", 1, "1 Vorgang", "1 item"),
        (
            "run.unsent",
            1,
            "1 Mail wurde nicht angenommen",
            "1 mail was not taken",
        ),
        ("run.no_hit", 2, "kein Thema trifft auf die 2 neuen Artikel zu", ""),
    ],
)
def test_counts(key: str, number: int, german: str, english: str) -> None:
    assert say("de").count(key, number) == german
    assert say("en").count(key, number) == english or not english


def test_moments_are_local() -> None:
    assert say("de").moment(NOW) == "12:00"
    assert say("de").moment(NOW - timedelta(days=1)) == "27.11. 12:00"
    assert say("de").moment(NOW - timedelta(days=400)) == "24.10.2025 13:00"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            "https://a.de rests until 2026-11-28 11:30:00 UTC: it answered 503, without saying how"
            " long",
            "https://a.de hat Pause bis 12:30: antwortete mit 503, ohne zu sagen, wie lange",
        ),
        ("asked at 2026-11-27T10:00:00+00:00", "asked at 27.11. 11:00"),
    ],
)
def test_stored_times_become_local(stored: str, shown: str) -> None:
    assert say("de").phrase(stored) == shown


def test_outcomes_in_words() -> None:
    pairs = (("new", 13), ("not_found", 1))
    assert say("de").outcomes(pairs) == "13 neu, 1 nicht gefunden (404)"
    assert say("en").outcomes(pairs) == "13 new, 1 not found"
    assert say("de").outcomes(()) == "keine"


@pytest.mark.parametrize(
    ("env", "file", "language"),
    [
        ({}, "", "de"),
        ({"MONITOR_LANGUAGE": "en"}, "", "en"),
        ({"MONITOR_LANGUAGE": "fr"}, "", "de"),
        ({"MONITOR_LANGUAGE": ""}, "MONITOR_LANGUAGE=en\n", "en"),
        ({}, "# x\nexport MONITOR_LANGUAGE = 'en'\n", "en"),
        ({"MONITOR_LANGUAGE": "de"}, "MONITOR_LANGUAGE=en\n", "de"),
    ],
)
def test_the_language_before_there_are_settings(
    tmp_path: Path, env: dict[str, str], file: str, language: str
) -> None:
    path = tmp_path / ".env"
    path.write_text(file, encoding="utf-8")
    assert spoken_language(env, env_file=path) == language
