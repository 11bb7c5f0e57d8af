"""Why it exists: feet stand where they are planted, so legs are solved backwards: hip and ankle given, knee found.

World frame X forward, Y up, Z right, metres; angles in degrees; knee medial of the line hip - ankle is valgus > 0.
"""

from collections.abc import Mapping

import numpy as np

from levelstride.anatomy.keypoints import Side
from levelstride.motion.dataset import FloatArray


def reach_at(thigh: float, shank: float, flexion_deg: FloatArray | float) -> FloatArray:
    """Distance from hip to ankle at a knee flexion, metres."""
    return np.asarray(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(np.radians(flexion_deg))))


def solve_leg(
    neutral: Mapping[str, FloatArray],
    side: Side,
    hip: FloatArray,
    ankle: FloatArray,
    *,
    forward: FloatArray,
    valgus_deg: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Find the orientations of thigh and shank.

    Parameters
    ----------
    neutral : mapping
        Points of the neutral body.
    hip, ankle : ndarray, shape (time, 3)
    forward : ndarray, shape (time, 3)
        Unit vectors: where the knee points to before valgus turns it.
    valgus_deg : ndarray, shape (time,)
        Wanted angle between thigh and shank as seen along ``forward``; reached only where the knee bends more than
        that, because the bent knee is turned about the line hip - ankle.

    Returns
    -------
    thigh, shank : ndarray, shape (time, 3, 3)

    Raises
    ------
    ValueError
        If an ankle is out of reach.
    """
    thigh_0, shank_0 = (
        neutral[f"{side}_{b}"] - neutral[f"{side}_{a}"] for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    upper, lower = float(np.linalg.norm(thigh_0)), float(np.linalg.norm(shank_0))
    line = ankle - hip
    reach = np.linalg.norm(line, axis=-1)
    if (reach > upper + lower + 1e-9).any():
        raise ValueError(f"Expected a reach up to {upper + lower:.3f} m, but got {reach.max():.3f} m")
    down = line / reach[:, None]
    along = (upper**2 + reach**2 - lower**2) / (2 * reach)
    off = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    ahead = forward - down * np.einsum("ti,ti->t", forward, down)[:, None]
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    right = np.cross(ahead, -down)
    medial = right * (-1.0 if side == "right" else 1.0)
    flexion = np.degrees(np.pi - np.arccos(np.clip((upper**2 + lower**2 - reach**2) / (2 * upper * lower), -1, 1)))
    share = np.clip(valgus_deg / np.maximum(flexion, 1e-6), -0.95, 0.95)
    bend = ahead * np.sqrt(1 - share**2)[:, None] + medial * share[:, None]
    knee = hip + down * along[:, None] + bend * off[:, None]
    return _orient(hip, knee, thigh_0, bend), _orient(knee, ankle, shank_0, bend)


def _orient(start: FloatArray, stop: FloatArray, neutral: FloatArray, ahead: FloatArray) -> FloatArray:
    """Turn a segment so that it runs from start to stop and its front looks ahead."""
    return np.asarray(
        _frame(start - stop, ahead) @ _frame(-neutral[None], np.array([[1.0, 0.0, 0.0]])).swapaxes(-1, -2)
    )


def _frame(up: FloatArray, ahead: FloatArray) -> FloatArray:
    """Columns front, up, right; ``up`` is kept, ``ahead`` made square to it."""
    up = up / np.linalg.norm(up, axis=-1, keepdims=True)
    front = ahead - up * np.einsum("ti,ti->t", ahead, up)[:, None]
    front = front / np.linalg.norm(front, axis=-1, keepdims=True)
    return np.stack([front, up, np.cross(front, up)], axis=-1)
