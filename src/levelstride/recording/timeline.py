"""Why it exists: phones film at uneven rates and drop frames; measures need an even clock, and must not invent motion.

True timestamps are turned into an even time axis at the median rate. Even recordings pass through untouched; uneven
ones are interpolated, but never across more than two missing frames.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MAX_MISSING_FRAMES = 2
# Container clocks tick in milliseconds or slower; deviations up to this share of a frame are rounding.
_ROUNDING_SHARE = 0.06


@dataclass(frozen=True)
class Timeline:
    """The clock of a recording.

    Attributes
    ----------
    times_s : ndarray, shape (frames,)
        Real time of every decoded frame from the first, s.
    fps : float
        Rate of the even axis, real frames per second, Hz.
    is_even : bool
        True when frames already lie on the even axis, one each.
    is_variable : bool
        True when the spacing varies by more than dropped frames explain.
    n_dropped : int
        Frames missing from an even spacing.
    order : ndarray of int
        Decoded frames in time order, those with a repeated time left out.
    """

    times_s: Array
    fps: float
    is_even: bool
    is_variable: bool
    n_dropped: int
    order: npt.NDArray[np.int64]

    @property
    def grid_s(self) -> Array:
        """Even time axis from 0, s."""
        last = float(self.times_s[self.order[-1]])
        return np.asarray(np.arange(round(last * self.fps) + 1) / self.fps)


def make_timeline(stated_s: Array, stated_fps: float, capture_fps: float | None = None) -> Timeline:
    """Find the rate of a recording from the times of its frames.

    Parameters
    ----------
    stated_s : ndarray, shape (frames,)
        As the file states them, s; NaN allowed. At least two frames.
    stated_fps : float
        Fallback rate when the file states no usable times, Hz.
    capture_fps : float, optional
        True rate at capture, Hz; stretches time so that the median rate becomes this one.

    Returns
    -------
    Timeline
    """
    stated = np.asarray(stated_s, dtype=float)
    if not np.isfinite(stated).all() or len(np.unique(stated)) < 2:
        stated = np.arange(len(stated)) / (stated_fps or 30.0)
    order = np.unique(stated, return_index=True)[1]
    ordered = stated[order] - stated[order[0]]
    step = float(np.median(np.diff(ordered)))
    places = np.concatenate([[0], np.cumsum(np.maximum(1, np.round(np.diff(ordered) / step)))])
    slope, offset = np.polyfit(places, ordered, 1)
    off_beat = np.abs(ordered - (offset + slope * places)) > max(_ROUNDING_SHARE * slope, 0.002)
    variable = bool(off_beat.any())
    fps = 1 / step if variable else 1 / float(slope)
    stretch = 1.0 if capture_fps is None else fps / capture_fps
    n_dropped = int(places[-1]) + 1 - len(places)
    return Timeline(
        times_s=(stated - stated[order[0]]) * stretch,
        fps=fps / stretch,
        is_even=not variable and n_dropped == 0 and len(order) == len(stated),
        is_variable=variable,
        n_dropped=0 if variable else n_dropped,
        order=np.asarray(order, dtype=np.int64),
    )


def to_even(timeline: Timeline, points: Array, confidence: Array) -> tuple[Array, Array]:
    """Put landmarks of decoded frames onto the even axis.

    Parameters
    ----------
    timeline : Timeline
    points : ndarray, shape (frames, keypoints, 2)
    confidence : ndarray, shape (frames, keypoints)

    Returns
    -------
    points, confidence : ndarray
        With ``len(timeline.grid_s)`` frames; missing stays missing (NaN, 0).
    """
    if timeline.is_even:
        return points, confidence
    grid = timeline.grid_s
    known = timeline.times_s[timeline.order]
    after = np.clip(np.searchsorted(known, grid), 1, len(known) - 1)
    before = after - 1
    gap = known[after] - known[before]
    share = np.clip((grid - known[before]) / gap, 0, 1)
    first, second = points[timeline.order[before]], points[timeline.order[after]]
    sure_first, sure_second = confidence[timeline.order[before]], confidence[timeline.order[after]]
    # A frame that is practically on the beat needs no neighbour.
    share = np.where(share < 0.02, 0.0, np.where(share > 0.98, 1.0, share))
    weight = share[:, None, None]
    mixed = np.where(weight == 0, first, np.where(weight == 1, second, first + weight * (second - first)))
    sure = np.where(
        share[:, None] == 0,
        sure_first,
        np.where(share[:, None] == 1, sure_second, np.minimum(sure_first, sure_second)),
    )
    too_far = (gap * timeline.fps > MAX_MISSING_FRAMES + 1.5) & (share > 0) & (share < 1)
    mixed[too_far] = np.nan
    sure = np.where(np.isfinite(mixed).all(axis=2), sure, 0.0)
    return mixed, sure
