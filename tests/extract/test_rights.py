"""Reservations against mining, and which paths tdmrep.json reserves."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page_rights import page_reservation
from monitor.extract.rights import (
    reservation,
    reserved_by_signals,
    reserved_by_tdmrep,
)


@pytest.mark.parametrize(
    ("headers", "meta", "expected"),
    [
        ([("tdm-reservation", "1")], {}, "header tdm-reservation: 1"),
        (
            [("tdm-reservation", "1"), ("tdm-policy", "/p")],
            {},
            "header tdm-reservation: 1, policy /p",
        ),
        ([("tdm-reservation", "0")], {}, ""),
        ([], {"tdm-reservation": "1"}, "meta tdm-reservation: 1"),
        ([("tdm-reservation", "1")], {"tdm-reservation": "0"}, ""),
        (
            [("x-robots-tag", "noai, noimageai")],
            {},
            "header x-robots-tag: noai",
        ),
        (
            [("x-robots-tag", "otherbot: noindex"), ("x-robots-tag", "NOAI")],
            {},
            "header x-robots-tag: noai",
        ),
        ([("x-robots-tag", "noindex, noimageai")], {}, ""),
        ([], {"robots": "index, noai"}, "meta robots: noai"),
        ([], {"robots": "noindex"}, ""),
        # Only what is said to everybody or to us.
        ([("x-robots-tag", "GPTBot: noai")], {}, ""),
        ([("x-robots-tag", "googlebot: noindex, noai")], {}, ""),
        (
            [("x-robots-tag", "googlebot: noindex, *: noai")],
            {},
            "header x-robots-tag: noai",
        ),
        ([("x-robots-tag", "monitor: noai")], {}, "header x-robots-tag: noai"),
        (
            [("x-robots-tag", "Monitor:noindex, noml, bingbot: noai")],
            {},
            "header x-robots-tag: noml",
        ),
        ([("x-robots-tag", "noarchive, otherbot: noai")], {}, ""),
        (
            [("x-robots-tag", "noai, otherbot: noindex")],
            {},
            "header x-robots-tag: noai",
        ),
        (
            [
                (
                    "x-robots-tag",
                    "unavailable_after: 25 Jun 2030 15:00:00 PST, noai",
                )
            ],
            {},
            "header x-robots-tag: noai",
        ),
        (
            [
                (
                    "x-robots-tag",
                    "max-snippet: 20, max-image-preview:large, notdm",
                )
            ],
            {},
            "header x-robots-tag: notdm",
        ),
        (
            [("x-robots-tag", "CCBot: noai"), ("x-robots-tag", "noai")],
            {},
            "header x-robots-tag: noai",
        ),
        ([("x-robots-tag", "CCBot: max-snippet: 0, noai")], {}, ""),
        ([("x-robots-tag", " , :, ,noai")], {}, ""),
        ([], {"googlebot": "noai"}, ""),
        ([], {"gptbot": "noai"}, ""),
        ([], {"monitor": "noai"}, "meta monitor: noai"),
        ([], {"ai": "noml"}, "meta ai: noml"),
        # As servers write it.
        (
            [("x-robots-tag", "noai;noimageai")],
            {},
            "header x-robots-tag: noai",
        ),
        ([("x-robots-tag", "noindex; noai")], {}, "header x-robots-tag: noai"),
        (
            [("x-robots-tag", "noai noimageai")],
            {},
            "header x-robots-tag: noai",
        ),
        (
            [("x-robots-tag", "noimageai;noai;")],
            {},
            "header x-robots-tag: noai",
        ),
        ([("x-robots-tag", "GPTBot: noindex; noai")], {}, ""),
        ([("x-robots-tag", "noimageai;noindex")], {}, ""),
        ([("x-robots-tag", "x-noai, noai-images")], {}, ""),
        ([("X-Robots-Tag", "noai")], {}, "header x-robots-tag: noai"),
        ([], {"robots": "noai;noimageai"}, "meta robots: noai"),
        ([], {"robots": "max-snippet:-1;NOAI"}, "meta robots: noai"),
        ([], {"x-robots-tag": "noai"}, "meta x-robots-tag: noai"),
        ([("tdm-reservation", "1, 1")], {}, "header tdm-reservation: 1"),
        ([("tdm-reservation", "0, 1")], {}, "header tdm-reservation: 1"),
        ([("tdm-reservation", "1;")], {}, "header tdm-reservation: 1"),
        ([("tdm-reservation", '"1"')], {}, "header tdm-reservation: 1"),
        (
            [("tdm-reservation", "0"), ("tdm-reservation", "1")],
            {},
            "header tdm-reservation: 1",
        ),
        ([("TDM-Reservation", "1")], {}, "header tdm-reservation: 1"),
        ([("tdm-reservation", "0, 0")], {}, ""),
        ([("tdm-reservation", "10")], {}, ""),
        ([("tdm-reservation", "1, 1")], {"tdm-reservation": "0"}, ""),
        ([], {"tdm-reservation": "1, 1"}, "meta tdm-reservation: 1"),
    ],
)
def test_reservation(
    headers: list[tuple[str, str]], meta: dict[str, str], expected: str
) -> None:
    assert reservation(headers, meta) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<META NAME="ROBOTS" CONTENT="NOAI, NOIMAGEAI">',
            "meta robots: noai",
        ),
        (
            '<META NAME="TDM-RESERVATION" CONTENT="1">',
            "meta tdm-reservation: 1",
        ),
        (
            '<META NAME="TDM-Reservation" CONTENT=" 1 "><META NAME="TDM-Policy" CONTENT="/p">',
            "meta tdm-reservation: 1, policy /p",
        ),
        (
            '<meta name="robots" content="index"><meta name="Robots" content="noai">',
            "meta robots: noai",
        ),
        (
            '<meta http-equiv="X-Robots-Tag" content="noai;noimageai">',
            "meta x-robots-tag: noai",
        ),
        (
            '<meta property="tdm-reservation" content="1">',
            "meta tdm-reservation: 1",
        ),
        (
            '<meta name="tdm-reservation" content="0"><meta name="tdm-reservation" content="1">',
            "meta tdm-reservation: 1",
        ),
        ('<META NAME="GPTBOT" CONTENT="NOAI">', ""),
        ('<meta name="description" content="noai">', ""),
    ],
)
def test_what_a_head_reserves(head: str, expected: str) -> None:
    body = f"<HTML><HEAD>{head}</HEAD><BODY><P>Rat</P></BODY></HTML>".encode()
    assert page_reservation(body, "text/html", ()) == expected


RULES = [
    {"location": "/frei/*", "tdm-reservation": 0},
    {"location": "/archiv/*.html$", "tdm-reservation": 1},
    {"location": "/news", "tdm-reservation": "1"},
    {"location": 7},
]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/frei/a", False),
        ("/archiv/2020/a.html", True),
        ("/archiv/a.html?x", None),
        ("/news/1", True),
        ("/sport", None),
    ],
)
def test_tdmrep(path: str, expected: bool | None) -> None:
    assert reserved_by_tdmrep(json.dumps(RULES).encode(), path) is expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"location": "/", "tdm-reservation": 1}, True),
        ({"location": "/", "tdm-reservation": "1"}, True),
        ({"location": "/news", "tdm-reservation": 1}, None),
        ({"location": "/", "tdm-reservation": 0}, False),
        ({"tdm-reservation": 1, "tdm-policy": "https://a.example/p"}, True),
        ({"rules": [{"location": "/", "tdm-reservation": 1}]}, True),
        ({"tdmrep": [{"location": "/", "tdm-reservation": True}]}, True),
        ({"tdmrep": {"location": "/", "tdm-reservation": 1}}, True),
        ([{"location": "/", "tdm-reservation": True}], True),
        ([{"location": "/", "tdm-reservation": "true"}], True),
        ([{"location": "/", "tdm-reservation": 1.0}], True),
        ([{"location": "/", "tdm-reservation": False}], False),
        ([{"location": "/", "tdm-reservation": "false"}], False),
        ([{"location": "/", "tdm-reservation": None}], False),
        ([{"location": "/", "tdm-reservation": [1]}], False),
        ({"note": "nothing is reserved"}, None),
        (True, None),
    ],
)
def test_a_sloppy_tdmrep_is_a_reservation(
    stated: object, expected: bool | None
) -> None:
    assert (
        reserved_by_tdmrep(json.dumps(stated).encode(), "/artikel/1")
        is expected
    )
    assert (
        reserved_by_tdmrep(b"\xef\xbb\xbf" + json.dumps(stated).encode(), "/a")
        is expected
    )


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1, null]", b"\xff\xfe", b"[" * 100_000, b'"x"']
)
def test_broken_tdmrep_says_nothing(body: bytes) -> None:
    assert reserved_by_tdmrep(body, "/a") is None


@given(st.text("ab*$/", max_size=12), st.text("ab/", max_size=12))
def test_any_pattern_is_decided(location: str, path: str) -> None:
    rule = [{"location": location, "tdm-reservation": 1}]
    assert reserved_by_tdmrep(json.dumps(rule).encode(), "/" + path) in (
        True,
        None,
    )


def test_a_pattern_of_stars_does_not_run_for_ever() -> None:
    rule = [{"location": "/" + "*a" * 5000 + "b$", "tdm-reservation": 1}]
    begun = time.process_time()
    assert (
        reserved_by_tdmrep(json.dumps(rule).encode(), "/" + "a" * 20_000)
        is None
    )
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (["User-agent: *", "Content-Signal: search=no"], "/a", "search=no"),
        (
            [
                "User-agent: *",
                "Content-Signal: ai-train=no, search=yes, ai-input=no",
            ],
            "/a",
            "",
        ),
        (
            ["User-Agent: *", "Content-Usage: bots=n, train-ai=n"],
            "/a",
            "bots=no",
        ),
        (
            ["User-agent: *", "Content-Usage: /plus/ tdm=n"],
            "/plus/a",
            "tdm=no",
        ),
        (["User-agent: *", "Content-Usage: /plus/ tdm=n"], "/a", ""),
        (
            [
                "User-agent: *",
                "Content-Usage: tdm=n",
                "Content-Usage: /frei/ tdm=y",
            ],
            "/frei/a",
            "",
        ),
        (
            [
                "User-agent: *",
                "Content-Usage: tdm=n",
                "Content-Usage: /frei/ tdm=y",
            ],
            "/a",
            "tdm=no",
        ),
        (["User-agent: GPTBot", "Content-Signal: search=no"], "/a", ""),
        (
            [
                "User-agent: GPTBot",
                "User-agent: *",
                "Disallow:",
                "Content-Signal: search=no",
            ],
            "/a",
            "search=no",
        ),
        (
            [
                "User-agent: *",
                "User-agent: GPTBot",
                "Content-Signal: search=no",
            ],
            "/a",
            "search=no",
        ),
        (
            [
                "User-agent: *",
                "Disallow: /x",
                "User-agent: GPTBot",
                "Content-Signal: search=no",
            ],
            "/a",
            "",
        ),
        (
            ["User-agent: Monitor", "Content-Signal: search=no"],
            "/a",
            "search=no",
        ),
        (
            [
                "User-agent: *",
                "Content-Signal: search=no",
                "User-agent: monitor/1.0",
                "Allow: /",
            ],
            "/a",
            "",
        ),
        (["User-agent: Monitoring", "Content-Signal: search=no"], "/a", ""),
        (
            [
                "User-agent: Meltwater",
                "User-agent: CCBot",
                "Content-Usage: tdm=n",
            ],
            "/a",
            "",
        ),
        (
            [
                "User-agent: CCBot",
                "# and everybody else",
                "User-agent: *",
                "Content-Usage: tdm=n",
            ],
            "/a",
            "tdm=no",
        ),
        (
            [
                "User-agent: *",
                "Allow: /",
                "User-agent: *",
                "Content-Usage: tdm=n",
            ],
            "/a",
            "tdm=no",
        ),
        (["Content-Usage: tdm=n"], "/a", ""),
        (
            [
                "# Content-Signal: search=no",
                "Content-Signal",
                "Content-Signal: =,=",
            ],
            "/a",
            "",
        ),
        (
            ["User-agent: *", "Content-Signal: search=no # not for search"],
            "/a",
            "search=no",
        ),
    ],
)
def test_usage_lines_of_robots(
    lines: list[str], path: str, expected: str
) -> None:
    assert reserved_by_signals("\n".join(lines).encode(), path) == expected


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (
            b"<html><head><meta name='tdm-reservation' content='1'></head><p>a</p></html>",
            (),
            "meta tdm-reservation: 1",
        ),
        (
            (
                b"<html><head><meta name=robots content='index'><meta name='ROBOTS'"
                b" content='noai'><p>a"
            ),
            (),
            "meta robots: noai",
        ),
        (b"<html><head><meta name=robots content='index'><p>noai", (), ""),
        (
            b"<html><p>a",
            (("tdm-reservation", "1"),),
            "header tdm-reservation: 1",
        ),
        (
            b"<html><head><meta name=tdm-reservation content=0><p>a",
            (("tdm-reservation", "1"),),
            "",
        ),
        (b"", (("x-robots-tag", "noai"),), "header x-robots-tag: noai"),
        (
            b"%PDF-1.4",
            (("tdm-reservation", "1"),),
            "header tdm-reservation: 1",
        ),
    ],
)
def test_the_head_of_a_page_is_enough(
    body: bytes, headers: tuple[tuple[str, str], ...], expected: str
) -> None:
    assert page_reservation(body, "text/html", headers) == expected


@given(st.binary(max_size=200))
def test_any_robots_is_read(body: bytes) -> None:
    assert reserved_by_signals(
        b"User-agent: *\nContent-Signal: " + body, "/a"
    ).endswith(("=no", ""))
