"""Why it exists: clothes tell crossing people apart. A handful of colour samples from trunk and thighs is enough."""

import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import Frame
from levelstride.recording.picture import Picture
from levelstride.recording.pose.crop import apply
from levelstride.recording.pose.landmarks import Landmarks
from levelstride.recording.pose.track import HIPS, KNEES, SHOULDERS

Array = npt.NDArray[np.float64]

# Ordinary frame-to-frame spread of the medians, 8-bit units: brightness varies far more than colour.
_SPREAD = np.array([30.0, 6.0, 6.0] * 2)
_ALONG = np.linspace(0.15, 0.85, 8)


def looks_of(frame: Frame, picture: Picture, seen: Landmarks) -> Array | None:
    """Return median Y, U, V of the trunk and of the thighs, each in units of its ordinary spread.

    Returns
    -------
    ndarray, shape (6,), or None
        None when too little of the body lies within the picture.
    """
    points = seen.points_px
    shoulders, hips, knees = (points[pair] for pair in (SHOULDERS, HIPS, KNEES))
    trunk = [_between(shoulders[i], hips[j]) for i in (0, 1) for j in (0, 1)]
    thighs = [_between(hips[i], knees[i]) for i in (0, 1)]
    trunk_median = _median(frame, picture, np.concatenate(trunk))
    thigh_median = _median(frame, picture, np.concatenate(thighs))
    if trunk_median is None or thigh_median is None:
        return None
    return np.asarray(np.concatenate([trunk_median, thigh_median]) / _SPREAD)


def looks_distance(one: Array | None, other: Array | None) -> float:
    """Return how different two appearances are, in ordinary spreads; 0 when one is unknown."""
    if one is None or other is None:
        return 0.0
    return float(np.sqrt(np.mean((one - other) ** 2)))


def _between(start: Array, end: Array) -> Array:
    return np.asarray(start + _ALONG[:, None] * (end - start))


def _median(frame: Frame, picture: Picture, points: Array) -> Array | None:
    stored = apply(picture.to_stored, points)
    luma = frame.planes[0]
    height, width = luma.shape
    inside = (stored >= 0).all(axis=1) & (stored[:, 0] < width) & (stored[:, 1] < height)
    if inside.sum() < len(points) // 2:
        return None
    x, y = stored[inside].astype(int).T
    values = [luma[y, x]]
    for plane in frame.planes[1:]:
        rows, columns = plane.shape
        values.append(plane[y * rows // height, x * columns // width])
    return np.array([np.median(channel) for channel in values])
