"""What feeds say beyond a page: which title is shown, what is kept, and what
older installations get.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic.command import downgrade
from alembic.config import Config
from sqlalchemy import select, update

from monitor.store.engine import Database, migrations_folder
from monitor.store.reading import article_views
from monitor.store.reading.feed_parts import (
    FeedItem,
    FeedParts,
    PageSaid,
    feed_parts,
)
from monitor.store.running.operations import get_fact
from monitor.store.tables import article_versions, articles, entries
from tests.store.builders import add_article, list_feeds, read

READ = datetime(2026, 11, 23, 8, tzinfo=UTC)
EARLIER, LATER = READ - timedelta(hours=1), READ + timedelta(hours=1)
PAGE = PageSaid("Brand in Halle", "Ein Vorspann.", "Es brannte.", READ)
UNREAD = PageSaid("Brand in Halle", "", "Es brannte.", None)


def item(
    title: str,
    when: datetime | None = None,
    summary: str = "Es brannte.",
    content: str = "",
) -> FeedItem:
    return FeedItem(title, when, summary, content)


@pytest.mark.parametrize(
    ("items", "page", "parts"),
    [
        ((), PAGE, FeedParts("Brand in Halle", "", "", "")),
        (
            (item("Brand in Halle"),),
            PAGE,
            FeedParts("Brand in Halle", "", "", ""),
        ),
        ((item("Feuer"),), PAGE, FeedParts("Brand in Halle", "", "Feuer", "")),
        (
            (item("Feuer", EARLIER),),
            PAGE,
            FeedParts("Brand in Halle", "", "Feuer", ""),
        ),
        (
            (item("Feuer", READ),),
            PAGE,
            FeedParts("Brand in Halle", "", "Feuer", ""),
        ),
        (
            (item("Feuer", LATER),),
            PAGE,
            FeedParts("Feuer", "Brand in Halle", "Feuer", ""),
        ),
        (
            (item("Brand in Halle", LATER),),
            PAGE,
            FeedParts("Brand in Halle", "", "", ""),
        ),
        ((item("", LATER),), PAGE, FeedParts("Brand in Halle", "", "", "")),
        (
            (item("A"), item("B", LATER)),
            PAGE,
            FeedParts("B", "Brand in Halle", "A\nB", ""),
        ),
        (
            (item("A", LATER + timedelta(1)), item("B", LATER)),
            PAGE,
            FeedParts("A", "Brand in Halle", "A\nB", ""),
        ),
        (
            (item("Feuer", EARLIER),),
            UNREAD,
            FeedParts("Feuer", "Brand in Halle", "Feuer", ""),
        ),
        (
            (item("Brand", None, "Ein Vorspann."),),
            PAGE,
            FeedParts("Brand in Halle", "", "", ""),
        ),
        (
            (item("Brand", None, "Neu.", "Neu."),),
            PAGE,
            FeedParts("Brand in Halle", "", "", "Neu."),
        ),
        (
            (item("Brand", None, "Neu."), item("Brand", None, "Alt.")),
            PAGE,
            FeedParts("Brand in Halle", "", "", "Neu.\nAlt."),
        ),
        (
            (item("Brand", None, ""),),
            PAGE,
            FeedParts("Brand in Halle", "", "", "Davor."),
        ),
        (
            (item("Brand", None, "Neu."),),
            PAGE,
            FeedParts("Brand in Halle", "", "", "Neu."),
        ),
    ],
)
def test_parts(
    items: tuple[FeedItem, ...], page: PageSaid, parts: FeedParts
) -> None:
    assert feed_parts(items, page, kept_text="Davor.") == parts


def test_an_older_installation_gets_the_parts_of_its_items_and_matches_nothing_again(
    database: Database,
) -> None:
    with database.write() as connection:
        list_feeds(connection, now=READ)
        ids = [
            add_article(connection, key, now=READ) for key in ("a", "b", "c")
        ]
        for number in ids[:2]:
            read(connection, number, now=READ, text="Text über Herford.")
        connection.execute(update(articles).values(matched_topic_set=1))
        said = {
            "title": "Herford: Titel neu",
            "summary": "Text über Herford.",
            "content": "Mehr aus Bünde.",
        }
        connection.execute(
            update(entries).where(entries.c.article_id != ids[1]).values(said)
        )
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "0007")
        connection.commit()
    database.migrate()
    with database.read() as connection:
        found = {
            article.id: article
            for article in article_views.get_articles(connection, ids)
        }
        assert [
            (found[n].content.feed_title, found[n].content.feed_text)
            for n in ids
        ] == [
            ("Herford: Titel neu", "Mehr aus Bünde."),
            ("", ""),
            ("", ""),
        ]
        assert set(
            connection.execute(select(articles.c.matched_topic_set)).scalars()
        ) == {1}
        (version,) = article_views.versions_of(connection, ids[0])
        assert (version.feed_title, version.feed_text) == (
            "Herford: Titel neu",
            "Mehr aus Bünde.",
        )
        assert (
            connection.execute(
                select(articles.c.page_title_at).where(articles.c.id == ids[0])
            ).scalar()
            == READ
        )
        assert get_fact(connection, "feed parts since") is not None
        assert set(
            connection.execute(select(article_versions.c.article_id)).scalars()
        ) == set(ids[:2])
