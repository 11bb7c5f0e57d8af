"""Why it exists: find people anywhere in a picture, so that the landmark network knows where to look.

BlazePose's single-shot detector (Bazarevsky et al. 2020): five anchor layers on a 224 px letterboxed picture; each
candidate holds a box and four points, of which the middle of the hips and the "whole body" point set the window.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import Frame
from levelstride.recording.picture import Picture
from levelstride.recording.pose.backend import LiteRTNetwork, Network
from levelstride.recording.pose.crop import Window, apply, cut_rgb8, to_display, whole_picture
from levelstride.recording.pose.weights import weights_path

Array = npt.NDArray[np.float64]

INPUT_PX = 224
_STRIDES_PX = (8, 16, 32, 32, 32)
_ANCHORS_PER_CELL = 2
_SCORE_LIMIT = 100.0
_MIN_SCORE = 0.5
_MIN_OVERLAP = 0.3
# How much larger than the body's circle the landmark window is; the landmark network was trained with it.
WINDOW_FACTOR = 1.25


@dataclass(frozen=True, slots=True)
class Detection:
    """One person found.

    Attributes
    ----------
    score : float
        0 to 1.
    hips_px : ndarray, shape (2,)
        Middle of the hips, display pixels.
    window : Window
        Where the landmark network should look.
    """

    score: float
    hips_px: Array
    window: Window


class PersonDetector:
    """Find people in whole frames.

    Parameters
    ----------
    network : Network, optional
        Default: the packaged detector run by LiteRT.
    n_threads : int, optional
    """

    def __init__(self, network: Network | None = None, n_threads: int | None = None) -> None:
        self._network = network or LiteRTNetwork(weights_path("pose_detector"), n_threads)
        self._anchors = anchors()

    def find(self, frame: Frame, picture: Picture, area: Window | None = None) -> list[Detection]:
        """Return people, the surest first.

        Parameters
        ----------
        frame : Frame
        picture : Picture
        area : Window, optional
            Where to look; default the whole picture.
        """
        area = area or whole_picture(picture)
        rgb = cut_rgb8(frame, picture, area, INPUT_PX, beyond="black", smooth=True)
        tensor = rgb.astype(np.float32) * np.float32(1 / 127.5) - np.float32(1)
        outputs = self._network.run(tensor)
        raw = next(out for out in outputs if out.shape[-1] == 12)
        scores = next(out for out in outputs if out.shape[-1] == 1)
        found = decode(raw.reshape(-1, 12), scores.reshape(-1), self._anchors)
        place = to_display(area, INPUT_PX)
        return [_detection(score, values, place) for score, values in found]


def anchors() -> Array:
    """Return anchor centres, shape (2254, 2), as fractions of the picture (x, y)."""
    layers: list[Array] = []
    for stride in _STRIDES_PX:
        cells = INPUT_PX // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centres = (np.stack([x.ravel(), y.ravel()], axis=1) + 0.5) / cells
        layers.append(centres)
    # Layers of the same stride share their cells: all anchors of one cell follow each other.
    merged: list[Array] = []
    for stride in dict.fromkeys(_STRIDES_PX):
        repeat = _ANCHORS_PER_CELL * _STRIDES_PX.count(stride)
        merged.append(np.repeat(layers[_STRIDES_PX.index(stride)], repeat, axis=0))
    return np.concatenate(merged)


def decode(raw: npt.NDArray[np.float32], logits: npt.NDArray[np.float32], at: Array) -> list[tuple[float, Array]]:
    """Turn raw outputs into candidates and merge those that overlap, weighted by score.

    Parameters
    ----------
    raw : ndarray, shape (n, 12)
        Box centre and size, then four points, as pixels of the network's input relative to the anchors.
    logits : ndarray, shape (n,)
    at : ndarray, shape (n, 2)
        Anchors, see :func:`anchors`.

    Returns
    -------
    list of (score, ndarray of shape (6, 2))
        Top left and bottom right of the box, then four points, as fractions of the input; the surest first.
    """
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(float), -_SCORE_LIMIT, _SCORE_LIMIT)))
    keep = np.flatnonzero(scores >= _MIN_SCORE)
    if not keep.size:
        return []
    keep = keep[np.argsort(-scores[keep], kind="stable")]
    scores = scores[keep]
    pairs = raw[keep].astype(float).reshape(-1, 6, 2) / INPUT_PX
    half = pairs[:, 1] / 2
    centre = pairs[:, 0] + at[keep]
    values = np.concatenate([(centre - half)[:, None], (centre + half)[:, None], pairs[:, 2:] + at[keep, None]], axis=1)
    merged: list[tuple[float, Array]] = []
    left = np.arange(len(scores))
    while left.size:
        same = _overlap(values[left[0]], values[left]) > _MIN_OVERLAP
        same[0] = True
        group = left[same]
        merged.append((float(scores[left[0]]), np.average(values[group], axis=0, weights=scores[group])))
        left = left[~same]
    return merged


def _overlap(one: Array, others: Array) -> Array:
    low = np.maximum(one[0], others[:, 0])
    high = np.minimum(one[1], others[:, 1])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(np.clip(one[1] - one[0], 0, None))
    areas = np.prod(np.clip(others[:, 1] - others[:, 0], 0, None), axis=1)
    return np.asarray(shared / np.maximum(area + areas - shared, 1e-12))


def _detection(score: float, values: Array, place: Array) -> Detection:
    hips, body = apply(place, values[2:4] * INPUT_PX)
    return Detection(score, hips, window_from(hips, body))


def window_from(hips: Array, body: Array) -> Window:
    """Return the window centred on the hips whose half edge reaches past the "whole body" point, turned with it."""
    step = body - hips
    # Upright means that the body point lies straight above the hips (y down).
    angle = float(np.arctan2(step[0], -step[1]))
    size = 2 * float(np.hypot(*step)) * WINDOW_FACTOR
    return Window(float(hips[0]), float(hips[1]), size, angle)
