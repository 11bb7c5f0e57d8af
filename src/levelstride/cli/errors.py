"""Why it exists: what a person can mend is told in one line, with an exit status scripts can act on.

Exit status: 0 done, 1 unexpected, 2 wrong option or value, 3 file not usable, 4 nothing measurable, 130 stopped.
"""

import functools
import os
from collections.abc import Callable
from typing import ParamSpec

import typer

from levelstride.errors import LevelstrideError

P = ParamSpec("P")


def in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Wrap a command so that refusals and Ctrl-C end it with one line on standard error and no traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except LevelstrideError as error:
            typer.echo(f"Error: {error.problem} {error.fix}", err=True)
            raise typer.Exit(error.exit_code) from None
        except Exception as error:
            if os.environ.get("LEVELSTRIDE_DEBUG"):
                raise
            what = " ".join(f"{type(error).__name__}: {error}".split())
            typer.echo(
                f"Error: Something went wrong that should not have ({what})."
                " Please report it; LEVELSTRIDE_DEBUG=1 shows where it happened.",
                err=True,
            )
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("Stopped. Nothing was written.", err=True)
            raise typer.Exit(130) from None

    return wrapped
