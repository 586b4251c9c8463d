"""SQL of tasks and improvements."""

SAVE_TASK = (
    "INSERT INTO tasks (org, brand, room, task, title, role, person, show, due_at, cause, made_at, after_tasks, state)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'open') ON CONFLICT (room, task) DO UPDATE SET title = excluded.title,"
    " role = excluded.role, person = excluded.person, due_at = excluded.due_at,"
    " after_tasks = excluded.after_tasks, state = 'open', closed_at = 0, closed_by = ''"
)
CLOSE_TASK = "UPDATE tasks SET state = ?, note = ?, closed_at = ?, closed_by = ? WHERE room = ? AND task = ?"
SAVE_IMPROVEMENT = (
    "INSERT INTO improvements (org, brand, room, improvement, title, role, person, show, rule, evidence, due_at,"
    " made_at, title_zh, title_en, evidence_zh, evidence_en, state)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'proposed') ON CONFLICT (room, improvement) DO UPDATE SET"
    " title = excluded.title, role = excluded.role, person = excluded.person, evidence = excluded.evidence,"
    " due_at = excluded.due_at, title_zh = excluded.title_zh, title_en = excluded.title_en,"
    " evidence_zh = excluded.evidence_zh, evidence_en = excluded.evidence_en"
)
DECIDE_IMPROVEMENT = (
    "UPDATE improvements SET state = ?, person = ?, carried_to = ?, note = ?, changed_at = ?"
    " WHERE room = ? AND improvement = ?"
)
_IMPROVEMENT = (
    "SELECT room, improvement, title, role, person, show, rule, evidence, due_at, made_at, state, carried_to, note,"
    " title_zh, title_en, evidence_zh, evidence_en FROM improvements"
)
LIST_IMPROVEMENTS = _IMPROVEMENT + " WHERE room = ? ORDER BY made_at DESC, improvement LIMIT 500"
SHOW_IMPROVEMENTS = _IMPROVEMENT + " WHERE room = ? AND (show = ? OR carried_to = ?) ORDER BY made_at, improvement"
_TASK = (
    "SELECT task, title, role, person, show, due_at, cause, made_at, after_tasks, state, note, closed_at, closed_by"
    " FROM tasks WHERE room = ?"
)
FIND_TASK = _TASK + " AND task = ?"
LIST_TASKS = _TASK + " AND (? = '' OR show = ?) AND (state = 'open' OR ? = 1) ORDER BY due_at, task LIMIT 1000"
