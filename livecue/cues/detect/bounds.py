"""The comparison that most rules share: a figure against a bound, with a least sample and a second bound."""

from livecue.cues.presets import Preset
from livecue.cues.scene import SMALL, Calm, Facts, Finding, Scene, Signal, unknown
from livecue.metrics import Reading


def below(scene: Scene, preset: Preset, reading: Reading, subject: str = "", extra: Facts | None = None) -> Finding:
    """Fires under ``below``, recovers at ``recover``."""
    return _compare(scene, preset, reading, subject, extra, "below")


def above(scene: Scene, preset: Preset, reading: Reading, subject: str = "", extra: Facts | None = None) -> Finding:
    """Fires over ``above``, recovers at ``recover``."""
    return _compare(scene, preset, reading, subject, extra, "above")


def _compare(scene: Scene, preset: Preset, reading: Reading, subject: str, extra: Facts | None, bound: str) -> Finding:
    if reading.value is None:
        return unknown(preset.rule, reading, subject)
    if reading.sample < preset.value("sample"):
        return Calm(rule=preset.rule, subject=subject, recovered=False, why=SMALL)
    limit, back = preset.value(bound), preset.value("recover")
    fires = reading.value < limit if bound == "below" else reading.value > limit
    if not fires:
        recovered = reading.value >= back if bound == "below" else reading.value <= back
        return Calm(rule=preset.rule, subject=subject, recovered=recovered)
    return Signal(
        rule=preset.rule,
        subject=subject,
        facts={**measured(reading), "bound": limit, **named(scene, subject), **(extra or {})},
    )


def measured(reading: Reading) -> Facts:
    """A reading as facts: by its metric id, with window and sample, and as ``value`` for the text."""
    facts: Facts = {"metric": reading.metric, "window": reading.window, "sample": reading.sample}
    if reading.value is not None:
        facts["value"] = facts[reading.metric] = round(reading.value, 6)
    if reading.source:
        facts["source"] = reading.source
    return facts


def named(scene: Scene, product: str) -> Facts:
    """Name and number of the product a signal is about."""
    card = scene.product(product) if product else None
    if card is None:
        return {}
    return {"product": product, "name": card.name, "number": scene.shows.listed.get(product, card.number)}


def usual_span(preset: Preset) -> tuple[int, int]:
    """Minutes that say what is usual in this show, and how many of them must have a figure."""
    span = int(preset.value("usual_min"))
    return span, min(span, int(preset.value("usual_least_min")))


def median(values: list[float]) -> float:
    """The middle of a non-empty list."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
