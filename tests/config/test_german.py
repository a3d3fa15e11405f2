"""Whatever the room says about a file or a value can be said in German."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.config.address_notation import (
    mail_address,
    public_address,
    web_address,
)
from monitor.config.catalog import load_catalog
from monitor.config.cron import cron_expression
from monitor.config.notation import (
    Unreadable,
    clock_time,
    duration,
    identifier,
    number,
    time_span,
    time_zone,
    truth,
)
from monitor.errors import CatalogError
from monitor.language.phrases import translated, translated_problem
from tests.config.files import ENGLISH, Write, check_german, without_facts

ROOM = Path(config.__file__).parent
SPEAKERS = {
    "Unreadable",
    "report",
    "problem",
    "Mistake",
    "CatalogProblem",
    "_unusable",
}
MADE_OF_OTHERS = {"recipients: X", "X: X", '"X" X'}
"""Texts that stand around another sentence."""


def spoken(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, with X for what is filled in."""
    if isinstance(node, ast.IfExp):
        yield from spoken(node.body)
        yield from spoken(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from spoken(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [
            part.value if isinstance(part, ast.Constant) else "X"
            for part in node.values
        ]
        yield "".join(str(part) for part in parts)


def expressions(tree: ast.Module) -> Iterator[ast.expr]:
    """What is raised, reported, or kept under a name for it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SPEAKERS:
                yield from node.args
            elif name == "_refusal":
                _, complaint, *hint = node.args
                assert isinstance(complaint, ast.Constant)
                yield from (ast.Constant(f'"X" {complaint.value}'), *hint)
            yield from (
                word.value
                for word in node.keywords
                if word.arg in ("hint", "message")
            )
        elif isinstance(node, ast.Assign) and is_a_sentence(node.targets[0]):
            yield node.value


def is_a_sentence(target: ast.expr) -> bool:
    """Whether a name is that of a message or hint."""
    name = getattr(target, "id", "").lower()
    return "hint" in name or "message" in name


def sentences() -> set[str]:
    found: set[str] = set()
    for path in ROOM.glob("*.py"):
        for node in expressions(ast.parse(path.read_text(encoding="utf-8"))):
            found.update(text for text in spoken(node) if " " in text)
    found -= MADE_OF_OTHERS
    rules = tomllib.loads(
        (ROOM / "data" / "yaml_errors.toml").read_text(encoding="utf-8")
    )
    found.add(rules["quote_hint"])
    for rule in rules["rule"]:
        found.update(
            re.sub(r"\{\w+\}", "X", rule[key])
            for key in ("message", "hint")
            if key in rule
        )
    return found


def test_there_are_sentences() -> None:
    assert len(sentences()) > 100


@pytest.mark.parametrize("english", sorted(sentences()))
def test_every_sentence_has_a_german_one(english: str) -> None:
    german = translated_problem(english, "de")
    assert german != english
    assert not ENGLISH.search(without_facts(german)), german


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            'topic "Rat": where: source: there is no feed or outlet "blat"',
            "Thema „Rat“: where: source: es gibt keine Quelle und kein Medium „blat“",
        ),
        (
            'feed "zdf": min_interval: 1 min is very often',
            "Quelle „zdf“: min_interval: 1 min ist sehr oft",
        ),
        (
            'recipient "anna": members: there is no recipient "bert"',
            "Empfänger „anna“: members: es gibt keinen Empfänger „bert“",
        ),
        (
            'press review "Früh": topics: there is no topic "Ratt"',
            "Pressespiegel „Früh“: topics: es gibt kein Thema „Ratt“",
        ),
        ("feeds: the list is empty", "feeds: die Liste ist leer"),
        ('topic "a: b": name: is empty', "Thema „a: b“: name: ist leer"),
        (
            "expected a list, found a text",
            "hier gehört eine Liste hin, gefunden: ein Text",
        ),
        (
            'it is the address of feed "zdf" in line 3; delete one of them',
            "das ist die Adresse von Quelle „zdf“ in Zeile 3; eine von beiden löschen",
        ),
        (
            '"xx" is not a language of two small letters',
            "„xx“ ist kein Sprachkürzel aus zwei",
        ),
    ],
)
def test_problems_keep_whose_they_are(text: str, german: str) -> None:
    assert translated_problem(text, "de").startswith(german)
    assert translated_problem(text, "en") == text


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (duration, "10"),
        (duration, "zehn"),
        (duration, "10 lichtjahre"),
        (duration, "20000 w"),
        (truth, "vielleicht"),
        (lambda text: number(text, least=1, most=5), "6"),
        (lambda text: number(text, least=1, most=5), "eins"),
        (time_zone, "MEZ"),
        (time_zone, "Mond/Krater"),
        (clock_time, "25:00"),
        (time_span, "22:00"),
        (time_span, "7:00-7:00"),
        (mail_address, "anna(at)example.org"),
        (mail_address, "Anna <anna@example.org>"),
        (mail_address, "jürgen@example.org"),
        (mail_address, "anna@localhost"),
        (web_address, "www.zdf.de/rss"),
        (web_address, "feed://zdf.de/rss"),
        (web_address, "https://zdf.de/a b"),
        (web_address, "ftp://zdf.de/"),
        (public_address, "http://zdf.de/"),
        (public_address, "https://zdf.de/?a=b"),
        (identifier, "ZDF heute"),
        (cron_expression, "@daily"),
        (cron_expression, "0 8 * *"),
        (cron_expression, "0 8 * * xyz"),
        (cron_expression, "0 8 30 2 *"),
    ],
)
def test_values_are_refused_in_german(read: object, written: str) -> None:
    assert callable(read)
    with pytest.raises(Unreadable) as caught:
        read(written)
    for english in (str(caught.value), caught.value.hint):
        german = translated_problem(english, "de")
        assert german != english
        assert not ENGLISH.search(german.split('"')[0]), german


def test_warnings_are_said_in_german(write: Write) -> None:
    text = (
        "feeds:\n  - {id: a, url: 'https://u:p@a.test/x', verify_tls: false, min_interval: 1 min}\n"
        "  - {id: b, site: 'https://a.test/'}\n"
        "topics:\n  - {name: Rat, any: 'Rat, Kreis'}\n"
    )
    warnings = load_catalog(write(text)).warnings
    assert len(warnings) >= 5
    for warning in warnings:
        check_german(warning)


def test_the_end_of_many_problems_is_counted(write: Write) -> None:
    many = "".join(f"  - {{id: f{n}, url: nichts}}\n" for n in range(120))
    with pytest.raises(CatalogError) as caught:
        load_catalog(write("feeds:\n" + many))
    last = str(caught.value).splitlines()[-1]
    assert re.fullmatch(r"… und \d+ weitere", translated_problem(last, "de"))


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        (
            "monitor@example.org is not a real sender; set an address of your own domain",
            "Absender",
        ),
        (
            "is needed for mail_mode=smtp; set the name of your mail server",
            "Mailservers",
        ),
        ("is missing although a password is set", "fehlt, obwohl"),
        (
            "off would send the password readable; use starttls or tls",
            "lesbar senden",
        ),
        (
            "\"laut\": Input should be 'debug' or 'info'",
            "erlaubt ist 'debug' oder 'info'",
        ),
        ('"0": Input should be greater than or equal to 1', "mindestens 1"),
        (
            '"viele": Input should be a valid integer, unable to parse string as an integer',
            "ganze",
        ),
        (
            'is not a setting; did you mean "MONITOR_LANGUAGE"?',
            'meinten Sie "MONITOR_LANGUAGE"?',
        ),
        ("is not a setting; docs/settings.md lists them all", "nennt alle"),
        (
            "is called MONITOR_DAILY_REPORT now",
            "heißt jetzt MONITOR_DAILY_REPORT",
        ),
        (
            '"10" has no unit; write a number and a unit, for instance "10 min", "6 h" or "2 days"',
            "hat keine Einheit; Zahl und Einheit",
        ),
        ("cannot be read (No such file or directory)", "nicht gefunden"),
        (
            "is set twice; keep either it or MONITOR_SMTP_PASSWORD_FILE",
            "doppelt",
        ),
    ],
)
def test_settings_are_refused_in_german(reason: str, german: str) -> None:
    said = translated(reason, "de")
    assert german in said
    assert not ENGLISH.search(re.sub(r'"[^"]*"', "", said)), said
