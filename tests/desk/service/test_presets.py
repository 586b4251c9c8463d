"""The clocks in force at a moment and a place, and the platform's person-day counted a second way."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.desk.service import Asked, platform_clock, platform_share
from livecue.desk.service import presets as kept

ZONE = ZoneInfo("Asia/Shanghai")
BEGAN = int(datetime(2026, 11, 2, 6, 0, tzinfo=ZONE).timestamp() * 1000)


def test_the_row_in_force_at_a_moment(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    clocks = kept._clocks()
    old = platform_clock("douyin", BEGAN)
    new = msgspec.structs.replace(old, since="2027-01-01", within_ms=60_000)
    more = msgspec.structs.replace(clocks, platform=(new, *clocks.platform))
    monkeypatch.setattr(kept, "_clocks", lambda: more)
    change = int(datetime(2027, 1, 1, tzinfo=ZoneInfo("UTC")).timestamp() * 1000)
    assert platform_clock("douyin", change - 1).within_ms == old.within_ms
    assert platform_clock("douyin", change).within_ms == 60_000
    assert platform_clock("douyin", 0).within_ms == old.within_ms, "before the first date the first holds"
    assert platform_clock("nowhere", change).platform == ""


def test_a_platform_counts_otherwise_elsewhere() -> None:
    found = {one: platform_clock("tiktok", BEGAN, one).within_ms // 3_600_000 for one in ("IDR", "USD", "")}
    assert found == {"IDR": 12, "USD": 24, "": 24}


STEPS = st.lists(
    st.tuples(st.integers(1, 4_000), st.sampled_from(["customer", "customer", "agent"]), st.integers(0, 2)), max_size=60
)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_a_person_day_counted_from_the_talk_itself(steps: list[tuple[int, str, int]]) -> None:
    """M78 by person and day: every turn of the day that began in hours was answered in time."""
    clock = platform_clock("douyin", BEGAN)
    assert clock.unit == "person_day"
    talks: dict[str, list[tuple[int, str]]] = {"k0": [], "k1": [], "k2": []}
    at = BEGAN
    for wait_s, who, place in steps:
        at += wait_s * 1000
        talks[f"k{place}"].append((at, who))
    now = at + 1
    asked, good, of = [], 0, 0
    for name, talk in sorted(talks.items()):
        for place, (when, who) in enumerate(talk):
            if who == "customer":
                answer = next((then for then, by in talk[place:] if by == "agent"), 0)
                asked.append(Asked("r", name, f"{name}{place}", when, when, answer, "an" if answer else "", 0))
        # The other way: through the talk with a stopwatch.
        days: dict[str, bool] = {}
        began = 0
        for when, who in (*talk, (now, "end")):
            if who == "customer":
                began = began or when
                continue
            if not began:
                continue
            took, local = when - began, datetime.fromtimestamp(began / 1000, ZONE)
            if 8 <= local.hour < 23 and (who == "agent" or took >= 180_000):
                day = f"{local:%F}"
                days[day] = days.get(day, True) and who == "agent" and took <= 180_000
            began = 0
        good, of = good + sum(days.values()), of + len(days)
    share = platform_share(asked, lambda _room, _at: clock, ZONE, now)
    assert (share.good, share.of) == (good, of)


def test_each_turn_goes_by_the_rule_of_its_room_and_its_time() -> None:
    half_day, day = (platform_clock("tiktok", BEGAN, currency) for currency in ("MYR", "USD"))
    hour = 3_600_000
    after_18 = [Asked(room, "k", "m", BEGAN, BEGAN, BEGAN + 18 * hour, "an", 0) for room in ("my", "us")]

    def share(change: int) -> tuple[int, int]:
        def clock_of(room: str, at: int) -> object:
            return half_day if room == "my" and at >= change else day

        found = platform_share(after_18, clock_of, ZONE, BEGAN + 30 * hour)  # type: ignore[arg-type]
        return found.good, found.of

    assert share(0) == (1, 2), "in time for one market, late for the other"
    assert share(BEGAN + 1) == (2, 2), "a rule that begins later does not judge what was written before"
