"""`show`: one article with everything that is known of it, and why it alerted or not."""

from __future__ import annotations

from rich.console import Group
from rich.text import Text

from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests.alert_explanation import TopicExplanation, explain_alerts
from monitor.store.reading.article_views import get_articles, versions_of
from monitor.types.overview import AlertLine
from monitor.ui.context import Session
from monitor.ui.tables import article_view, moment


def show(session: Session, article: int, *, why: bool, as_json: bool) -> int:
    """Show one article; 1 where there is none with this number."""
    with session.database() as database, database.read() as connection:
        found = get_articles(connection, [article])
        versions = versions_of(connection, article)
        explained: tuple[TopicExplanation, ...] = ()
        if why and found:
            catalog, topics = read_catalog(session.settings.feeds_file)
            explained = explain_alerts(connection, found[0], catalog, topics)
    if not found:
        session.err.print(f"there is no article {article}", style="red")
        return 1
    if as_json:
        shown = {"article": found[0], "versions": versions}
        session.print_json(shown | ({"why": explained} if why else {}))
        return 0
    session.out.print(article_view(found[0], session.settings.timezone, now=session.now))
    if why:
        session.out.print(_why_view(explained, session))
    return 0


def _why_view(explained: tuple[TopicExplanation, ...], session: Session) -> Group:
    if not explained:
        return Group(Text(), Text("no topic meets this article", style="yellow"))
    lines = [Text()]
    for topic in explained:
        lines.append(Text(topic.topic, style="bold"))
        lines += [
            Text(f"  {clause.clause} ×{len(clause.spans)}, {clause.in_title} in titles")
            for clause in topic.clauses
        ]
        lines += [Text(f"  {_alert_line(alert, session)}") for alert in topic.alerts]
        if topic.reason:
            lines.append(Text(f"  silent: {topic.reason}", style="yellow"))
    return Group(*lines)


def _alert_line(alert: AlertLine, session: Session) -> str:
    zone, now = session.settings.timezone, session.now
    if alert.state == "silent":
        return f"{alert.recipient}: silent, {alert.reason}"
    if alert.sent_at:
        return f"{alert.recipient}: mailed {moment(alert.sent_at, zone, now=now)}"
    if alert.mail_state:
        return f"{alert.recipient}: its mail is {alert.mail_state}"
    because = f" ({alert.reason})" if alert.reason else ""
    return f"{alert.recipient}: waits until {moment(alert.due_at, zone, now=now)}{because}"
