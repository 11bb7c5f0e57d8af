"""Why it exists: joint and segment angles cut into strides and stretched to 0-100 % of the gait cycle.

One stride is contact to next contact of the same foot, resampled to 101 points.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.motion import sagittal
from levelstride.motion.dataset import FloatArray
from levelstride.motion.gait_events import Stride, Walk

Mask = npt.NDArray[np.bool_]

POINTS = 101
CURVE_NAMES = (
    "knee_flexion_deg",
    "hip_flexion_deg",
    "limb_angle_deg",
    "shank_angle_deg",
    "trunk_forward_lean_deg",
)


@dataclass(frozen=True)
class CurveSet:
    """Every curve of every stride.

    Attributes
    ----------
    strides : list of Stride
    curves : dict of str to ndarray, shape (n_strides, 101)
        Degrees; NaN throughout a stride in which the points were not seen.
    hip_against_trunk : dict of side to bool
    """

    strides: list[Stride]
    curves: dict[str, FloatArray]
    hip_against_trunk: dict[Side, bool]

    def values(self, name: str, side: Side) -> FloatArray:
        """Return one side's strides, shape (n, 101), only those seen throughout."""
        rows = self.curves[name][[s.side == side for s in self.strides]]
        return rows

    def toe_off_index(self, side: Side) -> FloatArray:
        """Toe-off of each stride of a side in percent of the cycle; 60 where it was not found."""
        found = [_percent(s) for s in self.strides if s.side == side]
        return np.array([p if np.isfinite(p) else 60.0 for p in found])

    def mean_toe_off(self, side: Side) -> float | None:
        """Mean toe-off of a side in percent of the cycle; None when never found."""
        found = np.array([_percent(s) for s in self.strides if s.side == side])
        return float(np.nanmean(found)) if np.isfinite(found).any() else None

    def method(self, name: str, side: Side) -> str:
        """How a curve was got, where that varies."""
        if name != "hip_flexion_deg":
            return ""
        return "against the trunk" if self.hip_against_trunk[side] else "against the vertical (trunk not seen)"

    def keep(self, mask: Mask) -> "CurveSet":
        """Return only some strides."""
        chosen = np.flatnonzero(mask)
        return CurveSet(
            [self.strides[i] for i in chosen],
            {name: rows[chosen] for name, rows in self.curves.items()},
            self.hip_against_trunk,
        )


def stride_curves(
    motion: xr.Dataset,
    walks: list[Walk],
    *,
    seen: Mapping[Side, Mask],
    at_contact_s: float,
    least_share: float,
) -> CurveSet:
    """Cut all angle curves into strides; each walk with its own facing direction.

    Parameters
    ----------
    seen : mapping of side to ndarray of bool, shape (time,)
        Where the leg was really seen.
    at_contact_s, least_share : float
        A stride's curves are NaN unless the leg was seen in this share of the stride, and of the time this close to
        its first contact.
    """
    strides: list[Stride] = []
    rows: dict[str, list[FloatArray]] = {name: [] for name in CURVE_NAMES}
    against_trunk: dict[Side, bool] = {}
    cache: dict[tuple[int, Side], dict[str, FloatArray]] = {}
    for walk in walks:
        facing = np.full(motion.sizes["time"], float(walk.facing))
        for side in SIDES:
            if (walk.facing, side) not in cache:
                hip, trunk_seen = sagittal.hip_flexion(motion, side, facing)
                against_trunk[side] = trunk_seen
                cache[walk.facing, side] = {
                    "knee_flexion_deg": sagittal.knee_flexion(motion, side, facing),
                    "hip_flexion_deg": hip,
                    "limb_angle_deg": sagittal.limb_tilt(motion, side, facing),
                    "shank_angle_deg": sagittal.shank_tilt(motion, side, facing),
                    "trunk_forward_lean_deg": sagittal.trunk_forward_lean(motion, facing),
                }
        for stride in walk.strides:
            strides.append(stride)
            reach = at_contact_s * motion.fps
            trusted = _share(seen[stride.side], stride.contact - reach, stride.contact + reach) >= least_share
            trusted &= _share(seen[stride.side], stride.contact, stride.next_contact) >= least_share
            for name, curve in cache[walk.facing, stride.side].items():
                rows[name].append(_resample(curve, stride) if trusted else np.full(POINTS, np.nan))
    return CurveSet(strides, {name: np.array(found).reshape(-1, POINTS) for name, found in rows.items()}, against_trunk)


def _resample(curve: FloatArray, stride: Stride) -> FloatArray:
    at = np.linspace(stride.contact, stride.next_contact, POINTS)
    low, high = int(np.floor(at[0])), int(np.ceil(at[-1])) + 1
    if not np.isfinite(curve[low:high]).all():
        return np.full(POINTS, np.nan)
    return np.interp(at, np.arange(len(curve)), curve)


def _share(mask: Mask, start: float, stop: float) -> float:
    window = mask[max(int(np.floor(start)), 0) : int(np.ceil(stop)) + 1]
    return float(window.mean()) if len(window) else 0.0


def _percent(stride: Stride) -> float:
    return 100 * (stride.toe_off - stride.contact) / (stride.next_contact - stride.contact)
