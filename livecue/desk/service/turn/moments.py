"""What time brings: duty, answers that are due, the ladder of waiting, conversations nobody writes in any more."""

import msgspec

from livecue.desk.products import Lineup
from livecue.desk.service.presets import team_clock
from livecue.desk.service.state import Agent
from livecue.desk.service.turn.line import Line
from livecue.desk.service.turn.outreach import Outreach
from livecue.desk.service.turn.spread import Spread, serving
from livecue.desk.turn import running_show, same_lineup
from livecue.events import AnswerLate
from livecue.shows import ShowsPicture


class Moments(Line, Outreach, Spread):
    """One tick."""

    def ticked(self) -> None:
        """Follow show and duty; send what is due; go up the ladder; close what nobody writes in any more."""
        self._follow()
        self.go_by_themselves()
        clock, now = team_clock(), self.unit.now
        for item in list(self.open.values()):
            if item.pending is not None and item.pending.due_at <= now:
                self._send_alone(item)
                item = self.open[item.conversation]
            step = self._step_of(item)
            if step > item.step:
                item = msgspec.structs.replace(item, step=step)
                self._put(item)
                if item.channel != "comment":
                    self._said.append(
                        AnswerLate(
                            conversation=item.conversation, step=step, waited_ms=now - item.since, agent=item.agent,
                            when=now,
                        )
                    )  # fmt: skip
            if not item.since and item.channel != "case" and now - item.last_at >= clock.idle_ms:
                self._close(item, "idle")
            elif item.channel == "comment" and now - item.opened_at >= clock.comment_idle_ms:
                self._close(item, "no_answer")
        self._forget_in_line()
        self._from_line()

    def _follow(self) -> None:
        shows: ShowsPicture | None = self._pictures.get("shows")
        if shows is not None:
            self.show, self.pinned = running_show(shows), shows.pinned
            if not same_lineup(self.products, self.listed, shows):
                self.products, self.listed = tuple(shows.products), dict(shows.listed)
                self._lineup = Lineup(self.products, self.listed)
        on_duty = serving(self._pictures, self.hours, self.room.time_zone, self.unit.now)
        for person in on_duty | self.agents.keys():
            known = self.agents.get(person, Agent())
            here = person in on_duty
            if known.on_duty != here:
                self.agents[person] = msgspec.structs.replace(known, on_duty=here, since=self.unit.now)
                if not here:
                    self._give_back(person)
