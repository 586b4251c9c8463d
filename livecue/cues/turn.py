"""One turn of the decider: a changing copy of the state that announces and writes as it changes."""

from typing import Any

import msgspec

from livecue.cues import cue as life
from livecue.cues.cue import Cue
from livecue.cues.presets import InForce
from livecue.cues.scene import Facts
from livecue.cues.state import KEPT_JUDGED, Counts, CuesState, Fired, Kept, key_of, opened
from livecue.cues.tables import CUE_SAVED, SIGNAL_SAVED, cue_row, signal_row
from livecue.events import (
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueJudged,
    CueMerged,
    CueRaised,
    CueSeen,
    SignalNoticed,
)
from livecue.flow import RoomInfo, Unit


class Turn:
    """Reads like ``Kept``; what is changed is copied first, so that the state before stays as it was."""

    def __init__(self, state: CuesState, unit: Unit) -> None:
        self.room: RoomInfo = state.room
        self.unit = unit
        self.now = unit.now
        self._state = state
        self._changes: dict[str, Any] = {}

    @property
    def kept(self) -> Kept:
        """The state as it is by now."""
        if self._changes:
            self._state = msgspec.structs.replace(
                self._state, kept=msgspec.structs.replace(self._state.kept, **self._changes)
            )
            self._changes = {}
        return self._state.kept

    @property
    def rules(self) -> InForce:
        """The presets in force."""
        return self._state.rules

    def end(self) -> CuesState:
        """The next state; the same object when nothing changed."""
        _ = self.kept
        return self._state

    def set(self, **changes: Any) -> None:
        """Change fields of ``Kept``."""
        self._changes.update(changes)

    def renew_rules(self) -> None:
        """Look the presets up again: thresholds changed, or a date was reached."""
        self._state = opened(self.room, self.kept, self.now)

    # Dictionaries of the state. ``_own`` gives one that belongs to this turn.

    def _own(self, name: str) -> Any:
        if name not in self._changes:
            self._changes[name] = dict(getattr(self._state.kept, name))
        return self._changes[name]

    def _of(self, name: str) -> Any:
        return self._changes.get(name, getattr(self._state.kept, name))

    def fired(self, key: str) -> Fired | None:
        """When the twin last fired."""
        found: Fired | None = self._of("fired").get(key)
        return found

    def set_fired(self, key: str, fired: Fired | None) -> None:
        """None forgets it."""
        if fired is None:
            self._own("fired").pop(key, None)
        else:
            self._own("fired")[key] = fired

    def open_cues(self) -> list[Cue]:
        """In the order they were raised."""
        return [cue for cue in self._of("cues").values() if cue.open]

    def cues(self) -> list[Cue]:
        """The open ones and those that wait for judgement."""
        return list(self._of("cues").values())

    def cue(self, cue: str) -> Cue | None:
        """A cue still in memory, judged ones included."""
        found: Cue | None = self._of("cues").get(cue)
        return found or next((item for item in self._of("judged") if item.cue == cue), None)

    def hold(self, rule: str, subject: str, why: str, facts: Facts) -> None:
        """Note a signal that cannot become a cue now; said once for each reason."""
        key = key_of(rule, subject)
        if self._of("held").get(key) == why:
            return
        self._own("held")[key] = why
        self.unit.announce(SignalNoticed(rule=rule, subject=subject, why=why, facts=facts, when=self.now))
        self.unit.write(SIGNAL_SAVED, signal_row(self.room, self._of("show"), self.now, rule, subject, why, facts))

    def let_go(self, key: str) -> None:
        """The held signal is over or became a cue."""
        if key in self._of("held"):
            self._own("held").pop(key)

    def interrupted_at(self, holder: str) -> int:
        """When the host was last interrupted; 0 never."""
        moment: int = self._of("interrupted").get(holder, 0)
        return moment

    def count(self, **more: int) -> None:
        """Add to the show's counts."""
        counts: Counts = self._of("counts")
        self.set(counts=msgspec.structs.replace(counts, **{k: getattr(counts, k) + v for k, v in more.items()}))

    # The life of a cue: each step is announced and written.

    def raise_cue(self, cue: Cue, channel: str, on_stage: bool) -> None:
        """It exists, and stands on the person's screen in the same tick."""
        self.unit.announce(
            CueRaised(
                cue=cue.cue,
                rule=cue.rule,
                role=cue.role,
                subject=cue.subject,
                person=cue.person,
                priority=cue.priority,
                interrupting=cue.interrupting,
                facts=cue.facts,
                expires_at=cue.expires_at,
                judge_at=cue.judge_at,
                metric=cue.metric,
                when=self.now,
                escalated_from=cue.escalated_from,
            ),
            CueDelivered(cue=cue.cue, person=cue.person, channel=channel, when=self.now),
        )
        if on_stage and cue.interrupting:
            self._own("interrupted")[cue.holder] = self.now
        self.count(raised=1)
        self._put(life.delivered(cue, channel, self.now))

    def merge(self, cue: Cue, facts: Facts, mark: int) -> None:
        """A twin goes into an open cue."""
        self.unit.announce(CueMerged(cue=cue.cue, facts=facts))
        self._put(life.merged(cue, facts, mark))

    def see(self, cue: Cue, by: str) -> Cue:
        """The person saw it."""
        self.unit.announce(CueSeen(cue=cue.cue, person=by, when=self.now))
        return self._put(life.seen(cue, by, self.now))

    def do(self, cue: Cue, by: str) -> None:
        """The person did it."""
        self.unit.announce(CueDone(cue=cue.cue, person=by, when=self.now))
        self.count(done=1)
        self._put(life.done(cue, by, self.now))

    def dismiss(self, cue: Cue, by: str, reason: str) -> None:
        """The person decided against it."""
        self.unit.announce(CueDismissed(cue=cue.cue, person=by, reason=reason, when=self.now))
        self.count(dismissed=1)
        self._put(life.dismissed(cue, by, reason, self.now))

    def expire(self, cue: Cue, why: str, escalated_to: str = "") -> None:
        """Its time is over."""
        self.unit.announce(CueExpired(cue=cue.cue, escalated_to=escalated_to, why=why, when=self.now))
        self.count(expired=1)
        self._put(life.expired(cue, why, escalated_to, self.now))

    def judge(self, cue: Cue) -> None:
        """``cue`` carries its verdict."""
        self.unit.announce(
            CueJudged(
                cue=cue.cue,
                rule=cue.rule,
                verdict=cue.verdict,
                metric=cue.metric,
                effect=cue.effect,
                low=cue.low,
                high=cue.high,
                before=cue.before,
                after=cue.after,
                expected=cue.expected,
                method=cue.method,
                why=cue.why,
                when=self.now,
            )
        )
        if cue.verdict == "useful":
            self.count(useful=1)
        self._own("cues").pop(cue.cue, None)
        self.set(judged=(*self._of("judged"), cue)[-KEPT_JUDGED:])
        self.unit.write(CUE_SAVED, cue_row(self.room, cue))

    def _put(self, cue: Cue) -> Cue:
        self._own("cues")[cue.cue] = cue
        self.unit.write(CUE_SAVED, cue_row(self.room, cue))
        return cue
