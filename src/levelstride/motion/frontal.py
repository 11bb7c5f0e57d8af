"""Why it exists: lines of the body as a camera in front or behind sees them, with one sign for both.

Everything is read as if from behind: the person's right is positive, so the same motion filmed from the front gives
the same numbers. Angles in degrees against the picture's vertical or horizontal; image frame x right, y down, px.
"""

from typing import Literal

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side, other_side
from levelstride.motion.cleaning import runs
from levelstride.motion.dataset import FloatArray, point, with_log, with_positions
from levelstride.motion.sagittal import middle

#: Least width score of a frontal view: square to the camera it is about 0.5, turned by 45 degrees about 0.35.
_FRONTAL_WIDTH = 0.33
#: Least share of the frames that must show a direction before a view is named.
_LEAST_TELLING = 0.2


def width_score(motion: xr.Dataset) -> FloatArray:
    """How frontal the person is seen: signed shoulder and hip width over trunk length.

    Returns
    -------
    ndarray, shape (time,)
        About +0.5 from behind, -0.5 from the front, 0 from the side; NaN where not seen.
    """
    trunk = np.linalg.norm(middle(motion, "shoulder") - middle(motion, "hip"), axis=1)
    shoulders = (point(motion, "right_shoulder") - point(motion, "left_shoulder"))[:, 0]
    hips = (point(motion, "right_hip") - point(motion, "left_hip"))[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((shoulders + 0.5 * hips) / (1.5 * trunk))


def facing_away(motion: xr.Dataset, *, window_s: float, minimum: float) -> FloatArray:
    """Find when the person is seen from behind (+1), from the front (-1), or neither (0).

    Parameters
    ----------
    window_s : float
        Running median, seconds.
    minimum : float
        Least width score.
    """
    score = running_median(width_score(motion), window=max(1, round(window_s * motion.fps)))
    return np.where(score > minimum, 1.0, np.where(score < -minimum, -1.0, 0.0))


def facing_away_in_space(motion: xr.Dataset) -> FloatArray:
    """Find the same in a square view of points in space: +1 where the right hip is on the right, 0 while turning.

    Parameters
    ----------
    motion : xarray.Dataset
        As :func:`levelstride.motion.planes.seen_square` gives it from behind.
    """
    width = (point(motion, "right_hip") - point(motion, "left_hip"))[:, 0]
    usual = float(np.nanmedian(np.abs(width))) if np.isfinite(width).any() else 0.0
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(width) > 0.6 * usual, np.sign(width), 0.0)


def running_median(series: FloatArray, *, window: int) -> FloatArray:
    """Median over a centred window of samples, NaN left out; NaN where the window holds none."""
    half = window // 2
    padded = np.pad(series, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    known = np.isfinite(windows).any(axis=1)
    result = np.full(len(series), np.nan)
    result[known] = np.nanmedian(windows[known], axis=1)
    return result


def repair_labels(motion: xr.Dataset, away: FloatArray) -> xr.Dataset:
    """Exchange left and right where the model took the back for the front (or the reverse) for some frames.

    Parameters
    ----------
    away : ndarray, shape (time,)
        See :func:`facing_away`.
    """
    wrong = np.flatnonzero(width_score(motion) * away < -0.1)
    names = [str(n) for n in motion.keypoints.values]
    order = [names.index(other_side(n)) if other_side(n) in names else i for i, n in enumerate(names)]
    position, confidence = motion.position.values.copy(), motion.confidence.values.copy()
    position[wrong] = position[wrong][:, :, order]
    confidence[wrong] = confidence[wrong][:, order]
    return with_log(with_positions(motion, position, confidence), "repair_labels", frames_exchanged=len(wrong))


def right_lean(upper: FloatArray, lower: FloatArray, away: FloatArray) -> FloatArray:
    """Lean of a line from the vertical, positive when its upper end is to the person's right.

    Parameters
    ----------
    upper, lower : ndarray, shape (time, 2)
    away : ndarray, shape (time,)
        +1 seen from behind, -1 from the front.
    """
    line = upper - lower
    return np.degrees(np.arctan2(line[:, 0] * away, -line[:, 1]))


def trunk_right_lean(motion: xr.Dataset, away: FloatArray) -> FloatArray:
    """Lean of the line mid-hip to mid-shoulder, positive to the person's right, degrees."""
    return right_lean(middle(motion, "shoulder"), middle(motion, "hip"), away)


def hip_line(motion: xr.Dataset, away: FloatArray) -> FloatArray:
    """Slope of the line through the hip points, positive when the right one is lower, degrees."""
    line = point(motion, "right_hip") - point(motion, "left_hip")
    return np.degrees(np.arctan2(line[:, 1], line[:, 0] * away))


def knee_projection(motion: xr.Dataset, side: Side, away: FloatArray) -> FloatArray:
    """Frontal plane projection angle of the knee, positive when the knee is medial (valgus), degrees."""
    hip, knee, ankle = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    lateral = 1.0 if side == "right" else -1.0
    thigh, shank = right_lean(hip, knee, away), right_lean(knee, ankle, away)
    return lateral * (thigh - shank)


def body_line(motion: xr.Dataset, *, window_s: float, with_upper: bool) -> FloatArray:
    """Length of the body along its middle, ankle to hip (and to the ear), px, smooth in time.

    The straighter leg counts, because the swinging one is seen foreshortened.
    """
    legs = []
    for side in SIDES:
        hip, knee, ankle = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle"))
        legs.append(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    both = np.stack(legs)
    seen = np.isfinite(both).any(axis=0)
    line = np.full(both.shape[1], np.nan)
    line[seen] = np.nanmax(both[:, seen], axis=0)
    if with_upper:
        shoulder = middle(motion, "shoulder")
        line = line + np.linalg.norm(shoulder - middle(motion, "hip"), axis=1)
        line = line + np.linalg.norm(middle(motion, "ear") - shoulder, axis=1)
    window = max(1, round(window_s * motion.fps))
    smooth = running_median(line, window=window)
    return _moving_mean(smooth, window)


def _moving_mean(series: FloatArray, window: int) -> FloatArray:
    known = np.isfinite(series)
    kernel = np.ones(window)
    count = np.convolve(known, kernel, mode="same")
    total = np.convolve(np.where(known, series, 0.0), kernel, mode="same")
    return np.where(known & (count > 0), total / np.maximum(count, 1), np.nan)


def standing_frames(
    motion: xr.Dataset, leg: FloatArray, away: FloatArray, *, max_speed: float, min_s: float
) -> list[tuple[int, int]]:
    """Find stretches of quiet standing: both ankles still, facing the camera or away.

    Parameters
    ----------
    leg : ndarray, shape (time,)
        Leg length, px.
    max_speed : float
        Of an ankle, in leg lengths per second.
    min_s : float
        Shortest stretch, seconds.

    Returns
    -------
    list of (start, stop)
        Half-open, in frames.
    """
    step = max(1, round(0.1 * motion.fps))
    still = away != 0
    for side in SIDES:
        ankle = point(motion, f"{side}_ankle")
        before, after = np.roll(ankle, step, axis=0), np.roll(ankle, -step, axis=0)
        before[:step], after[-step:] = ankle[:step], ankle[-step:]
        moved = np.linalg.norm(after - before, axis=1) / (2 * step / motion.fps)
        with np.errstate(invalid="ignore"):
            still &= running_median(moved, window=2 * step + 1) < max_speed * leg
    edge = max(1, round(0.1 * motion.fps))
    found = [(a + edge, b - edge) for a, b in runs(still)]
    return [(a, b) for a, b in found if b - a >= min_s * motion.fps]


ViewGuess = tuple[Literal["front", "back", "left", "right"], float]


def guess_view(motion: xr.Dataset, facing: FloatArray) -> ViewGuess | None:
    """Find from which side the person was filmed, with a certainty between 0 and 1.

    Parameters
    ----------
    motion : xarray.Dataset
        One person, as recorded.
    facing : ndarray, shape (time,)
        +1, -1 or 0 from :func:`levelstride.motion.gait_events.facing_direction`.

    Returns
    -------
    (view, certainty) or None
        The view seen most, and the share of the frames that agree about side or frontal view: a walk there and back is
        seen from both sides, or from behind and in front. Frames in which somebody stands sideways show no direction
        and do not count. None when nobody is seen, or hardly any frame counts.
    """
    score = width_score(motion)
    seen = np.isfinite(score)
    if not seen.any():
        return None
    score, facing = score[seen], facing[seen]
    frontal = np.abs(score) > _FRONTAL_WIDTH
    telling = frontal | (facing != 0)
    if telling.mean() < _LEAST_TELLING:
        return None
    score, facing, frontal = score[telling], facing[telling], frontal[telling]
    back, front = float(np.mean(frontal & (score > 0))), float(np.mean(frontal & (score < 0)))
    left, right = float(np.mean(~frontal & (facing < 0))), float(np.mean(~frontal & (facing > 0)))
    if back + front >= left + right:
        return ("back" if back >= front else "front"), back + front
    return ("left" if left >= right else "right"), left + right
