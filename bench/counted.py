"""What the running server says is on, and what it counted, held against this tree and against what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from livecue.app.house import DECIDERS, LEDGERS
from livecue.cues import DETECTORS
from livecue.events import EVENT_KINDS

PARTS = tuple(part.name for part in (*LEDGERS, *DECIDERS))
RULED = ("compliance", "cues", "desk")
"""Parts that judge by rules: word packs, detectors with their presets, the model of the comments."""
TILES = {
    "ViewerEntered": "M03",
    "CommentPosted": "M25.comments",
    "ProductClicked": "M28.clicks",
    "GiftSent": "M25.gifts",
    "OrderCreated": "M40.orders",
    "OrderPaid": "M41.orders",
}
"""Kinds of the load of which the screens show the number over the show."""


def off(running: Mapping[str, Any]) -> list[str]:
    """What of the product is off in a room, by what the server says of it."""
    parts = running["parts"]
    if parts is None:
        return ["nobody has opened the room"]
    wrong = [f"part {name} is off" for name in PARTS if name not in parts]
    wrong += [f"{name} judges by no rules" for name in RULED if not parts.get(name)]
    detectors = running["detectors"]
    wrong += [f"detector {item.rule} is off" for item in DETECTORS if item.rule not in detectors["on"]]
    if not running["packs"]["entries"]:
        wrong.append("no word pack is loaded")
    if running["event_kinds"] < len(EVENT_KINDS):
        wrong.append(f"it knows {running['event_kinds']} kinds of events, this tree {len(EVENT_KINDS)}")
    return wrong


def everything_on(running: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What is on in the rooms, once; fails when something is off in one of them."""
    for room, told in running.items():
        if wrong := off(told):
            raise SystemExit(f"room {room}: " + "; ".join(wrong))
    first = dict(next(iter(running.values())))
    if other := [room for room, told in running.items() if told != first]:
        raise SystemExit(f"rooms differ in what is on: {', '.join(other[:3])} from {next(iter(running))}")
    return {
        "rooms": len(running),
        "version": first["version"],
        "parts": first["parts"],
        "detectors": first["detectors"]["on"],
        "word_packs": first["packs"],
        "judgements": first["parts"]["desk"],
        "event_kinds": first["event_kinds"],
    }


def totals(snapshots: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What the screens of all rooms show of the show: by kind of the load, likes, and money paid (minor units)."""
    found: dict[str, float] = {}
    for snapshot in snapshots:
        shown = {tile["metric"]: tile["value"] for tile in snapshot["metrics"]["tiles"] if tile["window"] == "show"}
        for name, metric in {**TILES, "likes": "M25.likes", "gmv": "M41"}.items():
            # A room that nobody sent this to shows nothing, which adds nothing.
            found[name] = found.get(name, 0) + (shown.get(metric) or 0)
    return found


def differences(found: Mapping[str, Any]) -> list[str]:
    """In which figures the server differs from the sender."""
    made, counted = found["made"], found["counted"]
    pairs = [
        ("lines answered", made["events"], found["accepted"] + found["rejected"] + found["duplicates"]),
        ("rejected lines", 0, found["rejected"]),
        ("duplicates", made["repeats"], counted["duplicates"]),
        ("likes", made["likes"], counted["likes"]),
        ("paid, minor units", made["gmv"], counted["gmv"]),
        *((kind, made["kinds"].get(kind, 0), counted[kind]) for kind in TILES),
    ]
    return [f"{name}: sent {sent:g}, counted {got:g}" for name, sent, got in pairs if sent != got]


FLAT_S = 60.0
"""Sustained is what was kept up for so long."""


def sustained(backlog: Sequence[tuple[float, int, int]], seconds: float, post: int) -> dict[str, Any]:
    """Whether what waited stayed flat: (moment in s, events waiting, events behind) over a run of ``seconds``.

    Flat: in the second half of the run never more waited than in the first, by more than one ``post`` (events sent at
    once by all connections). A run under ``FLAT_S`` shows nothing.
    """
    half = seconds / 2
    waited = [(moment, waiting + behind) for moment, waiting, behind in backlog if moment <= seconds]
    first = max((count for moment, count in waited if moment < half), default=0)
    second = max((count for moment, count in waited if moment >= half), default=0)
    looks = len(waited) >= 2 and seconds >= FLAT_S
    return {
        "backlog_flat": (second <= first + post) if looks else "not shown: the run is too short",
        "most_waiting_first_half": first,
        "most_waiting_second_half": second,
        "seconds": round(seconds, 1),
    }
