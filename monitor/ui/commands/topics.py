"""`monitor topic test` and `topic explain`: what a query means, what it finds,
how many mails it would send.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import RenderableType
from rich.tree import Tree

from monitor.flow.requests.query_size import (
    check_size,
    count_terms,
    terms_of_topic,
)
from monitor.flow.requests.topic_preview import (
    ClauseCount,
    TopicPreview,
    preview_query,
)
from monitor.match.topics import whole_query
from monitor.query.messages import locate
from monitor.query.parser import parse_query
from monitor.query.tree import And, AtLeast, Boost, Near, Node, Not, Or, Scope
from monitor.query.unparse import unparse
from monitor.types.catalog import CatalogProblem, Topic
from monitor.ui.catalog_names import find_topic
from monitor.ui.columns import Column, Row
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.query_problems import said_in_file, show_problems, typed
from monitor.ui.say import Say
from monitor.ui.tables import shown_table

BAR = 40
BEFORE_BAR = 18
"""Characters of day and number before a bar."""
MOST_CLAUSES = 50
MOST_BRANCHES = 50
"""What an operator joins is shown so far; a topic may have thousands of words.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One query, as both commands show it."""

    query: str
    problems: tuple[CatalogProblem, ...]
    preview: TopicPreview | None


def show_trial(session: Session, name: str, since: str, as_json: bool) -> int:
    """Try a topic of feeds.yaml on stored articles: tree, hits by clause and
    day, newest titles, number of mails.
    """
    topic = find_topic(session, name)
    check_size(terms_of_topic(topic))
    tree, problems = whole_query(topic)
    return _show(
        session, tree, problems, topic=topic, since=since, as_json=as_json
    )


def explain(
    session: Session, query: Sequence[str], since: str, as_json: bool
) -> int:
    """Read a query without any file: its tree, what is doubtful about it, and
    what it finds in stored articles.
    """
    whole = " ".join(query)
    check_size(count_terms(whole))
    parsed = parse_query(whole)
    located = typed(whole)
    problems = tuple(
        locate(problem, located, topic="query") for problem in parsed.problems
    )
    if not as_json:
        show_problems(session.err, whole, parsed.problems, session.say)
    return _show(
        session,
        parsed.tree,
        problems,
        topic=None,
        since=since,
        as_json=as_json,
    )


def _show(
    session: Session,
    tree: Node | None,
    problems: tuple[CatalogProblem, ...],
    *,
    topic: Topic | None,
    since: str,
    as_json: bool,
) -> int:
    """0 where something was found, 1 where nothing was, 2 for a query that
    cannot be read.
    """
    preview = None
    zone = session.settings.timezone
    start = read_since(since, zone=zone, now=session.now)
    if tree is not None:
        with session.database() as database, database.read() as connection:
            preview = preview_query(
                connection, tree, topic=topic, since=start, timezone=zone
            )
    shown = Shown(unparse(tree) if tree is not None else "", problems, preview)
    if as_json:
        session.print_json(shown)
    else:
        for problem in problems if topic else ():
            style = "red" if problem.fatal else "yellow"
            session.complain(said_in_file(problem, session.say), style)
        if tree is not None:
            root = Tree(session.say("query.tree"), guide_style="dim")
            session.out.print(_grow(root, tree, session.say))
        if preview is not None:
            _print_preview(session, preview, start)
    return 2 if preview is None else int(not preview.hits)


def _print_preview(
    session: Session, preview: TopicPreview, start: datetime
) -> None:
    say = session.say
    session.tell(_matches(preview, say, start))
    for reason, articles in preview.silent:
        said = say(
            "topic.would_not",
            n=say.number(articles),
            reason=say.phrase(reason),
        )
        session.tell(said)
    if preview.clauses:
        session.out.print(_clauses_table(preview.clauses, session))
    most = max((n for _, n in preview.days), default=1)
    bar = min(BAR, session.width - BEFORE_BAR)
    for day, n in preview.days:
        session.tell(
            f"{say.day(day)} {say.number(n):>6} {'█' * max(1, round(bar * n / most))}"
        )
    for found in preview.titles:
        reason = say.phrase(found.silent)
        silent = say("topic.silent", reason=reason) if found.silent else ""
        session.tell(
            f"{found.article_id:>6}  {found.title} – {found.outlet}{silent}"
        )
    for mail in preview.mails:
        count = say.count("common.mails", mail.mails)
        mode = say.outcome(mail.mode)
        session.tell(
            say(
                "topic.mails", recipient=mail.recipient, mode=mode, mails=count
            )
        )
    if preview.mails:
        total = say.count(
            "common.mails", sum(mail.mails for mail in preview.mails)
        )
        session.tell(say("topic.all_mails", mails=total), "bold")


def _matches(preview: TopicPreview, say: Say, start: datetime) -> str:
    return say(
        "topic.matches",
        hits=say.number(preview.hits),
        articles=say.count("common.of_articles", preview.articles),
        since=say.moment(start),
        stories=say.count("common.stories", preview.stories),
        alerting=say.number(preview.would_alert),
    )


def _clauses_table(
    clauses: tuple[ClauseCount, ...], session: Session
) -> RenderableType:
    """The clauses that hit most; a topic may have thousands."""
    say = session.say
    columns = (
        Column(say("topic.clause"), least=16),
        Column(say("topic.articles"), right=True),
        Column(say("topic.here"), right=True),
        Column(say("topic.hits"), rank=1, right=True),
    )
    rows = [
        Row(
            (
                clause.clause,
                *map(
                    say.number,
                    (clause.everywhere, clause.articles, clause.hits),
                ),
            )
        )
        for clause in clauses[:MOST_CLAUSES]
    ]
    left = len(clauses) - MOST_CLAUSES
    below = [say.count("topic.more_clauses", left)] if left > 0 else []
    return shown_table(
        say, "", columns, rows, width=session.width, below=below
    )


def _grow(branch: Tree, node: Node, say: Say) -> Tree:
    """The tree with its operators as branches and its words as leaves."""
    match node:
        case And() | Or():
            grown = branch.add("AND" if isinstance(node, And) else "OR")
            for child in node.children[:MOST_BRANCHES]:
                _grow(grown, child, say)
            if (left := len(node.children) - MOST_BRANCHES) > 0:
                grown.add(say.count("topic.more_branches", left))
        case Not():
            _grow(branch.add("NOT"), node.child, say)
        case Near():
            grown = branch.add(
                f"{'ONEAR' if node.ordered else 'NEAR'}/{node.distance}"
            )
            _grow(grown, node.left, say)
            _grow(grown, node.right, say)
        case AtLeast():
            _grow(branch.add(f"ATLEAST/{node.count}"), node.child, say)
        case Scope():
            _grow(branch.add(f"{node.part}:"), node.child, say)
        case Boost():
            _grow(branch.add(f"^{node.factor}"), node.child, say)
        case _:
            branch.add(unparse(node))
    return branch
