"""From a measured debrief to its highlights, problems and improvements, by the named rules of ``presets.toml``."""

from collections.abc import Callable, Sequence

from livecue.debrief.body import DebriefBody
from livecue.debrief.findings import cues, goods, rhythm, technical, traffic, words
from livecue.debrief.findings.found import Found
from livecue.debrief.presets import PRESETS, Preset

FINDERS: dict[str, Callable[[DebriefBody, Preset], Sequence[Found]]] = {
    "overrun": rhythm.overrun,
    "not_run": rhythm.not_run,
    "best_segment": rhythm.best_segment,
    "best_product": goods.best_product,
    "weak_product": goods.weak_product,
    "sold_out_listed": goods.sold_out_listed,
    "sold_out_early": goods.sold_out_early,
    "stock_short": goods.stock_short,
    "refunds": goods.refunds,
    "strong_source": traffic.strong_source,
    "weak_source": traffic.weak_source,
    "traffic_up": traffic.traffic_up,
    "traffic_down": traffic.traffic_down,
    "interaction_down": traffic.interaction_down,
    "goal_reached": traffic.goal_reached,
    "goal_missed": traffic.goal_missed,
    "unanswered": words.unanswered,
    "slow_replies": words.slow_replies,
    "complaints": words.complaints,
    "opinion": words.opinion,
    "blocked_words": words.blocked_words,
    "cue_helped": cues.cue_helped,
    "cue_no_effect": cues.cue_no_effect,
    "cue_unanswered": cues.cue_unanswered,
    "stutter": technical.stutter,
    "feed_gone": technical.feed_gone,
}
"""The rule behind each code of ``presets.toml``."""


def found_by(body: DebriefBody) -> list[tuple[Preset, Found]]:
    """What every rule finds, in the order of the presets, the weightiest first and not more than a preset allows."""
    everything = []
    for code, preset in PRESETS.items():
        found = sorted(FINDERS[code](body, preset), key=lambda item: (-item.weight, item.subject))
        everything += [(preset, item) for item in found[: preset.most]]
    return everything


__all__ = ["FINDERS", "Found", "found_by"]
