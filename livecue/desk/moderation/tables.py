"""SQL of what was asked for on comments, and of the comments themselves."""

SAVE_ACT = (
    "INSERT INTO moderation_acts"
    " (org, brand, room, act, show, at, by_person, kind, comment, viewer, reason, note, verdict, code, evidence,"
    " criticism, state, settled_at, second_by)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,'') ON CONFLICT (room, act) DO NOTHING"
)
SETTLE_ACT = "UPDATE moderation_acts SET state = ?, settled_at = ? WHERE room = ? AND act = ?"
SECOND_BY = "UPDATE moderation_acts SET second_by = ? WHERE room = ? AND act = ?"
TOLD = "SELECT viewer, text, by_host FROM comments WHERE room = ? AND comment = ? AND at >= ? ORDER BY at DESC LIMIT 1"
JUDGED = (
    "SELECT label, topic, confidence, reason FROM comment_judgements WHERE room = ? AND comment = ?"
    " AND judged_at >= ? ORDER BY judged_at DESC LIMIT 1"
)
FLAGGED = "SELECT entry, severity FROM flags WHERE room = ? AND subject = ? AND place = 'comment' AND at >= ?"
LATELY = (
    "SELECT comment, text, by_host FROM comments WHERE room = ? AND viewer = ? AND at >= ? ORDER BY at DESC LIMIT 20"
)
ANSWERING = (
    "SELECT 1 FROM conversation_messages WHERE room = ? AND conversation = 'c:' || ? AND at <= ?"
    " AND who IN ('agent', 'auto') AND state IN ('sending', 'sent', 'uncertain') LIMIT 1"
)
"""Answers of the service desk to a comment, which is a conversation of its own there."""
SIZE = (
    "SELECT (SELECT COUNT(DISTINCT g.person) FROM every_grant g JOIN people p ON p.person = g.person AND p.active = 1"
    " WHERE g.org = ? AND g.brand IN ('', ?)), (SELECT COUNT(*) FROM shows WHERE org = ? AND brand = ?"
    " AND started_at >= ?)"
)
_COLUMNS = (
    "a.act, a.room, a.show, a.at, a.by_person, a.kind, a.comment, a.reason, a.note, a.verdict, a.code, a.evidence,"
    " a.criticism, a.state, a.settled_at, a.second_by"
)
LIST_ACTS = (
    f"SELECT {_COLUMNS}, COALESCE((SELECT c.text FROM comments c WHERE c.room = a.room AND c.comment = a.comment"
    " LIMIT 1), '')"
    " FROM moderation_acts a WHERE a.org = ? AND a.room IN ({rooms}) AND a.at >= ? AND a.at < ?"
    " ORDER BY a.at DESC, a.act LIMIT ?"
)
COUNT_ACTS = (
    "SELECT kind, verdict, reason, state, criticism, COUNT(*) FROM moderation_acts"
    " WHERE org = ? AND room IN ({rooms}) AND at >= ? AND at < ?"
    " GROUP BY kind, verdict, reason, state, criticism ORDER BY kind, verdict, reason, state, criticism"
)
