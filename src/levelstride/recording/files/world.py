"""Why it exists: laboratories lay axes as they like; the house's world is X where the person faces, Y up, Z right.

One rotation per file, about the vertical only; the origin stays where the laboratory put it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from levelstride.anatomy.keypoints import SIDES
from levelstride.motion.dataset import FloatArray

_WALKED_M = 1.0
_STRAIGHT = 0.5
_TURNS_DEG = 45.0


@dataclass(frozen=True)
class Facing:
    """Where the person faces.

    Attributes
    ----------
    forward : ndarray, shape (3,) or None
        Horizontal unit vector; None when no point tells.
    source : str
        What told it: ``path``, ``feet``, ``pelvis``, ``shoulders`` or ``nothing``.
    warnings : list of str
    """

    forward: FloatArray | None
    source: str
    warnings: list[str]


def find_facing(points: Mapping[str, FloatArray], up: FloatArray) -> Facing:
    """Find the direction that the person faces: the path over ground, else the feet, pelvis or shoulders.

    Parameters
    ----------
    points : mapping of str to ndarray, shape (time, 3)
        Metres, laboratory frame.
    up : ndarray, shape (3,)
        Unit vector.
    """
    faced, source = _faced(points, up)
    middle = _middle_hip(points)
    path = np.zeros(3)
    extent = 0.0
    if middle is not None:
        seen = middle[np.isfinite(middle).all(axis=1)]
        if len(seen) > 1:
            path = _flat(seen[-1] - seen[0], up)
            along = faced if faced is not None else _unit(path)
            extent = float(np.ptp(seen @ along)) if along is not None else 0.0
    warnings: list[str] = []
    direction = _unit(path)
    if direction is not None and extent > _WALKED_M and float(np.linalg.norm(path)) > _STRAIGHT * extent:
        if faced is not None and float(direction @ faced) < 0:
            warnings.append("The person walks backwards: X points where they face, not where they go.")
            direction = -direction
        faced, source = direction, "path"
    if faced is None:
        return Facing(None, "nothing", warnings)
    turned = _turned_deg(points, up)
    if turned > _TURNS_DEG:
        warnings.append(f"The person turns by {turned:.0f} degrees; X is one direction for the whole file.")
    return Facing(faced, source, warnings)


def to_world(points: Mapping[str, FloatArray], up: FloatArray, forward: FloatArray) -> dict[str, FloatArray]:
    """Rotate points from the laboratory's axes into the house's: X forward, Y up, Z right."""
    axes = np.stack([forward, up, np.cross(forward, up)])
    return {name: at @ axes.T for name, at in points.items()}


def upright_note(points: Mapping[str, FloatArray], up: FloatArray) -> list[str]:
    """Say so when the person does not stand along the file's vertical axis: they lie, or the axis is wrong."""
    lines = [
        points[f"{side}_hip"] - points[f"{side}_ankle"]
        for side in SIDES
        if f"{side}_hip" in points and f"{side}_ankle" in points
    ]
    if not lines:
        return []
    legs = np.concatenate(lines)
    legs = legs[np.isfinite(legs).all(axis=1)]
    if not len(legs) or float(np.median(legs @ up / np.maximum(np.linalg.norm(legs, axis=1), 1e-9))) > 0.5:
        return []
    return [
        "The person does not stand along the file's vertical axis: they lie or sit, or the file names a wrong axis."
    ]


def _faced(points: Mapping[str, FloatArray], up: FloatArray) -> tuple[FloatArray | None, str]:
    """Mean direction of body parts that have a front, right on a treadmill as well as over ground."""
    feet = [
        points[f"{side}_big_toe"] - points[f"{side}_heel"]
        for side in SIDES
        if f"{side}_big_toe" in points and f"{side}_heel" in points
    ]
    means = [m for m in (_mean(foot) for foot in feet) if m is not None]
    if means and (unit := _unit(_flat(np.sum(means, axis=0), up))) is not None:
        return unit, "feet"
    for part, source in (("hip", "pelvis"), ("asis", "pelvis"), ("shoulder", "shoulders")):
        if f"left_{part}" in points and f"right_{part}" in points:
            across = _mean(points[f"right_{part}"] - points[f"left_{part}"])
            if across is not None and (unit := _unit(np.cross(up, across))) is not None:
                return unit, source
    return None, "nothing"


def _turned_deg(points: Mapping[str, FloatArray], up: FloatArray) -> float:
    """How far the pelvis turns about the vertical between the first and last fifth of the file, degrees."""
    if "left_hip" not in points or "right_hip" not in points:
        return 0.0
    heading = np.cross(up, points["right_hip"] - points["left_hip"])
    heading = heading[np.isfinite(heading).all(axis=1)]
    part = len(heading) // 5
    if part < 1 or np.abs(heading).max() < 1e-6:
        return 0.0
    first, last = heading[:part].mean(axis=0), heading[-part:].mean(axis=0)
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(first, last)), first @ last)))


def _middle_hip(points: Mapping[str, FloatArray]) -> FloatArray | None:
    if "left_hip" in points and "right_hip" in points:
        return np.asarray((points["left_hip"] + points["right_hip"]) / 2)
    return next((points[name] for name in ("hip", "left_hip", "right_hip") if name in points), None)


def _mean(vectors: FloatArray) -> FloatArray | None:
    seen = np.isfinite(vectors).all(axis=1)
    return np.asarray(vectors[seen].mean(axis=0)) if seen.any() else None


def _flat(vector: FloatArray, up: FloatArray) -> FloatArray:
    return np.asarray(vector - up * (vector @ up))


def _unit(vector: FloatArray) -> FloatArray | None:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length) if length > 1e-6 else None
