"""Free text compiled for the embedded engine: stemmed words over title, lead and text, ranked by BM25.

Knows the terms that people typed and the engine's fields; knows no filters and no results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tantivy

from monitor.index.freetext import Term
from monitor.index.schema import BOOSTS, JOINED_BOOST, PARTS
from monitor.language.stems import stem

Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
Query = tantivy.Query


def compile_terms(terms: Iterable[Term], schema: tantivy.Schema) -> tantivy.Query:
    """All terms must hold, excluded ones must not. Only exclusions mean: every other article."""
    clauses = [(MustNot if term.excluded else Must, _compile(term, schema)) for term in terms]
    if not any(occur == Must for occur, _ in clauses):
        clauses.append((Must, Query.all_query()))
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def _compile(term: Term, schema: tantivy.Schema) -> tantivy.Query:
    if term.kind == "prefix":
        return _prefix(term.words[0], schema)
    stems = [stem(word) for word in term.words]
    clauses = [(Should, Query.boost_query(_in_part(part, stems, schema), BOOSTS[part])) for part in PARTS]
    joined = stem(term.joined) if term.joined else stems[0] if len(stems) == 1 else ""
    if joined:
        found = Query.term_query(schema, "joined_stems", joined, "freq")
        clauses.append((Should, Query.boost_query(found, JOINED_BOOST)))
    if term.joined:
        clauses += [
            (Should, Query.boost_query(Query.term_query(schema, f"{part}_stems", joined), BOOSTS[part]))
            for part in PARTS
        ]
    return Query.boolean_query(clauses)


def _in_part(part: str, stems: list[str], schema: tantivy.Schema) -> tantivy.Query:
    # The engine aborts on a phrase of one word.
    if len(stems) == 1:
        return Query.term_query(schema, f"{part}_stems", stems[0])
    return Query.phrase_query(schema, f"{part}_stems", list(stems))


def _prefix(prefix: str, schema: tantivy.Schema) -> tantivy.Query:
    pattern = f"{re.escape(prefix)}.*"
    fields = [(f"{part}_words", BOOSTS[part]) for part in PARTS] + [("joined_words", JOINED_BOOST)]
    return Query.boolean_query(
        [(Should, Query.boost_query(Query.regex_query(schema, field, pattern), boost)) for field, boost in fields]
    )
