"""Rivals' prices and market lists out of spreadsheets: faults by row and column, good rows kept, ours found."""

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from livecue.events import MarketNoted, ProductCard, ProductSaved, RivalNoted
from livecue.planning.supply import Files, read_list, read_rivals, seen

TODAY = date(2026, 11, 29)


def product(name: str, words: str, price: int = 4_990, **more: object) -> ProductSaved:
    card = ProductCard(product=name, name=words, price=price, keywords=("竹篮",) if name == "p1" else ())
    return msgspec.structs.replace(ProductSaved(org="o", brand="b", card=card), **more)


GOODS = [product("p1", "手工竹编篮"), product("p2", "竹砧板")]


def test_faults_of_rival_prices_are_named_and_the_rest_is_kept() -> None:
    text = (
        "商品编号,竞品店铺,竞品价,来源,日期\n"
        "p1,甲店,52.50,店铺页,2026-11-28\n"
        "p9,甲店,10,店铺页,2026-11-28\n"
        "p2,,便宜,店铺页,11-28\n"
        "p2,乙店,5200,店铺页,2026-11-28\n"
        "p2,乙店,,,\n"
        "p1,甲店,53,店铺页,2026/11/28\n"
        "p1,丙店,53,店铺页,2026-12-24\n"
    )
    found = read_rivals(text.encode(), "a.csv", GOODS, TODAY)
    assert [(e.row, e.column, e.code) for e in found.errors] == [
        (3, "商品编号", "no_product"),
        (4, "竞品价", "not_money"), (4, "日期", "no_year"),
        (5, "竞品价", "fen"),
        (6, "竞品价", "empty"), (6, "来源", "empty"), (6, "日期", "empty"),
        (7, "商品编号", "twice"),
        (8, "日期", "future"),
    ]  # fmt: skip
    (kept,) = found.events
    assert isinstance(kept, RivalNoted)
    assert (kept.product, kept.shop, kept.price, kept.noted_on, kept.source) == (
        "p1",
        "甲店",
        5_250,
        "2026-11-28",
        "店铺页",
    )
    # The same file again means the same rival: nothing stands there twice.
    again = read_rivals(text.encode(), "a.csv", GOODS, TODAY).events[0]
    assert isinstance(again, RivalNoted) and again.rival == kept.rival


def test_source_and_day_of_the_whole_sheet_fill_empty_cells() -> None:
    text = "product,price\np1,52\np2,5200\n"
    found = read_rivals(text.encode(), "a.csv", GOODS, TODAY, "截图", "2026-11-27", sure=True)
    assert [(row.source, row.noted_on, row.price) for row in found.events] == [
        ("截图", "2026-11-27", 5_200), ("截图", "2026-11-27", 520_000),
    ]  # fmt: skip


def test_a_list_shows_what_we_sell_and_what_we_lack_until_it_is_old() -> None:
    lines = ["排名,商品名称,热度,价格,商品编号", "1,日式竹篮收纳,1.2万,39.9,", "2,无火香薰,8千,,", "3,厨房砧板,,45,p2"]
    text = "\n".join([*lines, "第四,错的,,1,", "2,无火香薰,,,"])
    found = read_list(text.encode(), "榜.csv", "hot", "o", "b", TODAY, "平台爆款榜", "2026-11-28")
    assert [(e.row, e.column, e.code) for e in found.errors] == [(5, "排名", "not_whole"), (6, "商品名称", "twice")]
    files = Files(market={row.item: row for row in found.events if isinstance(row, MarketNoted)})
    rows = seen(files, GOODS, TODAY)
    assert [(row.rank, row.name, row.product, row.told, row.price) for row in rows] == [
        (1, "日式竹篮收纳", "p1", False, 3_990), (2, "无火香薰", "", False, 0), (3, "厨房砧板", "p2", True, 4_500),
    ]  # fmt: skip
    assert seen(files, GOODS, date(2026, 12, 29)) == []


def _sale_list(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A sale's titles as a hot list: shop and day say where a line is from."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["name", "heat", "price", "source", "date"])
    sheet.writerows([row["title"], row["sale_count"], row["price"], row["店名"], row["update_time"]] for row in rows)
    return out.getvalue().encode()


def test_a_sale_s_titles_come_in_once_each() -> None:
    line = {"title": "面霜, 50g", "sale_count": "26719", "price": "139", "店名": "甲", "update_time": "2016/11/14"}
    found = read_list(
        _sale_list([line, line, line | {"sale_count": "", "店名": "乙"}]), "a.csv", "hot", "o", "b", TODAY
    )
    assert [(error.row, error.code) for error in found.errors] == [(3, "twice")]
    assert [(one.price, one.heat) for one in found.events if isinstance(one, MarketNoted)] == [
        (13_900, "26719"),
        (13_900, ""),
    ]


def test_a_real_sale_s_titles_come_in_once_each(real_data: Path) -> None:
    """27,598 lines of 22 shops at Double 11, 86 of them twice, 2,354 without a count of sales: blank, not 0."""
    path = real_data / "orders" / "double11_beauty_2016" / "cosmetic.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as text:
        every = [row | {"title": row["title"].strip()} for row in csv.DictReader(text)]
    rows = list({tuple(row.items()): row for row in every}.values())
    assert (len(every), len(every) - len(rows)) == (27_598, 86)
    assert sum(not row["sale_count"] for row in every) == 2_354
    assert len({row["店名"] for row in every}) == 22
    # The same title of one shop on one day under two numbers is one line of a list.
    titles = {(row["店名"], row["update_time"], row["title"]): row for row in reversed(rows)}
    days = sorted({row["update_time"] for row in rows})
    kept: list[MarketNoted] = []
    twice = 0
    for day in days:
        part = [row for row in rows if row["update_time"] == day]
        found = read_list(_sale_list(part), "a.csv", "hot", "o", "b", TODAY)
        assert {error.code for error in found.errors} <= {"twice"}
        twice += len(found.errors)
        kept += [one for one in found.events if isinstance(one, MarketNoted)]
    assert (len(kept), twice) == (len(titles), len(rows) - len(titles))
    assert sum(one.heat == "" for one in kept) == sum(not row["sale_count"] for row in titles.values())
    assert sum(one.price for one in kept) == sum(round(100 * float(row["price"])) for row in titles.values())
