"""False alarms on real product titles, hand-judged; the labels are ours, by line number, without the titles.

``real/double11_titles.tsv``: line of the file, what the line was when it was drawn, and the verdict. All 219 titles
flagged when the sample was drawn (seed 20161111) and 300 of the 4,258 silent ones were judged against the law as it
stands, before any rule was changed for them; "added" are the titles that the rules mended afterwards flag besides.
"""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from livecue.compliance import verdict
from tests.compliance.judging import Judged, false_alarms, missed, share
from tests.compliance.reading import HERE, engine, lines


def labels() -> dict[int, tuple[str, str]]:
    """Line number to (stratum, verdict)."""
    rows = (row.split("\t") for row in (HERE / "real" / "double11_titles.tsv").read_text("utf-8").splitlines())
    return {int(line): (stratum, said) for line, stratum, said in rows}


def test_the_labels_are_whole() -> None:
    counted = Counter(stratum for stratum, _ in labels().values())
    assert counted["flagged"] == 219 and counted["silent"] == 300
    assert {said for _, said in labels().values()} == {"ok", "proof", "breach"}


def test_before_any_rule_was_mended() -> None:
    """The figures of the draw itself: they belong to the labels and change with nothing."""
    drawn = [Judged(stratum == "flagged", said) for stratum, said in labels().values() if stratum != "added"]
    assert false_alarms(drawn)[:2] == (73, 219)
    assert missed(drawn)[:2] == (13, 300)


def test_false_alarms_and_misses_on_real_titles(real_data: Path) -> None:
    with gzip.open(
        real_data / "orders" / "double11_beauty_2016" / "cosmetic.csv.gz", "rt", encoding="utf-8-sig"
    ) as text:
        titles: dict[str, int] = {}
        for number, row in enumerate(csv.DictReader(text), 2):
            titles.setdefault(row["title"], number)
    found = engine().check(list(titles), "cosmetics", door="title")
    flagged = {number for number, hits in zip(titles.values(), found, strict=True) if verdict(hits) != "silent"}
    known = labels()
    assert flagged <= known.keys(), "a title is flagged that nobody judged: judge it and add its line"
    alarms = false_alarms(Judged(True, known[number][1]) for number in flagged)
    sample = missed(Judged(number in flagged, said) for number, (stratum, said) in known.items() if stratum == "silent")
    print(
        f"\nreal titles: flagged {len(flagged)} of {len(titles)}; false alarms {alarms}; missed in the sample {sample}"
    )
    assert alarms.high <= 0.08, alarms
    assert sample.high <= 0.05, sample


def test_false_alarms_and_misses_on_our_own_lines() -> None:
    """The twin: the same measure on lines of our own, judged when they were written."""
    judged = []
    for name in ("clean.tsv", "held_clean.tsv", "block.tsv", "held_block.tsv"):
        for line in lines(name):
            loud = verdict(engine().check([line.text], line.category, door="speech")[0]) != "silent"
            judged.append(Judged(loud, "ok" if line.label == "silent" else "breach"))
    assert false_alarms(judged).high <= 0.02
    assert missed(judged).high <= 0.02


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 50, 0.0, 0.0714), (5, 10, 0.2366, 0.7634), (50, 50, 0.9286, 1.0)],
)
def test_an_interval(found: int, of: int, low: float, high: float) -> None:
    assert share(found, of)[2:] == pytest.approx((low, high), abs=1e-3)
