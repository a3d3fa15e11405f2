"""Bylines to names."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.people import find_authors
from monitor.extract.structured import read_structured
from monitor.language.bylines import clean_authors


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (["Von Eva Beispiel"], ["Eva Beispiel"]),
        (["von: Eva Beispiel und Max Muster"], ["Eva Beispiel", "Max Muster"]),
        (
            ["Eva Beispiel, Max Muster; Ida Probe"],
            ["Eva Beispiel", "Max Muster", "Ida Probe"],
        ),
        (["Ein Kommentar von Eva Beispiel"], ["Eva Beispiel"]),
        (["Von Eva Beispiel, Lille"], ["Eva Beispiel"]),
        (["Eva Beispiel (dpa)"], ["Eva Beispiel", "dpa"]),
        (["dpa", "Deutsche Presse-Agentur", "dpa-infocom"], ["dpa"]),
        (["Eva Beispiel/dpa"], ["Eva Beispiel", "dpa"]),
        (["EVA BEISPIEL", "Eva Beispiel"], ["EVA BEISPIEL"]),
        (
            [
                "https://z.example/autor/eva",
                "eva@z.example",
                "@eva",
                "admin",
                "Redaktion",
                "",
                "20:59 Uhr",
            ],
            [],
        ),
        (["Anne-Kathrin Muster-Probe"], ["Anne-Kathrin Muster-Probe"]),
        (["x" * 200], []),
        (["VON EVA BEISPIEL"], ["EVA BEISPIEL"]),
        (
            ["Von Eva Beispiel und Max Muster, dpa"],
            ["Eva Beispiel", "Max Muster", "dpa"],
        ),
        (["mm/dpa"], ["mm", "dpa"]),
        (["dpa/lnw"], ["dpa"]),
        (["(aha)"], ["aha"]),
        (["dpa-infocom GmbH"], ["dpa"]),
        (["Von unserer Redakteurin Eva Beispiel"], ["Eva Beispiel"]),
        (["Eva Beispiel (Text) und Max Muster (Fotos)"], ["Eva Beispiel"]),
        (["Eva Beispiel, Fotos: Max Muster"], ["Eva Beispiel"]),
        (["Beispiel, Eva"], ["Eva Beispiel"]),
        (["Eva Beispiel eva.beispiel@z.example"], ["Eva Beispiel"]),
        (["Dr. Eva Beispiel"], ["Dr. Eva Beispiel"]),
        (["Gastbeitrag von Eva Beispiel"], ["Eva Beispiel"]),
    ],
)
def test_clean(declared: list[str], expected: list[str]) -> None:
    assert list(clean_authors(declared)) == expected


SITE = '<meta property="og:site_name" content="Zeitung.de">'
LD = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "T", "author":'
    " %s}</script>"
)


def test_names_of_other_stories_are_not_the_authors() -> None:
    text = (
        "<p>"
        + "Der Rat der Stadt hat am Abend getagt und lange über den Haushalt beraten. "
        * 3
        + "</p>"
    )
    teaser = (
        '<div><h3>Anderes</h3><span class="byline">von Ida Probe</span></div>'
    )
    body = f'<h1>T</h1><span class="author">Eva Beispiel</span>{text}{text}{teaser}'
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    assert find_authors(tree, read_structured(tree)) == ("Eva Beispiel",)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", ["aha"]),
        (LD % '{"name": "Zeitung.de"}', ["aha"]),
        (LD % '{"name": "Eva Beispiel"}', ["Eva Beispiel"]),
    ],
)
def test_initials_where_nobody_is_named(
    head: str, expected: list[str]
) -> None:
    tree = document_fromstring(
        f"<html><head>{SITE}{head}</head><body><h1>T</h1></body></html>"
    )
    assert (
        list(find_authors(tree, read_structured(tree), signed=("aha",)))
        == expected
    )


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            LD % '{"@type": "Person", "name": "Eva Beispiel"}',
            "<p>Von Max Muster</p>",
            ["Eva Beispiel"],
        ),
        (
            LD % '{"@type": "Organization", "name": "Zeitung"}',
            "<p>Von Max Muster</p>",
            ["Max Muster"],
        ),
        (
            LD % '{"@type": "Organization", "name": "dpa"}',
            "<p>Von Max Muster</p>",
            ["dpa"],
        ),
        (LD % '{"@type": "Organization", "name": "Zeitung"}', "", ["Zeitung"]),
        (
            LD
            % '[{"givenName": "Eva", "familyName": "Beispiel"}, "Max Muster"]',
            "",
            ["Eva Beispiel", "Max Muster"],
        ),
        ('<meta name="author" content="Eva Beispiel">', "", ["Eva Beispiel"]),
        ("", '<a rel="author" href="/eva">Eva Beispiel</a>', ["Eva Beispiel"]),
        (
            SITE + LD % '{"@type": "Person", "name": "Die Zeitung"}',
            "<p>Von Max Muster</p>",
            ["Max Muster"],
        ),
        (
            SITE
            + LD % '{"@type": "Organization", "name": "zeitung NACHRICHTEN"}',
            "",
            ["zeitung NACHRICHTEN"],
        ),
        (
            SITE
            + LD
            % '[{"@type": "Person", "name": "Eva Beispiel"}, {"@type": "Organization", "name":'
            ' "dpa"}]',
            "",
            ["Eva Beispiel", "dpa"],
        ),
        (
            "",
            '<aside><a rel="author">Ida Probe</a></aside><p>Der Rat tagt.</p>',
            [],
        ),
        (
            "",
            "<div>01.11.2026, 16:40 Uhr - Von Eva Beispiel</div>",
            ["Eva Beispiel"],
        ),
        (
            "",
            "<div>Von Eva Beispiel · 1. Oktober 2026, 15:05 Uhr</div>",
            ["Eva Beispiel"],
        ),
        ("", "<h2>Ein Kommentar von EVA BEISPIEL</h2>", ["EVA BEISPIEL"]),
        (
            "",
            '<p class="byline">Stand: 04.10.2026, 17:30 Uhr</p><p>Von Eva Beispiel</p>',
            ["Eva Beispiel"],
        ),
        (
            "",
            '<div class="x-article__authors">Von <a href="/e">Eva Beispiel</a></div>',
            ["Eva Beispiel"],
        ),
        (
            "",
            '<p class="byline">Von der Kunst, nichts zu tun und dabei zu lächeln</p>',
            [],
        ),
        (
            LD % '"Redaktion Stadt"',
            "<p>Von Eva Beispiel</p>",
            ["Eva Beispiel"],
        ),
        (
            LD % '{"@type": "Organization", "name": "Online-Redaktion"}',
            "",
            ["Online-Redaktion"],
        ),
        (
            LD % '{"@type": "Person", "name": ["Eva Beispiel", "Eva"]}',
            "",
            ["Eva Beispiel"],
        ),
        (
            '<meta name="author" content="https://x.example/eva">',
            "<p>Von Eva Beispiel</p>",
            ["Eva Beispiel"],
        ),
    ],
)
def test_find(head: str, body: str, expected: list[str]) -> None:
    tree = document_fromstring(
        f"<html><head>{head}</head><body><h1>T</h1>{body}</body></html>"
    )
    assert list(find_authors(tree, read_structured(tree))) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            LD
            % '{"@type": "Person", "name": ["Karla Beispiel", "Max Muster"]}',
            "",
            ["Karla Beispiel", "Max Muster"],
        ),
        (
            LD
            % '[{"@type": "Person", "name": ["Karla Beispiel"]}, {"name": ["Max Muster"]}]',
            "",
            ["Karla Beispiel", "Max Muster"],
        ),
        (
            LD
            % '{"@type": "Person", "name": ["Beispiel, Karla", "Muster, Max"]}',
            "",
            ["Karla Beispiel", "Max Muster"],
        ),
        (
            LD % '{"@type": "Person", "name": []}',
            "<p>Von Max Muster</p>",
            ["Max Muster"],
        ),
        (
            LD % '{"@type": "Person", "name": ["Karla Beispiel", null, 3]}',
            "",
            ["Karla Beispiel"],
        ),
        ("", '<div class="author">Mac & i</div>', ["Mac & i"]),
        ("", "<div class='author'>c't Magazin</div>", ["c't Magazin"]),
        (
            "",
            '<div class="author">Prof. Dr. med. Karla Beispiel</div>',
            ["Prof. Dr. med. Karla Beispiel"],
        ),
        (
            "",
            '<div class="author">Dr. phil. Karla Beispiel, Herford</div>',
            ["Dr. phil. Karla Beispiel"],
        ),
        (
            "",
            '<p class="byline">Aus Berlin berichtet Karla Beispiel</p>',
            ["Karla Beispiel"],
        ),
        (
            "",
            '<p class="byline">Von Karla Beispiel, ARD-Studio Kairo</p>',
            ["Karla Beispiel"],
        ),
        (
            "",
            '<p class="byline">Karla Beispiel – Redaktion Bielefeld</p>',
            ["Karla Beispiel"],
        ),
        (
            "",
            '<p class="byline">Es berichten Karla Beispiel und Max Muster</p>',
            ["Karla Beispiel", "Max Muster"],
        ),
        ("", "<p>Aus Berlin berichtet Karla Beispiel</p>", ["Karla Beispiel"]),
        ("", "<p>Es berichtet Karla Beispiel.</p>", ["Karla Beispiel"]),
        (
            "",
            "<p>Es berichtet die Polizei, dass niemand verletzt wurde.</p>",
            [],
        ),
        ("", '<div class="author">alle Beiträge lesen</div>', []),
        ("", '<div class="author">Mehr über uns &amp; i</div>', []),
        ("", '<p class="byline">von karla beispiel</p>', ["karla beispiel"]),
        (
            "",
            '<p class="autor">von karla von der heide</p>',
            ["karla von der heide"],
        ),
        (
            "",
            '<div class="author">von karla beispiel | 12.11.2026</div>',
            ["karla beispiel"],
        ),
        (
            "",
            '<p class="byline">von karla beispiel und max muster</p>',
            ["karla beispiel", "max muster"],
        ),
        ("", '<p class="author">by karla beispiel</p>', ["karla beispiel"]),
        ("", "<p>von karla beispiel</p>", []),
        ("", '<p class="byline">von der kunst, nichts zu tun</p>', []),
        (
            "",
            '<p class="byline">von einem, der auszog und nie mehr wiederkam</p>',
            [],
        ),
    ],
)
def test_names_and_brands(head: str, body: str, expected: list[str]) -> None:
    tree = document_fromstring(
        f"<html><head>{head}</head><body><h1>T</h1>{body}</body></html>"
    )
    assert list(find_authors(tree, read_structured(tree))) == expected


AUTHOR = '<meta %s content="Karla Beispiel">'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            "",
            (
                '<div class="author">Von <span>Karla Beispiel</span><span>Zuerst veröffentlicht'
                " am</span></div>"
            ),
        ),
        (
            "",
            '<div class="author"><b>Karla Beispiel</b><i>Redakteurin</i></div>',
        ),
        (
            "",
            '<div class="author"><div>Karla Beispiel</div><div>Redakteurin Lokales</div></div>',
        ),
        ("", '<p class="byline">Von Karla Beispiel, Herford</p>'),
        (
            "",
            '<p class="byline"><a>Karla Beispiel</a><a>karla@blatt.example</a></p>',
        ),
        ("", '<p class="byline">Text: Karla Beispiel, Fotos: Max Muster</p>'),
        (
            "",
            '<span itemprop="author">Karla Beispiel<time>25.04.2024</time></span>',
        ),
        ("", "<p>Do 25.04.24 | 14:07 Uhr | Von Karla Beispiel</p>"),
        ("", "<p>Herford - Von Karla Beispiel</p>"),
        (AUTHOR % 'name="twitter:misc:Written by"', ""),
        (AUTHOR % 'property="article:author"', ""),
        (AUTHOR % 'name="article.author"', ""),
        (AUTHOR % 'name="DC.Creator"', ""),
        (AUTHOR % 'name="parsely-author"', ""),
        (
            '<meta name="twitter:label1" content="Verfasst von">'
            + AUTHOR % 'name="twitter:data1"',
            "",
        ),
        ('<meta name="author" content="Beispiel, Karla">', ""),
        (
            '<meta name="author" content="Karla Beispiel, Zuerst veröffentlicht am 06/01/2026">',
            "",
        ),
        (LD % '"Karla Beispiel, Redakteurin"', ""),
        (LD % '{"@type": "Person", "name": "Von Karla Beispiel"}', ""),
        (LD % '[{"@type": "Person", "name": "Beispiel, Karla"}]', ""),
    ],
)
def test_one_author_without_what_stands_around(head: str, body: str) -> None:
    tree = document_fromstring(
        f"<html><head>{head}</head><body><h1>T</h1>{body}</body></html>"
    )
    assert list(find_authors(tree, read_structured(tree))) == [
        "Karla Beispiel"
    ]
