"""Why it exists: seen from the side the two legs hide each other, and a pose model may exchange them for some frames.

Left and right legs are followed through time by the smoothest pair of paths: a leg keeps its velocity from frame to
frame, and an exchange of labels breaks it. The best labelling of the whole recording is found exactly (Viterbi over
"as labelled / exchanged" for the current and previous frame); disagreeing with the model's own labels costs a little
for as long as it lasts, so that they decide which path is called left. Method: own; the constant-velocity cost is
standard in multi-target tracking.
"""

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.motion.cleaning import runs
from levelstride.motion.dataset import FloatArray, with_log, with_positions

#: Points of a leg whose labels stand or fall together; the hips are too close to each other to tell.
_LEG = ("knee", "ankle", "heel", "big_toe")
#: After a longer gap the paths cannot be joined; each side of it is labelled on its own.
_BREAK_S = 0.2
#: Rate at which paths are followed.
_FOLLOW_HZ = 30.0


def repair_sides(motion: xr.Dataset, *, leg_length: float, swap_penalty: float, doubt_per_s: float) -> xr.Dataset:
    """Undo frames in which the legs' labels were exchanged.

    Parameters
    ----------
    motion : xarray.Dataset
        One person.
    leg_length : float
        Length that makes distances comparable between pictures (length unit of the motion).
    swap_penalty : float
        Squared distance, in leg lengths, that a change of labels costs; keeps noise from flipping legs that overlap.
    doubt_per_s : float
        Squared distance, in leg lengths, that each second of disagreeing with the model's labels costs.

    Returns
    -------
    xarray.Dataset
        With ``log`` entry ``repair_sides`` naming the number of frames exchanged back.
    """
    swapped = find_swaps(motion, leg_length=leg_length, swap_penalty=swap_penalty, doubt_per_s=doubt_per_s)
    names = [str(n) for n in motion.keypoints.values]
    position = motion.position.values.copy()
    confidence = motion.confidence.values.copy()
    for part in (*_LEG, "hip"):
        left, right = f"left_{part}", f"right_{part}"
        if left in names and right in names:
            a, b = names.index(left), names.index(right)
            position[swapped[:, None], :, [a, b]] = position[swapped[:, None], :, [b, a]]
            confidence[swapped[:, None], [a, b]] = confidence[swapped[:, None], [b, a]]
    return with_log(
        with_positions(motion, position, confidence),
        "repair_sides",
        swap_penalty=swap_penalty,
        doubt_per_s=doubt_per_s,
        frames_swapped=len(swapped),
        share_swapped=round(len(swapped) / max(motion.sizes["time"], 1), 4),
    )


def find_swaps(
    motion: xr.Dataset, *, leg_length: float, swap_penalty: float, doubt_per_s: float
) -> npt.NDArray[np.intp]:
    """Return the frames, ascending, whose leg labels disagree with the smoothest pair of paths."""
    legs = _legs(motion) / leg_length
    found: list[int] = []
    # a part is seen on both legs or on neither
    seen: npt.NDArray[np.bool_] = np.asarray(np.isfinite(legs).reshape(len(legs), -1).any(axis=1), dtype=bool)
    for start, stop in _stretches(seen, most=int(_BREAK_S * motion.fps)):
        if stop - start < 3:
            continue
        # at high frame rates neighbouring frames hardly differ: follow every k-th frame, each of the k series by itself
        k = max(1, round(motion.fps / _FOLLOW_HZ))
        labels = np.zeros(stop - start, dtype=bool)
        for phase in range(k):
            if stop - start - phase > 2 * k:
                labels[phase::k] = _smoothest(
                    legs[start + phase : stop : k], swap_penalty, doubt_per_s * k / motion.fps
                )
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


def _smoothest(legs: FloatArray, penalty: float, doubt: float) -> npt.NDArray[np.bool_]:
    """Find the exact minimum of acceleration, switching and doubt over all 2**n labellings.

    ``legs`` has shape (time, part, 2, space); returns whether each frame is exchanged.
    """
    n = len(legs)
    both = np.stack([legs, legs[:, :, ::-1]])  # (exchanged?, time, part, leg, space)
    # state = (previous label, current label); cost of extending it by the next label
    best = np.full((n, 2, 2), np.inf)
    came_from = np.zeros((n, 2, 2), dtype=np.int8)
    for a in (0, 1):
        for b in (0, 1):
            first_move = both[b, 1] - both[a, 0]
            best[1, a, b] = 0.05 * _mean_square(first_move[None])[0] + penalty * (a != b) + doubt * (a + b)
    bend = np.zeros((n, 2, 2, 2))
    for a, b, c in np.ndindex(2, 2, 2):
        bend[2:, a, b, c] = _mean_square(both[c, 2:] - 2 * both[b, 1:-1] + both[a, :-2])
    for t in range(2, n):
        for b in (0, 1):
            for c in (0, 1):
                options = [best[t - 1, a, b] + bend[t, a, b, c] for a in (0, 1)]
                came_from[t, b, c] = int(np.argmin(options))
                best[t, b, c] = min(options) + penalty * (b != c) + doubt * c
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
