"""Opens the search index: the engine of the settings, or the one that was
chosen last.
"""

from __future__ import annotations

from monitor.config.settings import Settings
from monitor.errors import IndexingError, StoreError
from monitor.flow.index_choice import ChosenIndex, ChosenOperations
from monitor.flow.upkeep import index_rebuild
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import match_query
from monitor.ports import Index
from monitor.store.engine import Database
from monitor.store.files import close_new_files, private_folder


def open_index(
    settings: Settings, *, writer: bool, database: Database | None = None
) -> Index:
    """The search index, not yet prepared: the engine of the settings, or the
    one that was chosen last.

    Which one that is, a daemon asks at every tick: over its `database`, if it
    gives it.
    """
    if settings.index != "auto":
        return open_engine(settings, settings.index, writer=writer)
    return ChosenIndex(
        lambda: engine_in_use(settings, database),
        lambda engine: open_engine(settings, engine, writer=writer),
    )


def engine_in_use(settings: Settings, database: Database | None = None) -> str:
    """The engine of the settings, or the one that `monitor index switch` chose
    last.
    """
    if settings.index != "auto":
        return settings.index
    opened = database or Database(settings.database_address)
    try:
        with opened.read() as connection:
            return index_rebuild.chosen_engine(connection)
    except StoreError:  # nothing was ever stored here
        return "embedded"
    finally:
        if database is None:
            opened.close()


def open_engine(settings: Settings, engine: str, *, writer: bool) -> Index:
    """One engine by its name. Raises IndexingError for settings that it cannot
    be reached with.
    """
    if engine == "embedded":
        if writer:
            private_folder(settings.data_dir)
            close_new_files()
        return EmbeddedIndex(
            settings.data_dir / "index", writer=writer, verify=match_query
        )
    if not settings.elasticsearch_urls:
        hint = (
            "set MONITOR_ELASTICSEARCH_URLS, for instance to https://es:9200"
        )
        raise IndexingError("no address of Elasticsearch is set", hint=hint)
    # Imported here: its client is a tenth of a second that the embedded engine
    # need not pay.
    from monitor.wiring.elastic_kit import open_elastic  # noqa: PLC0415

    return open_elastic(settings, writer=writer)


def open_operations(
    settings: Settings, database: Database
) -> ChosenOperations | None:
    """Where the records of running go while the engine in use has a place for
    them.

    None where it never can.
    """
    if not settings.elasticsearch_urls:
        return None
    from monitor.wiring.elastic_kit import open_operations_index  # noqa: PLC0415 - as above

    return ChosenOperations(
        lambda: engine_in_use(settings, database) == "elasticsearch",
        lambda: open_operations_index(settings),
    )
