"""The service desk for the screens: who waits, who serves, who will wait too long."""

from livecue.desk.service.assign import comments_by, taken_by
from livecue.desk.service.foresight import Sums, by_agent, by_shift, due_of, outlook, shift_now
from livecue.desk.service.hours import ALWAYS, Spans
from livecue.desk.service.state import SHOWN, AgentView, Conversation, Kept, ServicePicture, WaitingView
from livecue.flow import RoomInfo

_NONE = Sums()


def picture_of(kept: Kept, room: RoomInfo, now: int) -> ServicePicture:
    """What the screens show at room time ``now``."""
    zone = room.time_zone
    waiting = sorted(
        (item for item in kept.open.values() if item.since), key=lambda item: (item.since, item.conversation)
    )
    ahead = outlook(kept, room, now)
    sums = by_agent(ahead.values())
    hours = kept.hours.get("", ALWAYS)
    load, comments = taken_by(kept.open.values()), comments_by(kept.open.values())
    queued = sum(kept.queue.values())
    mine: dict[str, int] = {}
    for item in waiting:
        if item.agent:
            mine[item.agent] = mine.get(item.agent, 0) + 1
    views = []
    for item in waiting[:SHOWN]:
        one = ahead.get(item.conversation)
        due = one.due if one else due_of(item.channel, item.since, item.deadline, hours, zone)
        views.append(
            WaitingView(
                conversation=item.conversation,
                channel=item.channel,
                topic=item.topic,
                product=item.product,
                agent=item.agent,
                since=item.since,
                due_at=due,
                step=item.step,
                # Who is late already will be late as well.
                will_be_late=now > due if one is None else one.late or one.will_be_late,
                pending=item.pending.due_at if item.pending else 0,
                platform_due=one.platform_due if one else 0,
                will_miss=one is not None and one.will_miss,
                answer_at=one.answer_at if one else 0,
            )
        )
    return ServicePicture(
        waiting=views,
        agents=[
            AgentView(
                person,
                agent.state,
                agent.on_duty,
                load.get(person, 0),
                mine.get(person, 0),
                agent.most,
                comments.get(person, 0),
                mine_ahead.late,
                mine_ahead.will_be_late,
                mine_ahead.will_miss,
                *shift_now(kept, person, zone, now),
            )
            for person, agent in sorted(kept.agents.items())
            for mine_ahead in (sums.get(person, _NONE),)
        ],
        open=len(kept.open) + queued,
        unanswered=len(waiting) + queued,
        unassigned=sum(1 for item in kept.open.values() if not item.agent and item.channel != "comment"),
        late=_late(waiting, hours, zone, now) + _late_in_line(kept.queue, hours, zone, now),
        oldest_wait_ms=_oldest(waiting, kept.queue, now),
        changed_at=max((item.last_at for item in kept.open.values()), default=0),
        queued=queued,
        shifts=by_shift(kept, sums, zone, now),
        levels=kept.levels,
    )


def _oldest(waiting: list[Conversation], queue: dict[int, int], now: int) -> int:
    """How long the longest wait is; what stands in line came in its second or after it began."""
    moments = [waiting[0].since] if waiting else []
    if queue:
        moments.append(min(queue) * 1000)
    return max(0, now - min(moments)) if moments else 0


def _late_in_line(queue: dict[int, int], hours: Spans, zone: str, now: int) -> int:
    """How many in line wait too long, by the end of the second in which they came."""
    count = 0
    for second in sorted(queue):
        if now <= due_of("comment", second * 1000 + 999, 0, hours, zone):
            break
        count += queue[second]
    return count


def _late(waiting: list[Conversation], hours: Spans, zone: str, now: int) -> int:
    """How many wait too long. Who waits longer is due earlier: the first who is in time ends the search."""
    count, done = 0, set()
    for item in waiting:
        if item.channel in done:
            continue
        if now > due_of(item.channel, item.since, item.deadline, hours, zone):
            count += 1
        elif item.channel != "case":
            done.add(item.channel)
    return count
