"""SQL of the figures that are kept: full minutes, totals of shows, showcase curves."""

SAVE_MINUTE = """
INSERT INTO minute_readings (org, brand, room, show, minute, metric, scope, value, sample)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (room, show, minute, metric, scope) DO UPDATE SET value = excluded.value, sample = excluded.sample
"""

SAVE_TOTAL = """
INSERT INTO show_totals (org, brand, room, show, metric, scope, value, num, den, sample, why, as_of)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (room, show, metric, scope) DO UPDATE SET value = excluded.value, num = excluded.num,
    den = excluded.den, sample = excluded.sample, why = excluded.why, as_of = excluded.as_of
"""

SAVE_SHOW = """
INSERT INTO metered_shows (org, brand, room, show, title, began_at, ended_at, currency)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (room, show) DO UPDATE SET title = excluded.title, began_at = excluded.began_at,
    ended_at = excluded.ended_at, currency = excluded.currency
"""

SAVE_CURVE = """
INSERT INTO showcase_curves (org, brand, room, show, product, side, step, orders)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (room, show, product, side, step) DO UPDATE SET orders = excluded.orders
"""

MINUTES = """
SELECT minute, value FROM minute_readings
WHERE room = ? AND show = ? AND metric = ? AND scope = ? ORDER BY minute
"""

TOTALS = """
SELECT metric, scope, value, num, den, sample, why, as_of FROM show_totals WHERE room = ? AND show = ?
ORDER BY scope, metric
"""

TOTAL_SERIES = """
SELECT s.show, s.began_at, s.ended_at, t.value, t.sample, t.why FROM metered_shows s
JOIN show_totals t ON t.room = s.room AND t.show = s.show
WHERE s.room = ? AND t.metric = ? AND t.scope = ? ORDER BY s.began_at DESC LIMIT ?
"""

SHOWS = """
SELECT show, title, began_at, ended_at, currency FROM metered_shows WHERE room = ? ORDER BY began_at DESC LIMIT ?
"""

CURVE = """
SELECT side, step, orders FROM showcase_curves WHERE room = ? AND show = ? AND product = ? ORDER BY side, step
"""

PRODUCTS = """
SELECT s.room, s.show, s.began_at, s.ended_at, t.scope, t.metric, t.value FROM metered_shows s
JOIN show_totals t ON t.room = s.room AND t.show = s.show
WHERE s.org = ? AND s.brand = ? AND s.began_at >= ? AND t.scope LIKE 'product:%'
ORDER BY s.began_at, s.room, s.show, t.scope
"""
