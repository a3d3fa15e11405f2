"""A person in a real browser beside a real daemon: a source is added and
polled, a topic is written and tells of new articles only.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.flow.program import ENDS_WITHIN, Daemon
from tests.flow.world import Item, World, feeds_yaml, page, rss
from tests.services import free_port
from tests.services.browser import (
    DESKTOP,
    accessibility_problems,
    keep_picture,
    next_page,
    tab,
)
from tests.services.web import Answer, Site

pytestmark = [pytest.mark.slow, pytest.mark.external_service]

TODAY = format_datetime(datetime.now(UTC))
OLD = Item(
    "rat",
    "Der Rat tagt in Löhne",
    summary="Der Rat tagt am Abend.",
    date=TODAY,
)
NEW = Item(
    "rat-neu",
    "Löhne beschließt Radweg",
    summary="Der Rat hat den Radweg beschlossen.",
    date=TODAY,
)
WAVE = Item(
    "welle",
    "Welle meldet Sturm",
    summary="An der Werra stürmt es.",
    date=TODAY,
)
SPEED = 5.0
"""The catalogue is looked at every thirty seconds: here every six."""

HEAD = """defaults: {min_interval: 1 s, max_interval: 2 s, initial: silent}
recipients: [{name: anna, email: anna@example.org}]
"""
HOME = """<html><head><title>Werrawelle</title>
<link rel="alternate" type="application/rss+xml" href="/welle/rss"></head><body></body></html>"""


def feed(site: Site, path: str, *items: Item) -> None:
    document = rss(site.url("/"), *items).encode()
    site.put(path, Answer(document, content_type="application/rss+xml"))
    for item in items:
        site.put(f"/{item.key}", page(item.title))


def test_sources_and_topics_are_written_beside_a_daemon(
    world: World, site: Site, browser: Browser
) -> None:
    feed(site, "/rss", OLD)
    feed(site, "/welle/rss", WAVE)
    site.put("/welle/", HOME)
    entry = f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
    world.write(
        feeds_yaml(entry, topics="", head=HEAD).replace("topics:\n", "")
    )
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {"MONITOR_LISTEN": f"127.0.0.1:{port}"}
    daemon = Daemon.start(world.folder, speed=SPEED, env=env)
    try:
        daemon.until(lambda: daemon.said("web page"), seconds=120)
        daemon.until(lambda: daemon.said("outcome=article"), seconds=120)
        with tab(browser, DESKTOP) as page_:
            page_.goto(f"{address}/quellen")
            with next_page(page_):
                page_.get_by_role("link", name="Neue Quelle").click()
            page_.get_by_label("Adresse der Startseite").fill(
                site.url("/welle/")
            )
            with next_page(page_):
                page_.get_by_role("button", name="Feeds suchen").click()
            assert page_.get_by_text("Welle meldet Sturm").is_visible()
            keep_picture(page_, "quelle-neu-desktop")
            assert accessibility_problems(page_) == []
            page_.get_by_label("Name").fill("Werrawelle")
            page_.get_by_label("Region").fill("owl")
            with next_page(page_):
                page_.get_by_role("button", name="Eintragen").click()
            assert page_.url.endswith("/quellen")
            daemon.until(lambda: daemon.said("feed=werrawelle"), seconds=120)
            page_.goto(f"{address}/quellen/werrawelle")
            expect(
                page_.get_by_role("heading", name="Werrawelle")
            ).to_be_visible()
            with next_page(page_):
                page_.get_by_role("link", name="Bearbeiten").click()
            keep_picture(page_, "quelle-bearbeiten-desktop")
            assert accessibility_problems(page_) == []
            page_.get_by_label(re.compile("Angehalten")).check()
            with next_page(page_):
                page_.get_by_role("button", name="Speichern").click()
            assert page_.url.endswith("/quellen/werrawelle")
            assert "paused: true" in world.settings.feeds_file.read_text()

            page_.goto(f"{address}/themen/neu")
            page_.get_by_label("Name").fill("Löhne")
            page_.get_by_label("Eines davon genügt").press_sequentially(
                "Löhne"
            )
            expect(page_.locator("[data-found]")).to_contain_text(
                "1 Artikel in 30 Tagen"
            )
            page_.get_by_role("checkbox", name="anna").check()
            with next_page(page_):
                page_.get_by_role("button", name="Speichern").click()
            assert page_.url.endswith("/themen/loehne")
            daemon.until(lambda: daemon.said("topics=1"), seconds=120)
        assert world.mails() == []
        feed(site, "/rss", NEW, OLD)
        daemon.until(lambda: bool(world.mails()), seconds=120)
        assert ["Radweg" in mail["Subject"] for mail in world.mails()] == [
            True
        ]
        assert daemon.end() < ENDS_WITHIN
        assert "Traceback" not in daemon.log.read_text(encoding="utf-8")
        assert [
            mail["Subject"]
            for mail in world.mails()
            if "tagt" in mail["Subject"]
        ] == []
    finally:
        if daemon.process.poll() is None:
            daemon.kill()
