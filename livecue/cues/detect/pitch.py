"""Rules about the product being pitched."""

from livecue.cues.detect.bounds import above, below, measured, median, named, usual_span
from livecue.cues.detect.rhythm import no_segment
from livecue.cues.presets import Preset
from livecue.cues.scene import SMALL, Calm, Facts, Finding, Scene, Signal, unknown
from livecue.metrics import WINDOWS_MS


def r004(scene: Scene, preset: Preset) -> list[Finding]:
    """Click rate of the product low."""
    product = _talked_about(scene, preset)
    if not product:
        return []
    return [
        below(scene, preset, scene.readings.reading(preset.metrics[0], preset.window, f"product:{product}"), product)
    ]


def r005(scene: Scene, preset: Preset) -> list[Finding]:
    """Orders per click of the product low."""
    return r004(scene, preset)


def r014(scene: Scene, preset: Preset) -> list[Finding]:
    """Many click, few order."""
    product = _talked_about(scene, preset)
    if not product:
        return []
    scope = f"product:{product}"
    clicks, orders = (scene.readings.reading(metric, preset.window, scope) for metric in preset.metrics)
    if clicks.value is None:
        return [unknown("R014", clicks, product)]
    extra: Facts = {clicks.metric: clicks.value, "clicks_above": preset.value("clicks_above")}
    found = below(scene, preset, orders, product, extra)
    if clicks.value < preset.value("clicks_above"):
        # Clicks that waver about their bound do not end it: orders have to come back.
        return [Calm(rule="R014", subject=product, recovered=isinstance(found, Calm) and found.recovered)]
    return [found]


def r018(scene: Scene, preset: Preset) -> list[Finding]:
    """Neither clicks nor comments."""
    product = _talked_about(scene, preset)
    if not product:
        return []
    rate, talk = preset.metrics
    clicks = scene.readings.reading(rate, preset.window, f"product:{product}")
    found = below(scene, preset, clicks, product)
    if not isinstance(found, Signal):
        return [found]
    span, least = usual_span(preset)
    minutes = scene.readings.minutes_of(talk, span)
    before = [value for value in minutes if value is not None]
    if not minutes or minutes[-1] is None:
        return [unknown("R018", scene.readings.reading(talk, preset.window), product)]
    if len(before) < least:
        return [Calm(rule="R018", subject=product, recovered=False, why=SMALL)]
    latest, usual = before[-1], median(before)
    if usual < preset.value("usual_least"):
        return [Calm(rule="R018", subject=product, recovered=False, why=SMALL)]
    if latest > usual * preset.value("share"):
        # Comments that waver about their bound do not end it: clicks have to come back.
        return [Calm(rule="R018", subject=product, recovered=False)]
    extra: Facts = {talk: latest, "usual": usual, "share": preset.value("share")}
    return [Signal(rule="R018", subject=product, facts={**found.facts, **extra})]


def r019(scene: Scene, preset: Preset) -> list[Finding]:
    """The product sells well: worth more time."""
    product = _talked_about(scene, preset)
    if not product:
        return []
    return [
        above(scene, preset, scene.readings.reading(preset.metrics[0], preset.window, f"product:{product}"), product)
    ]


def r025(scene: Scene, preset: Preset) -> list[Finding]:
    """The pitch is about to end while takings still rise."""
    product, segment = scene.pitched(), scene.segment()
    if not product:
        return []
    if segment is None:
        return [no_segment(scene, preset.rule)]
    if segment.product not in ("", product):
        return []
    left_s = scene.left_ms(segment) / 1000
    if left_s > preset.value("left_s"):
        return [Calm(rule="R025", subject=product, recovered=left_s >= preset.value("recover"))]
    scope = f"product:{product}"
    windows = (preset.window, preset.against)
    minute, longer = (scene.readings.reading(preset.metrics[0], window, scope) for window in windows)
    for reading in (minute, longer):
        if reading.value is None:
            return [unknown("R025", reading, product)]
    assert minute.value is not None and longer.value is not None
    if longer.sample < preset.value("sample"):
        return [Calm(rule="R025", subject=product, recovered=False, why=SMALL)]
    times = WINDOWS_MS[preset.against] / WINDOWS_MS[preset.window]
    rise = minute.value * times / longer.value if longer.value else 0.0
    if rise < preset.value("rise"):
        return [Calm(rule="R025", subject=product, recovered=False)]
    facts: Facts = {
        **measured(minute),
        f"{longer.metric}.{longer.window}": longer.value,
        "rise": round(rise, 3),
        "left": int(left_s),
    }
    facts["bound"] = preset.value("rise")
    return [Signal(rule="R025", subject=product, facts={**facts, **named(scene, product)})]


def _talked_about(scene: Scene, preset: Preset) -> str:
    """The pitched product once it has been pitched long enough to judge it."""
    product = scene.pitched()
    return product if product and scene.pitched_ms() >= preset.value("talk_s") * 1000 else ""
