"""Why it exists: joint and segment angles as a camera square to the walking direction sees them.

All angles in degrees. A segment's tilt is measured from "straight down" and is positive when its lower end is in
front of its upper end (in the direction the person faces); with that, knee flexion = thigh tilt - shank tilt and hip
flexion = thigh tilt + forward lean of the trunk. The camera's side does not change any sign.
"""

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import Side
from levelstride.motion.dataset import FloatArray, point


def middle(motion: xr.Dataset, part: str) -> FloatArray:
    """Midpoint of the left and right point of a pair; the one that is seen when the other is not.

    Returns
    -------
    ndarray, shape (time, space)
    """
    left, right = point(motion, f"left_{part}"), point(motion, f"right_{part}")
    both = (left + right) / 2
    return np.where(np.isfinite(both), both, np.where(np.isfinite(left), left, right))


def tilt(upper: FloatArray, lower: FloatArray, facing: FloatArray) -> FloatArray:
    """Angle of the line upper -> lower from straight down, positive when the lower end is in front.

    Parameters
    ----------
    upper, lower : ndarray, shape (time, 2)
        Image frame (x right, y down).
    facing : ndarray, shape (time,)
        +1 where the person faces right in the picture, -1 where left.
    """
    line = lower - upper
    return np.degrees(np.arctan2(line[:, 0] * facing, line[:, 1]))


def trunk_forward_lean(motion: xr.Dataset, facing: FloatArray) -> FloatArray:
    """Lean of the line mid-hip -> mid-shoulder from the vertical, positive forward; NaN without shoulders."""
    shoulders, hips = middle(motion, "shoulder"), middle(motion, "hip")
    return -tilt(shoulders, hips, facing)


def knee_flexion(motion: xr.Dataset, side: Side, facing: FloatArray) -> FloatArray:
    """Knee flexion, positive when the shank is behind the line of the thigh."""
    hip, knee, ankle = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    return tilt(hip, knee, facing) - tilt(knee, ankle, facing)


def hip_flexion(motion: xr.Dataset, side: Side, facing: FloatArray) -> tuple[FloatArray, bool]:
    """Hip flexion, positive when the thigh is in front of the trunk line; extension is negative.

    Returns
    -------
    ndarray, shape (time,)
    bool
        True when measured against the trunk, False when the trunk was not seen and the vertical stands in for it.
    """
    thigh = tilt(point(motion, f"{side}_hip"), point(motion, f"{side}_knee"), facing)
    lean = trunk_forward_lean(motion, facing)
    if np.isfinite(lean).mean() < 0.5 * np.isfinite(thigh).mean():
        return thigh, False
    return thigh + lean, True


def shank_tilt(motion: xr.Dataset, side: Side, facing: FloatArray) -> FloatArray:
    """Tilt of the shank from the vertical, positive when the ankle is in front of the knee."""
    return tilt(point(motion, f"{side}_knee"), point(motion, f"{side}_ankle"), facing)


def limb_tilt(motion: xr.Dataset, side: Side, facing: FloatArray) -> FloatArray:
    """Tilt of the line hip -> ankle from the vertical, positive when the ankle is in front (trailing = negative)."""
    return tilt(point(motion, f"{side}_hip"), point(motion, f"{side}_ankle"), facing)


def leg_length(motion: xr.Dataset) -> float:
    """Median of thigh plus shank over both legs and all frames (length unit of the motion); NaN when never seen."""
    lengths = []
    for side in ("left", "right"):
        hip, knee, ankle = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle"))
        lengths.append(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    values = np.concatenate(lengths)
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")
