"""From a pool and a brief to a proposal: worths, rows, the solver, the order, and the reasons."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from livecue.errors import BadInput
from livecue.planning.selection.candidate import Brief, Candidate, Weights
from livecue.planning.selection.order import Ordered, Place, ordered
from livecue.planning.selection.programme import Choices
from livecue.planning.selection.proposal import Contradiction, Near, Pick, Proposal, Tight
from livecue.planning.selection.relax import Demands, contradiction_of
from livecue.planning.selection.rows import FREE, Rows, rows_of
from livecue.planning.selection.shrink import Floats
from livecue.planning.selection.solve import Outcome, solve
from livecue.planning.selection.worth import Worths

KINDS: dict[str, Weights] = {
    "balanced": Weights(),
    "turnover": Weights(margin=0.3, turnover=0.5),
    "traffic": Weights(margin=1.0, pull=3.0),
    "careful": Weights(caution=1.0),
}
"""Proposals to lay side by side, by what they are after."""

_NEAR = 60
_AGAINST = 3


class Problem:
    """A pool and a brief made ready: what ``choose`` and the questions about its answer share."""

    def __init__(self, items: Sequence[Candidate], brief: Brief) -> None:
        self.brief = brief
        self.items = list(items)
        self.place = {item.product: number for number, item in enumerate(self.items)}
        if len(self.place) < len(self.items):
            raise BadInput("two items of the pool have the same id")
        for lock in brief.locks:
            if lock.state == "in" and lock.product not in self.place:
                raise BadInput(
                    f"{lock.product} is locked in but is not in the pool; take it into the pool or unlock it"
                )
        self.worths = Worths(self.items, brief)
        self.phases = len(brief.phases)
        values = self.worths.values.reshape(len(self.items), -1)
        self.values = values
        best = np.sort(values.max(axis=1, initial=0.0))[::-1][: brief.most] if values.size else np.zeros(0)
        self.usual = max(float(best.mean()) if len(best) else 0.0, 1.0)
        """Worth of an average chosen item: the unit of penalties."""
        self.rows: Rows = rows_of(self.items, brief, self.usual)
        self.allowed, self.forced = self._locks()

    def _locks(self) -> tuple[Any, Any]:
        allowed = np.ones(self.values.shape, dtype=bool)
        forced = []
        grid = allowed.reshape(len(self.items), len(self.brief.lengths), self.phases)
        names = [phase.phase for phase in self.brief.phases]
        for lock in self.brief.locks:
            item = self.place.get(lock.product)
            if item is None:
                continue
            if lock.state == "out":
                allowed[item] = False
                continue
            forced.append(item)
            if lock.phase:
                grid[item][:, [name != lock.phase for name in names]] = False
            if lock.minutes:
                grid[item][[length != lock.minutes for length in self.brief.lengths], :] = False
        # A stock of nothing is no choice, whatever else speaks for it; a lock of a person stands above it.
        empty = self.worths.estimates.stock <= 0
        empty[forced] = False
        allowed[empty] = False
        return allowed, np.array(sorted(set(forced)), dtype=np.int64)

    def choices(self, force: int | None = None, forbid: int | None = None) -> Choices:
        """The problem for the solver, with one more item forced or forbidden."""
        allowed, forced = self.allowed, self.forced
        if force is not None:
            forced = np.union1d(forced, [force])
        if forbid is not None:
            allowed = allowed.copy()
            allowed[forbid] = False
            forced = forced[forced != forbid]
        return Choices(self.values, self.rows, self.phases, allowed, forced)


def choose(
    items: Sequence[Candidate], brief: Brief, kind: str = "balanced", limit_s: float = 10.0, tolerance: float = 0.0
) -> Proposal | Contradiction:
    """The best selection for the brief, or what has to be relaxed. Raises ``BadInput`` on a brief no show can be."""
    if not items:
        return Contradiction(code="empty_pool", needs=())
    problem = Problem(items, brief)
    outcome = solve(problem.choices(), limit_s, tolerance)
    if not outcome.feasible:
        return contradiction_of(Demands(problem.items, brief, problem.rows, problem.allowed, problem.forced))
    return _told(problem, outcome, kind)


def _told(problem: Problem, outcome: Outcome, kind: str) -> Proposal:
    items, brief = problem.items, problem.brief
    known = problem.worths.estimates
    chosen = [(item, *divmod(choice, problem.phases)) for item, choice in outcome.picked]
    order = ordered(
        [
            Place(
                phase=phase,
                category=items[item].category,
                pull=float(known.pull[item]),
                worth=float(problem.worths.values[item, length, phase]),
            )
            for item, length, phase in chosen
        ]
    )
    assert outcome.duals is not None
    reduced = problem.values - problem.rows.price(outcome.duals)
    picks = _picks(problem, chosen, order, reduced)
    parts = [pick.parts for pick in picks]
    return Proposal(
        kind=kind,
        picks=picks,
        worth=outcome.worth,
        order_worth=order.worth,
        bound=outcome.bound,
        gap=max(outcome.gap, 0.0),
        proved=outcome.proved,
        order_proved=order.proved,
        margin=sum(part.margin for part in parts),
        turnover=sum(part.turnover for part in parts),
        pieces=sum(part.pieces for part in parts),
        minutes=sum(brief.lengths[length] for _, length, _ in chosen),
        tight=_tight(problem, outcome),
        near=_near(problem, outcome, reduced),
        pool=len(items),
        columns=outcome.columns,
        seconds=outcome.seconds,
        cpu_seconds=outcome.cpu_seconds,
    )


def _picks(problem: Problem, chosen: Sequence[tuple[int, int, int]], order: Ordered, reduced: Any) -> tuple[Pick, ...]:
    brief, known = problem.brief, problem.worths.estimates
    begins = np.concatenate([[0.0], np.cumsum([phase.minutes for phase in brief.phases])])
    passed = [0.0] * problem.phases
    found = []
    for number in order.order:
        item, length, phase = chosen[number]
        candidate = problem.items[item]
        unsure = [
            name
            for name, missing in (
                ("cost", not known.cost_known[item]),
                ("stock", candidate.stock is None),
                ("clicks", candidate.clicks.tries <= 0),
                ("sales", candidate.sales.tries <= 0),
            )
            if missing
        ]
        found.append(
            Pick(
                product=candidate.product,
                name=candidate.name,
                role=candidate.role,
                category=candidate.category,
                supplier=candidate.supplier,
                price=candidate.price,
                phase=brief.phases[phase].phase,
                minutes=brief.lengths[length],
                start_s=round((begins[phase] + passed[phase]) * 60),
                parts=problem.worths.parts(item, length, phase),
                ahead=float(reduced[item, length * problem.phases + phase]),
                locked=item in problem.forced,
                unsure=tuple(unsure),
            )
        )
        passed[phase] += brief.lengths[length]
    return tuple(found)


def _tight(problem: Problem, outcome: Outcome) -> tuple[Tight, ...]:
    """Every constraint a person gave, those of single suppliers and categories only where they bind."""
    assert outcome.duals is not None
    use = problem.rows.use(outcome.picked)
    found = []
    for row, used, price in zip(problem.rows.rows, use, outcome.duals, strict=True):
        broken = bool(used < row.low - 1e-6 or used > row.high + 1e-6)
        if row.rule in ("each_supplier", "each_category") and used < row.high and not broken:
            continue
        found.append(
            Tight(
                rule=row.rule,
                subject=row.subject,
                unit=row.unit,
                low=row.low,
                high=None if row.high == FREE else row.high,
                use=float(used),
                price=float(price),
                hard=row.penalty is None,
                broken=broken,
            )
        )
    return tuple(found)


def _near(problem: Problem, outcome: Outcome, reduced: Any) -> tuple[Near, ...]:
    """Items that are out, nearest first, with the constraints that make their best place dear."""
    assert outcome.duals is not None
    taken = {item for item, _ in outcome.picked}
    best = np.where(problem.allowed, reduced, -np.inf)
    choice, gain = best.argmax(axis=1), best.max(axis=1)
    # What the dearest of the chosen is ahead by does not matter: an item enters when it is worth its place's price.
    order = np.argsort(-gain)
    found: list[Near] = []
    for item in order[: _NEAR + len(taken)]:
        if int(item) in taken or not np.isfinite(gain[item]) or len(found) >= _NEAR:
            continue
        place = int(choice[item])
        worth = float(problem.values[item, place])
        used, share = problem.rows.of(int(item), place)
        paid = outcome.duals[used] * share
        dear = [int(used[n]) for n in np.argsort(-paid) if paid[n] > 1e-6][:_AGAINST]
        rows = problem.rows.rows
        short = max(-float(gain[item]), 0.0)
        found.append(
            Near(
                product=problem.items[item].product,
                name=problem.items[item].name,
                role=problem.items[item].role,
                worth=worth,
                short=short,
                share=short / worth if worth > 0 else 0.0,
                against=tuple(f"{rows[n].rule}:{rows[n].subject}" if rows[n].subject else rows[n].rule for n in dear),
            )
        )
    return tuple(found)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly what it would take for an item to change sides (by solving again with it forced in, or out).

    ``loss``: what the worth of the whole selection falls by when it changes sides; an item that is out enters once its
    own worth rises by more than that, one that is in leaves once it falls by more. ``factor``: the same as a multiple
    of its conversion, None where stock or money makes that impossible. ``enters``, ``leaves``: who changes places.
    """

    product: str
    inside: bool
    possible: bool
    loss: float
    worth: float
    factor: float | None
    proved: bool
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


def ask(items: Sequence[Candidate], brief: Brief, product: str, limit_s: float = 5.0) -> Answer:
    """Why an item is in or out. Raises ``BadInput`` for one that is not in the pool."""
    problem = Problem(items, brief)
    item = problem.place.get(product)
    if item is None:
        raise BadInput(f"{product} is not in the pool")
    whole = solve(problem.choices(), limit_s)
    inside = item in {picked for picked, _ in whole.picked}
    other = solve(problem.choices(forbid=item) if inside else problem.choices(force=item), limit_s)
    mine = dict(whole.picked if inside else other.picked)
    choice = mine.get(item, int(problem.values[item].argmax()))
    worth = float(problem.values[item, choice])
    if not (whole.feasible and other.feasible):
        return Answer(
            product=product, inside=inside, possible=False, loss=0.0, worth=worth, factor=None, proved=other.proved
        )
    loss = max(whole.worth - other.worth, 0.0)
    before, after = {picked for picked, _ in whole.picked}, {picked for picked, _ in other.picked}
    parts = problem.worths.parts(item, *divmod(choice, problem.phases))
    selling = worth - parts.pull
    bounded = parts.wanted >= problem.worths.estimates.stock[item]
    factor = None
    if selling > 0 and not (bounded and not inside):
        factor = max(1 - loss / selling, 0.0) if inside else 1 + loss / selling
    return Answer(
        product=product,
        inside=inside,
        possible=True,
        loss=loss,
        worth=worth,
        factor=factor,
        proved=whole.proved and other.proved,
        enters=tuple(problem.items[n].product for n in sorted(after - before)),
        leaves=tuple(problem.items[n].product for n in sorted(before - after)),
    )


def proposals(
    items: Sequence[Candidate],
    brief: Brief,
    kinds: Sequence[str] = tuple(KINDS),
    limit_s: float = 10.0,
    tolerance: float = 0.0,
) -> list[Proposal] | Contradiction:
    """Several proposals for one brief, each after something else."""
    found = []
    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(f"there is no kind of proposal {kind!r}; use {', '.join(KINDS)}")
        made = choose(items, msgspec.structs.replace(brief, weights=KINDS[kind]), kind, limit_s, tolerance)
        if isinstance(made, Contradiction):
            return made
        found.append(made)
    return found


def worth_table(items: Sequence[Candidate], brief: Brief) -> tuple[Floats, float]:
    """``values[item, length, phase]`` in minor units, and the usual worth in which penalties are told."""
    problem = Problem(items, brief)
    return problem.worths.values, problem.usual
