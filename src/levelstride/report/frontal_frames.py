"""Why it exists: from behind and in front the moment to look at is mid-stance, with the lines of trunk, hips and knees.

Lines are those of one moment against the picture's vertical; the measures are averages over many mid-stances.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import xarray as xr

from levelstride.measure.results import GaitResult
from levelstride.motion import frontal
from levelstride.motion.dataset import point
from levelstride.motion.sagittal import middle
from levelstride.report.keyframes import (
    Candidate,
    DrawnAngle,
    DrawnLine,
    KeyFrame,
    KeyFrameRequest,
    Picture,
    Point,
    seen_points,
)

#: Share of the time from a foot's contact to the other's at which the body stands over it (30 % of the cycle).
_MID_STANCE = 0.6
_NEEDED = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "hip", "knee", "ankle"))


def frontal_candidates(gait: GaitResult, motion: xr.Dataset, *, recording: int = 0) -> Iterator[Candidate]:
    """Yield mid-stances, best where the person is large and the trunk leans as it usually does on that leg.

    Parameters
    ----------
    gait : GaitResult
        Of this motion alone.
    """
    times = motion.time.values
    seen = np.all([np.isfinite(point(motion, name)).all(axis=1) for name in _NEEDED], axis=0)
    size = np.linalg.norm(middle(motion, "shoulder") - middle(motion, "hip"), axis=1)
    found = []
    for first, second in pairwise(gait.events):
        if first.walk != second.walk or first.side == second.side or {first.kind, second.kind} != {"contact"}:
            continue
        frame = round(first.frame + _MID_STANCE * (second.frame - first.frame))
        if 0 <= frame < len(times) and seen[frame]:
            away = 1 if gait.walks[first.walk].camera_sees == "back" else -1
            found.append(KeyFrameRequest(frame, float(times[frame]), first.side, "mid_stance", away, recording))
    leans = {r: float(frontal.trunk_right_lean(motion, np.full(len(times), float(r.facing)))[r.frame]) for r in found}
    for request in found:
        alike = [r for r in found if (r.side, r.facing) == (request.side, request.facing)]
        typical = float(np.median([leans[r] for r in alike]))
        large = size[request.frame] >= 0.6 * max(size[r.frame] for r in alike)
        yield (float(not large), abs(leans[request] - typical)), request


def draw_frontal(
    request: KeyFrameRequest, motion: xr.Dataset, image: Picture | None = None, *, upright: bool = False
) -> KeyFrame:
    """Join a mid-stance's picture with its points, lines and the angle of the knee.

    Parameters
    ----------
    motion : xarray.Dataset
        The cleaned motion that was measured, in pixels of ``image``.
    upright : bool
        The picture's vertical is the world's (roll known), so that the lean of the trunk may be read off it.
    """
    frame, side = request.frame, request.side
    away = np.full(motion.sizes["time"], float(request.facing))
    seen = seen_points(motion, frame)
    angles, lines = [], []
    hip, knee, ankle = (seen.get(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    if hip and knee and ankle:
        value = float(frontal.knee_projection(motion, side, away)[frame])
        beyond = (2 * knee[0] - hip[0], 2 * knee[1] - hip[1])
        words = ("in", "out")
        angles.append(DrawnAngle("knee_frontal_projection_deg", "knee", value, knee, beyond, ankle, words))
    pelvis, top = seen.get("mid_hip"), seen.get("mid_shoulder")
    left, right = seen.get("left_hip"), seen.get("right_hip")
    if pelvis and top:
        tall = float(np.hypot(top[0] - pelvis[0], top[1] - pelvis[1]))
        lines.append(DrawnLine("plumb", (pelvis[0], pelvis[1] - 1.35 * tall), (pelvis[0], pelvis[1] + 0.45 * tall)))
        if upright:
            lean = float(frontal.trunk_right_lean(motion, away)[frame]) * (1.0 if side == "right" else -1.0)
            above = (pelvis[0], pelvis[1] - tall)
            words = (f"to the {side}", "to the left" if side == "right" else "to the right")
            angles.append(DrawnAngle("trunk_lean_deg", "trunk", lean, pelvis, above, top, words))
    if left and right and pelvis:
        half = 1.1 * float(np.hypot(left[0] - right[0], left[1] - right[1]))
        lines.append(DrawnLine("level", (pelvis[0] - half, pelvis[1]), (pelvis[0] + half, pelvis[1])))
        lines.append(DrawnLine("hips", _beyond(left, right), _beyond(right, left)))
    return KeyFrame(request, seen, tuple(angles), image, tuple(lines))


def _beyond(a: Point, b: Point) -> Point:
    """Return a point beyond ``b`` on the line from ``a``."""
    return b[0] + 0.6 * (b[0] - a[0]), b[1] + 0.6 * (b[1] - a[1])
