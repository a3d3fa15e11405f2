"""Is an item new, changed, or known? Judged per feed, from values only.

Two fears pull apart: an item taken for another one is lost news, an item not recognised is a false
alarm. The rules:

* An item has signals: its guid (`g:`), its normalised address without scheme (`l:`), its whole
  content with its path and exact time (`c:`; without such a time with its query), and where those
  are not enough, address or guid together with the title (`lt:`, `gt:`). The first reliable one is
  its key, the others are aliases.
* A guid is not trusted where several different items of the document carry it, where it did so
  before (the marker `r:` remembers), or where it is a mere number of up to four digits: some feeds
  count their items.
* An address is not trusted where several different items of the document carry it, or where it is a
  home page.
* A guid that is the address, or another spelling of it, says no more than the address.
* An address that is trusted still needs words: whether an item at a known address is an edit of
  what was there, or another item in its place, is said by title, text and time (`edits`). The other
  item takes the address over.
* Items of one document are one where address and content are the same, or guid, address and title;
  without guids of their own also where address and time are the same and the words alike (a teaser
  and the main item).
* A remembered entry is given to at most one item, the best supported first: the same key and
  content; guid with title or address; the same content under the same path (a renamed host);
  address with title; then guid alone; then address alone. Without any address, content alone (`h:`)
  speaks only where there is no guid to trust: traffic reports repeat themselves.
* An item without any match may be an old one at another address under another guid, as after a
  relaunch: the same title, text and time say so, among entries that carry about that time (`w:`
  names those that carry none).
* An item of which every signal belongs to other items is remembered under a spare key (`x:`).

So changed guids, http for https, added tracking parameters, a session in each address, a renamed
host and reordered or re-listed items make nothing new. A new guid at a known address is a change
where the words agree. Where at least half of a document's guids seem to have moved to another
address and another title, they are recycled, and the items new.

Not known here: where the remembered entries come from, other feeds.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from monitor.identify.edits import is_listed_twice, wording
from monitor.identify.likeness import ALIKE, compare_texts
from monitor.identify.urls import host_less, normalize_url, scheme_less
from monitor.types.feed import Entry, Identity

IDENTITY_VERSION = 3
# keys remembered for one item; a feed with fresh guids at every poll would add some for ever
ALIAS_LIMIT = 24
TITLE_DIGITS = (
    16  # the content hash begins with the title's, so that a remembered title can be compared
)

_KEY_LENGTH = 200  # characters of a key in clear; longer ones are hashed
_COUNTER_DIGITS = 4
_TWINS_COMPARED = 8  # a hundred warnings of one minute are no teasers


def identify(entry: Entry, *, repeated_guid: bool = False, shared_link: bool = False) -> Identity:
    """An item's key and aliases.

    The flags say that other items of its document carry the same guid or address.
    """
    page_url = normalize_url(entry.url) if entry.url else None
    content_hash = _content_hash(entry, page_url)
    guid = entry.guid or ""
    link = scheme_less(page_url or "")
    own_guid = guid if not (repeated_guid or _is_counter(guid)) else ""
    own_link = link if not shared_link and _is_specific(link) else ""
    signals = _keys(own_guid, own_link)
    if not signals:
        # What the title cannot tell apart, the rest of the content may.
        telling = content_hash[:TITLE_DIGITS] if entry.title else content_hash
        signals.append(_weak_key(link, guid, telling) or "h:" + content_hash)
    signals.append("c:" + _sighting(entry, content_hash) if link else "h:" + content_hash)
    if link and entry.published.parsed is None:
        signals.append("w:" + _words_hash(entry))
    if repeated_guid and guid:
        signals.append(_key("r", guid))
    signals = list(dict.fromkeys(signals))
    return Identity(signals[0], tuple(signals[1:]), content_hash, page_url, IDENTITY_VERSION)


def _keys(guid: str, link: str) -> list[str]:
    """The keys of a guid and of an address that are an item's own."""
    return [_key(kind, own) for kind, own in (("g", guid), ("l", link)) if own]


def _weak_key(link: str, guid: str, telling: str) -> str:
    """The key of an item whose address and guid are not its own alone; "" without either."""
    if link:
        return _key("lt", link, telling)
    return _key("gt", guid, telling) if guid else ""


def identify_all(entries: Sequence[Entry]) -> tuple[Identity, ...]:
    """One identity per item of one document, in order.

    The same article listed twice has the same identity twice.
    """
    alone = [identify(entry) for entry in entries]
    groups = _groups(entries, alone)
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    listed_under = {(group, entry.guid) for group, entry in zip(groups, entries, strict=True)}
    guids = Counter(guid for _, guid in listed_under)
    link_of = {first: scheme_less(alone[first].page_url or "") for first in members}
    links = Counter(link_of.values())

    def identity_of(i: int, *, shared: bool) -> Identity:
        guid = entries[i].guid
        repeated = guid is not None and guids[guid] > 1
        if not (repeated or shared):
            return alone[i]
        return identify(entries[i], repeated_guid=repeated, shared_link=shared)

    merged = {}
    for first, listed in members.items():
        shared = links[link_of[first]] > 1
        copies = [(entries[i], identity_of(i, shared=shared)) for i in listed]
        merged[first] = _as_one(copies)
    return tuple(merged[group] for group in groups)


def _as_one(copies: Sequence[tuple[Entry, Identity]]) -> Identity:
    """The identity of an article listed several times: whatever their order, the copy with most
    text stands for the others.
    """
    _, best = max(copies, key=lambda copy: (length(copy[0]), copy[1].content_hash))
    names = chain.from_iterable((identity.key, *identity.aliases) for _, identity in copies)
    aliases = [name for name in dict.fromkeys(names) if name != best.key]
    return replace(best, aliases=tuple(aliases[:ALIAS_LIMIT]))


def lookup_keys(identities: Iterable[Identity]) -> frozenset[str]:
    """Every key under which the items of a document may be remembered: what `judge_items` wants to
    know about.
    """
    listed = set(identities)
    names = {name for identity in listed for name in (identity.key, *identity.aliases)}
    names.update([spare_key(identity) for identity in listed])
    return frozenset(names | {"r" + name[1:] for name in names if name.startswith("g:")})


def spare_key(identity: Identity) -> str:
    return _key("x", identity.key, identity.content_hash)


def _groups(entries: Sequence[Entry], alone: Sequence[Identity]) -> list[int]:
    """For each item the index of the first item of the document that is the same article."""
    firsts: dict[tuple[str, ...], int] = {}
    groups: list[int] = []
    twins = _twins(entries, alone)
    for i, (entry, identity) in enumerate(zip(entries, alone, strict=True)):
        link = scheme_less(identity.page_url or "")
        guid = entry.guid or ""
        # Under a home page, or without any address, guids may be all that tells items apart.
        specific = _is_specific(link)
        same_content = ("content", link, "" if specific else guid, identity.content_hash)
        same_title = ("title", guid, link, identity.content_hash[:TITLE_DIGITS])
        telling = [same_content]
        if guid and specific and _agrees(entry, same_title, entries, firsts):
            telling.append(same_title)
        same = (*map(firsts.get, telling), twins.get(i))
        agreed = {groups[j] for j in same if j is not None}
        group = min(agreed, default=i)
        if len(agreed) > 1:  # this copy shows that two groups are one
            groups = [group if other in agreed else other for other in groups]
        firsts.setdefault(same_content, i)
        firsts.setdefault(same_title, i)
        groups.append(group)
    return groups


def _twins(entries: Sequence[Entry], alone: Sequence[Identity]) -> dict[int, int]:
    """Items that an earlier one at the same address with the same time already tells, by their
    places.
    """
    found: dict[int, int] = {}
    seen: dict[tuple[str, datetime | None], list[int]] = defaultdict(list)
    for i, (entry, identity) in enumerate(zip(entries, alone, strict=True)):
        if not _has_only_address(entry, identity):
            continue
        earlier = seen[scheme_less(identity.page_url or ""), entry.published.parsed]
        for j in earlier[:_TWINS_COMPARED]:
            if is_listed_twice(wording(entries[j]), wording(entry)):
                found[i] = j
                break
        earlier.append(i)
    return found


def _has_only_address(entry: Entry, identity: Identity) -> bool:
    if not _is_specific(scheme_less(identity.page_url or "")):
        return False
    return not entry.guid or is_address(entry.guid, identity.page_url)


def _is_specific(link: str) -> bool:
    """True for an address of more than a whole site."""
    return bool(link) and not _is_home(link)


def _agrees(
    entry: Entry,
    same_title: tuple[str, ...],
    entries: Sequence[Entry],
    firsts: Mapping[tuple[str, ...], int],
) -> bool:
    """Whether an item under the same guid, address and title is the same: by its text, if the guid
    is the address.
    """
    first = firsts.get(same_title)
    if first is None or not is_address(entry.guid, normalize_url(entry.url or "")):
        return True
    return compare_texts(wording(entries[first]).text, wording(entry).text) in ALIKE


def is_address(guid: str | None, page_url: str | None) -> bool:
    """A guid that is the link says nothing that the link does not."""
    spelled = normalize_url(guid or "")
    return bool(spelled and page_url) and scheme_less(spelled or "") == scheme_less(page_url or "")


def _content_hash(entry: Entry, page_url: str | None) -> str:
    """Title first, then what else a reader sees, and the path of the page; white space and the host
    do not count.
    """
    title = hashlib.sha256("".join(entry.title.split()).encode()).hexdigest()[:TITLE_DIGITS]
    path = host_less(page_url) if page_url else ""
    if _exact_time(entry):
        path = path.partition("?")[
            0
        ]  # some servers put another session or counter into each answer
    rest = "\0".join(("".join(entry.summary.split()), "".join(entry.content.split()), path))
    return title + hashlib.sha256(rest.encode()).hexdigest()[:32]


def _words_hash(entry: Entry) -> str:
    """The words of an item that carries no time, wherever it stands."""
    said = "".join((entry.title + entry.summary + entry.content).split())
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _sighting(entry: Entry, content_hash: str) -> str:
    """The whole content and, as far as it is told, its exact time: without the query, both must
    speak.
    """
    when = _exact_time(entry)
    return content_hash + hashlib.sha256(when.encode()).hexdigest()[:8] if when else content_hash


def _exact_time(entry: Entry) -> str:
    """When the item appeared, "" where that is not told to the minute: reports of one day may read
    alike.
    """
    when = None if entry.published.moves else entry.published.parsed
    return when.isoformat() if when and (when.minute or when.second) else ""


def length(entry: Entry) -> int:
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
