"""The selection's doors: the pool, proposals side by side, why, what if, and taking one into a show."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from livecue.audience import list_comments
from livecue.catalog import list_products
from livecue.desk.service import AskedOf, asked_by_product
from livecue.errors import BadInput, Conflict, NotAllowed, NotFound
from livecue.events import ShowPlanned
from livecue.flow import RoomInfo
from livecue.kit import new_id, stable_id
from livecue.metrics import product_totals
from livecue.planning.calendar import day_of
from livecue.planning.selection import (
    ACCEPT,
    ELIMINATIONS,
    HISTORY_DAYS,
    KINDS,
    LEAVE,
    MEDIA_TYPE,
    METRICS,
    PRESETS,
    Brief,
    Candidate,
    Chosen,
    Contradiction,
    Kept,
    Pool,
    Selling,
    accepted_selections,
    ask,
    audience_of,
    find_selection,
    hit_rate,
    lineup_of,
    list_selections,
    pool_of,
    proposals,
    rundown_of,
    save_selections,
    sheet_of,
    suggested,
    wanted,
)
from livecue.planning.supply import files_of, seen, with_facts
from livecue.sales import list_stock
from livecue.shows import ShowRow, find_show, list_shows
from livecue.store import Writer
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, apply, note, room_of, services
from livecue.web.json import answer
from livecue.web.money import PERMISSION
from livecue.web.rooms import json_of, receipt_json
from livecue.web.services import Services

router = APIRouter()
TOLERANCE = 0.0
"""On the screens the best is asked for, with its proof; where that takes longer than the limit, the gap is told."""
LIMIT_S = 5.0
_PLAN = frozenset(ShowRow.__struct_fields__) & frozenset(ShowPlanned.__struct_fields__)
"""What a plan as kept and a plan as commanded have in common."""
_DAY_MS = 24 * 3600 * 1000
_COMMENTS = 3_000
_SHOWS = 400
_MONEY = frozenset(
    {"worth", "order_worth", "bound", "margin", "unit_margin", "pull", "caution", "short", "ahead", "loss"}
)
"""What of a proposal tells margins; ``price`` of a constraint too."""


class Asked(msgspec.Struct, kw_only=True):
    """What a person asks for; ``changes`` by product are what-if values, never saved to the catalogue."""

    brief: Brief
    rules: tuple[str, ...] | None = None
    """Who is left out; not said, what is usual in this room, as the pool was shown."""
    kinds: tuple[str, ...] = ("balanced",)
    show: str = ""
    host: str = ""
    """Who will sell: how they did by category against the others counts."""
    changes: dict[str, dict[str, float]] = {}
    product: str = ""
    keep: bool = True


class Accepted(msgspec.Struct, kw_only=True):
    """Into which show: an existing plan with the version seen, or a new one with title and start."""

    show: str = ""
    version: int = 0
    title: str = ""
    starts_at: int = 0


@router.get("/api/rooms/{room}/selection")
async def pool(
    request: Request,
    room: str,
    minutes: float = Query(default=120.0, gt=0, le=1440),
    host: str = "",
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """The pool with who is eliminated and why, what viewers ask for, a brief to start from, the hit rate so far.

    `asked`: the products that customers asked about most in the last days, with their share of all questions (R062).
    """
    door, info = services(request), room_of(request, room)

    def work() -> dict[str, Any]:
        selling = _selling(door, info)
        asked_all, asked = _asked_about(door, info)
        found = _pool(door, info, _usual(info), host=host, selling=selling, asked=asked)
        comments = _comments(door, info)
        audience = audience_of(door.reader, room)
        products = list_products(door.reader, info.org, info.brand)
        shows = [show for show in list_shows(door.reader, room, 50) if show.status == "planned"]
        recent = {card.product for show in list_shows(door.reader, room, 20) for card in show.products}
        names = {item.card.product: item.card.name for item in products if item.active}
        money = caller.may(PERMISSION, info.org, info.brand, info.room)
        return {
            "items": [_item(item, money) for item in found.items],
            "out": found.out,
            "known": found.known,
            "lacking": found.lacking,
            "lists": seen(
                files_of(door.reader, info.org, info.brand), products, day_of(door.clock.now_ms(), info.time_zone)
            )[:200],
            "wanted": wanted(comments, products, recent),
            "asked": {
                "total": asked_all,
                "days": PRESETS.asked.days,
                "rows": [
                    {**msgspec.structs.asdict(row), "name": names[row.product], "offered": row.product in recent}
                    for row in asked
                    if row.product in names
                ],
            },
            "brief": suggested(found.items, audience, minutes),
            "audience_shows": audience.shows,
            "kinds": list(KINDS),
            "rules": ELIMINATIONS,
            "usual": _usual(info),
            "assumed": PRESETS.assumed,
            "hit_rate": _hits(door, info),
            "fits": found.fits,
            "hosts": _hosts(door, info, selling),
            "shows": [
                {
                    "show": s.show,
                    "title": s.title,
                    "starts_at": s.starts_at,
                    "version": s.version,
                    "minutes": _talk_minutes(s),
                }
                for s in shows
            ],
            "currency": info.currency,
            "money": money,
        }

    return answer(await run_in_threadpool(work))


def _talk_minutes(show: ShowRow) -> float:
    """What the planned length leaves for talks about products; 0 without a planned end."""
    if not show.ends_at:
        return 0.0
    others = sum(segment.duration_s for segment in show.segments if not segment.product)
    return max(0.0, (show.ends_at - show.starts_at) / 60_000 - others / 60)


@router.post("/api/rooms/{room}/selection")
async def propose(request: Request, room: str, caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Proposals side by side, kept for a month; or what stands in the way."""
    door, info = services(request), room_of(request, room)
    body = _asked(await json_of(request))
    money = caller.may(PERMISSION, info.org, info.brand, info.room)

    def work() -> Any:
        found = _pool(door, info, _usual(info) if body.rules is None else body.rules, body)
        return found, proposals(found.items, body.brief, body.kinds, LIMIT_S, TOLERANCE)

    found, made = await run_in_threadpool(work)
    if isinstance(made, Contradiction):
        return answer({"proposals": [], "contradiction": made, "out": found.out})
    now = door.clock.now_ms()
    kept = [
        Kept(
            org=info.org, brand=info.brand, room=room, show=body.show, selection=new_id(), kind=proposal.kind,
            made_at=now, made_by=caller.person.person, accepted_at=0, accepted_by="", brief=body.brief, body=proposal,
        )
        for proposal in made
    ]  # fmt: skip
    # A question "what if" is answered and forgotten: nobody may take a show made of prices that are not so.
    if body.keep and not body.changes:
        await apply(door, save_selections(kept))
    return answer({"proposals": [_kept(row, money) for row in kept], "contradiction": None, "out": found.out})


@router.post("/api/rooms/{room}/selection/why")
async def why(request: Request, room: str, caller: Caller = Depends(Guard("catalog"))) -> Response:
    """What would have to change for one item to change sides; exact, by solving again."""
    door, info = services(request), room_of(request, room)
    body = _asked(await json_of(request))
    money = caller.may(PERMISSION, info.org, info.brand, info.room)

    def work() -> Any:
        found = _pool(door, info, _usual(info) if body.rules is None else body.rules, body)
        out = next((row for row in found.out if row.product == body.product), None)
        if out is not None:
            return {"out": out}
        return _cut(msgspec.to_builtins(ask(found.items, body.brief, body.product, LIMIT_S)), money)

    return answer(await run_in_threadpool(work))


@router.get("/api/rooms/{room}/selections")
async def kept_ones(request: Request, room: str, caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Proposals of the room, newest first."""
    door, info = services(request), room_of(request, room)
    money = caller.may(PERMISSION, info.org, info.brand, info.room)
    names = {row.person: row.name for row in list_named(door.reader, info.org, info.brand, room)}
    rows = list_selections(door.reader, room)
    return answer([{**_kept(row, money), "name": names.get(row.made_by, row.made_by)} for row in rows])


@router.get("/api/rooms/{room}/selections/{selection}.xlsx")
async def sheet(
    request: Request,
    room: str,
    selection: str,
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """The selection table 选品表 (F03) as a workbook."""
    door, info = services(request), room_of(request, room)
    row = _find(door, room, selection)
    files, today = files_of(door.reader, info.org, info.brand), day_of(door.clock.now_ms(), info.time_zone)
    products = {
        item.card.product: with_facts(item, files, today)[0]
        for item in list_products(door.reader, info.org, info.brand)
    }
    stock = {s.sku: max(0, s.on_hand - s.reserved) for s in list_stock(door.reader, info.org, info.brand) if s.known}
    money = caller.may(PERMISSION, info.org, info.brand, info.room)
    content = await asyncio.to_thread(sheet_of, row.body, products, stock, lang, money)
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": "attachment; filename=livecue-selection.xlsx", "Cache-Control": "no-store"},
    )


@router.post("/api/rooms/{room}/selections/{selection}/accept")
async def accept(request: Request, room: str, selection: str, caller: Caller = Depends(Guard("plan"))) -> Response:
    """Make the proposal the lineup and the rundown of a show. Refused when somebody changed the plan meanwhile."""
    door, info = services(request), room_of(request, room)
    row = _find(door, room, selection)
    try:
        body = msgspec.convert(await json_of(request), Accepted)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error
    cards = {item.card.product: item.card for item in list_products(door.reader, info.org, info.brand)}
    gone = [pick.name or pick.product for pick in row.body.picks if pick.product not in cards]
    if gone:
        raise Conflict(f"{', '.join(gone)}: no longer in the catalogue; propose again")
    lineup = lineup_of(row.body.picks, cards)
    show = body.show or stable_id("show", selection)
    known = find_show(door.reader, show)
    if known is not None and (known.room != room or known.status != "planned"):
        raise NotAllowed("choose a planned show of this room")
    if known is None and (body.show or not body.title.strip()):
        raise BadInput("name the planned show, or give a new one a title and a start")
    rundown = rundown_of(selection, row.body.picks, cards, known.segments if known else ())
    # One command id per version: pressed twice, or again after a lost answer, it is taken once.
    command = stable_id("selection", selection, show, body.version)
    # One event, or a lineup could be taken and its rundown refused. What else the plan holds stays as it is.
    same = {name: getattr(known, name) for name in _PLAN} if known else {}
    event = ShowPlanned(
        **{
            **same,
            "show": show,
            "title": known.title if known else body.title.strip(),
            "starts_at": known.starts_at if known else body.starts_at,
            "segments": rundown,
            "products": lineup,
            "version": body.version + 1,
            "key": command,
            "command": command,
            "by": caller.person.person,
        }
    )
    posted = door.pump.post(room, [event], source=f"person:{caller.person.person}", wants=True)
    receipt = await asyncio.wrap_future(posted)
    if receipt.refused is None:
        await apply(door, _marked(info, row, show, caller, door.clock.now_ms()))
    return answer({**receipt_json(receipt), "show": show})


def _marked(info: RoomInfo, row: Kept, show: str, caller: Caller, now: int) -> Any:
    def work(writer: Writer) -> None:
        writer.write(LEAVE, (info.room, show, row.selection))
        writer.write(ACCEPT, (now, caller.person.person, show, row.selection, info.room))
        note(writer, info, now, caller, "SelectionAccepted", row.selection)

    return work


def _find(door: Services, room: str, selection: str) -> Kept:
    row = find_selection(door.reader, selection)
    if row is None or row.room != room:
        raise NotFound("there is no such proposal")
    return row


def _asked(raw: dict[str, Any]) -> Asked:
    try:
        return msgspec.convert(raw, Asked)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error


def _alike(door: Services, info: RoomInfo) -> set[str]:
    """Rooms of the brand whose past tells of this one: a simulated show tells nothing of a real one."""
    return {
        other.room
        for other in door.rooms().values()
        if (other.org, other.brand, other.nature) == (info.org, info.brand, info.nature)
    }


def _pool(
    door: Services,
    info: RoomInfo,
    rules: tuple[str, ...],
    body: Asked | None = None,
    host: str = "",
    selling: Selling | None = None,
    asked: Sequence[AskedOf] = (),
) -> Pool:
    now = door.clock.now_ms()
    host = body.host if body is not None else host
    if host and selling is None:
        selling = _selling(door, info)
    found = pool_of(
        door.reader,
        info.org,
        info.brand,
        _alike(door, info),
        info.room,
        now,
        rules,
        host=host,
        selling=selling,
        today=day_of(now, info.time_zone),
        asked={row.product: row.asked for row in asked},
    )
    if body is None or not body.changes:
        return found
    return msgspec.structs.replace(found, items=tuple(_changed(item, body.changes) for item in found.items))


def _usual(info: RoomInfo) -> tuple[str, ...]:
    """The eliminations to begin with: what only tries a show needs no papers."""
    return tuple(rule for rule in ELIMINATIONS if rule != "R041" or info.nature == "real")


def _selling(door: Services, info: RoomInfo) -> dict[tuple[str, str], frozenset[str]]:
    """Who sold what in past shows: the host of its segment, else the hosts of the show."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for room in _alike(door, info):
        for show in list_shows(door.reader, room, _SHOWS):
            named: dict[str, set[str]] = {}
            for segment in show.segments:
                if segment.product and segment.host:
                    named.setdefault(segment.product, set()).add(segment.host)
            for card in show.products:
                sellers = frozenset(named.get(card.product, show.hosts))
                if sellers:
                    found[show.show, card.product] = sellers
    return found


def _hosts(door: Services, info: RoomInfo, selling: Selling) -> list[dict[str, Any]]:
    """Who may host here, with the number of past and planned shows that name them."""
    shows: dict[str, set[str]] = {}
    for (show, _), sellers in selling.items():
        for host in sellers:
            shows.setdefault(host, set()).add(show)
    people = list_named(door.reader, info.org, info.brand, info.room)
    return [
        {"person": row.person, "name": row.name, "shows": len(shows.get(row.person, ()))}
        for row in people
        if "host" in row.roles or row.person in shows
    ]


def _changed(item: Candidate, changes: dict[str, dict[str, float]]) -> Candidate:
    mine = changes.get(item.product)
    if not mine:
        return item
    unknown = set(mine) - {"price", "cost", "stock", "risk"}
    if unknown or any(value < 0 for value in mine.values()):
        raise BadInput("what-if knows price, cost, stock and risk, none below 0")
    return msgspec.structs.replace(
        item, **{name: value if name == "risk" else round(value) for name, value in mine.items()}
    )


def _comments(door: Services, info: RoomInfo) -> list[tuple[str, int]]:
    since = door.clock.now_ms() - PRESETS.asked.days * _DAY_MS
    found = []
    for room in sorted(_alike(door, info)):
        for row in list_comments(door.reader, room, 1 << 62, _COMMENTS):
            if row.when >= since and not row.by_host:
                found.append((row.text, row.when))
    return found


def _asked_about(door: Services, info: RoomInfo) -> tuple[int, list[AskedOf]]:
    now = door.clock.now_ms()
    return asked_by_product(door.reader, sorted(_alike(door, info)), now - PRESETS.asked.days * _DAY_MS, now)


def _hits(door: Services, info: RoomInfo) -> Any:
    since = door.clock.now_ms() - 2 * HISTORY_DAYS * _DAY_MS
    rooms = _alike(door, info)
    past = [row for row in product_totals(door.reader, info.org, info.brand, since, METRICS) if row.room in rooms]
    categories = {item.card.product: item.card.category for item in list_products(door.reader, info.org, info.brand)}
    chosen = [
        Chosen(row.show, pick.product, pick.category)
        for row in accepted_selections(door.reader, info.org, info.brand)
        if row.room in rooms
        for pick in row.body.picks
    ]
    return hit_rate(chosen, past, categories)


def _item(item: Candidate, money: bool) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(item)
    return raw if money else {**raw, "cost": None, "commission_bp": None}


def _kept(row: Kept, money: bool) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(row)
    return {**raw, "body": _cut(raw["body"], money)}


def _cut(value: Any, money: bool) -> Any:
    """``value`` without what tells margins, for who lacks the permission: null, never 0."""
    if money:
        return value
    if isinstance(value, list | tuple):
        return [_cut(item, money) for item in value]
    if not isinstance(value, dict):
        return value
    constraint = "use" in value and "rule" in value
    return {
        name: None if name in _MONEY or (constraint and name == "price") else _cut(item, money)
        for name, item in value.items()
    }
