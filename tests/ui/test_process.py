"""The daemon as a process: one per folder, ended in time whatever it is doing."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.flow.program import ENDS_WITHIN, Daemon, environment, monitor
from tests.flow.world import PEOPLE, World, recipients
from tests.services.web import Answer, Asked, Site

pytestmark = pytest.mark.slow


@contextmanager
def running(world: World, **env: str) -> Iterator[Daemon]:
    daemon = Daemon.start(world.folder, env=env)
    try:
        daemon.ready()
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.kill()


def test_a_second_daemon_is_refused_and_the_first_ends_in_time(
    catalog: World,
) -> None:
    with running(catalog) as daemon:
        for words in (["run"], ["run", "--once"]):
            second = monitor(catalog.folder, *words)
            assert second.returncode == 2
            assert str(daemon.process.pid) in second.stderr
            assert "MONITOR_DATA_DIR" in second.stderr
        daemon.until(lambda: len(catalog.mails()) == 2, seconds=120)
        assert monitor(catalog.folder, "status").returncode == 0
        daemon.until(lambda: daemon.said("outcome=stored"), seconds=120)
        assert monitor(catalog.folder, "search", "Ukraine").returncode == 0
        assert daemon.end() < ENDS_WITHIN
        assert daemon.process.returncode == 0
        assert not daemon.said("Traceback")
    assert recipients(catalog.mails()) == sorted(PEOPLE)


def test_it_ends_in_time_while_a_page_hangs(
    catalog: World, site: Site
) -> None:
    asked, released = threading.Event(), threading.Event()

    def hang(_: Asked) -> Answer:
        asked.set()
        released.wait(60)
        return Answer(b"late")

    site.put("/krieg", hang)
    try:
        with running(catalog) as daemon:
            daemon.until(asked.is_set, seconds=120)
            assert daemon.end() < ENDS_WITHIN
            assert daemon.process.returncode == 0
            assert not daemon.said("Traceback")
    finally:
        released.set()


def test_it_ends_in_time_while_a_mail_server_hangs(catalog: World) -> None:
    """A server that accepts the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(120)
        env = {
            "MONITOR_MAIL_MODE": "smtp",
            "MONITOR_MAIL_FROM": "monitor@zeitung.de",
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(silent.getsockname()[1]),
            "MONITOR_SMTP_SECURITY": "off",
        }
        with running(catalog, **env) as daemon:
            caller, _ = silent.accept()
            with caller:
                # past the greeting it waits a minute for each answer
                caller.sendall(b"220 silent\r\n")
                assert caller.recv(1000)
                assert daemon.end() < ENDS_WITHIN


def test_ctrl_c_ends_it_too(catalog: World) -> None:
    with running(catalog) as daemon:
        daemon.process.send_signal(signal.SIGINT)
        assert daemon.process.wait(timeout=ENDS_WITHIN) == 0
        assert not daemon.said("Traceback")


def test_a_reader_that_leaves_early_is_no_error(filled: World) -> None:
    """`monitor search … | head`: the pipe is closed while we print."""
    process = subprocess.Popen(
        f"{sys.executable} -m monitor show 1 | true",
        shell=True,
        cwd=filled.folder,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    _, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    assert "Exception" not in err


def test_a_hit_is_opened_in_the_browser_of_the_user(filled: World) -> None:
    opened = filled.folder / "opened"
    browser = filled.folder / "browser"
    browser.write_text(
        f"#!/bin/sh\nprintf %s \"$1\" > '{opened}'\n", encoding="utf-8"
    )
    browser.chmod(0o755)
    env = {"BROWSER": f"{browser} %s"}
    assert (
        monitor(
            filled.folder, "search", "Ukraine", "--open", "1", env=env
        ).returncode
        == 0
    )
    assert opened.read_text(encoding="utf-8").endswith("/krieg")
