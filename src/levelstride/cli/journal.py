"""Why it exists: ``levelstride journal`` - take the journal out, bring one in, look after it, erase it."""

import json
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.errors import in_one_line
from levelstride.cli.session import JournalOption, JsonOption, Session, open_session
from levelstride.cli.take_in import take_measures
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.journal.lines import ReadLines
    from levelstride.report.files import MeasuresFile

journal_app = typer.Typer(
    help="Your journal: everything you answered and measured, in one file on this device.", no_args_is_help=True
)


@journal_app.command("export")
@in_one_line
def export(
    out: Annotated[Path | None, typer.Argument(help="File to write; without it, standard output.")] = None,
    journal: JournalOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write every entry as JSON Lines, one on each line; levelstride journal import reads it back."""
    from levelstride.journal.lines import write_lines
    from levelstride.journal.merge import merge
    from levelstride.journal.place import default_path

    if out is None and as_json:
        raise InputError("--json tells about a file that was written.", "Name a file, or leave out --json.")
    with open_session(journal, create=False) as session:
        entries = merge(session.entries)
        if out is None:
            for line in write_lines(entries):
                sys.stdout.write(line)
            return
        if _is_the_journal(out, journal or default_path()):
            raise InputError(f"{out} is the journal itself.", "Name another file.")
        if out.exists() and not force:
            raise InputError(f"{out} is already there.", "Name another file, or add --force.")
        beside = out.with_name(out.name + ".part")
        try:
            with beside.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(write_lines(entries))
            beside.replace(out)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise InputError(f"{out} cannot be written ({error.strerror}).", "Name another place.") from error
        told = {"file": str(out), "entries": len(entries)}
        typer.echo(json.dumps(told) if as_json else f"{len(entries)} entries written to {out}.")


def _is_the_journal(out: Path, journal: Path) -> bool:
    """Say whether an export would be written over the journal or what stands beside it."""
    own = journal.resolve()
    return out.resolve() in (own, own.with_name(own.name + "-wal"), own.with_name(own.name + "-shm"))


@journal_app.command("import")
@in_one_line
def import_(
    files: Annotated[list[Path], typer.Argument(help="Exports (JSON Lines), measures.json files or report folders.")],
    journal: JournalOption = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of a recording, when it was another one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in entries. What is already there stays as it is; nothing is ever dropped.

    Exit status 3 = something in a file was refused or lost; the rest was taken in.
    """
    contents = [(path, _read_file(path)) for path in files]
    with open_session(journal) as session:
        at = day_of_recording(on, session.now())
        told = [_take_in(session, path, content, at) for path, content in contents]
    if as_json:
        typer.echo(json.dumps({"files": told}, ensure_ascii=False, indent=2))
    else:
        for one in told:
            _tell(one)
    if any(one["refused"] or one["lost"] or one["cut"] for one in told):
        raise typer.Exit(3)


def _read_file(path: Path) -> "MeasuresFile | ReadLines":
    """Read an export or the measures of a recording, before any journal is opened for them."""
    from levelstride.journal.lines import read_lines_file
    from levelstride.report.files import read_measures

    if path.is_dir() or _looks_like_measures(path):
        return read_measures(path)
    read = read_lines_file(path)
    if not read.entries and read.refused and read.stated is None:
        raise InputError(f"{path} is no export of a journal.", _what_it_is(path))
    return read


def _looks_like_measures(path: Path) -> bool:
    """Say whether a file begins as the measures of a recording do, whatever it is called."""
    try:
        with path.open("rb") as file:
            return b'"levelstride.measures/' in file.read(4096)
    except OSError:
        return False  # reading it as lines says why


def _what_it_is(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(16) == b"SQLite format 3\0":
            return "It is a database: export it where it was written, and import that."
    return "Name a file that levelstride journal export wrote, or a measures.json."


def _take_in(session: Session, path: Path, read: "MeasuresFile | ReadLines", at: datetime | None) -> dict[str, Any]:
    from levelstride.journal.lines import ReadLines

    if not isinstance(read, ReadLines):
        found, new = take_measures(session, read, at)
        return {"file": str(path), "read": found, "new": new, "refused": [], "lost": 0, "cut": False}
    new = session.add(read.entries)
    refused = [{"line": one.line, "code": one.code, "problem": one.problem} for one in read.refused]
    return {
        "file": str(path),
        "read": len(read.entries),
        "new": new,
        "refused": refused,
        "lost": read.lost,
        "cut": read.cut and (read.lost != 0 or read.refused_last),
    }


def _tell(one: dict[str, Any]) -> None:
    known = one["read"] - one["new"]
    typer.echo(f"{one['file']}: {one['new']} new entries, {known} already there.")
    for refused in one["refused"]:
        typer.echo(f"  line {refused['line']} left out: {refused['problem']}")
    if one["cut"] or one["lost"]:
        lost = "an unknown number of" if one["lost"] is None else one["lost"]
        typer.echo(f"  The file was cut: {lost} entries at its end are lost. Everything before is in your journal.")


def day_of_recording(on: datetime | None, now: datetime) -> datetime | None:
    """Return noon of the day that was given; None when none was.

    Raises
    ------
    InputError
        If that day is still to come.
    """
    if on is None:
        return None
    if on.date() > now.date():
        raise InputError(f"{on.date()} lies in the future.", "Give the day of the recording, as 2026-05-01.")
    return on.replace(hour=12).astimezone()


@journal_app.command("check")
@in_one_line
def check(journal: JournalOption = None, as_json: JsonOption = False) -> None:
    """Read every entry and say what is in the journal and what is odd about it. Exit status 1 = something is odd."""
    with open_session(journal, create=False) as session:
        found = checked(session)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{found['entries']} entries, {found['first'] or '-'} to {found['last'] or '-'}.")
        for kind, count in found["kinds"].items():
            typer.echo(f"  {kind}: {count}")
        for problem in found["problems"]:
            typer.echo(f"Odd: {problem}")
        if not found["problems"]:
            typer.echo("The journal is sound.")
    if found["problems"]:
        raise typer.Exit(1)


def checked(session: Session) -> dict[str, Any]:
    """Return what is in a journal, and everything odd about it."""
    from levelstride.journal.bodies import Retraction
    from levelstride.journal.merge import twins

    entries = session.entries
    ids = {entry.id for entry in entries}
    problems = []
    if session.store.damage is not None:
        problems.append(session.store.damage.says)
    for id in twins(entries):
        problems.append(f"the id {id} stands for several entries; all are kept, the first by text counts")
    for entry in entries:
        if isinstance(entry.body, Retraction) and entry.body.target not in ids:
            problems.append(f"the entry {entry.id} takes back {entry.body.target}, which is not here")
        if entry.at > session.now() + timedelta(days=1):
            problems.append(f"the entry {entry.id} lies in the future ({entry.at.date()})")
    if session.state.unread:
        kinds = ", ".join(sorted({f"{entry.kind} {entry.version}" for entry in session.state.unread}))
        problems.append(f"{len(session.state.unread)} entries are of a newer version ({kinds}); they are kept")
    times = sorted(entry.at.timestamp() for entry in entries)
    return {
        "entries": len(entries),
        "first": datetime.fromtimestamp(times[0]).date().isoformat() if times else None,
        "last": datetime.fromtimestamp(times[-1]).date().isoformat() if times else None,
        "kinds": dict(sorted(Counter(entry.kind for entry in entries).items())),
        "retracted": len(session.state.retracted),
        "problems": problems,
    }


@journal_app.command("erase")
@in_one_line
def erase(
    journal: JournalOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase the journal from this device, with everything in it. It cannot be brought back."""
    from levelstride.journal.place import default_path

    path = (journal or default_path()).resolve()
    if not path.is_file():
        raise InputError(f"There is no journal at {path}.", "Nothing was erased.")
    with open_session(path, create=False) as session:
        count = len(session.entries)
    if not yes and not typer.confirm(f"Erase {path} with {count} entries for good? Export it first to keep a copy."):
        typer.echo("Nothing was erased.")
        raise typer.Exit(1)
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    for one in [*beside, path, *([journal] if journal is not None else [])]:
        one.unlink(missing_ok=True)
    kept = [str(one) for one in sorted(path.parent.glob(f"{path.name}.damaged-*"))]
    if as_json:
        typer.echo(json.dumps({"erased": str(path), "entries": count, "still_there": kept}))
        return
    typer.echo(f"{path} is erased.")
    for rest in kept:
        typer.echo(f"Still there, from an earlier rescue: {rest}")
