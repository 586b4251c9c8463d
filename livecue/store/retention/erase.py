"""Erasing one viewer: id, names and words go everywhere they are kept; counts, totals and money stay.

The id becomes a pseudonym that means nothing outside these rows, the same everywhere, so that who was one person stays
one person in every count. Journal, record, snapshots and the files of the history are rewritten; a backup or an export
made before still holds the person, and the answer says so. What was asked is kept without the person.
"""

import json
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec

from livecue.errors import BadInput, Conflict, LiveCueError
from livecue.kit import failpoint, new_id
from livecue.store.audit import append_audit
from livecue.store.history import JOURNAL, Archiver, History, every_history_file
from livecue.store.history.archive import Run
from livecue.store.journal import HOUSE, Batch, Record, forget_folded, last_number, read_cursor
from livecue.store.protocols import Reader, Writer
from livecue.store.retention.classes import held, keeps, list_holds
from livecue.store.retention.guests import GUEST, LEAST, erase_rows, find_guest, scrub_plan, scrub_plans
from livecue.store.retention.scrub import (
    Person,
    scrub_event,
    scrub_events,
    scrub_loose,
    scrub_record,
    scrub_record_blob,
    scrub_snapshot,
)

_log = logging.getLogger("livecue.store")
FOLDED_S = 10.0
"""So long it is waited until what has come is counted; then the next round goes on."""
_PAGE = 200
_ROUNDS = 20
_TELLING = 3
"""Words of at most this many characters ("1", "好的") tell nobody apart."""


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it is kept: who asked when and why, what was changed; never whom it was about."""

    org: str
    erasure: str
    asked_by: str
    asked_at: int
    why: str
    state: str
    """running, begun (some of it may be changed already) or done."""
    done_at: int = 0
    changed: dict[str, int] = {}
    """Rows and files changed, by table."""
    held: list[str] = []
    """Rooms (of a guest: brands) that a legal hold has come upon since: it waits until that is lifted."""
    behind: list[str] = []
    """Rooms whose words are not counted yet, "house" is the office: it waits until they are."""
    on_air: list[str] = []
    """Rooms with a show on air: it waits until that has ended."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a viewer: the preview of an erasure."""

    rooms: list[str]
    comments: int
    gifts: int
    orders: int
    held: list[str]
    """Rooms that a legal hold keeps as they are."""
    on_air: list[str]
    """Rooms whose show must end first."""


_ROOMS = "SELECT DISTINCT r.room, r.brand FROM rooms r WHERE r.org = ? AND (? = '' OR r.platform = ?) ORDER BY r.room"


def find_viewer(reader: Reader, org: str, viewer: str, platform: str, now: int) -> Found:
    """What the rows hold of a viewer id in the rooms of an organisation, of one platform when named."""
    rooms, kept, on_air = [], [], []
    sums = {"comments": 0, "gifts": 0, "orders": 0}
    for room, brand in reader.rows(_ROOMS, (org, platform, platform)):
        counts = {
            name: int(reader.rows(f"SELECT COUNT(*) FROM {name} WHERE room = ? AND {column} = ?", (room, viewer))[0][0])
            for name, column in (("comments", "viewer"), ("gifts", "viewer"), ("orders", "buyer"))
        }
        for name, count in counts.items():
            sums[name] += count
        wrote = reader.rows(
            "SELECT 1 FROM conversations WHERE room = ? AND viewer = ? UNION ALL"
            " SELECT 1 FROM product_reviews WHERE room = ? AND viewer = ? LIMIT 1",
            (room, viewer, room, viewer),
        )
        if any(counts.values()) or wrote:
            rooms.append(room)
        if held(reader, org, brand, room, now):
            kept.append(room)
        if reader.rows(_ON_AIR, (room,)):
            on_air.append(room)
    return Found(rooms=rooms, held=kept, on_air=on_air, **sums)


_ERASURES = (
    "SELECT org, erasure, asked_by, asked_at, why, state, done_at, changed, viewer, platform FROM erasures"
    " WHERE org = ? ORDER BY asked_at DESC, erasure"
)
_EVERY_ROOM = "SELECT DISTINCT r.room, r.brand, r.platform FROM rooms r WHERE r.org = ? ORDER BY r.room"
_ALL_ON_AIR = "SELECT DISTINCT s.room FROM shows s WHERE s.org = ? AND s.status = 'on_air'"
_ON_AIR = "SELECT 1 FROM shows WHERE room = ? AND status = 'on_air'"
_SIGNS = "".join(map(chr, range(0x2500, 0x2580)))
"""Of a mask that may hold no sign of a short id: lines, which no id is written with."""
_BEGUN = "UPDATE erasures SET state = 'begun' WHERE org = ? AND erasure = ?"


def list_erasures(reader: Reader, org: str, now: int) -> list[Erasure]:
    """Requests of the organisation, newest first; those not done with what they wait for now."""
    found = []
    moment: _Moment | None = None
    for *row, changed, viewer, platform in reader.rows(_ERASURES, (org,)):
        one = Erasure(**dict(zip(Erasure.__struct_fields__, row, strict=False)), changed=json.loads(changed))
        if one.state != "done":
            moment = moment or _Moment(reader, org, now)
            waits = moment.waits(str(viewer), str(platform))
            one = msgspec.structs.replace(one, held=waits.held, behind=waits.behind, on_air=waits.on_air)
        found.append(one)
    return found


class Waits(NamedTuple):
    """What a request waits for: ``held`` by a legal hold (rooms, of a guest brands), ``behind`` with counting, a show
    ``on_air``: whoever is in the room goes on to say something."""

    held: list[str]
    behind: list[str]
    on_air: list[str]


class _Moment:
    """What requests of an organisation may have to wait for, read once for all of them."""

    def __init__(self, reader: Reader, org: str, now: int) -> None:
        self._reader, self._org, self._now = reader, org, now
        self._holds = list_holds(reader, org)
        self._rooms = [(str(brand), str(room), str(on)) for room, brand, on in reader.rows(_EVERY_ROOM, (org,))]
        self._on_air = {str(room) for (room,) in reader.rows(_ALL_ON_AIR, (org,))}
        self._behind = cache(lambda room: read_cursor(reader, room) < last_number(reader, room))

    def waits(self, viewer: str, platform: str) -> Waits:
        """Why a request cannot be carried out at this moment; all empty when it can."""
        if platform == GUEST:
            places = [(brand, "") for brand in find_guest(self._reader, self._org, viewer).brands]
        else:
            places = [(brand, room) for brand, room, on in self._rooms if platform in ("", on)]
        kept = sorted({room or brand for brand, room in places if keeps(self._holds, brand, room, self._now)})
        behind = []
        if self._reader.log is not None:
            # Words in a journal outside of the database cannot be rewritten there: they are folded first, then dropped.
            rooms = [HOUSE] if platform == GUEST else [room for _, room in places]
            behind = [room for room in rooms if self._behind(room)]
        return Waits(kept, behind, [room for _, room in places if room in self._on_air])


def mask_of(viewer: str, erasure: str) -> str:
    """What takes the place of a viewer; it does not hold their id, which would be found in it again."""
    mask = f"erased-{erasure}"
    if viewer not in mask:
        return mask
    signs = [sign for sign in _SIGNS if sign not in viewer]
    return "".join(signs[ord(sign) % len(signs)] for sign in erasure)


class Eraser:
    """Carries out erasures; one that was broken off is gone on with at the next ``step``."""

    def __init__(
        self,
        reader: Reader,
        run: Run,
        history: History,
        archiver: Archiver,
        forget_room: Callable[[str], object],
        outlast: Callable[[], object] = lambda: None,
    ) -> None:
        """``forget_room`` returns when nobody begins to write any more of what he remembers of a room: it is opened
        again from what is kept. ``outlast`` returns when what was being written then is written."""
        self._reader = reader
        self._run = run
        self._history = history
        self._archiver = archiver
        self._forget_room = forget_room
        self._outlast = outlast

    def ask(self, org: str, viewer: str, platform: str, why: str, who: str, now: int) -> str:
        """Note a request; ``step`` carries it out. Raises ``BadInput``, ``Conflict`` when it may not be done now."""
        if len(viewer.strip()) < 3:
            raise BadInput("name the viewer by the platform's id, at least three characters long")
        if not why.strip():
            raise BadInput("say why: who asked, when, by which way")
        found = find_viewer(self._reader, org, viewer, platform, now)
        if found.held:
            raise Conflict(f"a legal hold keeps {', '.join(found.held)}: lift it first, or answer the person so")
        if found.on_air:
            raise Conflict(f"a show is on air in {', '.join(found.on_air)}: ask again when it has ended")
        return self._note(org, viewer, platform, why, who, now)

    def ask_guest(self, org: str, name: str, why: str, who: str, now: int) -> str:
        """Note a request about a guest of activities, known by name; raises as ``ask`` does."""
        name = name.strip()
        if len(name) < LEAST:
            raise BadInput("name the guest as the activity plans do, at least two characters long")
        if not why.strip() or name in why:
            raise BadInput("say why: who asked, when, by which way; without the name, for this is kept")
        found = find_guest(self._reader, org, name)
        kept = [brand for brand in found.brands if held(self._reader, org, brand, "", now)]
        if kept:
            raise Conflict(f"a legal hold keeps {', '.join(kept)}: lift it first, or answer the person so")
        return self._note(org, name, GUEST, why, who, now)

    def _note(self, org: str, viewer: str, platform: str, why: str, who: str, now: int) -> str:
        erasure = new_id()
        mask = mask_of(viewer, erasure)

        def note(writer: Writer) -> None:
            writer.put(
                "INSERT INTO erasures (org, brand, erasure, asked_by, asked_at, why, state, viewer, platform, mask,"
                " done_at, changed) VALUES (?,'',?,?,?,?,'running',?,?,?,0,'{}')",
                (org, erasure, who, now, why, viewer, platform, mask),
            )
            append_audit(
                writer,
                at=now,
                org=org,
                brand="",
                room="",
                who=who,
                what="ErasureAsked",
                subject=erasure,
            )

        self._run(note)
        return erasure

    def step(self, now: int) -> int:
        """Carry out what was asked; how many requests were finished.

        One that a legal hold has come upon waits until it is lifted, one with words that are not counted yet until they
        are.
        """
        done = 0
        asked = self._reader.rows(
            "SELECT org, erasure, viewer, platform, mask, asked_by, state FROM erasures WHERE state <> 'done'"
            " ORDER BY asked_at"
        )
        failed: LiveCueError | None = None
        for request in asked:
            try:
                done += self._carry_out(now, *request)
            except LiveCueError as error:
                # The others have their turn all the same.
                failed = failed or error
        if failed is not None:
            raise failed
        return done

    def _carry_out(
        self, now: int, org: str, erasure: str, viewer: str, platform: str, mask: str, who: str, state: str
    ) -> bool:
        """Whether it was finished; False while it has to wait."""
        if not self._may_begin(org, viewer, platform, now):
            return False
        # Broken off, it finds nothing left to change where somebody may still remember what was.
        again = state == "begun"
        self._run(lambda writer: writer.put(_BEGUN, (org, erasure)))
        self._outlast()
        changed: dict[str, int] = self._guest(org, viewer, mask) if platform == GUEST else {}
        for room, _ in [] if platform == GUEST else self._reader.rows(_ROOMS, (org, platform, platform)):
            for name, count in self._room(room, viewer, mask, again).items():
                changed[name] = changed.get(name, 0) + count
            failpoint("erasure_room")

        told = json.dumps(changed, sort_keys=True)

        def finish(writer: Writer) -> None:
            # From here on nobody can tell any more whom it was about.
            writer.put(
                "UPDATE erasures SET state = 'done', viewer = '', mask = '', platform = '', done_at = ?,"
                " changed = ? WHERE org = ? AND erasure = ?",
                (now, told, org, erasure),
            )
            append_audit(
                writer, at=now, org=org, brand="", room="", who=who, what="ErasureDone", subject=erasure, detail=told
            )

        self._run(finish)
        return True

    def _may_begin(self, org: str, viewer: str, platform: str, now: int) -> bool:
        until = time.monotonic() + FOLDED_S
        while (waits := _Moment(self._reader, org, now).waits(viewer, platform)).behind and not (
            waits.held or waits.on_air
        ):
            if time.monotonic() > until:
                _log.warning("an erasure waits: %s are behind with counting", ", ".join(waits.behind))
                return False
            time.sleep(0.1)
        return not (waits.held or waits.on_air)

    def _guest(self, org: str, name: str, mask: str) -> dict[str, int]:
        """A guest of activities: plans live in the stream of the house, where no room is to be dropped."""

        def change(batch: Batch, record: Record) -> tuple[Batch, Record]:
            events = [scrub_plan(event, org, name, mask) for event in batch.events]
            return msgspec.structs.replace(batch, events=events), record

        files = sum(
            self._archiver.rewrite(file, change)
            for file in every_history_file(self._reader)
            if file.room == HOUSE and file.kind == JOURNAL
        )
        forget_folded(self._reader, [HOUSE])
        journal = self._blobs(HOUSE, None, "journal", "number", lambda blob, _: scrub_plans(blob, org, name, mask))
        changed = {what: count for what, count in (("history", files), ("journal", journal)) if count}
        return changed | self._run(lambda writer: erase_rows(writer, org, name, mask))

    def _room(self, room: str, viewer: str, mask: str, again: bool) -> dict[str, int]:
        if again:
            self._forget(room)
        changed: dict[str, int] = {}
        person = Person(viewer, mask, set(), set())
        # Whoever folds or makes a snapshot may write down once more what he read before it was changed here: it is
        # gone over until nothing is found that came behind.
        for _ in range(_ROUNDS):
            person = self._known(room, person)
            found = self._pass(room, person)
            if not found:
                return changed
            for name, count in found.items():
                changed[name] = changed.get(name, 0) + count
            self._forget(room)
        raise Conflict(f"{room} is still being told of a person who is to be erased; it is tried again")

    def _forget(self, room: str) -> None:
        self._forget_room(room)
        self._outlast()

    def _known(self, room: str, before: Person) -> Person:
        """The person by what the rows say of them now, and by what they said before it was taken out."""
        reader, viewer, mask = self._reader, before.viewer, before.mask
        comments = {
            str(row[0])
            for row in reader.rows(
                "SELECT comment FROM comments WHERE room = ? AND viewer IN (?,?)", (room, viewer, mask)
            )
        }
        talks = _conversations(reader, room, viewer, mask) | before.conversations
        words, names = _words(reader, room, viewer, talks), _names(reader, room, viewer)
        return Person(viewer, mask, comments, words | before.words, talks, names | before.names)

    def _pass(self, room: str, person: Person) -> dict[str, int]:
        found = {
            # The files first: the database still says which comments are theirs should this break off.
            "history": self._files(room, person),
            "journal": self._journal(room, person),
            "records": self._blobs(room, person, "records", "number", scrub_record_blob),
            "snapshots": self._blobs(room, person, "snapshots", "number", scrub_snapshot),
            "owed": self._blobs(room, person, "owed", "decider", scrub_loose),
            "outbox": self._blobs(room, person, "outbox", "id", scrub_loose),
            "past_scenes": self._blobs(room, person, "past_scenes", "at", scrub_loose),
        }
        found |= self._run(lambda writer: _rows(writer, room, person))
        return {name: count for name, count in found.items() if count}

    def _journal(self, room: str, person: Person) -> int:
        # A journal outside of the database keeps what is folded for a while: there nothing can be rewritten.
        forget_folded(self._reader, [room])
        return self._blobs(room, person, "journal", "number", scrub_events)

    def _blobs(self, room: str, person: Any, table: str, key: str, change: Callable[[bytes, Any], bytes]) -> int:
        column = {"owed": "state", "past_scenes": "body"}.get(table, "blob")
        after: Any = None
        count = 0
        while True:
            more = f" AND {key} > ?" if after is not None else ""
            page = self._reader.rows(
                f"SELECT {key}, {column} FROM {table} WHERE room = ?{more} ORDER BY {key} LIMIT {_PAGE}",
                (room,) if after is None else (room, after),
            )
            changed = [(new, room, at) for at, blob in page if (new := change(bytes(blob), person)) != bytes(blob)]
            if changed:
                statement = f"UPDATE {table} SET {column} = ? WHERE room = ? AND {key} = ?"
                self._run(lambda writer, s=statement, c=changed: [writer.put(s, row) for row in c])  # type: ignore[misc]
                failpoint("erasure_blobs")
            count += len(changed)
            if len(page) < _PAGE:
                return count
            after = page[-1][0]

    def _files(self, room: str, person: Person) -> int:
        count = 0
        for file in every_history_file(self._reader):
            if file.room == room and file.kind == JOURNAL:

                def change(batch: Batch, record: Record) -> tuple[Batch, Record]:
                    events = [scrub_event(event, person) for event in batch.events]
                    return msgspec.structs.replace(batch, events=events), scrub_record(record, person)

                count += self._archiver.rewrite(file, change)
        return count


_TEXTS = (
    ("questions", "comment", "text"),
    ("flags", "subject", "text"),
)
"""(table, column that names a comment, column that holds its words)."""
_JSON = (
    ("orders", "body"), ("orders", "lines"), ("cues", "facts"), ("signals", "facts"), ("debriefs", "body"),
    ("opinion_cases", "body"),
)  # fmt: skip
_PROSE = (
    ("improvements", "evidence"), ("improvements", "evidence_zh"), ("improvements", "evidence_en"),
    ("tasks", "note"), ("order_feedback", "said"), ("order_choices", "note"), ("moderation_acts", "note"),
)  # fmt: skip
"""Columns of JSON and of plain words that may quote a person or name their id."""


def _rows(writer: Writer, room: str, person: Person) -> dict[str, int]:
    """The rows people look up; in one transaction, since the comments say which are theirs."""
    viewer, mask = person.viewer, person.mask
    words = person.words
    names = person.names | _names(writer, room, viewer)
    changed: dict[str, int] = {}

    def note(table: str, count: int) -> None:
        if count > 0:
            changed[table] = changed.get(table, 0) + count

    for table, key, column in _TEXTS:
        for comment in sorted(person.comments):
            statement = f"UPDATE {table} SET {column} = '' WHERE room = ? AND {key} = ? AND {column} <> ''"
            note(table, writer.write(statement, (room, comment)))
    note("flags", writer.write("UPDATE flags SET who = ? WHERE room = ? AND who = ?", (mask, room, viewer)))
    person = Person(viewer, mask, person.comments, words, person.conversations, names)
    signs = {viewer, *words, *names}
    packed = {json.dumps(sign, ensure_ascii=False)[1:-1] for sign in signs}
    for table, column, looked_for, change in (
        *((*where, packed, person.scrub_json) for where in _JSON),
        *((*where, signs, person.scrub_text) for where in _PROSE),
    ):
        for old in {
            str(text)
            for sign in looked_for
            for (text,) in writer.rows(
                f"SELECT DISTINCT {column} FROM {table} WHERE room = ? AND {column} LIKE ? ESCAPE '!'",
                (room, f"%{_like(sign)}%"),
            )
        }:
            if (new := change(old)) != old:
                update = f"UPDATE {table} SET {column} = ? WHERE room = ? AND {column} = ?"
                note(table, writer.write(update, (new, room, old)))
    for message, raw in writer.rows("SELECT message, raw FROM unknown_messages WHERE room = ?", (room,)):
        if person.sign in bytes(raw):
            note(
                "unknown_messages",
                writer.write(
                    "UPDATE unknown_messages SET raw = ? WHERE room = ? AND message = ?", (b"", room, message)
                ),
            )
    note(
        "comments",
        writer.write(
            "UPDATE comments SET viewer = ?, name = '', text = '' WHERE room = ? AND viewer = ?", (mask, room, viewer)
        ),
    )
    note(
        "gifts",
        writer.write("UPDATE gifts SET viewer = ?, name = '' WHERE room = ? AND viewer = ?", (mask, room, viewer)),
    )
    note(
        "product_reviews",
        writer.write(
            "UPDATE product_reviews SET viewer = ?, said = '' WHERE room = ? AND viewer = ?", (mask, room, viewer)
        ),
    )
    note(
        "order_outreach",
        writer.write(
            "UPDATE order_outreach SET viewer = ?, text = '' WHERE room = ? AND viewer = ?", (mask, room, viewer)
        ),
    )
    _talks(writer, room, person, note)
    note("hot_lines", _hot_lines(writer, room, person))
    note(
        "moderation_acts",
        writer.write("UPDATE moderation_acts SET viewer = ? WHERE room = ? AND viewer = ?", (mask, room, viewer)),
    )
    note(
        "draw_entrants",
        writer.write(
            # The code stays: without it nobody could recompute the draw, and it tells nothing of the person.
            "UPDATE draw_entrants SET viewer = ?, name = '', comment = '' WHERE room = ? AND viewer = ?",
            (mask, room, viewer),
        ),
    )
    note("orders", writer.write("UPDATE orders SET buyer = ? WHERE room = ? AND buyer = ?", (mask, room, viewer)))
    return changed


def _hot_lines(writer: Writer, room: str, person: Person) -> int:
    """Questions put into talk tracks in a customer's own words: decided by the brand, so they name no room."""
    count = 0
    for org, brand, line, *old in writer.rows(
        "SELECT h.org, h.brand, h.line, h.question, h.answer, h.reason FROM hot_lines h"
        " JOIN rooms r ON r.org = h.org AND r.brand = h.brand WHERE r.room = ? ORDER BY h.line",
        (room,),
    ):
        new = [person.without(str(text)) for text in old]
        if new != old:
            count += writer.write(
                "UPDATE hot_lines SET question = ?, answer = ?, reason = ? WHERE org = ? AND brand = ? AND line = ?",
                (*new, org, brand, line),
            )
    return count


def _talks(writer: Writer, room: str, person: Person, note: Callable[[str, int], None]) -> None:
    """Conversations with the person: what they wrote and what was suggested goes, what others wrote stays."""
    for talk in sorted(person.conversations):
        note(
            "conversation_messages",
            writer.write(
                "UPDATE conversation_messages SET text = '' WHERE room = ? AND conversation = ?"
                " AND who IN ('customer','case') AND text <> ''",
                (room, talk),
            ),
        )
        for message, text in writer.rows(
            "SELECT message, text FROM conversation_messages WHERE room = ? AND conversation = ?"
            " AND who IN ('agent','robot','note')",
            (room, talk),
        ):
            if (new := person.without(str(text))) != text:
                note(
                    "conversation_messages",
                    writer.write(
                        "UPDATE conversation_messages SET text = ? WHERE room = ? AND message = ?", (new, room, message)
                    ),
                )
        note(
            "reply_suggestions",
            writer.write(
                "UPDATE reply_suggestions SET text = '' WHERE room = ? AND conversation = ? AND text <> ''",
                (room, talk),
            ),
        )
        note(
            "conversations",
            writer.write(
                "UPDATE conversations SET viewer = ?, name = '', newest = '' WHERE room = ? AND conversation = ?"
                " AND (viewer <> ? OR name <> '' OR newest <> '')",
                (person.mask, room, talk, person.mask),
            ),
        )
    # Some platforms name a conversation by the customer.
    for table in (
        "conversations", "conversation_messages", "conversation_viewers", "reply_suggestions", "order_outreach",
    ):  # fmt: skip
        statement = f"UPDATE {table} SET conversation = ? WHERE room = ? AND conversation = ?"
        note(table, writer.write(statement, (person.mask, room, person.viewer)))


def _conversations(reader: Reader, room: str, viewer: str, mask: str) -> set[str]:
    """Conversations with the viewer: in private, and those that a comment of theirs opened."""
    rows = reader.rows(
        "SELECT conversation FROM conversations WHERE room = ? AND viewer IN (?,?)"
        " UNION SELECT t.conversation FROM conversations t"
        " JOIN conversation_messages m ON m.room = t.room AND m.conversation = t.conversation AND m.who = 'customer'"
        " JOIN comments c ON c.room = m.room AND c.comment = m.message"
        " WHERE t.room = ? AND t.channel = 'comment' AND c.viewer IN (?,?)",
        (room, viewer, mask, room, viewer, mask),
    )
    return {str(talk) for (talk,) in rows}


def _names(reader: Reader, room: str, viewer: str) -> set[str]:
    """What the viewer is called; one character tells nobody apart."""
    return {
        str(name)
        for table in ("comments", "gifts", "conversations")
        for (name,) in reader.rows(f"SELECT DISTINCT name FROM {table} WHERE room = ? AND viewer = ?", (room, viewer))
        if len(str(name)) > 1
    }


def _words(reader: Reader, room: str, viewer: str, talks: set[str]) -> set[str]:
    """What the viewer alone said, as far as it is long enough to tell whose it was; quotes of it go too."""
    rows = reader.rows(
        "SELECT DISTINCT c.text FROM comments c WHERE c.room = ? AND c.viewer = ? AND NOT EXISTS"
        " (SELECT 1 FROM comments o WHERE o.room = c.room AND o.text = c.text AND o.viewer <> c.viewer)",
        (room, viewer),
    )
    said = {str(text) for (text,) in rows if len(str(text)) > _TELLING}
    for talk in sorted(talks):
        wrote = reader.rows(
            "SELECT DISTINCT m.text FROM conversation_messages m"
            " WHERE m.room = ? AND m.conversation = ? AND m.who = 'customer'"
            " AND NOT EXISTS (SELECT 1 FROM comments o WHERE o.room = m.room AND o.text = m.text AND o.viewer <> ?)"
            " AND NOT EXISTS (SELECT 1 FROM conversation_messages o JOIN conversations c ON c.room = o.room"
            " AND c.conversation = o.conversation WHERE o.room = m.room AND o.who = 'customer' AND o.text = m.text"
            " AND o.conversation <> m.conversation AND c.viewer <> ?)",
            (room, talk, viewer, viewer),
        )
        said |= {str(text) for (text,) in wrote if len(str(text)) > _TELLING}
    return said


def _like(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
