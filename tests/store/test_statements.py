"""Every statement of the tree is understood by both databases."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import livecue
from livecue.store import migrate
from livecue.store.statements import column_of, definition, listed, many_of, places
from tests.postgres import Cluster

ROOT = Path(livecue.__file__).parent
OF_ONE_DRIVER = (
    "store/sqlite.py",
    "store/postgres.py",
    "store/stores.py",
    "store/backup.py",
    "store/jetstream",
    "store/migrat",
)
_STATEMENT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) [\s\S]")
_WORDS = re.compile(r"\b(FROM|INTO|SET|WHERE)\b")


def said(node: ast.AST) -> str | None:
    """The text of a constant or of an f-string whose holes are lists of places; None for any other."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [said(part.value if isinstance(part, ast.FormattedValue) else part) or "" for part in node.values]
        holes = [isinstance(part, ast.FormattedValue) for part in node.values]
        if any(hole and not before.rstrip().endswith("IN (") for hole, before in zip(holes[1:], parts, strict=False)):
            return None
        return "".join("?" if hole else part for hole, part in zip(holes, parts, strict=True))
    return None


def statements() -> Iterator[tuple[str, str]]:
    """(where, statement) of every file."""
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name.startswith(OF_ONE_DRIVER):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = said(node)
            if text and _STATEMENT.match(text) and _WORDS.search(text):
                yield f"{name}:{getattr(node, 'lineno', 0)}", text


def test_both_databases_understand_every_statement(postgres: Cluster, tmp_path: Path) -> None:
    migrate(tmp_path / "a.db")
    lite = sqlite3.connect(tmp_path / "a.db")
    wrong, seen = [], 0
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        for where, statement in statements():
            try:
                lite.execute(f"EXPLAIN {statement}", [None] * statement.count("?"))
            except sqlite3.OperationalError as error:
                # A piece that is put together elsewhere is no statement yet.
                if re.search("incomplete|syntax error|unrecognized token", str(error)):
                    continue
                wrong.append(f"{where}: SQLite: {error}")
                continue
            seen += 1
            counted = 0

            def place(_: re.Match[str]) -> str:
                nonlocal counted
                counted += 1
                return f"${counted}"

            numbered = re.sub(r"%s", place, places(statement)).replace("%%", "%")
            try:
                connection.execute(f"PREPARE s AS {numbered}".encode())
                connection.execute("DEALLOCATE s")
            except psycopg.Error as error:
                wrong.append(f"{where}: PostgreSQL: {str(error).splitlines()[0]}: {statement[:150]}")
    assert not wrong, "\n".join(wrong)
    assert seen > 100


@pytest.mark.parametrize(
    ("statement", "whole"),
    [
        ("INSERT INTO t (a, b) VALUES (?,?)", True),
        ("INSERT INTO t (a, b) VALUES (?,'x') ON CONFLICT (a) DO NOTHING", True),
        ("INSERT INTO t (a, b) VALUES (?, COALESCE(?, 1))", False),
        ("INSERT INTO t (a, c) VALUES (?,?)", False),
        ("INSERT INTO t (a, b) VALUES (?,?) ON CONFLICT (a) DO UPDATE SET b = ?", False),
        ("UPDATE t SET a = ?", False),
    ],
)
def test_which_statements_take_whole_columns(statement: str, whole: bool) -> None:
    found = many_of(statement, {"t": {"a": "text", "b": "bigint", "c": "bytea"}})
    assert (found is not None) is whole


def test_only_types_and_places_change() -> None:
    assert places("SELECT 'a?b' || ? WHERE x LIKE '1%' AND y = ?") == "SELECT 'a?b' || %s WHERE x LIKE '1%%' AND y = %s"
    assert definition("CREATE TABLE t (text TEXT NOT NULL DEFAULT 'TEXT', n INTEGER)") == (
        "CREATE TABLE t (text TEXT COLLATE \"C\" NOT NULL DEFAULT 'TEXT', n BIGINT)"
    )
    assert definition("INSERT INTO t VALUES ('INTEGER')") == "INSERT INTO t VALUES ('INTEGER')"


def test_a_list_of_texts_is_one_value_for_postgresql(postgres: Cluster) -> None:
    statement = "SELECT '?', name FROM settings WHERE org = ? AND name /*texts*/ IN (?,?,?) AND brand = ? ORDER BY name"
    found = listed(statement)
    assert found is not None and (found.first, found.length) == (1, 3)
    assert listed(statement.replace(" /*texts*/", "")) is None
    texts = ["a", 'b"\\,', "没有"]
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        for name in [*texts, "other"]:
            connection.execute("INSERT INTO settings (org, brand, name, value) VALUES ('o', 'b', %s, '1')", (name,))
        rows = connection.execute(found.statement, ("o", column_of(texts, "text"), "b")).fetchall()
    assert rows == [("?", name) for name in texts]


def test_a_column_of_numbers_is_the_servers_text_of_an_array() -> None:
    assert column_of((1, -2, 1 << 62), "bigint") == "{1, -2, 4611686018427387904}"
    assert column_of((1, None, True), "bigint") == "{1,NULL,1}"
    assert column_of([1.5, float("nan")], "double precision") == "{1.5,NULL}"
