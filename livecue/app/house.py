"""The one room that knows every other: which parts a room has, which doors, what runs."""

import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from livecue import __version__
from livecue.app.archiving import Archiving, history_of
from livecue.app.heap import settle_heap
from livecue.app.hooks import Hooks
from livecue.app.lock import claim, join, take_lock
from livecue.app.placing import store_of
from livecue.app.thinking import ModelDoor, thinking_of
from livecue.app.tracing import start_tracing
from livecue.audience import Audience
from livecue.catalog import Catalog
from livecue.compliance import Compliance, Training, engine_of, keep_version
from livecue.config import Settings
from livecue.cues import Cues
from livecue.debrief import Debrief
from livecue.desk import Desk
from livecue.desk.moderation import Moderation
from livecue.desk.opinion import Opinion
from livecue.desk.service import Knowledge, Service, make_refusal_key, refusal_key
from livecue.errors import BadInput, LiveCueError, StoreFailed
from livecue.events import Action, AskModel, BrandSaved, Event, PersonSaved, RoleGranted
from livecue.flow import REST_MS, Bus, Door, Exchange, Inbox, Makers, Pump, RoomInfo, Runner, Timer
from livecue.insight import Boards
from livecue.kit import Clock, SystemClock, new_id, stable_id
from livecue.metrics import Metrics
from livecue.planning.activity import Activities
from livecue.planning.ads import Ads
from livecue.planning.calendar import Calendar, Preparation
from livecue.planning.goals import Goals
from livecue.planning.roster import Rosters
from livecue.planning.script import Scripts
from livecue.planning.supply import Supply
from livecue.sales import Sales
from livecue.shelf import Draws, Shelf
from livecue.shows import Shows, find_room, list_rooms, list_shows, rooms_on_air
from livecue.store import HOUSE, Eraser, Retention, Sharer, Signaller, TransactionWriter, Writer, transaction
from livecue.team import Team, any_password, new_link
from livecue.traffic import Traffic
from livecue.web import Shared
from livecue.work import Work

_log = logging.getLogger("livecue.app")

LEDGERS = (Team, Catalog, Shows, Audience, Sales, Compliance, Work, Metrics)
"""In the order they fold."""
DECIDERS = (Cues, Desk, Moderation, Opinion, Service, Shelf, Draws, Traffic, Debrief, Preparation)
OFFICE = (Calendar, Activities, Ads, Goals, Rosters, Scripts, Knowledge, Training, Supply)
"""What decides over edits of the office."""
ROLES = frozenset({"intake", "pump", "runner", "web"})
"""What a program can do: take events in, fold rooms, perform actions, serve the screens."""
SIZED_S = 60
"""So often the database is asked how large it is."""

HOUSE_INFO = RoomInfo(room=HOUSE, org="*", brand="*", name="office")


class App:
    """One running LiveCue over one data folder."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        probe: Callable[[str], None] | None = None,
        *,
        stand_by: bool = False,
        roles: frozenset[str] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """``roles``: share the rooms with other programs, where the store can be shared; None: bear none beside us.

        ``stand_by`` waits until no other program is in the way; ``on_lost`` hears when one struck us out.
        """
        self.settings = settings
        self._stop_tracing = start_tracing(settings)
        self.clock = clock or SystemClock()
        self.roles = ROLES if roles is None else roles
        self.store = store_of(settings)
        if roles is not None and not self.store.shares and roles != ROLES:
            raise BadInput(
                f"--roles {','.join(sorted(roles))}: one database file serves one program, which does everything; leave"
                " --roles out, or keep everything in PostgreSQL (store_dsn), which several programs can share"
            )
        make_folder(settings.data)
        self._lock = take_lock(settings.data)
        self.store.migrate()
        if roles is not None and self.store.shares:
            join(self.store, settings, roles, on_lost)
        else:
            claim(self.store, settings, stand_by, on_lost)
        self.history = history_of(settings)
        self.reader = self.store.reader()
        self._size, self._sized_until = 0, 0.0
        self.reader.past = self.history
        self.bus = Bus()
        self._rooms: dict[str, RoomInfo] = {}
        self._staged: set[str] = set()
        self._ahead: dict[str, int] = {}
        self.doors: dict[str, Door] = {}
        """Room to the door its actions leave by; rooms without one can do nothing outside."""
        self.capable: dict[str, list[str]] = {}
        """Room to the kinds of action its door performs."""
        self.driven: set[str] = set()
        """Rooms whose clock somebody else drives: simulated and replayed ones, rehearsals."""
        self.on_stop: list[Callable[[], None]] = []
        """What drives rooms stops before the pump does."""
        shared = self.store.shared()
        self._program = shared[0] if shared is not None else None
        self.pump: Inbox = self._alone(probe) if shared is None else self._together(*shared, probe)
        self.pump.pressure.most = settings.most_behind
        self.thinking = thinking_of(
            settings, lambda room, event: self.pump.post(room, [event], source="livecue").result(30)
        )
        self.runner = Runner(
            self.pump, self._room, self._door, self.clock, self._program, self.reader if self._program else None
        )
        self._rooms_live: tuple[int, frozenset[str]] = (0, frozenset())
        """When it was asked which rooms are on air (ms), and which were."""
        # Where others may post to our rooms nobody wakes them: they rest no longer than a clock may be wrong.
        rest_ms = REST_MS if self._program is None else 1000
        self.timer = Timer(self.pump, self._timed, self.clock, self._ahead_of, self._busy, rest_ms)
        self.hooks = Hooks(self.pump, self.reader, self.clock, leads=self._leads)
        self.archiving = Archiving(
            self.pump, self.reader, self.history, self.clock, settings.history_keep_days, leads=self._leads
        )
        self.boards = Boards(self.reader, self.archiving.archiver, self.history, self.clock, self.archiving.guard)
        self.archiving.also.append(self.boards.refresh)
        has_room = cache(lambda table: "room" in self.store.columns(table))
        self.retention = Retention(self.reader, self.archiving.run, self.history, has_room)
        self.eraser = Eraser(
            self.reader,
            self.archiving.run,
            self.history,
            self.archiving.archiver,
            lambda room: self.pump.reopen(room).result(60),
            self._program.outlast if self._program is not None else lambda: None,
        )
        self.archiving.also.append(lambda: self.eraser.step(self.clock.now_ms()))
        self.archiving.also.append(lambda: self.retention.step(self.clock.now_ms()))
        self.refresh_rooms()

    def _own_writer(self) -> TransactionWriter:
        writer = self.store.own_writer()
        writer.past = self.history
        return writer

    def _alone(self, probe: Callable[[str], None] | None) -> Inbox:
        return Pump(
            self._own_writer(),
            self._find,
            self.bus,
            clock=self.clock,
            on_actions=lambda: self.runner.wake(),
            on_house=self.refresh_rooms,
            probe=probe,
        )

    def _together(self, program: Sharer, signals: Signaller, probe: Callable[[str], None] | None) -> Inbox:
        exchange = Exchange(
            self._own_writer(),
            self.reader,
            self.bus,
            program,
            signals,
            self._info,
            self.clock,
            on_actions=lambda: self.runner.wake(),
            on_house=self.refresh_rooms,
        )
        program.rooms = lambda: [HOUSE, *self._rooms]
        if "pump" in self.roles:
            pump = Pump(
                self._own_writer(),
                self._find,
                self.bus,
                clock=self.clock,
                on_actions=exchange.acted,
                on_house=self.refresh_rooms,
                probe=probe,
                shared=True,
                on_folded=exchange.folded,
                on_later=exchange.later,
            )
            exchange.own(pump)
        return exchange

    def start(self, whole_process: bool = False) -> None:
        """Start moving what our roles name. ``whole_process``: nothing else lives here, so its heap may be settled."""
        # Before the pump: it opens rooms with a backlog at once, and a desk is given the key when its room is opened.
        writer = self.store.own_writer()
        try:
            with transaction(writer):
                make_refusal_key(writer)
        finally:
            writer.close()
        self.pump.start()
        if "runner" in self.roles:
            self.runner.start()
            self.hooks.start()
            if self._program is None or self.settings.history_place:
                # A folder of one program's own would hide closed shows from the others.
                self.archiving.start()
        if "pump" in self.roles:
            self.timer.start()
            # Making the word engine takes a second: not while the first comment waits.
            threading.Thread(target=self._warm, args=(whole_process,), name="warm", daemon=True).start()

    def shared(self) -> Shared | None:
        """This program among the others; None when it bears none beside it."""
        program = self._program
        if program is None:
            return None
        others = [(one.program.rpartition("/")[0], sorted(one.roles)) for one in program.others]
        return Shared(program.name.rpartition("/")[0], sorted(self.roles), dict(program.owned), others)

    def _owns(self, room: str) -> bool:
        return self._program is None or room in self._program.owned

    def _leads(self) -> bool:
        return self._program is None or self._program.leads("runner")

    def _warm(self, settle: bool) -> None:
        engine_of(HOUSE_INFO)
        try:
            self.pump.run(lambda writer: keep_version(writer, self.clock.now_ms())).result(60)
        except (LiveCueError, TimeoutError) as error:
            _log.warning("the version of the rules was not kept: %s", error)
        for room in list(self._rooms.values()):
            engine_of(room, self.clock.now_ms()).warm()
        if settle:
            settle_heap()

    def stop(self) -> None:
        """Stop: what was answered is durable, every room has a snapshot."""
        for stop in self.on_stop:
            stop()
        self.archiving.stop()
        self.hooks.stop()
        self.timer.stop()
        self.runner.stop()
        if self.thinking is not None:
            self.thinking.stop()
        self.pump.stop()
        self.store.release()
        if isinstance(self.pump, Exchange):
            self.pump.leave()
        self.reader.close()
        self._stop_tracing()
        self.release()

    def release(self) -> None:
        """Give data folder and database back."""
        self.store.release()
        self._lock.close()

    def sizes(self) -> dict[str, int]:
        """Free space and size of the database (bytes), when the last backup was made (ms); only what is known."""
        found = {"disk_free": shutil.disk_usage(self.settings.data).free}
        now = time.monotonic()
        if now >= self._sized_until:
            # A server adds up its files for it; and one that is away is asked once a minute, not by every look.
            self._sized_until = now + SIZED_S
            try:
                self._size = self.store.size()
            except (LiveCueError, OSError) as error:
                _log.warning("how large the database is was not told: %s", error)
        if self._size:
            found["database"] = self._size
        with suppress(OSError):
            found["backup_at"] = int(backup_mark(self.settings.data).stat().st_mtime * 1000)
        return found

    @property
    def version(self) -> str:
        """The program's version."""
        return __version__

    # Rooms.

    def refresh_rooms(self) -> None:
        """Read the rooms again: the office changed something."""
        before, self._rooms = self._rooms, {info.room: info for info in list_rooms(self.reader)}
        self._staged = {room_of_rehearsals(room) for room in self._rooms}
        for gone in before.keys() - self._rooms.keys():
            # Whoever watches or reads along hears of it now, and the next event finds no room in memory.
            self.bus.publish(gone, None)
            self.bus.committed(gone, 0, [])
            self.pump.drop(gone)

    def rooms(self) -> dict[str, RoomInfo]:
        """Every room by its id."""
        return self._rooms

    def capabilities(self, room: RoomInfo) -> list[str]:
        """The kinds of action that this room's door performs."""
        return self.capable.get(room.room, [])

    def _room(self, room: str) -> RoomInfo | None:
        return self._rooms.get(room)

    def _info(self, writer: Writer, room: str) -> RoomInfo | None:
        return HOUSE_INFO if room == HOUSE else self._rooms.get(room) or find_room(writer, room)

    def _find(self, writer: Writer, room: str) -> tuple[RoomInfo, Makers] | None:
        if room == HOUSE:
            return HOUSE_INFO, ((Team, Catalog, Shows, Sales), tuple(decider() for decider in OFFICE))
        info = find_room(writer, room)
        return None if info is None else (info, makers(self.thinking is not None, refusal_key(writer)))

    def _door(self, room: RoomInfo, action: Action) -> Door | None:
        if isinstance(action, AskModel):
            return ModelDoor(self.thinking, room.room) if self.thinking is not None else None
        return self.doors.get(room.room) if type(action).__name__ in self.capabilities(room) else None

    def _busy(self) -> set[str]:
        """Rooms that are on air or watched: their clocks never rest."""
        asked = self._rooms_live[0]
        now = self.clock.now_ms()
        if not asked <= now < asked + 5000:
            self._rooms_live = now, frozenset(rooms_on_air(self.reader))
        return {*self._rooms_live[1], *self.bus.watched_rooms()}

    def _timed(self) -> list[str]:
        # A room of rehearsals has its time from the rehearsal alone, and that may run in another program.
        return [
            room
            for room, info in self._rooms.items()
            if room not in self.driven
            and room not in self._staged
            and self._owns(room)
            and info.nature in ("real", "rehearsed")
        ]

    def stages(self, room: str) -> bool:
        """Whether the room is one in which the shows of another are rehearsed."""
        return room in self._staged

    def keep_ahead(self, room: str, now: int) -> None:
        """Let a practice room's clock go on from ``now`` (room ms): its show may have run faster than the wall's."""
        self._ahead[room] = max(0, now - self.clock.now_ms())

    def _ahead_of(self, room: str) -> int:
        """How far a room's clock is ahead of the wall's (ms): that of a practice room whose show was played."""
        if self._rooms[room].nature != "rehearsed":
            return 0
        if room not in self._ahead:
            self.keep_ahead(room, self.pump.room_now(room).result(30))
        return self._ahead[room]

    # People.

    def tell_house(self, *events: Event) -> None:
        """Put edits of the office into its stream and wait; raises ``BadInput`` when one is refused."""
        keyed = []
        for event in events:
            command = new_id()
            keyed.append(msgspec.structs.replace(event, key=command, command=command, by="livecue"))
        receipt = self.pump.post(HOUSE, keyed, source="livecue", wants=True).result(30)
        if receipt.refused is not None:
            raise BadInput(receipt.refused.why)

    def first_owner(self) -> str:
        """The owner of the organisation; made at the first start."""
        settings = self.settings
        rows = self.reader.rows(
            "SELECT person FROM grants WHERE org = ? AND role = 'owner' ORDER BY person LIMIT 1", (settings.org,)
        )
        if rows:
            return str(rows[0][0])
        # The same whichever program makes it: two may start at once.
        person = stable_id("owner", settings.org)
        name = "所有者" if settings.language == "zh" else "Owner"
        self.tell_house(
            BrandSaved(org=settings.org, brand=settings.brand, name=settings.brand),
            PersonSaved(person=person, org=settings.org, name=name, login="owner", language=settings.language),
            RoleGranted(person=person, role="owner", org=settings.org),
        )
        return person

    def link(self, person: str | None = None) -> str:
        """The path of a new one-time sign-in link, for the owner when no person is named."""
        who = person or self.first_owner()
        rows = self.reader.rows("SELECT org FROM people WHERE person = ? AND active = 1", (who,))
        if not rows:
            raise BadInput(f"there is no person {who!r}; `livecue user list` shows them")
        now = self.clock.now_ms()
        token = self.pump.run(lambda writer: new_link(writer, str(rows[0][0]), who, now)).result(30)
        return f"/signin?token={token}"

    def needs_link(self) -> bool:
        """Whether nobody has a password yet: then every start prints a link."""
        return not any_password(self.reader)

    def on_air(self, room: str) -> str:
        """The show that is on air in the room, "" when none is."""
        return next((show.show for show in list_shows(self.reader, room, 20) if show.status == "on_air"), "")


def makers(asks: bool = False, key: bytes = b"") -> Makers:
    """The parts of a live room; ``asks``: a language model is set; ``key``: under which refusals are kept."""
    return LEDGERS, tuple(Service(asks, key) if decider is Service else decider() for decider in DECIDERS)


def room_of_rehearsals(room: str) -> str:
    """The room in which the shows of ``room`` are rehearsed."""
    return stable_id("rehearsal", room)


def backup_mark(data: Path) -> Path:
    """The file whose time is that of the last backup."""
    return data / "last-backup"


def note_backup(data: Path) -> None:
    """Remember that a backup was made now: the health page shows how old the newest is."""
    backup_mark(data).touch()


def make_folder(path: Path) -> None:
    """Make the data folder for its owner alone. Raises ``StoreFailed`` with what to do."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = path / f".writable-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StoreFailed(f"the data folder {path} cannot be written: {error}; choose another with --data") from error
