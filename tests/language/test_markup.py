"""No text is lost behind an element that has no end: void ones, and those that
nobody closed.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.hygiene import clean_line, plain_text
from monitor.language.markup import closed

VOID = [
    "area",
    "base",
    "basefont",
    "bgsound",
    "br",
    "col",
    "command",
    "embed",
    "frame",
    "hr",
    "image",
    "img",
    "input",
    "keygen",
    "link",
    "meta",
    "param",
    "source",
    "spacer",
    "track",
    "wbr",
]
UNCLOSED = [
    "object",
    "applet",
    "audio",
    "video",
    "canvas",
    "svg",
    "math",
    "select",
    "template",
    "noscript",
    "datalist",
    "script",
    "style",
    "iframe",
    "noembed",
    "noframes",
    "textarea",
    "title",
    "xmp",
]


def check(
    markup: str, *, kept: tuple[str, ...], gone: tuple[str, ...] = ()
) -> None:
    text = plain_text(markup)
    assert [word for word in kept if word not in text] == [], text
    assert [word for word in gone if word in text] == [], text


@pytest.mark.parametrize("name", [*VOID, *UNCLOSED])
@pytest.mark.parametrize(
    "attributes",
    ["", ' src="x"', " src=x/", ' a="b" /', " a='<'", ' title="a > b"'],
)
def test_text_behind_an_element_without_an_end(
    name: str, attributes: str
) -> None:
    for tag in (f"<{name}{attributes}>", f"<{name.upper()}{attributes}>"):
        check(
            f"<p>Vorher{tag} danach steht Text.</p><p>Ende</p>",
            kept=("Vorher", "danach steht Text.", "Ende"),
        )
        check(
            f"<p>Vorher</p>{tag}<p>danach</p><div>{tag}<p>Ende</p></div>",
            kept=("Vorher", "danach", "Ende"),
        )
        check(f"{tag}danach", kept=("danach",))
        assert "danach" in clean_line(f"Vorher {tag} danach")


@pytest.mark.parametrize("name", ["embed", "source", "track", "wbr"])
def test_an_end_tag_of_a_void_element_ends_nothing(name: str) -> None:
    check(
        f"<p>Vor<{name} src=x></{name}>her</p><p>danach</p>",
        kept=("Vorher", "danach"),
    )
    check(f"<p>Vor</{name}>her</p><p>danach</p>", kept=("Vorher", "danach"))


@pytest.mark.parametrize(
    ("markup", "kept", "gone"),
    [
        (
            "<p>a1</p><script>var x = '<object>';</script><p>b2</p>",
            ("a1", "b2"),
            ("var",),
        ),
        (
            "<p>a1</p><script>w('<script src=y><\\/script>')</script><p>b2</p>",
            ("a1", "b2"),
            ("src",),
        ),
        ("<p>a1</p><script>var x = 1;<p>b2</p>", ("a1", "b2"), ("var",)),
        ("<p>a1</p><style>p{color:red}<p>b2</p>", ("a1", "b2"), ("color",)),
        (
            "<p>a1</p><script>if (a<b) {c()}</span><p>b2</p>",
            ("a1", "b2"),
            ("c()",),
        ),
        (
            "<object data=x><param name=y>Kein Flash</object><p>b2</p>",
            ("Kein Flash", "b2"),
            (),
        ),
        ("<object><object>x1</object><p>b2</p>", ("x1", "b2"), ()),
        (
            "<video controls><source src=a><source src=b>Alter Browser</video>b2",
            ("b2",),
            (),
        ),
        ("<noscript><img src=x></noscript><p>b2</p>", ("b2",), ()),
        (
            "<iframe src=x></iframe><p>b2</p><iframe src=y><p>c3</p>",
            ("b2", "c3"),
            (),
        ),
        (
            "<svg><title>Symbol</title><path d='M0'/></svg><p>b2</p>",
            ("b2",),
            ("Symbol",),
        ),
        ("<svg viewBox='0'/><p>b2</p>", ("b2",), ()),
        ("<!-- <object> --><p>b2</p>", ("b2",), ("object",)),
        (
            "<p>a1<embed src=x><embed src=y> und <wbr>b2</p>",
            ("a1", "und b2"),
            (),
        ),
        ("<textarea><object></textarea><p>b2</p>", ("b2",), ()),
        ("<select><option>Wahl</select><p>b2</p>", ("b2",), ("Wahl",)),
    ],
)
def test_what_is_closed_stays_hidden_and_what_follows_stays(
    markup: str, kept: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    check(markup, kept=kept, gone=gone)


@given(
    st.text(st.sampled_from("<>/=\"' abembedscriptobject!-{;"), max_size=200)
)
def test_any_markup_is_taken(markup: str) -> None:
    assert isinstance(closed(markup), str)


@given(st.text(st.sampled_from("<>/pbdiv äöß"), max_size=100))
def test_markup_without_these_elements_stays_as_it_is(markup: str) -> None:
    assert closed(markup) == markup


@pytest.mark.parametrize(
    "part",
    [
        '<embed "a',
        "<script ",
        "<object>",
        "<iframe ",
        "<!--",
        "<script>",
        "<script>a{</p>",
        "<title>",
        "<embed '\"",
    ],
)
def test_hostile_markup_takes_linear_time(part: str) -> None:
    began = time.process_time()
    closed(part * 50_000)
    assert time.process_time() - began < 2
