"""Where the journal is a stream: what is known of each room's stream, and what waits to be published to one."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE streams (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, made TEXT NOT NULL, lost_at INTEGER NOT NULL,
        lost TEXT NOT NULL, PRIMARY KEY (room))""",
    """CREATE TABLE relay (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, cursor INTEGER NOT NULL, place INTEGER NOT NULL,
        arrived INTEGER NOT NULL, source TEXT NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (room, cursor, place))""",
)
