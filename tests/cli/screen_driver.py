"""A made-up person at the terminal: reads what is printed and answers, so that a whole screen can be walked through."""

import builtins
import io
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache

from levelstride.cli.app import app
from levelstride.library.loader import knowledge
from levelstride.library.translations import LANGUAGES, Speaker


@dataclass
class Person:
    """Answers by what was printed last.

    ``says`` maps a piece of the question (English or Spanish) to one answer, or to answers in turn; ``otherwise`` is
    asked when no piece fits. What was printed since the last answer is handed to both.
    """

    says: dict[str, str | list[str]]
    otherwise: Callable[[str], str | None] = lambda printed: None
    turns: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before: str | None = None

    def answer(self, printed: str) -> str:
        if len(self.asked) > 900:
            raise AssertionError("the screen does not come to an end")
        """Return the answer to the last question in what was printed."""
        flat = " ".join(printed.split())
        if flat == self.before or any(refusal in flat for refusal in refusals()):  # the same question goes on
            flat = f"{self.asked[-1]} {flat}"
        best = max((key for key in self.says if key in flat), key=lambda key: flat.rfind(key) + len(key), default=None)
        self.asked.append(flat)
        self.before = self._answer(best, flat)
        return self.before

    def _answer(self, best: str | None, flat: str) -> str:
        if best is not None:
            given = self.says[best]
            if isinstance(given, str):
                return given
            turn = self.turns.get(best, 0)
            self.turns[best] = turn + 1
            return given[min(turn, len(given) - 1)]
        found = self.otherwise(flat)
        if found is None:
            raise AssertionError(f"nobody knows the answer to: {flat[-300:]}")
        return found


@cache
def refusals() -> tuple[str, ...]:
    """Return what the program says when an answer does not fit."""
    known = knowledge()
    keys = [key for key in known.headings if key.startswith("bad_") or key == "cannot_skip"]
    return tuple(Speaker(known, language).heading(key) for key in keys for language in LANGUAGES)


def harmless(printed: str) -> str | None:
    """Answer as somebody would to whom nothing applies."""
    for sign, answer in (
        ("Type the numbers of all that are true", "0"),
        ("Type y for yes", "n"),
        ("Type a number from 0 to 10", "0"),
        ("Type the number of one answer", "1"),
        ("Type d to do it", "s"),
        ("Type d when you have read", "d"),
        ("An empty line ends the list", ""),
        ("press Enter to answer now", ""),
    ):
        if printed.endswith(sign) or sign in printed[-160:]:
            return answer
    return "1" if re.search(r"\b1 ", printed) else None


def walk_through(arguments: list[str], person: Person) -> tuple[int, str]:
    """Run the command line with a person at it; returns exit status and everything printed, answers included."""
    out = io.StringIO()
    seen = 0

    def read(prompt: str = "") -> str:
        nonlocal seen
        printed = out.getvalue()[seen:]
        answer = person.answer(printed)
        out.write(prompt)
        seen = len(out.getvalue())
        if answer == "EOF":
            raise EOFError
        return answer

    before, builtins.input = builtins.input, read
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(out):
            try:
                app(arguments, standalone_mode=True)
                status = 0
            except SystemExit as left:
                status = int(left.code or 0)
    finally:
        builtins.input, sys.stdin = before, stdin
    return status, out.getvalue()
