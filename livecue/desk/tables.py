"""SQL of judgements and questions."""

SAVE_JUDGEMENT = (
    "INSERT INTO comment_judgements"
    " (org, brand, room, show, judged_at, comment, label, topic, product, confidence, reason, for_host)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, judged_at, comment) DO NOTHING"
)
SAVE_QUESTION = (
    "INSERT INTO questions"
    " (org, brand, room, show, asked_at, comment, topic, product, cluster, text, for_host, state)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,'asked') ON CONFLICT (room, show, asked_at, comment) DO NOTHING"
)
CLOSE_QUESTION = (
    "UPDATE questions SET state = ?, how = ?, answered_at = ?, answered_by = ?"
    " WHERE room = ? AND show = ? AND asked_at = ? AND comment = ?"
)
_ASKED = (
    "SELECT q.comment, q.cluster, q.text, q.topic, q.product, q.for_host, q.asked_at FROM questions q"
    " JOIN comment_judgements j ON j.room = q.room AND j.judged_at = q.asked_at AND j.comment = q.comment"
    " WHERE q.room = ? AND q.show = ? AND q.asked_at >= ? AND q.state = 'asked' AND j.reason = ''"
)
"""What waits of a show since a moment; what is proposed to be hidden does not."""
OLDEST_ASKED = _ASKED + " ORDER BY q.asked_at, q.comment LIMIT ?"
ASKED_ALIKE = _ASKED + " AND q.cluster = ? ORDER BY q.asked_at, q.comment"
ASKED_ONE = _ASKED + " AND q.comment = ?"
_GROUPED = (
    "SELECT cluster, topic, product, COUNT(*) AS asked,"
    " SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END) AS answered,"
    " SUM(CASE WHEN state = 'ignored' THEN 1 ELSE 0 END) AS ignored,"
    " MIN(asked_at) AS first_at, MAX(asked_at) AS last_at"
    " FROM questions WHERE room = ? AND show = ?{only} GROUP BY cluster, topic, product"
)
_MOST_FIRST = " ORDER BY asked DESC, first_at LIMIT ?"
HOT = _GROUPED.format(only="") + _MOST_FIRST
OPEN = _GROUPED.format(only=" AND state = 'asked'") + _MOST_FIRST
FIRST_TEXT = (
    "SELECT comment, text FROM questions WHERE room = ? AND show = ? AND cluster = ? AND asked_at = ?"
    " ORDER BY comment LIMIT 1"
)
JUDGEMENTS = (
    "SELECT comment, label, topic, product, confidence, reason, for_host FROM comment_judgements"
    " WHERE room = ? AND judged_at BETWEEN ? AND ?"
)
LABELS = (
    "SELECT label, COUNT(*) FROM comment_judgements WHERE room = ? AND show = ? AND judged_at BETWEEN ? AND ?"
    " GROUP BY label ORDER BY label"
)
