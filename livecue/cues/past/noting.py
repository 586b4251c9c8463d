"""Notes, while a show runs, what the rules saw: one small row every 5 s, what did not change left out."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from livecue.cues.past.body import FIGURES, MINUTES, PITCHED, SPAN, Body, Running, Shown, Word, encode
from livecue.cues.scene import Heard, Scene
from livecue.events import CommentJudged, QuestionAnswered, TextFlagged

_MOST_WORDS = 2000
"""In 5 s; beyond it a flood is a flood."""


class Memo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the next row needs of the ones before: digests of what was written, and the words since."""

    shown: bytes = b""
    stock: bytes = b""
    minutes: bytes = b""
    words: tuple[Word, ...] = ()
    spoken: bool = False


def words_of(events: Iterable[CommentJudged | TextFlagged | QuestionAnswered], now: int) -> list[Word]:
    """What the rules about words make something of."""
    found = []
    for event in events:
        if isinstance(event, QuestionAnswered):
            found.append(Word(now, "answered", event.comment))
        elif isinstance(event, TextFlagged):
            found.append(
                Word(now, "flag", event.subject, where=event.where, severity=event.severity, entry=event.entry)
            )
        elif event.label == "question":
            if not event.hidden:
                found.append(Word(now, "question", event.comment))
        elif event.label == "complaint":
            found.append(Word(now, "complaint", event.comment, topic=event.topic, product=event.product))
        elif event.label == "abuse":
            found.append(Word(now, "abuse", event.comment, topic=event.topic))
    return found


def more_words(memo: Memo, words: list[Word]) -> Memo:
    """The memo with what was said since the last row."""
    return msgspec.structs.replace(memo, words=(*memo.words, *words)[:_MOST_WORDS])


def first_memo(heard: Heard, spoken: bool) -> Memo:
    """The memo of a show that begins: what was said shortly before is still in the ears."""
    words = [
        *(Word(item.when, "question", item.comment) for item in heard.waiting),
        *(Word(item.when, "complaint", item.comment, topic=item.topic) for item in heard.complaints),
        *(Word(item.when, "abuse", item.comment, topic=item.topic) for item in heard.harmful),
        *(
            Word(item.when, "flag", item.subject, where=item.where, severity=item.severity, entry=item.entry)
            for item in heard.flags
        ),
    ]
    return Memo(words=tuple(sorted(words, key=lambda word: word.when)[:_MOST_WORDS]), spoken=spoken)


def note_scene(memo: Memo, scene: Scene) -> tuple[Memo, bytes]:
    """The row of a scene, and the memo for the next one."""
    pitched = scene.pitched()
    figures = {}
    for metric, window, scope in FIGURES:
        if scope == PITCHED and not pitched:
            continue
        found = scene.readings.reading(metric, window, f"product:{pitched}" if scope == PITCHED else scope)
        figures[f"{metric}|{window}|{scope}"] = (found.value, found.sample, found.why)
    shown, stock = _shown(scene), scene.free_stocks()
    minutes = {metric: scene.readings.minutes_of(metric, SPAN) for metric in MINUTES}
    digests = _digest(shown), _digest(stock), _digest(minutes)
    body = Body(
        figures=figures,
        shown=None if digests[0] == memo.shown else shown,
        stock=None if digests[1] == memo.stock else stock,
        minutes=None if digests[2] == memo.minutes else minutes,
        words=memo.words,
        spoken=memo.spoken,
        speech_at=scene.heard.speech_at,
    )
    return Memo(*digests, words=(), spoken=memo.spoken), encode(body)


def _digest(value: object) -> bytes:
    return blake2b(encode(value), digest_size=8).digest()


def _shown(scene: Scene) -> Shown:
    shows, segment = scene.shows, scene.segment()
    return Shown(
        started_at=shows.started_at,
        pinned=shows.pinned,
        pinned_at=shows.pinned_at,
        segment_started_at=shows.segment_started_at,
        running=None
        if segment is None
        else Running(
            segment=segment.segment,
            part=segment.part,
            product=segment.product,
            planned_start=segment.planned_start,
            planned_end=segment.planned_end,
            started_at=segment.started_at,
            expected_end=segment.expected_end,
        ),
        planned=len(shows.segments),
        bags=any(item.part == "lucky_bag" for item in shows.segments),
        drawing=bool(shows.draws),
        last_draw_at=shows.last_draw_at,
        listed=tuple(sorted(shows.listed)),
        products=tuple((card.product, card.role, card.category) for card in shows.products),
        offers=tuple((offer.offer, offer.product, offer.ends_at) for offer in shows.offers),
        stream=shows.stream,
    )
