"""Who gets a conversation: on duty and ready, with the skill, with room left, and least loaded. Pure.

Comments of the room are given by the same rule within a bound of their own (``comments_each``): a flood of them takes
nobody's place for private messages, and messages take nobody's for comments.
"""

from collections.abc import Iterable, Mapping

from livecue.desk.service.state import Agent, Conversation


def taken_by(conversations: Iterable[Conversation]) -> dict[str, int]:
    """Agent to the number of their open conversations and cases."""
    return _counted(item for item in conversations if item.channel != "comment")


def comments_by(conversations: Iterable[Conversation]) -> dict[str, int]:
    """Agent to the number of comments of the room that they have."""
    return _counted(item for item in conversations if item.channel == "comment")


def _counted(conversations: Iterable[Conversation]) -> dict[str, int]:
    load: dict[str, int] = {}
    for item in conversations:
        if item.agent:
            load[item.agent] = load.get(item.agent, 0) + 1
    return load


def free_of(agents: Mapping[str, Agent], load: Mapping[str, int], most: int = 0) -> int:
    """How many more can be given: 0 spares looking for somebody. ``most`` for each, else as each has set."""
    return sum(
        max(0, (most or agent.most) - load.get(person, 0))
        for person, agent in agents.items()
        if agent.on_duty and agent.state == "ready"
    )


def choose(
    item: Conversation, category: str, agents: Mapping[str, Agent], load: Mapping[str, int], most: int = 0
) -> str:
    """The person for ``item``; "" when everybody who could is full or away. ``most`` for each, else as each has set.

    Whoever names the topic or the product's category among their skills comes before those who name none; who names
    others gets it only when nobody else is there.
    """

    def rank(person: str) -> tuple[int, float, int, str]:
        agent = agents[person]
        skilled = bool({item.topic, category} & set(agent.skills) - {""})
        fit = 0 if skilled else 1 if not agent.skills else 2
        return fit, load.get(person, 0) / (most or agent.most), load.get(person, 0), person

    able = [
        person
        for person, agent in agents.items()
        if agent.on_duty and agent.state == "ready" and load.get(person, 0) < (most or agent.most)
    ]
    return min(able, key=rank, default="")
