"""Every page that the front end's router knows, out of its files: one that is added is looked at by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.browser.looks import UI

_PAGE = re.compile(r"\{ path: '(?P<path>[^']*)', name: '(?P<name>[\w-]+)'")
_FOLDER = re.compile(r"\{ path: '(?P<path>[^']*)', component: [^\n]*, children: (?P<routes>\w+) \}")
_PART = re.compile(r":(\w+)(?:\(.*?\)\*)?")


def every_page() -> dict[str, str]:
    """Address by name of page, with its ``:parts`` as they are."""
    router = (UI / "app" / "router.ts").read_text()
    found = {page["name"]: page["path"] for page in _PAGE.finditer(router)}
    told = router.count("{ path: ")
    for folder in _FOLDER.finditer(router):
        told -= 1
        file = re.search(rf"import \{{ {folder['routes']} \}} from '@/([\w/]+)'", router)
        assert file is not None, f"where {folder['routes']} come from is written otherwise: read it anew"
        routes = (UI / f"{file[1]}.ts").read_text()
        told += routes.count("{ path: ")
        found |= {page["name"]: f"{folder['path']}/{page['path']}".rstrip("/") for page in _PAGE.finditer(routes)}
    assert len(found) == told > 40, f"{told} pages in the files, {len(found)} were read: {sorted(found)}"
    return found


def address(path: str, parts: Mapping[str, str]) -> str:
    """The address of a page whose ``:parts`` are filled in; a part that nobody fills is an error."""

    def fill(part: re.Match[str]) -> str:
        assert part[1] in parts, f"{path}: say in test_screens what fills :{part[1]}"
        return parts[part[1]]

    return _PART.sub(fill, path)
