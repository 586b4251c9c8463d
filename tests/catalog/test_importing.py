"""Spreadsheets of products: 200 rows, errors told by row and column."""

import csv
import gzip
import io
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest
import xlsxwriter

from livecue.catalog import ROW_CODES, Catalog, list_products, read_products
from livecue.errors import BadInput
from livecue.events import CommandRefused, DrawSaved, LineupChanged, PriceChanged, ProductCard, ProductSaved
from tests.folding import ROOM, TestUnit

HEAD = ["商品编号", "商品名称", "类目", "角色", "直播价", "成本", "佣金", "规格编码", "卖点", "关键词", "供应商"]


def sheet(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            page.write(y, x, value)
    book.close()
    return out.getvalue()


def test_two_hundred_rows_with_errors_in_place(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(HEAD)]
    for number in range(1, 201):
        rows.append(
            [
                f"SP{number:03}",
                f"商品{number}",
                "家居",
                "引流款",
                39.9,
                "18.00",
                "20%",
                f"A{number};B{number}",
                "轻;稳",
                "锅",
                "厂",
            ]
        )
    rows[10][4] = "abc"
    rows[20][0] = ""
    rows[30][3] = "神款"
    rows[40][0] = "SP001"
    rows[50][6] = "一半"
    rows[60][4] = 0
    found = read_products(sheet(rows), "选品.xlsx", "o", "b")
    assert len(found.products) == 194
    assert [(e.row, e.column) for e in found.errors] == [
        (11, "直播价"),
        (21, "商品编号"),
        (31, "角色"),
        (41, "商品编号"),
        (51, "佣金"),
        (61, "直播价"),
    ]
    assert "row 2" in found.errors[3].message
    assert [e.code for e in found.errors] == ["not_money", "empty", "role", "twice", "not_share", "price"]
    first = found.products[0]
    assert (first.card.price, first.cost, first.commission_bp, first.card.role, first.card.skus) == (
        3990,
        1800,
        2000,
        "hook",
        ("A1", "B1"),
    )
    unit = TestUnit(tmp_path / "t.db")
    Catalog(ROOM, None).fold(found.products, unit)
    assert list_products(unit, "o", "b") == found.products
    assert list_products(unit, "o", "other") == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_as_spreadsheet_programs_write_it(encoding: str) -> None:
    text = 'product,name,price\r\nA1,"竹篮, 大",12.50\r\n\r\n'
    found = read_products(text.encode(encoding), "a.CSV", "o", "b")
    assert [(p.card.product, p.card.name, p.card.price) for p in found.products] == [("A1", "竹篮, 大", 1250)]


@pytest.mark.parametrize(
    ("content", "name", "says", "code"),
    [
        (b"", "a.csv", "empty", "table_empty"),
        (b"nothing,here\n1,2\n", "a.csv", "商品编号", "table_columns"),
        (b"PK\x03\x04 broken", "a.xlsx", "cannot be read", "table_sheet"),
        (b"\xff\xfe\x00\xd8\x00", "a.csv", "neither UTF-8 nor GB18030", "table_text"),
    ],
)
def test_what_is_no_table_says_what_to_do(content: bytes, name: str, says: str, code: str) -> None:
    with pytest.raises(BadInput, match=says) as raised:
        read_products(content, name, "o", "b")
    assert raised.value.code == code


def test_every_field_that_is_not_allowed_is_told_by_its_own_code() -> None:
    text = "product,name,price,cost,commission\nA,甲,1,-1,10%\nB,乙,1,1,120%\nC,丙,0,1,10%\n"
    found = read_products(text.encode(), "a.csv", "o", "b")
    assert [(e.row, e.code) for e in found.errors] == [(2, "cost"), (3, "commission"), (4, "price")]
    assert {e.code for e in found.errors} <= ROW_CODES


def priced(*rows: str) -> bytes:
    return ("product,name,price,cost,sku\n" + "\n".join(rows) + "\n").encode()


def test_a_sku_belongs_to_one_product() -> None:
    known = [ProductSaved(org="o", brand="b", card=ProductCard(product="Z", name="旧", price=100, skus=("z1",)))]
    found = read_products(
        priced("A,甲,1,,s1;s2", "B,乙,2,,s2", "C,丙,3,,z1", "Z,旧,1,,z1"), "a.csv", "o", "b", known=known
    )
    assert [(e.row, e.column, e.code) for e in found.errors] == [
        (3, "规格编码", "sku_twice"),
        (4, "规格编码", "sku_taken"),
    ]
    assert [product.card.product for product in found.products] == ["A", "Z"]


def test_prices_in_fen_are_told_until_a_person_is_sure() -> None:
    known = [ProductSaved(org="o", brand="b", card=ProductCard(product="A", name="甲", price=5_990, skus=("A",)))]
    sheet_ = priced("A,甲,5990,,", "B,乙,59.90,4200,", "C,丙,59.90,30,")
    found = read_products(sheet_, "a.csv", "o", "b", known=known)
    assert [(e.row, e.column, e.code) for e in found.errors] == [(2, "直播价", "fen"), (3, "直播价", "fen")]
    assert [product.card.product for product in found.products] == ["C"]
    sure = read_products(sheet_, "a.csv", "o", "b", known=known, sure=True)
    assert [product.card.price for product in sure.products] == [599_000, 5_990, 5_990] and not sure.errors
    # A real change of price is no mistake.
    assert not read_products(priced("A,甲,159.00,,"), "a.csv", "o", "b", known=known).errors


def test_a_whole_column_in_fen_is_told_although_nothing_is_known() -> None:
    fen = priced(*(f"P{n},商品{n},{n * 1000 + 990},," for n in range(1, 8)))
    assert {e.code for e in read_products(fen, "a.csv", "o", "b").errors} == {"fen"}
    yuan = priced(*(f"P{n},商品{n},{n * 1000 + 99},," for n in range(1, 8)))
    assert not read_products(yuan, "a.csv", "o", "b").errors


def test_half_filled_rows_name_every_cell_that_is_missing() -> None:
    found = read_products(priced("A,,,,", ",乙,2,,", "C,丙,3,,"), "a.csv", "o", "b")
    assert [(e.row, e.column, e.code) for e in found.errors] == [
        (2, "商品名称", "empty"), (2, "直播价", "empty"), (3, "商品编号", "empty"),
    ]  # fmt: skip


def test_a_room_keeps_copies_of_its_lineup(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    catalog = Catalog(ROOM, None)
    catalog.fold(
        [
            LineupChanged(show="s", products=(ProductCard(product="p", name="锅", price=5),)),
            PriceChanged(product="p", price=4),
        ],
        unit,
    )
    assert Catalog(ROOM, catalog.dump()).picture(0).products["p"].price == 4


def test_a_prize_above_the_legal_cap_is_refused(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    Catalog(ROOM, None).fold(
        [DrawSaved(org="o", brand="b", draw="d", title="t", prize="车", prizes=1, value=5_000_001, method="评论")], unit
    )
    assert "50,000" in unit.said(CommandRefused)[0].why


F03 = [
    "商品编号", "商品名称", "直播价", "规格编码", "库存", "竞品价", "竞品价日期", "备用供应商", "资质文件",
    "样品测试", "退货条款", "运费险", "补货周期",
]  # fmt: skip
FULL = [
    "SP1",
    "竹篮",
    39.9,
    "SP1-A",
    120,
    45.9,
    "2026-11-29",
    "备供",
    "检测报告 1 号",
    "合格",
    "7 天无理由",
    "有",
    "48 小时",
]


def test_every_column_of_the_selection_table_comes_in() -> None:
    found = read_products(sheet([list(F03), list(FULL)]), "选品.xlsx", "o", "b")
    assert found.errors == [] and found.stock == {"SP1-A": 120}
    assert found.products[0].card.facts == {
        "rival_price": "45.90", "rival_date": "2026-11-29", "backup_supplier": "备供", "report": "检测报告 1 号",
        "sample_test": "合格", "returns": "7 天无理由", "freight_insurance": "有", "restock": "48 小时",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (4, "很多", "not_whole"), (4, -3, "not_whole"), (4, 1.5, "not_whole"), (5, "贵", "not_money"),
        (6, "11-29", "no_year"), (6, "上周", "not_day"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_the_selection_table_is_named(column: int, value: object, code: str) -> None:
    row = list(FULL)
    row[column] = value
    found = read_products(sheet([list(F03), row]), "选品.xlsx", "o", "b")
    assert [(e.row, e.column, e.code) for e in found.errors] == [(2, F03[column], code)]
    assert found.products == [] and found.stock == {}


def test_a_row_without_a_number_says_that_alone() -> None:
    text = "商品编号,商品名称,直播价,库存\n,小米,9.9,80\n"
    found = read_products(text.encode(), "选品.csv", "o", "b")
    assert [(error.row, error.code) for error in found.errors] == [(2, "empty")]


def test_a_stock_of_several_skus_is_told_one_by_one() -> None:
    row = list(FULL)
    row[3] = "A;B"
    found = read_products(sheet([list(F03), row]), "选品.xlsx", "o", "b")
    assert [e.code for e in found.errors] == ["stock_of"] and "A, B" in found.errors[0].message
    row[4] = "80;40"
    found = read_products(sheet([list(F03), row]), "选品.xlsx", "o", "b")
    assert found.errors == [] and found.stock == {"A": 80, "B": 40}
    row[4] = "80;viele"
    assert [e.code for e in read_products(sheet([list(F03), row]), "选品.xlsx", "o", "b").errors] == ["not_whole"]


def test_a_half_filled_sheet_takes_nothing_away_from_what_is_on_file() -> None:
    """No column, or an empty cell: what is known of the product stays, papers and all."""
    whole = ProductSaved(
        org="o", brand="b", cost=1800, supplier="厂", commission_bp=2000, active=False,
        card=ProductCard(
            product="SP1", name="竹篮", role="hook", category="家居", price=3990, skus=("SP1-A", "SP1-B"),
            selling_points=("轻",), keywords=("篮",), facts={"papers": "test_report", "tags": "妈妈"},
        ),
    )  # fmt: skip
    half = [["商品编号", "商品名称", "直播价", "卖点", "供应商"], ["SP1", "竹篮 大号", "41.00", "", ""]]
    (found,) = read_products(sheet([list(row) for row in half]), "半.xlsx", "o", "b", known=[whole]).products
    card = msgspec.structs.replace(whole.card, name="竹篮 大号", price=4100)
    assert found == msgspec.structs.replace(whole, card=card)


def _marketplace(rows: list[dict[str, str]]) -> bytes:
    """A catalogue without names and prices: the category names it, its grams stand for the price."""
    lines = ["product,name,category,price"]
    for row in rows:
        grams = row["product_weight_g"]
        category = row["product_category_name"]
        lines.append(f"{row['product_id']},{category or 'nada'},{category},{grams}")
    return "\n".join(lines).encode()


def test_a_marketplace_s_catalogue_comes_in() -> None:
    rows = [
        {"product_id": f"{number:032x}", "product_category_name": "artes" if number % 3 else "", "product_weight_g": g}
        for number, g in enumerate(["225", "1000", "", "0", "30"])
    ]
    found = read_products(_marketplace(rows), "olist.csv", "o", "b", "BRL", sure=True)
    assert [product.card.price for product in found.products] == [22_500, 100_000, 3_000]
    assert [(error.row, error.code) for error in found.errors] == [(4, "empty"), (5, "price")]


def test_a_real_marketplace_s_catalogue_comes_in(real_data: Path) -> None:
    """32,951 products of Olist, in two files; the copy holds one line more, whose id is none of the set's."""
    path = real_data / "orders" / "olist_catalogue" / "olist_products_dataset.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as text:
        every = list(csv.DictReader(text))
    rows = [row for row in every if re.fullmatch(r"[0-9a-f]{32}", row["product_id"])]
    assert (len(every), len(rows)) == (32_952, 32_951)
    with pytest.raises(BadInput) as caught:
        read_products(_marketplace(rows), "olist.csv", "o", "b", "BRL", sure=True)
    assert caught.value.code == "table_rows"
    halves = [
        read_products(_marketplace(part), "olist.csv", "o", "b", "BRL", sure=True)
        for part in (rows[:20_000], rows[20_000:])
    ]
    errors = Counter(error.code for half in halves for error in half.errors)
    assert errors == {"empty": 2, "price": 4}
    products = {product.card.product: product for half in halves for product in half.products}
    assert len(products) == 32_951 - 6
    weights = sum(int(row["product_weight_g"] or 0) for row in rows)
    assert sum(product.card.price for product in products.values()) == weights * 100
