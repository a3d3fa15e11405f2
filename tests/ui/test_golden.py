"""What commands print to what a new user types, in both languages at three
widths, beside what was judged right.

`WRITE_GOLDEN=write` writes the files anew; read them before they are
committed.
"""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.flow.world import World
from tests.services.web import Site
from tests.ui.conftest import Command, Ended

GOLDEN = Path(__file__).with_name("golden")
INVOCATIONS = tuple(
    line
    for line in (GOLDEN / "invocations.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
)
CONFIGS = tomllib.loads((GOLDEN / "configs.toml").read_text(encoding="utf-8"))
SCRUBBED = (
    (r"127\.0\.0\.1:\d+", "HOST"),
    (r"\d\d\.\d\d\.(\d{4})?( \d\d:\d\d)?", "DAY"),
    (r"\d{4}-\d\d-\d\dT\S+", "STAMP"),
    (r"\b\d\d:\d\d\b", "TIME"),
    (r"(?<=in )\d+ ms|(?<=in )\d+(?= ms)", "N"),
    (r"\bin \d+ (min|h|d|Min\.|Std\.|Tag(en)?)(?!\w)", "in SPAN"),
    (
        r"\b\d+\s+(min|h|d)\s+ago|vor\s+\d+\s+(Min\.|Std\.|Tag(en)?)|\bjetzt\b|\beben\b|\b(just )?now\b",
        "AGO",
    ),
    (r"[─━┏┓┗┛└┘┳┻┴╇╈┡┩┼├┤┬]+", "─"),
    (r"[█]+", "█"),
    (r"(?<=[│┃]) +| +(?=[│┃])", " "),
    # bytes and milliseconds of a poll
    (r"│ [\d.]+ │ [\d.]+ │ 3 │", "│ N │ N │ 3 │"),
    (r"[\d.,]+ GiB", "N GiB"),
    (r"-[0-9a-f]{8}\.eml", "-NAME.eml"),
    (r"\b[0-9a-f]{32}\b", "BUILD"),
    (r"(seit|for) \d+ (Tagen|d)", "\\1 SPAN"),
    (r" {2,}", "  "),
    (r" +$", ""),
)
MAY_BE_LONG = re.compile(
    r"https?://|\^|NEAR|MONITOR_|monitor |hint: |Hinweis: |\.eml|error: |Fehler: "
)
"""Lines that are not wrapped: addresses, carets, commands to copy, errors."""


def scrubbed(text: str) -> str:
    for pattern, shown in SCRUBBED:
        text = re.sub(pattern, shown, text, flags=re.MULTILINE)
    return text


def test_there_are_so_many() -> None:
    assert len(INVOCATIONS) >= 250


@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("language", ["de", "en"])
def test_commands_print_what_was_judged(
    filled: World,
    site: Site,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    width: int,
) -> None:
    monkeypatch.setenv("MONITOR_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", str(width))
    write_configs(filled.folder)
    printed, too_long = [], []
    for line in INVOCATIONS:
        ended = run(line, command, monkeypatch)
        printed.append(block(line, ended, filled.folder))
        if "--json" not in line:  # machines know no width
            too_long += [
                shown
                for shown in ended.out.splitlines()
                if _is_too_long(shown, width)
            ]
    shown = "\n".join(printed)
    path = GOLDEN / f"{language}-{width}.txt"
    if os.environ.get("WRITE_GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8")
    assert too_long == []
    assert shown == path.read_text(encoding="utf-8")


def write_configs(folder: Path) -> None:
    for name, text in CONFIGS.items():
        (folder / f"{name}.yaml").write_text(
            text.lstrip("\n"), encoding="utf-8"
        )
    (folder / "utf16.yaml").write_text("feeds: []\n", encoding="utf-16")


def run(line: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> Ended:
    """The invocation with its variables and its file."""
    try:
        words = shlex.split(line)
    except ValueError:  # a quote that is never closed
        words = line.split()
    with monkeypatch.context() as env:
        while words and re.match(r"[A-Z_]+=", words[0]):
            name, _, value = words.pop(0).partition("=")
            env.setenv(name, value)
        if (
            words
            and words[0].endswith("!")
            and words[0][:-1] in [*CONFIGS, "utf16"]
        ):
            words = ["--feeds", f"{words[0][:-1]}.yaml", *words[1:]]
        return command(*words)


def block(line: str, ended: Ended, folder: Path) -> str:
    said = scrubbed((ended.out + ended.err).replace(str(folder), "FOLDER"))
    return f"$ monitor {line}\n{said}[{ended.code}]\n"


def _is_too_long(line: str, width: int) -> bool:
    return cell_len(line) > width and not MAY_BE_LONG.search(line)
