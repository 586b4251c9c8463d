"""Rows of mass in order of time; the keys seen in one row a batch.

A key that begins at random makes every insert of a long show a write to another page: comments and gifts are found
by time, and the keys of rows are only ever read all at once, when their room is opened.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE seen_keys (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, at INTEGER NOT NULL, keys TEXT NOT NULL,
        PRIMARY KEY (room, number))""",
    # Numbers below zero belong to no batch: one row a key, as it was kept before.
    r"""INSERT INTO seen_keys (org, brand, room, number, at, keys)
        SELECT org, brand, room, -ROW_NUMBER() OVER (PARTITION BY room ORDER BY kind, key), at,
        '{"' || kind || '":["' || REPLACE(REPLACE(key, '\', '\\'), '"', '\"') || '"]}' FROM seen""",
    "DROP TABLE seen",
    """CREATE TABLE comments_in_order (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        at INTEGER NOT NULL, comment TEXT NOT NULL, viewer TEXT NOT NULL, name TEXT NOT NULL,
        text TEXT NOT NULL, by_host INTEGER NOT NULL,
        PRIMARY KEY (room, at, comment))""",
    """INSERT INTO comments_in_order (org, brand, room, at, comment, viewer, name, text, by_host)
        SELECT org, brand, room, at, comment, viewer, name, text, by_host FROM comments""",
    "DROP TABLE comments",
    "ALTER TABLE comments_in_order RENAME TO comments",
    """CREATE TABLE gifts_in_order (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        at INTEGER NOT NULL, gift TEXT NOT NULL, viewer TEXT NOT NULL, name TEXT NOT NULL,
        count INTEGER NOT NULL, coins INTEGER NOT NULL,
        PRIMARY KEY (room, at, gift))""",
    """INSERT INTO gifts_in_order (org, brand, room, at, gift, viewer, name, count, coins)
        SELECT org, brand, room, at, gift, viewer, name, count, coins FROM gifts""",
    "DROP TABLE gifts",
    "ALTER TABLE gifts_in_order RENAME TO gifts",
)
