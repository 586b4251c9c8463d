"""What the program says of itself: to the office, to a load balancer, to Prometheus."""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from livecue.app import HistoryState, note_backup, web_of
from livecue.app.logs import JsonLines
from livecue.config import load_settings
from livecue.events import ClockTicked, CommentPosted, LikeGiven, ShowPlanned, ShowStarted
from livecue.store import SqliteWriter, Writer
from tests.web.conftest import House


def metrics_of(house: House, token: str = "secret") -> dict[str, float]:
    """Every sample without labels or with one, by its name and that label."""
    house.app.settings = load_settings(data=house.app.settings.data, metrics_token=token)
    from fastapi.testclient import TestClient

    client = TestClient(web_of(house.app), base_url="http://testserver")
    answered = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answered.status_code == 200, answered.text
    found = {}
    for family in text_string_to_metric_families(answered.text):
        for sample in family.samples:
            found[sample.name + "".join(f"|{value}" for value in sample.labels.values())] = sample.value
    return found


def test_a_load_balancer_hears_whether_it_works(house: House) -> None:
    client = house.client()
    answered = client.get("/healthz")
    assert (answered.status_code, answered.json()) == (200, {"ok": True, "troubles": []})
    house.app.pump.stop()
    answered = client.get("/healthz")
    assert answered.status_code == 503
    assert answered.json()["troubles"] == ["pump_stopped"]


def test_little_disk_is_said_and_keeps_the_door_open(house: House) -> None:
    house.web.state.services.sizes = lambda: {"disk_free": 1 << 20}
    answered = house.client().get("/healthz")
    assert (answered.status_code, answered.json()["troubles"]) == (200, ["low_disk"])


def test_metrics_stay_shut_without_a_token(house: House) -> None:
    assert house.client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401
    house.web.state.services.metrics_token = "secret"
    client = house.client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_metrics_count_what_was_folded(house: House) -> None:
    before = metrics_of(house)
    house.app.pump.post("r1", [LikeGiven(key=str(n)) for n in range(7)], source="s").result(60)
    after = metrics_of(house)
    assert after["livecue_events_folded_total"] - before["livecue_events_folded_total"] == 7
    assert after["livecue_answer_seconds_count"] - before["livecue_answer_seconds_count"] == 1
    assert after["livecue_answer_seconds_bucket|+Inf"] == after["livecue_answer_seconds_count"]
    assert after["livecue_cycle_seconds_count"] > before["livecue_cycle_seconds_count"]
    assert after["livecue_room_waiting_batches|r1"] == 0
    assert after["livecue_up"] == 1
    assert after["livecue_database_bytes"] > 0
    assert "livecue_backup_timestamp_seconds" not in after
    note_backup(house.app.settings.data)
    assert metrics_of(house)["livecue_backup_timestamp_seconds"] > 1_700_000_000


def test_the_office_sees_its_own_rooms_only(house: House) -> None:
    house.app.pump.post("r1", [LikeGiven(key="1")], source="s").result(60)
    found = house.client("ops").get("/api/health").json()
    assert list(found["rooms"]) == ["r1"]
    assert found["rooms"]["r1"]["waiting"] == 0
    assert found["troubles"] == []
    assert found["answer_p99_ms"] is None or found["answer_p99_ms"] > 0
    assert found["sizes"]["disk_free"] > 0
    assert list(house.client("stranger").get("/api/health").json()["rooms"]) == ["r2"]


def test_a_log_for_collectors_is_one_object_a_line(tmp_path: Path) -> None:
    try:
        raise ValueError("bad\nthing")
    except ValueError as error:
        record = logging.LogRecord(
            "livecue.flow", logging.ERROR, "f", 1, "room %s", ("一号",), (type(error), error, None)
        )
    line = JsonLines().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["from"], said["text"]) == ("error", "livecue.flow", "room 一号")
    assert "bad" in said["error"]


def test_how_archiving_went_is_said_by_whichever_program_does_it(house: House) -> None:
    archiving = house.app.archiving
    assert house.client("ops").get("/api/health").json()["history"] is None
    archiving.state = HistoryState(1_760_000_000_000, "the bucket is away")
    archiving._note()
    found = house.client("ops").get("/api/health").json()
    assert found["history"] == {"at": 1_760_000_000_000, "error": "the bucket is away"}
    assert found["troubles"] == ["history_failed"]
    # Nothing is lost by it: no reason to take the program out of service.
    assert house.client().get("/healthz").status_code == 200
    assert metrics_of(house)["livecue_history_failed"] == 1
    archiving.state = HistoryState(1_760_000_001_000)
    archiving._note()
    assert house.client("ops").get("/api/health").json()["troubles"] == []


def test_latency_is_of_the_newest_minute_that_knows_it(house: House) -> None:
    assert house.client("ops").get("/api/health").json()["rooms"]["r1"]["control_ms"] is None
    now = house.app.clock.now_ms()
    house.app.pump.post(
        "r1",
        [
            ShowPlanned(key="p", command="p", show="s1", title="s", starts_at=now),
            ShowStarted(key="st", command="st", show="s1"),
        ],
        source="s",
    ).result(60)

    def told(writer: Writer) -> None:
        for minute, value in ((1, 120.0), (2, 340.0), (3, None)):
            writer.write(
                "INSERT INTO minute_readings (org, brand, room, show, minute, metric, scope, value, sample)"
                " VALUES ('main', 'main', 'r1', 's1', ?, 'M92', 'room', ?, 1)",
                (minute, value),
            )

    house.app.pump.run(told).result(60)
    row = house.client("ops").get("/api/health").json()["rooms"]["r1"]
    assert (row["on_air"], row["control_ms"], row["cue_ms"]) == (True, 340.0, None)
    assert 340.0 in [value for name, value in metrics_of(house).items() if name.startswith("livecue_room_latency_ms")]


def test_health_names_each_feed_and_how_long_it_is_silent(house: House) -> None:
    pump, now = house.app.pump, house.clock.now_ms()
    pump.post("r1", [LikeGiven(key="a")], source="bridge:companion").result(60)
    pump.post("r1", [ClockTicked(now=now + 4_000)], source="bridge:companion").result(60)
    pump.post("r1", [ClockTicked(now=now + 5_000)], source="livecue").result(60)
    rooms = house.client("owner").get("/api/health").json()["rooms"]
    assert rooms["r1"]["feeds"] == [{"feed": "bridge:companion", "age_ms": 5_000}]
    assert rooms["r2"]["feeds"] in (None, [])


def test_what_runs_in_a_room_is_told(house: House) -> None:
    ops = house.client("ops")
    assert ops.get("/api/rooms/r1/running").json()["parts"] is None, "nobody has opened it yet"
    house.app.pump.post("r1", [ClockTicked(now=house.clock.now_ms())], source="clock").result(5)
    told = ops.get("/api/rooms/r1/running").json()
    assert {"audience", "sales", "metrics", "cues", "desk"} <= set(told["parts"])
    assert all(told["parts"][name] for name in ("compliance", "cues", "desk")), "by the version of their rules"
    assert told["packs"]["entries"] > 100 and told["detectors"]["off"] == [] and "R065" in told["detectors"]["on"]
    assert ops.post("/api/rules/R065", params={"room": "r1"}, json={"off": True}).json()["applied"]
    told = ops.get("/api/rooms/r1/running").json()
    assert told["detectors"]["off"] == ["R065"] and "R065" not in told["detectors"]["on"]
    assert house.client("stranger").get("/api/rooms/r1/running").status_code == 404


def test_duplicates_are_counted(house: House) -> None:
    event = CommentPosted(key="c1", text="好")
    for _ in range(3):
        house.app.pump.post("r1", [event], source="bridge:1").result(5)
    said = house.client("ops").get("/api/health").json()
    assert said["duplicate_events"] == 2 and said["folded_events"] >= 3


def test_a_locked_database_is_told_to_senders_people_and_the_health_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteWriter, "busy_ms", 20)
    house = House(tmp_path / "house")
    sender, ops = house.client(), house.client("ops")
    auth = {"Authorization": f"Bearer {house.token()}"}
    event = {"kind": "CommentPosted", "key": "c1", "text": "好"}

    def send() -> Any:
        return sender.post("/bridge/v1/rooms/r1/events", headers=auth, content=json.dumps(event))

    assert send().json()["accepted"] == 1
    event["key"] = "c2"
    other = sqlite3.connect(tmp_path / "house" / "livecue.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answered = send()
    assert (answered.status_code, answered.json()["error"]) == (503, "store_locked")
    assert answered.headers["retry-after"] == "5" and "close that program" in answered.text
    told = ops.post("/api/rules/R001", params={"room": "r1"}, json={"off": True})
    assert (told.status_code, told.json()["error"]) == (503, "store_locked")
    assert ops.get("/healthz").status_code == 503
    assert "locked" in ops.get("/api/health").json()["troubles"]
    other.execute("ROLLBACK")
    assert send().json()["accepted"] == 1
    assert send().json()["duplicates"] == 1
    assert ops.get("/healthz").json() == {"ok": True, "troubles": []}
    assert ops.get("/api/health").json()["duplicate_events"] == 1
    house.app.stop()
