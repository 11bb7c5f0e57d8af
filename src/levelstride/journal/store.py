"""Why it exists: where entries are kept - one interface, and one SQLite file as the default behind it.

``add`` returns when the entries are on the disk (write-ahead log, full sync): a receipt ``accepted`` survives a crash
and a power cut. Nothing is ever updated or deleted. A damaged file is never opened for writing: what can be read from
it is copied into a new file, and ``damage`` says what was lost.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, Self

from levelstride.errors import InputError
from levelstride.journal.entry import Entry, EntryError, read_stored
from levelstride.journal.layout import APPLICATION_ID, LAYOUT, digest_of
from levelstride.journal.salvage import Damage, is_damaged, is_journal, rescue

_BUSY_S = 10.0


@dataclass(frozen=True)
class Receipt:
    """What became of one entry that was handed in: ``known`` = it was already there."""

    id: str
    outcome: Literal["accepted", "known"]


class JournalStore(Protocol):
    """Keeps entries. Another implementation (the app's database) passes the same tests."""

    damage: Damage | None

    def add(self, entries: Iterable[Entry]) -> tuple[Receipt, ...]:
        """Keep entries; all of them or, on an error, none. Durable when it returns."""

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry, in the order in which they were added."""

    def close(self) -> None:
        """Let go of the file."""


class SqliteStore:
    """A journal in one SQLite file.

    Parameters
    ----------
    path : Path
        Created when missing, with its folder.

    Raises
    ------
    InputError
        If the file is not a journal, a newer version wrote it, or nobody may read or write it.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.damage: Damage | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if is_damaged(self.path):
                self.damage = rescue(self.path, into=_create)
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if not (_is_malformed(error) and is_journal(self.path)):
                    raise
                self.damage = rescue(self.path, into=_create)
                self._open()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _refusal(self.path, error) from error
        except OSError as error:
            raise InputError(
                f"The journal {self.path} cannot be used ({error.strerror or error}).",
                "Name another place with --journal, or mend the rights of that folder.",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, entries: Iterable[Entry]) -> tuple[Receipt, ...]:
        """Keep entries; all of them or, on an error, none. Durable when it returns."""
        rows = [(entry.id, entry.line) for entry in entries]
        try:
            self._follow()
            new = self._insert_all(rows)
            while self._follow():  # another program put a rescued file in its place: what was written went astray
                new = [first or later for first, later in zip(new, self._insert_all(rows), strict=True)]
        except sqlite3.DatabaseError as error:
            raise _refusal(self.path, error) from error
        return tuple(Receipt(id, "accepted" if one else "known") for (id, _), one in zip(rows, new, strict=True))

    def _insert_all(self, rows: Sequence[tuple[str, str]]) -> list[bool]:
        with _transaction(self._connection):
            return [_insert(self._connection, id, line) for id, line in rows]

    def _follow(self) -> bool:
        """Open the file anew when another one has taken its place; says whether it did."""
        if _identity(self.path) == self._identity:
            return False
        self._connection.close()
        self._open()
        return True

    def _open(self) -> None:
        while True:
            before = _identity(self.path)
            self._connection = _open(self.path)
            self._identity = _identity(self.path)
            if before in (None, self._identity):
                return
            self._connection.close()

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry, in the order in which they were added.

        Every line is compared with its digest; when one does not agree, or a page cannot be read, everything that can
        be read is copied into a new file first, and ``damage`` says so.
        """
        try:
            return self._read()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if not _is_malformed(error):
                raise _refusal(self.path, error) from error
        self._connection.close()
        try:
            self.damage = rescue(self.path, into=_create)
            self._open()
            return self._read()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _refusal(self.path, error) from error

    def _read(self) -> tuple[Entry, ...]:
        self._follow()
        with _transaction(self._connection, "BEGIN"):  # one moment, whoever writes meanwhile
            rows = self._connection.execute("SELECT line, digest FROM entry ORDER BY seq").fetchall()
            counted = self._connection.execute("SELECT count(*) FROM entry INDEXED BY entry_once").fetchone()[0]
        if counted != len(rows) or any(
            type(line) is not str or digest_of(line.encode()) != found for line, found in rows
        ):
            raise sqlite3.DatabaseError("malformed: an entry was changed")
        try:
            return tuple(read_stored(line) for line, _ in rows)
        except (EntryError, ValueError) as error:
            raise InputError(
                f"The journal {self.path} holds an entry that cannot be read ({' '.join(str(error).split())}).",
                "Use the version of levelstride that wrote it.",
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        found, layout, tables = _marks(connection)
        if found != APPLICATION_ID and tables:
            raise InputError(f"{path} is another program's database.", "Name the journal with --journal FILE.")
        if layout > LAYOUT:
            raise InputError(
                f"A newer version of levelstride wrote {path} (layout {layout}; this one reads {LAYOUT}).",
                "Use that version, or export the journal there and import it here.",
            )
        _use_log(connection)
        connection.execute("PRAGMA synchronous=FULL")
        if not tables:
            _lay_out(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite does not wait by itself for another program that does the same."""
    give_up = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file stands under a name."""
    try:
        at = path.stat()
    except FileNotFoundError:
        return None
    return at.st_dev, at.st_ino


def _marks(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Read the marks of a file in one moment: another program may be laying it out."""
    connection.execute("BEGIN")
    try:
        found = connection.execute("PRAGMA application_id").fetchone()[0]
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        connection.execute("COMMIT")
    return found, layout, tables


def _lay_out(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        connection.execute(
            "CREATE TABLE IF NOT EXISTS entry ("
            "seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, digest BLOB NOT NULL, line TEXT NOT NULL)"
        )
        connection.execute("CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON entry (id, digest)")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={LAYOUT}")


def _create(path: Path, rows: Sequence[tuple[str, str]]) -> None:
    """Write a new journal file with rows of id and line, for what was rescued."""
    connection = _open(path)
    try:
        with _transaction(connection):
            for id, line in rows:
                _insert(connection, id, line)
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, id: str, line: str) -> bool:
    """Add a line that is not there yet; a known one uses no number, so that the numbers count the entries."""
    done = connection.execute(
        "INSERT INTO entry (id, digest, line) SELECT ?1, ?2, ?3"
        " WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = ?1 AND digest = ?2)",
        (id, digest_of(line.encode()), line),
    )
    return done.rowcount == 1


class _transaction:  # noqa: N801 - reads as a statement
    """Begin at once, so that two writers wait for each other instead of failing; commit or roll back."""

    def __init__(self, connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> None:
        self._connection = connection
        self._begin = begin

    def __enter__(self) -> None:
        self._connection.execute(self._begin)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _is_malformed(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or "malformed" in str(error)


def _refusal(path: Path, error: Exception) -> InputError:
    said = " ".join(str(error).split())
    if "locked" in said or "busy" in said:
        return InputError(f"The journal {path} is being written by another program.", "Close it there and try again.")
    if "full" in said:
        return InputError(f"The disk with the journal {path} is full; nothing was written.", "Make room and try again.")
    if "readonly" in said or "unable to open" in said:
        return InputError(
            f"The journal {path} cannot be opened for writing.",
            "Name another place with --journal, or mend the rights of that folder.",
        )
    return InputError(f"{path} is not a journal that can be read ({said}).", "Name the journal with --journal FILE.")
