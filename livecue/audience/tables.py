"""SQL of comments, gifts and unknown messages."""

SAVE_COMMENT = (
    "INSERT INTO comments (org, brand, room, comment, at, viewer, name, text, by_host) VALUES (?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, at, comment) DO NOTHING"
)
SAVE_GIFT = (
    "INSERT INTO gifts (org, brand, room, gift, at, viewer, name, count, coins) VALUES (?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, at, gift) DO NOTHING"
)
SAVE_UNKNOWN = (
    "INSERT INTO unknown_messages (org, brand, room, message, at, name, raw) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (room, message) DO NOTHING"
)
LIST_COMMENTS = (
    "SELECT comment, viewer, name, text, at, by_host FROM comments"
    " WHERE room = ? AND at < ? ORDER BY at DESC, comment DESC LIMIT ?"
)
