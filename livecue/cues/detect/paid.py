"""Rules about paid traffic and where people come from: advice for whoever buys traffic (R002, R022, R023)."""

from livecue.cues.detect.bounds import below, measured
from livecue.cues.presets import Preset
from livecue.cues.scene import SMALL, SOURCES, Calm, Facts, Finding, Scene, Signal, unknown


def r002(scene: Scene, preset: Preset) -> list[Finding]:
    """Value per viewer of the whole show so far is low: look at what is bought before more is spent."""
    metric = preset.metrics[0]
    spent, roi = scene.readings.reading("M51", "show"), scene.readings.reading("M52", "show")
    extra: Facts = {}
    if spent.value is not None:
        extra["M51"] = spent.value
    if roi.value is not None:
        extra["M52"] = round(roi.value, 3)
    return [below(scene, preset, scene.readings.reading(metric, preset.window), extra=extra)]


def r022(scene: Scene, preset: Preset) -> list[Finding]:
    """A source takes much less per view than the show does."""
    return _sources(scene, preset, weak=True)


def r023(scene: Scene, preset: Preset) -> list[Finding]:
    """A source takes much more per view than the show does."""
    return _sources(scene, preset, weak=False)


def _sources(scene: Scene, preset: Preset, weak: bool) -> list[Finding]:
    metric, window = preset.metrics[0], preset.window
    whole = scene.readings.reading(metric, window)
    if whole.value is None:
        return [unknown(preset.rule, whole)]
    if whole.sample < preset.value("sample") or whole.value <= 0:
        return [Calm(rule=preset.rule, recovered=False, why=SMALL)]
    found: list[Finding] = []
    for via in SOURCES:
        reading = scene.readings.reading(metric, window, f"source:{via}")
        if reading.value is None or reading.sample < preset.value("sample"):
            # Nobody came that way, or too few: it is neither weak nor strong.
            found.append(Calm(rule=preset.rule, subject=via, recovered=False, why=SMALL))
            continue
        share = reading.value / whole.value
        bound, back = preset.value("multiple"), preset.value("recover")
        if share >= bound if weak else share <= bound:
            recovered = share >= back if weak else share <= back
            found.append(Calm(rule=preset.rule, subject=via, recovered=recovered))
            continue
        facts: Facts = {**measured(reading), "via": via, "share": round(share, 3), "usual": whole.value, "bound": bound}
        found.append(Signal(rule=preset.rule, subject=via, facts=facts))
    return found
