"""Rules about cues: which helped, which never did, which nobody answered."""

from livecue.debrief.body import DebriefBody, RuleLine
from livecue.debrief.findings.found import Found
from livecue.debrief.presets import Preset
from livecue.debrief.words import change, label, listed, metric_name
from livecue.reference import ROLES, RULES, Words

_SPOKE = ("useful", "harmful", "no_effect")
"""Verdicts that say something; the others say that nothing can be said."""


def cue_helped(body: DebriefBody, preset: Preset) -> list[Found]:
    """Over several cues a rule moved its figure for the better, chance aside."""
    found = []
    for line in body.cue_rules:
        useful = line.verdicts.get("useful", 0)
        if line.effect is None or line.low is None or line.high is None or line.low <= 0:
            continue
        if useful >= preset.value("useful") and line.measured >= preset.value("cues"):
            values: dict[str, str | int | Words] = {
                "rule": rule_name(line.rule),
                "followed": line.followed,
                "metric": metric_name(line.metric),
                "effect": change(line.effect),
                "low": change(line.low),
                "high": change(line.high),
            }
            found.append(Found(values, line.rule, line.effect, line.rule, (line.metric,)))
    return found


def cue_no_effect(body: DebriefBody, preset: Preset) -> list[Found]:
    """A rule's cues were followed and judged by a metric, and not one was useful: it is to be changed or retired."""
    found = []
    for line in body.cue_rules:
        judged = _judged(line)
        if (
            not line.metric
            or line.followed < preset.value("cues")
            or judged < preset.value("cues")
            or line.verdicts.get("useful")
        ):
            continue
        values: dict[str, str | int | Words] = {
            "rule": rule_name(line.rule),
            "followed": line.followed,
            "judged": judged,
            "verdicts": verdicts(line),
        }
        found.append(Found(values, line.rule, judged, line.rule, (line.metric,)))
    return found


def cue_unanswered(body: DebriefBody, preset: Preset) -> list[Found]:
    """Nobody ever answered a rule's cues: they go to the wrong place, or nobody is there."""
    found = []
    for line in body.cue_rules:
        if line.unanswered < preset.value("cues") or line.followed or line.dismissed:
            continue
        roles = dict.fromkeys(cue.role for cue in body.cues if cue.rule == line.rule)
        values: dict[str, str | int | Words] = {
            "rule": rule_name(line.rule),
            "given": line.given,
            "roles": listed(role_name(role) for role in roles),
        }
        found.append(Found(values, line.rule, line.unanswered, line.rule))
    return found


def rule_name(rule: str) -> Words:
    """Id and name of a rule."""
    row = RULES.get(rule)
    return Words(f"{rule}「{row.zh}」", f"{rule} “{row.en}”") if row else Words(rule, rule)


def role_name(role: str) -> Words:
    """The name of a role."""
    row = ROLES.get(role)
    return Words(row.zh, row.en) if row else Words(role, role)


def verdicts(line: RuleLine) -> Words:
    """Verdicts with their counts: "有效 2、无效果 1"."""
    items = []
    for name in (*_SPOKE, "too_little_data", "not_measured", "not_followed", "open"):
        if count := line.verdicts.get(name):
            words = label("verdict", name)
            items.append(Words(f"{words.zh} {count}", f"{words.en} {count}"))
    return listed(items)


def _judged(line: RuleLine) -> int:
    return sum(line.verdicts.get(name, 0) for name in _SPOKE)
