"""outcomes counted by the hour, so that a day is shown before it is over

Revision 0012, after 0011. A day counted before has no hours: it becomes its
hour from noon, where the dashboard has always shown it.
"""

from collections import Counter
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NOON = time(12, tzinfo=UTC)
OTHERS = ("step", "outcome", "items")


def upgrade() -> None:
    rows = _rows("day", sa.Date())
    counted = {
        (datetime.combine(day, NOON), step, outcome): items
        for day, step, outcome, items in rows
    }
    first = sa.Column(
        "hour",
        sa.DateTime(timezone=True),
        nullable=False,
        comment="when the UTC hour began",
    )
    _replace(first, counted)


def downgrade() -> None:
    counted: Counter[tuple[date, str, str]] = Counter()
    for hour, step, outcome, items in _rows(
        "hour", sa.DateTime(timezone=True)
    ):
        utc = hour if hour.tzinfo is None else hour.astimezone(UTC)
        counted[utc.date(), step, outcome] += items
    _replace(
        sa.Column("day", sa.Date(), nullable=False, comment="UTC day"), counted
    )


def _rows(first: str, kind: sa.types.TypeEngine) -> list[sa.Row]:
    """A few rows for each day: they fit into memory."""
    table = sa.table(
        "outcomes", sa.column(first, kind), *map(sa.column, OTHERS)
    )
    return list(op.get_bind().execute(sa.select(table)))


def _replace(first: sa.Column, counted: dict[tuple, int]) -> None:
    """SQLite cannot change a primary key, so the table is made anew."""
    op.drop_table("outcomes")
    table = op.create_table(
        "outcomes",
        first,
        sa.Column(
            "step",
            sa.Text(),
            nullable=False,
            comment="poll, read, publish, match, deliver",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="the step's outcome, a fixed word",
        ),
        sa.Column(
            "items",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how many ended so",
        ),
        sa.PrimaryKeyConstraint(
            first.name, "step", "outcome", name="pk_outcomes"
        ),
        comment=(
            "ledger: every item ends each step in exactly one outcome, counted in the same"
            " transaction"
        ),
    )
    rows = [
        dict(zip((first.name, *OTHERS), (*key, items), strict=True))
        for key, items in counted.items()
    ]
    op.bulk_insert(table, rows)
