"""`monitor topic test` and `topic explain`: what a query means, what it finds, how many mails it
would send.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.tree import Tree

from monitor.flow.requests.topic_preview import ClauseCount, TopicPreview, preview_query
from monitor.match.topics import read_topic
from monitor.query.messages import locate
from monitor.query.parser import parse_query
from monitor.query.tree import And, AtLeast, Boost, Near, Node, Not, Or, Scope
from monitor.query.unparse import unparse
from monitor.types.catalog import CatalogProblem, Topic
from monitor.ui.catalog_names import find_topic
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.query_problems import typed

BAR = 40
MOST_CLAUSES = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One query, as both commands show it."""

    query: str
    problems: tuple[CatalogProblem, ...]
    preview: TopicPreview | None


def try_topic(session: Session, name: str, since: str, as_json: bool) -> int:
    """Try a topic of feeds.yaml on stored articles: tree, hits by clause and day, newest titles,
    number of mails.
    """
    topic = find_topic(session, name)
    tree, problems = read_topic(topic)
    return _show(session, tree, problems, topic=topic, since=since, as_json=as_json)


def explain(session: Session, query: str, since: str, as_json: bool) -> int:
    """Read a query without any file: its tree, what is doubtful about it, and what it finds in
    stored articles.
    """
    located = typed(query)
    parsed = parse_query(query)
    problems = tuple(locate(problem, located, topic="query") for problem in parsed.problems)
    return _show(session, parsed.tree, problems, topic=None, since=since, as_json=as_json)


def _show(
    session: Session,
    tree: Node | None,
    problems: tuple[CatalogProblem, ...],
    *,
    topic: Topic | None,
    since: str,
    as_json: bool,
) -> int:
    """0 where something was found, 1 where nothing was, 2 for a query that cannot be read."""
    preview = None
    if tree is not None:
        zone = session.settings.timezone
        start = read_since(since, zone=zone, now=session.now)
        with session.database() as database, database.read() as connection:
            preview = preview_query(connection, tree, topic=topic, since=start, timezone=zone)
    shown = Shown(unparse(tree) if tree is not None else "", problems, preview)
    if as_json:
        session.print_json(shown)
    else:
        for problem in problems:
            session.err.print(
                str(problem),
                style="red" if problem.fatal else "yellow",
                markup=False,
                soft_wrap=True,
            )
        if tree is not None:
            session.out.print(_grow(Tree("query", guide_style="dim"), tree))
        if preview is not None:
            _print_preview(session, preview, since)
    return 2 if preview is None else int(not preview.hits)


def _print_preview(session: Session, preview: TopicPreview, since: str) -> None:
    out = session.out
    out.print(
        f"{preview.hits} of {preview.articles} articles since {since} match, in"
        f" {preview.stories} stories; {preview.would_alert} would alert"
    )
    for reason, articles in preview.silent:
        out.print(f"  {articles} would not: {reason}", markup=False, highlight=False)
    if preview.clauses:
        out.print(_clauses_table(preview.clauses))
    most = max((n for _, n in preview.days), default=1)
    for day, n in preview.days:
        out.print(
            f"{day.isoformat()} {n:>5} {'█' * max(1, round(BAR * n / most))}", highlight=False
        )
    for found in preview.titles:
        silent = f" (silent: {found.silent})" if found.silent else ""
        line = f"{found.article_id:>6}  {found.title} – {found.outlet}{silent}"
        out.print(line, markup=False, highlight=False)
    for mail in preview.mails:
        out.print(
            f"{mail.recipient} ({mail.mode}): {_mails(mail.mails)}", markup=False, highlight=False
        )
    if preview.mails:
        out.print(
            f"this topic would have sent {_mails(sum(mail.mails for mail in preview.mails))}",
            style="bold",
        )


def _clauses_table(clauses: tuple[ClauseCount, ...]) -> Table:
    """The clauses that hit most; a topic may have thousands."""
    table = Table("clause", "articles", "of them here", "hits", box=None)
    for clause in clauses[:MOST_CLAUSES]:
        counts = (clause.everywhere, clause.articles, clause.hits)
        table.add_row(clause.clause, *map(str, counts))
    if len(clauses) > MOST_CLAUSES:
        table.caption = f"and {len(clauses) - MOST_CLAUSES} more clauses (--json shows all)"
    return table


def _mails(number: int) -> str:
    return f"{number} mail{'s' if number != 1 else ''}"


def _grow(branch: Tree, node: Node) -> Tree:
    """The tree with its operators as branches and its words as leaves."""
    match node:
        case And() | Or():
            grown = branch.add("AND" if isinstance(node, And) else "OR")
            for child in node.children:
                _grow(grown, child)
        case Not():
            _grow(branch.add("NOT"), node.child)
        case Near():
            grown = branch.add(f"{'ONEAR' if node.ordered else 'NEAR'}/{node.distance}")
            _grow(grown, node.left)
            _grow(grown, node.right)
        case AtLeast():
            _grow(branch.add(f"ATLEAST/{node.count}"), node.child)
        case Scope():
            _grow(branch.add(f"{node.part}:"), node.child)
        case Boost():
            _grow(branch.add(f"^{node.factor}"), node.child)
        case _:
            branch.add(unparse(node))
    return branch
