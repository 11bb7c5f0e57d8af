"""Why it exists: OpenSim reads joint angles over time as a storage table (``.mot``).

Names and signs are those of OpenSim's gait models (Rajagopal 2016 and its kin): knee flexion, hip flexion and
dorsiflexion positive, ``pelvis_tilt`` > 0 backward, ``pelvis_list`` > 0 right side down, ``pelvis_rotation`` > 0 to
the left, ``lumbar_extension`` > 0 backward. What was not measured is left out, and OpenSim takes its own default.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from levelstride.anatomy.body import turn
from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError
from levelstride.exchange.text import write_text
from levelstride.motion import sagittal
from levelstride.motion.dataset import FloatArray, has_keypoint, point

#: Every coordinate that :func:`opensim_coordinates` can give, in the order of OpenSim's models.
COORDINATES: tuple[str, ...] = (
    "pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz",
    *(f"{name}_{s}" for s in "rl" for name in ("hip_flexion", "hip_adduction", "knee_angle", "ankle_angle")),
    "lumbar_extension", "lumbar_bending", "lumbar_rotation",
)  # fmt: skip
_DECIMALS = 8


def write_mot(time_s: FloatArray, coordinates: Mapping[str, FloatArray], path: str | Path) -> int:
    """Write joint angles over time as an OpenSim motion.

    Parameters
    ----------
    time_s : ndarray, shape (time,)
        Seconds, rising.
    coordinates : mapping of str to ndarray, shape (time,)
        Degrees (and metres for ``pelvis_tx``, ``_ty``, ``_tz``) by OpenSim's names, in the order of the columns.
        Rows in which any of them is missing are left out: OpenSim stops reading at the first gap, but bridges
        missing times itself.
    path : str or Path

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        If no row is complete, lengths or times do not fit, a name is no column name, or the file cannot be
        written.
    """
    time = np.asarray(time_s, dtype=float)
    if not coordinates or time.ndim != 1 or not len(time):
        raise InputError("There are no joint angles to export.", "Give at least one curve and its times.")
    if not np.isfinite(time).all() or (np.diff(time) <= 0).any():
        raise InputError("The times of an export must rise.", "Give one row per sample, in order.")
    for name, curve in coordinates.items():
        if not name or name.casefold() == "time" or len(name.split()) != 1 or name != name.strip() or "=" in name:
            raise InputError(f"{name!r} cannot name a column.", "Use OpenSim's coordinate names, such as knee_angle_r.")
        if np.shape(curve) != time.shape:
            raise InputError(f"{name} has {np.size(curve)} values for {len(time)} times.", "Give one value per time.")
    values = np.stack([time, *(np.asarray(curve, dtype=float) for curve in coordinates.values())], axis=1)
    values = values[np.isfinite(values).all(axis=1)]
    if not len(values):
        raise InputError("No moment has all of these joint angles.", "Export fewer of them, or one leg at a time.")
    lines = [
        "Coordinates",
        "version=1",
        f"nRows={len(values)}",
        f"nColumns={values.shape[1]}",
        "inDegrees=yes",
        "",
        "Units are S.I. units (second, meters, Newtons, ...)",
        "If the header above contains a line with 'inDegrees', this indicates whether rotational values are in "
        "degrees (yes) or radians (no).",
        "",
        "endheader",
        "\t".join(["time", *coordinates]),
        *("\t".join(f"{v:.{_DECIMALS}f}" for v in row) for row in values),
    ]
    write_text(Path(path), "\n".join(lines) + "\n")
    return len(values)


def opensim_coordinates(motion: xr.Dataset, *, facing: FloatArray | None = None) -> dict[str, FloatArray]:
    """Compute OpenSim's coordinates from a motion, as far as its points carry them.

    From the side (2D) the pelvis is not seen to tilt: it stays upright, hip flexion is the thigh's against the
    vertical and ``lumbar_extension`` the trunk's, so that every segment stands in OpenSim as it stood in the picture.
    In 3D the pelvis' list and rotation come from the hip joint centres, its tilt from the line between the back and
    front spines where the motion has them (level = zero), and translations only with the front spines, between which
    OpenSim's pelvis begins. Turns about a limb's own length are not in the points and are left out.

    Parameters
    ----------
    motion : xarray.Dataset
        3D in metres (X forward, Y up, Z right), or 2D seen from the left or right.
    facing : ndarray, shape (time,), optional
        2D only: +1 where the person faces right in the picture, -1 where left; by the view when not given.

    Returns
    -------
    dict of str to ndarray, shape (time,)
        Degrees, and metres for translations; NaN = missing; coordinates never measured are left out.

    Raises
    ------
    InputError
        If a 2D motion was not seen from the side, or no joint angle can be computed.
    """
    found = _planar(motion, facing) if motion.sizes["space"] == 2 else _spatial(motion)
    kept = {name: found[name] for name in COORDINATES if name in found and np.isfinite(found[name]).any()}
    if not kept:
        raise InputError("This motion holds no joint angle.", "At least hip, knee and ankle of one side are needed.")
    return kept


def _planar(motion: xr.Dataset, facing: FloatArray | None) -> dict[str, FloatArray]:
    view = motion.attrs.get("view", "unknown")
    if facing is None and view not in SIDES:
        raise InputError(
            f"Joint angles need a side view; this motion's view is {view!r}.",
            "State the view as left or right where that is true.",
        )
    if facing is None:
        facing = np.full(motion.sizes["time"], 1.0 if view == "right" else -1.0)
    found = {"lumbar_extension": -sagittal.trunk_forward_lean(motion, facing)}
    for side in SIDES:
        s = side[0]
        found[f"hip_flexion_{s}"] = sagittal.tilt(point(motion, f"{side}_hip"), point(motion, f"{side}_knee"), facing)
        found[f"knee_angle_{s}"] = sagittal.knee_flexion(motion, side, facing)
        foot = sagittal.tilt(point(motion, f"{side}_heel"), point(motion, f"{side}_big_toe"), facing)
        found[f"ankle_angle_{s}"] = foot - 90.0 - sagittal.shank_tilt(motion, side, facing)
    return found


def _spatial(motion: xr.Dataset) -> dict[str, FloatArray]:
    pelvis, found = _pelvis(motion)
    for side in SIDES:
        found |= _leg(motion, pelvis, side)
    if all(has_keypoint(motion, f"{side}_shoulder") for side in SIDES):
        found |= _trunk(motion, pelvis)
    return found


def _pelvis(motion: xr.Dataset) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Orientation (time, 3, 3) and coordinates; R = Rz(tilt) Rx(list) Ry(rotation), as in OpenSim's models."""
    n = motion.sizes["time"]
    right = _unit(point(motion, "right_hip") - point(motion, "left_hip"))
    spines = {f"{side}_{part}" for side in SIDES for part in ("asis", "psis")}
    tilted = all(has_keypoint(motion, name) for name in spines)
    if tilted:
        front = (point(motion, "left_asis") + point(motion, "right_asis")) / 2
        forward = front - (point(motion, "left_psis") + point(motion, "right_psis")) / 2
    else:
        forward = np.cross(np.array([0.0, 1.0, 0.0]), right)
    forward = _unit(forward - right * np.sum(forward * right, axis=1, keepdims=True))
    matrix = np.stack([forward, np.cross(right, forward), right], axis=-1)
    # its third row is (-cos l sin r, sin l, cos l cos r), its second column (-sin t cos l, cos t cos l, sin l)
    rotation = np.degrees(np.arctan2(-matrix[:, 2, 0], matrix[:, 2, 2]))
    bank = np.degrees(np.arcsin(np.clip(matrix[:, 2, 1], -1.0, 1.0)))
    tilt = np.degrees(np.arctan2(-matrix[:, 0, 1], matrix[:, 1, 1]))
    found = {"pelvis_list": bank, "pelvis_rotation": rotation}
    if tilted:
        found["pelvis_tilt"] = tilt
    elif np.isfinite(right).all(axis=1).any():  # upright pelvis: the horizontal reading of list and rotation
        found["pelvis_list"] = np.degrees(np.arctan2(-right[:, 1], right[:, 2]))
        found["pelvis_rotation"] = np.degrees(np.arcsin(np.clip(right[:, 0], -1.0, 1.0)))
        matrix = turn("x", found["pelvis_list"]) @ turn("y", found["pelvis_rotation"])
    if all(has_keypoint(motion, f"{side}_asis") for side in SIDES):
        origin = (point(motion, "left_asis") + point(motion, "right_asis")) / 2
        found |= {f"pelvis_t{axis}": origin[:, i] for i, axis in enumerate("xyz")}
    return matrix.reshape(n, 3, 3), found


def _leg(motion: xr.Dataset, pelvis: FloatArray, side: Side) -> dict[str, FloatArray]:
    mirror = 1.0 if side == "right" else -1.0
    hip, knee, ankle, heel, toe = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle", "heel", "big_toe"))
    thigh = _inside(pelvis, _unit(knee - hip))
    flexion = np.degrees(np.arctan2(thigh[:, 0], -thigh[:, 1]))
    adduction = -mirror * np.degrees(np.arcsin(np.clip(thigh[:, 2], -1.0, 1.0)))
    thigh_frame = pelvis @ turn("z", flexion) @ turn("x", mirror * adduction)
    shank = _inside(thigh_frame, ankle - knee)
    bend = np.degrees(np.arctan2(-shank[:, 0], -shank[:, 1]))
    foot = _inside(thigh_frame @ turn("z", -bend), toe - heel)
    s = side[0]
    return {
        f"hip_flexion_{s}": flexion,
        f"hip_adduction_{s}": adduction,
        f"knee_angle_{s}": bend,
        f"ankle_angle_{s}": np.degrees(np.arctan2(foot[:, 1], foot[:, 0])),
    }


def _trunk(motion: xr.Dataset, pelvis: FloatArray) -> dict[str, FloatArray]:
    line = _unit(_inside(pelvis, sagittal.middle(motion, "shoulder") - sagittal.middle(motion, "hip")))
    extension = np.degrees(np.arctan2(-line[:, 0], line[:, 1]))
    bending = np.degrees(np.arcsin(np.clip(line[:, 2], -1.0, 1.0)))
    frame = pelvis @ turn("z", extension) @ turn("x", bending)
    across = _inside(frame, point(motion, "right_shoulder") - point(motion, "left_shoulder"))
    return {
        "lumbar_extension": extension,
        "lumbar_bending": bending,
        "lumbar_rotation": np.degrees(np.arctan2(across[:, 0], across[:, 2])),
    }


def _inside(frame: FloatArray, vectors: FloatArray) -> FloatArray:
    """Vectors (time, 3) in the axes of a segment (time, 3, 3)."""
    return np.asarray(np.einsum("tji,tj->ti", frame, vectors))


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, np.nan))
