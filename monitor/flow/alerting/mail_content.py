"""What a mail shows of pending alerts: stories with their snippets, copies and
flags, read within a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.notify.mail.headers import derive_message_id
from monitor.notify.mail.story_block import view_story
from monitor.notify.mail.templates_render import Templates
from monitor.notify.signed_links import LinkSigner
from monitor.store.alerting import stored_matches
from monitor.store.reading import article_views
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import Copy, Letter, Links, MailIdentity, StoryView
from monitor.types.state import PendingAlert


def story_views(
    connection: Connection,
    topic: Topic,
    recipient: Recipient,
    pending: Collection[PendingAlert],
) -> list[StoryView]:
    """One view for each alert, in their order."""
    found = {
        a.id: a
        for a in article_views.get_articles(
            connection, [alert.article_id for alert in pending]
        )
    }
    copies = article_views.outlets_of_stories(
        connection, [alert.story_id for alert in pending]
    )
    views = []
    for alert in pending:
        article = found[alert.article_id]
        others = tuple(
            Copy(outlet, url)
            for id_, outlet, url in copies.get(alert.story_id, ())
            if id_ != article.id
        )
        views.append(
            view_story(
                article,
                stored_matches.get_match(connection, alert.match_id),
                snippet=recipient.snippet or topic.snippet,
                also_in=others,
                changed=stored_matches.brought_by_edit(
                    connection, alert.match_id
                ),
            )
        )
    return views


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Where the readers of mails can go.

    `search(topic, since=..., until=...)`: where all its hits are, if anywhere.
    `articles()`: where our page shows an article, without its number; "" where
    people cannot open the page. `issues()`: the same for issued press reviews.
    """

    search: Callable[..., str | None] | None = None
    articles: Callable[[], str] | None = None
    signer: LinkSigner | None = None
    issues: Callable[[], str] | None = None

    def of_topic(
        self,
        topic: Topic,
        recipient: Recipient,
        stories: Sequence[StoryView],
        *,
        now: datetime,
    ) -> Links:
        """Search page, if there is one, the command that shows what this topic
        found, pause and unsubscribe, and where each story is judged.
        """
        oldest = min(
            (story.published_at or story.found_at for story in stories),
            default=now,
        )
        search = (
            self.search(topic.id, since=oldest, until=now)
            if self.search
            else None
        )
        links = self.of_list(topic.id, recipient)
        articles = self.articles() if self.articles else ""
        command = f"monitor search --topic {topic.id}"
        return replace(
            links,
            search=search,
            search_command=command,
            articles=articles,
            judge=self._judge(topic, recipient, stories),
        )

    def _judge(
        self, topic: Topic, recipient: Recipient, stories: Sequence[StoryView]
    ) -> dict[int, str]:
        """Where each hit is judged, by article."""
        if self.signer is None:
            return {}
        ids = [story.article_id for story in stories]
        return {
            number: self.signer.make_judge(recipient, topic.id, number)
            for number in ids
        }

    def of_list(self, name: str, recipient: Recipient) -> Links:
        """Pause and unsubscribe, for a topic's id or one of our own lists."""
        if self.signer is None:
            return Links()
        return Links(
            pause=self.signer.make("pause", recipient, name),
            unsubscribe=self.signer.make("unsubscribe", recipient, name),
        )


@dataclass(frozen=True, slots=True)
class MailKit:
    """What every mail needs besides its content.

    `operator` is None where nobody is told of sources.
    """

    identity: MailIdentity
    templates: Templates
    links: MailLinks = MailLinks()
    operator: Recipient | None = None

    def letter(
        self, recipient: Recipient, keys: Sequence[str], *, now: datetime
    ) -> Letter:
        """What is fixed before the first attempt; equal keys make an equal
        Message-ID.
        """
        return Letter(
            message_id=derive_message_id(self.identity.domain, *keys),
            date=now.astimezone(ZoneInfo(self.identity.timezone)),
            recipient=recipient,
            identity=self.identity,
        )
