"""The doors to moderation, public opinion, traffic emergency and paid traffic: who may, what is said, what is kept."""

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from livecue.events import (
    AdSpent,
    ClockTicked,
    CommentPosted,
    Event,
    Line,
    OrderPaid,
    PersonSaved,
    RoleGranted,
    RoomSaved,
    TaskAdded,
    ViewerEntered,
)
from livecue.flow import Frame
from livecue.kit import new_id
from tests.shelf.test_live import on_air, tick
from tests.web.conftest import House

FAIR = "收到的锅底是歪的，质量太差了，退货"


@pytest.fixture
def live(house: House) -> House:
    """A show on air with an unfavourable comment, in a room that can hide."""
    on_air(house)
    house.app.capable["r1"] = ["HideComment", "MuteViewer", "PinComment"]
    said = CommentPosted(key="c1", text=FAIR, user="u1", name="李四")
    house.app.pump.post("r1", [said], source="t").result(30)
    tick(house, 500)
    return house


def command(house: House, person: str, body: Mapping[str, object]):  # type: ignore[no-untyped-def]
    return house.client(person).post("/api/rooms/r1/commands", json={"command": new_id(), **body})


def test_fair_criticism_is_refused_and_the_refusal_is_kept(live: House) -> None:
    hide = {"kind": "ModerationAsked", "action": {"kind": "HideComment", "comment": "c1", "reason": "abuse"}}
    look = command(live, "ops", {**hide, "dry": True}).json()
    seen = next(one for one in look["announced"] if one["kind"] == "ModerationPreviewed")
    assert seen["verdict"] == "refused" and "fair_criticism" in seen["problems"]
    refused = command(live, "ops", hide).json()["refused"]
    assert refused["code"] == "fair_criticism"
    # No other door leads around it.
    around = {"kind": "ActionAsked", "action": {"kind": "HideComment", "comment": "c1", "reason": "abuse"}}
    assert command(live, "ops", around).json()["refused"]["code"] == "fair_criticism"
    rows = live.client("ops").get("/api/moderation?room=r1").json()["rows"]
    assert [row["code"] for row in rows] == ["fair_criticism"] * 2
    assert live.app.reader.rows("SELECT COUNT(*) FROM outbox")[0][0] == 0


def test_the_record_is_for_those_who_deal_with_comments(live: House) -> None:
    assert (
        command(
            live, "host", {"kind": "ModerationAsked", "action": {"kind": "PinComment", "comment": "c1"}}
        ).status_code
        == 403
    )
    assert live.client("stranger").get("/api/moderation?room=r1").status_code == 404
    assert live.client("stranger").get("/api/moderation").json()["rows"] == []
    assert live.client("host").get("/api/moderation?room=r1").status_code == 404
    table = live.client("ops").get("/api/moderation/file?room=r1")
    assert table.status_code == 200 and table.text.startswith("\ufeffat,room,show")
    assert live.client("ops").get("/api/rooms/r1/opinion/nix/evidence").status_code == 404


def test_a_month_of_the_record_is_that_of_the_rooms_own_clock(live: House) -> None:
    late = int(datetime(2026, 9, 30, 23, tzinfo=UTC).timestamp() * 1000)
    said = [
        ClockTicked(now=late),
        CommentPosted(key="c9", text=FAIR, user="u9", name="王五"),
        ClockTicked(now=late + 1),
    ]
    live.app.pump.post("r1", said, source="t").result(30)
    hide = {"kind": "ModerationAsked", "action": {"kind": "HideComment", "comment": "c9", "reason": "abuse"}}
    assert command(live, "ops", hide).json()["refused"]
    ops = live.client("ops")
    for zone, month in (("Asia/Shanghai", "2026-10"), ("America/New_York", "2026-09"), ("UTC", "2026-09")):
        live.app.tell_house(
            RoomSaved(
                room="r1", org="main", brand="main", name="一号", platform="p", nature="rehearsed", time_zone=zone
            )
        )
        told = {asked: ops.get(f"/api/moderation?month={asked}").json() for asked in ("2026-09", "2026-10")}
        assert [asked for asked, found in told.items() if found["rows"]] == [month], zone
        assert sum(one["count"] for one in told[month]["counts"]) == 1
        assert len(ops.get(f"/api/moderation/file?month={month}").text.splitlines()) == 2
    assert len(ops.get("/api/moderation").json()["rows"]) == 1
    assert ops.get("/api/moderation?month=2026-13").status_code == 422


def test_a_level_is_decided_by_those_whose_place_it_is(live: House) -> None:
    decide = {"kind": "OpinionDecided", "level": 4, "why": "有人受伤", "topic": "quality"}
    assert command(live, "host", decide).status_code == 403
    assert command(live, "stranger", decide).status_code == 404
    assert command(live, "owner", decide).json()["applied"]
    case = live.client("ops").get("/api/rooms/r1/snapshot").json()["opinion"]["cases"][0]["case"]
    assert (case["level"], case["state"]) == (4, "open")
    # Nothing connected can pause: said at once, instead of an order that nobody carries out.
    pause = command(live, "owner", {"kind": "OpinionPauseAsked", "case": case["case"], "why": "x"})
    assert pause.status_code == 422 and "pause" in pause.text
    write = {"kind": "StatementWritten", "case": case["case"], "facts": "a", "measures": "b", "contact": "c"}
    assert command(live, "owner", write).json()["applied"]
    told = live.client("owner").get("/api/rooms/r1/snapshot").json()["opinion"]["cases"][0]["case"]
    own = {"kind": "StatementApproved", "case": case["case"], "digest": told["statement"]["digest"]}
    assert command(live, "owner", own).json()["refused"] is not None, "nobody approves what they wrote"
    stale = {**own, "digest": "0" * 64}
    assert command(live, "ops", stale).json()["refused"] is not None, "nor another text than that which stands"
    proof = live.client("owner").get(f"/api/rooms/r1/opinion/{case['case']}/evidence").json()
    assert proof["same"] is True


def test_a_step_is_done_by_whose_step_it_is(live: House) -> None:
    live.app.tell_house(
        PersonSaved(person="qc", org="main", name="品控"), RoleGranted(person="qc", role="qc", org="main", brand="main")
    )
    decide = {"kind": "OpinionDecided", "level": 4, "why": "有人受伤", "topic": "quality"}
    assert command(live, "owner", decide).json()["applied"]
    case = live.client("ops").get("/api/rooms/r1/snapshot").json()["opinion"]["cases"][0]["case"]["case"]
    take = {"kind": "OpinionStepTaken", "case": case, "note": "照稿说了"}
    assert command(live, "qc", {**take, "step": "host_reads"}).json()["refused"]["code"] == "not_yours"
    assert command(live, "host", {**take, "step": "evidence"}).json()["refused"]["code"] == "not_yours"
    assert command(live, "host", {**take, "step": "host_reads", "waived": True}).status_code == 403
    assert command(live, "host", {**take, "step": "host_reads"}).json()["applied"]
    assert command(live, "qc", {**take, "step": "batch_checked"}).json()["applied"]
    assert command(live, "stranger", {**take, "step": "host_reads"}).status_code == 404
    stage = live.client()
    code = live.client("owner").post("/api/pairing", json={"room": "r1"}).json()
    assert stage.post("/api/pair", json={"code": code["code"]}).status_code == 200, code
    again = stage.post("/api/rooms/r1/commands", json={"command": new_id(), **take, "step": "host_reads"})
    assert again.status_code == 403 and "stage device" in again.text


@pytest.mark.parametrize("cause", ["R064 c1", "R009 e1"])
def test_a_task_of_a_case_is_closed_by_whose_it_is(live: House, cause: str) -> None:
    for person, role in (("new", "trainee"), ("an", "cs"), ("bo", "cs"), ("qc", "qc")):
        live.app.tell_house(
            PersonSaved(person=person, org="main", name=person),
            RoleGranted(person=person, role=role, org="main", brand="main"),
        )
    tasks: list[Event] = [
        TaskAdded(task="t1", title="回访", role="cs", cause=cause, key="t1"),
        TaskAdded(task="t2", title="抽检", role="qc", person="an", cause=cause, key="t2"),
        TaskAdded(task="t3", title="复盘", role="ops", cause=cause, key="t3"),
        TaskAdded(task="t4", title="备灯", role="ops", cause="sop:light", key="t4"),
    ]
    live.app.pump.post("r1", tasks, source="t").result(30)

    def close(person: str, task: str) -> int:
        return int(command(live, person, {"kind": "TaskClosed", "task": task}).status_code)

    assert [close("new", task) for task in ("t1", "t2", "t3")] == [403] * 3
    assert [close("qc", "t1"), close("bo", "t2"), close("an", "t3")] == [403] * 3
    assert [close("bo", "t1"), close("an", "t2"), close("ops", "t3")] == [200] * 3
    assert close("new", "t4") == 200, "other tasks as before"


def test_a_traffic_plan_is_kept_and_steps_wait_for_a_cause(live: House) -> None:
    group = {"group": "老客", "people": 100, "consent": True, "text": "今晚开播，回复 TD 退订"}
    plan = {"kind": "TrafficPlanSet", "groups": [group], "places": ["kuaishou"], "extra_budget": 50_000}
    assert command(live, "host", plan).status_code == 403
    assert command(live, "ops", plan).json()["applied"]
    told = live.client("ops").get("/api/rooms/r1/snapshot").json()["traffic"]
    assert told["groups"][0]["group"] == "老客" and told["extra_budget"] == 50_000
    verify = {"kind": "TrafficVerified", "emergency": "nix", "cause": "push", "real": True}
    assert command(live, "ops", verify).json()["refused"] is not None
    step = {"kind": "TrafficStepAsked", "emergency": "nix", "step": "nix", "move": "begin"}
    assert command(live, "ops", step).json()["refused"] is not None


def test_what_became_of_an_emergency_is_told_with_who_did_what(live: House) -> None:
    number = 0
    for minute in range(1, 27):
        came = [ViewerEntered(key=f"v{number + n}", user=f"v{number + n}") for n in range(20 if minute < 23 else 2)]
        number += len(came)
        live.app.pump.post("r1", list(came), source="t").result(30)
        tick(live, minute * 60_000)
    ops = live.client("ops")
    name = ops.get("/api/rooms/r1/snapshot").json()["traffic"]["emergency"]["emergency"]
    verify = {"kind": "TrafficVerified", "emergency": name, "cause": "push", "note": "推荐流少了"}
    assert command(live, "ops", verify).json()["applied"]
    begin = {"kind": "TrafficStepAsked", "emergency": name, "step": "interact", "move": "begin"}
    assert command(live, "ops", begin).json()["applied"]
    assert command(live, "owner", {"kind": "ShowEnded", "show": "x"}).json()["applied"]
    tick(live, 28 * 60_000)
    told = live.client("host").get("/api/rooms/r1/traffic").json()
    (one,) = told["emergencies"]
    assert (one["state"], one["verified_by"], one["cause"]) == ("ended", "ops", "push")
    assert [(move["what"], move.get("by", "")) for move in one["moves"]] == [
        ("noticed", ""), ("verified", "ops"), ("step", "ops"), ("ended", ""),
    ]  # fmt: skip
    assert all(move["when"] for move in one["moves"])
    (report,) = told["reports"]
    assert (report["show"], report["emergencies"], report["swing"]) == ("x", 1, -9.0)
    assert told["shows"]["x"] == "场" and told["people"]["ops"] and told["line"] == 0.15
    assert live.client("stranger").get("/api/rooms/r1/traffic").status_code == 404


def test_while_the_show_runs_paid_traffic_is_what_the_console_tells(live: House) -> None:
    """The office page knows the spend of the running show, and settles it by a file as the console does."""
    ops = live.client("ops")
    line = Line(sku="s", product="p", quantity=1, price=9_000)
    told: list[Event] = [AdSpent(amount=3_000), OrderPaid(order="1", amount=9_000, user="u1", lines=(line,))]
    live.app.pump.post("r1", told, source="t").result(30)
    tick(live, 500)
    tiles = ops.get("/api/rooms/r1/snapshot").json()["metrics"]["tiles"]
    console = {one["metric"]: one for one in tiles if one["window"] == "show"}
    assert console["M51"]["value"] == 3_000
    answer = ops.get("/api/shows/x/ads").json()
    figures = answer["figures"]
    assert (figures["spent"], figures["source"]) == (3_000, "live")
    assert figures["roi"] == console["M52"]["value"] == 3
    assert answer["newest"] == console["M51"]["at"] > 0
    table = "计划名称,时间,消耗\n开场,2026-11-29 20:00,45\n".encode()
    form = {"unit": "yuan", "attribution": "同场直播"}
    assert ops.post("/api/shows/x/ads/file", files={"file": ("s.csv", table)}, data=form).json()["taken"] == 1
    figures = ops.get("/api/shows/x/ads").json()["figures"]
    assert (figures["spent"], figures["source"], figures["roi"]) == (4_500, "import", 2)


def test_a_room_that_cannot_tell_leaves_paid_traffic_readable(live: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(room: str) -> Future[Frame]:
        answer: Future[Frame] = Future()
        answer.set_exception(TimeoutError(f"{room} does not answer"))
        return answer

    monkeypatch.setattr(live.app.pump, "frame", gone)
    figures = live.client("ops").get("/api/shows/x/ads").json()["figures"]
    assert figures["spent"] is None and figures["source"] == ""


def test_paid_traffic_is_for_who_sees_money(live: House) -> None:
    ops, host = live.client("ops"), live.client("host")
    assert host.get("/api/shows/x/ads").status_code == 403
    assert ops.get("/api/shows/nix/ads").status_code == 404
    slot = {"slot": "s", "title": "开场", "budget": 50_000, "until_s": 1_800}
    plan = {"slots": [slot], "margin_bp": 4_000, "version": 1}
    assert ops.post("/api/shows/x/ads", json=plan).json()["applied"]
    assert ops.post("/api/shows/x/ads", json=plan).json()["refused"]["code"] == "changed_meanwhile"
    assert (
        ops.post("/api/shows/x/ads", json={**plan, "budget": 1, "version": 2}).json()["refused"]["code"]
        == "over_budget"
    )
    table = "计划名称,时间,消耗,成交金额\n开场,2026-11-29 20:00,320.50,400\n,2026-11-29 20:00,1,1\n"

    def bring(**form: str):  # type: ignore[no-untyped-def]
        return ops.post("/api/shows/x/ads/file", files={"file": ("s.csv", table.encode())}, data=form).json()

    assert bring(unit="yuan")["refused"]["code"] == "no_attribution"
    for _ in range(2):
        # Read twice it counts once.
        found = bring(unit="yuan", attribution="同场直播")
        assert found["taken"] == 1 and found["rejected"][0]["code"] == "row_missing"
    told = ops.get("/api/shows/x/ads").json()
    assert told["figures"]["spent"] == 32_050 and told["figures"]["break_even"] == 2.5
    assert told["figures"]["slots"][0]["above"] is False and told["newest"] > 0
    assert ops.post("/api/shows/x/ads/file", files={"file": ("s.csv", b"x")}, data={"unit": "cent"}).status_code == 422
