"""SQL of orders, their parcels, cases, refunds and exceptions."""

SAVE_ORDER = (
    "INSERT INTO orders (org, brand, room, number, state, amount, currency, buyer, via, lines, created_at, paid_at,"
    " closed_at, refunded, placed_at, sku, checked, reminded, feedback, shipped_at, delivered_at, still_since, body)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number) DO UPDATE SET"
    " state = excluded.state, amount = excluded.amount, currency = excluded.currency, buyer = excluded.buyer,"
    " via = excluded.via, lines = excluded.lines, paid_at = excluded.paid_at, closed_at = excluded.closed_at,"
    " refunded = excluded.refunded, sku = excluded.sku, checked = excluded.checked, reminded = excluded.reminded,"
    " feedback = excluded.feedback, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at,"
    " still_since = excluded.still_since, body = excluded.body"
)
SAVE_LINE = (
    "INSERT INTO order_more_lines (org, brand, room, number, sku, placed_at) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (room, number, sku) DO NOTHING"
)
SAVE_REFUND = (
    "INSERT INTO refunds (org, brand, room, number, refund, amount, quantity, sku, reason, shipped, at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number, refund) DO UPDATE SET amount = excluded.amount,"
    " quantity = excluded.quantity, sku = excluded.sku, reason = excluded.reason, shipped = excluded.shipped"
)
SAVE_PARCEL = (
    "INSERT INTO parcels (org, brand, room, number, parcel, carrier, tracking, state, sent_at, moved_at, lines)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number, parcel) DO UPDATE SET carrier = excluded.carrier,"
    " tracking = excluded.tracking, state = excluded.state, sent_at = excluded.sent_at, moved_at = excluded.moved_at,"
    " lines = excluded.lines"
)
SAVE_CASE = (
    "INSERT INTO after_sales (org, brand, room, number, after_sale, type, state, amount, sku, quantity, reason, proof,"
    " deadline, parcel, opened_at, changed_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, number, after_sale) DO UPDATE SET type = excluded.type, state = excluded.state,"
    " amount = excluded.amount, sku = excluded.sku, quantity = excluded.quantity, reason = excluded.reason,"
    " proof = excluded.proof, deadline = excluded.deadline, parcel = excluded.parcel, changed_at = excluded.changed_at"
)
DATE_CASE = "UPDATE after_sales SET ends_at = ? WHERE room = ? AND number = ? AND after_sale = ?"
SAVE_FAULT = (
    "INSERT INTO order_faults (org, brand, room, number, fault, kind, what, have, got, at, state, settled_at,"
    " settled_by, note) VALUES (?,?,?,?,?,?,?,?,?,?,'open',0,'','') ON CONFLICT (room, number, fault) DO NOTHING"
)
DROP_FAULT = "DELETE FROM order_faults WHERE room = ? AND number = ? AND fault = ? AND state = 'open'"
SETTLE_FAULT = (
    "UPDATE order_faults SET state = 'settled', settled_at = ?, settled_by = ?, note = ?"
    " WHERE room = ? AND number = ? AND fault = ? AND state = 'open' RETURNING fault"
)
SAVE_CHOICE = (
    "INSERT INTO order_choices (org, brand, room, number, sku, choice, pieces, instead, until_at, note, state,"
    " chosen_at, chosen_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, number, sku) DO UPDATE SET"
    " choice = excluded.choice, pieces = excluded.pieces, instead = excluded.instead, until_at = excluded.until_at,"
    " note = excluded.note, state = excluded.state, chosen_at = excluded.chosen_at, chosen_by = excluded.chosen_by"
)
MOVE_CHOICE = "UPDATE order_choices SET state = ? WHERE room = ? AND number = ? AND sku = ?"
SAVE_FEEDBACK = (
    "INSERT INTO order_feedback (org, brand, room, number, score, said, noted_at, noted_by) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, number) DO UPDATE SET score = excluded.score, said = excluded.said,"
    " noted_at = excluded.noted_at, noted_by = excluded.noted_by"
)
ORDER_COLUMNS = "number, state, amount, currency, buyer, via, lines, created_at, paid_at, closed_at, refunded, body"


def find_orders(count: int) -> str:
    """Orders of a room by number."""
    numbers = ",".join("?" * count)
    return f"SELECT {ORDER_COLUMNS} FROM orders WHERE room = ? AND number /*texts*/ IN ({numbers}) ORDER BY number"


LIST_ORDERS = (
    "SELECT number, state, amount, currency, via, created_at, paid_at, refunded FROM orders"
    " WHERE room = ? AND created_at >= ? AND created_at < ? ORDER BY created_at, number"
)
PAID_LINES = (
    "SELECT room, lines FROM orders WHERE org = ? AND brand = ? AND paid_at >= ? AND paid_at < ?"
    " ORDER BY paid_at DESC LIMIT ?"
)
