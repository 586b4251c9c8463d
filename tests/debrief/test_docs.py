"""The pages about the debrief list every rule with its bounds, as the presets have them."""

from pathlib import Path

import pytest

from livecue.debrief import PRESETS, SETTINGS, Preset
from livecue.reference import ROLES, RULES

DOCS = Path(__file__).parents[2] / "docs"


def line(preset: Preset, language: str) -> str:
    """The row of a rule in the table of the page."""
    zh = language == "zh"
    rule = RULES[preset.rule] if preset.rule else None
    name = (rule.zh if zh else rule.en) if rule else ("被提示的规则" if zh else "the rule of the cue")
    kinds = {"highlight": ("亮点", "highlight"), "problem": ("问题", "problem")}
    owners = [ROLES[role].zh if zh else ROLES[role].en for role in preset.owners] if preset.improve else []
    bounds = " ".join(f"{key} {value:g}" for key, value in preset.values.items())
    return (
        f"| `{preset.code}` | {preset.rule or '–'} {name} | {kinds[preset.kind][0 if zh else 1]} | `{bounds}` |"
        f" {('、' if zh else ', ').join(owners) or '–'} | {preset.mark} |"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_in_the_page_with_its_bounds(language: str) -> None:
    text = (DOCS / language / "debrief.md").read_text(encoding="utf-8")
    assert [code for code, preset in PRESETS.items() if line(preset, language) not in text] == []
    assert text.count("\n| `") == len(PRESETS)
    assert f"{SETTINGS.grace_s} " in text and f"{SETTINGS.past_shows} " in text and f"{SETTINGS.return_days} " in text
