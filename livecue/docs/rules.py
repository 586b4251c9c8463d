"""Rules R001 to R130 as worded, and the presets of those that are watched live."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from livecue.cues import DETECTORS, LIMITS, PRESETS, VALUE_NAMES, Preset
from livecue.docs.words import Words, code, safe, table
from livecue.metrics import VARIANTS
from livecue.reference import (
    DESK_PRESETS,
    DESK_VALUES,
    METRICS,
    ROLES,
    RULE_GROUPS,
    RULES,
    STAGE_PRESETS,
    STAGE_VALUES,
    DeskPreset,
    Rule,
    StagePreset,
    ValueName,
)

_SHOWN_ONCE = ("sample", "cooldown_s", "expiry_s", "expiry_next_s", "judge_s", "episode")
"""Values that every rule knows; they come last, those that make it this rule come first."""


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/rules.md."""
    watched = [detector.rule for detector in DETECTORS if detector.rule in PRESETS]
    yield f"# {words.label('rules')}"
    yield ""
    yield words.label("rules_intro").format(len(RULES), len(set(watched)))
    yield ""
    yield words.label("marks_intro")
    yield ""
    yield f"## {words.label('rules_all')}"
    yield ""
    for group, name in RULE_GROUPS.items():
        yield f"### {words.of(name)}"
        yield ""
        heads = ("id", "rule", "condition", "value", "window", "action", "who", "watched", "mark")
        rows = [_row(rule, rule.id in watched, words) for rule in RULES.values() if rule.group == group]
        yield from table([words.label(head) for head in heads], rows)
    yield f"## {words.label('presets')}"
    yield ""
    yield words.label("presets_intro").format(LIMITS.host_gap_s)
    yield ""
    for rule in sorted(set(watched)):
        yield from _presets(rule, PRESETS[rule], words)
    yield from _bounds("desk_bounds", DESK_PRESETS, DESK_VALUES, words)
    yield from _bounds("stage_bounds", STAGE_PRESETS, STAGE_VALUES, words)


def _bounds(
    title: str, presets: Sequence[DeskPreset | StagePreset], names: Mapping[str, ValueName], words: Words
) -> Iterator[str]:
    """Bounds that are set as those of a rule: the comment desk's, the stages'."""
    yield f"## {words.label(title)}"
    yield ""
    yield words.label(f"{title}_intro")
    yield ""
    for preset in presets:
        whom = words.list(filter(None, (preset.platform, preset.category)))
        since = f"{words.label('valid_from')} {_day(preset.valid_from)}"
        about = (words.of(preset.definition), f"{preset.mark}, {words.text(preset.source)}", since)
        yield f"- {code(preset.name)}{f' ({whom})' if whom else ''}: {words.row(about)}"
        yield ""
        rows = []
        for name, value in msgspec.structs.asdict(preset.values).items():
            bounds = names[name]
            most = "" if bounds.most is None else f"{bounds.most:g}"
            rows.append((words.of(bounds), f"{value:g}", f"{bounds.least:g} – {most}"))
        yield from table([words.label("values"), words.label("value"), words.label("settable")], rows)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def _row(rule: Rule, watched: bool, words: Words) -> tuple[str, ...]:
    mark = rule.mark + (f" ({words.label('value')} {rule.value_mark})" if rule.value_mark else "")
    mark += f" ({words.label('window')} {rule.window_mark})" if rule.window_mark else ""
    return (
        rule.id,
        words.of(rule),
        words.of(rule.condition),
        words.of(rule.value),
        words.of(rule.window),
        words.of(rule.action),
        role_names(rule.who, words) + (words.label("via").format(words.of(ROLES[rule.via])) if rule.via else ""),
        words.label("yes") if watched else "",
        f"{mark}, {rule.source}",
    )


def role_names(roles: tuple[str, ...], words: Words) -> str:
    """Roles in words; "all" is everybody."""
    return words.list(words.of(ROLES[role]) if role in ROLES else words.label("everybody") for role in roles)


def _presets(rule: str, presets: tuple[Preset, ...], words: Words) -> Iterator[str]:
    first = presets[0]
    yield f"### {rule} {words.of(RULES[rule])}"
    yield ""
    told = words.said("tells", role_names(first.roles, words))
    after = words.said("escalates", role_names(first.escalate, words) or words.label("nobody"))
    yield "- " + words.said("says", safe(words.of(first.say)))
    yield "- " + words.row((told, after))
    yield "- " + words.said("judged", _judged(first, words))
    if first.watches is not None:
        yield "- " + words.said("watches", words.of(first.watches))
    for name, why in first.without.items():
        yield "- " + words.said(f"without_{name}", words.of(why))
    traits = [name for name, holds in (("urgent", first.urgent), ("quiet", not first.interrupting)) if holds]
    for trait in traits:
        yield f"- {words.label('trait_' + trait)}"
    if first.covered_by:
        yield "- " + words.said("covered", words.list(first.covered_by))
    yield ""
    heads = ("preset", "metric", "window", "values", "definition", "mark", "valid_from")
    yield from table(
        [words.label(head) for head in heads], [_preset(place, item, words) for place, item in enumerate(presets)]
    )


def _judged(preset: Preset, words: Words) -> str:
    if preset.judge == "none":
        return words.label("judge_none")
    if preset.judge == "act":
        return words.label("judge_act")
    over = words.label("judge_over").format(metric_name(preset.judge_over, words)) if preset.judge_over else ""
    return words.label("judge_series").format(metric_name(preset.judge_metric, words) + over)


def metric_name(metric: str, words: Words) -> str:
    """A metric's id with its name."""
    return f"{metric} {words.of(METRICS.get(metric) or VARIANTS[metric])}"


def _preset(place: int, preset: Preset, words: Words) -> tuple[str, ...]:
    for_whom = words.list(filter(None, (preset.platform, preset.category)))
    own = [name for name in preset.values if name not in _SHOWN_ONCE]
    listed = [*own, *(name for name in _SHOWN_ONCE if name in preset.values)]
    values = words.row(f"{words.of(VALUE_NAMES[name])} {preset.values[name]:g}" for name in listed)
    return (
        code(preset.name)
        + (f" {words.label('starts_on')}" if place == 0 else "")
        + (f" ({for_whom})" if for_whom else ""),
        words.list(preset.metrics) or words.list(preset.classes),
        f"{preset.window}{f' / {preset.against}' if preset.against else ''}, {words.label('scope_' + preset.scope)}"
        if preset.metrics
        else "",
        values,
        words.of(preset.definition),
        f"{preset.mark}, {words.text(preset.source)}",
        _day(preset.valid_from),
    )
