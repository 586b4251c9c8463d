"""From the plan to the air over HTTP: review, four eyes, the gate, checklist, evidence, training."""

import io
import zipfile
from typing import Any

import msgspec
from python_calamine import CalamineWorkbook

from livecue.compliance import LABELS
from livecue.events import PersonSaved, RoleGranted, RoomSaved
from livecue.web.compliance.checklist import Item
from tests.web.conftest import House

SHOWN = dict.fromkeys(LABELS, "none") | {"seller": "yes"}
START = 1_790_000_000_000
HOUR = 3_600_000


def real(house: House) -> None:
    """A real room of the brand, and somebody of legal."""
    house.app.tell_house(
        RoomSaved(room="air", org="main", brand="main", name="真", platform="p", nature="real", packs=("absolute",)),
        PersonSaved(person="fa", org="main", name="法务小林"),
        RoleGranted(person="fa", role="legal", org="main", brand="main"),
    )
    house.app.refresh_rooms()


def send(client, **body: Any) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    found: dict[str, Any] = client.post("/api/rooms/air/commands", json=body).json()
    return found


def plan(text: str = "大家好", **more: Any) -> dict[str, Any]:
    segments = [{"segment": "a", "part": "pitch", "talk_track": text, "duration_s": 600, "host": "host"}]
    return {"kind": "ShowPlanned", "show": "s", "title": "周五晚场", "starts_at": START + 48 * HOUR,
            "segments": segments, **more}  # fmt: skip


def approve(author: Any, other: Any) -> None:
    """Hand the script in and have it approved, as it stands."""
    version = author.get("/api/shows/s").json()["version"]
    for client, state in ((author, "in_review"), (other, "approved")):
        made = client.post("/api/shows/s/review", json={"state": state, "version": version})
        assert made.status_code == 200 and made.json()["applied"], made.text


def test_a_show_is_reviewed_signed_and_goes_on_air(house: House) -> None:
    real(house)
    ops, legal, director = house.client("ops"), house.client("fa"), house.client("owner")
    assert send(ops, **plan("全网最低价"))["applied"]
    refused = send(ops, kind="ShowStarted", show="s")["refused"]
    assert (refused["code"], refused["about"]) == ("not_signed", {"reasons": "block,unsigned"})
    assert send(director, kind="ShowStarted", show="s")["refused"]["code"] == "not_signed", "nobody overrides it"
    view = ops.get("/api/shows/s/sign-off").json()
    assert view["review"]["state"] == "draft" and view["own"] and not view["may_sign"] and not view["alone"]
    assert [one["name"] for one in view["signers"]] == ["法务小林"], "where there is legal, legal signs"
    segments = plan("到手价一百")["segments"]
    assert send(ops, kind="RundownChanged", show="s", version=2, segments=segments)["applied"]
    digest = ops.get("/api/shows/s/sign-off").json()["review"]["digest"]
    assert send(ops, kind="ReviewAsked", show="s", digest=digest, declared=SHOWN)["applied"]
    queue = legal.get("/api/compliance/reviews").json()
    assert [(row["show"], row["state"], row["due_at"]) for row in queue] == [("s", "asked", START + 24 * HOUR)]
    signed = {"kind": "SignOffGiven", "show": "s", "digest": digest, "alone": True, "reread": True}
    assert ops.post("/api/rooms/air/commands", json=signed).json()["refused"]["code"] == "own_text"
    answer = director.post("/api/rooms/air/commands", json=signed)
    assert answer.status_code == 403 and "法务小林" in answer.json()["message"]
    refused = legal.post("/api/rooms/air/commands", json=signed)
    assert refused.status_code == 409 and refused.json()["error"] == "script_not_reviewed", (
        "what is signed is what was reviewed"
    )
    approve(ops, director)
    assert ops.get("/api/shows/s/sign-off").json()["script"] == "approved"
    assert send(legal, **signed)["applied"]
    lines = {item["item"]: item["state"] for item in ops.get("/api/shows/s/checklist").json()}
    assert (lines["script"], lines["words"], lines["labels"], lines["training"]) == ("ok", "ok", "ok", "open")
    assert send(ops, kind="ShowStarted", show="s")["applied"]
    _evidence(legal)
    assert ops.get("/api/shows/s/evidence.zip").status_code == 403
    assert house.client("stranger").get("/api/shows/s/sign-off").status_code == 404


def _evidence(legal: Any) -> None:
    found = legal.get("/api/shows/s/evidence.zip")
    assert found.status_code == 200
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        manifest = msgspec.json.decode(archive.read("manifest.json"))
        whole = msgspec.json.decode(archive.read("evidence.json"))
        import hashlib

        for name, digest in manifest["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("evidence.xlsx")))
    assert manifest["audit_chain"]["whole"] is True
    assert [row["state"] for row in whole["reviews"]][-1] == "signed"
    assert {"SignOffGiven", "ReviewAsked", "ShowPlanned"} <= {link["what"] for link in whole["audit"]}
    sheet = book.get_sheet_by_index(0).to_python()
    assert "法务小林" in str(sheet[-1]) and len(book.sheet_names) == 5


def test_whoever_is_alone_signs_after_a_second_reading(house: House) -> None:
    house.app.tell_house(
        RoomSaved(room="air", org="main", brand="main", name="真", platform="p", nature="real", packs=("absolute",)),
        PersonSaved(person="ops", org="main", name="运营", active=False),
    )
    house.app.refresh_rooms()
    owner = house.client("owner")
    assert send(owner, **plan())["applied"]
    view = owner.get("/api/shows/s/sign-off").json()
    assert view["alone"] and view["may_sign"] and view["signers"] == []
    digest = view["review"]["digest"]
    assert send(owner, kind="ReviewAsked", show="s", digest=digest, declared=SHOWN)["applied"]
    approve(owner, owner)
    assert send(owner, kind="SignOffGiven", show="s", digest=digest)["refused"]["code"] == "read_first"
    assert send(owner, kind="ScriptRead", show="s", digest=digest)["applied"]
    code = send(owner, kind="SignOffGiven", show="s", digest=digest, reread=True)["refused"]["code"]
    assert code == "read_too_soon"


def test_trainings_are_kept_and_close_the_reminder(house: House) -> None:
    real(house)
    ops, host = house.client("ops"), house.client("host")
    send(ops, **plan())
    tasks = ops.get("/api/rooms/air/tasks?open=true").json()
    assert [task["person"] for task in tasks if task["cause"] == "R068"] == ["host"]
    due = ops.get("/api/compliance/trainings?brand=main").json()
    assert [(row["person"], row["due"]) for row in due["people"]] == [("host", True)]
    body = {"subject": "广告法培训", "day": "2026-09-20", "attended": ["host"], "minutes": 60}
    assert host.post("/api/compliance/trainings?brand=main", json=body).status_code == 403
    made = ops.post("/api/compliance/trainings?brand=main", json=body).json()
    assert made["applied"]
    tasks = ops.get("/api/rooms/air/tasks?open=true").json()
    assert [task for task in tasks if task["cause"] == "R068"] == []
    found = ops.get("/api/compliance/trainings?brand=main").json()
    assert found["trainings"][0]["attended"] == ["host"] and not found["people"][0]["due"]
    lines = {item["item"]: item["state"] for item in ops.get("/api/shows/s/checklist").json()}
    assert lines["training"] == "ok"
    for wrong, code in (
        ({"day": "昨天"}, "bad_day"),
        ({"attended": []}, "nobody_came"),
        ({"subject": " "}, "incomplete"),
    ):
        answer = ops.post("/api/compliance/trainings?brand=main", json={**body, **wrong}).json()
        assert answer["refused"]["code"] == code
    gone = ops.request("DELETE", f"/api/compliance/trainings/{made['training']}?brand=main", json={"reason": "错录"})
    assert gone.json()["applied"]
    assert ops.get("/api/compliance/trainings?brand=main").json()["trainings"] == []
    assert house.client("stranger").get("/api/compliance/trainings?brand=main").status_code == 403
    assert Item("x", "ok").about == {}


def test_a_draw_that_breaks_the_law_blocks_the_signature_with_article_and_advice(house: House) -> None:
    real(house)
    ops, legal, director = house.client("ops"), house.client("fa"), house.client("owner")
    draw = {
        "kind": "goods", "prize": "电动车一辆", "prizes": 1, "value": 6_000_000, "conditions": "满 18 周岁，评论口令",
        "method": "随机抽取", "after_s": 120, "claim": "7 天内联系客服", "published": "",
    }  # fmt: skip
    assert send(ops, **plan())["applied"]
    talk = plan()["segments"][0]

    def change(version: int, part: str, **more: Any) -> dict[str, str]:
        bag = {"segment": "b", "part": part, "title": "抽奖", "duration_s": 300, "offset_s": 600, **more}
        done = send(ops, kind="RundownChanged", show="s", version=version, segments=[talk, bag])
        assert done["applied"], done
        review = ops.get("/api/shows/s/sign-off").json()["review"]
        return {hit["entry"]: hit["hit"] for hit in review["hits"] if hit["cls"] == "DRAW"}

    assert set(change(2, "lucky_bag")) == {"draw.plan"}
    assert set(change(3, "interaction", draw=draw)) == {"draw.published", "draw.cap"}
    view = ops.get("/api/shows/s/sign-off").json()
    assert view["labels"]["draw_rules"]
    capped = next(hit for hit in view["review"]["hits"] if hit["entry"] == "draw.cap")
    assert "反不正当竞争法" in capped["basis"] and capped["advice"] and "50,000 yuan" in capped["advice_en"]
    digest = view["review"]["digest"]
    shown = SHOWN | {"draw_rules": "yes"}
    assert send(ops, kind="ReviewAsked", show="s", digest=digest, declared=shown)["applied"]
    approve(ops, director)
    accepted = {"decision": "accepted", "exemption": "evidence", "evidence": "合同"}
    decided = send(legal, kind="HitDecided", show="s", digest=digest, hit=capped["hit"], **accepted)
    assert decided["refused"]["code"] == "draw_open", "no reviewer excuses it"
    assert send(legal, kind="SignOffGiven", show="s", digest=digest)["refused"]["code"] == "hits_open"
    items = {item["item"]: item for item in ops.get("/api/shows/s/checklist").json()}
    assert (items["draws"]["state"], items["draws"]["about"]["n"], items["words"]["state"]) == ("stop", 2, "ok")

    # Mended, it is signed; a figure that changes afterwards takes the signature away.
    told = draw | {"value": 4_999_900, "published": "开播起贴片公示"}
    assert change(4, "interaction", draw=told) == {}
    digest = ops.get("/api/shows/s/sign-off").json()["review"]["digest"]
    assert send(ops, kind="ReviewAsked", show="s", digest=digest, declared=shown)["applied"]
    approve(ops, director)
    assert send(legal, kind="SignOffGiven", show="s", digest=digest)["applied"]
    change(5, "interaction", draw=told | {"prizes": 2})
    after = ops.get("/api/shows/s/sign-off").json()["review"]
    assert (after["state"], after["lost"]) == ("draft", "changed")
    wrong = send(
        ops, kind="RundownChanged", show="s", version=6,
        segments=[{"segment": "b", "part": "lucky_bag", "draw": draw | {"value": -1}}],
    )  # fmt: skip
    assert wrong["refused"]["code"] == "bad_draw"
