"""SQL of people, grants, duty and sign-in."""

SAVE_BRAND = (
    "INSERT INTO orgs (org, brand, name) VALUES (?,?,?) ON CONFLICT (org, brand) DO UPDATE SET name = excluded.name"
)
BRAND_NAME_TAKEN = "SELECT brand FROM orgs WHERE org = ? AND name = ? AND brand <> ? AND brand <> ''"
LIST_BRANDS = "SELECT brand, name FROM orgs WHERE org = ? AND brand <> '' ORDER BY brand"
SAVE_PERSON = (
    "INSERT INTO people (org, person, name, login, language, active) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (person) DO UPDATE SET name = excluded.name, login = excluded.login,"
    " language = excluded.language, active = excluded.active WHERE people.org = excluded.org"
)
_PERSON = "SELECT person, org, name, login, language, active FROM people"
FIND_PERSON = _PERSON + " WHERE person = ?"
FIND_LOGIN = _PERSON + " WHERE login = ? AND login <> '' AND active = 1"
LIST_PEOPLE = _PERSON + " WHERE org = ? ORDER BY name, person"
LIST_NAMES = "SELECT person, name FROM people WHERE org = ?"
LIST_NAMED = (
    "SELECT p.person, p.name, g.role FROM people p JOIN every_grant g ON g.person = p.person AND g.org = p.org"
    " WHERE p.org = ? AND p.active = 1 AND (g.brand = '' OR g.brand = ?) AND (g.room = '' OR g.room = ?)"
)
LIST_ON_DUTY = "SELECT person, MAX(name) FROM duty WHERE org = ? AND room = ? GROUP BY person"
OWNERS = (
    "SELECT g.person FROM grants g JOIN people p ON p.person = g.person AND p.active = 1"
    " WHERE g.org = ? AND g.brand = '' AND g.room = '' AND g.role = 'owner'"
)
LOGIN_TAKEN = "SELECT person FROM people WHERE login = ? AND login <> '' AND person <> ?"
GRANT = (
    "INSERT INTO grants (org, brand, room, person, role) VALUES (?,?,?,?,?)"
    " ON CONFLICT (person, role, org, brand, room) DO NOTHING"
)
REVOKE = "DELETE FROM grants WHERE org = ? AND brand = ? AND room = ? AND person = ? AND role = ?"
LIST_GRANTS = (
    "SELECT role, org, brand, room, account FROM every_grant WHERE person = ? ORDER BY role, brand, room, account"
)
GRANT_ACCOUNT = (
    "INSERT INTO account_grants (org, brand, account, person, role) VALUES (?,?,?,?,?)"
    " ON CONFLICT (person, role, org, brand, account) DO NOTHING"
)
REVOKE_ACCOUNT = "DELETE FROM account_grants WHERE org = ? AND brand = ? AND account = ? AND person = ? AND role = ?"
LIST_ACCOUNT_GRANTS = (
    "SELECT role, org, brand, account FROM account_grants WHERE person = ? ORDER BY role, brand, account"
)
TAKE_DUTY = (
    "INSERT INTO duty (org, brand, room, person, role, name, taken_at, left_at) VALUES (?,?,?,?,?,?,?,0)"
    " ON CONFLICT (room, person, role, taken_at) DO NOTHING"
)
LEAVE_DUTY = "UPDATE duty SET left_at = ? WHERE room = ? AND person = ? AND role = ? AND left_at = 0"

SAVE_PASSWORD = (
    "INSERT INTO passwords (org, person, hash, changed_at) VALUES (?,?,?,?)"
    " ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at"
)
FIND_PASSWORD = "SELECT hash FROM passwords WHERE person = ?"
COUNT_PASSWORDS = "SELECT COUNT(*) FROM passwords"
SAVE_SESSION = (
    "INSERT INTO sessions (org, token, person, scope, room, acting, made_at, expires_at) VALUES (?,?,?,?,?,?,?,?)"
)
FIND_SESSION = "SELECT person, scope, room, acting, expires_at FROM sessions WHERE token = ?"
DROP_SESSION = "DELETE FROM sessions WHERE token = ?"
DROP_OLD_SESSIONS = "DELETE FROM sessions WHERE expires_at < ?"
DROP_PERSONS_SESSIONS = "DELETE FROM sessions WHERE person = ?"
ACT_AS = "UPDATE sessions SET acting = ? WHERE token = ?"
SAVE_LINK = "INSERT INTO links (org, token, person, expires_at) VALUES (?,?,?,?)"
USE_LINK = "DELETE FROM links WHERE token = ? AND expires_at > ? RETURNING person, org"
SAVE_PAIRING = "INSERT INTO pairings (org, brand, room, code, person, expires_at) VALUES (?,?,?,?,?,?)"
USE_PAIRING = "DELETE FROM pairings WHERE code = ? AND expires_at > ? RETURNING person, org, room"
DROP_OLD_PAIRINGS = "DELETE FROM pairings WHERE expires_at <= ?"
SAVE_TOKEN = (
    "INSERT INTO bridge_tokens (org, brand, room, token, name, scope, made_at, expires_at) VALUES (?,?,?,?,?,?,?,?)"
)
FIND_TOKEN = "SELECT room, name, scope, expires_at FROM bridge_tokens WHERE token = ? AND revoked = 0"
LIST_TOKENS = (
    "SELECT name, scope, made_at, expires_at, revoked, substr(token, 1, 8) FROM bridge_tokens"
    " WHERE room = ? ORDER BY made_at DESC"
)
REVOKE_TOKEN = "UPDATE bridge_tokens SET revoked = 1 WHERE room = ? AND name = ?"

SAVE_STAGE_BOUNDS = (
    "INSERT INTO stage_bounds (org, brand, command, body, set_at, set_by) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, command) DO NOTHING"
)
STAGE_BOUNDS = "SELECT body FROM stage_bounds WHERE org = ? AND brand = ? ORDER BY set_at, command"
