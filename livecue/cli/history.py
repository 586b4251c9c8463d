"""``livecue history``: closed shows as Parquet."""

from pathlib import Path
from typing import Annotated

import typer

from livecue.app import history_of, offline, store_of, verify_history
from livecue.cli.command import Config, Data, history, out, progress, reader_of, settings_of
from livecue.cli.shows import export_to
from livecue.store import JOURNAL, every_history_file


@history.command("status")
def history_status(data: Data = None, config: Config = None) -> None:
    """What has been written, what has left the journal, what still waits."""
    settings = settings_of(data, config)
    reader = reader_of(settings)
    try:
        files = [file for file in every_history_file(reader) if ":" not in file.kind]
        out.print(f"history in {history_of(settings).place.name}")
        for room in sorted({file.room for file in files}):
            mine = [file for file in files if file.room == room and file.kind == JOURNAL]
            facts = [file for file in files if file.room == room and file.kind != JOURNAL]
            gone = sum(file.batches for file in mine if file.dropped_at)
            days = f"{mine[0].day} to {mine[-1].day}" if mine else "-"
            out.print(
                f"  {room}: {days}, {len(mine)} files, {sum(f.row_count for f in mine)} rows,"
                f" {sum(f.bytes for f in (*mine, *facts)) / 1e6:.2f} MB, {gone} batches have left the journal;"
                f" {len(facts)} files of facts"
            )
        for room, count in reader.rows("SELECT room, COUNT(*) FROM journal GROUP BY room ORDER BY room"):
            out.print(f"  journal of {room}: {count} batches")
    finally:
        reader.close()


@history.command("archive")
def history_archive(data: Data = None, config: Config = None) -> None:
    """Do now what is due: write closed shows, merge small files, drop what was compared long enough ago."""
    settings = settings_of(data, config)
    reader_of(settings).close()
    reader, archiver, _ = offline(store_of(settings), settings)
    try:
        with progress("archive") as told:
            done = archiver.step(told)
    finally:
        reader.close()
    out.print(
        f"{done.written} files written ({done.events} events), {done.merged} files merged,"
        f" {done.dropped} batches left the journal"
    )


@history.command("verify")
def history_verify(
    data: Data = None,
    config: Config = None,
    mend: Annotated[bool, typer.Option("--mend", help="Write anew what the journal still holds.")] = False,
) -> None:
    """Compare every file with what was written; name what is lacking, damaged or left over."""
    settings = settings_of(data, config)
    reader_of(settings).close()
    reader, archiver, kept = offline(store_of(settings), settings)
    try:
        with progress("history") as told:
            found = verify_history(reader, kept, archiver if mend else None, told)
    finally:
        reader.close()
    wrong = [file for file in found if file.verdict in ("lacking", "damaged")]
    for file in found:
        if file.verdict != "whole":
            hint = {
                "left_over": "noted nowhere: from an interrupted run, or newer than the backup this was restored from",
                "mended": "written anew from the journal",
            }.get(
                file.verdict,
                "the journal still holds it: --mend" if file.in_journal else "bring it back from a copy of the history",
            )
            out.print(f"{file.verdict:<10} {file.name}  ({hint})")
    out.print(f"{sum(file.verdict == 'whole' for file in found)} of {len(found)} files whole")
    if wrong:
        raise typer.Exit(1)


@history.command("restore")
def history_restore(
    show: Annotated[str, typer.Argument(help="Id of the show.")],
    file: Annotated[Path | None, typer.Argument(help="Where to write (default SHOW.jsonl.gz).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Bring a show back as a recording, which `livecue replay` plays; the same as `export`."""
    export_to(settings_of(data, config), show, file)
