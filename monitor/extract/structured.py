"""What a page says about itself for machines: its JSON-LD, beside what
`attributes` reads.

Broken JSON is read as far as it goes. Knows nothing of the visible text;
values are raw, only unescaped and trimmed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extract.attributes import read_meta, read_microdata
from monitor.extract.lines import is_headline
from monitor.extract.loose_json import read_json
from monitor.extract.prose import text_content
from monitor.extract.resemblance import keys
from monitor.extract.statements import ARTICLE_TYPES, Author, Node, Structured

# telling words; a headline with fewer may be another page's by chance
HEADLINE_WORDS = 2
# of one JSON-LD block; more is an attack or a product catalogue
MAX_NODES = 5000
MAX_NAMES = 20  # of one author
MAX_VALUE = 400_000
TELLING = (
    "headline",
    "articleBody",
    "datePublished",
    "author",
    "description",
    "isAccessibleForFree",
)
"""By how many of these it has, a node is told from others."""
TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
BREAK_TAG = re.compile(
    r"<(?:br|/p|/div|/h\d|/li|/blockquote)\b[^<>]*>", re.IGNORECASE
)

Json = dict[str, object]


def read_structured(tree: HtmlElement, url: str = "") -> Structured:
    """All machine-readable statements of the page, with the JSON-LD node that
    is this page's own article.
    """
    nodes = [node for block in _json_blocks(tree) for node in _walk(block)]
    meta = read_meta(tree)
    printed = [text_content(e) for e in tree.iter("h1", "title")]
    titles = (*printed, meta.get("og:title", ""))
    return Structured(
        _article(nodes, url, titles), read_microdata(tree, titles), meta
    )


def plain_value(value: object) -> str:
    """Text of a value that may be HTML, escaped once or twice. Block ends
    become line breaks.
    """
    if not isinstance(value, str) or len(value) > MAX_VALUE:
        return ""
    text = html.unescape(value)
    if "&" in text and re.search(r"&(?:#\d+|[a-zA-Z]{2,8});", text):
        text = html.unescape(text)
    text = TAG.sub("", BREAK_TAG.sub("\n", text)).replace("\xad", "")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _json_blocks(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            block = read_json(text_content(script))
            if block is not None:
                yield block


def _walk(block: object) -> Iterator[Json]:
    """Every object in a block, outer before inner."""
    waiting, seen = [block], 0
    while waiting and seen < MAX_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            yield value
            waiting.extend(
                v for v in value.values() if isinstance(v, dict | list)
            )


def _types(node: Json) -> tuple[str, ...]:
    stated = _listed(node.get("@type"))
    return tuple(re.split(r"[/:]", str(name))[-1] for name in stated if name)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _article(nodes: list[Json], url: str, titles: Sequence[str]) -> Node:
    """The node that describes this page: named by its address, else by its
    headline, else the one that says most. One with another address and a
    headline that the page does not have describes another page.
    """
    unlisted = _unlisted(nodes, titles)
    articles = [
        node for node in unlisted if ARTICLE_TYPES.intersection(_types(node))
    ]
    if not articles:
        return Node()
    best = max(articles, key=lambda node: _score(node, url, titles))
    if _describes_another_page(best, url, titles):
        return Node()
    # not what only refers to another
    told = [node for node in nodes if len(node) > 1]
    by_id = {
        str(node["@id"]): node
        for node in told
        if isinstance(node.get("@id"), str)
    }
    return _node(_dated(best, nodes), by_id)


def _score(
    node: Json, url: str, titles: Sequence[str]
) -> tuple[bool, bool, int]:
    told = [key for key in TELLING if key in node]
    return _is_at(node, url), _has_headline(node, titles), len(told)


def _has_headline(node: Json, titles: Sequence[str]) -> bool:
    return is_headline(_plain(node, "headline"), titles)


def _is_at(node: Json, url: str) -> bool:
    return bool(url) and any(
        _same_address(address, url) for address in _addresses(node)
    )


def _dated(article: Json, nodes: Sequence[Json]) -> Json:
    """In a graph the page may carry the dates, and its article the rest."""
    if article.get("datePublished") or article.get("dateCreated"):
        return article
    for node in nodes:
        if "WebPage" in _types(node) and node.get("datePublished"):
            dates = {
                key: node.get(key) for key in ("datePublished", "dateModified")
            }
            return {**article, **dates}
    return article


def _describes_another_page(
    node: Json, url: str, titles: Sequence[str]
) -> bool:
    if not _text(node, "headline") or not any(titles):
        return False
    if _is_at(node, url) or _has_headline(node, titles):
        return False
    addresses = _addresses(node)
    if not addresses:
        return _is_of_another(_plain(node, "headline"), titles)
    return bool(url) and any(
        _path(address) not in ("", _path(url)) for address in addresses
    )


def _is_of_another(headline: str, titles: Sequence[str]) -> bool:
    """True for a headline without one telling word of the page's own."""
    telling = keys(headline)
    return len(telling) >= HEADLINE_WORDS and telling.isdisjoint(
        keys(" ".join(titles))
    )


def _unlisted(nodes: list[Json], titles: Sequence[str]) -> list[Json]:
    """The nodes without other articles that the page only lists ("most read").
    One that has the page's own headline stays, and all do where the page has
    none.
    """
    if not any(titles):
        return nodes
    lists = [node for node in nodes if "itemListElement" in node]
    listed = {
        id(item) for node in lists for item in _walk(node["itemListElement"])
    }
    return [
        node
        for node in nodes
        if id(node) not in listed or _has_headline(node, titles)
    ]


def _addresses(node: Json) -> list[str]:
    stated = (
        _text(node, "url"),
        _text(node, "@id"),
        _text(node, "mainEntityOfPage", "@id"),
    )
    return [address for address in stated if address]


def _path(address: str) -> str:
    """Where an address leads on its site, "" for the front page and what
    cannot be read.
    """
    try:
        return urlsplit(address).path.strip("/")
    except ValueError:
        return ""


def _same_address(one: str, other: str) -> bool:
    return one.partition("#")[0].rstrip("/") == other.partition("#")[0].rstrip(
        "/"
    )


def _node(node: Json, by_id: dict[str, Json]) -> Node:
    return Node(
        types=_types(node),
        headline=_plain(node, "headline", "name"),
        description=_plain(node, "description"),
        body=_plain(node, "articleBody") or _ticker(node),
        authors=_authors(node.get("author") or node.get("creator"), by_id),
        published=_date(node, "datePublished") or _date(node, "dateCreated"),
        modified=_date(node, "dateModified"),
        section=_plain(node, "articleSection"),
        language=_text(node, "inLanguage"),
        image=_text(node, "image", "url") or _text(node, "thumbnailUrl"),
        free=_free(node),
    )


def _ticker(node: Json) -> str:
    """The entries of a live blog, each with its headline, as the page has
    them: newest first or last.
    """
    lines = []
    for entry in _listed(node.get("liveBlogUpdate")):
        if isinstance(entry, dict):
            lines += [_plain(entry, "headline"), _plain(entry, "articleBody")]
    return "\n".join(filter(None, lines))


def _plain(node: Json, *keys: str) -> str:
    """The first value of these that is stated, as plain text."""
    texts = (_text(node, key) for key in keys)
    return plain_value(next(filter(None, texts), ""))


def _text(node: Json, key: str, inner: str = "name") -> str:
    """A value as text, whether it is given plain, as a list or as an object."""
    value = node.get(key)
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get(inner) or value.get("@value")
    return value.strip() if isinstance(value, str) else ""


def _texts(node: Json, key: str) -> list[str]:
    """All values of a list as text; of anything else the one that it is."""
    value = node.get(key)
    if not isinstance(value, list):
        return [_text(node, key)]
    texts = [_text({key: item}, key) for item in value[:MAX_NAMES]]
    return [text for text in texts if text]


def _date(node: Json, key: str) -> str:
    """A date as text; some systems write the number of seconds."""
    value = node.get(key)
    return str(value) if isinstance(value, int) else _text(node, key)


def _authors(value: object, by_id: dict[str, Json]) -> tuple[Author, ...]:
    found = []
    for item in _listed(value):
        if isinstance(item, str):
            found.append(Author(plain_value(item)))
        elif isinstance(item, dict):
            known = {**by_id.get(str(item.get("@id")), {}), **item}
            given = f"{_text(known, 'givenName')} {_text(known, 'familyName')}".strip()
            name = plain_value("; ".join(_texts(known, "name"))) or given
            found.append(
                Author(name, "Organization" not in " ".join(_types(known)))
            )
    return tuple(author for author in found if author.name)


def _free(node: Json) -> bool | None:
    """isAccessibleForFree of the article, or of a part that has a selector
    (Google's way to mark a paid part).
    """
    for holder in (node, *_listed(node.get("hasPart"))):
        value = (
            holder.get("isAccessibleForFree")
            if isinstance(holder, dict)
            else None
        )
        if value is not None:
            word = str(value).strip().lower().rsplit("/", 1)[-1]
            return word not in ("false", "0", "no")
    return None
