"""what feeds say beyond the page

Revision 0005, after 0007. Articles that were read before get the parts of
their newest item, roughly: the program compares sentence by sentence when it
writes their next version. Nothing is matched again, so nothing alerts again.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0007"
branch_labels = None
depends_on = None

SINCE = "feed parts since"
"""Read by the nightly sweep: what was found before then may have words of
feeds that nobody was to be told of.
"""

articles = sa.table(
    "articles",
    *map(
        sa.column,
        (
            "id",
            "version",
            "kind",
            "title",
            "lead",
            "text",
            "feed_title",
            "feed_text",
        ),
    ),
    *map(
        sa.column,
        (
            "page_title_at",
            "first_seen_at",
            "text_deleted_at",
            "matched_version",
            "matched_generation",
        ),
    ),
)
versions = sa.table(
    "article_versions",
    *map(sa.column, ("article_id", "version", "feed_title", "feed_text")),
)
entries = sa.table(
    "entries",
    *map(
        sa.column,
        ("id", "article_id", "title", "summary", "content", "last_seen_at"),
    ),
)
facts = sa.table(
    "facts",
    sa.column("name"),
    sa.column("value"),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(
            _when(
                "title_at", "when the feed last edited the title; null: never"
            )
        )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "matched_version",
                sa.Integer(),
                nullable=True,
                comment="version that was matched last; null: none",
            )
        )
        batch_op.add_column(
            _text(
                "page_title", "the page's own title where another one is shown"
            )
        )
        batch_op.add_column(
            _when(
                "page_title_at", "when the page was first read with that title"
            )
        )
        batch_op.add_column(
            _text(
                "feed_title",
                "titles in feeds that say more than the page's, one a line",
            )
        )
        batch_op.add_column(
            _text(
                "feed_text",
                "what feeds say beyond lead and text, one paragraph per line",
            )
        )
    with op.batch_alter_table("article_versions", schema=None) as batch_op:
        batch_op.add_column(
            _text(
                "page_title", "the page's own title where another one is shown"
            )
        )
        batch_op.add_column(
            _text("feed_title", "titles in feeds beyond the page's")
        )
        batch_op.add_column(
            _text("feed_text", "what feeds said beyond lead and text")
        )
    _fill()


def downgrade() -> None:
    op.execute(sa.delete(facts).where(facts.c.name == SINCE))
    for table, names in (
        ("article_versions", ("feed_text", "feed_title", "page_title")),
        (
            "articles",
            (
                "feed_text",
                "feed_title",
                "page_title_at",
                "page_title",
                "matched_version",
            ),
        ),
        ("entries", ("title_at",)),
    ):
        # not in a batch: SQLite would make tables anew that others point at
        for name in names:
            op.drop_column(table, name)


def _text(name: str, comment: str) -> sa.Column:
    return sa.Column(
        name, sa.Text(), server_default="", nullable=False, comment=comment
    )


def _when(name: str, comment: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=True, comment=comment
    )


def _fill() -> None:
    """From the newest item of each article whose page was read."""
    waiting = articles.c.matched_generation.is_(None)
    matched = sa.case(
        (waiting, articles.c.version - 1), else_=articles.c.version
    )
    op.execute(
        sa.update(articles).values(
            matched_version=sa.func.nullif(
                sa.case((matched > 0, matched), else_=0), 0
            )
        )
    )
    was_read = (articles.c.version > 0, articles.c.kind != "summary")
    op.execute(
        sa.update(articles)
        .where(*was_read)
        .values(page_title_at=articles.c.first_seen_at)
    )
    title = sa.case(
        (_holds(articles.c.title, entries.c.title), ""), else_=entries.c.title
    )
    op.execute(
        sa.update(articles)
        .where(*was_read)
        .values(feed_title=_of_newest(title))
    )
    said = sa.or_(
        _holds(articles.c.text, entries.c.summary),
        _holds(articles.c.lead, entries.c.summary),
    )
    summary = sa.case((said, ""), else_=entries.c.summary)
    content = sa.case(
        (_holds(articles.c.text, entries.c.content), ""),
        else_=entries.c.content,
    )
    text = sa.func.trim(summary + "\n" + content, "\n")
    kept = (*was_read, articles.c.text_deleted_at.is_(None))
    op.execute(
        sa.update(articles).where(*kept).values(feed_text=_of_newest(text))
    )
    current = (
        articles.c.id == versions.c.article_id,
        articles.c.version == versions.c.version,
    )
    for name in ("feed_title", "feed_text"):
        part = sa.select(articles.c[name]).where(*current).scalar_subquery()
        known = sa.exists().where(*current, articles.c[name] != "")
        op.execute(sa.update(versions).where(known).values({name: part}))
    now = datetime.now(UTC)
    if (
        op.get_bind()
        .execute(sa.select(sa.exists().where(articles.c.version > 0)))
        .scalar()
    ):
        op.execute(
            sa.insert(facts).values(
                name=SINCE, value=now.isoformat(), updated_at=now
            )
        )


def _of_newest(value: sa.ColumnElement) -> sa.ColumnElement:
    mine = sa.select(value).where(entries.c.article_id == articles.c.id)
    newest = mine.order_by(
        entries.c.last_seen_at.desc(), entries.c.id.desc()
    ).limit(1)
    return sa.func.coalesce(newest.correlate(articles).scalar_subquery(), "")


def _holds(
    whole: sa.ColumnElement, part: sa.ColumnElement
) -> sa.ColumnElement:
    find = (
        sa.func.strpos
        if op.get_bind().dialect.name == "postgresql"
        else sa.func.instr
    )
    return find(whole, part) > 0
