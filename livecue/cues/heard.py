"""Folds what the judges of text announce into a bounded memory for the rules about words."""

import hashlib
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

MOST_WAITING = 5_000
"""Questions held one by one. What comes beyond is counted by the second in which it came: no figure leaves it out."""
_MARK = 6
"""Bytes by which a question that is counted only is known again: two of a hundred thousand seldom share them."""
_MOST_SAID = 200
_MOST_FLAGS = 100

Word = CommentJudged | TextFlagged | QuestionAnswered | OpinionNoticed | OpinionMoved


def heard_more(heard: Heard, events: Iterable[Word], now: int) -> Heard:
    """The memory after ``events``, all of them heard at room time ``now``."""
    number = heard.number
    waiting = {item.comment: item for item in heard.waiting}
    beyond = dict(heard.beyond)
    marks = dict(heard.marks)
    complaints, harmful, flags = list(heard.complaints), list(heard.harmful), list(heard.flags)
    crises = {item.case: item for item in heard.crises}
    for event in events:
        if isinstance(event, OpinionNoticed | OpinionMoved):
            _crisis(crises, event, now)
            continue
        if isinstance(event, QuestionAnswered):
            if waiting.pop(event.comment, None) is None and marks:
                _one_less(beyond, marks, event.comment)
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
                    advice_en=event.advice_en,
                )
            )
        elif event.label == "question":
            if event.hidden:
                continue
            if len(waiting) < MOST_WAITING:
                waiting[event.comment] = Waiting(event.comment, now)
            else:
                second = now // 1000
                beyond[second] = beyond.get(second, 0) + 1
                marks[second] = marks.get(second, b"") + _mark(event.comment)
        elif event.label == "complaint":
            topic = f"{event.product}:{event.topic}" if event.topic and event.product else event.topic
            complaints.append(Said(number, event.comment, topic, event.text, now))
        elif event.label == "abuse":
            harmful.append(Said(number, event.comment, event.topic, event.text, now))
    return msgspec.structs.replace(
        heard,
        number=number,
        waiting=tuple(waiting.values()),
        beyond=tuple(beyond.items()),
        marks=tuple(marks.items()),
        complaints=tuple(complaints[-_MOST_SAID:]),
        harmful=tuple(harmful[-_MOST_SAID:]),
        flags=tuple(flags[-_MOST_FLAGS:]),
        crises=tuple(crises.values()),
    )


def _mark(comment: str) -> bytes:
    return hashlib.blake2b(comment.encode(), digest_size=_MARK).digest()


def _one_less(beyond: dict[int, int], marks: dict[int, bytes], comment: str) -> None:
    """A question that is counted only was answered. Most that is answered is none: a comment of another kind, one that
    was answered or forgotten before, a press that is refused."""
    mark = _mark(comment)
    for second, held in marks.items():
        at = held.find(mark)
        while at % _MARK and at >= 0:
            at = held.find(mark, at + 1)
        if at < 0:
            continue
        if beyond[second] > 1:
            beyond[second] -= 1
            marks[second] = held[:at] + held[at + _MARK :]
        else:
            del beyond[second], marks[second]
        return


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
    old = heard.beyond and heard.beyond[0][0] * 1000 <= limit
    if not old and not any(items and items[0].when <= limit for items in lists):
        return heard
    return msgspec.structs.replace(
        heard,
        waiting=tuple(item for item in heard.waiting if item.when > limit),
        beyond=tuple((second, count) for second, count in heard.beyond if second * 1000 > limit),
        marks=tuple((second, held) for second, held in heard.marks if second * 1000 > limit),
        complaints=tuple(item for item in heard.complaints if item.when > limit),
        harmful=tuple(item for item in heard.harmful if item.when > limit),
        flags=tuple(item for item in heard.flags if item.when > limit),
    )
