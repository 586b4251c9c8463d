"""The decider of draws: holds those of the team so that they can be recomputed, and records those of the platform."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    ActionPreviewed,
    ClockTicked,
    CommandApplied,
    CommandRefused,
    CommentPosted,
    DrawEnded,
    DrawRules,
    DrawStarted,
    Event,
    PrizeNoted,
    StartDraw,
    WordDrawAgreed,
    WordDrawAsked,
    WordDrawFailed,
    WordDrawHeld,
    WordDrawOpened,
    WordDrawVoided,
)
from livecue.flow import OutboxPicture, RoomInfo, Unit
from livecue.shelf import tables
from livecue.shelf.check import judge_lot
from livecue.shelf.facts import facts_of
from livecue.shelf.lot import code_of, commitment_of, digest_of, masked, takes_part, winners_of
from livecue.shelf.presets import preset_at
from livecue.shelf.words import why
from livecue.shows import ShowsPicture

PRIZE_STATES = ("told", "sent", "declined", "lapsed")
_RECENT = 5


class Lot(msgspec.Struct, frozen=True):
    """A draw of the team under way: asked (waits for a second person), waiting (counts down) or open."""

    draw: str
    show: str
    rules: DrawRules
    commitment: str
    by: str
    asked_at: int
    state: str = "asked"
    due: int = 0
    """When it opens, and once it is open when it closes; room ms."""
    salt: str = ""
    entrants: int = 0
    nameless: int = 0
    """Comments with the word whose writer the platform did not tell: they cannot take part."""


class LotView(msgspec.Struct, frozen=True):
    """A draw as the screens show it: nothing of it tells the salt."""

    draw: str
    show: str
    state: str
    rules: DrawRules
    commitment: str
    by: str
    due: int
    entrants: int
    nameless: int


class LotEnded(msgspec.Struct, frozen=True):
    """A draw that was held or failed lately."""

    draw: str
    title: str
    state: str
    entrants: int
    winners: tuple[str, ...]
    at: int


class DrawsPicture(msgspec.Struct, frozen=True):
    """The room's own draws."""

    open: tuple[LotView, ...]
    recent: tuple[LotEnded, ...]


class DrawsState(msgspec.Struct, frozen=True):
    """What outlives the process; who takes part stands in rows."""

    room: RoomInfo
    lots: tuple[Lot, ...] = ()
    recent: tuple[LotEnded, ...] = ()


class Draws:
    """Seed first, entrants second, winners by computing: nobody picks, and everybody can see it (compliance 4.5)."""

    name: ClassVar[str] = "draws"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            WordDrawAsked, WordDrawAgreed, WordDrawVoided, PrizeNoted, CommentPosted, ClockTicked, DrawStarted,
            DrawEnded,
        }
    )  # fmt: skip

    def open(self, room: RoomInfo, blob: bytes | None) -> DrawsState:
        """The first state, or the one from the snapshot."""
        if not blob:
            return DrawsState(room)
        try:
            return msgspec.structs.replace(msgspec.msgpack.decode(blob, type=DrawsState), room=room)
        except msgspec.DecodeError as error:
            raise BadInput(f"draws: {error}") from error

    def decide(self, state: DrawsState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> DrawsState:
        """Answer commands, let viewers in, open and hold what is due."""
        turn = _Turn(state, pictures, unit)
        for event in events:
            if isinstance(event, CommentPosted):
                turn.said(event)
            elif isinstance(event, ClockTicked):
                turn.tick()
            elif isinstance(event, WordDrawAsked):
                turn.asked(event)
            elif isinstance(event, WordDrawAgreed):
                turn.agreed(event)
            elif isinstance(event, WordDrawVoided):
                turn.voided(event)
            elif isinstance(event, PrizeNoted):
                turn.noted(event)
            elif isinstance(event, DrawStarted):
                turn.platform_began(event)
            elif isinstance(event, DrawEnded):
                turn.platform_ended(event)
        return turn.state()

    def picture(self, state: DrawsState, now: int) -> DrawsPicture:
        """What the screens show."""
        del now
        return DrawsPicture(
            tuple(
                LotView(
                    lot.draw, lot.show, lot.state, lot.rules, lot.commitment, lot.by, lot.due, lot.entrants,
                    lot.nameless,
                )
                for lot in state.lots
            ),
            state.recent,
        )  # fmt: skip

    def dump(self, state: DrawsState) -> bytes:
        """The state for the snapshot."""
        return msgspec.msgpack.encode(state)


class _Turn:
    def __init__(self, state: DrawsState, pictures: Mapping[str, Any], unit: Unit) -> None:
        self._was, self._pictures, self._unit = state, pictures, unit
        self._room = state.room
        self._lots = {lot.draw: lot for lot in state.lots}
        self._recent = list(state.recent)

    def state(self) -> DrawsState:
        lots, recent = tuple(self._lots.values()), tuple(self._recent[-_RECENT:])
        if lots == self._was.lots and recent == self._was.recent:
            return self._was
        return DrawsState(self._room, lots, recent)

    # What people ask for.

    def asked(self, event: WordDrawAsked) -> None:
        unit, facts = self._unit, facts_of(self._room, StartDraw(draw=event.draw), self._pictures, self._unit)
        verdict = judge_lot(event.rules, facts, bool(self._lots), event.segment)
        if event.dry:
            told = ActionPreviewed(
                command=event.command, effect=verdict.effect, problems=dict(verdict.problems),
                warnings=dict(verdict.warnings), second=verdict.second, wait_s=verdict.wait_s,
            )  # fmt: skip
            unit.announce(told, CommandApplied(command=event.command))
            return
        if verdict.problems:
            return self._refuse(event.command, *verdict.problems[0])
        if not event.commitment or not event.draw or unit.ask(tables.KNOWN_DRAW, (self._room.room, event.draw)):
            return self._refuse(event.command, "draw_id", {})
        state = "asked" if verdict.second else "waiting"
        due = 0 if verdict.second else unit.now + 1000 * verdict.wait_s
        lot = Lot(event.draw, facts.shows.show, event.rules, event.commitment, event.by, unit.now, state, due)
        self._lots[event.draw] = lot
        self._row(lot.draw, lot.show, "word", state, lot.rules, lot.commitment, lot.by, 0, event.segment)
        unit.announce(CommandApplied(command=event.command))

    def agreed(self, event: WordDrawAgreed) -> None:
        lot = self._lots.get(event.draw)
        if lot is None or lot.state != "asked":
            return self._refuse(event.command, "not_waiting", {})
        if lot.by == event.by:
            return self._refuse(event.command, "second_person", {})
        wait_s = preset_at(self._unit.now).wait_s.get("StartDraw", 0)
        self._lots[lot.draw] = msgspec.structs.replace(lot, state="waiting", due=self._unit.now + 1000 * wait_s)
        self._unit.write(tables.AGREE_DRAW, ("waiting", event.by, self._room.room, lot.draw))
        self._unit.announce(CommandApplied(command=event.command))

    def voided(self, event: WordDrawVoided) -> None:
        lot = self._lots.get(event.draw)
        if lot is None:
            return self._refuse(event.command, "draw_not_running", {})
        if not event.reason.strip():
            return self._refuse(event.command, "void_why", {})
        self._fail(lot, "void" if lot.state == "open" else "cancelled", event.reason.strip()[:500])
        self._unit.announce(CommandApplied(command=event.command))

    def noted(self, event: PrizeNoted) -> None:
        if event.state not in PRIZE_STATES:
            return self._refuse(event.command, "bad_decision", {})
        values = (
            event.state, event.note.strip()[:500], self._unit.now, event.by, self._room.room, event.draw, event.code,
        )  # fmt: skip
        if not self._unit.ask(tables.NOTE_PRIZE, values):
            return self._refuse(event.command, "no_winner", {})
        self._unit.announce(CommandApplied(command=event.command))

    def _refuse(self, command: str, code: str, about: dict[str, str]) -> None:
        self._unit.announce(CommandRefused(command=command, code=code, why=why(code, about), about=about))

    # What happens.

    def said(self, event: CommentPosted) -> None:
        for lot in self._lots.values():
            if lot.state != "open" or event.by_host or not takes_part(event.text, lot.rules.word):
                continue
            if not event.user:
                self._lots[lot.draw] = msgspec.structs.replace(lot, nameless=lot.nameless + 1)
                return
            room = self._room
            values = (
                room.org, room.brand, room.room, lot.draw, code_of(lot.salt, event.user), event.user,
                masked(event.name), event.key, self._unit.now,
            )  # fmt: skip
            if self._unit.ask(tables.ADD_ENTRANT, values):
                self._lots[lot.draw] = msgspec.structs.replace(lot, entrants=lot.entrants + 1)
            return

    def tick(self) -> None:
        now = self._unit.now
        for lot in list(self._lots.values()):
            if lot.state == "asked" and now > lot.asked_at + 1000 * preset_at(now).asked_s:
                self._fail(lot, "cancelled", "not_agreed")
            elif lot.state == "waiting" and now >= lot.due:
                self._open(lot)
            elif lot.state == "open" and now >= lot.due:
                self._hold(lot)

    def _open(self, lot: Lot) -> None:
        unit, room = self._unit, self._room.room
        salt = unit.ask(tables.SALT, (room, lot.draw))
        if not salt:
            return self._fail(lot, "failed", "no_seed")
        until = unit.now + 1000 * lot.rules.duration_s
        self._lots[lot.draw] = msgspec.structs.replace(lot, state="open", due=until, salt=str(salt[0][0]))
        unit.write(tables.OPEN_DRAW, (unit.now, room, lot.draw))
        unit.announce(
            WordDrawOpened(draw=lot.draw, show=lot.show, rules=lot.rules, commitment=lot.commitment, until=until)
        )

    def _hold(self, lot: Lot) -> None:
        unit, room = self._unit, self._room.room
        found = unit.ask(tables.SEED, (room, lot.draw))
        seed = str(found[0][0]) if found else ""
        if commitment_of(lot.draw, seed) != lot.commitment:
            return self._fail(lot, "failed", "seed_differs")
        codes = [str(row[0]) for row in unit.ask(tables.CODES, (room, lot.draw))]
        digest, winners = digest_of(codes), winners_of(lot.draw, seed, codes, lot.rules.prizes)
        unit.write(
            tables.HOLD_DRAW,
            (seed, digest, len(codes), msgspec.json.encode(winners).decode(), unit.now, room, lot.draw),
        )
        unit.write_many(tables.PLACE, [(place, room, lot.draw, code) for place, code in enumerate(winners, 1)])
        unit.announce(
            WordDrawHeld(draw=lot.draw, show=lot.show, seed=seed, entrants=len(codes), digest=digest, winners=winners)
        )
        self._end(lot, "held", len(codes), winners)

    def _fail(self, lot: Lot, state: str, reason: str) -> None:
        values = (state, lot.entrants, self._unit.now, reason, self._room.room, lot.draw)
        self._unit.write(tables.END_DRAW, values)
        self._unit.announce(WordDrawFailed(draw=lot.draw, show=lot.show, why=reason))
        self._end(lot, state, lot.entrants, ())

    def _end(self, lot: Lot, state: str, entrants: int, winners: tuple[str, ...]) -> None:
        self._lots.pop(lot.draw, None)
        self._recent.append(LotEnded(lot.draw, lot.rules.title, state, entrants, winners, self._unit.now))

    # What the platform draws is its own affair: its word is recorded, nothing is recomputed.

    def platform_began(self, event: DrawStarted) -> None:
        outbox: OutboxPicture | None = self._pictures.get("outbox")
        items = [*outbox.actions, *outbox.recent] if outbox is not None else []
        asked = next((one for one in items if isinstance(one.what, StartDraw) and one.what.draw == event.draw), None)
        what = asked.what if asked is not None and isinstance(asked.what, StartDraw) else StartDraw(draw=event.draw)
        seconds = max(0, event.ends_at - self._unit.now) // 1000 if event.ends_at else what.duration_s
        rules = DrawRules(
            title=event.title or what.title, prize=what.prize, prizes=event.prizes or what.prizes,
            value=what.value if what.prize else -1, method=what.method, word=event.word or what.word,
            duration_s=seconds, claim_days=what.claim_days,
        )  # fmt: skip
        shows: ShowsPicture = self._pictures["shows"]
        by = asked.by if asked is not None else ""
        self._row(event.draw, shows.show, "platform", "open", rules, "", by, self._unit.now, what.segment)

    def platform_ended(self, event: DrawEnded) -> None:
        values = (event.entrants, str(event.winners), self._unit.now, self._room.room, event.draw)
        self._unit.write(tables.END_PLATFORM, values)

    def _row(
        self,
        draw: str,
        show: str,
        kind: str,
        state: str,
        rules: DrawRules,
        commitment: str,
        by: str,
        opened: int,
        segment: str,
    ) -> None:
        room = self._room
        self._unit.write(
            tables.ADD_DRAW,
            (
                room.org, room.brand, room.room, draw, show, kind, state, msgspec.json.encode(rules).decode(),
                commitment, by, self._unit.now, opened, segment,
            ),
        )  # fmt: skip
