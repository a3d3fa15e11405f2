from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.hygiene import (
    clean_line,
    clean_text,
    one_line,
    plain_text,
    safe_url,
)


def check(got: str | None, expected: str | None) -> None:
    assert got == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Plain", "Plain"),
        ("  zwei\n Zeilen\t hier ", "zwei Zeilen hier"),
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("decoded &amp;uuml; once", "decoded &uuml; once"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("Wenn a < b und c > d", "Wenn a < b und c > d"),
        ("<b>Eil:</b> Streik <em class='x'>jetzt</em>", "Eil: Streik jetzt"),
        ("Eins<br/>zwei", "Eins zwei"),
        ("<script>alert(1)</script>Titel", "Titel"),
        ("a<!-- versteckt -->b", "ab"),
        ("Bcc: x\r\nSubject: y", "Bcc: x Subject: y"),
        ("Rund\u00adfunk\u200bge\u2060büh\ufeffr", "Rundfunkgebühr"),
        ("\u202egnaldnaB\u202c \u2066x\u2069", "gnaldnaB x"),
        ("Zeile\u2028zwei\u2029drei\x85vier", "Zeile zwei drei vier"),
        ("U\u0308ber", "Über"),
        ("nul\x00 vt\x0bc1\x9b", "nul vt c1"),
        ("\ud800kaputt\udfff", "kaputt"),
        (
            "Familie 👩\u200d👩\u200d👧 und ❤\ufe0f\u200d🔥",
            "Familie 👩\u200d👩\u200d👧 und ❤\ufe0f\u200d🔥",
        ),
        ("zer\u200dris\u200csen", "zerrissen"),
        ("&#8203;&shy;&#x202E;x", "x"),
        ("&#150; &#0; &nbsp;x", "– \ufffd x"),
        ("", ""),
    ],
)
def test_lines(raw: str, expected: str) -> None:
    check(clean_line(raw), expected)


@pytest.mark.parametrize(
    ("raw", "limit", "expected"),
    [
        ("eins zwei drei", 14, "eins zwei drei"),
        ("eins zwei drei", 13, "eins zwei…"),
        ("eins zwei drei", 10, "eins zwei…"),
        ("a" * 30, 10, "a" * 9 + "…"),
        ("abc", 0, ""),
    ],
)
def test_lines_are_cut_at_words(raw: str, limit: int, expected: str) -> None:
    check(one_line(raw, limit), expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("eins\n\n\n  zwei \r\ndrei", "eins\nzwei\ndrei"),
        ("&amp; bleibt <b>", "&amp; bleibt <b>"),
        ("a\u2029b\x0cc", "a\nb\nc"),
    ],
)
def test_texts_keep_paragraphs(raw: str, expected: str) -> None:
    check(clean_text(raw), expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("nur Text", "nur Text"),
        (
            "umbrochener\nText\n\nneuer Absatz",
            "umbrochener Text\nneuer Absatz",
        ),
        ("<p>Eins</p><p>Zwei<br>Drei</p>", "Eins\nZwei\nDrei"),
        ("<p>um\nbrochen</p>\n<p>zwei</p>", "um brochen\nzwei"),
        (
            "Text <a href='x?a=1&b=2'>Link</a>, <strong>fett</strong>.",
            "Text Link, fett.",
        ),
        ("<img src='x.jpg' alt='a > b'>Bild", "Bild"),
        ("M&uuml;ller &amp;lt;3 <b>x</b>", "Müller &lt;3 x"),
        ("1 < 2 <b>und</b> 3 > 2", "1 < 2 und 3 > 2"),
        ("vor<script>var a = '<p>nein</p>';</script>nach", "vornach"),
        ("vor<style>p{}</style><p>nach</p>", "vor\nnach"),
        ("vor<!-- <p>nein</p> -->nach", "vornach"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>offen <b>und kaputt", "offen und kaputt"),
        ("<p onclick='x'", ""),
        ("<svg><text>nein</text></svg>ja", "ja"),
        ("<p>a\x00b\ud800c</p><!-- x -->", "abc"),
    ],
)
def test_fragments(raw: str, expected: str) -> None:
    check(plain_text(raw), expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://www.zdf.de/a?b=1#c", "https://www.zdf.de/a?b=1#c"),
        ("  HTTP://Example.DE:80/Ä \n", "http://example.de/%C3%84"),
        ("https://müller.de/", "https://xn--mller-kva.de/"),
        ("https://example.de/a\r\nb", "https://example.de/ab"),
        ("https://example.de/\u202egpj", "https://example.de/%E2%80%AEgpj"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.de/", None),
        ("/relativ", None),
        ("http://", None),
        ("http://[::1", None),
        ("http://a\ud800b/", None),
        ("", None),
        ("https://example.de/" + "a" * 5000, None),
    ],
)
def test_addresses(raw: str, expected: str | None) -> None:
    check(safe_url(raw), expected)


def forbidden(text: str) -> list[str]:
    return [
        char
        for char in text
        if char != "\n"
        and char != "\u200d"
        and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        # prepended number signs and the like of other scripts: visible, no
        # trick
        and ord(char)
        not in (
            *range(0x600, 0x606),
            0x6DD,
            0x70F,
            0x890,
            0x891,
            0x8E2,
            0x110BD,
            0x110CD,
        )
        and not 0x13430 <= ord(char) <= 0x1343F
        and not 0x1BCA0 <= ord(char) <= 0x1BCA3
        and not 0x1D173 <= ord(char) <= 0x1D17A
    ]


anything = st.text(st.characters(categories=None), max_size=60) | st.text(
    st.sampled_from(
        "ab <>&;/!-\"'=\n\r\t\x00\x85\u200d\u200b\ufe0f👩🔥❤\u0308\u0338↔\u2329u\u2028\ud800"
    )
    | st.sampled_from("pbr#x2"),
    max_size=60,
)


@given(anything, st.integers(0, 70))
def test_plain_cleaning_is_idempotent(raw: str, limit: int) -> None:
    for clean in (one_line, clean_text):
        once = clean(raw, limit)
        assert clean(once, limit) == once
        assert len(once) <= limit


@given(anything)
def test_nothing_forbidden_is_left(raw: str) -> None:
    for clean in (clean_line, one_line, clean_text, plain_text):
        got = clean(raw)
        assert forbidden(got) == []
        assert unicodedata.is_normalized("NFC", got)
        got.encode()
    for clean in (clean_line, one_line):
        assert "\n" not in clean(raw)


@given(anything)
def test_what_was_cleaned_needs_no_more_tidying(raw: str) -> None:
    assert one_line(clean_line(raw)) == clean_line(raw)
    assert clean_text(plain_text(raw)) == plain_text(raw)


@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cf", "Co", "Cn")
        ),
        max_size=80,
    )
)
def test_escaped_text_comes_back(raw: str) -> None:
    escaped = (
        raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    assert clean_line(escaped) == one_line(raw)


@given(st.text(max_size=80) | anything)
def test_addresses_never_raise(raw: str) -> None:
    for text in (raw, "http://" + raw, "https://example.de/" + raw):
        got = safe_url(text)
        assert got is None or (
            got.isascii() and got.isprintable() and " " not in got
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "<p>",
        '<a "',
        "<a b='",
        "<!--",
        "<script>",
        "</script",
        "&",
        "&#",
        "a\u0301",
        "\u0301",
        "\u0301\u0327",
        "<b",
        "\u200d",
        "<p a=",
        "x ",
    ],
)
def test_hostile_texts_stay_linear(unit: str) -> None:
    raw = "<script>" * (unit == "</script") + unit * (1_000_000 // len(unit))
    began = time.process_time()
    for clean in (clean_line, clean_text, plain_text):
        clean(raw)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Spa&amp;szlig; am Ring", "Spaß am Ring"),
        (
            "Gr&amp;uuml;ne w&amp;auml;hlen &amp;bdquo;so&amp;ldquo;",
            "Grüne wählen „so“",
        ),
        ("&amp;Uuml;ber 5 &amp;euro;", "Über 5 €"),
        ("Caf&amp;eacute; &amp;ndash; neu", "Café – neu"),
        ("&amp;#228;ndern", "ändern"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("K&amp;ouml;ln&amp;nbsp;Deutz", "Köln Deutz"),
        ("Bundes&amp;shy;tag", "Bundestag"),
        ("Er sagt &amp;quot;nein&amp;quot;", 'Er sagt "nein"'),
        # it is about the entity
        ("Wie &amp;szlig; in HTML steht", "Wie &szlig; in HTML steht"),
        ("Fett mit &amp;lt;b&amp;gt;", "Fett mit &lt;b&gt;"),
    ],
)
def test_entities_escaped_twice(raw: str, text: str) -> None:
    assert clean_line(raw) == text
    assert plain_text(f"<p>{raw}</p>") == text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<p>Vor dem Tor.</p><p danach geht es weiter.</p><p>Ende.</p>",
            "Vor dem Tor.\ndanach geht es weiter.\nEnde.",
        ),
        ("<p>Davor</p><p danach", "Davor\ndanach"),
        ("<p>Anfang</p\n<p>Mitte</p>", "Anfang\nMitte"),
        ("<p>A<br/B danach</p>", "A\nB danach"),
        ("a <b fett</b> Ende", "a fett Ende"),
        ("a <bx weg <b>und</b> Ende", "a und Ende"),
        ("<li eins<li>zwei</li>", "eins\nzwei"),
        ("<p>x</p><img src='a' alt='b", "x"),
        ("<a href='x' <p>Text</p>", "Text"),
        ("<p>kleiner als <3 ja</p>", "kleiner als <3 ja"),
        ("<p>A</p><script>if (a <b && c) {}</script><p>B</p>", "A\nB"),
        ("<!-- <p weg --><p>A</p>", "A"),
        ("A <noscript>ohne Skript</noscript> danach", "A ohne Skript danach"),
        (
            "<noscript><p>Der Rat tagt.</p></noscript><p>B</p>",
            "Der Rat tagt.\nB",
        ),
        ("<noscript><img src=x></noscript><p>A</p>", "A"),
        (
            "<p>A</p><object data=x><p>Im Objekt</p></object><p>B</p>",
            "A\nIm Objekt\nB",
        ),
        (
            "<object><param name=a value=b><embed src=x>Sonst dies</object><p>B</p>",
            "Sonst dies\nB",
        ),
        ("<svg><text>Achse</text></svg><p>A</p>", "A"),
    ],
)
def test_text_of_a_feed_that_sloppy_markup_hides(
    markup: str, expected: str
) -> None:
    assert plain_text(markup) == expected


@pytest.mark.parametrize(
    ("escaped", "expected"),
    [
        ("Spa&amp;amp;szlig; und M&amp;amp;auml;rz", "Spaß und März"),
        ("Spa&amp;amp;amp;szlig;", "Spaß"),
        ("&amp;amp;bdquo;so&amp;amp;ldquo;", "„so“"),
        ("A &amp;amp;amp; B", "A & B"),
        ("10&amp;amp;nbsp;Euro", "10 Euro"),
        ("1&amp;amp;#8211;2", "1–2"),
        ("&amp;amp;lt;b&amp;amp;gt;", "&lt;b&gt;"),
        ("Der Code &amp;amp;uuml; steht", "Der Code &uuml; steht"),
    ],
)
def test_entities_escaped_again_and_again(escaped: str, expected: str) -> None:
    assert plain_text(f"<p>{escaped}</p>") == expected
    assert clean_line(escaped) == expected
