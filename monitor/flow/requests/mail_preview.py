"""preview(topic): stored articles > match > the mail that each recipient would
get. Changes nothing.

Apart from `topic_preview`: composing mails takes a third of its time to load.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.topic_preview import (
    newest_stories,
    reasons_of,
    stored_since,
)
from monitor.match.topics import CompiledTopics
from monitor.notify.mail.compose_mail import compose_digest, compose_immediate
from monitor.notify.mail.story_block import by_importance, view_story
from monitor.notify.mail.topic_reference import topic_ref
from monitor.store.alerting import alerts
from monitor.store.reading import article_views
from monitor.types.article import Article
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import Copy, TopicMail
from monitor.types.match import Match
from monitor.types.output import Email


@dataclass(frozen=True, slots=True)
class MailPreview:
    """Mails with everything stored that matches, and how much of it would
    alert by itself.
    """

    emails: tuple[Email, ...]
    stories: int
    would_alert: int
    silent: tuple[tuple[str, int], ...]


def preview_mails(
    connection: Connection,
    topic: Topic,
    topics: CompiledTopics,
    *,
    mail: MailKit,
    since: datetime,
    now: datetime,
) -> MailPreview:
    """The mail that each recipient would get if everything first seen since
    then were still to be told.
    """
    found = []
    for article in stored_since(connection, since):
        match = next(
            (
                m
                for m in topics.match(match_text(article))
                if m.topic_id == topic.id
            ),
            None,
        )
        if match is not None:
            found.append((article, match))
    matched = [article for article, _ in found]
    reasons = reasons_of(matched, alerts.told_stories(connection, topic.id))
    shown = {
        article.article_id
        for article in newest_stories(matched, reasons, most=len(found))
    }
    chosen = [
        (article, match) for article, match in found if article.id in shown
    ]
    copies = article_views.outlets_of_stories(
        connection, [article.story_id or 0 for article, _ in chosen]
    )
    emails = [
        _email(
            topic, recipient, chosen, copies, mail=mail, since=since, now=now
        )
        for recipient in (topic.recipients if chosen else ())
    ]
    silent = Counter(reason for reason in reasons.values() if reason)
    would_alert = sum(not reason for reason in reasons.values())
    return MailPreview(
        tuple(emails), len(chosen), would_alert, tuple(silent.most_common())
    )


def _email(
    topic: Topic,
    recipient: Recipient,
    chosen: list[tuple[Article, Match]],
    copies: dict[int, tuple[tuple[int, str, str], ...]],
    *,
    mail: MailKit,
    since: datetime,
    now: datetime,
) -> Email:
    views = [
        view_story(
            article,
            match,
            snippet=recipient.snippet or topic.snippet,
            also_in=tuple(
                Copy(o, url)
                for n, o, url in copies.get(article.story_id or 0, ())
                if n != article.id
            ),
        )
        for article, match in chosen
    ]
    content = TopicMail(
        topic=topic_ref(topic, mode=recipient.mode),
        stories=by_importance(views),
        since=since,
        until=now,
        links=mail.links.of_topic(topic, recipient, views, now=now),
        mails_per_hour=topic.mails_per_hour,
    )
    letter = mail.letter(
        recipient, ("preview", topic.id, recipient.address), now=now
    )
    at_once = (recipient.mode or topic.mode) == "immediate" and len(views) == 1
    return (compose_immediate if at_once else compose_digest)(
        content, letter, templates=mail.templates
    )
