"""Settings come from variables, a `.env` file and secret files; every mistake
is named with the variable at fault.
"""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config.environment import (
    SECRETS,
    load_settings,
    setting_rows,
    unused_proxies,
)
from monitor.config.settings import Settings
from monitor.errors import ConfigError


def check(env: dict[str, str], **expected: object) -> None:
    settings = load_settings(env)
    assert {name: getattr(settings, name) for name in expected} == expected


def check_refused(env: dict[str, str], *words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(env)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert caught.value.hint


def test_nothing_has_to_be_set() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert settings.database_address.endswith("/data/monitor.sqlite3")
    assert (settings.smtp_port_in_use, settings.sender_address) == (
        587,
        "monitor@example.org",
    )
    assert (
        load_settings(
            {
                "PATH": "/bin",
                "MONITOR_DATA_DIR": " ",
                "MONITOR_REPLAY": "x",
                "MONITOR_TEST_PG": "x",
            }
        )
        == settings
    )


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("DATA_DIR", "/var/lib/monitor", "data_dir", Path("/var/lib/monitor")),
        ("FETCH_MIN_GAP", "500 s", "fetch_min_gap", timedelta(seconds=500)),
        ("EXTRACT_MEMORY", "512 MB", "extract_memory", 512_000_000),
        ("FEED_MAX_SIZE", "2K", "feed_max_size", 2000),
        ("PAGE_MAX_SIZE", "1234", "page_max_size", 1234),
        (
            "ALLOWED_NETWORKS",
            "10.0.0.0/8, intranet.local,::1",
            "allowed_networks",
            ("10.0.0.0/8", "intranet.local", "::1"),
        ),
        (
            "NO_PROXY",
            "localhost, .intern.de,10.0.0.0/8",
            "no_proxy",
            ("localhost", ".intern.de", "10.0.0.0/8"),
        ),
        (
            "ELASTICSEARCH_URLS",
            "http://a:9200,http://b:9200",
            "elasticsearch_urls",
            ("http://a:9200", "http://b:9200"),
        ),
        ("OBEY_RESERVATIONS", "false", "obey_reservations", False),
        ("DAILY_REPORT", "off", "daily_report", None),
        ("DAILY_REPORT", "8:30", "daily_report", time(8, 30)),
        (
            "MAIL_FROM",
            "Anna Ä <Anna@Example.ORG>",
            "mail_from",
            "Anna Ä <Anna@example.org>",
        ),
        ("MAIL_FROM", "<anna@example.org>", "mail_from", "anna@example.org"),
        ("MAIL_FROM", "anna@example.org", "mail_from", "anna@example.org"),
        ("TIMEZONE", "UTC", "timezone", "UTC"),
        (
            "CONTACT",
            "https://example.org/bot",
            "contact",
            "https://example.org/bot",
        ),
        (
            "PUBLIC_URL",
            "https://presse.example/monitor/",
            "public_url",
            "https://presse.example/monitor",
        ),
        (
            "PUBLIC_URL",
            "http://localhost:8765",
            "public_url",
            "http://localhost:8765",
        ),
        ("LISTEN", "0.0.0.0:80", "listen", ("0.0.0.0", 80)),
        ("LISTEN", "[::1]:8765", "listen", ("::1", 8765)),
        ("LISTEN", "off", "listen", None),
    ],
)
def test_read(name: str, value: str, field: str, expected: object) -> None:
    check({f"MONITOR_{name}": value}, **{field: expected})


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"MONITOR_DATADIR": "x"}, ["MONITOR_DATADIR", '"MONITOR_DATA_DIR"']),
        ({"MONITOR_XYZ": "x"}, ["MONITOR_XYZ", "docs/settings.md"]),
        (
            {"MONITOR_HEARTBEAT": "8:00"},
            ["MONITOR_HEARTBEAT", "is called MONITOR_DAILY_REPORT now"],
        ),
        ({"monitor_heartbeat": "off"}, ["is called MONITOR_DAILY_REPORT now"]),
        ({"MONITOR_DATA_DIR_FILE": "x"}, ["only secrets", "MONITOR_DATA_DIR"]),
        (
            {"MONITOR_MAIL_MODE": "smpt"},
            ["MONITOR_MAIL_MODE", '"smpt"', "'smtp'"],
        ),
        (
            {"MONITOR_FETCH_MIN_GAP": "10"},
            ["MONITOR_FETCH_MIN_GAP", "no unit", "10 min"],
        ),
        (
            {"MONITOR_EXTRACT_MEMORY": "viel"},
            ["MONITOR_EXTRACT_MEMORY", "512 MB"],
        ),
        (
            {"MONITOR_SMTP_PORT": "99999"},
            ["MONITOR_SMTP_PORT", "99999", "65535"],
        ),
        ({"MONITOR_TIMEZONE": "MEZ"}, ["MONITOR_TIMEZONE", "Europe/Berlin"]),
        ({"MONITOR_OPERATOR": "anna"}, ["MONITOR_OPERATOR", "anna"]),
        ({"MONITOR_MAIL_FROM": "Anna <anna>"}, ["MONITOR_MAIL_FROM", "anna"]),
        (
            {"MONITOR_ALLOWED_NETWORKS": "10.0.0.0/99"},
            ["MONITOR_ALLOWED_NETWORKS", "10.0.0.0/99"],
        ),
        (
            {"MONITOR_ALLOWED_NETWORKS": "a b"},
            ["MONITOR_ALLOWED_NETWORKS", "host name"],
        ),
        ({"MONITOR_CONTACT": "a\r\nX-Evil: 1"}, ["MONITOR_CONTACT"]),
        (
            {"MONITOR_DAILY_REPORT": "morgens"},
            ["MONITOR_DAILY_REPORT", "07:00"],
        ),
        ({"MONITOR_KIBANA_URL": "kibana:5601"}, ["MONITOR_KIBANA_URL"]),
        (
            {"MONITOR_TEMPLATES_DIR": "/nirgends"},
            ["MONITOR_TEMPLATES_DIR", "/nirgends"],
        ),
        (
            {"MONITOR_SMTP_CA_FILE": "/nirgends"},
            ["MONITOR_SMTP_CA_FILE", "/nirgends"],
        ),
        (
            {"MONITOR_WEBHOOK_URL": "https://a.de/"},
            ["MONITOR_WEBHOOK_SECRET", "needed"],
        ),
        (
            {"MONITOR_PUBLIC_URL": "http://presse.example"},
            ["MONITOR_PUBLIC_URL", "not https", "proxy"],
        ),
        (
            {"MONITOR_PUBLIC_URL": "https://a@presse.example"},
            ["MONITOR_PUBLIC_URL", "host and path only"],
        ),
        (
            {"MONITOR_PUBLIC_URL": "https://presse.example/?a=b"},
            ["MONITOR_PUBLIC_URL", "host and path only"],
        ),
        (
            {"MONITOR_PUBLIC_URL": "https://prüfung.example"},
            ["MONITOR_PUBLIC_URL", "xn--"],
        ),
        (
            {"MONITOR_PUBLIC_URL": "https://a.example/<b>"},
            ["MONITOR_PUBLIC_URL", "header"],
        ),
        ({"MONITOR_LISTEN": "8765"}, ["MONITOR_LISTEN", "127.0.0.1:8765"]),
        ({"MONITOR_LISTEN": "::1:8765"}, ["MONITOR_LISTEN", "127.0.0.1:8765"]),
        ({"MONITOR_LISTEN": "127.0.0.1:70000"}, ["MONITOR_LISTEN", "70000"]),
        (
            {"MONITOR_LINK_SECRET": "kurz"},
            ["MONITOR_LINK_SECRET", "too short"],
        ),
        (
            {"MONITOR_MAIL_MODE": "smtp"},
            ["MONITOR_SMTP_HOST", "MONITOR_MAIL_FROM", "own domain"],
        ),
        ({"MONITOR_INDEX": "elasticsearch"}, ["MONITOR_ELASTICSEARCH_URLS"]),
        (
            {"MONITOR_SMTP_PORT": "x", "MONITOR_LANGUAGE": "fr"},
            ["2 settings", "MONITOR_SMTP_PORT", "MONITOR_LANGUAGE"],
        ),
    ],
)
def test_refused(env: dict[str, str], words: list[str]) -> None:
    check_refused(env, *words)


def test_values_instead_of_texts() -> None:
    """Whoever builds settings in Python gives the values themselves."""
    settings = Settings(
        allowed_networks=("10.0.0.0/8",),
        daily_report=time(6),
        fetch_min_gap=timedelta(0),
        feed_max_size=5,
    )
    assert settings.allowed_networks == ("10.0.0.0/8",)
    assert (
        settings.daily_report,
        settings.fetch_min_gap,
        settings.feed_max_size,
    ) == (
        time(6),
        timedelta(0),
        5,
    )


SMTP = {
    "MONITOR_MAIL_MODE": "smtp",
    "MONITOR_SMTP_HOST": "mail.stadt.de",
    "MONITOR_MAIL_FROM": "m@stadt.de",
}
ELASTIC = {
    "MONITOR_INDEX": "elasticsearch",
    "MONITOR_ELASTICSEARCH_URLS": "https://es:9200",
}


def test_mail_server() -> None:
    check(SMTP, mail_mode="smtp", smtp_port_in_use=587)
    check({**SMTP, "MONITOR_SMTP_SECURITY": "tls"}, smtp_port_in_use=465)
    check(
        {**SMTP, "MONITOR_SMTP_SECURITY": "off", "MONITOR_SMTP_PORT": "2525"},
        smtp_port_in_use=2525,
    )
    check_refused(
        {**SMTP, "MONITOR_SMTP_PASSWORD": "geheim"}, "MONITOR_SMTP_USER"
    )
    check_refused(
        {**SMTP, "MONITOR_SMTP_USER": "a", "MONITOR_SMTP_SECURITY": "off"},
        "MONITOR_SMTP_SECURITY",
    )
    for domain in (
        "example.org",
        "sub.example",
        "localhost.localdomain",
        "x.test",
    ):
        check_refused(
            {
                **SMTP,
                "MONITOR_MAIL_FROM": f"m@{domain}"
                if "." in domain
                else f"m@a.{domain}",
            },
            "own domain",
        )


def test_elasticsearch() -> None:
    check(ELASTIC, index="elasticsearch")
    check_refused(
        {**ELASTIC, "MONITOR_ELASTICSEARCH_PASSWORD": "geheim"},
        "MONITOR_ELASTICSEARCH_USER",
    )
    both = {
        "MONITOR_ELASTICSEARCH_USER": "a",
        "MONITOR_ELASTICSEARCH_API_KEY": "b",
    }
    check_refused(
        {**ELASTIC, **both}, "MONITOR_ELASTICSEARCH_API_KEY", "not both"
    )


SECRET = "geheim und lang genug"


def test_secrets_never_show(tmp_path: Path) -> None:
    env = {f"MONITOR_{name.upper()}": SECRET for name in SECRETS}
    assert SECRET not in repr(load_settings(env))
    with pytest.raises(ConfigError) as caught:
        load_settings(
            {**env, "MONITOR_SMTP_PORT": "x", "MONITOR_SMTP_PASSWORT": SECRET}
        )
    assert SECRET not in str(caught.value)
    assert load_settings(env).database_address == SECRET
    assert len(SECRETS) >= 6


def test_secrets_from_files(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("ge heim\n", encoding="utf-8")
    settings = load_settings({"MONITOR_SMTP_PASSWORD_FILE": str(file)})
    assert settings.smtp_password.get_secret_value() == "ge heim"
    both = {
        "MONITOR_SMTP_PASSWORD_FILE": str(file),
        "MONITOR_SMTP_PASSWORD": "x",
    }
    check_refused(both, "MONITOR_SMTP_PASSWORD", "twice")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "not a text"),
        (b"x" * 70_000, "too long"),
        (None, "cannot be read"),
    ],
)
def test_unusable_secret_files(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    check_refused(
        {"MONITOR_SMTP_PASSWORD_FILE": str(file)},
        "MONITOR_SMTP_PASSWORD_FILE",
        words,
    )


def test_env_file_lies_beneath_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "MONITOR_SMTP_PORT=9000\nexport MONITOR_LANGUAGE='en'\nOTHER=1\nEMPTY\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("MONITOR_SMTP_PORT", "9001")
    monkeypatch.delenv("MONITOR_LANGUAGE", raising=False)
    settings = load_settings(env_file=env_file)
    assert (settings.smtp_port, settings.language) == (9001, "en")
    assert load_settings(env_file=tmp_path / "none").smtp_port == 9001
    env_file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(env_file=env_file)


@pytest.mark.parametrize(
    ("env", "ours", "named"),
    [
        ({}, {}, ()),
        ({"PATH": "/bin", "MONITOR_PROXY": "", "GOPROXY": "direct"}, {}, ()),
        ({"HTTP_PROXY": " "}, {}, ()),
        ({"HTTP_PROXY": "http://a:1"}, {}, ("HTTP_PROXY is", "MONITOR_PROXY")),
        ({"http_proxy": "http://a:1"}, {}, ("HTTP_PROXY is", "MONITOR_PROXY")),
        (
            {"https_proxy": "a:1", "HTTPS_PROXY": "a:1"},
            {},
            ("HTTPS_PROXY is",),
        ),
        ({"all_proxy": "socks5://a"}, {}, ("ALL_PROXY is", "MONITOR_PROXY")),
        ({"NO_PROXY": "a.de"}, {}, ("NO_PROXY is", "MONITOR_NO_PROXY")),
        (
            {"no_proxy": "a.de", "https_proxy": "http://a:1"},
            {},
            ("HTTPS_PROXY, NO_PROXY are", "MONITOR_PROXY", "MONITOR_NO_PROXY"),
        ),
        ({"HTTP_PROXY": "http://a:1"}, {"MONITOR_PROXY": "http://b:1"}, ()),
        (
            {"NO_PROXY": "a.de"},
            {"MONITOR_PROXY": "http://b:1"},
            ("NO_PROXY is",),
        ),
        (
            {"NO_PROXY": "a.de"},
            {"MONITOR_PROXY": "http://b:1", "MONITOR_NO_PROXY": "a.de"},
            (),
        ),
    ],
)
def test_proxies_of_the_environment_are_told(
    env: dict[str, str], ours: dict[str, str], named: tuple[str, ...]
) -> None:
    hint = unused_proxies(load_settings(ours), env)
    assert (hint is not None) == bool(named)
    assert all(word in (hint or "") for word in named), hint


def test_the_hint_at_proxies_shows_no_password() -> None:
    hint = unused_proxies(
        Settings(), {"HTTPS_PROXY": "http://anna:geheim@proxy:1"}
    )
    assert hint
    assert "geheim" not in hint


def test_rows_read_back_as_the_defaults() -> None:
    """What the documentation shows as a default is what a variable of that
    text would give.
    """
    rows = {row.name: row.default for row in setting_rows() if row.default}
    assert (
        load_settings(
            {name: default.strip("`") for name, default in rows.items()}
        )
        == Settings()
    )


@pytest.mark.parametrize("name", ["FETCH_TIMEOUT", "FETCH_AGENT", "LOG"])
def test_a_shared_first_word_makes_no_near_name(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({f"MONITOR_{name}": "x"})
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SMTP_PASWORD", "SMTP_PASSWORD"),
        ("SMTP_PASS", "SMTP_PASSWORD"),
        ("DATABASE", "DATABASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("TIME_ZONE", "TIMEZONE"),
        ("MAILFROM", "MAIL_FROM"),
        ("FEEDS", "FEEDS_FILE"),
    ],
)
def test_a_slip_is_answered_with_the_name(name: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f'did you mean "MONITOR_{meant}"'):
        load_settings({f"MONITOR_{name}": "x"})
