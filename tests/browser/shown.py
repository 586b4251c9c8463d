"""Reading figures back out of what the screens show."""

from __future__ import annotations

import re
from fractions import Fraction

UNKNOWN = {"待核验", "unverified"}
_STEPS = {"万": 10**4, "亿": 10**8, "K": 10**3, "M": 10**6, "B": 10**9}
_UNITS = {"小时": 3600, "h": 3600, "分": 60, "min": 60, "秒": 1, "s": 1}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(小时|分|秒|min|h|s)(?![a-zA-Z])")
_NUMBER = re.compile(r"^(−?)[^\d−]{0,4}(\d[\d,]*(?:\.(\d+))?)\s*(万|亿|K|M|B)?\s*(%|×)?$")


class Shown:
    """A figure as shown: its value and by how much rounding may have moved it. Money is in minor units."""

    def __init__(self, value: Fraction, by: Fraction) -> None:
        self.value = value
        self.by = by

    def is_of(self, wanted: Fraction) -> bool:
        """Whether ``wanted`` is shown like this."""
        return abs(self.value - wanted) <= self.by

    def __repr__(self) -> str:
        return f"{float(self.value)} ± {float(self.by)}"


def is_shown(figure: Shown | None, wanted: Fraction | None) -> bool:
    """Whether ``figure`` is how ``wanted`` is shown; what is unknown must be shown as unverified."""
    if figure is None or wanted is None:
        return figure is None and wanted is None
    return figure.is_of(wanted)


def read(text: str) -> Shown | None:
    """The figure behind a text of a screen; None where it says unverified. Raises ``ValueError`` for anything else."""
    text = text.strip()
    if text in UNKNOWN:
        return None
    parts = _LENGTH.findall(text)
    if parts and not _LENGTH.sub("", text).strip():
        return _length(parts)
    found = _NUMBER.match(text)
    if not found:
        raise ValueError(f"no figure: {text!r}")
    sign, digits, decimals, step, mark = found.groups()
    size = Fraction(_STEPS.get(step or "", 1), 100 if mark == "%" else 1) * (100 if "¥" in text else 1)
    value = Fraction(digits.replace(",", "")) * size
    return Shown(-value if sign else value, size / 10 ** len(decimals or "") / 2)


def _length(parts: list[tuple[str, str]]) -> Shown:
    """Seconds. Of two parts the smaller is cut off or rounded, of one it is rounded."""
    seconds = Fraction(0)
    for number, unit in parts:
        seconds += Fraction(number) * _UNITS[unit]
    last, unit = parts[-1]
    step = Fraction(_UNITS[unit], 10 ** len(last.partition(".")[2]))
    return Shown(seconds, step / 2 if len(parts) == 1 or unit in ("秒", "s") else step)
