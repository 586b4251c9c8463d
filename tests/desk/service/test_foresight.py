"""Who will wait too long, before it happens: the team's clock and the platform's, by agent, by shift, split shifts."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from livecue.desk.service.foresight import by_agent, by_shift, outlook
from livecue.desk.service.picture import picture_of
from livecue.desk.service.presets import platform_clock, team_clock
from livecue.desk.service.state import Agent, Conversation, Kept
from livecue.events import Hours
from tests.folding import ROOM

ZONE = "Asia/Shanghai"
EVERY = (1, 2, 3, 4, 5, 6, 7)
SPLIT = (Hours(days=EVERY, start=9 * 60, end=12 * 60), Hours(days=EVERY, start=18 * 60, end=22 * 60))
DOUYIN = msgspec.structs.replace(ROOM, platform="douyin", time_zone=ZONE)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def waits(name: str, agent: str, since: int, channel: str = "message") -> Conversation:
    return Conversation(name, channel, since, agent=agent, since=since, human_at=since, waits=1, last_at=since)


def desk(*items: Conversation, **more: object) -> Kept:
    agents = {"an": Agent(on_duty=True), "bo": Agent(on_duty=True)}
    kept = Kept(open={item.conversation: item for item in items}, agents=agents, handled={"an": 100_000, "bo": 10_000})
    return msgspec.structs.replace(kept, **more)


def test_each_waits_for_those_before_it_at_the_pace_of_their_agent() -> None:
    now = at("2026-11-23 10:00")
    limit, platform = team_clock().message_ms, platform_clock("douyin", now).within_ms
    kept = desk(*(waits(f"k{n}", "an", now - 1_000 + n) for n in range(6)), waits("b", "bo", now - 1_000))
    found = outlook(kept, DOUYIN, now)
    assert [found[f"k{n}"].answer_at - now for n in range(6)] == [100_000 * (n + 1) for n in range(6)]
    assert found["b"].answer_at - now == 10_000
    for n in range(6):
        one, since = found[f"k{n}"], now - 1_000 + n
        assert (one.due, one.platform_due) == (since + limit, since + platform)
        assert one.will_be_late == (100_000 * (n + 1) > one.due - now) and not one.late
        assert one.will_miss == (100_000 * (n + 1) > one.platform_due - now)
    sums = by_agent(found.values())
    late = sum(100_000 * (n + 1) > limit - 1_000 + n for n in range(6))
    assert (sums["an"].waiting, sums["an"].will_be_late, sums["bo"].will_be_late) == (6, late, 0)
    assert 0 < sums["an"].will_miss < 6, "some are in time for the platform, some are not"


def test_the_platforms_clock_runs_in_its_hours_and_for_private_messages_only() -> None:
    night, day = at("2026-11-23 23:30"), at("2026-11-23 22:59")
    kept = desk(waits("night", "an", night), waits("comment", "an", night, "comment"), waits("day", "bo", day))
    found = outlook(kept, DOUYIN, night + 1_000)
    assert (found["night"].platform_due, found["comment"].platform_due) == (0, 0)
    assert found["day"].platform_due == day + 180_000 and not found["day"].will_miss, "missed already, not foreseen"
    assert found["night"].due == night + team_clock().message_ms, "the team's own clock runs all the same"


def test_a_shift_that_ends_first_puts_the_rest_off_to_the_next_one() -> None:
    """Split shift 9 to 12 and 18 to 22: at 11:58, at 50 s each, the third is not reached before the evening."""
    now = at("2026-11-23 11:58")
    items = [waits(f"k{n}", "an", now - 1_000 + n) for n in range(3)]
    always = outlook(desk(*items, handled={"an": 50_000}), DOUYIN, now)
    split = outlook(desk(*items, handled={"an": 50_000}, hours={"an": SPLIT}), DOUYIN, now)
    assert [always[f"k{n}"].answer_at - now for n in range(3)] == [50_000, 100_000, 150_000]
    assert [split[f"k{n}"].answer_at for n in range(3)] == [now + 50_000, now + 100_000, at("2026-11-23 18:00:30")]
    assert [split[f"k{n}"].will_be_late for n in range(3)] == [False, True, True]
    assert [always[f"k{n}"].will_miss for n in range(3)] == [False, False, False]
    assert [split[f"k{n}"].will_miss for n in range(3)] == [False, False, True]
    # The team's clock rests while the desk is shut, the platform's does not.
    late = at("2026-11-23 11:59:30")
    shut = outlook(desk(waits("k", "an", late), hours={"an": SPLIT, "": SPLIT}), DOUYIN, late + 1_000)["k"]
    assert (shut.due, shut.platform_due) == (at("2026-11-23 18:00:30"), late + 180_000)
    assert shut.answer_at == at("2026-11-23 18:01:11") and shut.will_be_late and shut.will_miss


def test_what_nobody_has_is_for_all_who_are_ready_and_late_when_nobody_is() -> None:
    now = at("2026-11-23 10:00")
    items = [waits(f"q{n}", "", now - 1_000 + n) for n in range(2)]
    found = outlook(desk(*items), DOUYIN, now)
    # An needs 100 s, Bo 10 s: together one in 27.5 s.
    assert [found[f"q{n}"].answer_at - now for n in range(2)] == [27_500, 55_000]
    away = {"an": Agent(state="busy", on_duty=True), "bo": Agent(on_duty=False)}
    alone = outlook(desk(*items, agents=away), DOUYIN, now)
    assert all(one.answer_at == 0 and one.will_be_late and one.will_miss for one in alone.values())


def test_the_picture_tells_it_by_agent_and_by_shift() -> None:
    now = at("2026-11-23 11:58")
    items = [*(waits(f"k{n}", "an", now - 1_000 + n) for n in range(3)), waits("q", "", now - 2_000_000)]
    kept = desk(*items, hours={"an": SPLIT})
    seen = picture_of(kept, DOUYIN, now)
    an, bo = seen.agents
    assert (an.shift, an.shift_ends, bo.shift, bo.shift_ends) == ("09:00-12:00", at("2026-11-23 12:00"), "", 0)
    assert (an.waiting, an.will_be_late, an.will_miss, an.late) == (3, 3, 2, 0)
    assert (bo.will_be_late, bo.late) == (0, 0)
    shifts = {one.shift: (one.people, one.waiting, one.late, one.will_be_late) for one in seen.shifts}
    assert shifts == {"": (1, 0, 0, 0), "09:00-12:00": (1, 3, 0, 3), "-": (0, 1, 1, 0)}
    assert [one.shift for one in seen.shifts][-1] == "-"
    rows = {one.conversation: one for one in seen.waiting}
    assert rows["q"].will_be_late and rows["k2"].will_miss and not rows["k0"].will_miss
    assert rows["k0"].platform_due == now - 1_000 + 180_000
    assert by_shift(kept, by_agent(outlook(kept, DOUYIN, now).values()), ZONE, now) == seen.shifts
