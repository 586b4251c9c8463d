"""The doors to live actions: who may agree to and call off what, timed plans, draws and their proof."""

import msgspec

from livecue.events import ActionAsked, HideComment, PersonSaved, RoleGranted, ShowPlanned
from livecue.kit import new_id
from livecue.shelf import Proof, faults_of
from tests.shelf.test_live import action_id, asked, on_air, post, states, tick
from tests.web.conftest import House

DRAW = {
    "title": "口令抽奖", "prize": "锅", "prizes": 1, "value": 9_900, "method": "每人一次", "word": "我要锅",
    "duration_s": 60, "claim_days": 7,
}  # fmt: skip


def release(house: House, person: str, room: str, action: str, decision: str):  # type: ignore[no-untyped-def]
    body = {"kind": "ActionReleased", "action": action, "decision": decision, "command": new_id()}
    return house.client(person).post(f"/api/rooms/{room}/commands", json=body)


def test_nobody_agrees_to_their_own_wish_by_way_of_another_room(house: House) -> None:
    from livecue.events import ChangePrice

    on_air(house)
    house.app.tell_house(RoleGranted(person="ops", role="director", org="main", brand="other"))
    house.app.tell_house(RoleGranted(person="ops", role="director", org="main", brand="main"))
    post(house, asked("d", ChangePrice(product="p", price=9_500)))
    assert states(house) == [("ChangePrice", "asked")]
    name = action_id(house, "ChangePrice")
    own = release(house, "ops", "r1", name, "approve").json()
    assert own["refused"]["code"] == "second_person"
    around = release(house, "ops", "r2", name, "approve").json()
    assert around["refused"]["code"] == "not_waiting"
    for decision in ("cancel", "drop", "retry", "happened"):
        assert release(house, "ops", "r2", name, decision).json()["refused"] is not None
    assert states(house) == [("ChangePrice", "asked")]
    assert release(house, "owner", "r1", name, "approve").json()["applied"]
    assert states(house) == [("ChangePrice", "waiting")]


def test_customer_service_calls_off_its_own_kind_and_no_other(house: House) -> None:
    house.app.tell_house(PersonSaved(person="cs", org="main", name="客服"))
    house.app.tell_house(RoleGranted(person="cs", role="cs", org="main", brand="main"))
    on_air(house)
    hide = HideComment(comment="c", reason="abuse", by="cs", wait_ms=60_000)
    post(house, ActionAsked(key="h", command="h", by="cs", action=hide), by="cs")
    assert release(house, "cs", "r1", action_id(house, "HideComment"), "cancel").json()["applied"]
    from livecue.events import DelistProduct

    post(house, asked("d", DelistProduct(product="p")))
    assert release(house, "cs", "r1", action_id(house, "DelistProduct"), "cancel").status_code == 403


def test_what_nobody_agrees_to_lapses_and_what_became_wrong_does_not_leave(house: House) -> None:
    from livecue.events import ChangePrice, ProductSaved
    from tests.shelf.test_live import CARD

    on_air(house)
    post(house, asked("d", ChangePrice(product="p", price=9_500)))
    tick(house, 599_000)
    assert states(house) == [("ChangePrice", "asked")]
    tick(house, 601_000)
    assert states(house) == [("ChangePrice", "failed")]
    post(house, asked("e", ChangePrice(product="p", price=9_000)))
    name = action_id(house, "ChangePrice")
    assert release(house, "owner", "r1", name, "approve").json()["applied"]
    # The floor rises while it counts down.
    house.app.tell_house(ProductSaved(org="main", brand="main", card=CARD, cost=9_400))
    tick(house, 603_000)
    found = house.app.reader.rows("SELECT state, result FROM outbox WHERE id = ?", (name,))
    assert [tuple(row) for row in found] == [("failed", "price_below_floor")]


def test_a_timed_plan_is_kept_for_any_show_and_two_editors_do_not_overwrite(house: House) -> None:
    from livecue.events import SegmentPlan
    from tests.shelf.test_live import CARD, NOW

    on_air(house)
    later = ShowPlanned(
        key="n", command="n", show="next", title="下一场", starts_at=NOW + 86_400_000, products=(CARD,),
        segments=(SegmentPlan(segment="n1", part="pitch", duration_s=600, product="p"),),
    )  # fmt: skip
    assert post(house, later).refused is None
    house.app.capable["r1"] = ["PinProduct", "ChangePrice"]
    ops = house.client("ops")

    def save(version: int, step: dict[str, object], show: str = "next") -> dict[str, object]:
        body = {"kind": "ShelfPlanSet", "show": show, "steps": [step], "version": version, "command": new_id()}
        answer = ops.post("/api/rooms/r1/commands", json=body)
        return dict(answer.json()) if answer.status_code == 200 else {"status": answer.status_code}

    step = {"step": "1", "segment": "n1", "offset_s": 30, "action": {"kind": "PinProduct", "product": "p"}}
    assert save(1, step)["applied"]
    told = ops.get("/api/shows/next/steps").json()
    assert told["plan"]["version"] == 1 and told["plan"]["steps"][0]["step"]["segment"] == "n1"
    assert told["capabilities"] == ["PinProduct", "ChangePrice"]
    assert save(1, step)["refused"]["code"] == "changed_meanwhile"  # type: ignore[index]
    assert save(2, {**step, "segment": "s1"})["refused"]["code"] == "no_segment"  # type: ignore[index]
    assert save(2, {**step, "action": {"kind": "DelistProduct", "product": "p"}})["status"] == 422
    assert house.client("stranger").get("/api/shows/next/steps").status_code == 404
    assert ops.get("/api/shows/nix/steps").status_code == 404


def test_a_draw_by_http_from_the_look_to_the_proof(house: House) -> None:
    on_air(house)
    ops, host = house.client("ops"), house.client("host")
    look = ops.post("/api/rooms/r1/draws", json={**DRAW, "value": 9_000_000, "dry": True}).json()
    seen = next(one for one in look["announced"] if one["kind"] == "ActionPreviewed")
    assert list(seen["problems"]) == ["draw_cap"] and ops.get("/api/rooms/r1/draws").json() == []
    assert host.post("/api/rooms/r1/draws", json=DRAW).status_code == 403
    made = ops.post("/api/rooms/r1/draws", json=DRAW).json()
    assert made["applied"] and made["refused"] is None
    draw = made["draw"]
    agree = {"kind": "WordDrawAgreed", "draw": draw, "command": new_id()}
    assert ops.post("/api/rooms/r1/commands", json=agree).status_code == 403
    assert house.client("owner").post("/api/rooms/r1/commands", json=agree).json()["applied"]
    tick(house, 5_500)
    lots = ops.get("/api/rooms/r1/snapshot").json()["draws"]["open"]
    assert lots[0]["state"] == "open" and "salt" not in lots[0] and len(lots[0]["commitment"]) == 64
    # Nothing that anybody reads before the end tells the seed.
    secret = house.app.reader.rows("SELECT seed, salt FROM draw_seeds")[0]
    for path in (
        f"/api/rooms/r1/draws/{draw}",
        "/api/rooms/r1/draws",
        "/api/rooms/r1/snapshot",
        "/api/audit?limit=500",
    ):
        text = house.client("owner").get(path).text
        assert secret[0] not in text and secret[1] not in text, path
    assert ops.get(f"/api/rooms/r1/draws/{draw}/proof").status_code == 404
    void = {"kind": "WordDrawVoided", "draw": draw, "reason": "x", "command": new_id()}
    assert ops.post("/api/rooms/r1/commands", json=void).status_code == 403, "once it is open"
    from livecue.events import CommentPosted

    comments = [CommentPosted(key=f"c{n}", text="我要锅", user=f"u{n}", name="李四") for n in range(5)]
    house.app.pump.post("r1", list(comments), source="t").result(30)
    tick(house, 66_000)
    one = ops.get(f"/api/rooms/r1/draws/{draw}").json()
    assert one["draw"]["state"] == "held" and one["faults"] == [] and one["winners"][0]["name"] == "李**"
    file = host.get(f"/api/rooms/r1/draws/{draw}/proof")
    proof = msgspec.json.decode(file.content, type=Proof)
    assert faults_of(proof) == [] and len(proof.codes) == 5
    assert "李" not in file.text and "u1" not in file.text and secret[1] not in file.text
    assert house.client("stranger").get(f"/api/rooms/r1/draws/{draw}/proof").status_code == 404
    assert ops.get("/api/rooms/r1/draws/nix").status_code == 404
