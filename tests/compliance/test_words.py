"""Own words: told to a room, counted from the next text on, the closest scope wins, refused with what to do."""

from pathlib import Path

import msgspec
import pytest

from livecue.compliance import Compliance, engine_of, list_word_changes, standing_words, words_of
from livecue.events import CommandApplied, CommandRefused, OwnWordSet, SpeechHeard, TextFlagged
from livecue.flow import RoomInfo
from tests.folding import ROOM, TestUnit

TERMS = msgspec.structs.replace(ROOM, packs=("terms",))
SAID = SpeechHeard(key="h", text="隔壁直播间都在卖")


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "db")


def word(command: str = "c1", **changes: object) -> OwnWordSet:
    fields = {"word": "隔壁直播间", "severity": "block", "reason": "不提别家", "command": command, "by": "lin"}
    return OwnWordSet(**{**fields, **changes})  # type: ignore[arg-type]


def found(unit: TestUnit) -> list[tuple[str, str]]:
    rows = [(e.entry, e.severity) for e in unit.said(TextFlagged)]
    unit.announced.clear()
    return rows


def test_a_word_counts_from_the_next_text_on_and_after_a_restart(unit: TestUnit) -> None:
    ledger = Compliance(TERMS, None)
    ledger.fold([SAID], unit)
    assert found(unit) == []
    before = ledger.picture(unit.now).version
    ledger.fold([word()], unit)
    assert unit.said(CommandApplied) == [CommandApplied(command="c1")]
    ledger.fold([SAID], unit)
    assert found(unit) == [("OWN", "block")]
    again = Compliance(TERMS, ledger.dump())
    again.fold([SAID], unit)
    assert found(unit) == [("OWN", "block")]
    assert again.picture(unit.now).version == ledger.picture(unit.now).version != before
    again.fold([word("c2", removed=True)], unit)
    again.fold([SAID], unit)
    assert found(unit) == []
    assert again.picture(unit.now).version == before == engine_of(TERMS).version


def test_the_closest_scope_wins(unit: TestUnit) -> None:
    ledger = Compliance(TERMS, None)
    ledger.fold([word("c1", scope="org")], unit)
    ledger.fold([word("c2", scope="brand", severity="warn")], unit)
    unit.announced.clear()
    ledger.fold([SAID], unit)
    assert found(unit) == [("OWN", "warn")]
    ledger.fold([word("c3", scope="room", severity="silent")], unit)
    unit.announced.clear()
    ledger.fold([SAID], unit)
    assert found(unit) == []


def test_a_name_is_let_pass_whatever_a_pack_says(unit: TestUnit) -> None:
    room = msgspec.structs.replace(ROOM, packs=("absolute",))
    ledger = Compliance(room, None)
    ledger.fold([word("c1", word="最好时光面霜", severity="silent", reason="注册商标")], unit)
    unit.announced.clear()
    ledger.fold([SpeechHeard(key="h", text="这瓶最好时光面霜今天有")], unit)
    assert found(unit) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"word": " "}, "word_length"),
        ({"word": "字" * 41}, "word_length"),
        ({"word": "！！"}, "word_length"),
        ({"scope": "world"}, "word_scope"),
        ({"severity": "kill"}, "word_severity"),
        ({"doors": ("script", "window")}, "word_doors"),
        ({"reason": " "}, "word_reason"),
        ({"removed": True}, "word_gone"),
    ],
)
def test_bad_words_are_refused_with_what_to_do(unit: TestUnit, changes: dict[str, object], code: str) -> None:
    ledger = Compliance(TERMS, None)
    before = ledger.dump()
    ledger.fold([word(**changes)], unit)
    (refused,) = unit.said(CommandRefused)
    assert refused.code == code and refused.why
    assert ledger.dump() == before
    assert list_word_changes(unit, "o", "b", "r1") == []


def test_rows_tell_who_set_what_and_why_and_give_the_same_words(unit: TestUnit) -> None:
    ledger = Compliance(TERMS, None)
    for number, event in enumerate(
        [word("c1"), word("c2", word="国货之光", severity="warn"), word("c3", removed=True)]
    ):
        unit.number = number + 1
        ledger.fold([event], unit)
    rows = list_word_changes(unit, "o", "b", "r1")
    assert [(row.command, row.set_by, row.reason, row.removed) for row in rows] == [
        ("c1", "lin", "不提别家", False), ("c2", "lin", "不提别家", False), ("c3", "lin", "不提别家", True),
    ]  # fmt: skip
    assert [row.word for row in standing_words(rows)] == ["国货之光"]
    assert engine_of(TERMS, 0, words_of(rows)).version == ledger.picture(unit.now).version
    assert list_word_changes(unit, "o", "other", "r1") == []


def test_a_rule_counts_from_its_day_on() -> None:
    """A text is judged by what was in force at its time, by the calendar of the room."""
    from livecue.compliance import force_day, newest_day

    room = RoomInfo(room="r", org="o", brand="b", packs=("price",), time_zone="Asia/Shanghai")
    last_second = 1_656_604_799_000  # 2022-06-30 23:59:59 in Shanghai
    old, new = engine_of(room, last_second), engine_of(room, last_second + 1_000)
    assert not old.check(["原价一千"])[0]
    assert [hit.entry for hit in new.check(["原价一千"])[0]] == ["P.original"]
    assert old.version != new.version
    assert force_day("Asia/Shanghai", 1_000) == newest_day() == force_day("Asia/Shanghai", 0)
