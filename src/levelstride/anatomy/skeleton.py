"""Why it exists: the same joint angles that are measured can be turned back into points, so truth can be made.

Forward kinematics of the human in the plane of progression (X forward, Y up, metres); angles in degrees, flexion
positive: hip flexion moves the thigh forward against the trunk, knee flexion moves the shank back against the thigh.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SegmentLengths:
    """Lengths in metres; :meth:`of_height` uses the shares of stature of Winter (2009)."""

    thigh: float
    shank: float
    trunk: float
    neck: float
    foot_height: float
    heel_behind_ankle: float
    toe_before_ankle: float

    @classmethod
    def of_height(cls, height_m: float) -> "SegmentLengths":
        """Return lengths of an average build."""
        return cls(
            thigh=0.245 * height_m,
            shank=0.246 * height_m,
            trunk=0.288 * height_m,
            neck=0.107 * height_m,
            foot_height=0.039 * height_m,
            heel_behind_ankle=0.03 * height_m,
            toe_before_ankle=0.11 * height_m,
        )


def point_along(start: FloatArray, tilt_deg: FloatArray, length: float) -> FloatArray:
    """Walk from a joint down a segment.

    Parameters
    ----------
    start : ndarray, shape (time, 2)
        Upper end.
    tilt_deg : ndarray, shape (time,)
        Angle from straight down, positive when the lower end is in front.
    length : float
        Metres; negative goes up the segment.

    Returns
    -------
    ndarray, shape (time, 2)
        Lower end.
    """
    angle = np.radians(tilt_deg)
    return start + length * np.stack([np.sin(angle), -np.cos(angle)], axis=-1)


def leg(
    hip: FloatArray,
    trunk_lean_deg: FloatArray,
    hip_flexion_deg: FloatArray,
    knee_flexion_deg: FloatArray,
    lengths: SegmentLengths,
) -> tuple[FloatArray, FloatArray]:
    """Return knee and ankle, shape (time, 2) each, from the hip and the joint angles."""
    thigh = hip_flexion_deg - trunk_lean_deg
    knee = point_along(hip, thigh, lengths.thigh)
    return knee, point_along(knee, thigh - knee_flexion_deg, lengths.shank)


def leg_angles_reaching(hip: FloatArray, ankle: FloatArray, lengths: SegmentLengths) -> tuple[FloatArray, FloatArray]:
    """Return thigh tilt and knee flexion (degrees) that bring the ankle where it is wanted, knee bending backward.

    Raises
    ------
    ValueError
        If the ankle is further from the hip than the leg is long.
    """
    line = ankle - hip
    reach = np.linalg.norm(line, axis=-1)
    if (reach > lengths.thigh + lengths.shank + 1e-9).any():
        raise ValueError(f"Expected a reach up to {lengths.thigh + lengths.shank:.3f} m, but got {reach.max():.3f} m")
    inner = (lengths.thigh**2 + lengths.shank**2 - reach**2) / (2 * lengths.thigh * lengths.shank)
    knee_flexion = 180 - np.degrees(np.arccos(np.clip(inner, -1, 1)))
    at_hip = (lengths.thigh**2 + reach**2 - lengths.shank**2) / (2 * lengths.thigh * reach)
    line_tilt = np.degrees(np.arctan2(line[..., 0], -line[..., 1]))
    return line_tilt + np.degrees(np.arccos(np.clip(at_hip, -1, 1))), knee_flexion
