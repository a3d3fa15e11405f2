"""`monitor backup`, `monitor restore` and `monitor db move`: a whole
installation elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress

from monitor.config.environment import written_settings
from monitor.errors import StoreError
from monitor.flow.requests import backup as backups
from monitor.flow.requests.database_move import move_database
from monitor.store.engine import Database
from monitor.store.files import is_missing
from monitor.ui.commands.progress import progress_bar
from monitor.ui.context import Session


def backup(
    session: Session, file: Path, *, with_secrets: bool, as_json: bool
) -> int:
    """One file of everything but the search index. Never makes or migrates a
    database.
    """
    settings = session.settings
    feeds = settings.feeds_file
    database = _existing(session)
    try:
        with _progress(session) as progress:
            made = backups.back_up(
                database,
                file,
                feeds=feeds,
                settings=written_settings(secrets=with_secrets),
                secrets=with_secrets,
                now=session.now,
                progress=progress,
            )
    finally:
        database.close()
    if as_json:
        session.print_json(
            {
                "file": str(file),
                "bytes": file.stat().st_size,
                "rows": made.rows,
            }
        )
        return 0
    session.tell(
        _said(
            session,
            "backup.made",
            made.rows,
            file=file,
            size=_size(session, file),
        )
    )
    if not feeds.is_file():
        session.complain(session.say("backup.no_feeds", file=feeds), "yellow")
    if not with_secrets:
        session.complain(session.say("backup.no_secrets"), "dim")
    return 0


def restore_backup(session: Session, file: Path, *, check: bool) -> int:
    """An empty installation filled from a backup; with `check` only whether it
    could be.
    """
    if not file.is_file():
        raise StoreError(f"there is no file {file}")
    if check:
        found = backups.check_backup(file)
        session.tell(
            _said(
                session,
                "backup.sound",
                found.rows,
                made=_made(session, found.made_at),
            )
        )
        return 0
    settings = session.settings
    place = backups.Installation(settings.data_dir, settings.feeds_file)
    database = Database(settings.database_address)
    try:
        with _progress(session) as progress:
            found = backups.restore(
                file, database, place, now=session.now, progress=progress
            )
    finally:
        database.close()
    session.tell(
        _said(
            session,
            "backup.restored",
            found.rows,
            made=_made(session, found.made_at),
        )
    )
    session.tell(
        session.say("backup.settings", file=settings.data_dir / "settings.env")
    )
    return 0


def move(session: Session, source: Path | None) -> int:
    """The SQLite file of the data folder into the Postgres that the settings
    name.
    """
    settings = session.settings
    file = source or settings.data_dir / "monitor.sqlite3"
    if not file.is_file():
        raise StoreError(
            f"there is no file {file}", hint="name it with --source"
        )
    old = Database(f"sqlite:///{file.absolute()}")
    new = Database(settings.database_address)
    try:
        with _progress(session) as progress:
            rows = move_database(old, new, now=session.now, progress=progress)
    finally:
        old.close()
        new.close()
    session.tell(
        _said(session, "backup.moved", rows, address=new.address, file=file)
    )
    for name, count in rows.items():
        session.tell(f"  {name:<24}{session.say.number(count):>12}")
    return 0


def _existing(session: Session) -> Database:
    """Opened without being made: an empty backup of a mistyped folder would
    look like one.
    """
    settings = session.settings
    if not settings.database_url.get_secret_value():
        file = settings.data_dir / "monitor.sqlite3"
        if is_missing(file):
            raise StoreError(
                f"there is no installation in {settings.data_dir}",
                hint="name its folder with --data or MONITOR_DATA_DIR",
            )
    return Database(settings.database_address)


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[str, int], None]]:
    """Shows the table that is copied and how many of its rows are."""
    bar: Progress = progress_bar(session, "{task.description}")
    with bar:
        task = bar.add_task("", total=None)

        def told(table: str, copied: int) -> None:
            bar.update(task, description=table, completed=copied)

        yield told


def _said(session: Session, key: str, rows: object, **facts: object) -> str:
    """A line with what people know of an installation: its articles, feeds and
    mails.
    """
    assert isinstance(rows, dict)
    say = session.say
    counted = {
        "articles": say.count("common.articles", rows.get("articles", 0)),
        "feeds": say.count("common.feeds", rows.get("feeds", 0)),
        "mails": say.count("common.mails", rows.get("deliveries", 0)),
    }
    return say(key, **counted, **facts)


def _made(session: Session, made_at: str) -> str:
    """When a backup was made, in local time; as it stands where it is no time."""
    try:
        made = datetime.fromisoformat(made_at)
    except ValueError:
        return made_at
    local = (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(
        session.say.zone
    )
    return f"{local:%d.%m.%Y %H:%M}"


def _size(session: Session, file: Path) -> str:
    return f"{session.say.decimal(file.stat().st_size / 1e6, 1)} MB"
