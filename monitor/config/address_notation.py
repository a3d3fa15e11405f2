"""How people write mail addresses and web addresses.

Each function turns one written text into a value or raises `Unreadable`, as
those of `notation`.
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from monitor.config.notation import Unreadable, complaint_about, number

_SPELLED_AT = re.compile(
    r"\s*[(\[{<]\s*(?:at|ät|a|@|klammeraffe)\s*[)\]}>]\s*"
    r"|\s+(?:at|ät|@|klammeraffe)\s+|\s+@|@\s+|[_-]at[_-](?!.*@)",
    re.IGNORECASE,
)
_SPELLED_DOT = re.compile(
    r"\s*[(\[{<]\s*(?:dot|punkt|\.)\s*[)\]}>]\s*|\s+(?:dot|punkt)\s+|,(?=[a-z]+$)",
    re.IGNORECASE,
)


_AROUND = "<>()[]\"'„“”‟‚‘’«»‹› \t"
"""What is copied along with an address: quotes of text programs, brackets."""


def meant_address(text: str) -> str:
    """The address meant by a text such as `anna(at)example.org`, which hides
    it from machines.

    Empty where the text spells out nothing, or where no address comes of it.
    """
    bare = text.strip(_AROUND).removeprefix("mailto:")
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
        raise complaint_about(shown, "has a blank inside", hint)
    raise complaint_about(shown, "is more than an address", hint)


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
        raise complaint_about(
            f"{shown[:40]}…", "is too long for a mail address", hint
        )
    name, bare = parseaddr(shown)
    _check_spelled_out(shown)
    if name and "@" in bare and bare != shown:
        raise complaint_about(
            shown,
            "is more than an address",
            f'write only "{bare}", and the name under "name"',
        )
    _check_single(shown)
    local, at, domain = shown.rpartition("@")
    if not at or not local or not domain:
        raise complaint_about(shown, "is not a mail address", hint)
    if not re.fullmatch(
        r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
        local,
    ):
        reason = (
            "umlauts and accents cannot stand before the @"
            if not local.isascii()
            else hint
        )
        raise complaint_about(shown, "is not a mail address", reason)
    if len(local) > 64 or len(domain) > 253:
        raise complaint_about(
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
        raise complaint_about(shown, "is more than one address", hint)
    if found and re.search(r"\s", shown):
        hint = f'write only "{found[0]}", and the name under "name"'
        raise complaint_about(shown, "is more than an address", hint)


def _mail_domain(shown: str, domain: str, hint: str) -> str:
    import idna  # noqa: PLC0415 - only settings with addresses need it

    try:
        # Python's own codec is of 2003 and makes spass.de of spaß.de, which is
        # somebody else's.
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        raise complaint_about(shown, "is not a mail address", hint) from None
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(
        rf"{label}(\.{label})*\.(?!\d+$){label}", ascii_domain
    ):
        raise complaint_about(
            shown, "has no complete domain after the @", hint
        )
    return ascii_domain


def web_address(text: str) -> str:
    """An `http` or `https` address, as written.

    Credentials inside are allowed: see `has_credentials`.
    """
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise complaint_about(
            text, "contains a blank", "blanks in addresses are written %20"
        )
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise complaint_about(
            text,
            "is not a web address",
            "write it in full: https://www.example.org/feed",
        ) from None
    if (
        parts.scheme.lower() in ("http", "https")
        and host
        and (" " not in host)
        and not re.fullmatch("https?", host)
    ):
        return text
    if parts.scheme.lower() == "feed":
        rest = text.split(":", 1)[1].lstrip("/")
        raise Unreadable(
            '"feed:" is not spoken here',
            f'write "{rest if "://" in rest else "https://" + rest}"',
        )
    if re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)", text):
        raise complaint_about(
            text, "has no https:// in front", f'write "https://{text}"'
        )
    meant = _meant_web_address(text)
    raise complaint_about(
        text,
        "is not a web address",
        f'write "{meant}"' if meant else "only http:// and https:// are read",
    )


_SLIPPED_SCHEME = re.compile(r"(?i:(?P<scheme>https?)\s*(?::/*|/+))+")


def _meant_web_address(text: str) -> str:
    """The address meant where something stands around it or its https:// is
    wrong: `<https://…>`, `https//…`, `https://https://…`. Empty where none can
    be guessed.
    """
    bare = text.strip(_AROUND)
    slipped = _SLIPPED_SCHEME.match(bare)
    scheme = slipped["scheme"].lower() if slipped else "https"
    rest = bare[slipped.end() :] if slipped else bare
    if not re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)", rest):
        return ""
    return f"{scheme}://{rest}"


def public_address(text: str) -> str:
    """Where people reach us: https, without a slash at its end. On this
    machine http will do, for trying.
    """
    parts = urlsplit(web_address(text))
    if parts.query or parts.fragment or has_credentials(text):
        raise complaint_about(
            text,
            "is more than an address",
            "write host and path only: https://www.example.org/monitor",
        )
    if not re.fullmatch(r"[!-~]+", text) or re.search(r'[<>",;\\]', text):
        raise complaint_about(
            text,
            "cannot stand in the header of a mail",
            "write umlauts of the host as xn--…",
        )
    if parts.scheme.lower() != "https" and parts.hostname not in (
        "localhost",
        "127.0.0.1",
        "::1",
    ):
        raise complaint_about(
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
        raise complaint_about(
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
