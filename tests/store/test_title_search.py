"""How a list shows an article that no index was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from monitor.store.engine import Database
from monitor.store.reading.title_search import hits_by_article
from monitor.store.tables import articles
from tests.store.builders import ZDF, add_article, list_feeds, read

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
WORD = "Brandschutzkontrolle"


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        ("", ""),
        ("x" * 200, "x" * 200),
        (f"{'x' * 190} {WORD} fehlt.", f"{'x' * 190}…"),
        (f"{'x' * 179} {WORD} fehlt.", f"{'x' * 179} {WORD}…"),
        ("x" * 300, "x" * 200 + "…"),
        (" " * 200 + "Rat tagt", "Rat tagt"),
    ],
)
def test_a_lead_is_cut_between_words(
    database: Database, lead: str, shown: str
) -> None:
    with database.write() as connection:
        list_feeds(connection, ZDF, now=NOW)
        article = add_article(connection, "a", now=NOW)
        read(connection, article, now=NOW)
        connection.execute(update(articles).values(lead=lead))
        hit = hits_by_article(connection, [article])[article]
    assert hit.snippet.text == shown
    assert hit.snippet.marks == ()
