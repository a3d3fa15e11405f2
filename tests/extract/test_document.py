"""Bytes to tree: charset, what is no web page, and depth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.document import MAX_BYTES, MAX_DEPTH, load
from monitor.language.charset import decode
from monitor.types.page import ExtractFailed, PageTask

GERMAN = "<html><body><p>Größe, Übersee, „Straße“ – 5 €</p></body></html>"


def failed(body: bytes) -> str:
    outcome = load(PageTask("https://z.example/a", body))
    return outcome.reason if isinstance(outcome, ExtractFailed) else ""


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (GERMAN.encode(), ""),
        (GERMAN.encode(), "text/html; charset=iso-8859-1"),  # a wrong header
        # a wrong meta element
        (b"<meta charset=latin1>" + GERMAN.encode(), ""),
        (b"\xef\xbb\xbf" + GERMAN.encode(), "text/html; charset=latin1"),
        (GERMAN.encode("utf-16"), "text/html"),
        (GERMAN.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        # a wrong header again
        (GERMAN.encode("cp1252"), "text/html; charset=utf-8"),
        (
            b"<meta http-equiv=content-type content='text/html; charset=windows-1252'>"
            + GERMAN.encode("cp1252"),
            "",
        ),
        (GERMAN.encode("cp1252"), ""),
        (
            GERMAN.encode("iso-8859-15", "replace").replace(b"?", b"'"),
            "text/html; charset=no-such-thing",
        ),
    ],
)
def test_umlauts_survive(body: bytes, content_type: str) -> None:
    text = decode(body, content_type)
    assert "Größe, Übersee," in text
    assert "Straße" in text


def test_a_utf8_page_with_one_latin1_quote_keeps_its_umlauts() -> None:
    body = GERMAN.encode().replace(b"<p>", b"<p>\x84Zitat\x93 ")
    assert "„Zitat“ Größe, Übersee" in decode(body, "text/html; charset=utf-8")


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "",
            "text/html; charset=utf-8",
            "text/html; charset=hex",
            "x;charset=;",
        ]
    ),
)
def test_any_bytes_give_a_text_and_a_value(
    body: bytes, content_type: str
) -> None:
    assert isinstance(decode(body, content_type), str)
    load(PageTask("https://z.example/a", body, content_type))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3<html><body><p>x</p>", "not_html"),
        (b"PK\x03\x04....", "not_html"),
        (b"\x89PNG\r\n", "not_html"),
        (b"\x00\x01\x02<html>", "not_html"),
        (b"\x00\x00\x00\x00<html><body><p>x</p>", ""),
        (b"\x00" * 600 + b"<!DOCTYPE html><p>x</p>", ""),
        (b"<!doctype html>\n<html>\x00\x00\x00\x00\x00<p>\x00x</p>", ""),
        (b"<html\x00 lang=de>\x00\x00\x00<p>x</p>", ""),
        (b"\x00\x00\x00\x00<p>x</p>", "not_html"),
        (b"\x00\x00\x00\x00\x00\x01 ftypmp42 <html>", "not_html"),
        (b'{"a": "<p>x</p>"}', "not_html"),
        (b'  [{"a": 1}]', "not_html"),
        (b"just words", "not_html"),
        (
            b'<?xml version="1.0"?>\n<!-- x --><rss version="2.0"><channel/></rss>',
            "not_html",
        ),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "not_html"),
        (b"<urlset><url></url></urlset>", "not_html"),
        (b"<html><body>" + b"<p>x</p>" * 160_000, "too_large"),
        (b"<html>" + b" " * MAX_BYTES, "too_large"),
        (b'<?xml version="1.0"?><html><body><p>x</p></body></html>', ""),
        (b"<p>ein Bruchst\xc3\xbcck</p>", ""),
    ],
)
def test_what_is_no_page_is_named(body: bytes, reason: str) -> None:
    assert failed(body) == reason


@pytest.mark.parametrize("depth", [10, 255, 300, 1900, 2100, 40_000])
@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote"])
def test_deep_pages_keep_their_text(depth: int, tag: str) -> None:
    body = (
        f"<html><body>{f'<{tag}>' * depth}<p>tief"
        f" unten</p>{f'</{tag}>' * depth}<p>danach</p></body></html>"
    )
    tree = load(PageTask("https://z.example/a", body.encode()))
    assert not isinstance(tree, ExtractFailed)
    assert "tief unten" in tree.text_content()
    assert "danach" in tree.text_content()
    assert (
        max(sum(1 for _ in p.iterancestors()) for p in tree.iter("p"))
        <= MAX_DEPTH + 2
    )


def test_what_cannot_be_flattened_says_so() -> None:
    assert (
        failed(b"<html><body>" + b"<x-y>" * 5000 + b"<p>x</p>") == "too_deep"
    )


def page_text(body: bytes, content_type: str) -> str:
    tree = load(PageTask("https://z.example/a", body, content_type))
    assert not isinstance(tree, ExtractFailed), tree
    return str(tree.find(".//p").text)


@pytest.mark.parametrize(
    "text", ["„Spaß“", "FPÖ“", "»Maß«", "ß\u00a0–", "„Ä“, Ü’s", "weiß…"]
)
@pytest.mark.parametrize(
    ("content_type", "meta"),
    [
        ("text/html; charset=ISO-8859-1", ""),
        ("text/html; charset=windows-1252", ""),
        ('text/html; charset="latin-1";', ""),
        ("text/html", "<meta charset='iso-8859-1'>"),
        (
            "",
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252" />',
        ),
    ],
)
def test_quotes_behind_umlauts(
    text: str, content_type: str, meta: str
) -> None:
    body = f"<!DOCTYPE html><html><head>{meta}</head><body><p>{text}</p></body></html>"
    assert page_text(body.encode("cp1252"), content_type) == text
    assert page_text(body.encode(), content_type) == text


@given(
    st.text(
        st.sampled_from(
            "abcdeilmnorstuABDEMST ÄÖÜäöüß“”„‘’‚‹›«»–—…§€.,:!?0123456789-"
        ),
        max_size=60,
    ),
    st.sampled_from(
        [
            "iso-8859-1",
            "windows-1252",
            "iso-8859-15",
            "macintosh",
            "windows-1250",
            "utf-8",
        ]
    ),
    st.booleans(),
)
def test_any_german_text_comes_back(
    text: str, label: str, in_header: bool
) -> None:
    codec = {"iso-8859-1": "cp1252", "macintosh": "mac-roman"}.get(
        label, label
    )
    text = f"a{text.encode(codec, 'ignore').decode(codec)}b"
    meta = "" if in_header else f'<meta charset="{label}">'
    body = (
        f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(
            codec
        )
    )
    assert (
        page_text(
            body, f"text/html; charset={label}" if in_header else "text/html"
        )
        == text
    )


@pytest.mark.parametrize("at", [0, 10, 40, 300])
@pytest.mark.parametrize("nuls", [b"\0", b"\0\0\0", b"\x02"])
def test_an_early_nul_is_no_binary(at: int, nuls: bytes) -> None:
    body = (
        b"<!DOCTYPE html><html><head><title>x</title></head><body><p>Gr\xf6\xdfe</p>"
        + b"<p>mehr</p>" * 60
    )
    assert page_text(body[:at] + nuls + body[at:], "") == "Größe"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=utf-16",
        "text/html",
        "text/html; charset=iso-8859-1",
    ],
)
def test_utf16_pages(codec: str, content_type: str) -> None:
    body = "<!DOCTYPE html><html><head><meta charset='utf-16'></head><body><p>„Spaß“</p></body></html>"
    assert page_text(body.encode(codec), content_type) == "„Spaß“"


@pytest.mark.parametrize(
    "name",
    [
        "embed",
        "source",
        "track",
        "wbr",
        "param",
        "area",
        "col",
        "input",
        "keygen",
        "link",
    ],
)
def test_void_elements_take_no_text_with_them(name: str) -> None:
    body = f"<html><body><p>Vorher<{name} src=x> danach</p><p>Ende</p></body></html>"
    tree = load(PageTask("https://z.example/a", body.encode()))
    assert not isinstance(tree, ExtractFailed)
    assert all(not element.text_content() for element in tree.iter(name))
    assert tree.text_content() == "Vorher danachEnde"


@pytest.mark.parametrize(
    "name",
    [
        "object",
        "iframe",
        "noscript",
        "svg",
        "video",
        "textarea",
        "script",
        "style",
    ],
)
def test_an_element_that_nobody_closed_is_left_out(name: str) -> None:
    body = f"<html><body><p>Vorher</p><{name}><p>danach</p><p>Ende</p></body></html>"
    tree = load(PageTask("https://z.example/a", body.encode()))
    assert not isinstance(tree, ExtractFailed)
    assert [p.text for p in tree.iter("p")] == ["Vorher", "danach", "Ende"]
