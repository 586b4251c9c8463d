"""Tables of metrics."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE minute_readings (
        org TEXT NOT NULL,
        brand TEXT NOT NULL,
        room TEXT NOT NULL,
        show TEXT NOT NULL,
        minute INTEGER NOT NULL,
        metric TEXT NOT NULL,
        scope TEXT NOT NULL,
        value REAL,
        sample INTEGER NOT NULL,
        PRIMARY KEY (room, show, minute, metric, scope)
    )
    """,
    """
    CREATE TABLE metered_shows (
        org TEXT NOT NULL,
        brand TEXT NOT NULL,
        room TEXT NOT NULL,
        show TEXT NOT NULL,
        title TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        currency TEXT NOT NULL,
        PRIMARY KEY (room, show)
    )
    """,
    "CREATE INDEX metered_shows_by_time ON metered_shows (room, began_at)",
    """
    CREATE TABLE show_totals (
        org TEXT NOT NULL,
        brand TEXT NOT NULL,
        room TEXT NOT NULL,
        show TEXT NOT NULL,
        metric TEXT NOT NULL,
        scope TEXT NOT NULL,
        value REAL,
        num REAL,
        den REAL,
        sample INTEGER NOT NULL,
        why TEXT NOT NULL,
        as_of INTEGER NOT NULL,
        PRIMARY KEY (room, show, metric, scope)
    )
    """,
    """
    CREATE TABLE showcase_curves (
        org TEXT NOT NULL,
        brand TEXT NOT NULL,
        room TEXT NOT NULL,
        show TEXT NOT NULL,
        product TEXT NOT NULL,
        side TEXT NOT NULL,
        step INTEGER NOT NULL,
        orders INTEGER NOT NULL,
        PRIMARY KEY (room, show, product, side, step)
    )
    """,
)
