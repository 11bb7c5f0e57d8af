"""Why it exists: a picture has no metres; the person's height, or a known scale, gives them, with an error.

The length of the body line ankle - knee - hip - shoulder - ear in the picture is compared with its share of stature.
The line follows bent joints, so it works in any phase of the stride. Shares come from the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from levelstride.motion.dataset import FloatArray, point
from levelstride.motion.sagittal import middle


@dataclass(frozen=True)
class Scale:
    """Pixels per metre along a recording.

    Attributes
    ----------
    px_per_m : ndarray, shape (time,)
        Varies when the person comes nearer or moves away.
    relative_error : float
        One standard deviation, as a share.
    change : float
        Size at the end divided by size at the start, minus one.
    method : str
        How it was found, in words.
    """

    px_per_m: FloatArray
    relative_error: float
    change: float
    method: str


def known_scale(px_per_m: float, n_frames: int) -> Scale:
    """Scale given by the caller (for example from a ruler on the floor of the walkway)."""
    return Scale(np.full(n_frames, px_per_m), 0.005, 0.0, "known scale")


def scale_from_height(
    motion: xr.Dataset, height_m: float, shares: Mapping[str, float], *, errors: Mapping[str, float]
) -> Scale | None:
    """Scale from stature.

    Parameters
    ----------
    height_m : float
        Stature, metres.
    shares : mapping
        ``ankle_to_knee``, ``knee_to_hip``, ``hip_to_shoulder``, ``shoulder_to_ear`` as shares of stature.
    errors : mapping
        ``full`` and ``legs``: relative standard error with the whole line, and with the legs only.

    Returns
    -------
    Scale or None
        None when not even the legs were seen.
    """
    legs = []
    for side in ("left", "right"):
        hip, knee, ankle = (point(motion, f"{side}_{p}") for p in ("hip", "knee", "ankle"))
        legs.append(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    leg = _mean_seen(np.stack(legs))
    shoulder, hip = middle(motion, "shoulder"), middle(motion, "hip")
    upper = np.linalg.norm(shoulder - hip, axis=1) + np.linalg.norm(middle(motion, "ear") - shoulder, axis=1)
    leg_share = shares["ankle_to_knee"] + shares["knee_to_hip"]
    full_share = leg_share + shares["hip_to_shoulder"] + shares["shoulder_to_ear"]
    if np.isfinite(leg + upper).mean() > 0.3:
        line, share, error, method = leg + upper, full_share, errors["full"], "height, ankle to ear"
    elif np.isfinite(leg).mean() > 0.3:
        line, share, error, method = leg, leg_share, errors["legs"], "height, legs only"
    else:
        return None
    size, change = _steady_or_trend(line)
    return Scale(size / (share * height_m), error, change, method)


def _mean_seen(values: FloatArray) -> FloatArray:
    seen = np.isfinite(values)
    count = seen.sum(axis=0)
    total = np.where(seen, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _steady_or_trend(line: FloatArray) -> tuple[FloatArray, float]:
    """Median size, or a straight line in time when the size clearly changes (robust: median of pairwise slopes)."""
    frames = np.flatnonzero(np.isfinite(line))
    values = np.log(line[frames])
    thin = max(1, len(frames) // 150)
    f, v = frames[::thin].astype(float), values[::thin]
    i, j = np.triu_indices(len(f), 1)
    slope = float(np.median((v[j] - v[i]) / (f[j] - f[i]))) if len(i) else 0.0
    change = float(np.expm1(slope * (frames[-1] - frames[0])))
    if abs(change) < 0.03:
        return np.full(len(line), float(np.median(line[frames]))), change
    offset = float(np.median(values - slope * frames))
    return np.exp(offset + slope * np.arange(len(line))), change
