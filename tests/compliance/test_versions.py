"""Versions: kept once, compared with each other and with days."""

from pathlib import Path

import pytest

from livecue.compliance import (
    days_of_change,
    differences,
    engine_for,
    keep_version,
    list_versions,
    load_packs,
    packs_at,
)
from livecue.errors import NotFound
from livecue.store import SqliteWriter
from tests.folding import TestUnit


def test_a_version_is_kept_once_and_read_back(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "db")
    unit.db.close()
    writer = SqliteWriter(tmp_path / "db")
    writer.begin()
    version = keep_version(writer, 5)
    assert keep_version(writer, 9) == version == engine_for().version
    assert [(row.version, row.kept_at) for row in list_versions(writer)] == [(version, 5)]
    assert packs_at(writer, version) == load_packs()
    assert differences(packs_at(writer, version), load_packs()) == []
    with pytest.raises(NotFound, match="no version"):
        packs_at(writer, "2020.1+nonsense")
    writer.rollback()
    writer.close()


def test_two_days_differ_by_the_rules_that_came_between(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "db")
    found = differences(packs_at(unit, "2022-06-30"), packs_at(unit, "2022-07-01"))
    assert {row.what for row in found} == {"added"}
    assert "P.original" in {row.entry for row in found} and all(row.basis for row in found)
    back = differences(packs_at(unit, "2022-07-01"), packs_at(unit, "2022-06-30"))
    assert [(row.entry, row.what) for row in back] == [(row.entry, "removed") for row in found]
    assert "2022-07-01" in days_of_change()


def test_a_changed_rule_names_its_fields() -> None:
    import msgspec

    old = load_packs(["terms"])
    entry = old[0].entries[0]
    new = (
        msgspec.structs.replace(
            old[0], entries=(msgspec.structs.replace(entry, severity="warn", texts=(*entry.texts[::-1], "概不负责")),
                             *old[0].entries[1:])
        ),
    )  # fmt: skip
    (row,) = differences(old, new)
    assert row.what == "changed" and set(row.fields) == {"severity", "texts"}
    assert row.fields["severity"] == ("block", "warn")
