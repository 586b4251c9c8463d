"""Business hours and shifts of the service desk; a case's deadline; cards among messages; who worded a suggestion."""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE service_hours (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL,
        spans TEXT NOT NULL, set_by TEXT NOT NULL,
        PRIMARY KEY (room, person, at))""",
    # What waits for its parcel, counted without looking at a million orders that do not.
    "CREATE INDEX orders_to_ship ON orders (org, brand, paid_at, room) WHERE state = 'to_ship'",
    "ALTER TABLE conversations ADD COLUMN deadline INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE reply_suggestions ADD COLUMN made_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversation_messages ADD COLUMN product TEXT NOT NULL DEFAULT ''",
)
