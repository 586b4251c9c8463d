"""SQL of conversations, messages, suggestions, templates and knowledge."""

SAVE_CONVERSATION = (
    "INSERT INTO conversations (org, brand, room, conversation, channel, viewer, name, show, label, topic, product,"
    " order_number, agent, state, opened_at, human_at, first_reply_at, since, last_at, step, closed_at, outcome, score,"
    " newest, deadline) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, conversation, opened_at) DO UPDATE SET viewer = excluded.viewer,"
    " name = excluded.name, label = excluded.label,"
    " topic = excluded.topic, product = excluded.product, order_number = excluded.order_number,"
    " agent = excluded.agent, state = excluded.state, human_at = excluded.human_at,"
    " first_reply_at = CASE WHEN conversations.first_reply_at > 0"
    " THEN conversations.first_reply_at ELSE excluded.first_reply_at END,"
    " since = excluded.since, last_at = excluded.last_at, step = excluded.step, closed_at = excluded.closed_at,"
    " outcome = excluded.outcome, newest = excluded.newest, deadline = excluded.deadline"
)
OLDEST_QUEUED = (
    "SELECT c.conversation, c.viewer, c.show, c.label, c.topic, c.product, c.opened_at, c.newest, c.agent"
    " FROM conversations c WHERE c.room = ? AND c.state = 'queued' ORDER BY c.since, c.conversation LIMIT ?"
)
ONE_QUEUED = (
    "SELECT c.conversation, c.viewer, c.show, c.label, c.topic, c.product, c.opened_at, c.newest, c.agent"
    " FROM conversations c WHERE c.room = ? AND c.conversation = ? AND c.state = 'queued'"
)
CLOSE_QUEUED = (
    "UPDATE conversations SET state = 'closed', outcome = ?, closed_at = ?, last_at = ?, since = 0,"
    " first_reply_at = CASE WHEN first_reply_at > 0 THEN first_reply_at ELSE ? END"
    " WHERE room = ? AND state = 'queued' AND conversation IN ({names}) RETURNING conversation, opened_at"
)
"""``names``: so many places, one for each."""
GIVEN_UP = (
    "SELECT 1 FROM conversations"
    " WHERE room = ? AND conversation = ? AND state = 'closed' AND outcome IN ('no_answer', 'idle')"
)
SOLVE_GIVEN_UP = (
    "UPDATE conversations SET outcome = 'solved', since = 0,"
    " first_reply_at = CASE WHEN first_reply_at > 0 THEN first_reply_at ELSE ? END"
    " WHERE room = ? AND conversation = ? AND state = 'closed' AND outcome IN ('no_answer', 'idle')"
)
"""What nobody answered in time is answered after all."""
END_QUEUED = (
    "UPDATE conversations SET state = 'closed', outcome = 'no_answer', closed_at = ?"
    " WHERE room = ? AND state = 'queued' AND since > 0 AND since < ?"
)
RATE = (
    "UPDATE conversations SET score = ? WHERE room = ? AND conversation = ?"
    " AND opened_at = (SELECT MAX(c.opened_at) FROM conversations c WHERE c.room = ? AND c.conversation = ?)"
)
SAVE_MESSAGE = (
    "INSERT INTO conversation_messages (org, brand, room, conversation, message, at, who, person, text, state,"
    " suggestion, template, edited, counted_at, product, human_at, human_by, auto_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,'',0)"
    " ON CONFLICT (room, message) DO NOTHING"
)
ANSWERED_AT_CONSOLE = (
    "SELECT 1 FROM moderation_acts WHERE room = ? AND comment = ? AND kind = 'ReplyToComment' AND at <= ?"
    " AND state IN ('asked', 'waiting', 'pending', 'uncertain', 'done') LIMIT 1"
)
KNOWN_REPLY = "SELECT person, text, product FROM conversation_messages WHERE room = ? AND message = ?"
SETTLE_MESSAGE = "UPDATE conversation_messages SET state = ? WHERE room = ? AND message = ?"
START_CLOCKS = (
    "UPDATE conversation_messages SET counted_at = ?"
    " WHERE room = ? AND conversation = ? AND who = 'customer' AND counted_at = 0 AND at <= ?"
)
ANSWERED_BY_PERSON = (
    "UPDATE conversation_messages SET human_at = ?, human_by = ?"
    " WHERE room = ? AND conversation = ? AND who = 'customer' AND human_at = 0 AND at <= ?"
)
ANSWERED_BY_ITSELF = (
    "UPDATE conversation_messages SET auto_at = ?"
    " WHERE room = ? AND conversation = ? AND who = 'customer' AND human_at = 0 AND auto_at = 0 AND at <= ?"
)
SAVE_SUGGESTION = (
    "INSERT INTO reply_suggestions (org, brand, room, conversation, reply, message, at, text, facts, topic, due_at,"
    " made_by, state, why) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'offered','') ON CONFLICT (room, reply) DO NOTHING"
)
SETTLE_SUGGESTION = "UPDATE reply_suggestions SET state = ?, why = ? WHERE room = ? AND reply = ? AND state = 'offered'"

SAVE_VIEW = (
    "INSERT INTO conversation_viewers (org, brand, room, conversation, person, at, typing) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (room, conversation, person) DO UPDATE SET at = excluded.at, typing = excluded.typing"
)
END_VIEW = "DELETE FROM conversation_viewers WHERE room = ? AND conversation = ? AND person = ?"
END_VIEWS = "DELETE FROM conversation_viewers WHERE room = ? AND conversation = ?"
VIEWS = (
    "SELECT person, typing FROM conversation_viewers WHERE room = ? AND conversation = ? AND at >= ? ORDER BY person"
)

SAVE_HOURS = (
    "INSERT INTO service_hours (org, brand, room, person, at, spans, set_by) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (room, person, at) DO UPDATE SET spans = excluded.spans, set_by = excluded.set_by"
)
HOURS_OF = "SELECT room, person, at, spans FROM service_hours WHERE room IN ({rooms}) ORDER BY room, person, at"

KNOWN = (
    "SELECT fact, question, answer, topic, product, source, version FROM knowledge"
    " WHERE org = ? AND brand = ? AND removed = 0 AND (until = 0 OR until > ?) AND topic IN (?, 'other')"
    " AND product IN (?, '') ORDER BY fact LIMIT 400"
)
KNOWN_STILL = (
    "SELECT fact, version FROM knowledge WHERE org = ? AND brand = ? AND fact = ? AND removed = 0"
    " AND (until = 0 OR until > ?)"
)
SAVE_FACT = (
    "INSERT INTO knowledge (org, brand, fact, question, answer, topic, product, source, until, version, saved_by,"
    " removed) VALUES (?,?,?,?,?,?,?,?,?,1,?,0)"
    " ON CONFLICT (org, brand, fact) DO UPDATE SET question = excluded.question, answer = excluded.answer,"
    " topic = excluded.topic, product = excluded.product, source = excluded.source, until = excluded.until,"
    " version = knowledge.version + 1, saved_by = excluded.saved_by, removed = 0"
)
REMOVE_FACT = "UPDATE knowledge SET removed = 1, version = version + 1 WHERE org = ? AND brand = ? AND fact = ?"
HAS_FACT = "SELECT 1 FROM knowledge WHERE org = ? AND brand = ? AND fact = ? AND removed = 0"
LIST_FACTS = (
    "SELECT fact, question, answer, topic, product, source, until, version, saved_by FROM knowledge"
    " WHERE org = ? AND brand = ? AND removed = 0 ORDER BY topic, product, question, fact"
)
SAVE_TEMPLATE = (
    "INSERT INTO reply_templates (org, brand, template, title, text, topic, hotkey, saved_by, removed)"
    " VALUES (?,?,?,?,?,?,?,?,0) ON CONFLICT (org, brand, template) DO UPDATE SET title = excluded.title,"
    " text = excluded.text, topic = excluded.topic, hotkey = excluded.hotkey, saved_by = excluded.saved_by, removed = 0"
)
REMOVE_TEMPLATE = "UPDATE reply_templates SET removed = 1 WHERE org = ? AND brand = ? AND template = ?"
HAS_TEMPLATE = "SELECT 1 FROM reply_templates WHERE org = ? AND brand = ? AND template = ? AND removed = 0"
HOTKEY_TAKEN = (
    "SELECT title FROM reply_templates WHERE org = ? AND brand = ? AND hotkey = ? AND template <> ? AND removed = 0"
)
LIST_TEMPLATES = (
    "SELECT template, title, text, topic, hotkey FROM reply_templates"
    " WHERE org = ? AND brand = ? AND removed = 0 ORDER BY hotkey, title, template"
)

_INBOX = (
    "SELECT room, conversation, channel, viewer, name, label, topic, product, order_number, agent, state, opened_at,"
    " human_at, first_reply_at, since, last_at, step, closed_at, outcome, score, newest, deadline FROM conversations"
)
OPEN_IN = _INBOX + " WHERE room IN ({rooms}) AND state = 'open' ORDER BY (since = 0), since, last_at DESC LIMIT ?"
CLOSED_IN = _INBOX + " WHERE room IN ({rooms}) AND state = 'closed' AND last_at < ? ORDER BY last_at DESC LIMIT ?"
QUEUED_IN = (
    _INBOX + " WHERE room IN ({rooms}) AND state = 'queued'"
    " AND (since > ? OR (since = ? AND (conversation > ? OR (conversation = ? AND room > ?))))"
    " ORDER BY since, conversation, room LIMIT ?"
)
COUNT_QUEUED = (
    "SELECT room, COUNT(*) FROM conversations WHERE room IN ({rooms}) AND state = 'queued' GROUP BY room ORDER BY room"
)
IN_TALK = "SELECT DISTINCT room FROM conversations WHERE room IN ({rooms}) AND state = 'open' ORDER BY room"
ONE = _INBOX + " WHERE room = ? AND conversation = ? ORDER BY opened_at DESC LIMIT 1"
OF_VIEWER = _INBOX + " WHERE org = ? AND brand = ? AND viewer = ? AND room IN ({rooms}) ORDER BY opened_at DESC LIMIT ?"
NAME_OF = "SELECT name FROM conversations WHERE room = ? AND conversation = ? ORDER BY opened_at DESC LIMIT 1"
BETWEEN = _INBOX + " WHERE room IN ({rooms}) AND opened_at >= ? AND opened_at < ? ORDER BY opened_at, conversation"
TALKED = (
    "SELECT room, conversation, viewer, order_number, label, opened_at FROM conversations WHERE room IN ({rooms})"
    " AND channel = 'message' AND opened_at >= ? AND opened_at < ? ORDER BY opened_at, room, conversation"
)
ENQUIRED = (
    "SELECT m.room, m.conversation, c.opened_at, c.viewer, c.order_number, m.at FROM conversation_messages m"
    " JOIN conversations c ON c.room = m.room AND c.conversation = m.conversation AND c.channel = 'message'"
    " AND c.opened_at = (SELECT MAX(o.opened_at) FROM conversations o WHERE o.room = m.room"
    " AND o.conversation = m.conversation AND o.opened_at <= m.at)"
    " WHERE m.room IN ({rooms}) AND m.who = 'customer' AND m.at >= ? AND m.at < ?"
    " ORDER BY m.at, m.room, m.conversation, m.message"
)
EVER_TALKED = (
    "SELECT room, MAX(last_at) FROM conversations WHERE room IN ({rooms}) AND channel = 'message' GROUP BY room"
)
MESSAGES = (
    "SELECT message, at, who, person, text, state, suggestion, edited, human_at, auto_at, product"
    " FROM conversation_messages"
    " WHERE room = ? AND conversation = ? AND at < ? ORDER BY at DESC, message DESC LIMIT ?"
)
ASKED_BETWEEN = (
    "SELECT room, conversation, message, at, counted_at, human_at, human_by, auto_at FROM conversation_messages"
    " WHERE room IN ({rooms}) AND who = 'customer' AND at >= ? AND at < ? ORDER BY room, conversation, at, message"
)
SUGGESTED = (
    "SELECT reply, message, at, text, facts, topic, due_at, state, why, made_by FROM reply_suggestions"
    " WHERE room = ? AND conversation = ? ORDER BY at DESC, reply LIMIT 20"
)
SUGGESTED_BETWEEN = (
    "SELECT topic, state, why, COUNT(*) FROM reply_suggestions WHERE room IN ({rooms}) AND at >= ? AND at < ?"
    " GROUP BY topic, state, why ORDER BY topic, state, why"
)
PAST_ANSWERS = (
    "SELECT q.text, a.text, a.person, a.at, a.room, a.message FROM conversation_messages a"
    " JOIN conversation_messages q ON q.room = a.room AND q.conversation = a.conversation AND q.who = 'customer'"
    " AND q.human_at > 0 AND q.human_at >= a.at AND q.at <= a.at AND q.human_at - a.at <= 60000"
    " WHERE a.org = ? AND a.brand = ? AND a.who = 'agent' AND a.person <> '' AND a.state = 'sent'"
    " ORDER BY a.at DESC LIMIT ?"
)

SAVE_OUTREACH = (
    "INSERT INTO order_outreach (org, brand, room, number, about, reply, conversation, viewer, text, state, why,"
    " made_at, due_at, moved_at, moved_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (room, number, about) DO NOTHING"
)
MOVE_OUTREACH = (
    "UPDATE order_outreach SET state = ?, due_at = 0, moved_at = ?, moved_by = ?"
    " WHERE room = ? AND number = ? AND about = ?"
)
PUT_OFF_OUTREACH = "UPDATE order_outreach SET due_at = ? WHERE room = ? AND number = ? AND about = ?"
SEND_OUTREACH = (
    "UPDATE order_outreach SET state = 'sending', reply = ?, conversation = ?, text = ?, due_at = 0, moved_at = ?,"
    " moved_by = ? WHERE room = ? AND number = ? AND about = ?"
)
_OUTREACH = "SELECT number, about, reply, conversation, viewer, text, state, due_at FROM order_outreach WHERE room = ?"
OUTREACH_OF = _OUTREACH + " AND number = ? AND about = ?"
OUTREACH_BY = _OUTREACH + " AND reply = ?"
WROTE_OUTREACH = (
    "SELECT 1 FROM order_outreach WHERE room = ? AND conversation = ? AND state IN ('sending', 'sent', 'uncertain')"
    " LIMIT 1"
)
REFUSE_OUTREACH = "UPDATE order_outreach SET why = 'refused', moved_at = ? WHERE room = ? AND conversation = ?"
SAVE_REFUSAL = (
    "INSERT INTO message_refusals (org, brand, mark, at) VALUES (?,?,?,?) ON CONFLICT (org, brand, mark) DO NOTHING"
)
REFUSED = (
    "SELECT 1 FROM message_refusals WHERE org = ? AND brand = ? AND mark = ? UNION ALL"
    " SELECT 1 FROM order_outreach WHERE org = ? AND brand = ? AND viewer = ? AND why = 'refused' LIMIT 1"
)
TALK_OF = (
    "SELECT conversation FROM conversations WHERE room = ? AND viewer = ? AND channel = 'message'"
    " ORDER BY last_at DESC, conversation LIMIT 1"
)
OWN_WORDS = (
    "SELECT text FROM reply_templates WHERE org = ? AND brand = ? AND topic = ? AND removed = 0"
    " ORDER BY hotkey, title, template LIMIT 5"
)
LIST_OUTREACH = (
    "SELECT about, conversation, text, state, why, made_at, due_at, moved_at, moved_by FROM order_outreach"
    " WHERE room = ? AND number = ? ORDER BY made_at, about"
)
