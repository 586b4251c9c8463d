"""Reading the tree for the tests of its own rules."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NOT_OURS = {".git", ".venv", "node_modules", "__pycache__", "build", "dist", "out", "data", "static"}
"""Folders left out where there is no git to ask (a tree unpacked from an archive)."""


def _git(*arguments: str) -> list[str] | None:
    # The folder may belong to somebody else, as in a container: that is no reason not to read it.
    command = ["git", "-c", "safe.directory=*", "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return [line for line in done.stdout.split("\0") if line] if done.returncode == 0 else None


@cache
def tracked() -> tuple[Path, ...]:
    """What git keeps, relative to the root; without git, what looks like source."""
    listed = _git("ls-files", "-z")
    if listed is not None:
        return tuple(Path(name) for name in sorted(listed) if (ROOT / name).is_file())
    found = []
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name not in NOT_OURS and not name.endswith("_cache")]
        found.extend((Path(folder) / name).relative_to(ROOT) for name in files)
    return tuple(sorted(found))


@cache
def untracked() -> tuple[Path, ...]:
    """What lies in the tree, is not kept and is not ignored either; empty without git."""
    return tuple(Path(name) for name in _git("ls-files", "-z", "--others", "--exclude-standard") or ())


@cache
def text_of(path: Path) -> str:
    """A file's text; empty for one that is not text."""
    raw = (ROOT / path).read_bytes()
    return "" if b"\0" in raw[:8192] else raw.decode("utf-8", errors="replace")


def texts() -> Iterator[tuple[Path, str]]:
    """Every kept text file, and those about to be."""
    for path in (*tracked(), *untracked()):
        if (ROOT / path).is_file():
            yield path, text_of(path)


def found(pattern: str, path: Path, text: str) -> str:
    """How a test names a finding: file, line, what."""
    for number, line in enumerate(text.splitlines(), 1):
        if pattern in line:
            return f"{path}:{number}: {line.strip()[:120]}"
    return f"{path}: {pattern}"


@cache
def python_files() -> tuple[Path, ...]:
    """The Python files of the program."""
    return tuple(path.relative_to(ROOT) for path in sorted((ROOT / "livecue").rglob("*.py")))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """(line, module, name) of every import in a file, nested ones too; name is None for ``import module``."""
    package = list(path.with_suffix("").parts if path.name == "__init__.py" else path.parts)[:-1]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - (node.level - 1)] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, module, alias.name


@cache
def face(package: str) -> frozenset[str] | None:
    """The names that a package's ``__init__`` (or a single-file module) gives to others; None when it is no package."""
    place = ROOT.joinpath(*package.split("."))
    init = place / "__init__.py"
    if not init.exists():
        return None
    names: set[str] = set()
    for node in parsed(init.relative_to(ROOT)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    names.add(target.id)
                    if target.id == "__all__" and isinstance(node.value, ast.List | ast.Tuple):
                        names.update(str(ast.literal_eval(item)) for item in node.value.elts)
    return frozenset(names)
