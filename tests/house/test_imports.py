"""The house's import rules that import-linter cannot say (its own contracts stand in pyproject.toml)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, face, imports, python_files, text_of

SEEN_BY_INTEGRATIONS = {"events", "kit", "errors", "integrations"}

PLATFORMS = (
    "douyin|抖音|kuaishou|快手|taobao|淘宝|tmall|天猫|xiaohongshu|小红书|shipinhao|视频号|wechat|weixin|微信|wecom|企业微信|"
    "bilibili|哔哩|pinduoduo|拼多多|jingdong|京东|tiktok|youtube|facebook|instagram|shopee|lazada|shopify|"
    "feishu|飞书|dingtalk|钉钉|chanmama|蝉妈妈"
)


def room(path: Path) -> str:
    """The room of a file or dotted module: the name behind ``livecue``."""
    return path.parts[1].removesuffix(".py")


def test_integrations_see_only_events_kit_and_errors() -> None:
    wrong = [
        f"{path}:{line}: {module}"
        for path in python_files()
        if room(path) == "integrations"
        for line, module, name in imports(path)
        if module.split(".")[0] == "livecue"
        and (module.split(".")[1] if "." in module else (name or "livecue")) not in SEEN_BY_INTEGRATIONS
    ]
    assert wrong == []


def public(module: str) -> bool:
    """Whether another room may import from this dotted name: a room itself, one integration's folder, or one of the
    parts of planning and of the desk, which share little but their place."""
    parts = module.split(".")
    return len(parts) <= 2 or (parts[1] in ("integrations", "planning", "desk") and len(parts) == 3)


def test_a_room_is_entered_by_its_face() -> None:
    """From outside a folder only what its ``__init__`` names is imported."""
    wrong = []
    for path in python_files():
        for line, module, name in imports(path):
            parts = module.split(".")
            if parts[0] != "livecue" or len(parts) == 1 or parts[1] == room(path):
                continue
            if not public(module):
                wrong.append(f"{path}:{line}: {module} is inside another room")
                continue
            names = face(module)
            if names is not None and name is not None and name not in names:
                wrong.append(f"{path}:{line}: {module} does not name {name} in its __init__")
    assert wrong == []


def test_platform_names_stand_only_under_their_integration() -> None:
    pattern = re.compile(PLATFORMS, re.IGNORECASE)
    wrong = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in python_files()
        if room(path) != "integrations"
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert wrong == []


def test_migrations_import_nothing_of_the_program() -> None:
    folder = ROOT / "livecue" / "store" / "migrations" / "versions"
    wrong = [
        f"{path.name}:{line}: {module}"
        for path in sorted(folder.glob("*.py"))
        for line, module, _ in imports(path.relative_to(ROOT))
        if module.split(".")[0] not in {"alembic", "__future__", "collections", "typing"}
    ]
    assert wrong == []


def test_migrations_are_one_chain() -> None:
    """Numbers without a gap, each pointing at the one before it: no two heads, no order left to chance."""
    folder = ROOT / "livecue" / "store" / "migrations" / "versions"
    previous: str | None = None
    for count, path in enumerate(sorted(folder.glob("[0-9]*.py")), 1):
        values = dict(re.findall(r"^(revision|down_revision)\b[^=]*= *(.+)$", path.read_text(encoding="utf-8"), re.M))
        assert path.name.startswith(f"{count:04d}_"), f"{path.name}: number {count:04d} is missing or doubled"
        assert values["revision"].strip("\"'") == f"{count:04d}", path.name
        before = values["down_revision"].strip("\"'")
        assert before == (previous or "None"), f"{path.name}: down_revision is {before}, not {previous}"
        previous = f"{count:04d}"
    assert previous is not None
