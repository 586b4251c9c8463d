"""What came after a debrief was written: refunds, what became of its improvements, and whether they helped."""

import msgspec

from livecue.debrief.body import DebriefBody, Effect, ImprovementLine
from livecue.metrics import DEFINITIONS, Reading, past_figures, show_totals
from livecue.store import Reader
from livecue.work import Improvement, list_improvements


def as_of_now(db: Reader, body: DebriefBody) -> DebriefBody:
    """The debrief with the newest that is kept."""
    return _with_states(db, _with_refunds(db, body))


def _with_refunds(db: Reader, body: DebriefBody) -> DebriefBody:
    """Refunds go on arriving after the night: ``metrics`` keeps the totals of the show up to date, this reads them."""
    kept = {total.metric: total for total in show_totals(db, body.room, body.show) if total.scope == "room"}
    net, as_of = list[Reading](), body.net_at
    for reading in body.net:
        total = kept.get(reading.metric)
        if total is not None and total.as_of > body.net_at:
            reading = msgspec.structs.replace(
                reading,
                value=total.value,
                num=total.num,
                den=total.den,
                sample=total.sample,
                why=total.why,
                at=max(reading.at, total.as_of),
            )
            as_of = max(as_of, total.as_of)
        net.append(reading)
    return msgspec.structs.replace(body, net=net, net_at=as_of)


def _with_states(db: Reader, body: DebriefBody) -> DebriefBody:
    """Its improvements as they stand, and what moved in the show that took them up."""
    known = {row.improvement: row for row in list_improvements(db, body.room, body.show) if row.show == body.show}
    lines = []
    for line in body.improvements:
        row = known.get(line.improvement)
        if row is not None:
            line = msgspec.structs.replace(line, state=row.state, effect=_effect(db, body, line, row))
        lines.append(line)
    return msgspec.structs.replace(body, improvements=lines)


def _effect(db: Reader, body: DebriefBody, line: ImprovementLine, row: Improvement) -> Effect | None:
    if not row.carried_to or not line.metrics:
        return None
    metric = line.metrics[0]
    products = {product.product for product in body.products}
    scope = f"product:{line.subject}" if line.subject in products else "room"
    shows = {figure.show: figure for figure in past_figures(db, body.room, metric, scope)}

    def told(show: str) -> Reading:
        found = shows.get(show)
        unit = DEFINITIONS[metric].unit if metric in DEFINITIONS else ""
        if found is None:
            return Reading(metric=metric, window="show", scope=scope, unit=unit, why="no_source")
        return Reading(
            metric=metric, window="show", scope=scope, unit=unit, value=found.value, sample=found.sample, why=found.why
        )

    return Effect(before=told(body.show), after=told(row.carried_to), ended=row.carried_to in shows)
