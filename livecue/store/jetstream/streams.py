"""The journal as streams: one for each room, so that a batch's place in its stream is its number.

A stream's sequence has no gap and is given by the server: nobody takes a turn, and no two get the same number. A
message is a batch. What is folded stands in the table ``journal`` as everywhere (the transaction that moves the cursor
puts it there), so that a stream need only hold what is not folded yet, and some more for a database that was restored.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from livecue.errors import BadInput, Conflict, LiveCueError, StoreFailed
from livecue.events import decode_events, encode_events
from livecue.kit import Promise, backoff_s, new_id
from livecue.store.jetstream.broker import Broker
from livecue.store.jetstream.link import Link
from livecue.store.journal import Batch

if TYPE_CHECKING:
    from nats.js.api import RawStreamMsg, StreamConfig, StreamInfo

GIVE_UP_S = 20.0
"""So long a batch is tried to be published: longer than a cluster needs to choose another leader."""
TRY_S = 2.0
WINDOW_S = 120.0
"""So long the server drops a message whose id it has seen."""
PAGE = 256
_MISSING = 10059
_log = logging.getLogger("livecue.store")

_LAST = (
    "SELECT GREATEST(COALESCE((SELECT MAX(number) FROM journal WHERE room = %s), 0),"
    " COALESCE((SELECT number FROM cursors WHERE room = %s), 0)),"
    " (SELECT made FROM streams WHERE room = %s),"
    " (SELECT value FROM settings WHERE org = '' AND brand = '' AND name = 'installation')"
)
_NOTE = (
    "INSERT INTO streams (org, brand, room, made, lost_at, lost) VALUES ('*', '*', %s, %s, 0, '')"
    " ON CONFLICT (room) DO UPDATE SET made = excluded.made"
)
_LOST = (
    "UPDATE streams SET made = %s, lost = %s, lost_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    " WHERE room = %s"
)


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A message."""

    room: str
    arrived: int
    source: str
    connection: str
    sequence: int
    blob: bytes


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Kept).decode


class _Waiting(NamedTuple):
    message: bytes
    name: str
    done: Future[int]


class _Lane:
    """What waits to be published for one room: in order, one at a time."""

    def __init__(self) -> None:
        self.waiting: deque[_Waiting] = deque()
        self.running = False
        self.base: int | None = None
        """What lies before the stream: number = base + sequence. None until the stream was looked at."""
        self.looking = asyncio.Lock()


class Streams:
    """The journal of every room (``Log``). Any thread may ask; all happens in the connection's."""

    def __init__(self, link: Link, dsn: str, installation: str = "") -> None:
        self._link = link
        self._dsn = dsn
        self.installation = installation
        self._lanes: dict[str, _Lane] = {}

    @property
    def _broker(self) -> Broker:
        return self._link.broker

    # What the journal asks (``Log``).

    def append(self, batch: Batch, name: str = "") -> Future[int]:
        """Publish the batch behind those of its room that wait; the future gives its number once it is kept.

        ``name`` makes two messages the same one. The future raises ``StoreFailed`` when nobody knows whether it was
        kept, ``Overloaded`` when the stream is full, ``BadInput`` when it is too large.
        """
        blob = batch.blob or encode_events(batch.events)
        message = _pack(_Kept(batch.room, batch.arrived, batch.source, batch.connection, batch.sequence, blob))
        waiting = _Waiting(message, name or new_id(), Promise())
        self._link.start(self._put(batch.room, waiting))
        return waiting.done

    def newest(self, rooms: Sequence[str]) -> dict[str, int]:
        """The newest number of each room's stream; rooms without one are left out."""
        if not rooms:
            return {}

        async def look() -> dict[str, int]:
            found = await asyncio.gather(*(self._newest(room) for room in rooms))
            return {room: number for room, number in zip(rooms, found, strict=True) if number is not None}

        return self._link.ask(look())

    def read(self, room: str, after: int, upto: int) -> Iterator[Batch]:
        """Batches of the stream with ``after < number <= upto``, in order. Raises ``BadInput`` at a hole."""
        last = min(self.newest([room]).get(room, 0), upto)
        while after < last:
            end = min(after + PAGE, last)
            for kept, number in self._link.ask(self._page(room, after, end), 30.0):
                try:
                    events = decode_events(kept.blob)
                except BadInput as error:
                    raise BadInput(f"journal of room {room}, batch {number}: {error}") from error
                yield Batch(
                    room=room,
                    number=number,
                    arrived=kept.arrived,
                    source=kept.source,
                    connection=kept.connection,
                    sequence=kept.sequence,
                    events=events,
                    blob=kept.blob,
                )
            after = end

    def forget(self, room: str, upto: int) -> None:
        """Drop what the table holds by now, up to a number."""

        async def purge() -> None:
            lane = await self._lane(room)
            assert lane.base is not None
            if upto > lane.base:
                # Up to, and not with, this sequence.
                await self._link.js.purge_stream(self._broker.stream(room), seq=upto - lane.base + 1)

        self._link.ask(purge())

    # Of the whole place.

    def look(self) -> str:
        """What is good about it, in a few words. Raises what is wrong: see ``Link.open``, and foreign streams."""
        self._link.open()
        return self._link.ask(self._look(False))

    def enter(self) -> None:
        """Put our name on the prefix. Raises ``Conflict`` when it is another installation's."""
        self._link.ask(self._look(True))

    async def _look(self, sign: bool) -> str:
        broker, js = self._broker, self._link.js
        from nats.js.errors import NotFoundError

        try:
            info = await js.stream_info(broker.sign)
        except NotFoundError:
            if sign:
                info = await js.add_stream(self._config(broker.sign, f"{broker.prefix}.installation", self._mark()))
                self._own(info, broker.sign)
        else:
            self._own(info, broker.sign)
        account = await js.account_info()
        # ``payload`` is said where it is too small for the largest post, not refused: most are small.
        small = "" if self._link.payload >= 1 << 20 else f"; max_payload {self._link.payload} bytes is small"
        return (
            f"nats-server {self._link.version}, {account.streams} streams, {broker.replicas} replicas asked for{small}"
        )

    def _mark(self, base: int | None = None) -> str:
        return f"LiveCue installation={self.installation}" + ("" if base is None else f" base={base}")

    def _own(self, info: StreamInfo, name: str) -> int:
        """The base of a stream of ours. Raises ``Conflict`` when it is not ours."""
        said = str(info.config.description or "")
        parts = dict(part.split("=", 1) for part in said.split() if "=" in part)
        if not said.startswith("LiveCue ") or "installation" not in parts:
            raise Conflict(
                f"{self._broker.name} has a stream {name} that LiveCue did not make: set store_nats_prefix to a name of"
                " your own; nothing was changed in it"
            )
        if self.installation and parts["installation"] not in ("", self.installation):
            raise Conflict(
                f"{self._broker.name} belongs to installation {parts['installation']} (stream {name}), this program to"
                f" {self.installation}: two installations need two names in store_nats_prefix"
            )
        return int(parts.get("base", 0))

    def _config(self, name: str, subject: str, mark: str) -> StreamConfig:
        from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

        return StreamConfig(
            name=name,
            description=mark,
            subjects=[subject],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            # A full stream refuses what is new: it never drops what was answered.
            discard=DiscardPolicy.NEW,
            max_bytes=self._broker.max_mb << 20 if self._broker.max_mb else -1,
            max_msgs=-1,
            max_age=0,
            num_replicas=self._broker.replicas,
            duplicate_window=WINDOW_S,
            allow_direct=True,
        )

    # In the connection's thread.

    async def _put(self, room: str, waiting: _Waiting) -> None:
        lane = self._lanes.setdefault(room, _Lane())
        lane.waiting.append(waiting)
        if not lane.running:
            lane.running = True
            try:
                await self._drain(room, lane)
            finally:
                lane.running = False
                while lane.waiting:
                    lane.waiting.popleft().done.set_exception(StoreFailed("the program is stopping"))

    async def _drain(self, room: str, lane: _Lane) -> None:
        while lane.waiting:
            waiting = lane.waiting.popleft()
            try:
                number = await self._publish(room, waiting)
            except BaseException as error:
                told = error if isinstance(error, Exception) else StoreFailed("the program is stopping")
                waiting.done.set_exception(self._link.said(told))
                # Those behind it must not pass it: their sender's numbering would hide it for good.
                while lane.waiting:
                    lane.waiting.popleft().done.set_exception(self._link.said(told))
                if not isinstance(error, Exception):
                    raise
            else:
                waiting.done.set_result(number)

    async def _publish(self, room: str, waiting: _Waiting) -> int:
        from nats.errors import Error, MaxPayloadError
        from nats.js.errors import APIError, NoStreamResponseError

        until, attempt = time.monotonic() + GIVE_UP_S, 0
        while True:
            try:
                lane = await self._lane(room)
                ack = await self._link.js.publish(
                    self._broker.subject(room),
                    waiting.message,
                    timeout=TRY_S,
                    stream=self._broker.stream(room),
                    headers={"Nats-Msg-Id": waiting.name},
                )
                assert lane.base is not None
                return lane.base + int(ack.seq)
            except MaxPayloadError:
                raise BadInput(
                    f"a post of {len(waiting.message)} bytes is larger than {self._broker.name} takes in one message"
                    f" ({self._link.payload}): send less at once, or raise max_payload in its configuration"
                ) from None
            except (LiveCueError, Error, TimeoutError, OSError) as error:
                told = self._link.said(error)
                passing = isinstance(told, StoreFailed) and (
                    not isinstance(error, APIError) or (error.code or 0) >= 500 or error.err_code == _MISSING
                )
                if isinstance(error, NoStreamResponseError) or getattr(error, "err_code", 0) == _MISSING:
                    # It may be gone, or between two leaders: look again.
                    self._lanes[room].base = None
                if not passing:
                    raise told from error
                if time.monotonic() > until:
                    raise StoreFailed(
                        f"{self._broker.name} has not answered for {GIVE_UP_S:.0f} s ({told}): it is not known whether"
                        " this was kept; send it again, what came before counts once"
                    ) from error
                attempt += 1
                await asyncio.sleep(backoff_s(attempt, 0.05, 1.0))

    async def _lane(self, room: str) -> _Lane:
        """The room's lane, once its stream is there and its base is known."""
        lane = self._lanes.setdefault(room, _Lane())
        if lane.base is None:
            async with lane.looking:
                if lane.base is None:
                    lane.base = await self._settle(room)
        return lane

    async def _settle(self, room: str) -> int:
        """Find or make the room's stream; its base."""
        from nats.js.errors import NotFoundError

        js, name = self._link.js, self._broker.stream(room)
        # First what the table holds, then what the stream holds: the other way round others could pass us.
        last, made = await asyncio.to_thread(self._known, room)
        lost = ""
        try:
            info = await js.stream_info(name)
        except NotFoundError:
            info = await js.add_stream(self._config(name, self._broker.subject(room), self._mark(last)))
        base, state = self._own(info, name), info.state
        created = str(info.created)
        if made is not None and made != created:
            lost = f"the stream was made anew on {created}; what it held and was not folded (behind {last}) is gone"
        elif state.first_seq and base + state.first_seq - 1 > last:
            lost = f"batches {last + 1} to {base + state.first_seq - 1} are neither in the database nor in the stream"
        if base + state.last_seq < last or (lost and base + state.last_seq != last):
            # One program went on without the streams, or the database is older than what was dropped: numbers go on
            # behind the table. Nothing of the stream is read below them.
            base = last - state.last_seq
            config = info.config.evolve(description=self._mark(base))
            await js.update_stream(config)
        if lost:
            _log.critical("room %s: %s", room, lost)
        if made != created or lost:
            await asyncio.to_thread(self._note, room, created, lost, made is None)
        return base

    def _known(self, room: str) -> tuple[int, str | None]:
        from livecue.store.postgres import connect

        with connect(self._dsn) as connection:
            ((last, made, own),) = connection.execute(_LAST, (room, room, room)).fetchall()
            self.installation = self.installation or str(own or "")
            return int(last), made

    def _note(self, room: str, made: str, lost: str, fresh: bool) -> None:
        from livecue.store.postgres import connect

        with connect(self._dsn) as connection:
            if fresh:
                connection.execute(_NOTE, (room, made))
            if lost:
                connection.execute(_LOST, (made, lost, room))

    async def _newest(self, room: str) -> int | None:
        from nats.js.errors import NotFoundError

        try:
            info = await self._link.js.stream_info(self._broker.stream(room))
        except NotFoundError:
            return None
        lane = self._lanes.get(room)
        known = lane.base if lane is not None else None
        base = self._own(info, self._broker.stream(room))
        if known is not None and known != base:
            # Somebody set it anew while we ran.
            lane.base = None  # type: ignore[union-attr]  # it is known
        return base + int(info.state.last_seq)

    async def _page(self, room: str, after: int, end: int) -> list[tuple[_Kept, int]]:
        lane = await self._lane(room)
        assert lane.base is not None
        base = lane.base
        numbers = range(max(after, base) + 1, end + 1)
        found = await asyncio.gather(*(self._message(room, number - base) for number in numbers))
        return [(_unpack(data), number) for data, number in zip(found, numbers, strict=True)]

    async def _message(self, room: str, sequence: int) -> bytes:
        from nats.js.errors import NotFoundError

        js, name = self._link.js, self._broker.stream(room)
        try:
            found: RawStreamMsg = await js.get_msg(name, sequence, direct=True)
        except NotFoundError:
            # A replica that is behind does not know it yet; the leader does.
            try:
                found = await js.get_msg(name, sequence)
            except NotFoundError:
                raise BadInput(
                    f"message {sequence} of stream {name} is gone, and it was not folded yet: somebody removed it;"
                    " restore the stream from a backup of the NATS servers, or purge it whole to go on without"
                ) from None
        return bytes(found.data or b"")
