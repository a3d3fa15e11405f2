"""A whole installation into a file and out of it, while daemons work; and from
SQLite to Postgres.

What a backup must keep is every row of every table; what must be refused is
said before anything is changed.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from dotenv import dotenv_values
from sqlalchemy import select

from monitor.config.environment import written_settings
from monitor.errors import AlreadyRunning, StoreError
from monitor.flow.requests.backup import (
    Installation,
    back_up,
    check_backup,
    restore,
)
from monitor.flow.requests.database_move import move_database
from monitor.flow.upkeep.index_rebuild import something_wanted
from monitor.store.backup.archive import DATABASE, FEEDS, MANIFEST, SETTINGS
from monitor.store.backup.table_copy import count_rows
from monitor.store.engine import Database
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.tables import articles, feeds, metadata, raw_pages
from tests.fakes import SetClock
from tests.flow.program import Daemon, monitor
from tests.flow.world import PEOPLE, World, recipients
from tests.services.web import Site
from tests.store.conftest import migrated

NOW = SetClock().now()
CHANGED_BY_RESTORING = {"facts", "daemons", "leases"}


def quiet(table: str, copied: int) -> None:
    """Nobody watches."""


def opened(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


def saved(
    world: World, file: Path, *, database: Database | None = None
) -> Path:
    source = database or opened(world.folder / "data" / "monitor.sqlite3")
    try:
        back_up(
            source,
            file,
            feeds=world.folder / "feeds.yaml",
            settings="MONITOR_LANGUAGE=en\n",
            secrets=False,
            now=NOW,
            progress=quiet,
        )
    finally:
        source.close()
    return file


def restored(file: Path, folder: Path) -> Database:
    with ExitStack() as where_refused:
        database = opened(folder / "data" / "monitor.sqlite3")
        where_refused.callback(database.close)
        restore(
            file,
            database,
            Installation(folder / "data", folder / "feeds.yaml"),
            now=NOW,
            progress=quiet,
        )
        where_refused.pop_all()
    return database


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that must be the same."""
    with database.read() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(select(table)).all()), key=repr
            )
            for table in metadata.sorted_tables
            if table.name not in CHANGED_BY_RESTORING
        }


def test_what_was_saved_is_there_again(filled: World, tmp_path: Path) -> None:
    file = saved(filled, tmp_path / "b.zip")
    there = opened(filled.folder / "data" / "monitor.sqlite3")
    back = restored(file, tmp_path / "new")
    with closing(there), closing(back):
        assert contents(back) == contents(there)
        assert something_wanted(back), "the index is to be built anew"
    kept = (tmp_path / "new" / "feeds.yaml").read_bytes()
    assert kept == (filled.folder / "feeds.yaml").read_bytes()
    assert (
        tmp_path / "new" / "data" / "settings.env"
    ).read_text() == "MONITOR_LANGUAGE=en\n"
    assert file.stat().st_mode & 0o077 == 0
    assert [
        path.name for path in tmp_path.iterdir() if path.name.startswith(".")
    ] == []
    assert not (tmp_path / "new" / "data" / "index").exists()


def cut(file: Path) -> None:
    body = file.read_bytes()
    file.write_bytes(body[: len(body) * 2 // 3])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def text_instead(file: Path) -> None:
    file.write_text("keine Sicherung")


def foreign_archive(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hallo.txt", "Hallo")


def rewritten(
    change: Callable[[dict[str, bytes]], None],
) -> Callable[[Path], None]:
    """Another archive with changed files, whose own checksums are right."""

    def rewrite(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        change(files)
        with zipfile.ZipFile(file, "w") as archive:
            for name, body in files.items():
                archive.writestr(name, body)

    return rewrite


def manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[MANIFEST] = json.dumps(
            json.loads(files[MANIFEST]) | changes
        ).encode()

    return change


def put(name: str, body: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({name: body})


def drop(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        del files[name]

    return change


def flip_a_byte(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[len(body) // 3] ^= 255
    file.write_bytes(body)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut off": (cut, "cut off"),
    "empty": (emptied, "cut off"),
    "text": (text_instead, "cut off"),
    "another archive": (foreign_archive, "cut off"),
    "a byte": (flip_a_byte, "damaged"),
    "another feeds.yaml": (
        rewritten(put(FEEDS, b"topics: []\n")),
        "another digest",
    ),
    "another database": (
        rewritten(put(DATABASE, b"SQLite format 3")),
        "another digest",
    ),
    "no database": (rewritten(drop(DATABASE)), "damaged"),
    "no manifest": (rewritten(drop(MANIFEST)), "cut off"),
    "no settings": (rewritten(drop(SETTINGS)), "damaged"),
    "newer format": (rewritten(manifest(format=2)), "format 2"),
    "no digests": (rewritten(manifest(digests={})), "no database"),
    "outside": (rewritten(manifest(digests={"../x": "0"})), "does not belong"),
    "manifest no JSON": (rewritten(put(MANIFEST, b"{")), "cut off"),
    "manifest a list": (rewritten(put(MANIFEST, b"[]")), "cut off"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_before_anything_is_written(
    case: str, world: World, tmp_path: Path
) -> None:
    damage, reason = BROKEN[case]
    empty = opened(world.folder / "small" / "monitor.sqlite3")
    empty.migrate()
    world.write("feeds: []\n")
    file = saved(world, tmp_path / "b.zip", database=empty)
    check_backup(file)
    damage(file)
    with pytest.raises(StoreError, match=reason):
        check_backup(file)
    with pytest.raises(StoreError, match=reason):
        restored(file, tmp_path / "new")
    assert not (tmp_path / "new" / "feeds.yaml").exists()
    left = [path.name for path in (tmp_path / "new" / "data").iterdir()]
    assert not [
        name for name in left if not name.startswith("monitor.sqlite3")
    ]


def test_a_filled_installation_is_never_overwritten(
    filled: World, tmp_path: Path
) -> None:
    file = saved(filled, tmp_path / "b.zip")
    database = restored(file, tmp_path / "new")
    with closing(database):
        before = contents(database)
        with pytest.raises(StoreError, match="not empty"):
            restored(file, tmp_path / "new")
        assert contents(database) == before


def test_another_feeds_file_is_never_overwritten(
    filled: World, tmp_path: Path
) -> None:
    file = saved(filled, tmp_path / "b.zip")
    (tmp_path / "new").mkdir()
    mine = tmp_path / "new" / "feeds.yaml"
    mine.write_text("feeds: []\n")
    with pytest.raises(StoreError, match="another file"):
        restored(file, tmp_path / "new")
    assert mine.read_text() == "feeds: []\n"
    mine.write_bytes((filled.folder / "feeds.yaml").read_bytes())
    restored(file, tmp_path / "new").close()


def test_a_running_daemon_is_not_overrun(
    filled: World, tmp_path: Path
) -> None:
    file = saved(filled, tmp_path / "b.zip")
    (tmp_path / "new" / "data").mkdir(parents=True)
    running = opened(tmp_path / "new" / "data" / "monitor.sqlite3")
    with (
        closing(running),
        running.only_daemon(),
        pytest.raises(AlreadyRunning),
    ):
        restored(file, tmp_path / "new")


def test_a_backup_of_a_newer_version_is_refused(
    filled: World, tmp_path: Path
) -> None:
    file = saved(filled, tmp_path / "b.zip")

    def newer(files: dict[str, bytes]) -> None:
        path = tmp_path / "newer.sqlite3"
        path.write_bytes(files[DATABASE])
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "UPDATE alembic_version SET version_num = '9999'"
            )
            connection.commit()
        files[DATABASE] = path.read_bytes()
        import hashlib  # noqa: PLC0415

        said = json.loads(files[MANIFEST])
        said["digests"][DATABASE] = hashlib.sha256(files[DATABASE]).hexdigest()
        files[MANIFEST] = json.dumps(said).encode()

    rewritten(newer)(file)
    with pytest.raises(StoreError, match="newer version"):
        restored(file, tmp_path / "new")


def test_what_cannot_be_saved_is_refused(
    filled: World, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    with pytest.raises(StoreError, match="already"):
        saved(filled, taken)
    assert taken.read_text() == "mine"
    with pytest.raises(StoreError, match="empty"):
        saved(
            filled,
            tmp_path / "b.zip",
            database=opened(tmp_path / "none.sqlite3"),
        )
    old = tmp_path / "old.sqlite3"
    shutil.copy(filled.folder / "data" / "monitor.sqlite3", old)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    with pytest.raises(StoreError, match="schema 0001"):
        saved(filled, tmp_path / "b.zip", database=opened(old))
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("secrets", [True, False])
def test_settings_are_written_as_they_are_read(
    secrets: bool, tmp_path: Path
) -> None:
    hard = r"""it's \ a "$word" #1"""
    env = {
        "MONITOR_SMTP_PASSWORD": hard,
        "MONITOR_MAIL_FROM": "Büro <b@zeitung.de>",
        "PATH": "x",
    }
    path, none = tmp_path / ".env", tmp_path / "none"
    path.write_text(
        written_settings(secrets=secrets, env=env, env_file=none),
        encoding="utf-8",
    )
    found = dotenv_values(path, interpolate=False)
    assert found == {
        "MONITOR_MAIL_FROM": "Büro <b@zeitung.de>",
        **({"MONITOR_SMTP_PASSWORD": hard} if secrets else {}),
    }


@pytest.mark.external_service
def test_a_move_to_postgres_takes_everything(
    filled: World, empty_postgres: str
) -> None:
    source = opened(filled.folder / "data" / "monitor.sqlite3")
    page = {
        "part": 0,
        "url": "u",
        "content_type": "text/html",
        "fetched_at": NOW,
        "headers": {"a": "\0"},
        "body": b"\0\1",
        "read_with": "",
    }
    with source.write() as connection:
        article = connection.execute(
            select(articles.c.id).limit(1)
        ).scalar_one()
        connection.execute(
            raw_pages.insert().values(page | {"article_id": article})
        )
        set_fact(connection, "torn", "a\0b", now=NOW)
    target = Database(empty_postgres)
    told: list[tuple[str, int]] = []
    with closing(source), closing(target):
        rows = move_database(
            source,
            target,
            now=NOW,
            progress=lambda table, copied: told.append((table, copied)),
        )
        assert rows["articles"] == 3
        assert ("articles", 3) in told
        there, here = contents(target), contents(source)
        there.pop("raw_pages"), here.pop("raw_pages")
        assert there == here
        with target.write() as connection:
            assert get_fact(connection, "torn") == "ab"
            assert (
                connection.execute(select(raw_pages.c.body)).scalar_one()
                == b"\0\1"
            )
            highest = max(row[0] for row in here["articles"])
            first = dict(
                zip(articles.c.keys(), here["articles"][0], strict=True)
            )
            first.pop("id")
            new = first | {"doc_id": "new", "url": "http://new.example/"}
            added = connection.execute(
                articles.insert().values(new)
            ).inserted_primary_key
            assert added is not None
            assert added[0] == highest + 1, "numbers go on"
        with pytest.raises(StoreError, match="not empty"):
            move_database(source, target, now=NOW, progress=quiet)


@pytest.mark.external_service
def test_a_move_that_breaks_off_leaves_nothing(
    filled: World, empty_postgres: str
) -> None:
    class Stop(Exception):
        pass

    def stop(table: str, copied: int) -> None:
        if table == "articles" and copied:
            raise Stop

    source = opened(filled.folder / "data" / "monitor.sqlite3")
    target = Database(empty_postgres)
    with closing(source), closing(target):
        with pytest.raises(Stop):
            move_database(source, target, now=NOW, progress=stop)
        with target.read() as connection:
            assert connection.execute(select(feeds.c.id)).all() == []
        move_database(source, target, now=NOW, progress=quiet)
        with source.read() as old, target.read() as new:
            assert count_rows(old) == count_rows(new)


def test_a_move_needs_a_postgres_and_no_daemon(
    filled: World, tmp_path: Path
) -> None:
    source = opened(filled.folder / "data" / "monitor.sqlite3")
    target = opened(tmp_path / "other.sqlite3")
    with (
        closing(source),
        closing(target),
        pytest.raises(StoreError, match="no Postgres"),
    ):
        move_database(source, target, now=NOW, progress=quiet)


@pytest.mark.external_service
def test_a_move_waits_for_no_daemon(
    filled: World, empty_postgres: str
) -> None:
    source = opened(filled.folder / "data" / "monitor.sqlite3")
    target = Database(empty_postgres)
    with (
        closing(source),
        closing(target),
        source.only_daemon(),
        pytest.raises(AlreadyRunning),
    ):
        move_database(source, target, now=NOW, progress=quiet)


@pytest.mark.external_service
def test_a_postgres_is_saved_and_restored_into_either(
    filled: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres")
    names = [
        server.create(server.template("monitor", migrated)),
        server.create(),
    ]
    first, second = (Database(server.url(name)) for name in names)
    source = opened(filled.folder / "data" / "monitor.sqlite3")
    try:
        move_database(source, first, now=NOW, progress=quiet)
        before = contents(first)
        file = saved(filled, tmp_path / "b.zip", database=first)
        first = Database(server.url(names[0]))
        place = Installation(tmp_path / "two", tmp_path / "two.yaml")
        restore(file, second, place, now=NOW, progress=quiet)
        assert contents(second) == before
        third = restored(file, tmp_path / "three")
        assert contents(third) == before
        third.close()
    finally:
        for database in (first, second, source):
            database.close()
        for name in names:
            server.drop(name)


@pytest.mark.slow
def test_a_running_daemon_is_saved_and_lives_on_elsewhere(
    catalog: World, tmp_path: Path, site: Site
) -> None:
    daemon = Daemon.start(catalog.folder)
    try:
        daemon.ready()
        daemon.until(lambda: len(catalog.mails()) == len(PEOPLE), seconds=120)
        file = tmp_path / "b.zip"
        made = monitor(catalog.folder, "backup", str(file), "--json")
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["rows"]["feeds"] == 1
        assert monitor(catalog.folder, "backup", str(file)).returncode == 2
        refused = monitor(catalog.folder, "restore", str(file))
        assert refused.returncode == 2
        assert str(daemon.process.pid) in refused.stderr, "while it runs"
        assert not daemon.said("broken")
    finally:
        daemon.kill()
    new = tmp_path / "new"
    new.mkdir()
    assert monitor(new, "restore", "--check", str(file)).returncode == 0
    done = monitor(new, "restore", str(file))
    assert done.returncode == 0, done.stderr
    daemon = Daemon.start(new)
    try:
        daemon.ready()
        daemon.until(
            lambda: "Ukraine" in monitor(new, "search", "Ukraine").stdout,
            seconds=120,
        )
        assert monitor(new, "health").returncode == 0
        daemon.end()
    finally:
        if daemon.process.poll() is None:
            daemon.kill()
    assert not (new / "data" / "outbox").exists(), (
        "what was mailed is not mailed again"
    )
    assert recipients(catalog.mails()) == sorted(PEOPLE)
