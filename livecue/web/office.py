"""The office: catalogue, people, rules, actions, audit, reference, devices."""

import asyncio
import io
from typing import Any

import msgspec
import segno
import xlsxwriter
from fastapi import APIRouter, Depends, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.catalog import COLUMNS, DOUBTS, Imported, list_products, read_products
from livecue.compliance import citations
from livecue.cues import rules_of_cues
from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.events import BrandSaved, Event, PersonSaved, ProductSaved, RoleGranted, RoleRevoked, StockEntered
from livecue.flow import action_kinds, list_actions
from livecue.kit import new_id
from livecue.metrics import VARIANT_UNITS, VARIANTS
from livecue.planning.calendar import steps
from livecue.reference import DOCUMENTS, METRICS, ROLES, RULES
from livecue.sales import list_stock
from livecue.shows import list_removed, titles_of
from livecue.store import HOUSE, AuditRow, AuditSearch, Word, audit_choices, broken_link, list_audit
from livecue.team import find_person, list_brands, list_people, new_link, new_pairing, use_pairing
from livecue.web.auth import (
    Caller,
    Guard,
    Public,
    apply,
    governed,
    is_owner,
    room_of,
    services,
    set_cookie,
)
from livecue.web.json import answer
from livecue.web.money import FIELDS, PERMISSION, product_without_money
from livecue.web.planning.team import refuse_forbidden
from livecue.web.rooms import ask, json_of, receipt_json
from livecue.web.rules import lowest_stock
from livecue.web.services import Services

router = APIRouter()


def _brand(caller: Caller, permission: str, brand: str) -> str:
    """The brand asked for, or the caller's only one. Raises ``NotAllowed``."""
    org = caller.person.org
    if not brand:
        own = sorted({grant.brand for grant in caller.person.grants if grant.brand})
        brand = own[0] if len(own) == 1 else ""
    if not brand or not caller.may(permission, org, brand):
        raise NotAllowed("name a brand you work for, as ?brand=...")
    return brand


# Catalogue.


@router.get("/api/catalog/products")
async def products(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """The products of a brand, with the stock of their SKUs, and under how many pieces one is low (R030)."""
    brand = _brand(caller, "catalog", brand)
    reader = services(request).reader
    stock = list_stock(reader, caller.person.org, brand)
    found: list[Any] = list(list_products(reader, caller.person.org, brand))
    if not caller.may(PERMISSION, caller.person.org, brand):
        found = [product_without_money(product) for product in found]
    low = await run_in_threadpool(lowest_stock, services(request), caller.person.org, brand)
    return answer({"products": found, "stock": stock, "low": low})


def _with_money_kept(door: Services, caller: Caller, brand: str, products: list[ProductSaved]) -> list[ProductSaved]:
    """Who may not see cost and commission changes neither: they stay as they are, 0 for a new product."""
    if caller.may(PERMISSION, caller.person.org, brand):
        return products
    known = {product.card.product: product for product in list_products(door.reader, caller.person.org, brand)}
    kept = []
    for product in products:
        old = known.get(product.card.product)
        same = {name: getattr(old, name) if old else 0 for name in FIELDS}
        kept.append(msgspec.structs.replace(product, **same))
    return kept


@router.post("/api/catalog/products")
async def save_product(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """Save one product, whole."""
    brand = _brand(caller, "catalog", brand)
    raw = {name: value for name, value in (await json_of(request)).items() if name != "hidden"}
    raw = {name: value for name, value in raw.items() if name not in FIELDS or value is not None}
    try:
        event = msgspec.convert({**raw, "kind": "ProductSaved", "org": caller.person.org, "brand": brand}, ProductSaved)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error
    (event,) = _with_money_kept(services(request), caller, brand, [event])
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))


@router.post("/api/catalog/import")
async def import_products(
    request: Request,
    file: UploadFile,
    brand: str = "",
    sure: bool = False,
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """Read a spreadsheet (F03): good rows are saved, bad rows are told by row and column.

    Prices that look like fen are told too; ``sure`` takes them all the same. What the sheet does not say of a known
    product stays. A stock opens the balance of a SKU that has none (permission stock); a known one is kept and told.
    """
    brand = _brand(caller, "catalog", brand)
    content = await file.read()
    door = services(request)

    def work() -> Imported:
        known = list_products(door.reader, caller.person.org, brand)
        return read_products(content, file.filename or "file", caller.person.org, brand, known=known, sure=sure)

    found = await asyncio.to_thread(work)
    events: list[Event] = []
    org, counted = caller.person.org, found.stock
    if not caller.may("stock", org, brand):
        counted = {}
    known = {view.sku for view in list_stock(door.reader, org, brand) if view.known}
    opened = {sku: count for sku, count in counted.items() if sku not in known}
    for product in _with_money_kept(door, caller, brand, found.products):
        command = new_id()
        events.append(msgspec.structs.replace(product, key=command, command=command, by=caller.person.person))
        for sku in product.card.skus:
            if sku in opened:
                command = new_id()
                events.append(
                    StockEntered(
                        key=command, command=command, by=caller.person.person, org=org, brand=brand, sku=sku,
                        quantity=opened[sku], product=product.card.product, reason="F03",
                    )
                )  # fmt: skip
    if events:
        source = f"person:{caller.person.person}"
        await asyncio.wrap_future(door.pump.post(HOUSE, events, source=source, wants=True))
    ignored = [] if caller.may(PERMISSION, org, brand) else list(FIELDS)
    if found.stock and not counted:
        ignored.append("stock")
    doubted = sum(error.code in DOUBTS for error in found.errors)
    return answer(
        {
            "accepted": len(found.products),
            "rejected": found.errors,
            "ignored": ignored,
            "doubted": doubted,
            "stock": {"entered": len(opened), "kept": sorted(set(counted) - set(opened))},
        }
    )


@router.get("/api/catalog/template.xlsx")
async def template(caller: Caller = Depends(Guard("catalog"))) -> Response:
    """An empty spreadsheet with the headings that the import understands, and one example."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("选品表")
    bold = book.add_format({"bold": True})
    example = [
        "SP001",
        "手工竹篮",
        "家居",
        "引流款",
        "39.90",
        "18.00",
        "20%",
        "SP001-S;SP001-L",
        "手编;可水洗",
        "篮子;竹篮",
        "示例供应商",
        "120;80",
        "45.90",
        "2026-11-29",
        "备用供应商",
        "检测报告 GB2026-001",
        "水洗、拉伸合格",
        "7 天无理由",
        "有",
        "48 小时",
    ]
    for place, (words, value) in enumerate(zip(COLUMNS.values(), example, strict=True)):
        sheet.write_string(0, place, words[0], bold)
        sheet.write_string(1, place, value)
        sheet.set_column(place, place, 16)
    book.close()
    return Response(
        out.getvalue(),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": "attachment; filename=livecue-products.xlsx"},
    )


# Brands and people.


class BrandName(BaseModel):
    """What a brand is called from now on; its id, which every row carries, stays."""

    name: str = Field(min_length=1, max_length=100)


@router.post("/api/team/brands/{brand}")
async def rename_brand(
    request: Request, brand: str, body: BrandName, caller: Caller = Depends(Guard("people"))
) -> Response:
    """Rename a brand; for whoever governs the people of all of it."""
    door, org = services(request), caller.person.org
    if brand not in caller.person.brands([known for known, _ in list_brands(door.reader, org)]):
        raise NotFound("there is no such brand")
    if not caller.may("people", org, brand):
        raise NotAllowed("you may not rename this brand; ask an owner")
    event = BrandSaved(org=org, brand=brand, name=body.name.strip())
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


class NewPerson(BaseModel):
    """A person to make or change."""

    person: str = ""
    name: str = Field(min_length=1, max_length=100)
    login: str = Field(default="", max_length=100)
    language: str = Field(default="zh", pattern="^(zh|en)$")
    active: bool = True


class GrantChange(BaseModel):
    """A role to give or take."""

    role: str
    brand: str = ""
    room: str = ""
    account: str = ""
    grant: bool = True


@router.get("/api/team/people")
async def people(request: Request, caller: Caller = Depends(Guard("people"))) -> Response:
    """Everybody of the organisation who works for one of the caller's brands."""
    reader = services(request).reader
    everyone = list_people(reader, caller.person.org)
    every = [brand for brand, _ in list_brands(reader, caller.person.org)]
    mine = set(caller.person.brands(every))
    whole = set(every) <= mine
    visible = [p for p in everyone if whole or not p.grants or mine & set(p.brands(every))]
    return answer(visible)


@router.post("/api/team/people")
async def save_person(request: Request, body: NewPerson, caller: Caller = Depends(Guard("people"))) -> Response:
    """Make or change a person."""
    door = services(request)
    if body.person and find_person(door.reader, body.person) is not None:
        governed(door, caller, body.person)
    person = body.person or new_id()
    event = PersonSaved(
        person=person,
        org=caller.person.org,
        name=body.name,
        login=body.login,
        language=body.language,
        active=body.active,
    )
    receipt = await ask(door, HOUSE, event, caller)
    return answer({"person": person, **receipt_json(receipt)})


@router.post("/api/team/people/{person}/roles")
async def change_role(
    request: Request, person: str, body: GrantChange, caller: Caller = Depends(Guard("people"))
) -> Response:
    """Give or take a role; only where the caller may govern people."""
    door = services(request)
    org = caller.person.org
    known = find_person(door.reader, person)
    if known is None or known.org != org:
        raise NotFound("there is no such person")
    whole = any(g.brand == "" and caller.may("people", org, "") for g in caller.person.grants)
    if not (caller.may("people", org, body.brand) if body.brand else whole):
        raise NotAllowed("you may not govern people there")
    if body.role == "owner" and not is_owner(caller.person):
        raise NotAllowed("only an owner makes owners")
    if body.grant:
        await asyncio.to_thread(refuse_forbidden, door, org, person, body.role, body.brand)
    kind = RoleGranted if body.grant else RoleRevoked
    if body.grant and body.account and body.account not in accounts_of(door, org, body.brand):
        raise NotFound("no room of this brand belongs to that account; name the account at its room first")
    event = kind(person=person, role=body.role, org=org, brand=body.brand, room=body.room, account=body.account)
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))


def accounts_of(door: Services, org: str, brand: str) -> dict[str, list[str]]:
    """Platform accounts of a brand, as "platform/name", with their rooms."""
    found: dict[str, list[str]] = {}
    for info in door.rooms().values():
        if (info.org, info.brand) == (org, brand) and info.account:
            found.setdefault(f"{info.platform}/{info.account}", []).append(info.room)
    return found


@router.post("/api/team/people/{person}/link")
async def sign_in_link(request: Request, person: str, caller: Caller = Depends(Guard("people"))) -> Response:
    """A one-time sign-in link for a person, good for a day."""
    door = services(request)
    known = governed(door, caller, person)
    now = door.clock.now_ms()
    token = await apply(door, lambda writer: new_link(writer, known.org, known.person, now))
    base = door.lan_address or str(request.base_url).rstrip("/")
    return answer({"url": f"{base}/signin?token={token}"})


# Stage devices.


class Pair(BaseModel):
    """A pairing code as typed or scanned."""

    code: str = Field(pattern=r"^\d{8}$")


class NewPairing(BaseModel):
    """The room whose stage a device shall show."""

    room: str


@router.post("/api/pairing")
async def pairing(request: Request, body: NewPairing, caller: Caller = Depends(Guard("run"))) -> Response:
    """A one-time code (8 digits) and QR picture that give one device the stage of a room."""
    door = services(request)
    info = room_of(request, body.room)
    if not caller.may("run", info.org, info.brand, info.room):
        raise NotFound("there is no such room")
    now = door.clock.now_ms()
    person = caller.person.person
    code, expires = await apply(door, lambda w: new_pairing(w, info.org, info.brand, info.room, person, now))
    base = door.lan_address or str(request.base_url).rstrip("/")
    url = f"{base}/pair?code={code}"
    picture = segno.make(url, error="m").svg_inline(scale=6, border=2)
    return answer(
        {"code": code, "expires_at": expires, "url": url, "qr_svg": picture, "plain_http": url.startswith("http:")}
    )


@router.post("/api/pair", dependencies=[Depends(Public("a device without a keyboard gets in by its code"))])
async def pair(request: Request, body: Pair) -> Response:
    """Spend a pairing code: the device may see and answer this room's stage, nothing else."""
    door = services(request)
    now = door.clock.now_ms()
    door.tries_to_pair.check(request.client.host if request.client else "", now)
    token, room = await apply(door, lambda writer: use_pairing(writer, body.code, now))
    response = answer({"room": room})
    set_cookie(response, token, request.url.scheme == "https")
    return response


# What happened, and what is wrong.


@router.get("/api/actions")
async def actions(
    request: Request, state: str = "held,uncertain,dead,pending,sending", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Actions of the caller's rooms in these states."""
    door = services(request)
    mine = [room for room, info in door.rooms().items() if caller.may("watch", info.org, info.brand, room)]
    rows = list_actions(door.reader, [s for s in state.split(",") if s], mine)
    names = {p.person: p.name for p in list_people(door.reader, caller.person.org)}
    return answer([msgspec.structs.replace(row, why=_decided_by(row.why, names)) for row in rows])


def _decided_by(why: str, names: dict[str, str]) -> str:
    """A person's decision is kept with their id: said with their name."""
    decision, by, person = why.partition(" by ")
    return f"{decision}{by}{names.get(person, person)}" if decision in ("retry", "drop", "happened") else why


@router.get("/api/audit")
async def audit(
    request: Request,
    before: int = 0,
    limit: int = 100,
    person: str = "",
    kind: str = "",
    room: str = "",
    since: int = 0,
    until: int = 0,
    text: str = "",
    also: str = "",
    caller: Caller = Depends(Guard("audit")),
) -> Response:
    """The audit chain, newest first, searched by person, kind, room, time and words.

    ``next`` is the ``before`` of the page behind, null at the end. ``also`` names kinds that a single word of
    ``text`` may mean (the screens know them in the reader's language). The first page also says whether the chain
    is whole, and what a search can be narrowed to.
    """
    door = services(request)
    reader = door.reader
    every = [brand for brand, _ in list_brands(reader, caller.person.org)]
    brands = [b for b in every if caller.may("audit", caller.person.org, b)]
    if any(g.brand == "" for g in caller.person.grants):
        brands.append("")
    org, most = caller.person.org, min(max(limit, 1), 500)
    names = {p.person: p.name for p in list_people(reader, org)}
    called = names | {info.room: info.name for info in list_removed(reader, org)}
    called |= {info.room: info.name for info in door.rooms().values() if info.org == org}
    words = text.split()[:8]
    kinds = tuple(filter(None, also.split(","))) if len(words) == 1 else ()
    search = AuditSearch(
        who=person,
        what=kind,
        room=room,
        since=since,
        until=until,
        words=tuple(
            Word(word, tuple(i for i, name in called.items() if word.lower() in name.lower())[:200], kinds)
            for word in words
        ),
    )
    rows = list_audit(reader, org, brands, before or 1 << 62, most + 1, search)
    rows = [r if r.what != "ProductSaved" or caller.may(PERMISSION, org, r.brand) else _unpriced(r) for r in rows]
    called |= titles_of(reader, org, sorted({row.subject for row in rows if row.room and row.subject not in called}))
    unnamed = sorted({row.subject for row in rows if row.subject not in called})
    does, cued = action_kinds(reader, org, unnamed), rules_of_cues(reader, org, unnamed)
    found: dict[str, Any] = {
        "rows": [
            {
                **msgspec.structs.asdict(r),
                "name": names.get(r.who, r.who),
                "subject_name": called.get(r.subject, ""),
                "action": does.get(r.subject, ""),
                "rule": cued.get(r.subject, ""),
            }
            for r in rows[:most]
        ],
        "next": rows[most - 1].number if len(rows) > most else None,
    }
    if not before:
        had, who, where = audit_choices(reader, org, brands)
        found["broken_at"] = broken_link(reader)
        found["kinds"] = had
        found["people"] = [{"person": p, "name": names.get(p, p)} for p in who]
        found["rooms"] = [{"room": r, "name": called.get(r, r)} for r in where if r]
    return answer(found)


def _unpriced(row: AuditRow) -> AuditRow:
    """An edit of a product without what it costs; the fingerprint is that of the whole row."""
    try:
        detail = msgspec.json.decode(row.detail)
    except msgspec.DecodeError:
        detail = {}
    kept = {name: value for name, value in detail.items() if name not in FIELDS}
    return msgspec.structs.replace(row, detail=msgspec.json.encode(kept).decode())


@router.post("/api/rooms/{room}/resume", status_code=204)
async def resume(request: Request, room: str, caller: Caller = Depends(Guard("approve"))) -> Response:
    """Try a stopped room again."""
    await asyncio.wrap_future(services(request).pump.resume(room))
    return Response(status_code=204)


@router.get("/api/reference")
async def reference(caller: Caller = Depends(Guard("signed_in"))) -> Response:
    """Rules, metrics, roles, documents and steps of the SOP in both languages; English for the articles that findings
    rest on."""
    found: dict[str, Any] = {
        "rules": RULES,
        "metrics": METRICS,
        "variants": VARIANTS,
        "variant_units": VARIANT_UNITS,
        "roles": ROLES,
        "documents": DOCUMENTS,
        "citations": citations(),
        "steps": {f"sop:{step.id}": {"zh": step.zh, "en": step.en} for step in steps()},
    }
    response = answer(found)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
