"""A brand is renamed by whoever governs its people; the new name is told everywhere, the old one stays in the audit."""

from tests.web.conftest import House


def name_of(house: House, person: str, brand: str) -> str:
    known = {row["brand"]: row["name"] for row in house.client(person).get("/api/session").json()["brands"]}
    return str(known[brand])


def test_a_brand_is_renamed_and_the_audit_knows_by_whom(house: House) -> None:
    owner = house.client("owner")
    said = owner.post("/api/team/brands/main", json={"name": "  小镇好物 "}).json()
    assert said["applied"]
    assert name_of(house, "owner", "main") == name_of(house, "host", "main") == "小镇好物"
    assert {room["brand"] for room in owner.get("/api/rooms").json()} == {"main", "other"}, "the id stays"
    row = owner.get("/api/audit?kind=BrandSaved&limit=1").json()["rows"][0]
    assert (row["what"], row["who"]) == ("BrandSaved", house.owner)
    assert "小镇好物" in str(row)


def test_no_two_brands_have_one_name(house: House) -> None:
    owner = house.client("owner")
    assert owner.post("/api/team/brands/main", json={"name": "别家"}).json()["refused"]["code"] == "brand_name_taken"
    assert owner.post("/api/team/brands/other", json={"name": "别家"}).json()["applied"], "its own it may keep"
    assert owner.post("/api/team/brands/main", json={"name": " "}).json()["refused"]["code"] == "incomplete"
    assert owner.post("/api/team/brands/main", json={"name": ""}).status_code == 422


def test_only_who_governs_the_people_of_the_whole_brand(house: House) -> None:
    body = {"name": "新名字"}
    assert house.client("host").post("/api/team/brands/main", json=body).status_code == 403
    stranger = house.client("stranger")
    assert stranger.post("/api/team/brands/other", json=body).json()["applied"], "a director of it"
    for unseen in ("main", "none"):
        assert stranger.post(f"/api/team/brands/{unseen}", json=body).status_code == 404
    assert name_of(house, "owner", "main") == "main"
