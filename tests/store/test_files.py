"""Nobody else reads the database, and what is wrong with its file is said in
one line.
"""

from __future__ import annotations

import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store.engine import Database
from monitor.store.files import is_missing, private_file, private_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o077, 0o277], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_new_data_folder_is_private_whatever_the_umask(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    database = Database(f"sqlite:///{folder / 'monitor.sqlite3'}")
    database.migrate()
    assert mode(folder) == 0o700
    files = [path for path in folder.iterdir() if path.is_file()]
    assert len(files) >= 2
    assert {mode(path) & 0o077 for path in files} == {0}
    database.close()


def test_an_open_database_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "monitor.sqlite3"
    path.touch(0o666)
    path.chmod(0o664)
    Database(f"sqlite:///{path}").close()
    assert mode(path) == 0o600


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    private_folder(tmp_path)
    assert mode(tmp_path) == 0o750


def test_a_file_keeps_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("kept")
    private_file(path)
    assert path.read_text() == "kept"


def test_a_folder_that_cannot_be_made_is_one_clear_line(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path / 'file' / 'data' / 'monitor.sqlite3'}")
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "file") in str(caught.value)
    assert "MONITOR_DATA_DIR" in (caught.value.hint or "")


def test_memory_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Database("sqlite:///:memory:").close()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "monitor.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.write() as connection:
        connection.execute(text("CREATE TABLE kept (name TEXT, value TEXT)"))
        for number in range(200):
            statement = "INSERT INTO kept (name, value) VALUES (:n, :v)"
            connection.execute(
                text(statement), {"n": f"n{number}", "v": "ü" * 40}
            )
    database.close()
    return path.read_bytes()


def read_everything(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    try:
        database.migrate()
        with database.read() as connection:
            connection.execute(text("SELECT * FROM kept ORDER BY value")).all()
        with database.write() as connection:
            connection.execute(text("UPDATE kept SET value = 'x'"))
    finally:
        database.close()


def problem_of(path: Path) -> StoreError | None:
    """Any other exception passes, and fails the test."""
    try:
        read_everything(path)
    except StoreError as error:
        return error
    return None


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_are_one_clear_line(
    sound: bytes, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    damaged = bytearray(sound)
    for _ in range(dice.choice((3, 50, 4000))):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    if seed % 4 == 0:
        del damaged[dice.randrange(len(damaged)) :]
    path = tmp_path / "monitor.sqlite3"
    path.write_bytes(damaged)
    said = str(problem_of(path))
    assert "\n" not in said
    assert "sqlalche.me" not in said
    assert "[SQL" not in said


@pytest.mark.parametrize(
    "content",
    [b"no database at all" * 400, b"SQLite format 3\0" + b"\xff" * 4080],
)
def test_damage_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "monitor.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="the database is damaged") as caught:
        read_everything(path)
    assert "backup" in (caught.value.hint or "")


def test_a_value_that_is_no_text_is_damage(
    sound: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "monitor.sqlite3"
    path.write_bytes(sound)
    with sqlite3.connect(path) as raw:
        raw.execute(
            "UPDATE kept SET value = CAST(x'ff41' AS TEXT) WHERE name = 'n1'"
        )
    raw.close()
    with pytest.raises(StoreError, match="damaged"):
        read_everything(path)


def test_what_we_may_not_look_at_may_be_there(tmp_path: Path) -> None:
    file, loop = tmp_path / "file", tmp_path / "loop"
    file.touch()
    loop.symlink_to(loop)
    assert [
        is_missing(each) for each in (file, tmp_path, loop, loop / "x")
    ] == [False] * 4
    assert [is_missing(each) for each in (tmp_path / "none", file / "x")] == [
        True
    ] * 2
