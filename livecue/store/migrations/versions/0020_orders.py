"""Orders with every word about them, parcels, after-sale cases, exceptions; stock as double entries by warehouse."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE orders ADD COLUMN placed_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN sku TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN checked TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN reminded TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN feedback TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN shipped_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN delivered_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN body TEXT NOT NULL DEFAULT ''",
    "UPDATE orders SET placed_at = created_at",
    "CREATE INDEX orders_by_brand ON orders (org, brand, placed_at, number)",
    "CREATE INDEX orders_by_state ON orders (org, brand, state, placed_at, number)",
    "CREATE INDEX orders_by_sku ON orders (org, brand, sku, placed_at, number)",
    "CREATE INDEX orders_by_buyer ON orders (org, brand, buyer, placed_at, number)",
    "CREATE INDEX orders_to_remind ON orders (org, brand, placed_at, number) WHERE reminded = 'due'",
    "CREATE INDEX orders_to_look_at ON orders (org, brand, placed_at, number) WHERE checked LIKE 'look%'",
    "CREATE INDEX orders_to_ask ON orders (org, brand, placed_at, number) WHERE feedback = 'due'",
    """CREATE TABLE order_more_lines (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, sku TEXT NOT NULL, placed_at INTEGER NOT NULL,
        PRIMARY KEY (room, number, sku))""",
    "CREATE INDEX order_more_lines_by_sku ON order_more_lines (org, brand, sku, placed_at, number)",
    """CREATE TABLE parcels (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, parcel TEXT NOT NULL, carrier TEXT NOT NULL, tracking TEXT NOT NULL,
        state TEXT NOT NULL, sent_at INTEGER NOT NULL, moved_at INTEGER NOT NULL, lines TEXT NOT NULL,
        PRIMARY KEY (room, number, parcel))""",
    "CREATE INDEX parcels_by_tracking ON parcels (org, brand, tracking)",
    "CREATE INDEX parcels_by_state ON parcels (org, brand, state, moved_at)",
    """CREATE TABLE after_sales (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, after_sale TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
        amount INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL, reason TEXT NOT NULL,
        proof TEXT NOT NULL, deadline INTEGER NOT NULL, parcel TEXT NOT NULL, opened_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (room, number, after_sale))""",
    "CREATE INDEX after_sales_by_state ON after_sales (org, brand, state, opened_at)",
    """CREATE TABLE order_faults (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, fault TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, have TEXT NOT NULL,
        got TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, settled_at INTEGER NOT NULL,
        settled_by TEXT NOT NULL, note TEXT NOT NULL,
        PRIMARY KEY (room, number, fault))""",
    "CREATE INDEX order_faults_open ON order_faults (org, brand, state, at)",
    """CREATE TABLE order_feedback (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number TEXT NOT NULL, score INTEGER NOT NULL, said TEXT NOT NULL, noted_at INTEGER NOT NULL,
        noted_by TEXT NOT NULL,
        PRIMARY KEY (room, number))""",
    """CREATE TABLE stock_rules (
        org TEXT NOT NULL, brand TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
        changed_at INTEGER NOT NULL, changed_by TEXT NOT NULL,
        PRIMARY KEY (org, brand, kind, name))""",
    """CREATE TABLE stock_quotas (
        org TEXT NOT NULL, brand TEXT NOT NULL, channel TEXT NOT NULL, sku TEXT NOT NULL,
        quota INTEGER NOT NULL, used INTEGER NOT NULL,
        PRIMARY KEY (org, brand, channel, sku))""",
    """CREATE TABLE stock_moves (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        move INTEGER NOT NULL, at INTEGER NOT NULL, sku TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
        quantity INTEGER NOT NULL, cause TEXT NOT NULL, subject TEXT NOT NULL,
        PRIMARY KEY (room, move))""",
    "CREATE INDEX stock_moves_by_sku ON stock_moves (org, brand, sku, at)",
    # What was there before entries were kept comes in by one entry each, so that everything sums from now on.
    """INSERT INTO stock_moves (org, brand, room, move, at, sku, source, target, quantity, cause, subject)
        SELECT org, brand, '', ROW_NUMBER() OVER (ORDER BY org, brand, sku, warehouse), 0, sku, 'outside',
        'free@' || warehouse, on_hand - reserved, 'carried over', '' FROM stock""",
    """INSERT INTO stock_moves (org, brand, room, move, at, sku, source, target, quantity, cause, subject)
        SELECT org, brand, '', 1000000000 + ROW_NUMBER() OVER (ORDER BY org, brand, sku, warehouse), 0, sku, 'outside',
        'held@' || warehouse, reserved, 'carried over', '' FROM stock WHERE reserved > 0""",
)
