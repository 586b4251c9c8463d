"""The docs say what the code does: generated pages are up to date, and what a person wrote names only what is there."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from livecue.cues import DETECTORS
from livecue.docs import OUTPUTS, Texts, generate, outdated, paths_of_routes
from livecue.events import OUTSIDE, decode_line
from livecue.integrations import load_manifests
from tests.house.tree import ROOT, text_of

WRITTEN = sorted(path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "reference")
PAPERS = [*WRITTEN, Path("README.md"), Path("README.zh-CN.md"), Path("CONTRIBUTING.md")]


@cache
def generated() -> tuple[dict[str, str], Texts]:
    texts = Texts()
    return generate(texts), texts


def test_generated_pages_are_up_to_date() -> None:
    pages, _ = generated()
    assert outdated(ROOT, pages) == [], "run: python3 tasks.py docs"
    assert set(pages) == set(OUTPUTS)


def test_every_text_has_its_chinese() -> None:
    _, texts = generated()
    assert texts.lacking == [], "python -m livecue.docs --lacking prints the rows for livecue/docs/chinese.toml"


def test_a_changed_page_is_noticed(tmp_path: Path) -> None:
    pages, _ = generated()
    for path, text in pages.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert outdated(tmp_path, pages) == []
    (tmp_path / "docs/en/reference/rules.md").write_text("other", encoding="utf-8")
    (tmp_path / "docs/zh/reference/http.md").unlink()
    assert outdated(tmp_path, pages) == ["docs/zh/reference/http.md", "docs/en/reference/rules.md"]


def test_the_schema_holds_every_kind_from_outside() -> None:
    schema = json.loads(text_of(Path("docs/events.schema.json")))
    named = {item["$ref"].rpartition("/")[2] for item in schema["anyOf"]}
    assert named == {kind.__name__ for kind in OUTSIDE} == set(schema["discriminator"]["mapping"])
    for kind in OUTSIDE:
        part = schema["$defs"][kind.__name__]
        assert part["properties"]["kind"]["enum"] == [kind.__name__]
        assert set(part["properties"]) == {"kind", *kind.__struct_encode_fields__}
        assert part["description"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_index_leads_to_every_page(language: str) -> None:
    folder = Path("docs") / language
    linked = {
        (ROOT / folder / target).resolve().relative_to(ROOT)
        for target in re.findall(r"\]\(([^)#]+\.md)", text_of(folder / "index.md"))
    }
    pages = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.md")} - {folder / "index.md"}
    assert pages - linked == set()


@cache
def anchors(path: Path) -> frozenset[str]:
    """The places of a page one can link to, as the usual Markdown programs name them."""
    text = text_of(path)
    named = re.findall(r'<a id="([^"]+)"', text)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return frozenset([*named, *(re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads)])


def test_links_to_places_inside_pages_lead_there() -> None:
    wrong = []
    for page in (path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")):
        for target, place in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text_of(page)):
            aim = (ROOT / page.parent / target).resolve().relative_to(ROOT) if target else page
            if not re.match(r"[a-z]+:", target) and place not in anchors(aim):
                wrong.append(f"{page}: {target}#{place}")
    assert wrong == []


def test_rows_of_a_table_stand_under_its_head() -> None:
    loose = []
    for paper in PAPERS:
        lines = text_of(paper).splitlines()
        # The first line of a table is its head, the second a rule; a row behind an empty line is shown as bare text.
        loose += [
            f"{paper}:{at + 1}"
            for at, line in enumerate(lines)
            if line.startswith("|")
            and not lines[at - 1].startswith("|")
            and (at + 1 == len(lines) or set(lines[at + 1]) - set("|-: "))
        ]
    assert loose == []


def test_commands_that_are_named_exist() -> None:
    known = set(re.findall(r"^## livecue ((?:user )?\w+)", text_of(Path("docs/en/reference/commands.md")), re.M))
    wrong = []
    for page in PAPERS:
        for name in re.findall(r"`(?:[\w./]*/)?livecue ((?:user )?[a-z]+)", text_of(page)):
            if name not in known:
                wrong.append(f"{page}: livecue {name}")
    assert wrong == []


def test_addresses_that_are_named_exist() -> None:
    routes = [re.compile(re.sub(r"\{[^}]+\}", "[^/?]+", path) + r"$") for path in paths_of_routes()]
    wrong = []
    for page in PAPERS:
        for address in re.findall(r"(?<![\w.])(/(?:api|bridge)/[\w/{}<>$.\-]+)", text_of(page)):
            if not any(route.match(address.rstrip(".")) for route in routes):
                wrong.append(f"{page}: {address}")
    assert wrong == []


def test_settings_that_are_named_exist() -> None:
    known = set(re.findall(r"`(LIVECUE_[A-Z_]+)`", text_of(Path("docs/en/reference/settings.md"))))
    others = {"LIVECUE_REAL_DATA", "LIVECUE_TOKEN", "LIVECUE_HOOK_SECRET", "LIVECUE_FAULT_POINTS"}
    for page in PAPERS:
        assert set(re.findall(r"LIVECUE_[A-Z_]*[A-Z]", text_of(page))) - others <= known, page


def test_events_in_examples_are_taken() -> None:
    """Every line of an example that looks like an event is one the bridge takes."""
    count = 0
    for page in WRITTEN:
        for line in re.findall(r"^\s*(\{\"kind\":.*\})\s*$", text_of(page), re.M):
            decode_line(line.encode())
            count += 1
    assert count


INSTEAD = {
    "仪表盘": "实时指标",
    "直播脚本编辑": "流程",
    "主播端": "主播屏",
    "仪表板": "实时指标",
    "未验证": "待核验",
}
"""Chinese words that are never used for things that have a name."""


def test_things_bear_one_name() -> None:
    wrong = [
        f"{page}: {word} is called {better}"
        for page in PAPERS
        if page.parts[:2] == ("docs", "zh") or page.name == "README.zh-CN.md"
        for word, better in INSTEAD.items()
        if word in text_of(page)
    ]
    assert wrong == []


def blocks(path: Path) -> list[tuple[str, str]]:
    """(language, text) of every fenced block of a page."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text_of(path), re.M | re.S)


def test_examples_are_the_same_in_both_languages() -> None:
    for name in ("bridge.md", "operate.md"):
        assert [kind for kind, _ in blocks(Path("docs/zh") / name)] == [
            kind for kind, _ in blocks(Path("docs/en") / name)
        ]
    assert blocks(Path("docs/zh/bridge.md")) == blocks(Path("docs/en/bridge.md"))


def test_python_in_examples_can_be_read() -> None:
    read = [ast.parse(text) for page in PAPERS for kind, text in blocks(page) if kind == "python"]
    assert read


def test_numbers_that_a_person_wrote_are_those_of_the_code() -> None:
    rules, actions = len(DETECTORS), load_manifests()["simulator"].actions
    assert f"for all {rules} rules" in text_of(Path("docs/en/office.md"))
    assert f"{rules} 条规则都算" in text_of(Path("docs/zh/office.md"))
    assert f"- Cues: {rules} rules watched" in text_of(Path("CHANGELOG.md"))
    for page in ("docs/en/simulator.md", "docs/zh/simulator.md"):
        said = text_of(Path(page))
        assert f" {len(actions)} " in said
        assert [name for name in actions if f"`{name}`" not in said] == []
