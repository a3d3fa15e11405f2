"""The tables of an older vocabulary get their names of today with all that is
in them, and back.
"""

from __future__ import annotations

from alembic.command import downgrade, upgrade
from alembic.config import Config
from sqlalchemy import Connection, text

from monitor.store.engine import Database, migrations_folder

BEFORE, AFTER = "0013", "0014"
NOW = "2026-11-28 10:00:00+00:00"
ROWS = (
    f"INSERT INTO generations (digest, created_at) VALUES ('d', '{NOW}')",
    "INSERT INTO topic_versions (topic_id, name, query_hash, since) VALUES ('a', 'A', 'h', 1)",
    "INSERT INTO wishes (recipient, wish, created_at, said_by)"
    f" VALUES ('anna@example.org', 'paused', '{NOW}', 'link')",
    "INSERT INTO set_aside (step, subject, reason, detail, created_at)"
    f" VALUES ('read', 'article:1', 'r', 'd', '{NOW}')",
    f"INSERT INTO facts (name, value, updated_at) VALUES ('heartbeat', 'x', '{NOW}')",
    f"INSERT INTO facts (name, value, updated_at) VALUES ('index_generation', 'y', '{NOW}')",
    f"INSERT INTO outcomes (hour, step, outcome, items) VALUES ('{NOW}', 'match', 'set_aside', 3)",
)
TODAY = (
    ("SELECT digest FROM topic_sets WHERE id = 1", "d"),
    (
        "SELECT topic_id FROM topic_versions JOIN topic_sets ON since = topic_sets.id",
        "a",
    ),
    ("SELECT state FROM subscription_changes", "paused"),
    ("SELECT subject FROM quarantine", "article:1"),
    ("SELECT value FROM facts WHERE name = 'daily_report'", "x"),
    ("SELECT value FROM facts WHERE name = 'index_build'", "y"),
    ("SELECT items FROM outcomes WHERE outcome = 'quarantined'", 3),
)
THEN = (
    ("SELECT digest FROM generations WHERE id = 1", "d"),
    (
        "SELECT topic_id FROM topic_versions JOIN generations ON since = generations.id",
        "a",
    ),
    ("SELECT wish FROM wishes", "paused"),
    ("SELECT subject FROM set_aside", "article:1"),
    ("SELECT value FROM facts WHERE name = 'heartbeat'", "x"),
    ("SELECT value FROM facts WHERE name = 'index_generation'", "y"),
    ("SELECT items FROM outcomes WHERE outcome = 'set_aside'", 3),
)


def check(
    connection: Connection, expected: tuple[tuple[str, object], ...]
) -> None:
    for question, answer in expected:
        assert connection.execute(text(question)).scalar_one() == answer, (
            question
        )


def test_rows_keep_their_place_under_new_names(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, BEFORE)
        for row in ROWS:
            connection.execute(text(row))
        connection.commit()
        upgrade(config, AFTER)
        check(connection, TODAY)
        connection.execute(text(ROWS[0].replace("generations", "topic_sets")))
        connection.commit()
        downgrade(config, BEFORE)
        check(connection, THEN)
        assert (
            connection.execute(
                text("SELECT max(id) FROM generations")
            ).scalar_one()
            == 2
        )
        connection.commit()
    database.migrate()
