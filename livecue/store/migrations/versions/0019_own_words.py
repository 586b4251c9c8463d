"""Own words of the house with who set them and why; the versions of the shipped rules that were in use."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE own_words (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, command TEXT NOT NULL,
        set_at INTEGER NOT NULL, set_by TEXT NOT NULL, scope TEXT NOT NULL, word TEXT NOT NULL,
        severity TEXT NOT NULL, reason TEXT NOT NULL, advice TEXT NOT NULL, reword TEXT NOT NULL,
        doors TEXT NOT NULL, removed INTEGER NOT NULL, undoes TEXT NOT NULL,
        PRIMARY KEY (room, command))""",
    """CREATE TABLE rule_versions (
        org TEXT NOT NULL, brand TEXT NOT NULL, version TEXT NOT NULL, kept_at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (version))""",
)
