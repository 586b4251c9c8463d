"""From a definition and a span to a reading: checks the sources first, then computes."""

from collections.abc import Iterable

from livecue.metrics.board import Board
from livecue.metrics.definitions import DEFINITIONS, Definition
from livecue.metrics.formula import Found
from livecue.metrics.reading import NO_SOURCE, STALE, UNDEFINED, WINDOWS_MS, ZERO, Reading
from livecue.metrics.spans import Span, span_of
from livecue.metrics.tellers import Teller, account


def evaluate(board: Board, tellers: Iterable[Teller], metric: str, window: str, scope: str) -> Reading:
    """The reading of a metric; rolling windows are judged by the sources as they were when the open bucket began."""
    definition = DEFINITIONS.get(metric)
    if definition is None:
        return Reading(metric=metric, window=window, scope=scope, why=UNDEFINED)
    span = span_of(board, "show" if definition.momentary and window in WINDOWS_MS else window, scope)
    if isinstance(span, str):
        return Reading(metric=metric, window=window, scope=scope, unit=definition.unit, why=span)
    span.window, span.scope = window, scope
    return _read(definition, span, board.frozen if span.rolling else tellers, window, scope)


def _read(definition: Definition, span: Span, tellers: Iterable[Teller], window: str, scope: str) -> Reading:
    num = definition.num.of(span)
    den = definition.den.of(span) if definition.den is not None else None
    why = _first_reason(num, den)
    if why == UNDEFINED:
        return Reading(metric=definition.id, window=window, scope=scope, unit=definition.unit, why=why)
    needs = definition.num.needs(span)
    if definition.den is not None:
        needs += definition.den.needs(span)
    since = span.since if span.rolling else 0
    told = account(tellers, needs, span.until, since, definition.den is None)
    upper = num / definition.num_scale if isinstance(num, int) else None
    lower = den / definition.den_scale if isinstance(den, int) else None
    value: float | None = None
    sample = 0
    if told.why == NO_SOURCE:
        why, upper, lower = NO_SOURCE, None, None
    elif told.why == STALE:
        why = STALE
    elif not why and lower == 0:
        why = ZERO
    elif not why and upper is not None:
        value = upper if lower is None else upper / lower * definition.factor
    if not why:
        sample = _sample(definition, span, num, den)
    return Reading(
        metric=definition.id,
        window=window,
        scope=scope,
        value=value,
        unit=definition.unit,
        sample=sample,
        num=upper,
        den=lower,
        at=told.at,
        source=told.source,
        why=why,
    )


def _first_reason(*found: Found | None) -> str:
    reasons = [item for item in found if isinstance(item, str)]
    return UNDEFINED if UNDEFINED in reasons else reasons[0] if reasons else ""


def _sample(definition: Definition, span: Span, num: Found, den: Found | None) -> int:
    if definition.behind is not None:
        behind = definition.behind.of(span)
        return behind if isinstance(behind, int) else 0
    counted = num if den is None else den
    if not isinstance(counted, int):
        return 0
    return counted // (definition.num_scale if den is None else definition.den_scale)
