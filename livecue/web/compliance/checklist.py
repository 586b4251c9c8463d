"""The checklist before the start (F27), out of what is known: nothing is ticked that nobody looked at."""

from typing import Any, Literal

import msgspec

from livecue.catalog import list_products
from livecue.compliance import PRESETS, find_review, last_trained
from livecue.flow import RoomInfo
from livecue.planning.script import find_replies
from livecue.sales import list_stock
from livecue.shows import ShowRow
from livecue.team import find_person
from livecue.web.services import Services
from livecue.work import list_tasks

_DAY_MS = 24 * 3600 * 1000


class Item(msgspec.Struct, frozen=True):
    """One line. ``state``: ok, open (somebody has something to do), stop (keeps the show off the air), unknown."""

    item: str
    state: Literal["ok", "open", "stop", "unknown"]
    about: dict[str, Any] = {}


def checklist(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    """Every line of the checklist for a show as it is planned now."""
    return [
        *_script(door, show, info),
        *_prices(door, show, info),
        *_stock(door, show, info),
        *_training(door, show, info),
        *_tasks(door, show, info),
    ]


def _script(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    row = find_review(door.reader, info.room, show.show)
    gate: Literal["stop", "open"] = "stop" if info.nature == "real" else "open"
    if row is None:
        return [Item("script", "unknown")]
    review = row.review
    about = {"state": review.state, "reasons": list(review.reasons), "self_signed": review.self_signed}
    found = [Item("script", "ok" if not review.reasons else gate, about)]
    hits = review.open_hits
    labels = [hit.entry.removeprefix("label.") for hit in hits if hit.cls == "LABEL"]
    papers = [hit for hit in hits if hit.cls == "PAPER"]
    draws = [hit for hit in hits if hit.cls == "DRAW"]
    words = len(hits) - len(labels) - len(papers) - len(draws)
    found.append(Item("words", gate if words else "ok", {"n": words}))
    if review.draws:
        found.append(Item("draws", gate if draws else "ok", {"n": len(draws)}))
    known = bool(review.declared)
    found.append(Item("labels", gate if labels else "ok" if known else "open", {"labels": labels}))
    found.append(Item("papers", gate if papers else "ok", {"n": len(papers)}))
    return found


def _prices(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    if not show.products:
        return [Item("prices", "unknown")]
    known = {row.card.product: row.card.price for row in list_products(door.reader, info.org, info.brand)}
    wrong = [card.name for card in show.products if card.product in known and card.price != known[card.product]]
    return [Item("prices", "open" if wrong else "ok", {"names": wrong[:5], "n": len(wrong)})]


def _stock(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    if not show.products:
        return [Item("stock", "unknown")]
    free: dict[str, int] = {}
    for view in list_stock(door.reader, info.org, info.brand):
        if view.known:
            free[view.product] = free.get(view.product, 0) + view.on_hand - view.reserved
    unknown = [card.name for card in show.products if card.product not in free]
    empty = [card.name for card in show.products if free.get(card.product, 1) <= 0]
    if empty:
        return [Item("stock", "open", {"names": empty[:5], "n": len(empty)})]
    return [Item("stock", "unknown" if unknown else "ok", {"names": unknown[:5], "n": len(unknown)})]


def _training(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    hosts = sorted({*show.hosts, *(item.host for item in show.segments if item.host)})
    if not hosts:
        return [Item("training", "unknown")]
    at = show.starts_at or door.clock.now_ms()
    last = last_trained(door.reader, info.org, info.brand, hosts)
    late = [host for host in hosts if at - last.get(host, 0) > PRESETS.training_days * _DAY_MS]
    names = [person.name if (person := find_person(door.reader, host)) else host for host in late]
    return [Item("training", "open" if late else "ok", {"names": names[:5], "n": len(late)})]


def _tasks(door: Services, show: ShowRow, info: RoomInfo) -> list[Item]:
    """Steps of the preparation that come before the start: set-up, replies, devices and network."""
    tasks = {task.task: task for task in list_tasks(door.reader, info.room, show.show)}
    found = []
    for step in ("room_setup", "replies", "checklist"):
        if step == "replies" and (ready := find_replies(door.reader, info.org, info.brand).replies):
            found.append(Item(step, "ok", {"n": len(ready)}))
            continue
        task = tasks.get(f"{show.show}/{step}")
        if task is None:
            found.append(Item(step, "unknown"))
        else:
            found.append(Item(step, "ok" if task.state == "done" else "open", {"due_at": task.due_at}))
    return found
