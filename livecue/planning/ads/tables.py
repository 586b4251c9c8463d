"""SQL of ad plans and spend. Both hold amounts: only routes that ask for the permission money read them."""

PLAN_VERSION = "SELECT version FROM ad_plans WHERE room = ? AND show = ?"
SAVE_PLAN = (
    "INSERT INTO ad_plans (org, brand, room, show, version, body) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (room, show) DO UPDATE SET version = excluded.version, body = excluded.body"
)
FIND_PLAN = "SELECT body FROM ad_plans WHERE org = ? AND brand = ? AND room = ? AND show = ?"
SAVE_SPEND = (
    "INSERT INTO ad_spend (org, brand, room, show, campaign, at, spent, gmv, orders, attribution, file)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, show, campaign, at) DO UPDATE SET spent = excluded.spent, gmv = excluded.gmv,"
    " orders = excluded.orders, attribution = excluded.attribution, file = excluded.file"
)
LIST_SPEND = (
    "SELECT campaign, at, spent, gmv, orders, attribution FROM ad_spend"
    " WHERE org = ? AND brand = ? AND room = ? AND show = ? ORDER BY at, campaign"
)
SUM_SPEND = "SELECT SUM(spent) FROM ad_spend WHERE room = ? AND show = ?"
