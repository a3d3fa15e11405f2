"""Tables of running: what is in quarantine, what was counted, who runs, and
small facts.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from monitor.store.tables.columns import (
    UtcDateTime,
    big_id,
    count,
    metadata,
    text,
    when,
)

quarantine = Table(
    "quarantine",
    metadata,
    big_id("item"),
    text("step", "read, publish, match, deliver"),
    text("subject", "what it is about: article:12, delivery:7"),
    text("reason", "a fixed word"),
    text("detail", "one line for people"),
    when("created_at", "when it was set aside", nullable=False),
    when(
        "resolved_at",
        "when it was retried or dropped; null: waiting for a person",
    ),
    Index("ix_quarantine_step_subject", "step", "subject"),
    Index("ix_quarantine_resolved_at", "resolved_at"),
    comment=(
        "quarantine: what can never succeed by itself, with the reason; listed and retried from the"
        " command line"
    ),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column(
        "hour",
        UtcDateTime,
        primary_key=True,
        comment="when the UTC hour began",
    ),
    Column(
        "step",
        Text,
        primary_key=True,
        comment="poll, read, publish, match, deliver",
    ),
    Column(
        "outcome",
        Text,
        primary_key=True,
        comment="the step's outcome, a fixed word",
    ),
    count("items", "how many ended so"),
    comment=(
        "ledger: every item ends each step in exactly one outcome, counted in the same transaction"
    ),
)

daemons = Table(
    "daemons",
    metadata,
    Column("id", Text, primary_key=True, comment="random id of this start"),
    text("host", "host name"),
    Column("pid", Integer, nullable=False, comment="process id"),
    text("version", "program version"),
    when("started_at", "start", nullable=False),
    when("alive_at", "last sign of life", nullable=False),
    when("stopped_at", "clean stop; null while running or after a crash"),
    when(
        "alive_until",
        "Postgres: it keeps its work until then, by the database's clock; null: it was stopped,"
        " or declared dead",
    ),
    text("engine", "the search index that it writes", server_default=""),
    text(
        "folder",
        "data folder; it tells daemons of one host apart",
        server_default="",
    ),
    text(
        "late_ticks",
        "ticks that run for too long, each as name=since",
        server_default="",
    ),
    comment="who runs or ran; several share one Postgres",
)

leases = Table(
    "leases",
    metadata,
    Column(
        "name",
        Text,
        primary_key=True,
        comment="leader, or domain: and a registered domain",
    ),
    text("holder", "id of the daemon that has it; empty: nobody"),
    when(
        "free_at",
        "others may take it from then on, by the database's clock",
        nullable=False,
    ),
    comment="Postgres: what only one of several daemons may have at a time",
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True, comment="name of the fact"),
    text("value", "its value"),
    when("updated_at", "when it was set", nullable=False),
    comment="small facts that outlive a restart, such as the day of the last daily report",
)
