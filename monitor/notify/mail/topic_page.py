"""The pages about one topic: immediate mail, digest, spike. Pure: facts and a
language in, a `MailPage` out.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from monitor.language.hygiene import one_line, safe_url
from monitor.language.wording import ReaderWording
from monitor.notify.mail.mail_page import (
    Labelled,
    Labels,
    Link,
    MailPage,
    MailRow,
    Section,
    StoryBlock,
)
from monitor.notify.mail.story_block import (
    Extent,
    StoryPlaces,
    by_importance,
    headline,
    story_block,
)
from monitor.types.mail import (
    Letter,
    Links,
    SpikeMail,
    StoryView,
    TopicMail,
    TopicRef,
)

_NAME = 60  # of a topic or outlet in a subject
_TITLE = 120  # of a headline in a subject
_QUERY = 600
_WORDS = 12
_OUTLETS = 12


def immediate_page(
    mail: TopicMail,
    letter: Letter,
    wording: ReaderWording,
    *,
    shown: int,
    extent: Extent,
) -> MailPage:
    """One story at once, or those of the first fifteen minutes.

    Raises nothing for an empty mail: it has no stories.
    """
    stories = by_importance(mail.stories)
    subject = f"[{short_topic_name(mail.topic)}]"
    if stories:
        facts = {
            "topic": short_topic_name(mail.topic),
            "title": one_line(headline(stories[0]), _TITLE),
            "outlet": one_line(stories[0].outlet, _NAME),
        }
        more = len(stories) - 1 + mail.more
        key = "subject_stories" if more else "subject_story"
        subject = wording.say(key, **facts, more=wording.number(more))
    return _topic_page(
        "immediate",
        subject,
        mail,
        letter,
        wording,
        stories=stories,
        shown=shown,
        extent=extent,
    )


def digest_page(
    mail: TopicMail,
    letter: Letter,
    wording: ReaderWording,
    *,
    shown: int,
    extent: Extent,
) -> MailPage:
    """What came since the last one, the most important first."""
    occasion = (
        mail.occasion
        if mail.occasion in ("flood", "catch_up", "backfill")
        else "digest"
    )
    subject = wording.say(
        f"subject_{occasion}",
        topic=short_topic_name(mail.topic),
        **_covers(mail, wording),
    )
    stories = by_importance(mail.stories)
    return _topic_page(
        "digest",
        subject,
        mail,
        letter,
        wording,
        stories=stories,
        shown=shown,
        extent=extent,
    )


def spike_page(
    mail: SpikeMail,
    letter: Letter,
    wording: ReaderWording,
    *,
    shown: int,
    extent: Extent,
) -> MailPage:
    """Unusually much: the figures, the words and outlets that explain them,
    the main stories.
    """
    name = short_topic_name(mail.topic)
    count, usual = wording.number(mail.count), wording.number(mail.usual)
    words = tuple(
        MailRow(
            one_line(w.word, _NAME),
            wording.say(
                "spike_word",
                count=wording.number(w.count),
                usual=wording.number(w.usual),
            ),
        )
        for w in mail.words[:_WORDS]
    )
    outlets = tuple(
        MailRow(one_line(outlet, _NAME), wording.count("articles", articles))
        for outlet, articles in mail.outlets[:_OUTLETS]
    )
    stories = by_importance(mail.stories)
    intro = wording.say(
        "spike_intro",
        count=wording.count("articles", mail.count),
        since=wording.moment(mail.since),
        usual=usual,
        days=wording.number(mail.days),
    )
    return MailPage(
        language=wording.language,
        kind="spike",
        subject=wording.say(
            "subject_spike", topic=name, count=count, usual=usual
        ),
        kicker=wording.say("kind_spike"),
        heading=name,
        labels=story_labels(wording),
        intro=(intro,),
        sections=tuple(
            Section(wording.say(key), rows)
            for key, rows in (
                ("spike_words", words),
                ("spike_outlets", outlets),
            )
            if rows
        ),
        stories_title=wording.say("spike_stories") if stories else "",
        stories=_blocks(stories[:shown], mail.links, wording, extent=extent),
        more=_more(len(stories[shown:]), mail.links, wording),
        footer=topic_footer(
            mail.topic, mail.links, letter, wording, as_of=mail.until
        ),
    )


def _topic_page(
    kind: str,
    subject: str,
    mail: TopicMail,
    letter: Letter,
    wording: ReaderWording,
    *,
    stories: tuple[StoryView, ...],
    shown: int,
    extent: Extent,
) -> MailPage:
    note = ""
    if mail.occasion != "regular":
        note = wording.say(
            f"note_{mail.occasion}", limit=wording.number(mail.mails_per_hour)
        )
    return MailPage(
        language=wording.language,
        kind=kind,
        subject=subject,
        kicker=wording.say(f"kind_{kind}"),
        heading=short_topic_name(mail.topic),
        labels=story_labels(wording),
        intro=(wording.say("covers", **_covers(mail, wording)),)
        if kind == "digest"
        else (),
        note=note,
        stories=_blocks(stories[:shown], mail.links, wording, extent=extent),
        more=_more(len(stories[shown:]) + mail.more, mail.links, wording),
        footer=topic_footer(
            mail.topic, mail.links, letter, wording, as_of=mail.until
        ),
    )


def _blocks(
    stories: tuple[StoryView, ...],
    links: Links,
    wording: ReaderWording,
    *,
    extent: Extent,
) -> tuple[StoryBlock, ...]:
    places = StoryPlaces(safe_url(links.articles) or "", links.judge)
    return tuple(
        story_block(s, wording, places=places, extent=extent) for s in stories
    )


def short_topic_name(topic: TopicRef) -> str:
    """The topic's name as one short line."""
    return one_line(topic.name, _NAME) or one_line(topic.id, _NAME)


def story_labels(wording: ReaderWording) -> Labels:
    """The words beside each story."""
    return Labels(
        why=wording.say("why"),
        also_in=wording.say("also_in"),
        feed_title=wording.say("feed_title"),
        page_link=wording.say("page_link"),
        judge=wording.say("judge"),
        fits=wording.say("fits"),
        fits_not=wording.say("fits_not"),
    )


def as_of_row(time: datetime, wording: ReaderWording) -> Labelled:
    """When the mail's facts were true, and in which zone its times are."""
    return Labelled(
        wording.say("as_of"),
        wording.say(
            "as_of_value", moment=wording.moment(time), zone=wording.zone.key
        ),
    )


def mailto(letter: Letter, subject: str) -> str:
    """A mailto to whoever answers for this Monitor, for installations without
    a public address.
    """
    address = letter.identity.answers_to or letter.identity.address
    return (
        f"mailto:{quote(address, safe='@')}?subject={quote(one_line(subject))}"
    )


def topic_footer(
    topic: TopicRef,
    links: Links,
    letter: Letter,
    wording: ReaderWording,
    *,
    as_of: datetime,
) -> tuple[Labelled, ...]:
    """Topic, mode, query, search, where to change it, pause, unsubscribe, as
    of.
    """
    pause = safe_url(links.pause or "") or mailto(letter, f"pause {topic.id}")
    unsubscribe = safe_url(links.unsubscribe or "") or mailto(
        letter, f"unsubscribe {topic.id}"
    )
    search = safe_url(links.search or "") or ""
    rows = (
        Labelled(wording.say("topic"), short_topic_name(topic)),
        Labelled(wording.say("mode"), wording.say(f"mode_{topic.mode}")),
        Labelled(wording.say("query"), one_line(topic.query, _QUERY)),
        Labelled(
            wording.say("search"),
            wording.say("search_link")
            if search
            else one_line(links.search_command),
            search,
        ),
        Labelled(wording.say("change"), wording.place(one_line(topic.place))),
        Labelled(wording.say("pause"), wording.say("pause_link"), pause),
        Labelled(
            wording.say("unsubscribe"),
            wording.say("unsubscribe_link"),
            unsubscribe,
        ),
        as_of_row(as_of, wording),
    )
    return tuple(row for row in rows if row.text)


def _covers(mail: TopicMail, wording: ReaderWording) -> dict[str, str]:
    """How many articles in how many stories, and in what time."""
    return {
        "articles": wording.count(
            "articles", sum(s.articles for s in mail.stories) + mail.more
        ),
        "stories": wording.count("stories", len(mail.stories) + mail.more),
        "window": wording.window(mail.since, mail.until),
    }


def _more(left_off: int, links: Links, wording: ReaderWording) -> Link | None:
    if left_off <= 0:
        return None
    url = safe_url(links.search or "") or ""
    text = wording.count("more_stories", left_off)
    return Link(
        text
        if url or not links.search_command
        else f"{text} {one_line(links.search_command)}",
        url,
    )
