"""How people write durations, time zones, cron expressions, mail addresses and
web addresses.

Each function turns one written text into a value or raises `Unreadable`, whose
message and hint are meant for the person who wrote it. Knows nothing of YAML,
of the environment, or of where the text stood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import time, timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from monitor.language.slugs import ascii_slug

# a hundred years: beyond it a number is a slip of the finger
LONGEST = timedelta(days=36_525)


class Unreadable(ValueError):
    """A text that cannot be understood; `hint` says what would be."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def _refusal(text: str, complaint: str, hint: str = "") -> Unreadable:
    """The error that names the text and says what is wrong with it."""
    return Unreadable(f'"{text}" {complaint}', hint)


_WORDS = tomllib.loads(
    (Path(__file__).parent / "data" / "words.toml").read_text(encoding="utf-8")
)
_SECONDS: dict[str, int] = _WORDS["seconds"]
_MEANT: dict[str, str] = _WORDS["meant"]
_KEYS: dict[str, list[str]] = _WORDS["keys"]
_CODES: dict[str, str] = _WORDS["codes"]
_PART = re.compile(
    r"\s*(\d{1,12}(?:[.,]\d{1,9})?)\s*([a-zA-Z]+)\.?\s*", re.ASCII
)
_ISO = re.compile(
    r"P(?:(\d{1,12})W)?(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_DURATION_HINT = (
    'write a number and a unit, for instance "10 min", "6 h" or "2 days"'
)


def duration(text: str) -> timedelta:
    """`10 min`, `6h`, `1 h 30 min`, `2 Tage` or ISO 8601 (`PT10M`).

    A bare number has no unit and is refused.
    """
    iso = _ISO.fullmatch(text.strip().upper())
    if iso and any(iso.groups()):
        weeks, days, hours, minutes, seconds = (
            float(part or 0) for part in iso.groups()
        )
        total = (
            ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
        )
    else:
        total = _spelled_seconds(text)
    if total > LONGEST.total_seconds():
        raise _refusal(text, "is longer than a hundred years", _DURATION_HINT)
    return timedelta(seconds=total)


def _spelled_seconds(text: str) -> float:
    if re.fullmatch(r"\s*\d+([.,]\d+)?\s*", text):
        raise Unreadable(f'"{text.strip()}" has no unit', _DURATION_HINT)
    total, at = 0.0, 0
    while at < len(text) or at == 0:
        part = _PART.match(text, at)
        if part is None:
            raise _refusal(text, "is not a duration", _DURATION_HINT)
        unit = part[2].lower()
        if unit not in _SECONDS:
            raise Unreadable(
                f'"{part[2]}" is not a unit of time', _DURATION_HINT
            )
        total += float(part[1].replace(",", ".")) * _SECONDS[unit]
        at = part.end()
    return total


def written(value: timedelta) -> str:
    """A duration as people write it; `duration` reads it back."""
    rest, parts = int(value.total_seconds()), []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def near_miss(
    name: str, known: Iterable[str], *, likeness: float = 0.6
) -> str:
    """`did you mean "…"?` for the nearest known name, or an empty text."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=likeness)
    return f'did you mean "{by_folded[close[0]]}"?' if close else ""


def meant_key(name: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` for the key that a German word stands for, or the
    nearest one.
    """
    named = tuple(known)
    for key in _KEYS.get(name.casefold(), ()):
        if key in named:
            return f'did you mean "{key}"?'
    return near_miss(name, named)


def one_of(text: str, known: Sequence[str]) -> str:
    """The text itself, where it is one of the known words."""
    if text in known:
        return text
    hint = near_miss(text, known) or "use one of: " + ", ".join(known)
    meant = _MEANT.get(text.casefold())
    if meant in known:
        hint = f'write "{meant}"'
    raise _refusal(text, "is not possible here", hint)


def truth(text: str) -> bool:
    """`true` or `false`; the words of older YAML (yes, no, on, off) are
    understood as well.
    """
    known = {
        "true": True,
        "yes": True,
        "on": True,
        "false": False,
        "no": False,
        "off": False,
    }
    value = known.get(text.lower())
    if value is None:
        raise _refusal(
            text, "is neither true nor false", "write true or false"
        )
    return value


def number(text: str, *, least: int, most: int) -> int:
    """A whole number between `least` and `most`."""
    hint = f"use a number from {least} to {most}"
    if not re.fullmatch(r"[+-]?\d{1,12}", text, re.ASCII):
        raise _refusal(text, "is not a whole number", hint)
    value = int(text)
    if not least <= value <= most:
        raise Unreadable(f"{value} is out of range", hint)
    return value


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def time_zone(text: str) -> str:
    """The name of a time zone of the IANA database, such as `Europe/Berlin`."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        german = text.upper() in (
            "MEZ",
            "MESZ",
            "CEST",
            "BERLIN",
            "DE",
            "GERMANY",
            "DEUTSCHLAND",
        )
        hint = (
            'did you mean "Europe/Berlin"?'
            if german
            else near_miss(text, _zones())
        )
        raise _refusal(
            text,
            "is not a time zone",
            hint or 'write a name such as "Europe/Berlin"',
        ) from None
    return text


def clock_time(text: str) -> time:
    """`7:00` or `07:00`."""
    found = re.fullmatch(
        r"\s*(\d{1,2})[:.](\d{2})(?:\s*Uhr)?\s*",
        text,
        re.ASCII | re.IGNORECASE,
    )
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise _refusal(
            text,
            "is not a time of day",
            'write hours and minutes, for instance "07:00"',
        )
    return time(int(found[1]), int(found[2]))


def time_span(text: str) -> tuple[time, time]:
    """`22:00-06:00`; may cross midnight."""
    hint = 'write "22:00-06:00"'
    start, dash, end = re.sub(r"\s*(?:-|–|—|bis)\s*", "-", text).partition("-")
    if not dash:
        raise _refusal(text, "is not a span of time", hint)
    first, last = clock_time(start), clock_time(end)
    if first == last:
        raise _refusal(text, "begins and ends at the same time", hint)
    return first, last


_SPELLED_AT = re.compile(
    r"\s*[(\[{<]\s*(?:at|ät|a|@|klammeraffe)\s*[)\]}>]\s*"
    r"|\s+(?:at|ät|@|klammeraffe)\s+|\s+@|@\s+|[_-]at[_-](?!.*@)",
    re.IGNORECASE,
)
_SPELLED_DOT = re.compile(
    r"\s*[(\[{<]\s*(?:dot|punkt|\.)\s*[)\]}>]\s*|\s+(?:dot|punkt)\s+|,(?=[a-z]+$)",
    re.IGNORECASE,
)


def meant_address(text: str) -> str:
    """The address meant by a text such as `anna(at)example.org`, which hides
    it from machines.

    Empty where the text spells out nothing, or where no address comes of it.
    """
    bare = re.sub(r"^(?:mailto:|<)|>$", "", text.strip())
    meant = _SPELLED_DOT.sub(".", _SPELLED_AT.sub("@", bare))
    whole = re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", meant)
    return meant if whole and meant != text.strip() else ""


def _check_spelled_out(shown: str) -> None:
    meant = meant_address(shown)
    if not meant:
        return
    hint = f'write "{meant}"'
    for spelled, sign in ((_SPELLED_AT, "@"), (_SPELLED_DOT, ".")):
        found = spelled.search(shown)
        if found and found[0].strip() != sign:
            raise Unreadable(
                f'"{shown}" has "{found[0].strip()}" where "{sign}" belongs',
                hint,
            )
    if re.search(r"\s", shown):
        raise _refusal(shown, "has a blank inside", hint)
    raise _refusal(shown, "is more than an address", hint)


_LONGEST_ADDRESS = 1_000
"""Characters that are looked at: an address has 320 at most (RFC 3696), its
name stands beside.
"""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mail_address(text: str) -> str:
    """A bare mail address; the domain comes back in lower case and, where it
    has umlauts, in its ASCII form.
    """
    shown = text.strip()
    hint = 'write it as "name@example.org"'
    if len(shown) > _LONGEST_ADDRESS:
        raise _refusal(
            f"{shown[:40]}…", "is too long for a mail address", hint
        )
    name, bare = parseaddr(shown)
    _check_spelled_out(shown)
    if name and "@" in bare and bare != shown:
        raise _refusal(
            shown,
            "is more than an address",
            f'write only "{bare}", and the name under "name"',
        )
    _check_single(shown)
    local, at, domain = shown.rpartition("@")
    if not at or not local or not domain:
        raise _refusal(shown, "is not a mail address", hint)
    if not re.fullmatch(
        r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
        local,
    ):
        reason = (
            "umlauts and accents cannot stand before the @"
            if not local.isascii()
            else hint
        )
        raise _refusal(shown, "is not a mail address", reason)
    if len(local) > 64 or len(domain) > 253:
        raise _refusal(
            f"{shown[:40]}…", "is too long for a mail address", hint
        )
    return f"{local}@{_mail_domain(shown, domain, hint)}"


def _check_single(shown: str) -> None:
    """Several addresses, or a name without brackets around the address behind
    it.
    """
    found = [] if "\n" in shown else _MAIL.findall(shown)
    if len(found) > 1 and re.search(r"[ ,;]", shown):
        hint = "an entry has one address; make an entry for each, and a group of them with members"
        raise _refusal(shown, "is more than one address", hint)
    if found and re.search(r"\s", shown):
        hint = f'write only "{found[0]}", and the name under "name"'
        raise _refusal(shown, "is more than an address", hint)


def _mail_domain(shown: str, domain: str, hint: str) -> str:
    import idna  # noqa: PLC0415 - only settings with addresses need it

    try:
        # Python's own codec is of 2003 and makes spass.de of spaß.de, which is
        # somebody else's.
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        raise _refusal(shown, "is not a mail address", hint) from None
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(
        rf"{label}(\.{label})*\.(?!\d+$){label}", ascii_domain
    ):
        raise _refusal(shown, "has no complete domain after the @", hint)
    return ascii_domain


def web_address(text: str) -> str:
    """An `http` or `https` address, as written.

    Credentials inside are allowed: see `has_credentials`.
    """
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise _refusal(
            text, "contains a blank", "blanks in addresses are written %20"
        )
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _refusal(
            text,
            "is not a web address",
            "write it in full: https://www.example.org/feed",
        ) from None
    if (
        parts.scheme.lower() in ("http", "https")
        and host
        and (" " not in host)
    ):
        return text
    if parts.scheme.lower() == "feed":
        rest = text.split(":", 1)[1].lstrip("/")
        raise Unreadable(
            '"feed:" is not spoken here',
            f'write "{rest if "://" in rest else "https://" + rest}"',
        )
    if re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)", text):
        raise _refusal(
            text, "has no https:// in front", f'write "https://{text}"'
        )
    raise _refusal(
        text, "is not a web address", "only http:// and https:// are read"
    )


def public_address(text: str) -> str:
    """Where people reach us: https, without a slash at its end. On this
    machine http will do, for trying.
    """
    parts = urlsplit(web_address(text))
    if parts.query or parts.fragment or has_credentials(text):
        raise _refusal(
            text,
            "is more than an address",
            "write host and path only: https://www.example.org/monitor",
        )
    if not re.fullmatch(r"[!-~]+", text) or re.search(r'[<>",;\\]', text):
        raise _refusal(
            text,
            "cannot stand in the header of a mail",
            "write umlauts of the host as xn--…",
        )
    if parts.scheme.lower() != "https" and parts.hostname not in (
        "localhost",
        "127.0.0.1",
        "::1",
    ):
        raise _refusal(
            text,
            "is not https",
            "mail programs follow no other; put a proxy with TLS in front",
        )
    return text.rstrip("/")


def listener(text: str) -> tuple[str, int] | None:
    """`127.0.0.1:8765`, `[::1]:8765` or `0.0.0.0:8765`; None for `off`."""
    if text.strip().lower() == "off":
        return None
    host, _, port = text.strip().rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if (
        not bare
        or (":" in bare) != (bare != host)
        or not re.fullmatch(r"\d{1,5}", port, re.ASCII)
    ):
        raise _refusal(
            text,
            "is not an address with a port",
            'write for instance "127.0.0.1:8765"',
        )
    return bare, number(port, least=1, most=65535)


def has_credentials(address: str) -> bool:
    """Whether a user name or password stands in the address."""
    return "@" in urlsplit(address).netloc


def address_key(address: str) -> str:
    """What makes two addresses the same entry: scheme, default port, letter
    case of the host and a last / do not.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return host + port + parts.path.rstrip("/") + query


_FRONT = re.compile(r"^(?:www|m|mobil|amp|rss|feeds?|newsfeed)\.")


def is_on_site(address: str, site: str) -> bool:
    """Whether a feed's address belongs to the page under which a feed would be
    looked for.

    Hosts that differ in `www.` or `rss.` are one outlet's. A page that is not
    the front page stands for what lies below it only.
    """
    try:
        feed, page = address_key(address), address_key(site)
    except ValueError:
        return False
    feed, page = _FRONT.sub("", feed), _FRONT.sub("", page)
    return bool(page) and (
        feed == page or feed.startswith((page + "/", page + "?"))
    )


LONGEST_ID = 64  # characters


def slug(name: str) -> str:
    """The id made of a name: `Kreis Herford` gives `kreis-herford`, `Löhne`
    gives `loehne`. May be empty.
    """
    return ascii_slug(name, LONGEST_ID)


def identifier(text: str) -> str:
    """An id: lower-case letters, digits and hyphens, because it stands in
    addresses and message headers.
    """
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", text):
        return text
    better = slug(text)
    hint = f'write "{better}"' if better else 'write for instance "zdf-heute"'
    raise _refusal(
        text, "is not an id: only a-z, 0-9 and hyphens, at most 64", hint
    )


def code(text: str, *, what: str, example: str) -> str:
    """A two-letter code in lower case, such as a language or a country."""
    if re.fullmatch(r"[a-z]{2}", text):
        return text
    short = text.lower() if re.fullmatch(r"[A-Za-z]{2}", text) else example
    better = _CODES.get(text.lower(), short)
    raise Unreadable(
        f'"{text}" is not a {what} of two small letters', f'write "{better}"'
    )
