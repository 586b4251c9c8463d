"""What a planned show holds: its room, its hosts, kit, lights and studio, each for one show at a time.

The room's own plans are known here; what rooms share lives in the rows of ``bookings``, asked in the transaction that
plans. Rooms that are simulated or replayed hold nothing against real ones. What another brand holds is refused
without saying by whom.
"""

from collections.abc import Iterable

import msgspec

from livecue.flow import RoomInfo, Unit
from livecue.shows import tables
from livecue.shows.state import Plan
from livecue.store import TAKE_TURN

MOST = 60
"""Things that one show may hold."""


class Clash(msgspec.Struct, frozen=True):
    """``kind`` (room, host, kit, light or studio) ``name`` is held by the show ``title`` from ``start`` to ``end``."""

    kind: str
    name: str
    show: str
    title: str
    room: str
    room_name: str
    start: int
    end: int

    def about(self) -> dict[str, str]:
        """For the screens' words."""
        return {
            "kind": self.kind, "name": self.name, "show": self.show, "title": self.title, "room": self.room,
            "room_name": self.room_name, "start": str(self.start), "end": str(self.end),
        }  # fmt: skip


def end_of(plan: Plan) -> int:
    """Where the rundown ends, ms UTC."""
    return plan.starts_at + max((item.offset_s + item.duration_s for item in plan.segments), default=0) * 1000


def held_by(plan: Plan) -> list[str]:
    """What the plan holds besides its room, as ``kind:name``."""
    hosts = {item.host for item in plan.segments if item.host}.union(plan.hosts)
    found = [f"host:{name}" for name in sorted(hosts)]
    found += [f"kit:{name.strip()}" for name in sorted(set(plan.kits)) if name.strip()]
    found += [f"light:{name.strip()}" for name in sorted(set(plan.lights)) if name.strip()]
    if plan.studio.strip():
        found.append(f"studio:{plan.studio.strip()}")
    return found[:MOST]


def clash_here(plan: Plan, others: Iterable[Plan], room: RoomInfo) -> Clash | None:
    """Another show of the same room in this time: a room has one show at a time. No time, no clash."""
    if not plan.starts_at:
        return None
    for other in sorted(others, key=lambda item: (item.starts_at, item.show)):
        if other.show == plan.show or other.status not in ("planned", "on_air"):
            continue
        start = other.started_at or other.starts_at
        if not start:
            continue
        end = start + max(other.ends_at, end_of(other)) - other.starts_at
        if start < plan.ends_at and end > plan.starts_at:
            return Clash("room", room.name or room.room, other.show, other.title, room.room, room.name, start, end)
    return None


def clash_of(plan: Plan, room: RoomInfo, unit: Unit) -> Clash | None:
    """A show anywhere in the organisation that holds in this time what the plan needs."""
    wanted = held_by(plan)
    if not wanted or not plan.starts_at:
        return None
    # Two rooms may plan at once, in two programs: the second one must see what the first has written.
    unit.write(TAKE_TURN, ("bookings", room.org))
    rows = unit.ask(
        tables.CLASH.format(places=",".join("?" * len(wanted))),
        (room.org, _real(room), plan.ends_at, plan.starts_at, room.room, plan.show, *wanted),
    )
    if not rows:
        return None
    what, brand, where, show, title, name, start, end = rows[0]
    kind, _, held = str(what).partition(":")
    if brand != room.brand:
        return Clash(kind, held, "", "another brand's show", "", "", int(start), int(end))
    return Clash(kind, held, str(show), str(title), str(where), str(name), int(start), int(end))


def hold(plan: Plan, room: RoomInfo, unit: Unit) -> None:
    """Write what the plan holds, in place of what it held."""
    free(plan, room, unit)
    if not plan.starts_at:
        return
    rows = [
        (room.org, room.brand, room.room, plan.show, what, plan.starts_at, plan.ends_at, _real(room))
        for what in held_by(plan)
    ]
    unit.write_many(tables.HOLD, rows)


def free(plan: Plan, room: RoomInfo, unit: Unit) -> None:
    """Give back what the plan held."""
    unit.write(tables.FREE, (room.room, plan.show))


def _real(room: RoomInfo) -> int:
    return int(room.nature in ("real", "rehearsed"))
