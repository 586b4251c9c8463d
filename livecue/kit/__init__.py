"""Ground with no word of the trade in it: ids, clocks, money, numbers, retry, fail points, spans."""

from livecue.kit.clock import Clock, ManualClock, SystemClock
from livecue.kit.failpoint import arm, failpoint
from livecue.kit.ids import new_id, stable_id
from livecue.kit.money import Money, minor_digits, parse_money
from livecue.kit.numbers import count_of
from livecue.kit.promise import Promise
from livecue.kit.retry import backoff_s
from livecue.kit.tracing import Fact, OpenSpan, span, trace_with

__all__ = [
    "Clock",
    "Fact",
    "ManualClock",
    "Money",
    "OpenSpan",
    "Promise",
    "SystemClock",
    "arm",
    "backoff_s",
    "count_of",
    "failpoint",
    "minor_digits",
    "new_id",
    "parse_money",
    "span",
    "stable_id",
    "trace_with",
]
