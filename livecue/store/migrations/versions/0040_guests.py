"""Guests of activities in rows of their own, so that their names can go while the plan stays."""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for statement in ON_A_SERVER if op.get_bind().dialect.name == "postgresql" else IN_A_FILE:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE activity_guests (
        org TEXT NOT NULL, brand TEXT NOT NULL, activity TEXT NOT NULL, place INTEGER NOT NULL,
        name TEXT NOT NULL, brings TEXT NOT NULL, fee INTEGER NOT NULL, state TEXT NOT NULL, show TEXT NOT NULL,
        ended_at INTEGER NOT NULL, PRIMARY KEY (org, brand, activity, place))""",
    "CREATE INDEX activity_guests_named ON activity_guests (org, name)",
    "ALTER TABLE activities ADD COLUMN ended_at INTEGER NOT NULL DEFAULT 0",
)

IN_A_FILE: tuple[str, ...] = (
    "UPDATE activities SET ended_at = CAST(strftime('%s', ends_on) AS INTEGER) * 1000 + 86400000",
    """INSERT INTO activity_guests (org, brand, activity, place, name, brings, fee, state, show, ended_at)
        SELECT a.org, a.brand, a.activity, g.key, json_extract(g.value, '$.name'),
        COALESCE(json_extract(g.value, '$.brings'), ''), COALESCE(json_extract(g.value, '$.fee'), 0),
        COALESCE(json_extract(g.value, '$.state'), 'asked'), COALESCE(json_extract(g.value, '$.show'), ''), a.ended_at
        FROM activities a, json_each(a.body, '$.guests') g""",
    "UPDATE activities SET body = json_remove(body, '$.guests')",
)

ON_A_SERVER: tuple[str, ...] = (
    "UPDATE activities SET ended_at = CAST(EXTRACT(EPOCH FROM CAST(ends_on AS DATE)) AS BIGINT) * 1000 + 86400000",
    """INSERT INTO activity_guests (org, brand, activity, place, name, brings, fee, state, show, ended_at)
        SELECT a.org, a.brand, a.activity, g.place - 1, g.value ->> 'name', COALESCE(g.value ->> 'brings', ''),
        COALESCE(CAST(g.value ->> 'fee' AS BIGINT), 0), COALESCE(g.value ->> 'state', 'asked'),
        COALESCE(g.value ->> 'show', ''), a.ended_at
        FROM activities a, jsonb_array_elements(CAST(a.body AS JSONB) -> 'guests') WITH ORDINALITY AS g (value, place)
        WHERE jsonb_typeof(CAST(a.body AS JSONB) -> 'guests') = 'array'""",
    "UPDATE activities SET body = CAST(CAST(body AS JSONB) - 'guests' AS TEXT)",
)
