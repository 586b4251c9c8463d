"""Guests of activities in rows of their own, so that their names can go while the plan stays."""

import json
from datetime import UTC, datetime

from alembic import op
from sqlalchemy import text

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    bind = op.get_bind()
    for org, brand, activity, ends_on, body in bind.execute(
        text("SELECT org, brand, activity, ends_on, body FROM activities")
    ).fetchall():
        plan = json.loads(body)
        guests = plan.pop("guests", [])
        day = datetime.fromisoformat(ends_on).replace(tzinfo=UTC)
        key = {"org": org, "brand": brand, "activity": activity, "ended_at": int(day.timestamp() * 1000) + 86_400_000}
        for place, guest in enumerate(guests):
            bind.execute(
                text(
                    "INSERT INTO activity_guests (org, brand, activity, place, name, brings, fee, state, show,"
                    " ended_at) VALUES (:org, :brand, :activity, :place, :name, :brings, :fee, :state, :show,"
                    " :ended_at)"
                ),
                {
                    **key, "place": place, "name": guest["name"], "brings": guest.get("brings", ""),
                    "fee": guest.get("fee", 0), "state": guest.get("state", "asked"), "show": guest.get("show", ""),
                },
            )  # fmt: skip
        bind.execute(
            text(
                "UPDATE activities SET body = :body, ended_at = :ended_at"
                " WHERE org = :org AND brand = :brand AND activity = :activity"
            ),
            {**key, "body": json.dumps(plan, ensure_ascii=False, separators=(",", ":"))},
        )


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE activity_guests (
        org TEXT NOT NULL, brand TEXT NOT NULL, activity TEXT NOT NULL, place INTEGER NOT NULL,
        name TEXT NOT NULL, brings TEXT NOT NULL, fee INTEGER NOT NULL, state TEXT NOT NULL, show TEXT NOT NULL,
        ended_at INTEGER NOT NULL, PRIMARY KEY (org, brand, activity, place))""",
    "CREATE INDEX activity_guests_named ON activity_guests (org, name)",
    "ALTER TABLE activities ADD COLUMN ended_at INTEGER NOT NULL DEFAULT 0",
)
