"""SQL of cases of public opinion, and of what is asked when one is decided."""

SAVE_CASE = (
    "INSERT INTO opinion_cases (org, brand, room, case_id, show, state, level, topic, product, since, ended_at, body)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, case_id) DO UPDATE SET state = excluded.state, level = excluded.level,"
    " topic = excluded.topic, product = excluded.product, ended_at = excluded.ended_at, body = excluded.body"
)
ROLES = "SELECT DISTINCT role FROM every_grant WHERE person = ? AND org = ? AND brand IN ('', ?) AND room IN ('', ?)"
SIZE = (
    "SELECT (SELECT COUNT(DISTINCT g.person) FROM every_grant g JOIN people p ON p.person = g.person AND p.active = 1"
    " WHERE g.org = ? AND g.brand IN ('', ?)), (SELECT COUNT(*) FROM shows WHERE org = ? AND brand = ?"
    " AND started_at >= ?)"
)
SAID = "SELECT comment, at, text FROM comments WHERE room = ? AND at >= ? AND at <= ? ORDER BY at, comment"
HOLD = (
    "INSERT INTO holds (org, brand, room, hold, why, made_by, made_at, until, lifted_by, lifted_at)"
    " VALUES (?,?,?,?,?,?,?,0,'',0) ON CONFLICT DO NOTHING"
)
FIRST_BATCH = "SELECT MIN(number) FROM journal WHERE room = ? AND arrived >= ?"
LIST_CASES = (
    "SELECT case_id, room, show, state, level, topic, product, since, ended_at, body FROM opinion_cases"
    " WHERE org = ? AND room IN ({rooms}) ORDER BY since DESC, case_id LIMIT ?"
)
