"""Topics against articles: the truth for alerts. Knows no index, no mail, no
file.

A cheap filing by terms names the candidates, exact conditions decide. One
topic that cannot be read becomes a problem with its place in the file and does
not stop the others.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.match.candidate_index import CandidateIndex
from monitor.match.clauses import Condition
from monitor.match.preparing import Preparer
from monitor.match.reading import Reading
from monitor.query.fields import field_hint, filter_named
from monitor.query.messages import locate
from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
)
from monitor.query.unparse import query_hash, unparse
from monitor.types.catalog import CatalogProblem, Located, Place, Topic
from monitor.types.match import (
    ClauseHits,
    Match,
    MatchText,
    Part,
    QueryProblem,
)

# topics that garbage collection shall not count among what may be waste
_MANY = 1000
_NOWHERE = Place("feeds.yaml", 1)


@dataclass(frozen=True, slots=True)
class _Ready:
    """One topic, ready to be asked."""

    topic_id: str
    query_hash: str
    condition: Condition


class CompiledTopics:
    """All readable topics. Immutable to its users and safe to use from several
    threads.
    """

    def __init__(
        self,
        trees: Sequence[tuple[str, Node]],
        problems: tuple[CatalogProblem, ...],
    ) -> None:
        preparer = Preparer()
        self.problems = problems
        self._ready = []
        for topic_id, tree in trees:
            self._ready.append(
                _Ready(topic_id, query_hash(tree), preparer.condition(tree))
            )
        self._hashes = {
            ready.topic_id: ready.query_hash for ready in self._ready
        }
        self._wildcards = preparer.wildcards()
        self._candidate_index = CandidateIndex(
            enumerate(tree for _, tree in trees)
        )

    def __len__(self) -> int:
        return len(self._ready)

    def hash_of(self, topic_id: str) -> str | None:
        """What the topic's query finds, as 16 hex digits; None for a topic
        that is unknown or could not be read.
        """
        return self._hashes.get(topic_id)

    def candidates(self, text: MatchText) -> int:
        """How many topics are looked at for the article: the measure of its
        cost.
        """
        reading = Reading(text, self._wildcards)
        sure, possible = self._candidate_index.candidates(reading.terms)
        return len(sure) + len(possible)

    def match(self, text: MatchText) -> tuple[Match, ...]:
        """All topics that the article matches, in the order of the topics,
        each with its clauses and their places.
        """
        reading = Reading(text, self._wildcards)
        sure, possible = self._candidate_index.candidates(reading.terms)
        holding = [
            each
            for each in possible
            if self._ready[each].condition.holds(reading)
        ]
        found = []
        for number in sorted(sure.union(holding)):
            ready = self._ready[number]
            clauses = _reported(ready.condition, reading)
            found.append(Match(ready.topic_id, ready.query_hash, clauses))
        return tuple(found)


def compile_topics(topics: Sequence[Topic]) -> CompiledTopics:
    """The topics ready for matching; what is wrong or doubtful in any of them
    is in `problems`.

    Many topics are taken out of Python's garbage collection: it would go
    through all of them again and again, for as long as the matching itself
    takes. They hold no circles, so they still end with their last user.
    """
    if len(topics) < _MANY:
        return _compiled(topics)
    with _no_collection():
        compiled = _compiled(topics)
    gc.collect()
    gc.freeze()
    return compiled


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """What is built meanwhile is gone through once, at the end."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _compiled(topics: Sequence[Topic]) -> CompiledTopics:
    trees: list[tuple[str, Node]] = []
    problems: list[CatalogProblem] = []
    for topic in topics:
        tree, found = whole_query(topic)
        problems.extend(found)
        if tree is not None:
            trees.append((topic.id, tree))
    return CompiledTopics(trees, tuple(problems))


def whole_query(
    topic: Topic,
) -> tuple[Node | None, tuple[CatalogProblem, ...]]:
    """The whole query of a topic, `where` included, and what is wrong with it.

    No tree where a problem is fatal.
    """
    tree, problems = _read_words(topic)
    filters, bad = _read_where(topic)
    problems += bad
    if tree is None or any(problem.fatal for problem in problems):
        return None, problems
    if filters:
        tree = And((tree, *filters))
    return tree, problems


def match_query(tree: Node, text: MatchText) -> tuple[ClauseHits, ...] | None:
    """The clauses of one query that hit in one article; None where it does not
    match.
    """
    preparer = Preparer()
    condition = preparer.condition(tree)
    reading = Reading(text, preparer.wildcards())
    return _reported(condition, reading) if condition.holds(reading) else None


class CountedQuery:
    """One query and each of its clauses alone, asked of many articles at the
    cost of one.
    """

    def __init__(self, tree: Node) -> None:
        clauses = clause_trees(tree)
        self.clauses = tuple(clauses)
        self._compiled = CompiledTopics([("", tree), *clauses.items()], ())

    def ask(self, text: MatchText) -> tuple[Match | None, frozenset[str]]:
        """The match, if there is one, and every clause that hits whether or
        not the query does.
        """
        found = {match.topic_id: match for match in self._compiled.match(text)}
        return found.pop("", None), frozenset(found)


class ComparedQueries:
    """Several queries, asked of many articles at the cost of one reading each.
    Says only whether they match, not where: that is a third of the cost.
    """

    def __init__(self, trees: Sequence[Node]) -> None:
        preparer = Preparer()
        self._conditions = tuple(preparer.condition(tree) for tree in trees)
        self._wildcards = preparer.wildcards()

    def ask(self, text: MatchText) -> tuple[bool, ...]:
        """Whether each of them matches."""
        reading = Reading(text, self._wildcards)
        return tuple(
            condition.holds(reading) for condition in self._conditions
        )


def clause_trees(tree: Node) -> dict[str, Node]:
    """Every clause that a match of this query can report, in its author's
    order, each once.
    """
    return {unparse(node): node for node in _clauses(tree, None)}


def _clauses(node: Node, part: Part | None) -> Iterator[Node]:
    match node:
        case And() | Or():
            for child in node.children:
                yield from _clauses(child, part)
        case Boost():
            yield from _clauses(node.child, part)
        case Scope():
            yield from _clauses(node.child, node.part)
        case Not() | Filter():
            return
        case Phrase() | Near() | AtLeast():
            yield Scope(part, node) if part else node


def _reported(
    condition: Condition, reading: Reading
) -> tuple[ClauseHits, ...]:
    """The clauses in order of the query, each once though its author wrote it
    twice.
    """
    clauses: list[ClauseHits] = []
    condition.report(reading, clauses)
    if len(clauses) == 1:
        return (clauses[0],)
    return tuple({clause.clause: clause for clause in clauses}.values())


def _read_words(
    topic: Topic,
) -> tuple[Node | None, tuple[CatalogProblem, ...]]:
    query = topic.query
    if query is not None:
        parsed = parse_query(query.text)
        found = [
            locate(problem, query, topic=topic.name)
            for problem in parsed.problems
        ]
        return parsed.tree, tuple(found)
    lists = {"any": topic.any, "all": topic.all, "none": topic.none}
    simple = compile_simple(*map(_texts, lists.values()))
    problems = []
    for name, index, problem in simple.problems:
        if lists[name]:
            problems.append(
                locate(problem, lists[name][index], topic=topic.name)
            )
        else:
            problems.append(_about_topic(topic, problem))
    return simple.tree, tuple(problems)


def _texts(items: Iterable[Located]) -> list[str]:
    return [item.text for item in items]


def _read_where(topic: Topic) -> tuple[list[Node], tuple[CatalogProblem, ...]]:
    nodes: list[Node] = []
    problems = []
    for name, values in topic.where:
        known = filter_named(name)
        if known is None:
            problem = QueryProblem(
                "E04", f"where: has no field {name}:", 0, 1, field_hint(name)
            )
            problems.append(_about_topic(topic, problem))
        elif values:
            filters = [Filter(known, value) for value in values]
            nodes.append(
                filters[0] if len(filters) == 1 else Or(tuple(filters))
            )
    return nodes, tuple(problems)


def _about_topic(topic: Topic, problem: QueryProblem) -> CatalogProblem:
    return CatalogProblem(
        place=topic.place or _NOWHERE,
        message=f'topic "{topic.name}": {problem.message}',
        hint=problem.hint,
        code=problem.code,
        fatal=problem.fatal,
    )
