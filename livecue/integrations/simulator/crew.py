"""The scripted crew: plans and leads the show, and answers cues by seed and cue id alone."""

import heapq
import math

import msgspec

from livecue.events import (
    ActionAsked,
    AnswerLate,
    CommentJudged,
    ConversationOpened,
    CueAnswerGiven,
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueRaised,
    DelistProduct,
    DutyLeft,
    DutyTaken,
    Event,
    HideComment,
    ModerationAsked,
    QuestionAnswered,
    ReplyAsked,
    SegmentStarted,
    ShowEnded,
    ShowStarted,
    StartDraw,
)
from livecue.integrations.simulator.catalogue import texts
from livecue.integrations.simulator.engine import seeded
from livecue.integrations.simulator.scenario import Person, Scenario
from livecue.kit import stable_id

PREPARES_MS = 2000
"""The plan and the duties are entered this long before the start."""

_HOW = {"host": "host", "cs": "reply"}
_LEADS = frozenset({"floor", "ops"})


class CuePlan(msgspec.Struct, frozen=True):
    """What somebody does with a cue, in ms after it came: sees it, then answers done, dismissed or "" (silence)."""

    seen_ms: int
    answer: str
    answer_ms: int
    reason: str = ""


def plan_for_cue(seed: int, cue: str, person: Person) -> CuePlan:
    """A pure function: the same for the same seed, cue id and habits, whatever else happened in the show."""
    luck = seeded(seed, "crew", cue)
    fate = luck.random()
    seen = 1200 + int(min(20_000.0, luck.expovariate(1 / 3500)))
    after = seen + 800 + int(person.pace_s * 1000 * math.exp(0.6 * luck.gauss(0.0, 1.0)))
    reasons = texts("dismiss")["reasons"]
    reason = str(reasons[int(luck.random() * len(reasons))])
    if fate < person.follows:
        return CuePlan(seen, "done", after)
    if fate < person.follows + person.dismisses:
        return CuePlan(seen, "dismissed", after, reason)
    return CuePlan(seen, "", 0)


class Crew:
    """Gives commands in room time. ``hear`` what the room announces, ``step`` for the commands that are due.

    ``since`` leaves out what was due before it (after a restart: the journal has it). A person who takes over
    a role by ``take_over`` is not answered for, and nobody leads the segments while floor control is taken.
    Where somebody else takes duty in a role, the one of the script goes off duty: cues of the role, and private
    messages where it is customer service, are theirs; segments and comments in the room stay with the script.
    """

    def __init__(self, scenario: Scenario, since: int = 0) -> None:
        self._scenario = scenario
        self._since = since
        self._queue: list[tuple[int, int, Event]] = []
        self._put = 0
        self._by_role: dict[str, Person] = {}
        for person in scenario.crew:
            for role in person.roles:
                self._by_role.setdefault(role, person)
        self._taken: set[str] = set()
        self._own = {person.person for person in scenario.crew}
        self._serving: set[str] = set()
        self._relieving: dict[str, set[str]] = {}
        """Role to the people of the house who do it now, in the place of the script's."""
        """People of customer service on duty who are not of the script."""
        self._raised: dict[str, CueRaised] = {}
        self._planned: set[str] = set()
        self._closed: set[str] = set()
        self._places = {segment.segment: place for place, segment in enumerate(scenario.segments)}
        self._place = -1
        self._over = False
        self._now = 0
        self._product_of = {sku: item.card.product for item in scenario.products for sku in item.stock}
        self._script()

    def take_over(self, role: str) -> None:
        """A real person plays ``role`` now."""
        self._taken.add(role)

    def hand_back(self, role: str) -> None:
        """The script plays ``role`` again."""
        self._taken.discard(role)

    def step(self, until: int) -> list[Event]:
        """The commands due before room time ``until``, by time."""
        due = []
        self._now = max(self._now, until)
        while self._queue and self._queue[0][0] < until:
            when, _, command = heapq.heappop(self._queue)
            if when >= self._since and not self._moot(command):
                due.append(command)
                if isinstance(command, QuestionAnswered):
                    self._closed.add(command.comment)
        return due

    def hear(self, event: Event) -> None:
        """Take note of an announcement or an applied command; a cue is answered from when it was delivered."""
        if isinstance(event, CueRaised):
            self._raised.setdefault(event.cue, event)
            if event.person:
                self._answer(event.cue, event.person, event.when)
        elif isinstance(event, CueDelivered):
            self._answer(event.cue, event.person, event.when)
        elif isinstance(event, CommentJudged):
            if event.label == "question" and not event.hidden:
                self._reply(event)
        elif isinstance(event, QuestionAnswered):
            self._closed.add(event.comment)
        elif isinstance(event, ConversationOpened):
            if event.channel == "message":
                self._write(event.conversation, event.when, "opened", 0.6)
        elif isinstance(event, AnswerLate):
            self._write(event.conversation, event.when, f"late{event.step}", 0.92)
        elif isinstance(event, CueDone | CueDismissed | CueExpired):
            self._closed.add(event.cue)
        elif isinstance(event, DutyTaken | DutyLeft):
            self._duty(event)
        elif isinstance(event, SegmentStarted):
            self._place = max(self._place, self._places.get(event.segment, -1))
        elif isinstance(event, ShowEnded):
            self._over = True

    # The show.

    def _at(self, when: int, command: Event) -> None:
        self._put += 1
        heapq.heappush(self._queue, (when, self._put, command))

    def _script(self) -> None:
        scenario = self._scenario
        show, start = scenario.show, scenario.starts_at
        if not scenario.planned:
            self._at(start - PREPARES_MS, scenario.plan())
        for person in scenario.crew:
            for role in person.roles:
                command = stable_id("duty", show, person.person, role)
                duty = DutyTaken(
                    key=command, command=command, by=person.person, person=person.person, role=role, name=person.name
                )
                self._at(start - PREPARES_MS + 250, duty)
        floor = self._holder("floor", "ops", "director", "host")
        command = stable_id("start", show)
        self._at(start, ShowStarted(key=command, command=command, by=floor, show=show, title=scenario.title))
        luck = seeded(scenario.seed, "leading")
        for segment in scenario.segments:
            late = int(luck.random() * 22_000) if segment.offset_s else 250
            command = stable_id("segment", show, segment.segment)
            moved = SegmentStarted(key=command, command=command, by=floor, show=show, segment=segment.segment)
            self._at(start + segment.offset_s * 1000 + late, moved)
        command = stable_id("end", show)
        self._at(scenario.ends_at, ShowEnded(key=command, command=command, by=floor, show=show, reason="planned"))

    def _holder(self, *roles: str) -> str:
        return next((self._by_role[role].person for role in roles if role in self._by_role), "")

    def _moot(self, command: Event) -> bool:
        if isinstance(command, SegmentStarted):
            led_by_others = bool(self._taken & _LEADS) or self._places[command.segment] <= self._place
            return self._over or led_by_others
        if isinstance(command, ShowEnded):
            return self._over
        if isinstance(command, DutyTaken):
            return command.role in self._taken
        if isinstance(command, QuestionAnswered):
            return command.comment in self._closed or bool(self._taken & {"cs", "host"} & _roles(command.how))
        if isinstance(command, ReplyAsked):
            return "cs" in self._taken or bool(self._serving)
        if isinstance(command, CueAnswerGiven):
            cue = self._raised.get(command.cue)
            return command.cue in self._closed or (cue is not None and cue.role in self._taken)
        return False

    def _duty(self, event: DutyTaken | DutyLeft) -> None:
        if event.person in self._own:
            return
        if event.role == "cs":
            (self._serving.add if isinstance(event, DutyTaken) else self._serving.discard)(event.person)
        relieving = self._relieving.setdefault(event.role, set())
        before = bool(relieving)
        (relieving.add if isinstance(event, DutyTaken) else relieving.discard)(event.person)
        if before == bool(relieving):
            return
        for person in self._scenario.crew:
            if event.role in person.roles:
                mine, role = person.person, event.role
                if relieving:
                    command = stable_id("relieved", self._scenario.show, mine, role, event.command)
                    left = DutyLeft(key=command, command=command, by=mine, person=mine, role=role)
                    self._at(self._now + 1000, left)
                elif not self._over:
                    command = stable_id("back", self._scenario.show, mine, role, event.command)
                    back = DutyTaken(key=command, command=command, by=mine, person=mine, role=role, name=person.name)
                    self._at(self._now + 1000, back)

    # Cues.

    def _answer(self, cue: str, person_id: str, when: int) -> None:
        raised = self._raised.get(cue)
        if raised is None or cue in self._planned or raised.role in self._taken:
            return
        person = next((one for one in self._scenario.crew if one.person == person_id), None)
        person = person or (self._by_role.get(raised.role) if not person_id else None)
        if person is None:
            return
        self._planned.add(cue)
        when = when or self._now
        plan = plan_for_cue(self._scenario.seed, cue, person)
        self._give(when + plan.seen_ms, cue, person, "seen")
        if plan.answer:
            self._give(when + plan.answer_ms, cue, person, plan.answer, plan.reason)
        if plan.answer == "done":
            self._chore(when + plan.answer_ms - 400, raised, person)

    def _reply(self, question: CommentJudged) -> None:
        """Customer service answers most questions in seconds, some late, few never; the host takes the host's."""
        role = "host" if question.for_host else "cs"
        person = self._by_role.get(role)
        luck = seeded(self._scenario.seed, "reply", question.comment)
        fate = luck.random()
        if person is None or fate > 0.97 or question.comment in self._closed:
            return
        slow = 30.0 if fate > 0.955 else 6.0
        when = (question.when or self._now) + 2000 + int(slow * 1000 * math.exp(0.35 * luck.gauss(0.0, 1.0)))
        command = stable_id("replied", question.comment)
        answered = QuestionAnswered(
            key=command, command=command, by=person.person, comment=question.comment, how=_HOW[role]
        )
        self._at(when, answered)

    def _write(self, conversation: str, when: int, why: str, chance: float) -> None:
        """Customer service writes back in private: most at once, the others when it has become late."""
        person = self._by_role.get("cs")
        luck = seeded(self._scenario.seed, "write", conversation, why, when)
        if person is None or luck.random() > chance:
            return
        words = texts("letter")["answers"]
        command = stable_id("written", conversation, why, when)
        asked = ReplyAsked(
            key=command,
            command=command,
            by=person.person,
            conversation=conversation,
            reply=stable_id("letter", command),
            text=str(words[int(luck.random() * len(words))]),
        )
        self._at((when or self._now) + 4_000 + int(luck.random() * 14_000), asked)

    def _give(self, when: int, cue: str, person: Person, answer: str, reason: str = "") -> None:
        command = stable_id("answer", cue, answer)
        self._at(
            when,
            CueAnswerGiven(key=command, command=command, by=person.person, cue=cue, answer=answer, reason=reason),
        )

    def _chore(self, when: int, cue: CueRaised, person: Person) -> None:
        """Some cues are followed at the desk: delist the sold-out item, start the draw, hide the insult, answer."""
        comment = str(cue.facts.get("comment", "")) or cue.subject
        command = stable_id("chore", cue.cue)
        action: DelistProduct | StartDraw | None = None
        if cue.rule == "R033":
            action = DelistProduct(product=self._product_of.get(cue.subject, cue.subject), by=person.person)
        elif cue.rule == "R122":
            action = StartDraw(draw=stable_id("draw", cue.cue), by=person.person)
        elif cue.rule == "R066" and comment:
            hide = HideComment(comment=comment, reason="abuse", by=person.person)
            self._at(when, ModerationAsked(key=command, command=command, by=person.person, action=hide))
        elif cue.rule == "R056" and comment:
            self._at(when, QuestionAnswered(key=command, command=command, by=person.person, comment=comment))
        if action is not None:
            self._at(when, ActionAsked(key=command, command=command, by=person.person, action=action))


def _roles(how: str) -> set[str]:
    return {role for role, way in _HOW.items() if way == how}
