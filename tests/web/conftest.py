"""A running house behind an in-process HTTP client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from livecue.app import App, web_of
from livecue.config import load_settings
from livecue.events import BrandSaved, PersonSaved, RoleGranted, RoomSaved
from livecue.kit import ManualClock
from tests.folding import _template
from tests.postgres import Cluster


class House:
    """An app with two brands, a room each, and people who differ in what they may do."""

    def __init__(self, folder: Path, dsn: str = "") -> None:
        import shutil

        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(_template(), folder / "livecue.db")
        self.clock = ManualClock(1_790_000_000_000)
        self.app = App(load_settings(data=folder, store_dsn=dsn), clock=self.clock)
        self.app.pump.start()
        self.owner = self.app.first_owner()
        self.app.tell_house(
            BrandSaved(org="main", brand="other", name="别家"),
            RoomSaved(room="r1", org="main", brand="main", name="一号", platform="p", nature="rehearsed"),
            RoomSaved(room="r2", org="main", brand="other", name="二号", platform="p", nature="rehearsed"),
            PersonSaved(person="ops", org="main", name="运营"),
            RoleGranted(person="ops", role="ops", org="main", brand="main"),
            PersonSaved(person="host", org="main", name="主播"),
            RoleGranted(person="host", role="host", org="main", brand="main", room="r1"),
            PersonSaved(person="stranger", org="main", name="外人"),
            RoleGranted(person="stranger", role="director", org="main", brand="other"),
        )
        self.web = web_of(self.app)

    def client(self, person: str = "") -> TestClient:
        """A browser, signed in as ``person``."""
        client = TestClient(self.web, base_url="http://testserver")
        if person:
            path = self.app.link(self.owner if person == "owner" else person)
            assert client.get(path, follow_redirects=False).status_code == 303
        return client

    def token(self, room: str = "r1", scope: str = "both") -> str:
        """A bridge token."""
        made = self.client("owner").post(f"/api/rooms/{room}/tokens", json={"name": "t", "scope": scope})
        assert made.status_code == 201, made.text
        return str(made.json()["token"])


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """On a file; on PostgreSQL where a test asks for it (indirect parameter ``postgres``)."""
    dsn = ""
    if getattr(request, "param", "") == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        dsn = cluster.database()
    made = House(tmp_path / "data", dsn)
    yield made
    made.app.pump.stop()
    made.app.reader.close()
    made.app.release()
