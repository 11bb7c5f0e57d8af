"""Why it exists: a journal as text - one entry per line - to keep, to move, and to read without this program.

The first line says how many entries follow, so that a file that was cut anywhere, even between two lines, is known to
be cut. Everything before the cut is read; what is lost or refused is said by line.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from levelstride.errors import InputError
from levelstride.journal.entry import Entry, EntryError, read_entry

FORMAT = "levelstride.journal/1"
_KEY = "levelstride_journal"


@dataclass(frozen=True)
class Refused:
    """A line that is no entry, and why."""

    line: int
    code: str
    problem: str


@dataclass(frozen=True)
class ReadLines:
    """What a file of lines held.

    ``stated`` = how many entries the first line promised; None when it did not say. ``cut`` = the last line has no end.
    """

    entries: tuple[Entry, ...]
    refused: tuple[Refused, ...]
    stated: int | None
    cut: bool

    @property
    def lost(self) -> int | None:
        """Return how many entries are missing at the end; None when the file does not say how many there were."""
        if self.stated is None:
            return None
        found = len(self.entries) + len(self.refused) - (1 if self.cut and self.refused_last else 0)
        return max(0, self.stated - found)

    @property
    def refused_last(self) -> bool:
        """Say whether the unfinished last line is among the refused."""
        return bool(self.refused) and self.refused[-1].code == "cut"


def write_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Give the lines of an export, each with its line end; the first says how many entries follow."""
    entries = list(entries)
    yield json.dumps({_KEY: FORMAT, "entries": len(entries)}) + "\n"
    for entry in entries:
        yield entry.line + "\n"


def read_lines(content: bytes) -> ReadLines:
    """Read a file of lines; it may be cut anywhere, lines may be broken, and it need not have a first line."""
    entries: list[Entry] = []
    refused: list[Refused] = []
    stated: int | None = None
    pieces = content.split(b"\n")
    cut = bool(pieces[-1])
    if not cut:
        pieces.pop()
    for number, piece in enumerate(pieces, start=1):
        unfinished = cut and number == len(pieces)
        try:
            text = piece.decode("utf-8").strip().removeprefix("\ufeff")
            if not text:
                continue
            if number == 1 and _KEY in text and (header := _header(text)) is not None:
                stated = header
                continue
            entries.append(read_entry(text))
        except UnicodeDecodeError:
            code = "cut" if unfinished else "not_text"
            refused.append(Refused(number, code, "The line is not text in UTF-8."))
        except EntryError as error:
            code = "cut" if unfinished and error.code == "not_json" else error.code
            refused.append(Refused(number, code, error.problem))
    return ReadLines(tuple(entries), tuple(refused), stated, cut)


def read_lines_file(path: Path) -> ReadLines:
    """Read a file of lines.

    Raises
    ------
    InputError
        If there is no such file, or nobody may read it.
    """
    try:
        return read_lines(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror or error}).", "Name the file of an export."
        ) from error


def _header(text: str) -> int | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get(_KEY) is None:
        return None
    count = content.get("entries")
    return count if isinstance(count, int) and count >= 0 else None
