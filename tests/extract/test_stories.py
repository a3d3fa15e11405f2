"""Another story below the page's own stays out; the entries of a live ticker
stay.
"""

from __future__ import annotations

import pytest

from tests.extract.test_continuation import CIRCUS, PARAGRAPHS, TITLE, text_of

OWN = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
OTHER = f"<p>{CIRCUS}</p><p>Der Zirkus bleibt bis Sonntag, sagte der Direktor am Freitag.</p>"


@pytest.mark.parametrize("times", [1, 3, 9])
@pytest.mark.parametrize("stories", [1, 2, 4])
@pytest.mark.parametrize(
    "form",
    [
        "<article><h1>{title}</h1>{body}</article>",
        "<article><header><h1>{title}</h1><p>Von Rolf Kamm</p></header><div>{body}</div></article>",
        "<div><article><h1>{title}</h1>{body}</article></div>",
        "<div class='story'><h1>{title}</h1><div>{body}</div></div>",
        "<section class='page infinite'><div><h1>{title}</h1></div>{body}</section>",
    ],
)
def test_another_story_stays_out(form: str, stories: int, times: int) -> None:
    own = form.format(title=TITLE, body=OWN)
    other = form.format(title="Zirkus kommt in die Stadt", body=OTHER * times)
    text = text_of(f"<main>{own}{other * stories}</main>")
    assert all(paragraph in text for paragraph in PARAGRAPHS)
    assert "Zirkus" not in text


@pytest.mark.parametrize("count", [2, 4, 12, 40])
@pytest.mark.parametrize(
    "entry",
    [
        "<article><h2>Stand {n} Uhr</h2><p>{text}</p></article>",
        "<article class='entry'><time>{n} Uhr</time><h3>Lage</h3><p>{text}</p></article>",
        "<article><p>{text}</p></article>",
    ],
)
def test_the_entries_of_a_live_ticker_stay(entry: str, count: int) -> None:
    texts = [
        f"Um {n} Uhr stand der Pegel am Mühlbach bei {n} Metern, so das Amt."
        for n in range(count)
    ]
    entries = "".join(
        entry.format(n=n, text=text) for n, text in enumerate(texts)
    )
    text = text_of(
        f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><div>{entries}</div></main>"
    )
    assert [line for line in texts if line not in text] == []


def test_entries_with_main_headlines_stay() -> None:
    entries = [
        f"<article><h1>Meldung {n}</h1><p>{PARAGRAPHS[n]}</p></article>"
        for n in range(6)
    ]
    text = text_of(
        f"<main><article><h1>{TITLE}</h1><p>{CIRCUS}</p></article>{''.join(entries)}</main>"
    )
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "post",
    [
        "<div class='post bg{odd}'><p class='author'>von <a href='/u'>Rolf</a></p><div class='content'>{text}</div></div>",
        "<div class='post bg{odd}'><div class='body'><div class='content'>{text}<br><br>{text}</div></div><dl><dt><a href='/u'>Rolf</a></dt><dd>Beiträge: 12</dd></dl></div>",
        "<li class='entry'><span>{odd} Uhr</span><div class='text'>{text}</div></li>",
    ],
)
def test_every_post_of_a_thread_stays(post: str) -> None:
    posts = "".join(
        post.format(odd=n % 2, text=text) for n, text in enumerate(PARAGRAPHS)
    )
    text = text_of(
        f"<div id='body'><h2>{TITLE}</h2>{posts}</div><div>Wer ist online? Elf Gäste</div>"
    )
    assert all(paragraph in text for paragraph in PARAGRAPHS)
