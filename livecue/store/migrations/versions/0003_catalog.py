"""Products, offers and draws of a brand."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE products (
        org TEXT NOT NULL, brand TEXT NOT NULL, product TEXT NOT NULL,
        name TEXT NOT NULL, category TEXT NOT NULL, role TEXT NOT NULL, price INTEGER NOT NULL,
        currency TEXT NOT NULL, cost INTEGER NOT NULL, supplier TEXT NOT NULL, commission_bp INTEGER NOT NULL,
        active INTEGER NOT NULL, card TEXT NOT NULL,
        PRIMARY KEY (org, brand, product))""",
    """CREATE TABLE offers (
        org TEXT NOT NULL, brand TEXT NOT NULL, offer TEXT NOT NULL,
        title TEXT NOT NULL, product TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL,
        PRIMARY KEY (org, brand, offer))""",
    """CREATE TABLE draws (
        org TEXT NOT NULL, brand TEXT NOT NULL, draw TEXT NOT NULL,
        title TEXT NOT NULL, prize TEXT NOT NULL, prizes INTEGER NOT NULL, value INTEGER NOT NULL,
        method TEXT NOT NULL, word TEXT NOT NULL,
        PRIMARY KEY (org, brand, draw))""",
)
