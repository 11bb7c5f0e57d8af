"""Why it exists: OpenSim keeps movement as joint angles; a generic body driven by them gives points in space.

Angles come through exactly, lengths do not: the file does not say how long the bones are. Rotations are composed as
in OpenSim's gait models (pelvis tilt, then list, then rotation; hip flexion, adduction, rotation), which differs by
fractions of a degree from the clinical order of ``anatomy.body.pelvis_orientation``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from levelstride.anatomy.body import generic_body, place, shank_orientation, thigh_orientation, turn
from levelstride.anatomy.keypoints import SIDES
from levelstride.errors import RecordingError
from levelstride.motion.dataset import FloatArray, make_motion, with_log
from levelstride.recording.files.result import MotionFile, even_times, listed, read_text, refuse_short
from levelstride.recording.files.world import find_facing, to_world

_UP = np.array([0.0, 1.0, 0.0])
_ASSUMED_HEIGHT_M = 1.70
_NEEDED = "Needed are OpenSim's joint angles, at least hip_flexion and knee_angle of one side."
_TRANSLATIONS = ("pelvis_tx", "pelvis_ty", "pelvis_tz")
_PELVIS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
_TRUNK = ("lumbar_extension", "lumbar_bending", "lumbar_rotation")
_LIMB = (
    "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle", "arm_flex", "arm_add", "arm_rot",
    "elbow_flex",
)  # fmt: skip
COORDINATES: tuple[str, ...] = (
    *_PELVIS, *_TRANSLATIONS, *(f"{name}_{side[0]}" for side in SIDES for name in _LIMB), *_TRUNK,
)  # fmt: skip
#: Another spelling -> ours.
_SPELLINGS = {"lumbar_ext": "lumbar_extension", "lumbar_bend": "lumbar_bending", "lumbar_rot": "lumbar_rotation"}


@dataclass(frozen=True)
class StorageTable:
    """An OpenSim storage file as it stands.

    Attributes
    ----------
    time_s : ndarray, shape (time,)
    columns : dict of str to ndarray, shape (time,)
        As written, units included.
    in_degrees : bool or None
        As the header states it; None when it does not.
    """

    time_s: FloatArray
    columns: dict[str, FloatArray]
    in_degrees: bool | None


def read_mot(path: Path, height_m: float | None) -> MotionFile:
    """Read OpenSim joint angles into the motion of a generic body.

    Parameters
    ----------
    path : Path
    height_m : float or None
        Standing height that the generic body gets, m; 1.70 m when not stated, with a warning.

    Raises
    ------
    RecordingError
        If the table is damaged, has fewer than two rows, uneven times, or holds no leg's angles.
    """
    table = read_storage(path)
    refuse_short(path, len(table.time_s))
    index, rate, warnings = even_times(path, table.time_s, None)
    used: dict[str, str] = {}
    for column in table.columns:
        name = _coordinate(column)
        if name in COORDINATES:
            used.setdefault(name, column)
    if not any(f"hip_flexion_{s}" in used and f"knee_angle_{s}" in used for s in "lr"):
        raise RecordingError(f"{path} holds no leg's joint angles; it holds: {listed(list(table.columns))}.", _NEEDED)
    if table.in_degrees is None:
        warnings.append("The file does not say whether angles are in degrees: degrees were assumed.")
    to_degrees = np.degrees(1.0) if table.in_degrees is False else 1.0
    angles: dict[str, FloatArray] = {}
    for name, column in used.items():
        even = np.full(index[-1] + 1, np.nan)
        even[index] = table.columns[column] * (1.0 if name in _TRANSLATIONS else to_degrees)
        angles[name] = even
    warnings += _unsign_knees(angles)
    if height_m is None:
        warnings.append(f"No height was stated: the generic body is {_ASSUMED_HEIGHT_M:.2f} m tall.")
    warnings.append("Positions come from a generic body moved by the file's angles: its lengths were not measured.")
    warnings.append("The pelvis was turned in the order of OpenSim's gait models: tilt, list, rotation.")
    absent = [name for name in (*_PELVIS, *_TRUNK) if name not in angles]
    if absent:
        warnings.append(f"Absent from the file and taken as zero: {', '.join(absent)}.")
    if any(name not in angles for name in _TRANSLATIONS):
        warnings.append("The file holds no pelvis translation: the body stays where it is.")
    points = pose_generic_body(angles, height_m or _ASSUMED_HEIGHT_M)
    facing = find_facing(points, _UP)
    forward = np.array([1.0, 0.0, 0.0]) if facing.forward is None else facing.forward
    world = to_world(points, _UP, forward)
    motion = make_motion(
        np.stack(list(world.values()), axis=2)[..., np.newaxis],
        keypoints=list(world),
        fps=rate,
        length_unit="m",
        source_software="OpenSim",
        source_file=str(path),
    )
    motion = with_log(
        motion,
        "read_mot",
        positions="generic body",
        height_m=height_m or _ASSUMED_HEIGHT_M,
        coordinates=sorted(used),
        pelvis_order="tilt, list, rotation",
        start_s=float(table.time_s[0]),
        turned_deg=round(float(np.degrees(np.arctan2(forward[2], forward[0]))), 6),
        forward_from=facing.source,
    )
    return MotionFile(
        motion=motion,
        kind="mot",
        labels_found=tuple(table.columns),
        labels_used={name: (column,) for name, column in used.items()},
        angles_deg={name: curve for name, curve in angles.items() if name not in _TRANSLATIONS},
        warnings=(*warnings, *facing.warnings),
    )


def pose_generic_body(angles: Mapping[str, FloatArray], height_m: float) -> dict[str, FloatArray]:
    """Place the points of a generic body by OpenSim coordinates.

    Parameters
    ----------
    angles : mapping of str to ndarray, shape (time,)
        Degrees and metres by coordinate, knee flexion positive; what is absent is zero.
    height_m : float

    Returns
    -------
    dict of str to ndarray, shape (time, 3)
        Metres, ground frame of the file; points whose limb has no angle at all are left out.
    """
    n = len(next(iter(angles.values())))

    def a(name: str) -> FloatArray:
        return angles.get(name, np.zeros(n))

    body = generic_body(height_m)
    pelvis = turn("z", a("pelvis_tilt")) @ turn("x", a("pelvis_list")) @ turn("y", a("pelvis_rotation"))
    trunk = pelvis @ turn("z", a("lumbar_extension")) @ turn("x", a("lumbar_bending")) @ turn("y", a("lumbar_rotation"))
    orientation = {"pelvis": pelvis, "trunk": trunk}
    for side in SIDES:
        s = side[0]
        mirror = 1.0 if side == "right" else -1.0
        thigh = thigh_orientation(pelvis, side, a(f"hip_flexion_{s}"), a(f"hip_adduction_{s}"), a(f"hip_rotation_{s}"))
        shank = shank_orientation(thigh, side, a(f"knee_angle_{s}"))
        arm = (
            trunk
            @ turn("z", a(f"arm_flex_{s}"))
            @ turn("x", mirror * a(f"arm_add_{s}"))
            @ turn("y", mirror * a(f"arm_rot_{s}"))
        )
        orientation |= {
            f"{side}_thigh": thigh,
            f"{side}_shank": shank,
            f"{side}_foot": shank @ turn("z", a(f"ankle_angle_{s}")),
            f"{side}_upper_arm": arm,
            f"{side}_forearm": arm @ turn("z", a(f"elbow_flex_{s}")),
        }
        if f"arm_flex_{s}" not in angles:
            body = {name: at for name, at in body.items() if name not in (f"{side}_elbow", f"{side}_wrist")}
        if f"hip_flexion_{s}" not in angles or f"knee_angle_{s}" not in angles:
            gone = tuple(f"{side}_{part}" for part in ("knee", "ankle", "heel", "big_toe"))
            body = {name: at for name, at in body.items() if name not in gone}
        elif f"ankle_angle_{s}" not in angles:
            body = {name: at for name, at in body.items() if name not in (f"{side}_heel", f"{side}_big_toe")}
    origin = np.stack([angles.get(name, np.full(n, np.nan)) for name in _TRANSLATIONS], axis=1)
    if not all(name in angles for name in _TRANSLATIONS):
        origin = np.tile(body["hip"], (n, 1))
    else:  # OpenSim's pelvis begins midway between the front spines
        front = (body["left_asis"] + body["right_asis"]) / 2 - body["hip"]
        origin = origin - np.einsum("tij,j->ti", pelvis, front)
    return {name: at for name, at in place(body, orientation, origin).items() if name not in ("head", "nose")}


def read_storage(path: Path) -> StorageTable:
    """Read the numbers of an OpenSim storage file (``.mot``, ``.sto``).

    Raises
    ------
    RecordingError
        If the header or a row is not as the format has it.
    """
    lines = read_text(path).splitlines()
    end = next((i for i, line in enumerate(lines) if line.strip().casefold() == "endheader"), None)
    if end is None:
        raise RecordingError(f"{path} has no 'endheader' line: it is not an OpenSim file.", "Export it from OpenSim.")
    body = [(i + 1, line) for i, line in enumerate(lines) if i > end and line.strip()]
    if not body:
        raise RecordingError(f"{path} holds no data.", "Copy or export it again.")
    labels = body[0][1].split()
    if labels[0].casefold() != "time" or len(set(labels)) < len(labels):
        raise RecordingError(f"{path} has no column of time, or a name twice.", "Export it from OpenSim.")
    rows = []
    for number, line in body[1:]:
        try:
            row = [float(cell) for cell in line.split()]
        except ValueError:
            row = []
        if len(row) != len(labels):
            raise RecordingError(f"{path} is damaged in line {number}.", "Copy or export it again.")
        rows.append(row)
    header = {}
    for line in lines[:end]:
        key, equals, value = line.partition("=")
        if equals:
            header[key.strip().casefold()] = value.strip().casefold()
    stated = header.get("nrows", "")
    if stated.isdigit() and len(rows) < 0.9 * int(stated):
        raise RecordingError(f"{path} is cut off: {len(rows)} of {stated} rows.", "Copy or export it again.")
    values = np.array(rows, dtype=float).reshape(len(rows), len(labels))
    degrees = {"yes": True, "no": False}.get(header.get("indegrees", ""))
    return StorageTable(values[:, 0], {label: values[:, i] for i, label in enumerate(labels) if i}, degrees)


def _coordinate(column: str) -> str:
    """``/jointset/walker_knee_r/knee_angle_r/value`` -> ``knee_angle_r``."""
    name = column.removesuffix("/value").rsplit("/", 1)[-1]
    return _SPELLINGS.get(name, name)


def _unsign_knees(angles: dict[str, FloatArray]) -> list[str]:
    """Make knee flexion positive: some models (gait2392, gait2354) count it negative."""
    knees = [name for name in ("knee_angle_l", "knee_angle_r") if name in angles and np.isfinite(angles[name]).any()]
    if not knees or max(np.nanmax(angles[k]) + np.nanmin(angles[k]) for k in knees) >= 0:
        return []
    for name in knees:
        angles[name] = -angles[name]
    return ["Knee angles are mostly negative: the model counts flexion negative, and they were turned round."]
