"""Rules about stock and offers."""

from livecue.cues.detect.bounds import named
from livecue.cues.presets import Preset
from livecue.cues.scene import Calm, Facts, Finding, Scene, Signal, Suspended

_NO_BALANCE = "no_source"


def r030(scene: Scene, preset: Preset) -> list[Finding]:
    """Stock of a product on the lineup low: time to replenish."""
    free = scene.free_stocks()
    return [_stock(scene, preset, card.product, free.get(card.product)) for card in scene.shows.products]


def r031(scene: Scene, preset: Preset) -> list[Finding]:
    """Stock of the pitched product nearly gone: close with the true figure."""
    product = scene.pitched()
    if not product:
        return []
    free = scene.free_stock(product)
    # Sold out is another rule's matter, and nothing to close on.
    return [Calm(rule="R031", subject=product, recovered=False) if free == 0 else _stock(scene, preset, product, free)]


def r033(scene: Scene, preset: Preset) -> list[Finding]:
    """A deal item is sold out and still listed."""
    found: list[Finding] = []
    for card in scene.shows.products:
        if card.product in scene.shows.listed and (card.role == "deal" or preset.value("any_role")):
            found.append(_stock(scene, preset, card.product, scene.free_stock(card.product)))
    return found


def r034(scene: Scene, preset: Preset) -> list[Finding]:
    """An offer with an end is about to end."""
    found: list[Finding] = []
    for offer in scene.shows.offers:
        left_s = (offer.ends_at - scene.now) / 1000
        if not offer.ends_at or left_s <= 0:
            continue
        if left_s > preset.value("left_s"):
            found.append(Calm(rule="R034", subject=offer.offer, recovered=left_s >= preset.value("recover")))
            continue
        facts: Facts = {"title": offer.title, "left_s": int(left_s), "left": round(left_s / 60)}
        facts["bound"] = preset.value("left_s")
        if offer.product:
            free = scene.free_stock(offer.product)
            facts["stock"] = "unknown" if free is None else free
            facts.update(named(scene, offer.product))
        found.append(Signal(rule="R034", subject=offer.offer, facts=facts))
    return found


def _stock(scene: Scene, preset: Preset, product: str, free: int | None) -> Finding:
    if free is None:
        return Suspended(rule=preset.rule, metric="stock", why=_NO_BALANCE, subject=product)
    if free >= preset.value("below"):
        return Calm(rule=preset.rule, subject=product, recovered=free >= preset.value("recover"))
    facts: Facts = {"stock": free, "bound": preset.value("below"), **named(scene, product)}
    return Signal(rule=preset.rule, subject=product, facts=facts)
