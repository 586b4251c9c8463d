"""How the program is doing: for the office, for a load balancer, and for Prometheus."""

import asyncio
import hmac
import json
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from livecue.compliance import engine_of
from livecue.cues import DETECTORS, in_use, list_thresholds
from livecue.errors import NotFound, StoreFailed, StoreLocked
from livecue.events import EVENT_KINDS
from livecue.flow import BOUNDS_S, RoomInfo, Spread
from livecue.reference import Place
from livecue.web.auth import Caller, Guard, Public, room_of, services
from livecue.web.bridge.tokens import BadToken
from livecue.web.json import answer
from livecue.web.services import Services, Shared

router = APIRouter()
STUCK_MS = 10_000
"""A commit older than this while something waits is a standstill."""
LOCKED_MS = 60_000
"""A transaction that failed of a held database is spoken of for so long unless one went through since."""
LOW_DISK = 500 << 20
"""With less free space (bytes) the program says so: a show of some hours needs this much."""


def troubles(door: Services) -> list[str]:
    """Codes of what keeps this process from doing its work; nothing when all is well. Reads the database once."""
    found = []
    pump = door.pump
    if not pump.alive:
        found.append("pump_stopped")
    if not door.runner.alive:
        found.append("runner_stopped")
    if (shared := door.shared()) is not None and not any("pump" in roles for roles in _roles(shared)):
        found.append("no_pump")
    if pump.waiting_events and pump.committed_at and door.clock.now_ms() - pump.committed_at > STUCK_MS:
        found.append("stuck")
    code, failed_at = pump.failing
    # With nothing to write nobody tries again: what was long ago says nothing of now.
    if code == StoreLocked.code and door.clock.now_ms() - failed_at < LOCKED_MS:
        found.append("locked")
    if door.sizes().get("disk_free", LOW_DISK) < LOW_DISK:
        found.append("low_disk")
    try:
        if door.reader.rows("SELECT 1 FROM stopped LIMIT 1"):
            found.append("room_stopped")
        if (history := _history(door)) is not None and history["error"]:
            found.append("history_failed")
    except StoreLocked:
        found += [] if "locked" in found else ["locked"]
    except StoreFailed:
        found.append("no_database")
    return found


def _roles(shared: Shared) -> list[list[str]]:
    """The roles of every program that lives, this one first."""
    return [shared.roles, *(roles for _, roles in shared.others)]


@router.get("/healthz", dependencies=[Depends(Public("codes without any data, for a load balancer"))])
async def healthz(request: Request) -> Response:
    """200 while the process does its work, else 503; ``troubles`` says why by codes.

    A room that stopped is a trouble to be shown, but no reason to take the process out of service.
    """
    found = await asyncio.to_thread(troubles, services(request))
    grave = [code for code in found if code not in ("room_stopped", "low_disk", "no_pump", "history_failed")]
    said: dict[str, Any] = {"ok": not grave, "troubles": found}
    if (shared := services(request).shared()) is not None:
        said |= {"roles": shared.roles, "rooms": len(shared.owned)}
    return answer(said, 503 if grave else 200)


@router.get("/api/health")
async def health(request: Request, caller: Caller = Depends(Guard("watch"))) -> Response:
    """What waits, what failed, what is owed: the state of the loop, of the caller's own rooms where it is by room."""
    door = services(request)
    mine = {name for name, r in door.rooms().items() if caller.may("watch", r.org, r.brand, r.room)}
    return answer(await asyncio.to_thread(_state, door, mine))


def _state(door: Services, mine: set[str]) -> dict[str, Any]:
    rows, pump = door.reader.rows, door.pump
    shared, lags = door.shared(), pump.lags()
    owners = {} if shared is None else _owners(door)
    heard = pump.feeds()
    feeds: dict[str, dict[str, Any]] = {}
    late = _latency(door)
    for room in sorted(mine):
        batches, now = lags.get(room, (0, 0))
        feeds[room] = {"waiting": batches, "now": now, "watching": door.bus.watched(room), "on_air": room in late}
        feeds[room] |= late.get(room, {"control_ms": None, "cue_ms": None})
        # None: another program owns the room, or nobody has opened it yet. Ages are by the room's own clock.
        told = heard.get(room)
        feeds[room]["feeds"] = (
            None
            if told is None
            else [{"feed": feed, "age_ms": max(0, now - at) if now else None} for feed, at in sorted(told.items())]
        )
        if shared is not None:
            feeds[room]["owner"], feeds[room]["epoch"] = owners.get(room, ("", 0))
    return {
        "programs": None
        if shared is None
        else [{"program": name, "roles": roles} for name, roles in ((shared.program, shared.roles), *shared.others)],
        "waiting_events": pump.waiting_events,
        "backlog": pump.backlog(),
        "folded_events": pump.folded_events,
        "duplicate_events": pump.duplicate_events,
        "last_commit_at": pump.committed_at,
        "last_error": pump.last_error,
        "at": door.clock.now_ms(),
        "troubles": troubles(door),
        "sizes": door.sizes(),
        "history": _history(door),
        "answer_p99_ms": _quantile(pump.pulse.answer, 0.99),
        "rooms": feeds,
        "stopped": [
            {"room": r[0], "part": r[1], "batch": r[2], "error": r[3], "at": r[4]}
            for r in rows("SELECT room, part, number, error, at FROM stopped")
            if r[0] in mine
        ],
        "differing": [
            {"room": room, "count": len(found), "first": found[0]}
            for room, found in sorted(pump.differing().items())
            if room in mine
        ],
        "owed": [
            {"room": r[0], "decider": r[1], "since": r[2], "attempts": r[3], "next_at": r[4], "error": r[5]}
            for r in rows("SELECT room, decider, since, attempts, next_at, error FROM owed")
            if r[0] in mine
        ],
        "actions": {
            r[0]: r[1]
            for r in rows("SELECT state, COUNT(*) FROM outbox WHERE state NOT IN ('done', 'failed') GROUP BY state")
        },
    }


@router.get("/api/rooms/{room}/running")
async def running(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """What runs in a room now: its parts with the versions of their rules, detectors on and off, the word packs.

    ``parts`` is null while nobody has opened the room here.
    """
    door, info = services(request), room_of(request, room)
    if not caller.may("watch", info.org, info.brand, info.room):
        raise NotFound("there is no such room")
    return answer(await asyncio.to_thread(_running, door, info))


def _running(door: Services, info: RoomInfo) -> dict[str, Any]:
    place = Place(platform=info.platform, category=info.category, currency=info.currency)
    rows = list_thresholds(door.reader, info.org, info.brand, info.room)
    items = tuple(row.threshold for row in rows)
    now = max([door.clock.now_ms(), *(row.set_at for row in rows)])
    listed = [item.rule for item in DETECTORS]
    off = [rule for rule in listed if in_use(rule, place, items, now).preset.off]
    engine = engine_of(info)
    return {
        "version": door.version,
        "parts": door.pump.parts().get(info.room),
        "detectors": {"on": [rule for rule in listed if rule not in off], "off": off},
        "packs": {"version": engine.version, "entries": len(engine.entries)},
        "event_kinds": len(EVENT_KINDS),
    }


_LATENCY = {"control_ms": "M92", "cue_ms": "M93"}
_NEWEST = (
    "SELECT value FROM minute_readings WHERE room = ? AND show = ? AND metric = ? AND scope = 'room'"
    " AND value IS NOT NULL ORDER BY minute DESC LIMIT 1"
)


def _latency(door: Services) -> dict[str, dict[str, float | None]]:
    """M92 and M93 of rooms on air: the newest minute of the show that knows them; None when none does yet."""
    found: dict[str, dict[str, float | None]] = {}
    for room, show in door.reader.rows("SELECT room, show FROM shows WHERE status = 'on_air'"):
        mine = found.setdefault(str(room), {})
        for name, metric in _LATENCY.items():
            rows = door.reader.rows(_NEWEST, (room, show, metric))
            mine[name] = float(rows[0][0]) if rows else None
    return found


def _history(door: Services) -> dict[str, Any] | None:
    """When closed shows were looked for last, by whichever program does it, and what kept it from going on."""
    rows = door.reader.rows("SELECT value FROM settings WHERE org = '' AND brand = '' AND name = 'history_state'")
    if not rows:
        return None
    said: dict[str, Any] = json.loads(rows[0][0])
    return {"at": int(said.get("ran_at", 0)), "error": str(said.get("error", ""))}


def _owners(door: Services) -> dict[str, tuple[str, int]]:
    rows = door.reader.rows("SELECT room, owner, epoch FROM leases")
    return {str(room): (str(owner).rpartition("/")[0], int(epoch)) for room, owner, epoch in rows}


def _quantile(spread: Spread, share: float) -> float | None:
    """The bound (ms) under which ``share`` of all lie; None before the first or beyond the last bound."""
    counts = list(spread.counts)
    left = share * sum(counts)
    if not left:
        return None
    for bound, count in zip(BOUNDS_S, counts, strict=False):
        left -= count
        if left <= 0:
            return bound * 1000
    return None


class WatchGuard:
    """Asks for the token of the setting ``metrics_token``; without that setting nobody gets in."""

    permission = "token:metrics"

    def __call__(self, request: Request) -> None:
        wanted = services(request).metrics_token
        given = request.headers.get("authorization", "")
        if not wanted:
            raise BadToken("this address is shut; the setting metrics_token opens it")
        if not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
            raise BadToken("send the header `Authorization: Bearer <metrics_token>`")


@router.get("/metrics", dependencies=[Depends(WatchGuard())])
async def metrics(request: Request) -> Response:
    """The same for Prometheus, in its text format."""
    text = await asyncio.to_thread(_exposed, services(request))
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def _exposed(door: Services) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(door))
    return generate_latest(registry)


class _Collector:
    """Reads everything at the moment of the scrape; nothing is counted twice and nothing kept."""

    def __init__(self, door: Services) -> None:
        self._door = door

    def collect(self) -> Iterable[Metric]:
        """Every figure; names as Prometheus wants them, times in seconds."""
        door, pump = self._door, self._door.pump
        yield GaugeMetricFamily("livecue_up", "1 while the pump's thread runs.", int(pump.alive))
        info = GaugeMetricFamily("livecue_build_info", "The running version.", labels=["version"])
        info.add_metric([door.version], 1)
        yield info
        yield CounterMetricFamily("livecue_events_folded", "Events folded since the start.", pump.folded_events)
        yield CounterMetricFamily(
            "livecue_events_duplicate", "Events folded that were there already.", pump.duplicate_events
        )
        yield CounterMetricFamily(
            "livecue_failed_cycles", "Transactions that failed and were tried again.", pump.pulse.failed_cycles
        )
        yield GaugeMetricFamily("livecue_events_waiting", "Events not yet stored.", pump.waiting_events)
        yield GaugeMetricFamily("livecue_commit_timestamp_seconds", "When it last committed.", pump.committed_at / 1000)
        for name, spread, text in (
            ("cycle", pump.pulse.cycle, "A whole transaction: append, fold, commit."),
            ("commit", pump.pulse.commit, "The commit alone."),
            ("answer", pump.pulse.answer, "From a post's arrival to its durable answer."),
        ):
            yield _histogram(f"livecue_{name}_seconds", text, spread)
        waiting = GaugeMetricFamily("livecue_room_waiting_batches", "Stored and not yet folded.", labels=["room"])
        watching = GaugeMetricFamily("livecue_room_watching", "Screens that follow the room.", labels=["room"])
        for room, (batches, _) in sorted(pump.lags().items()):
            waiting.add_metric([room], batches)
            watching.add_metric([room], door.bus.watched(room))
        yield waiting
        yield watching
        if (shared := door.shared()) is not None:
            yield from _shared(shared)
        actions = GaugeMetricFamily("livecue_actions", "Actions that are not over, by state.", labels=["state"])
        for state, count in door.reader.rows(
            "SELECT state, COUNT(*) FROM outbox WHERE state NOT IN ('done', 'failed') GROUP BY state"
        ):
            actions.add_metric([state], count)
        yield actions
        for table, text in (
            ("stopped", "Rooms that a failed ledger stopped."),
            ("owed", "Deciders that must catch up."),
        ):
            count = door.reader.rows(f"SELECT COUNT(*) FROM {table}")[0][0]
            yield GaugeMetricFamily(f"livecue_{table}", text, count)
        if (history := _history(door)) is not None:
            yield GaugeMetricFamily(
                "livecue_history_failed", "1 while closed shows cannot be archived.", int(bool(history["error"]))
            )
        late = GaugeMetricFamily(
            "livecue_room_latency_ms", "M92 and M93 of rooms on air, newest minute.", labels=["room", "metric"]
        )
        for room, told in sorted(_latency(door).items()):
            for name, value in told.items():
                if value is not None:
                    late.add_metric([room, _LATENCY[name]], value)
        yield late
        for name, size in sorted(door.sizes().items()):
            unit = "timestamp_seconds" if name.endswith("_at") else "bytes"
            value = size / 1000 if name.endswith("_at") else size
            yield GaugeMetricFamily(f"livecue_{name.removesuffix('_at')}_{unit}", _SIZES.get(name, name), value)


def _shared(shared: Shared) -> Iterable[Metric]:
    roles = GaugeMetricFamily("livecue_role", "1 for each role of this program.", labels=["role"])
    for role in shared.roles:
        roles.add_metric([role], 1)
    yield roles
    yield GaugeMetricFamily("livecue_rooms_owned", "Rooms that this program owns.", len(shared.owned))
    epochs = GaugeMetricFamily("livecue_room_epoch", "How often the room has changed hands.", labels=["room"])
    for room, epoch in sorted(shared.owned.items()):
        epochs.add_metric([room], epoch)
    yield epochs
    programs = GaugeMetricFamily("livecue_programs", "Programs that live, by role.", labels=["role"])
    for role in ("intake", "pump", "runner", "web"):
        programs.add_metric([role], sum(role in held for held in _roles(shared)))
    yield programs


_SIZES = {
    "disk_free": "Free space where the data lie.",
    "database": "Size of the database file.",
    "backup_at": "When the last backup was made.",
}


def _histogram(name: str, text: str, spread: Spread) -> HistogramMetricFamily:
    counts, running, buckets = list(spread.counts), 0, []
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), counts, strict=True):
        running += count
        buckets.append((bound, running))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=spread.total_s)
