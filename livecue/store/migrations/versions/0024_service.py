"""The service desk: conversations, their messages, suggestions; templates and knowledge of the office."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE conversations (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, conversation TEXT NOT NULL, channel TEXT NOT NULL,
        viewer TEXT NOT NULL, name TEXT NOT NULL, show TEXT NOT NULL, label TEXT NOT NULL, topic TEXT NOT NULL,
        product TEXT NOT NULL, order_number TEXT NOT NULL, agent TEXT NOT NULL, state TEXT NOT NULL,
        opened_at INTEGER NOT NULL, human_at INTEGER NOT NULL, first_reply_at INTEGER NOT NULL,
        since INTEGER NOT NULL, last_at INTEGER NOT NULL, step INTEGER NOT NULL, closed_at INTEGER NOT NULL,
        outcome TEXT NOT NULL, score INTEGER NOT NULL, newest TEXT NOT NULL,
        PRIMARY KEY (room, conversation, opened_at))""",
    "CREATE INDEX conversations_open ON conversations (room, state, since)",
    "CREATE INDEX conversations_by_time ON conversations (room, opened_at)",
    "CREATE INDEX conversations_by_viewer ON conversations (org, brand, viewer, opened_at)",
    """CREATE TABLE conversation_messages (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, conversation TEXT NOT NULL, message TEXT NOT NULL,
        at INTEGER NOT NULL, who TEXT NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL,
        suggestion TEXT NOT NULL, template TEXT NOT NULL, edited INTEGER NOT NULL, counted_at INTEGER NOT NULL,
        human_at INTEGER NOT NULL, human_by TEXT NOT NULL, auto_at INTEGER NOT NULL,
        PRIMARY KEY (room, message))""",
    "CREATE INDEX conversation_messages_in_order ON conversation_messages (room, conversation, at, message)",
    "CREATE INDEX conversation_messages_by_time ON conversation_messages (room, who, at)",
    """CREATE TABLE conversation_viewers (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, conversation TEXT NOT NULL, person TEXT NOT NULL,
        at INTEGER NOT NULL, typing INTEGER NOT NULL,
        PRIMARY KEY (room, conversation, person))""",
    """CREATE TABLE reply_suggestions (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, conversation TEXT NOT NULL, reply TEXT NOT NULL,
        message TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL, facts TEXT NOT NULL, topic TEXT NOT NULL,
        due_at INTEGER NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL,
        PRIMARY KEY (room, reply))""",
    "CREATE INDEX reply_suggestions_by_conversation ON reply_suggestions (room, conversation, at)",
    "CREATE INDEX reply_suggestions_by_time ON reply_suggestions (room, at)",
    """CREATE TABLE reply_templates (
        org TEXT NOT NULL, brand TEXT NOT NULL, template TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
        topic TEXT NOT NULL, hotkey TEXT NOT NULL, saved_by TEXT NOT NULL, removed INTEGER NOT NULL,
        PRIMARY KEY (org, brand, template))""",
    """CREATE TABLE knowledge (
        org TEXT NOT NULL, brand TEXT NOT NULL, fact TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
        topic TEXT NOT NULL, product TEXT NOT NULL, source TEXT NOT NULL, until INTEGER NOT NULL,
        version INTEGER NOT NULL, saved_by TEXT NOT NULL, removed INTEGER NOT NULL,
        PRIMARY KEY (org, brand, fact))""",
    "CREATE INDEX knowledge_by_topic ON knowledge (org, brand, topic, product)",
)
