"""From a definition and a span to a reading: checks the sources first, then computes."""

from collections.abc import Sequence
from typing import TypeAlias

from livecue.metrics.definitions import Definition, needs_of
from livecue.metrics.formula import Found, Needs
from livecue.metrics.reading import NO_SOURCE, STALE, UNDEFINED, ZERO, Reading
from livecue.metrics.spans import Span
from livecue.metrics.tellers import Account, Teller, account

Accounts: TypeAlias = dict[tuple[Needs, bool, int], Account]
"""What the sources say of figures that need the same, by (needs, a plain count, since); holds as long as they do."""


def evaluate(definition: Definition, span: Span, tellers: Sequence[Teller], accounts: Accounts) -> Reading:
    """The reading of a metric over a span. ``tellers`` are the sources as they were when the span ended."""
    num = definition.num.of(span)
    den = definition.den.of(span) if definition.den is not None else None
    why = _first_reason(num, den)
    if why == UNDEFINED:
        return Reading(metric=definition.id, window=span.window, scope=span.scope, unit=definition.unit, why=why)
    needs = definition.needs if definition.needs is not None else needs_of(definition.num, definition.den, span)
    since = span.since if span.rolling else 0
    key = (needs, definition.den is None, since)
    told = accounts.get(key)
    if told is None:
        told = accounts[key] = account(tellers, needs, span.until, since, definition.den is None)
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
        window=span.window,
        scope=span.scope,
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
