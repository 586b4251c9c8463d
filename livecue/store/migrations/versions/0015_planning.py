"""What is planned: bookings of people and kit, the calendar and its feeds, goals, budgets, versions of plans."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE bookings (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, what TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
        is_real INTEGER NOT NULL,
        PRIMARY KEY (room, show, what))""",
    "CREATE INDEX bookings_by_time ON bookings (org, what, starts_at)",
    """CREATE TABLE calendar_contents (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        content TEXT NOT NULL, title TEXT NOT NULL, what TEXT NOT NULL,
        starts_on TEXT NOT NULL, ends_on TEXT NOT NULL, note TEXT NOT NULL,
        source TEXT NOT NULL, source_date TEXT NOT NULL,
        PRIMARY KEY (org, brand, content))""",
    """CREATE TABLE calendar_feeds (
        org TEXT NOT NULL, brand TEXT NOT NULL, feed TEXT NOT NULL, token TEXT NOT NULL,
        name TEXT NOT NULL, person TEXT NOT NULL, language TEXT NOT NULL,
        made_at INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (token))""",
    """CREATE TABLE meeting_times (
        org TEXT NOT NULL, brand TEXT NOT NULL, time_zone TEXT NOT NULL,
        morning TEXT NOT NULL, weekly_day INTEGER NOT NULL, weekly TEXT NOT NULL,
        PRIMARY KEY (org, brand))""",
    """CREATE TABLE meeting_notes (
        org TEXT NOT NULL, brand TEXT NOT NULL, meeting TEXT NOT NULL,
        person TEXT NOT NULL, noted_at INTEGER NOT NULL, minutes TEXT NOT NULL,
        PRIMARY KEY (org, brand, meeting))""",
    """CREATE TABLE goals (
        org TEXT NOT NULL, brand TEXT NOT NULL, currency TEXT NOT NULL, period TEXT NOT NULL,
        target INTEGER NOT NULL, weight INTEGER NOT NULL, version INTEGER NOT NULL,
        PRIMARY KEY (org, brand, currency, period))""",
    """CREATE TABLE budgets (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (room, show))""",
    """CREATE TABLE plan_versions (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, version INTEGER NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL,
        kind TEXT NOT NULL, plan TEXT NOT NULL,
        PRIMARY KEY (room, show, version))""",
    "ALTER TABLE tasks ADD COLUMN after_tasks TEXT NOT NULL DEFAULT ''",
)
