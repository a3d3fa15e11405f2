"""Real Elasticsearch servers for tests: one per version and kind, shared by
all workers of a run and by all tests.

A test gets an `ElasticServer` and a prefix of its own for the names of indices. The last worker
that uses a server ends it, also where it is killed. Which versions: MONITOR_TEST_ELASTICSEARCH, or
9.2.0.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.services import free_port, missing
from tests.services.elasticsearch_install import (
    NotInstalled,
    find_java,
    install,
    plugin_print,
)

VERSIONS = ("9.2.0", "8.19.5")
# it takes twenty on an idle machine, and eight times that beside seven
# other test runs
START_SECONDS = 180
ADMIN, ADMIN_PASSWORD = "admin", "test-password"
_ADMIN_HASH = "$2a$10$HZjazS0pokJpsCLRqH4/VuMqxi2n8Oau8/gLw7Rs2/OLt4/94CyDK"
WRITTEN = ("data", "logs", "snapshots")
"""Folders of a server that begin empty and end with it."""
OPTIONS = {
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    # a developer's full disk is not our test
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "ingest.geoip.downloader.enabled": None,
    "action.destructive_requires_name": "false",
    "cluster.max_shards_per_node": "5000",
}


class Refused(OSError):
    """The server's answer was no."""


@dataclass(frozen=True, slots=True)
class ElasticServer:
    """A running server. `ca_file` and the administrator are set where security
    is switched on.
    """

    url: str
    version: str
    pid: int
    folder: Path
    ca_file: Path | None = None
    user: str = ""
    password: str = ""

    def call(self, method: str, path: str, body: object = None) -> Any:
        """One request as the administrator, past our own client; the answer's
        JSON. Raises Refused.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}{path}",
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        if self.user:
            token = b64encode(f"{self.user}:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        context = (
            ssl.create_default_context(cafile=str(self.ca_file))
            if self.ca_file
            else None
        )
        try:
            with urllib.request.urlopen(
                request, timeout=60, context=context
            ) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(
                    f"{method} {path}: {error.code} {error.read()[:1000]!r}"
                ) from None
        return (
            json.loads(text)
            if text.startswith((b"{", b"["))
            else text.decode()
        )

    def drop(self, prefix: str) -> None:
        """Remove every index and template whose name begins with `prefix`."""
        self.call(
            "DELETE",
            f"/{prefix}*?expand_wildcards=all&ignore_unavailable=true",
        )
        for kind in ("_index_template", "_component_template"):
            with_prefix = self.call("GET", f"/{kind}").get(f"{kind[1:]}s", [])
            for name in (found["name"] for found in with_prefix):
                if name.startswith(prefix):
                    self.call("DELETE", f"/{kind}/{name}")


def versions() -> tuple[str, ...]:
    """The versions that this run tests on."""
    chosen = os.environ.get("MONITOR_TEST_ELASTICSEARCH", "9.2.0")
    return tuple(
        version.strip() for version in chosen.split(",") if version.strip()
    )


@contextmanager
def shared_server(
    version: str, *, secure: bool = False
) -> Iterator[ElasticServer]:
    """The server of this version for as long as the block lasts.

    Ends the test where it cannot be had.
    """
    try:
        home = install(version)
        java = find_java(version)
    except NotInstalled as error:
        missing(str(error))
    kind = "secure" if secure else "open"
    name = f"monitor-elasticsearch-{os.getuid()}-{version}-{plugin_print()}-{kind}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(exist_ok=True)
    with (
        (folder / "users.lock").open("w") as users,
        (folder / "start.lock").open("w") as starting,
    ):
        # Who holds `users` uses the server. Starting and ending are done by
        # one at a time, who holds `starting`.
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        server = _running(folder)
        if server is None:
            server = _start(home, java, version, folder=folder, secure=secure)
            _end_when_unused(server, users.name)
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield server
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # others still use it: the last one ends it
            else:
                end_server(server)


def _end_when_unused(server: ElasticServer, users: str) -> None:
    """Start a process that waits until nobody holds the lock `users`, then
    ends the server: a run that was killed ends nothing itself.
    """
    waiting = (
        "import fcntl, os, signal, sys\n"
        "users = open(sys.argv[1])\n"
        "fcntl.flock(users, fcntl.LOCK_EX)\n"
        "os.killpg(int(sys.argv[2]), signal.SIGKILL)\n"
    )
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", waiting, users, str(server.pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    guard.returncode = 0  # not our child to wait for


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[ElasticServer]:
    """The server of the first version asked for, without security."""
    with shared_server(versions()[0]) as server:
        yield server


@pytest.fixture(scope="session")
def secure_elasticsearch() -> Iterator[ElasticServer]:
    """The same with TLS and an administrator."""
    with shared_server(versions()[0], secure=True) as server:
        yield server


def _running(folder: Path) -> ElasticServer | None:
    try:
        noted = json.loads((folder / "server.json").read_bytes())
    except (OSError, ValueError):
        return None
    ca_file = Path(noted["ca_file"]) if noted["ca_file"] else None
    server = ElasticServer(**(noted | {"folder": folder, "ca_file": ca_file}))
    return server if _answers(server) else None


def _answers(server: ElasticServer) -> bool:
    try:
        return server.call("GET", "/_cluster/health")["status"] in (
            "green",
            "yellow",
        )
    except (OSError, ValueError, KeyError):  # not up yet, or nobody there
        return False


@contextmanager
def two_nodes(version: str) -> Iterator[tuple[ElasticServer, ElasticServer]]:
    """A cluster of the test's own: a node that leads it, and one that only
    holds data and may be ended.
    """
    home, java = install(version), find_java(version)
    with tempfile.TemporaryDirectory(prefix="monitor-cluster-") as name:
        Path(name).chmod(0o755)
        first, second = free_port(), free_port()
        seeds = {
            "discovery.seed_hosts": f"127.0.0.1:{first}",
            "cluster.initial_master_nodes": "one",
        }
        nodes = []
        try:
            for node, port, roles in (
                ("one", first, "[master, data]"),
                ("two", second, "[data]"),
            ):
                own = {
                    "node.name": node,
                    "transport.port": str(port),
                    "node.roles": roles,
                }
                folder = Path(name) / node
                folder.mkdir()
                own |= (
                    seeds
                    if node == "one"
                    else {
                        "discovery.seed_hosts": seeds["discovery.seed_hosts"]
                    }
                )
                nodes.append(
                    _start(
                        home,
                        java,
                        version,
                        folder=folder,
                        secure=False,
                        own=own,
                    )
                )
            yield nodes[0], nodes[1]
        finally:
            for server in nodes:
                end_server(server)


def _start(
    home: Path,
    java: Path,
    version: str,
    *,
    folder: Path,
    secure: bool,
    own: dict[str, str] | None = None,
) -> ElasticServer:
    owner = _owner()
    for name in (*WRITTEN, "config"):
        shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(home / "config", folder / "config")
    for name in WRITTEN:
        (folder / name).mkdir()
    port, transport = free_port(), free_port()
    options = {
        name: value for name, value in OPTIONS.items() if value is not None
    }
    options |= {
        "http.port": str(port),
        "transport.port": str(transport),
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "path.repo": str(folder / "snapshots"),
        "xpack.security.enabled": str(secure).lower(),
    }
    if own:
        del options["discovery.type"]
        options |= own
    if secure:
        options |= _secure(folder / "config")
    lines = "".join(f"{name}: {value}\n" for name, value in options.items())
    (folder / "config" / "elasticsearch.yml").write_text(lines)
    log = (folder / "server.log").open("wb")
    if owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    environment = {
        "PATH": os.environ["PATH"],
        "ES_JAVA_HOME": str(java),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_JAVA_OPTS": "-Xms1g -Xmx1g",
        "HOME": str(folder),
    }
    process = subprocess.Popen(
        [home / "bin" / "elasticsearch"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environment,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        # Ctrl-C is for pytest, which then ends the server; and it may outlive
        # this worker
        start_new_session=True,
    )
    log.close()
    server = ElasticServer(
        url=f"{'https' if secure else 'http'}://127.0.0.1:{port}",
        version=version,
        pid=process.pid,
        folder=folder,
        ca_file=folder / "config" / "ca.pem" if secure else None,
        user=ADMIN if secure else "",
        password=ADMIN_PASSWORD if secure else "",
    )
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if _answers(server):
            noted = {
                name: getattr(server, name) for name in ElasticServer.__slots__
            }
            (folder / "server.json").write_text(json.dumps(noted, default=str))
            # not our child to wait for: whoever uses it last ends it
            process.returncode = 0
            return server
        time.sleep(0.2)
    end_server(server)
    said = (folder / "server.log").read_text(errors="replace")[-4000:]
    pytest.fail(f"Elasticsearch did not start:\n{said}", pytrace=False)


def _secure(config: Path) -> dict[str, str]:
    """Certificate, administrator and settings of a server with security."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(config / "ca.pem")
    certificate.private_key_pem.write_to_path(config / "http.key")
    (config / "http.pem").write_bytes(
        b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
    )
    (config / "users").write_text(f"{ADMIN}:{_ADMIN_HASH}\n")
    (config / "users_roles").write_text(f"superuser:{ADMIN}\n")
    return {
        "xpack.security.http.ssl.enabled": "true",
        "xpack.security.http.ssl.key": str(config / "http.key"),
        "xpack.security.http.ssl.certificate": str(config / "http.pem"),
        "xpack.security.authc.api_key.enabled": "true",
    }


def end_server(server: ElasticServer) -> None:
    """Stop the processes of this one server: it was started as a group of its
    own.
    """
    (server.folder / "server.json").unlink(missing_ok=True)
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    for name in WRITTEN:
        shutil.rmtree(server.folder / name, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses root. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return (
        users.get("elasticsearch")
        or users.get("nobody")
        or missing("no user but root to run Elasticsearch as")
    )
