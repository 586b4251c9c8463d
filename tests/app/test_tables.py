"""Every row carries organisation and brand from the first migration; every migration leads to the next."""

import sqlite3
from pathlib import Path

from livecue.store import migrate


def test_every_table_has_organisation_and_brand(tmp_path: Path) -> None:
    migrate(tmp_path / "a.db")
    connection = sqlite3.connect(tmp_path / "a.db")
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert len(tables) > 30
    for table in tables:
        if table in ("alembic_version", "sqlite_sequence"):
            continue
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        assert columns >= {"org", "brand"}, table


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    migrate(tmp_path / "a.db")
    before = (tmp_path / "a.db").read_bytes()
    migrate(tmp_path / "a.db")
    assert (tmp_path / "a.db").read_bytes() == before
