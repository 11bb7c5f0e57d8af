"""Why it exists: one in-memory shape for every motion, however it was obtained.

A *motion* is an :class:`xarray.Dataset` with dims ``time, space, keypoints, individuals``, variables ``position``
and ``confidence`` and attrs ``fps``, ``source_software``, ``source_file``, ``view``, ``length_unit`` and ``log``;
the layout is that of the ``movement`` package (Sirmpilatze et al. 2025), which can open the files written here.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import xarray as xr

FloatArray = npt.NDArray[np.float64]
View = Literal["front", "back", "left", "right", "unknown"]
LengthUnit = Literal["px", "m"]

VIEWS: tuple[View, ...] = ("front", "back", "left", "right", "unknown")
_SPACE: tuple[str, ...] = ("x", "y", "z")


def make_motion(
    position: FloatArray,
    confidence: FloatArray | None = None,
    *,
    keypoints: Sequence[str],
    fps: float,
    time_s: FloatArray | None = None,
    individuals: Sequence[str] = ("subject",),
    view: View = "unknown",
    length_unit: LengthUnit = "px",
    source_software: str = "levelstride",
    source_file: str = "",
    picture_size_px: tuple[int, int] | None = None,
) -> xr.Dataset:
    """Build a motion from arrays, checking shapes once at the door.

    Parameters
    ----------
    position : ndarray, shape (time, space, keypoints, individuals)
        Image frame (x right, y down, px) or world frame (X forward, Y up, Z right, m). NaN = missing.
    confidence : ndarray, shape (time, keypoints, individuals), optional
        0 to 1; NaN where the source gives none.
    keypoints, individuals : sequence of str
        Names, in array order.
    fps : float
        Samples per second of the (uniform) time axis, Hz.
    time_s : ndarray, shape (time,), optional
        Seconds; ``arange(n) / fps`` when omitted.
    view, length_unit, source_software, source_file, picture_size_px
        Stored as attributes; the size is width, height of the picture as displayed.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    ValueError
        If shapes, view or frame rate are not as described.
    """
    if position.ndim != 4 or position.shape[1] not in (2, 3):
        raise ValueError(f"Expected position of shape (time, 2 or 3, keypoints, individuals), but got {position.shape}")
    n_time, n_space, n_keypoints, n_individuals = position.shape
    if (n_keypoints, n_individuals) != (len(keypoints), len(individuals)):
        raise ValueError(
            f"Expected {len(keypoints)} keypoints and {len(individuals)} individuals, but got {position.shape[2:]}"
        )
    if not fps > 0:
        raise ValueError(f"Expected fps > 0, but got {fps}")
    if view not in VIEWS:
        raise ValueError(f"Expected view in {VIEWS}, but got {view!r}")
    if confidence is None:
        confidence = np.full((n_time, n_keypoints, n_individuals), np.nan)
    if confidence.shape != (n_time, n_keypoints, n_individuals):
        raise ValueError(
            f"Expected confidence of shape {(n_time, n_keypoints, n_individuals)}, but got {confidence.shape}"
        )
    time = np.arange(n_time) / fps if time_s is None else np.asarray(time_s, dtype=float)
    if time.shape != (n_time,):
        raise ValueError(f"Expected {n_time} times, but got {time.shape}")
    picture = {} if picture_size_px is None else {"picture_size_px": list(picture_size_px)}
    return xr.Dataset(
        {
            "position": (("time", "space", "keypoints", "individuals"), np.asarray(position, dtype=float)),
            "confidence": (("time", "keypoints", "individuals"), np.asarray(confidence, dtype=float)),
        },
        coords={
            "time": time,
            "space": list(_SPACE[:n_space]),
            "keypoints": list(keypoints),
            "individuals": list(individuals),
        },
        attrs={
            "ds_type": "poses",
            "fps": float(fps),
            "time_unit": "seconds",
            "source_software": source_software,
            "source_file": source_file,
            "view": view,
            "length_unit": length_unit,
            "log": "[]",
            **picture,
        },
    )


def with_log(motion: xr.Dataset, operation: str, **parameters: Any) -> xr.Dataset:
    """Return the motion with one more entry in its ``log``: what was done, with which parameters."""
    entries = read_log(motion)
    entries.append({"operation": operation, **parameters})
    return motion.assign_attrs(log=json.dumps(entries))


def read_log(motion: xr.Dataset) -> list[dict[str, Any]]:
    """Return every operation done on this motion so far, oldest first."""
    return cast(list[dict[str, Any]], json.loads(motion.attrs.get("log", "[]")))


def has_keypoint(motion: xr.Dataset, name: str) -> bool:
    """Whether the point exists and was seen at least once."""
    if name not in motion.keypoints.values:
        return False
    return bool(np.isfinite(motion.position.sel(keypoints=name).values).any())


def point(motion: xr.Dataset, name: str) -> FloatArray:
    """Return one keypoint of a single-person motion.

    Returns
    -------
    ndarray, shape (time, space)
        All NaN when the motion has no such point.
    """
    if name not in motion.keypoints.values:
        return np.full((motion.sizes["time"], motion.sizes["space"]), np.nan)
    return np.asarray(motion.position.isel(individuals=0).sel(keypoints=name).values, dtype=float)


def placed_by_pose_model(motion: xr.Dataset) -> bool:
    """Whether a pose model of ours placed the points, and not a marker system, a file or a mannequin's own joints."""
    return str(motion.attrs.get("source_software")) == "levelstride"


def with_positions(motion: xr.Dataset, position: FloatArray, confidence: FloatArray | None = None) -> xr.Dataset:
    """Return a copy with other positions (and confidences) of the same shape."""
    changed = motion.copy()
    changed["position"] = (motion.position.dims, position)
    if confidence is not None:
        changed["confidence"] = (motion.confidence.dims, confidence)
    return changed


def save_motion(motion: xr.Dataset, path: Path) -> None:
    """Write NetCDF-4 that this project and the ``movement`` package both open."""
    motion.to_netcdf(path, engine="h5netcdf")


def load_motion(path: Path) -> xr.Dataset:
    """Read a file written by :func:`save_motion`."""
    with xr.open_dataset(path, engine="h5netcdf") as opened:
        return opened.load()
