"""What a restore holds: actions under way, and those that batches will ask for which the backup had not folded yet."""

from livecue.store.protocols import Writer

HOLD = (
    "UPDATE outbox SET state = 'held', why = 'restored from a backup' WHERE state IN ('waiting', 'pending', 'sending')"
)
MARK = (
    "INSERT INTO settings (org, brand, name, value)"
    " SELECT '', '', 'restored:' || room, '' FROM (SELECT room FROM rooms UNION SELECT room FROM cursors) AS every"
    " WHERE true ON CONFLICT (org, brand, name) DO UPDATE SET value = ''"
)
"""One mark a room; the room writes its number into it when it is first opened."""
_READ = "SELECT value FROM settings WHERE org = '' AND brand = '' AND name = ?"
_WRITE = "UPDATE settings SET value = ? WHERE org = '' AND brand = '' AND name = ?"


def held_upto(writer: Writer, room: str, appended: int) -> int:
    """Number of the last batch of the room whose actions wait for a person; 0 where nothing was restored.

    ``appended`` is the journal's last number now: whatever stands in the journal when the room is first opened after
    a restore was put there before it, or beside it by a broker that is ahead of the restored database.
    """
    rows = writer.rows(_READ, (f"restored:{room}",))
    if not rows:
        return 0
    if rows[0][0] == "":
        writer.write(_WRITE, (str(appended), f"restored:{room}"))
        return appended
    return int(rows[0][0])
