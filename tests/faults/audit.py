"""What was promised against what is seen from outside, once the daemons have
ended.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from monitor.schedule.stopping import CUT_OFF
from tests.faults.system import Stop, System
from tests.flow.world import PEOPLE

CHANNELS = 1  # the webhook is told of every alert as a person is
# a mail that was handed over so often without an answer is a person's to
# decide
TRIES = 2


@dataclass
class Findings:
    """Items that somebody was not told of, those told under two Message-IDs,
    and all else.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    """Ends asked for under a fault, in order or not."""

    def __bool__(self) -> bool:
        return bool(self.lines())

    def lines(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.other]


def audit(system: System) -> Findings:
    """Each item stored, indexed and alerted once; told once to each person and
    to the webhook.
    """
    found = Findings(stops=list(system.stops))
    keys = [item.key for item in system.items]
    pairs = [f"{person} {key}" for person in PEOPLE for key in keys]
    told = Counter(
        {f"{person} {key}": n for (person, key), n in system.told().items()}
    )
    _compare(found, "mailed", pairs, told)
    _compare(found, "posted", keys, system.posted())
    _compare(found, "indexed", keys, system.indexed())
    found.other += _doubles(system)
    found.other += _rows(system)
    found.other += _stops(system)
    return found


def _stops(system: System) -> list[str]:
    """Ends that were asked for and were not in order; what hung was cut off
    and has said where.
    """
    return [
        f"asked to end, exit code {stop.code} after {stop.seconds:.1f} s"
        for stop in system.stops
        if stop.code != (CUT_OFF if stop.cut_off else 0)
    ]


def _compare(
    found: Findings, done: str, wanted: list[str], counted: Counter[str]
) -> None:
    found.lost += [
        f"{each}: never {done}" for each in wanted if counted[each] == 0
    ]
    found.doubled += [
        f"{each}: {done} {counted[each]} times"
        for each in wanted
        if counted[each] > 1
    ]


def _doubles(system: System) -> list[str]:
    """Mails that came twice under one Message-ID: each needs a lost answer to
    excuse it.
    """
    sent = Counter(
        str(one.message["Message-ID"]) for one in system.mailbox.received
    )
    doubles = sent.total() - len(sent)
    wrong = [
        f"{name} came {times} times"
        for name, times in sent.items()
        if times > TRIES
    ]
    if doubles > system.harms:
        wrong.append(f"{doubles} mails came twice after {system.harms} harms")
    return wrong


def _rows(system: System) -> list[str]:
    expected = {
        "entries": len(system.items),
        "articles": len(system.items),
        "matches": len(system.items),
        "alerts": len(system.items) * (len(PEOPLE) + CHANNELS),
    }
    wrong = []
    for table, count in expected.items():
        ((rows,),) = system.ground.ask(f"SELECT count(*) FROM {table}")
        if rows != count:
            wrong.append(f"{rows} rows of {table}, not {count}")
    set_aside = system.ground.ask(
        "SELECT step, reason, detail FROM quarantine"
    )
    # Twice handed over, twice no answer: that is shown to a person, as
    # promised.
    undecided = [row for row in set_aside if row[:2] == ("deliver", "unknown")]
    wrong += [f"set aside: {row}" for row in set_aside if row not in undecided]
    if len(undecided) * TRIES > system.harms:
        wrong.append(
            f"{len(undecided)} deliveries undecided after {system.harms} harms"
        )
    return wrong
