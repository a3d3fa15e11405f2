"""Every exception this project raises on purpose.

Expected results (not modified, gone, too large, no text) are values in
`monitor.types`; an exception is for what a caller cannot handle in line. The
tree (a test compares this drawing with the classes):

    MonitorError
    ├── ConfigError          settings or feeds.yaml cannot be used
    │   └── CatalogError     feeds.yaml cannot be used; carries every problem with its place
    ├── FetchError           the fetch room itself is broken (not: a server answered badly)
    ├── ExtractError         the extraction pool itself is broken (not: a page without text)
    ├── StoreError           the database cannot be opened, migrated or written
    │   ├── StatementRefused  it will refuse that statement again: our mistake, no outage
    │   └── AlreadyRunning   a second daemon on the same SQLite data folder
    ├── IndexingError        the search index cannot be opened, written or searched
    │   └── QueryError       a search cannot be read; carries every problem with its place
    ├── DeliveryError        mail cannot be composed or the mail server is misconfigured
    └── KibanaError          Kibana cannot be reached or refuses our dashboards
"""

from typing import Any


class MonitorError(Exception):
    """Base of all our errors.

    `about` names the feed, article, file or delivery; `hint` says what to do.
    """

    def __init__(
        self,
        message: str,
        *,
        about: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.about = about
        self.hint = hint


class ConfigError(MonitorError):
    """Settings or `feeds.yaml` cannot be used; nothing has been started or
    changed.
    """


class CatalogError(ConfigError):
    """`feeds.yaml` cannot be used.

    `problems` are `CatalogProblem` values, warnings included, in the file's
    order.
    """

    def __init__(
        self,
        message: str,
        *,
        problems: tuple[Any, ...],
        topics: tuple[Any, ...] = (),
        about: str | None = None,
    ) -> None:
        super().__init__(message, about=about)
        # Any: errors stand below types and must not import them
        self.problems = problems
        # those that could be read, so that their queries can be checked in
        # the same run
        self.topics = topics


class FetchError(MonitorError):
    """The fetch room itself is broken; a server's bad answer is a
    `FetchFailed` value instead.
    """


class ExtractError(MonitorError):
    """The extraction pool itself is broken; a page without text is an
    `ExtractFailed` value instead.
    """


class StoreError(MonitorError):
    """The database cannot be opened, migrated or written."""


class StatementRefused(StoreError):
    """The database refuses what it was asked, and will again: a broken rule,
    or a value that it cannot hold. Our own mistake, and no outage.
    """


class AlreadyRunning(StoreError):
    """A second daemon was started on the same SQLite data folder."""


class IndexingError(MonitorError):
    """The search index cannot be opened, written or searched."""


class QueryError(IndexingError):
    """What was typed as a search cannot be read.

    `problems` are the fatal `QueryProblem` values, in order of place; the
    message shows the first.
    """

    def __init__(self, query: str, *, problems: tuple[Any, ...]) -> None:
        first = problems[0]
        super().__init__(
            f"cannot read the query ({first.code} at character {first.offset + 1}:"
            f" {first.message})",
            about=query[:200],
            hint=first.hint or None,
        )
        self.query = query
        self.problems = problems


class DeliveryError(MonitorError):
    """Mail cannot be composed, or the mail server is misconfigured."""


class KibanaError(MonitorError):
    """Kibana cannot be reached, does not let us in, or refuses our dashboards.

    `status` is its answer's, 0 where none came.
    """

    def __init__(
        self,
        message: str,
        *,
        about: str | None = None,
        hint: str | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(message, about=about, hint=hint)
        self.status = status
