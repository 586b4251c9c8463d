"""The fake platform: carries out actions as a platform would, late, sometimes not, and keeps a list of every call."""

import msgspec

from livecue.events import (
    Action,
    ChangePrice,
    CommentHidden,
    CommentPinned,
    CommentPosted,
    CommentShown,
    CommentUnpinned,
    DelistProduct,
    EndDraw,
    EndOffer,
    Event,
    HideComment,
    ListProduct,
    MuteViewer,
    PauseStream,
    Performed,
    PinComment,
    PinProduct,
    ReplyToComment,
    ResumeStream,
    SendMessage,
    SetStock,
    ShowComment,
    StartDraw,
    StartOffer,
    StreamPaused,
    StreamResumed,
    UnmuteViewer,
    UnpinComment,
    UnpinProduct,
    ViewerMuted,
    ViewerUnmuted,
)
from livecue.integrations.simulator.engine import GRID_MS, Engine, seeded
from livecue.integrations.simulator.letters import Letters
from livecue.integrations.simulator.scenario import Scenario, ScriptedAnswer
from livecue.integrations.simulator.store import Store
from livecue.kit import stable_id

PERFORMS = (
    PinProduct, UnpinProduct, ListProduct, DelistProduct, ChangePrice, SetStock, StartOffer, EndOffer, ReplyToComment,
    HideComment, ShowComment, MuteViewer, UnmuteViewer, PinComment, UnpinComment, PauseStream, ResumeStream, StartDraw,
    EndDraw, SendMessage,
)  # fmt: skip
"""What the fake platform understands."""

_MOST_REPLY = 100
_MOST_MESSAGE = 2000
_DRAW_MS = 120_000


IDEMPOTENT = frozenset(
    {
        PinProduct,
        UnpinProduct,
        ListProduct,
        DelistProduct,
        ChangePrice,
        SetStock,
        EndOffer,
        EndDraw,
        HideComment,
        ShowComment,
        MuteViewer,
        UnmuteViewer,
        PinComment,
        UnpinComment,
        PauseStream,
        ResumeStream,
    }
)
"""Setting one of these twice is the same as once. A reply would stand there twice, a draw would be held twice."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call as the platform received it, repeats included."""

    number: int
    at: int
    action: str
    kind: str
    what: Action
    outcome: str
    effect: bool
    """Whether it changed anything on the platform."""


class Platform:
    """Actions in, platform state and events out. Setting a state twice is harmless; replies and draws are not."""

    def __init__(self, scenario: Scenario, engine: Engine, store: Store, letters: Letters) -> None:
        self._seed = scenario.seed
        self._engine, self._store, self._letters = engine, store, letters
        self._scripted: dict[tuple[str, int], ScriptedAnswer] = {
            (answer.action, answer.nth): answer for answer in scenario.answers
        }
        self._counted: dict[str, int] = {}
        self._replies: dict[str, str] = {}
        self._acted: set[str] = set()
        self.hidden: dict[str, str] = {}
        """Comment to the reason for which it was hidden."""
        self.muted: dict[str, int] = {}
        """Viewer to the moment (ms) until which they cannot comment."""
        self.on_top = ""
        """The comment on top."""
        self.paused = False
        self.calls: list[Call] = []

    def perform(self, now: int, action: str, what: Action) -> Performed:
        """Carry out ``what``; ``action`` is the caller's id of it. The effect shows a moment later, as an event."""
        kind = type(what).__name__
        nth = self._counted.get(kind, 0) + 1
        self._counted[kind] = nth
        scripted = self._scripted.get((kind, nth))
        answer, effect = self._judge(action, what), False
        if answer.outcome == "done" and scripted is not None:
            if scripted.outcome == "done" or (scripted.outcome == "unknown" and scripted.happens):
                effect = self._do(now + scripted.late_ms, action, what)
            answer = Performed(
                outcome=scripted.outcome,
                result=answer.result if scripted.outcome == "done" else "scripted",
                why=scripted.why or f"scripted: {scripted.outcome}",
                wait_s=scripted.retry_after_s,
            )
        elif answer.outcome == "done":
            effect = self._do(now, action, what)
        self.calls.append(
            Call(
                number=len(self.calls) + 1,
                at=now,
                action=action,
                kind=kind,
                what=what,
                outcome=answer.outcome,
                effect=effect,
            )
        )
        return answer

    def confirm(self, action: str, what: Action) -> bool | None:
        """Read back whether ``what`` is in force; None when the platform cannot tell (a draw)."""
        store = self._store
        if isinstance(what, ReplyToComment | SendMessage):
            return action in self._replies
        if isinstance(what, HideComment):
            return what.comment in self.hidden
        if isinstance(what, ShowComment):
            return what.comment not in self.hidden
        if isinstance(what, MuteViewer | UnmuteViewer):
            return (what.user in self.muted) == isinstance(what, MuteViewer)
        if isinstance(what, PinComment | UnpinComment):
            return (self.on_top == what.comment) == isinstance(what, PinComment)
        if isinstance(what, PauseStream | ResumeStream):
            return self.paused == isinstance(what, PauseStream)
        if isinstance(what, PinProduct):
            return store.pinned == what.product
        if isinstance(what, UnpinProduct):
            return store.pinned != what.product
        if isinstance(what, ListProduct | DelistProduct) and what.product in store.shelves:
            return bool(store.shelves[what.product].number) == isinstance(what, ListProduct)
        if isinstance(what, ChangePrice) and what.product in store.shelves:
            return not store.repriced(what.product, what.price, what.sku)
        if isinstance(what, StartOffer | EndOffer):
            return (what.offer in store.offers) == isinstance(what, StartOffer)
        if isinstance(what, EndDraw):
            return store.draw != what.draw
        return None

    def _judge(self, action: str, what: Action) -> Performed:
        """What the platform's own rules say."""
        store = self._store
        product = getattr(what, "product", None) or None
        if not isinstance(what, PERFORMS):
            return _no("not_supported", f"the simulator does not perform {type(what).__name__}")
        if product is not None and product not in store.shelves:
            return _no("no_such_product", f"{product} is not in this shop")
        if isinstance(what, PinProduct) and not store.shelves[what.product].number:
            return _no("not_listed", "list the product before it is pinned")
        if isinstance(what, ChangePrice) and what.price <= 0:
            return _no("bad_price", "a price must be above 0")
        if isinstance(what, ChangePrice) and what.sku and what.sku not in store.shelves[what.product].pieces:
            return _no("no_such_sku", f"{what.sku} is no SKU of {what.product}")
        if isinstance(what, SetStock) and what.sku not in store.shelves[what.product].pieces:
            return _no("no_such_sku", f"{what.sku} is no SKU of {what.product}")
        if isinstance(what, SetStock) and what.quantity < 0:
            return _no("bad_stock", "stock is not below 0")
        if isinstance(what, StartOffer) and (what.offer in store.offers or what.off <= 0):
            return _no("bad_offer", "this offer runs already, or takes nothing off")
        if isinstance(what, StartDraw) and store.draw:
            return _no("draw_running", "a draw runs; its rules stay until it ends")
        if isinstance(what, MuteViewer) and not (what.user and what.duration_s > 0):
            return _no("bad_mute", "name the viewer and how long")
        if isinstance(what, ReplyToComment) and not 0 < len(what.text) <= _MOST_REPLY:
            return _no("bad_length", f"a reply has 1 to {_MOST_REPLY} characters")
        least = 0 if getattr(what, "product", "") else 1
        if isinstance(what, SendMessage) and not least <= len(what.text) <= _MOST_MESSAGE:
            return _no("bad_length", f"a message has 1 to {_MOST_MESSAGE} characters")
        return Performed(outcome="done", result=stable_id("done", self._seed, action))

    def _do(self, now: int, action: str, what: Action) -> bool:
        if action in self._acted and type(what) in IDEMPOTENT:
            # The id of an action is its idempotency key: a state that was set is not set again.
            return False
        self._acted.add(action)
        luck = seeded(self._seed, "perform", action)
        when = _grid(now) + GRID_MS + int(luck.random() * 700)
        store, engine = self._store, self._engine
        if isinstance(what, PinProduct):
            changes = store.pinned != what.product
            engine.at(when, lambda at, _: store.pin(at, what.product))
        elif isinstance(what, UnpinProduct):
            changes = store.pinned == what.product
            engine.at(when, lambda at, _: store.unpin(at, what.product))
        elif isinstance(what, ListProduct):
            changes = not store.shelves[what.product].number
            engine.at(when, lambda at, _: store.enlist(at, what.product, what.number))
        elif isinstance(what, DelistProduct):
            changes = bool(store.shelves[what.product].number)
            engine.at(when, lambda at, _: store.delist(at, what.product))
        elif isinstance(what, ChangePrice):
            changes = store.repriced(what.product, what.price, what.sku)
            engine.at(when, lambda at, _: store.reprice(at, what.product, what.price, what.sku))
        elif isinstance(what, HideComment):
            changes = what.comment not in self.hidden
            self.hidden[what.comment] = what.reason
            self._tell(when, CommentHidden(comment=what.comment))
        elif isinstance(what, ShowComment):
            changes = self.hidden.pop(what.comment, None) is not None
            self._tell(when, CommentShown(comment=what.comment))
        elif isinstance(what, MuteViewer):
            until = when + what.duration_s * 1000
            changes = self.muted.get(what.user) != until
            self.muted[what.user] = until
            self._tell(when, ViewerMuted(user=what.user, until=until))
        elif isinstance(what, UnmuteViewer):
            changes = self.muted.pop(what.user, None) is not None
            self._tell(when, ViewerUnmuted(user=what.user))
        elif isinstance(what, PinComment):
            changes = self.on_top != what.comment
            self.on_top = what.comment
            self._tell(when, CommentPinned(comment=what.comment))
        elif isinstance(what, UnpinComment):
            changes = self.on_top == what.comment
            self.on_top = ""
            self._tell(when, CommentUnpinned(comment=what.comment))
        elif isinstance(what, PauseStream):
            changes, self.paused = not self.paused, True
            self._tell(when, StreamPaused())
        elif isinstance(what, ResumeStream):
            changes, self.paused = self.paused, False
            self._tell(when, StreamResumed())
        elif isinstance(what, ReplyToComment):
            changes = True
            self._replies[action] = stable_id("reply", self._seed, action)
            engine.at(when, self._reply, what.text)
        elif isinstance(what, SendMessage):
            changes = True
            self._replies[action] = stable_id("reply", self._seed, action)
            engine.at(when, self._letters.sent, (what.conversation, what.text, what.reply, what.product))
        elif isinstance(what, SetStock):
            changes = store.offered(what.product, what.sku) != what.quantity
            engine.at(when, lambda at, _: store.offer_pieces(what.product, what.sku, what.quantity))
        elif isinstance(what, StartOffer):
            changes = True
            engine.at(when, lambda at, _: store.start_offer(at, what))
        elif isinstance(what, EndOffer):
            changes = what.offer in store.offers
            engine.at(when, lambda at, _: store.end_offer(at, what.offer))
        elif isinstance(what, EndDraw):
            changes = store.draw == what.draw
            engine.at(when, lambda at, _: store.end_draw(at, (what.draw, 0)))
        else:
            assert isinstance(what, StartDraw)
            changes = True
            title, prizes, word = what.title or "福袋", what.prizes or 5, what.word or "抽一份"
            lasts = what.duration_s * 1000 or _DRAW_MS
            engine.at(when, lambda at, _: store.start_draw(at, what.draw, title, prizes, word, at + lasts))
        return changes

    def _tell(self, when: int, event: Event) -> None:
        def said(at: int, _: object) -> None:
            self._engine.out.append(msgspec.structs.replace(event, key=self._engine.key(), at=at))

        self._engine.at(when, said)

    def _reply(self, now: int, text: str) -> None:
        self._engine.out.append(CommentPosted(key=self._engine.key(), at=now, text=text, name="直播间", by_host=True))


def _no(code: str, why: str) -> Performed:
    return Performed(outcome="refused", result=code, why=why)


def _grid(now: int) -> int:
    return -(-now // GRID_MS) * GRID_MS
