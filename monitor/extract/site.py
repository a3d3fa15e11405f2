"""Tells whether two addresses belong to one site: the same registered domain,
by the public suffix list as shipped.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

VARIANT = re.compile(r"\A(?:www|m|mobil|amp)\.")


@cache
def site_suffixes() -> PublicSuffixList:
    """The list that the library ships: no download, no cache folder."""
    return PublicSuffixList(accept_unknown=False)


def is_one_site(one: str, other: str) -> bool:
    """True for the same host, or the same registered domain (www.zeitung.de
    and m.zeitung.de).

    Hosts outside the public suffixes (an intranet) count as one site if only a
    leading www or m differs.
    """
    hosts = [urlsplit(address).hostname or "" for address in (one, other)]
    if hosts[0] == hosts[1]:
        return bool(hosts[0])
    domains = [
        site_suffixes().privatesuffix(host) or VARIANT.sub("", host)
        for host in hosts
    ]
    return bool(domains[0]) and domains[0] == domains[1]
