"""What an address says of a page before anybody reads it."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_home(url: str) -> bool:
    """True for the front page of a site.

    An address whose query picks the page (`/?p=12`) is none.
    """
    parts = urlsplit(url)
    picks = any(_picks(setting) for setting in parts.query.split("&"))
    path = parts.path.lower().strip("/")
    return not picks and path in (
        "",
        "index.html",
        "index.php",
        "home",
        "startseite",
        "index.htm",
    )


def _picks(setting: str) -> bool:
    name, _, value = setting.lower().partition("=")
    tracks = name.startswith(
        ("utm_", "wt_", "at_", "pk_", "mtm_")
    ) or name in (
        "fbclid",
        "gclid",
        "ref",
        "src",
        "rss",
    )
    return bool(value) and not tracks
