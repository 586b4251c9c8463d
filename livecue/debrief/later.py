"""What came after a debrief was written: refunds, what became of its improvements, and whether they helped."""

from collections.abc import Sequence

import msgspec

from livecue.debrief.body import DebriefBody, Effect, ImprovementLine
from livecue.metrics import DEFINITIONS, Reading, ShowTotal, show_totals
from livecue.shows import find_show
from livecue.store import Reader
from livecue.work import list_improvements


def as_of_now(db: Reader, body: DebriefBody) -> DebriefBody:
    """The debrief with the newest that is kept."""
    kept = show_totals(db, body.room, body.show)
    return _with_states(db, _with_refunds(body, kept), kept)


def _with_refunds(body: DebriefBody, totals: Sequence[ShowTotal]) -> DebriefBody:
    """Refunds go on arriving after the night: ``metrics`` keeps the totals of the show up to date."""
    kept = {total.metric: total for total in totals if total.scope == "room"}
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


def _with_states(db: Reader, body: DebriefBody, totals: Sequence[ShowTotal]) -> DebriefBody:
    """Its improvements as they stand, and what moved in the show that took them up."""
    known = {row.improvement: row for row in list_improvements(db, body.room, body.show) if row.show == body.show}
    # Most items of a list go into one plan: each show is read once.
    later = {show: show_totals(db, body.room, show) for show in {row.carried_to for row in known.values()} if show}
    over = {show for show, found in later.items() if found or _has_ended(db, body.room, show)}
    lines = []
    for line in body.improvements:
        row = known.get(line.improvement)
        if row is not None:
            effect = None
            if row.carried_to and line.metrics:
                effect = _effect(body, line, totals, later[row.carried_to], row.carried_to in over)
            line = msgspec.structs.replace(line, state=row.state, effect=effect)
        lines.append(line)
    return msgspec.structs.replace(body, improvements=lines)


def _has_ended(db: Reader, room: str, show: str) -> bool:
    """A show that ended without a figure is over as well; shows of other rooms may bear the same id."""
    found = find_show(db, show)
    return found is not None and found.room == room and found.status == "ended"


def _effect(
    body: DebriefBody, line: ImprovementLine, own: Sequence[ShowTotal], later: Sequence[ShowTotal], ended: bool
) -> Effect:
    metric = line.metrics[0]
    scope = f"product:{line.subject}" if any(one.product == line.subject for one in body.products) else "room"
    unit = DEFINITIONS[metric].unit if metric in DEFINITIONS else ""

    def told(totals: Sequence[ShowTotal]) -> Reading:
        found = next((total for total in totals if (total.metric, total.scope) == (metric, scope)), None)
        if found is None:
            return Reading(metric=metric, window="show", scope=scope, unit=unit, why="no_source")
        return Reading(
            metric=metric, window="show", scope=scope, unit=unit, value=found.value, sample=found.sample, why=found.why
        )

    return Effect(before=told(own), after=told(later), ended=ended)
