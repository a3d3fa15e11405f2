"""`show`: one article with everything that is known of it, and why it alerted
or not.
"""

from __future__ import annotations

from rich.console import Group
from rich.text import Text

from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests.alert_explanation import (
    TopicExplanation,
    explain_alerts,
)
from monitor.store.reading.article_views import get_articles, versions_of
from monitor.types.match import ClauseHits
from monitor.types.overview import AlertLine
from monitor.ui.article_page import article_view
from monitor.ui.context import Session
from monitor.ui.names import LARGEST_NUMBER
from monitor.ui.say import Say


def show(session: Session, article: int, *, why: bool, as_json: bool) -> int:
    """Show one article; 1 where there is none with this number."""
    with session.database() as database, database.read() as connection:
        found = (
            get_articles(connection, [article])
            if article <= LARGEST_NUMBER
            else ()
        )
        versions = versions_of(connection, article) if found else ()
        explained: tuple[TopicExplanation, ...] = ()
        if why and found:
            catalog, topics = read_catalog(session.settings.feeds_file)
            explained = explain_alerts(connection, found[0], catalog, topics)
    if not found:
        session.complain(session.say("show.none", id=article))
        return 1
    if as_json:
        shown = {"article": found[0].facts(), "versions": versions}
        session.print_json(shown | ({"why": explained} if why else {}))
        return 0
    session.out.print(article_view(found[0], session.say))
    if why:
        session.out.print(_why_view(explained, session.say))
    return 0


def _why_view(explained: tuple[TopicExplanation, ...], say: Say) -> Group:
    if not explained:
        return Group(Text(), Text(say("show.no_topic"), style="yellow"))
    lines = [Text()]
    for topic in explained:
        lines.append(Text(topic.topic, style="bold"))
        lines += [_clause_line(clause, say) for clause in topic.clauses]
        lines += [
            Text(f"  {_alert_line(alert, say)}") for alert in topic.alerts
        ]
        if topic.reason:
            silent = say("show.silent", reason=say.phrase(topic.reason))
            lines.append(Text(f"  {silent}", style="yellow"))
    return Group(*lines)


def _clause_line(clause: ClauseHits, say: Say) -> Text:
    facts = {
        "clause": clause.clause,
        "hits": len(clause.spans),
        "title_hits": clause.in_title,
    }
    return Text("  " + say("show.clause", **facts))


def _alert_line(alert: AlertLine, say: Say) -> str:
    to, reason = alert.recipient, say.phrase(alert.reason)
    if alert.state == "silent":
        return say("show.alert_silent", recipient=to, reason=reason)
    if alert.sent_at:
        return say(
            "show.alert_mailed", recipient=to, when=say.moment(alert.sent_at)
        )
    if alert.mail_state:
        return say(
            "show.alert_mail",
            recipient=to,
            state=say.outcome(alert.mail_state),
        )
    when = say.moment(alert.due_at)
    if reason:
        return say(
            "show.alert_waits_why", recipient=to, when=when, reason=reason
        )
    return say("show.alert_waits", recipient=to, when=when)
