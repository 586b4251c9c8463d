"""Rules, metrics, roles and documents of the trade, read from the data files beside this one.

Screens and docs are generated from these tables, and every rule (R001), metric (M12) and document
(F05) that the code names must be in them. ``mark`` is S stated by a source text, E stated there only
as an example, D our own default; ``source`` is that text's number.
"""

from livecue.reference.answers import Answering, answering
from livecue.reference.dated import day_ms, next_change
from livecue.reference.desk import (
    DESK,
    DESK_PRESETS,
    DESK_VALUES,
    DESK_VERSION,
    DeskBounds,
    DeskInUse,
    DeskPreset,
    checked_desk,
    desk_bounds,
    desk_in_use,
    desk_presets,
)
from livecue.reference.read import (
    Column,
    Document,
    Metric,
    Role,
    Rule,
    Words,
    read_documents,
    read_groups,
    read_metrics,
    read_roles,
    read_rules,
    read_units,
)
from livecue.reference.stages import (
    STAGE,
    STAGE_PRESETS,
    STAGE_VALUES,
    StageBounds,
    StageInUse,
    StagePreset,
    checked_stage,
    stage_in_use,
)
from livecue.reference.thresholds import (
    Layered,
    Place,
    Scope,
    Threshold,
    ValueName,
    bounded,
    checked_scope,
    checked_values,
    layer_of,
    layered,
    named,
    standing,
)

RULES: dict[str, Rule] = read_rules()
METRICS: dict[str, Metric] = read_metrics()
ROLES: dict[str, Role] = read_roles()
DOCUMENTS: dict[str, Document] = read_documents()
RULE_GROUPS: dict[str, Words] = read_groups("rules.toml")
METRIC_GROUPS: dict[str, Words] = read_groups("metrics.toml")
UNITS: dict[str, Words] = read_units()
"""How the screens write a metric's ``unit``; money words are those of CNY."""

__all__ = [
    "DESK",
    "DESK_PRESETS",
    "DESK_VALUES",
    "DESK_VERSION",
    "DOCUMENTS",
    "METRICS",
    "METRIC_GROUPS",
    "ROLES",
    "RULES",
    "RULE_GROUPS",
    "STAGE",
    "STAGE_PRESETS",
    "STAGE_VALUES",
    "UNITS",
    "Answering",
    "Column",
    "DeskBounds",
    "DeskInUse",
    "DeskPreset",
    "Document",
    "Layered",
    "Metric",
    "Place",
    "Role",
    "Rule",
    "Scope",
    "StageBounds",
    "StageInUse",
    "StagePreset",
    "Threshold",
    "ValueName",
    "Words",
    "answering",
    "bounded",
    "checked_desk",
    "checked_scope",
    "checked_stage",
    "checked_values",
    "day_ms",
    "desk_bounds",
    "desk_in_use",
    "desk_presets",
    "layer_of",
    "layered",
    "named",
    "next_change",
    "stage_in_use",
    "standing",
]
