"""Remarks on scripts, their reviews, and the selling-point handbooks of products."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE script_comments (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        comment TEXT NOT NULL, segment TEXT NOT NULL, reply_to TEXT NOT NULL, body TEXT NOT NULL,
        made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        closed_by TEXT NOT NULL DEFAULT '', closed_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (comment))""",
    "CREATE INDEX script_comments_by_show ON script_comments (show, made_at)",
    """CREATE TABLE script_reviews (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        review TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL,
        version INTEGER NOT NULL, note TEXT NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        alone INTEGER NOT NULL,
        PRIMARY KEY (review))""",
    "CREATE INDEX script_reviews_by_show ON script_reviews (show, number)",
    """CREATE TABLE handbooks (
        org TEXT NOT NULL, brand TEXT NOT NULL, product TEXT NOT NULL,
        version INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (org, brand, product))""",
)
