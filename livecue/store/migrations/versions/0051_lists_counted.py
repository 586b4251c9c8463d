"""The lists of orders are counted, and paged, out of their own indexes: the room is in them, so no order is read."""

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    "DROP INDEX orders_to_look_at",
    "CREATE INDEX orders_to_look_at ON orders (org, brand, placed_at, number, room, checked)"
    " WHERE checked LIKE 'look%'",
    "DROP INDEX orders_to_remind",
    "CREATE INDEX orders_to_remind ON orders (org, brand, placed_at, number, room, reminded) WHERE reminded = 'due'",
    "DROP INDEX orders_to_ask",
    "CREATE INDEX orders_to_ask ON orders (org, brand, placed_at, number, room, feedback) WHERE feedback = 'due'",
)
