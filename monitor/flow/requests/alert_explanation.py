"""Why an article alerted, or why it did not: each topic that it meets, and
what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from monitor.flow.alerting.alert_reason import silent_reason
from monitor.flow.alerting.match_text import match_text
from monitor.match.topics import CompiledTopics
from monitor.store.alerting.alert_history import alerts_of_story, is_matched
from monitor.types.article import Article
from monitor.types.catalog import Catalog, Topic
from monitor.types.match import ClauseHits
from monitor.types.overview import AlertLine

NOT_MATCHED = "not held against the topics yet"
NO_RECIPIENTS = "the topic has no recipients"
TOPIC_CAME_LATER = "the topic asks for this only since the article was read"


@dataclass(frozen=True, slots=True)
class TopicExplanation:
    """One topic that the article meets.

    `alerts` are those of its whole story; `reason` says why there is none, or
    none by this article.
    """

    topic_id: str
    topic: str
    clauses: tuple[ClauseHits, ...]
    alerts: tuple[AlertLine, ...]
    reason: str = ""


def explain_alerts(
    connection: Connection,
    article: Article,
    catalog: Catalog,
    topics: CompiledTopics,
) -> tuple[TopicExplanation, ...]:
    """Every topic of the file that the article meets, and every other that
    alerted its story.
    """
    made = alerts_of_story(connection, article.story_id or 0)
    by_id = {topic.id: topic for topic in catalog.topics}
    is_new = not is_matched(connection, article.id)
    explained = []
    for match in topics.match(match_text(article)):
        topic = by_id[match.topic_id]
        mine = tuple(alert for alert in made if alert.topic_id == topic.id)
        reason = alert_reason(article, topic, mine, is_new=is_new)
        explained.append(
            TopicExplanation(topic.id, topic.name, match.clauses, mine, reason)
        )
    met = {each.topic_id for each in explained}
    others = dict.fromkeys(
        alert.topic_id for alert in made if alert.topic_id not in met
    )
    explained += [
        TopicExplanation(
            other,
            by_id[other].name if other in by_id else other,
            (),
            tuple(alert for alert in made if alert.topic_id == other),
        )
        for other in others
    ]
    return tuple(explained)


def alert_reason(
    article: Article,
    topic: Topic,
    alerts: tuple[AlertLine, ...],
    *,
    is_new: bool,
) -> str:
    """Why the article itself told nobody of this topic; "" where it told
    somebody. Pure.
    """
    if any(
        alert.article_id == article.id and alert.state != "silent"
        for alert in alerts
    ):
        return ""
    silent = silent_reason(article)
    if silent:
        return silent
    told = next((alert for alert in alerts if alert.state != "silent"), None)
    if told:
        return f"its story was told by article {told.article_id}"
    if is_new:
        return NOT_MATCHED
    if not topic.recipients:
        return NO_RECIPIENTS
    return next(
        (alert.reason for alert in alerts if alert.reason), TOPIC_CAME_LATER
    )
