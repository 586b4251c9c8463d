"""The files of suppliers and goods: one row a thing, told by its kind, as the office keeps them whole."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE supply_files (
        org TEXT NOT NULL, brand TEXT NOT NULL, what TEXT NOT NULL, id TEXT NOT NULL,
        subject TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (org, brand, what, id))""",
)
