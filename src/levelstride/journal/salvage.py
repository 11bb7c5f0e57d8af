"""Why it exists: a journal file that was cut or damaged is read page by page, and what is whole goes into a new file.

SQLite refuses such a file, or reads zeros where pages are missing. Here the pages and the frames of the write-ahead log
are read as the public description of the file format lays them out. An entry counts only when its digest agrees with
its line, so nothing false comes back. The damaged file is set aside untouched.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from levelstride.errors import InputError
from levelstride.journal.layout import APPLICATION_ID
from levelstride.journal.pages import HEADER, SMALLEST_PAGE, committed, frames_of, page_size_of, scan, valid

_MAGIC = b"SQLite format 3\0"
_LOOK_AGAIN_S = 0.1

_Identity = tuple[int, int, int]
#: Which file was found damaged under a name, so that another that has taken its place since is left alone.
_looked_at: dict[Path, _Identity] = {}


@dataclass(frozen=True)
class Damage:
    """What became of a damaged journal.

    Attributes
    ----------
    kept : Path
        Where the damaged file is now, untouched; with its ``-wal`` and ``-shm`` if it had any.
    recovered : int
        Entries in the new file.
    lost : int or None
        How many are missing at least; None when nothing says how many there were.
    says : str
        All of this in one sentence.
    """

    kept: Path
    recovered: int
    lost: int | None
    says: str


def is_damaged(path: Path) -> bool:
    """Say whether a journal file was cut, without reading all of it.

    A file that is shorter than it says itself is whole when the write-ahead log beside it holds the missing pages: a
    program that was killed leaves such a file. Another program's file is not damaged; it is no journal.

    A file with a log may be open in this process: opening and closing it here would drop SQLite's locks on it (POSIX),
    so there only its size is compared with what the log says.
    """
    path = _real(path)
    _looked_at.pop(path, None)
    if not _is_cut(path):
        return False
    with suppress(FileNotFoundError):
        this = _identity(path)
        if not path.stat().st_size:
            time.sleep(_LOOK_AGAIN_S)  # another program may be creating it just now
        if _is_cut(path):  # and was not only being written by another program
            _looked_at[path] = this
            return True
    return False


def is_journal(path: Path) -> bool:
    """Say whether the header of a file is that of a journal."""
    header = _header(_real(path))
    return len(header) == HEADER and _is_ours(header)


def rescue(path: Path, *, into: Callable[[Path, Sequence[tuple[str, str]]], None]) -> Damage:
    """Set a damaged journal aside and put a new file with all readable entries in its place.

    The new file is complete before the old one gives way: when something fails on the way (a full disk), the old one
    stays where it is.

    Parameters
    ----------
    path : Path
        The damaged file; its ``-wal`` is read too.
    into : callable
        Writes a new journal to the given path from rows of (id, line), and closes it.

    Raises
    ------
    InputError
        If another program is rescuing the same file.
    """
    path = _real(path)
    this = _looked_at.pop(path, None) or _identity(path)
    with _alone(path):
        if this != _identity(path):
            raise _in_other_hands(path)
        return _rescue(path, into)


def _rescue(path: Path, into: Callable[[Path, Sequence[tuple[str, str]]], None]) -> Damage:
    aside = _aside(path)
    log = next((p for p in (_beside(path, "-wal"), _beside(aside, "-wal")) if p.exists()), None)
    found = scan(path.read_bytes(), log.read_bytes() if log else b"")
    rows = [(key[0], line) for key, (_, line) in sorted(found.lines.items(), key=lambda item: (item[1][0], item[0]))]
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent, ignore_cleanup_errors=True) as folder:
        new = Path(folder) / path.name
        into(new, rows)
        if _beside(new, "-wal").exists():
            raise OSError(f"the rescued journal {new} was not closed")
        with suppress(OSError):
            shutil.copymode(path, new)
        _sync(new)
        _set_aside(path, aside, Path(folder))
        new.replace(path)
    _sync(path.parent)
    rows += _written_meanwhile(path, aside, {key[0] for key in found.lines}, into)
    lost = None if found.given is None else max(0, found.given - len(rows))
    return Damage(aside, len(rows), lost, _sentence(path, aside, len(rows), lost))


def _written_meanwhile(
    path: Path, aside: Path, known: set[str], into: Callable[[Path, Sequence[tuple[str, str]]], None]
) -> list[tuple[str, str]]:
    """Bring over what another program added to the old file before the new one took its place."""
    log = _beside(aside, "-wal")
    found = scan(aside.read_bytes(), _read_if_there(log))
    rows = [(key[0], line) for key, (_, line) in sorted(found.lines.items(), key=lambda item: item[1][0])]
    missed = [(id, line) for id, line in rows if id not in known]
    if missed:
        into(path, missed)
    return missed


# ------------------------------------------------------------------------------------------------- is it cut?


def _is_cut(path: Path) -> bool:
    if not path.is_file():
        return False
    size = path.stat().st_size
    if size == 0:
        # SQLite never leaves an empty file with a log in use (and would delete that log); with a rollback journal the
        # file was just being created.
        return not _beside(path, "-journal").exists()
    if size >= SMALLEST_PAGE and (log := _beside(path, "-wal")).exists():
        return _is_short_of(path, size, _read_if_there(log))
    header = _header(path)
    if not _is_ours(header):
        return False
    if size < HEADER:
        return True
    page_size = page_size_of(header)
    if page_size is None:
        return False
    stated = int.from_bytes(header[28:32]) if header[24:28] == header[92:96] else 0
    return size % page_size != 0 or stated * page_size > size


def _is_short_of(path: Path, size: int, wal: bytes) -> bool:
    """Say whether pages are neither in the file nor in the valid part of its log.

    The file never shrinks, and a log is begun anew only when all of it is in the file: so every commit in it, also of
    an earlier round, says how many pages there must be.
    """
    page_size, frames = frames_of(wal)
    earlier = max((frame.commits for frame in frames if frame.salts != wal[16:24]), default=0)
    logged: dict[int, int] = {}
    for checked in (False, True):  # checksums take long, and hardly ever matter
        if checked:
            frames = valid(wal, page_size, frames)
        else:
            frames = [frame for frame in committed(frames)[::-1] if frame.salts == wal[16:24]]
        stated = max(earlier, max((frame.commits for frame in frames), default=0))
        logged = {frame.page: frame.at for frame in frames}
        if stated and all(page in logged for page in range(size // page_size + 1, stated + 1)):
            return False
    if not stated:
        return _sqlite_finds_it_short(path, size)
    return _is_ours(wal[logged[1] : logged[1] + HEADER] if 1 in logged else _header(path))


def _sqlite_finds_it_short(path: Path, size: int) -> bool:
    """Ask SQLite, which keeps its locks on a file that is open in this process."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            page_size = int(connection.execute("PRAGMA page_size").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return "malformed" in str(error) and _is_ours(_header(path))
        return size % page_size != 0 and _is_ours(_header(path))


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER)


def _is_ours(header: bytes) -> bool:
    """Say whether this is the beginning of a journal, as far as it goes."""
    mark = APPLICATION_ID.to_bytes(4)
    return header[:16] == _MAGIC[: len(header)] and header[68:72] == mark[: max(0, len(header) - 68)]


# ------------------------------------------------------------------------------------------------- files


def _real(path: Path) -> Path:
    """Follow links, as SQLite does: the log stands beside the real file."""
    return Path(os.path.realpath(path))


def _identity(path: Path) -> _Identity:
    at = path.stat()
    return at.st_ino, at.st_size, at.st_mtime_ns


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other programs from rescuing the same file; a lock of SQLite ends with the program that holds it."""
    lock = _beside(path, ".rescue-lock")
    with closing(sqlite3.connect(lock, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "I/O" in str(error):  # in use, or removed by who just used it
                raise _in_other_hands(path) from error
            raise
        try:
            yield
        finally:
            with suppress(OSError):
                lock.unlink()
    with suppress(OSError):
        lock.unlink()  # where an open file cannot be removed


def _in_other_hands(path: Path) -> InputError:
    return InputError(f"The damaged journal {path} is being rescued by another program.", "Try again in a moment.")


def _aside(path: Path) -> Path:
    """Return a free name for the damaged file, or the one that a rescue which was interrupted has given it."""
    number = 1
    while True:
        aside = _beside(path, f".damaged-{number}")
        if aside.exists() and aside.samefile(path):
            return aside
        if not any(_beside(aside, ending).exists() for ending in ("", "-wal", "-shm", "-journal")):
            return aside
        number += 1


def _set_aside(path: Path, aside: Path, folder: Path) -> None:
    """Give the file its second name and move what stands beside it; the file keeps its own name until it is replaced.

    A log that stayed behind would be taken for that of the new file.
    """
    if not aside.exists():
        try:
            os.link(path, aside)
        except OSError:  # a file system without second names
            copy = Path(shutil.copy2(path, folder / aside.name))
            _sync(copy)
            copy.rename(aside)
    for ending in ("-wal", "-shm", "-journal"):
        if _beside(path, ending).exists():
            _beside(path, ending).replace(_beside(aside, ending))
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have a file or folder written through to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sentence(path: Path, aside: Path, recovered: int, lost: int | None) -> str:
    if lost is None:
        missing = "how many are lost is not known"
    elif lost:
        missing = f"at least {lost} {'is' if lost == 1 else 'are'} lost"
    else:
        missing = "none is known to be lost"
    read = f"{recovered} {'entry was' if recovered == 1 else 'entries were'} read from it into a new file"
    return f"The journal {path} was cut or damaged: {read}, {missing}, and the damaged file is kept as {aside}."
