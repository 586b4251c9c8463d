"""Brings a database to the newest schema; the statements of the migrations are the same for every driver."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from livecue.errors import BadInput

MIGRATIONS = Path(__file__).parent / "migrations"
_MADE = re.compile(r"CREATE TABLE (\w+)|DROP TABLE (\w+)|ALTER TABLE (\w+) RENAME TO (\w+)")


def newest_revision() -> str:
    """The revision this program wants."""
    return str(_scripts().get_current_head())


def tables() -> list[str]:
    """Every table of the newest schema, in the order they are made."""
    found: dict[str, None] = {}
    for script in reversed(list(_scripts().walk_revisions())):
        for statement in script.module.STATEMENTS:
            for made, dropped, old, new in _MADE.findall(statement):
                found.pop(dropped or old, None)
                if made or new:
                    found[made or new] = None
    return list(found)


def upgrade(connection: Any, where: str) -> None:
    """Run what is lacking on an SQLAlchemy connection inside its transaction.

    Raises ``BadInput`` when the database is newer than this program; errors of the database go through.
    """
    # Imported here: Alembic costs a third of a second that readers need not pay.
    from alembic import command
    from alembic.util.exc import CommandError

    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise BadInput(f"{where} was written by a newer LiveCue: {error}; upgrade the program") from error


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def migrate(path: Path) -> None:
    """Bring the database at ``path`` to the newest schema; makes it when it is missing.

    Raises ``BadInput`` when the file is no database or newer than this program.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DatabaseError

    if path.exists() and _revision(path) == newest_revision():
        return
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            upgrade(connection, str(path))
    except DatabaseError as error:
        raise BadInput(f"{path} is not a LiveCue database: {error.orig}") from error
    finally:
        engine.dispose()


def _revision(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path} is not a LiveCue database: {error}") from error
    finally:
        connection.close()
    return str(row[0]) if row else None
