"""Plans as queries of the embedded engine.

Knows the engine and its fields; knows no query language and no results.
"""

from __future__ import annotations

import re

import tantivy

from monitor.index.compiler import search_plan as p
from monitor.index.embedded.reader import View
from monitor.index.embedded.vocabulary import words_with_ending
from monitor.index.prepared_article import PARTS
from monitor.language.compound_heads import is_compound_of

Must = tantivy.Occur.Must
Should = tantivy.Occur.Should
MustNot = tantivy.Occur.MustNot
Query = tantivy.Query

_EARLIEST, _LATEST = -(2**63), 2**63 - 1
_READS = {"joined_words": "basic", "joined_stems": "freq", "facts": "basic"}
_JOINED = ("joined_words", "joined_stems")
_WORDS = (*(f"{part}_words" for part in PARTS), "joined_words")
_MOST_TERMS = 300  # of one field
_MOST_KEPT = 64  # queries of one view
_ANYTHING = "(?s:.)*"  # facts are any text, line breaks included
_LETTERS = {"any": "(?:.|ae|oe|ue|ss)", "plain": "(?:[a-z0-9]|ae|oe|ue|ss)"}


def kept_query(plan: p.Plan, view: View) -> tantivy.Query:
    """As `lower`, for what may be asked of the same view again: the next page,
    other facets. Lists of a thousand ids are not worth keeping.
    """
    query = view.queries.get(plan)
    if query is None:
        if len(view.queries) >= _MOST_KEPT:
            view.queries.clear()
        query = view.queries[plan] = lower(plan, view)
    return query


def lower(plan: p.Plan, view: View) -> tantivy.Query:  # noqa: C901, PLR0911, PLR0912 - one per kind
    """The engine's query for a plan."""
    match plan:
        case p.Everything():
            return _unranked(Query.all_query())
        case p.Nothing():
            return Query.empty_query()
        case p.WholeTerm(field) if _is_missing(field, plan.text, view):
            return Query.empty_query()
        case p.WholeTerm():
            return Query.term_query(
                view.schema,
                plan.field,
                plan.text,
                _READS.get(plan.field, "position"),
            )
        case p.Prefix("reversed", backwards):
            words = words_with_ending(view.vocabulary, backwards)
            return lower(
                p.Any(tuple(p.OneOf(field, words) for field in _WORDS)), view
            )
        case p.Compounds():
            ending = words_with_ending(view.vocabulary, plan.head[::-1])
            words = tuple(
                word for word in ending if is_compound_of(word, plan.head)
            )
            return lower(
                p.Any(tuple(p.OneOf(field, words) for field in _WORDS)), view
            )
        case p.Prefix():
            # No mistakes are allowed, so it is just a beginning; a regular
            # expression costs a quarter of a millisecond.
            return Query.fuzzy_term_query(
                view.schema, plan.field, plan.text, distance=0, prefix=True
            )
        case p.Pattern():
            return Query.regex_query(view.schema, plan.field, _regex(plan))
        case p.Neighbours():
            return Query.phrase_query(
                view.schema, plan.field, list(plan.texts), plan.slop
            )
        case p.OneOf():
            return _one_of(plan, view)
        case p.Number():
            return Query.term_query(view.schema, plan.field, plan.value)
        case p.Range():
            low = _EARLIEST if plan.low is None else plan.low
            high = _LATEST if plan.high is None else plan.high
            integer = tantivy.FieldType.Integer
            return Query.range_query(
                view.schema,
                plan.field,
                integer,
                low,
                high,
                include_upper=False,
            )
        case p.Any():
            return Query.boolean_query(
                [(Should, lower(child, view)) for child in plan.children]
            )
        case p.All():
            wanted = plan.children or (p.Everything(),)
            clauses = [(Must, lower(child, view)) for child in wanted]
            return Query.boolean_query(
                [
                    *clauses,
                    *((MustNot, lower(child, view)) for child in plan.without),
                ]
            )
        case p.Weighted():
            return Query.boost_query(lower(plan.child, view), plan.factor)
        case p.Unranked():
            return _unranked(lower(plan.child, view))


def _one_of(plan: p.OneOf, view: View) -> tantivy.Query:
    """The engine's own query for it makes an automaton and a set of articles
    for every segment, which takes longer than a few hundred terms do.
    """
    if len(plan.values) > _MOST_TERMS:
        return Query.term_set_query(view.schema, plan.field, list(plan.values))
    terms = [
        Query.term_query(view.schema, plan.field, each, "basic")
        for each in plan.values
        if not _is_missing(plan.field, each, view)
    ]
    found = Query.boolean_query([(Should, term) for term in terms])
    return Query.const_score_query(found, 1.0)


def _is_missing(field: str, text: str, view: View) -> bool:
    """Whether a joined form is in no article, as nearly all words are in none.
    The engine tells so in a quarter of the time that it takes to look for it.
    """
    return field in _JOINED and not view.articles.doc_freq(field, text)


def _unranked(query: tantivy.Query) -> tantivy.Query:
    return Query.const_score_query(query, 0.0)


def _regex(pattern: p.Pattern) -> str:
    text = _LETTERS[pattern.letters].join(
        re.escape(piece) for piece in pattern.text.split("?")
    )
    return (
        f"{_ANYTHING * pattern.open_start}{text}{_ANYTHING * pattern.open_end}"
    )
