"""Cells as people fill them: days with and without year, shares, lists, amounts that are a hundred times too large."""

from datetime import date

import pytest

from livecue.sheets import NoYear, basis_points, day, hundredfold, looks_like_fen, parts, read_rows

NOV = date(2026, 11, 29)


@pytest.mark.parametrize(
    "text", ["2026-11-29", "2026/11/29", "20261129", "2026年11月29日", "2026.11.29", "2026-11-29 08:00:00", "46355"]
)
def test_days_are_read_however_they_are_written(text: str) -> None:
    assert day(text) == NOV


@pytest.mark.parametrize("text", ["11-29", "11/29", "11月29日", "11.29"])
def test_a_day_without_year_is_told_as_such(text: str) -> None:
    with pytest.raises(NoYear, match="year"):
        day(text)


@pytest.mark.parametrize("text", ["29-11-2026x", "soon", "2026-13-01", "11"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a day"):
        day(text)


def test_shares_and_lists() -> None:
    assert [basis_points(text) for text in ("20%", "20％", "0.2", "20", "1")] == [2000, 2000, 2000, 2000, 10_000]
    assert parts("a；b、c，d\ne| ;f") == ("a", "b", "c", "d", "e", "f")
    with pytest.raises(ValueError, match="20%"):
        basis_points("一半")


def test_yuan_taken_for_fen_is_seen_and_a_sale_is_not() -> None:
    assert hundredfold(599_000, 5_990) and hundredfold(59, 5_990)
    assert not hundredfold(5_990, 1_990) and not hundredfold(0, 5_990)
    assert looks_like_fen(["5990", "9900", "12900", "1990", "6,800"])
    assert not looks_like_fen(["5990", "9900", "12900", "1990"])
    assert not looks_like_fen(["5990", "9900", "12900", "59.90", "6800"])


def test_rows_keep_the_number_the_spreadsheet_shows() -> None:
    rows = read_rows(
        "名称,价格\n甲,1\n\n,\n乙\n".encode(), "a.csv", {"name": ("名称",), "price": ("价格",)}, ["name"], 10
    )
    assert [(row.number, row.cells) for row in rows] == [
        (2, {"name": "甲", "price": "1"}), (5, {"name": "乙", "price": ""}),
    ]  # fmt: skip
