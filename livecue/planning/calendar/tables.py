"""SQL of the calendar: contents, meetings, feeds, versions of plans."""

SAVE_CONTENT = (
    "INSERT INTO calendar_contents (org, brand, room, content, title, what, starts_on, ends_on, note, source,"
    " source_date) VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (org, brand, content) DO UPDATE SET"
    " room = excluded.room, title = excluded.title, what = excluded.what, starts_on = excluded.starts_on,"
    " ends_on = excluded.ends_on, note = excluded.note, source = excluded.source, source_date = excluded.source_date"
)
DROP_CONTENT = "DELETE FROM calendar_contents WHERE org = ? AND brand = ? AND content = ? RETURNING content"
LIST_CONTENTS = (
    "SELECT content, room, title, what, starts_on, ends_on, note, source, source_date FROM calendar_contents"
    " WHERE org = ? AND brand = ? AND starts_on <= ? AND ends_on >= ? ORDER BY starts_on, content"
)
SAVE_TIMES = (
    "INSERT INTO meeting_times (org, brand, time_zone, morning, weekly_day, weekly) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (org, brand) DO UPDATE SET time_zone = excluded.time_zone, morning = excluded.morning,"
    " weekly_day = excluded.weekly_day, weekly = excluded.weekly"
)
FIND_TIMES = "SELECT time_zone, morning, weekly_day, weekly FROM meeting_times WHERE org = ? AND brand = ?"
SAVE_NOTE = (
    "INSERT INTO meeting_notes (org, brand, meeting, person, noted_at, minutes) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, meeting) DO UPDATE SET person = excluded.person, noted_at = excluded.noted_at,"
    " minutes = excluded.minutes"
)
FIND_NOTE = "SELECT person, noted_at, minutes FROM meeting_notes WHERE org = ? AND brand = ? AND meeting = ?"
SAVE_FEED = (
    "INSERT INTO calendar_feeds (org, brand, feed, token, name, person, language, made_at) VALUES (?,?,?,?,?,?,?,?)"
)
FIND_FEED = "SELECT org, brand, feed, name, person, language FROM calendar_feeds WHERE token = ? AND revoked = 0"
LIST_FEEDS = (
    "SELECT feed, brand, name, language, made_at, revoked FROM calendar_feeds"
    " WHERE org = ? AND person = ? ORDER BY made_at DESC, feed"
)
REVOKE_FEED = "UPDATE calendar_feeds SET revoked = 1 WHERE org = ? AND person = ? AND feed = ?"
SAVE_VERSION = (
    "INSERT INTO plan_versions (org, brand, room, show, version, made_at, made_by, kind, plan)"
    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (room, show, version) DO UPDATE SET made_at = excluded.made_at,"
    " made_by = excluded.made_by, kind = excluded.kind, plan = excluded.plan"
)
LIST_VERSIONS = (
    "SELECT version, made_at, made_by, kind, plan FROM plan_versions WHERE room = ? AND show = ? ORDER BY version"
)
