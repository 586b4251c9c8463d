"""SQL of the stock ledger. Its rows span rooms: they are read under a lock in sorted key order and changed by deltas.

``/*locked*/`` locks the rows read where several writers may be at work; SQLite has one writer and reads a comment.
``/*texts*/`` stands before a list of texts that PostgreSQL takes as one value.
"""

from collections.abc import Sequence

from livecue.events import INVENTED


def lock_stock(count: int) -> str:
    """Lock and read the balances of ``count`` SKUs, in the one order everybody locks in."""
    return (
        "SELECT sku, warehouse, product, on_hand, reserved FROM stock WHERE org = ? AND brand = ?"
        f" AND sku /*texts*/ IN ({','.join('?' * count)}) ORDER BY sku, warehouse /*locked*/"
    )


def look_at_stock(count: int) -> str:
    """Read the balances of ``count`` SKUs without holding anybody up."""
    return (
        "SELECT sku, warehouse, product, on_hand, reserved FROM stock WHERE org = ? AND brand = ?"
        f" AND sku /*texts*/ IN ({','.join('?' * count)}) ORDER BY sku, warehouse"
    )


def lock_quotas(count: int) -> str:
    """Lock and read the quotas of ``count`` SKUs."""
    return (
        "SELECT channel, sku, quota, used FROM stock_quotas WHERE org = ? AND brand = ?"
        f" AND sku /*texts*/ IN ({','.join('?' * count)}) ORDER BY channel, sku /*locked*/"
    )


def padded(skus: Sequence[str]) -> list[str]:
    """The SKUs, the last repeated up to a power of two: so many forms of one statement are prepared, not hundreds."""
    return [*skus, *[skus[-1]] * ((1 << (len(skus) - 1).bit_length()) - len(skus))]


CHANGE_STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, sku, warehouse) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand,"
    " reserved = stock.reserved + excluded.reserved"
)
"""Adds deltas to a row that is locked and known to be there."""
CHANGE_QUOTA = (
    "INSERT INTO stock_quotas (org, brand, channel, sku, quota, used) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, channel, sku) DO UPDATE SET used = stock_quotas.used + excluded.used"
)
SAVE_MOVE = (
    "INSERT INTO stock_moves (org, brand, room, move, at, sku, source, target, quantity, cause, subject)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, move) DO NOTHING"
)
READ_RULES = "SELECT kind, name, body FROM stock_rules WHERE org = ? AND brand = ? ORDER BY kind, name"
SAVE_RULE = (
    "INSERT INTO stock_rules (org, brand, kind, name, body, changed_at, changed_by) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, kind, name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,"
    " changed_by = excluded.changed_by"
)
DROP_RULE = "DELETE FROM stock_rules WHERE org = ? AND brand = ? AND kind = ? AND name = ?"
SET_QUOTA = (
    "INSERT INTO stock_quotas (org, brand, channel, sku, quota, used) VALUES (?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, channel, sku) DO UPDATE SET quota = excluded.quota"
)
DROP_QUOTA = "DELETE FROM stock_quotas WHERE org = ? AND brand = ? AND channel = ? AND sku = ?"
LIST_QUOTAS = "SELECT channel, sku, quota, used FROM stock_quotas WHERE org = ? AND brand = ? ORDER BY channel, sku"

ENTER_STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, sku, warehouse) DO NOTHING RETURNING on_hand, reserved, product"
)
OPEN_STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, sku, warehouse) DO UPDATE SET on_hand = excluded.on_hand, product = excluded.product"
    " RETURNING on_hand, reserved, product"
)
_WHERE = " WHERE org = ? AND brand = ? AND sku = ? AND warehouse = ?"
_RETURNING = " RETURNING on_hand, reserved, product"
ADJUST = "UPDATE stock SET on_hand = on_hand + ?" + _WHERE + " AND on_hand + ? >= 0" + _RETURNING
LEAVE = "UPDATE stock SET on_hand = on_hand - ?" + _WHERE + " AND on_hand - reserved >= ?" + _RETURNING
FIND_STOCK = "SELECT on_hand, reserved, product FROM stock" + _WHERE + " /*locked*/"
LIST_STOCK = (
    "SELECT sku, warehouse, product, on_hand, reserved FROM stock WHERE org = ? AND brand = ?"
    f" AND SUBSTR(sku, 1, {len(INVENTED)}) <> '{INVENTED}' ORDER BY sku, warehouse"
)
LIST_MOVES = (
    "SELECT room, move, at, sku, source, target, quantity, cause, subject FROM stock_moves"
    " WHERE org = ? AND brand = ? AND sku = ? AND at <= ? ORDER BY at DESC, move DESC LIMIT ?"
)
UNBALANCED = """
    SELECT s.org, s.brand, s.sku, s.warehouse, s.on_hand, s.reserved, COALESCE(m.free, 0), COALESCE(m.held, 0)
    FROM stock s LEFT JOIN (
        SELECT org, brand, sku, warehouse, SUM(free) AS free, SUM(held) AS held FROM (
            SELECT org, brand, sku, SUBSTR(target, 6) AS warehouse, quantity AS free, 0 AS held
            FROM stock_moves WHERE target LIKE 'free@%'
            UNION ALL SELECT org, brand, sku, SUBSTR(source, 6), -quantity, 0
            FROM stock_moves WHERE source LIKE 'free@%'
            UNION ALL SELECT org, brand, sku, SUBSTR(target, 6), 0, quantity
            FROM stock_moves WHERE target LIKE 'held@%'
            UNION ALL SELECT org, brand, sku, SUBSTR(source, 6), 0, -quantity
            FROM stock_moves WHERE source LIKE 'held@%'
        ) parts GROUP BY org, brand, sku, warehouse
    ) m ON m.org = s.org AND m.brand = s.brand AND m.sku = s.sku AND m.warehouse = s.warehouse
    WHERE s.on_hand - s.reserved <> COALESCE(m.free, 0) OR s.reserved <> COALESCE(m.held, 0)
    ORDER BY s.org, s.brand, s.sku, s.warehouse"""
