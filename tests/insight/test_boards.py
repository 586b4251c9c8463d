"""Boards over a real show: from its rows into the history and out again as figures, a page's answer, a workbook."""

import io
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from livecue.app import App
from livecue.config import load_settings
from livecue.insight import Asked
from livecue.kit import ManualClock
from livecue.metrics import show_totals
from livecue.store import transaction
from tests.flows.killing import ROOM, START, run_show


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a show."""
    folder = tmp_path_factory.mktemp("shown") / "data"
    folder.mkdir()
    run_show(folder)
    return folder


def test_a_board_says_what_the_show_came_to(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    clock = ManualClock(START + 3_600_000)
    app = App(load_settings(data=data), clock=clock)
    app.pump.start()
    try:
        asked = Asked(org="main", first="2026-09-01", last="2026-09-30", rooms=(ROOM,), natures=("simulated",))
        board = app.boards.ask(asked, "show")
        (line,) = board.shows
        totals = {(t.scope, t.metric): t for t in show_totals(app.reader, ROOM, line.show)}
        (row,) = board.rows
        assert row.group == line.show and row.currency == "CNY"
        for metric in board.metrics:
            figure, total = row.figures[metric], totals["room", metric]
            assert figure.value == pytest.approx(total.value) if total.value is not None else figure.value is None
            assert figure.why == total.why and figure.as_of == total.as_of
        assert board.cues[0].given > 0 and sum(c.count for c in board.comments) > 50
        assert board.made_at == clock.now_ms() and board.files == 4
        # Refunds keep arriving: the facts are made anew, the old file goes, the figure follows.
        paid = totals["room", "M41"].value
        assert paid is not None
        writer = app.store.writer()
        with transaction(writer):
            writer.put(
                "UPDATE show_totals SET value = ?, num = ?, as_of = as_of + 1 WHERE metric = 'M42' AND scope = 'room'",
                (paid - 100, paid - 100),
            )
        writer.close()
        assert app.boards.ask(asked, "show").rows[0].figures["M42"].value != paid - 100
        clock.set(clock.now_ms() + 60_000)
        assert app.boards.ask(asked, "show").rows[0].figures["M42"].value == paid - 100
        assert len(app.history.place.names()) == 4
        products = {row.group for row in app.boards.ask(asked, "product").rows}
        assert products == {scope.partition(":")[2] for scope, _ in totals if scope.startswith("product:")}
        assert (
            app.boards.ask(Asked(org="other", first="2026-09-01", last="2026-09-30", rooms=(ROOM,)), "day").rows == []
        )
    finally:
        app.pump.stop()
        app.reader.close()
        app.release()


def test_the_workbook_names_what_it_holds(shown: Path, tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from livecue.app import web_of

    data = Path(shutil.copytree(shown, tmp_path / "data"))
    app = App(load_settings(data=data), clock=ManualClock(START + 3_600_000))
    app.pump.start()
    try:
        client = TestClient(web_of(app), base_url="http://testserver")
        client.get(app.link())
        found = client.get("/api/boards", params={"first": "2026-09-01", "last": "2026-09-30", "by": "day"}).json()
        assert [row["group"] for row in found["board"]["rows"]] == [found["board"]["shows"][0]["day"]]
        assert found["definitions"]["M44"]["formula"]["en"] and found["names"][ROOM] == "Kill"
        for language, first in (("zh", "指标"), ("en", "Figures")):
            answer = client.get(
                "/api/boards.xlsx", params={"first": "2026-09-01", "last": "2026-09-30", "by": "show", "lang": language}
            )
            book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
            assert book.sheet_names[0] == first
            figures = book.get_sheet_by_index(0).to_python()
            assert len(figures) == 2 and figures[0][2:] != figures[1][2:]
            assert any("M41" in line for line in book.get_sheet_by_index(4).to_python())
        for wrong in (
            {"first": "2026-9-1"}, {"first": "2026-09-30", "last": "2026-09-01"}, {"by": "moon"},
            {"first": "2010-01-01"}, {"natures": "unreal"},
        ):  # fmt: skip
            assert client.get("/api/boards", params=wrong).status_code == 422, wrong
        assert client.get("/api/boards", params={"rooms": "not-mine"}).status_code == 404
    finally:
        app.pump.stop()
        app.reader.close()
        app.release()
