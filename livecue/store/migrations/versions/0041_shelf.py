"""Timed plans of live actions; draws with their rules, seeds and who took part."""

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE shelf_plans (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL, version INTEGER NOT NULL,
        by_person TEXT NOT NULL, at INTEGER NOT NULL, steps TEXT NOT NULL,
        PRIMARY KEY (room, show))""",
    """CREATE TABLE held_draws (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, draw TEXT NOT NULL, show TEXT NOT NULL,
        kind TEXT NOT NULL, state TEXT NOT NULL, rules TEXT NOT NULL, commitment TEXT NOT NULL, digest TEXT NOT NULL,
        seed TEXT NOT NULL, entrants INTEGER NOT NULL, winners TEXT NOT NULL, by_person TEXT NOT NULL,
        second_by TEXT NOT NULL, asked_at INTEGER NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (room, draw))""",
    """CREATE TABLE draw_seeds (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, draw TEXT NOT NULL, seed TEXT NOT NULL,
        salt TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room, draw))""",
    """CREATE TABLE draw_entrants (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, draw TEXT NOT NULL, code TEXT NOT NULL,
        viewer TEXT NOT NULL, name TEXT NOT NULL, comment TEXT NOT NULL, at INTEGER NOT NULL, place INTEGER NOT NULL,
        prize TEXT NOT NULL, note TEXT NOT NULL, noted_at INTEGER NOT NULL, noted_by TEXT NOT NULL,
        PRIMARY KEY (room, draw, code))""",
    "CREATE INDEX draw_entrants_by_viewer ON draw_entrants (room, viewer)",
)
