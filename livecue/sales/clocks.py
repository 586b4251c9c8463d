"""Legal times of after-sales: since when they run and by whose word, when they are due, when the alarm goes off. Pure.

Days are calendar days in the room's time zone, as the law counts them: the first one is the day after.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, product
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from livecue.errors import Defect
from livecue.events import FILE_REFUND
from livecue.sales.machine import CASE, PARCEL
from livecue.sales.order import Case, More, Order, Parcel

RETURN = "refund_return"
NO_REASON = "no_reason"
PAID_BACK = frozenset({"refunded", "returned_refunded"})
_CAME = frozenset({"delivered", "returned"})
_INSPECTED = frozenset({"refunding", "refund_failed"})
_DISPUTED = frozenset({"refused_return", "refused_refund", "platform_case"})


class ClockPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clock as the law or the team sets it; ``alarm_day`` 0: nobody is alarmed."""

    id: str
    valid_from: date
    days: int
    alarm_day: int
    law_zh: str
    law_en: str
    mark: Literal["S", "D"]


class ForecastPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the brand's own cases a forecast is made of."""

    sample: int
    days: int
    most: int


class _Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clock: tuple[ClockPreset, ...]
    forecast: ForecastPreset
    damage: _Reasons
    quality: _Reasons


def _load() -> _File:
    text = files("livecue.sales").joinpath("clocks.toml").read_text(encoding="utf-8")
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Defect(f"clocks.toml: {error}") from error
    if {RETURN, NO_REASON} - {row.id for row in found.clock}:
        raise Defect(f"clocks.toml lacks {RETURN} or {NO_REASON}")
    if any(not 0 <= row.alarm_day <= row.days for row in found.clock):
        raise Defect("clocks.toml: an alarm goes off within the days of its clock")
    return found


_PRESETS = _load()
CLOCKS = tuple(sorted(_PRESETS.clock, key=lambda row: (row.id, row.valid_from)))
FORECAST = _PRESETS.forecast


class Due(msgspec.Struct, frozen=True):
    """A clock of one case, or of an order where ``case`` is "". Moments in ms UTC, 0 is none or not known.

    ``basis``, by whose word it runs: ``parcel`` the carrier's, ``sent`` only that the buyer sent it off (it came later,
    the true end is later too), ``inspected`` that it was looked at, ``told`` the platform's; "" nobody told when.
    """

    clock: str
    case: str
    since: int
    basis: str
    alarm_at: int
    due_at: int
    """The first moment that is too late."""
    ended_at: int
    ended: str = ""
    """paid_back, closed without, disputed: it stands still until that is settled; "" it runs."""

    def state(self, now: int) -> str:
        """running, alarm, late, kept, missed, closed, disputed, or unknown where nobody told what it takes to say."""
        if self.ended in ("closed", "disputed"):
            return self.ended
        if not self.due_at:
            return "unknown"
        if self.ended:
            return self._kept() if self.ended_at else "unknown"
        if now >= self.due_at:
            return "late"
        return "alarm" if self.alarm_at and now >= self.alarm_at else "running"

    def _kept(self) -> str:
        kept = self.ended_at < self.due_at
        if self.basis == "inspected" or (self.basis == "sent" and not kept):
            # It came before it was inspected, and after it was sent: only what holds all the same is said.
            return "unknown"
        return "kept" if kept else "missed"


def preset_of(clock: str, at: int) -> ClockPreset:
    """The preset of a clock that holds at ``at`` (ms UTC); its first one before that."""
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    rows = [row for row in CLOCKS if row.id == clock]
    return next((row for row in reversed(rows) if row.valid_from <= day), rows[0])


@lru_cache(maxsize=4096)
def midnight(at: int, days: int, zone: str) -> int:
    """The beginning of the day that comes ``days`` after that of ``at``, both in ms UTC, in the time zone."""
    place = ZoneInfo(zone)
    day = datetime.fromtimestamp(at / 1000, place).date() + timedelta(days=days)
    return int(datetime(day.year, day.month, day.day, tzinfo=place).timestamp() * 1000)


def return_of(case: Case, parcels: Mapping[str, Parcel]) -> Parcel | None:
    """The parcel by which the goods of a case come back; None where none is known."""
    name = case.asked[8]
    if not name:
        return None
    return parcels.get(name) or next((parcel for parcel in parcels.values() if parcel.tracking == name), None)


def receipt_of(case: Case, parcels: Mapping[str, Parcel]) -> tuple[int, str]:
    """(when the returned goods came, by whose word); the moment is 0 where nobody told one."""
    parcel = return_of(case, parcels)
    came = [at for at, state, _ in parcel.told if state in _CAME] if parcel is not None else []
    if came and parcel is not None:
        # A carrier that tells no time: when we heard of it last.
        return min((at for at in came if at), default=parcel.moved_at), "parcel"
    sent = [at for at, state, _ in case.told if state == "wait_receipt" and at]
    if sent:
        return min(sent), "sent"
    looked = [at for at, state, _ in case.told if state in _INSPECTED and at]
    return (min(looked), "inspected") if looked else (0, "")


def refund_clock(name: str, case: Case, order: Order, zone: str) -> Due | None:
    """The clock of the money of returned goods; None while none are on their way back, or where none is paid back."""
    more = order.more
    if more is None or case.asked[1] not in ("return_refund", ""):
        return None
    states = {state for _, state, _ in case.told}
    parcel = return_of(case, more.parcels)
    came = parcel is not None and any(state in _CAME for _, state, _ in parcel.told)
    if not (came or states & {"wait_receipt", "returned_refunded"}):
        return None
    since, basis = receipt_of(case, more.parcels)
    last = CASE.settle(case.told)[0]
    back = [at for at, state, _ in case.told if state in PAID_BACK] if last in PAID_BACK else []
    back += _repaid(name, case.asked[2], order, more)
    if back:
        return _due(RETURN, name, since, basis, min((at for at in back if at), default=0), "paid_back", zone)
    if last in _DISPUTED:
        # Whether money is owed is what they argue about: no day is named.
        return Due(RETURN, name, 0, "", 0, 0, 0, "disputed")
    return _due(RETURN, name, since, basis, 0, "closed" if CASE.states[last].ends else "", zone)


def _repaid(case: str, wanted: int, order: Order, more: More) -> list[int]:
    """When refunds came to what the case asks for, or to the whole order; 0 at a time nobody told."""
    found: list[int] = []
    sums = ((wanted, 0, case), (order.amount, order.base, ""))
    for (amount, base, of), filed in product(sums, (False, True) if more.refunds else ()):
        # A file and the platform tell of the same money: each is summed by itself.
        some = sorted(
            (refund.at, refund.amount)
            for name, refund in more.refunds.items()
            if name.startswith(FILE_REFUND) is filed and (not of or refund.case == of)
        )
        if not some or amount <= 0 or base + sum(sum_ for _, sum_ in some) < amount:
            continue
        so_far = list(accumulate((sum_ for _, sum_ in some), initial=base))[1:]
        reached = next(at for (at, _), sum_ in zip(some, so_far, strict=True) if sum_ >= amount)
        found.append(reached if all(at for at, _ in some) else 0)
    return found


def _due(clock: str, case: str, since: int, basis: str, ended_at: int, ended: str, zone: str) -> Due:
    if not since:
        return Due(clock, case, 0, "", 0, 0, ended_at, ended)
    preset = preset_of(clock, since)
    alarm = midnight(since, preset.alarm_day, zone) if preset.alarm_day else 0
    return Due(clock, case, since, basis, alarm, midnight(since, preset.days + 1, zone), ended_at, ended)


def no_reason_clock(more: More, zone: str) -> Due | None:
    """Until when the buyer may return the goods without a reason; None while they have not come (all of them)."""
    since, basis = _delivered(more)
    return _due(NO_REASON, "", since, basis, 0, "", zone) if basis else None


def _delivered(more: More) -> tuple[int, str]:
    back = {case.asked[8] for case in more.cases.values()} - {""}
    sent = [
        parcel
        for name, parcel in more.parcels.items()
        if parcel.sent and name not in back and (not parcel.tracking or parcel.tracking not in back)
    ]
    if sent:
        if any(PARCEL.settle(parcel.told)[0] != "delivered" for parcel in sent):
            return 0, ""
        # Of several the last one counts: until then the buyer does not have what was bought.
        firsts = [min((at for at, state, _ in p.told if state == "delivered" and at), default=0) for p in sent]
        return (max(firsts) if all(firsts) else more.delivered_at), "parcel"
    told = [at for at, state, _ in more.told if state == "delivered"]
    return (min((at for at in told if at), default=0), "told") if told else (0, "")


def forecast(past: Sequence[int], since: int, now: int, sample: int = FORECAST.sample) -> int:
    """When it will be over, by the median of the shop's own times that were longer than this one is already; ms UTC.

    0 nobody can tell: too few of them, or none took so long.
    """
    if not since or len(past) < sample:
        return 0
    longer = [took for took in past if took > now - since]
    return since + int(median(longer)) if longer else 0


def is_damage(reason: str) -> bool:
    """Whether the reason of a case means: broken on arrival (R060)."""
    told = reason.lower()
    return any(word in told for word in _PRESETS.damage.words)


def is_quality(reason: str) -> bool:
    """Whether the reason of a case or refund means quality or logistics (M61)."""
    told = reason.lower()
    return any(word in told for word in _PRESETS.quality.words)


def took(dues: Iterable[Due | None]) -> list[int]:
    """How long the refunds took of which both moments were told by who knows them, ms."""
    known = [due for due in dues if due and due.basis == "parcel" and due.since]
    return [due.ended_at - due.since for due in known if due.ended_at >= due.since]
