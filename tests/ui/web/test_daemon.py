"""The daemon serves the page while it runs, with links that outlive it, and
says what keeps it from listening.
"""

from __future__ import annotations

import re
import socket
from email.message import EmailMessage

import pytest

from tests.flow.program import ENDS_WITHIN, Daemon, monitor
from tests.flow.world import World
from tests.services import free_port
from tests.ui.web.conftest import FORM, PUBLIC, Visitor

pytestmark = pytest.mark.slow

ANNA = "anna@example.org"


def link(mail: EmailMessage) -> str:
    return str(
        re.findall(r"<(https://[^>]+)>", str(mail["List-Unsubscribe"]))[0]
    )


def to_anna(world: World) -> list[EmailMessage]:
    return [mail for mail in world.mails() if ANNA in mail["To"]]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_link_works_in_the_next_life_too(catalog: World) -> None:
    port = free_port()
    env = {"MONITOR_PUBLIC_URL": PUBLIC, "MONITOR_LISTEN": f"127.0.0.1:{port}"}
    for life in range(2):
        daemon = Daemon.start(catalog.folder, env=env)
        try:
            daemon.until(
                lambda: listens(port) and bool(to_anna(catalog)), seconds=120
            )
            title = Visitor(port).get(link(to_anna(catalog)[0])).title
            assert title == (
                "Mails abbestellen?" if life == 0 else "Abbestellt"
            )
            Visitor(port).ask(
                "POST",
                link(to_anna(catalog)[0]),
                b"List-Unsubscribe=One-Click",
                kind=FORM,
            )
            assert daemon.end() < ENDS_WITHIN
            assert daemon.process.returncode == 0
            assert "Traceback" not in daemon.log.read_text(encoding="utf-8")
        finally:
            if daemon.process.poll() is None:
                daemon.kill()
    listed = monitor(catalog.folder, "recipients", "list")
    assert "one click" in listed.stdout


def test_a_port_in_use_is_a_clear_error(catalog: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        ended = monitor(
            catalog.folder,
            "run",
            env={"MONITOR_PUBLIC_URL": PUBLIC, "MONITOR_LISTEN": place},
        )
    assert ended.returncode == 2
    assert "cannot listen on 127.0.0.1" in ended.stderr
    assert "MONITOR_LISTEN" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_nobody_listens_where_another_daemon_does(catalog: World) -> None:
    # listen: off
    daemon = Daemon.start(catalog.folder, env={"MONITOR_PUBLIC_URL": PUBLIC})
    try:
        daemon.ready()
        assert not daemon.said("web page")
    finally:
        daemon.kill()


def test_without_a_public_address_the_page_is_on_loopback(
    catalog: World,
) -> None:
    port = free_port()
    daemon = Daemon.start(
        catalog.folder, env={"MONITOR_LISTEN": f"127.0.0.1:{port}"}
    )
    try:
        daemon.ready()
        assert daemon.said(f"web page: http://127.0.0.1:{port}/")
        assert Visitor(port, "").get("/suche").status == 200
        assert daemon.end() < ENDS_WITHIN
        assert daemon.process.returncode == 0
    finally:
        if daemon.process.poll() is None:
            daemon.kill()


def test_the_page_alone_beside_a_daemon(catalog: World) -> None:
    port = free_port()
    place = {"MONITOR_LISTEN": f"127.0.0.1:{port}"}
    # one page is missing
    assert monitor(catalog.folder, "run", "--once").returncode in (0, 1)
    alone = Daemon.start(catalog.folder, env=place, command=("web",))
    try:
        alone.until(
            lambda: alone.said("web page: http://127.0.0.1"), seconds=120
        )
        assert "Der Rat tagt in Löhne" in Visitor(port, "").get("/suche").text
        taken = monitor(catalog.folder, "web", env=place)
        assert (taken.returncode, "cannot listen" in taken.stderr) == (2, True)
        assert alone.end() < ENDS_WITHIN
        assert alone.process.returncode == 0
    finally:
        if alone.process.poll() is None:
            alone.kill()
    off = monitor(catalog.folder, "web")
    assert (off.returncode, "switched off" in off.stderr) == (2, True)
