"""Why it exists: seen from the side the two legs hide each other, and a pose model may exchange them for some frames.

Left and right legs are followed through time by the smoothest pair of paths: a leg keeps its velocity from frame to
frame, and an exchange of labels breaks it. The best labelling of the whole recording is found exactly (Viterbi over
"as labelled / exchanged" for the current and previous frame); the majority of the model's own labels decides which
path is called left. Method: own; the constant-velocity cost is standard in multi-target tracking.
"""

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.anatomy.keypoints import other_side
from levelstride.motion.cleaning import runs
from levelstride.motion.dataset import FloatArray, with_log, with_positions

#: Points of a leg whose labels stand or fall together; the hips are too close to each other to tell.
_LEG = ("knee", "ankle", "heel", "big_toe")
#: After a longer gap the paths cannot be joined; each side of it is labelled on its own.
_BREAK_S = 0.2


def repair_sides(motion: xr.Dataset, *, leg_length: float, swap_penalty: float) -> xr.Dataset:
    """Undo frames in which the legs' labels were exchanged.

    Parameters
    ----------
    motion : xarray.Dataset
        One person.
    leg_length : float
        Length that makes distances comparable between pictures (length unit of the motion).
    swap_penalty : float
        Squared distance, in leg lengths, that a change of labels costs; keeps noise from flipping legs that overlap.

    Returns
    -------
    xarray.Dataset
        With ``log`` entry ``repair_sides`` naming the number of frames exchanged back.
    """
    swapped = find_swaps(motion, leg_length=leg_length, swap_penalty=swap_penalty)
    names = [str(n) for n in motion.keypoints.values]
    position = motion.position.values.copy()
    confidence = motion.confidence.values.copy()
    for part in (*_LEG, "hip"):
        left, right = f"left_{part}", f"right_{part}"
        if left in names and right in names:
            a, b = names.index(left), names.index(other_side(left))
            position[np.ix_(swapped, range(position.shape[1]), [a, b])] = position[
                np.ix_(swapped, range(position.shape[1]), [b, a])
            ]
            confidence[np.ix_(swapped, [a, b])] = confidence[np.ix_(swapped, [b, a])]
    return with_log(
        with_positions(motion, position, confidence),
        "repair_sides",
        swap_penalty=swap_penalty,
        frames_swapped=int(len(swapped)),
        share_swapped=round(len(swapped) / max(motion.sizes["time"], 1), 4),
    )


def find_swaps(motion: xr.Dataset, *, leg_length: float, swap_penalty: float) -> npt.NDArray[np.intp]:
    """Return the frames, ascending, whose leg labels disagree with the smoothest pair of paths."""
    legs = _legs(motion) / leg_length
    found: list[int] = []
    for start, stop in _stretches(np.isfinite(legs).all(axis=(2, 3)).any(axis=1), most=int(_BREAK_S * motion.fps)):
        if stop - start < 3:
            continue
        labels = _smoothest(legs[start:stop], swap_penalty)
        if labels.sum() * 2 > len(labels):  # the model's own labels are right more often than not
            labels = ~labels
        found.extend((start + np.flatnonzero(labels)).tolist())
    return np.array(found, dtype=np.intp)


def _stretches(seen: npt.NDArray[np.bool_], *, most: int) -> list[tuple[int, int]]:
    """Stretches in which both legs were seen, bridging gaps of up to ``most`` frames."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs(seen):
        if joined and start - joined[-1][1] <= most:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _legs(motion: xr.Dataset) -> FloatArray:
    """Stack as (time, part, leg, space); a part missing on either leg is missing as a whole."""
    names = set(motion.keypoints.values)
    parts = [p for p in _LEG if {f"left_{p}", f"right_{p}"} <= names]
    if not parts:
        return np.full((motion.sizes["time"], 1, 2, 2), np.nan)
    pos = motion.position.isel(individuals=0)
    legs = np.stack(
        [np.stack([pos.sel(keypoints=f"{s}_{p}").values for s in ("left", "right")], axis=1) for p in parts],
        axis=1,
    )
    legs[~np.isfinite(legs).all(axis=(2, 3))] = np.nan
    return legs


def _smoothest(legs: FloatArray, penalty: float) -> npt.NDArray[np.bool_]:
    """Exact minimum of acceleration plus switching cost over all 2**n labellings.

    ``legs`` has shape (time, part, 2, space); returns whether each frame is exchanged, relative to the first.
    """
    n = len(legs)
    both = np.stack([legs, legs[:, :, ::-1]])  # (exchanged?, time, part, leg, space)
    # state = (previous label, current label); cost of extending it by the next label
    best = np.full((n, 2, 2), np.inf)
    came_from = np.zeros((n, 2, 2), dtype=np.int8)
    for a in (0, 1):
        for b in (0, 1):
            first_move = both[b, 1] - both[a, 0]
            best[1, a, b] = 0.05 * _mean_square(first_move[None])[0] + penalty * (a != b) + (1e9 if a else 0.0)
    bend = np.zeros((n, 2, 2, 2))
    for a, b, c in np.ndindex(2, 2, 2):
        bend[2:, a, b, c] = _mean_square(both[c, 2:] - 2 * both[b, 1:-1] + both[a, :-2])
    for t in range(2, n):
        for b in (0, 1):
            for c in (0, 1):
                options = [best[t - 1, a, b] + bend[t, a, b, c] for a in (0, 1)]
                came_from[t, b, c] = int(np.argmin(options))
                best[t, b, c] = min(options) + penalty * (b != c)
    b, c = divmod(int(np.argmin(best[-1])), 2)
    labels = np.zeros(n, dtype=bool)
    for t in range(n - 1, 0, -1):
        labels[t] = bool(c)
        b, c = int(came_from[t, b, c]), b
    labels[0] = bool(c)
    return labels


def _mean_square(moves: FloatArray) -> FloatArray:
    """Mean over the parts that were seen, per frame; 0 where none was (then it says nothing about labels)."""
    seen = np.isfinite(moves)
    count = seen.sum(axis=(1, 2, 3))
    return np.asarray((np.where(seen, moves, 0.0) ** 2).sum(axis=(1, 2, 3)) / np.maximum(count, 1))
