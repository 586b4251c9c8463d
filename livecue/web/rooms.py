"""Rooms, the live push, people's commands, and what a room remembers."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from livecue.audience import list_comments
from livecue.catalog import list_products
from livecue.cues import list_thresholds
from livecue.desk.moderation import MODERATION_ACTIONS
from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.events import (
    PEOPLE,
    ActionAsked,
    ActionReleased,
    AgentSet,
    AutoReplySet,
    ChangePrice,
    CommandAsked,
    ConversationAssigned,
    ConversationClosed,
    ConversationNoted,
    ConversationViewed,
    CueAnswerGiven,
    DutyLeft,
    DutyTaken,
    EndDraw,
    EndOffer,
    Event,
    FaultSettled,
    FeedbackNoted,
    HideComment,
    HitDecided,
    ImprovementDecided,
    ImprovementProposed,
    LineupChanged,
    ListProduct,
    LiveActionAsked,
    ModerationAsked,
    MuteViewer,
    OpinionAfterCare,
    OpinionClosed,
    OpinionDecided,
    OpinionDismissed,
    OpinionPauseAsked,
    OpinionStepTaken,
    OrderConfirmed,
    OrderReminded,
    OutreachAsked,
    PinComment,
    PrizeNoted,
    QuestionAnswered,
    ReplyAsked,
    ReplyStopped,
    ReplyToComment,
    ReviewAsked,
    RoomSaved,
    RundownChanged,
    ScriptRead,
    SegmentStarted,
    SendMessage,
    ServiceHoursSet,
    SetStock,
    ShelfPlanSet,
    ShelfStepDecided,
    ShortChosen,
    ShowCancelled,
    ShowComment,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    SignOffGiven,
    SignOffRefused,
    StartDraw,
    StartOffer,
    StatementApproved,
    StatementWritten,
    TaskAdded,
    TaskClosed,
    ThresholdSet,
    TrafficPlanSet,
    TrafficStepAsked,
    TrafficVerified,
    UnmuteViewer,
    UnpinComment,
    WordDrawAgreed,
    WordDrawVoided,
    decode_event,
)
from livecue.flow import Frame, Receipt, RoomInfo, kind_of_action
from livecue.kit import new_id
from livecue.planning.calendar import day_of
from livecue.planning.supply import blocked, files_of
from livecue.reference import STAGE
from livecue.shelf import LIVE_ACTIONS, find_draw, find_plan, live_action
from livecue.shows import find_room, find_show, length_of, list_segments, list_shows
from livecue.store import HOUSE
from livecue.team import find_person, list_named
from livecue.web.auth import AGAIN_S, Caller, Guard, room_of, services, still
from livecue.web.compliance.signing import by_signer
from livecue.web.compliance.telling import tell_own_words
from livecue.web.json import answer
from livecue.web.money import PERMISSION, Cutter
from livecue.web.pushed import Pushed
from livecue.web.rostered import take_rostered
from livecue.web.services import Services
from livecue.work import find_task, list_improvements, list_tasks

router = APIRouter()

COMMANDS: dict[type[Event], str] = {
    ShowPlanned: "plan",
    ShowCancelled: "plan",
    RundownChanged: "plan",
    LineupChanged: "plan",
    ReviewAsked: "plan",
    HitDecided: "sign",
    ScriptRead: "sign",
    SignOffGiven: "sign",
    SignOffRefused: "sign",
    ShowStarted: "run",
    ShowEnded: "run",
    SegmentStarted: "run",
    DutyTaken: "run",
    DutyLeft: "run",
    ThresholdSet: "thresholds",
    QuestionAnswered: "comments",
    CueAnswerGiven: "answer",
    TaskAdded: "run",
    TaskClosed: "answer",
    ImprovementProposed: "debrief",
    ImprovementDecided: "debrief",
    ActionAsked: "shelf",
    LiveActionAsked: "shelf",
    ModerationAsked: "comments",
    OpinionDecided: "comments",
    OpinionDismissed: "comments",
    OpinionStepTaken: "comments",
    StatementWritten: "run",
    StatementApproved: "run",
    OpinionPauseAsked: "run",
    OpinionAfterCare: "comments",
    OpinionClosed: "comments",
    TrafficPlanSet: "run",
    TrafficVerified: "run",
    TrafficStepAsked: "run",
    ShelfPlanSet: "shelf",
    ShelfStepDecided: "shelf",
    WordDrawAgreed: "approve",
    WordDrawVoided: "run",
    PrizeNoted: "comments",
    ActionReleased: "approve",
    OrderConfirmed: "orders",
    OrderReminded: "orders",
    FeedbackNoted: "orders",
    OutreachAsked: "comments",
    FaultSettled: "orders",
    ShortChosen: "orders",
    AgentSet: "comments",
    AutoReplySet: "thresholds",
    ServiceHoursSet: "thresholds",
    ConversationAssigned: "comments",
    ConversationViewed: "comments",
    ConversationNoted: "comments",
    ReplyAsked: "comments",
    ReplyStopped: "comments",
    ConversationClosed: "comments",
}
"""Commands on a room and the permission each needs."""

ALSO: dict[type[Event], str] = {
    OpinionDecided: "sign",
    OpinionDismissed: "sign",
    OpinionStepTaken: "sign",
    OpinionAfterCare: "sign",
    OpinionClosed: "sign",
    StatementWritten: "sign",
    StatementApproved: "sign",
}
"""A second permission that does as well: legal takes part in cases of public opinion (domain 10.5). Whose place a
level is, the desk says."""

STAGE_COMMANDS: frozenset[type[Event]] = frozenset((CueAnswerGiven, QuestionAnswered))
"""What a paired stage device may ask a room for; questions only as answered by the host."""

ACTIONS: dict[type[Any], str] = {
    ChangePrice: "price",
    SetStock: "price",
    StartOffer: "price",
    EndOffer: "price",
    ReplyToComment: "comments",
    HideComment: "comments",
    ShowComment: "comments",
    MuteViewer: "comments",
    UnmuteViewer: "comments",
    PinComment: "comments",
    UnpinComment: "comments",
    SendMessage: "comments",
    StartDraw: "run",
    EndDraw: "run",
}
"""Permissions of ``ActionAsked`` by action; every other action needs ``shelf``."""


def needed(event: Event) -> str:
    """The permission a command needs."""
    if isinstance(event, ActionAsked | LiveActionAsked | ModerationAsked):
        return ACTIONS.get(type(event.action), "shelf")
    if isinstance(event, ActionReleased) and event.decision == "cancel":
        return "shelf"
    return COMMANDS[type(event)]


@router.get("/api/rooms")
async def rooms(request: Request, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The rooms the caller may watch, each with its newest show."""
    door = services(request)
    found = []
    for room in door.rooms().values():
        if caller.may("watch", room.org, room.brand, room.room):
            shows = list_shows(door.reader, room.room, 20)
            on_air = next((s for s in shows if s.status == "on_air"), shows[0] if shows else None)
            found.append(
                {
                    **msgspec.structs.asdict(room),
                    "status": on_air.status if on_air else "none",
                    "show": on_air.show if on_air else "",
                    "title": on_air.title if on_air else "",
                    "started_at": on_air.started_at if on_air else 0,
                    "starts_at": on_air.starts_at if on_air else 0,
                    "watching": door.bus.watched(room.room),
                    "capabilities": door.capabilities(room),
                }
            )
    return answer(found)


@router.post("/api/rooms", status_code=201)
async def add_room(request: Request, caller: Caller = Depends(Guard("plan"))) -> Response:
    """Make or change a room of one of the caller's brands."""
    door = services(request)
    raw = await json_of(request)
    event = _convert({**raw, "kind": "RoomSaved", "org": caller.person.org, "room": raw.get("room") or new_id()})
    if not isinstance(event, RoomSaved):
        raise BadInput("this is no room")
    if not caller.may("plan", event.org, event.brand):
        raise NotAllowed("you may not add rooms to this brand")
    known = door.rooms().get(event.room)
    if known is not None and (known.org, known.brand) != (event.org, event.brand):
        raise NotAllowed("this id belongs to a room of another brand")
    receipt = await ask(door, HOUSE, event, caller)
    made = find_room(door.reader, event.room)
    if known is None and made is not None:
        await _tell_thresholds(door, made, caller)
        await tell_own_words(door, made, lambda word: ask(door, made.room, word, caller))
    return answer({"room": event.room, **receipt_json(receipt)})


async def _tell_thresholds(door: Services, room: RoomInfo, caller: Caller) -> None:
    """Tell a new room what was set for every room of its brand."""
    for other in list(door.rooms().values()):
        if (other.org, other.brand) != (room.org, room.brand) or other.room == room.room:
            continue
        rows = list_thresholds(door.reader, room.org, room.brand, other.room)
        wide = [row for row in rows if row.scope != "room"]
        for row in wide:
            await ask(door, room.room, row.event, caller)
        if wide:
            return


@router.get("/api/rooms/{room}/live")
async def live(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Server-sent events ``frame``: ``{number, now, rate, changed: {section: value}}``, all sections at first, then
    what changed, at most twenty a second. ``gone`` says that the room was removed."""
    door = services(request)
    # Before the answer begins, so that a room that is not there is refused with its reason.
    first = None
    if not door.bus.watched(room):
        first = await asyncio.wrap_future(door.pump.frame(room))
    cutter = None if _sees_money(caller, room_of(request, room)) else _cutter
    return Pushed(_frames(door, room, first, cutter, lambda: still(request, "watch", room)))


_cutter = Cutter()


def _sees_money(caller: Caller, room: RoomInfo) -> bool:
    return caller.may(PERMISSION, room.org, room.brand, room.room)


async def _frames(
    door: Services,
    room: str,
    first: Frame | None,
    cutter: Cutter | None = None,
    may: Callable[[], bool] = lambda: True,
) -> AsyncIterator[bytes]:
    slot = door.bus.follow(room)
    if slot is None:
        if first is None:
            first = await asyncio.wrap_future(door.pump.frame(room))
        slot = door.bus.watch(room, first)
    timer = slot.loop.call_later(AGAIN_S, slot.nudge)
    quiet = True
    try:
        yield b"retry: 1000\n\n"
        while True:
            cut = await slot.take()
            if cut is None:
                yield b"event: gone\ndata: {}\n\n"
                return
            if cut:
                quiet = False
                yield _event.of(cutter.cut(cut) if cutter else cut)
                continue
            # Signed out, shut out, or without the role since: the browser comes back and hears it as an answer.
            if not await asyncio.to_thread(may):
                return
            if quiet:
                yield b"event: alive\ndata: {}\n\n"
            timer, quiet = slot.loop.call_later(AGAIN_S, slot.nudge), True
    finally:
        timer.cancel()
        door.bus.unwatch(room, slot)


class _Event:
    """Frames as server-sent events: what is told to hundreds of screens is put together once for all of them."""

    def __init__(self) -> None:
        self._made: deque[tuple[bytes, bytes]] = deque(maxlen=8)

    def of(self, frame: bytes) -> bytes:
        """The event that holds this frame."""
        for given, made in self._made:
            if given is frame:
                return made
        made = b"event: frame\ndata: %b\n\n" % frame
        self._made.append((frame, made))
        return made


_event = _Event()


@router.get("/api/rooms/{room}/snapshot")
async def snapshot(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The snapshot once, for programs."""
    body = await asyncio.wrap_future(services(request).pump.screen(room))
    if not _sees_money(caller, room_of(request, room)):
        body = _cutter.cut(body)
    return Response(body, media_type="application/json")


@router.post("/api/rooms/{room}/commands")
async def command(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """One command; the answer waits until the room has applied or refused it."""
    door = services(request)
    info = room_of(request, room)
    event = _convert(await json_of(request))
    if type(event) not in COMMANDS:
        raise BadInput(f"{type(event).__name__} is no command on a room")
    _check(event, info, caller, door)
    if isinstance(event, ActionAsked) and isinstance(event.action, LIVE_ACTIONS):
        # Nobody gets past the checks: what acts on the shelf is asked of its decider.
        event = LiveActionAsked(action=live_action(event.action), command=event.command)
    if isinstance(event, ActionAsked) and isinstance(event.action, MODERATION_ACTIONS):
        # The same for comments: what hides, mutes or puts on top is held against the law's line.
        event = ModerationAsked(action=event.action, command=event.command)  # type: ignore[arg-type]
    if isinstance(event, DutyTaken) and (known := find_person(door.reader, event.person)) is not None:
        # What colleagues read is the name the team knows, not one a sender chose.
        event = msgspec.structs.replace(event, name=known.name)
    if isinstance(event, HitDecided | SignOffGiven | SignOffRefused):
        event = await run_in_threadpool(by_signer, door, info, event, caller)
    if isinstance(event, ShowPlanned | RundownChanged):
        event = _with_end(event, door)
    if isinstance(event, ShowPlanned):
        event = msgspec.structs.replace(event, needs_review=info.nature in ("real", "rehearsed"))
    receipt = await ask(door, room, event, caller)
    if isinstance(event, ShowStarted) and receipt.refused is None:
        await take_rostered(door, info, event.show, caller)
    return answer(receipt_json(receipt))


def _with_end(event: ShowPlanned | RundownChanged, door: Services) -> Event:
    """A plan made by a person has an end, that of its rundown when none is named: so it is held against others."""
    known = find_show(door.reader, event.show)
    start = event.starts_at if isinstance(event, ShowPlanned) else (known.starts_at if known else 0)
    ends_at = event.ends_at or (known.ends_at if known and isinstance(event, RundownChanged) else 0)
    if event.segments or not ends_at:
        ends_at = max(ends_at, start + length_of(event.segments))
    return msgspec.structs.replace(event, ends_at=ends_at)


def _check(event: Event, info: RoomInfo, caller: Caller, door: Services) -> None:
    permission = needed(event)
    if isinstance(event, ShelfPlanSet | ShelfStepDecided):
        _check_plan(event, info, caller, door)
    if isinstance(event, ActionReleased) and event.decision == "cancel":
        # Who may do it may call it off: customer service its own hiding, who leads the shelf anything.
        own = permission_of(kind_of_action(door.reader, info.room, event.action))
        permission = own if caller.may(own, info.org, info.brand, info.room) else permission
    if isinstance(event, WordDrawVoided):
        # Once people take part, calling it off is for whoever answers for the show.
        drawn = find_draw(door.reader, info.room, event.draw)
        permission = "approve" if drawn is not None and drawn.state == "open" else permission
    stage = caller.session.scope == "stage"
    if stage and type(event) not in STAGE_COMMANDS:
        raise NotAllowed("a stage device shows the stage and answers cues, nothing else")
    own_duty = isinstance(event, DutyTaken | DutyLeft) and event.person == caller.person.person
    # Who stands before the camera says that they answered a viewer, and nothing more about comments.
    said = (
        isinstance(event, QuestionAnswered) and event.how == "host" and not event.text and caller.speaks(*_place(info))
    )
    held = any(caller.may(name, *_place(info)) for name in (permission, ALSO.get(type(event), permission)))
    # Host and quality control have steps of their own. Whose step it is, the desk says; to leave one out is a decision.
    step = isinstance(event, OpinionStepTaken) and not event.waived and caller.may("answer", *_place(info))
    if not held and not own_duty and not said and not step:
        raise NotAllowed(f"this needs the permission {permission!r}; ask whoever runs the team")
    if isinstance(event, ShowPlanned) and not event.version and find_show(door.reader, event.show) is not None:
        raise BadInput("this show is planned already: send `version`, the one you changed plus one")
    if isinstance(event, ReplyAsked):
        # A case sends nothing: the desk says so itself.
        wanted = "ReplyToComment" if event.conversation.startswith("c:") else "SendMessage"
        if wanted not in door.capabilities(info):
            raise BadInput("nothing connected to this room sends answers; write it on the platform's own page")
    if isinstance(event, OutreachAsked) and "SendMessage" not in door.capabilities(info):
        raise BadInput("nothing connected to this room sends answers; write it on the platform's own page")
    if isinstance(event, TaskClosed):
        _check_task(event.task, info, caller, door)
    if isinstance(event, ThresholdSet) and event.scope != "room" and not caller.may(permission, info.org, info.brand):
        raise NotAllowed("what is set for many rooms needs the permission 'thresholds' for the whole brand")
    if isinstance(event, AgentSet) and event.person != caller.person.person and not caller.may("people", *_place(info)):
        raise NotAllowed("you set your own state; that of others is set by who runs the team")
    if isinstance(event, ServiceHoursSet) and event.person:
        named = list_named(door.reader, info.org, info.brand, info.room)
        if event.person not in {one.person for one in named}:
            raise BadInput("this person does not work in this room; give them a role here first")
    if isinstance(event, OpinionPauseAsked):
        kind = "ResumeStream" if event.resume else "PauseStream"
        if kind not in door.capabilities(info):
            raise BadInput("nothing connected to this room can pause it; do it on the platform and mark the step done")
    if isinstance(event, ActionAsked | LiveActionAsked | ModerationAsked):
        kind = type(event.action).__name__
        if kind not in door.capabilities(info):
            raise BadInput(f"nothing connected to this room can do {kind}; do it on the platform's own page")
        if isinstance(event.action, ListProduct) and info.nature == "real":
            _refuse_blocked(event.action.product, info, door)


def _check_task(name: str, info: RoomInfo, caller: Caller, door: Services) -> None:
    """What a case asks to be done is called done by whose task it is, or by who runs the show."""
    task = find_task(door.reader, info.room, name)
    if task is None or not task.of_case or caller.may("run", *_place(info)):
        return
    if caller.person.person != task.person and not caller.holds(task.role, *_place(info)):
        raise NotAllowed("this task of a case belongs to somebody else; ask them, or whoever runs the show")


def _place(info: RoomInfo) -> tuple[str, str, str]:
    return info.org, info.brand, info.room


class Blocked(NotAllowed):
    """The product may not be listed."""

    code = "product_blocked"


def _refuse_blocked(name: str, info: RoomInfo, door: Services) -> None:
    """No paper, no listing (R041); nor without the terms (R042) or the test (R043) that the category asks for."""
    product = next((row for row in list_products(door.reader, info.org, info.brand) if row.card.product == name), None)
    if product is None:
        return
    today = day_of(door.clock.now_ms(), info.time_zone)
    rules = blocked(product, files_of(door.reader, info.org, info.brand), today)
    if rules:
        raise Blocked(f"{product.card.name} may not be listed, see its file; lacking ({', '.join(rules)})")


def permission_of(kind: str) -> str:
    """The permission that an action of this kind needs."""
    return next((permission for action, permission in ACTIONS.items() if action.__name__ == kind), "shelf")


def _check_plan(event: ShelfPlanSet | ShelfStepDecided, info: RoomInfo, caller: Caller, door: Services) -> None:
    if isinstance(event, ShelfPlanSet):
        steps = event.steps
    else:
        kept = find_plan(door.reader, info.room, event.show).steps
        steps = tuple(item.step for item in kept if item.step.step == event.step and event.decision == "now")
    for step in steps:
        kind = type(step.action).__name__
        if not caller.may(ACTIONS.get(type(step.action), "shelf"), info.org, info.brand, info.room):
            raise NotAllowed(f"{kind} needs another permission than yours; ask whoever runs the team")
        if kind not in door.capabilities(info):
            raise BadInput(f"nothing connected to this room can do {kind}; do it on the platform's own page")
        if isinstance(step.action, ListProduct) and info.nature == "real":
            _refuse_blocked(step.action.product, info, door)


async def ask(door: Services, stream: str, event: Event, caller: Caller) -> Receipt:
    """Put a person's command into a stream and wait for its fate."""
    command_id = getattr(event, "command", "") or new_id()
    # Nothing ticks in the stream of the house: what is said there has the time at which it was said, or none for ever.
    at = event.at or (door.clock.now_ms() if stream == HOUSE else 0)
    named = msgspec.structs.replace(event, key=command_id, command=command_id, by=caller.person.person, at=at)
    if isinstance(named, ThresholdSet) and named.rule == STAGE and not named.valid_from:
        # The stage is the brand's: it holds from the time of the house, not of a room that runs ahead or is replayed.
        named = msgspec.structs.replace(named, valid_from=door.clock.now_ms())
    if isinstance(named, ActionAsked | LiveActionAsked | ModerationAsked):
        named = msgspec.structs.replace(named, action=msgspec.structs.replace(named.action, by=caller.person.person))
    future = door.pump.post(stream, [named], source=f"person:{caller.person.person}", wants=True)
    return await asyncio.wrap_future(future)


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the screens read it. A repeated command is neither applied anew nor refused."""
    refused = receipt.refused
    return {
        "number": receipt.number,
        "applied": receipt.applied and refused is None,
        "duplicate": receipt.duplicates == 1,
        "folded": receipt.duplicates is not None,
        "refused": {"code": refused.code, "why": refused.why, "about": refused.about} if refused else None,
        "announced": list(receipt.announced),
    }


@router.get("/api/rooms/{room}/comments")
async def comments(
    request: Request, room: str, before: int = 1 << 62, limit: int = 100, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Older comments, newest first."""
    return answer(list_comments(services(request).reader, room, before, min(max(limit, 1), 500)))


@router.get("/api/rooms/{room}/shows")
async def shows(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Shows of the room, newest first."""
    return answer(list_shows(services(request).reader, room))


@router.get("/api/rooms/{room}/people")
async def people(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Display names for the ids on the room's screens, with the roles held on the room; nothing personal."""
    info = room_of(request, room)
    return answer(list_named(services(request).reader, info.org, info.brand, room))


@router.get("/api/rooms/{room}/improvements")
async def improvements(
    request: Request, room: str, show: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Improvements of the room, or of one show."""
    return answer(list_improvements(services(request).reader, room, show or None))


@router.get("/api/rooms/{room}/tasks")
async def tasks(
    request: Request, room: str, show: str = "", open: bool = False, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Tasks of the room or of one show, by deadline; only those still open with `open`."""
    return answer(list_tasks(services(request).reader, room, show, closed=not open))


@router.get("/api/shows/{show}")
async def one_show(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """A show with its segments as they ran."""
    door = services(request)
    found = find_show(door.reader, show)
    if found is None or found.room not in door.rooms() or not caller.may("watch", found.org, found.brand, found.room):
        raise NotFound("there is no such show")
    return answer({**msgspec.structs.asdict(found), "ran": list_segments(door.reader, found.room, show)})


async def json_of(request: Request) -> dict[str, Any]:
    body = await request.body()
    if len(body) > 2_000_000:
        raise BadInput("more than 2 MB in one command; split it")
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise BadInput("one JSON object is expected")
    return raw


def _convert(raw: dict[str, Any]) -> Event:
    event = decode_event(msgspec.json.encode(raw))
    if type(event) not in PEOPLE:
        raise BadInput(f"{type(event).__name__} is nothing a person can ask for")
    if not isinstance(event, CommandAsked | ActionAsked | ActionReleased):
        raise BadInput("this is no command")
    return event
