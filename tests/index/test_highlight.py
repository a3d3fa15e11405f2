"""The piece of a text that a result list shows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.index.highlight import (
    ELLIPSIS,
    WINDOW,
    Spans,
    find_nothing,
    highlight_text,
    highlight_title,
)


def find_hits(text: str) -> Spans:
    return [match.span() for match in re.finditer("hit[a-z]*", text)]


FILL = "lorem ipsum dolor " * 40


def check(parts: tuple[str, ...], contains: str, marks: list[str]) -> str:
    shown = highlight_text(parts, find_hits)
    assert contains in shown.text
    assert [shown.text[start:end] for start, end in shown.marks] == marks
    return shown.text


@pytest.mark.parametrize(
    ("parts", "contains", "marks"),
    [
        (("short hit text",), "short hit text", ["hit"]),
        (("", "the lead"), "the lead", []),
        (("no such word", "a hit in the lead"), "a hit in the lead", ["hit"]),
        ((FILL + "one hit here " + FILL,), "one hit here", ["hit"]),
        (
            (FILL + "hit " + FILL + "hit hitb " + FILL,),
            "hit hitb",
            ["hit", "hitb"],
        ),
        (
            (FILL + "hit hit hit " + FILL + "hit hitb " + FILL,),
            "hit hitb",
            ["hit", "hitb"],
        ),
        (("first\nsecond\thit",), "first second hit", ["hit"]),
        (("x" * 1000 + "-hit-" + "x" * 1000,), "hit", ["hit"]),
        ((), "", []),
        (("", ""), "", []),
    ],
)
def test_snippet(
    parts: tuple[str, ...], contains: str, marks: list[str]
) -> None:
    check(parts, contains, marks)


def test_cuts_stand_between_words_and_are_shown() -> None:
    text = check((FILL + "one hit here " + FILL,), "hit", ["hit"])
    assert text[0] == text[-1] == ELLIPSIS
    assert all(
        word in {"lorem", "ipsum", "dolor", "one", "hit", "here"}
        for word in text.strip(ELLIPSIS).split()
    )
    assert len(text) <= WINDOW + 2


def test_no_ellipsis_where_nothing_is_missing() -> None:
    assert check(("hit " + FILL,), "hit", ["hit"])[0] != ELLIPSIS
    assert check((FILL + "hit ",), "hit", ["hit"])[-1] != ELLIPSIS


def test_the_beginning_where_there_is_no_hit() -> None:
    text = check((FILL, "lead"), "lorem ipsum", [])
    assert text.endswith(ELLIPSIS)
    assert len(text) <= WINDOW + 1


def test_title_is_shown_whole() -> None:
    assert highlight_title("a hit here", find_hits).text == "a hit here"
    assert highlight_title("a hit here", find_hits).marks == ((2, 5),)
    long = highlight_title("word " * 1000 + "hit", find_hits)
    assert len(long.text) <= 301
    assert long.marks == ()


def test_all_white_space_is_shown_as_spaces() -> None:
    white = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    for sign in white:
        assert highlight_title(f"a{sign}b", find_hits).text == "a b"
        assert highlight_text((f"a{sign}hit",), find_hits).text == "a hit"


@given(st.lists(st.text("hit \t\xa0\xad", max_size=600), max_size=3))
def test_a_list_without_marks_shows_what_one_without_hits_does(
    parts: list[str],
) -> None:
    shown = highlight_text(parts, find_nothing)
    assert shown == highlight_text(parts, lambda _text: ())


@given(st.text(st.sampled_from("hitx \n-"), max_size=2000))
def test_every_mark_is_a_hit(text: str) -> None:
    shown = highlight_text((text,), find_hits)
    assert len(shown.text) <= 2 * WINDOW + 2
    assert all(
        shown.text[start:end].startswith("hit") for start, end in shown.marks
    )
    if any(end - start <= WINDOW for start, end in find_hits(text)):
        assert shown.marks
