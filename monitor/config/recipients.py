"""The `recipients:` section of `feeds.yaml`: people, groups of people, and
what a name under a topic stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from functools import partial
from typing import Any

from ruamel.yaml.nodes import Node, ScalarNode

from monitor.config.address_notation import mail_address, meant_address
from monitor.config.feeds import MODES, SNIPPETS
from monitor.config.fields import (
    Key,
    YamlReading,
    as_list,
    block,
    child,
    one_line_text,
    one_or_many,
    peek,
    with_nodes,
)
from monitor.config.notation import (
    Unreadable,
    clock_time,
    near_miss,
    one_of,
    time_span,
    time_zone,
)
from monitor.types.catalog import QuietHours, Recipient

EVERYBODY = ("all", "alle")

QUIET_KEYS = (
    Key(
        "from",
        one_line_text(clock_time),
        "the quiet hours begin",
        required=True,
    ),
    Key(
        "to",
        one_line_text(clock_time),
        "the quiet hours end; may be the next morning",
        required=True,
    ),
    Key(
        "timezone",
        one_line_text(time_zone),
        "the time zone of these hours",
        "`Europe/Berlin`",
    ),
)


def quiet_hours(reading: YamlReading, node: Node) -> dict[str, Any]:
    """`"22:00-06:00"`, or a block with `from`, `to` and `timezone`."""
    if isinstance(node, ScalarNode):
        start, end = one_line_text(time_span)(reading, node)
        return {"start": start, "end": end}
    values = block(QUIET_KEYS)(reading, node)
    start, end = values.pop("from", time(0)), values.pop("to", time(0))
    return {"start": start, "end": end, **values}


RECIPIENT_KEYS = (
    Key(
        "name",
        one_line_text(),
        "what topics call this person or group",
        required=True,
    ),
    Key(
        "email",
        one_line_text(mail_address),
        "the mail address; a group has `members` instead",
    ),
    Key(
        "members",
        one_or_many(one_line_text()),
        "names of people or groups, or addresses: makes this a group",
    ),
    Key(
        "language",
        one_line_text(partial(one_of, known=("de", "en"))),
        "language of the mails, `de` or `en`",
        "`de`",
    ),
    Key(
        "mode",
        one_line_text(partial(one_of, known=MODES)),
        "overrides the topic's mode",
        "as the topic says",
    ),
    Key(
        "snippet",
        one_line_text(partial(one_of, known=SNIPPETS)),
        "overrides the topic's snippet",
        "as the topic says",
    ),
    Key(
        "quiet",
        quiet_hours,
        'hours without mail, such as `"22:00-06:00"`; it waits, nothing is lost',
    ),
)
_PERSONAL = ("language", "mode", "snippet", "quiet")


class AddressBook:
    """Everybody who may get mail: resolves names, groups and bare addresses to
    recipients.
    """

    def __init__(self) -> None:
        self._people: dict[str, Recipient] = {}  # by folded name
        # folded name -> members as written
        self._groups: dict[str, tuple[str, ...]] = {}
        self._by_address: dict[str, Recipient] = {}
        # folded name -> as written, broken entries included
        self._names: dict[str, str] = {}

    def everybody(self) -> tuple[Recipient, ...]:
        """All people, in the order in which they were named; bare addresses
        once they were used.
        """
        return tuple(self._by_address.values())

    def names(self) -> tuple[tuple[str, tuple[Recipient, ...]], ...]:
        """What people and groups are called, in the file's order, and who is
        meant.
        """
        return tuple(
            (name, self.resolve((name,))) for name in self._names.values()
        )

    def read(
        self, reading: YamlReading, nodes: Sequence[Node], zone: str
    ) -> None:
        """Take in the whole section; problems are recorded."""
        groups = []
        for node in nodes:
            with reading.inside(f'recipient "{peek(node, "name") or "?"}": '):
                values = reading.value(node, block(RECIPIENT_KEYS), default={})
                if self._is_new(reading, node) and self._is_either(
                    reading, node, values
                ):
                    self._take(reading, node, values, zone)
                if "members" in values:
                    groups.append((node, values["members"]))
        for node, members in groups:
            with reading.inside(
                f'recipient "{peek(node, "name") or "?"}": members: '
            ):
                self._check_members(
                    reading,
                    child(node, "members"),
                    members,
                    str(peek(node, "name")),
                )

    def _is_new(self, reading: YamlReading, node: Node) -> bool:
        name = peek(node, "name")
        if not name:
            return False
        if name.casefold() in EVERYBODY:
            message = f'"{name}" means everybody and cannot name one recipient'
            reading.report(
                child(node, "name"),
                message,
                hint="choose another name",
                code="reserved",
            )
            return False
        if name.casefold() in self._names:
            message = "there is already a recipient of this name"
            reading.report(
                child(node, "name"),
                message,
                hint="names must differ",
                code="duplicate-recipient",
            )
            return False
        self._names[name.casefold()] = name
        return True

    def _is_either(
        self, reading: YamlReading, node: Node, values: Mapping[str, Any]
    ) -> bool:
        email = child(node, "email") is not node
        members = child(node, "members") is not node
        if email == members:
            message = (
                "has both email and members"
                if email
                else "has neither email nor members"
            )
            reading.report(
                node,
                message,
                hint="email for a person, members for a group",
                code="recipient",
            )
            return False
        for key in _PERSONAL:
            if members and key in values:
                message = f"{key}: a group has no {key} of its own"
                reading.report(
                    child(node, key),
                    message,
                    hint="give it to its members",
                    code="recipient",
                )
        return True

    def _take(
        self,
        reading: YamlReading,
        node: Node,
        values: Mapping[str, Any],
        zone: str,
    ) -> None:
        folded = values.get("name", "").casefold()
        if "members" in values:
            self._groups[folded] = values["members"]
        if "email" not in values:
            return
        address = values["email"]
        if address.casefold() in self._by_address:
            other = self._by_address[address.casefold()].name
            hint = (
                f'"{other}" has it; a person may be in several groups instead'
            )
            reading.report(
                child(node, "email"),
                f"{address} stands here twice",
                hint=hint,
                code="duplicate-address",
            )
            return
        personal = {key: values[key] for key in _PERSONAL if key in values}
        if "quiet" in personal:
            personal["quiet"] = QuietHours(
                **{"timezone": zone, **personal["quiet"]}
            )
        person = Recipient(
            address=address, name=values.get("name"), **personal
        )
        self._people[folded] = self._by_address[address.casefold()] = person

    def _check_members(
        self,
        reading: YamlReading,
        node: Node,
        members: tuple[str, ...],
        group: str,
    ) -> None:
        for member, at in with_nodes(members, node):
            if member.casefold() not in self._names:
                try:
                    self._persons(member)
                except Unreadable as error:
                    hint = as_list(member) or error.hint
                    reading.report(
                        at, str(error), hint=hint, code="unknown-recipient"
                    )
        if self._reaches(group.casefold(), group.casefold(), frozenset()):
            reading.report(
                node,
                "the group contains itself",
                hint="take it out of its own members",
                code="cycle",
            )

    def _reaches(self, start: str, goal: str, passed: frozenset[str]) -> bool:
        for member in self._groups.get(start, ()):
            folded = member.casefold()
            if folded == goal or (
                folded not in passed
                and self._reaches(folded, goal, passed | {folded})
            ):
                return True
        return False

    def read_names(
        self, reading: YamlReading, names: Sequence[str], node: Node
    ) -> tuple[Recipient, ...]:
        """As `resolve`, of the known ones among the names under `recipients:`;
        what is wrong with the others is recorded.
        """
        known = []
        for name, item in with_nodes(names, node):
            try:
                self.resolve((name,))
                known.append(name)
            except Unreadable as error:
                hint = as_list(name) or error.hint
                reading.report(
                    item,
                    f"recipients: {error}",
                    hint=hint,
                    code="unknown-recipient",
                )
        return self.resolve(known)

    def resolve(self, names: Sequence[str]) -> tuple[Recipient, ...]:
        """The people behind names, groups, addresses and `all`, each once.
        Raises `Unreadable` for an unknown name.

        Unknown members of a group are left out: they were reported where the
        group stands.
        """
        found: dict[str, Recipient] = {}
        opened = set[str]()
        waiting = [(name, True) for name in names]
        while waiting:
            name, direct = waiting.pop(0)
            folded = name.casefold()
            if folded in self._groups:
                members = () if folded in opened else self._groups[folded]
                opened.add(folded)
                waiting = [*((member, False) for member in members), *waiting]
                continue
            try:
                persons = self._persons(name)
            except Unreadable:
                if direct:
                    raise
                persons = ()
            found |= {person.address.casefold(): person for person in persons}
        return tuple(found.values())

    def _persons(self, name: str) -> tuple[Recipient, ...]:
        folded = name.casefold()
        if folded in self._people:
            return (self._people[folded],)
        if folded in EVERYBODY:
            return tuple(self._people.values())
        if "@" in name or meant_address(name):
            address = mail_address(name)
            return (
                self._by_address.setdefault(
                    address.casefold(), Recipient(address=address)
                ),
            )
        # known, but its own entry is broken and has been reported there
        if folded in self._names:
            return ()
        hint = (
            near_miss(name, self._names.values())
            or "name it under recipients, or write a mail address"
        )
        raise Unreadable(f'there is no recipient "{name}"', hint)
