"""How often a threshold would have fired over past shows."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from livecue.cues import PRESETS, MinutePast, Place, Threshold, history_of, how_often, named_presets, preset_in_force
from tests.folding import TestUnit

MINUTE = 60_000
START = 1_795_000_200_000


def show(
    name: str, metric: str, values: Sequence[float | None], scope: str = "room", sample: int = 200
) -> list[MinutePast]:
    return [
        MinutePast(name, START + place * MINUTE, metric, scope, value, sample) for place, value in enumerate(values)
    ]


def test_counts_with_hysteresis_and_cool_down() -> None:
    good, low = [200.0] * 10, [30.0] * 10
    history = show("a", "M45", [*good, *low, *good, *low]) + show("b", "M45", good * 3)
    preset = PRESETS["R001"][0]
    assert how_often(preset, history) == {"a": 2, "b": 0}
    # It hovers between the bounds: once is enough.
    hovering = show("c", "M45", [*good, *low, *([85.0] * 10), *low])
    assert how_often(preset, hovering) == {"c": 1}
    eager = msgspec.structs.replace(preset, values={**preset.values, "recover": 81})
    assert how_often(eager, hovering) == {"c": 2}
    patient = msgspec.structs.replace(eager, values={**eager.values, "cooldown_s": 3600})
    assert how_often(patient, hovering) == {"c": 1}


def test_the_seed_fires_in_every_show_where_the_calibrated_one_seldom_does() -> None:
    history = [row for n in range(10) for row in show(f"s{n}", "M28", [0.03 + n * 0.002] * 40, "product:p1")]
    presets = named_presets("R004", Place(), 0)
    assert sum(bool(count) for count in how_often(presets["seed"], history).values()) == 10
    assert sum(bool(count) for count in how_often(presets["calibrated"], history).values()) == 0


def test_unknown_all_along_or_beyond_minutes_is_not_zero() -> None:
    preset = PRESETS["R001"][0]
    assert how_often(preset, show("a", "M45", [None] * 30)) == {"a": None}
    assert how_often(preset, show("a", "M45", [None] * 20 + [20.0] * 20)) == {"a": 1}
    assert how_often(preset, show("a", "M45", [20.0] * 30, sample=2)) == {"a": 0}, "too few viewers to judge"
    assert how_often(PRESETS["R050"][0], show("a", "M45", [20.0] * 30)) == {"a": None}


def test_the_windows_weigh_minutes_by_their_sample() -> None:
    rows = [
        MinutePast("a", n * MINUTE, "M45", "room", 60.0 if n % 2 else 140.0, 300 if n % 2 else 20) for n in range(20)
    ]
    assert how_often(PRESETS["R001"][0], rows) == {"a": 1}, "65 where it counts, not the 100 of the plain mean"


@pytest.mark.parametrize("rule", ["R007", "R011", "R012"])
def test_rules_over_minutes_run_on_the_same_minutes(rule: str) -> None:
    steady, fallen = [50.0] * 40, [20.0] * 12
    rows = show("a", "M03", [*steady, *fallen]) + show("b", "M03", [*steady, *steady])
    falling = [100.0] * 30 + [95.0, 90.0, 84.0, 78.0] + [80.0] * 10
    online = show("a", "M06", [*falling]) + show("b", "M06", [100.0] * 44)
    history = online if rule == "R012" else rows
    assert how_often(PRESETS[rule][0], history) == {"a": 1, "b": 0}


def test_read_from_the_rows_of_the_room_alone(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    save = (
        "INSERT INTO minute_readings (org, brand, room, show, minute, metric, scope, value, sample)"
        " VALUES (?,?,?,?,?,?,?,?,?)"
    )
    for number, (brand, room, name) in enumerate(
        [("b", "r1", "s1"), ("b", "r1", "s2"), ("b", "r2", "s3"), ("x", "r9", "s4")]
    ):
        for minute in range(12):
            at = (number * 1000 + minute) * MINUTE
            unit.write(save, ("o", brand, room, name, at, "M45", "room", 20.0, 300))
            unit.write(save, ("o", brand, room, name, at, "M44", "room", 20.0, 300))
    history = history_of(unit, "o", "b", "r1", ["M45"])
    assert {row.show for row in history} == {"s1", "s2"} and {row.metric for row in history} == {"M45"}
    assert how_often(preset_in_force("R001", Place(), (), 0), history) == {"s1": 1, "s2": 1}
    gentle = Threshold(rule="R001", values=(("below", 10),))
    assert how_often(preset_in_force("R001", Place(), (gentle,), 0), history) == {"s1": 0, "s2": 0}
    assert {row.show for row in history_of(unit, "o", "b", "r1", ["M45"], shows=1)} == {"s2"}
