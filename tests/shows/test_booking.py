"""What a planned show holds: nobody and nothing is in two shows at a time, and the refusal names the other show."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import (
    CommandRefused,
    RoomSaved,
    RundownChanged,
    SegmentPlan,
    ShowCancelled,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
)
from livecue.flow import RoomInfo
from livecue.shows import Shows, find_show
from tests.folding import TestUnit

HOUR = 3_600_000
T = 1_790_000_000_000


def plan(show: str, start: float, end: float, **more: object) -> ShowPlanned:
    return ShowPlanned(
        command=f"plan-{show}-{start}", show=show, title=f"场 {show}", starts_at=T + int(start * HOUR),
        ends_at=T + int(end * HOUR), **more,
    )  # fmt: skip


class Rooms:
    """Rooms over one database, as the pump would fold them."""

    def __init__(self, path: Path) -> None:
        self.unit = TestUnit(path)
        self.rooms: dict[str, Shows] = {}
        for room, brand, nature in (
            ("r1", "b", "real"), ("r2", "b", "real"), ("r3", "other", "real"), ("sim", "b", "simulated"),
        ):  # fmt: skip
            info = RoomInfo(room=room, org="o", brand=brand, name=f"房 {room}", nature=nature)
            shows = Shows(info, None)
            saved = RoomSaved(room=room, org="o", brand=brand, name=info.name, platform="p", nature=nature)
            shows.fold([saved], self.unit)
            self.rooms[room] = shows

    def tell(self, room: str, event: object) -> CommandRefused | None:
        self.unit.announced.clear()
        self.unit.room = room
        self.rooms[room].fold([event], self.unit)  # type: ignore[list-item]
        said = self.unit.said(CommandRefused)
        return said[-1] if said else None


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path / "t.db")


def test_a_room_has_one_show_at_a_time(rooms: Rooms) -> None:
    assert rooms.tell("r1", plan("a", 0, 2)) is None
    refused = rooms.tell("r1", plan("b", 1, 3))
    assert refused is not None
    assert (refused.code, refused.about["title"], refused.about["room_name"]) == ("room_taken", "场 a", "房 r1")
    assert "场 a" in refused.why
    assert rooms.tell("r1", plan("b", 2, 3)) is None, "one begins where the other ends"
    assert rooms.tell("r2", plan("c", 1, 3)) is None, "another room is free"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("host", {"hosts": ("小雨",)}),
        ("kit", {"kits": ("便携 1 号",)}),
        ("light", {"lights": ("暖光",)}),
        ("studio", {"studio": "A 棚"}),
    ],
)
def test_what_rooms_share_is_held_once(rooms: Rooms, kind: str, more: dict[str, object]) -> None:
    assert rooms.tell("r1", plan("a", 0, 2, **more)) is None
    refused = rooms.tell("r2", plan("b", 1, 3, **more))
    assert refused is not None
    assert refused.code == f"{kind}_taken"
    assert refused.about["show"] == "a"
    assert refused.about["start"] == str(T)
    assert rooms.tell("r2", plan("b", 2, 4, **more)) is None
    # Moving the first into the second is refused, moving it away frees its time.
    assert rooms.tell("r1", plan("a", 3, 5, **more)) is not None
    assert rooms.tell("r1", plan("a", 5, 6, **more)) is None
    assert rooms.tell("r2", plan("d", 0, 1, **more)) is None


def test_hosts_of_segments_are_held_too(rooms: Rooms) -> None:
    segment = SegmentPlan(segment="s", part="pitch", host="小雨", duration_s=600)
    assert rooms.tell("r1", plan("a", 0, 2, segments=(segment,))) is None
    assert rooms.tell("r2", plan("b", 1, 3)) is None
    edited = RundownChanged(command="e", show="b", version=2, segments=(segment,))
    refused = rooms.tell("r2", edited)
    assert refused is not None
    assert refused.code == "host_taken"
    kept = find_show(rooms.unit, "b")
    assert kept is not None
    assert (kept.version, kept.segments) == (1, [])


def test_a_longer_rundown_must_fit(rooms: Rooms) -> None:
    assert rooms.tell("r1", plan("a", 0, 1)) is None
    assert rooms.tell("r1", plan("b", 1, 2)) is None
    long = (SegmentPlan(segment="s", part="pitch", duration_s=2 * 3600),)
    refused = rooms.tell("r1", RundownChanged(command="e", show="a", version=2, segments=long))
    assert refused is not None
    assert (refused.code, refused.about["show"]) == ("room_taken", "b")


def test_another_brands_show_is_not_named(rooms: Rooms) -> None:
    assert rooms.tell("r3", plan("secret", 0, 2, hosts=("小雨",))) is None
    refused = rooms.tell("r1", plan("b", 1, 3, hosts=("小雨",)))
    assert refused is not None
    assert refused.code == "host_taken"
    assert "secret" not in refused.why
    assert refused.about["title"] == "another brand's show"
    assert refused.about["room"] == ""


def test_simulated_rooms_hold_nothing_against_real_ones(rooms: Rooms) -> None:
    assert rooms.tell("sim", plan("a", 0, 2, hosts=("小雨",))) is None
    assert rooms.tell("r1", plan("b", 1, 3, hosts=("小雨",))) is None


def test_what_is_called_off_or_over_is_free(rooms: Rooms) -> None:
    more = {"kits": ("便携 1 号",)}
    assert rooms.tell("r1", plan("a", 0, 2, **more)) is None
    assert rooms.tell("r1", ShowCancelled(command="c", show="a")) is None
    assert rooms.tell("r2", plan("b", 1, 3, **more)) is None
    assert rooms.tell("r1", plan("c", 1, 2)) is None
    assert rooms.tell("r2", ShowStarted(command="s", show="b")) is None
    assert rooms.tell("r2", ShowEnded(command="e", show="b")) is None
    assert rooms.tell("r1", plan("d", 2, 4, **more)) is None
    refused = rooms.tell("r2", ShowCancelled(command="x", show="b"))
    assert refused is not None
    assert refused.code == "already_ran"
    called_off = find_show(rooms.unit, "a")
    assert called_off is not None
    assert called_off.status == "cancelled"


def test_an_end_before_the_start_is_refused(rooms: Rooms) -> None:
    refused = rooms.tell("r1", plan("a", 2, 1))
    assert refused is not None
    assert refused.code == "ends_before"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["r1", "r2"]), st.integers(0, 8), st.integers(0, 20), st.integers(1, 5),
            st.frozensets(st.sampled_from(["甲", "乙", "丙"]), max_size=2),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_two_plans_ever_hold_the_same(steps: list[tuple[str, int, int, int, frozenset[str]]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        rooms = Rooms(Path(folder) / "t.db")
        for number, (room, show, start, length, hosts) in enumerate(steps):
            event = plan(f"{room}-{show}", start, start + length, hosts=tuple(sorted(hosts)))
            rooms.tell(room, ShowPlanned(**{**_fields(event), "command": str(number)}))
        held = rooms.unit.rows("SELECT what, room, show, starts_at, ends_at FROM bookings ORDER BY what, starts_at")
        for one, two in pairwise(held):
            assert one[0] != two[0] or one[4] <= two[3], (one, two)
        times = rooms.unit.rows("SELECT room, starts_at, show FROM shows ORDER BY room, starts_at")
        spans = [(r, s, find_show(rooms.unit, show).ends_at) for r, s, show in times]  # type: ignore[union-attr]
        for a, b in pairwise(spans):
            assert a[0] != b[0] or a[2] <= b[1], (a, b)
        rooms.unit.db.close()


def _fields(event: ShowPlanned) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


def test_a_plan_without_a_time_stands_in_nobodys_way(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    shows = Shows(RoomInfo(room="r1", org="o", brand="b", nature="real"), None)
    for show in ("a", "b"):
        shows.fold([ShowPlanned(command=f"c-{show}", show=show, title=show, starts_at=0, hosts=("zhou",))], unit)
    assert unit.said(CommandRefused) == []
    assert unit.rows("SELECT COUNT(*) FROM bookings") == [(0,)]
