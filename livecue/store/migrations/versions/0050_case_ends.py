"""After-sale cases are listed by what ends first, and counted, by indexes of their own; so are orders whose parcels do
not move, that nobody checked, and that were sent in part."""

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    # The earlier of the platform's day and the law's, ms; 2^62 where neither is known.
    "ALTER TABLE after_sales ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 4611686018427387904",
    "UPDATE after_sales SET ends_at = deadline WHERE deadline > 0",
    "CREATE INDEX after_sales_open ON after_sales (org, brand, ends_at, opened_at, room, number, after_sale, state)"
    " WHERE state NOT IN ('buyer_cancelled','finished','refunded','return_closed','returned_refunded')",
    "CREATE INDEX after_sales_by_opening ON after_sales (org, brand, opened_at, room, number, after_sale)",
    "CREATE INDEX after_sales_paid_back ON after_sales (org, brand, changed_at, number, room, after_sale)"
    " WHERE state IN ('refunded','returned_refunded') AND type IN ('return_refund','')",
    # Since when the parcel of an order on its way has not moved, ms; 0 none is. Parcels alone do not tell: of an order
    # that is completed nobody may ever tell that they came.
    "ALTER TABLE orders ADD COLUMN still_since INTEGER NOT NULL DEFAULT 0",
    "UPDATE orders SET still_since = COALESCE((SELECT MIN(p.moved_at) FROM parcels p WHERE p.room = orders.room"
    " AND p.number = orders.number AND p.state IN ('to_collect','in_transit','problem') AND p.sent_at > 0), 0)"
    " WHERE state IN ('part_shipped','to_collect','in_transit')",
    "CREATE INDEX orders_standing_still ON orders (org, brand, still_since, room, number) WHERE still_since > 0",
    # With the state in it, or SQLite takes the index of every order in that state.
    "DROP INDEX orders_unchecked",
    "CREATE INDEX orders_to_check ON orders (org, brand, state, placed_at, number, room)"
    " WHERE state = 'to_ship' AND checked = ''",
    "CREATE INDEX orders_sent_in_part ON orders (org, brand, paid_at, room) WHERE state = 'part_shipped'",
)
