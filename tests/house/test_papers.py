"""The papers of the project: both languages in pairs, a changelog in one form, notices for what others made."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, text_of, tracked
from tools.tasks.licences import ASSET

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def headings(text: str) -> list[str]:
    """The levels of a page's headings in order, code blocks left out."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(r"^(#{1,6}) ", prose, re.M)


def test_docs_come_in_both_languages() -> None:
    def pages(language: str) -> set[str]:
        folder = ROOT / "docs" / language
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert pages("zh") == pages("en")


def test_the_two_readmes_have_the_same_parts() -> None:
    assert headings(text_of(Path("README.md"))) == headings(text_of(Path("README.zh-CN.md")))


def test_readmes_link_only_to_what_is_there() -> None:
    pages = [path for path in tracked() if path.suffix == ".md" and path.parts[0] != "tests"]
    wrong = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"`[^`]*`", "", text_of(page))):
            if not re.match(r"[a-z]+:", target) and not (ROOT / page.parent / target).exists():
                wrong.append(f"{page}: {target}")
    assert wrong == []


def test_changelog_keeps_its_form() -> None:
    """Keep a Changelog: Unreleased first, then versions with a date, newest first; known headings only."""
    text = text_of(Path("CHANGELOG.md"))
    versions = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", text, re.M)
    assert versions and versions[0] == ("Unreleased", "")
    assert len(versions) == len(re.findall(r"^## ", text, re.M)), "a heading that is no version"
    assert all(date for _, date in versions[1:])
    dates = [date for _, date in versions[1:]]
    assert dates == sorted(dates, reverse=True)
    assert set(re.findall(r"^### (.+)$", text, re.M)) <= KINDS


def test_every_asset_line_of_notice_can_be_read() -> None:
    """A line of the list that `make check` cannot read would be a licence nobody looks at."""
    text = text_of(Path("NOTICE"))
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert [line for line in lines if not ASSET.match(line)] == []


def test_decisions_are_short_and_name_what_was_rejected() -> None:
    for path in tracked():
        if path.parts[:2] == ("docs", "decisions") and path.name != "README.md":
            text = text_of(path)
            assert len(text.split()) < 700, f"{path}: half a page"
            assert re.search(r"reject|instead of|alternativ", text, re.I), f"{path}: names no alternative"
