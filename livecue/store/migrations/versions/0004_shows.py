"""Rooms, shows and their segments."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE rooms (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        name TEXT NOT NULL, platform TEXT NOT NULL, nature TEXT NOT NULL, currency TEXT NOT NULL,
        time_zone TEXT NOT NULL, language TEXT NOT NULL, category TEXT NOT NULL, packs TEXT NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room))""",
    """CREATE TABLE shows (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,
        starts_at INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
        version INTEGER NOT NULL, plan TEXT NOT NULL,
        PRIMARY KEY (room, show))""",
    "CREATE INDEX shows_by_brand ON shows (org, brand, starts_at)",
    """CREATE TABLE segments (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, segment TEXT NOT NULL, part TEXT NOT NULL, title TEXT NOT NULL,
        product TEXT NOT NULL, host TEXT NOT NULL,
        planned_start INTEGER NOT NULL, planned_end INTEGER NOT NULL,
        started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
        PRIMARY KEY (room, show, segment))""",
)
