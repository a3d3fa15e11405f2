"""Article addresses in one spelling, so that one page is one article however a
feed links to it.

Only what is certain is changed: the WHATWG's serialisation (lower-case scheme
and host, default port dropped, IDN to ASCII), no fragment, no parameter that
is known to be for counting clicks or visitors only. Path case, "www.",
trailing slashes, the order of parameters and percent-encoding stay, because
some server somewhere tells pages apart by each.

Not known here: feeds, and which pages exist.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import ada_url

from monitor.identify.word_lists import listed

# Google Analytics (utm), Matomo and its predecessor Piwik, HubSpot ads, Google
# Analytics' in-site clone
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "matomo_",
    "pk_",
    "piwik_",
    "hsa_",
    "itm_",
)
# These names mean something elsewhere, but with such a value they only say
# that the reader came from the feed.
_ORIGIN_NAMES = frozenset(
    {"ref", "source", "src", "from", "via", "partner", "emc", "feature"}
)
_ORIGIN_VALUES = frozenset(
    {"rss", "rssfeed", "rss-feed", "rss_feed", "feed", "atom"}
)

_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def normalize_url(url: str, *, base: str | None = None) -> str | None:
    """The one spelling of an http(s) address, or None where it is none.
    Idempotent.
    """
    try:
        href = ada_url.URL(url, base=base).href
    except (ValueError, UnicodeError):
        return None
    # what the WHATWG's parser begins so has a host
    if not href.startswith(("http://", "https://")):
        return None
    href = href.partition("#")[0]
    address, mark, query = href.partition("?")
    if ";" in address:
        address = _SESSION_IN_PATH.sub("", address)
    if not mark:
        return address
    kept = "&".join(
        part for part in query.split("&") if part and not _is_tracking(part)
    )
    return f"{address}?{kept}" if kept else address


def scheme_less(url: str) -> str:
    """A normalised address without http: or https:, which name the same page."""
    return (
        url.partition(":")[2]
        if url.startswith(("http://", "https://"))
        else url
    )


def host_less(url: str) -> str:
    """Path and query of a normalised address."""
    rest = url.partition("://")[2]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"


def _is_tracking(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote_plus(name).lower()
    return (
        name in listed("tracking_parameters")
        or name.startswith(_TRACKING_PREFIXES)
        or (name in _ORIGIN_NAMES and value.lower() in _ORIGIN_VALUES)
    )
