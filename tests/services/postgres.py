"""A real, private Postgres per test worker, and a fresh database per test.

Knows nothing of our tables: a suite hands its migrations to
`PostgresServer.template`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services import ending_with_us, free_port, missing

STARTS = 3  # a port found free can be taken before the server binds it
START_SECONDS = 120
OPTIONS = (
    # the data is thrown away: durability is Postgres' business, not ours
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    # so that a naive time read back is an hour or two wrong, and seen
    "timezone=Europe/Berlin",
    "listen_addresses=127.0.0.1",
    "shared_buffers=16MB",
)


class PostgresServer:
    """A running server.

    Databases are made from templates, so that migrations run once and not per
    test.
    """

    def __init__(
        self,
        program: Path,
        data: Path,
        owner: pwd.struct_passwd | None,
        env: Mapping[str, str] = {},
    ) -> None:
        """Starts it, at a port of its own."""
        self._program = program
        self._data = data
        self._owner = owner
        self._env = env
        self._process, self.port = _start(program, data, owner=owner, env=env)
        self._names = (f"t{n}" for n in itertools.count(1))
        self._templates: set[str] = set()
        # Copies files instead of writing each page to the log; what came
        # before 15 always did.
        version = int((data / "PG_VERSION").read_text())
        self._copying = " STRATEGY file_copy" if version >= 15 else ""

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database on this server."""
        return f"postgresql+psycopg://monitor@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """The name of a new database, a copy of `template` (which nobody may
        be connected to).
        """
        name = next(self._names)
        self._run(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}"{self._copying}'
        )
        return name

    def drop(self, database: str) -> None:
        """Remove a database, and whoever still is connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """The template `name`, made once by handing the address of an empty
        database to `prepare`.

        `prepare` must leave no connection open.
        """
        if name not in self._templates:
            self.drop(name)
            self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            prepare(self.url(name))
            self._templates.add(name)
        return name

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT: at once, as after a crash. SIGINT: all connections end
        first.
        """
        self._process.send_signal(how)
        self._process.wait(timeout=START_SECONDS)

    def start_again(self) -> None:
        """After `stop`, at the same port."""
        self._process, _ = _start(
            self._program,
            self._data,
            owner=self._owner,
            port=self.port,
            env=self._env,
        )

    def keep_files(self, folder: Path) -> Path:
        """A copy of its files, while it is stopped."""
        kept = folder / "data"
        _call(["cp", "-r", self._data, folder], owner=None)
        for path in (kept, *kept.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        return kept

    def pids(self) -> tuple[int, ...]:
        """The server's processes, the first one last."""
        main = self._process.pid
        children = (
            Path(f"/proc/{main}/task/{main}/children").read_text().split()
        )
        return (*map(int, children), main)

    def _run(self, statement: str) -> None:
        import psycopg  # noqa: PLC0415 - tests without Postgres must not need its driver

        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="monitor",
            dbname="postgres",
            autocommit=True,
        ) as db:
            db.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of this worker, started at its first use."""
    with private_postgres() as server:
        yield server


@contextmanager
def private_postgres(
    files: Path | None = None, env: Mapping[str, str] = {}
) -> Iterator[PostgresServer]:
    """A server of one's own, for a benchmark, too. `files` are those of a
    server to begin with; `env` is what its processes have more than we.
    """
    binaries, owner = _binaries(), _owner()
    # not tmp_path: another user must reach it
    folder = Path(tempfile.mkdtemp(prefix="monitor-postgres-"))
    try:
        if owner:
            shutil.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        if files is None:
            options = (
                "-U",
                "monitor",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            )
            _call([binaries / "initdb", "-D", data, *options], owner=owner)
        else:
            _call(["cp", "-r", files, data], owner=owner)
            data.chmod(0o700)  # Postgres refuses any other
        server = PostgresServer(binaries / "postgres", data, owner, env)
        try:
            yield server
        finally:
            server.stop()  # at once: nothing is worth a checkpoint
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_files(
    name: str, prepare: Callable[[str], None]
) -> Iterator[Path]:
    """The files of a server whose database `name` was prepared: copies of them
    start in no time.
    """
    with tempfile.TemporaryDirectory(
        prefix="monitor-postgres-files-"
    ) as folder:
        Path(folder).chmod(0o755)
        with private_postgres() as server:
            server.template(name, prepare)
            server.stop(signal.SIGINT)
            kept = server.keep_files(Path(folder))
            server.start_again()
        yield kept


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty database that only this test uses."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


def _binaries() -> Path:
    """The folder with the newest Postgres' programs; distributions keep
    `initdb` out of PATH.
    """
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda p: float(p.parts[-3]),
    )
    if not versions:
        missing(
            "no Postgres server on this machine (Debian: apt-get install postgresql)"
        )
    return versions[-1].parent


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: Postgres refuses root. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    owner = users.get("postgres") or users.get("nobody")
    return owner or missing(
        "Postgres does not run as root, and there is no user postgres or nobody"
    )


def _popen(
    command: list[str | Path],
    *,
    owner: pwd.struct_passwd | None,
    log: Path,
    env: Mapping[str, str] = {},
) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, **env},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            # Ctrl-C is for pytest, which then ends the server
            start_new_session=True,
        )


def _call(
    command: list[str | Path], *, owner: pwd.struct_passwd | None
) -> None:
    with tempfile.NamedTemporaryFile(prefix="monitor-initdb-") as log:
        code = _popen(command, owner=owner, log=Path(log.name)).wait()
        if code:
            pytest.fail(
                f"{command[0]} ended with {code}:\n{Path(log.name).read_text(errors='replace')}",
                pytrace=False,
            )


def _start(
    program: Path,
    data: Path,
    *,
    owner: pwd.struct_passwd | None,
    port: int = 0,
    env: Mapping[str, str] = {},
) -> tuple[subprocess.Popen[bytes], int]:
    """`port` is the one to be had again."""
    log = data.parent / "server.log"
    options = [
        part
        for option in (*OPTIONS, f"unix_socket_directories={data.parent}")
        for part in ("-c", option)
    ]
    for _ in range(STARTS):
        chosen = port or free_port()
        command: list[str | Path] = [
            *ending_with_us(),
            program,
            "-D",
            data,
            "-p",
            str(chosen),
            *options,
        ]
        process = _popen(command, owner=owner, log=log, env=env)
        until = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < until:
            if "ready" in _status(data):
                return process, chosen
            time.sleep(0.02)
        process.kill()
        process.wait()
    pytest.fail(
        f"Postgres did not start:\n{log.read_text(errors='replace')}",
        pytrace=False,
    )


def _status(data: Path) -> str:
    """The last line of the server's own pid file: starting, stopping or ready;
    "" before it is written.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return ""
    return lines[7] if len(lines) > 7 else ""
