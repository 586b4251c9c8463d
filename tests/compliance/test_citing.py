"""Every article that a finding can rest on has its name in both languages."""

import tomllib
from pathlib import Path

import pytest

import livecue.compliance
from livecue.compliance import Duty, Entry, basis_parts, citation, citations, load_packs

DATA = Path(livecue.compliance.__file__).parent / "data"
NAMES = tomllib.loads((DATA / "laws.toml").read_text("utf-8"))


def test_every_entry_of_every_pack_cites_its_article_in_both_languages() -> None:
    packs = load_packs()
    assert len(packs) > 20
    for pack in packs:
        rules: list[Entry | Duty] = [*pack.entries, *pack.duties]
        for rule in rules:
            english = citation(rule.basis)
            assert english.isascii() and english, rule.id
            assert not rule.basis.isascii(), rule.id
            assert len(english.split("; ")) == len(basis_parts(rule.basis)), rule.id
            assert {*basis_parts(rule.basis)} <= citations().keys(), rule.id


@pytest.mark.parametrize("name", ["labels.toml", "papers.toml", "draws.toml"])
def test_so_does_what_a_review_asks_for(name: str) -> None:
    def bases(value: object) -> list[str]:
        if isinstance(value, list):
            return [basis for item in value for basis in bases(item)]
        if not isinstance(value, dict):
            return []
        own = [value["basis"]] if "basis" in value else []
        return own + [basis for item in value.values() for basis in bases(item)]

    found = bases(tomllib.loads((DATA / name).read_text("utf-8")))
    assert len(found) >= 5
    for basis in found:
        assert {*basis_parts(basis)} <= citations().keys()


def test_no_name_is_left_over() -> None:
    for name in (*NAMES["laws"], *NAMES["rules"]):
        assert any(part == name or part.startswith(f"{name} ") for part in citations()), f"nothing cites {name}"


def test_numbers_of_articles() -> None:
    assert citation("广告法 第九条(三)") == "Advertising Law, Art. 9(3)"
    assert citation("广告法 第十条") == "Advertising Law, Art. 10"
    assert citation("食品安全法 第一百零八条；商标法 第十四条") == "Food Safety Law, Art. 108; Trademark Law, Art. 14"
    assert citation("化妆品监督管理条例 第二十二条、第三十七条、第四十三条") == (
        "Cosmetics Supervision Regulations, Arts. 22, 37, 43"
    )
    assert citation("治安管理处罚法") == "Public Security Administration Punishments Law"
    for unknown in ("民法典 第一条", "广告法 附则", ""):
        with pytest.raises(LookupError):
            citation(unknown)
