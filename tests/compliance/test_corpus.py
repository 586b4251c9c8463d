"""Quality on labelled lines of our own (compliance 3.5), and the same engine on real titles and comments."""

import csv
import gzip
from pathlib import Path

from livecue.compliance import Door, verdict
from tests.compliance.reading import Line, engine, lines


def _verdicts(found: list[Line], door: Door = "speech") -> list[str]:
    return [verdict(engine().check([line.text], line.category, door=door)[0]) for line in found]


def test_the_corpus_is_large_enough() -> None:
    names = ("clean.tsv", "block.tsv", "disguised.tsv", "warn.tsv", "comments.tsv")
    texts = [line.text for name in names for line in lines(name)]
    assert len(set(texts)) >= 400
    assert {line.label for line in lines("block.tsv")} >= {"A1", "B", "C", "E", "F1", "F2", *"GHIJKLMOP"}


def test_breaches_are_found() -> None:
    found = lines("block.tsv")
    verdicts = _verdicts(found)
    assert verdicts.count("block") / len(found) >= 0.99
    found = lines("warn.tsv")
    assert _verdicts(found).count("warn") / len(found) >= 0.99


def test_disguised_breaches_are_found() -> None:
    found = lines("disguised.tsv")
    assert _verdicts(found).count("block") / len(found) >= 0.95


def test_breaches_are_found_in_their_class() -> None:
    for name in ("block.tsv", "warn.tsv"):
        for line in lines(name):
            hits = engine().check([line.text], line.category, door="speech")[0]
            assert line.label in {hit.cls for hit in hits}, (line.text, hits)


def test_clean_scripts_stay_silent() -> None:
    found = lines("clean.tsv")
    loud = [line.text for line, v in zip(found, _verdicts(found), strict=True) if v != "silent"]
    assert len(loud) / len(found) <= 0.01, loud


def test_comments_are_held_to_their_own_rules() -> None:
    found = lines("comments.tsv")
    wrong = [(line.text, v) for line, v in zip(found, _verdicts(found, "comment"), strict=True) if v != line.label]
    assert not wrong


def test_real_titles(real_data: Path) -> None:
    """Product titles of a shopping festival: counted, with patterns anyone can see in them; nothing is kept of them."""
    file = real_data / "orders" / "double11_beauty_2016" / "cosmetic.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig") as text:
        titles = sorted({row["title"] for row in csv.DictReader(text)})
    assert len(titles) == 4477
    found = engine().check(titles, "cosmetics", door="title")
    flagged = [(title, hits) for title, hits in zip(titles, found, strict=True) if verdict(hits) != "silent"]
    assert 0.02 < len(flagged) / len(titles) < 0.2
    for title, hits in zip(titles, found, strict=True):
        for hit in hits:
            assert title[hit.start : hit.end] == hit.word
        for word, cls in (("特供", "B"), ("冻龄", "G"), ("半价", "P")):
            if word in title:
                assert cls in {hit.cls for hit in hits}, title


def test_real_reviews_as_comments_are_left_alone(real_data: Path) -> None:
    """Delivery reviews are unfavourable by the thousand; hardly any attacks a person or advertises."""
    with gzip.open(real_data / "text" / "waimai_10k" / "waimai_10k.csv.gz", "rt", encoding="utf-8-sig") as text:
        reviews = [row["review"] for row in csv.DictReader(text)]
    found = engine().check(reviews, door="comment")
    assert sum(verdict(hits) != "silent" for hits in found) / len(reviews) < 0.01
