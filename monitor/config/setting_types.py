"""How single settings are written: sizes, lists, networks, addresses, times.
What each one means stands in `settings`.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from monitor.config.address_notation import (
    listener,
    mail_address,
    public_address,
    web_address,
)
from monitor.config.notation import clock_time, duration


def _listed(value: Any) -> Any:
    """A comma-separated text as a tuple."""
    if isinstance(value, str):
        return tuple(
            part
            for part in (part.strip() for part in value.split(","))
            if part
        )
    return value


def _network(value: str) -> str:
    """A network (`10.0.0.0/8`), an address or a host name."""
    try:
        ip_network(value)
    except ValueError as error:
        if not re.fullmatch(r"\*?[\w-]*(\.[\w-]+)*", value) or re.fullmatch(
            r"[\d./]+", value
        ):
            raise ValueError(
                f'"{value}" is neither a network such as 10.0.0.0/8 nor a host name'
            ) from error
    return value


def _address_or_network(value: str) -> str:
    """An address or a network without host bits; no names, which would have to
    be looked up.
    """
    try:
        ip_network(value)
    except ValueError as error:
        raise ValueError(
            f'"{value}" is neither an address nor a network'
        ) from error
    return value


def sender(value: str) -> str:
    """`Name <name@domain>` or a bare address."""
    named = re.fullmatch(r"\s*\"?([^<>\"\r\n]*?)\"?\s*<([^<>]*)>\s*", value)
    return (
        f"{named[1]} <{mail_address(named[2])}>"
        if named and named[1]
        else mail_address(named[2] if named else value)
    )


def _daily(value: Any) -> Any:
    if isinstance(value, str):
        return None if value.lower() in ("off", "") else clock_time(value)
    return value


def _bytes(value: Any) -> Any:
    """`512 MB`, `1 GB` or a bare number of bytes."""
    found = (
        re.fullmatch(r"\s*(\d+)\s*(?:([kKMG])i?B?|B)?\s*", value)
        if isinstance(value, str)
        else None
    )
    if isinstance(value, str) and not found:
        raise ValueError(
            f'"{value}" is not a size; write for instance "512 MB"'
        )
    return (
        int(found[1])
        * {"k": 10**3, "M": 10**6, "G": 10**9, None: 1}[_unit(found[2])]
        if found
        else value
    )


def _unit(letter: str | None) -> str | None:
    return "k" if letter == "K" else letter


Duration = Annotated[
    timedelta,
    BeforeValidator(
        lambda value: duration(value) if isinstance(value, str) else value
    ),
]
Size = Annotated[int, BeforeValidator(_bytes), Field(ge=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...],
    BeforeValidator(_listed),
]
WebAddress = Annotated[
    str, AfterValidator(lambda value: web_address(value) if value else value)
]
WebAddresses = Annotated[
    tuple[Annotated[str, AfterValidator(web_address)], ...],
    BeforeValidator(_listed),
]
Address = Annotated[
    str, AfterValidator(lambda value: mail_address(value) if value else value)
]
MailAddresses = Annotated[
    tuple[Annotated[str, AfterValidator(mail_address)], ...],
    BeforeValidator(_listed),
]
Daily = Annotated[time | None, BeforeValidator(_daily)]
PublicAddress = Annotated[
    str,
    AfterValidator(lambda value: public_address(value) if value else value),
]
Listener = Annotated[
    tuple[str, int] | None,
    BeforeValidator(lambda v: listener(v) if isinstance(v, str) else v),
]
NO_SECRET = SecretStr("")
Addresses = Annotated[
    tuple[Annotated[str, AfterValidator(_address_or_network)], ...],
    BeforeValidator(_listed),
]
HeaderName = Annotated[
    str, Field(max_length=100, pattern=r"^([A-Za-z0-9]+(-[A-Za-z0-9]+)*)?$")
]
