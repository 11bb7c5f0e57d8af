"""Why it exists: raw keypoints flicker, jump and vanish; every repair here is bounded, pure and logged.

Each function takes a motion and returns a new one with an entry in ``attrs["log"]``; nothing is invented across a
gap longer than its limit.
"""

import numpy as np
import xarray as xr
from scipy.ndimage import generic_filter, median_filter
from scipy.signal import butter, sosfiltfilt

from levelstride.motion.dataset import FloatArray, with_log, with_positions

_MAD_TO_SD = 1.4826


def drop_unseen(
    motion: xr.Dataset, *, min_confidence: float, relative_confidence: float = 0.0, window_s: float = 1.0
) -> xr.Dataset:
    """Set points that were not really seen to missing; points without a confidence (NaN) are kept.

    Parameters
    ----------
    min_confidence : float
        Lowest confidence that counts as seen.
    relative_confidence : float
        A point also goes when its confidence falls below this share of its own running median: in a dip the model
        often puts a point between the two legs, and says so only in this way.
    window_s : float
        Width of that median, seconds.
    """
    position = motion.position.values.copy()
    confidence = motion.confidence.values
    usual = median_filter(np.nan_to_num(confidence), (round(window_s * motion.fps) | 1, 1, 1), mode="nearest")
    unseen = (confidence < min_confidence) | (confidence < relative_confidence * usual)
    position[np.broadcast_to(unseen[:, None], position.shape)] = np.nan
    return with_log(
        with_positions(motion, position),
        "drop_unseen",
        min_confidence=min_confidence,
        relative_confidence=relative_confidence,
        share_dropped=round(float(unseen.mean()), 4),
    )


def drop_outliers(motion: xr.Dataset, *, window_s: float, mads: float, floor_px: float) -> xr.Dataset:
    """Set samples far from their neighbours' running median to missing (Hampel identifier).

    Parameters
    ----------
    window_s : float
        Width of the running window, seconds.
    mads : float
        Distance, in scaled median absolute deviations, beyond which a sample goes.
    floor_px : float
        Distances below this are never outliers (length unit of the motion). A walking foot turns around within the
        window, which alone moves it up to about 0.2 leg lengths from its running median.
    """
    size = max(3, round(window_s * motion.fps) | 1)
    position = motion.position.values.copy()
    flat = position.reshape(len(position), -1)
    dropped = 0
    for column in range(flat.shape[1]):
        seen = np.flatnonzero(np.isfinite(flat[:, column]))
        if len(seen) < size:
            continue
        series = flat[seen, column]
        middle = median_filter(series, size, mode="nearest")
        residual = np.abs(series - middle)
        spread = _MAD_TO_SD * median_filter(residual, size, mode="nearest")
        bad = residual > np.maximum(mads * spread, floor_px)
        flat[seen[bad], column] = np.nan
        dropped += int(bad.sum())
    missing = ~np.isfinite(position).all(axis=1, keepdims=True)
    position[np.broadcast_to(missing, position.shape)] = np.nan
    return with_log(
        with_positions(motion, position),
        "drop_outliers",
        window_s=window_s,
        mads=mads,
        floor=floor_px,
        values_dropped=dropped,
    )


def fill_gaps(motion: xr.Dataset, *, max_gap_s: float) -> xr.Dataset:
    """Bridge short gaps inside a track linearly; longer ones, and the ends, stay missing."""
    limit = int(np.floor(max_gap_s * motion.fps + 1e-9))
    position = motion.position.values.copy()
    flat = position.reshape(len(position), -1)
    index = np.arange(len(flat))
    filled = 0
    for column in range(flat.shape[1]):
        seen = np.isfinite(flat[:, column])
        for start, stop in runs(~seen):
            if start > 0 and stop < len(flat) and stop - start <= limit:
                flat[start:stop, column] = np.interp(
                    index[start:stop], [start - 1, stop], [flat[start - 1, column], flat[stop, column]]
                )
                filled += stop - start
    return with_log(with_positions(motion, position), "fill_gaps", max_gap_s=max_gap_s, values_filled=filled)


def butterworth(motion: xr.Dataset, *, cutoff_hz: float, order: int = 4) -> xr.Dataset:
    """Low-pass without lag, each seen stretch on its own.

    Parameters
    ----------
    cutoff_hz : float
        Cut-off of the filter as a whole (the two passes are corrected for), Hz.
    order : int
        Order of the two passes together; even.

    Notes
    -----
    Stretches too short for the filter (about 0.3 s) become missing, because they cannot be smoothed honestly.
    """
    position = motion.position.values.copy()
    flat = position.reshape(len(position), -1)
    passes = order // 2
    corrected = cutoff_hz / (2 ** (1 / 2) - 1) ** (1 / (2 * passes))
    sos = butter(passes, min(corrected / (motion.fps / 2), 0.99), output="sos")
    pad = 3 * (2 * len(sos) + 1)
    for column in range(flat.shape[1]):
        for start, stop in runs(np.isfinite(flat[:, column])):
            if stop - start > pad:
                flat[start:stop, column] = sosfiltfilt(sos, flat[start:stop, column], padlen=pad)
            else:
                flat[start:stop, column] = np.nan
    return with_log(with_positions(motion, position), "butterworth", cutoff_hz=cutoff_hz, order=order, zero_lag=True)


def runs(mask: "np.typing.NDArray[np.bool_]") -> list[tuple[int, int]]:
    """Return the half-open stretches ``[start, stop)`` in which a mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def smooth(series: FloatArray, *, window: int) -> FloatArray:
    """Take the running median of a series that may hold NaN (ignored); ``window`` in samples."""
    size = max(3, window | 1)
    if not np.isfinite(series).any():
        return series
    return np.asarray(generic_filter(series, _nanmedian, size=size, mode="nearest"))


def _nanmedian(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")
