"""Logging in over a real server: sessions, throttle, forms, a proxy's header,
tokens of programs.
"""

from __future__ import annotations

import itertools
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from monitor.access.passwords import hash_password
from monitor.access.secret_keys import key_hash, make_token
from monitor.extract.pool import ExtractPool
from monitor.store.accounts import api_tokens, login_sessions, users
from monitor.types.accounts import Role
from monitor.ui.web.server import serving
from monitor.ui.web.web_kit import WebKit
from tests.flow.world import World
from tests.ui.web.newsroom import (
    LOOPBACK,
    Answer,
    Newsroom,
    application,
    open_newsroom,
)

PUBLIC = "https://presse.example.org"
HOST = {"Host": "presse.example.org"}
COOKIE = "__Host-monitor"
PASSWORD = "Vier zufällige Wörter genügen"
HASH = hash_password(PASSWORD)
EVIL = "<script>alert(1)</script> \u202egnp.exe Haushalt"
PAGES = (
    "/",
    "/suche",
    "/suche?q=haushalt",
    "/hilfe",
    "/nirgends",
    "/static/../suche",
)
FOR_PROGRAMS = ("/suche.csv", "/suche.json", "/suche.atom", "/api/v1/search")
addresses = (f"198.51.100.{n}" for n in itertools.count(1))


@dataclass
class Browser:
    """Keeps cookies as a browser does, behind a proxy that names the visitor's
    address.
    """

    room: Newsroom
    address: str = field(default_factory=lambda: next(addresses))
    cookies: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def ask(
        self, method: str, path: str, form: Mapping[str, str] = {}, **more: str
    ) -> Answer:
        headers = HOST | {"X-Forwarded-For": self.address}
        headers |= {
            name.replace("_", "-"): value for name, value in more.items()
        }
        if self.cookies:
            headers["Cookie"] = "; ".join(
                f"{k}={v}" for k, v in self.cookies.items()
            )
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.room.ask(method, path, urlencode(form).encode(), headers)
        self.said = answer.headers.get("Set-Cookie", "")
        for name, value in re.findall(
            r"(?:^|, )([\w-]+)=([^;,]*);", self.said
        ):
            if name not in ("Path", "Expires"):
                self.cookies[name] = value
        return answer

    def get(self, path: str, **more: str) -> Answer:
        return self.ask("GET", path, **more)

    def log_in(
        self, name: str, password: str = PASSWORD, **form: str
    ) -> Answer:
        token = csrf_of(self.get("/anmelden"))
        sent = {"name": name, "password": password, "csrf": token} | form
        return self.ask("POST", "/anmelden", sent)

    @property
    def key(self) -> str:
        return self.cookies.get(COOKIE, "")


def csrf_of(answer: Answer) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    """A page behind a proxy on loopback, with one account for each role and
    one hostile title.
    """
    world = World(tmp_path_factory.mktemp("office"), pool.extract)
    of = {
        "public_url": PUBLIC,
        "trusted_proxies": ("127.0.0.1",),
        "login_header": "X-Forwarded-User",
    }
    with open_newsroom(world, **of) as room:
        for role in ("reader", "editor", "admin"):
            add(room, role, role)  # type: ignore[arg-type]
        room.add(
            "weserbote",
            EVIL,
            "Ein Haushalt \u2066und\u2069 <img src=x onerror=alert(2)>.",
        )
        room.read()
        yield room


def add(
    room: Newsroom, name: str, role: Role = "reader", password_hash: str = HASH
) -> str:
    now = room.life.world.clock.now()
    with room.life.database.write() as connection:
        users.add_account(
            connection, name, role=role, password_hash=password_hash, now=now
        )
    return name


def token(
    room: Newsroom,
    name: str,
    *,
    role: Role = "reader",
    days: int | None = None,
) -> str:
    made, now = make_token(), room.life.world.clock.now()
    end = now + timedelta(days=days) if days else None
    with room.life.database.write() as connection:
        assert api_tokens.add_token(
            connection,
            name,
            token_hash=key_hash(made),
            role=role,
            expires_at=end,
            now=now,
        )
    return made


def shows_nothing(answer: Answer) -> bool:
    return (
        "Haushalt" not in answer.text
        and "weserbote" not in answer.text.lower()
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_login(office: Newsroom, path: str) -> None:
    answer = Browser(office).get(path)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/anmelden")
    assert shows_nothing(answer)


@pytest.mark.parametrize("path", FOR_PROGRAMS)
def test_a_program_without_token_is_told_so(
    office: Newsroom, path: str
) -> None:
    answer = Browser(office).get(path)
    assert answer.status == 401
    lower = {name.lower(): value for name, value in answer.headers.items()}
    assert lower["www-authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert shows_nothing(answer)


def test_a_session_from_login_to_logout(office: Newsroom) -> None:
    visitor = Browser(office)
    sent_on = visitor.get("/suche?q=haushalt&span=24h").headers["Location"]
    onward = "/suche?q=haushalt&span=24h"
    assert visitor.get(sent_on).status == 200
    answer = visitor.log_in("Reader", weiter=onward)
    assert (answer.status, answer.headers["Location"]) == (303, onward)
    for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert flag in visitor.said
    page = visitor.get(onward)
    assert page.status == 200
    assert "reader" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    key = visitor.key
    left = visitor.ask("POST", "/abmelden", {"csrf": csrf_of(page)})
    assert left.status == 303
    assert visitor.key == ""
    visitor.cookies[COOKIE] = key  # somebody kept it
    assert visitor.get("/").status == 303


def test_the_key_is_stored_nowhere(office: Newsroom) -> None:
    visitor = Browser(office)
    visitor.log_in("reader")
    with office.life.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT * FROM sessions, accounts"
        ).all()
    assert rows
    assert visitor.key not in str(rows)
    assert PASSWORD not in str(rows)


def test_a_login_changes_the_key(office: Newsroom) -> None:
    """Session fixation: a key that was there before the login is worth nothing
    after it.
    """
    planted = Browser(office, cookies={COOKIE: "planted-by-somebody-else"})
    planted.log_in("reader")
    assert planted.key != "planted-by-somebody-else"
    first = planted.key
    csrf = csrf_of(planted.get("/"))
    again = {"name": "reader", "password": PASSWORD, "csrf": csrf}
    assert planted.ask("POST", "/anmelden", again).status == 303
    assert planted.key != first
    for old in (first, "planted-by-somebody-else", "", "x" * 5_000, "\xe4"):
        assert Browser(office, cookies={COOKIE: old}).get("/suche").status in (
            303,
            400,
        )


@pytest.mark.parametrize(
    ("every", "last"),
    [(timedelta(hours=25), 1), (timedelta(hours=20), 8)],
    ids=["idle", "whole"],
)
def test_a_session_ends_by_itself(
    office: Newsroom, every: timedelta, last: int
) -> None:
    visitor, clock = Browser(office), office.life.world.clock
    visitor.log_in("reader")
    assert visitor.get("/suche").status == 200
    for _ in range(last):
        clock.advance(every)
        answer = visitor.get("/suche").status
    assert answer == (303 if last == 1 else 200)
    clock.advance(timedelta(hours=20))
    assert visitor.get("/suche").status == 303


def test_another_password_and_a_removal_end_all_sessions(
    office: Newsroom,
) -> None:
    visitor = Browser(office)
    visitor.log_in(add(office, "geht"))
    with office.life.database.write() as connection:
        users.set_password(connection, "geht", HASH)
    assert visitor.get("/suche").status == 303
    visitor.log_in("geht")
    assert visitor.get("/suche").status == 200
    with office.life.database.write() as connection:
        users.remove_account(connection, "geht")
    assert visitor.get("/suche").status == 303
    assert visitor.log_in("geht").status == 422


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "evil.test",
        "/\u202eevil",
        "",
    ],
)
def test_a_login_leads_nowhere_else(office: Newsroom, onward: str) -> None:
    visitor = Browser(office)
    answer = visitor.log_in("reader", weiter=onward)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "a=b" not in str(answer.headers)
    again = Browser(office).get("/anmelden?" + urlencode({"weiter": onward}))
    assert 'name="weiter"' not in again.text


@pytest.mark.parametrize(
    ("onward", "expected"),
    [
        ("/themen/löhne?x=1", "/themen/l%C3%B6hne?x=1"),
        ("/suche?q=https://evil.test/", "/suche?q=https://evil.test/"),
    ],
)
def test_a_login_leads_on(
    office: Newsroom, onward: str, expected: str
) -> None:
    answer = Browser(office).log_in("reader", weiter=onward)
    assert (answer.status, answer.headers["Location"]) == (303, expected)


def refusal(answer: Answer) -> str:
    """The page without what is random in each, and without the name as it was
    typed.
    """
    plain = re.sub(r'name="csrf" value="[^"]+"', "", answer.text)
    return re.sub(r'(name="name" type="text") value="[^"]*"', r"\1", plain)


def test_unknown_names_and_wrong_passwords_get_the_same_answer(
    office: Newsroom,
) -> None:
    add(office, "per-proxy", password_hash="")
    attempts = [
        ("reader", "falsch"),
        ("niemand", "falsch"),
        ("per-proxy", ""),
        ("per-proxy", PASSWORD),
        ("reader", PASSWORD + "x" * 2_000),
        ("reader", ""),
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("<script>alert(1)</script>", "x"),
        ("reader\x00", PASSWORD),
        ("reader\r\nadmin", PASSWORD),
    ]
    answers = {
        refusal(Browser(office).log_in(*attempt)) for attempt in attempts
    }
    assert len(answers) == 1
    assert "Name und Passwort passen nicht zusammen" in answers.pop()


@pytest.mark.slow
def test_an_unknown_name_takes_as_long_as_a_known_one(
    office: Newsroom,
) -> None:
    """Medians of turns taken in pairs. Without the decoy the one is a tenth of
    the other.
    """

    def seconds(name: str) -> float:
        visitor = Browser(office)
        csrf = csrf_of(visitor.get("/anmelden"))
        began = time.perf_counter()
        sent = {"name": name, "password": "geraten und falsch", "csrf": csrf}
        assert visitor.ask("POST", "/anmelden", sent).status == 422
        return time.perf_counter() - began

    pairs = [
        (seconds(add(office, f"da-{n}")), seconds(f"weg-{n}"))
        for n in range(15)
    ]
    known, unknown = (
        statistics.median(each) for each in zip(*pairs, strict=True)
    )
    assert 0.6 < known / unknown < 1.6


@pytest.mark.slow
def test_guessing_one_account_slows_down_from_all_addresses(
    office: Newsroom,
) -> None:
    name, clock = add(office, "ziel"), office.life.world.clock
    answers = [Browser(office).log_in(name, f"geraten {n}") for n in range(8)]
    assert [answer.status for answer in answers] == [422] * 5 + [429] * 3
    assert int(answers[-1].headers["Retry-After"]) <= 5
    assert Browser(office).log_in(name).status == 429, (
        "not even the right one is tried"
    )
    assert Browser(office).log_in("reader").status == 303
    clock.advance(timedelta(seconds=6))
    assert Browser(office).log_in(name, "geraten").status == 422
    clock.advance(timedelta(seconds=6))
    assert Browser(office).log_in(name).status == 429, "the wait has doubled"
    clock.advance(timedelta(seconds=6))
    assert Browser(office).log_in(name).status == 303
    assert Browser(office).log_in(name, "falsch").status == 422, (
        "a success begins anew"
    )


def test_an_unknown_name_is_throttled_like_a_known_one(
    office: Newsroom,
) -> None:
    answers = [
        Browser(office).log_in("gibt-es-nicht", f"geraten {n}")
        for n in range(8)
    ]
    assert [answer.status for answer in answers] == [422] * 5 + [429] * 3


@pytest.mark.slow
def test_trying_many_names_slows_down_from_one_address(
    office: Newsroom,
) -> None:
    address = "203.0.113.7"
    for n in range(20):
        assert (
            Browser(office, address).log_in(f"name-{n}", "Sommer2026!").status
            == 422
        )
    assert Browser(office, address).log_in("reader").status == 429
    # what a visitor writes stands before what the proxy adds
    forged = f"10.9.8.7, {address}"
    assert Browser(office, forged).log_in("reader").status == 429
    assert Browser(office, "203.0.113.8").log_in("reader").status == 303


@pytest.mark.slow
def test_own_logins_do_not_pay_for_guessing_others(office: Newsroom) -> None:
    address = "203.0.113.9"
    statuses = []
    for n in range(22):
        statuses.append(
            Browser(office, address).log_in(f"opfer-{n}", "geraten").status
        )
        Browser(office, address).log_in("reader")
    assert statuses[-1] == 429


def test_many_attempts_at_once_do_not_pass_together(office: Newsroom) -> None:
    name = add(office, "gleichzeitig")
    with ThreadPoolExecutor(12) as pool:
        tried = pool.map(
            lambda n: Browser(office).log_in(name, f"geraten {n}").status,
            range(24),
        )
    assert sorted(tried) == [422] * 5 + [429] * 19


def test_a_login_needs_our_own_form(office: Newsroom) -> None:
    visitor = Browser(office)
    csrf = csrf_of(visitor.get("/anmelden"))
    good = {"name": "reader", "password": PASSWORD, "csrf": csrf}
    for headers in (
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "https://presse.example.org.evil.test"},
        {"Origin": "https://[evil"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ):
        assert visitor.ask("POST", "/anmelden", good, **headers).status == 403
    for wrong in ("", "x", csrf[:-1], csrf + "A", csrf[::-1], "ä" * 80):
        assert (
            visitor.ask("POST", "/anmelden", good | {"csrf": wrong}).status
            == 403
        )
    assert Browser(office).ask("POST", "/anmelden", good).status == 403, (
        "of another browser"
    )
    assert visitor.ask("POST", "/anmelden", good, Origin=PUBLIC).status == 303


def test_a_form_belongs_to_one_session(office: Newsroom) -> None:
    anna, bert = Browser(office), Browser(office)
    anna.log_in("reader")
    bert.log_in("editor")
    of_anna = csrf_of(anna.get("/"))
    form = {"language": "en", "csrf": of_anna}
    assert bert.ask("POST", "/sprache", form).status == 403
    assert Browser(office).ask("POST", "/sprache", form).status == 401
    assert anna.ask("POST", "/sprache", form, Origin=PUBLIC).status == 303
    again = Browser(office)
    again.log_in("reader")
    assert again.ask("POST", "/sprache", form).status == 403, (
        "of an older session"
    )
    assert csrf_of(anna.get("/")) != of_anna, "new each time (BREACH)"


def test_forms_and_sessions_outlive_a_restart(office: Newsroom) -> None:
    visitor = Browser(office)
    visitor.log_in("reader")
    form = {"language": "en", "csrf": csrf_of(visitor.get("/"))}
    life = office.life
    parts = WebKit(
        database=life.database,
        index=life.index,
        clock=life.world.clock,
        timezone="Europe/Berlin",
        language="de",
        public_url=PUBLIC,
    )
    with serving(application(parts), LOOPBACK) as (_, port):
        visitor.room = Newsroom(life, port)
        assert visitor.ask("POST", "/sprache", form).status == 303


def test_a_trusted_proxy_names_who_asks(office: Newsroom) -> None:
    def asked(name: str) -> Answer:
        return Browser(office).get("/suche", X_Forwarded_User=name)

    assert "Abmelden" not in asked("reader").text
    assert "admin" in asked("Admin").text
    # the proxy says who may come
    assert "neu@example.org" in asked("neu@example.org").text
    for none in ("", "admin, reader", "a\tb", "<script>", "x" * 200, "-"):
        assert asked(none).status == 303
    csrf = csrf_of(asked("reader"))
    form = {"language": "en", "csrf": csrf}
    for name, status in (("reader", 303), ("admin", 403)):
        sent = Browser(office).ask(
            "POST", "/sprache", form, X_Forwarded_User=name
        )
        assert sent.status == status


@pytest.mark.parametrize(
    "of",
    [
        {
            "login_header": "X-Forwarded-User",
            "trusted_proxies": ("10.0.0.0/8", "::1"),
        },
        {"trusted_proxies": ("127.0.0.1",)},
    ],
    ids=["from another address", "no header is named"],
)
def test_nobody_else_names_who_asks(
    office: Newsroom, of: dict[str, object]
) -> None:
    life = office.life
    parts = WebKit(
        database=life.database,
        index=life.index,
        clock=life.world.clock,
        timezone="Europe/Berlin",
        language="de",
        public_url=PUBLIC,
        **of,  # type: ignore[arg-type]
    )
    with serving(application(parts), LOOPBACK) as (_, port):
        visitor = Browser(Newsroom(life, port))
        for header in ("X_Forwarded_User", "Remote_User", "X_Remote_User"):
            assert visitor.get("/suche", **{header: "admin"}).status == 303


def test_a_token_reads_the_api_and_lists_and_nothing_else(
    office: Newsroom,
) -> None:
    program = Browser(office)
    bearer = f"Bearer {token(office, 'skript')}"
    for path in FOR_PROGRAMS:
        answer = program.get(path, Authorization=bearer)
        assert answer.status == 200
        assert "Haushalt" in answer.text
        assert program.said == ""
    for path in ("/", "/suche", "/hilfe", "/nirgends", "/anmelden"):
        assert program.get(path, Authorization=bearer).status == 403
    for method in ("POST", "PUT", "DELETE"):
        assert (
            program.ask(method, "/api/v1/search", Authorization=bearer).status
            == 405
        )
        for path in ("/sprache", "/abmelden", "/suche.csv"):
            assert (
                program.ask(method, path, Authorization=bearer).status == 403
            )
    assert (
        program.get(
            "/suche.csv", Authorization=bearer, Host="evil.test"
        ).status
        == 421
    )


def test_void_tokens(office: Newsroom) -> None:
    program, clock = Browser(office), office.life.world.clock
    good, brief = token(office, "bleibt"), token(office, "kurz", days=1)
    path = "/api/v1/search"
    wrong = [
        "",
        "x",
        good[:-1],
        good + "A",
        good.upper(),
        good.removeprefix("monitor_"),
        key_hash(good),
        "x" * 5_000,
        "' OR 1=1 --",
        "\xe4",
    ]
    for each in wrong:
        assert program.get(path, Authorization=f"Bearer {each}").status == 401
    for scheme in ("Basic", "Token", "Bearer:", ""):
        assert (
            program.get(path, Authorization=f"{scheme} {good}").status == 401
        )
    for name in ("token", "access_token", "api_key", "authorization"):
        assert program.get(f"{path}?{name}={good}").status == 401, (
            "never in an address"
        )
    assert Browser(office, cookies={COOKIE: good}).get(path).status == 401
    assert program.get(path, Authorization=f"bearer {brief}").status == 200
    clock.advance(timedelta(days=1, seconds=1))
    assert program.get(path, Authorization=f"Bearer {brief}").status == 401
    assert program.get(path, Authorization=f"Bearer {good}").status == 200
    with office.life.database.write() as connection:
        used = {
            line.name: line.last_used_at
            for line in api_tokens.list_tokens(connection)
        }
        assert api_tokens.remove_token(connection, "bleibt")
    assert used["bleibt"] == clock.now()
    assert program.get(path, Authorization=f"Bearer {good}").status == 401


def test_a_void_token_goes_before_a_good_session(office: Newsroom) -> None:
    visitor = Browser(office)
    visitor.log_in("admin")
    assert visitor.get("/api/v1/search").status == 200
    assert (
        visitor.get("/api/v1/search", Authorization="Bearer x").status == 401
    )


@pytest.mark.parametrize(
    "host", ["evil.test", "presse.example.org.evil.test", "203.0.113.1", ""]
)
def test_a_foreign_host_gets_nothing_with_any_session(
    office: Newsroom, host: str
) -> None:
    visitor = Browser(office)
    visitor.log_in("admin")
    for path in ("/suche", "/anmelden", "/api/v1/search", "/nirgends"):
        answer = visitor.get(path, Host=host, X_Forwarded_Host=HOST["Host"])
        assert answer.status in (400, 421)
        assert shows_nothing(answer)
        assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.test/suche",
        "/assets/../suche",
        "/assets/%2e%2e/suche",
        "/anmelden/../suche",
        "/%61nmelden/..%2fsuche",
        "/pause/../suche",
        "/suche%00",
        "/SUCHE",
        "/api/../suche",
        "/health/../suche",
        "/suche;/assets/monitor.css",
    ],
)
def test_no_spelling_of_a_path_goes_round_the_login(
    office: Newsroom, path: str
) -> None:
    answer = Browser(office).get(path)
    assert answer.status in (303, 400, 401, 403, 404)
    assert shows_nothing(answer)
    assert (
        "evil.test" not in answer.headers.get("Location", "").partition("?")[0]
    )


def test_words_of_strangers_stay_words(office: Newsroom) -> None:
    visitor = Browser(office)
    visitor.log_in("reader")
    for path in ("/suche?q=haushalt", "/suche.atom"):
        text = visitor.get(path).text
        assert "gnp.exe" in text, path
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        hidden = re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert hidden is None, ascii(
            text[hidden.start() - 200 : hidden.end() + 90]
        )


@pytest.mark.parametrize(
    "path", ["/anmelden", "/suche", "/nirgends", "/suche.csv"]
)
def test_what_is_behind_the_login_is_kept_and_framed_by_nobody(
    office: Newsroom, path: str
) -> None:
    visitor = Browser(office)
    visitor.log_in("reader")
    for who in (visitor, Browser(office)):
        answer = who.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert (
            "frame-ancestors 'none'"
            in answer.headers["Content-Security-Policy"]
        )


def test_ended_sessions_are_forgotten(office: Newsroom) -> None:
    now, database = office.life.world.clock.now(), office.life.database
    with database.write() as connection:
        found = users.find_account(connection, "reader")
        assert found
        long_ago = now - timedelta(days=30)
        login_sessions.add_session(
            connection, "alt", account_id=found.id, now=long_ago
        )
    Browser(office).log_in("reader")
    with database.read() as connection:
        left = connection.exec_driver_sql(
            "SELECT count(*) FROM sessions WHERE key_hash = 'alt'"
        )
        assert left.scalar_one() == 0


def navigation(visitor: Browser, path: str = "/") -> list[str]:
    found = re.search(r"<nav .*?</nav>", visitor.get(path).text, re.DOTALL)
    assert found
    return re.findall(r'href="([^"]+)"', found[0])


@pytest.mark.parametrize("role", ["reader", "editor", "admin"])
def test_the_navigation_has_what_its_reader_may_open(
    office: Newsroom, role: str
) -> None:
    visitor = Browser(office)
    visitor.log_in(role)
    links = navigation(visitor)
    assert {"/", "/suche", "/themen", "/hilfe"} <= set(links)
    assert [visitor.get(link).status for link in links] == [200] * len(links)
    for admins in ("/quellen", "/zustellungen"):
        assert (admins in links) is (role == "admin")
        assert (visitor.get(admins).status == 200) is (role == "admin")


@pytest.mark.parametrize(
    "path", ["/neu.json?made=0", "/neu/suche.json?made=0&q=haushalt"]
)
def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    office: Newsroom, path: str
) -> None:
    visitor, clock = Browser(office), office.life.world.clock
    visitor.log_in("reader")
    for _ in range(23):
        clock.advance(timedelta(hours=1))
        assert visitor.get(path).status == 200
    clock.advance(timedelta(hours=2))
    assert visitor.get(path).status != 200
    assert visitor.get("/suche").status == 303


def test_reading_keeps_a_session_alive(office: Newsroom) -> None:
    visitor, clock = Browser(office), office.life.world.clock
    visitor.log_in("reader")
    for _ in range(3):
        clock.advance(timedelta(hours=23))
        assert visitor.get("/suche").status == 200


@pytest.mark.parametrize(
    "added",
    ["\r\nX-Evil: 1", "\nX-Evil: 1", "\rX-Evil: 1", "\r\n\r\n<b>", "\0"],
)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/suche", "q"),
        ("/suche.csv", "q"),
        ("/suche.atom", "topic"),
        ("/suche", "after"),
        ("/themen/haushalt", "beside"),
        ("/anmelden", "next"),
        ("/api/v1/search", "q"),
    ],
)
def test_no_address_adds_a_header(
    office: Newsroom, path: str, name: str, added: str
) -> None:
    """OWASP, HTTP response splitting: as a stranger, who is sent on, and as a
    reader.
    """
    reader = Browser(office)
    reader.log_in("reader")
    for who in (Browser(office), reader):
        answer = who.get(f"{path}?{urlencode({name: 'a' + added})}")
        assert answer.status in (200, 303, 400, 401)
        assert "X-Evil" not in answer.headers
        assert not any(
            set("\r\n\0") & set(value) for value in answer.headers.values()
        )
        is_json = answer.headers["Content-Type"].startswith("application/json")
        assert is_json or "<b>" not in answer.text
