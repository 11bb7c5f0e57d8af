"""Why it exists: a report folder is either complete or not there; no failure and no Ctrl-C leaves half of one.

Everything is written into a hidden folder beside its destination (inside it, when it exists) and moved at the end by
renaming, which is undone when it does not complete.
"""

import contextlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from levelstride.errors import InputError
from levelstride.measure.results import SCHEMA
from levelstride.motion.dataset import save_motion
from levelstride.report.files import measures_csv, measures_file
from levelstride.report.page import render_page
from levelstride.report.wording import Units

if TYPE_CHECKING:
    from levelstride.analysis import Analysis, Examination
    from levelstride.report.keyframes import KeyFrame

#: Names of the files that every report has, with one recording.
FILES = ("report.html", "measures.json", "measures.csv", "motion.nc")
_OURS = re.compile(r"report\.html|measures\.(json|csv)|motion(-\d+)?\.(nc|trc)|angles(-\d+)?\.mot|overlay(-\d+)?\.mp4")
_PART = ".levelstride-"
_FAMILY = SCHEMA.split("/")[0] + "/"


def file_name(name: str, number: int, count: int) -> str:
    """Name a file of one recording: ``motion.nc`` when there is one, ``motion-2.nc`` for the second of several.

    Parameters
    ----------
    number : int
        Of the recording, from 0.
    count : int
        Recordings in all.
    """
    path = Path(name)
    return name if count == 1 else f"{path.stem}-{number + 1}{path.suffix}"


def is_our_name(name: str) -> bool:
    """Whether a report may hold a file of this name, numbered or not."""
    return _OURS.fullmatch(name) is not None


def write_report(
    found: "Examination | Analysis",
    folder: Path,
    *,
    key_frames: "Mapping[str, Sequence[KeyFrame]] | None" = None,
    extra: Mapping[str, Callable[[Path], object]] | None = None,
    overwrite: bool = False,
    units: Units = "metric",
) -> Path:
    """Write ``report.html``, ``measures.json``, ``measures.csv`` and ``motion.nc`` into a folder, all or none.

    With several recordings each has its own ``motion-1.nc``, ``motion-2.nc`` and so on.

    Parameters
    ----------
    found : Examination or Analysis
    folder : Path
        Made with its parents when missing. An earlier report in it is replaced; files that are not ours stay.
    key_frames : mapping of task to sequence of KeyFrame, optional
        Pictures for the report; by default they are taken from the videos.
    extra : mapping of str to callable, optional
        More files (overlay, exports): name and what writes it at a given path. Names as :func:`is_our_name` knows.
    overwrite : bool
        Also write into a folder that holds other things but no report; only files of the names written are replaced.
    units : {"metric", "imperial"}
        Second unit on the page; files stay in SI.

    Returns
    -------
    Path
        The path of ``report.html``.

    Raises
    ------
    InputError
        If the folder may not be used, or cannot be written.
    """
    from levelstride.analysis import Examination

    folder = Path(folder)
    examination = found if isinstance(found, Examination) else Examination.of([found])
    for name in extra or ():
        if not is_our_name(name):
            raise ValueError(f"Expected a name of a report's files, but got {name!r}")
    check_folder(folder, overwrite=overwrite)
    if key_frames is None:
        from levelstride.report.keyframes import collect_key_frames

        key_frames = collect_key_frames(examination)
    try:
        with _workplace(folder) as part:
            content = measures_file(examination)
            count = len(examination.analyses)
            for number, analysis in enumerate(examination.analyses):
                save_motion(analysis.motion, part / file_name("motion.nc", number, count))
            for name, write in (extra or {}).items():
                write(part / name)
            (part / "measures.json").write_text(content.to_json(), encoding="utf-8")
            (part / "measures.csv").write_text(measures_csv(content.results), encoding="utf-8")
            motions = [{m.result.task: m.motion for m in a.measurements} for a in examination.analyses]
            files = sorted(p.name for p in part.iterdir())
            page = render_page(content, motions, key_frames, units=units, files=files)
            (part / "report.html").write_text(page, encoding="utf-8")
            _move_into_place(part, folder)
    except OSError as error:
        raise _not_writable(folder, error) from error
    return folder / "report.html"


def check_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Refuse a folder that may not be used, before any work is done.

    Raises
    ------
    InputError
        If it is a file, holds other things but no report of ours, or is not writable.
    """
    folder = Path(folder)
    try:
        if folder.is_dir():
            strangers = [p.name for p in folder.iterdir() if not p.name.startswith(_PART)]
            if strangers and not overwrite and not _is_ours(folder):
                raise InputError(
                    f"{folder} holds other files and no levelstride report.", "Choose another folder with --out."
                )
            taken = sorted(p.name for p in folder.iterdir() if is_our_name(p.name) and p.is_dir())
            if taken:
                raise InputError(f"{folder / taken[0]} is a folder.", "Choose another folder with --out.")
        elif folder.exists() or folder.is_symlink():
            raise InputError(f"{folder} is a file, not a folder.", "Choose another folder with --out.")
        base = _existing(folder)
        if not base.is_dir():
            raise InputError(f"{base} is a file, not a folder.", "Choose another folder with --out.")
        if not os.access(base, os.W_OK | os.X_OK):
            raise InputError(f"{base} is not writable.", "Choose another folder with --out.")
    except OSError as error:
        raise _not_writable(folder, error) from error


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds a report of ours, of any version."""
    try:
        content = json.loads((folder / "measures.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and str(content.get("schema")).startswith(_FAMILY)


def _existing(folder: Path) -> Path:
    """Return the folder, or its nearest parent that exists."""
    while not (folder.exists() or folder == folder.parent):
        folder = folder.parent
    return folder


def _not_writable(folder: Path, error: OSError) -> InputError:
    reason = error.strerror or " ".join(str(error).split())
    return InputError(f"{folder} cannot be written ({reason}).", "Choose another folder with --out.")


@contextlib.contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Make a hidden folder on the same disk; take it, and every parent made for it, away again on failure."""
    base = folder if folder.is_dir() else folder.absolute().parent
    missing = [parent for parent in (base, *base.parents) if not parent.exists()]
    part = base / f"{_PART}{uuid.uuid4().hex}.part"
    try:
        part.mkdir(parents=True)
        yield part
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        for parent in missing:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(part, ignore_errors=True)


def _move_into_place(part: Path, folder: Path) -> None:
    """Move what was written; of an earlier report, take away also what this one does not have."""
    if not folder.is_dir():
        part.rename(folder)
        return
    written = {p.name for p in part.iterdir()}
    earlier = {p.name for p in folder.iterdir() if is_our_name(p.name)} if _is_ours(folder) else set()
    old = part / "old"
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for name in sorted(written | earlier):
            for source, target in ((folder / name, old / name), (part / name, folder / name)):
                if source.exists():
                    moved.append((source, target))
                    source.rename(target)
    except BaseException:
        for source, target in reversed(moved):
            if target.exists():
                target.rename(source)
        raise
