"""The simulated viewers: they come by a source, stay, look, talk, click, buy and leave."""

import math
import random
from collections.abc import Callable
from itertools import accumulate

from livecue.events import (
    CartAdded,
    CommentPosted,
    FanClubJoined,
    GiftSent,
    LikeGiven,
    ProductClicked,
    ProductExposed,
    RoomShared,
    UserFollowed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.integrations.simulator import calibration as rate
from livecue.integrations.simulator.engine import Engine, pick, seeded, spread
from livecue.integrations.simulator.levers import Rates
from livecue.integrations.simulator.scenario import Product, Scenario
from livecue.integrations.simulator.store import Shelf, Store
from livecue.integrations.simulator.talk import Talk

_STAY_KIND = {
    "follow": list(accumulate((0.30, 0.47, 0.23))),
    "search": list(accumulate((0.34, 0.52, 0.14))),
    "outside": list(accumulate((0.34, 0.48, 0.18))),
}
_STAY_ELSE = list(accumulate(share for share, _, _ in rate.STAY))
_LOYAL = 2
_FLUSH = 6


class Viewer:
    """One person in the room. ``draw`` is a random source of their own: nobody else's luck moves theirs."""

    __slots__ = (
        "bought", "draw", "drew", "entered", "held", "keen", "leaves", "name", "place", "product", "shown", "source",
        "user", "via",
    )  # fmt: skip

    def __init__(self, user: str, name: str, via: str, source: random.Random, entered: int) -> None:
        self.user, self.name, self.via, self.source, self.entered = user, name, via, source, entered
        self.draw = source.random
        self.leaves = 0
        self.keen = 1.0
        self.place = -1
        """Index in ``Crowd.present``; -1 when not in the room."""
        self.product = ""
        self.shown = 0
        """Impressions of ``product`` not told yet."""
        self.bought = ""
        self.drew = ""
        self.held = False


class Crowd:
    """Everybody in the room and everybody who was."""

    def __init__(self, scenario: Scenario, engine: Engine, rates: Rates, store: Store, talk: Talk) -> None:
        self._seed = scenario.seed
        self._engine, self._rates, self._store, self._talk = engine, rates, store, talk
        self._products: dict[str, Product] = {product.card.product: product for product in scenario.products}
        self._prefix = f"{scenario.show[:5]}-"
        self.present: list[Viewer] = []
        self._gone: list[tuple[str, str]] = []
        self.entered = self.left = self.viewers = self.likes = self.comments = 0
        self.stay_ms = 0
        self.open = True
        self.stay_until = self.stay_since = 0
        self.stay_lift = 0.0

    # Coming and going.

    def arrive(self, now: int, via: str) -> None:
        """Work: somebody enters by ``via``."""
        if self.open:
            self._enter(now, via, 0)

    def _enter(self, now: int, via: str, stay_ms: int) -> None:
        self.entered += 1
        source = random.Random((self._seed << 32) + self.entered)
        draw = source.random
        if draw() < rate.RETURNING and self._gone:
            gone = self._gone
            place = int(draw() * len(gone))
            user, name = gone[place]
            gone[place] = gone[-1]
            gone.pop()
        else:
            self.viewers += 1
            user, name = f"{self._prefix}{self.viewers:06d}", self._talk.name(draw)
        viewer = Viewer(user, name, via, source, now)
        kind = pick(_STAY_KIND.get(via, _STAY_ELSE), draw())
        _, median, sigma = rate.STAY[kind]
        drawn = int(median * 1000 * math.exp(sigma * source.gauss(0.0, 1.0)))
        viewer.keen = (0.75, 1.0, 1.35)[kind]
        viewer.leaves = now + max(1200, min(stay_ms or drawn, 7_200_000))
        viewer.place = len(self.present)
        self.present.append(viewer)
        engine = self._engine
        engine.out.append(ViewerEntered(key=engine.key(), at=now, user=user, name=name, via=via))
        engine.at(viewer.leaves, self.leave, viewer)
        look = now + 400 + int(spread(source, rate.FIRST_LOOK_S) * 1000)
        if look < viewer.leaves:
            engine.at(look, self.look, viewer)

    def leave(self, now: int, viewer: Viewer) -> None:
        """Work: somebody leaves, or stays on by a planted longer stay."""
        if viewer.place < 0:
            return
        if self.stay_lift and not viewer.held and self.open:
            longer = int((min(now, self.stay_until) - max(viewer.entered, self.stay_since)) * self.stay_lift)
            viewer.held = True
            if longer > 0:
                viewer.leaves = now + longer
                self._engine.at(viewer.leaves, self.leave, viewer)
                self._engine.at(now + min(longer, int(rate.LOOK_EVERY_S * 500)), self.look, viewer)
                return
        present = self.present
        last = present.pop()
        if last is not viewer:
            present[viewer.place] = last
            last.place = viewer.place
        viewer.place = -1
        self.left += 1
        self.stay_ms += now - viewer.entered
        self._tell_shown(now, viewer)
        self._gone.append((viewer.user, viewer.name))
        engine = self._engine
        engine.out.append(
            ViewerLeft(
                key=engine.key(), at=now, user=viewer.user, stay_s=(now - viewer.entered) // 1000, via=viewer.via
            )
        )

    def close(self, now: int) -> None:
        """The stream is over: everybody leaves within five seconds, nobody comes any more."""
        self.open = False
        count = len(self.present)
        for place, viewer in enumerate(list(self.present)):
            self._engine.at(now + 1 + 5000 * place // max(1, count), self.leave, viewer)

    def wave(self, now: int, lift: float, name: str) -> None:
        """A planted lift of people present: ``lift`` times as many come within 15 s, to stay as long as those here."""
        source = seeded(self._seed, "wave", name)
        for _ in range(round(lift * len(self.present))):
            like = self.present[int(source.random() * len(self.present))]
            when = now + int(source.random() * 15_000)
            self._engine.at(when, self._join_wave, (like.via, like.leaves))

    def _join_wave(self, now: int, what: tuple[str, int]) -> None:
        via, leaves = what
        if self.open and leaves > now:
            self._enter(now, via, leaves - now)

    def somebody(self, source: random.Random) -> Viewer | None:
        """A person in the room, or nobody."""
        return self.present[int(source.random() * len(self.present))] if self.present else None

    # What they do.

    def look(self, now: int, viewer: Viewer) -> None:
        """Work: a moment of attention."""
        if viewer.place < 0 or not self.open:
            return
        draw, rates, engine, store = viewer.draw, self._rates, self._engine, self._store
        after = now + 1000 + int(-(rate.LOOK_EVERY_S - 1.0) * 1000 * math.log(1.0 - draw()))
        if after < viewer.leaves:
            engine.at(after, self.look, viewer)
        pinned = store.pinned
        chance = draw()
        if pinned:
            self._see(now, viewer, pinned)
            shelf = store.shelves[pinned]
            if chance < rates.click * shelf.product.appeal:
                self._click(now, viewer, shelf)
        if draw() < rate.BROWSE and store.listed:
            shelf = store.listed[int(draw() * len(store.listed))]
            name = shelf.product.card.product
            if name != pinned:
                engine.out.append(ProductExposed(key=engine.key(), at=now, product=name, user=viewer.user))
                if draw() < 3.5 * rates.click * shelf.product.appeal:
                    self._click(now, viewer, shelf)
        self._mingle(now, viewer)

    def _mingle(self, now: int, viewer: Viewer) -> None:
        draw, rates, engine, user = viewer.draw, self._rates, self._engine, viewer.user
        chance = draw() / viewer.keen
        mark = rates.like
        if chance < mark:
            count = 1 + int(spread(viewer.source, rate.LIKES_EACH - 0.5))
            self.likes += count
            engine.out.append(LikeGiven(key=engine.key(), at=now, user=user, count=count))
            return
        mark += rates.comment
        if chance < mark:
            self.say(now, viewer, self._talk.comment(draw, self._products.get(self._store.pinned)))
            return
        mark += rates.follow
        if chance < mark:
            engine.out.append(UserFollowed(key=engine.key(), at=now, user=user))
            return
        mark += rates.share
        if chance < mark:
            engine.out.append(RoomShared(key=engine.key(), at=now, user=user))
            return
        mark += rates.gift
        if chance < mark:
            name, coins = self._talk.gift(draw)
            count = 1 + int(spread(viewer.source, 0.6))
            engine.out.append(
                GiftSent(key=engine.key(), at=now, gift=name, name=name, count=count, coins=coins * count, user=user)
            )
            return
        mark += rates.club
        if chance < mark:
            engine.out.append(FanClubJoined(key=engine.key(), at=now, user=user))
            return
        store = self._store
        if store.draw and viewer.drew != store.draw and draw() < rates.join:
            viewer.drew = store.draw
            store.entrants.add(user)
            self.say(now, viewer, store.draw_word)

    def say(self, now: int, viewer: Viewer, text: str) -> None:
        """Post a comment."""
        self.comments += 1
        engine = self._engine
        engine.out.append(CommentPosted(key=engine.key(), at=now, text=text, user=viewer.user, name=viewer.name))

    def _see(self, now: int, viewer: Viewer, product: str) -> None:
        if viewer.product != product:
            self._tell_shown(now, viewer)
            viewer.product = product
            engine = self._engine
            engine.out.append(ProductExposed(key=engine.key(), at=now, product=product, user=viewer.user))
            return
        viewer.shown += 1
        if viewer.shown >= _FLUSH:
            self._tell_shown(now, viewer)

    def _tell_shown(self, now: int, viewer: Viewer) -> None:
        """Platforms merge the impressions of one person; so does this."""
        if viewer.shown:
            engine = self._engine
            engine.out.append(
                ProductExposed(key=engine.key(), at=now, product=viewer.product, user=viewer.user, count=viewer.shown)
            )
            viewer.shown = 0

    def _click(self, now: int, viewer: Viewer, shelf: Shelf) -> None:
        name = shelf.product.card.product
        if name == viewer.product:
            self._tell_shown(now, viewer)
        engine = self._engine
        engine.out.append(ProductClicked(key=engine.key(), at=now, product=name, user=viewer.user))
        if viewer.draw() < self._rates.cart:
            engine.at(now + 1500, lambda when, _: self._cart(when, viewer, name))
        engine.at(now + 2000 + int(spread(viewer.source, rate.THINK_S - 2) * 1000), self._decide, (viewer, shelf))

    def _cart(self, now: int, viewer: Viewer, product: str) -> None:
        if self.open:
            self._engine.out.append(CartAdded(key=self._engine.key(), at=now, product=product, user=viewer.user))

    def _decide(self, now: int, what: tuple[Viewer, Shelf]) -> None:
        viewer, shelf = what
        chance = viewer.draw()
        name = shelf.product.card.product
        if not shelf.number or viewer.bought == name or not self.open:
            return
        if chance >= self._rates.order * shelf.product.pull * shelf.demand():
            return
        if self._store.buy(now, viewer.user, viewer.via, shelf, viewer.source):
            viewer.bought = name
        elif viewer.place >= 0 and viewer.draw() < 0.5:
            self.say(now, viewer, self._talk.sold_out(viewer.draw, shelf.product))

    def rush_buyer(self, source: random.Random) -> Callable[[int, Shelf], None]:
        """A buyer for a planted rush: clicks and buys one piece at once."""

        def buy(now: int, shelf: Shelf) -> None:
            viewer = self.somebody(source)
            user, via = (viewer.user, viewer.via) if viewer else (f"{self._prefix}rush", "feed")
            if shelf.free() and shelf.number:
                engine, product = self._engine, shelf.product.card.product
                engine.out.append(ProductClicked(key=engine.key(), at=now, product=product, user=user))
                self._store.buy(now, user, via, shelf, source)

        return buy
