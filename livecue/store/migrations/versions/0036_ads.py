"""Plans of paid traffic, and what it cost by campaign."""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE ad_plans (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL, version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (room, show))""",
    """CREATE TABLE ad_spend (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL, campaign TEXT NOT NULL,
        at INTEGER NOT NULL, spent INTEGER NOT NULL, gmv INTEGER NOT NULL, orders INTEGER NOT NULL,
        attribution TEXT NOT NULL, file TEXT NOT NULL,
        PRIMARY KEY (room, show, campaign, at))""",
)
