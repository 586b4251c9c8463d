"""Who gets a conversation: on duty and ready, with the skill, with room left, and least loaded. Pure."""

from collections.abc import Iterable, Mapping

from livecue.desk.service.state import Agent, Conversation


def taken_by(conversations: Iterable[Conversation]) -> dict[str, int]:
    """Agent to the number of their open conversations."""
    load: dict[str, int] = {}
    for item in conversations:
        if item.agent:
            load[item.agent] = load.get(item.agent, 0) + 1
    return load


def choose(item: Conversation, category: str, agents: Mapping[str, Agent], load: Mapping[str, int]) -> str:
    """The person for ``item``; "" when everybody who could is full or away.

    Whoever names the topic or the product's category among their skills comes before those who name none; who names
    others gets it only when nobody else is there.
    """

    def rank(person: str) -> tuple[int, float, int, str]:
        agent = agents[person]
        skilled = bool({item.topic, category} & set(agent.skills) - {""})
        fit = 0 if skilled else 1 if not agent.skills else 2
        return fit, load.get(person, 0) / agent.most, load.get(person, 0), person

    able = [
        person
        for person, agent in agents.items()
        if agent.on_duty and agent.state == "ready" and load.get(person, 0) < agent.most
    ]
    return min(able, key=rank, default="")
