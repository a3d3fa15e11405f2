"""`feeds.yaml` and the queries in it, read together. Needs no database."""

from __future__ import annotations

from pathlib import Path

from monitor.config.catalog import load_catalog, refused
from monitor.errors import CatalogError
from monitor.match.topics import CompiledTopics, compile_topics
from monitor.types.catalog import Catalog


def read_catalog(path: Path) -> tuple[Catalog, CompiledTopics]:
    """The file and its compiled topics.

    Raises CatalogError with every problem of file and queries together.
    """
    try:
        catalog = load_catalog(path)
    except CatalogError as error:
        queries = compile_topics(error.topics).problems
        if not queries:
            raise
        found = sorted(
            (*error.problems, *queries),
            key=lambda problem: (problem.place.line, problem.place.column),
        )
        raise refused(path, found) from None
    topics = compile_topics(catalog.topics)
    if any(problem.fatal for problem in topics.problems):
        raise refused(path, topics.problems)
    return catalog, topics
