"""Who may do what with press reviews: readers read, editors choose and issue,
programs by their tokens.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator

import pytest

from monitor.extract.pool import ExtractPool
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom
from tests.ui.web.test_login import HOST, PUBLIC, Browser, add, csrf_of, token

RAT = "Löhner Rat beschließt Haushalt für das kommende Jahr"


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    """A page with login, and one account for each role."""
    world = World(tmp_path_factory.mktemp("office"), pool.extract)
    with filled_newsroom(
        world, public_url=PUBLIC, trusted_proxies=("127.0.0.1",)
    ) as room:
        for role in ("reader", "editor"):
            add(room, role, role)  # type: ignore[arg-type]
        yield room


def visitor(office: Newsroom, name: str) -> Browser:
    browser = Browser(office)
    browser.log_in(name)
    return browser


def new_draft(office: Newsroom) -> str:
    """The path of a draft with one story, begun by the editor."""
    editor = visitor(office, "editor")
    found = re.search(
        r'name="article" value="(\d+)"', editor.get("/suche?q=haushalt").text
    )
    assert found
    form = {"article": found[1], "csrf": csrf_of(editor.get("/pressespiegel"))}
    return editor.ask("POST", "/pressespiegel/aufnehmen", form).headers[
        "Location"
    ]


def test_an_editor_chooses_and_a_reader_reads(office: Newsroom) -> None:
    path = new_draft(office)
    assert 'class="draft"' in visitor(office, "editor").get(path).text
    reader = visitor(office, "reader")
    page = reader.get(path)
    assert page.status == 200
    assert RAT in page.text
    assert 'class="draft"' not in page.text
    assert reader.get(f"{path}.pdf").body.startswith(b"%PDF")
    assert 'name="article"' not in reader.get("/suche?q=haushalt").text
    assert "Neuer Entwurf" not in reader.get("/pressespiegel").text


@pytest.mark.parametrize(
    "path",
    [
        "/pressespiegel",
        "/pressespiegel/aufnehmen",
        "/pressespiegel/{number}",
        "/pressespiegel/{number}/entfernen",
        "/pressespiegel/ausgaben/1/senden",
    ],
)
def test_a_reader_changes_nothing(office: Newsroom, path: str) -> None:
    number = new_draft(office).rpartition("/")[2]
    reader = visitor(office, "reader")
    form = {
        "csrf": csrf_of(reader.get("/suche")),
        "title": "x",
        "day": "2025-06-02",
    }
    answer = reader.ask(
        "POST", path.format(number=number), form | {"revision": "1"}
    )
    assert answer.status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/pressespiegel",
        "/pressespiegel/1",
        "/pressespiegel/1.pdf",
        "/pressespiegel/ausgaben/1.pdf",
    ],
)
def test_a_stranger_is_sent_to_the_login(office: Newsroom, path: str) -> None:
    answer = Browser(office).get(path)
    assert (answer.status, b"PDF" in answer.body) == (303, False)


def test_programs_issue_with_an_editors_token(office: Newsroom) -> None:
    number = new_draft(office).rpartition("/")[2]
    read_only = token(office, "leser")
    writing = token(office, "skript", role="editor")
    assert issue(office, number, read_only).status == 403
    made = [issue(office, number, writing) for _ in range(2)]
    assert made[0].status == 200
    assert made[0].json() == made[1].json()
    listed = call(office, "GET", "/api/v1/press-reviews", read_only).json()
    issued = made[0].json()["issue"]
    assert issued in listed["issues"]
    assert int(number) in [draft["number"] for draft in listed["drafts"]]
    path = (
        f"/api/v1/press-reviews/issues/{issued['number']}?files=pdf&files=docx"
    )
    one = call(office, "GET", path, read_only).json()
    assert [story["title"] for story in one["stories"]] == [RAT]
    files = {each["format"]: each for each in one["files"]}
    assert files["html"]["base64"] is None
    body = base64.b64decode(files["pdf"]["base64"])
    assert hashlib.sha256(body).hexdigest() == files["pdf"]["sha256"]
    assert len(body) == files["pdf"]["size"]
    assert issue(office, "999", writing).status == 404


def issue(office: Newsroom, number: str, key: str) -> Answer:
    return call(office, "POST", f"/api/v1/press-reviews/{number}/issue", key)


def call(office: Newsroom, method: str, path: str, key: str) -> Answer:
    headers = HOST | {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
    }
    return office.ask(
        method, path, b"{}" if method == "POST" else b"", headers
    )
