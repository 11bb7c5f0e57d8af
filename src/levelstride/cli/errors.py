"""Why it exists: what a person can mend is told in one line, with an exit status scripts can act on.

Exit status: 0 done, 1 unexpected, 2 wrong option or value, 3 file not usable, 4 nothing measurable, 130 stopped.
"""

import functools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ParamSpec

import typer

from levelstride.errors import LevelstrideError

P = ParamSpec("P")

_asked_to_stop = threading.Event()


def stop_if_asked() -> None:
    """Raise again a Ctrl-C that got lost: Python drops it inside callbacks and while objects are freed."""
    if _asked_to_stop.is_set():
        raise KeyboardInterrupt


@contextmanager
def _ctrl_c_remembered() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def remember(number: int, frame: FrameType | None) -> None:
        _asked_to_stop.set()
        raise KeyboardInterrupt

    _asked_to_stop.clear()
    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _asked_to_stop.clear()


def in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Wrap a command so that refusals and Ctrl-C end it with one line on standard error and no traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _ctrl_c_remembered():
                command(*args, **kwargs)
        except typer.Exit:
            raise
        except typer.Abort:  # a question got no answer
            typer.echo("Stopped. Nothing was done.", err=True)
            raise typer.Exit(1) from None
        except LevelstrideError as error:
            typer.echo(f"Error: {error.problem} {error.fix}", err=True)
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:  # whoever read our output has had enough of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(0) from None
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
