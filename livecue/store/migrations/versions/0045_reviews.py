"""Buyers' public reviews of goods."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE product_reviews (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        review TEXT NOT NULL, number TEXT NOT NULL, product TEXT NOT NULL, sku TEXT NOT NULL, viewer TEXT NOT NULL,
        score INTEGER NOT NULL, said TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
        noted_at INTEGER NOT NULL,
        PRIMARY KEY (room, review))""",
    "CREATE INDEX product_reviews_by_time ON product_reviews (room, at)",
    "CREATE INDEX after_sales_by_change ON after_sales (room, changed_at)",
)
