"""Orders, refunds and stock by warehouse."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE orders (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, state TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
        buyer TEXT NOT NULL, via TEXT NOT NULL, lines TEXT NOT NULL,
        created_at INTEGER NOT NULL, paid_at INTEGER NOT NULL, closed_at INTEGER NOT NULL,
        refunded INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room, number))""",
    "CREATE INDEX orders_by_time ON orders (room, created_at)",
    """CREATE TABLE refunds (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, refund TEXT NOT NULL, amount INTEGER NOT NULL, quantity INTEGER NOT NULL,
        sku TEXT NOT NULL, reason TEXT NOT NULL, shipped INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room, number, refund))""",
    """CREATE TABLE stock (
        org TEXT NOT NULL, brand TEXT NOT NULL, warehouse TEXT NOT NULL, sku TEXT NOT NULL,
        product TEXT NOT NULL, on_hand INTEGER NOT NULL, reserved INTEGER NOT NULL,
        PRIMARY KEY (org, brand, sku, warehouse))""",
)
