"""Which charset bytes are in: declared and obeyed, declared and disproved,
mixed, wide, doubled.
"""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.charset import codec_of, decode, undoubled, wide_charset

LETTERS = "ÄÖÜäöüß"
MARKS = "“”„‘’‚‹›«»–—…\u00a0\u00ad•€"
LATIN1_HEADER = "text/xml; charset=ISO-8859-1"


def feed(text: str, declared: str = "") -> str:
    declaration = (
        f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    )
    return (
        f"{declaration}<rss"
        f' version="2.0"><channel><item><title>{text}</title></item></channel></rss>'
    )


def page(text: str, declared: str = "") -> str:
    meta = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
        if declared
        else ""
    )
    return (
        "<!DOCTYPE"
        f" html><html><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>"
    )


def check(document: str, codec: str, content_type: str = "") -> None:
    assert decode(document.encode(codec), content_type) == document


# One declaration each: by the header, by the XML declaration, by the page.
DECLARATIONS = [
    pytest.param(
        lambda text: (feed(text), LATIN1_HEADER), id="feed, header latin1"
    ),
    pytest.param(
        lambda text: (feed(text), "text/xml; charset=windows-1252"),
        id="feed, header windows-1252",
    ),
    pytest.param(
        lambda text: (feed(text), "text/xml; charset=iso-8859-15"),
        id="feed, header iso-8859-15",
    ),
    pytest.param(
        lambda text: (feed(text, "ISO-8859-1"), "text/xml"),
        id="feed, declaration latin1",
    ),
    pytest.param(
        lambda text: (feed(text, "windows-1252"), ""),
        id="feed, declaration windows-1252",
    ),
    pytest.param(
        lambda text: (feed(text, "iso-8859-15"), ""),
        id="feed, declaration iso-8859-15",
    ),
    pytest.param(
        lambda text: (page(text), "text/html; charset=iso-8859-1"),
        id="page, header latin1",
    ),
    pytest.param(
        lambda text: (page(text, "iso-8859-1"), "text/html"),
        id="page, meta latin1",
    ),
    pytest.param(
        lambda text: (page(text, "windows-1252"), ""),
        id="page, meta windows-1252",
    ),
]


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize("letter", LETTERS)
def test_every_mark_beside_every_umlaut(letter: str, declared: object) -> None:
    assert callable(declared)
    for mark in MARKS:
        for text in (
            f"Wort{letter}{mark}",
            f"Wort{letter}{mark}danach",
            f"{mark}{letter}Wort",
            f"{letter}{mark}",
        ):
            document, header = declared(text)
            assert decode(document.encode("cp1252"), header) == document, (
                text,
                header,
            )


@pytest.mark.parametrize(
    "text",
    ["Spaß“", "FPÖ“", "FPÖ’s", "Maß«", "„Spaß–Aktion“", "BÖ\u00a0", "ß…"],
)
@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "text/xml; charset=utf-8"]
)
def test_german_pairs_are_german_without_a_declaration(
    text: str, content_type: str
) -> None:
    check(feed(text), "cp1252", content_type)
    check(page(text), "cp1252", content_type)


@pytest.mark.parametrize(
    "content_type", ["", LATIN1_HEADER, "text/xml; charset=windows-1252"]
)
@pytest.mark.parametrize(
    "text",
    [
        "Größe",
        "für",
        "ß",
        "„so“",
        "5 €",
        "Erdoğan",
        "Wałęsa",
        "Kovačević",
        "Škoda",
        "Nuñez",
        "café",
        "Москва",
        "Αθήνα",
        "中文",
        "שָׁלוֹם",
        "Հայաստան",
        "😀",
        "a\u00a0b",
        "«Maß»",
        "Łódź und ß“",
    ],
)
def test_utf8_is_proven_by_one_letter_that_no_other_reading_explains(
    text: str, content_type: str
) -> None:
    check(feed(text, "iso-8859-1"), "utf-8", content_type)
    check(page(text, "iso-8859-1"), "utf-8", content_type)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-15", "iso8859-15", "50 € für Škoda, œuvre"),
        ("latin9", "iso8859-15", "ß€"),
        ("macintosh", "mac-roman", "„Übermaß“ – Größe «Ä»"),
        ("x-mac-roman", "mac-roman", "“Ü ”ä –ö"),
        ("windows-1250", "cp1250", "Łódź: „Święta“ – für Grüße, ŻÓŁĆ"),
        ("cp1250", "cp1250", "Příliš žluťoučký kůň, ČŠ ßš"),
        ("iso-8859-2", "iso8859-2", "Zażółć gęślą jaźń, ß"),
        ("windows-1251", "cp1251", "Москва, „газета“"),
        ("koi8-r", "koi8-r", "Москва"),
        ("iso-8859-9", "cp1254", "İstanbul’da Erdoğan"),
        ("windows-1257", "cp1257", "Rīga – „Diena“"),
        ("gb2312", "gbk", "北京的新闻"),
        ("Shift_JIS", "cp932", "東京のニュース"),
        ("euc-kr", "cp949", "서울 뉴스"),
    ],
)
def test_other_charsets_are_obeyed(label: str, codec: str, text: str) -> None:
    check(feed(text, label), codec)
    check(feed(text), codec, f"text/xml; charset={label}")
    check(page(text, label), codec)
    check(page(text), codec, f'text/html; charset="{label}";')


@pytest.mark.parametrize(
    "label",
    [
        "utf8mb4",
        "ISO8859_1",
        "latin-1",
        '"utf-8"',
        "klingon",
        "utf-8;",
        "'latin1'",
        "",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_odd_labels_harm_nothing(label: str, codec: str) -> None:
    check(feed("Größe, „Spaß“, Maß«"), codec, f"text/xml; charset={label}")
    check(page("Größe, „Spaß“, Maß«"), codec, f"text/html;charset={label};")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("utf8mb4", "utf-8"),
        ("utf8mb3_general", "utf-8"),
        ("ISO-8859-1", "cp1252"),
        ("iso8859_1", "cp1252"),
        ("iso-8859-1:1987", "cp1252"),
        ("latin-1", "cp1252"),
        ("l1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("ANSI", "cp1252"),
        ("Windows-1252", "cp1252"),
        ("win1252", "cp1252"),
        ("x-cp1252", None),
        ("iso_8859-15", "iso8859-15"),
        ("Latin-9", "iso8859-15"),
        ("latin5", "cp1254"),
        ("iso-8859-12", None),
        ("utf-16", None),
        ("hex", None),
        ("unicode_escape", None),
        ("punycode", None),
        ("macintosh", "mac-roman"),
        ("windows-1250", "cp1250"),
        ("iso-8859-8-i", "iso8859-8"),
        ("GBK", "gb18030"),
    ],
)
def test_labels(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec
    if codec:
        codecs.lookup(codec)


def test_the_document_knows_better_than_a_servers_default() -> None:
    check(feed("Łódź, Święta", "windows-1250"), "cp1250", LATIN1_HEADER)
    check(feed("50 €", "iso-8859-15"), "iso8859-15", LATIN1_HEADER)
    check(
        feed("50 €", "iso-8859-1"),
        "iso8859-15",
        "text/xml; charset=iso-8859-15",
    )


MIXED = [
    (
        "cp1252 quotes in UTF-8",
        "Größe und ".encode() + b"\x84so\x93" + " für Übersee, weiß".encode(),
    ),
    (
        "one broken letter in UTF-8",
        "Größe, Übersee, ".encode()
        + "„Spaß“".encode("cp1252")
        + " für alle".encode(),
    ),
    (
        "a snippet of UTF-8 in cp1252",
        "Größe, Übersee, Spaß“ und ".encode("cp1252") + "für „alle“".encode(),
    ),
    (
        "UTF-8 title, cp1252 text",
        "für".encode() + "Größe, Überseß«, schöne Grüße".encode("cp1252"),
    ),
]
MEANT = [
    "Größe und „so“ für Übersee, weiß",
    "Größe, Übersee, „Spaß“ für alle",
    "Größe, Übersee, Spaß“ und für „alle“",
    "fürGröße, Überseß«, schöne Grüße",
]


@pytest.mark.parametrize(
    "content_type", ["", LATIN1_HEADER, "text/xml; charset=utf-8"]
)
@pytest.mark.parametrize(
    ("body", "meant"),
    list(zip([body for _, body in MIXED], MEANT, strict=True)),
)
def test_mixed_documents(body: bytes, meant: str, content_type: str) -> None:
    assert (
        decode(b"<rss><title>" + body + b"</title></rss>", content_type)
        == f"<rss><title>{meant}</title></rss>"
    )


@pytest.mark.parametrize(
    "codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/xml; charset=utf-16",
        "text/html; charset=utf-8",
        LATIN1_HEADER,
    ],
)
def test_wide_text_without_a_mark(codec: str, content_type: str) -> None:
    for declared in ("utf-16", "utf-8", "utf-16be", ""):
        check(feed("Größe – „Spaß“, Übersee", declared), codec, content_type)
        check("\n \t" + page("Größe – „Spaß“", declared), codec, content_type)
    check("Größe zuerst: " + page("„Spaß“"), codec, content_type)


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_utf16_that_is_only_said(codec: str) -> None:
    check(feed("Größe, Spaß“", "utf-16"), codec, "text/xml; charset=utf-16")
    check(page("Größe, Spaß“", "utf-16le"), codec)


@pytest.mark.parametrize(
    "mark", [codecs.BOM_UTF8, b"\n" + b"" + codecs.BOM_UTF8]
)
def test_a_mark_beats_every_declaration(mark: bytes) -> None:
    document = feed("Rīga: ē, Spaß“", "windows-1252")
    assert (
        decode(mark + document.encode(), LATIN1_HEADER).lstrip("\n\ufeff")
        == document
    )
    assert decode(codecs.BOM_UTF8 + "ē".encode(), LATIN1_HEADER) == "ē"
    assert (
        decode(
            codecs.BOM_UTF16_LE + document.encode("utf-16-le"), LATIN1_HEADER
        )
        == document
    )


@pytest.mark.parametrize("at", [0, 1, 5, 30, 70, 100])
@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
@pytest.mark.parametrize("nuls", [b"\0", b"\0" * 40, b"\x01\0\x02"])
def test_nuls_are_dropped_wherever_they_stand(
    at: int, codec: str, nuls: bytes
) -> None:
    document = page("Größe, Spaß“")
    raw = document.encode(codec)
    assert decode(raw[:at] + nuls + raw[at:], "") == document


@pytest.mark.parametrize(
    ("doubled", "meant"),
    [
        ("fÃ¼r", "für"),
        ("StraÃŸe", "Straße"),
        ("GrÃ¶ÃŸe", "Größe"),
        ("Ã–sterreich", "Österreich"),
        ("Ãœber uns", "Über uns"),
        ("â€žsoâ€œ", "„so“"),
        ("5\u00a0â‚¬", "5\u00a0â‚¬"),
        ("bis â€“ hier", "bis – hier"),
        ("Das wÃ¤râ€™s", "Das wär’s"),
        ("Â»jaÂ«", "»ja«"),
        ("CafÃ©", "Café"),
        ("FuÃ\x9fball", "Fußball"),
        ("aus ü wird Ã¼, sagt er", "aus ü wird Ã¼, sagt er"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("Â", "Â"),
        ("für", "für"),
        ("Ärger mit «Ã»", "Ärger mit «Ã»"),
    ],
)
def test_doubly_coded_words_are_put_right(doubled: str, meant: str) -> None:
    assert undoubled(doubled) == meant
    assert undoubled(meant) == meant
    assert decode(feed(doubled).encode()) == feed(meant)


def test_controls_of_latin1_are_what_windows_meant() -> None:
    assert (
        decode("Er sagt: \x84ja\x93 \x96 für 5 \x80".encode(), "")
        == "Er sagt: „ja“ – für 5 €"
    )


SINGLE = [
    "cp1252",
    "iso8859-1",
    "iso8859-15",
    "mac-roman",
    "cp1250",
    "cp1254",
    "iso8859-2",
]
GERMAN = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    " ÄÖÜäöüß“”„‘’‚‹›«»–—…\u00a0§€.,:;!?()0123456789-"
)


@given(
    st.text(st.sampled_from(GERMAN), max_size=80),
    st.sampled_from(SINGLE),
    st.booleans(),
)
def test_any_german_text_comes_back_from_its_declared_charset(
    text: str, codec: str, in_header: bool
) -> None:
    meant = text.encode(codec, "ignore").decode(codec)
    label = (
        "macintosh"
        if codec == "mac-roman"
        else codec.replace("cp", "windows-").replace("iso8859", "iso-8859")
    )
    document = feed(meant, "" if in_header else label)
    header = f"text/xml; charset={label}" if in_header else ""
    assert decode(document.encode(codec), header) == document


@given(
    st.binary(max_size=400),
    st.sampled_from(
        ["", LATIN1_HEADER, "x; charset=gbk", "x; charset=utf-16", "charset=;"]
    ),
)
def test_any_bytes_give_text(body: bytes, content_type: str) -> None:
    text = decode(body, content_type)
    assert not re.search("[\0\ufffe\uffff\ud800-\udfff]", text)
    assert wide_charset(body) in (
        None,
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    )


@pytest.mark.parametrize("header", ["", "text/xml", "text/xml; charset=utf-8"])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("„Spaß“ für Größe – Übermaß", "mac-roman"),
        ("Ärger in Bünde, Straße gesperrt – fünf Verletzte", "mac-roman"),
        ("Die Hälfte bleibt. Später müssen alle zählen.", "mac-roman"),
        ("Škoda und Miloš für § 5, Größe “gut”", "cp1252"),
        ("nach §5 und §a BGB, Ÿ", "cp1252"),
        ("naïve Café", "cp1252"),
    ],
)
def test_a_macintosh_without_a_declaration(
    text: str, codec: str, header: str
) -> None:
    check(feed(text), codec, header)
    check(page(text), codec, header.replace("xml", "html"))


MARKS_BEHIND = "°²³´¶¹½·“”„‘’‚‹›«»–—…\u00a0§©®±¼¾¿¡¢£¤¥¦¨¬¯¸"


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1252", "iso-8859-15", ""]
)
@pytest.mark.parametrize("letter", "ÄÖÜß")
@pytest.mark.parametrize(
    "around", ["X{} weiter", "DI{}", "Das {} da", "AB{}, CD", "({})"]
)
def test_every_mark_behind_a_capital_umlaut(
    label: str, letter: str, around: str
) -> None:
    codec = label or "cp1252"
    for mark in MARKS_BEHIND:
        document = f"<p>{around.format(letter + mark)}</p>"
        body = document.encode(codec, "ignore")
        expected = body.decode(codec)
        assert (
            decode(
                body, f"text/html; charset={label}" if label else "text/html"
            )
            == expected
        )


@pytest.mark.parametrize(
    "name",
    [
        "Rīga",
        "Erdoğan",
        "İstanbul",
        "Yıldız",
        "Modrić",
        "Ēriks",
        "Mēs",
        "Dvořák",
    ],
)
@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=utf-8"]
)
def test_names_of_other_countries_are_utf8(
    name: str, content_type: str
) -> None:
    assert decode(f"<p>{name}</p>".encode(), content_type) == f"<p>{name}</p>"


@pytest.mark.parametrize("name", ["ALİ", "RĒZEKNE", "CĪ"])
def test_declared_utf8_is_obeyed_behind_capitals(name: str) -> None:
    assert (
        decode(f"<p>{name}</p>".encode(), "text/html; charset=utf-8")
        == f"<p>{name}</p>"
    )
