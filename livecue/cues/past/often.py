"""How often would a rule have fired? The same detectors, run over the kept scenes of a past show."""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b

import msgspec

from livecue.cues.detect import DETECTORS
from livecue.cues.past.scenes import Moment
from livecue.cues.presets import Preset
from livecue.cues.scene import Calm, Finding, Scene, Signal, Suspended

_DETECTORS = {detector.rule: detector for detector in DETECTORS}

NOT_KEPT = "not_kept"
"""The show has no kept scenes: it ran before they were kept, or only planned."""
NO_SPEECH = "speech_not_watched"
BY_PEOPLE = frozenset({"R064"})
"""Whether a case was open is not among what is kept of a scene."""

_NOTHING: Mapping[str, tuple[int | None, str]] = {
    "R015": (0, "too_short"),
    "R030": (None, "no_stock"),
    "R033": (0, "no_deal_item"),
    "R034": (0, "no_offers"),
    "R050": (0, "no_segment"),
    "R051": (0, "no_segment"),
    "R122": (0, "no_draws"),
}
"""What it means when a rule never had anything to look at: no firing, or nobody can tell."""
_NO_PITCH: tuple[int | None, str] = (None, "no_pitch")
_OF_COMMENTS = frozenset({"R056", "R063", "R066"})


class Asked(msgspec.Struct, frozen=True):
    """A rule with the values to try: ``preset``, and others for products of some categories."""

    preset: Preset
    currency: str
    """Of the room."""
    by_category: dict[str, Preset] = {}

    @property
    def rule(self) -> str:
        """Its id."""
        return self.preset.rule

    @property
    def key(self) -> str:
        """The same for the same question."""
        told = [
            (category, preset.values, preset.metrics, preset.window, preset.scope, preset.currency, preset.classes)
            for category, preset in sorted({**self.by_category, "": self.preset}.items())
        ]
        off = sorted(category for category, preset in self.by_category.items() if preset.off)
        return blake2b(msgspec.json.encode((self.rule, self.currency, told, off)), digest_size=12).hexdigest()


class Fired(msgspec.Struct, frozen=True):
    """How often in one show. ``count`` None: nobody can tell, ``why`` by a code and ``metric`` by which figure.

    A 0 may bear a ``why`` too: there was nothing to fire on. ``told``: share of the scenes looked at in which the
    figures were known.
    """

    show: str
    count: int | None
    why: str = ""
    metric: str = ""
    told: float = 1.0


def how_often(asked: Asked, show: str, moments: Iterable[Moment]) -> Fired:
    """How many cues the rule would have given by itself, each waited for until it expires.

    Gaps between the cues of different rules, covering rules and quicker answers of people are left out.
    """
    tally = Tally(asked)
    for moment in moments:
        tally.look(moment)
    return tally.fired(show)


class _Last(msgspec.Struct):
    """When the rule last fired for a subject; ``until``: its cue is open till then and takes in twins."""

    at: int
    mark: int
    until: int
    clear: bool = False


class Tally:
    """Counts one rule through one show."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._detector = _DETECTORS[asked.rule]
        self._last: dict[str, _Last] = {}
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._count = self._looked = self._told = 0
        self._spoken = self._comments = False
        self._comments_why = ""

    def look(self, moment: Moment) -> None:
        """Ask the rule at this moment, if it was one of its own."""
        pace, scene = self._detector.pace, moment.scene
        if not moment.whole and pace != "words":
            return
        self._spoken = self._spoken or moment.spoken
        if pace == "metric" and scene.shows.stream == "paused":
            return
        if self._asked.rule in _OF_COMMENTS:
            self._hear_of_comments(moment)
        preset = self._preset(scene)
        if preset is None:
            return
        findings = self._ask(scene, preset)
        if findings:
            self._looked += 1
            self._told += any(not isinstance(item, Suspended) for item in findings)
        self._settle(findings, preset, scene.now)

    def _hear_of_comments(self, moment: Moment) -> None:
        heard = moment.scene.heard
        if heard.number:
            self._comments = True
        elif moment.whole and not self._comments:
            found = moment.scene.readings.reading("M25.comments", "show")
            self._comments = found.value is not None
            self._comments_why = found.why

    def _preset(self, scene: Scene) -> Preset | None:
        if self._asked.preset.scope != "product" or not self._asked.by_category:
            return self._asked.preset
        card = scene.product(scene.pitched())
        own = self._asked.by_category.get(card.category if card else "")
        if own is not None and own.off and not self._asked.preset.off:
            return None
        return own or self._asked.preset

    def _ask(self, scene: Scene, preset: Preset) -> list[Finding]:
        if preset.currency and preset.currency != self._asked.currency:
            return [Suspended(rule=preset.rule, metric=preset.metrics[0], why="other_currency")]
        return self._detector.detect(scene, preset)

    def _settle(self, findings: list[Finding], preset: Preset, now: int) -> None:
        present = {item.subject for item in findings}
        for subject, last in self._last.items():
            last.clear = last.clear or subject not in present
        for item in findings:
            known = self._last.get(item.subject)
            if isinstance(item, Suspended):
                self._unknown[item.why, item.metric] += 1
            elif isinstance(item, Calm):
                if known is not None and item.recovered:
                    known.clear = True
            else:
                self._signal(item, known, preset, now)

    def _signal(self, item: Signal, known: _Last | None, preset: Preset, now: int) -> None:
        if known is not None:
            if not known.clear and item.mark <= known.mark:
                return
            if now < known.until:
                known.clear, known.mark = False, item.mark
                return
            if now - known.at < preset.value("cooldown_s") * 1000:
                return
        self._count += 1
        self._last[item.subject] = _Last(now, item.mark, now + int(preset.value("expiry_s") * 1000))

    def fired(self, show: str) -> Fired:
        """The count, or why there is none."""
        rule = self._asked.rule
        told = round(self._told / self._looked, 3) if self._looked else 0.0
        if rule in BY_PEOPLE:
            return Fired(show, None, "by_people", told=0.0)
        if self._count:
            return Fired(show, self._count, told=told)
        if rule == "R065" and not self._spoken:
            return Fired(show, None, NO_SPEECH, told=0.0)
        if rule in _OF_COMMENTS and not self._comments:
            return Fired(show, None, self._comments_why or "no_source", "M25.comments", told=0.0)
        if not self._looked:
            count, why = _NOTHING.get(rule, _NO_PITCH)
            return Fired(show, count, why, told=told if count is None else 1.0)
        if not self._told:
            why, metric = self._unknown.most_common(1)[0][0]
            return Fired(show, None, why, metric, told=0.0)
        return Fired(show, 0, told=told)
