"""The service desk for the screens: who waits, who serves, who will wait too long."""

from livecue.desk.service.assign import comments_by, taken_by
from livecue.desk.service.hours import ALWAYS, Spans, after
from livecue.desk.service.presets import team_clock
from livecue.desk.service.state import SHOWN, AgentView, Conversation, Kept, ServicePicture, WaitingView

_UNKNOWN_MS = 30_000
"""What one answer takes before an agent has given any."""


def limit_of(channel: str) -> int:
    """How long a customer may wait by the team's own clock, ms of open time (R056, R057)."""
    clock = team_clock()
    return {"comment": clock.comment_ms, "case": clock.case_ms}.get(channel, clock.message_ms)


def due_of(channel: str, since: int, deadline: int, hours: Spans, zone: str) -> int:
    """When somebody must have answered: the team's clock runs in business hours, a platform's deadline always."""
    due = after(hours, zone, since, limit_of(channel))
    return min(due, deadline) if deadline else due


def foreseen(kept: Kept, zone: str, now: int) -> dict[str, int]:
    """When each waiting conversation will be answered at the pace of whoever has it.

    Each agent takes theirs one after another; those without an agent are for everybody who is ready. Cases are worked
    on between messages and are not reckoned in.
    """
    found: dict[str, int] = {}
    waiting = sorted(
        (item for item in kept.open.values() if item.since and item.human_at and item.channel != "case"),
        key=lambda item: (item.since, item.conversation),
    )
    ready = [person for person, agent in kept.agents.items() if agent.on_duty and agent.state == "ready"]
    pace = [kept.handled.get(person, _UNKNOWN_MS) for person in ready]
    common = sum(pace) / len(pace) / len(pace) if pace else 0.0
    hours = kept.hours.get("", ALWAYS)
    ahead: dict[str, int] = {}
    for item in waiting:
        place = ahead[item.agent] = ahead.get(item.agent, 0) + 1
        each = float(kept.handled.get(item.agent, _UNKNOWN_MS)) if item.agent else common
        found[item.conversation] = after(hours, zone, now, int(each * place)) if each else 1 << 62
    return found


def picture_of(kept: Kept, zone: str, now: int) -> ServicePicture:
    """What the screens show at room time ``now``."""
    waiting = sorted(
        (item for item in kept.open.values() if item.since), key=lambda item: (item.since, item.conversation)
    )
    answered_at = foreseen(kept, zone, now)
    hours = kept.hours.get("", ALWAYS)
    load, comments = taken_by(kept.open.values()), comments_by(kept.open.values())
    queued = sum(kept.queue.values())
    mine: dict[str, int] = {}
    for item in waiting:
        if item.agent:
            mine[item.agent] = mine.get(item.agent, 0) + 1
    views = []
    for item in waiting[:SHOWN]:
        due = due_of(item.channel, item.since, item.deadline, hours, zone)
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
                will_be_late=answered_at.get(item.conversation, now) > due,
                pending=item.pending.due_at if item.pending else 0,
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
            )
            for person, agent in sorted(kept.agents.items())
        ],
        open=len(kept.open) + queued,
        unanswered=len(waiting) + queued,
        unassigned=sum(1 for item in kept.open.values() if not item.agent and item.channel != "comment"),
        late=_late(waiting, hours, zone, now) + _late_in_line(kept.queue, hours, zone, now),
        oldest_wait_ms=_oldest(waiting, kept.queue, now),
        changed_at=max((item.last_at for item in kept.open.values()), default=0),
        queued=queued,
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
