"""`monitor review` in the words people see."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.flow.requests.press_reviews import begin_draft, chosen_stories
from monitor.store.desk.press_reviews import DraftText
from tests.flow.world import World
from tests.ui.conftest import Command


def begin(world: World) -> int:
    """A draft with two stories."""
    with world.life() as life:
        now = world.clock.now() + timedelta(hours=1)
        numbers = [article.id for article in life.articles()][:2]
        items = chosen_stories(life.database, {"ukraine": "Ukraine"}, numbers)
        text = DraftText("Morgenlage", now.date())
        return begin_draft(life.database, text, items, account="anna", now=now)


def test_nothing_yet(filled: World, command: Command) -> None:
    ended = command("review", "list")
    assert ended.code == 0
    assert "/pressespiegel" in ended.out
    assert json.loads(command("review", "list", "--json").out) == {
        "drafts": [],
        "issues": [],
    }


@pytest.mark.slow
def test_a_draft_is_issued_once_and_exported_as_it_was(
    filled: World, command: Command
) -> None:
    number = begin(filled)
    assert "Morgenlage" in command("review", "list").out
    for _ in range(2):
        ended = command("review", "issue", str(number))
        assert ended.code == 0
        assert "issue 1" in ended.out + ended.err
    listed = json.loads(command("review", "list", "--json").out)
    assert [each["stories"] for each in listed["drafts"]] == [2]
    assert [each["title"] for each in listed["issues"]] == ["Morgenlage"]
    assert command("review", "export", "1").code == 0
    (written,) = filled.folder.glob("*-morgenlage.pdf")
    assert written.read_bytes().startswith(b"%PDF")
    again = command("review", "export", "1")
    assert again.code != 0
    assert "is there already" in again.err
    target = filled.folder / "lage.docx"
    assert (
        command(
            "review", "export", "1", "--format", "docx", "--to", str(target)
        ).code
        == 0
    )
    assert target.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("issue", "99"), "there is no draft 99"),
        (("issue", "0"), "there is no draft 0"),
        (("issue", "9" * 30), "there is no draft"),
        (("export", "99"), "there is no pdf file"),
        (("export", "9" * 30, "--format", "html"), "there is no html file"),
    ],
)
def test_what_is_not_there(
    filled: World, command: Command, arguments: tuple[str, ...], said: str
) -> None:
    ended = command("review", *arguments)
    assert ended.code != 0
    assert said in " ".join(ended.err.split())
    assert "monitor review list" in ended.err


def test_a_folder_that_cannot_be_written(
    filled: World, command: Command
) -> None:
    command("review", "issue", str(begin(filled)))
    ended = command(
        "review", "export", "1", "--to", str(Path("nirgends") / "lage.pdf")
    )
    assert ended.code != 0
    assert "cannot write" in ended.err
