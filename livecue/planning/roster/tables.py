"""SQL of rosters, skills, absences and wishes."""

SAVE_PERSON = (
    "INSERT INTO roster_people (org, brand, person, tier, categories, rooms, most_hours, department, week_hours,"
    " streak_days) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (org, brand, person) DO UPDATE SET tier = excluded.tier,"
    " categories = excluded.categories, rooms = excluded.rooms, most_hours = excluded.most_hours,"
    " department = excluded.department, week_hours = excluded.week_hours, streak_days = excluded.streak_days"
)
LIST_PEOPLE = (
    "SELECT person, tier, categories, rooms, most_hours, department, week_hours, streak_days FROM roster_people"
    " WHERE org = ? AND brand = ? ORDER BY person"
)
SAVE_ABSENCE = (
    "INSERT INTO absences (org, brand, absence, person, first_day, last_day, reason) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, absence) DO UPDATE SET person = excluded.person, first_day = excluded.first_day,"
    " last_day = excluded.last_day, reason = excluded.reason"
)
DROP_ABSENCE = "DELETE FROM absences WHERE org = ? AND brand = ? AND absence = ? RETURNING absence"
LIST_ABSENCES = (
    "SELECT absence, person, first_day, last_day, reason FROM absences"
    " WHERE org = ? AND brand = ? AND last_day >= ? AND first_day <= ? ORDER BY first_day, person, absence"
)
SAVE_WISH = (
    "INSERT INTO wishes (org, brand, wish, person, day, is_on, weight, last_day, start_min, end_min)"
    " VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (org, brand, wish) DO UPDATE SET person = excluded.person,"
    " day = excluded.day, is_on = excluded.is_on, weight = excluded.weight, last_day = excluded.last_day,"
    " start_min = excluded.start_min, end_min = excluded.end_min"
)
DROP_WISH = "DELETE FROM wishes WHERE org = ? AND brand = ? AND wish = ? RETURNING wish"
LIST_WISHES = (
    "SELECT wish, person, day, is_on, weight, last_day, start_min, end_min FROM wishes"
    " WHERE org = ? AND brand = ? AND last_day >= ? AND day <= ? ORDER BY day, person, wish"
)
FIND_WISH = "SELECT person FROM wishes WHERE org = ? AND brand = ? AND wish = ?"
AGAINST = (
    "SELECT day FROM wishes WHERE org = ? AND brand = ? AND person = ? AND wish <> ? AND is_on <> ? AND last_day >= ?"
    " AND day <= ? AND (end_min = 0 OR ? = 0 OR (start_min < ? AND ? < end_min)) ORDER BY day LIMIT 1"
)
"""A wish of the same person for the opposite."""
COUNT_WISHES = "SELECT COUNT(*) FROM wishes WHERE org = ? AND brand = ? AND person = ?"
SAVE_ROSTER = (
    "INSERT INTO rosters (org, brand, roster, title, first_day, days, state, version, settings, penalty, bound,"
    " seconds, made_at) VALUES (?,?,?,?,?,?,'draft',1,?,-1,-1,0,?) ON CONFLICT (org, brand, roster) DO NOTHING"
    " RETURNING roster"
)
SAVE_SHIFT = (
    "INSERT INTO shifts (org, brand, room, roster, post, body, person, is_pinned) VALUES (?,?,?,?,?,?,'',0)"
    " ON CONFLICT (org, brand, roster, post) DO NOTHING"
)
STEP = (
    "UPDATE rosters SET version = version + 1, state = ?, penalty = ?, bound = ?, seconds = ?"
    " WHERE org = ? AND brand = ? AND roster = ? AND version = ? RETURNING version"
)
FIND_ROSTER = (
    "SELECT roster, title, first_day, days, state, version, settings, penalty, bound, seconds, made_at FROM rosters"
    " WHERE org = ? AND brand = ? AND roster = ?"
)
LIST_ROSTERS = (
    "SELECT roster, title, first_day, days, state, version, settings, penalty, bound, seconds, made_at FROM rosters"
    " WHERE org = ? AND brand = ? ORDER BY first_day DESC, roster LIMIT 100"
)
LIST_SHIFTS = "SELECT body, person, is_pinned FROM shifts WHERE org = ? AND brand = ? AND roster = ? ORDER BY post"
HAS_SHIFT = "SELECT post FROM shifts WHERE org = ? AND brand = ? AND roster = ? AND post = ?"
EMPTY_SHIFTS = "UPDATE shifts SET person = '' WHERE org = ? AND brand = ? AND roster = ? AND is_pinned = 0"
CHOOSE = "UPDATE shifts SET person = ?, is_pinned = ? WHERE org = ? AND brand = ? AND roster = ? AND post = ?"
FILL = "UPDATE shifts SET person = ? WHERE org = ? AND brand = ? AND roster = ? AND post = ? AND is_pinned = 0"
DROP_ROSTER = "DELETE FROM rosters WHERE org = ? AND brand = ? AND roster = ? RETURNING roster"
DROP_SHIFTS = "DELETE FROM shifts WHERE org = ? AND brand = ? AND roster = ?"
PERSONS_SHIFTS = (
    "SELECT r.brand, r.roster, r.first_day, r.state, r.version, s.body FROM shifts s"
    " JOIN rosters r ON r.org = s.org AND r.brand = s.brand AND r.roster = s.roster"
    " WHERE s.org = ? AND s.person = ? ORDER BY r.first_day, s.post"
)
COUNT_SHOWS = (
    "SELECT room, COUNT(*) FROM shows WHERE org = ? AND brand = ? AND status = 'ended' AND ended_at >= ? GROUP BY room"
)
SUM_SALES = (
    "SELECT room, currency, SUM(amount) FROM orders WHERE org = ? AND brand = ? AND paid_at >= ?"
    " GROUP BY room, currency"
)
