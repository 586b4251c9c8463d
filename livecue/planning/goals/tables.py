"""SQL of goals and budgets."""

TREE_VERSION = "SELECT COALESCE(MAX(version), 0) FROM goals WHERE org = ? AND brand = ? AND currency = ?"
SAVE_GOAL = (
    "INSERT INTO goals (org, brand, currency, period, target, weight, version) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, currency, period) DO UPDATE SET target = excluded.target, weight = excluded.weight,"
    " version = excluded.version"
)
LIST_GOALS = "SELECT period, target, weight FROM goals WHERE org = ? AND brand = ? AND currency = ?"
BUDGET_VERSION = "SELECT version FROM budgets WHERE room = ? AND show = ?"
SAVE_BUDGET = (
    "INSERT INTO budgets (org, brand, room, show, version, body) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (room, show) DO UPDATE SET version = excluded.version, body = excluded.body"
)
FIND_BUDGET = "SELECT body FROM budgets WHERE org = ? AND brand = ? AND room = ? AND show = ?"
"""``budgets`` holds amounts: only routes that ask for the permission money read it."""
