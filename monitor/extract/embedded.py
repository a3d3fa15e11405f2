"""Finds an article's text in the data that a page carries for its own scripts,
where the page itself shows none.

Next.js, Nuxt and others send the article as JSON and build the page in the
browser. The object that has the page's headline is the article; in it the
list, or the string, with the most prose is its text. Knows no system's schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from lxml.html import HtmlElement

from monitor.extract.lines import is_headline
from monitor.extract.loose_json import read_json
from monitor.extract.names import WORD, class_names
from monitor.extract.structured import plain_value

SHORTEST = 200  # characters of script; less holds no article
LARGEST = 5_000_000
MAX_NODES = 50_000
MAX_DEPTH = 40
ASSIGNED = re.compile(
    r"\A[\s;]*(?:window|self|var|let|const)\b[^{\[]{1,80}=\s*(?=[{\[])"
)
TITLES = ("headline", "title", "titel", "heading", "name")
TEXTS = (
    "text",
    "html",
    "content",
    "value",
    "body",
    "data",
    "markup",
    "paragraph",
    "headline",
    "title",
)
LEADS = (
    "lead",
    "intro",
    "standfirst",
    "vorspann",
    "subline",
    "leadtext",
    "introtext",
    "summary",
    "excerpt",
    "teasertext",
)
SORTS = ("type", "__typename", "kind", "component", "name", "_type")
MOST = 0.9  # of an object's prose: then the list within it is its text
PROSE = 40  # characters


def find_embedded(scripts: Sequence[str], titles: Sequence[str]) -> str:
    """The article's text, a paragraph per line, or "".

    `scripts` are the contents of the page's script elements.
    """
    best = ""
    for script in scripts:
        if not SHORTEST <= len(script) <= LARGEST:
            continue
        data = ASSIGNED.sub("", script)
        if not data.lstrip().startswith(("{", "[")):
            continue
        for article in _articles(read_json(data), titles):
            text = "\n".join((*_leads(article), *_lines(article)))
            best = text if len(text) > len(best) else best
    return best


def script_texts(tree: HtmlElement) -> tuple[str, ...]:
    """Contents of the scripts that may hold data, JSON-LD left out."""
    inline = [
        script for script in tree.iter("script") if not script.get("src")
    ]
    data = [
        script
        for script in inline
        if "ld+json" not in (script.get("type") or "")
    ]
    texts = [script.text or "" for script in data]
    return tuple(text for text in texts if len(text) >= SHORTEST)


def _articles(
    data: object, titles: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Objects that have the page's headline."""
    waiting, seen = [data], 0
    while waiting and seen < MAX_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            stated = [
                plain_value(v)
                for key, v in value.items()
                if key.lower() in TITLES
            ]
            if any(is_headline(title, titles) for title in stated if title):
                yield value
            waiting.extend(
                v for v in value.values() if isinstance(v, dict | list)
            )
        elif isinstance(value, list):
            waiting.extend(v for v in value if isinstance(v, dict | list))


def _leads(article: dict[str, object]) -> list[str]:
    for key, value in article.items():
        text = plain_value(value) if key.lower() in LEADS else ""
        if len(text) >= PROSE:
            return [text]
    return []


def _lines(article: dict[str, object]) -> list[str]:
    """The lines of the deepest list or string that holds most of the object's
    prose.
    """
    found = list(_texts(article, 0))
    most = max(map(_prose, found), default=0)
    for lines in reversed(found):
        if _prose(lines) >= MOST * most > 0:
            return lines
    return []


def _prose(lines: Sequence[str]) -> int:
    return sum(len(line) for line in lines if len(line) >= PROSE)


def _texts(value: object, depth: int) -> Iterator[list[str]]:
    """Candidates for the text, outer before inner."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        yield [line for item in value for line in _said(item, depth)]
    for child in _children(value):
        if isinstance(child, dict | list):
            yield from _texts(child, depth + 1)
        elif isinstance(child, str) and "<p" in child:
            yield plain_value(child).splitlines()


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _said(item: object, depth: int) -> list[str]:
    """The lines of one block; none where it is a picture, a teaser or an
    advertisement.
    """
    if isinstance(item, str):
        return plain_value(item).splitlines()
    if not isinstance(item, dict) or depth > MAX_DEPTH or _is_no_text(item):
        return []
    by_name = {key.lower(): value for key, value in item.items()}
    for key in TEXTS:
        lines = _said_under(by_name.get(key), depth)
        if lines is not None:
            return lines
    inner = next((v for v in item.values() if isinstance(v, list)), [])
    pieces = chain.from_iterable(_said(child, depth + 1) for child in inner)
    return ["".join(pieces)] if inner else []


def _said_under(value: object, depth: int) -> list[str] | None:
    """The lines of a text or of a block with some; None of anything else."""
    if isinstance(value, str) and value.strip():
        return plain_value(value).splitlines()
    if isinstance(value, dict):
        return _said(value, depth + 1) or None
    return None


def _is_no_text(item: dict[str, object]) -> bool:
    """True where the words by which a block says what it is are those of
    pictures or frames.
    """
    stated = [item.get(key) for key in SORTS]
    texts = [value for value in stated if isinstance(value, str)]
    words = {word.lower() for word in WORD.findall(" ".join(texts))}
    return not words.isdisjoint(
        class_names().words | {"image", "picture", "video"}
    )
