"""Why it exists: ``levelstride simulate`` - virtual people live under our plan and under others, for a look at both."""

import json
from pathlib import Path
from typing import Annotated

import typer

from levelstride.cli.session import JsonOption
from levelstride.errors import InputError


def simulate(
    people: Annotated[int, typer.Option("--people", min=2, help="How many virtual people.")] = 1000,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=104, help="How long each of them trains.")] = 26,
    seed: Annotated[int, typer.Option("--seed", help="The same number gives the same people and days.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, help="How many processes.")] = 2,
    grid: Annotated[
        int, typer.Option("--grid", min=0, help="How many of the people also live under the other assumptions.")
    ] = 100,
    out: Annotated[Path | None, typer.Option("--out", help="Write the tables into this file (Markdown).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare our plan with common ones on virtual people. A model, no evidence about a real person.

    Exit status 1 = our plan broke a rule, or a week could not be made.
    """
    from levelstride.cli.progress import counted
    from levelstride.programme.simulation.page import markdown, summary
    from levelstride.programme.simulation.table import simulate as live_all

    if out is not None and not out.absolute().parent.is_dir():
        raise InputError(f"{out} cannot be written (no such folder).", "Choose another folder or name.")
    with counted("Virtual people") as told:
        results = live_all(people, weeks, seed, workers, told, grid_people=grid)
    found = summary(results)
    page = markdown(found)
    if out is not None:
        _write(out, page)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif out is None:
        typer.echo(page)
    else:
        typer.echo(f"Written: {out}")
    if results.violations or results.failures:
        raise typer.Exit(1)


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder or name.") from error
