"""The constraints of a brief as rows over choices (item, length, phase)."""

from collections.abc import Sequence
from operator import attrgetter

import msgspec
import numpy as np

from livecue.errors import BadInput
from livecue.planning.selection.candidate import Brief, Candidate, Rule
from livecue.planning.selection.shrink import Floats, Ints

FREE = float("inf")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``low <= sum of coefficients of the chosen <= high``; the coefficient of a choice is ``item * length * phase``.

    ``penalty`` None is hard, else what one unit too few or too many costs, in minor units.
    """

    rule: str
    """minutes, count, each_supplier, each_category, or the name a person gave the rule."""
    subject: str
    """The phase, supplier or category it is about; "" otherwise."""
    unit: str
    low: float
    high: float
    penalty: float | None


class Rows:
    """All rows. ``item`` (items, dense) and ``choice`` (dense, lengths x phases) give the first ``dense`` rows; those
    of groups (one supplier, one category) follow: ``group`` (items, partitions) names each item's row, -1 none."""

    def __init__(self, rows: Sequence[Row], item: Floats, choice: Floats, group: Ints) -> None:
        self.rows = list(rows)
        self.item, self.choice, self.group = item, choice, group
        self.dense = item.shape[1]
        packed = np.ascontiguousarray(np.packbits(item > 0, axis=1))
        _, first, kind = np.unique(
            packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True, return_inverse=True
        )
        self.kind: Ints = kind.ravel()
        """Items that count alike in all dense rows have one number."""
        self._of_kind = item[first]
        self.low = np.array([row.low for row in rows], dtype=float)
        self.high = np.array([row.high for row in rows], dtype=float)
        self.penalty = np.array([FREE if row.penalty is None else row.penalty for row in rows], dtype=float)

    def price(self, duals: Floats, among: Ints | None = None) -> Floats:
        """What every choice pays for the rows it uses: (items, choices); of the items ``among``."""
        kind, group = (self.kind, self.group) if among is None else (self.kind[among], self.group[among])
        found: Floats = ((self._of_kind * duals[: self.dense]) @ self.choice)[kind]
        if group.shape[1]:
            found += np.where(group >= 0, duals[group], 0.0).sum(axis=1)[:, None]
        return found

    def of(self, item: int, choice: int) -> tuple[Ints, Floats]:
        """Rows that a choice uses, and how much."""
        block = self.item[item] * self.choice[:, choice]
        used = np.flatnonzero(block)
        groups = self.group[item][self.group[item] >= 0]
        return np.concatenate([used, groups]), np.concatenate([block[used], np.ones(len(groups))])

    def columns(self, places: Ints) -> tuple[Ints, Ints, Floats]:
        """Choices ``places`` (item, choice) as sparse columns: starts, rows, coefficients."""
        items, choices = places[:, 0], places[:, 1]
        block = self.item[items] * self.choice[:, choices].T
        column, row = np.nonzero(block)
        coefficient = block[column, row]
        member, part = np.nonzero(self.group[items] >= 0)
        column = np.concatenate([column, member])
        row = np.concatenate([row, self.group[items][member, part]])
        coefficient = np.concatenate([coefficient, np.ones(len(member))])
        order = np.argsort(column, kind="stable")
        starts = np.searchsorted(column[order], np.arange(len(places)))
        return starts, row[order], coefficient[order]

    def use(self, picked: Sequence[tuple[int, int]]) -> Floats:
        """What ``picked`` (item, choice) come to in each row."""
        found = np.zeros(len(self.rows))
        for item, choice in picked:
            rows, share = self.of(item, choice)
            found[rows] += share
        return found


def rows_of(items: Sequence[Candidate], brief: Brief, scale: float) -> Rows:
    """The rows of a brief. ``scale``: worth of an average item, in which penalties are told.

    Raises ``BadInput`` for what no show can be: no phases, no lengths, bounds below 0, an unknown phase.
    """
    _check(brief)
    lengths = np.array(brief.lengths, dtype=float)
    ones, every = np.ones(len(lengths)), np.ones(len(brief.phases))
    whole = np.ones(len(items))
    place = {phase.phase: number for number, phase in enumerate(brief.phases)}
    count = Row(rule="count", subject="", unit="count", low=float(brief.least), high=float(brief.most), penalty=None)
    rows, item, choice = [count], [whole], [np.outer(ones, every).ravel()]
    for phase, number in place.items():
        only = np.zeros(len(every))
        only[number] = 1
        high = float(brief.phases[number].minutes)
        rows.append(Row(rule="minutes", subject=phase, unit="minutes", low=0.0, high=high, penalty=None))
        item.append(whole)
        choice.append(np.outer(lengths, only).ravel())
    for rule in brief.rules:
        where = np.array([not rule.phases or phase in rule.phases for phase in place], dtype=float)
        rows.append(
            Row(
                rule=rule.rule,
                subject="",
                unit=rule.unit,
                low=rule.low,
                high=FREE if rule.high is None else rule.high,
                penalty=None if rule.penalty is None else rule.penalty * scale,
            )
        )
        item.append(member_of(items, rule))
        choice.append(np.outer(lengths if rule.unit == "minutes" else ones, where).ravel())
    groups = []
    if brief.each_supplier:
        groups.append(_group("each_supplier", [i.supplier for i in items], brief.each_supplier, None, rows))
    if brief.each_category:
        penalty = brief.same_penalty * scale
        groups.append(_group("each_category", [i.category for i in items], brief.each_category, penalty, rows))
    group = np.array(groups, dtype=np.int64).T if groups else np.zeros((len(items), 0), dtype=np.int64)
    return Rows(rows, np.array(item).T, np.array(choice), group)


def member_of(items: Sequence[Candidate], rule: Rule) -> Floats:
    """Which items a rule speaks of, as 0 and 1."""
    if rule.by == "price":
        price = np.array([item.price for item in items])
        most = rule.most_price or np.inf
        return ((rule.least_price <= price) & (price < most)).astype(float)
    if rule.by == "all":
        return np.ones(len(items))
    wanted, named = set(rule.values), attrgetter(rule.by)
    return np.array([named(item) in wanted for item in items], dtype=float)


def _group(rule: str, names: Sequence[str], most: int, penalty: float | None, rows: list[Row]) -> list[int]:
    """A row for each group with more members than ``most``, added to ``rows``; the number of every item's row. The
    nameless are no group."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    numbers = {}
    for name, count in counts.items():
        if name and count > most:
            numbers[name] = len(rows)
            rows.append(Row(rule=rule, subject=name, unit="count", low=0.0, high=float(most), penalty=penalty))
    return [numbers.get(name, -1) for name in names]


def _check(brief: Brief) -> None:
    if not brief.phases:
        raise BadInput("the show has no phases: say at least one with its minutes")
    if not brief.lengths or min(brief.lengths) <= 0:
        raise BadInput("say at least one length of a talk, above 0 minutes")
    names = [phase.phase for phase in brief.phases]
    if len(set(names)) < len(names):
        raise BadInput("two phases have the same name")
    if brief.least < 0 or brief.most < 1:
        raise BadInput("the number of items must be at least 0 and at most 1 or more")
    if any(phase.minutes < 0 or phase.audience < 0 for phase in brief.phases):
        raise BadInput("minutes and audience of a phase must not be below 0")
    for rule in brief.rules:
        if set(rule.phases) - set(names):
            raise BadInput(f"rule {rule.rule} names a phase that the show does not have")
        if rule.penalty is not None and rule.penalty < 0:
            raise BadInput(f"rule {rule.rule}: a penalty must not be below 0")
    for lock in brief.locks:
        if lock.phase and lock.phase not in names:
            raise BadInput(f"{lock.product} is locked into a phase that the show does not have")
        if lock.minutes and lock.minutes not in brief.lengths:
            raise BadInput(f"{lock.product} is locked to {lock.minutes:g} minutes, which is none of the lengths")
