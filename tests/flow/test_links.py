"""Mails lead to the page, to Kibana where it can see the articles, else to the
command line.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.flow.upkeep.index_rebuild import choose_engine
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import match_query
from tests.flow.world import Item, World, body, changed, feeds_yaml, page, rss
from tests.services.web import Answer, Site

WAR = Item("krieg", "Neue Gespräche über die Ukraine")
LATER = Item("rede", "Rede zur Lage in der Ukraine")
KIBANA = {"kibana_url": "https://kibana.example.org", "kibana_space": "presse"}


def mail(world: World, site: Site) -> str:
    site.put(
        "/rss",
        Answer(
            rss(site.url("/"), WAR).encode(),
            content_type="application/rss+xml",
        ),
    )
    site.put("/krieg", page(WAR.title))
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    with world.life() as life:
        life.one_pass()
    return body(world.mails()[0])


def test_with_elasticsearch_a_mail_opens_discover(
    world: World, site: Site
) -> None:
    settings = KIBANA | {
        "index": "elasticsearch",
        "elasticsearch_urls": ("http://127.0.0.1:1",),
    }
    # stands in: mails need no search
    index = EmbeddedIndex(
        world.folder / "index",
        writer=True,
        verify=match_query,
    )
    text = mail(
        changed(world, settings_changed=settings, index=index), site
    ).replace("=\n", "")
    assert "https://kibana.example.org/s/presse/app/discover#/" in text
    assert "presse-monitor-articles" in text


@pytest.mark.slow
def test_a_running_daemon_notices_another_engine(
    world: World, site: Site
) -> None:
    index = EmbeddedIndex(
        world.folder / "index", writer=True, verify=match_query
    )
    changed_world = changed(world, settings_changed=KIBANA, index=index)
    said = []
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    site.put("/krieg", page(WAR.title))
    site.put("/rede", page(LATER.title))
    with changed_world.life() as life:
        for items, engine in (
            ((WAR,), "embedded"),
            ((LATER, WAR), "elasticsearch"),
        ):
            with life.database.write() as connection:
                choose_engine(connection, engine, now=world.clock.now())
            site.put(
                "/rss",
                Answer(
                    rss(site.url("/"), *items).encode(),
                    content_type="application/rss+xml",
                ),
            )
            life.one_pass(after=timedelta(minutes=11))
            # what was found is collected for a while
            life.one_pass(after=timedelta(hours=1))
            said.append(
                "app/discover" in body(world.mails()[-1]).replace("=\n", "")
            )
    assert said == [False, True]


def test_where_people_log_in_a_mail_leads_to_the_page(
    world: World, site: Site
) -> None:
    page_at = {
        "public_url": "https://presse.example.org/monitor",
        "login_header": "X-User",
    }
    page_at |= {"trusted_proxies": ("127.0.0.1",)}
    text = mail(
        changed(world, settings_changed=KIBANA | page_at), site
    ).replace("=\n", "")
    assert (
        "https://presse.example.org/monitor/suche?topic=ukraine&since=2025-06-0"
        in text
    )
    assert (
        "Im Browser ansehen: https://presse.example.org/monitor/artikel/1"
        in text
    )


def test_a_page_for_this_machine_needs_no_account(
    world: World, site: Site
) -> None:
    page_at = {"public_url": "http://localhost:8765"}
    text = mail(changed(world, settings_changed=page_at), site).replace(
        "=\n", ""
    )
    assert "Im Browser ansehen: http://localhost:8765/artikel/1" in text


def test_without_an_account_it_does_not(world: World, site: Site) -> None:
    page_at = {"public_url": "https://presse.example.org/monitor"}
    text = mail(changed(world, settings_changed=page_at), site).replace(
        "=\n", ""
    )
    assert "/suche?" not in text
    assert "/artikel/" not in text


def test_without_it_a_mail_names_the_command(world: World, site: Site) -> None:
    text = mail(changed(world, settings_changed=KIBANA), site)
    assert "kibana.example.org" not in text
    assert "monitor search --topic ukraine" in text
