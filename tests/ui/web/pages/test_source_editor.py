"""/quellen/neu and /quellen/ID/bearbeiten over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import urlencode

import pytest

from monitor.flow.ingest.retrieve import Gatherer
from monitor.flow.requests.feed_finder import Candidate, find_candidates
from tests.fakes import DictHttp
from tests.flow.world import Item, World, rss
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NEW, ONE = "/quellen/neu", "/quellen/weserbote/bearbeiten"
HOME = """<html><head><title>Werrawelle</title>
<link rel="alternate" type="application/rss+xml" href="/rss" title="RSS">
<link rel="alternate" type="application/rss+xml" href="/leer" title="leer"></head><body></body></html>"""
OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline text="owl"><outline text="Politik"><outline type="rss" text="Neue Zeitung" xmlUrl="http://neu.test/rss"/></outline></outline>
<outline type="rss" text="Weserbote" xmlUrl="http://weserbote.test/feed"/></body></opml>"""


def site(world: World) -> None:
    http = world.http
    assert isinstance(http, DictHttp)
    http.pages["https://www.werrawelle.test/"] = HOME.encode()
    items = [
        Item(
            f"m{n}",
            f"Meldung {n} aus Herford",
            date="Mon, 02 Jun 2025 05:00:00 +0000",
        )
        for n in range(7)
    ]
    feed = rss("https://www.werrawelle.test/", *items).replace(
        "<title>Test</title>", "<title>Werrawelle - Aktuell</title>"
    )
    http.pages["https://www.werrawelle.test/rss"] = feed.encode()
    http.pages["https://www.werrawelle.test/leer"] = rss(
        "https://www.werrawelle.test/"
    ).encode()


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    def survey(url: str) -> tuple[Candidate, ...]:
        assert world.http is not None
        return tuple(
            find_candidates(
                url, gatherer=Gatherer(http=world.http, clock=world.clock)
            )
        )

    with filled_newsroom(world, survey=survey) as made:
        site(world)
        yield made


def send(
    room: Newsroom, path: str, page: Answer | None = None, **fields: object
) -> Answer:
    opened = page or room.get(path)
    sent = {}
    for name in ("csrf", "seen"):
        found = re.search(rf'name="{name}" value="([^"]*)"', opened.text)
        sent[name] = unescape(found[1]) if found else ""
    return room.ask(
        "POST", path, urlencode(sent | fields, doseq=True).encode(), FORM
    )


def chosen(page: Answer) -> dict[str, str]:
    """What the form of a look proposes."""
    form = page.text.partition('name="chosen"')
    found = {
        name: unescape(value)
        for name, value in re.findall(
            r'name="(title|outlet|region|language)"[^>]* value="([^"]*)"',
            form[2],
        )
    }
    address = re.search(r'name="chosen" value="([^"]*)" checked', page.text)
    assert address
    return found | {"chosen": unescape(address[1])}


def file_of(room: Newsroom) -> str:
    return room.life.world.settings.feeds_file.read_text()


def text(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_source_is_added_by_its_home_page(room: Newsroom) -> None:
    before = file_of(room)
    looked = send(room, NEW, action="look", address="www.werrawelle.test/")
    assert looked.status == 200
    assert "Meldung 3 aus Herford" in looked.text
    assert looked.text.count('class="candidate"') == 1, (
        "empty feeds are not proposed"
    )
    proposed = chosen(looked)
    assert proposed["chosen"] == "https://www.werrawelle.test/rss"
    fields = proposed | {
        "title": "Werrawelle",
        "outlet": "Werrawelle",
        "region": "owl",
    }
    added = send(room, NEW, looked, action="add", **fields)
    assert added.status == 303
    assert file_of(room).startswith(
        before.split("topics:")[0].rstrip().split("\n")[0]
    )
    assert "id: werrawelle" in file_of(room) or "id: 'werrawelle'" in file_of(
        room
    )
    assert room.life.live.reload()
    room.life.one_pass()
    assert "Meldung 3 aus Herford" in [
        article.content.title for article in room.life.articles()
    ]
    assert room.get("/quellen/werrawelle").status == 200
    again = send(
        room, NEW, action="look", address="https://www.werrawelle.test/rss"
    )
    assert "schon eingetragen" in text(again)
    assert again.status == 422


def test_what_was_typed_of_a_new_source_stays(room: Newsroom) -> None:
    looked = send(room, NEW, action="look", address="www.werrawelle.test/")
    typed = chosen(looked) | {"title": "Werra & Welle", "category": "Radio"}
    path = room.life.world.settings.feeds_file
    path.write_text("# von Hand\n" + file_of(room))
    held = send(room, NEW, looked, action="add", **typed)
    assert held.status == 409
    assert "Werra" not in file_of(room)
    for name, value in typed.items():
        assert f'name="{name}"' in held.text
        assert f'value="{escape(value)}"' in held.text
    assert send(room, NEW, held, action="add", **typed).status == 303
    assert "Werra & Welle" in file_of(room)
    again = send(room, NEW, action="add", **typed | {"title": "Werra zwei"})
    assert "schon eingetragen" in text(again)
    assert 'value="Werra zwei"' in again.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"action": "look", "address": ""}, "Eine Adresse fehlt"),
        ({"action": "look", "address": "ftp://x"}, "keine Adresse"),
        (
            {"action": "look", "address": "http://weserbote.test/feed"},
            "schon eingetragen",
        ),
        ({"action": "add", "chosen": ""}, "Eine Adresse fehlt"),
        ({"action": "add", "chosen": "http://x y/"}, "keine Adresse"),
        ({"action": "import"}, "keine OPML-Datei"),
        (
            {"action": "look", "address": "http://nirgends.test/"},
            "kein Feed zu finden",
        ),
    ],
)
def test_what_cannot_be_added_is_said(
    room: Newsroom, fields: dict[str, str], said: str
) -> None:
    before = file_of(room)
    assert said in text(send(room, NEW, **fields))
    assert file_of(room) == before


def upload(room: Newsroom, content: str) -> Answer:
    page = room.get(NEW)
    fields = [("action", "import")]
    fields += [
        (
            name,
            unescape(
                re.findall(rf'name="{name}" value="([^"]*)"', page.text)[-1]
            ),
        )
        for name in ("csrf", "seen")
    ]
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    parts.append(
        f'--x\r\nContent-Disposition: form-data; name="list"; filename="a.opml"\r\n\r\n{content}\r\n--x--\r\n'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return room.ask("POST", NEW, "".join(parts).encode(), kind)


def test_a_list_is_imported(room: Newsroom) -> None:
    assert upload(room, OPML).status == 303
    assert "http://neu.test/rss" in file_of(room)
    assert file_of(room).count("weserbote.test") == 1
    assert "Alles daraus ist schon eingetragen" in text(upload(room, OPML))
    assert "keine OPML-Datei" in text(upload(room, "<html></html>"))


def test_a_source_is_paused_and_goes_on(room: Newsroom) -> None:
    usual = {
        "title": "Weserbote",
        "outlet": "Weserbote",
        "region": "owl",
        "language": "de",
    }
    usual |= {
        "min_interval": "10 min",
        "max_interval": "10 min",
        "priority": "3",
        "category": "",
    }
    assert send(room, ONE, paused="1", **usual).status == 303
    assert "paused: true" in file_of(room)
    assert room.life.live.reload()
    room.add(
        "weserbote", "Nachricht während der Pause", "Niemand fragt danach."
    )
    room.read()
    titles = [article.content.title for article in room.life.articles()]
    assert "Nachricht während der Pause" not in titles
    shown = room.get("/quellen/weserbote")
    assert "angehalten" in shown.text
    assert "angehalten" in room.get("/quellen").text
    assert (
        room.get("/quellen.json?state=paused").json()[0]["source"]
        == "weserbote"
    )
    assert send(room, ONE, **usual).status == 303
    assert "paused" not in file_of(room)
    assert room.life.live.reload()
    room.life.one_pass()
    titles = [article.content.title for article in room.life.articles()]
    assert "Nachricht während der Pause" in titles


def test_bounds_change(room: Newsroom) -> None:
    usual = {
        "title": "Weserbote",
        "outlet": "Weserbote",
        "region": "owl",
        "language": "de",
    }
    changed = {
        "min_interval": "5 min",
        "max_interval": "2 h",
        "priority": "1",
        "category": "",
    }
    assert send(room, ONE, **(usual | changed)).status == 303
    line = next(
        line for line in file_of(room).splitlines() if "weserbote" in line
    )
    assert "min_interval: '5 min'" in line
    assert "max_interval: '2 h'" in line
    assert "priority: 1" in line
    wrong = changed | {"min_interval": "5 h"}
    refused = send(room, ONE, **(usual | wrong))
    assert refused.status == 422
    assert "Das ist mehr als „Mindestens alle“" in text(refused)
    assert "5 h" not in file_of(room)


def test_a_file_that_was_edited_by_hand_is_not_overwritten(
    room: Newsroom,
) -> None:
    page = room.get(ONE)
    path = room.life.world.settings.feeds_file
    path.write_text("# von Hand\n" + file_of(room))
    usual = {
        "title": "Weserbote",
        "outlet": "Weserbote",
        "region": "Weserland",
        "language": "de",
    }
    usual |= {
        "min_interval": "10 min",
        "max_interval": "10 min",
        "priority": "3",
    }
    held = send(room, ONE, page, **usual)
    assert held.status == 409
    assert "Weserland" not in file_of(room)
    assert send(room, ONE, held, **usual).status == 303
    assert "# von Hand" in file_of(room)
    assert "Weserland" in file_of(room)


def test_nobody_looks_where_nobody_may(newsroom: Newsroom) -> None:
    answer = send(
        newsroom, NEW, action="look", address="https://www.werrawelle.test/"
    )
    assert "nicht nachgesehen" in text(answer)
    assert newsroom.get("/quellen/fehlt/bearbeiten").status == 404
    for path in (NEW, ONE):
        assert (
            newsroom.ask(
                "POST", path, b"action=add&chosen=http://x.test/", FORM
            ).status
            == 403
        )
