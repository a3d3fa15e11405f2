from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.transport.address_policy import (
    AddressPolicy,
    parse_address,
    special_use,
)


def check(address: str, expected: str | None) -> None:
    parsed = parse_address(address)
    assert parsed is not None
    assert special_use(parsed) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", None),
        ("193.99.144.80", None),
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("10.0.0.1", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("100.128.0.1", None),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.169.254", "link-local"),
        ("172.15.255.255", None),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("172.32.0.1", None),
        ("192.0.0.8", "protocol assignments"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4 relay"),
        ("192.168.178.1", "private"),
        ("198.18.0.1", "benchmarking"),
        ("198.19.255.255", "benchmarking"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("2a00:1450:4001::1", None),
        ("2620:4f:8000::1", None),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("[::1]", "loopback"),
        ("::7f00:1", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "loopback inside IPv6"),
        ("::ffff:10.1.2.3", "private inside IPv6"),
        ("::ffff:8.8.8.8", None),
        ("::ffff:0:127.0.0.1", "IPv4-translated"),
        ("64:ff9b::7f00:1", "loopback inside IPv6"),
        ("64:ff9b::a9fe:a9fe", "link-local inside IPv6"),
        ("64:ff9b::808:808", None),
        ("64:ff9b:1::a00:1", "local-use NAT64"),
        ("100::1", "discard-only"),
        ("2001::1", "Teredo"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("2001:20::1", "protocol assignments"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4"),
        ("2002:808:808::1", "6to4"),
        ("3fff::1", "documentation"),
        ("5f00::1", "not global unicast"),
        ("fc00::1", "unique local"),
        ("fd12:3456::1", "unique local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("4000::1", "not global unicast"),
    ],
)
def test_special_use(address: str, expected: str | None) -> None:
    check(address, expected)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_we_open_no_more_than_the_standard_library_calls_global(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if special_use(address) is None:
        assert address.is_global
        assert not address.is_multicast


def test_named_networks_and_hosts_are_opened_and_nothing_else() -> None:
    policy = AddressPolicy.allowing(
        ["192.168.7.0/24", "fd00:7::/64", "10.9.8.7", "Wiki.intern."]
    )

    def opened(host: str, address: str) -> bool:
        parsed = parse_address(address)
        assert parsed is not None
        return policy.refusal(host, parsed) is None

    assert opened("x.de", "192.168.7.9")
    assert opened("x.de", "fd00:7::1")
    assert opened("x.de", "10.9.8.7")
    assert opened("wiki.intern", "172.16.0.1")
    assert not opened("x.de", "192.168.8.9")
    assert not opened("x.de", "10.9.8.6")
    assert not opened("x.de", "::ffff:192.168.7.9")
    assert not opened("evil.wiki.intern", "172.16.0.1")


def test_names_are_no_addresses() -> None:
    assert parse_address("www.example.de") is None
    assert parse_address("") is None
