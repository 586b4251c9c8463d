"""People, grants, sign-in, duty, devices, bridge tokens and webhooks."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE orgs (org TEXT NOT NULL, brand TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (org, brand))""",
    """CREATE TABLE people (
        org TEXT NOT NULL, brand TEXT NOT NULL DEFAULT '', person TEXT NOT NULL, name TEXT NOT NULL,
        login TEXT NOT NULL, language TEXT NOT NULL, active INTEGER NOT NULL,
        PRIMARY KEY (person))""",
    """CREATE TABLE grants (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,
        PRIMARY KEY (person, role, org, brand, room))""",
    """CREATE TABLE passwords (
        org TEXT NOT NULL, brand TEXT NOT NULL DEFAULT '', person TEXT NOT NULL, hash TEXT NOT NULL,
        changed_at INTEGER NOT NULL, PRIMARY KEY (person))""",
    """CREATE TABLE sessions (
        org TEXT NOT NULL, brand TEXT NOT NULL DEFAULT '', token TEXT NOT NULL, person TEXT NOT NULL,
        scope TEXT NOT NULL, room TEXT NOT NULL, acting TEXT NOT NULL DEFAULT '',
        made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (token))""",
    """CREATE TABLE links (
        org TEXT NOT NULL, brand TEXT NOT NULL DEFAULT '', token TEXT NOT NULL, person TEXT NOT NULL,
        expires_at INTEGER NOT NULL, PRIMARY KEY (token))""",
    """CREATE TABLE pairings (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, code TEXT NOT NULL, person TEXT NOT NULL,
        expires_at INTEGER NOT NULL, PRIMARY KEY (code))""",
    """CREATE TABLE bridge_tokens (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, token TEXT NOT NULL, name TEXT NOT NULL,
        scope TEXT NOT NULL, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        revoked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (token))""",
    """CREATE TABLE webhooks (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, hook TEXT NOT NULL, url TEXT NOT NULL,
        secret TEXT NOT NULL, kinds TEXT NOT NULL, made_at INTEGER NOT NULL, position INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (hook))""",
    """CREATE TABLE duty (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,
        name TEXT NOT NULL, taken_at INTEGER NOT NULL, left_at INTEGER NOT NULL,
        PRIMARY KEY (room, person, role, taken_at))""",
)
