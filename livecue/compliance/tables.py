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
