"""SQL of the files of the history, and of the journal as far as it moves there."""

_COLUMNS = (
    "org, brand, room, kind, day, first, last, name, sha, bytes, row_count, batches, began_at, ended_at, made_from,"
    " written_at, dropped_upto, dropped_at"
)
SAVE_FILE = (
    f"INSERT INTO history_files ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, kind, day, first) DO UPDATE SET last = excluded.last, name = excluded.name,"
    " sha = excluded.sha, bytes = excluded.bytes, row_count = excluded.row_count, batches = excluded.batches,"
    " began_at = excluded.began_at, ended_at = excluded.ended_at, made_from = excluded.made_from,"
    " written_at = excluded.written_at, dropped_upto = excluded.dropped_upto, dropped_at = excluded.dropped_at"
)
FORGET_FILE = "DELETE FROM history_files WHERE room = ? AND kind = ? AND day = ? AND first = ?"
FILES = f"SELECT {_COLUMNS} FROM history_files WHERE room = ? AND kind = ? ORDER BY first, day"
EVERY_FILE = f"SELECT {_COLUMNS} FROM history_files ORDER BY room, kind, first, day"
LAST = "SELECT COALESCE(MAX(last), 0) FROM history_files WHERE room = ? AND kind = 'journal'"
DROPPED = "SELECT COALESCE(MAX(dropped_upto), 0) FROM history_files WHERE room = ? AND kind = 'journal'"
NOTE_DROPPED = (
    "UPDATE history_files SET dropped_upto = ?, dropped_at = ? WHERE room = ? AND kind = 'journal' AND first = ?"
)
DROP_BATCHES = "DELETE FROM journal WHERE room = ? AND number >= ? AND number <= ?"
DROP_RECORDS = "DELETE FROM records WHERE room = ? AND number >= ? AND number <= ?"

ROOMS = "SELECT org, brand, room, time_zone FROM rooms ORDER BY room"
SHOWS = "SELECT show, status, started_at, ended_at FROM shows WHERE room = ? AND started_at > 0 ORDER BY started_at"
CURSOR = "SELECT number FROM cursors WHERE room = ?"
FIRST_FROM = "SELECT MIN(number) FROM journal WHERE room = ? AND number > ? AND arrived >= ?"
SPAN = "SELECT MIN(arrived), MAX(arrived) FROM journal WHERE room = ? AND number > ? AND number <= ?"
ARRIVALS = (
    "SELECT number, arrived, count FROM journal WHERE room = ? AND number > ? AND number <= ?"
    " ORDER BY number LIMIT 5000"
)
SNAPSHOTS = "SELECT number FROM snapshots WHERE room = ? ORDER BY number DESC LIMIT 2"
OWED = "SELECT COALESCE(MIN(since), ?) FROM owed WHERE room = ?"
STOPPED = "SELECT 1 FROM stopped WHERE room = ?"
