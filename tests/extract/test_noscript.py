"""An article that stands only in <noscript> is read; a request for JavaScript
is none.
"""

from __future__ import annotations

from html import escape

import pytest

from tests.extract.test_continuation import PARAGRAPHS, TITLE, text_of

OWN = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
PLEA = (
    "Bitte aktivieren Sie JavaScript in Ihrem Browser, denn ohne JavaScript kann diese Seite"
    " leider gar nichts anzeigen."
)


@pytest.mark.parametrize(
    "body",
    [
        f"<div id='app'></div><noscript><h1>{TITLE}</h1>{OWN}</noscript>",
        f"<h1>{TITLE}</h1><div id='app'></div><noscript><div>{OWN}</div></noscript>",
        f"<main><article><h1>{TITLE}</h1><noscript>{OWN}</noscript></article></main>",
        f"<noscript>{PLEA}</noscript><h1>{TITLE}</h1><noscript>{OWN}</noscript>",
        f"<h1>{TITLE}</h1><noscript><p>{PLEA}</p>{OWN}</noscript>",
        f"<h1>{TITLE}</h1><noscript>{escape(OWN)}</noscript>",
        f"<h1>{TITLE}</h1><p>Von Rolf Kamm</p><noscript>{'<br><br>'.join(PARAGRAPHS)}</noscript>",
        f"<h1>{TITLE}</h1>{''.join(f'<noscript>{part * 3}</noscript>' for part in PARAGRAPHS)}",
        f"<nav><a href='/'>Start</a></nav><noscript><main><h1>{TITLE}</h1>{OWN}</main></noscript>",
        f"<noscript><div id='wrap'><h1>{TITLE}</h1><div itemprop='articleBody'>{OWN}</div></div></noscript>",
    ],
)
def test_an_article_in_noscript_is_read(body: str) -> None:
    text = text_of(body)
    assert [
        paragraph for paragraph in PARAGRAPHS if paragraph not in text
    ] == []
    assert "JavaScript" not in text


@pytest.mark.parametrize(
    "body",
    [
        f"<noscript>{PLEA}</noscript><div id='app'></div>",
        f"<noscript><p>{PLEA} {PLEA} {PLEA}</p></noscript><div id='app'></div>",
        f"<noscript><p>{PLEA}</p><p>{PLEA}</p><p>{PLEA}</p></noscript><h1>{TITLE}</h1>",
        "<noscript><img src='/pixel.gif'></noscript><div id='app'></div>",
        "<noscript>Diese Seite braucht Cookies.</noscript>",
    ],
)
def test_an_excuse_is_no_article(body: str) -> None:
    assert "JavaScript" not in text_of(body)
    assert "Cookies" not in text_of(body)


def test_what_the_page_shows_is_not_told_twice() -> None:
    text = text_of(
        f"<h1>{TITLE}</h1>{OWN}<noscript>{OWN}<p>Nur hier: {PARAGRAPHS[0]}</p></noscript>"
    )
    assert all(text.count(paragraph) == 1 for paragraph in PARAGRAPHS)
