"""What an address on the web means: where to connect, what to ask there, and
how it may be shown to people.

Reads addresses as browsers do (WHATWG), so that no spelling of a host is
judged as one thing and asked as another. Knows no network.
"""

from __future__ import annotations

import base64
import functools
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

import ada_url

from monitor.fetch.failure import RequestFailed
from monitor.types.web import FailureKind, Retry

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 8192  # servers commonly refuse more than 8 KB
_USERINFO = re.compile(r"(?<=//)[^/?#\\]*@")


@dataclass(frozen=True, slots=True)
class Target:
    """One address to ask.

    `path` starts with a slash and carries the query; no fragment, no
    credentials in it.
    """

    scheme: str
    host: str  # lower case, IDNA, IPv6 without brackets
    port: int
    path: str
    # a Basic header, from credentials in the address
    authorization: str | None = None
    # the Host header: the port only where it is not the scheme's own
    authority: str = field(init=False, compare=False)
    # scheme://host:port, the port always spelled out
    origin: str = field(init=False, compare=False)
    # the address without credentials and fragment
    url: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Put together what each request asks for many times."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        full = f"{host}:{self.port}"
        usual = self.port == _DEFAULT_PORTS[self.scheme]
        authority = host if usual else full
        set_field = object.__setattr__
        set_field(self, "authority", authority)
        set_field(self, "origin", f"{self.scheme}://{full}")
        set_field(self, "url", f"{self.scheme}://{authority}{self.path}")


def masked(url: str) -> str:
    """`url` with its credentials replaced by asterisks, whether or not it can
    be read.
    """
    return _USERINFO.sub("***@", url) if "@" in url else url


@functools.lru_cache(maxsize=1024)
def parse_target(url: str, *, base: str | None = None) -> Target:
    """Read `url`, relative to `base` where given. A feed's address is read at
    each of its polls, several times.

    Raises RequestFailed for what we cannot or will not ask.
    """
    if len(url) > _LONGEST_URL:
        raise RequestFailed(
            FailureKind.REFUSED_ADDRESS,
            f"address longer than {_LONGEST_URL} characters",
            retry=_NO,
        )
    try:
        read = ada_url.URL(url, base=base) if base else ada_url.URL(url)
    except (ValueError, UnicodeError) as broken:
        shown = masked(url)
        raise RequestFailed(
            FailureKind.REFUSED_ADDRESS,
            f"not an address: {shown!r}",
            retry=_NO,
        ) from broken
    scheme = read.protocol.rstrip(":")
    if scheme not in _DEFAULT_PORTS:
        detail = f"{scheme}: is not fetched, only http and https"
        raise RequestFailed(FailureKind.REFUSED_ADDRESS, detail, retry=_NO)
    host = read.hostname.strip("[]")
    port = int(read.port or _DEFAULT_PORTS[scheme])
    if not host or port == 0:
        raise RequestFailed(
            FailureKind.REFUSED_ADDRESS,
            f"no usable host in {masked(url)!r}",
            retry=_NO,
        )
    authorization = None
    if read.username or read.password:
        pair = (
            unquote_to_bytes(read.username)
            + b":"
            + unquote_to_bytes(read.password)
        )
        authorization = "Basic " + base64.b64encode(pair).decode("ascii")
    return Target(
        scheme, host, port, read.pathname + read.search, authorization
    )


def redirected(source: Target, location: str) -> Target:
    """Where `location`, answered by `source`, leads. Raises RequestFailed
    where we do not follow.

    Credentials stay with the host that the operator gave them for, and never
    travel from https to http. Those that a server writes into its Location are
    not used.
    """
    target = replace(
        parse_target(location, base=source.url), authorization=None
    )
    if source.authorization is None:
        return target
    if source.scheme == "https" and target.scheme == "http":
        detail = f"redirect from https to http ({target.url}) refused: the address has credentials"
        raise RequestFailed(FailureKind.REDIRECTS, detail, retry=_NO)
    same_place = (source.scheme, source.port) == (target.scheme, target.port)
    upgraded = (source.scheme, source.port, target.scheme, target.port) == (
        "http",
        80,
        "https",
        443,
    )
    if source.host == target.host and (same_place or upgraded):
        return replace(target, authorization=source.authorization)
    return target


_NO = Retry.PERMANENT
