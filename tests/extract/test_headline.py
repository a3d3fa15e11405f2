"""Which element is the headline."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.headline import settle_headline

TITLE = "Kreis baut Radweg nach Talheim weiter"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<h1>{TITLE}</h1><h1>Anderes</h1>", [TITLE]),
        (f"<h1><a href='/'>Auenkurier</a></h1><h2>{TITLE}</h2>", [TITLE]),
        (f"<h2>Verkehr: {TITLE}</h2><h2>Anderes</h2>", [f"Verkehr: {TITLE}"]),
        (f"<div class='art-headline'>{TITLE}</div>", [TITLE]),
        (f"<p itemprop='headline'>{TITLE}</p>", [TITLE]),
        # a headline of its own words stays, although a list of stories has the
        # stated one
        (
            f"<h1>Der Radweg wird doch noch fertig</h1><h3>{TITLE}</h3>",
            ["Der Radweg wird doch noch fertig"],
        ),
        (f"<h1>Auenkurier</h1><nav><h2>{TITLE}</h2></nav>", ["Auenkurier"]),
        (
            f"<h1>Auenkurier</h1><h2><a href='/x'>{TITLE}</a></h2>",
            ["Auenkurier"],
        ),
        (f"<div>{TITLE}</div>", []),
    ],
)
def test_the_one_h1(body: str, expected: list[str]) -> None:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    settle_headline(tree, (TITLE, ""))
    assert [
        " ".join(h.text_content().split()) for h in tree.iter("h1")
    ] == expected


def test_without_a_stated_title_nothing_changes() -> None:
    tree = document_fromstring(
        "<html><body><h1>Eins</h1><h1>Zwei</h1></body></html>"
    )
    settle_headline(tree, ("", ""))
    assert len(list(tree.iter("h1"))) == 2
