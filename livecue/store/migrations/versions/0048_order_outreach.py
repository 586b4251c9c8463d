"""What is written to a buyer of our own accord about an order: the one reminder (R059), the one question (R130);
and what customers chose about pieces that were short (R039)."""

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE order_outreach (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, about TEXT NOT NULL, reply TEXT NOT NULL, conversation TEXT NOT NULL,
        viewer TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, made_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL, moved_at INTEGER NOT NULL, moved_by TEXT NOT NULL,
        PRIMARY KEY (room, number, about))""",
    """CREATE TABLE order_choices (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, sku TEXT NOT NULL, choice TEXT NOT NULL, pieces INTEGER NOT NULL, instead TEXT NOT NULL,
        until_at INTEGER NOT NULL, note TEXT NOT NULL, state TEXT NOT NULL, chosen_at INTEGER NOT NULL,
        chosen_by TEXT NOT NULL,
        PRIMARY KEY (room, number, sku))""",
    "CREATE INDEX orders_unchecked ON orders (org, brand, placed_at, number) WHERE state = 'to_ship' AND checked = ''",
    "CREATE INDEX order_outreach_by_reply ON order_outreach (room, reply)",
    "CREATE INDEX order_outreach_by_viewer ON order_outreach (org, brand, viewer)",
)
