"""Why it exists: one command with sub-commands, and one place where errors become a line and an exit status.

Exit status: 0 done, 1 unexpected, 2 wrong option or value, 3 file not usable, 4 nothing measurable, 130 stopped.
"""

import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import click
import typer

from levelstride.cli.analyze import analyze
from levelstride.errors import LevelstrideError

app = typer.Typer(
    name="levelstride",
    help="Measure how a person walks, from a phone video, and say how sure it is.",
    no_args_is_help=True,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"levelstride {installed_version('levelstride')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Measure how a person walks, from a phone video, and say how sure it is."""


app.command("analyze")(analyze)


def main() -> None:
    """Run the command line; never show a traceback for something the person can mend."""
    try:
        status = app(standalone_mode=False)
    except LevelstrideError as error:
        typer.echo(f"Error: {error.problem} {error.fix}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.exceptions.Abort):
        typer.echo("Stopped. Nothing was written.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)
