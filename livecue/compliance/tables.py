"""SQL of the evidence. ``place`` is the door, ``who`` a pseudonym, speaker or person; nothing is ever changed."""

SAVE_FLAG = (
    "INSERT INTO flags (org, brand, room, flag, at, place, subject, who, text, word, first, past, class, entry,"
    " severity, view, basis, advice, category, version) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, flag) DO NOTHING"
)
LIST_FLAGS = (
    "SELECT flag, at, place, subject, who, text, word, first, past, class, entry, severity, view, basis, advice,"
    " category, version FROM flags WHERE org = ? AND brand = ? AND room = ? AND at < ?"
    " ORDER BY at DESC, flag DESC LIMIT ?"
)
SAVE_WORD = (
    "INSERT INTO own_words (org, brand, room, number, command, set_at, set_by, scope, word, severity, reason, advice,"
    " reword, doors, removed, undoes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, command) DO NOTHING"
)
LIST_WORDS = (
    "SELECT room, command, set_at, set_by, scope, word, severity, reason, advice, reword, doors, removed, undoes"
    " FROM own_words WHERE org = ? AND brand = ? AND room = ? ORDER BY number, command"
)
KEEP_VERSION = (
    "INSERT INTO rule_versions (org, brand, version, kept_at, body) VALUES ('*','*',?,?,?)"
    " ON CONFLICT (version) DO NOTHING"
)
LIST_VERSIONS = "SELECT version, kept_at FROM rule_versions ORDER BY kept_at DESC, version LIMIT 200"
FIND_VERSION = "SELECT body FROM rule_versions WHERE version = ?"
SAVE_REVIEW = (
    "INSERT INTO reviews (org, brand, room, show, number, state, changed_at, signed_by, signed_at, self_signed,"
    " open_hits, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, show, number) DO UPDATE SET"
    " state = excluded.state, changed_at = excluded.changed_at, signed_by = excluded.signed_by,"
    " signed_at = excluded.signed_at, self_signed = excluded.self_signed, open_hits = excluded.open_hits,"
    " body = excluded.body"
)
_REVIEW = "SELECT show, number, state, changed_at, signed_by, signed_at, self_signed, open_hits, body FROM reviews r"
LIST_REVIEWS = _REVIEW + " WHERE r.room = ? AND r.show = ? ORDER BY r.number"
NEWEST_REVIEWS = (
    _REVIEW + " WHERE r.room = ? AND r.number = (SELECT MAX(o.number) FROM reviews o WHERE o.room = ?"
    " AND o.show = r.show) ORDER BY r.changed_at DESC LIMIT ?"
)
SHOW_FLAGS = (
    "SELECT flag, at, place, subject, who, text, word, first, past, class, entry, severity, view, basis, advice,"
    " category, version FROM flags WHERE room = ? AND at >= ? AND at < ? ORDER BY at, flag LIMIT 20000"
)
SAVE_TRAINING = (
    "INSERT INTO trainings (org, brand, training, day, subject, trainer, minutes, note, entered_by)"
    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (org, brand, training) DO UPDATE SET day = excluded.day,"
    " subject = excluded.subject, trainer = excluded.trainer, minutes = excluded.minutes, note = excluded.note,"
    " entered_by = excluded.entered_by"
)
DROP_TRAINING = "DELETE FROM trainings WHERE org = ? AND brand = ? AND training = ? RETURNING training"
SAVE_ATTENDANCE = "INSERT INTO attendances (org, brand, training, person, attended) VALUES (?,?,?,?,?)"
DROP_ATTENDANCE = "DELETE FROM attendances WHERE org = ? AND brand = ? AND training = ?"
LIST_TRAININGS = (
    "SELECT training, day, subject, trainer, minutes, note, entered_by FROM trainings WHERE org = ? AND brand = ?"
    " ORDER BY day DESC, training LIMIT 500"
)
LIST_ATTENDANCE = "SELECT training, person, attended FROM attendances WHERE org = ? AND brand = ? ORDER BY person"
LAST_TRAINED = (
    "SELECT a.person, MAX(t.day) FROM attendances a JOIN trainings t ON t.org = a.org AND t.brand = a.brand"
    " AND t.training = a.training WHERE a.org = ? AND a.brand = ? AND a.attended = 1 GROUP BY a.person"
)
TRAINED_LAST = (
    "SELECT MAX(t.day) FROM attendances a JOIN trainings t ON t.org = a.org AND t.brand = a.brand"
    " AND t.training = a.training WHERE a.org = ? AND a.brand = ? AND a.person = ? AND a.attended = 1"
)
