"""Advertising Law training (R068, F22): who attended when, and who is due."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import ClassVar

import msgspec

from livecue.compliance import tables
from livecue.compliance.presets import PRESETS
from livecue.events import CommandAsked, Event, TrainingHeld, TrainingRemoved
from livecue.flow import RowsOnly, Unit
from livecue.store import Reader

_DAY_MS = 24 * 3600 * 1000
_MOST = 500
ON_AIR = ("host", "cohost", "guest", "virtual_host", "floor")
"""Roles that are trained monthly: all posts on the air."""


class Training(RowsOnly):
    """Owns the record of trainings, in the stream of the house."""

    name: ClassVar[str] = "training"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({TrainingHeld, TrainingRemoved})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        if isinstance(event, TrainingRemoved):
            if not unit.ask(tables.DROP_TRAINING, (event.org, event.brand, event.training)):
                return "no_training", "there is no such training; it was removed already"
            unit.write(tables.DROP_ATTENDANCE, (event.org, event.brand, event.training))
            return None
        assert isinstance(event, TrainingHeld)
        if not event.training or not event.subject.strip() or len(event.subject) > 200 or len(event.note) > 2000:
            return "incomplete", "a training needs an id and a subject of at most 200 characters"
        if _midnight(event.day) is None:
            return "bad_day", "write the day with its year, as 2026-11-22"
        people = (*event.attended, *event.missed)
        if not event.attended or len(people) > _MOST or len(set(people)) != len(people):
            return "nobody_came", f"say who came, each person once, at most {_MOST} people"
        unit.write(
            tables.SAVE_TRAINING,
            (
                event.org, event.brand, event.training, event.day, event.subject.strip(), event.trainer,
                event.minutes, event.note, event.by,
            ),
        )  # fmt: skip
        unit.write(tables.DROP_ATTENDANCE, (event.org, event.brand, event.training))
        unit.write_many(
            tables.SAVE_ATTENDANCE,
            [(event.org, event.brand, event.training, person, 1) for person in event.attended]
            + [(event.org, event.brand, event.training, person, 0) for person in event.missed],
        )
        return None


def _midnight(day: str) -> int | None:
    """The start of a day in ms UTC; None when it is none."""
    try:
        found = date.fromisoformat(day) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else None
    except ValueError:
        return None
    return None if found is None else int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp() * 1000)


class TrainingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A training as it was held."""

    training: str
    day: str
    subject: str
    trainer: str
    minutes: int
    note: str
    entered_by: str
    attended: list[str]
    missed: list[str]


def list_trainings(db: Reader, org: str, brand: str) -> list[TrainingRow]:
    """The trainings of a brand, newest first."""
    came: dict[str, tuple[list[str], list[str]]] = {}
    for training, person, attended in db.rows(tables.LIST_ATTENDANCE, (org, brand)):
        came.setdefault(training, ([], []))[0 if attended else 1].append(person)
    return [
        TrainingRow(
            training=r[0], day=r[1], subject=r[2], trainer=r[3], minutes=r[4], note=r[5], entered_by=r[6],
            attended=came.get(r[0], ([], []))[0], missed=came.get(r[0], ([], []))[1],
        )
        for r in db.rows(tables.LIST_TRAININGS, (org, brand))
    ]  # fmt: skip


def last_trained(db: Reader, org: str, brand: str, people: Sequence[str]) -> dict[str, int]:
    """Person to the day of the last training they attended (ms UTC of its midnight)."""
    wanted = set(people)
    found: dict[str, int] = {}
    for person, day in db.rows(tables.LAST_TRAINED, (org, brand)):
        at = _midnight(str(day)) if person in wanted else None
        if at is not None:
            found[person] = at
    return found


def is_due(last_day: str, at: int) -> bool:
    """Whether somebody last trained on ``last_day`` ("" is never) must be trained before ``at`` (ms)."""
    last = _midnight(last_day) if last_day else None
    return last is None or at - last > (PRESETS.training_days + 1) * _DAY_MS
