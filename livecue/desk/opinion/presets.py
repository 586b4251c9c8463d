"""Signs, deciders and steps of the levels of public opinion: dated presets out of ``presets.toml``."""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """Something to be done from level ``first`` on; ``care`` belongs to after-care and becomes a task."""

    id: str
    first: int
    role: str
    zh: str
    en: str
    care: bool = False


class OpinionPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set; what each means is told in the file."""

    valid_from: date
    same_people: int
    same_min: int
    claim_share: float
    claim_min: int
    claim_sample: int
    claim_people: int
    claim_topics: tuple[str, ...]
    claim_words: tuple[str, ...]
    injury_words: tuple[str, ...]
    injury_people: int
    decide_s: dict[str, int]
    approvals: dict[str, int]
    after_care_days: int
    who: dict[str, tuple[str, ...]]
    step: tuple[Step, ...]

    @property
    def since(self) -> int:
        """The first moment it holds, ms UTC."""
        at = datetime(self.valid_from.year, self.valid_from.month, self.valid_from.day, tzinfo=UTC)
        return int(at.timestamp() * 1000)

    def above(self, level: int, told: tuple[str, ...]) -> str:
        """Who hears next that nobody decides a level: the first role of the levels above that does not decide it."""
        own = self.who.get(str(level), ())
        higher = [role for up in range(level + 1, 5) for role in self.who.get(str(up), ()) if role not in own]
        # Nobody is above those of the last level: they hear it again, the first of them first.
        return next((role for role in (*higher, *self.who.get("4", ())) if role not in told), "")

    def steps(self, level: int, care: bool = False) -> tuple[Step, ...]:
        """What a level asks for, in order; with ``care`` what is left for afterwards."""
        return tuple(step for step in self.step if step.first <= level and step.care == care)


def _load() -> tuple[OpinionPreset, ...]:
    text = files("livecue.desk.opinion").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text)["preset"], list[OpinionPreset])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as error:
        raise Defect(f"presets.toml of public opinion: {error}") from error
    return tuple(sorted(rows, key=lambda row: row.valid_from))


OPINION_PRESETS = _load()


def preset_at(now: int) -> OpinionPreset:
    """The preset that holds at ``now`` (ms UTC); the first one before that."""
    return next((row for row in reversed(OPINION_PRESETS) if row.since <= now), OPINION_PRESETS[0])
