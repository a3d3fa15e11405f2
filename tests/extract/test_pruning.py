"""What is pruned from a page, and above all what is not."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.pruning import prune

TEXT = (
    "<p>Der Rat der Stadt hat am Dienstag lange über den Haushalt für das nächste Jahr beraten und"
    " gestritten.</p>"
)
LEAD = (
    "<p class='x'>Nach drei Stunden war es so weit: Der Haushalt für das kommende Jahr steht, wenn"
    " auch mit Mühe.</p>"
)
WORDS = (
    "<p class='c'>Das war aber auch Zeit, meine Damen und Herren, so geht es in dieser Stadt nun"
    " wirklich nicht.</p>"
)
BELOW = (
    "<p class='d'>Unser Haus braucht Sie: Wer lesen will, was andere nicht schreiben, der hilft uns"
    " am besten.</p>"
)


def left(body: str) -> str:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    prune(tree)
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize(
    "comments",
    [
        f"<div id='Comments'>{WORDS * 9}</div>",
        f"<section class='comments-area'>{WORDS}</section>",
        f"<div><h3>9 Kommentare</h3>{WORDS * 9}</div>",
        f"<div><div>Leserkommentare (9)</div><div>{WORDS * 9}</div></div>",
    ],
)
def test_an_article_ends_at_its_comments(comments: str) -> None:
    found = left(f"<h1>Haushalt</h1><div>{TEXT * 3}</div>{comments}{BELOW}")
    assert found.count("Der Rat") == 3
    assert "meine Damen" not in found
    assert "Unser Haus" not in found


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Haushalt</h1>{TEXT * 2}<div id='comments'><a>3 Kommentare</a></div>{TEXT * 2}",
        f"<h1>Haushalt</h1>{LEAD}<div id='comments'><a>3 Kommentare</a></div>{TEXT * 4}",
        f"<div id='comments'>0</div><h1>Haushalt</h1>{TEXT * 4}",
        f"<h1>Haushalt</h1>{TEXT * 3}<p>Kommentare im Netz machten den Rat wütend.</p>{TEXT}",
        f"<h1>Haushalt</h1><button>3 Kommentare</button>{LEAD}{TEXT * 4}",
    ],
)
def test_a_count_of_comments_ends_nothing(body: str) -> None:
    assert left(body).count("Der Rat der Stadt") == 4


def test_a_teaser_that_leads_nowhere_is_the_standfirst() -> None:
    teaser = "<div class='teaser'>{}Drei Stunden dauerte der Streit um den Haushalt der Stadt.{}</div>"
    body = "<h1>Haushalt</h1>{}" + TEXT * 4
    assert "Drei Stunden" in left(body.format(teaser.format("", "")))
    assert "Drei Stunden" not in left(
        body.format(teaser.format("<a href='/x'>", "</a>"))
    )
    assert "Drei Stunden" not in left(
        f"<h1>Haushalt</h1>{TEXT * 4}{teaser.format('', '')}"
    )


def test_the_title_of_an_emptied_box_goes_with_it() -> None:
    box = (
        "<div><h2>Aus dem Rathaus</h2><article><h3><a"
        " href='/x'>Kürbismarkt</a></h3></article></div>"
    )
    assert "Aus dem Rathaus" not in left(
        f"<h1>Haushalt</h1>{TEXT * 3}{box}{TEXT}"
    )
    assert "Zwischentitel" in left(
        f"<h1>Haushalt</h1>{TEXT * 3}<div><h2>Zwischentitel</h2></div>{TEXT}"
    )


def test_a_word_in_bold_is_no_title_of_a_box() -> None:
    assert "richtig" in left(
        f"<h1>T</h1>{TEXT * 3}<p>Beim <strong>Newsletter</strong> lief alles richtig, sagt sie.</p>"
    )
