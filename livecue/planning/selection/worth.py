"""What an item is worth to the show: expected margin by length of talk and phase, and what it is made of."""

from collections.abc import Sequence

import msgspec
import numpy as np

from livecue.planning.selection.candidate import Brief, Candidate
from livecue.planning.selection.presets import PRESETS, Assumed
from livecue.planning.selection.shrink import Floats, numbered, shrunk


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Why an item is worth what it is, for one length in one phase. Money in minor units."""

    pieces: float
    wanted: float
    """Pieces that would be sold without a bound on stock."""
    click_rate: float
    sale_rate: float
    return_rate: float
    unit_margin: float
    """Of one piece, after commission and returns."""
    tag_fit: float
    host_fit: float
    tired: float
    risk: float
    margin: float
    turnover: float
    pull: float
    caution: float
    worth: float


class Estimates:
    """Everything of a pool that does not hang on length and phase, as columns."""

    def __init__(self, items: Sequence[Candidate], brief: Brief, assumed: Assumed = PRESETS.assumed) -> None:
        self.items = items
        groups, self.categories = numbered([item.category for item in items])
        self.groups = groups

        def column(values: Sequence[float]) -> Floats:
            return np.array(values, dtype=float)

        least, most = assumed.least_strength, assumed.most_strength
        clicks = shrunk(
            column([i.clicks.hits for i in items]), column([i.clicks.tries for i in items]), groups,
            assumed.click_rate, least, most,
        )  # fmt: skip
        sales = shrunk(
            column([i.sales.hits for i in items]), column([i.sales.tries for i in items]), groups,
            assumed.sale_rate, least, most,
        )  # fmt: skip
        # Evidence of returns is money; its strength is counted in pieces at the item's price.
        price = column([i.price for i in items])
        returns = shrunk(
            column([i.returns.hits / max(i.price, 1) for i in items]),
            column([i.returns.tries / max(i.price, 1) for i in items]),
            groups, assumed.return_rate, least, most,
        )  # fmt: skip
        self.click_rate, self.sale_rate = clicks.mean, sales.mean
        self.return_rate = np.clip(returns.mean, 0.0, 1.0)
        self.price = price
        self.cost_known = column([i.cost > 0 for i in items]) > 0
        commission = column([i.commission_bp for i in items]) / 10_000
        cost = column([i.cost for i in items])
        share = self._margin_shares(price, cost, assumed)
        cost = np.where(self.cost_known, cost, price * (1 - share))
        kept = 1 - self.return_rate
        self.unit_margin = (
            price * (1 - commission) - cost
        ) * kept - price * assumed.return_cost_share * self.return_rate
        self.unit_turnover = price * kept
        self.tag_fit = self._tag_fit(items, brief, assumed)
        self.host_fit = np.clip(column([i.host_fit for i in items]), assumed.host_low, assumed.host_high)
        idle = column([np.inf if i.idle_days is None else i.idle_days for i in items])
        self.tired = 1 - assumed.tired_share * np.exp(-idle / assumed.tired_days)
        self.risk = np.clip(column([i.risk for i in items]), 0.0, 1.0)
        self.stock = column([np.inf if i.stock is None else float(max(i.stock, 0)) for i in items])
        self.pull = column([assumed.pull.get(i.role, 0.0) for i in items])
        # Relative deviation of clicks times sales: the two are told apart by different tries.
        self.doubt = np.sqrt((clicks.deviation / clicks.mean) ** 2 + (sales.deviation / sales.mean) ** 2)
        self.rate = self.click_rate * self.sale_rate * self.tag_fit * self.host_fit * self.tired
        """Pieces per viewer who has seen it."""

    def _margin_shares(self, price: Floats, cost: Floats, assumed: Assumed) -> Floats:
        known = self.cost_known & (price > 0)
        count = len(self.categories)
        share = np.divide(price - cost, price, out=np.zeros_like(price), where=known)
        items = np.bincount(self.groups, known.astype(float), count)
        sums = np.bincount(self.groups, share, count)
        overall = float(share[known].mean()) if known.any() else assumed.margin_share
        means: Floats = (sums + 3 * overall) / (items + 3)
        return means[self.groups]

    def _tag_fit(self, items: Sequence[Candidate], brief: Brief, assumed: Assumed) -> Floats:
        shares = brief.audience_tags
        if not shares:
            return np.ones(len(items))
        usual = sum(shares.values()) / len(shares) if shares else 0.0
        found = []
        for item in items:
            known = [shares[tag] for tag in item.tags if tag in shares]
            fit = (sum(known) / len(known) - usual) / max(usual, 1 - usual) if known and usual else 0.0
            found.append(1 + assumed.tag_weight * fit)
        return np.array(found, dtype=float)


class Worths:
    """``values[item, length, phase]`` in minor units, and the parts behind each."""

    def __init__(self, items: Sequence[Candidate], brief: Brief, assumed: Assumed = PRESETS.assumed) -> None:
        self.estimates = known = Estimates(items, brief, assumed)
        self.lengths = np.array(brief.lengths, dtype=float)
        self.audience = np.array([phase.audience for phase in brief.phases], dtype=float)
        self._weights = weights = brief.weights
        reached = 1 - np.exp(-self.lengths / assumed.reach_minutes)
        self._seen = brief.exposures * reached[:, None] * self.audience[None, :]
        """Viewers who have seen the item, by length and phase."""
        minutes = np.array([phase.minutes for phase in brief.phases], dtype=float)
        later = np.concatenate([np.cumsum((self.audience * minutes)[::-1])[::-1][1:], [0.0]])
        self._later = (later + self.audience * minutes / 2) if len(minutes) else later
        """Viewer minutes that come after a talk in the phase."""
        self._reached = reached
        pieces = np.minimum(known.rate[:, None, None] * self._seen, known.stock[:, None, None])
        money = weights.margin * known.unit_margin + weights.turnover * known.unit_turnover
        values = pieces * (money * (1 - known.risk))[:, None, None]
        if weights.caution:
            values -= weights.caution * (np.abs(money) * known.doubt)[:, None, None] * pieces
        self.viewer_minute = self._viewer_minute(values, brief)
        if weights.pull:
            values += weights.pull * known.pull[:, None, None] * self._pulled()
        self.values: Floats = values

    def _pulled(self) -> Floats:
        """Worth of one unit of pull, by length and phase."""
        found: Floats = (self.viewer_minute * self._reached[:, None] * self._later[None, :])[None, :, :]
        return found

    def _viewer_minute(self, values: Floats, brief: Brief) -> float:
        """What one viewer is worth in one minute of a filled show: the mean over as many of the best as fit in."""
        if not values.size:
            return 0.0
        seen = np.maximum(self.lengths[:, None] * self.audience[None, :], 1e-9)
        best = (values / seen[None]).max(axis=(1, 2))
        best = np.sort(best[best > 0])[::-1][: brief.most]
        return float(best.mean()) if len(best) else 0.0

    def parts(self, item: int, length: int, phase: int) -> Parts:
        """What the worth of one choice is made of."""
        known, weights = self.estimates, self._weights
        wanted = float(known.rate[item] * self._seen[length, phase])
        pieces = min(wanted, float(known.stock[item]))
        sure = 1 - float(known.risk[item])
        margin, turnover = pieces * float(known.unit_margin[item]), pieces * float(known.unit_turnover[item])
        money = weights.margin * margin + weights.turnover * turnover
        return Parts(
            pieces=pieces,
            wanted=wanted,
            click_rate=float(known.click_rate[item]),
            sale_rate=float(known.sale_rate[item]),
            return_rate=float(known.return_rate[item]),
            unit_margin=float(known.unit_margin[item]),
            tag_fit=float(known.tag_fit[item]),
            host_fit=float(known.host_fit[item]),
            tired=float(known.tired[item]),
            risk=float(known.risk[item]),
            margin=margin * sure,
            turnover=turnover * sure,
            pull=float(weights.pull * known.pull[item] * self._pulled()[0, length, phase]),
            caution=weights.caution * abs(money) * float(known.doubt[item]),
            worth=float(self.values[item, length, phase]),
        )
