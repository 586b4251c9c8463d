"""The rows of cues, signals and thresholds: statements, and the questions that screens and the debrief ask of them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.cues.cue import Cue
from livecue.cues.scene import Facts
from livecue.events import ThresholdSet
from livecue.flow import RoomInfo
from livecue.reference import Scope, Threshold
from livecue.store import Reader

_COLUMNS = (
    "org", "brand", "room", "cue", "show", "rule", "role", "person", "subject", "state", "priority", "interrupting",
    "channel", "facts", "merged", "escalated_from", "escalated_to", "raised_at", "delivered_at", "seen_at", "ended_at",
    "expires_at", "judge_at", "judged_at", "answered_by", "reason", "metric", "verdict", "effect", "low", "high",
    "before_mean", "after_mean", "expected_mean", "method", "why",
)  # fmt: skip

CUE_SAVED = (
    f"INSERT INTO cues ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    " ON CONFLICT (room, cue) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("org", "brand", "room", "cue"))
)
SIGNAL_SAVED = (
    "INSERT INTO signals (org, brand, room, show, noticed_at, rule, subject, why, facts)"
    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (room, noticed_at, rule, subject) DO NOTHING"
)
THRESHOLD_SAVED = (
    "INSERT INTO thresholds"
    " (org, brand, room, command, rule, category, preset, changed, is_off, valid_from, set_at, set_by,"
    " scope, platform, is_reset, undoes)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, command) DO NOTHING"
)


def cue_row(room: RoomInfo, cue: Cue) -> tuple[Any, ...]:
    """Values in the order of the statement."""
    return (
        room.org, room.brand, room.room, cue.cue, cue.show, cue.rule, cue.role, cue.person, cue.subject, cue.state,
        cue.priority, int(cue.interrupting), cue.channel, _json(cue.facts), cue.merged, cue.escalated_from,
        cue.escalated_to, cue.raised_at, cue.delivered_at, cue.seen_at, cue.ended_at, cue.expires_at, cue.judge_at,
        cue.judged_at, cue.answered_by, cue.reason, cue.metric, cue.verdict, cue.effect, cue.low, cue.high, cue.before,
        cue.after, cue.expected, cue.method, cue.why,
    )  # fmt: skip


def signal_row(room: RoomInfo, show: str, now: int, rule: str, subject: str, why: str, facts: Facts) -> tuple[Any, ...]:
    """Values in the order of the statement."""
    return room.org, room.brand, room.room, show, now, rule, subject, why, _json(facts)


def _json(facts: Any) -> str:
    return msgspec.json.encode(facts).decode()


class CueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A cue of the past. Times are room ms, 0 is not; figures of its judgement are None where nothing can be said."""

    room: str
    cue: str
    show: str
    rule: str
    role: str
    person: str
    subject: str
    state: str
    priority: int
    interrupting: bool
    channel: str
    facts: Facts
    merged: int
    escalated_from: str
    escalated_to: str
    raised_at: int
    delivered_at: int
    seen_at: int
    ended_at: int
    expires_at: int
    judge_at: int
    judged_at: int
    answered_by: str
    reason: str
    metric: str
    verdict: str
    effect: float | None
    low: float | None
    high: float | None
    before: float | None
    after: float | None
    expected: float | None
    method: str
    why: str


def rules_of_cues(db: Reader, org: str, cues: Sequence[str]) -> dict[str, str]:
    """The rule of each of these cues (at most some hundreds); ids of anything else are left out."""
    if not cues:
        return {}
    places = ",".join("?" * len(cues))
    rows = db.rows(f"SELECT cue, rule FROM cues WHERE org = ? AND cue IN ({places})", (org, *cues))
    return {str(row[0]): str(row[1]) for row in rows}


def list_cues(db: Reader, org: str, brand: str, room: str = "", show: str = "", limit: int = 1000) -> list[CueRow]:
    """Cues of a brand, newest first; of one room or one show when named."""
    names = _COLUMNS[2:]
    where, values = _where(org, brand, room, show)
    rows = db.rows(
        f"SELECT {', '.join(names)} FROM cues WHERE {where} ORDER BY raised_at DESC, cue LIMIT ?", (*values, limit)
    )
    fields = CueRow.__struct_fields__
    return [
        CueRow(
            **{
                **dict(zip(fields, row, strict=True)),
                "interrupting": bool(row[9]),
                "facts": msgspec.json.decode(row[11]),
            }
        )
        for row in rows
    ]


class RuleCount(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule fared in one show. ``noticed``: signals that did not become a cue."""

    show: str
    rule: str
    raised: int
    done: int
    dismissed: int
    expired: int
    useful: int
    noticed: int


def count_fired(db: Reader, org: str, brand: str, room: str = "", show: str = "") -> list[RuleCount]:
    """Cues and signals by show and rule, as they really happened."""
    where, values = _where(org, brand, room, show)
    cues = db.rows(
        "SELECT show, rule, COUNT(*), SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN state = 'dismissed' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'expired' THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN verdict = 'useful' THEN 1 ELSE 0 END) FROM cues WHERE {where} AND escalated_from = ''"
        " GROUP BY show, rule",
        values,
    )
    noticed = db.rows(f"SELECT show, rule, COUNT(*) FROM signals WHERE {where} GROUP BY show, rule", values)
    counts: dict[tuple[str, str], list[int]] = {(row[0], row[1]): [*map(int, row[2:]), 0] for row in cues}
    for row in noticed:
        counts.setdefault((row[0], row[1]), [0] * 6)[5] = int(row[2])
    return [
        RuleCount(show=show, rule=rule, raised=c[0], done=c[1], dismissed=c[2], expired=c[3], useful=c[4], noticed=c[5])
        for (show, rule), c in sorted(counts.items())
    ]


class ThresholdRow(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold as a person set it, oldest first: who changed what, when, from when on."""

    room: str
    rule: str
    category: str
    preset: str
    values: dict[str, float]
    off: bool
    valid_from: int
    set_at: int
    set_by: str
    command: str = ""
    scope: Scope = "room"
    platform: str = ""
    reset: bool = False
    undoes: str = ""

    @property
    def threshold(self) -> Threshold:
        """As the rules read it."""
        return Threshold(
            rule=self.rule,
            values=tuple(self.values.items()),
            preset=self.preset,
            category=self.category,
            off=self.off,
            valid_from=self.valid_from,
            scope=self.scope,
            platform=self.platform,
            reset=self.reset,
            undoes=self.undoes,
            command=self.command,
        )

    @property
    def event(self) -> ThresholdSet:
        """As it is told to another room, in force from then on."""
        return ThresholdSet(
            rule=self.rule,
            values=self.values,
            preset=self.preset,
            off=self.off,
            scope=self.scope,
            platform=self.platform,
            reset=self.reset,
            undoes=self.undoes,
            command=self.command,
        )


def list_thresholds(db: Reader, org: str, brand: str, room: str) -> list[ThresholdRow]:
    """Every change of a room's thresholds."""
    rows = db.rows(
        "SELECT room, rule, category, preset, changed, is_off, valid_from, set_at, set_by,"
        " command, scope, platform, is_reset, undoes FROM thresholds"
        " WHERE org = ? AND brand = ? AND room = ? ORDER BY set_at, command",
        (org, brand, room),
    )
    return [
        ThresholdRow(
            room=row[0],
            rule=row[1],
            category=row[2],
            preset=row[3],
            values=msgspec.json.decode(row[4]),
            off=bool(row[5]),
            valid_from=row[6],
            set_at=row[7],
            set_by=row[8],
            command=row[9],
            scope=row[10],
            platform=row[11],
            reset=bool(row[12]),
            undoes=row[13],
        )
        for row in rows
    ]


def _where(org: str, brand: str, room: str, show: str) -> tuple[str, tuple[str, ...]]:
    where = "org = ? AND brand = ?"
    values: tuple[str, ...] = (org, brand)
    if room:
        where, values = f"{where} AND room = ?", (*values, room)
    if show:
        where, values = f"{where} AND show = ?", (*values, show)
    return where, values
