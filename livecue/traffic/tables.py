"""SQL of the traffic emergency: what was prepared, emergencies, reports, and the baseline of like shows."""

SAVE_EMERGENCY = (
    "INSERT INTO traffic_emergencies (org, brand, room, emergency, show, state, since, ended_at, body)"
    " VALUES (?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, emergency) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at,"
    " body = excluded.body"
)
SAVE_REPORT = (
    "INSERT INTO traffic_reports (org, brand, room, show, at, swing, within, lowest, outside_min, base, emergencies)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, show) DO UPDATE SET at = excluded.at, swing = excluded.swing, within = excluded.within,"
    " lowest = excluded.lowest, outside_min = excluded.outside_min, base = excluded.base,"
    " emergencies = excluded.emergencies"
)
# Entries of like shows by 5 minutes from their start: the mean over the shows that lasted so long.
SLOTS = (
    "SELECT slot, AVG(views), COUNT(*) FROM (SELECT s.show, (m.minute - s.began_at) / 300000 AS slot,"
    " SUM(m.value) AS views FROM metered_shows s JOIN minute_readings m ON m.room = s.room AND m.show = s.show"
    " WHERE s.room = ? AND s.began_at >= ? AND s.show <> ? AND m.metric = 'M03' AND m.scope = 'room'"
    " AND m.minute >= s.began_at GROUP BY s.show, (m.minute - s.began_at) / 300000) AS per_show"
    " GROUP BY slot ORDER BY slot"
)
LIST_EMERGENCIES = "SELECT body FROM traffic_emergencies WHERE room = ? ORDER BY since DESC, emergency LIMIT ?"
LIST_REPORTS = (
    "SELECT show, at, swing, within, lowest, outside_min, base, emergencies FROM traffic_reports WHERE room = ?"
    " ORDER BY at DESC LIMIT ?"
)
