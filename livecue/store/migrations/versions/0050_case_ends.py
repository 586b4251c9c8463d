"""After-sale cases are listed by what ends first, and counted, by indexes of their own; so are orders that
nobody checked and those sent in part."""

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
    # With the state in it, or SQLite takes the index of every order in that state.
    "DROP INDEX orders_unchecked",
    "CREATE INDEX orders_to_check ON orders (org, brand, state, placed_at, number, room)"
    " WHERE state = 'to_ship' AND checked = ''",
    "CREATE INDEX orders_sent_in_part ON orders (org, brand, paid_at, room) WHERE state = 'part_shipped'",
)
