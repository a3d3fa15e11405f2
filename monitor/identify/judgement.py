"""Which remembered entry an item is, or that it is new: the levels of support, best first. Pure.

`identity` says what signals an item has and by which rules they are believed; `edits` whether its
words agree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.identify.edits import (
    is_edit,
    is_reissued,
    is_replaced,
    is_same_elsewhere,
    told_apart_by_query,
    wording,
)
from monitor.identify.identity import ALIAS_LIMIT, TITLE_DIGITS, is_address, length, spare_key
from monitor.types.feed import Entry, Identity, KnownEntry, Verdict, VerdictKind, Wording

# changes of one item that count: a live ticker's in two days; a clock in a teaser would never end
UPDATE_LIMIT = 300
_RECYCLED_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the document under judgement."""

    entry: Entry
    identity: Identity
    wording: Wording
    now: datetime | None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.identity.key, *self.identity.aliases)


_Support = Callable[[_Item, KnownEntry], bool]


def judge_items(
    entries: Sequence[Entry],
    identities: Sequence[Identity],
    known: Mapping[str, KnownEntry],
    *,
    elsewhere: Collection[KnownEntry] = (),
    now: datetime | None = None,
) -> tuple[Verdict, ...]:
    """One verdict per different item of the document, in order.

    `identities` are those of `identify_all`; `known` maps each remembered key and alias to its
    entry, at least those of `lookup_keys`. `elsewhere`: entries that carry about the times of items
    which had no match without them. Keys of new items are unused so far, or taken over, and no two
    of them are the same.
    """
    items: dict[Identity, Entry] = {}
    for entry, identity in zip(entries, identities, strict=True):
        if identity not in items or length(entry) > length(items[identity]):
            items[identity] = entry
    sights = [_Item(entry, identity, wording(entry), now) for identity, entry in items.items()]
    matches = _match(sights, known, elsewhere)
    taken = set(known)
    kept = {
        name for item, match in zip(sights, matches, strict=True) if match for name in item.names
    }
    taken.update(kept)
    verdicts = []
    for item, match in zip(sights, matches, strict=True):
        if match is not None:
            verdicts.append(_seen(item.entry, item.identity, match))
            continue
        verdict = _new(item, known, taken, kept)
        taken.update((verdict.identity.key, *verdict.identity.aliases))
        verdicts.append(verdict)
    return tuple(verdicts)


def _new(item: _Item, known: Mapping[str, KnownEntry], taken: set[str], kept: set[str]) -> Verdict:
    """An address that was another item's until now is this one's, unless that one is still listed
    under it.
    """
    addresses = [name for name in item.names if name.startswith(("l:", "lt:")) and name in known]
    given_away = [name for name in item.names if _is_given_away(item, known, name)]
    over = tuple(name for name in (*addresses, *given_away) if name not in kept)
    fresh = _unused(item.identity, taken - set(over))
    shares = bool(addresses) or not any(name.startswith("l:") for name in item.names)
    return Verdict(VerdictKind.NEW, item.entry, fresh, taken=over, shares_page=shares)


def _is_given_away(item: _Item, known: Mapping[str, KnownEntry], name: str) -> bool:
    """Whether a guid stood for something else until now."""
    if not name.startswith("g:") or name not in known or "r" + name[1:] in known:
        return False
    return is_replaced(known[name].wording, item.wording, now=item.now)


def _seen(entry: Entry, identity: Identity, known: KnownEntry) -> Verdict:
    changed = identity.content_hash != known.content_hash and known.updates < UPDATE_LIMIT
    names = [name for name in (identity.key, *identity.aliases) if name != known.key]
    if len(known.aliases) >= ALIAS_LIMIT:
        names = [name for name in names if name in known.aliases]
    kept = replace(identity, key=known.key, aliases=tuple(names))
    return Verdict(VerdictKind.CHANGED if changed else VerdictKind.KNOWN, entry, kept, known)


def _unused(identity: Identity, taken: set[str]) -> Identity:
    """The identity with a key that nobody has, and without the aliases that somebody has."""
    names = [name for name in (identity.key, *identity.aliases) if name not in taken]
    key = next((name for name in names if not name.startswith(("r:", "w:"))), None)
    number = 1
    while key is None:
        spare = spare_key(identity) + f" {number}" * (number > 1)
        key = None if spare in taken else spare
        number += 1
    return replace(identity, key=key, aliases=tuple(name for name in names if name != key))


def _match(
    items: Sequence[_Item], known: Mapping[str, KnownEntry], elsewhere: Collection[KnownEntry]
) -> list[KnownEntry | None]:
    """For each item the remembered entry that it is, or None; no entry twice."""
    found: list[KnownEntry | None] = [None] * len(items)
    claimed: set[int] = set()
    for level in _LEVELS if known else ():
        open_ones = [i for i, entry in enumerate(found) if entry is None]
        proposed = ((i, _proposal(items[i], known, level, claimed)) for i in open_ones)
        proposals = {i: entry for i, entry in proposed if entry is not None}
        if level.may_be_recycled:
            proposals = _without_recycled(items, proposals)
        for i, entry in proposals.items():
            if entry.id not in claimed:
                claimed.add(entry.id)
                found[i] = entry
    for i, item in enumerate(items):
        if found[i] is None:
            found[i] = _relaunched(item, elsewhere, claimed)
    return found


def _without_recycled(
    items: Sequence[_Item], proposals: dict[int, KnownEntry]
) -> dict[int, KnownEntry]:
    """Where half of a document moved at once, its keys were given to other items."""
    moved = {i for i, entry in proposals.items() if _moved(items[i], entry)}
    if len(moved) < max(_RECYCLED_AT_LEAST, len(items) / 2):
        return proposals
    return {i: entry for i, entry in proposals.items() if i not in moved}


def _relaunched(
    item: _Item, elsewhere: Collection[KnownEntry], claimed: set[int]
) -> KnownEntry | None:
    for entry in elsewhere:
        if entry.id not in claimed and _same_elsewhere(item, entry):
            claimed.add(entry.id)
            return entry
    return None


@dataclass(frozen=True, slots=True)
class _Level:
    """Signals by their prefixes, and what else must speak for the match."""

    prefixes: tuple[str, ...]
    supported: _Support
    may_be_recycled: bool = False


def _same_in_all(item: _Item, known: KnownEntry) -> bool:
    identity = item.identity
    same = identity.key == known.key and identity.content_hash == known.content_hash
    return same and _same_again(item, known)


def _same_again(item: _Item, known: KnownEntry) -> bool:
    """The words are the same; under a guid of its own it is the same item however much later."""
    return _has_guid_of(item, known) or not is_reissued(known.wording, item.wording)


def _has_guid_of(item: _Item, known: KnownEntry) -> bool:
    if _guid_is_address(item):
        return False
    names = {known.key, *known.aliases}
    return any(name in names for name in item.names if name.startswith("g:"))


def _guid_is_address(item: _Item) -> bool:
    return is_address(item.entry.guid, item.identity.page_url)


def _same_title(item: _Item, known: KnownEntry) -> bool:
    return item.identity.content_hash[:TITLE_DIGITS] == known.content_hash[:TITLE_DIGITS]


def _same_title_or_link(item: _Item, known: KnownEntry) -> bool:
    if _guid_is_address(item):
        return _edit(item, known)
    if is_replaced(known.wording, item.wording, now=item.now):
        return False
    if _same_title(item, known):
        return True
    names = {known.key, *known.aliases}
    return any(name in names for name in item.names if name.startswith("l:"))


def _edit(item: _Item, known: KnownEntry) -> bool:
    return is_edit(known.wording, item.wording, now=item.now)


def _edit_of_title(item: _Item, known: KnownEntry) -> bool:
    return _same_title(item, known) and _edit(item, known)


def _own_guid(item: _Item, known: KnownEntry) -> bool:
    if _guid_is_address(item):
        return _edit(item, known)
    return not is_replaced(known.wording, item.wording, now=item.now)


def _same_elsewhere(item: _Item, known: KnownEntry) -> bool:
    if told_apart_by_query(known.url, item.identity.page_url):
        return False
    return is_same_elsewhere(known.wording, item.wording)


def _moved(item: _Item, known: KnownEntry) -> bool:
    """Both have an address of their own, and it is not the same."""
    before = {name for name in (known.key, *known.aliases) if name.startswith("l:")}
    after = {name for name in item.names if name.startswith("l:")}
    return bool(before) and bool(after) and before.isdisjoint(after)


def _unsupported(_item: _Item, _known: KnownEntry) -> bool:
    return True


_LEVELS = (
    _Level(("",), _same_in_all),
    _Level(("x:",), _unsupported),
    _Level(("g:",), _same_title_or_link),
    _Level(("c:", "h:"), _same_again),
    _Level(("lt:", "gt:"), _edit),
    _Level(("l:",), _edit_of_title),
    _Level(("g:",), _own_guid, may_be_recycled=True),
    _Level(("l:",), _edit),
    _Level(("w:",), _same_elsewhere),
)


def _proposal(
    item: _Item, known: Mapping[str, KnownEntry], level: _Level, claimed: set[int]
) -> KnownEntry | None:
    identity = item.identity
    trusted = identity.key.startswith("g:") and "r" + identity.key[1:] not in known
    for name in (*item.names, spare_key(identity)):
        if not name.startswith(level.prefixes) or (name.startswith("h:") and trusted):
            continue
        if name.startswith("g:") and "r" + name[1:] in known:
            continue
        entry = known.get(name)
        if entry is not None and entry.id not in claimed and level.supported(item, entry):
            return entry
    return None
