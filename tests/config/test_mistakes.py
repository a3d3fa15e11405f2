"""Slips of the pen that people make in YAML: named at the line of the mistake,
with a fix that works.
"""

from __future__ import annotations

import pytest

from monitor.config.address_notation import is_on_site, mail_address
from monitor.config.catalog import load_catalog
from monitor.config.cron import cron_expression
from monitor.config.notation import Unreadable
from tests.config.files import Write, check

GOOD = """\
topics:
  - name: Kreis Herford
    any: [Herford, Landrat]
    recipients: [anna]
recipients:
  - name: anna
    email: anna@example.org
feeds:
  - id: zdf
    title: ZDF
    url: https://www.zdf.de/rss
"""
ANY = "any: [Herford, Landrat]"


def broken(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message", "hint"),
    [
        (
            "email: anna",
            "email anna",
            7,
            5,
            '":"',
            "write  email: anna@example.org",
        ),
        (
            "email: anna",
            "email:anna",
            7,
            5,
            '":"',
            "write  email: anna@example.org",
        ),
        (
            "email: anna",
            "email = anna",
            7,
            5,
            '":"',
            "write  email: anna@example.org",
        ),
        ("- name: anna", "- name anna", 6, 5, '":"', "write  name: anna"),
        ("id: zdf", "id:zdf", 9, 5, '":"', "write  id: zdf"),
        ("title: ZDF", "title ZDF", 10, 5, '":"', "write  title: ZDF"),
        (
            "url: https",
            "url https",
            11,
            5,
            '":"',
            "write  url: https://www.zdf.de/rss",
        ),
        ("recipients:\n", "recipients\n", 5, 1, '":"', "write  recipients:"),
        ("topics:\n", "topics\n", 1, 1, '":"', "write  topics:"),
        ("feeds:\n", "feeds\n", 8, 1, '":"', "write  feeds:"),
        ("- id: zdf", "-id: zdf", 9, 3, 'after the "-"', "write  - id: zdf"),
        ("- id: zdf", "-id:zdf", 9, 3, 'after the "-"', "write  - id: zdf"),
        (
            "- name: anna",
            "-name: anna",
            6,
            3,
            'after the "-"',
            "write  - name: anna",
        ),
        (
            "- name: Kreis",
            "-name: Kreis",
            2,
            3,
            'after the "-"',
            "write  - name: Kreis Herford",
        ),
        ("    title", "     title", 10, 6, "indentation", "align"),
        (
            "feeds:\n  - id",
            "feeds: - id",
            8,
            8,
            "a list cannot begin",
            "next line",
        ),
        (
            ANY,
            'any: ["Herford, Landrat]',
            3,
            11,
            "never closed",
            'closing quote in the same line: "Herford"',
        ),
        (
            ANY,
            'any: [Herford, "Landrat]',
            3,
            20,
            "never closed",
            ': "Landrat"',
        ),
        (
            ANY,
            "any: ['Herford', 'Landrat]",
            3,
            22,
            "never closed",
            ": 'Landrat'",
        ),
        (
            ANY,
            'query: "Kreis Herford OR x',
            3,
            12,
            "never closed",
            ': "Kreis Herford OR x"',
        ),
        (
            ANY,
            'any:\n    - "Herford\n    - b\n    - "c"',
            4,
            7,
            "never closed",
            ': "Herford"',
        ),
        (
            "name: Kreis",
            'name: "Kreis',
            2,
            11,
            "never closed",
            ': "Kreis Herford"',
        ),
        ("title: ZDF", "title: 'ZDF", 10, 12, "never closed", ": 'ZDF'"),
        (
            ANY,
            "any: [Herford, Landrat",
            3,
            10,
            "never closed",
            "closing bracket",
        ),
        (
            ANY,
            'any: ["Herford, "Landrat"]',
            3,
            22,
            "a comma or a quote",
            "close every quote",
        ),
        (
            "email: anna@",
            "email: anna(at)",
            7,
            12,
            '"(at)"',
            'write "anna@example.org"',
        ),
        (
            ANY,
            ANY + "\n    mode: sofort",
            4,
            11,
            "sofort",
            'write "immediate"',
        ),
        ("[anna]", "anna, bert", 4, 17, "no recipient", "[anna, bert]"),
        (
            "[anna]",
            "anna(at)example.org",
            4,
            17,
            '"(at)"',
            'write "anna@example.org"',
        ),
        (
            ANY,
            ANY + "\n    where: {lang: 'de, en'}",
            4,
            19,
            "language",
            "[de, en]",
        ),
        (
            ANY,
            ANY + "\n    where: {source: 'a, b'}",
            4,
            21,
            "no feed",
            "[a, b]",
        ),
    ],
)
def test_named_where_it_is(
    write: Write,
    old: str,
    new: str,
    line: int,
    column: int,
    message: str,
    hint: str,
) -> None:
    check(write(broken(old, new)), (line, column, message, hint))


@pytest.mark.parametrize(
    ("new", "line", "column", "hint"),
    [
        ("any: *krieg", 3, 10, 'put it in quotes: "*krieg"'),
        ("any: [Rat, *krieg, b]", 3, 16, 'put it in quotes: "*krieg"'),
        ("any: [Rat,\n      *krieg, b]", 4, 7, 'put it in quotes: "*krieg"'),
        (
            "any:\n      - a\n      - *krieg  # so",
            5,
            9,
            'put it in quotes: "*krieg"',
        ),
        ("query: *krieg OR b", 3, 12, 'put it in quotes: "*krieg OR b"'),
        (
            'query: *krieg OR "a b" # x',
            3,
            12,
            "put it in quotes: '*krieg OR \"a b\"'",
        ),
        ("any: **fett**", 3, 10, 'put it in quotes: "**fett**"'),
        ("any: a\n    recipients: *bert", 4, 17, "write bert;"),
        ("any: a\n    recipients: [anna, *bert]", 4, 24, "write bert;"),
        ("any: a\n    recipients:\n      - *bert*", 5, 9, "write bert;"),
        ("any: a\n    where: {source: *waz}", 4, 21, "write waz;"),
        ("any: a\n    <<: *base", 4, 9, "needs its &base further up"),
    ],
)
def test_a_star_is_quoted_in_words_and_left_out_of_names(
    write: Write, new: str, line: int, column: int, hint: str
) -> None:
    check(
        write(broken(ANY, new)), (line, column, "read as a YAML alias", hint)
    )


def test_a_quote_is_named_where_it_opens_however_far_the_next_one_is(
    write: Write,
) -> None:
    text = broken(ANY, 'any: ["Kreis Herford, Herford*]').replace(
        "https", '"https', 1
    )
    check(
        write(text + '    region: "OWL"\n'),
        (3, 11, "never closed", '"Kreis Herford"'),
    )


def test_lists_without_blanks_after_their_dashes(write: Write) -> None:
    text = (
        GOOD.split("feeds:", maxsplit=1)[0]
        + "feeds:\n  -id: zdf\n   url: https://www.zdf.de/\n"
    )
    check(write(text), (9, 3, 'after the "-"', "write  - id: zdf"))
    text = GOOD.split("feeds:", maxsplit=1)[0] + "feeds:\n  -id: zdf\n"
    check(write(text), (9, 3, "expected a list", "write  - id: zdf"))


@pytest.mark.parametrize(
    ("new", "line", "hint"),
    [
        ("any: Kreis Herford, Landrat", 3, "[Kreis Herford, Landrat]"),
        ('any: "Kreis Herford, Landrat"', 3, "[Kreis Herford, Landrat]"),
        ("any: Herford; Landrat", 3, "[Herford, Landrat]"),
        ("any: Herford,Landrat,Löhne", 3, "[Herford, Landrat, Löhne]"),
        (
            "any:\n      Kreis Herford\n      Landrat",
            4,
            "[Kreis Herford, Landrat]",
        ),
        (
            "any: |\n      Kreis Herford\n      Landrat",
            3,
            "[Kreis Herford, Landrat]",
        ),
        (
            "any: >\n      Kreis Herford,\n      Landrat",
            3,
            "[Kreis Herford, Landrat]",
        ),
        (
            "any:\n      - Kreis Herford, Landrat\n      - b",
            4,
            "[Kreis Herford, Landrat]",
        ),
        ("any: Kreis Herford / Landrat", 3, "[Kreis Herford, Landrat]"),
        ("any: Herford | Landrat | Löhne", 3, "[Herford, Landrat, Löhne]"),
        ("any: Herford · Landrat", 3, "[Herford, Landrat]"),
        ("any: Herford • Landrat", 3, "[Herford, Landrat]"),
        ('any: "Herford\tLandrat"', 3, "[Herford, Landrat]"),
        ('any: "Herford / Landrat, Löhne"', 3, "[Herford, Landrat, Löhne]"),
        ("any:\n      - Herford / Löhne\n      - b", 4, "[Herford, Löhne]"),
        ("all: [Herford / Löhne, b]", 3, "[Herford, Löhne]"),
        ("any: a\n    none: Kochen / Sport", 4, "[Kochen, Sport]"),
        (
            "any: a\n    where: {category: 'politik / sport'}",
            4,
            "[politik, sport]",
        ),
        ("any:\n      -Herford\n      -Landrat", 4, "[Herford, Landrat]"),
        ("any: -Herford", 3, "write  - Herford"),
        ("all: Herford, Landrat", 3, "[Herford, Landrat]"),
        ("any: a\n    none: Kochen, Sport", 4, "[Kochen, Sport]"),
        (
            "any: a\n    where: {category: 'politik, sport'}",
            4,
            "[politik, sport]",
        ),
        (
            'any: a\n    id: "x-1"\n    where: {author: "A B, C D"}',
            5,
            "[A B, C D]",
        ),
    ],
)
def test_one_text_that_was_meant_as_a_list(
    write: Write, new: str, line: int, hint: str
) -> None:
    (warning,) = load_catalog(write(broken(ANY, new))).warnings
    assert (warning.place.line, warning.code) == (line, "list")
    assert hint in warning.hint


@pytest.mark.parametrize(
    "new",
    [
        "any: 3,5 Prozent",
        "any: AC/DC",
        "any: Bündnis 90/Die Grünen",
        'any: ["Herford / Löhne", Landrat]',
        "any: Johnson & Johnson",
        'any: ["Herford, Kreis", Landrat]',
        "any: Kreis Herford",
        "query: >\n      Herford OR\n      Landrat",
        "any:\n      - Kreis Herford\n      - Landrat",
        "any: [Herford,\n      Landrat]",
        "any: a\n    where: {url: 'example.org/a,b'}",
    ],
)
def test_what_is_no_list(write: Write, new: str) -> None:
    assert load_catalog(write(broken(ANY, new))).warnings == ()


def test_a_quote_that_closes_after_further_keys_is_warned_of(
    write: Write,
) -> None:
    path = write(broken("title: ZDF", 'title: "ZDF heute\n    outlet: ZDF"'))
    (warning,) = load_catalog(path).warnings
    assert (warning.place.line, warning.place.column, warning.code) == (
        10,
        12,
        "unclosed",
    )
    assert '"ZDF heute"' in warning.hint


@pytest.mark.parametrize(
    ("text", "spelled", "meant"),
    [
        ("anna(at)example.org", '"(at)"', "anna@example.org"),
        ("anna [at] example.org", '"[at]"', "anna@example.org"),
        ("anna at example.org", '"at"', "anna@example.org"),
        ("anna AT example DOT org", '"AT"', "anna@example.org"),
        ("anna.b(ät)example.de", '"(ät)"', "anna.b@example.de"),
        ("anna{at}example.org", '"{at}"', "anna@example.org"),
        ("anna(a)example.org", '"(a)"', "anna@example.org"),
        ("anna_at_example.org", '"_at_"', "anna@example.org"),
        ("anna(at)example(punkt)de", '"(at)"', "anna@example.de"),
        ("anna@example(dot)org", '"(dot)"', "anna@example.org"),
        ("anna@example,org", '","', "anna@example.org"),
        ("anna @ example.org", "has a blank", "anna@example.org"),
        (
            "mailto:anna@example.org",
            "more than an address",
            "anna@example.org",
        ),
        ("<anna@example.org>", "more than an address", "anna@example.org"),
    ],
)
def test_addresses_that_are_hidden_from_machines(
    text: str, spelled: str, meant: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        mail_address(text)
    assert spelled in str(caught.value)
    assert caught.value.hint == f'write "{meant}"'
    assert mail_address(meant) == meant


@pytest.mark.parametrize("text", ["anna", "anna at home", "(at)", "at@"])
def test_addresses_that_cannot_be_guessed(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mail_address(text)
    assert "name@example.org" in caught.value.hint


@pytest.mark.parametrize(
    ("address", "site", "expected"),
    [
        (
            "https://www.radioherford.de/rss/lokal.xml",
            "https://www.radioherford.de/",
            True,
        ),
        ("http://radioherford.de/feed", "https://www.radioherford.de", True),
        ("https://rss.blatt.example/all.xml", "https://blatt.example/", True),
        ("https://feeds.blatt.example/", "https://www.blatt.example/", True),
        (
            "https://blatt.example/lokal/rss",
            "https://blatt.example/lokal/",
            True,
        ),
        ("https://blatt.example/?feed=rss", "https://blatt.example", True),
        (
            "https://blatt.example/sport/rss",
            "https://blatt.example/lokal",
            False,
        ),
        (
            "https://blatt.example/lokales/rss",
            "https://blatt.example/lokal",
            False,
        ),
        ("https://anderes.example/rss", "https://blatt.example/", False),
        ("https://blatt.example.org/rss", "https://blatt.example/", False),
        ("https://[x/", "https://blatt.example/", False),
        ("", "https://blatt.example/", False),
        ("https://blatt.example/", "", False),
    ],
)
def test_what_is_on_a_site(address: str, site: str, expected: bool) -> None:
    assert is_on_site(address, site) == expected


SITE = "feeds:\n  - {id: radio, site: 'https://www.radio.test/'}\n  - {id: lokal, url: 'https://radio.test/rss'}\n"


def test_one_source_under_two_entries(write: Write) -> None:
    (warning,) = load_catalog(write(SITE)).warnings
    assert (warning.place.line, warning.place.column, warning.code) == (
        3,
        22,
        "same-source",
    )
    assert 'feed "radio" in line 2' in warning.message
    twice = SITE.replace(
        "url: 'https://radio.test/rss'", "site: 'https://radio.test'"
    )
    assert {found.code for found in load_catalog(write(twice)).warnings} == {
        "same-source"
    }


@pytest.mark.parametrize(
    "text",
    [
        SITE.replace("radio.test/rss", "anderes.test/rss"),
        SITE.replace("site:", "outlet: Radio, site:").replace(
            "url:", "outlet: Radio, url:"
        ),
        SITE.replace("www.radio.test/", "www.radio.test/lokal"),
    ],
)
def test_two_sources(write: Write, text: str) -> None:
    assert load_catalog(write(text)).warnings == ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a@x.org, b@x.org", "more than one address", "members"),
        ("a@x.org;b@x.org", "more than one address", "members"),
        ("a@x.org b@x.org c@x.org", "more than one address", "members"),
        (
            "Anna Muster anna@x.org",
            "more than an address",
            'only "anna@x.org"',
        ),
        ("anna@x.org (Anna)", "more than an address", '"anna@x.org"'),
        ("anna @x.org", "has a blank inside", '"anna@x.org"'),
        ("anna@ x.org", "has a blank inside", '"anna@x.org"'),
    ],
)
def test_an_address_and_more(text: str, message: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mail_address(text)
    assert message in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message", "hint"),
    [
        (
            "- name: anna",
            "name: anna",
            6,
            3,
            '"- " is missing',
            "write  - name: anna",
        ),
        ("- id: zdf", "id: zdf", 9, 3, '"- " is missing', "write  - id: zdf"),
        (
            "- name: Kreis",
            "name: Kreis",
            2,
            3,
            '"- " is missing',
            "- name: Kreis Herford",
        ),
        (
            "- name: anna",
            "– name: anna",
            6,
            3,
            "a dash",
            "write  - name: anna",
        ),
        ("- id: zdf", "— id: zdf", 9, 3, "a dash", "write  - id: zdf"),
        ("- id: zdf", "\u2212 id: zdf", 9, 3, "a dash", "write  - id: zdf"),
        (
            "    title",
            "\u00a0   title",
            10,
            1,
            "ordinary blank",
            "type blanks",
        ),
        (
            ANY,
            "any: [#Herford, Landrat]",
            3,
            11,
            "begins a comment",
            '"#Herford"',
        ),
        (
            ANY,
            "any: [Landrat, #Herford]",
            3,
            20,
            "begins a comment",
            '"#Herford"',
        ),
        (ANY, "any: [Landrat, #a, #b]", 3, 20, "begins a comment", '"#a"'),
        (
            ANY,
            "any: [Herford, Landrat # ]",
            3,
            28,
            "begins a comment",
            "quotes",
        ),
        (
            ANY,
            "any: [Herford, Landrat",
            3,
            10,
            "never closed",
            "closing bracket",
        ),
    ],
)
def test_signs_that_only_look_right(
    write: Write,
    old: str,
    new: str,
    line: int,
    column: int,
    message: str,
    hint: str,
) -> None:
    check(write(broken(old, new)), (line, column, message, hint))


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("8:00", "0 8 * * *"),
        ("08:30", "30 8 * * *"),
        ("8.15 Uhr", "15 8 * * *"),
        ("17 Uhr", "0 17 * * *"),
        ("23:59", "59 23 * * *"),
    ],
)
def test_a_time_of_day_as_a_schedule(text: str, cron: str) -> None:
    with pytest.raises(Unreadable) as caught:
        cron_expression(text)
    assert cron in caught.value.hint
    assert cron_expression(cron) == cron
