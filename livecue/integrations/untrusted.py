"""Reads values out of JSON that somebody else wrote: nothing here raises on a wrong type."""

from typing import Any

import msgspec

from livecue.errors import BadPayload
from livecue.kit import count_of

_decode = msgspec.json.Decoder().decode


def json_of(data: bytes | str) -> Any:
    """Any JSON value; whole numbers stay exact at any size. Raises ``BadPayload``."""
    try:
        return _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadPayload(f"not JSON: {error}") from error


def dict_of(value: Any, *path: str) -> dict[str, Any]:
    """The object at ``path`` inside ``value``; {} when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """``value`` when it is a list, else []."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """A text, or a whole number as text (ids come as both); "" for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def number_of(value: Any, absent: int = 0) -> int:
    """A count as platforms write it (20, "5388", "6.8万"); ``absent`` when it is none."""
    if isinstance(value, str) and (len(value) > 40 or "e" in value.lower()):
        return absent  # "1e999999" is a number to Decimal, and a very long one
    count = count_of(value)
    return absent if count is None else count


def millis_of(value: Any) -> int:
    """A moment given in seconds or milliseconds, as number or text, in ms UTC; 0 when it is none.

    Below 10^11 it is seconds: as milliseconds that would be before 1973.
    """
    try:
        moment = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return 0
    if not 0 < moment < 1e15:
        return 0
    return round(moment * 1000) if moment < 1e11 else int(moment)
