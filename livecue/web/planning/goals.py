"""The doors to goals and budgets."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.events import BudgetSaved, GoalSet, ShowPlanned
from livecue.flow import RoomInfo
from livecue.planning.calendar import day_of
from livecue.planning.goals import (
    SHOW,
    Assumptions,
    Node,
    ShowResult,
    became,
    find_budget,
    items_of,
    own_goals,
    profit_of,
    results_of,
    tree_of,
    units_for,
)
from livecue.planning.script import rehearsal_rooms
from livecue.shows import ShowRow, find_show, span_of
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for, rooms_for, zone_of
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
MINUTE_MS = 60_000


class Tree(msgspec.Struct, frozen=True):
    """A brand's tree for a year and one currency. ``elsewhere``: rooms of other currencies, which do not count."""

    root: Node
    currency: str
    currencies: list[str]
    version: int
    today: str
    elsewhere: list[str]


def _tree(door: Services, caller: Caller, brand: str, year: int, currency: str) -> tuple[Tree, dict[str, ShowRow]]:
    org = caller.person.org
    if not caller.may("money", org, brand):
        raise NotAllowed("the goals of a brand need the permission 'money' for the whole brand")
    rooms = {r.room: r for r in door.rooms().values() if (r.org, r.brand) == (org, brand)}
    # A simulated audience buys nothing real; a brand that has only such rooms may try the tree on them. A rehearsal of
    # one of their shows counts never: the show itself does.
    real = {name: r for name, r in rooms.items() if r.nature == "real"}
    staged = rehearsal_rooms(door.reader, org, brand)
    counted = real or {name: r for name, r in rooms.items() if r.nature != "replayed" and name not in staged}
    currencies = sorted({room.currency for room in counted.values()}) or ["CNY"]
    currency = currency or max(currencies, key=[room.currency for room in counted.values()].count)
    mine = {name: room for name, room in counted.items() if room.currency == currency}
    today = day_of(door.clock.now_ms(), zone_of(mine))
    year = year or today.year
    if not 2000 <= year <= 2200:
        raise BadInput("a year lies between 2000 and 2200")
    own, version = own_goals(door.reader, org, brand, currency)
    found = results_of(door.reader, org, brand, mine, year)
    results = [
        ShowResult(
            room=row.room, show=row.show, title=row.title, day=day,
            minutes=(span_of(row)[1] - span_of(row)[0]) // MINUTE_MS, brought=sold,
            closed=row.status == "ended", planned=row.goals.get("M41", 0),
        )
        for row, sold, day in found
    ]  # fmt: skip
    elsewhere = sorted(room.name for name, room in counted.items() if name not in mine)
    tree = Tree(tree_of(year, own, results, today), currency, currencies, version, today.isoformat(), elsewhere)
    return tree, {row.show: row for row, _, _ in found}


@router.get("/api/goals")
async def goals(
    request: Request, brand: str = "", year: int = 0, currency: str = "", caller: Caller = Depends(Guard("money"))
) -> Response:
    """The goal tree of a brand: year, quarters, months, shows, split anew by what came in (M86 on every node)."""
    door = services(request)
    tree, _ = _tree(door, caller, brand_for(caller, "money", brand, door), year, currency)
    return answer(tree)


class NewGoal(BaseModel):
    """A target for a period; -1 takes its own target away. Money in minor units."""

    period: str = Field(max_length=220)
    target: int = Field(default=-1, ge=-1)
    weight: int = Field(default=0, ge=0)
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")
    version: int = Field(default=0, ge=0)


@router.post("/api/goals")
async def set_goal(
    request: Request, body: NewGoal, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Set a target. Years and quarters are for whoever may approve, months and shows for whoever plans the brand."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    org = caller.person.org
    wide = not body.period.startswith(SHOW) and "-" not in body.period
    needs = "approve" if wide else "plan"
    if not (caller.may(needs, org, brand) and caller.may("money", org, brand)):
        raise NotAllowed(f"this needs the permissions {needs!r} and 'money' for the whole brand")
    event = GoalSet(org=org, brand=brand, **body.model_dump())
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


class Apply(BaseModel):
    """The month whose shows shall take over their targets."""

    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")


@router.post("/api/goals/apply")
async def apply_goals(
    request: Request, body: Apply, brand: str = "", caller: Caller = Depends(Guard("plan"))
) -> Response:
    """Write the tree's targets of a month into the plans of its coming shows: the console then counts against them."""
    door = services(request)
    brand = brand_for(caller, "plan", brand, door)
    tree, rows = _tree(door, caller, brand, int(body.month[:4]), body.currency)
    planners = rooms_for(caller, "plan", brand, door)
    changed, refused = [], []
    for node in _month(tree.root, body.month).children:
        row = rows[node.period.removeprefix(SHOW)]
        # A share of nothing is no target: it takes none away that somebody planned.
        if node.target <= 0 or node.target == row.goals.get("M41", 0):
            continue
        if row.status != "planned" or row.room not in planners:
            continue
        receipt = await ask(door, row.room, _with_goal(row, node.target), caller)
        if receipt.refused is None:
            changed.append(row.show)
        else:
            refused.append({"show": row.show, "title": row.title, "why": receipt.refused.why})
    return answer({"changed": changed, "refused": refused})


def _month(root: Node, month: str) -> Node:
    return next(node for quarter in root.children for node in quarter.children if node.period == month)


def _with_goal(row: ShowRow, target: int) -> ShowPlanned:
    return ShowPlanned(
        show=row.show, title=row.title, starts_at=row.starts_at, segments=tuple(row.segments),
        products=tuple(row.products), goals={**row.goals, "M41": target}, carried=tuple(row.carried),
        version=row.version + 1, ends_at=row.ends_at, theme=row.theme, hosts=tuple(row.hosts), kits=tuple(row.kits),
        lights=tuple(row.lights), studio=row.studio, welfare=row.welfare,
    )  # fmt: skip


# Profit and loss of one show.


def _show(request: Request, show: str, caller: Caller) -> tuple[ShowRow, RoomInfo]:
    door = services(request)
    found = find_show(door.reader, show)
    room = door.rooms().get(found.room) if found else None
    if found is None or room is None or not caller.may("watch", found.org, found.brand, found.room):
        raise NotFound("there is no such show")
    if not caller.may("money", found.org, found.brand, found.room):
        raise NotAllowed("this needs the permission 'money'; ask whoever runs the team")
    return found, room


@router.get("/api/shows/{show}/profit")
async def profit(request: Request, show: str, caller: Caller = Depends(Guard("money"))) -> Response:
    """What the show is planned to earn and to cost (M95), and what became of it."""
    door = services(request)
    row, room = _show(request, show, caller)
    items = items_of(row, list_products(door.reader, row.org, row.brand))
    made = find_budget(door.reader, row.org, row.brand, row.room, row.show)
    plan = made or Assumptions(units=units_for(row.goals.get("M41", 0), items))
    real = became(door.reader, row, plan)
    found: dict[str, Any] = {
        "currency": room.currency,
        "made": made is not None,
        "plan": plan,
        "items": items,
        "planned": profit_of(items, plan),
        "real": profit_of(items, real) if real else None,
        "goal": row.goals.get("M41", 0),
    }
    return answer(found)


class NewBudget(BaseModel):
    """A budget, whole. Amounts in minor units, shares in basis points."""

    units: dict[str, int] = Field(default={})
    pieces_per_order_milli: int = 1000
    return_bp: int = 0
    restock_bp: int = 10_000
    ads: int = 0
    freight: int = 0
    return_freight: int = 0
    labour: int = 0
    other: int = 0
    version: int = 0


@router.post("/api/shows/{show}/profit")
async def save_budget(
    request: Request, show: str, body: NewBudget, caller: Caller = Depends(Guard("money"))
) -> Response:
    """Keep the budget of a show."""
    row, _ = _show(request, show, caller)
    if not caller.may("plan", row.org, row.brand, row.room):
        raise NotAllowed("this needs the permission 'plan'; ask whoever runs the team")
    event = BudgetSaved(org=row.org, brand=row.brand, room=row.room, show=row.show, **body.model_dump())
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))
