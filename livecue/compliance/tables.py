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
SAVE_WORD = (
    "INSERT INTO own_words (org, brand, room, number, command, set_at, set_by, scope, word, severity, reason, advice,"
    " reword, doors, removed, undoes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, command) DO NOTHING"
)
LIST_WORDS = (
    "SELECT room, command, set_at, set_by, scope, word, severity, reason, advice, reword, doors, removed, undoes"
    " FROM own_words WHERE org = ? AND brand = ? AND room = ? ORDER BY number, command"
)
KEEP_VERSION = (
    "INSERT INTO rule_versions (org, brand, version, kept_at, body) VALUES ('*','*',?,?,?)"
    " ON CONFLICT (version) DO NOTHING"
)
LIST_VERSIONS = "SELECT version, kept_at FROM rule_versions ORDER BY kept_at DESC, version LIMIT 200"
FIND_VERSION = "SELECT body FROM rule_versions WHERE version = ?"
