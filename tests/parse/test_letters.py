"""A feed's letters arrive as they were meant, in whatever charset it comes,
and no markup costs words.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.feed import parse_feed
from monitor.types.feed import Entry, ParsedFeed

NOW = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
TITLES = [
    "Große „Spaß“-Aktion am Samstag",
    "»Maß« für alle",
    "Kickl: „FPÖ“ bleibt dabei",
    "ß“",
    "Weiß\u00a0– „Ä“, FPÖ’s",
]
LABELS = {
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "macintosh": "mac-roman",
    "windows-1250": "cp1250",
    "latin-1": "cp1252",
    "ISO8859_1": "cp1252",
    "utf-8": "utf-8",
}
GERMAN = st.text(
    st.sampled_from(
        "abcdeilmnorstuABDEMST ÄÖÜäöüß“”„‘’‚‹›«»–—…§€.,:!?0123456789-"
    ),
    max_size=60,
)


def rss(title: str, *, label: str = "", text: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    return (
        f'{declaration}<rss version="2.0"><channel><title>Blatt</title><item><title>{title}</title>'
        f"<guid>1</guid><description>{text or title}</description></item></channel></rss>"
    )


def read(body: bytes, content_type: str = "") -> Entry:
    got = parse_feed(
        body,
        url="https://blatt.example/rss",
        content_type=content_type,
        now=NOW,
    )
    assert isinstance(got, ParsedFeed), got
    (entry,) = got.entries
    return entry


def check(body: bytes, content_type: str, title: str) -> None:
    entry = read(body, content_type)
    shown = " ".join(title.split())
    assert (entry.title, entry.summary) in {(shown, shown), (shown, "")}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("label", ["ISO-8859-1", "windows-1252", "latin1"])
@pytest.mark.parametrize(
    "content_type", ["text/xml; charset=ISO-8859-1", "text/xml", ""]
)
def test_quotes_behind_umlauts(
    title: str, label: str, content_type: str
) -> None:
    check(rss(title, label=label).encode("cp1252"), content_type, title)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    "content_type",
    ["text/xml; charset=utf-8", "text/xml; charset=ISO-8859-1", ""],
)
def test_utf8_is_read_once(title: str, content_type: str) -> None:
    check(rss(title, label="utf-8").encode(), content_type, title)


@given(
    GERMAN.filter(str.strip), st.sampled_from(sorted(LABELS)), st.booleans()
)
def test_any_german_title_comes_back(
    title: str, label: str, in_header: bool
) -> None:
    codec = LABELS[label]
    title = "a" + title.encode(codec, "ignore").decode(codec) + "b"
    header = (
        f"application/rss+xml; charset={label}" if in_header else "text/xml"
    )
    check(
        rss(title, label="" if in_header else label).encode(codec),
        header,
        title,
    )


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("label", ["utf-16", "utf-8", "UTF-16LE", ""])
def test_utf16_with_any_declaration(codec: str, label: str) -> None:
    for content_type in (
        "",
        "text/xml; charset=utf-16",
        "text/xml; charset=ISO-8859-1",
    ):
        check(
            rss(TITLES[0], label=label).encode(codec), content_type, TITLES[0]
        )


@pytest.mark.parametrize("at", [0, 3, 21, 60, 90])
def test_an_early_nul(at: int) -> None:
    raw = rss(TITLES[0], label="ISO-8859-1").encode("cp1252")
    check(raw[:at] + b"\0" + raw[at:], "", TITLES[0])


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("fÃ¼r GrÃ¶ÃŸere".encode(), "für Größere"),
        (b"f&Atilde;&frac14;r alle", "für alle"),
        (b"<![CDATA[f&Atilde;&frac14;r alle]]>", "für alle"),
        ("Größe ".encode() + b"\x84so\x93", "Größe „so“"),
        (
            "Größe, Übel, ".encode("cp1252") + "für".encode(),
            "Größe, Übel, für",
        ),
        (b"Er sagt &#132;ja&#147; &#150; so", "Er sagt „ja“ – so"),
    ],
)
def test_mixed_and_doubled(body: bytes, title: str) -> None:
    document = rss("XX", label="utf-8").encode().replace(b"XX", body)
    assert read(document).title == title


BEHIND_EMBED = "<p>Vorher{tag} danach steht der Text.</p><p>Ende</p>"


@pytest.mark.parametrize(
    "name",
    [
        "embed",
        "br",
        "wbr",
        "source",
        "track",
        "param",
        "input",
        "object",
        "iframe",
        "svg",
    ],
)
@pytest.mark.parametrize("end", ["", " /"])
def test_no_text_is_lost_behind_an_element_without_an_end(
    name: str, end: str
) -> None:
    inner = BEHIND_EMBED.format(tag=f'<{name} src="x"{end}>')
    escaped = inner.replace("<", "&lt;").replace(">", "&gt;")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>F</title><id>1</id>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{}</div></content></entry></feed>'
    )
    encoded = rss("F").replace(
        "<description>F</description>",
        f"<content:encoded><![CDATA[{inner}]]></content:encoded>",
    )
    documents = [
        rss("F", text=escaped),
        rss("F", text=f"<![CDATA[{inner}]]>"),
        rss("F", text=inner),
        atom.format(inner),
    ]
    for document in (*documents, encoded):
        entry = read(document.encode())
        words = f"{entry.summary} {entry.content}"
        assert [
            word
            for word in ("Vorher", "danach steht der Text.", "Ende")
            if word not in words
        ] == [], document
