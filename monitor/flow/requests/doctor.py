"""What `monitor doctor` finds out about the machine it runs on: what is wrong,
and what mends it.

The judging is pure. Whoever asks the network, the mail server and the index
hands in what they said.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from monitor.store.files import is_missing
from monitor.types.health import HealthCheck
from monitor.types.web import FailureKind, Fetched, FetchFailed, FetchOutcome

LARGEST_DRIFT = timedelta(minutes=2)
"""Servers' clocks and ours. Feeds say times to the minute, and answers take
some seconds.
"""

FIRST_YEAR = 2026
"""No clock that is right says an earlier one: this program is not older."""


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that was looked at. `fix` says what mends it, "" where nothing
    has to be.
    """

    name: str
    well: bool
    detail: str
    fix: str = ""


def from_check(check: HealthCheck, fix: str) -> DoctorFinding:
    """What `monitor health` checks, with what mends it."""
    return DoctorFinding(
        check.name, check.well, check.detail, "" if check.well else fix
    )


def judge_clock(
    now: datetime,
    outcomes: Sequence[FetchOutcome],
    last_alive: datetime | None,
) -> DoctorFinding:
    """Our clock beside those of servers, and beside what a daemon wrote here
    last.
    """
    fix = "set the clock, and keep it right: timedatectl set-ntp true"
    if now.year < FIRST_YEAR:
        return DoctorFinding("clock", False, f"it says {now:%Y-%m-%d}", fix)
    if last_alive is not None and last_alive - now > LARGEST_DRIFT:
        return DoctorFinding(
            "clock",
            False,
            f"it was {_span(last_alive - now)} further before",
            fix,
        )
    differences = sorted(
        filter(None, (_difference(outcome, now) for outcome in outcomes))
    )
    if not differences:
        return DoctorFinding(
            "clock", True, "no server was there to compare it with"
        )
    middle = differences[len(differences) // 2]
    if abs(middle) > LARGEST_DRIFT:
        return DoctorFinding(
            "clock", False, f"servers differ by {_span(abs(middle))}", fix
        )
    return DoctorFinding("clock", True, "servers say the same")


def judge_network(
    outcomes: Sequence[FetchOutcome], *, proxy: bool
) -> tuple[DoctorFinding, ...]:
    """DNS, connections and TLS, each by what some feeds' servers said."""
    if not outcomes:
        return (DoctorFinding("network", True, "there is no feed to ask"),)
    failed = [
        outcome for outcome in outcomes if isinstance(outcome, FetchFailed)
    ]
    silent = [outcome for outcome in failed if outcome.status is None]
    answered = len(outcomes) - len(silent)
    way = (
        "check MONITOR_PROXY: host, port, user"
        if proxy
        else "is a proxy needed? MONITOR_PROXY"
    )
    fixes = {
        "dns": "check /etc/resolv.conf and the name server",
        "network": f"check cable, firewall and route; {way}",
        "tls": "does a proxy open TLS? set MONITOR_FETCH_CA_FILE to its authority",
    }
    return tuple(
        _judge_kind(
            name, silent, asked=len(outcomes), answered=answered, fix=fix
        )
        for name, fix in fixes.items()
    )


KINDS = {
    "dns": {FailureKind.DNS},
    "tls": {FailureKind.TLS},
    "network": {
        FailureKind.OFFLINE,
        FailureKind.CONNECT,
        FailureKind.TIMEOUT,
        FailureKind.PROTOCOL,
    },
}
"""Kinds of failure that speak for each trouble."""


def _judge_kind(
    name: str,
    silent: Sequence[FetchFailed],
    *,
    asked: int,
    answered: int,
    fix: str,
) -> DoctorFinding:
    """Wrong where most servers fail so. A single one is a matter of that feed."""
    such = [found for found in silent if found.kind in KINDS[name]]
    if not such and not answered:
        return DoctorFinding(
            name, True, "no server was reached that could tell"
        )
    if not such:
        return DoctorFinding(
            name, True, f"{answered} of {asked} servers answered"
        )
    detail = f"{len(such)} of {asked} servers fail: {such[0].detail}"
    return DoctorFinding(
        name,
        2 * len(such) <= asked,
        detail,
        fix if 2 * len(such) > asked else "",
    )


def judge_rights(data: Path, feeds: Path) -> DoctorFinding:
    """Whether this account may write the data folder and read feeds.yaml."""
    fix = "run it as the account that owns the folder, or give it to this one: chown"
    place = nearest_folder(data)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return DoctorFinding(
            "rights", False, f"{place}: {error.strerror or error}", fix
        )
    unreadable = not is_missing(feeds) and not os.access(feeds, os.R_OK)
    if unreadable:
        return DoctorFinding("rights", False, f"{feeds} cannot be read", fix)
    return DoctorFinding("rights", True, f"{place} can be written")


def nearest_folder(folder: Path) -> Path:
    """The folder, or that in which it would be made."""
    places = (folder, *folder.absolute().parents)
    return next(place for place in places if not is_missing(place))


def _difference(outcome: FetchOutcome, now: datetime) -> timedelta | None:
    """By how much a server's clock is ahead of ours; None where a cache may
    have answered.
    """
    if not isinstance(outcome, Fetched):
        return None
    headers = dict(outcome.headers)
    if "date" not in headers or "age" in headers:
        return None
    try:
        said = parsedate_to_datetime(headers["date"])
    except ValueError:
        return None
    return (
        said if said.tzinfo else said.replace(tzinfo=UTC)
    ) - now or timedelta(microseconds=1)


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 60:.0f} min"
