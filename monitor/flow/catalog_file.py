"""`feeds.yaml` and the queries in it, read together. Needs no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.config.catalog import load_catalog, load_source, refused
from monitor.config.source import Unusable, decode_yaml
from monitor.errors import CatalogError
from monitor.flow.press_review.review_query import query_of
from monitor.match.topics import CompiledTopics, compile_topics
from monitor.types.catalog import Catalog


def read_catalog(path: Path) -> tuple[Catalog, CompiledTopics]:
    """The file and its compiled topics.

    Raises CatalogError with every problem of file and queries together.
    """
    return _read(path, lambda: load_catalog(path))


def read_content(path: Path, content: bytes) -> tuple[Catalog, CompiledTopics]:
    """The same of bytes that are, or are to become, the file."""

    def load() -> Catalog:
        try:
            return load_source(path, decode_yaml(path, content))
        except Unusable as error:
            raise refused(path, [error.problem]) from None

    return _read(path, load)


def stamp_of(path: Path) -> tuple[int, int] | None:
    """What changes with each edit of the file; None where it cannot be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _read(
    path: Path, load: Callable[[], Catalog]
) -> tuple[Catalog, CompiledTopics]:
    try:
        catalog = load()
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
    wrong = [
        problem
        for review in catalog.press_reviews
        for problem in query_of(review)[1]
    ]
    problems = (*topics.problems, *wrong)
    if any(problem.fatal for problem in problems):
        raise refused(path, problems)
    return catalog, topics
