"""SQL of orders, refunds and stock. Stock spans rooms: it changes by conditional statements only."""

SAVE_ORDER = (
    "INSERT INTO orders (org, brand, room, number, state, amount, currency, buyer, via, lines, created_at, paid_at,"
    " closed_at, refunded) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number) DO UPDATE SET"
    " state = excluded.state, paid_at = excluded.paid_at, closed_at = excluded.closed_at, refunded = excluded.refunded"
)
SAVE_REFUND = (
    "INSERT INTO refunds (org, brand, room, number, refund, amount, quantity, sku, reason, shipped, at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number, refund) DO NOTHING"
)
OPEN_STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, sku, warehouse) DO UPDATE SET on_hand = excluded.on_hand, product = excluded.product"
    " RETURNING on_hand, reserved, product"
)
ENTER_STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, sku, warehouse) DO NOTHING RETURNING on_hand, reserved, product"
)
_RETURNING = " RETURNING on_hand, reserved, product"
_WHERE = " WHERE org = ? AND brand = ? AND sku = ? AND warehouse = ?"
RESERVE = "UPDATE stock SET reserved = reserved + ?" + _WHERE + " AND on_hand - reserved >= ?" + _RETURNING
FREE = "UPDATE stock SET reserved = reserved - ?" + _WHERE + " AND reserved >= ?" + _RETURNING
TAKE_RESERVED = (
    "UPDATE stock SET on_hand = on_hand - ?, reserved = reserved - ?"
    + _WHERE
    + " AND reserved >= ? AND on_hand >= ?"
    + _RETURNING
)
TAKE = "UPDATE stock SET on_hand = on_hand - ?" + _WHERE + " AND on_hand - reserved >= ?" + _RETURNING
ADJUST = "UPDATE stock SET on_hand = on_hand + ?" + _WHERE + " AND on_hand + ? >= 0" + _RETURNING
FIND_STOCK = "SELECT on_hand, reserved, product FROM stock WHERE org = ? AND brand = ? AND sku = ? AND warehouse = ?"
LIST_STOCK = (
    "SELECT sku, warehouse, product, on_hand, reserved FROM stock WHERE org = ? AND brand = ? ORDER BY sku, warehouse"
)
LIST_ORDERS = (
    "SELECT number, state, amount, currency, via, created_at, paid_at, refunded FROM orders"
    " WHERE room = ? AND created_at >= ? AND created_at < ? ORDER BY created_at, number"
)
PAID_LINES = (
    "SELECT room, lines FROM orders WHERE org = ? AND brand = ? AND paid_at >= ? AND paid_at < ?"
    " ORDER BY paid_at DESC LIMIT ?"
)
