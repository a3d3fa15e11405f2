"""Pages of help in both languages, and what is said to what cannot be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len

from monitor.ui.cli.help_page import HelpPage, HelpWords, read_help_words
from monitor.ui.cli.main import app
from tests.ui.conftest import Command

GROUP: Any = typer.main.get_command(app)


def pages(
    command: Any = GROUP, path: str = "monitor"
) -> Iterator[tuple[str, Any, Any]]:
    """Each command with a context as it has when it is asked for help."""
    context = typer.Context(command, info_name=path)
    yield path, command, context
    for name, each in getattr(command, "commands", {}).items():
        yield from pages(each, f"{path} {name}")


def english_texts() -> set[str]:
    texts = set()
    for _, command, context in pages():
        texts.update(
            " ".join(part.split()) for part in command.help.split("\n\n")
        )
        texts.update(
            " ".join((each.help or "").split())
            for each in command.get_params(context)
        )
    return texts - {""}


def test_every_text_has_a_german_one_and_no_other_is_kept() -> None:
    german = read_help_words("de")
    assert set(german.texts) == english_texts()
    assert [text for text in german.texts.values() if not text.strip()] == []


def test_both_languages_name_the_same_values() -> None:
    german, english = read_help_words("de"), read_help_words("en")
    assert german.page.keys() == english.page.keys()
    arguments = {
        each.name
        for _, command, context in pages()
        for each in command.get_params(context)
        if each.param_type_name == "argument"
    }
    assert arguments <= german.values.keys()


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_line_is_wider_than_the_window_and_no_word_is_broken(
    language: str, columns: int
) -> None:
    words = read_help_words(language)
    for path, command, context in pages():
        page = HelpPage(command, context, words)
        wide, narrow = page.written(1000), page.written(columns)
        assert wide.split() == narrow.split(), path
        long = [
            line for line in narrow.splitlines() if cell_len(line) >= columns
        ]
        assert [
            line for line in long if " " in line.strip() and columns >= 60
        ] == [], path


@pytest.mark.parametrize(
    ("typed", "german", "english"),
    [
        (
            "show --help",
            "Aufruf: monitor show [OPTIONEN] ARTIKEL",
            "Usage: monitor show",
        ),
        ("retry --help", "[NUMMER...]", "[ID...]"),
        ("search --help", "--limit ZAHL", "--limit NUMBER"),
        ("show -h", "Aufruf: monitor show", "Usage: monitor show"),
        (
            "help",
            "Aufruf: monitor [OPTIONEN] BEFEHL",
            "Usage: monitor [OPTIONS] COMMAND",
        ),
        (
            "help topic test",
            "Aufruf: monitor topic test",
            "Usage: monitor topic test",
        ),
        ("search --help", "(sonst: 10)", "(default: 10)"),
        (
            "search --help",
            "--sort relevance|newest|oldest",
            "--sort relevance|newest|oldest",
        ),
        ("index reindex --help", "--wait/--no-wait ", "--wait/--no-wait "),
        ("topic --help", "Befehle:", "Commands:"),
        ("users add --help", "reader (liest)", "editor (judges, writes)"),
        ("--help", "Beobachtet Nachrichten-Feeds", "Watches news feeds"),
        ("feeds", "Quellen finden", "Find, add, list"),
    ],
)
def test_pages(
    typed: str,
    german: str,
    english: str,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert english in command(*typed.split()).out
    monkeypatch.setenv("MONITOR_LANGUAGE", "de")
    assert german in command(*typed.split()).out


@pytest.mark.parametrize(
    ("typed", "german", "english"),
    [
        (
            "serch",
            "es gibt keinen Befehl „serch“; meinten Sie 'search'",
            "No such command",
        ),
        (
            "topic tset x",
            "es gibt keinen Befehl „tset“",
            "monitor topic --help",
        ),
        ("feeds xyzzy", "es gibt keinen Befehl „xyzzy“", "xyzzy"),
        (
            "search --topik x",
            "es gibt keine Option --topik (ähnlich:",
            "--topic",
        ),
        ("status --zzz", "es gibt keine Option --zzz", "--zzz"),
        (
            "search --limit 0",
            "--limit: mindestens 1",
            "greater than or equal to 1",
        ),
        (
            "search --limit 5000",
            "--limit: höchstens 1000",
            "less than or equal to 1000",
        ),
        (
            "search --limit x",
            "--limit: hier wird eine ganze Zahl gebraucht",
            "integer",
        ),
        ("run --speed x", "--speed: hier wird eine Zahl gebraucht", "number"),
        ("show", "es fehlt: Artikel", "article"),
        (
            "show abc",
            "Artikel: hier wird eine ganze Zahl gebraucht",
            "article",
        ),
        ("search --sort best", "„best“ gibt es nicht; erlaubt ist", "best"),
        ("--data", "die Option --data braucht einen Wert", "--data"),
        ("status --json=3", "die Option --json nimmt keinen Wert", "--json"),
        ("index prune", "es fehlt die Option --older-than", "--older-than"),
        ("status now", "überzählig: now", "now"),
        ("check feeds.yaml", "--feeds feeds.yaml vor den Befehl", "--feeds"),
        (
            "search --sort",
            "die Option --sort braucht einen Wert",
            "`monitor search --help`",
        ),
        (
            "search Rat -Kreis",
            "um ein Wort auszuschließen, NICHT davorschreiben",
            "write NOT",
        ),
    ],
)
def test_what_cannot_be_typed(
    typed: str,
    german: str,
    english: str,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = command(*typed.split())
    assert (ended.code, ended.out) == (2, "")
    assert english.lower() in ended.err.lower()
    monkeypatch.setenv("MONITOR_LANGUAGE", "de")
    ended = command(*typed.split())
    assert german in ended.err
    assert re.search("--help` zeigt|NICHT|vor den Befehl", ended.err)


def test_an_untranslated_text_stays_english() -> None:
    assert HelpWords({}, {}, {}).text("A  new\n one.") == "A new one."
