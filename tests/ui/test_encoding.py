"""Output in ASCII loses no line and makes no traceback; Ctrl-C while loading
leaves without one.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.ui.encoding import readable, speak_plainly
from monitor.ui.interrupts import INTERRUPTED
from tests.flow.world import World
from tests.ui.conftest import Command

FEEDS = """
feeds:
  - id: a
    title: Zeitung „Ä“ – Łódź
    url: http://127.0.0.1:9/feed
topics:
  - name: Köln – Straße …
    any: [Köln]
    recipients: [oede@example.org]
"""
COMMANDS = [
    ["--help"],
    ["feeds", "list"],
    ["feeds", "list", "--json"],
    ["check"],
    ["topic", "explain", "Köln*"],
    ["topic", "explain", "Köln AND ("],
    ["search", "Köln"],
    ["status"],
    ["topic", "test", "Köln – Straße …"],
    ["help", "search"],
    ["demo", "--help"],
    ["users", "list"],
    ["users", "add", "Köln", "--no-password"],
    ["tokens", "list"],
    ["health"],
    ["index", "status"],
    ["versions", "1"],
    ["serch", "Köln"],
]


def written(text: str, encoding: str = "ascii") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    speak_plainly(stream, None)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller, Straße", "Mueller, Strasse"),
        ("ÄÖÜ", "AeOeUe"),
        ("„so“ – und …", "'so' - und ..."),
        ("a → b · c × 3", "a -> b - c x 3"),
        ("Café Łódź", "Cafe ?odz"),
        ("┏━┃┗", "+-|+"),
        ("5\N{NO-BREAK SPACE}€", "5 EUR"),
        ("Київ", "????"),
        ("\N{NEWSPAPER}", "?"),
        ("a\udcc3b", "a?b"),
        ("plain", "plain"),
    ],
)
def test_letters_that_are_lacking_are_spelled(
    text: str, expected: str
) -> None:
    assert written(text) == expected


def test_letters_that_are_there_stay() -> None:
    assert written("Müller – ß", "latin-1") == "Müller - ß"
    assert written("Müller – ß", "utf-8") == "Müller – ß"


def test_a_line_of_json_stays_one() -> None:
    line = json.dumps({"title": "„Köln“ – «x»"}, ensure_ascii=False)
    assert json.loads(written(line)) == {"title": "'Koeln' - 'x'"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Köln", "Köln"),
        ("K\udcc3\udcb6ln", "Köln"),
        ("K\udcf6ln", "K\udcf6ln"),
        ("plain", "plain"),
    ],
)
def test_arguments_are_read_as_typed(typed: str, read: str) -> None:
    assert readable([typed]) == [read]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ascii")
    (folder / "feeds.yaml").write_text(FEEDS, "utf-8")
    return folder


LOCALES = ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"})
"""Two ways to an output in ASCII. One writer prints for all commands: each
takes one of them.
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "locale"),
    [
        pytest.param(words, LOCALES[number % 2], id=" ".join(words))
        for number, words in enumerate(COMMANDS)
    ],
)
def test_a_command_in_ascii(
    folder: Path, words: list[str], locale: dict[str, str]
) -> None:
    env = {"PATH": os.environ["PATH"], "PYTHONCOERCECLOCALE": "0", **locale}
    run = subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder,
        env={**env, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
    )
    said = (run.stdout + run.stderr).decode("ascii")
    assert said.strip()
    assert "Traceback" not in said
    assert run.returncode in (0, 1, 2)
    if "--json" in words:
        assert "Zeitung „Ä“ – Łódź" in json.dumps(
            json.loads(run.stdout), ensure_ascii=False
        )


LOADING = """
import os, signal, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
from monitor.ui.interrupts import end_at_once, end_in_order
end_at_once()
{more}
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
except BaseException:
    print("swallowed")
print("went on")
"""


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ("", INTERRUPTED, "interrupted"),
        ("end_in_order()", 0, "swallowed"),
        (
            "signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep = print",
            0,
            "went on",
        ),
    ],
    ids=["loading", "working", "ignored"],
)
def test_an_interrupt(more: str, code: int, said: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOADING.format(more=more)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code
    assert said in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("after", "words"),
    [
        (0.1, ["status"]),
        (0.3, ["search", "Rat"]),
        (0.6, ["check"]),
        (0.9, ["web"]),
        (1.2, ["demo"]),
        (1.6, ["run"]),
    ],
)
def test_ctrl_c_at_start(folder: Path, after: float, words: list[str]) -> None:
    """Python's own start, before our first line, is not ours: there the signal
    itself ends it.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder,
        env={
            **os.environ,
            "MONITOR_LISTEN": "127.0.0.1:0",
            "MONITOR_DATA_DIR": words[0],
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    ours = "monitor/ui" in said or "monitor/config" in said
    assert not ("Traceback" in said and ours), said
    assert process.returncode in {0, 1, 2, INTERRUPTED, -signal.SIGINT}


NEW_FOLDER = [
    ["status"],
    ["health"],
    ["users", "list"],
    ["tokens", "add", "x"],
    ["search", "Rat"],
]
NEW_FOLDER += [
    ["index", "status"],
    ["recipients", "list"],
    ["retry", "--all"],
    ["versions", "1"],
]
NEW_FOLDER += [
    ["topic", "explain", "Rat"],
    ["run", "--once"],
    ["mail", "test", "a@x.org"],
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", ["flipped", "no database", "a folder", "empty"]
)
def test_a_damaged_database_is_one_clear_line(
    filled: World,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    """The line and what to do; `health` says it among its checks."""
    monkeypatch.setenv("MONITOR_LANGUAGE", "de")
    file = filled.folder / "data" / "monitor.sqlite3"
    spoil(file, fault)
    for words in NEW_FOLDER:
        ended = command(*words)
        said = ended.out + ended.err
        assert "Traceback" not in said
        assert ended.code in {0, 1, 2}, words
        if fault in {"flipped", "no database"} and words[0] not in {
            "search",
            "health",
        }:
            assert ended.code == 2, words
            first, *rest = ended.err.splitlines()
            assert "Datenbank" in first, words
            assert len(rest) == 1, words
            assert rest[0].startswith("Hinweis: "), words
        if words == ["health"]:
            assert "Datenbank" in said


def spoil(file: Path, fault: str) -> None:
    for more in file.parent.glob("*.sqlite3-*"):
        more.unlink()
    if fault == "flipped":
        content = bytearray(file.read_bytes())
        for place in range(100, len(content), 97):
            content[place] ^= 0xFF
        file.write_bytes(content)
        return
    file.unlink()
    if fault == "a folder":
        file.mkdir()
    else:
        file.write_bytes(
            b"" if fault == "empty" else b"Das ist keine Datenbank. " * 99
        )
