"""Articles that are only in the data for a page's scripts."""

from __future__ import annotations

import json

import pytest
from lxml.html import document_fromstring

from monitor.extract.embedded import find_embedded, script_texts

TITLE = "Talsperre läuft zum ersten Mal über"
ONE = "Hunderte Schaulustige sind am Dienstag zur Talsperre gekommen, um das Wasser zu sehen."
TWO = "Der Wasserverband sieht keinen Grund zur Sorge, die Mauer sei genau dafür gebaut worden."
OTHER = "Das Opernhaus sucht für die neue Saison dreißig Statisten, die auch singen können."


@pytest.mark.parametrize(
    "article",
    [
        {"headline": TITLE, "body": f"<p>{ONE}</p><p>{TWO}</p>"},
        {"title": TITLE, "paragraphs": [ONE, TWO]},
        {
            "title": TITLE,
            "content": [
                {"type": "paragraph", "text": ONE},
                {"type": "paragraph", "html": TWO},
            ],
        },
        {
            "title": TITLE,
            "document": {
                "nodeType": "document",
                "content": [
                    {
                        "nodeType": "p",
                        "content": [{"value": ONE[:20]}, {"value": ONE[20:]}],
                    },
                    {"nodeType": "p", "content": [{"value": TWO}]},
                ],
            },
        },
        {
            "title": TITLE,
            "sections": [
                {
                    "blocks": [
                        {"kind": "teaser", "text": OTHER},
                        {"text": ONE},
                        {"text": TWO},
                    ]
                }
            ],
        },
        {
            "title": TITLE,
            "attributes": {
                "elements": [
                    {"data": {"text": ONE}},
                    {"type": "image"},
                    {"data": {"text": TWO}},
                ]
            },
        },
    ],
)
def test_shapes_of_systems(article: dict[str, object]) -> None:
    data = {
        "teasers": [{"headline": "Oper sucht Statisten", "text": OTHER * 5}],
        "page": {"article": article},
    }
    assert find_embedded((json.dumps(data),), (TITLE,)).splitlines() == [
        ONE,
        TWO,
    ]
    assert find_embedded(
        (f"window.__STATE__ = {json.dumps(data)};",), (TITLE,)
    ).splitlines() == [
        ONE,
        TWO,
    ]


def test_the_standfirst_comes_first() -> None:
    lead = "Gefahr besteht nicht, sagt der Verband; Besucher sollen den Bus nehmen."
    data = {"headline": TITLE, "intro": lead, "body": [ONE, TWO]}
    assert find_embedded((json.dumps(data),), (TITLE,)).splitlines() == [
        lead,
        ONE,
        TWO,
    ]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{" * 300,
        "[" * 100_000,
        json.dumps(
            {
                "headline": "Etwas ganz anderes steht hier",
                "body": [ONE, TWO, OTHER],
            }
        ),
        "var t = function () { return 1; }; " * 20,
        json.dumps({"headline": TITLE, "numbers": list(range(300))}),
    ],
)
def test_nothing_found(script: str) -> None:
    assert find_embedded((script,), (TITLE,)) == ""


def test_which_scripts_are_looked_at() -> None:
    long = "x" * 300
    tree = document_fromstring(
        f"<html><body><script>{long}</script><script type='application/ld+json'>{long}</script>"
        f"<script>kurz</script><script src='/a.js'>{long}</script></body></html>"
    )
    assert script_texts(tree) == (long,)
