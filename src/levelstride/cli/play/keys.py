"""Why it exists: time and typed lines for a session that runs by itself - and a clock that can run faster to try it.

At a terminal a line can be typed at any time. In a pipe lines are read only where the session waits for one, so that
the same input always gives the same session.
"""

import select
import sys
import time
from typing import Protocol

import typer

from levelstride.cli.talk import BackError, PausedError, SkipError, StopError, Talk, parse_number
from levelstride.journal.bodies import Side

WRONG = "!"
PAUSE = "p"
_KEY_POLL_S = 0.05


class Clock:
    """Seconds of the session; they pass ``speed`` times as fast as real ones."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        """Return the seconds since some moment."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of the session."""
        time.sleep(max(0.0, seconds) / self.speed)


class Keys(Protocol):
    """Where typed lines come from; ``live`` = a person can type at any time."""

    live: bool

    def line(self) -> str:
        """Wait for a line; EOFError when there will be none."""

    def within(self, seconds: float, clock: Clock) -> str | None:
        """Wait until the seconds have passed, or a line was typed before that."""


class TerminalKeys:
    """Lines from standard input."""

    def __init__(self) -> None:
        self.live = sys.stdin.isatty()

    def line(self) -> str:
        """Wait for a line."""
        typer.echo("> ", nl=False)
        typed = input()
        if not self.live:
            typer.echo(typed)
        return typed

    def within(self, seconds: float, clock: Clock) -> str | None:
        """Wait until the seconds have passed, or a line was typed before that."""
        if not self.live:
            clock.sleep(seconds)
            return None
        if not _typed_within(max(0.0, seconds) / clock.speed):
            return None
        typed = sys.stdin.readline()
        if not typed:
            raise EOFError
        return typed


def _typed_within(real_s: float) -> bool:
    if sys.platform == "win32":
        import msvcrt  # select knows no console there; a key pressed means that a line is being typed

        end = time.monotonic() + real_s
        while not msvcrt.kbhit():
            if time.monotonic() >= end:
                return False
            time.sleep(_KEY_POLL_S)
        return True
    else:
        return bool(select.select([sys.stdin], [], [], real_s)[0])


class Console:
    """Says and asks in a session; the keys that mean the same everywhere leave through an exception."""

    def __init__(self, talk: Talk, keys: Keys, clock: Clock) -> None:
        self.talk = talk
        self.phrases = talk.phrases
        self.keys = keys
        self.clock = clock

    def read(self) -> str:
        """Wait for a line and return it.

        Raises
        ------
        PausedError, BackError, SkipError, StopError
            For ``q`` (or the end of the input), ``b``, ``s`` and ``!``.
        """
        try:
            return leave_for(self.keys.line())
        except EOFError:
            raise PausedError from None

    def wait(self, heading: str) -> None:
        """Say what Enter does, and wait for it."""
        self.talk.heading(heading)
        self.read()

    def number(self, low: float, high: float, *, whole: bool = False) -> float | None:
        """Ask for one number; None for Enter or ``s``."""
        return self.numbers((None,), low, high, whole=whole)[None]

    def numbers(
        self, sides: tuple[Side | None, ...], low: float, high: float, *, whole: bool = False
    ) -> dict[Side | None, float | None]:
        """Ask for one number per side: one for all, or ``left/right``; None for Enter or ``s``."""
        while True:
            try:
                typed = self.read()
            except SkipError:
                typed = ""
            if not typed:
                return dict.fromkeys(sides)
            parts = typed.split("/")
            values = [value for part in parts if (value := parse_number(part)) is not None]
            if len(values) != len(parts) or len(parts) not in (1, len(sides)):
                self.talk.heading("bad_number")
            elif whole and any(value != int(value) for value in values):
                self.talk.heading("bad_whole")
            elif not all(low <= value <= high for value in values):
                self.talk.heading("bad_range_between", value=f"{low:g}", limit=f"{high:g}")
            elif len(values) == 1:
                return dict.fromkeys(sides, values[0])
            else:
                return {side: values[0 if side == "left" else 1] for side in sides}

    def choose(self, texts: list[str]) -> int | None:
        """Ask for one of a list, from 0; None for Enter or ``s``."""
        self.talk.listed(texts)
        while True:
            try:
                typed = self.read()
            except SkipError:
                return None
            if not typed:
                return None
            if typed.isdigit() and 1 <= int(typed) <= len(texts):
                return int(typed) - 1
            self.talk.heading("bad_option")

    def yes_no(self, heading: str) -> bool | None:
        """Ask a question with yes and no; None for Enter or ``s``."""
        self.talk.heading(heading)
        chosen = self.choose([self.phrases.heading("yes"), self.phrases.heading("no")])
        return None if chosen is None else chosen == 0


def leave_for(typed: str) -> str:
    """Return a typed line without its blanks, or leave for the key that it is.

    Raises
    ------
    PausedError, BackError, SkipError, StopError
        For ``q``, ``b``, ``s`` and ``!``.
    """
    key = typed.strip().casefold()
    ways: dict[str, type[Exception]] = {"q": PausedError, "b": BackError, "s": SkipError, WRONG: StopError}
    if key in ways:
        raise ways[key]
    return typed.strip()
