"""The traffic emergency as a state machine, and what the figures say. Pure.

warned: under the line, nobody looked. verified: a person named the cause. acting: a step was begun. recovering: over
the line again. recovered, false_alarm and ended are ends.
"""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.events import WakeGroup
from livecue.traffic.presets import Place, TrafficPreset

MOVES: dict[tuple[str, str], str] = {
    ("", "noticed"): "warned",
    ("warned", "verified"): "verified",
    ("warned", "dismissed"): "false_alarm",
    ("warned", "rising"): "recovering",
    ("warned", "ended"): "ended",
    ("verified", "verified"): "verified",
    ("verified", "step"): "acting",
    ("verified", "rising"): "recovering",
    ("verified", "ended"): "ended",
    ("acting", "verified"): "acting",
    ("acting", "step"): "acting",
    ("acting", "rising"): "recovering",
    ("acting", "ended"): "ended",
    ("recovering", "verified"): "recovering",
    ("recovering", "dismissed"): "false_alarm",
    ("recovering", "step"): "recovering",
    ("recovering", "fallen"): "acting",
    ("recovering", "held"): "recovered",
    ("recovering", "ended"): "ended",
}
"""Every legal move: (state, what) to the next state. Whatever is not here is refused and changes nothing."""
RELAPSED = ("warned", "verified", "acting")
"""What ``fallen`` makes of a recovery: how far people had come. The table names the farthest."""
ENDS = frozenset({"recovered", "false_alarm", "ended"})
STATES = ("warned", "verified", "acting", "recovering", "recovered", "false_alarm", "ended")

STEP_MOVES: dict[tuple[str, str], str] = {
    ("ready", "begin"): "doing",
    ("to_confirm", "begin"): "begun",
    ("begun", "confirm"): "doing",
    ("doing", "done"): "done",
    ("ready", "drop"): "dropped",
    ("to_confirm", "drop"): "dropped",
    ("begun", "drop"): "dropped",
    ("doing", "drop"): "dropped",
}
"""The same for a prepared step; one that writes to people is begun by one person and confirmed by another."""
UNKNOWN_SWING = -9.0


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """A prepared step. ``kind``: divert, wake, paid or interact; ``bar`` is why it may not be taken, "" when it may."""

    id: str
    kind: str
    zh: str
    en: str
    role: str
    state: str = "ready"
    bar: str = ""
    rule_zh: str = ""
    rule_en: str = ""
    text: str = ""
    people: int = 0
    by: str = ""
    confirmed_by: str = ""
    when: int = 0


class Move(msgspec.Struct, frozen=True, omit_defaults=True):
    """One move of an emergency: when (room ms), what, who, the state after it; of a step which one and how."""

    when: int
    what: str
    state: str = ""
    by: str = ""
    step: str = ""
    move: str = ""
    note: str = ""
    share: float = -1.0


class Emergency(msgspec.Struct, frozen=True, omit_defaults=True):
    """One emergency of a show; shares are of the baseline, -1 unknown."""

    emergency: str
    show: str
    state: str = ""
    since: int = 0
    share: float = -1.0
    lowest: float = -1.0
    baseline: float = 0.0
    base: str = ""
    sudden: bool = False
    cause: str = ""
    note: str = ""
    verified_by: str = ""
    steps: tuple[Step, ...] = ()
    rising_at: int = 0
    ended_at: int = 0
    moves: tuple[Move, ...] = ()
    """How it went, the newest last; empty where an older version kept it."""


class Look(msgspec.Struct, frozen=True):
    """What the figures say now. ``share`` -1 when nobody can tell, ``why`` by a code."""

    share: float = -1.0
    views: int = 0
    baseline: float = 0.0
    base: str = ""
    sudden: bool = False
    why: str = ""


def legal(emergency: Emergency | None, what: str) -> str | None:
    """The state after the move, None where it is not legal: nothing is begun before somebody named the cause."""
    if emergency is None:
        return MOVES.get(("", what))
    if what == "step" and not emergency.verified_by:
        return None
    if (emergency.state, what) == ("recovering", "fallen"):
        return RELAPSED[bool(emergency.verified_by) + any(step.by for step in emergency.steps)]
    return MOVES.get((emergency.state, what))


def look(
    minutes: Sequence[float | None],
    elapsed_ms: int,
    slots: Mapping[int, float],
    broken: str,
    preset: TrafficPreset,
) -> Look:
    """The last 5 minutes of entries against the baseline.

    ``slots``: mean entries of like shows by 5-minute slot from the start; where they have none for this moment, the 15
    minutes before are the baseline. ``broken`` is why the figures themselves cannot be trusted (a feed is gone).
    """
    if broken:
        return Look(why=broken)
    if elapsed_ms < preset.from_min * 60_000 or len(minutes) < 5:
        return Look(why="too_early")
    latest = minutes[-5:]
    if None in latest:
        return Look(why="stale")
    views = sum(value for value in latest if value is not None)
    before = [value for value in minutes[-20:-5] if value is not None]
    own = sum(before) / 3 if len(before) == 15 else 0.0
    slot = max(0, elapsed_ms - 150_000) // 300_000
    like = slots.get(slot, 0.0)
    baseline, base = (like, "like_shows") if like >= preset.sample else (own, "this_show")
    if baseline < preset.sample:
        return Look(views=int(views), why="small_sample" if own or like else "too_early")
    sudden = own >= preset.sample and views <= preset.sudden * own
    return Look(views / baseline, int(views), baseline, base, sudden)


def steps_for(
    here: str,
    groups: Sequence[WakeGroup],
    places: Sequence[str],
    woken: Mapping[str, int],
    paid: str,
    now: int,
    preset: TrafficPreset,
) -> tuple[Step, ...]:
    """What is prepared: more interaction, other places within their rules, groups to wake, paid traffic."""
    found = [
        Step(
            "interact",
            "interact",
            "主播加互动与福利，留住在场的人",
            "The host adds interaction and a deal: keep who is there",
            "host",
        )
    ]
    for name in places:
        place = next((item for item in preset.place if item.id == name), None)
        if place is not None and place.id != here:
            found.append(_divert(place, here, preset))
    found.extend(_wake(group, woken, now, preset) for group in groups)
    found.append(_paid(paid))
    return tuple(found)


def _divert(place: Place, here: str, preset: TrafficPreset) -> Step:
    own = next((item for item in preset.place if item.id == here), None)
    # A platform that forbids the same live elsewhere forbids it wherever the other one stands.
    barred = place.live == "no" or (own is not None and own.live == "no")
    return Step(
        f"divert:{place.id}", "divert", f"{place.zh}：{place.step_zh}", f"{place.en}: {place.step_en}", "ops",
        bar="simulcast" if barred else "", rule_zh=place.rule_zh, rule_en=place.rule_en,
    )  # fmt: skip


def _wake(group: WakeGroup, woken: Mapping[str, int], now: int, preset: TrafficPreset) -> Step:
    last = woken.get(group.group, 0)
    bar = ""
    if not group.consent:
        bar = "no_consent"
    elif not any(word.lower() in group.text.lower() for word in preset.refuse_words):
        bar = "no_way_out"
    elif last and now - last < preset.wake_cap_h * 3_600_000:
        bar = "too_often"
    title = group.title or group.group
    return Step(
        f"wake:{group.group}", "wake", f"唤醒私域「{title}」", f"Wake the group “{title}”", "ops", state="to_confirm",
        bar=bar, text=group.text, people=group.people,
    )  # fmt: skip


def _paid(advice: str) -> Step:
    zh = {
        "raise": "投流：ROI 高于保本线，可按预备预算加投",
        "hold": "投流：ROI 未高于保本线，不加投，先改承接",
        "no_budget": "投流：没有预备预算，不加投",
        "unknown": "投流：ROI 或保本线待核验，先核实再决定",
    }[advice]
    en = {
        "raise": "Paid traffic: ROI is above break-even, the reserve may be spent",
        "hold": "Paid traffic: ROI is not above break-even; spend no more, better what people find first",
        "no_budget": "Paid traffic: no reserve is set, spend no more",
        "unknown": "Paid traffic: ROI or break-even is unverified; find out before spending",
    }[advice]
    return Step("paid", "paid", zh, en, "adbuyer", bar="" if advice == "raise" else f"paid_{advice}")


def paid_advice(roi: float | None, break_even: float, budget: int, preset: TrafficPreset) -> str:
    """raise, hold, no_budget or unknown: a figure nobody knows advises nothing."""
    if budget <= 0:
        return "no_budget"
    if roi is None or break_even <= 0:
        return "unknown"
    return "raise" if roi >= break_even * preset.roi_margin else "hold"
