"""Counting what happens in the room, event by event: traffic, interaction, the product funnel.

What every event needs lies in plain attributes here; ``bind`` takes them from the board anew whenever a
bucket, a segment or a show begins. What comes by the thousand is counted many at a time in ``many``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from livecue.events import (
    AdSpent,
    CartAdded,
    CommentPosted,
    FanClubJoined,
    GiftSent,
    ImpressionsCounted,
    LikeGiven,
    OnlineCounted,
    ProductClicked,
    ProductExposed,
    RoomShared,
    StreamStuttered,
    UserFollowed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.flow import TICK_MS
from livecue.metrics.board import Board, Past
from livecue.metrics.columns import KIND, PRODUCT, ROOM, SHAPE, SOURCE
from livecue.metrics.crowd import PAST
from livecue.metrics.orders import Skus
from livecue.metrics.people import AWAY, BEFORE
from livecue.metrics.talks import Product
from livecue.metrics.tally import BUCKET_MS
from livecue.metrics.tellers import OWN, Tellers

_LIKES, _COMMENTS, _SHARES = ROOM["likes"], ROOM["comments"], ROOM["shares"]
_MASKED_ENGAGED, _MASKED_COMMENTED = ROOM["masked_engaged"], ROOM["masked_commented"]
_ENTRIES, _LEAVES, _MASKED_ENTERED = ROOM["entries"], ROOM["leaves"], ROOM["masked_entered"]
_CLICKS, _MASKED_CLICKED, _TALK_CLICKS = ROOM["clicks"], ROOM["masked_clicked"], ROOM["talk_clicks"]
_EXPOSURES, _MASKED_EXPOSED = ROOM["exposures"], ROOM["masked_exposed"]
_S_ENTRIES, _S_MASKED = SOURCE["entries"], SOURCE["masked_entered"]
_P_CLICKS, _P_MASKED_CLICKED, _P_TALK_CLICKS = PRODUCT["clicks"], PRODUCT["masked_clicked"], PRODUCT["talk_clicks"]
_P_EXPOSURES, _P_MASKED_EXPOSED = PRODUCT["exposures"], PRODUCT["masked_exposed"]
_ENTER, _LEAVE, _LIKE, _COMMENT, _CLICK = (KIND[k] for k in ("enter", "leave", "like", "comment", "click"))
_MOST_LATE_MS = 3_600_000
STAY_MS = (10_000, 60_000, 300_000)
"""M11, M13: a view counts once it lasted 10 s; retention at 1 and at 5 minutes."""


class PlanNote(msgspec.Struct):
    """What of a plan the figures need."""

    title: str
    goals: dict[str, int]
    products: dict[str, str]
    """Product of each segment."""


class State(msgspec.Struct):
    """Everything that outlives the process."""

    shape: int = SHAPE

    board: Board | None = None
    """None until the first tick."""
    tellers: Tellers = msgspec.field(default_factory=Tellers)
    past: Past = msgspec.field(default_factory=Past)
    skus: Skus = msgspec.field(default_factory=Skus)
    plans: dict[str, PlanNote] = {}
    asked: dict[str, bytes] = {}
    """Commands that their owner has not decided on yet, encoded, by command id."""
    waiting: list[tuple[str, bytes]] = []
    """(source, events) from before the first tick: they count at the first tick."""


class Counter:
    """The counters with everything an event needs at hand."""

    __slots__ = (
        "board", "clicked", "commented", "currency", "engaged", "entered", "exposed", "mark", "now", "numbers", "own",
        "people", "products", "source_numbers", "sources", "state", "stretch", "token", "told", "totals", "vias",
        "visits",
    )  # fmt: skip

    def __init__(self, state: State, board: Board, currency: str) -> None:
        self.state = state
        self.currency = currency
        self.own = state.tellers.of(OWN).at
        self.told = self.own
        self.show(board)

    def show(self, board: Board) -> None:
        """Count on this board from now on."""
        self.board = self.state.board = board
        self.people, self.numbers = board.people, board.people.numbers
        self.visits, self.vias = board.people.visits, board.people.vias
        self.products, self.sources, self.source_numbers = board.products, board.sources, board.source_numbers
        self.totals = board.room.totals
        crowds = board.crowds
        self.entered, self.engaged, self.commented = crowds["entered"], crowds["engaged"], crowds["commented"]
        self.clicked, self.exposed = crowds["clicked"], crowds["exposed"]
        self.bind()

    def bind(self) -> None:
        """Take over the board's time."""
        board = self.board
        self.now, self.mark, self.token, self.stretch = board.now, board.bucket, board.token, board.stretch

    @contextmanager
    def recovering(self) -> Iterator[None]:
        """What is counted inside came too late: it is part of the show's totals, of no window, segment or talk."""
        board = self.board
        before = {id(tally): tally.totals.copy() for tally in board.tallies()}
        talking, board.talking = board.talking, ""
        self.mark, self.stretch = PAST, 0
        yield
        board.talking = talking
        for tally in board.tallies():
            was = before.get(id(tally)) or [0] * len(tally.totals)
            if was != tally.totals:
                tally.recover(was)
        self.bind()

    def hear(self, source: str) -> None:
        """The next events are told by ``source``."""
        self.told = self.state.tellers.of(source).at

    def person(self, user: str) -> int:
        """The number of a person, given at the first meeting."""
        number = self.numbers.get(user)
        return self.people.meet(user) if number is None else number

    def product(self, product: str) -> Product:
        """A product's counters, turned to the open bucket."""
        known = self.products.get(product) or self.board.product(product)
        if known.tally.token != self.token:
            known.tally.turn(self.token, self.board.bucket, self.board.stretch)
        return known

    # Traffic.

    def viewer_entered(self, event: ViewerEntered) -> None:
        self.totals[_ENTRIES] += 1
        self.told[_ENTER] = self.now
        number = self.source_numbers.get(event.via)
        source = self.board.source(event.via) if number is None else self.sources[number]
        tally = source.tally
        if tally.token != self.token:
            tally.turn(self.token, self.board.bucket, self.board.stretch)
        tally.totals[_S_ENTRIES] += 1
        person = self.numbers.get(event.user)
        if person is None:
            person = self.person(event.user)
        elif not person:
            self.totals[_MASKED_ENTERED] += 1
            tally.totals[_S_MASKED] += 1
            self.people.masked_present += 1
            return
        self.entered.touch(person, self.mark, self.stretch)
        source.entered.touch(person, self.mark, self.stretch)
        visits = self.visits
        if visits[person] == AWAY:
            self.people.present += 1
        visits[person] = self.now
        self.vias[person] = source.number

    def entry_recovered(self, event: ViewerEntered) -> None:
        """As ``viewer_entered``, without making anybody present."""
        present, masked = self.people.present, self.people.masked_present
        person = self.person(event.user)
        visit, via = self.people.visits[person], self.people.vias[person]
        self.viewer_entered(event)
        self.people.present, self.people.masked_present = present, masked
        self.people.visits[person] = visit
        if via:
            # What was told at its time is newer than what was missed.
            self.people.vias[person] = via

    def viewer_left(self, event: ViewerLeft) -> None:
        totals, now = self.totals, self.now
        totals[_LEAVES] += 1
        self.told[_LEAVE] = now
        if event.stay_s >= 0:
            self.told[KIND["stay"]] = now
            totals[ROOM["stays"]] += 1
            totals[ROOM["stay_s"]] += event.stay_s
        visit = self.away(event.user)
        if not event.user:
            if event.stay_s < 0:
                totals[ROOM["masked_left"]] += 1
                return
            visit = now - event.stay_s * 1000
        if visit in (AWAY, BEFORE) or visit < self.board.began_at:
            return
        # By our own clock where we saw the entry: what a source tells late must not change what is settled.
        stay_ms = now - visit
        if stay_ms < STAY_MS[-1]:
            early = self.board.early_leaves.setdefault(visit // BUCKET_MS, [0] * len(STAY_MS))
            for place, limit in enumerate(STAY_MS):
                early[place] += stay_ms < limit

    def away(self, user: str) -> int:
        """Somebody is no longer present; returns since when they were (AWAY when they were not)."""
        people = self.people
        if not user:
            people.masked_present = max(0, people.masked_present - 1)
            return AWAY
        person = self.numbers.get(user)
        if person is None:
            return AWAY
        visit = people.visits[person]
        if visit != AWAY:
            people.visits[person] = AWAY
            people.present -= 1
        return visit

    def presence_entered(self, event: ViewerEntered) -> None:
        """Between two shows only who is present matters."""
        if not event.user:
            self.people.masked_present += 1
            return
        person = self.person(event.user)
        self.people.present += self.people.visits[person] == AWAY
        self.people.visits[person] = BEFORE

    def presence_left(self, event: ViewerLeft) -> None:
        """Between two shows only who is present matters."""
        self.away(event.user)

    def online_counted(self, event: OnlineCounted) -> None:
        online = self.board.online
        online.take(event.online, event.views, event.viewers, self.now)
        if event.online >= 0:
            online.see(event.online)
            self.told[KIND["online"]] = self.now
        if event.views >= 0:
            self.told[KIND["views"]] = self.now
        if event.viewers >= 0:
            self.told[KIND["viewers"]] = self.now

    def online_counted_after(self, event: OnlineCounted) -> None:
        """Between two shows the platform's counters are kept for the next one."""
        self.board.later.take(event.online, event.views, event.viewers, self.now)

    def impressions_counted(self, event: ImpressionsCounted) -> None:
        if event.times >= 0:
            self.totals[ROOM["impressions"]] += event.times
            self.told[KIND["impress"]] = self.now
        if event.people >= 0:
            self.totals[ROOM["impressed"]] += event.people
            self.told[KIND["impress_people"]] = self.now

    # Interaction.

    def like_given(self, event: LikeGiven) -> None:
        self.totals[_LIKES] += event.count
        self.told[_LIKE] = self.now
        person = self.numbers.get(event.user)
        if person is None:
            person = self.person(event.user)
        elif not person:
            self.totals[_MASKED_ENGAGED] += 1
            return
        self.engaged.touch(person, self.mark, self.stretch)

    def comment_posted(self, event: CommentPosted) -> None:
        if event.by_host:
            # Numbered like everybody, so that numbers do not depend on how the stream was cut.
            self.person(event.user)
            return
        totals = self.totals
        totals[_COMMENTS] += 1
        self.told[_COMMENT] = self.now
        if event.at:
            self.happened(event.at)
        person = self.numbers.get(event.user)
        if person is None:
            person = self.person(event.user)
        elif not person:
            totals[_MASKED_ENGAGED] += 1
            totals[_MASKED_COMMENTED] += 1
            return
        self.commented.touch(person, self.mark, self.stretch)
        self.engaged.touch(person, self.mark, self.stretch)

    def happened(self, at: int) -> None:
        """M92: how long after it happened at the source an event stands in the picture of the next tick.

        It is reckoned with ``TICK_MS``; where the next tick comes later, ``seen_late`` adds what is missing.

        Moments an hour or more away are clocks that disagree or recordings, not delays.
        """
        self.all_happened((at,))

    def seen_late(self, now: int) -> None:
        """The tick of ``now`` shows what was told since the last: it may have let wait longer than ``TICK_MS``."""
        missing = now - self.now - TICK_MS
        if self.board.unseen and missing > 0 and self.mark != PAST:
            self.totals[ROOM["late_ms"]] += self.board.unseen * missing
        self.board.unseen = 0

    def all_happened(self, moments: Iterable[int]) -> None:
        """As ``happened`` for each of the moments that are told (not 0)."""
        if self.mark == PAST:
            return
        seen = self.now + TICK_MS
        delays = [seen - at for at in moments if at]
        told = [max(0, late) for late in delays if -_MOST_LATE_MS < late < _MOST_LATE_MS]
        if told:
            self.totals[ROOM["timed"]] += len(told)
            self.totals[ROOM["late_ms"]] += sum(told)
            self.board.unseen += len(told)
            self.told[KIND["moment"]] = self.now

    def room_shared(self, event: RoomShared) -> None:
        self.totals[_SHARES] += 1
        self.told[KIND["share"]] = self.now
        self._room_person("engaged", event.user)

    def gift_sent(self, event: GiftSent) -> None:
        self.totals[ROOM["gifts"]] += event.count
        self.totals[ROOM["coins"]] += event.coins
        self.told[KIND["gift"]] = self.now

    def user_followed(self, event: UserFollowed) -> None:
        self.totals[ROOM["follows"]] += 1
        self.told[KIND["follow"]] = self.now
        self._room_person("followed", event.user)

    def club_joined(self, event: FanClubJoined) -> None:
        self.totals[ROOM["joins"]] += 1
        self.told[KIND["join"]] = self.now
        self._room_person("joined", event.user)

    def _room_person(self, crowd: str, user: str) -> None:
        if user:
            self.board.crowds[crowd].touch(self.person(user), self.mark, self.stretch)
        else:
            self.totals[ROOM["masked_" + crowd]] += 1

    # Products.

    def product_exposed(self, event: ProductExposed) -> None:
        self.totals[_EXPOSURES] += event.count
        self.told[KIND["expose"]] = self.now
        product = self.product(event.product)
        product.tally.totals[_P_EXPOSURES] += event.count
        if not event.user:
            self.totals[_MASKED_EXPOSED] += 1
            product.tally.totals[_P_MASKED_EXPOSED] += 1
            return
        person = self.person(event.user)
        self.exposed.touch(person, self.mark, self.stretch)
        product.exposed.touch(person, self.mark, self.stretch)

    def product_clicked(self, event: ProductClicked) -> None:
        count = event.count
        totals = self.totals
        totals[_CLICKS] += count
        self.told[_CLICK] = self.now
        product = self.product(event.product)
        mine = product.tally.totals
        mine[_P_CLICKS] += count
        if event.product == self.board.talking:
            totals[_TALK_CLICKS] += count
            mine[_P_TALK_CLICKS] += count
        if not event.user:
            totals[_MASKED_CLICKED] += 1
            mine[_P_MASKED_CLICKED] += 1
            return
        person = self.numbers.get(event.user)
        if person is None:
            person = self.person(event.user)
        self.clicked.touch(person, self.mark, self.stretch)
        product.clicked.touch(person, self.mark, self.stretch)

    def cart_added(self, event: CartAdded) -> None:
        self.totals[ROOM["cart_adds"]] += 1
        self.told[KIND["cart"]] = self.now
        product = self.product(event.product)
        product.tally.totals[PRODUCT["cart_adds"]] += 1
        if not event.user:
            product.tally.totals[PRODUCT["masked_added"]] += 1
        else:
            product.added.touch(self.person(event.user), self.mark, self.stretch)
        self._room_person("added", event.user)

    # Cost and trouble.

    def ad_spent(self, event: AdSpent) -> None:
        if self.foreign(event.currency):
            self.totals[ROOM["foreign"]] += 1
        else:
            self.totals[ROOM["ad_spent"]] += event.amount
        self.told[KIND["spend"]] = self.now

    def stuttered(self, event: StreamStuttered) -> None:
        del event
        self.totals[ROOM["stutters"]] += 1
        self.told[KIND["stutter"]] = self.now

    def foreign(self, currency: str) -> bool:
        """Whether an amount is in another currency; CNY, the vocabulary's default, may just mean "not told"."""
        return currency not in (self.currency, "CNY", "")
