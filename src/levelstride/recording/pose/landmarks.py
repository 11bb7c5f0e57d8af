"""Why it exists: one window in, the 33 BlazePose points out, in display pixels, with how sure the network is.

The network answers with 39 points; 33 are named in :data:`levelstride.anatomy.keypoints.BLAZEPOSE_33`, the next two
place the window of the next frame. Coarse coordinates are refined by the network's own heatmaps, as MediaPipe does.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import Frame
from levelstride.recording.picture import Picture
from levelstride.recording.pose.backend import LiteRTNetwork, Network
from levelstride.recording.pose.crop import Points, Window, apply, cut, to_display
from levelstride.recording.pose.detector import window_from
from levelstride.recording.pose.weights import PoseModel, weights_path

Array = npt.NDArray[np.float64]
Raw = npt.NDArray[np.float32]

INPUT_PX = 256
N_NAMED = 33
_N_POINTS = 39
_HIPS, _BODY = 33, 34
_NEAR = np.arange(-3, 4)
_REFINE_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The answer for one window.

    Attributes
    ----------
    points_px : ndarray, shape (33, 2)
        Display pixels; may lie outside of the picture.
    confidence : ndarray, shape (33,)
        Probability that the point is in the window times probability that it is not hidden, 0 to 1.
    presence : float
        Probability that the window shows a person, 0 to 1.
    next_window : Window
        Where the same person's window would be, from this frame alone.
    """

    points_px: Points
    confidence: Array
    presence: float
    next_window: Window


class LandmarkNet:
    """Estimate the points of one person in one window.

    Parameters
    ----------
    model : {"lite", "full", "heavy"}
    network : Network, optional
        Default: the packaged network run by LiteRT.
    n_threads : int, optional
    """

    def __init__(self, model: PoseModel, network: Network | None = None, n_threads: int | None = None) -> None:
        self.model = model
        self.network = network or LiteRTNetwork(weights_path(f"pose_landmarks_{model}"), n_threads)

    def look(self, frame: Frame, picture: Picture, window: Window) -> Landmarks:
        """Return the landmarks seen through a window of a frame."""
        outputs = self.network.run(cut(frame, picture, window, INPUT_PX, beyond="edge"))
        coarse = next(out for out in outputs if out.size == _N_POINTS * 5).reshape(_N_POINTS, 5)
        presence = next(out for out in outputs if out.size == 1).item()
        heat = next((out for out in outputs if out.shape[-1] == _N_POINTS and out.ndim == 4), None)
        points = coarse[:, :2].astype(float)
        if heat is not None:
            points = refine(points / INPUT_PX, heat[0]) * INPUT_PX
        in_display = apply(to_display(window, INPUT_PX), points)
        certainty = 1 / (1 + np.exp(-np.clip(coarse[:N_NAMED, 3:5].astype(float), -60, 60)))
        return Landmarks(
            points_px=in_display[:N_NAMED],
            confidence=certainty.prod(axis=1),
            presence=float(presence),
            next_window=window_from(in_display[_HIPS], in_display[_BODY]),
        )


def refine(points: Points, heat: Raw) -> Points:
    """Move each point to the weighted middle of its heatmap nearby, where the heatmap is sure enough.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        x, y as fractions of the window.
    heat : ndarray, shape (rows, columns, n)
        Logits.

    Returns
    -------
    ndarray, shape (n, 2)
    """
    rows, columns, n = heat.shape
    centre = (points * (columns, rows)).astype(int)
    inside = ((points >= 0) & (centre < (columns, rows))).all(axis=1)
    column, row = (centre[:, axis, None] + _NEAR for axis in (0, 1))
    known = ((row >= 0) & (row < rows))[:, :, None] & ((column >= 0) & (column < columns))[:, None, :]
    logits = heat[
        row.clip(0, rows - 1)[:, :, None], column.clip(0, columns - 1)[:, None, :], np.arange(n)[:, None, None]
    ]
    weight = np.where(known, 1 / (1 + np.exp(-np.clip(logits.astype(float), -60, 60))), 0.0)
    total = weight.sum(axis=(1, 2))
    sure = inside & (weight.max(axis=(1, 2)) >= _REFINE_FROM)
    x = (weight.sum(axis=1) * column).sum(axis=1)
    y = (weight.sum(axis=2) * row).sum(axis=1)
    refined = np.column_stack([x / columns, y / rows]) / np.maximum(total, 1e-12)[:, None]
    return np.where(sure[:, None], refined, points)
