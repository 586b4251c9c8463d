"""Counts as platforms write them."""

from decimal import Decimal, InvalidOperation

_SCALE = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}


_MOST = 10**18


def count_of(value: object) -> int | None:
    """Read a count: 20, "5,388" or "6.8万"; "500+" is a display string that hides the count: None.

    Returns None when the value is not an exact or rounded count; raises nothing.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _MOST else None
    if not isinstance(value, str):
        return None
    text = value.strip().replace(",", "").lower()
    scale = _SCALE.get(text[-1:], 1)
    if scale != 1:
        text = text[:-1]
    try:
        number = Decimal(text) * scale
    except InvalidOperation:
        return None
    # "1e999999" is a number of a million digits: nobody counts that far.
    if not number.is_finite() or abs(number) > _MOST or number != number.to_integral_value():
        return None
    return int(number)
