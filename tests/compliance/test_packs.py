"""The packs as data: every entry cites an article that exists, says what instead, and names only known facts."""

import re
import tomllib
from pathlib import Path

import pytest

import livecue.compliance
from livecue.compliance import Duty, Entry, Facts, category_words, facts_of, law_text, load_packs, verdict
from livecue.events import ProductCard
from tests.compliance.reading import engine

ENTRIES: list[Entry | Duty] = [entry for pack in load_packs() for entry in pack.entries]
ENTRIES += [duty for pack in load_packs() for duty in pack.duties]
DATA = Path(livecue.compliance.__file__).parent / "data"


def test_every_entry_rests_on_an_article() -> None:
    for entry in ENTRIES:
        for basis in entry.basis.split("；"):
            law_text(basis)
            assert re.search("法|条例|规定|办法|平台规则", basis), entry.id


def test_law_text() -> None:
    assert law_text("广告法 第九条(三)") == "（三）使用“国家级”、“最高级”、“最佳”等用语；"
    assert "七日" in str(law_text("消费者权益保护法 第二十五条"))
    assert law_text("化妆品监督管理条例 第三十七条") is None
    with pytest.raises(LookupError):
        law_text("广告法 第九百条")
    with pytest.raises(LookupError):
        law_text("广告法 第九条(二十)")


def test_ids_dates_and_advice() -> None:
    ids = [entry.id for entry in ENTRIES]
    assert len(ids) == len(set(ids))
    for entry in ENTRIES:
        assert re.fullmatch(r"[A-S][12]?\.[a-z0-9_]+", entry.id) and entry.id.startswith(f"{entry.cls}.")
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", entry.valid_from), entry.id
        assert len(entry.zh) > 5 and len(entry.en) > 5 and entry.en.isascii(), entry.id


def test_only_known_categories_and_facts() -> None:
    facts = tomllib.loads((DATA / "facts.toml").read_text("utf-8"))
    codes = {f"paper:{code}" for code in facts["papers"]} | {f"label:{code}" for code in facts["labels"]}
    for pack in load_packs():
        for entry in pack.entries:
            assert {*entry.categories, *entry.except_categories} <= category_words().keys(), entry.id
            assert set(entry.unless) <= codes | {"stock", "price_record", "price_now"}, entry.id
        for duty in pack.duties:
            assert set(duty.categories) <= category_words().keys()
            assert f"label:{duty.label}" in codes


def test_a_viewer_may_praise_ask_and_complain() -> None:
    """Comments are held to the classes that may be hidden by law; opinions are none (compliance 1.1)."""
    classes = {e.cls for p in load_packs() for e in p.entries if "comment" in (e.doors or p.doors)}
    assert classes == {"C", "N", "R"}


@pytest.mark.parametrize(
    ("said", "stock"),
    [("3", 3), ("三", 3), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("一万二千", 12000)],
)
def test_a_number_is_held_against_the_stock(said: str, stock: int) -> None:
    text = [f"仅剩{said}件"]
    assert verdict(engine().check(text, facts=Facts(stock=stock))[0]) == "silent"
    assert verdict(engine().check(text, facts=Facts(stock=stock + 1))[0]) == "block"
    assert verdict(engine().check(text)[0]) == "warn"


@pytest.mark.parametrize("said", ["199", "199元", "￥199", "一百九十九", "是199.00元", "：一百九十九块"])
def test_a_price_is_held_against_the_record(said: str) -> None:
    text = [f"原价{said}，今天便宜"]
    assert verdict(engine().check(text, facts=Facts(lowest_7d=19_900))[0]) == "silent"
    assert verdict(engine().check(text, facts=Facts(lowest_7d=19_899))[0]) == "block"


def test_facts_of_a_card() -> None:
    card = ProductCard(
        product="p", name="n",
        facts={"stock_true": "3", "lowest_7d": "19900", "papers": "patent, test_report", "labels": "", "report": "1"},
    )  # fmt: skip
    assert facts_of(card) == Facts(stock=3, lowest_7d=19900, papers=frozenset({"patent", "test_report"}))
    assert facts_of(card, stock=7).stock == 7
    assert facts_of(ProductCard(product="p", name="n", facts={"stock_true": "many"})) == Facts()
