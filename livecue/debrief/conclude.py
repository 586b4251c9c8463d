"""Puts what was noted into a measured debrief, and concludes: findings, and improvements with an owner each."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from livecue.compliance import citation
from livecue.debrief.body import DebriefBody, Finding, ImprovementLine, IncidentLine, QuestionLine
from livecue.debrief.cuelines import cue_lines, rule_lines, sums
from livecue.debrief.findings import Found, found_by
from livecue.debrief.notes import Duty, IncidentNote, Notes, TopicNote
from livecue.debrief.presets import Preset
from livecue.debrief.words import label, length, said
from livecue.kit import stable_id
from livecue.reference import ROLES, Words

_MOST_QUESTIONS = 20
_HOUR_MS = 3_600_000
_END_MS = 60_000


def concluded(measured: DebriefBody, notes: Notes, duty: Mapping[str, Duty], now: int) -> DebriefBody:
    """The whole debrief as of ``now``. Improvements that ``measured`` already holds stay as they were proposed."""
    rules = rule_lines(notes.cues.values())
    questions = _questions(notes.questions.values())
    told = [note for note in notes.incidents if not _regular_end(note, measured.ended_at)]
    body = msgspec.structs.replace(
        measured,
        written_at=measured.written_at or now,
        revised_at=now,
        people=notes.people,
        cue_sums=sums(rules),
        cue_rules=rules,
        cues=cue_lines(notes.cues.values()),
        incidents=[_incident(note, measured.ended_at, notes.people) for note in told],
        incident_counts=_counts(notes, told),
        stuttered_ms=notes.stuttered_ms,
        opinion_level=max(
            (int(note.facts["level"]) for note in told if note.kind == "opinion" and note.facts["what"] == "decided"),
            default=0,
        ),
        questions=questions[:_MOST_QUESTIONS],
        unanswered=sorted(
            (line for line in questions if line.unanswered),
            key=lambda line: (-line.unanswered, line.topic, line.product),
        )[:_MOST_QUESTIONS],
        questions_let_go=notes.let_go,
        complaints=_questions(notes.complaints.values())[:_MOST_QUESTIONS],
    )
    found = found_by(body)
    known = {line.improvement for line in body.improvements}
    proposed = [_improvement(body, preset, item, duty) for preset, item in found if preset.improve is not None]
    return msgspec.structs.replace(
        body,
        highlights=[_finding(preset, item) for preset, item in found if preset.kind == "highlight"],
        problems=[_finding(preset, item) for preset, item in found if preset.kind == "problem"],
        improvements=[*body.improvements, *(line for line in proposed if line.improvement not in known)],
    )


def _questions(topics: Iterable[TopicNote]) -> list[QuestionLine]:
    ordered = sorted(topics, key=lambda note: (-note.count, note.topic, note.product))
    whole = sum(note.count for note in ordered)
    return [
        QuestionLine(
            topic=note.topic,
            product=note.product,
            count=note.count,
            answered=note.answered,
            share=note.count / whole,
            texts=list(note.texts),
        )
        for note in ordered
    ]


_NAMED = {"what": "opinion_what", "how": "spam_how", "reason": "hide_reason", "step": "opinion_step"}
"""Facts that are codes, and where their words stand."""


def _told(note: IncidentNote, people: Mapping[str, str]) -> dict[str, str | int | Words]:
    facts: dict[str, str | int | Words] = dict(note.facts)
    if note.kind == "blocked_word":
        facts["basis"] = _cited(str(facts.get("basis", "")))
    if note.kind not in ("opinion", "spam", "hide_refused", "traffic"):
        return facts
    for name, group in _NAMED.items():
        if facts.get(name) and not (note.kind == "traffic" and name == "step"):
            facts[name] = label(group.replace("opinion", note.kind), str(facts[name]))
    if note.kind == "opinion" and note.facts["what"] == "asked":
        # Its note is the post that was told.
        role = ROLES.get(str(facts["note"]))
        facts["note"] = Words(role.zh, role.en) if role else str(facts["note"])
    by = str(facts.get("by", ""))
    facts["by"] = people.get(by, by)
    return facts


def _cited(basis: str) -> Words:
    """The articles in both languages; the house's own words rest on themselves."""
    if basis == "own":
        return label("basis", "own")
    try:
        return Words(zh=basis, en=citation(basis))
    except LookupError:
        # Of a rule that a former version knew.
        return Words(zh=basis, en=basis)


def _incident(note: IncidentNote, ended_at: int, people: Mapping[str, str]) -> IncidentLine:
    still = note.kind in ("source_gone", "stream_paused") and not note.until
    text = label("incident", f"{note.kind}_still" if still else note.kind)
    lasted = length((note.until or ended_at) - note.when)
    told = said(text, {"reason": "", **_told(note, people), "subject": note.subject, "length": lasted})
    return IncidentLine(
        kind=note.kind,
        when=note.when,
        until=note.until,
        subject=note.subject,
        # Where nothing is known for a place of the sentence, no second blank is left.
        text=Words(" ".join(told.zh.split()), " ".join(told.en.split())),
    )


def _regular_end(note: IncidentNote, ended_at: int) -> bool:
    """The stream of a show that ends goes off air about then: that is no incident."""
    return note.kind == "stream_ended" and ended_at - note.when < _END_MS


def _counts(notes: Notes, told: Sequence[IncidentNote]) -> dict[str, int]:
    counts = dict(notes.counts)
    counts.pop("stream_ended", None)
    if ended := sum(note.kind == "stream_ended" for note in told):
        counts["stream_ended"] = ended
    return counts


def _metrics(preset: Preset, found: Found) -> list[str]:
    return list(dict.fromkeys([*preset.metrics, *found.metrics]))


def _finding(preset: Preset, found: Found) -> Finding:
    return Finding(
        code=preset.code,
        rule=found.rule or preset.rule,
        kind=preset.kind,
        subject=found.subject,
        text=said(preset.text, found.values),
        metrics=_metrics(preset, found),
    )


def _improvement(body: DebriefBody, preset: Preset, found: Found, duty: Mapping[str, Duty]) -> ImprovementLine:
    assert preset.improve is not None
    rule, metrics = found.rule or preset.rule, _metrics(preset, found)
    role = _owner(preset.owners, duty)
    person = duty.get(role, Duty("", ""))
    text, ids = said(preset.text, found.values), " ".join([rule, *metrics])
    return ImprovementLine(
        improvement=stable_id("improvement", body.room, body.show, preset.code, found.subject),
        code=preset.code,
        rule=rule,
        subject=found.subject,
        title=said(preset.improve, found.values),
        evidence=Words(f"{text.zh}（{ids}）", f"{text.en} ({ids})"),
        role=role,
        person=person.person,
        person_name=person.name,
        due_at=body.written_at + preset.due_h * _HOUR_MS,
        metrics=metrics,
        documents=list(preset.documents),
        talk=preset.talk,
    )


def _owner(owners: Sequence[str], duty: Mapping[str, Duty]) -> str:
    return next((role for role in owners if role in duty), owners[0])
