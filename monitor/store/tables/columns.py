"""Column types and helpers that behave the same on SQLite and Postgres."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    Integer,
    MetaData,
    Text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time.

    SQLite has no zones, so there it is stored without one and given back with
    UTC.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Always UTC."""
        return None if value is None else _utc(value)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Always aware, always UTC."""
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLite's own way from time to text takes five times as long, and ten
        new items have forty times.
        """
        return (
            _as_text
            if dialect.name == "sqlite"
            else super().bind_processor(dialect)
        )

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any] | None:
        """The way back, likewise."""
        return (
            _from_text
            if dialect.name == "sqlite"
            else super().result_processor(dialect, coltype)
        )


class Seconds(TypeDecorator[timedelta]):
    """A duration, stored as seconds, so that it can be read and compared in
    SQL.
    """

    impl = Float
    cache_ok = True

    def process_bind_param(
        self, value: timedelta | None, dialect: Dialect
    ) -> float | None:
        """Store total seconds."""
        return None if value is None else value.total_seconds()

    def process_result_value(
        self, value: float | None, dialect: Dialect
    ) -> timedelta | None:
        """Give back a timedelta."""
        return None if value is None else timedelta(seconds=value)


class Json(TypeDecorator[Any]):
    """JSON, on Postgres in its binary form."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the database. That of Postgres is imported here: with
        its whole dialect it is three megabytes, which a daemon with SQLite
        does not need.
        """
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415

        return dialect.type_descriptor(JSONB())


def _utc(value: datetime) -> datetime:
    """Refuses naive times: one of them would be wrong by hours, unseen."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime for the database: {value!r}")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return (
        None
        if value is None
        else _utc(value).isoformat(" ", "microseconds")[:_WITHOUT_ZONE]
    )


def _from_text(text: str | None) -> datetime | None:
    return (
        None
        if text is None
        else datetime.fromisoformat(text).replace(tzinfo=UTC)
    )


_WITHOUT_ZONE = len("2026-11-02 08:00:00.000000")
# SQLite numbers rows by itself only for INTEGER
BigId = BigInteger().with_variant(
    Integer,
    "sqlite",
)


def big_id(comment: str) -> Column[int]:
    """The table's own key: counts up."""
    return Column(
        "id", BigId, primary_key=True, autoincrement=True, comment=comment
    )


def text(name: str, comment: str, **options: Any) -> Column[str]:
    """A required text column."""
    return Column(
        name,
        Text,
        nullable=options.pop("nullable", False),
        comment=comment,
        **options,
    )


def when(name: str, comment: str, **options: Any) -> Column[datetime]:
    """An optional time column; pass nullable=False to require it."""
    return Column(name, UtcDateTime, comment=comment, **options)


def count(name: str, comment: str, **options: Any) -> Column[int]:
    """A counter that starts at 0."""
    return Column(
        name,
        Integer,
        nullable=False,
        server_default="0",
        comment=comment,
        **options,
    )
