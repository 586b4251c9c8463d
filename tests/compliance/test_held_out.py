"""The published test set: held-out lines, written before the engine saw them, and the recall of each class."""

from collections import Counter, defaultdict

from livecue.compliance import verdict
from tests.compliance.making import CORPUS, FILES
from tests.compliance.reading import engine, lines

ALL = ("clean.tsv", "block.tsv", "disguised.tsv", "warn.tsv", "comments.tsv", *FILES)


def test_the_files_are_what_is_made() -> None:
    for name, make in FILES.items():
        assert (CORPUS / name).read_text("utf-8").splitlines() == list(make()), "run python -m tests.compliance.making"


def test_the_set_has_two_thousand_lines() -> None:
    assert len({line.text for name in ALL for line in lines(name)}) >= 2_000


def test_recall_of_each_class_on_held_out_lines() -> None:
    for name, least, overall in (("held_block.tsv", 0.75, 0.985), ("held_disguised.tsv", 0.8, 0.95)):
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for line in lines(name):
            found[line.label][verdict(engine().check([line.text], line.category, door="speech")[0])] += 1
        print(f"\n{name}: " + "  ".join(f"{label} {c['block']}/{c.total()}" for label, c in sorted(found.items())))
        blocked, total = sum(c["block"] for c in found.values()), sum(c.total() for c in found.values())
        assert blocked / total >= overall, (name, blocked, total)
        for label, c in found.items():
            assert c["block"] / c.total() >= least, (name, label, c)


def test_held_out_clean_lines_stay_silent() -> None:
    found = lines("held_clean.tsv")
    loud = [
        line.text for line in found if verdict(engine().check([line.text], line.category, door="speech")[0]) != "silent"
    ]
    assert len(loud) / len(found) <= 0.01, loud
