"""SQL of the timed plans and of draws."""

FLOOR = "SELECT cost, card FROM products WHERE org = ? AND brand = ? AND product = ?"
LISTING = "SELECT body FROM supply_files WHERE org = ? AND brand = ? AND what = 'listings' AND id = ?"
SIZE = (
    "SELECT (SELECT COUNT(DISTINCT g.person) FROM every_grant g JOIN people p ON p.person = g.person AND p.active = 1"
    " WHERE g.org = ? AND g.brand IN ('', ?)), (SELECT COUNT(*) FROM shows WHERE org = ? AND brand = ?"
    " AND started_at >= ?)"
)


def floors(count: int) -> str:
    """The rows of ``count`` products."""
    places = ",".join("?" * count)
    return f"SELECT product, cost, card FROM products WHERE org = ? AND brand = ? AND product IN ({places})"


SEGMENTS = "SELECT segment FROM segments WHERE room = ? AND show = ?"
SAVE_PLAN = (
    "INSERT INTO shelf_plans (org, brand, room, show, version, by_person, at, steps) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, show) DO UPDATE SET version = excluded.version, by_person = excluded.by_person,"
    " at = excluded.at, steps = excluded.steps"
)
FIND_PLAN = "SELECT version, by_person, at, steps FROM shelf_plans WHERE room = ? AND show = ?"

ADD_DRAW = (
    "INSERT INTO held_draws (org, brand, room, draw, show, kind, state, rules, commitment, digest, seed, entrants,"
    " winners, by_person, second_by, asked_at, opened_at, closed_at, why, segment)"
    " VALUES (?,?,?,?,?,?,?,?,?,'','',-1,'[]',?,'',?,?,0,'',?) ON CONFLICT (room, draw) DO NOTHING"
)
AGREE_DRAW = "UPDATE held_draws SET state = ?, second_by = ? WHERE room = ? AND draw = ?"
OPEN_DRAW = "UPDATE held_draws SET state = 'open', opened_at = ? WHERE room = ? AND draw = ?"
HOLD_DRAW = (
    "UPDATE held_draws SET state = 'held', seed = ?, digest = ?, entrants = ?, winners = ?, closed_at = ?"
    " WHERE room = ? AND draw = ?"
)
END_DRAW = (
    "UPDATE held_draws SET state = ?, entrants = ?, closed_at = ?, why = ?"
    " WHERE room = ? AND draw = ? AND state <> 'held'"
)
DRAWN_SEGMENTS = (
    "SELECT DISTINCT segment FROM held_draws WHERE room = ? AND show = ? AND draw <> ? AND segment <> ''"
    " AND state NOT IN ('cancelled','failed','void') ORDER BY segment"
)
KNOWN_DRAW = "SELECT state FROM held_draws WHERE room = ? AND draw = ?"
SALT = "SELECT salt FROM draw_seeds WHERE room = ? AND draw = ?"
SEED = "SELECT seed FROM draw_seeds WHERE room = ? AND draw = ?"
SAVE_SEED = "INSERT INTO draw_seeds (org, brand, room, draw, seed, salt, at) VALUES (?,?,?,?,?,?,?)"
ADD_ENTRANT = (
    "INSERT INTO draw_entrants (org, brand, room, draw, code, viewer, name, comment, at, place, prize, note,"
    " noted_at, noted_by) VALUES (?,?,?,?,?,?,?,?,?,0,'','',0,'')"
    " ON CONFLICT (room, draw, code) DO NOTHING RETURNING place"
)
CODES = "SELECT code FROM draw_entrants WHERE room = ? AND draw = ? ORDER BY code"
PLACE = "UPDATE draw_entrants SET place = ?, prize = 'won' WHERE room = ? AND draw = ? AND code = ?"
NOTE_PRIZE = (
    "UPDATE draw_entrants SET prize = ?, note = ?, noted_at = ?, noted_by = ?"
    " WHERE room = ? AND draw = ? AND code = ? AND place > 0 RETURNING place"
)
_DRAW = (
    "SELECT room, draw, show, kind, state, rules, commitment, digest, seed, entrants, winners, by_person, second_by,"
    " asked_at, opened_at, closed_at, why FROM held_draws"
)
LIST_DRAWS = _DRAW + " WHERE room = ? AND (show = ? OR ? = '') ORDER BY asked_at DESC, draw LIMIT ?"
FIND_DRAW = _DRAW + " WHERE room = ? AND draw = ?"
HELD_DRAWS = _DRAW + " WHERE kind = 'word' AND state = 'held' ORDER BY room, draw"
WINNERS = (
    "SELECT code, place, prize, note, noted_at, noted_by, name, comment FROM draw_entrants"
    " WHERE room = ? AND draw = ? AND place > 0 ORDER BY place"
)
END_PLATFORM = (
    "UPDATE held_draws SET state = 'ended', entrants = ?, winners = ?, closed_at = ?"
    " WHERE room = ? AND draw = ? AND kind = 'platform'"
)
