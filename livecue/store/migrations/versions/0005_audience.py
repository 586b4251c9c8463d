"""Comments, gifts and messages nobody could translate."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE comments (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        comment TEXT NOT NULL, at INTEGER NOT NULL, viewer TEXT NOT NULL, name TEXT NOT NULL,
        text TEXT NOT NULL, by_host INTEGER NOT NULL,
        PRIMARY KEY (room, comment))""",
    "CREATE INDEX comments_by_time ON comments (room, at)",
    """CREATE TABLE gifts (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        gift TEXT NOT NULL, at INTEGER NOT NULL, viewer TEXT NOT NULL, name TEXT NOT NULL,
        count INTEGER NOT NULL, coins INTEGER NOT NULL,
        PRIMARY KEY (room, gift))""",
    """CREATE TABLE unknown_messages (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        message TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, raw BLOB NOT NULL,
        PRIMARY KEY (room, message))""",
)
