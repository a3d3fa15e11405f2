"""Every exception this project raises on purpose.

Expected results (not modified, gone, too large, no text) are values in `monitor.types`; an
exception is for what a caller cannot handle in line. The tree (a test compares this drawing with
the classes):

    MonitorError
    ├── ConfigError          settings or feeds.yaml cannot be used
    │   └── CatalogError     feeds.yaml cannot be used; carries every problem with its place
    ├── FetchError           the fetch room itself is broken (not: a server answered badly)
    ├── ExtractError         the extraction pool itself is broken (not: a page without text)
    ├── StoreError           the database cannot be opened, migrated or written
    │   └── AlreadyRunning   a second daemon on the same SQLite data folder
    ├── IndexingError        the search index cannot be opened, written or searched
    ├── DeliveryError        mail cannot be composed or the mail server is misconfigured
    └── KibanaError          Kibana cannot be reached or refuses our dashboards
"""

from typing import Any


class MonitorError(Exception):
    """Base of all our errors.

    `about` names the feed, article, file or delivery; `hint` says what to do.
    """

    def __init__(self, message: str, *, about: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.about = about
        self.hint = hint


class ConfigError(MonitorError):
    """Settings or `feeds.yaml` cannot be used; nothing has been started or changed."""


class CatalogError(ConfigError):
    """`feeds.yaml` cannot be used.

    `problems` are `CatalogProblem` values, warnings included, in the file's order.
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
        self.problems = problems  # Any: errors stand below types and must not import them
        self.topics = (
            topics  # those that could be read, so that their queries can be checked in the same run
        )


class FetchError(MonitorError):
    """The fetch room itself is broken; a server's bad answer is a `FetchFailed` value instead."""


class ExtractError(MonitorError):
    """The extraction pool itself is broken; a page without text is an `ExtractFailed` value
    instead.
    """


class StoreError(MonitorError):
    """The database cannot be opened, migrated or written."""


class AlreadyRunning(StoreError):
    """A second daemon was started on the same SQLite data folder."""


class IndexingError(MonitorError):
    """The search index cannot be opened, written or searched."""


class DeliveryError(MonitorError):
    """Mail cannot be composed, or the mail server is misconfigured."""


class KibanaError(MonitorError):
    """Kibana cannot be reached, does not let us in, or refuses our dashboards."""
