"""Every command that a page of the documentation shows can be typed, and does
what it may do in a test.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from monitor.ui.cli.main import command_tree
from monitor.ui.cli.spoken import asked_for_help
from tests.flow.world import HEAD, UKRAINE, World, feeds_yaml
from tests.services.web import Site
from tests.ui.conftest import Command

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        ROOT / "deploy" / "README.md",
    ]
)
INLINE = re.compile(r"`([^`]+)`")
CALL = re.compile(
    r"(?:^|\$ |bin/|exec monitor |&& |^[A-Z_]+=\S+ )(monitor(?: +[^\s#`|;&]+| +'[^']*'| +\"[^\"]*\")+)",
    re.MULTILINE,
)
PLACEHOLDERS = {
    "COMMAND": "search",
    "ID": "1",
    "NUMBER": "1",
    "NAME": "anna",
    "ADDRESS": "anna@example.org",
}
SHELL = re.compile(r"\$\([^)]*\)")
"""What the shell puts in place of a command in brackets."""
ONLY_READ = re.compile(
    r"monitor (?:run(?! --once)|web|demo|check --online|feeds (?:find|add)|kibana install|kibana build deploy"
    r"|index switch elasticsearch|mail check|users|tokens (?:add|remove)|retry|restore|backup|db move|report|topic judgements|review issue|review export)\b"
)
"""Commands that run for ever, ask the web or other servers, read a password,
or need what the pages only suppose. Their words are read and not carried out.
"""
UNFINISHED = {
    "monitor show",
    "monitor topic explain",
    "monitor index switch",
    "monitor retry",
    "monitor backup",
    "monitor restore",
}
"""Named in a sentence without what belongs to them."""


def code_of(page: Path) -> Iterator[str]:
    """What stands on the page as code: lines of blocks, and pieces of
    sentences.
    """
    fenced, text = False, page.read_text(encoding="utf-8")
    for line in text.splitlines():
        fenced = fenced != line.startswith("```")
        if fenced or line.startswith("    "):
            yield line.strip()
    yield from (piece.replace("\n", " ") for piece in INLINE.findall(text))


def documented() -> list[str]:
    """Each command once, in the order of the pages."""
    pages = [page for page in PAGES if page.name != "CHANGELOG.md"]
    codes = [
        code.replace("scripts/run", "monitor")
        for page in pages
        for code in code_of(page)
    ]
    calls = [call for code in codes for call in CALL.findall(code)]
    return list(dict.fromkeys(re.sub(r"\s+…?$", "", call) for call in calls))


def words_of(call: str) -> list[str]:
    """What follows `monitor`, with values in place of names in capitals."""
    text = SHELL.sub("today", call)
    return [PLACEHOLDERS.get(word, word) for word in shlex.split(text)[1:]]


def test_many_are_found_on_several_pages() -> None:
    assert len(documented()) >= 60
    on_readme = "monitor search Bürgermeister"
    assert {
        "monitor status",
        "monitor index reindex",
        "monitor demo",
        on_readme,
    } <= set(documented())


@pytest.mark.parametrize("call", documented())
def test_every_command_can_be_typed(call: str) -> None:
    command = command_tree()
    name = "monitor"
    words = asked_for_help(words_of(call))
    parent = None
    while True:
        try:
            context = command.make_context(name, words, parent=parent)
        except typer.TyperException:
            assert call in UNFINISHED, call
            return
        except typer.Exit:
            return  # --version and --help answer themselves
        if not getattr(command, "commands", None):
            return
        # what the parser left for the subcommand
        rest = [*context._protected_args, *context.args]
        name, words, parent = rest[0], rest[1:], context
        assert name in command.commands, call
        command = command.commands[name]


@pytest.mark.slow
def test_what_may_be_done_in_a_test_ends_well(
    filled: World,
    site: Site,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}",
        f"{{id: zdf, url: '{site.url('/zdf')}'}}",
        f"{{id: radio-herford, outlet: Radio Herford, url: '{site.url('/radio')}'}}",
    ]
    filled.write(feeds_yaml(*rows, topics=UKRAINE, head=HEAD))
    assert command("feeds", "export", "reader.opml").code == 0
    for call in documented():
        words = words_of(call)
        while words[0] in {"--data", "--feeds"}:
            words = words[2:]
        if call not in UNFINISHED and not ONLY_READ.match(
            " ".join(["monitor", *words])
        ):
            ended = command(*words)
            assert ended.code in {0, 1} or (call, ended.code) == (
                "monitor init",
                2,
            ), (call, ended)
