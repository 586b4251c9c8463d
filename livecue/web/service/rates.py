"""Complaints (R070, M80), reviews (M81), enquiries that sold (M83), time to a refund (M84); reviews out of files."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response, UploadFile

from livecue.catalog import list_products
from livecue.desk.service import mask_text, rate_preset, rates
from livecue.events import Event
from livecue.flow import RoomInfo
from livecue.planning.supply import PRESETS
from livecue.reference import METRICS, RULES
from livecue.sales import count_reviews, list_reviews, read_reviews
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer
from livecue.web.service.board import span_of
from livecue.web.service.inbox import PERMISSION, served
from livecue.web.services import Services

router = APIRouter()
DAY_MS = 24 * 3600 * 1000
_POST = 2_000
_SHOWN = 50


def _counted(caller: Caller, door: Services, room: str) -> dict[str, RoomInfo]:
    """The real rooms that the caller serves; one that is asked for by itself whatever it is."""
    rooms = served(caller, door, room)
    return rooms if room else {name: info for name, info in rooms.items() if info.nature == "real"}


@router.get("/api/service/rates")
async def service_rates(
    request: Request, room: str = "", since: int = 0, until: int = 0, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """R070 over its 30 days, M80, M83 and M84 over the span, M81 over 90 days, each with what it was counted from.

    A rate without a source is null, and `why` names what is missing. Without `room` real rooms are counted only.
    """
    start, end = span_of(request, since, until)
    door = services(request)
    rooms = _counted(caller, door, room)
    now = door.clock.now_ms()

    def reckon() -> list[dict[str, Any]]:
        found = rates(
            door.reader, {name: info.platform for name, info in rooms.items()}, PRESETS.quality.words, start, end, now
        )
        return [
            {
                **msgspec.structs.asdict(rate),
                "title": {"zh": METRICS[rate.metric].zh, "en": METRICS[rate.metric].en},
                "definition": METRICS[rate.metric].formula,
                "mark": RULES[rate.rule].mark if rate.rule else "",
            }
            for rate in found
        ]

    return answer({"rates": await asyncio.to_thread(reckon), "preset": rate_preset(now), "now": now})


@router.get("/api/service/reviews")
async def reviews(request: Request, room: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """Reviews of the span of M81 by product, the worst first, and the newest of them; numbers in texts are masked.

    Without `room` those of real rooms only.
    """
    door = services(request)
    rooms = _counted(caller, door, room)
    now = door.clock.now_ms()
    preset = rate_preset(now)
    since = now - preset.review_days * DAY_MS

    def read() -> dict[str, Any]:
        names = {
            row.card.product: row.card.name
            for org, brand in sorted({(info.org, info.brand) for info in rooms.values()})
            for row in list_products(door.reader, org, brand)
        }
        listed = sorted(rooms)
        products: dict[str, dict[str, Any]] = {}
        for row in count_reviews(door.reader, listed, preset.good_from, since, now + 1):
            one = products.setdefault(row.product, {"good": 0, "of": 0, "newest": 0})
            one["good"] += row.good
            one["of"] += row.of
            one["newest"] = max(one["newest"], row.newest)
        return {
            "products": sorted(
                ({"product": name, "name": names.get(name, ""), **one} for name, one in products.items()),
                key=lambda one: (one["good"] / one["of"], -one["of"], one["product"]),
            )[:_SHOWN],
            "newest": [
                {**msgspec.structs.asdict(row), "said": mask_text(row.said), "name": names.get(row.product, "")}
                for row in list_reviews(door.reader, listed, since, now + 1, _SHOWN)
            ],
            "good_from": preset.good_from,
            "days": preset.review_days,
        }

    return answer(await asyncio.to_thread(read))


@router.post("/api/rooms/{room}/reviews/import")
async def import_reviews(
    request: Request, room: str, file: UploadFile, caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Take reviews out of an export. Good rows are taken, others listed by row and column; repeated ones count once."""
    door, info = services(request), room_of(request, room)
    content = await file.read()
    found = await asyncio.to_thread(read_reviews, content, file.filename or "file", info.time_zone, door.clock.now_ms())
    new = 0
    for start in range(0, len(found.events), _POST):
        part: list[Event] = list(found.events[start : start + _POST])
        receipt = await asyncio.wrap_future(door.pump.post(room, part, source="file/sync", wants=True))
        new += receipt.accepted
    return answer(
        {
            "reviews": len(found.events),
            "new": new,
            "rejected": found.errors[:1000],
            "rejected_count": len(found.errors),
        }
    )
