"""Reviews of shows' texts, version by version, with who decided and who signed; trainings and who attended."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE reviews (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL, number INTEGER NOT NULL,
        state TEXT NOT NULL, changed_at INTEGER NOT NULL, signed_by TEXT NOT NULL, signed_at INTEGER NOT NULL,
        self_signed INTEGER NOT NULL, open_hits INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (room, show, number))""",
    """CREATE TABLE trainings (
        org TEXT NOT NULL, brand TEXT NOT NULL, training TEXT NOT NULL, day TEXT NOT NULL, subject TEXT NOT NULL,
        trainer TEXT NOT NULL, minutes INTEGER NOT NULL, note TEXT NOT NULL, entered_by TEXT NOT NULL,
        PRIMARY KEY (org, brand, training))""",
    """CREATE TABLE attendances (
        org TEXT NOT NULL, brand TEXT NOT NULL, training TEXT NOT NULL, person TEXT NOT NULL,
        attended INTEGER NOT NULL, PRIMARY KEY (org, brand, training, person))""",
)
