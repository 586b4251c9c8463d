"""Limits of a person in the roster, and wishes for several days or a part of a day."""

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE roster_people ADD COLUMN week_hours INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE roster_people ADD COLUMN streak_days INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE wishes ADD COLUMN last_day TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE wishes ADD COLUMN start_min INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE wishes ADD COLUMN end_min INTEGER NOT NULL DEFAULT 0",
    "UPDATE wishes SET last_day = day",
)
