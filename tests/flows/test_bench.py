"""The measurement asks the running server what is on and what it counted, and fails when that is not all of it."""

import copy
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from bench.counted import PARTS, TILES, differences, everything_on, off, sustained, totals
from bench.ingest import ingest
from bench.promise import NATS_ONE, NATS_THREE, POSTGRES, SQLITE, promise_of
from bench.push import knee
from bench.reservations import _serve
from livecue.cues import DETECTORS
from livecue.events import EVENT_KINDS


def running() -> dict[str, Any]:
    rules = {"compliance": "a", "cues": "b", "desk": "c"}
    return {
        "version": "1",
        "parts": {name: rules.get(name, "") for name in PARTS},
        "detectors": {"on": [item.rule for item in DETECTORS], "off": []},
        "packs": {"version": "v", "entries": 9},
        "event_kinds": len(EVENT_KINDS),
    }


def test_all_on_is_told_once_for_all_rooms() -> None:
    told = everything_on({"r1": running(), "r2": running()})
    assert told["rooms"] == 2 and set(told["parts"]) == set(PARTS) and len(told["detectors"]) == len(DETECTORS)
    assert told["judgements"] == "c" and told["word_packs"]["entries"] == 9


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda told: told["parts"].pop("sales"), "part sales is off"),
        (lambda told: told["parts"].update(desk=""), "desk judges by no rules"),
        (lambda told: told["detectors"]["on"].remove("R065"), "detector R065 is off"),
        (lambda told: told["packs"].update(entries=0), "no word pack"),
        (lambda told: told.update(parts=None), "nobody has opened"),
        (lambda told: told.update(event_kinds=3), "knows 3 kinds"),
    ],
)
def test_a_part_that_is_off_stops_the_measurement(change: Any, why: str) -> None:
    told = running()
    change(told)
    assert any(why in line for line in off(told))
    with pytest.raises(SystemExit, match="room r2"):
        everything_on({"r1": running(), "r2": told})


def test_rooms_that_differ_stop_it_too() -> None:
    other = running()
    other["packs"]["version"] = "older"
    with pytest.raises(SystemExit, match="r2 from r1"):
        everything_on({"r1": running(), "r2": other})


def test_the_promise_beside_a_figure_is_that_of_the_shape_it_was_taken_in() -> None:
    dsn = {"LIVECUE_STORE_DSN": "postgresql://x/y"}
    nats = dsn | {"LIVECUE_STORE_NATS": "nats://x"}
    assert promise_of({}) is SQLITE and promise_of(dsn) is POSTGRES and promise_of(nats) is NATS_ONE
    assert promise_of(nats | {"LIVECUE_STORE_NATS_REPLICAS": "3"}) is NATS_THREE
    # Acknowledged is not flushed there: nothing else may be said of it.
    assert "lost" in NATS_ONE["power_loss_of_the_machine"] and "kept" not in NATS_ONE["power_loss_of_the_machine"]


def sent() -> dict[str, Any]:
    made = {"events": 100, "repeats": 4, "likes": 9, "gmv": 70, "kinds": dict.fromkeys(TILES, 3)}
    counted = {"likes": 9, "gmv": 70, "duplicates": 4, **dict.fromkeys(TILES, 3)}
    return {"made": made, "counted": counted, "accepted": 96, "rejected": 0, "duplicates": 4}


def test_any_figure_that_differs_is_told() -> None:
    assert differences(sent()) == []
    for name in sent()["counted"]:
        wrong = copy.deepcopy(sent())
        wrong["counted"][name] -= 1
        (line,) = differences(wrong)
        assert "counted" in line
    lost = sent() | {"accepted": 95}
    assert differences(lost) == ["lines answered: sent 100, counted 99"]
    refused = sent() | {"accepted": 95, "rejected": 1}
    assert differences(refused) == ["rejected lines: sent 0, counted 1"]


def test_rooms_are_added_up_and_what_nobody_sent_is_nothing() -> None:
    def snapshot(views: float | None) -> dict[str, Any]:
        tiles = [
            {"metric": "M03", "window": "show", "value": views},
            {"metric": "M03", "window": "5m", "value": 1_000},
        ]
        return {"metrics": {"tiles": tiles}}

    assert totals([snapshot(3), snapshot(None), snapshot(4)])["ViewerEntered"] == 7


def test_sustained_is_a_backlog_that_stays_flat_for_a_minute() -> None:
    def course(*waiting: int) -> list[tuple[float, int, int]]:
        return [(60 * n / len(waiting), count // 2, count - count // 2) for n, count in enumerate(waiting)]

    steady, growing = course(*[4_000, 7_000, 5_000] * 8), course(*range(0, 120_000, 5_000))
    assert sustained(steady, 60, 2_000)["backlog_flat"] is True
    assert sustained(growing, 60, 2_000)["backlog_flat"] is False
    assert "too short" in sustained(steady, 30, 2_000)["backlog_flat"]
    assert "too short" in sustained([], 60, 2_000)["backlog_flat"]
    # What is drained after the last post says nothing about keeping up.
    assert sustained([*steady, (61.0, 90_000, 0)], 60, 2_000)["backlog_flat"] is True


@pytest.mark.faults
def test_a_small_run_counts_what_was_sent(tmp_path: Path) -> None:
    found = ingest(2, 20, lines=200, connections=2, events=2_000)
    assert found["made"]["events"] >= 2_000 and differences(found) == []
    assert found["counted"]["duplicates"] == found["made"]["repeats"] > 0
    assert found["sustained"]["seconds"] > 0 and found["backlog"]


def crowd_of(p50: float, p99: float, cpu: float = 0.3, n: int = 9) -> dict[str, Any]:
    return {"client": {"n": n, "p50_ms": p50, "p99_ms": p99} if n else {"n": 0}, "clients_cpu_share": cpu}


@pytest.mark.parametrize(
    ("runs", "within", "bent", "short"),
    [
        ({100: crowd_of(40, 90), 200: crowd_of(60, 100), 400: crowd_of(80, 300), 700: crowd_of(81, 99)}, 200, 400, []),
        ({100: crowd_of(40, 101), 200: crowd_of(40, 90)}, 0, 200, []),
        ({100: crowd_of(40, 90), 200: crowd_of(0, 0, n=0), 400: crowd_of(40, 90)}, 100, 100, []),
        ({100: crowd_of(40, 90), 200: crowd_of(40, 90, cpu=0.97)}, 100, 100, [200]),
        ({100: crowd_of(0, 0, n=0), 200: crowd_of(40, 90)}, 0, 0, []),
    ],
)
def test_the_knee_is_where_the_waits_turn_up(
    runs: dict[int, dict[str, Any]], within: int, bent: int, short: list[int]
) -> None:
    """What comes behind a crowd that was too much says nothing; clients without a processor are no figure."""
    assert knee(runs) == {"within_aim": within, "knee": bent, "clients_short_of_processor": short}


class Refusing:
    """A pump that keeps nothing of what is sent."""

    def post(self, *_: Any, **__: Any) -> Future[Any]:
        refused: Future[Any] = Future()
        refused.set_exception(RuntimeError("the disk is full"))
        return refused


def test_a_run_of_reservations_ends_when_a_post_fails() -> None:
    ended: Future[str] = Future()

    def serve() -> None:
        try:
            _serve(Refusing(), 5)  # type: ignore[arg-type]  # no pump
        except SystemExit as error:
            ended.set_result(str(error))

    threading.Thread(target=serve, daemon=True).start()
    assert "the disk is full" in ended.result(60)
