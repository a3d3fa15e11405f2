"""Is an item new, changed, or known? Judged per feed, from values only.

Two fears pull apart: an item taken for another one is lost news, an item not
recognised is a false alarm. The rules:

* An item has signals: its guid (`g:`), its normalised address without scheme
  (`l:`), its whole content with its path and exact time (`c:`; without such a
  time with its query), and where those are not enough, address or guid
  together with the title (`lt:`, `gt:`). The first reliable one is its key,
  the others are aliases.
* A guid is not trusted where several different items of the document carry it,
  where it did so before (the marker `r:` remembers), or where it is a mere
  number of up to four digits: some feeds count their items.
* An address is not trusted where several different items of the document carry
  it, or where it is a home page.
* A guid that is the address, or another spelling of it, says no more than the
  address.
* An address that is trusted still needs words: whether an item at a known
  address is an edit of what was there, or another item in its place, is said
  by title, text and time (`edits`). The other item takes the address over.
* Items of one document are one where address and content are the same, or
  guid, address and title; without guids of their own also where address and
  time are the same and the words alike (a teaser and the main item).
* A remembered entry is given to at most one item, the best supported first:
  the same key and content; guid with title or address; the same content under
  the same path (a renamed host); address with title; then guid alone; then
  address alone. Without any address, content alone (`h:`) speaks only where
  there is no guid to trust: traffic reports repeat themselves.
* An item without any match may be an old one at another address under another
  guid, as after a relaunch: the same title, text and time say so, among
  entries that carry about that time (`w:` names those that carry none).
* An item of which every signal belongs to other items is remembered under a
  spare key (`x:`).

So changed guids, http for https, added tracking parameters, a session in each
address, a renamed host and reordered or re-listed items make nothing new. A
new guid at a known address is a change where the words agree. Where at least
half of a document's guids seem to have moved to another address and another
title, they are recycled, and the items new.

Not known here: where the remembered entries come from, other feeds.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from monitor.identify.edits import is_listed_twice, wording
from monitor.identify.likeness import COMPATIBLE, compare_texts
from monitor.identify.urls import host_less, normalize_url, scheme_less
from monitor.types.feed import Entry, Identity

IDENTITY_VERSION = 3
# keys remembered for one item; a feed with fresh guids at every poll would add
# some for ever
ALIAS_LIMIT = 24
# the content hash begins with the title's, so that a remembered title can be
# compared
TITLE_DIGITS = 16

_CONTENT_DIGITS = 32
_KEY_LENGTH = 200  # characters of a key in clear; longer ones are hashed
_COUNTER_DIGITS = 4
_TWINS_COMPARED = 8  # a hundred warnings of one minute are no teasers


@dataclass(frozen=True, slots=True)
class _Listed:
    """An item of a document and its identity."""

    entry: Entry
    identity: Identity
    link: str  # the address without scheme, "" where it has none


def _listed(entry: Entry) -> _Listed:
    identity = identify(entry)
    return _Listed(entry, identity, scheme_less(identity.page_url or ""))


def identify(
    entry: Entry, *, repeated_guid: bool = False, shared_link: bool = False
) -> Identity:
    """An item's key and aliases.

    The flags say that other items of its document carry the same guid or
    address.
    """
    page_url = normalize_url(entry.url) if entry.url else None
    content_hash = _content_hash(entry, page_url)
    guid = entry.guid or ""
    link = scheme_less(page_url or "")
    signals = _own_keys(
        "" if repeated_guid else guid, "" if shared_link else link
    )
    if not signals:
        # What the title cannot tell apart, the rest of the content may.
        telling = content_hash[:TITLE_DIGITS] if entry.title else content_hash
        signals.append(_weak_key(link, guid, telling) or "h:" + content_hash)
    signals.append(
        "c:" + _sighting(entry, content_hash) if link else "h:" + content_hash
    )
    if link and entry.published.parsed is None:
        signals.append("w:" + _words_hash(entry))
    if repeated_guid and guid:
        signals.append(_key("r", guid))
    key, *aliases = dict.fromkeys(signals)
    return Identity(
        key, tuple(aliases), content_hash, page_url, IDENTITY_VERSION
    )


def _own_keys(guid: str, link: str) -> list[str]:
    """The keys of a guid and of an address that can be an item's own."""
    keys = []
    if guid and not _is_counter(guid):
        keys.append(_key("g", guid))
    if _is_specific(link):
        keys.append(_key("l", link))
    return keys


def _weak_key(link: str, guid: str, telling: str) -> str:
    """The key of an item whose address and guid are not its own alone; ""
    without either.
    """
    if link:
        return _key("lt", link, telling)
    return _key("gt", guid, telling) if guid else ""


def identify_all(entries: Sequence[Entry]) -> tuple[Identity, ...]:
    """One identity per item of one document, in order.

    The same article listed twice has the same identity twice.
    """
    alone = list(map(_listed, entries))
    groups = _groups(alone)
    members: dict[int, list[_Listed]] = defaultdict(list)
    for group, item in zip(groups, alone, strict=True):
        members[group].append(item)
    listed_under = {
        (group, item.entry.guid)
        for group in members
        for item in members[group]
    }
    guids = Counter(guid for _, guid in listed_under if guid)
    links = Counter(alone[first].link for first in members)
    merged = {
        first: _as_one(copies, guids, links)
        for first, copies in members.items()
    }
    return tuple(merged[group] for group in groups)


def _as_one(
    copies: Sequence[_Listed], guids: Counter[str], links: Counter[str]
) -> Identity:
    """The identity of an article listed several times: whatever their order,
    the copy with most text stands for the others. The counters say what other
    articles of the document share.
    """
    shared_link = links[copies[0].link] > 1
    copies = [
        _in_document(copy, guids, shared_link=shared_link) for copy in copies
    ]
    fullest = max(
        copies,
        key=lambda copy: (length(copy.entry), copy.identity.content_hash),
    )
    best = fullest.identity
    names = dict.fromkeys(
        chain.from_iterable(copy.identity.names for copy in copies)
    )
    names.pop(best.key)
    return replace(best, aliases=tuple(names)[:ALIAS_LIMIT])


def _in_document(
    item: _Listed, guids: Counter[str], *, shared_link: bool
) -> _Listed:
    repeated_guid = guids[item.entry.guid or ""] > 1
    if not (repeated_guid or shared_link):
        return item
    identity = identify(
        item.entry, repeated_guid=repeated_guid, shared_link=shared_link
    )
    return replace(item, identity=identity)


def lookup_keys(identities: Iterable[Identity]) -> frozenset[str]:
    """Every key under which the items of a document may be remembered: what
    `judge_items` wants to know about.
    """
    names: set[str] = set()
    for identity in set(identities):
        names.update(identity.names)
        names.add(spare_key(identity))
    guids = [name for name in names if name.startswith("g:")]
    return frozenset(names.union(map(repeated_marker, guids)))


def spare_key(identity: Identity) -> str:
    return _key("x", identity.key, identity.content_hash)


def repeated_marker(guid_key: str) -> str:
    """The key that remembers that a guid was carried by several items."""
    return "r" + guid_key[1:]


def _groups(items: Sequence[_Listed]) -> list[int]:
    """For each item the index of the first item of the document that is the
    same article.
    """
    firsts: dict[tuple[str, ...], int] = {}
    groups: list[int] = []
    twins = _twins(items)
    for i, item in enumerate(items):
        same_content, same_title = _document_keys(item)
        same = [firsts.setdefault(same_content, i), twins.get(i, i)]
        titled = firsts.setdefault(same_title, i)
        if _is_same_titled(item, items[titled]):
            same.append(titled)
        agreed = {groups[j] for j in same if j < i}
        group = min(agreed, default=i)
        if len(agreed) > 1:  # this copy shows that two groups are one
            groups = [group if other in agreed else other for other in groups]
        groups.append(group)
    return groups


def _document_keys(item: _Listed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What items of one document share that are the same: by content, and by
    title.
    """
    guid = item.entry.guid or ""
    content = item.identity.content_hash
    # Under a home page, or without any address, guids may be all that tells
    # items apart.
    own_guid = "" if _is_specific(item.link) else guid
    same_content = ("content", item.link, own_guid, content)
    same_title = ("title", guid, item.link, content[:TITLE_DIGITS])
    return same_content, same_title


def _is_same_titled(item: _Listed, first: _Listed) -> bool:
    """Whether an item under the same guid, address and title is the same: by
    its text, if the guid is the address.
    """
    guid = item.entry.guid
    if first is item or not guid or not _is_specific(item.link):
        return False
    if not is_address(guid, item.identity.page_url):
        return True
    return (
        compare_texts(wording(first.entry).text, wording(item.entry).text)
        in COMPATIBLE
    )


def _twins(items: Sequence[_Listed]) -> dict[int, int]:
    """Items that an earlier one at the same address with the same time already
    tells, by their places.
    """
    found: dict[int, int] = {}
    seen: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, item in enumerate(items):
        if not _has_only_address(item):
            continue
        earlier = seen[item.link, item.entry.published.parsed]
        for j in earlier[:_TWINS_COMPARED]:
            if is_listed_twice(wording(items[j].entry), wording(item.entry)):
                found[i] = j
                break
        earlier.append(i)
    return found


def _has_only_address(item: _Listed) -> bool:
    if not _is_specific(item.link):
        return False
    return not item.entry.guid or is_address(
        item.entry.guid, item.identity.page_url
    )


def _is_specific(link: str) -> bool:
    """True for an address of more than a whole site."""
    return bool(link) and host_less("http:" + link) != "/"


def is_address(guid: str | None, page_url: str | None) -> bool:
    """A guid that is the link says nothing that the link does not."""
    spelled = normalize_url(guid or "")
    if not spelled or not page_url:
        return False
    return scheme_less(spelled) == scheme_less(page_url)


def _content_hash(entry: Entry, page_url: str | None) -> str:
    """Title first, then what else a reader sees, and the path of the page;
    white space and the host do not count.
    """
    path = host_less(page_url) if page_url else ""
    if _exact_time(entry):
        # Some servers put another session or counter into each answer.
        path = path.partition("?")[0]
    rest = "\0".join(
        (_squeezed(entry.summary), _squeezed(entry.content), path)
    )
    return (
        _digest(_squeezed(entry.title))[:TITLE_DIGITS]
        + _digest(rest)[:_CONTENT_DIGITS]
    )


def _words_hash(entry: Entry) -> str:
    """The words of an item that carries no time, wherever it stands."""
    said = _squeezed(entry.title + entry.summary + entry.content)
    return _digest(said)[:_CONTENT_DIGITS]


def _sighting(entry: Entry, content_hash: str) -> str:
    """The whole content and, as far as it is told, its exact time: without the
    query, both must speak.
    """
    when = _exact_time(entry)
    return content_hash + _digest(when)[:8] if when else content_hash


def _exact_time(entry: Entry) -> str:
    """When the item appeared, "" where that is not told to the minute: reports
    of one day may read alike.
    """
    when = entry.published.parsed
    if when is None or entry.published.moves:
        return ""
    return when.isoformat() if when.minute or when.second else ""


def length(entry: Entry) -> int:
    return len(entry.title) + len(entry.summary) + len(entry.content)


def _key(prefix: str, *parts: str) -> str:
    value = " ".join(parts)
    if len(value) > _KEY_LENGTH:
        value = "sha256:" + _digest(value)
    return f"{prefix}:{value}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _squeezed(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def _is_counter(guid: str) -> bool:
    return len(guid) <= _COUNTER_DIGITS and guid.isdecimal()
