"""press reviews: drafts, archive, schedules

Revision 0015, after 0014.
"""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TABLES = (
    "press_reviews",
    "press_review_items",
    "press_review_issues",
    "press_review_entries",
    "press_review_files",
    "press_review_schedules",
)
KINDS = "immediate, collected, digest, spike, daily_report, notice"


def upgrade() -> None:
    _name_kinds(f"{KINDS}, press_review")
    op.create_table(
        "press_reviews",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="draft"
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title on the cover"
        ),
        sa.Column(
            "note",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what stands below it",
        ),
        sa.Column(
            "day",
            sa.Text(),
            nullable=False,
            comment="the day it is for, as 2026-11-28",
        ),
        sa.Column(
            "snippet",
            sa.Text(),
            nullable=False,
            comment="what is quoted: none, short, sentence, full",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="changes so far: an edit of an older one is refused",
        ),
        sa.Column(
            "created_by",
            sa.Text(),
            nullable=False,
            comment="account name; empty: the unnamed person on loopback",
        ),
        sa.Column(
            "created_at", TIME, nullable=False, comment="when it was begun"
        ),
        sa.Column(
            "updated_by",
            sa.Text(),
            nullable=False,
            comment="account of the last change",
        ),
        sa.Column("updated_at", TIME, nullable=False, comment="last change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_reviews")),
        comment="press reviews that people work on",
    )
    op.create_table(
        "press_review_items",
        sa.Column("review_id", BIG, nullable=False, comment="the draft"),
        sa.Column(
            "article_id", BIG, nullable=False, comment="the chosen article"
        ),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="place in the draft, from 0",
        ),
        sa.Column(
            "heading",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="heading of its section; empty: none",
        ),
        sa.Column(
            "comment",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="a line for the readers",
        ),
        sa.Column(
            "topic_id",
            sa.Text(),
            nullable=True,
            comment="the topic it was chosen from, if any",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_press_review_items_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["press_reviews.id"],
            name=op.f("fk_press_review_items_review_id_press_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "review_id", "article_id", name=op.f("pk_press_review_items")
        ),
        comment="the stories of a draft, in their order",
    )
    op.create_index(
        "ix_press_review_items_article_id",
        "press_review_items",
        ["article_id"],
        unique=False,
    )
    op.create_table(
        "press_review_issues",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="issue"
        ),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="what it was made for: nothing is issued twice for one",
        ),
        sa.Column(
            "draft_id",
            BIG,
            nullable=True,
            comment="the draft it was made from, while that exists",
        ),
        sa.Column(
            "schedule_id",
            sa.Text(),
            nullable=True,
            comment="the scheduled press review, if it is one",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title on the cover"
        ),
        sa.Column(
            "note",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what stands below it",
        ),
        sa.Column(
            "day",
            sa.Text(),
            nullable=False,
            comment="the day it is for, as 2026-11-28",
        ),
        sa.Column(
            "planned_at",
            TIME,
            nullable=True,
            comment="the time it was planned for; null: it came on time or by hand",
        ),
        sa.Column(
            "missed",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="times before that one at which none could be made",
        ),
        sa.Column(
            "stories",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="stories in it",
        ),
        sa.Column(
            "issued_at", TIME, nullable=False, comment="when it was issued"
        ),
        sa.Column(
            "issued_by",
            sa.Text(),
            nullable=False,
            comment="account, or empty for a schedule",
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["press_reviews.id"],
            name=op.f("fk_press_review_issues_draft_id_press_reviews"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_review_issues")),
        sa.UniqueConstraint("key", name=op.f("uq_press_review_issues_key")),
        comment="the archive of issued press reviews; rows are only added",
    )
    op.create_index(
        op.f("ix_press_review_issues_draft_id"),
        "press_review_issues",
        ["draft_id"],
        unique=False,
    )
    op.create_index(
        "ix_press_review_issues_schedule_id",
        "press_review_issues",
        ["schedule_id"],
        unique=False,
    )
    op.create_table(
        "press_review_entries",
        sa.Column("issue_id", BIG, nullable=False, comment="the issue"),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="place in it, from 0",
        ),
        sa.Column("article_id", BIG, nullable=False, comment="the article"),
        sa.Column(
            "heading",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="heading of its section",
        ),
        sa.Column(
            "comment",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the line for the readers",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title as issued"
        ),
        sa.Column(
            "outlet", sa.Text(), nullable=False, comment="outlet as issued"
        ),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="address as issued"
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["press_review_issues.id"],
            name=op.f("fk_press_review_entries_issue_id_press_review_issues"),
        ),
        sa.PrimaryKeyConstraint(
            "issue_id", "position", name=op.f("pk_press_review_entries")
        ),
        comment="the stories of an issue, as issued; rows are only added",
    )
    op.create_index(
        "ix_press_review_entries_article_id",
        "press_review_entries",
        ["article_id"],
        unique=False,
    )
    op.create_table(
        "press_review_files",
        sa.Column("issue_id", BIG, nullable=False, comment="the issue"),
        sa.Column(
            "format", sa.Text(), nullable=False, comment="html, pdf, docx"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="file name"),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the bytes, in hexadecimal",
        ),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="the file as issued",
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["press_review_issues.id"],
            name=op.f("fk_press_review_files_issue_id_press_review_issues"),
        ),
        sa.PrimaryKeyConstraint(
            "issue_id", "format", name=op.f("pk_press_review_files")
        ),
        comment="the files of an issue; rows are only added",
    )
    op.create_table(
        "press_review_schedules",
        sa.Column("id", sa.Text(), nullable=False, comment="id in feeds.yaml"),
        sa.Column(
            "cron",
            sa.Text(),
            nullable=False,
            comment="its times, as configured: other ones begin anew",
        ),
        sa.Column(
            "since",
            TIME,
            nullable=False,
            comment="stories found before are not news for it",
        ),
        sa.Column(
            "done_until",
            TIME,
            nullable=False,
            comment="the last planned time that is done with",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_review_schedules")),
        comment="how far each scheduled press review has come",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    _name_kinds(KINDS)


def _name_kinds(words: str) -> None:
    """SQLite keeps no comments."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN deliveries.kind IS '{words}'")
