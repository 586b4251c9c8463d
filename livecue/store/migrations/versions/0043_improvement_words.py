"""Improvements of a debrief in both languages; "" where a person wrote one."""

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = tuple(
    f"ALTER TABLE improvements ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
    for column in ("title_zh", "title_en", "evidence_zh", "evidence_en")
)
