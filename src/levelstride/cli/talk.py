"""Why it exists: one way to talk in a terminal - short lines, one question at a time, the same keys everywhere.

Plain text without drawing, so that a screen reader and a pipe read it as a person does. What is typed into a pipe is
repeated in the output: a transcript shows both sides.
"""

import shutil
import sys
import textwrap
import time

import typer

from levelstride.screening.sayings import Phrases

_WIDEST = 78


class PausedError(Exception):
    """The person typed q, or the input ended."""


class BackError(Exception):
    """The person wants the page before this one."""


class AgainError(Exception):
    """The person wants to begin this test anew."""


class SkipError(Exception):
    """The person skips this question or test."""


class StopError(Exception):
    """Something felt wrong during a test."""


class Talk:
    """Says and asks; on standard error with ``aside``, where standard output belongs to JSON."""

    def __init__(self, phrases: Phrases, *, aside: bool = False) -> None:
        self.phrases = phrases
        self._aside = aside
        self._width = min(_WIDEST, shutil.get_terminal_size((80, 24)).columns - 1)
        self._live = sys.stdin.isatty()

    def say(self, text: str = "", *, indent: str = "", bold: bool = False) -> None:
        """Print a paragraph."""
        if not text:
            typer.echo(err=self._aside)
            return
        filled = textwrap.fill(text, max(30, self._width), initial_indent=indent, subsequent_indent=" " * len(indent))
        typer.secho(filled, bold=bold, err=self._aside)

    def heading(self, key: str, **values: object) -> None:
        """Print a heading of the library."""
        self.say(self.phrases.heading(key, **values))

    def title(self, text: str) -> None:
        """Print the title of a part, with a line of air before it."""
        typer.echo(err=self._aside)
        self.say(text, bold=True)

    def listed(self, texts: list[str], *, start: int = 1) -> None:
        """Print a numbered list."""
        for number, text in enumerate(texts, start=start):
            self.say(text, indent=f"{number:3d}  ")

    def read(self, *, stop: bool = False, skip: bool = True) -> str:
        """Read one line; the keys that mean the same everywhere leave through an exception.

        ``skip``: whether ``s`` leaves the question; where anything may be typed it does not.

        Raises
        ------
        PausedError, BackError, SkipError, StopError
            For ``q`` (or the end of the input), ``b``, ``s`` and, during a test, ``x``.
        """
        typer.echo("> ", nl=False, err=self._aside)
        try:
            typed = input().strip()
        except EOFError:
            typer.echo(err=self._aside)
            raise PausedError from None
        if not self._live:
            typer.echo(typed, err=self._aside)
        key = typed.casefold()
        if key == "q":
            raise PausedError
        if key == "b":
            raise BackError
        if key == "s" and skip:
            raise SkipError
        if stop and key == "x":
            raise StopError
        return typed

    def choose(self, texts: list[str], *, stop: bool = False) -> int:
        """Ask for one of a list, return its place from 0."""
        self.listed(texts)
        while True:
            typed = self.read(stop=stop)
            if typed.isdigit() and 1 <= int(typed) <= len(texts):
                return int(typed) - 1
            self.heading("bad_option")

    def number(self, *, stop: bool = False, letters: str = "") -> float | str:
        """Ask for a number (comma or point), or one of ``letters``."""
        while True:
            typed = self.read(stop=stop)
            if typed and typed.casefold() in letters:
                return typed.casefold()
            number = parse_number(typed)
            if number is not None:
                return number
            self.heading("bad_number")

    def stopwatch(self, down_s: float | None) -> float:
        """Time with two presses of Enter; with ``down_s`` ring when that time is over. Returns seconds."""
        self.heading("timer_start")
        self.read(stop=True)
        begin = time.monotonic()
        if down_s is not None:
            while (left := down_s - (time.monotonic() - begin)) > 0:
                typer.echo(f"\r{left:4.0f} s ", nl=False, err=self._aside)
                time.sleep(min(1.0, left))
            typer.echo("\a", err=self._aside)
            self.heading("timer_over")
            return down_s
        self.heading("timer_stop")
        self.read(stop=True)
        return time.monotonic() - begin


def parse_number(text: str) -> float | None:
    """Read a number with a comma or a point; None when it is none."""
    plain = text.strip().replace(",", ".").replace("−", "-")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
