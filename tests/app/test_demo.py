"""The demo: opens in the middle of a show that went through the real loop, closes the loop at its end, and leaves."""

from collections.abc import Iterator

import msgspec
import pytest
from fastapi.testclient import TestClient

from livecue.app import App, Demo, web_of
from livecue.catalog import list_products
from livecue.config import load_settings
from livecue.cues import list_cues
from livecue.debrief import find_debrief
from livecue.shows import list_shows
from livecue.team import list_people
from livecue.work import list_improvements

MINUTES = 16


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Demo]]:
    app = App(load_settings(data=tmp_path_factory.mktemp("demo")))
    app.pump.start()
    app.runner.settle()
    app.first_owner()
    demo = Demo(app, opens_s=MINUTES * 60, duration_s=30 * 60)
    shares: list[float] = []
    demo.open(shares.append)
    assert shares[-1] == pytest.approx(1.0)
    yield app, demo
    app.pump.stop()
    app.reader.close()
    app.release()


def test_it_opens_with_a_history(running: tuple[App, Demo]) -> None:
    app, _ = running
    snapshot = msgspec.json.decode(app.pump.screen("demo").result(10))
    assert snapshot["shows"]["status"] == "on_air"
    assert snapshot["room"]["nature"] == "simulated"
    assert snapshot["now"] - snapshot["shows"]["started_at"] >= MINUTES * 60_000 - 1000
    figures = {
        tile["metric"]: tile.get("value") for tile in snapshot["metrics"]["tiles"] if tile.get("window") == "show"
    }
    assert figures["M41"] > 0
    assert figures["M03"] > 500
    assert snapshot["cues"]["counts"]["raised"] >= 3
    assert len(list_products(app.reader, "main", "main")) == len(snapshot["shows"]["products"])


def test_its_end_is_debriefed_and_the_next_plan_takes_it_up(running: tuple[App, Demo]) -> None:
    app, demo = running
    assert demo.driver is not None
    show = app.on_air("demo")
    demo.end("demo")
    demo.driver.catch_up(demo.driver.now + 60_000)
    shows = {row.show: row for row in list_shows(app.reader, "demo")}
    assert shows[show].status == "ended"
    assert find_debrief(app.reader, show) is not None
    improvements = [item for item in list_improvements(app.reader, "demo", show) if item.show == show]
    assert improvements
    following = next(row for row in shows.values() if row.status == "planned")
    assert set(following.carried) == {item.improvement for item in improvements}
    assert all(item.state == "carried" and item.carried_to == following.show for item in improvements)
    cues = list_cues(app.reader, "main", "main", "demo", show)
    assert {cue.state for cue in cues} - {"judged", "done", "dismissed", "expired"} == set()


def test_it_leaves_with_all_it_brought(running: tuple[App, Demo]) -> None:
    app, demo = running
    client = TestClient(web_of(app, demo), base_url="http://testserver")
    assert client.delete("/api/demo").status_code == 401
    assert "demo" in app.rooms()
    assert client.get(app.link(app.first_owner()), follow_redirects=False).status_code == 303
    # As the host one looks on; the host takes nothing away.
    assert client.post("/api/session/act-as", json={"role": "host"}).status_code == 204
    assert client.delete("/api/demo").status_code == 403
    assert client.post("/api/session/act-as", json={"role": ""}).status_code == 204
    assert client.delete("/api/demo").status_code == 204
    assert client.get("/api/rooms").json() == []
    for method, path in (("POST", "/api/demo/demo/rate"), ("POST", "/api/demo/demo/end")):
        assert client.request(method, path, json={"rate": 2}).status_code == 404, "there is no demo any more"
    assert "demo" not in app.rooms()
    assert not [p for p in list_people(app.reader, "main") if p.person.startswith("sim-") and p.active]
    assert not [p for p in list_products(app.reader, "main", "main") if p.active]
