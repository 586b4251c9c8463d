"""Platform accounts of rooms, roles limited to them, and every grant as it holds, room by room."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE rooms ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE account_grants (
        org TEXT NOT NULL, brand TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,
        PRIMARY KEY (person, role, org, brand, account))""",
    "CREATE INDEX account_grants_where ON account_grants (org, brand, account)",
    """CREATE VIEW every_grant AS
        SELECT org, brand, room, person, role, '' AS account FROM grants
        UNION ALL
        SELECT g.org, g.brand, r.room, g.person, g.role, g.account FROM account_grants g
        JOIN rooms r ON r.org = g.org AND r.brand = g.brand AND r.account <> ''
        AND g.account = r.platform || '/' || r.account""",
)
