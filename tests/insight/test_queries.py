"""Boards say what a plain count says; what was not told stays unknown; engines agree."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from livecue.insight import BY, FIGURES, Asked, By, every, run_on_duckdb, tables
from livecue.metrics import DEFINITIONS
from tests.insight.made import rows, write

ASKED = Asked(
    org="o", first="2026-01-05", last="2026-06-30", rooms=tuple(f"r{n}" for n in range(0, 20, 2)), natures=("real",)
)


@pytest.fixture(scope="module")
def made() -> dict[str, list[dict[str, Any]]]:
    return rows(40_000)


@pytest.fixture(scope="module")
def answers(made: dict[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    folder = tmp_path_factory.mktemp("facts")
    return run_on_duckdb(write(made, folder), every(tables(), ASKED), folder)


def within(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        item
        for item in items
        if ASKED.first <= item["day"] <= ASKED.last and item["room"] in ASKED.rooms and item["nature"] == "real"
    ]


@pytest.mark.parametrize("by", BY)
def test_figures_are_those_of_a_plain_count(
    made: dict[str, list[dict[str, Any]]], answers: dict[str, list[Any]], by: By
) -> None:
    scope = by if by in ("product", "source") else "room"
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for item in within(made["totals"]):
        if item["scope"] == scope and item["metric"] in FIGURES[scope]:
            key = item["subject"] if by in ("product", "source") else item[by]
            groups[key, item["currency"], item["metric"]].append(item)
    assert len(groups) > 20
    unknown = 0
    found = {tuple(row[:3]): row[3:] for row in answers[f"figures_{by}"]}
    assert list(found) == sorted(groups)
    for (group, currency, metric), items in groups.items():
        known = [item for item in items if item["why"] in ("", "zero_denominator")]
        if DEFINITIONS[metric].den is None:
            partial = sum(item["value"] for item in known) if known else None
        else:
            den = sum(item["den"] for item in known)
            partial = sum(item["num"] for item in known) / den * DEFINITIONS[metric].factor if den else None
        value, told, count, shows, why, as_of = found[group, currency, metric]
        assert told == (pytest.approx(partial, rel=1e-12) if partial is not None else None)
        assert (count, shows) == (len(known), len(items))
        assert value == (told if count == shows else None)
        assert why == max(item["why"] for item in items) and as_of == max(item["as_of"] for item in items)
        unknown += count < shows
    assert unknown > 0


def test_cues_and_comments_are_those_of_a_plain_count(
    made: dict[str, list[dict[str, Any]]], answers: dict[str, list[Any]]
) -> None:
    cues = within(made["cues"])
    for by in ("show", "day", "room", "rule"):
        assert sum(row[1] for row in answers[f"cues_{by}"]) == len(cues)
        assert sum(row[2] for row in answers[f"cues_{by}"]) == sum(cue["state"] == "done" for cue in cues)
        assert sum(row[3] for row in answers[f"cues_{by}"]) == sum(cue["verdict"] == "useful" for cue in cues)
    waits = [cue["waited_ms"] for cue in cues if cue["rule"] == answers["cues_rule"][0][0]]
    told = [wait for wait in waits if wait is not None]
    assert answers["cues_rule"][0][5] == pytest.approx(sum(told) / len(told))
    count = sum(comment["count"] for comment in within(made["comments"]))
    for by in ("show", "day", "room", "label"):
        assert sum(row[2] for row in answers[f"comments_{by}"]) == count
    assert [row[3] for row in answers["shows"]] == [show["show"] for show in within(made["shows"])]


def test_nothing_in_the_history_is_no_figure(tmp_path: Path) -> None:
    found = run_on_duckdb({}, every(tables(), ASKED), tmp_path)
    assert all(rows == [] for rows in found.values())


def test_a_name_is_never_read_as_a_statement(tmp_path: Path) -> None:
    asked = Asked(org="o'; DROP TABLE shows; --", first="2026-01-01", last="2026-12-31", rooms=("r'1", '"'))
    assert run_on_duckdb({}, every(tables(), asked), tmp_path)["shows"] == []
