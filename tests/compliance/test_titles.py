"""False alarms on real product titles, hand-judged; the labels are ours, by line number, without the titles.

``real/double11_titles.tsv``: line of the file, what the line was when it was drawn, and the verdict. All 219 titles
flagged when the sample was drawn (seed 20161111) and 300 of the 4,258 silent ones were judged against the law as it
stands, before any rule was changed for them; "added" are the titles that the rules mended afterwards flag besides.
``real/chanmama_titles.tsv``: the same of the names of shows and the captions of short videos of twelve hosts, drawn
when the rules had been mended: all 77 flagged ones and 100 of the 1,290 silent ones (seed 20210831).
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


COLUMNS = {"sessions": "Name_of_the_livestream", "videos": "Video_content"}
"""Files of live rooms and the column in which they name a show or a video."""


def of_live_rooms() -> dict[tuple[str, int], tuple[str, str]]:
    """File and line to (stratum, verdict)."""
    rows = (row.split("\t") for row in (HERE / "real" / "chanmama_titles.tsv").read_text("utf-8").splitlines())
    return {(file, int(line)): (stratum, said) for file, line, stratum, said in rows}


def test_the_labels_are_whole() -> None:
    counted = Counter(stratum for stratum, _ in labels().values())
    assert counted["flagged"] == 219 and counted["silent"] == 300
    assert {said for _, said in labels().values()} == {"ok", "proof", "breach"}
    live = Counter(stratum for stratum, _ in of_live_rooms().values())
    assert live == {"flagged": 77, "silent": 100}
    # Of 300 and 300 asked for: with those that only the mended rules flag.
    assert counted["flagged"] + counted["added"] + live["flagged"] >= 300
    assert counted["silent"] + live["silent"] >= 300


def test_before_any_rule_was_mended() -> None:
    """The figures of the draw itself: they belong to the labels and change with nothing."""
    drawn = [Judged(stratum == "flagged", said) for stratum, said in labels().values() if stratum != "added"]
    assert false_alarms(drawn)[:2] == (73, 219)
    assert missed(drawn)[:2] == (13, 300)
    live = [Judged(stratum == "flagged", said) for stratum, said in of_live_rooms().values()]
    assert false_alarms(live)[:2] == (58, 77)
    assert missed(live)[:2] == (3, 100)
    assert false_alarms([*drawn, *live])[:2] == (131, 296)
    assert missed([*drawn, *live])[:2] == (16, 400)


def test_false_alarms_and_misses_on_titles_of_live_rooms(real_data: Path) -> None:
    found: dict[tuple[str, int], bool] = {}
    for file, column in COLUMNS.items():
        place = real_data / "sessions" / "chanmama_2021" / f"{file}.csv.gz"
        with gzip.open(place, "rt", encoding="utf-8-sig") as text:
            titles: dict[str, int] = {}
            for number, row in enumerate(csv.DictReader(text), 2):
                titles.setdefault(row[column], number)
        hits = engine().check(list(titles), "", door="title")
        found |= {(file, titles[title]): verdict(one) != "silent" for title, one in zip(titles, hits, strict=True)}
    known = of_live_rooms()
    flagged = {place for place, loud in found.items() if loud}
    assert flagged <= known.keys(), "a title is flagged that nobody judged: judge it and add its line"
    alarms = {
        file: false_alarms(Judged(True, known[place][1]) for place in flagged if place[0] == file) for file in COLUMNS
    }
    sample = missed(Judged(found[place], said) for place, (stratum, said) in known.items() if stratum == "silent")
    print(f"\nlive rooms: false alarms on shows {alarms['sessions']}, on videos {alarms['videos']}; missed {sample}")
    # Captions of a host's day are no offers: of those most are let be by a person (docs/en/compliance.md).
    assert alarms["sessions"].found <= 5 and alarms["videos"].found <= 43, alarms
    assert sample.high <= 0.10, sample


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
