"""SQL of rooms, shows and segments."""

SAVE_ROOM = (
    "INSERT INTO rooms (org, brand, room, name, platform, nature, currency, time_zone, language, category, packs,"
    " account) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room) DO UPDATE SET"
    " name = excluded.name, platform = excluded.platform,"
    " currency = excluded.currency, time_zone = excluded.time_zone, language = excluded.language,"
    " category = excluded.category, packs = excluded.packs, account = excluded.account, removed = 0"
    " WHERE rooms.org = excluded.org AND rooms.brand = excluded.brand"
)
REMOVE_ROOM = "UPDATE rooms SET removed = 1 WHERE room = ?"
FIND_ROOM = (
    "SELECT room, org, brand, name, platform, nature, currency, time_zone, language, category, packs, account"
    " FROM rooms WHERE room = ? AND removed = 0"
)
LIST_REMOVED = (
    "SELECT room, org, brand, name, platform, nature, currency, time_zone, language, category, packs, account"
    " FROM rooms WHERE removed = 1 AND org = ? ORDER BY name, room"
)
LIST_ROOMS = (
    "SELECT room, org, brand, name, platform, nature, currency, time_zone, language, category, packs, account"
    " FROM rooms WHERE removed = 0 ORDER BY room"
)
ON_AIR = "SELECT DISTINCT room FROM shows WHERE status = 'on_air'"
SAVE_SHOW = (
    "INSERT INTO shows (org, brand, room, show, title, status, starts_at, started_at, ended_at, version, plan)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, show) DO UPDATE SET title = excluded.title,"
    " status = excluded.status, starts_at = excluded.starts_at, started_at = excluded.started_at,"
    " ended_at = excluded.ended_at, version = excluded.version, plan = excluded.plan"
)
DROP_SEGMENTS = "DELETE FROM segments WHERE room = ? AND show = ?"
SAVE_SEGMENT = (
    "INSERT INTO segments (org, brand, room, show, segment, part, title, product, host,"
    " planned_start, planned_end, started_at, ended_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, show, segment) DO UPDATE SET part = excluded.part, title = excluded.title,"
    " product = excluded.product, host = excluded.host, planned_start = excluded.planned_start,"
    " planned_end = excluded.planned_end, started_at = excluded.started_at, ended_at = excluded.ended_at"
)
_SHOW = "SELECT org, brand, room, show, title, status, starts_at, started_at, ended_at, version, plan FROM shows"
LIST_SHOWS = _SHOW + " WHERE room = ? ORDER BY starts_at DESC LIMIT ?"
FIND_SHOW = _SHOW + " WHERE show = ?"
TITLES = "SELECT show, title FROM shows WHERE org = ? AND show IN ({places})"
SHOWS_BETWEEN = (
    _SHOW + " WHERE org = ? AND brand = ? AND ((starts_at >= ? AND starts_at < ?) OR (started_at < ? AND ended_at > ?))"
    " ORDER BY starts_at, room, show"
)
HOLD = (
    "INSERT INTO bookings (org, brand, room, show, what, starts_at, ends_at, is_real) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, show, what) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at"
)
FREE = "DELETE FROM bookings WHERE room = ? AND show = ?"
CLASH = (
    "SELECT b.what, b.brand, b.room, b.show, s.title, r.name, b.starts_at, b.ends_at FROM bookings b"
    " JOIN shows s ON s.room = b.room AND s.show = b.show JOIN rooms r ON r.room = b.room AND r.removed = 0"
    " WHERE b.org = ? AND b.is_real = ? AND b.starts_at < ? AND b.ends_at > ?"
    " AND NOT (b.room = ? AND b.show = ?) AND b.what IN ({places}) ORDER BY b.starts_at, b.room, b.show, b.what LIMIT 1"
)
LIST_SEGMENTS = (
    "SELECT segment, part, title, product, host, planned_start, planned_end, started_at, ended_at"
    " FROM segments WHERE room = ? AND show = ? ORDER BY planned_start, segment"
)
