"""The hand-made show, run once for all tests that only read its debrief."""

from collections.abc import Iterator

import pytest

from livecue.debrief import DebriefBody
from livecue.events import Event
from tests.debrief.show import House, played, ticked


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[Event]]]:
    """The house in which the show ran, and everything it announced."""
    house = House(tmp_path_factory.mktemp("debrief") / "house.db")
    said = house.feed(ticked(played(), 930))
    yield house, said
    house.close()


@pytest.fixture(scope="session")
def body(ran: tuple[House, list[Event]]) -> DebriefBody:
    """Its debrief."""
    return ran[0].debrief()
