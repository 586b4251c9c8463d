"""The service desk for the screens: who waits, who serves, who will wait too long."""

from livecue.desk.service.assign import taken_by
from livecue.desk.service.presets import team_clock
from livecue.desk.service.state import SHOWN, AgentView, Conversation, Kept, ServicePicture, WaitingView

_UNKNOWN_MS = 30_000
"""What one answer takes before an agent has given any."""


def limit_of(item: Conversation) -> int:
    """How long this customer may wait by the team's own clock, ms (R056, R057)."""
    clock = team_clock()
    return clock.comment_ms if item.channel == "comment" else clock.message_ms


def foreseen(kept: Kept, now: int) -> dict[str, int]:
    """When each waiting conversation will be answered at the pace of whoever has it.

    Each agent takes theirs one after another; those without an agent are for everybody who is ready.
    """
    found: dict[str, int] = {}
    waiting = sorted(
        (item for item in kept.open.values() if item.since and item.human_at),
        key=lambda item: (item.since, item.conversation),
    )
    ready = [person for person, agent in kept.agents.items() if agent.on_duty and agent.state == "ready"]
    pace = [kept.handled.get(person, _UNKNOWN_MS) for person in ready]
    common = sum(pace) / len(pace) / len(pace) if pace else 0.0
    ahead: dict[str, int] = {}
    for item in waiting:
        place = ahead[item.agent] = ahead.get(item.agent, 0) + 1
        each = float(kept.handled.get(item.agent, _UNKNOWN_MS)) if item.agent else common
        found[item.conversation] = int(now + each * place) if each else 1 << 62
    return found


def picture_of(kept: Kept, now: int) -> ServicePicture:
    """What the screens show at room time ``now``."""
    waiting = sorted(
        (item for item in kept.open.values() if item.since), key=lambda item: (item.since, item.conversation)
    )
    answered_at = foreseen(kept, now)
    load = taken_by(kept.open.values())
    mine: dict[str, int] = {}
    for item in waiting:
        if item.agent:
            mine[item.agent] = mine.get(item.agent, 0) + 1
    views = []
    for item in waiting[:SHOWN]:
        due = item.since + limit_of(item)
        views.append(
            WaitingView(
                conversation=item.conversation,
                channel=item.channel,
                text=item.text,
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
            AgentView(person, agent.state, agent.on_duty, load.get(person, 0), mine.get(person, 0), agent.most)
            for person, agent in sorted(kept.agents.items())
        ],
        open=len(kept.open),
        unanswered=len(waiting),
        unassigned=sum(1 for item in kept.open.values() if not item.agent and item.channel != "comment"),
        late=sum(1 for item in waiting if now > item.since + limit_of(item)),
        oldest_wait_ms=max(0, now - waiting[0].since) if waiting else 0,
        changed_at=max((item.last_at for item in kept.open.values()), default=0),
    )
