"""Who may open the page: hosts, proxies, forms; and what every answer says to
browsers.
"""

from __future__ import annotations

import re

import pytest

from monitor.access.loopback import is_loopback, needs_no_login
from monitor.ui.web.hosts import allowed_hosts, host_of
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, open_newsroom

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("listen", "public", "expected"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("localhost", "", True),
        ("127.8.8.8", "", True),
        ("0.0.0.0", "", False),
        ("192.168.1.5", "", False),
        ("presse.local", "", False),
        ("127.0.0.1", "https://presse.example.org/monitor", False),
        ("127.0.0.1", "http://localhost:8765", True),
        ("0.0.0.0", "http://localhost:8765", False),
        ("localhost.evil.test", "", False),
    ],
)
def test_where_no_login_is_needed(
    listen: str, public: str, expected: bool
) -> None:
    assert needs_no_login((listen, 8765), public) is expected


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:8765", "localhost"),
        ("LOCALHOST", "localhost"),
        ("[::1]:8765", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("evil.test", "evil.test"),
        ("localhost@evil.test", "evil.test"),
        ("localhost/evil", "localhost"),
        ("[::1", ""),
        ("", ""),
    ],
)
def test_the_name_in_a_host_header(header: str, name: str) -> None:
    assert host_of(header) == name


def test_only_own_names_are_allowed() -> None:
    own = {"localhost", "127.0.0.1", "::1"}
    assert allowed_hosts(("127.0.0.1", 1), "") == own
    assert allowed_hosts(("10.0.0.5", 1), "https://presse.example.org") == {
        "10.0.0.5",
        "presse.example.org",
    }
    assert not is_loopback("1.2.3.4")


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test:80", "127.0.0.1.evil.test", ""]
)
def test_a_foreign_host_is_refused(newsroom: Newsroom, host: str) -> None:
    for path in ("/", "/suche", "/api/v1/search", "/nirgends"):
        answer = newsroom.get(path, Host=host)
        assert answer.status in (400, 421)
        assert "evil" not in answer.text
        assert "Haushalt" not in answer.text


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"]
)
def test_what_a_proxy_passes_on_needs_a_public_address(
    newsroom: Newsroom, header: str
) -> None:
    answer = newsroom.ask("GET", "/suche", headers={header: "203.0.113.5"})
    assert answer.status == 403
    assert "MONITOR_PUBLIC_URL" in answer.text
    assert not answer.hits


@pytest.mark.parametrize(
    "of",
    [
        {"public_url": "https://presse.example.org"},
        {"listen": ("0.0.0.0", 8765)},
        {"listen": ("192.168.0.7", 8765)},
    ],
)
def test_another_address_without_accounts_shows_nothing(
    world: World, of: dict[str, object]
) -> None:
    with open_newsroom(world, **of) as room:
        for path in (
            "/",
            "/suche",
            "/hilfe",
            "/api/v1/search",
            "/api/v1/openapi.json",
        ):
            for host in ("localhost", "presse.example.org", "0.0.0.0"):
                answer = room.get(path, Host=host)
                assert answer.status == 404
                assert not answer.hits
        assert room.ask("POST", "/sprache", b"language=en", FORM).status == 404


def token_of(newsroom: Newsroom) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', newsroom.get("/").text)
    assert found
    return found[1]


def send(newsroom: Newsroom, token: str, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    body = f"language=en&csrf={token}".encode()
    return newsroom.ask("POST", "/sprache", body, FORM | sent).status


def test_a_form_must_come_from_our_own_page(newsroom: Newsroom) -> None:
    token, own = token_of(newsroom), newsroom.address
    assert send(newsroom, token) == 303
    assert (
        send(newsroom, token, Origin=own, Sec_Fetch_Site="same-origin") == 303
    )
    for wrong in ("", "x", token[:-1], token + "A", "A" + token[1:]):
        assert send(newsroom, wrong) == 403
    assert send(newsroom, token, Origin="http://evil.test") == 403
    assert send(newsroom, token, Origin="null") == 403
    assert send(newsroom, token, Sec_Fetch_Site="cross-site") == 403
    assert send(newsroom, token, Sec_Fetch_Site="same-site") == 403


def test_a_token_of_another_start_is_void(
    newsroom: Newsroom, world: World
) -> None:
    with open_newsroom(world) as other:
        assert send(other, token_of(newsroom)) == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/suche?q=x",
        "/suche?sort=x",
        "/nix",
        "/suche.csv",
        "/api/v1/search",
    ],
)
def test_every_answer_keeps_browsers_strict(
    newsroom: Newsroom, path: str
) -> None:
    answer = newsroom.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


def test_the_language_cookie_holds_nothing_else(newsroom: Newsroom) -> None:
    body = f"language=<b>&csrf={token_of(newsroom)}".encode()
    assert (
        "Set-Cookie"
        not in newsroom.ask("POST", "/sprache", body, FORM).headers
    )
    body = f"language=en&csrf={token_of(newsroom)}".encode()
    cookie = newsroom.ask("POST", "/sprache", body, FORM).headers["Set-Cookie"]
    assert cookie.startswith("language=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
