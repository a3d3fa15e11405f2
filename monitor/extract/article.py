"""Turns one page into an article: `extract_article` is the room's pipeline,
pure, and runs in a child process.

    load > what the page states > loose text to paragraphs > prune boilerplate
    > trafilatura > second opinion > drop labels and boilerplate > weigh > name
    the kind

Knows nothing of downloads, of other pages, or of what is kept. Whatever the
page is, the answer is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from monitor.extract.address import is_home
from monitor.extract.body import ENOUGH, captions, find_lines
from monitor.extract.boilerplate import block_hashes
from monitor.extract.dates import find_page_dates
from monitor.extract.document import load
from monitor.extract.edition import edition
from monitor.extract.embedded import find_embedded, script_texts
from monitor.extract.evidence import gather
from monitor.extract.headline import settle_headline
from monitor.extract.kind import believed_kind, kind_of
from monitor.extract.lead import described_lead, printed_lead, split_lead
from monitor.extract.learned_cut import cut_learned
from monitor.extract.lines import (
    ITEM,
    credits,
    letters_of,
    signatures,
    tidy,
    without_labels,
)
from monitor.extract.noscript import read_noscript
from monitor.extract.opinion import (
    DISTRUST,
    NOTHING,
    AnnouncedStory,
    Means,
    PageReading,
    lines_within,
    plain_lines,
    second_opinion,
)
from monitor.extract.page_facts import markup_of, page_facts
from monitor.extract.paragraphs import wrap_loose
from monitor.extract.parts import find_next
from monitor.extract.people import find_authors
from monitor.extract.prose import text_content
from monitor.extract.pruning import (
    prune,
    prune_by_shape,
    select,
    unlink_anchors,
)
from monitor.extract.rights import reservation
from monitor.extract.site import is_one_site
from monitor.extract.statements import Structured
from monitor.extract.stories import drop_other_stories
from monitor.extract.structured import read_structured
from monitor.extract.text_language import language_of
from monitor.extract.titles import house_names, without_site
from monitor.extract.unreadable import judge_page
from monitor.extract.weigh import weigh
from monitor.types.page import (
    Extracted,
    ExtractFailed,
    ExtractOutcome,
    PageTask,
)

MAX_TITLE = 500
MAX_TEXT = 1_000_000  # characters; the longest live tickers have a third of it
# times as long as what is shown: then the page is built by its scripts
CARRIED = 2


def extract_article(task: PageTask) -> ExtractOutcome:
    """The article on a page.

    Never raises for what a page contains, except MemoryError and
    RecursionError.
    """
    tree = load(task)
    if isinstance(tree, ExtractFailed):
        return tree
    structured = read_structured(tree, task.url)
    scripts, markup = script_texts(tree), markup_of(tree)
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    # lxml makes each element's object anew where nobody holds it
    held = list(tree.iter())
    read_noscript(tree)
    printed = _printed_headings(tree, structured)
    stated = _stated_titles(tree, structured, task)
    drop_other_stories(tree, stated)
    settle_headline(tree, stated)
    titles = _titles(tree, structured, task)
    reading = _reading(tree, task, structured, scripts, titles)
    scope, found = reading.scope, list(reading.lines)
    authors = find_authors(
        tree, structured, url=task.url, signed=signatures(found)
    )
    item_text = f"{task.title_hint}\n{task.feed_text}"
    cut = cut_learned(found, tree, task.learned, item_text=item_text)
    lines = without_labels(cut.lines, titles=titles, authors=authors)
    weighed, source = weigh(lines, structured.article.body)
    described = described_lead(structured)
    above = printed_lead(scope, weighed, titles=titles, described=described)
    lead, marked = split_lead(weighed, above, described)
    text = [line.removeprefix(ITEM) for line in marked]
    shape = kind_of(tree, structured, text, url=task.url)
    told = "\n".join((lead, *text))
    facts = page_facts(
        tree,
        structured,
        task,
        kind=shape,
        headings=printed,
        text=told,
        markup=markup,
    )
    evidence = gather(facts, AnnouncedStory(task.title_hint, task.feed_text))
    kind = judge_page(evidence) or believed_kind(shape, text)
    published, modified = find_page_dates(
        tree,
        structured,
        url=task.url,
        timezone=task.timezone,
        headers=task.headers,
    )
    held.clear()
    words = len(letters_of(" ".join((lead, *text))).split())
    return Extracted(
        kind=kind,
        title=titles[0] if titles else task.title_hint,
        lead=lead,
        text="\n".join(text),
        authors=authors,
        section=structured.article.section
        or structured.first_meta("article:section")
        or None,
        language=_language(tree, structured, text),
        canonical_url=_canonical(tree, structured, task.url),
        image_url=_image(structured, task.url),
        published=published,
        modified=modified,
        word_count=words,
        quality=_quality(
            found,
            text,
            titled=bool(titles),
            dated=published is not None,
            rule=reading.rule,
        ),
        extractor=f"{edition()} {source}{reading.rule and f'+{reading.rule}'}",
        reserved=reservation(task.headers, structured.meta),
        blocks=block_hashes(found),
        note=cut.note,
        credits=credits(found),
        next_url=find_next(tree, task.url),
    )


def _reading(
    tree: HtmlElement,
    task: PageTask,
    structured: Structured,
    scripts: Sequence[str],
    titles: Sequence[str],
) -> PageReading:
    """The page as our rules read it, or as the second opinion does."""
    scope = _scope(tree, task)
    found = _bounded(_found(scope, structured, scripts, titles, task.url))
    if sum(map(len, found)) < NOTHING:
        found = _bounded(captions(tree)) or found
    usual = PageReading(tuple(found), scope)
    if task.article_selector:
        return usual
    description = structured.first_meta("og:description", "description")
    means = Means(
        clean=lambda lines: (
            cut_learned(
                lines,
                tree,
                task.learned,
                item_text=f"{task.title_hint}\n{task.feed_text}",
            ).lines
        ),
        reduce=lambda: _reduced(tree, task),
        read=lambda reduced: _other_readings(tree, reduced, task.url),
    )
    item = AnnouncedStory(
        task.title_hint or titles[0], task.feed_text or description
    )
    return second_opinion(usual, tree, item=item, means=means)


def _reduced(tree: HtmlElement, task: PageTask) -> HtmlElement:
    """The page without what its elements and links give away as menus, cards
    and readers' comments.
    """
    scope = deepcopy(tree)
    unlink_anchors(scope)
    wrap_loose(scope)
    prune_by_shape(scope, drop=task.drop_selectors)
    return scope


def _other_readings(
    tree: HtmlElement, reduced: HtmlElement, url: str
) -> Iterator[PageReading]:
    """The reduced page read in two ways without its class names, then what
    plain trafilatura finds of it on the page.

    Trafilatura drops some class names itself.
    """
    nameless = deepcopy(reduced)
    etree.strip_attributes(nameless, "class", "id", "role", "style")
    yield PageReading(
        tuple(_bounded(tidy(find_lines(deepcopy(nameless), url)))),
        reduced,
        "shape",
    )
    yield PageReading(
        tuple(_bounded(plain_lines(nameless))), reduced, "shape-plain"
    )
    yield PageReading(
        tuple(_bounded(lines_within(plain_lines(tree), reduced))),
        reduced,
        "plain",
    )


def _found(
    scope: HtmlElement,
    structured: Structured,
    scripts: Sequence[str],
    titles: Sequence[str],
    url: str,
) -> list[str]:
    """The lines the page shows; where those are hardly any, what it states for
    machines or carries for its scripts.
    """
    shown = tidy(find_lines(scope, url))
    if sum(map(len, shown)) >= ENOUGH:
        return shown
    carried = tidy(find_embedded(scripts, titles))
    if sum(map(len, carried)) > CARRIED * sum(map(len, shown)):
        return carried
    return shown or tidy(structured.article.body)


def _bounded(lines: Sequence[str]) -> list[str]:
    """The first MAX_TEXT characters, in whole lines where they have an end."""
    kept, room = [], MAX_TEXT
    for line in lines:
        if room <= 0:
            break
        kept.append(line[:room])
        room -= len(line)
    return kept


def _scope(tree: HtmlElement, task: PageTask) -> HtmlElement:
    """A pruned copy of the page, or of the part that a selector names. The
    tree stays as it is.
    """
    scope = deepcopy(tree)
    chosen = (
        select(scope, task.article_selector) if task.article_selector else []
    )
    body = scope.find("body")
    if chosen and body is not None and body not in chosen:
        for child in list(body):
            body.remove(child)
        body.extend(chosen)
    unlink_anchors(scope)
    wrap_loose(scope)
    prune(scope, drop=task.drop_selectors)
    return scope


def _titles(
    tree: HtmlElement, structured: Structured, task: PageTask
) -> tuple[str, ...]:
    """Headlines the page gives, best first: what it states for machines is
    free of kickers and site names.
    """
    houses = house_names(structured, task.url)
    headings = filter(str.strip, map(text_content, tree.iter("h1")))
    printed = next(headings, "")
    best, social, *others = _stated_titles(tree, structured, task)
    cleaned = [
        without_site(text, houses, feed=task.title_hint, headlines=(printed,))[
            :MAX_TITLE
        ]
        for text in (best, social, printed, *others)
    ]
    found = list(filter(None, cleaned))
    whole = [text for text in found if not text.endswith(("...", "…"))]
    return tuple(dict.fromkeys((*whole, *found, task.title_hint)))


def _printed_headings(
    tree: HtmlElement, structured: Structured
) -> tuple[str, ...]:
    """Every heading that names the whole page, as the page has it."""
    main = (text_content(heading) for heading in tree.iter("title", "h1"))
    stated = (
        structured.article.headline,
        structured.first_meta("og:title", "twitter:title"),
    )
    return tuple(
        text for text in dict.fromkeys((*main, *stated)) if text.strip()
    )


def _stated_titles(
    tree: HtmlElement, structured: Structured, task: PageTask
) -> tuple[str, ...]:
    """Headlines the page states for machines, most trusted first; some may be
    empty.
    """
    return (
        structured.article.headline,
        structured.first_meta("og:title", "twitter:title"),
        structured.microdata.headline,
        _window_title(tree, structured, task),
    )


def _window_title(
    tree: HtmlElement, structured: Structured, task: PageTask
) -> str:
    """The <title> without the site's name; without all behind a bar where no
    one tells that it is part of the headline.
    """
    element = next(tree.iter("title"), None)
    whole = "" if element is None else text_content(element)
    cleaned = without_site(
        whole, house_names(structured, task.url), feed=task.title_hint
    )
    if letters_of(cleaned) == letters_of(task.title_hint):
        return cleaned
    return cleaned.partition(" | ")[0]


def _language(
    tree: HtmlElement, structured: Structured, lines: Sequence[str]
) -> str | None:
    """Two letters. What the text plainly is beats what a template says of
    every page.
    """
    plain = language_of(" ".join(lines))
    if plain is not None:
        return plain
    stated = (
        tree.get("lang") or "",
        structured.article.language,
        structured.first_meta("og:locale"),
    )
    for value in stated:
        if re.match(r"[a-zA-Z]{2}(?:[-_]|\Z)", value):
            return value[:2].lower()
    return None


def _canonical(
    tree: HtmlElement, structured: Structured, url: str
) -> str | None:
    """The address the page gives itself, only on the same site, and never the
    front page.
    """
    links = [
        link
        for link in tree.iter("link")
        if (link.get("rel") or "").lower() == "canonical"
    ]
    stated = [link.get("href") or "" for link in links]
    for each in (*stated, structured.first_meta("og:url")):
        address = _absolute(each, url)
        if not address or not is_one_site(address, url):
            continue
        if is_home(url) or not is_home(address):
            return address
    return None


def _image(structured: Structured, url: str) -> str | None:
    shared = structured.first_meta("og:image", "og:image:url", "twitter:image")
    return _absolute(shared or structured.article.image, url)


def _absolute(stated: str, url: str) -> str | None:
    if not stated.strip():
        return None
    try:
        address = urljoin(url, stated.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return (
        address
        if parts.scheme in ("http", "https") and parts.hostname
        else None
    )


def _quality(
    found: Sequence[str],
    kept: Sequence[str],
    *,
    titled: bool,
    dated: bool,
    rule: str,
) -> float:
    """How far the result can be trusted: little had to be thrown away, there
    is prose, and the page names itself.

    A text that the second opinion chose may hold boxes that our rules would
    have taken away.
    """
    before, after = sum(map(len, found)), sum(map(len, kept))
    clean = min(1.0, after / before) if before else 0.0
    prose = min(1.0, sum(len(line) for line in kept if len(line) > 100) / 1000)
    trust = DISTRUST if rule else 1.0
    return round(
        trust * (0.4 * clean + 0.3 * prose + 0.15 * titled + 0.15 * dated), 3
    )
