from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.identify.identity import (
    ALIAS_LIMIT,
    IDENTITY_VERSION,
    identify,
    identify_all,
    lookup_keys,
)
from monitor.identify.judgement import UPDATE_LIMIT, judge_items
from monitor.types.feed import (
    Entry,
    FeedDate,
    KnownEntry,
    Verdict,
    VerdictKind,
    Wording,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Memory:
    """What the store does with verdicts, in a dict: the first owner of a key
    keeps it, unless it is taken over.
    """

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.entries: dict[int, KnownEntry] = {}
        self.titles: dict[int, list[str]] = {}
        self.verdicts: tuple[Verdict, ...] = ()

    def poll(self, items: Sequence[Entry], now: datetime = NOW) -> list[str]:
        """One poll; returns for each different item "new TITLE", "changed ID"
        or "known ID" (ids count from 1).
        """
        self.verdicts = self._judge(items, now)
        return [self._keep(verdict, now) for verdict in self.verdicts]

    def _judge(
        self, items: Sequence[Entry], now: datetime
    ) -> tuple[Verdict, ...]:
        identities = identify_all(items)
        wanted = lookup_keys(identities)
        known = {
            name: self.entries[i]
            for name, i in self.names.items()
            if name in wanted
        }
        known |= {
            name: e for e in set(known.values()) for name in self._names(e)
        }
        first = judge_items(items, identities, known, now=now)
        times = [
            v.entry.published.parsed
            for v in first
            if v.known is None and v.entry.published.parsed
        ]
        about = [
            entry
            for entry in self.entries.values()
            if (at := entry.wording.published)
            and any(abs(at - time) < timedelta(hours=26) for time in times)
        ]
        return (
            judge_items(items, identities, known, elsewhere=about, now=now)
            if about
            else first
        )

    def _names(self, entry: KnownEntry) -> list[str]:
        return [name for name, i in self.names.items() if i == entry.id]

    def _keep(self, verdict: Verdict, now: datetime) -> str:
        names = (verdict.identity.key, *verdict.identity.aliases)
        if verdict.known is None:
            number = len(self.entries) + 1
            for name in verdict.taken:
                del self.names[name]
            assert not set(names) & set(self.names), (
                "keys of a new item must be unused"
            )
            updates, told = 0, f"new {verdict.entry.title}"
        else:
            number, updates = verdict.known.id, verdict.known.updates
            told = f"{verdict.kind.value} {number}"
        changed = verdict.kind is VerdictKind.CHANGED
        for name in names:
            self.names.setdefault(name, number)
        before = self.entries.get(number)
        says = Wording(
            verdict.entry.title,
            verdict.entry.summary,
            verdict.entry.published.parsed,
        )
        if before is not None and not changed:
            content_hash, said = before.content_hash, before.wording
        else:
            content_hash, said = verdict.identity.content_hash, says
        said = replace(
            said,
            first_seen_at=before.wording.first_seen_at if before else now,
            listed_at=now,
        )
        key = before.key if before else names[0]
        self.entries[number] = KnownEntry(
            number,
            key,
            (),
            content_hash,
            updates + changed,
            verdict.entry.url,
            said,
        )
        self.titles.setdefault(number, []).append(verdict.entry.title)
        aliases = tuple(
            name for name in self._names(self.entries[number]) if name != key
        )
        self.entries[number] = replace(self.entries[number], aliases=aliases)
        return told


def item(
    title: str,
    link: str | None = None,
    guid: str | None = None,
    summary: str = "",
) -> Entry:
    url = (
        f"https://example.de{link}" if link and link.startswith("/") else link
    )
    return Entry(guid=guid, url=url, title=title, summary=summary)


A = item("Brand in Herford", "/a-1.html", "guid-a", "Es brannte.")
B = item("Streik bei der Bahn", "/b-2.html", "guid-b", "Es streikt.")
C = item("Wahl in Enger", "/c-3.html", "guid-c", "Es wählt.")


def check(polls: Sequence[Sequence[Entry]], expected: Sequence[str]) -> None:
    """`expected` are the last poll's verdicts, one per different item."""
    memory = Memory()
    told: list[str] = []
    for document in polls:
        told = memory.poll(document)
    assert told == list(expected)


NO_GUIDS = tuple(replace(e, guid=None) for e in (A, B))
SAME_GUID = tuple(replace(e, guid="https://example.de/") for e in (A, B, C))
HOME = tuple(replace(e, url="https://example.de/") for e in (A, B, C))
EXACT = FeedDate("", datetime(2026, 11, 23, 7, 5, tzinfo=UTC), "iso")
FULL_HOUR = FeedDate("", datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "iso")


def session(
    number: int, *entries: Entry, when: FeedDate = EXACT
) -> list[Entry]:
    """The items as a server lists them that writes a session into every
    address.
    """
    urls = [f"{e.url}?id=7&sid={number}{i}" for i, e in enumerate(entries)]
    return [
        replace(e, url=url, guid=url, published=when)
        for e, url in zip(entries, urls, strict=True)
    ]


REPORTS = tuple(
    item("Blitzer", f"/index.php?id={i}", summary="Heute wird geblitzt.")
    for i in range(3)
)
LIVE = tuple(
    replace(e, url="https://example.de/liveblog.html") for e in (A, B, C)
)


@pytest.mark.parametrize(
    ("polls", "expected"),
    [
        pytest.param(
            [[A, B], [A, B]], ["known 1", "known 2"], id="nothing new"
        ),
        pytest.param(
            [[A, B], [C, A, B]],
            ["new Wahl in Enger", "known 1", "known 2"],
            id="one new",
        ),
        pytest.param(
            [[A, B, C], [C, B, A]],
            ["known 3", "known 2", "known 1"],
            id="reordered",
        ),
        pytest.param(
            [[A, B], [C], [A, B]], ["known 1", "known 2"], id="re-listed"
        ),
        pytest.param(
            [[A], [replace(A, title="Brand in Herford (Update)")]],
            ["changed 1"],
            id="new title",
        ),
        pytest.param(
            [[A], [replace(A, summary="Es  brannte.\n")]],
            ["known 1"],
            id="white space is no change",
        ),
        # the guid changes
        pytest.param(
            [[A, B], [replace(A, guid="x"), replace(B, guid="y")]],
            ["known 1", "known 2"],
            id="new guids",
        ),
        pytest.param(
            [[A], [replace(A, guid="x", title="Großbrand in Herford")]],
            ["changed 1"],
            id="new guid and title",
        ),
        pytest.param(
            [[A], [replace(A, guid=None)]], ["known 1"], id="guid dropped"
        ),
        pytest.param(
            [NO_GUIDS, [A, B]], ["known 1", "known 2"], id="guids introduced"
        ),
        # the address changes
        pytest.param(
            [[A], [replace(A, url="http://example.de/a-1.html")]],
            ["known 1"],
            id="https to http",
        ),
        pytest.param(
            [
                NO_GUIDS,
                [
                    replace(e, url=(e.url or "").replace("https", "http"))
                    for e in NO_GUIDS
                ],
            ],
            ["known 1", "known 2"],
            id="https to http without guids",
        ),
        pytest.param(
            [
                NO_GUIDS,
                [
                    replace(e, url=(e.url or "") + "?utm_source=rss#x")
                    for e in NO_GUIDS
                ],
            ],
            ["known 1", "known 2"],
            id="tracking added",
        ),
        pytest.param(
            [
                NO_GUIDS,
                [
                    replace(
                        e,
                        url=(e.url or "").replace(
                            "example.de", "neu.example.com"
                        ),
                    )
                    for e in NO_GUIDS
                ],
            ],
            ["known 1", "known 2"],
            id="host renamed",
        ),
        pytest.param(
            [
                [replace(A, guid=A.url)],
                [
                    replace(
                        A,
                        guid="https://neu.de/a-1.html",
                        url="https://neu.de/a-1.html",
                    )
                ],
            ],
            ["known 1"],
            id="host renamed in permalink guids",
        ),
        pytest.param(
            [[A], [replace(A, url="https://example.de/grossbrand-1.html")]],
            ["changed 1"],
            id="new slug",
        ),
        pytest.param(
            [
                [A, B],
                [
                    replace(
                        A, url="https://example.de/x.html", title="Großbrand"
                    ),
                    B,
                ],
            ],
            ["changed 1", "known 2"],
            id="new slug and title under the same guid",
        ),
        # sessions and counters in addresses
        pytest.param(
            [session(1, A, B), session(2, A, B)],
            ["known 1", "known 2"],
            id="another session",
        ),
        pytest.param(
            [session(1, A), session(2, A, B)],
            ["known 1", "new Streik bei der Bahn"],
            id="news in a session",
        ),
        pytest.param(
            [session(1, A), session(2, replace(A, title="Großbrand"))],
            ["new Großbrand"],
            id="session and new title",
        ),
        pytest.param(
            [[replace(A, guid=A.url, published=EXACT)], session(1, A)],
            ["known 1"],
            id="a query nobody knows is added",
        ),
        pytest.param(
            [
                [replace(e, published=EXACT) for e in REPORTS[:2]],
                [
                    replace(
                        REPORTS[2],
                        published=FeedDate(
                            "", datetime(2026, 11, 23, 9, 5, tzinfo=UTC), "iso"
                        ),
                    )
                ],
            ],
            ["new Blitzer"],
            id="the same words at another time",
        ),
        pytest.param(
            [
                [replace(e, published=FULL_HOUR) for e in REPORTS[:2]],
                [replace(REPORTS[2], published=FULL_HOUR)],
            ],
            ["new Blitzer"],
            id="the same words within the same hour",
        ),
        pytest.param(
            [[replace(e, published=EXACT) for e in REPORTS]],
            ["new Blitzer"] * 3,
            id="told apart by query",
        ),
        pytest.param(
            [
                [replace(A, guid=None, url=f"{A.url};jsessionid=1A.b?x=1")],
                [replace(A, url=f"{A.url}?x=1")],
            ],
            ["known 1"],
            id="Java's session",
        ),
        # one article several times in a document
        pytest.param(
            [
                [
                    replace(A, guid=f"a-{i}", url=f"{A.url}{s}")
                    for i, s in enumerate(("", "?utm_source=x", "#ref"))
                ]
            ],
            ["new Brand in Herford"],
            id="tracking variants are one item",
        ),
        pytest.param(
            [
                [
                    replace(A, guid=f"a-{i}", url=f"{A.url}?utm_id={i}")
                    for i in range(6)
                ],
                [replace(A, guid="a-4")],
            ],
            ["known 1"],
            id="any variant is remembered",
        ),
        pytest.param([[A, A]], ["new Brand in Herford"], id="listed twice"),
        pytest.param(
            [[A, replace(A, summary="gekürzt")]],
            ["new Brand in Herford"],
            id="listed twice, other teaser",
        ),
        # repeated guids
        pytest.param(
            [SAME_GUID],
            [
                "new Brand in Herford",
                "new Streik bei der Bahn",
                "new Wahl in Enger",
            ],
            id="one guid for all",
        ),
        pytest.param(
            [SAME_GUID, SAME_GUID],
            ["known 1", "known 2", "known 3"],
            id="one guid for all, again",
        ),
        pytest.param(
            [SAME_GUID[:2], (SAME_GUID[2], *SAME_GUID[:2])],
            ["new Wahl in Enger", "known 1", "known 2"],
            id="one guid for all, a new one on top",
        ),
        pytest.param(
            [SAME_GUID[:1], (SAME_GUID[2], SAME_GUID[0])],
            ["new Wahl in Enger", "known 1"],
            id="the guid turns out to be repeated",
        ),
        pytest.param(
            [SAME_GUID[:2], SAME_GUID[2:]],
            ["new Wahl in Enger"],
            id="repeated guids stay untrusted",
        ),
        pytest.param(
            [[replace(e, url=None) for e in SAME_GUID]] * 2,
            ["known 1", "known 2", "known 3"],
            id="one guid, no links",
        ),
        pytest.param(
            [
                [replace(A, guid="1"), replace(B, guid="2")],
                [replace(C, guid="1"), replace(A, guid="2")],
            ],
            ["new Wahl in Enger", "known 1"],
            id="guids that count the items",
        ),
        pytest.param(
            [
                [
                    item(f"Titel {i}", f"/t-{i}.html", f"place-{i}")
                    for i in range(8)
                ],
                [
                    item(f"Neu {i}", f"/n-{i}.html", f"place-{i}")
                    for i in range(8)
                ],
            ],
            [f"new Neu {i}" for i in range(8)],
            id="recycled guids",
        ),
        # shared links
        pytest.param(
            [HOME],
            [
                "new Brand in Herford",
                "new Streik bei der Bahn",
                "new Wahl in Enger",
            ],
            id="home page for all",
        ),
        pytest.param(
            [HOME[:1], HOME[1:2]],
            ["new Streik bei der Bahn"],
            id="a home page is no identity",
        ),
        pytest.param(
            [LIVE[:2], LIVE],
            ["known 1", "known 2", "new Wahl in Enger"],
            id="live blog: one address, many posts",
        ),
        pytest.param(
            [[replace(e, title="Liveblog") for e in LIVE]],
            ["new Liveblog"] * 3,
            id="live blog with one title",
        ),
        pytest.param(
            [
                [replace(e, guid=None) for e in LIVE[:2]],
                [replace(e, guid=None) for e in (LIVE[2], *LIVE[:2])],
            ],
            ["new Wahl in Enger", "known 1", "known 2"],
            id="live blog without guids",
        ),
        pytest.param(
            [
                [replace(e, guid=f"{n}-{e.guid}") for e in HOME]
                for n in range(3)
            ],
            ["known 1", "known 2", "known 3"],
            id="fresh guids under a home page",
        ),
        pytest.param(
            [
                [A, B],
                [
                    replace(C, url=A.url),
                    replace(A, url="https://example.de/archiv/a-1.html"),
                    B,
                ],
            ],
            ["new Wahl in Enger", "changed 1", "known 2"],
            id="a top story's address passes on",
        ),
        # almost nothing to go by
        pytest.param(
            [[item("Nur Titel")], [item("Nur Titel")]],
            ["known 1"],
            id="title only",
        ),
        pytest.param(
            [[item("Nur Titel")], [item("Anderer")]],
            ["new Anderer"],
            id="another title only",
        ),
        pytest.param(
            [[item("", "/a.html"), item("", "/b.html")]],
            ["new ", "new "],
            id="links only",
        ),
        pytest.param(
            [[item("", guid="g1"), item("", guid="g2")]],
            ["new ", "new "],
            id="guids only",
        ),
        pytest.param([[]], [], id="empty"),
    ],
)
def test_verdicts(
    polls: Sequence[Sequence[Entry]], expected: Sequence[str]
) -> None:
    check(polls, expected)


def test_changes_are_capped() -> None:
    memory = Memory()
    memory.poll([A])
    told = [
        memory.poll([replace(A, summary=f"Stand {i}")])
        for i in range(UPDATE_LIMIT + 5)
    ]
    assert told == [["changed 1"]] * UPDATE_LIMIT + [["known 1"]] * 5


def test_fresh_guids_do_not_pile_up() -> None:
    memory = Memory()
    for i in range(200):
        told = memory.poll([replace(A, guid=f"fresh-{i}")])
    assert told == ["known 1"]
    assert len(memory.names) <= ALIAS_LIMIT + 5


def test_identity_of_one_item() -> None:
    got = identify(
        replace(A, url="HTTP://Example.DE:80/a-1.html?utm_source=x#y")
    )
    assert (got.key, got.page_url, got.version) == (
        "g:guid-a",
        "http://example.de/a-1.html",
        IDENTITY_VERSION,
    )
    assert got.aliases[0] == "l://example.de/a-1.html"
    assert identify(A, repeated_guid=True).key == "l://example.de/a-1.html"
    assert len(identify(replace(A, guid="x" * 5000)).key) < 100


@pytest.mark.parametrize(
    ("document", "shares", "by_address"),
    [
        ([A, B], [False, False], [True, True]),
        ([A, replace(B, url=A.url)], [True, True], [False, False]),
        ([replace(A, url=None), B], [True, False], [False, True]),
    ],
)
def test_whose_page_is_at_an_address(
    document: list[Entry], shares: list[bool], by_address: list[bool]
) -> None:
    judged = judge_items(document, identify_all(document), {}, now=NOW)
    assert [verdict.shares_page for verdict in judged] == shares
    assert [
        any(name.startswith("l:") for name in verdict.identity.names)
        for verdict in judged
    ] == by_address


def test_a_short_number_is_no_guid() -> None:
    """It counts the items of a document, and begins anew."""
    assert identify(replace(A, guid="1234")).key.startswith("l:")
    assert identify(replace(A, guid="12345")).key == "g:12345"


def test_items_that_get_an_address_are_known() -> None:
    """Half of a document under other addresses is another matter: its guids
    were given to other items.
    """
    bare = [
        replace(A, guid=f"nr-{i}", url=None, title=f"Meldung {i}")
        for i in range(8)
    ]
    linked = [
        replace(
            item, url=f"http://example.de/{i}.html", title=f"{item.title}, neu"
        )
        for i, item in enumerate(bare)
    ]
    memory = Memory()
    memory.poll(bare)
    told = memory.poll(linked)
    assert not [word for word in told if word.startswith("new")]


def test_a_guid_of_several_items_counts_with_the_title() -> None:
    """So that an edited text is a change, and no new item."""
    one = replace(A, url=None)
    edited = replace(one, content="Neu")
    others = replace(one, title="Etwas anderes")
    key = identify(one, repeated_guid=True).key
    assert identify(edited, repeated_guid=True).key == key
    assert identify(others, repeated_guid=True).key != key
    assert identify(replace(one, guid=None)).key.startswith("h:")


words = st.sampled_from(["Brand", "Wahl", "Streik", "Wetter", ""])
links = st.sampled_from(
    [None, "/", "/a.html", "/b.html", "/c.html?id=1", "/c.html?id=2"]
)
guids = st.sampled_from([None, "g1", "g2", "1", "https://example.de/a.html"])
documents = st.lists(st.builds(item, words, links, guids, words), max_size=6)


@pytest.mark.slow
@given(documents)
@settings(max_examples=300)
def test_the_same_document_again_is_known(document: list[Entry]) -> None:
    memory = Memory()
    first = memory.poll(document)
    assert all(told.startswith("new") for told in first)
    assert all(told.startswith("known") for told in memory.poll(document))
    assert all(
        told.startswith("known") for told in memory.poll(document[::-1])
    )


@given(documents)
def test_items_that_read_differently_are_never_lost(
    document: list[Entry],
) -> None:
    told = Memory().poll(document)
    articles = {(e.title, e.summary, e.url) for e in document}
    # Only a repeated guid at one address under one title may differ in its
    # teaser and be one item.
    assert len(told) >= len({(title, url) for title, _, url in articles})


@pytest.mark.slow
@given(st.lists(documents, max_size=5))
@settings(max_examples=300)
def test_no_two_items_of_a_document_are_one_remembered_entry(
    polls: list[list[Entry]],
) -> None:
    memory = Memory()
    for document in polls:
        told = [
            line
            for line in memory.poll(document)
            if not line.startswith("new")
        ]
        numbers = [line.split()[1] for line in told]
        assert len(numbers) == len(set(numbers))


good = st.lists(st.integers(0, 500), unique=True, min_size=1, max_size=12)


@given(
    good,
    good,
    st.sampled_from(["scheme", "tracking", "guid", "none"]),
    st.randoms(),
)
def test_in_a_sane_feed_news_is_news_and_old_is_old(
    before: list[int], after: list[int], how: str, random: object
) -> None:
    def entry(number: int, later: bool) -> Entry:
        url = f"{'http' if later and how == 'scheme' else 'https'}://example.de/artikel-{number}.html"
        url += "?utm_campaign=x" if later and how == "tracking" else ""
        guid = f"id-{number}{'-neu' if later and how == 'guid' else ''}"
        return Entry(
            guid=guid, url=url, title=f"Meldung {number}", summary="Text"
        )

    memory = Memory()
    memory.poll([entry(n, False) for n in before])
    told = memory.poll([entry(n, True) for n in after])
    assert [line.startswith("known") for line in told] == [
        n in before for n in after
    ]
    assert all(
        line == f"new Meldung {n}"
        for line, n in zip(told, after, strict=True)
        if n not in before
    )
