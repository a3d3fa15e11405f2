"""Bylines to names."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.people import clean_authors, find_authors
from monitor.extract.structured import read_structured


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (["Von Eva Beispiel"], ["Eva Beispiel"]),
        (["von: Eva Beispiel und Max Muster"], ["Eva Beispiel", "Max Muster"]),
        (["Eva Beispiel, Max Muster; Ida Probe"], ["Eva Beispiel", "Max Muster", "Ida Probe"]),
        (["Ein Kommentar von Eva Beispiel"], ["Eva Beispiel"]),
        (["Von Eva Beispiel, Lille"], ["Eva Beispiel"]),
        (["Eva Beispiel (dpa)"], ["Eva Beispiel"]),
        (["dpa", "Deutsche Presse-Agentur", "dpa-infocom"], ["dpa"]),
        (["Eva Beispiel/dpa"], ["Eva Beispiel", "dpa"]),
        (["EVA BEISPIEL", "Eva Beispiel"], ["EVA BEISPIEL"]),
        (["https://z.example/autor/eva", "eva@z.example", "@eva", "admin", "Redaktion", "", "20:59 Uhr"], []),
        (["Anne-Kathrin Muster-Probe"], ["Anne-Kathrin Muster-Probe"]),
        (["x" * 200], []),
    ],
)
def test_clean(declared: list[str], expected: list[str]) -> None:
    assert list(clean_authors(declared)) == expected


SITE = '<meta property="og:site_name" content="Zeitung.de">'
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "T", "author": %s}</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (LD % '{"@type": "Person", "name": "Eva Beispiel"}', "<p>Von Max Muster</p>", ["Eva Beispiel"]),
        (LD % '{"@type": "Organization", "name": "Zeitung"}', "<p>Von Max Muster</p>", ["Max Muster"]),
        (LD % '{"@type": "Organization", "name": "dpa"}', "<p>Von Max Muster</p>", ["dpa"]),
        (LD % '{"@type": "Organization", "name": "Zeitung"}', "", ["Zeitung"]),
        (LD % '[{"givenName": "Eva", "familyName": "Beispiel"}, "Max Muster"]', "", ["Eva Beispiel", "Max Muster"]),
        ('<meta name="author" content="Eva Beispiel">', "", ["Eva Beispiel"]),
        ("", '<a rel="author" href="/eva">Eva Beispiel</a>', ["Eva Beispiel"]),
        (SITE + LD % '{"@type": "Person", "name": "Die Zeitung"}', "<p>Von Max Muster</p>", ["Max Muster"]),
        (SITE + LD % '{"@type": "Organization", "name": "zeitung NACHRICHTEN"}', "", ["zeitung NACHRICHTEN"]),
        (
            SITE + LD % '[{"@type": "Person", "name": "Eva Beispiel"}, {"@type": "Organization", "name": "dpa"}]',
            "",
            ["Eva Beispiel", "dpa"],
        ),
        ("", '<aside><a rel="author">Ida Probe</a></aside><p>Der Rat tagt.</p>', []),
    ],
)
def test_find(head: str, body: str, expected: list[str]) -> None:
    tree = document_fromstring(f"<html><head>{head}</head><body><h1>T</h1>{body}</body></html>")
    assert list(find_authors(tree, read_structured(tree))) == expected
