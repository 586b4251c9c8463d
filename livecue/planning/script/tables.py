"""SQL of remarks, reviews and handbooks."""

SAVE_COMMENT = (
    "INSERT INTO script_comments (org, brand, room, show, comment, segment, reply_to, body, made_by, made_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (comment) DO NOTHING"
)
FIND_COMMENT = "SELECT show FROM script_comments WHERE comment = ? AND org = ? AND brand = ? AND show = ?"
COUNT_COMMENTS = "SELECT COUNT(*) FROM script_comments WHERE show = ?"
CLOSE_COMMENT = "UPDATE script_comments SET closed_by = ?, closed_at = ? WHERE comment = ?"
LIST_COMMENTS = (
    "SELECT comment, segment, reply_to, body, made_by, made_at, closed_by, closed_at FROM script_comments"
    " WHERE org = ? AND brand = ? AND show = ? ORDER BY made_at, comment"
)
SAVE_REVIEW = (
    "INSERT INTO script_reviews (org, brand, room, show, review, number, state, digest, version, note, made_by,"
    " made_at, alone) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (review) DO NOTHING"
)
LAST_REVIEW = (
    "SELECT state, digest, made_by, number FROM script_reviews WHERE org = ? AND brand = ? AND show = ?"
    " ORDER BY number DESC LIMIT 1"
)
LIST_REVIEWS = (
    "SELECT review, state, digest, version, note, made_by, made_at, alone FROM script_reviews"
    " WHERE org = ? AND brand = ? AND show = ? ORDER BY number DESC"
)
HANDBOOK_VERSION = "SELECT version FROM handbooks WHERE org = ? AND brand = ? AND product = ?"
SAVE_HANDBOOK = (
    "INSERT INTO handbooks (org, brand, product, version, made_by, made_at, body) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, product) DO UPDATE SET version = excluded.version, made_by = excluded.made_by,"
    " made_at = excluded.made_at, body = excluded.body"
)
FIND_HANDBOOK = "SELECT version, made_by, made_at, body FROM handbooks WHERE org = ? AND brand = ? AND product = ?"
LIST_HANDBOOKS = "SELECT product, version, made_by, made_at, body FROM handbooks WHERE org = ? AND brand = ?"
SAVE_HOT_LINE = (
    "INSERT INTO hot_lines (org, brand, line, product, topic, decision, question, answer, room, show, segment, reason,"
    " asked, asked_all, since, until, made_by, made_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, line) DO NOTHING"
)
LIST_HOT_LINES = (
    "SELECT line, product, topic, decision, question, answer, room, show, segment, reason, asked, asked_all, since,"
    " until, made_by, made_at FROM hot_lines WHERE org = ? AND brand = ? ORDER BY made_at, line"
)
SAVE_REHEARSAL = (
    "INSERT INTO rehearsals (org, brand, room, show, rehearsal, rehearsal_room, digest, version, made_by, made_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (rehearsal) DO NOTHING"
)
COUNT_REHEARSALS = "SELECT COUNT(*) FROM rehearsals WHERE org = ? AND brand = ?"
REHEARSAL_ROOMS = "SELECT DISTINCT rehearsal_room FROM rehearsals WHERE org = ? AND brand = ?"
LIST_REHEARSALS = (
    "SELECT rehearsal, rehearsal_room, digest, version, made_by, made_at FROM rehearsals"
    " WHERE org = ? AND brand = ? AND show = ? ORDER BY made_at DESC, rehearsal"
)
FIND_REPLIES = "SELECT version, made_by, made_at, body FROM reply_sets WHERE org = ? AND brand = ?"
SAVE_REPLIES = (
    "INSERT INTO reply_sets (org, brand, version, made_by, made_at, body) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (org, brand) DO UPDATE SET version = excluded.version, made_by = excluded.made_by,"
    " made_at = excluded.made_at, body = excluded.body"
)
