"""The data tables are whole, in both languages, and name everything the code names."""

import re
from pathlib import Path

import pytest

import livecue
from livecue.reference import (
    DOCUMENTS,
    METRIC_GROUPS,
    METRICS,
    ROLES,
    RULE_GROUPS,
    RULES,
    UNITS,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(livecue.__file__).parent
TABLES = (
    (set(RULES), re.compile(r"\bR\d{3}\b")),
    (set(METRICS), re.compile(r"\bM\d{2}\b")),
    (set(DOCUMENTS), re.compile(r"\bF\d{2}\b")),
)


def test_tables_are_whole() -> None:
    assert list(RULES) == [f"R{n:03}" for n in range(1, 131)]
    assert list(METRICS) == [f"M{n:02}" for n in range(1, 97)]
    assert list(DOCUMENTS) == [f"F{n:02}" for n in range(1, 31)]
    assert len(ROLES) == 32
    assert {"owner", "hr", "finance", "host", "cohost", "floor", "console", "ops", "adbuyer", "cs"} <= set(ROLES)


@pytest.mark.parametrize(
    "table", [RULES, METRICS, ROLES, DOCUMENTS, RULE_GROUPS, METRIC_GROUPS], ids=str.upper("r m o f g h").split()
)
def test_both_languages(table: dict[str, object]) -> None:
    for name, row in table.items():
        zh, en = getattr(row, "zh"), getattr(row, "en")  # noqa: B009  # rows of several kinds
        assert CHINESE.search(zh), name
        assert en.strip() and not CHINESE.search(en), name


def test_every_text_of_a_row_is_in_both_languages() -> None:
    for rule in RULES.values():
        for words in (rule.condition, rule.value, rule.window, rule.action):
            assert words.zh.strip() and words.en.strip(), rule.id
            assert not CHINESE.search(words.en), rule.id
    for metric in METRICS.values():
        assert CHINESE.search(metric.formula.zh) and metric.formula.en, metric.id
        # What others call it, too, is told in the language of the page.
        assert not CHINESE.search(metric.formula.en + metric.notes.en), metric.id
    for role in ROLES.values():
        assert CHINESE.search(role.duties.zh) and role.duties.en, role.id
    for document in DOCUMENTS.values():
        assert document.columns and all(c.zh and c.en and not CHINESE.search(c.en) for c in document.columns), (
            document.id
        )


def test_rows_refer_to_rows() -> None:
    for rule in RULES.values():
        assert rule.group in RULE_GROUPS
        assert rule.who and set(rule.who) <= set(ROLES), rule.id
        assert not rule.via or rule.via in ROLES
    for metric in METRICS.values():
        assert metric.group in METRIC_GROUPS
        assert metric.unit in UNITS
    for document in DOCUMENTS.values():
        assert document.owner in ROLES
        assert set(document.readers) - {"all"} <= set(ROLES), document.id


def test_every_id_the_code_names_exists() -> None:
    places = [ROOT, ROOT.parent / "ui" / "src"]
    found = 0
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.suffix not in {".py", ".toml", ".ts", ".vue"} or "node_modules" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            for known, pattern in TABLES:
                for name in pattern.findall(text):
                    found += 1
                    assert name in known, f"{path} names {name}, which no table has"
    assert found > 300
