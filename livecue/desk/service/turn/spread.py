"""Who gets what nobody has, and what becomes of what somebody leaves."""

from collections.abc import Mapping
from typing import Any

import msgspec

from livecue.desk.service.assign import choose, comments_by, free_of, taken_by
from livecue.desk.service.hours import Spans
from livecue.desk.service.presets import team_clock
from livecue.desk.service.state import Conversation, in_shift
from livecue.desk.service.turn.rows import Rows
from livecue.team import TeamPicture


class Spread(Rows):
    """Conversations to agents."""

    def _give_back(self, person: str) -> None:
        """Whoever leaves leaves nothing lying: what they had goes to others, with a note."""
        for item in [item for item in self.open.values() if item.agent == person]:
            self._system(item.conversation, "agent_left", person)
            self._put(msgspec.structs.replace(item, agent="", taken=False))

    def _spread(self) -> None:
        """Give what nobody has to whoever can take it, the longest waiting first; comments within their own bound."""
        free = [item for item in self.open.values() if not item.agent and not item.taken and item.human_at]
        if not free:
            return
        talks = [item for item in free if item.channel != "comment"]
        self._give(talks, taken_by(self.open.values()), 0)
        if len(talks) < len(free):
            said = [item for item in free if item.channel == "comment"]
            self._give(said, comments_by(self.open.values()), team_clock().comments_each)

    def _give(self, free: list[Conversation], load: dict[str, int], most: int) -> None:
        places = free_of(self.agents, load, most) if free else 0
        if not places:
            return
        for item in sorted(free, key=lambda item: (item.since or 1 << 62, item.opened_at, item.conversation))[:places]:
            person = choose(item, self._category(item.product), self.agents, load, most)
            load[person] = load.get(person, 0) + 1
            self._put(msgspec.structs.replace(item, agent=person))

    def _category(self, product: str) -> str:
        return next((card.category for card in self.products if card.product == product), "")


def serving(pictures: Mapping[str, Any], hours: dict[str, Spans], zone: str, now: int) -> set[str]:
    """Who holds the duty of customer service in the room now, and is in one of their shifts."""
    team: TeamPicture | None = pictures.get("team")
    duty = {duty.person for duty in team.duty if duty.role == "cs"} if team is not None else set()
    return {person for person in duty if in_shift(hours, zone, person, now)}
