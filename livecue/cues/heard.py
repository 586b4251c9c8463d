"""Folds what the judges of text announce into a bounded memory for the rules about words."""

from collections.abc import Iterable

import msgspec

from livecue.cues.presets import LIMITS
from livecue.cues.scene import Crisis, Flag, Heard, Said, Waiting
from livecue.events import (
    SPEECH_FEED,
    CommentJudged,
    OpinionMoved,
    OpinionNoticed,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpeechHeard,
    TextFlagged,
)

_MOST_WAITING = 300
"""Beyond it the newest questions are not waited for: the oldest ones are what a person is late with."""
_MOST_SAID = 200
_MOST_FLAGS = 100

Word = CommentJudged | TextFlagged | QuestionAnswered | OpinionNoticed | OpinionMoved


def heard_more(heard: Heard, events: Iterable[Word], now: int) -> Heard:
    """The memory after ``events``, all of them heard at room time ``now``."""
    number = heard.number
    waiting = list(heard.waiting)
    complaints, harmful, flags = list(heard.complaints), list(heard.harmful), list(heard.flags)
    crises = {item.case: item for item in heard.crises}
    for event in events:
        if isinstance(event, OpinionNoticed | OpinionMoved):
            _crisis(crises, event, now)
            continue
        if isinstance(event, QuestionAnswered):
            waiting = [item for item in waiting if item.comment != event.comment]
            continue
        number += 1
        if isinstance(event, TextFlagged):
            flags.append(
                Flag(
                    number=number,
                    where=event.where,
                    subject=event.subject,
                    word=event.word,
                    severity=event.severity,
                    entry=event.entry,
                    advice=event.advice,
                    text=event.text,
                    when=now,
                )
            )
        elif event.label == "question":
            if not event.hidden and len(waiting) < _MOST_WAITING:
                waiting.append(Waiting(event.comment, now))
        elif event.label == "complaint":
            topic = f"{event.product}:{event.topic}" if event.topic and event.product else event.topic
            complaints.append(Said(number, event.comment, topic, event.text, now))
        elif event.label == "abuse":
            harmful.append(Said(number, event.comment, event.topic, event.text, now))
    return msgspec.structs.replace(
        heard,
        number=number,
        waiting=tuple(waiting),
        complaints=tuple(complaints[-_MOST_SAID:]),
        harmful=tuple(harmful[-_MOST_SAID:]),
        flags=tuple(flags[-_MOST_FLAGS:]),
        crises=tuple(crises.values()),
    )


def listened(heard: Heard, event: SpeechHeard | SourceGone | SourceBack, now: int) -> Heard:
    """The memory once somebody told what the host says, or a source of speech went or came back."""
    if not isinstance(event, SpeechHeard) and event.feed != SPEECH_FEED:
        return heard
    return msgspec.structs.replace(heard, speech_at=0 if isinstance(event, SourceGone) else now)


def _crisis(crises: dict[str, Crisis], event: OpinionNoticed | OpinionMoved, now: int) -> None:
    known = crises.get(event.case)
    if isinstance(event, OpinionNoticed):
        state = known.state if known else "suspected"
        crises[event.case] = Crisis(event.case, event.level, state, event.topic, now, event.people, event.comments)
    elif event.state in ("closed", "dismissed"):
        crises.pop(event.case, None)
    else:
        people, comments = (known.people, known.comments) if known else (0, 0)
        when = known.when if known else now
        crises[event.case] = Crisis(event.case, event.level, event.state, event.topic, when, people, comments)


def heard_lately(heard: Heard, now: int) -> Heard:
    """Without what is older than the rules look back; the same object when nothing is."""
    limit = now - LIMITS.remember_s * 1000
    lists = (heard.waiting, heard.complaints, heard.harmful, heard.flags)
    if not any(items and items[0].when <= limit for items in lists):
        return heard
    return msgspec.structs.replace(
        heard,
        waiting=tuple(item for item in heard.waiting if item.when > limit),
        complaints=tuple(item for item in heard.complaints if item.when > limit),
        harmful=tuple(item for item in heard.harmful if item.when > limit),
        flags=tuple(item for item in heard.flags if item.when > limit),
    )
