"""SQL of activities."""

VERSION = "SELECT version FROM activities WHERE org = ? AND brand = ? AND activity = ?"
SAVE = (
    "INSERT INTO activities (org, brand, activity, version, starts_on, ends_on, body, ended_at)"
    " VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, activity) DO UPDATE SET version = excluded.version, starts_on = excluded.starts_on,"
    " ends_on = excluded.ends_on, body = excluded.body, ended_at = excluded.ended_at"
)
DROP_GUESTS = "DELETE FROM activity_guests WHERE org = ? AND brand = ? AND activity = ?"
SAVE_GUEST = (
    "INSERT INTO activity_guests (org, brand, activity, place, name, brings, fee, state, show, ended_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?)"
)
GUESTS = (
    "SELECT name, brings, fee, state, show FROM activity_guests WHERE org = ? AND brand = ? AND activity = ?"
    " ORDER BY place"
)
LIST = (
    "SELECT body FROM activities WHERE org = ? AND brand = ? AND starts_on <= ? AND ends_on >= ?"
    " ORDER BY starts_on, activity"
)
FIND = "SELECT body FROM activities WHERE org = ? AND brand = ? AND activity = ?"
"""Bodies hold amounts: callers without the permission money see them blanked (``without_money``)."""
