"""Is an item new, changed, or known? Judged per feed, from values only.

Two fears pull apart: an item taken for another one is lost news, an item not recognised is a false alarm. The rules:

* An item has signals: its guid (`g:`), its normalised address without scheme (`l:`), its whole content with its path
  and exact time (`c:`; without such a time with its query), and where those are not enough, address or guid together
  with the title (`lt:`, `gt:`). The first reliable one is its key, the others are aliases.
* A guid is not trusted where several different items of the document carry it, where it did so before (the marker
  `r:` remembers), or where it is a mere number of up to four digits: some feeds count their items.
* An address is not trusted where several different items of the document carry it, or where it is a home page.
* Items of one document are one where address and content are the same, or guid, address and title.
* A remembered entry is given to at most one item, the best supported first: the same key and content; guid with title
  or address; the same content under the same path (a renamed host); address with title; then guid alone; then address
  alone. Without any address, content alone (`h:`) speaks only where there is no guid to trust: traffic reports repeat
  themselves.
* An item of which every signal belongs to other items is remembered under a spare key (`x:`).

So changed guids, http for https, added tracking parameters, a session in each address, a renamed host and reordered or
re-listed items make nothing new. A new guid and a new title at a known address are a change. Where at least half of a
document's guids seem to have moved to another address and another title, they are recycled, and the items new.

Not known here: where the remembered entries come from, dates, other feeds.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.identify.urls import host_less, normalize_url, scheme_less
from monitor.types.feed import Entry, Identity, KnownEntry, Verdict, VerdictKind

IDENTITY_VERSION = 2
UPDATE_LIMIT = 300  # changes of one item that count: a live ticker's in two days; a clock in a teaser would never end
ALIAS_LIMIT = 24  # keys remembered for one item; a feed with fresh guids at every poll would add some for ever

_KEY_LENGTH = 200  # characters of a key in clear; longer ones are hashed
_TITLE_DIGITS = 16  # the content hash begins with the title's, so that a remembered title can be compared
_COUNTER_DIGITS = 4
_RECYCLED_AT_LEAST = 3

_Support = Callable[[Identity, KnownEntry], bool]


def identify(entry: Entry, *, repeated_guid: bool = False, shared_link: bool = False) -> Identity:
    """An item's key and aliases. The flags say that other items of its document carry the same guid or address."""
    page_url = normalize_url(entry.url) if entry.url else None
    content_hash = _content_hash(entry, page_url)
    guid = entry.guid or ""
    trusted = bool(guid) and not repeated_guid and not _is_counter(guid)
    link = scheme_less(page_url) if page_url else ""
    signals = [_key("g", guid)] if trusted else []
    if link and not shared_link and not _is_home(link):
        signals.append(_key("l", link))
    if not signals:
        # What the title cannot tell apart, the rest of the content may.
        telling = content_hash[:_TITLE_DIGITS] if entry.title else content_hash
        signals.append(
            _key("lt", link, telling) if link else _key("gt", guid, telling) if guid else "h:" + content_hash
        )
    signals.append("c:" + _sighting(entry, content_hash) if link else "h:" + content_hash)
    if repeated_guid and guid:
        signals.append(_key("r", guid))
    signals = list(dict.fromkeys(signals))
    return Identity(signals[0], tuple(signals[1:]), content_hash, page_url, IDENTITY_VERSION)


def identify_all(entries: Sequence[Entry]) -> tuple[Identity, ...]:
    """One identity per item of one document, in order. The same article listed twice has the same identity twice."""
    alone = [identify(entry) for entry in entries]
    groups = _groups(entries, alone)
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    guids = Counter(guid for _, guid in {(group, entries[i].guid) for i, group in enumerate(groups)})
    link_of = {first: scheme_less(alone[first].page_url or "") for first in members}
    links = Counter(link_of.values())
    merged = {}
    for first, listed in members.items():
        shared = links[link_of[first]] > 1
        each = [
            identify(entries[i], repeated_guid=repeated, shared_link=shared) if repeated or shared else alone[i]
            for i in listed
            for repeated in (entries[i].guid is not None and guids[entries[i].guid] > 1,)
        ]
        # Whatever their order, the copy with most text stands for the others.
        best = max(zip(listed, each, strict=True), key=lambda pair: (_length(entries[pair[0]]), pair[1].content_hash))[
            1
        ]
        names = dict.fromkeys(name for identity in each for name in (identity.key, *identity.aliases))
        names.pop(best.key)
        merged[first] = replace(best, aliases=tuple(names)[:ALIAS_LIMIT])
    return tuple(merged[group] for group in groups)


def lookup_keys(identities: Iterable[Identity]) -> frozenset[str]:
    """Every key under which the items of a document may be remembered: what `judge` wants to know about."""
    listed = set(identities)
    names = {name for identity in listed for name in (identity.key, *identity.aliases)}
    names.update([_spare(identity) for identity in listed])
    return frozenset(names | {"r" + name[1:] for name in names if name.startswith("g:")})


def judge(
    entries: Sequence[Entry], identities: Sequence[Identity], known: Mapping[str, KnownEntry]
) -> tuple[Verdict, ...]:
    """One verdict per different item of the document, in order.

    `identities` are those of `identify_all`; `known` maps each remembered key and alias to its entry, at least those
    of `lookup_keys`. Keys of new items are unused so far, and no two of them are the same.
    """
    items: dict[Identity, Entry] = {}
    for entry, identity in zip(entries, identities, strict=True):
        if identity not in items or _length(entry) > _length(items[identity]):
            items[identity] = entry
    matches = _match(list(items), known)
    taken = set(known)
    for identity, match in zip(items, matches, strict=True):
        taken.update((identity.key, *identity.aliases) if match else ())
    verdicts = []
    for (identity, entry), match in zip(items.items(), matches, strict=True):
        if match is not None:
            verdicts.append(_seen(entry, identity, match))
            continue
        fresh = _unused(identity, taken)
        taken.update((fresh.key, *fresh.aliases))
        verdicts.append(Verdict(VerdictKind.NEW, entry, fresh))
    return tuple(verdicts)


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
    key = next((name for name in names if not name.startswith("r:")), None)
    number = 1
    while key is None:
        spare = _spare(identity) + f" {number}" * (number > 1)
        key = None if spare in taken else spare
        number += 1
    return replace(identity, key=key, aliases=tuple(name for name in names if name != key))


def _spare(identity: Identity) -> str:
    return _key("x", identity.key, identity.content_hash)


def _match(identities: Sequence[Identity], known: Mapping[str, KnownEntry]) -> list[KnownEntry | None]:
    """For each item the remembered entry that it is, or None; no entry twice."""
    found: list[KnownEntry | None] = [None] * len(identities)
    claimed: set[int] = set()
    for level in _LEVELS if known else ():
        proposals = [
            (i, entry)
            for i, identity in enumerate(identities)
            if found[i] is None and (entry := _proposal(identity, known, level, claimed))
        ]
        moved = [i for i, entry in proposals if level.may_be_recycled and _moved(identities[i], entry)]
        if len(moved) >= max(_RECYCLED_AT_LEAST, len(identities) / 2):
            proposals = [(i, entry) for i, entry in proposals if i not in set(moved)]
        for i, entry in proposals:
            if entry.id not in claimed:
                claimed.add(entry.id)
                found[i] = entry
    return found


@dataclass(frozen=True, slots=True)
class _Level:
    """Signals by their prefixes, and what else must speak for the match."""

    prefixes: tuple[str, ...]
    supported: _Support
    may_be_recycled: bool = False


def _same_in_all(identity: Identity, known: KnownEntry) -> bool:
    return identity.key == known.key and identity.content_hash == known.content_hash


def _same_title(identity: Identity, known: KnownEntry) -> bool:
    return identity.content_hash[:_TITLE_DIGITS] == known.content_hash[:_TITLE_DIGITS]


def _same_title_or_link(identity: Identity, known: KnownEntry) -> bool:
    if _same_title(identity, known):
        return True
    names = {known.key, *known.aliases}
    return any(name in names for name in (identity.key, *identity.aliases) if name.startswith("l:"))


def _moved(identity: Identity, known: KnownEntry) -> bool:
    """Both have an address of their own, and it is not the same."""
    before = {name for name in (known.key, *known.aliases) if name.startswith("l:")}
    after = {name for name in (identity.key, *identity.aliases) if name.startswith("l:")}
    return bool(before) and bool(after) and before.isdisjoint(after)


def _unsupported(_identity: Identity, _known: KnownEntry) -> bool:
    return True


_LEVELS = (
    _Level(("",), _same_in_all),
    _Level(("x:",), _unsupported),
    _Level(("g:",), _same_title_or_link),
    _Level(("c:", "h:"), _unsupported),
    _Level(("lt:", "gt:"), _unsupported),
    _Level(("l:",), _same_title),
    _Level(("g:",), _unsupported, may_be_recycled=True),
    _Level(("l:",), _unsupported),
)


def _proposal(
    identity: Identity, known: Mapping[str, KnownEntry], level: _Level, claimed: set[int]
) -> KnownEntry | None:
    trusted = identity.key.startswith("g:") and "r" + identity.key[1:] not in known
    for name in (identity.key, *identity.aliases, _spare(identity)):
        if not name.startswith(level.prefixes) or (name.startswith("h:") and trusted):
            continue
        if name.startswith("g:") and "r" + name[1:] in known:
            continue
        entry = known.get(name)
        if entry is not None and entry.id not in claimed and level.supported(identity, entry):
            return entry
    return None


def _groups(entries: Sequence[Entry], alone: Sequence[Identity]) -> list[int]:
    """For each item the index of the first item of the document that is the same article."""
    firsts: dict[tuple[str, ...], int] = {}
    groups: list[int] = []
    for i, (entry, identity) in enumerate(zip(entries, alone, strict=True)):
        link = scheme_less(identity.page_url) if identity.page_url else ""
        guid = entry.guid or ""
        # Under a home page, or without any address, guids may be all that tells items apart.
        specific = bool(link) and not _is_home(link)
        same_content = ("content", link, "" if specific else guid, identity.content_hash)
        same_title = ("title", guid, link, identity.content_hash[:_TITLE_DIGITS])
        telling = (same_content, same_title) if guid and specific else (same_content,)
        agreed = {groups[firsts[name]] for name in telling if name in firsts}
        group = min(agreed, default=i)
        if len(agreed) > 1:  # this copy shows that two groups are one
            groups = [group if other in agreed else other for other in groups]
        firsts.setdefault(same_content, i)
        firsts.setdefault(same_title, i)
        groups.append(group)
    return groups


def _content_hash(entry: Entry, page_url: str | None) -> str:
    """Title first, then what else a reader sees, and the path of the page; white space and the host do not count."""
    title = hashlib.sha256("".join(entry.title.split()).encode()).hexdigest()[:_TITLE_DIGITS]
    path = host_less(page_url) if page_url else ""
    if _exact_time(entry):
        path = path.partition("?")[0]  # some servers put another session or counter into each answer
    rest = "\0".join(("".join(entry.summary.split()), "".join(entry.content.split()), path))
    return title + hashlib.sha256(rest.encode()).hexdigest()[:32]


def _sighting(entry: Entry, content_hash: str) -> str:
    """The whole content and, as far as it is told, its exact time: without the query, both must speak."""
    when = _exact_time(entry)
    return content_hash + hashlib.sha256(when.encode()).hexdigest()[:8] if when else content_hash


def _exact_time(entry: Entry) -> str:
    """When the item appeared, "" where that is not told to the minute: reports of one day may read alike."""
    when = None if entry.published.moves else entry.published.parsed
    return when.isoformat() if when and (when.minute or when.second) else ""


def _length(entry: Entry) -> int:
    return len(entry.title) + len(entry.summary) + len(entry.content)


def _key(prefix: str, *parts: str) -> str:
    value = " ".join(parts)
    if len(value) > _KEY_LENGTH:
        value = "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    return f"{prefix}:{value}"


def _is_counter(guid: str) -> bool:
    return len(guid) <= _COUNTER_DIGITS and guid.isdecimal()


def _is_home(link: str) -> bool:
    return host_less("http:" + link) == "/"
