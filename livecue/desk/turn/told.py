"""What the team and its tools say: words found, answers, the shelf, speech, bounds."""

import msgspec

from livecue.desk import tables
from livecue.desk.state import MOST_CLOSED, Waiting, bounds_of, place_of
from livecue.desk.turn.rows import Rows
from livecue.errors import BadInput
from livecue.events import (
    SPEECH_FEED,
    CommandApplied,
    CommandRefused,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpeechHeard,
    TextFlagged,
    ThresholdSet,
)
from livecue.reference import DESK, Threshold, checked_desk

HOWS = ("host", "reply", "private", "ignored")
_ALONE = "auto"
"""Answered in public by the desk itself: announced, never asked for by anybody."""
_PUBLIC = ("host", "reply", _ALONE)
"""Answers that everybody hears who asked the same."""
_MOST_FLAGS = 5


class Told(Rows):
    """Answers close what they answer; the rest changes what is judged from here on."""

    def flagged(self, event: TextFlagged) -> None:
        """Compliance marks a comment: the judgement beside it shows the word."""
        view = self.judged.get(event.subject) if event.where == "comment" else None
        if view is not None and event.word not in view.flagged and len(view.flagged) < _MOST_FLAGS:
            self.judged[event.subject] = msgspec.structs.replace(view, flagged=(*view.flagged, event.word))

    def answered(self, event: QuestionAnswered) -> None:
        """A person dealt with a comment; a public answer is one to all who wait with the same question."""
        item = self._waits(event.comment)
        refused = self._refusal(event, item)
        if refused is not None:
            self._said.append(refused)
            return
        self._said.append(CommandApplied(command=event.command))
        self._close(event.comment, item, event)
        if item is None or event.how not in _PUBLIC:
            self._forget_closed()
            return
        alike = {comment: other for comment, other in self.waiting.items() if other.cluster == item.cluster}
        if self.beyond:
            alike |= self._rows(tables.ASKED_ALIKE, item.cluster)
        for comment, other in alike.items():
            self._close(comment, other, event)
            # Who counts waits hears of each comment by the same word as of the one a person answered.
            self._said.append(QuestionAnswered(comment=comment, how=event.how, by=event.by))
        self._forget_closed()
        self.clusters.pop(item.cluster, None)
        self._others.clear()

    def _refusal(self, event: QuestionAnswered, item: Waiting | None) -> CommandRefused | None:
        if event.how not in HOWS and (event.how != _ALONE or event.command):
            return CommandRefused(command=event.command, code="bad_how", why=f"how is one of {', '.join(HOWS)}")
        if event.comment in self.closed:
            return CommandRefused(
                command=event.command, code="already_answered", why="somebody has dealt with this comment already"
            )
        if item is None and event.comment not in self.judged:
            return CommandRefused(
                command=event.command,
                code="unknown_comment",
                why="this comment is not among the newest and does not wait for an answer; answer it on the platform",
            )
        return None

    def _close(self, comment: str, item: Waiting | None, event: QuestionAnswered) -> None:
        state = "ignored" if event.how == "ignored" else "answered"
        if item is not None:
            if self.waiting.pop(comment, None) is None:
                self._count_beyond(item.when, -1)
            self._closings.append(
                (state, event.how, self._unit.now, event.by, self._room.room, item.show, item.when, comment)
            )
            self.counts[state] = self.counts.get(state, 0) + 1
        self.closed[comment] = state

    def _forget_closed(self) -> None:
        for old in list(self.closed)[:-MOST_CLOSED]:
            del self.closed[old]

    def shelf(self, event: ProductPinned | ProductUnpinned | ProductListed | ProductDelisted) -> None:
        """The platform shows, lists or takes away a product."""
        if isinstance(event, ProductPinned):
            self.pinned = event.product
        elif isinstance(event, ProductUnpinned):
            if self.pinned == event.product:
                self.pinned = ""
        else:
            listed = {product: number for product, number in self.listed.items() if product != event.product}
            if isinstance(event, ProductListed) and event.number:
                listed = {product: number for product, number in listed.items() if number != event.number}
                listed[event.product] = event.number
            self._set_lineup(self.products, listed)

    def speech(self, event: SpeechHeard | SourceGone | SourceBack) -> None:
        """Whether somebody listens to the host."""
        if isinstance(event, SpeechHeard):
            self.speech_at = self._unit.now
        elif event.feed == SPEECH_FEED:
            self.speech_at = self._unit.now if isinstance(event, SourceBack) else 0

    def threshold(self, event: ThresholdSet) -> None:
        """Somebody set the desk's bounds. Who keeps every threshold answers; what is refused there changes nothing."""
        if event.rule != DESK:
            return
        item = Threshold(
            rule=event.rule, values=tuple(sorted(event.values.items())), preset=event.preset, category=event.category,
            off=event.off, valid_from=event.valid_from or self._unit.now,
            scope=event.scope,  # type: ignore[arg-type]  # checked below
            platform=event.platform, reset=event.reset, undoes=event.undoes, command=event.command,
        )  # fmt: skip
        if item.undoes and not any(known.command == item.undoes for known in self.thresholds):
            return
        try:
            checked_desk(item, place_of(self._room))
        except BadInput:
            return
        self.thresholds = (*self.thresholds, item)
        self._bounds, self._until = bounds_of(self._room, self.thresholds, self._unit.now)
