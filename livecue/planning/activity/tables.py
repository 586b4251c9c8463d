"""SQL of activities."""

VERSION = "SELECT version FROM activities WHERE org = ? AND brand = ? AND activity = ?"
SAVE = (
    "INSERT INTO activities (org, brand, activity, version, starts_on, ends_on, body) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, activity) DO UPDATE SET version = excluded.version, starts_on = excluded.starts_on,"
    " ends_on = excluded.ends_on, body = excluded.body"
)
LIST = (
    "SELECT body FROM activities WHERE org = ? AND brand = ? AND starts_on <= ? AND ends_on >= ?"
    " ORDER BY starts_on, activity"
)
FIND = "SELECT body FROM activities WHERE org = ? AND brand = ? AND activity = ?"
"""Bodies hold amounts: callers without the permission money see them blanked (``without_money``)."""
