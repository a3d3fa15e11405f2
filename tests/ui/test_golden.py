"""What everyday commands print, in both languages at three widths, beside what was judged right.

`WRITE_GOLDEN=write` writes the files anew; read them before they are committed.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.flow.world import World
from tests.services.web import Site
from tests.ui.conftest import Command, Ended

GOLDEN = Path(__file__).with_name("golden")
INVOCATIONS = (
    "status",
    "check",
    "search Gespräch",
    "search Gespräch ODER Löhne --limit 1",
    "search nirgendwo",
    "search Rat oder Krieg",
    "search titel:Löhne",
    "search Krieg OR",
    "search --topic ukrane",
    "search --since neulich Krieg",
    "show 1",
    "show 1 --why",
    "show 2 --why",
    "show 99",
    "topic test Ukraine",
    "topic test Mars",
    "topic explain Ukraine*~2",
    "topic explain 'Gespräche AND Löhne'",
    "mail preview Ukraine --since 2099-01-01",
    "mail check",
    "quarantine",
    "retry",
    "retry 99",
    "feeds list",
    "feeds history zeitung",
    "feeds history zeitnug",
    "recipients list",
    "recipients pause anna@example.org --until 01.02.2099",
    "recipients pause eve@example.org",
    "--log-level laut status",
)
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
    (r"│ [\d.]+ │ [\d.]+ │ 3 │", "│ N │ N │ 3 │"),  # bytes and milliseconds of a poll
    (r" {2,}", "  "),
    (r" +$", ""),
)
MAY_BE_LONG = re.compile(r"https?://|\^|NEAR|MONITOR_|monitor |hint: |Hinweis: |error: |Fehler: ")
"""Lines that are not wrapped: addresses, carets, commands to copy, errors."""


def scrubbed(text: str) -> str:
    for pattern, shown in SCRUBBED:
        text = re.sub(pattern, shown, text, flags=re.MULTILINE)
    return text


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
    printed = []
    for line in INVOCATIONS:
        ended = command(*shlex.split(line))
        printed.append(_block(line, ended))
        assert [line for line in ended.out.splitlines() if _is_too_long(line, width)] == []
    shown = "\n".join(printed)
    path = GOLDEN / f"{language}-{width}.txt"
    if os.environ.get("WRITE_GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def _block(line: str, ended: Ended) -> str:
    said = scrubbed(ended.out + ended.err)
    return f"$ monitor {line}\n{said}[{ended.code}]\n"


def _is_too_long(line: str, width: int) -> bool:
    return cell_len(line) > width and not MAY_BE_LONG.search(line)
