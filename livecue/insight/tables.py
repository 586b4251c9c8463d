"""SQL over rows that others keep of closed shows: read only, and only what names no person."""

SHOWS = (
    "SELECT m.org, m.brand, m.room, m.show, m.title, r.platform, r.nature, m.currency, r.time_zone, m.began_at,"
    " m.ended_at FROM metered_shows m JOIN rooms r ON r.room = m.room JOIN shows s ON s.room = m.room"
    " AND s.show = m.show WHERE s.status = 'ended' ORDER BY m.room, m.began_at, m.show"
)
MARKS = (
    "SELECT room, show, COUNT(*), MAX(as_of) FROM show_totals GROUP BY room, show",
    "SELECT room, show, COUNT(*), MAX(judged_at), SUM(ended_at) FROM cues GROUP BY room, show",
    "SELECT room, show, COUNT(*) FROM comment_judgements GROUP BY room, show",
)
TOTALS = (
    "SELECT metric, scope, value, num, den, sample, why, as_of FROM show_totals WHERE room = ? AND show = ?"
    " ORDER BY scope, metric"
)
CUES = (
    "SELECT cue, escalated_from, rule, role, state, verdict, raised_at, ended_at FROM cues"
    " WHERE room = ? AND show = ? ORDER BY raised_at, cue"
)
COMMENTS = (
    "SELECT label, topic, product, COUNT(*) FROM comment_judgements WHERE room = ? AND show = ?"
    " GROUP BY label, topic, product ORDER BY label, topic, product"
)
