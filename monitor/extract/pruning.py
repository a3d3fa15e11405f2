"""Removes from a page's tree what surrounds an article: teasers, link lists,
newsletter and author boxes, captions.

General rules of how news pages are built, none for one outlet: by element, by
what its class names say, and by shape (a heading that is one link is a card
for another story; a list of links is a way out). Nothing that holds the
headline or most of the page's prose is ever removed, and no rule may remove
much of the prose piece by piece: the guard is on the sum of what one rule
would take. Knows nothing of dates, authors or which text is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import chain

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

from monitor.extract.acquittal import acquit
from monitor.extract.comments import drop_below_comments
from monitor.extract.continuation import is_sentence
from monitor.extract.elements import headline_of, holds, is_inside
from monitor.extract.lines import opens_box
from monitor.extract.names import element_names, name_words, named_boilerplate
from monitor.extract.prose import (
    LINKED,
    PROSE,
    ProseLedger,
    characters,
    link_share,
    text_of,
    text_runs,
)
from monitor.extract.resemblance import keys

NEVER_TEXT = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "canvas",
    "object",
    "embed",
    "audio",
    "video",
)
SELDOM_TEXT = (
    "nav",
    "footer",
    "form",
    "button",
    "select",
    "dialog",
    "figure",
    "figcaption",
    "picture",
    "menu",
    "input",
)
KEEP = ("html", "body", "main")
NAMED = (
    "div",
    "section",
    "aside",
    "p",
    "ul",
    "ol",
    "span",
    "header",
    "a",
    "article",
    "dl",
    "blockquote",
)
SUSPECT = (*NAMED, *SELDOM_TEXT)
# of the page's prose: boilerplate with more than that is not boilerplate
MAX_SHARE = 0.35
# of the page's prose: a rule that takes more altogether has mistaken the
# article for boilerplate
MAX_SUM = 0.5
FOREIGN_SHARE = 0.1  # of the words in <main>
# a card for another story has at most this many characters besides its heading
CARD = 400
CARD_PARTS = 2  # a title and a text
CARD_HOLDERS = ("body", "main", "article", "section", "div", "aside", "li")
LEAST = 40  # characters of a standfirst
TITLE = 40  # characters; a button has fewer
BOX = 1500  # characters of prose in a box that advertises something
MAX_TITLE_PARTS = 4
SLOGAN = 0.1  # of the page's prose
LONELY = 0.85  # of a paragraph's characters
ABOVE = (
    "preceding::*[self::p or self::li or self::h2 or self::h3 or ((self::div or self::span) and"
    " not(*))]"
)
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
BOXES = (
    "p",
    "div",
    "li",
    "td",
    "section",
    "article",
    "header",
    "footer",
    *HEADINGS,
)


def prune(tree: HtmlElement, *, drop: Iterable[str] = ()) -> None:
    """Remove boilerplate in place.

    `drop` are CSS selectors somebody wrote for this outlet; a broken one is
    ignored.
    """
    _drop_never_text(tree, drop)
    # lxml makes each element's object anew where nobody holds it
    held = list(tree.iter())
    drop_below_comments(tree)
    prose = ProseLedger(tree)
    if _drop_outside_main(tree, prose):
        prose = ProseLedger(tree)
    called = {e for e in tree.iter(*NAMED) if named_boilerplate(e)}
    acquit(tree, _suspects(tree, called), prose)
    _drop_elements(tree, prose)
    _drop_cards(tree, prose)
    left = [e for e in tree.iter(*NAMED) if e in called]
    named = [e for e in left if named_boilerplate(e) and not _is_standfirst(e)]
    _drop_all(named, prose)
    _drop_above_headline(tree, prose)
    _drop_all(_foreign_articles(tree), prose)
    _drop_titled_boxes(tree, prose)
    _drop_link_lists(tree, prose)
    held.clear()


def prune_by_shape(tree: HtmlElement, *, drop: Iterable[str] = ()) -> None:
    """Remove only what element, links or place give away, whatever it is
    called: for pages whose names mislead.
    """
    _drop_never_text(tree, drop)
    drop_below_comments(tree)
    prose = ProseLedger(tree)
    acquit(tree, list(tree.iter(*SELDOM_TEXT, "aside")), prose)
    _drop_elements(tree, prose)
    _drop_cards(tree, prose)
    _drop_above_headline(tree, prose)
    _drop_link_lists(tree, prose)


def unlink_anchors(tree: HtmlElement) -> None:
    """Make plain text of links that stay on the page (accordions, tables of
    contents, posts): they lead nowhere.
    """
    names = {"", *tree.xpath("//@id | //a/@name")}
    for link in list(tree.iter("a")):
        address, _, fragment = (link.get("href") or "").partition("#")
        stays = not address or (fragment and fragment in names)
        if stays or address.lower().startswith("javascript:"):
            link.tag = "span"


def _drop_never_text(tree: HtmlElement, drop: Iterable[str]) -> None:
    chosen = [
        element for selector in drop for element in select(tree, selector)
    ]
    for element in (*chosen, *list(tree.iter(*NEVER_TEXT))):
        _drop(element)


def _drop_elements(tree: HtmlElement, prose: ProseLedger) -> None:
    """Menus, forms, pictures.

    Some systems put the whole page into one <form>, or the headline into a
    <figure>.
    """
    _drop_all(list(tree.iter(*SELDOM_TEXT)), prose)


def _drop_all(elements: Sequence[HtmlElement], prose: ProseLedger) -> None:
    """Remove what one rule condemns.

    Where that is much of the page's prose, what leads nowhere is spared.
    """
    condemned = [
        e
        for e in elements
        if _removable(e, prose) or (e.tag == "p" and prose.of(e))
    ]
    if sum(map(prose.of, _outermost(condemned))) > MAX_SUM * prose.total:
        condemned = _unspared(condemned, prose)
    for element in condemned:
        if _removable(element, prose):
            _drop_with_title(element, prose)


def _unspared(
    condemned: Sequence[HtmlElement], prose: ProseLedger
) -> list[HtmlElement]:
    """Without those that are marked as one which tells something and leads
    nowhere.
    """
    telling = [
        e
        for e in condemned
        if prose.of(e) or any(map(is_sentence, text_runs(e)))
    ]
    spared = {_mark(e) for e in telling if not _leads_away(e)}
    return [e for e in condemned if _mark(e) not in spared or _leads_away(e)]


def _suspects(
    tree: HtmlElement, called: Set[HtmlElement]
) -> list[HtmlElement]:
    """What one of the rules, or trafilatura itself, would take away unheard."""
    by_tag = (*SELDOM_TEXT, "aside")
    suspects = (
        e for e in tree.iter(*SUSPECT) if e.tag in by_tag or e in called
    )
    return [e for e in suspects if e.tag in by_tag or not _is_standfirst(e)]


def _mark(element: HtmlElement) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The elements that stand in no other of them. `elements` are in the order
    of the page.
    """
    taken: set[HtmlElement] = set()
    for element in elements:
        if taken.isdisjoint(element.iterancestors()):
            taken.add(element)
    return [element for element in elements if element in taken]


def _leads_away(element: HtmlElement) -> bool:
    """True for a teaser: it has a link that stands alone ("mehr", a headline),
    not within a sentence.
    """
    for link in element.iter("a"):
        holder = next(link.iterancestors(*BOXES), element)
        if link.get("href") and link_share(holder) > LINKED:
            return True
    return False


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements matching a CSS selector; none where the selector cannot be
    read.
    """
    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, XPathError, ValueError):
        return []


def _removable(element: HtmlElement, prose: ProseLedger) -> bool:
    """False for what holds the headline, most of the prose, or is already
    gone.
    """
    if (
        element.tag in KEEP
        or element.getparent() is None
        or holds(element, "h1")
    ):
        return False
    if (
        element.tag == "p"
        and characters(element) >= PROSE
        and link_share(element) < LINKED
    ):
        return False
    return prose.of(element) <= MAX_SHARE * prose.total


def _is_standfirst(element: HtmlElement) -> bool:
    """True for a "teaser" that leads nowhere, between the headline and the
    first paragraph: the article's own.
    """
    if not any(
        "teaser" in name_words(name) for name in element_names(element)
    ):
        return False
    if len(list(element.iter("p"))) > 1 or holds(
        element, "a", "button", *HEADINGS
    ):
        return False
    if not LEAST <= characters(element) <= CARD or is_inside(element, "a"):
        return False
    for before in reversed(element.xpath("preceding::*[self::h1 or self::p]")):
        if before.tag == "h1":
            return True
        if characters(before) >= PROSE:
            return False
    return False


def _drop_above_headline(tree: HtmlElement, prose: ProseLedger) -> None:
    """What stands before the headline is the site's slogan, menu or breaking
    news, where it is next to nothing.
    """
    headline = headline_of(tree)
    if headline is None:
        return
    before = headline.xpath(ABOVE)
    if sum(map(prose.of, before)) > SLOGAN * prose.total:
        return
    for element in before:
        if _removable(element, prose) or characters(element) < PROSE:
            prose.drop(element)


def _foreign_articles(tree: HtmlElement) -> list[HtmlElement]:
    """Where one <article> holds the headline, the others are other stories,
    unless they hold most of the prose.
    """
    headline = headline_of(tree)
    if headline is None or not is_inside(headline, "article"):
        return []
    own = next(headline.iterancestors("article"))
    return [
        a
        for a in tree.iter("article")
        if a is not own and own not in a.iterancestors()
    ]


def _drop_outside_main(tree: HtmlElement, prose: ProseLedger) -> bool:
    """Whether anything went. Where <main> has the headline and prose, what
    stands beside it is the page's frame.

    A frame with most of the prose goes only where it tells of something else:
    some systems open <main> for the top of an article.
    """
    headline = headline_of(tree)
    above = [] if headline is None else list(headline.iterancestors())
    main = next(filter(_is_main, above), None)
    if main is None or not prose.of(main):
        return False
    beside = chain.from_iterable(map(_beside, (main, *main.iterancestors())))
    frame = [element for element in beside if prose.of(element)]
    if prose.of(main) < MAX_SUM * prose.total:
        known = keys(text_of(main))
        least = FOREIGN_SHARE * len(known)
        frame = [
            element
            for element in frame
            if len(keys(text_of(element)) & known) < least
        ]
    for element in frame:
        prose.drop(element)
    return any(element.getparent() is None for element in frame)


def _is_main(element: HtmlElement) -> bool:
    return bool(element.tag == "main" or element.get("role") == "main")


def _beside(element: HtmlElement) -> list[HtmlElement]:
    if element.tag in ("body", "html"):
        return []
    return [*element.itersiblings(preceding=True), *element.itersiblings()]


def _drop_cards(tree: HtmlElement, prose: ProseLedger) -> None:
    """A heading that is nothing but a link leads to another story; it goes
    with the small box around it.
    """
    for heading in list(tree.iter(*HEADINGS)):
        if link_share(heading) <= LONELY and not is_inside(heading, "a"):
            continue
        card = heading
        for parent in heading.iterancestors():
            if not _removable(parent, prose) or not _is_card(parent, heading):
                break
            card = parent
        if _removable(card, prose):
            _drop_with_title(card, prose)


def _is_card(box: HtmlElement, heading: HtmlElement) -> bool:
    """True for a small box with one heading."""
    headings = list(box.iter("h1", *HEADINGS))
    return len(headings) <= 1 and characters(box) - characters(heading) <= CARD


def _drop_titled_boxes(tree: HtmlElement, prose: ProseLedger) -> None:
    """A box is dropped for its title ("Mehr zum Thema", "Newsletter"): the
    largest element that begins with it.
    """
    for title in list(
        tree.iter(*HEADINGS, "h1", "p", "strong", "div", "span")
    ):
        if len(title) >= MAX_TITLE_PARTS:
            continue
        text = text_of(title)
        if not text or not opens_box(text) or _is_within_sentence(title, text):
            continue
        box = title
        for parent in title.iterancestors():
            if not _removable(parent, prose) or prose.of(parent) > BOX:
                break
            if not text_of(parent).startswith(text):
                break
            box = parent
        if _removable(box, prose):
            prose.drop(box)


def _is_within_sentence(element: HtmlElement, text: str) -> bool:
    """True for "Newsletter" in bold in the middle of a paragraph: that is a
    word and no title.
    """
    parent = element.getparent()
    if element.tag not in ("strong", "span") or parent is None:
        return False
    return not text_of(parent).startswith(text)


def _drop_link_lists(tree: HtmlElement, prose: ProseLedger) -> None:
    for block in list(tree.iter("ul", "ol", "dl")):
        if (
            characters(block)
            and link_share(block) > LINKED
            and _removable(block, prose)
        ):
            _drop_with_title(block, prose)
    for block in list(tree.iter("li", "p")):
        if (
            characters(block)
            and link_share(block) > LONELY
            and _removable(block, prose)
        ):
            prose.drop(block)
    for link in list(tree.iter("a")):
        if _is_card_link(link) and _removable(link, prose):
            prose.drop(link)


def _is_card_link(link: HtmlElement) -> bool:
    """True for a link around a whole card: a title and a text, and nothing
    beside it.
    """
    parent = link.getparent()
    if len(link) < CARD_PARTS or not link.get("href") or parent is None:
        return False
    beside = (
        f"{parent.text or ''}{''.join(child.tail or '' for child in parent)}"
    )
    return (
        parent.tag in CARD_HOLDERS
        and not beside.strip()
        and characters(link) >= TITLE
    )


def _drop_with_title(element: HtmlElement, prose: ProseLedger) -> None:
    """Remove an element, and the box around it where only the box's title
    would be left.
    """
    box = element.getparent()
    prose.drop(element)
    if box is None or box.tag in KEEP or box.getparent() is None:
        return
    left = list(box.iter("h1", *HEADINGS))
    if (
        len(left) == 1
        and left[0].tag != "h1"
        and characters(box) == characters(left[0]) > 0
    ):
        prose.drop(box)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
