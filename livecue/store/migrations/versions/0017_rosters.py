"""Rosters: skills, absences, wishes, places and who fills them."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE roster_people (
        org TEXT NOT NULL, brand TEXT NOT NULL, person TEXT NOT NULL, tier TEXT NOT NULL,
        categories TEXT NOT NULL, rooms TEXT NOT NULL, most_hours INTEGER NOT NULL, department TEXT NOT NULL,
        PRIMARY KEY (org, brand, person))""",
    """CREATE TABLE absences (
        org TEXT NOT NULL, brand TEXT NOT NULL, absence TEXT NOT NULL, person TEXT NOT NULL,
        first_day TEXT NOT NULL, last_day TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (org, brand, absence))""",
    """CREATE TABLE wishes (
        org TEXT NOT NULL, brand TEXT NOT NULL, wish TEXT NOT NULL, person TEXT NOT NULL,
        day TEXT NOT NULL, is_on INTEGER NOT NULL, weight INTEGER NOT NULL,
        PRIMARY KEY (org, brand, wish))""",
    """CREATE TABLE rosters (
        org TEXT NOT NULL, brand TEXT NOT NULL, roster TEXT NOT NULL, title TEXT NOT NULL,
        first_day TEXT NOT NULL, days INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
        settings TEXT NOT NULL, penalty REAL NOT NULL, bound REAL NOT NULL, seconds REAL NOT NULL,
        made_at INTEGER NOT NULL, PRIMARY KEY (org, brand, roster))""",
    """CREATE TABLE shifts (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, roster TEXT NOT NULL, post TEXT NOT NULL,
        body TEXT NOT NULL, person TEXT NOT NULL, is_pinned INTEGER NOT NULL,
        PRIMARY KEY (org, brand, roster, post))""",
    "CREATE INDEX shifts_by_person ON shifts (org, person)",
)
