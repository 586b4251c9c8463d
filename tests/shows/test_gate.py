"""A real show goes on air only when nothing holds it; nobody overrides that."""

from pathlib import Path

import msgspec

from livecue.events import CommandApplied, CommandRefused, ShowHeld, ShowPlanned, ShowStarted
from livecue.shows import Shows
from tests.folding import ROOM, TestUnit


def start(tmp_path: Path, nature: str, *held: ShowHeld) -> object:
    unit = TestUnit(tmp_path / "db")
    ledger = Shows(msgspec.structs.replace(ROOM, nature=nature), None)
    ledger.fold([ShowPlanned(show="s", title="晚场", starts_at=1, command="p")], unit)
    ledger.fold(list(held), unit)
    again = Shows(msgspec.structs.replace(ROOM, nature=nature), ledger.dump())
    unit.announced.clear()
    again.fold([ShowStarted(show="s", command="c")], unit)
    return unit.announced[-1]


def test_what_is_held_does_not_start(tmp_path: Path) -> None:
    said = start(tmp_path, "real", ShowHeld(show="s", reasons=("block", "unsigned")))
    assert isinstance(said, CommandRefused)
    assert (said.code, said.about) == ("not_signed", {"reasons": "block,unsigned"})


def test_what_is_freed_starts(tmp_path: Path) -> None:
    said = start(tmp_path, "real", ShowHeld(show="s", reasons=("unsigned",)), ShowHeld(show="s"))
    assert said == CommandApplied(command="c")


def test_a_rehearsal_may_start_unsigned(tmp_path: Path) -> None:
    assert start(tmp_path, "rehearsed", ShowHeld(show="s", reasons=("unsigned",))) == CommandApplied(command="c")


def test_a_plan_saved_anew_stays_held(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "db")
    ledger = Shows(msgspec.structs.replace(ROOM, nature="real"), None)
    ledger.fold([ShowPlanned(show="s", title="晚场", starts_at=1)], unit)
    ledger.fold([ShowHeld(show="s", reasons=("unsigned",)), ShowHeld(show="other", reasons=("unsigned",))], unit)
    ledger.fold([ShowPlanned(show="s", title="晚场", starts_at=2)], unit)
    ledger.fold([ShowStarted(show="s", command="c")], unit)
    assert isinstance(unit.announced[-1], CommandRefused)
