"""Which remembered entry an item is, or that it is new: the levels of support,
best first. Pure.

`identity` says what signals an item has and by which rules they are believed;
`edits` whether its words agree.
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
from monitor.identify.identity import (
    ALIAS_LIMIT,
    TITLE_DIGITS,
    is_address,
    length,
    repeated_marker,
    spare_key,
)
from monitor.types.feed import (
    Entry,
    Identity,
    KnownEntry,
    Verdict,
    VerdictKind,
    Wording,
)

# changes of one item that count: a live ticker's in two days; a clock in a
# teaser would never end
UPDATE_LIMIT = 300
_RECYCLED_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the document under judgement."""

    entry: Entry
    identity: Identity
    wording: Wording
    now: datetime | None

    def has_key_of(self, known: KnownEntry, prefix: str) -> bool:
        """Whether both have the same key of a kind."""
        shared = set(self.identity.names).intersection(known.names)
        return any(name.startswith(prefix) for name in shared)


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

    `identities` are those of `identify_all`; `known` maps each remembered key
    and alias to its entry, at least those of `lookup_keys`. `elsewhere`:
    entries that carry about the times of items which had no match without
    them. Keys of new items are unused so far, or taken over, and no two of
    them are the same.
    """
    fullest: dict[Identity, Entry] = {}
    for entry, identity in zip(entries, identities, strict=True):
        if identity not in fullest or length(entry) > length(
            fullest[identity]
        ):
            fullest[identity] = entry
    items = [
        _Item(entry, identity, wording(entry), now)
        for identity, entry in fullest.items()
    ]
    matches = _match(items, known, elsewhere)
    kept: set[str] = set()
    for i in matches:
        kept.update(items[i].identity.names)
    taken = kept.union(known)
    verdicts = []
    for i, item in enumerate(items):
        if i in matches:
            verdicts.append(_seen(item, matches[i]))
            continue
        verdict = _new(item, known, taken, kept)
        taken.update(verdict.identity.names)
        verdicts.append(verdict)
    return tuple(verdicts)


def _new(
    item: _Item,
    known: Mapping[str, KnownEntry],
    taken: set[str],
    kept: set[str],
) -> Verdict:
    """An address that was another item's until now is this one's, unless that
    one is still listed under it.
    """
    names = item.identity.names
    addresses = [
        name
        for name in names
        if name.startswith(("l:", "lt:")) and name in known
    ]
    given_away = [name for name in names if _is_given_away(item, known, name)]
    over = tuple(name for name in addresses + given_away if name not in kept)
    fresh = _unused(item.identity, taken.difference(over))
    shares = bool(addresses) or not any(
        name.startswith("l:") for name in names
    )
    return Verdict(
        VerdictKind.NEW, item.entry, fresh, taken=over, shares_page=shares
    )


def _is_given_away(
    item: _Item, known: Mapping[str, KnownEntry], name: str
) -> bool:
    """Whether a guid stood for something else until now."""
    if (
        not name.startswith("g:")
        or name not in known
        or repeated_marker(name) in known
    ):
        return False
    return _is_replaced(item, known[name])


def _seen(item: _Item, known: KnownEntry) -> Verdict:
    identity = item.identity
    kind = VerdictKind.KNOWN
    if (
        identity.content_hash != known.content_hash
        and known.updates < UPDATE_LIMIT
    ):
        kind = VerdictKind.CHANGED
    names = [name for name in identity.names if name != known.key]
    if len(known.aliases) >= ALIAS_LIMIT:
        names = [name for name in names if name in known.aliases]
    kept = replace(identity, key=known.key, aliases=tuple(names))
    return Verdict(kind, item.entry, kept, known)


def _unused(identity: Identity, taken: set[str]) -> Identity:
    """The identity with a key that nobody has, and without the aliases that
    somebody has.
    """
    names = [name for name in identity.names if name not in taken]
    telling = [name for name in names if not name.startswith(("r:", "w:"))]
    key = telling[0] if telling else _unused_spare_key(identity, taken)
    return replace(
        identity, key=key, aliases=tuple(name for name in names if name != key)
    )


def _unused_spare_key(identity: Identity, taken: set[str]) -> str:
    first = key = spare_key(identity)
    number = 1
    while key in taken:
        number += 1
        key = f"{first} {number}"
    return key


def _match(
    items: Sequence[_Item],
    known: Mapping[str, KnownEntry],
    elsewhere: Collection[KnownEntry],
) -> dict[int, KnownEntry]:
    """The remembered entries that items are, by the places of the items; no
    entry twice.
    """
    found: dict[int, KnownEntry] = {}
    claimed: set[int] = set()

    def claim(i: int, entry: KnownEntry | None) -> None:
        if entry is not None and entry.id not in claimed:
            claimed.add(entry.id)
            found[i] = entry

    for level in _LEVELS if known else ():
        unmatched = [i for i in range(len(items)) if i not in found]
        proposals = {
            i: _proposal(items[i], known, level, claimed) for i in unmatched
        }
        if level.may_be_recycled:
            proposals = _without_recycled(items, proposals)
        for i, entry in proposals.items():
            claim(i, entry)
    for i, item in enumerate(items):
        if i not in found:
            claim(i, _relaunched(item, elsewhere, claimed))
    return found


def _without_recycled(
    items: Sequence[_Item], proposals: dict[int, KnownEntry | None]
) -> dict[int, KnownEntry | None]:
    """Where half of a document moved at once, its keys were given to other
    items.
    """
    moved = {
        i
        for i, entry in proposals.items()
        if entry and _moved(items[i], entry)
    }
    if len(moved) < max(_RECYCLED_AT_LEAST, len(items) / 2):
        return proposals
    return {i: entry for i, entry in proposals.items() if i not in moved}


def _relaunched(
    item: _Item, elsewhere: Collection[KnownEntry], claimed: set[int]
) -> KnownEntry | None:
    for entry in elsewhere:
        if entry.id not in claimed and _same_elsewhere(item, entry):
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
    same = (
        identity.key == known.key
        and identity.content_hash == known.content_hash
    )
    return same and _same_again(item, known)


def _same_again(item: _Item, known: KnownEntry) -> bool:
    """The words are the same; under a guid of its own it is the same item
    however much later.
    """
    return _has_guid_of(item, known) or not is_reissued(
        known.wording, item.wording
    )


def _has_guid_of(item: _Item, known: KnownEntry) -> bool:
    return not _guid_is_address(item) and item.has_key_of(known, "g:")


def _guid_is_address(item: _Item) -> bool:
    return is_address(item.entry.guid, item.identity.page_url)


def _same_title(item: _Item, known: KnownEntry) -> bool:
    return (
        item.identity.content_hash[:TITLE_DIGITS]
        == known.content_hash[:TITLE_DIGITS]
    )


def _same_title_or_link(item: _Item, known: KnownEntry) -> bool:
    if _guid_is_address(item):
        return _edit(item, known)
    if _is_replaced(item, known):
        return False
    return _same_title(item, known) or item.has_key_of(known, "l:")


def _edit(item: _Item, known: KnownEntry) -> bool:
    return is_edit(known.wording, item.wording, now=item.now)


def _edit_of_title(item: _Item, known: KnownEntry) -> bool:
    return _same_title(item, known) and _edit(item, known)


def _own_guid(item: _Item, known: KnownEntry) -> bool:
    if _guid_is_address(item):
        return _edit(item, known)
    return not _is_replaced(item, known)


def _is_replaced(item: _Item, known: KnownEntry) -> bool:
    return is_replaced(known.wording, item.wording, now=item.now)


def _same_elsewhere(item: _Item, known: KnownEntry) -> bool:
    if told_apart_by_query(known.url, item.identity.page_url):
        return False
    return is_same_elsewhere(known.wording, item.wording)


def _moved(item: _Item, known: KnownEntry) -> bool:
    """Both have an address of their own, and it is not the same."""
    before = {name for name in known.names if name.startswith("l:")}
    after = {name for name in item.identity.names if name.startswith("l:")}
    return bool(before and after) and before.isdisjoint(after)


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
    item: _Item,
    known: Mapping[str, KnownEntry],
    level: _Level,
    claimed: set[int],
) -> KnownEntry | None:
    identity = item.identity
    trusted = (
        identity.key.startswith("g:")
        and repeated_marker(identity.key) not in known
    )
    for name in (*identity.names, spare_key(identity)):
        if not name.startswith(level.prefixes) or (
            name.startswith("h:") and trusted
        ):
            continue
        if name.startswith("g:") and repeated_marker(name) in known:
            continue
        entry = known.get(name)
        if (
            entry is not None
            and entry.id not in claimed
            and level.supported(item, entry)
        ):
            return entry
    return None
