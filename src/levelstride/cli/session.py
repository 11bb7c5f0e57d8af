"""Why it exists: what every command on the journal shares - the options, the open file, the folded state, writing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.journal.bodies import Body
    from levelstride.journal.entry import Entry
    from levelstride.journal.state import State
    from levelstride.journal.store import JournalStore
    from levelstride.library.knowledge import Knowledge
    from levelstride.screening.sayings import Phrases

JournalOption = Annotated[
    Path | None,
    typer.Option("--journal", help="The journal file. Without it: LEVELSTRIDE_JOURNAL, or your data folder."),
]
LanguageOption = Annotated[str | None, typer.Option("--language", help="en or es; without it the journal's own.")]
UnitsOption = Annotated[str | None, typer.Option("--units", help="metric or imperial; without it the journal's own.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class Session:
    """An open journal with its state; ``write`` keeps it current.

    Attributes
    ----------
    entries : list of Entry
        In the order in which they were added.
    """

    def __init__(self, store: "JournalStore", known: "Knowledge") -> None:
        from levelstride.journal.state import fold

        self.store = store
        self.known = known
        self.entries: list[Entry] = list(store.entries())
        self.state: State = fold(self.entries)
        self._last: datetime | None = None

    def now(self) -> datetime:
        """Return this moment with the offset of this place."""
        return datetime.now().astimezone()

    def write(self, *bodies: "Body") -> None:
        """Add entries of one moment; they are on the disk when it returns."""
        from levelstride.journal.entry import local_zone
        from levelstride.screening.writing import entries_of

        at = self.now()
        if self._last is not None and at <= self._last + timedelta(milliseconds=1):
            at = self._last + timedelta(milliseconds=2)  # two steps never share a moment
        self._last = at
        self.add(entries_of(bodies, at=at, zone=local_zone()))

    def add(self, entries: "Iterable[Entry]") -> int:
        """Add entries as they are; returns how many were new."""
        from levelstride.journal.state import fold

        entries = list(entries)
        receipts = self.store.add(entries)
        new = [entry for entry, receipt in zip(entries, receipts, strict=True) if receipt.outcome == "accepted"]
        self.entries += new
        self.state = fold(self.entries)
        return len(new)

    def phrases(self, language: str | None, units: str | None) -> "Phrases":
        """Return the words in the language and units asked for, or the journal's own."""
        from levelstride.screening.sayings import Phrases, Units

        spoken = language or str(self.state.fact("language") or "en")
        system = units or str(self.state.fact("units") or "metric")
        check_words(spoken, system)
        return Phrases(self.known, spoken, cast(Units, system))


@contextmanager
def open_session(path: Path | None, *, create: bool = True) -> Iterator[Session]:
    """Open the journal, tell on standard error when the file was cut, close it at the end.

    Raises
    ------
    InputError
        If the file cannot be used, or there is none and ``create`` is False.
    """
    from levelstride.cli.library import read_whole_library
    from levelstride.journal.place import default_path
    from levelstride.journal.store import SqliteStore

    path = path or default_path()
    if not create and not path.exists():
        raise InputError(f"There is no journal at {path} yet.", "Run levelstride screen, or name one with --journal.")
    with SqliteStore(path) as store:
        if store.damage is not None:
            typer.echo(store.damage.says, err=True)
        yield Session(store, read_whole_library())


def check_words(language: str | None, units: str | None) -> None:
    """Refuse a language or units that do not exist, before a journal is opened or made.

    Raises
    ------
    InputError
        Names those there are.
    """
    from levelstride.library.translations import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise InputError(f"No language {language!r}.", f"Use one of: {', '.join(LANGUAGES)}.")
    if units not in (None, "metric", "imperial"):
        raise InputError(f"No units {units!r}.", "Use metric or imperial.")
