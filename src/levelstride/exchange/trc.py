"""Why it exists: OpenSim and its neighbours read marker positions as TRC tables.

Axes as OpenSim's: X forward, Y up, Z right. A motion seen by a camera at the side has no Z: it lies in the plane Z = 0.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from levelstride.errors import InputError
from levelstride.exchange.text import write_text
from levelstride.motion.dataset import FloatArray

_DECIMALS = 6  # of a millimetre: far below what a reader could notice, so that nothing is lost on the way


def write_trc(motion: xr.Dataset, path: str | Path, *, px_per_m: float | None = None) -> None:
    """Write the first person of a motion as TRC, in millimetres.

    Missing points are empty cells; a point that was never seen is left out. Times count from the motion's own clock.

    Parameters
    ----------
    motion : xarray.Dataset
        3D in metres (X forward, Y up, Z right), or 2D in pixels seen from the side.
    path : str or Path
    px_per_m : float, optional
        Scale in the plane of walking, px per metre; needed for motions in pixels. The lowest point seen becomes
        height zero, the hips' first place zero along X.

    Raises
    ------
    InputError
        If a motion in pixels has no scale, was not seen from the side, or nothing was seen; or if the file cannot
        be written.
    """
    person = motion.position.isel(individuals=0).transpose("time", "keypoints", "space")
    position = np.array(person.values, dtype=float)
    names = [str(name) for name in motion.keypoints.values]
    if motion.sizes["space"] == 2:
        position = _planar(motion, position, px_per_m)
    elif motion.attrs.get("length_unit") != "m":
        raise InputError("A 3D motion in pixels cannot be exported as TRC.", "Give a motion in metres.")
    position[~np.isfinite(position).all(axis=-1)] = np.nan
    seen = np.isfinite(position).all(axis=-1).any(axis=0)
    if not seen.any():
        raise InputError("Nothing was seen in this motion.", "Give a motion with a person in view.")
    position = position[:, seen]
    names = [name for name, kept in zip(names, seen, strict=True) if kept]
    time_s = np.asarray(motion.time.values, dtype=float)
    write_text(Path(path), _table(position * 1000.0, names, time_s, motion.fps, path))


def _table(position_mm: FloatArray, names: list[str], time_s: FloatArray, fps: float, path: str | Path) -> str:
    n_frames, n_markers = position_mm.shape[:2]
    counted = "\t".join(f"{axis}{i}" for i in range(1, n_markers + 1) for axis in "XYZ")
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{Path(path).name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{fps:.10g}\t{fps:.10g}\t{n_frames}\t{n_markers}\tmm\t{fps:.10g}\t1\t{n_frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + counted,
        "",
    ]
    for i, (at, row) in enumerate(zip(time_s, position_mm.reshape(n_frames, -1), strict=True), start=1):
        cells = ["" if np.isnan(value) else f"{value:.{_DECIMALS}f}" for value in row]
        end = "" if cells[-1] else "\t"  # OpenSim drops an empty cell at the very end of a row
        lines.append(f"{i}\t{at:.8f}\t" + "\t".join(cells) + end)
    return "\n".join(lines) + "\n"


def _planar(motion: xr.Dataset, position: FloatArray, px_per_m: float | None) -> FloatArray:
    """Image frame (x right, y down) -> X where the person faces, Y up, Z = 0, metres."""
    if motion.attrs.get("length_unit") == "px":
        if px_per_m is None or not np.isfinite(px_per_m) or px_per_m <= 0:
            raise InputError(
                "This motion is in pixels without a scale.", "Give pixels per metre in the plane of walking."
            )
        scale = 1.0 / px_per_m
    else:
        scale = 1.0
    view = motion.attrs.get("view", "unknown")
    facing = {"right": 1.0, "left": -1.0}.get(view)
    if facing is None:
        raise InputError(
            f"Only a side view lies in the plane of walking; this motion's view is {view!r}.",
            "State the view as left or right where that is true.",
        )
    x, y = position[..., 0] * scale * facing, -position[..., 1] * scale
    hips = [i for i, name in enumerate(motion.keypoints.values) if str(name) in ("left_hip", "right_hip")]
    anchor = x[:, hips] if hips and np.isfinite(x[:, hips]).any() else x
    first = anchor[np.isfinite(anchor).any(axis=1)]
    if not len(first):
        return np.full((*position.shape[:2], 3), np.nan)
    return np.stack([x - np.nanmean(first[0]), y - np.nanmin(y), np.where(np.isfinite(x), 0.0, np.nan)], axis=-1)
