"""How many mails a topic would have sent: the pacing rules, run over the times at which its stories came. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.schedule.pacing import BRAKE_WINDOW, decide, digest_time
from monitor.schedule.spike import DAYS, judge
from monitor.types.catalog import Mode, QuietHours, Schedule


def count_mails(
    mode: Mode,
    arrivals: Sequence[datetime],
    *,
    schedule: Schedule,
    mails_per_hour: int,
    quiet: QuietHours | None = None,
) -> int:
    """`arrivals` are the times of the stories' first hits, in any order."""
    arrivals = sorted(arrivals)
    if mode == "digest":
        return len({digest_time(schedule, now=moment) for moment in arrivals})
    if mode == "spike":
        return _spikes(arrivals, schedule.timezone)
    return _at_once(arrivals, mails_per_hour=mails_per_hour, quiet=quiet)


def _at_once(arrivals: Sequence[datetime], *, mails_per_hour: int, quiet: QuietHours | None) -> int:
    sent: list[tuple[datetime, str]] = []
    told = 0
    while told < len(arrivals):
        now = arrivals[told]
        while True:
            recent = [mail for mail in sent[:mails_per_hour] if now - mail[0] < BRAKE_WINDOW]
            decision = decide(
                "immediate", recent, oldest=arrivals[told], mails_per_hour=mails_per_hour, quiet=quiet, now=now
            )
            if decision.wait_until is None:
                break
            now = decision.wait_until
        sent.insert(0, (now, decision.kind))
        while told < len(arrivals) and arrivals[told] <= now:
            told += 1
    return len(sent)


def _spikes(arrivals: Sequence[datetime], timezone: str) -> int:
    """Days that were unusual as a whole; the daemon looks every quarter of an hour and may tell earlier."""
    if not arrivals:
        return 0
    zone = ZoneInfo(timezone)
    days = Counter(moment.astimezone(zone).date() for moment in arrivals)
    first = min(days)
    found = 0
    for day, count in days.items():
        known = min((day - first).days, DAYS)
        before = [days.get(day - timedelta(days=back), 0) for back in range(1, known + 1)]
        found += judge(count, before) is not None
    return found
