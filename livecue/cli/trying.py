"""``livecue roster``, ``check-text`` and ``check-draw``: a part of LiveCue alone, on a file."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from livecue.app import check_file
from livecue.cli.command import cli, err, out
from livecue.errors import BadInput
from livecue.planning.roster import Step, read_instance, solve_instance
from livecue.shelf import Proof, faults_of


@cli.command()
def roster(
    file: Annotated[Path, typer.Argument(help="An instance in the text format of Curtois and Qu.")],
    seconds: Annotated[float, typer.Option(help="How long to search at most.", min=0.1)] = 60.0,
    gap: Annotated[float, typer.Option(help="Proven gap at which to stop; 0 is the optimum.", min=0.0, max=1.0)] = 0.0,
    plan: Annotated[bool, typer.Option("--plan", help="Print who works when.")] = False,
) -> None:
    """Solve a shift-scheduling benchmark and print penalty and proven bound."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist")
    try:
        found = read_instance(file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not a text file in UTF-8: {error}") from error
    with err.status("searching") as said:

        def told(step: Step) -> bool:
            said.update(f"{step.seconds:.0f} s  penalty {step.penalty:.0f}  bound {step.bound:.0f}")
            return True

        solved = solve_instance(found, gap, seconds, told)
    if solved.impossible:
        raise BadInput(f"{file}: no plan keeps all hard rules")
    if not solved.plan:
        raise BadInput(f"{file}: no plan was found in {seconds:.0f} s (bound {solved.bound:.0f}); give it longer")
    out.print(f"penalty {solved.penalty:.0f}  bound {solved.bound:.0f}  gap {solved.gap:.2%}  {solved.seconds:.1f} s")
    if plan:
        for person, days in solved.plan.items():
            out.print(f"{person:<8}{' '.join(shift or '-' for shift in days)}")


@cli.command("check-text")
def check_text(
    file: Annotated[Path, typer.Argument(help="A text file in UTF-8, one text a line; - reads what is piped in.")],
    category: Annotated[
        str, typer.Option(help="What is sold: cosmetics, food ...; unknown rules of a category warn.")
    ] = "",
    door: Annotated[str, typer.Option(help="script, speech, title, reply or comment.")] = "script",
    platform: Annotated[str, typer.Option(help="Platform whose own list counts as well.")] = "",
    on: Annotated[str, typer.Option(help="Judge by the rules in force on this day, as 2026-11-22.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
) -> None:
    """Hold texts against the rule packs: line, place, word, severity, article, what to write instead. Exit code 1 when
    one is to be blocked."""
    worst = check_file(file, category, door, platform, on, lambda line: out.print(line, markup=False), as_json)
    if worst == "block":
        raise typer.Exit(1)


@cli.command("check-draw")
def check_draw(
    file: Annotated[Path, typer.Argument(help="The proof of a draw, as the console exports it.")],
) -> None:
    """Recompute a draw from its proof: seed against what was published, entrants against their hash, winners.

    Exit code 1 when something does not fit. Needs no data folder: anybody can do it."""
    try:
        proof = msgspec.json.decode(file.read_bytes(), type=Proof)
    except (OSError, msgspec.DecodeError) as error:
        out.print(f"[red]fail[/red]  {file}: {error}", markup=True)
        raise typer.Exit(1) from error
    faults = faults_of(proof)
    if faults:
        out.print(f"[red]fail[/red]  {proof.draw}: {', '.join(faults)} not as published")
        raise typer.Exit(1)
    out.print(
        f"[green]ok[/green]    {proof.draw}: {len(proof.codes)} took part, {len(proof.winners)} won, as recomputed"
    )
