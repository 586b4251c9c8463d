"""A proposal becomes the lineup and the rundown of a show: nothing is typed again, nothing written is lost."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.events import ProductCard, SegmentPlan
from livecue.kit import stable_id
from livecue.planning.selection.proposal import Pick


def lineup_of(picks: Sequence[Pick], cards: Mapping[str, ProductCard]) -> tuple[ProductCard, ...]:
    """The cards in the order of the proposal, numbered from 1 (3号链接)."""
    known = [cards[pick.product] for pick in picks if pick.product in cards]
    return tuple(msgspec.structs.replace(card, number=number) for number, card in enumerate(known, 1))


def rundown_of(
    proposal: str, picks: Sequence[Pick], cards: Mapping[str, ProductCard], before: Sequence[SegmentPlan]
) -> tuple[SegmentPlan, ...]:
    """Segments with the talks in order and the times flowing from one to the next.

    What ``before`` has without a product (warm-up, lucky bag, goodbye) stays about where it was; a product that was in
    it keeps its segment with everything people wrote there (host, talk track, scene, light, props, stock cue, draw).
    Length and targets are what the proposal expects.
    """
    talks = {segment.product: segment for segment in before if segment.product}
    total = sum(bool(segment.product) for segment in before)
    others: dict[int, list[SegmentPlan]] = {}
    passed = 0
    for segment in before:
        if segment.product:
            passed += 1
            continue
        place = round(passed / total * len(picks)) if total else (len(picks) if segment.part == "goodbye" else 0)
        others.setdefault(place, []).append(segment)
    made: list[SegmentPlan] = []
    offset = 0

    def add(segment: SegmentPlan) -> None:
        nonlocal offset
        made.append(msgspec.structs.replace(segment, offset_s=offset))
        offset += segment.duration_s

    for number, pick in enumerate(picks):
        for segment in others.get(number, ()):
            add(segment)
        known = talks.get(pick.product)
        add(
            msgspec.structs.replace(
                known or SegmentPlan(segment=stable_id("segment", proposal, pick.product), part="pitch"),
                part="deal" if pick.role == "deal" else "pitch",
                title=cards[pick.product].name if pick.product in cards else pick.name,
                duration_s=round(pick.minutes * 60),
                product=pick.product,
                target_gmv=max(round(pick.parts.turnover), 0),
                target_orders=max(round(pick.parts.pieces), 0),
            )
        )
    for segment in others.get(len(picks), ()):
        add(segment)
    return tuple(made)
