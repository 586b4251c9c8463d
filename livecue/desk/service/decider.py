"""The decider of the service desk: every conversation once, in one inbox, on two clocks."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.desk.products import Lineup
from livecue.desk.service.picture import picture_of
from livecue.desk.service.state import Kept, ServicePicture, ServiceState
from livecue.desk.service.turn import Turn, serving
from livecue.desk.triage import Judgement
from livecue.desk.turn import running_show, same_lineup
from livecue.errors import BadInput
from livecue.events import (
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
    AfterSaleChanged,
    AgentSet,
    AutoReplySet,
    ClockTicked,
    CommandAsked,
    CommentJudged,
    ConversationAssigned,
    ConversationClosed,
    ConversationEnded,
    ConversationHandedOver,
    ConversationNoted,
    ConversationRated,
    ConversationViewed,
    Event,
    FeedbackDue,
    FeedbackNoted,
    MessageReceived,
    MessageSent,
    ModelAnswered,
    ModerationNoted,
    OrderReminded,
    OutreachAsked,
    QuestionAnswered,
    ReminderDue,
    ReplyAsked,
    ReplyStopped,
    ServiceHoursSet,
)
from livecue.flow import RoomInfo, Unit
from livecue.shows import ShowsPicture

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode
_INTO_INBOX = ("question", "complaint")


class Service:
    """Conversations with customers: who waits, who has them, what may go out by itself, what became of it."""

    name: ClassVar[str] = "service"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ClockTicked, CommentJudged, QuestionAnswered, MessageReceived, MessageSent, ConversationHandedOver,
            ConversationRated, ConversationEnded, AgentSet, AutoReplySet, ConversationAssigned, ConversationViewed,
            ConversationNoted, ReplyAsked, ReplyStopped, ConversationClosed, ServiceHoursSet, AfterSaleChanged,
            ModelAnswered, ModerationNoted, ReminderDue, FeedbackDue, OutreachAsked, OrderReminded, FeedbackNoted,
            ActionDone, ActionFailed, ActionUncertain, ActionReleased,
        }
    )  # fmt: skip

    def __init__(self, asks: bool = False, key: bytes = b"") -> None:
        """``asks``: a language model is set, which may word answers out of facts. ``key``: ``refusal_key``."""
        self._asks, self._key = asks, key

    def open(self, room: RoomInfo, blob: bytes | None) -> ServiceState:
        """The first state, or the one from the snapshot. Raises ``BadInput`` on a damaged blob."""
        try:
            kept = _decode(blob) if blob else Kept()
        except msgspec.DecodeError as error:
            raise BadInput(f"snapshot of service of room {room.room} is damaged: {error}") from error
        return ServiceState(room, kept, Lineup(kept.products, kept.listed))

    def decide(
        self, state: ServiceState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> ServiceState:
        """Take in what customers, platforms and people say; on a tick do what is due."""
        if type(events[0]) is ClockTicked:
            if not _due(state.kept, state.room.time_zone, pictures, unit.now):
                return state
            turn = Turn(state, pictures, unit, self._asks, self._key)
            turn.ticked()
            return turn.state()
        wanted = [event for event in events if type(event) is not CommentJudged or event.label in _INTO_INBOX]
        if not wanted:
            return state
        turn = Turn(state, pictures, unit, self._asks, self._key)
        for event in wanted:
            _hear(turn, event)
        return turn.state()

    def picture(self, state: ServiceState, now: int) -> ServicePicture:
        """What the screens show at room time ``now``."""
        return picture_of(state.kept, state.room, now)

    def dump(self, state: ServiceState) -> bytes:
        """What outlives the process."""
        return _encode(state.kept)


def _due(kept: Kept, zone: str, pictures: Mapping[str, Any], now: int) -> bool:
    """Whether a tick has anything to do: most have not, and there are four a second in every room."""
    if kept.next_at and now >= kept.next_at:
        return True
    if serving(pictures, kept.hours, zone, now) != {person for person, agent in kept.agents.items() if agent.on_duty}:
        return True
    shows: ShowsPicture | None = pictures.get("shows")
    return shows is not None and (
        kept.show != running_show(shows)
        or kept.pinned != shows.pinned
        or not same_lineup(kept.products, kept.listed, shows)
    )


def _hear(turn: Turn, event: Event) -> None:
    if isinstance(event, OrderReminded | FeedbackNoted):
        # The ledger of sales answers these; here they only take back what was prepared.
        turn.said_by_hand(event.order, "remind" if isinstance(event, OrderReminded) else "feedback", event.by)
    elif isinstance(event, ReminderDue | FeedbackDue):
        turn.owed(event)
    elif isinstance(event, CommandAsked) and not isinstance(event, QuestionAnswered):
        turn.command(event, _command(turn, event))
    elif isinstance(event, CommentJudged):
        told = Judgement(event.label, event.topic, event.product, event.confidence, event.for_host, event.reason)
        turn.judged(event.comment, told, event.text, event.user)
    elif isinstance(event, QuestionAnswered):
        turn.answered_comment(event.comment, event.how, event.by)
    elif isinstance(event, ModerationNoted):
        if event.kind_of == "ReplyToComment" and not event.code:
            turn.answered_at_console(event.comment)
    elif isinstance(event, MessageReceived):
        turn.received(
            event.conversation, event.key, event.text, robot=event.to_robot, user=event.user, name=event.name,
            order=event.order, product=event.product,
        )  # fmt: skip
    elif isinstance(event, MessageSent):
        turn.sent(event.conversation, event.text, event.by, event.reply, event.product)
    elif isinstance(event, ConversationHandedOver):
        turn.handed_over(event.conversation)
    elif isinstance(event, ConversationRated):
        turn.rated(event.conversation, event.score)
    elif isinstance(event, ConversationEnded):
        turn.ended(event.conversation)
    elif isinstance(event, ModelAnswered):
        turn.model_answered(event)
    elif isinstance(event, AfterSaleChanged):
        turn.case_changed(event)
    elif isinstance(event, ActionDone):
        turn.settled(event.action, "sent")
    elif isinstance(event, ActionFailed):
        turn.settled(event.action, "failed", event.code)
    elif isinstance(event, ActionUncertain):
        turn.settled(event.action, "uncertain")
    elif isinstance(event, ActionReleased):
        turn.released(event.action)


def _command(turn: Turn, event: CommandAsked) -> tuple[str, str] | None:
    """Apply a command; (code, why) of a refusal."""
    if isinstance(event, ReplyAsked):
        return turn.reply(
            event.conversation,
            event.reply,
            event.text,
            event.last,
            event.suggestion,
            event.template,
            event.by,
            event.product,
        )
    if isinstance(event, ConversationAssigned):
        return turn.assign(event.conversation, event.person, event.note, event.by)
    if isinstance(event, ConversationViewed):
        return turn.viewed(event.conversation, event.typing, event.left, event.by)
    if isinstance(event, ConversationNoted):
        return turn.note(event.conversation, event.text, event.by)
    if isinstance(event, ReplyStopped):
        return turn.stop(event.conversation, event.reply)
    if isinstance(event, ConversationClosed):
        return turn.close(event.conversation, event.outcome, event.note, event.by)
    if isinstance(event, AgentSet):
        return turn.set_agent(event.person, event.state, event.most, event.skills)
    if isinstance(event, ServiceHoursSet):
        return turn.set_hours(event.person, event.spans, event.by)
    if isinstance(event, OutreachAsked):
        return turn.outreach_asked(event)
    if isinstance(event, AutoReplySet):
        return turn.set_level(event.topic, event.level, event.delay_s)
    return None
