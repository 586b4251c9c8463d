"""Timed plans and draws out of their rows, for the office, the check and whoever recomputes a draw."""

from collections.abc import Sequence

import msgspec

from livecue.events import DrawRules
from livecue.shelf import tables
from livecue.shelf.lot import METHOD, Proof, faults_of
from livecue.shelf.plan import PlannedStep
from livecue.store import Reader, Row


class PlanRow(msgspec.Struct, frozen=True):
    """The plan as it was kept last. ``version`` 0: nobody made one."""

    version: int = 0
    by: str = ""
    at: int = 0
    steps: tuple[PlannedStep, ...] = ()


def find_plan(db: Reader, room: str, show: str) -> PlanRow:
    """The timed plan of a show with what became of its steps."""
    rows = db.rows(tables.FIND_PLAN, (room, show))
    if not rows:
        return PlanRow()
    version, by, at, steps = rows[0]
    return PlanRow(int(version), str(by), int(at), msgspec.json.decode(steps, type=tuple[PlannedStep, ...]))


class DrawRow(msgspec.Struct, frozen=True):
    """A draw: ``kind`` word (the team's own, can be recomputed) or platform (the platform drew; its word is recorded).

    ``state``: asked, waiting, open, held, void, cancelled or failed; of a platform open or ended. -1 is "not told".
    """

    room: str
    draw: str
    show: str
    kind: str
    state: str
    rules: DrawRules
    commitment: str
    digest: str
    seed: str
    entrants: int
    winners: tuple[str, ...]
    """Codes of the team's own draw."""
    won: int
    """How many won."""
    by: str
    second_by: str
    asked_at: int
    opened_at: int
    closed_at: int
    why: str


class Winner(msgspec.Struct, frozen=True):
    """A winner as the team sees one. ``prize``: won, told, sent, declined or lapsed; ``name`` is masked."""

    code: str
    place: int
    prize: str
    note: str
    noted_at: int
    noted_by: str
    name: str
    comment: str


def list_draws(db: Reader, room: str, show: str = "", limit: int = 50) -> list[DrawRow]:
    """The draws of a room, or of one show, newest first."""
    return [_draw(row) for row in db.rows(tables.LIST_DRAWS, (room, show, show, limit))]


def find_draw(db: Reader, room: str, draw: str) -> DrawRow | None:
    """One draw of a room."""
    rows = db.rows(tables.FIND_DRAW, (room, draw))
    return _draw(rows[0]) if rows else None


def _draw(row: Row) -> DrawRow:
    told = msgspec.json.decode(row[10])
    winners = tuple(told) if isinstance(told, list) else ()
    named = dict(zip(_COLUMNS, row, strict=True))
    named["rules"] = msgspec.json.decode(row[5], type=DrawRules)
    named["winners"] = winners
    return DrawRow(**named, won=told if isinstance(told, int) else len(winners))


_COLUMNS = (
    "room", "draw", "show", "kind", "state", "rules", "commitment", "digest", "seed", "entrants", "winners", "by",
    "second_by", "asked_at", "opened_at", "closed_at", "why",
)  # fmt: skip


def list_winners(db: Reader, room: str, draw: str) -> list[Winner]:
    """Who won, the first prize first."""
    return [Winner(*row) for row in db.rows(tables.WINNERS, (room, draw))]


def proof_of(db: Reader, row: DrawRow) -> Proof | None:
    """Everything needed to recompute a draw that was held; None before, and for those of a platform."""
    if row.kind != "word" or row.state != "held":
        return None
    return Proof(
        method=METHOD,
        draw=row.draw,
        rules=msgspec.to_builtins(row.rules),
        commitment=row.commitment,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        seed=row.seed,
        digest=row.digest,
        codes=tuple(_codes(db, row)),
        winners=row.winners,
    )


def _codes(db: Reader, row: DrawRow) -> Sequence[str]:
    return [str(code[0]) for code in db.rows(tables.CODES, (row.room, row.draw))]


def check_draws(db: Reader) -> tuple[int, list[tuple[str, str, list[str]]]]:
    """Every held draw recomputed: (how many, those that do not fit as (room, draw, what))."""
    wrong, count = [], 0
    for raw in db.rows(tables.HELD_DRAWS):
        row = _draw(raw)
        proof = proof_of(db, row)
        faults = ["state"] if proof is None else faults_of(proof)
        count += 1
        if faults:
            wrong.append((row.room, row.draw, faults))
    return count, wrong
