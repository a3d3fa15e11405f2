"""What comes along when text is copied, and signs that mean something else in
YAML than where people know them from.
"""

from __future__ import annotations

import pytest

from monitor.config.address_notation import mail_address, web_address
from monitor.config.catalog import load_catalog
from monitor.config.notation import Unreadable
from tests.config.files import FEED, Write, check, check_german, problems_of

TOPIC = "topics:\n  - name: Herford\n    recipients: anna@example.org\n"


def warned(write: Write, words: str) -> list[tuple[int, str, str]]:
    """Line, message and hint of each warning of a topic with these words."""
    warnings = load_catalog(write(FEED + TOPIC + words)).warnings
    for problem in warnings:
        check_german(problem)
    return [(each.place.line, each.message, each.hint) for each in warnings]


@pytest.mark.parametrize(
    ("words", "cut_off", "whole"),
    [
        (
            "    query: Ukraine #Putin OR Trump\n",
            "#Putin OR Trump",
            "'Ukraine #Putin OR Trump'",
        ),
        ("    any:\n      - Löhne #Rat\n", "#Rat", "'Löhne #Rat'"),
        ("    any: Löhne #1\n", "#1", "'Löhne #1'"),
        (
            "    query: cs(Rat's) #Rat\n",
            "#Rat",
            "'cs(Rat''s) #Rat'",
        ),
    ],
)
def test_a_text_that_a_comment_cuts_off(
    write: Write, words: str, cut_off: str, whole: str
) -> None:
    [(line, message, hint)] = warned(write, words)
    assert line == 7 + words.startswith("    any:\n")
    assert f'"{cut_off}" is left out' in message
    assert f"put the text in quotes: {whole};" in hint


@pytest.mark.parametrize(
    "words",
    [
        "    query: Ukraine # Putin\n",
        "    query: 'Ukraine #Putin'\n",
        "    any:\n      - Löhne # die Stadt\n      - Bünde\n",
        "    any: [Löhne,  # die Stadt\n      Bünde]\n",
        "    query: >-\n      Löhne OR Bünde\n    # für alle\n    mode: digest\n",
        "    query: |\n      Löhne OR\n        Bünde\n# für alle\n",
    ],
)
def test_comments_that_are_meant(write: Write, words: str) -> None:
    assert warned(write, words) == []


@pytest.mark.parametrize("block", [">-", ">", "|"])
def test_a_comment_inside_a_block_is_a_part_of_the_query(
    write: Write, block: str
) -> None:
    words = (
        f"    query: {block}\n      Löhne OR\n      #Bünde OR\n      Enger\n"
    )
    [(line, message, hint)] = warned(write, words)
    assert line == 7
    assert '"#Bünde OR" is searched for' in message
    assert hint == "put the comment above the key, or delete the line"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<https://example.org/rss>", "https://example.org/rss"),
        ("„https://example.org/rss“", "https://example.org/rss"),
        ("”http://example.org/rss”", "http://example.org/rss"),
        ("»example.org/rss«", "https://example.org/rss"),
        ("https//example.org/rss", "https://example.org/rss"),
        ("https:/example.org/rss", "https://example.org/rss"),
        ("http:example.org/rss", "http://example.org/rss"),
        ("https://https://example.org/rss", "https://example.org/rss"),
        ("http://https://example.org/rss", "https://example.org/rss"),
    ],
)
def test_web_addresses_with_something_around(text: str, meant: str) -> None:
    with pytest.raises(Unreadable) as caught:
        web_address(text)
    assert caught.value.hint == f'write "{meant}"'
    assert web_address(meant) == meant


@pytest.mark.parametrize("text", ["<>", "https://", "ftp://example.org", "„“"])
def test_web_addresses_that_cannot_be_guessed(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        web_address(text)
    assert caught.value.hint == "only http:// and https:// are read"


@pytest.mark.parametrize(
    "text",
    ["„anna@example.org“", "”anna@example.org”", "<mailto:anna@example.org>"],
)
def test_mail_addresses_with_something_around(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mail_address(text)
    assert caught.value.hint == 'write "anna@example.org"'


def test_a_list_of_bare_addresses(write: Write) -> None:
    hint = "write  - id: name  and in the line below  url: https://a.example"
    check(
        write("feeds:\n  - https://a.example\n"),
        (2, 5, "expected keys", hint),
    )


def test_two_commas_in_a_list(write: Write) -> None:
    check(
        write(FEED + TOPIC + "    any: [Löhne, , Bünde]\n"),
        (7, 18, "nothing stands between two commas", "delete one of them"),
    )


def test_text_behind_a_bracket(write: Write) -> None:
    check(
        write("feeds:\n  - id: a\n    url: [Feed](https://a.example)\n"),
        (3, 16, "text follows a closed quote or bracket", ""),
    )


def test_an_excerpt_moves_no_cursor(write: Write) -> None:
    [problem] = problems_of(write("feeds:\n  - id: a\x1b[2J\x0b\x7f\n"))
    assert "a␛[2J␋␡" in problem.excerpt
    assert problem.excerpt.isprintable() or problem.excerpt.count("\n") == 1
