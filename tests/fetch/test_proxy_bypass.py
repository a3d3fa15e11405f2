"""The list without proxy, row by row as curl and Go read it, and the choice of
a route.
"""

from __future__ import annotations

import pytest

from monitor.errors import FetchError
from monitor.fetch.transport.proxy_bypass import (
    BypassRules,
    bypasses_proxy,
    read_bypass_rules,
)
from monitor.fetch.transport.proxy_route import read_proxy_route

DIRECT, PROXY = True, False


@pytest.mark.parametrize(
    ("listed", "host", "port", "expected"),
    [
        # nothing and everything
        ("", "example.de", 443, PROXY),
        (" , ,", "example.de", 443, PROXY),
        ("*", "example.de", 443, DIRECT),
        ("*", "10.1.2.3", 80, DIRECT),
        ("*", "::1", 80, DIRECT),
        ("intern.de, *", "example.de", 443, DIRECT),
        # a domain and what is below it
        ("example.de", "example.de", 443, DIRECT),
        ("example.de", "www.example.de", 443, DIRECT),
        ("example.de", "a.b.example.de", 80, DIRECT),
        ("example.de", "anexample.de", 443, PROXY),
        ("example.de", "example.de.evil.org", 443, PROXY),
        ("example.de", "example.com", 443, PROXY),
        ("www.example.de", "example.de", 443, PROXY),
        ("de", "example.de", 443, DIRECT),
        ("intranet", "intranet", 80, DIRECT),
        ("intranet", "wiki.intranet", 80, DIRECT),
        ("localhost", "localhost", 80, DIRECT),
        ("under_score.de", "a.under_score.de", 80, DIRECT),
        # dots before and behind
        (".example.de", "www.example.de", 443, DIRECT),
        (".example.de", "example.de", 443, DIRECT),
        (".example.de", "anexample.de", 443, PROXY),
        ("example.de.", "www.example.de", 443, DIRECT),
        ("example.de", "www.example.de.", 443, DIRECT),
        (".example.de.", "example.de.", 443, DIRECT),
        # the star before a domain
        ("*.example.de", "www.example.de", 443, DIRECT),
        ("*.example.de", "a.b.example.de", 443, DIRECT),
        ("*.example.de", "example.de", 443, PROXY),
        ("*.example.de:81", "www.example.de", 443, PROXY),
        # case and letters
        ("EXAMPLE.de", "www.example.DE", 443, DIRECT),
        ("müller.de", "www.xn--mller-kva.de", 443, DIRECT),
        ("xn--mller-kva.de", "xn--mller-kva.de", 443, DIRECT),
        ("XN--MLLER-KVA.de", "xn--mller-kva.de", 443, DIRECT),
        # ports
        ("example.de:8080", "example.de", 8080, DIRECT),
        ("example.de:8080", "www.example.de", 8080, DIRECT),
        ("example.de:8080", "example.de", 80, PROXY),
        (".example.de:443", "example.de", 443, DIRECT),
        ("10.0.0.1:80", "10.0.0.1", 80, DIRECT),
        ("10.0.0.1:80", "10.0.0.1", 81, PROXY),
        # addresses
        ("10.0.0.1", "10.0.0.1", 80, DIRECT),
        ("10.0.0.1", "10.0.0.11", 80, PROXY),
        ("10.0.0.1", "a.10.0.0.1.example.de", 80, PROXY),
        ("127.0.0.1", "localhost", 80, PROXY),
        ("::1", "::1", 80, DIRECT),
        ("[::1]", "::1", 80, DIRECT),
        ("::1", "[::1]", 80, DIRECT),
        ("[::1]:81", "::1", 81, DIRECT),
        ("[::1]:81", "::1", 80, PROXY),
        ("2001:DB8:0:0::1", "2001:db8::1", 80, DIRECT),
        ("::ffff:10.0.0.1", "10.0.0.1", 80, DIRECT),
        ("10.0.0.0/8", "::ffff:10.0.0.1", 80, DIRECT),
        # networks
        ("10.0.0.0/8", "10.255.0.1", 80, DIRECT),
        ("10.0.0.0/8", "11.0.0.1", 80, PROXY),
        ("10.1.2.3/8", "10.9.9.9", 80, DIRECT),
        ("192.168.16.0/21", "192.168.23.255", 80, DIRECT),
        ("192.168.16.0/21", "192.168.24.0", 80, PROXY),
        ("10.0.0.7/32", "10.0.0.7", 80, DIRECT),
        ("0.0.0.0/0", "93.184.216.34", 80, DIRECT),
        ("0.0.0.0/0", "2001:db8::1", 80, PROXY),
        ("0.0.0.0/0", "example.de", 80, PROXY),
        ("fd00::/8", "fd12::1", 80, DIRECT),
        ("[fd00::]/8", "fd12::1", 80, DIRECT),
        ("fd00::/8", "fe80::1", 80, PROXY),
        ("fe80::/10", "fe80::1%eth0", 80, DIRECT),
        ("10.0.0.0/8:8080", "10.1.2.3", 8080, DIRECT),
        ("10.0.0.0/8:8080", "10.1.2.3", 80, PROXY),
        ("10.0.0.0/8:8080", "11.1.2.3", 8080, PROXY),
        ("[fd00::]/8:8080", "fd12::1", 8080, DIRECT),
        ("fd00::/8:8080", "fd12::1", 80, PROXY),
        ("fd00::/8:8080", "fd12::1", 8080, DIRECT),
        # lists
        ("a.de,b.de", "b.de", 80, DIRECT),
        (" a.de ,\t b.de ", "www.a.de", 80, DIRECT),
        ("a.de b.de", "b.de", 80, DIRECT),
        ("a.de,,b.de,", "b.de", 80, DIRECT),
        (
            "localhost,127.0.0.1,10.0.0.0/8,.intern.de",
            "x.intern.de",
            80,
            DIRECT,
        ),
        (
            "localhost,127.0.0.1,10.0.0.0/8,.intern.de",
            "www.example.de",
            80,
            PROXY,
        ),
        ("a.de:81,a.de:82", "a.de", 82, DIRECT),
    ],
)
def test_the_list_row_by_row(
    listed: str, host: str, port: int, *, expected: bool
) -> None:
    assert bypasses_proxy(host, port, read_bypass_rules([listed])) is expected
    assert (
        bypasses_proxy(host, port, read_bypass_rules(listed.split(",")))
        is expected
    )


def test_an_empty_list_sends_everything_through_the_proxy() -> None:
    assert read_bypass_rules(()) == BypassRules()


@pytest.mark.parametrize(
    "word",
    [
        "10.0.0.0/33",
        "fd00::/129",
        "10.0.0/8",
        "10.0.0.0/8:0",
        "10.0.0.0/8:65536",
        "10.0.0.0/8:",
        "10.0.0.0/8:http",
        "https://x.de",
        "example.de/24",
        "http://example.de",
        "example.de/",
        "example.de:0",
        "example.de:65536",
        "example.de:http",
        "example.de:",
        "[::1",
        "::1]",
        "[example.de]:80",
        "192.168.*",
        "192.168.1.",
        "www.*.de",
        "**",
        ".",
        "*.",
        "user@example.de",
        "<local>",
    ],
)
def test_what_means_nothing_is_named(word: str) -> None:
    with pytest.raises(FetchError) as refused:
        read_bypass_rules(["intern.de", word])
    assert f'"{word}"' in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("host", "proxied"),
    [
        ("www.example.de", True),
        ("93.184.216.34", True),
        ("intern.example.de", False),
        ("x.intern.example.de", False),
        ("10.0.0.1", False),
        ("10.1.0.1", True),
        ("fd00::5", False),
        ("fd01::5", True),
        ("wiki", False),
        ("wiki.", False),
        ("a.wiki", True),
    ],
)
def test_allowed_networks_and_names_go_direct(
    host: str, *, proxied: bool
) -> None:
    route = read_proxy_route(
        "http://proxy:3128",
        no_proxy=("intern.example.de",),
        allowed_networks=("10.0.0.0/16", "fd00::/16", "Wiki"),
    )
    assert (route.proxy_for(host, 80) is not None) is proxied


def test_without_a_proxy_everything_goes_direct() -> None:
    assert (
        read_proxy_route(None, no_proxy=("a.de",)).proxy_for(
            "www.example.de", 80
        )
        is None
    )


def test_a_proxy_without_its_scheme_is_told_with_an_example() -> None:
    with pytest.raises(FetchError) as refused:
        read_proxy_route("proxy.example:3128")
    assert refused.value.hint == "write it as http://proxy.example.org:3128"
