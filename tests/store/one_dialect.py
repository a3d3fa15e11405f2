"""SQLite for tests: every database of one process shares the statements that
were compiled.

The program opens one database in its life, a test process thousands; without
this, each compiles the same hundreds of statements again, which was a third of
the tests of whole passes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_COMPILED: dict[Any, Any] = {}


class OneDialect(SQLiteDialect_pysqlite):
    """One for all engines: statements are remembered by the dialect that they
    were compiled for.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


def share_statements() -> None:
    """Let every address `sqlite:` mean this dialect."""
    registry.register("sqlite", __name__, OneDialect.__name__)
