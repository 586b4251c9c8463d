"""Rules, metrics, roles and documents of the trade, read from the data files beside this one.

Screens and docs are generated from these tables, and every rule (R001), metric (M12) and document
(F05) that the code names must be in them. ``mark`` is S stated by a source text, E stated there only
as an example, D our own default; ``source`` is that text's number.
"""

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

RULES: dict[str, Rule] = read_rules()
METRICS: dict[str, Metric] = read_metrics()
ROLES: dict[str, Role] = read_roles()
DOCUMENTS: dict[str, Document] = read_documents()
RULE_GROUPS: dict[str, Words] = read_groups("rules.toml")
METRIC_GROUPS: dict[str, Words] = read_groups("metrics.toml")
UNITS: dict[str, Words] = read_units()
"""How the screens write a metric's ``unit``; money words are those of CNY."""

__all__ = [
    "DOCUMENTS",
    "METRICS",
    "METRIC_GROUPS",
    "ROLES",
    "RULES",
    "RULE_GROUPS",
    "UNITS",
    "Column",
    "Document",
    "Metric",
    "Role",
    "Rule",
    "Words",
]
