"""Why it exists: a report folder is either complete or not there; no failure and no Ctrl-C leaves half of one.

Everything is written into a hidden folder beside its destination (inside it, when it exists) and moved at the end by
renaming, which is undone when it does not complete.
"""

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from levelstride.errors import InputError
from levelstride.measure.results import SCHEMA
from levelstride.motion.dataset import save_motion
from levelstride.report.files import measures_csv, measures_file
from levelstride.report.page import render_page
from levelstride.report.wording import Units

if TYPE_CHECKING:
    from levelstride.analysis import Analysis
    from levelstride.report.keyframes import KeyFrame

FILES = ("report.html", "measures.json", "measures.csv", "motion.nc")
_PART = ".levelstride-"
_FAMILY = SCHEMA.split("/")[0] + "/"


def write_report(
    analysis: "Analysis",
    folder: Path,
    *,
    key_frames: "Sequence[KeyFrame] | None" = None,
    overwrite: bool = False,
    units: Units = "metric",
) -> Path:
    """Write ``report.html``, ``measures.json``, ``measures.csv`` and ``motion.nc`` into a folder, all or none.

    Parameters
    ----------
    analysis : Analysis
    folder : Path
        Made with its parents when missing. An earlier report in it is replaced; files that are not ours stay.
    key_frames : sequence of KeyFrame, optional
        Pictures for the report; by default they are taken from the video.
    overwrite : bool
        Also write into a folder that holds other things but no report; only files of our four names are replaced.
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
    folder = Path(folder)
    check_folder(folder, overwrite=overwrite)
    if key_frames is None:
        from levelstride.report.keyframes import collect_key_frames

        key_frames = collect_key_frames(analysis)
    try:
        with _workplace(folder) as part:
            content = measures_file(analysis)
            (part / "measures.json").write_text(content.to_json(), encoding="utf-8")
            (part / "measures.csv").write_text(measures_csv(analysis.gait), encoding="utf-8")
            save_motion(analysis.motion, part / "motion.nc")
            page = render_page(content, analysis.motion, key_frames, units=units)
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
            taken = [name for name in FILES if (folder / name).is_dir()]
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
    if not folder.is_dir():
        part.rename(folder)
        return
    old = part / "old"
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for name in FILES:
            for source, target in ((folder / name, old / name), (part / name, folder / name)):
                if source.exists():
                    moved.append((source, target))
                    source.rename(target)
    except BaseException:
        for source, target in reversed(moved):
            if target.exists():
                target.rename(source)
        raise
