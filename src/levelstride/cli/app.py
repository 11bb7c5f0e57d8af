"""Why it exists: one command with sub-commands, and one place where errors become a line and an exit status.

Exit status: 0 done, 1 unexpected, 2 wrong option or value, 3 file not usable, 4 nothing measurable, 5 something must
be settled before a plan is made, 130 stopped.
"""

import io
import sys
from typing import Annotated

import typer

from levelstride.cli.analyze import analyze
from levelstride.cli.compare import compare
from levelstride.cli.errors import in_one_line
from levelstride.cli.findings import findings
from levelstride.cli.journal import journal_app
from levelstride.cli.library import library_app
from levelstride.cli.mannequin import mannequin_app
from levelstride.cli.play import play
from levelstride.cli.programme.log import log_app
from levelstride.cli.programme.plan import plan
from levelstride.cli.programme.simulate import simulate
from levelstride.cli.programme.today import today
from levelstride.cli.screen.command import screen

app = typer.Typer(
    name="levelstride",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help opens three times faster
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import levelstride

        typer.echo(f"levelstride {levelstride.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Measure how a person moves, from a phone video or with a stopwatch and a chair, and say how sure it is."""


app.command("analyze")(in_one_line(analyze))
app.command("screen")(in_one_line(screen))
app.command("findings")(in_one_line(findings))
app.command("compare")(in_one_line(compare))
app.command("plan")(in_one_line(plan))
app.command("today")(in_one_line(today))
app.command("session")(in_one_line(play))
app.add_typer(log_app, name="log")
app.command("simulate")(in_one_line(simulate))
app.add_typer(journal_app, name="journal")
app.add_typer(library_app, name="library")
app.add_typer(mannequin_app, name="mannequin")


def main() -> None:
    """Run the command line; a console that cannot show a sign shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
