"""``livecue replay``, ``import`` and ``export``."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from livecue.app import App, Replay, export_show
from livecue.catalog import list_products, read_products
from livecue.cli.command import Config, Data, cli, out, progress, reader_of, settings_of
from livecue.config import Settings
from livecue.errors import BadInput
from livecue.events import ProductSaved, StockEntered
from livecue.kit import new_id
from livecue.sales import list_stock
from livecue.team import list_brands

_AT_ONCE = 50
"""Products told to the office in one post."""


@cli.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A LiveCue recording or a platform's log.")],
    data: Data = None,
    config: Config = None,
    rate: Annotated[str, typer.Option(help="1 is the real pace; max is as fast as it goes.")] = "max",
) -> None:
    """Replay a recording into a room of its own and say what it holds."""
    try:
        pace = None if rate == "max" else float(rate)
    except ValueError:
        raise BadInput("--rate takes a number or max") from None
    if pace is not None and not 0 < pace <= 1000:
        raise BadInput("--rate lies above 0 and at most 1000")
    app = App(settings_of(data, config))
    try:
        app.start()
        app.first_owner()
        played = Replay(app, file)
        with progress(file.name) as told:
            totals = played.run(pace, told)
    finally:
        app.stop()
    out.print(f"room {totals.room}: {totals.events} events")
    for kind, count in totals.kinds.items():
        out.print(f"  {kind:<22}{count:>8}")
    if totals.bad_lines:
        out.print(f"[yellow]{totals.bad_lines} lines could not be read:[/yellow]")
        for row in played.recording.errors[:10]:
            out.print(f"  line {row.line}: {row.message}")


def _balances(products: Sequence[ProductSaved], opened: Mapping[str, int]) -> Iterator[StockEntered]:
    """The opening balance of every SKU whose stock the sheet tells and nobody knew."""
    for product in products:
        for sku in product.card.skus:
            if sku in opened:
                command = new_id()
                yield StockEntered(
                    key=command, command=command, by="import", org=product.org, brand=product.brand, sku=sku,
                    quantity=opened[sku], product=product.card.product, reason="F03",
                )  # fmt: skip


@cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A spreadsheet of products (选品表: .xlsx, .csv).")],
    data: Data = None,
    config: Config = None,
    brand: Annotated[str | None, typer.Option(help="Brand to import into (default: the first).")] = None,
    sure: Annotated[bool, typer.Option(help="Take prices that look like fen all the same.")] = False,
) -> None:
    """Import products; rows that cannot be used are named."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist")
    app = App(settings_of(data, config))
    try:
        app.start()
        app.first_owner()
        org, into = app.settings.org, brand or app.settings.brand
        brands = [name for name, _ in list_brands(app.reader, org)]
        if into not in brands:
            raise BadInput(f"there is no brand {into!r}; there are {', '.join(brands)}")
        known = list_products(app.reader, org, into)
        found = read_products(file.read_bytes(), file.name, org, into, known=known, sure=sure)
        counted = {view.sku for view in list_stock(app.reader, org, into) if view.known}
        opened = {sku: count for sku, count in found.stock.items() if sku not in counted}
        with progress(file.name) as told:
            for start in range(0, len(found.products), _AT_ONCE):
                part = found.products[start : start + _AT_ONCE]
                app.tell_house(*part)
                for event in _balances(part, opened):
                    app.tell_house(event)
                told((start + _AT_ONCE) / len(found.products))
    finally:
        app.stop()
    out.print(f"{len(found.products)} products imported, {len(found.errors)} errors")
    if found.stock:
        kept = sorted(set(found.stock) - set(opened))
        out.print(f"stock of {len(opened)} SKUs opened")
        if kept:
            out.print(f"stock known already and kept: {', '.join(kept)}")
    for wrong in found.errors:
        out.print(f"  row {wrong.row}, {wrong.column}: {wrong.message}")
    if found.errors:
        raise typer.Exit(1)


@cli.command()
def export(
    show: Annotated[str, typer.Argument(help="Id of the show.")],
    file: Annotated[Path | None, typer.Argument(help="Where to write (default SHOW.jsonl.gz).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Write what entered the room during a show as a recording."""
    export_to(settings_of(data, config), show, file)


def export_to(settings: Settings, show: str, file: Path | None) -> None:
    """Write a show as a recording to ``file``, by default named after it."""
    target = file or Path(f"{show}.jsonl.gz")
    if target.exists():
        raise BadInput(f"{target} exists already; name another file")
    reader = reader_of(settings)
    try:
        with progress(target.name) as told:
            count = export_show(reader, show, target, told)
    finally:
        reader.close()
    out.print(f"{target}: {count} events")
