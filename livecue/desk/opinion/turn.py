"""One decision about public opinion: a working copy of what is kept, changed by the events of a run."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from livecue.desk.opinion import tables
from livecue.desk.opinion.case import Case, Decision, Done, Kept, Statement, approved, digest_of, lacking, legal
from livecue.desk.opinion.presets import preset_at
from livecue.desk.opinion.signs import SPAN_MS, heard_of, may_harm, read
from livecue.desk.opinion.state import MOST_CASES, MOST_COMPLAINTS, OpinionState
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    CommentJudged,
    CommentPosted,
    EvidenceKept,
    OpinionAfterCare,
    OpinionClosed,
    OpinionDecided,
    OpinionDismissed,
    OpinionMoved,
    OpinionNoticed,
    OpinionPauseAsked,
    OpinionStepTaken,
    PauseStream,
    ResumeStream,
    StatementApproved,
    StatementWritten,
    StreamPaused,
    StreamResumed,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import Unit
from livecue.kit import stable_id
from livecue.shows import ShowsPicture
from livecue.team import bounds_of_brand, stage_for_controls

COMMANDS = (
    OpinionDecided, OpinionDismissed, OpinionStepTaken, StatementWritten, StatementApproved, OpinionPauseAsked,
    OpinionAfterCare, OpinionClosed,
)  # fmt: skip
_SLOT_MS = 5_000
_DAY_MS = 24 * 3_600_000
_MODULUS = 1 << 256


def fingerprint(total: str, said: Iterable[tuple[str, int, str]]) -> str:
    """Add comments (id, room ms, text) to a fingerprint; the order in which they are added plays no part."""
    new = sum(
        int.from_bytes(hashlib.sha256("\x1f".join((comment, str(when), text)).encode()).digest(), "big")
        for comment, when, text in said
    )
    return f"{(int(total or '0', 16) + new) % _MODULUS:x}"


class Turn:
    """Mutable while it lasts; ``state`` freezes it."""

    def __init__(self, old: OpinionState, unit: Unit) -> None:
        self._old, self._room, self._unit, self._kept = old, old.room, unit, old.kept
        self._preset = preset_at(unit.now)
        self._heard: list[CommentPosted] = []
        self._told: list[CommentJudged] = []

    def state(self) -> OpinionState:
        """The next state."""
        self.settle()
        return self._old if self._kept is self._old.kept else OpinionState(self._room, self._kept)

    def _set(self, **changes: Any) -> None:
        self._kept = msgspec.structs.replace(self._kept, **changes)

    # What is said.

    def said(self, event: CommentPosted) -> None:
        """A comment; ``settle`` takes it in."""
        self._heard.append(event)

    def judged(self, event: CommentJudged) -> None:
        """A judgement; ``settle`` takes it in."""
        if event.text:
            self._told.append(event)

    def settle(self) -> None:
        """Take in what was said and judged since: once for many, before anything else looks."""
        if self._heard:
            self._count()
        if self._told:
            self._mark()

    def _count(self) -> None:
        """Count, and add it to the fingerprint of the show."""
        heard, self._heard = self._heard, []
        kept, now = self._kept, self._unit.now
        changes: dict[str, Any] = {}
        if kept.show:
            new = fingerprint(kept.sum, [(event.key, now, event.text) for event in heard])
            changes = {"said": kept.said + len(heard), "sum": new}
        viewers = sum(not event.by_host for event in heard)
        if viewers:
            span = now // SPAN_MS
            changes["counts"] = {**kept.counts, span: kept.counts.get(span, 0) + viewers}
        self._set(**changes)

    def _mark(self) -> None:
        """Complaints and words of harm are signs."""
        told, self._told = self._told, []
        now, preset = self._unit.now, self._preset
        if not may_harm([event.text for event in told], preset):
            told = [event for event in told if event.label == "complaint"]
        signs = [
            heard_of(event.comment, event.user, event.topic, event.product, event.text, now, event.label, preset)
            for event in told
        ]
        found = [sign for sign in signs if sign is not None]
        if found:
            self._set(complaints=(*self._kept.complaints, *found)[-MOST_COMPLAINTS:])

    # Time.

    def ticked(self, shows: ShowsPicture | None) -> None:
        """Follow the show; read the signs every five seconds."""
        kept, now = self._kept, self._unit.now
        show = shows.show if shows is not None and shows.status == "on_air" else ""
        if show != kept.show:
            self._set(show=show, started_at=now, first_batch=self._unit.number, said=0, sum="", stage=self._stage())
            if show:
                self._set(complaints=(), counts={})
        slot = now // _SLOT_MS
        if slot == kept.slot:
            return
        kept = self._kept
        oldest = (now - max(self._preset.claim_min, self._preset.same_min) * 60_000) // SPAN_MS
        counts = kept.counts
        if any(span < oldest for span in counts):
            counts = {span: count for span, count in counts.items() if span >= oldest}
        complaints = kept.complaints
        if complaints and now - complaints[0].when > self._preset.same_min * 60_000:
            complaints = tuple(item for item in complaints if now - item.when <= self._preset.same_min * 60_000)
        self._set(slot=slot, counts=counts, complaints=complaints)
        self._hurry()
        if complaints and show:
            self._signs()

    def _signs(self) -> None:
        kept, now = self._kept, self._unit.now
        signs = read(kept.complaints, kept.counts, now, self._preset)
        if not signs.level:
            return
        case = next((case for case in kept.cases.values() if not case.ended and case.show == kept.show), None)
        known = max(case.suggested, case.level) if case is not None else 0
        if case is None and self._dismissed_lately(signs.level):
            return
        if case is not None and signs.level <= known:
            more = signs.comments > case.comments or signs.people > case.people
            if more and legal(case, "noticed"):
                self._put(
                    msgspec.structs.replace(
                        case,
                        people=_most(signs.people, case.people),
                        comments=max(signs.comments, case.comments),
                        share=max(signs.share, case.share),
                    )
                )
            return
        made = case or Case(case=stable_id("opinion", self._room.room, kept.show, str(now)), show=kept.show, since=now)
        state = legal(case, "noticed")
        assert state is not None
        self._put(
            msgspec.structs.replace(
                made,
                state=state,
                suggested=signs.level,
                topic=made.topic or signs.topic,
                product=made.product or signs.product,
                people=_most(signs.people, made.people),
                comments=max(signs.comments, made.comments),
                share=max(signs.share, made.share),
                signs=tuple(dict.fromkeys((*made.signs, *signs.why))),
                asked_at=now,
                # A higher level is another question: who was asked about the lower one is asked again.
                asked=(),
            )
        )
        self._unit.announce(
            OpinionNoticed(
                case=made.case,
                level=signs.level,
                topic=signs.topic,
                product=signs.product,
                people=signs.people,
                comments=signs.comments,
                share=signs.share,
                signs=signs.why,
                when=now,
            )
        )
        self._moved(self._kept.cases[made.case], "noticed", "")

    def _hurry(self) -> None:
        """A case that nobody decides goes one up, again and again, until somebody does."""
        now, preset = self._unit.now, self._preset
        for case in list(self._kept.cases.values()):
            if case.show != self._kept.show:
                # Of a show that has ended: what is left of it is read in the debrief.
                continue
            level = case.suggested
            waits = preset.decide_s.get(str(level), 0)
            if case.state != "suspected" or not waits or now - case.asked_at < waits * 1000:
                continue
            role = preset.above(level, case.asked)
            if not role:
                continue
            self._put(msgspec.structs.replace(case, asked_at=now, asked=(*case.asked, role)))
            zh = self._room.language == "zh"
            minutes = (now - case.since) // 60_000
            text = (
                f"舆情 L{level} 已 {minutes} 分钟无人定级，请决定（R064）"
                if zh
                else f"Nobody decided a case of public opinion (L{level}) for {minutes} minutes: please do (R064)"
            )
            self._unit.announce(
                TaskAdded(
                    task=stable_id("opinion", case.case, "decide", str(level), role),
                    title=text, role=role, show=case.show,
                    due_at=now + waits * 1000, cause=f"R064 {case.case}",
                )
            )  # fmt: skip
            self._moved(self._kept.cases[case.case], "asked", "", note=role)

    def _dismissed_lately(self, level: int) -> bool:
        """Who dismissed a case knew of what was said by then: only a higher level opens another at once."""
        window = self._preset.same_min * 60_000
        return any(
            case.ended and case.show == self._kept.show and self._unit.now - case.ended_at < window
            and case.suggested >= level
            for case in self._kept.cases.values()
        )  # fmt: skip

    def stream(self, event: StreamPaused | StreamResumed) -> None:
        """The platform says that the live stands still, or goes on: what was asked for has happened."""
        for case in list(self._kept.cases.values()):
            if isinstance(event, StreamPaused) and case.state == "open" and case.level == 4:
                done = case.steps.get("pause") or Done(by="", when=self._unit.now)
                self._put(
                    msgspec.structs.replace(
                        case, state="paused", paused_at=self._unit.now, steps={**case.steps, "pause": done}
                    )
                )
                self._moved(self._kept.cases[case.case], "paused", done.by)
            elif isinstance(event, StreamResumed) and case.state == "paused":
                self._put(msgspec.structs.replace(case, state="open", resumed_at=self._unit.now))
                self._moved(self._kept.cases[case.case], "resumed", "")

    def task(self, event: TaskClosed) -> None:
        """A task of after-care was closed: its step is done, or waived when it was dropped."""
        for case in list(self._kept.cases.values()):
            if case.state != "after_care":
                continue
            for step in self._preset.steps(case.highest, care=True):
                if event.task == _task_of(case, step.id) and step.id not in case.steps:
                    done = Done(event.by, self._unit.now, event.note, waived=event.outcome != "done")
                    self._put(msgspec.structs.replace(case, steps={**case.steps, step.id: done}))
                    self._moved(self._kept.cases[case.case], "step", event.by, step.id, event.note)

    # What people decide.

    def asked(self, event: CommandAsked) -> None:
        """Apply a command, or refuse it with what to do."""
        name = getattr(event, "case", "")
        case = self._kept.cases.get(name) if name else None
        problem = ("no_case", "this case is not known; reload the page") if name and case is None else None
        if problem is None:
            problem = self._whose_place(event, case)
        problem = problem or self._apply(event, case)
        if problem is None:
            self._unit.announce(CommandApplied(command=event.command))
        else:
            self._unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def _whose_place(self, event: CommandAsked, case: Case | None) -> tuple[str, str] | None:
        level = event.level if isinstance(event, OpinionDecided) else 1
        if case is not None:
            level = max(level, case.level, case.suggested)
        room = self._room
        roles = {str(row[0]) for row in self._unit.ask(tables.ROLES, (event.by, room.org, room.brand, room.room))}
        who = self._preset.who.get(str(level), ())
        if isinstance(event, StatementWritten | StatementApproved):
            who = (*who, *(step.role for step in self._preset.step if step.id == "statement"))
        elif isinstance(event, OpinionStepTaken) and not event.waived:
            # Done is said by whose step it is too; left out by those who decide.
            who = (*who, *(step.role for step in self._preset.step if step.id == event.step))
        if "owner" in roles or roles & set(who):
            return None
        return "not_yours", f"level {level} is decided by: {', '.join(dict.fromkeys(who))}"

    def _apply(self, event: CommandAsked, case: Case | None) -> tuple[str, str] | None:
        if isinstance(event, OpinionDecided):
            return self._decided(event, case)
        assert case is not None
        if isinstance(event, OpinionDismissed):
            if not event.why.strip():
                return "say_why", "say why: it stands in the debrief"
            return self._move(case, "dismissed", event.by, event.why, ended_at=self._unit.now, why=event.why)
        if isinstance(event, OpinionStepTaken):
            return self._step(event, case)
        if isinstance(event, StatementWritten):
            if not (event.facts.strip() and event.measures.strip() and event.contact.strip()):
                return "statement_empty", "a statement says what happened, what is done about it, and whom to ask"
            written = Statement(
                event.facts, event.measures, event.contact, event.by, self._unit.now,
                digest_of(event.facts, event.measures, event.contact),
            )  # fmt: skip
            steps = {name: done for name, done in case.steps.items() if name != "statement"}
            return self._move(case, "statement", event.by, statement=written, steps=steps)
        if isinstance(event, StatementApproved):
            return self._approve(event, case)
        if isinstance(event, OpinionPauseAsked):
            return self._pause(event, case)
        if isinstance(event, OpinionAfterCare):
            return self._after_care(event, case)
        assert isinstance(event, OpinionClosed)
        if missing := lacking(case, self._preset, True):
            return "steps_open", f"not done yet: {', '.join(missing)}; do them or waive them with a reason"
        if not event.outcome.strip():
            return "say_why", "say what came of it: it stands in the debrief"
        return self._move(case, "closed", event.by, event.outcome, ended_at=self._unit.now, why=event.outcome)

    def _decided(self, event: OpinionDecided, case: Case | None) -> tuple[str, str] | None:
        now, kept = self._unit.now, self._kept
        if case is None:
            running = next((item for item in kept.cases.values() if not item.ended), None)
            if running is not None:
                return "case_runs", "a case is open already; set its level"
            name = stable_id("opinion", self._room.room, event.command or str(now))
            case = Case(case=name, show=kept.show, since=now, topic=event.topic, product=event.product)
            state = legal(None, "decided")
        else:
            state = legal(case, "decided")
        if state is None:
            return "not_now", f"a case that is {case.state} has no level to decide"
        if case.level and event.level < case.level and not event.why.strip():
            return "say_why", "say why the level is lowered"
        if case.state == "paused" and event.level < 4:
            return "still_paused", "the live stands still: let it go on first, then lower the level"
        made = msgspec.structs.replace(
            case,
            state=state,
            level=event.level,
            highest=max(case.highest, event.level),
            topic=event.topic or case.topic,
            product=event.product or case.product,
            decisions=(*case.decisions, Decision(event.level, event.by, now, event.why)),
        )
        self._put(made)
        self._moved(made, "decided", event.by, note=event.why)
        if event.level >= 3:
            self._keep_evidence(made, event.by)
        return None

    def _step(self, event: OpinionStepTaken, case: Case) -> tuple[str, str] | None:
        step = next((item for item in self._preset.step if item.id == event.step and item.first <= case.highest), None)
        if step is None:
            return "no_step", "this level has no such step"
        if event.waived and not event.note.strip():
            return "say_why", "say why the step is left out"
        if step.id == "statement" and not event.waived and not approved(case.statement, self._wanted()):
            return "not_approved", "the statement is not approved yet"
        if step.id == "evidence" and not event.waived and case.evidence is None:
            self._keep_evidence(case, event.by)
            case = self._kept.cases[case.case]
        done = Done(event.by, self._unit.now, event.note, event.waived)
        return self._move(case, "step", event.by, event.note, step=step.id, steps={**case.steps, step.id: done})

    def _approve(self, event: StatementApproved, case: Case) -> tuple[str, str] | None:
        written = case.statement
        if written is None:
            return "no_statement", "there is no statement yet"
        if written.digest != event.digest:
            return "changed_meanwhile", "the statement was changed meanwhile; read it again"
        if written.by == event.by:
            return "second_person", "somebody other than the writer must agree to this"
        agreed = {**written.approved, event.by: written.approved.get(event.by, self._unit.now)}
        return self._move(case, "approved", event.by, statement=msgspec.structs.replace(written, approved=agreed))

    def _pause(self, event: OpinionPauseAsked, case: Case) -> tuple[str, str] | None:
        if event.resume:
            if case.state != "paused":
                return "not_paused", "the live was not paused for this case"
            self._unit.act(ResumeStream(by=event.by, ref=f"r:{event.command}"))
            return None
        if case.state != "open" or case.level != 4:
            return "not_level_4", "only a crisis (level 4) pauses the live; set the level first"
        done = Done(event.by, self._unit.now, event.why)
        self._put(msgspec.structs.replace(case, steps={**case.steps, "pause": done}))
        self._unit.act(PauseStream(by=event.by, reason=event.why, ref=f"p:{event.command}"))
        return None

    def _after_care(self, event: OpinionAfterCare, case: Case) -> tuple[str, str] | None:
        if missing := lacking(case, self._preset, False):
            return "steps_open", f"not done yet: {', '.join(missing)}; do them or waive them with a reason"
        problem = self._move(case, "after_care", event.by, event.note)
        if problem is not None:
            return problem
        due = self._unit.now + self._preset.after_care_days * _DAY_MS
        zh = self._room.language == "zh"
        self._unit.announce(
            *(
                TaskAdded(
                    task=_task_of(case, step.id),
                    title=step.zh if zh else step.en,
                    role=step.role,
                    show=case.show,
                    due_at=due,
                    cause=f"R064 {case.case}",
                )
                for step in self._preset.steps(case.highest, care=True)
                if step.id not in case.steps
            )
        )
        return None

    def _move(
        self, case: Case, what: str, by: str, note: str = "", step: str = "", **changes: Any
    ) -> tuple[str, str] | None:
        state = legal(case, what)
        if state is None:
            return "not_now", f"a case that is {case.state} does not take this"
        made = msgspec.structs.replace(case, state=state, **changes)
        self._put(made)
        self._moved(made, what, by, step, note)
        return None

    def _keep_evidence(self, case: Case, by: str) -> None:
        kept, now, room = self._kept, self._unit.now, self._room
        evidence = Kept(
            since=kept.started_at, until=now, comments=kept.said, digest=kept.sum or "0", first=kept.first_batch,
            last=self._unit.number,
        )  # fmt: skip
        steps = {**case.steps, "evidence": case.steps.get("evidence") or Done(by, now)}
        self._put(msgspec.structs.replace(case, evidence=evidence, steps=steps))
        if room.nature == "real":
            hold = stable_id("hold", case.case)
            why = f"opinion case {case.case} (R064)"
            self._unit.write(tables.HOLD, (room.org, room.brand, room.room, hold, why, by, now))
        self._unit.announce(
            EvidenceKept(
                case=case.case,
                since=evidence.since,
                until=now,
                comments=evidence.comments,
                digest=evidence.digest,
                first_batch=evidence.first,
                last_batch=evidence.last,
            )
        )

    def _wanted(self) -> int:
        return self._preset.approvals.get(self._kept.stage, 2)

    def _stage(self) -> str:
        room, month = self._room, 30 * _DAY_MS
        size = self._unit.ask(tables.SIZE, (room.org, room.brand, room.org, room.brand, self._unit.now - month))
        people, shows = (int(size[0][0]), int(size[0][1])) if size else (1, 0)
        bounds = bounds_of_brand(self._unit.ask, room.org, room.brand, self._unit.now).bounds
        return stage_for_controls(people, shows, bounds)

    def _put(self, case: Case) -> None:
        cases = {**self._kept.cases, case.case: case}
        while len(cases) > MOST_CASES:
            del cases[next((name for name, item in cases.items() if item.ended), next(iter(cases)))]
        self._set(cases=cases)
        room = self._room
        self._unit.write(
            tables.SAVE_CASE,
            (
                room.org, room.brand, room.room, case.case, case.show, case.state, case.level, case.topic,
                case.product, case.since, case.ended_at, msgspec.json.encode(case).decode(),
            ),
        )  # fmt: skip

    def _moved(self, case: Case, what: str, by: str, step: str = "", note: str = "") -> None:
        self._unit.announce(
            OpinionMoved(
                case=case.case,
                what=what,
                state=case.state,
                level=case.level or case.suggested,
                by=by,
                step=step,
                topic=case.topic,
                product=case.product,
                note=note,
                when=self._unit.now,
            )
        )


def _most(new: int, old: int) -> int:
    return -1 if -1 in (new, old) else max(new, old)


def _task_of(case: Case, step: str) -> str:
    return stable_id("opinion", case.case, step)
