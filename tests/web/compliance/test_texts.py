"""Rules, drafts and own words over HTTP: who may, what is told to whom, and that it is in the audit."""

from livecue.events import ProductCard, ProductSaved
from tests.web.conftest import House

WORD = {"word": "隔壁直播间", "severity": "block", "reason": "不提别家", "advice": "只说自己"}


def check(client, text: str, room: str = "r1", **more: object):  # type: ignore[no-untyped-def]
    body = {"room": room, "texts": [{"id": "a", "text": text, **more}]}
    return client.post("/api/compliance/check", json=body)


def test_rules_can_be_read_with_article_dates_and_safe_contexts(house: House) -> None:
    host = house.client("host")
    found = host.get("/api/compliance/packs?room=r1").json()
    packs = {pack["id"]: pack for pack in found["packs"]}
    assert packs.keys() >= {
        "absolute",
        "cosmetics",
        "food",
        "health_food",
        "medicine",
        "maternity",
        "finance",
        "education",
    }
    assert "platform_douyin" not in packs and found["version"]
    best = next(entry for entry in packs["absolute"]["entries"] if entry["id"] == "A1.best")
    assert best["law"].startswith("（三）") and best["valid_from"] and best["reword"] and best["safe"]
    every = {pack["id"] for pack in host.get("/api/compliance/packs").json()["packs"]}
    assert every > packs.keys() and "platform_douyin" in every
    old = host.get("/api/compliance/packs?on=2022-06-30").json()["packs"]
    assert "P.original" not in {entry["id"] for pack in old for entry in pack["entries"]}
    assert host.get("/api/compliance/packs?room=r2").status_code == 404
    assert host.get("/api/compliance/packs?on=yesterday").status_code == 422
    assert house.client().get("/api/compliance/packs").status_code == 401


def test_versions_and_their_differences(house: House) -> None:
    host = house.client("host")
    days = host.get("/api/compliance/versions").json()["days"]
    assert days == sorted(days, reverse=True) and "2022-07-01" in days
    rows = host.get("/api/compliance/differences?old=2022-06-30&new=2022-07-01").json()
    assert "P.original" in {row["entry"] for row in rows}
    assert host.get("/api/compliance/differences?old=nonsense&new=2022-07-01").status_code == 404


def test_a_draft_is_checked_against_the_product(house: House) -> None:
    host = house.client("host")
    card = ProductCard(product="p1", name="精华", category="美妆", price=9_900)
    house.app.tell_house(ProductSaved(org="main", brand="main", card=card))
    found = check(host, "最好的精华，今天只要89元", product="p1").json()["texts"][0]
    assert (found["id"], found["verdict"]) == ("a", "block")
    assert [(hit["word"], hit["entry"], hit["severity"]) for hit in found["hits"]] == [
        ("最好", "A1.best", "block"), ("只要89元", "P.now", "warn"),
    ]  # fmt: skip
    assert found["hits"][1]["instead"][0] == "到手价99元"
    assert check(host, "今天只要99元", product="p1").json()["texts"][0]["verdict"] == "silent"
    assert check(host, "今天只要89元", product="p1", price=8_900).json()["texts"][0]["verdict"] == "silent"
    more = ("两件只要169元", "2瓶一共只要169元", "今天只要169元两件", "只要169元，给你3盒", "三件组合到手价259元")
    for several in more:
        assert check(host, several, product="p1").json()["texts"][0]["verdict"] == "silent", several
    assert check(host, "第二件的人很多，只要89元", product="p1").json()["texts"][0]["verdict"] == "warn"
    assert check(host, "药妆面霜", product="p1").json()["texts"][0]["hits"][0]["entry"] == "G.medical"


def test_bad_drafts_are_refused(house: House) -> None:
    host = house.client("host")
    assert check(host, "x", room="r2").status_code == 404
    assert check(host, "x", room="nowhere").status_code == 404
    assert check(host, "字" * 200_001).status_code == 422
    assert check(host, "x", door="window").status_code == 422
    assert check(host, "").json()["texts"][0]["verdict"] == "silent"
    lone = b'{"room": "r1", "texts": [{"id": "a", "text": "\\ud800 \\u0000"}]}'
    assert host.post("/api/compliance/check", content=lone).status_code in (200, 422)


def test_a_word_is_set_undone_and_in_the_audit(house: House) -> None:
    ops, host = house.client("ops"), house.client("host")
    assert host.post("/api/compliance/words?room=r1", json=WORD).status_code == 403
    made = ops.post("/api/compliance/words?room=r1", json=WORD).json()
    assert made["applied"] and made["others_refused"] == []
    assert check(host, "隔壁直播间").json()["texts"][0]["hits"][0]["cls"] == "OWN"
    listed = host.get("/api/compliance/words?room=r1").json()
    assert [(row["word"], row["name"], row["reason"]) for row in listed["words"]] == [
        ("隔壁直播间", "运营", "不提别家")
    ]
    back = ops.post("/api/compliance/words?room=r1", json={"undoes": made["command"]}).json()
    assert back["applied"]
    assert check(host, "隔壁直播间").json()["texts"][0]["verdict"] == "silent"
    listed = host.get("/api/compliance/words?room=r1").json()
    assert listed["words"] == [] and [row["undone"] for row in listed["changes"]] == [False, True]
    assert ops.post("/api/compliance/words?room=r1", json={"undoes": "nothing"}).status_code == 404
    assert (
        ops.post("/api/compliance/words?room=r1", json={**WORD, "reason": ""}).json()["refused"]["code"]
        == "word_reason"
    )
    audit = house.client("owner").get("/api/audit?kind=OwnWordSet").json()["rows"]
    assert len(audit) == 3


def test_what_is_for_the_brand_is_told_to_every_room_and_to_new_ones(house: House) -> None:
    ops, owner = house.client("ops"), house.client("owner")
    room = {"brand": "main", "name": "三号", "platform": "p", "nature": "rehearsed"}
    third = owner.post("/api/rooms", json=room).json()["room"]
    assert ops.post("/api/compliance/words?room=r1", json={**WORD, "scope": "org"}).status_code == 403
    assert ops.post("/api/compliance/words?room=r1", json={**WORD, "scope": "brand"}).json()["applied"]
    assert check(owner, "隔壁直播间", room=third).json()["texts"][0]["verdict"] == "block"
    assert check(owner, "隔壁直播间", room="r2").json()["texts"][0]["verdict"] == "silent"
    assert owner.post("/api/compliance/words?room=r1", json={**WORD, "word": "友商", "scope": "org"}).json()["applied"]
    assert check(owner, "友商", room="r2").json()["texts"][0]["verdict"] == "block"
    fourth = owner.post("/api/rooms", json=room).json()["room"]
    assert check(owner, "友商都在隔壁直播间", room=fourth).json()["texts"][0]["verdict"] == "block"
