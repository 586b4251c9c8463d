"""Who wants no messages is known by a keyed mark, which outlives the buyer's id; what was decided about questions that
are asked often."""

import hashlib
import hmac
import secrets

from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    bind = op.get_bind()
    key = secrets.token_hex(32)
    bind.exec_driver_sql(
        f"INSERT INTO installation_keys (org, brand, name, value) VALUES ('', '', 'refusals', '{key}')"
    )
    known = bind.exec_driver_sql(
        "SELECT org, brand, viewer, MIN(moved_at) FROM order_outreach WHERE why = 'refused' AND viewer <> ''"
        " GROUP BY org, brand, viewer"
    ).fetchall()
    for org, brand, viewer, at in known:
        told = "\x1f".join((org, brand, viewer)).encode()
        mark = hmac.new(bytes.fromhex(key), told, hashlib.sha256).hexdigest()
        places = "%s, %s, %s, %s" if bind.dialect.name == "postgresql" else "?, ?, ?, ?"
        bind.exec_driver_sql(
            f"INSERT INTO message_refusals (org, brand, mark, at) VALUES ({places})", (org, brand, mark, at)
        )


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE installation_keys (
        org TEXT NOT NULL, brand TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (org, brand, name))""",
    """CREATE TABLE message_refusals (
        org TEXT NOT NULL, brand TEXT NOT NULL, mark TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (org, brand, mark))""",
    """CREATE TABLE hot_lines (
        org TEXT NOT NULL, brand TEXT NOT NULL, line TEXT NOT NULL, product TEXT NOT NULL, topic TEXT NOT NULL,
        decision TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        segment TEXT NOT NULL, reason TEXT NOT NULL, asked INTEGER NOT NULL, asked_all INTEGER NOT NULL,
        since INTEGER NOT NULL, until INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        PRIMARY KEY (org, brand, line))""",
    "CREATE INDEX hot_lines_of ON hot_lines (org, brand, product, topic, made_at)",
)
