"""SQL of the files of suppliers and goods."""

SAVE = (
    "INSERT INTO supply_files (org, brand, what, id, subject, at, body) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, what, id) DO UPDATE SET subject = excluded.subject, at = excluded.at,"
    " body = excluded.body"
)
FIND = "SELECT body FROM supply_files WHERE org = ? AND brand = ? AND what = ? AND id = ?"
LIST = "SELECT what, body FROM supply_files WHERE org = ? AND brand = ? ORDER BY what, id"
