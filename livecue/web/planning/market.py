"""The doors to what the market shows: rivals' prices and lists out of spreadsheets, and the lists themselves."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import xlsxwriter
from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from livecue.events import Event
from livecue.kit import new_id
from livecue.planning.supply import DOUBTS, LIST_COLUMNS, RIVAL_COLUMNS, Market, read_list, read_rivals, seen
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.supply import Brand, workbook

router = APIRouter()
_EXAMPLES: dict[str, tuple[str, ...]] = {
    "rivals": ("SP001", "示例店铺", "42.00", "店铺页", "2026-11-29"),
    "lists": ("1", "手工竹编收纳篮", "家居", "1.2万", "45.90", "SP001", "平台榜单", "2026-11-29"),
}


async def _keep(place: Brand, caller: Caller, found: Market) -> Response:
    events: list[Event] = []
    for row in found.events:
        command = new_id()
        events.append(msgspec.structs.replace(row, key=command, command=command, by=caller.person.person))
    if events:
        source = f"person:{caller.person.person}"
        await asyncio.wrap_future(place.door.pump.post(HOUSE, events, source=source, wants=True))
    doubted = sum(error.code in DOUBTS for error in found.errors)
    return answer({"accepted": len(events), "rejected": found.errors, "doubted": doubted})


@router.post("/api/supply/rivals/import")
async def import_rivals(
    request: Request,
    file: UploadFile,
    brand: str = "",
    source: str = "",
    on: str = "",
    sure: bool = False,
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """Read rivals' prices from a spreadsheet: good rows are kept, bad rows are told by row and column.

    ``source`` and ``on`` (a day with its year) stand for cells that are empty; ``sure`` takes
    prices that look like fen.
    """
    place = Brand(services(request), caller, brand, "catalog")
    content = await file.read()
    found = await asyncio.to_thread(
        read_rivals, content, file.filename or "file", place.products(), place.today, source, on, sure
    )
    return await _keep(place, caller, found)


@router.post("/api/supply/lists/import")
async def import_list(
    request: Request,
    file: UploadFile,
    which: str = Query(pattern="^(trend|hot)$"),
    brand: str = "",
    source: str = "",
    on: str = "",
    sure: bool = False,
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """Read a trend list or a hot list (``which``) from a spreadsheet, as ``rivals/import`` does."""
    place = Brand(services(request), caller, brand, "catalog")
    content = await file.read()
    currencies = [room.currency for room in place.rooms.values()] or ["CNY"]
    found = await asyncio.to_thread(
        read_list, content, file.filename or "file", which, place.org, place.brand, place.today, source, on,
        currencies[0], sure,
    )  # fmt: skip
    return await _keep(place, caller, found)


@router.get("/api/supply/lists")
async def lists(request: Request, brand: str = "", caller: Caller = Depends(Guard("catalog"))) -> Response:
    """The lines of the lists of the last days, each with the product of ours that it is or sounds like."""
    place = Brand(services(request), caller, brand, "catalog")

    def work() -> Any:
        goods = place.products()
        names = {row.card.product: row.card.name for row in goods}
        rows = seen(place.files(), goods, place.today)
        return {
            "rows": [{**msgspec.structs.asdict(row), "ours": names.get(row.product, "")} for row in rows[:1000]],
            "count": len(rows),
        }

    return answer(await run_in_threadpool(work))


@router.get("/api/supply/template.xlsx")
async def template(
    what: str = Query(default="rivals", pattern="^(rivals|lists)$"),
    lang: str = Query(default="zh", pattern="^(zh|en)$"),
    caller: Caller = Depends(Guard("catalog")),
) -> Response:
    """An empty spreadsheet with the headings that the import understands, and one example."""
    columns: Mapping[str, Sequence[str]] = RIVAL_COLUMNS if what == "rivals" else LIST_COLUMNS
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for at, (words, value) in enumerate(zip(columns.values(), _EXAMPLES[what], strict=True)):
        heading = words[0] if lang == "zh" else next(word for word in words if word.isascii())
        sheet.write_string(0, at, heading, bold)
        sheet.write_string(1, at, value)
        sheet.set_column(at, at, 16)
    book.close()
    return workbook(out.getvalue(), f"livecue-{what}")
