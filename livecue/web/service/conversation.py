"""One conversation: what was said, who the customer is, what may be answered."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.desk.service import (
    InboxRow,
    Index,
    drafts,
    entries_of,
    fill,
    find_conversation,
    history_of,
    list_facts,
    list_messages,
    list_suggestions,
    list_templates,
    mask_text,
    name_of,
    past_answers,
    viewers_of,
)
from livecue.errors import BadInput, NotFound
from livecue.events import ProductCard
from livecue.flow import RoomInfo
from livecue.kit import Money
from livecue.sales import list_stock, orders_of, parcel_of
from livecue.shows import list_shows
from livecue.store import append_audit
from livecue.team import list_brands
from livecue.web.auth import Caller, Guard, apply, room_of, services
from livecue.web.json import answer
from livecue.web.service.inbox import PERMISSION, served
from livecue.web.services import Services

router = APIRouter()
_MOST_CARDS = 300
_FRESH_MS = 20_000
"""An index of what a brand may answer is as old as this at most."""


@router.get("/api/rooms/{room}/conversations/{conversation:path}")
async def conversation(
    request: Request, room: str, conversation: str, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Messages, proposals with their sources, the customer's orders and history; names and long numbers masked."""
    info = room_of(request, room)
    rooms = _mine(caller, services(request), info)
    return answer(await asyncio.to_thread(_whole, request, info, rooms, conversation))


def _mine(caller: Caller, door: Services, info: RoomInfo) -> list[str]:
    """The brand's rooms that the caller serves: of the others' customers they see nothing."""
    return [one.room for one in served(caller, door).values() if one.brand == info.brand]


def _whole(request: Request, info: RoomInfo, rooms: list[str], conversation: str) -> dict[str, Any]:
    door = services(request)
    row = find_conversation(door.reader, info.room, conversation)
    if row is None:
        raise NotFound("there is no such conversation")
    cards = {one.card.product: one.card for one in list_products(door.reader, info.org, info.brand)}
    orders = orders_of(door.reader, info.org, info.brand, row.viewer, rooms)
    values = _values(door, info, row, rooms)
    messages = list_messages(door.reader, info.room, conversation)
    waiting = [message.text for message in messages if message.who == "customer" and not message.human_at]
    proposed = drafts(_index(request, info, cards), waiting[-1], row.product, row.topic, values) if waiting else []
    now = door.pump.lags().get(info.room, (0, 0))[1]
    viewers, typing = viewers_of(door.reader, info.room, conversation, now)
    return {
        "viewers": viewers,
        "typing": typing,
        "row": row,
        "messages": messages,
        "suggestions": list_suggestions(door.reader, info.room, conversation),
        "drafts": proposed,
        "orders": orders,
        "history": [one for one in history_of(door.reader, info.org, info.brand, row.viewer, rooms) if one != row],
        "product": cards.get(row.product),
        "cards": _cards(request, info, cards),
    }


def _cards(request: Request, info: RoomInfo, cards: dict[str, ProductCard]) -> list[dict[str, Any]]:
    """What may be sent as a card, by number in the cart; ``free`` None is unverified. The desk refuses what cannot."""
    door = services(request)
    pieces: dict[str, list[int | None]] = {}
    for one in list_stock(door.reader, info.org, info.brand):
        pieces.setdefault(one.product, []).append(one.on_hand - one.reserved if one.known else None)
    found = []
    for card in sorted(cards.values(), key=lambda card: (card.number or 1 << 30, card.product))[:_MOST_CARDS]:
        free = pieces.get(card.product, [None])
        known = None if None in free else sum(one for one in free if one is not None)
        found.append(
            {"product": card.product, "name": card.name, "number": card.number, "price": card.price, "free": known}
        )
    return found


def _values(door: Services, info: RoomInfo, row: InboxRow, rooms: list[str]) -> dict[str, str]:
    """What templates may be filled with, as it is now. What is unverified has no value: an open place is refused."""
    reader = door.reader
    orders = [] if row.order else orders_of(reader, info.org, info.brand, row.viewer, rooms, 1)
    order = row.order or (orders[0].number if orders else "")
    values = {
        "brand": dict(list_brands(reader, info.org)).get(info.brand, ""),
        "customer": name_of(reader, info.room, row.conversation),
        "order": order,
        "parcel": parcel_of(reader, order, rooms),
    }
    kept = next((one for one in list_products(reader, info.org, info.brand) if one.card.product == row.product), None)
    if kept is not None:
        values["product"] = kept.card.name
        on_air = next((show for show in list_shows(reader, info.room, 20) if show.status == "on_air"), None)
        live = next((card for card in on_air.products if card.product == row.product), None) if on_air else None
        # On air the platform's price of this moment, else the catalogue's.
        price, currency = (live.price, info.currency) if live else (kept.card.price, kept.currency or info.currency)
        if price:
            values["price"] = str(Money(price, currency)).replace(",", "").rpartition(" ")[0]
        stock = [one for one in list_stock(reader, info.org, info.brand) if one.product == row.product]
        if stock and all(one.known for one in stock):
            values["stock"] = str(sum(one.on_hand - one.reserved for one in stock))
    return {key: value for key, value in values.items() if value}


def _index(request: Request, info: RoomInfo, cards: dict[str, ProductCard]) -> Index:
    door = services(request)
    kept: dict[tuple[str, str], tuple[int, Index]] = getattr(request.app.state, "answer_indexes", {})
    known = kept.get((info.org, info.brand))
    now = door.clock.now_ms()
    if known is not None and 0 <= now - known[0] < _FRESH_MS:
        return known[1]
    index = Index(
        entries_of(
            list_facts(door.reader, info.org, info.brand),
            list_templates(door.reader, info.org, info.brand),
            list(cards.values()),
            past_answers(door.reader, info.org, info.brand),
        )
    )
    request.app.state.answer_indexes = {**kept, (info.org, info.brand): (now, index)}
    return index


class Filled(BaseModel):
    """The template to use in a conversation."""

    template: str = Field(min_length=1, max_length=200)


@router.post("/api/rooms/{room}/conversations/fill/{conversation:path}")
async def filled(
    request: Request, room: str, conversation: str, body: Filled, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """A template with its variables filled in from product, order and stock as they are now.

    Refused when a variable has no value: a literal "{stock}" or an invented number must not reach a customer.
    """
    door, info = services(request), room_of(request, room)
    row = find_conversation(door.reader, room, conversation)
    known = {one.template: one for one in list_templates(door.reader, info.org, info.brand)}
    if row is None or body.template not in known:
        raise NotFound("there is no such conversation or template")
    rooms = _mine(caller, door, info)
    values = await asyncio.to_thread(_values, door, info, row, rooms)
    text, missing = fill(known[body.template].text, values)
    if missing:
        raise BadInput(f"nobody knows {', '.join(missing)} for this conversation; write it by hand or choose another")
    return answer({"text": text})


class Reveal(BaseModel):
    """Why somebody must read what is masked."""

    reason: str = Field(default="", max_length=300)


@router.post("/api/rooms/{room}/conversations/reveal/{conversation:path}")
async def reveal(
    request: Request, room: str, conversation: str, body: Reveal, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """The messages unmasked, for an address or a call back. It stands in the audit who looked, and why."""
    if not body.reason.strip():
        raise BadInput("say why the full text is needed; it stands in the audit")
    door, info = services(request), room_of(request, room)
    if find_conversation(door.reader, room, conversation) is None:
        raise NotFound("there is no such conversation")
    now = door.clock.now_ms()
    await apply(
        door,
        lambda writer: append_audit(
            writer,
            at=now,
            org=info.org,
            brand=info.brand,
            room=room,
            who=caller.person.person,
            what="NumbersRevealed",
            subject=conversation,
            detail=msgspec.json.encode({"why": mask_text(body.reason.strip())}).decode(),
        ),
    )
    return answer({"messages": list_messages(door.reader, room, conversation, masked=False)})
