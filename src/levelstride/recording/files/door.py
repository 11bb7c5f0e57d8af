"""Why it exists: one call for every motion file, so that callers need not know one format from another."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr

from levelstride.errors import RecordingError
from levelstride.motion.dataset import load_motion, with_log
from levelstride.recording.context import SIDECAR_SUFFIX, RecordingContext
from levelstride.recording.files.c3d import read_c3d
from levelstride.recording.files.labels import image_name
from levelstride.recording.files.landmarks import read_landmarks
from levelstride.recording.files.mot import read_mot
from levelstride.recording.files.result import MotionFile
from levelstride.recording.files.trc import read_trc

_SURE = {".c3d", ".trc", ".mot"}
_AMBIGUOUS = {".sto", ".nc", ".json", ".csv"}
_HDF5 = b"\x89HDF"
_SNIFF_BYTES = 65536
_JSON_MARKS = re.compile(rb'"(people|pose_keypoints_2d|positions|landmarks|pose_?landmarks|keypoints)"|"x"\s*:', re.I)
_KNOWN = "Give a .c3d, .trc or .mot file, a motion.nc, or landmarks as .json or .csv."


def is_motion_file(path: str | Path) -> bool:
    """Whether a path looks like a motion file: by its ending, by its first lines where the ending does not tell.

    A folder counts when it holds OpenPose's ``*_keypoints.json``. A file that does not exist is judged by its ending
    alone, and only where that is sure.
    """
    path = Path(path)
    if path.is_dir():
        return next(path.glob("*_keypoints.json"), None) is not None
    suffix = path.suffix.casefold()
    if suffix in _SURE:
        return True
    if suffix not in _AMBIGUOUS or path.name.endswith(SIDECAR_SUFFIX):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFF_BYTES)
    except OSError:
        return False
    if suffix == ".nc":
        return head.startswith(_HDF5)
    if suffix == ".json":
        return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and _JSON_MARKS.search(head) is not None
    text = head.decode("utf-8", errors="replace")
    if suffix == ".sto":
        return "endheader" in text and "hip_flexion" in text
    columns = text.split("\n", 1)[0].lower().split(",")
    return sum(image_name(cell.strip()[:-2]) is not None for cell in columns if cell.strip().endswith("_x")) >= 3


def read_motion_file(
    path: str | Path, context: RecordingContext | None = None, *, picture_size_px: tuple[int, int] | None = None
) -> MotionFile:
    """Read a motion file of any known format.

    Parameters
    ----------
    path : str or Path
        ``.c3d``, ``.trc``, ``.mot``/``.sto`` (OpenSim joint angles), our own ``.nc``, landmarks as ``.json`` or
        ``.csv``, or a folder of OpenPose's per-frame JSON.
    context : RecordingContext, optional
        ``capture_fps`` and the camera's corrections for landmarks, ``height_m`` for joint angles.
    picture_size_px : (int, int), optional
        Width, height of the picture that landmarks were found in, px.

    Returns
    -------
    MotionFile

    Raises
    ------
    RecordingError
        If the file cannot be read as a motion, in one line that says what to do.
    """
    path = Path(path)
    context = context or RecordingContext()
    if not path.exists():
        raise RecordingError(f"{path} does not exist.", "Check the name and the folder.")
    readers: dict[str, Callable[[], MotionFile]] = {
        ".c3d": lambda: read_c3d(path),
        ".trc": lambda: read_trc(path),
        ".mot": lambda: read_mot(path, context.height_m),
        ".sto": lambda: read_mot(path, context.height_m),
        ".nc": lambda: _read_own(path),
        ".json": lambda: read_landmarks(path, context, picture_size_px),
        ".csv": lambda: read_landmarks(path, context, picture_size_px),
    }
    if path.is_dir():
        return read_landmarks(path, context, picture_size_px)
    if path.suffix.casefold() not in readers:
        raise RecordingError(f"{path} is not a motion file by its ending.", _KNOWN)
    return readers[path.suffix.casefold()]()


def _read_own(path: Path) -> MotionFile:
    """Read ``motion.nc``."""
    import h5py  # only here, and slow to load

    refusal = RecordingError(f"{path} is not a motion that this program wrote.", "Give a motion.nc written by it.")
    try:
        with h5py.File(path):  # h5netcdf complains on the terminal about what is no HDF5 file
            pass
        motion = load_motion(path)
    except Exception as error:  # HDF5, NetCDF and xarray each raise their own
        raise refusal from error
    if not _is_motion(motion):
        raise refusal
    if motion.sizes["time"] < 2:
        raise RecordingError(f"{path} holds {motion.sizes['time']} sample(s).", "Give the file of a movement.")
    keypoints = tuple(str(name) for name in motion.keypoints.values)
    warnings = []
    if motion.sizes["individuals"] > 1:
        warnings.append(f"The file holds {motion.sizes['individuals']} people: the first was taken.")
        motion = with_log(motion.isel(individuals=[0]), "first_individual")
    return MotionFile(
        motion=motion,
        kind="motion",
        labels_found=keypoints,
        labels_used={name: (name,) for name in keypoints},
        warnings=tuple(warnings),
    )


def _is_motion(found: xr.Dataset) -> bool:
    if not {"position", "confidence"} <= set(found.data_vars):
        return False
    if tuple(found.position.dims) != ("time", "space", "keypoints", "individuals") or not found.sizes["individuals"]:
        return False
    fps = found.attrs.get("fps", 0)
    try:
        json.loads(found.attrs.get("log", "[]"))
        return bool(np.isfinite(fps) and fps > 0) and found.attrs.get("length_unit") in ("px", "m")
    except (TypeError, ValueError):
        return False
