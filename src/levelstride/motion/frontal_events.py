"""Why it exists: steps seen from in front or behind, where no foot is seen to travel.

The swinging shank tilts backwards and so looks short in the picture; the difference of both shanks' apparent lengths
swings once per stride, and its extremes mark one and the same moment of every swing. That finds the steps. Contact is
where the ankle, after its swing, comes to rest in the picture of a camera that stands still; where it never does
(treadmill, moving camera), contact is put a fixed share of the stride after the swing, which is right on average but
says nothing about differences between the legs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.signal import find_peaks

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.motion.cleaning import runs
from levelstride.motion.dataset import FloatArray, point
from levelstride.motion.sagittal import middle


@dataclass(frozen=True)
class Swing:
    """One swing of one leg.

    Attributes
    ----------
    side : str
        The leg that swings.
    frame : float
        Fractional frame of the shortest apparent shank.
    contact : float
        Fractional frame of the foot contact that ends the swing.
    steady : bool
        False for the steps that start or end walking (before or after it the person is seen standing or turning), and
        for single steps of a walk over ground whose landing was not seen.
    """

    side: Side
    frame: float
    contact: float
    steady: bool = True


@dataclass(frozen=True)
class FrontalWalk:
    """A stretch of alternating swings in one direction.

    Attributes
    ----------
    away : int
        +1 seen from behind, -1 from the front.
    swings : list of Swing
        In time order, legs alternating.
    contacts_seen : bool
        Whether the feet were seen to come to rest; otherwise contacts are only estimated from the swings.
    """

    away: int
    swings: list[Swing]
    contacts_seen: bool

    @property
    def start(self) -> float:
        """Frame of the first swing."""
        return self.swings[0].frame

    @property
    def stop(self) -> float:
        """Frame of the last contact."""
        return self.swings[-1].contact


@dataclass(frozen=True)
class FrontalEvents:
    """Walks found, and swings that fit into none."""

    walks: list[FrontalWalk]
    lone_swings: int


def find_frontal_events(
    motion: xr.Dataset, away: FloatArray, *, leg: FloatArray, settings: Mapping[str, float]
) -> FrontalEvents:
    """Find swings, contacts and walks.

    Parameters
    ----------
    motion : xarray.Dataset
        Cleaned and filtered, one person.
    away : ndarray, shape (time,)
        +1 seen from behind, -1 from the front, 0 neither.
    leg : ndarray, shape (time,)
        Leg length in the picture, px.
    settings : mapping
        The ``events`` group of the task in the library, as numbers.
    """
    difference = shank_difference(motion, leg)
    walks: list[FrontalWalk] = []
    total = 0
    for direction in (1, -1):
        for start, stop in runs((away == direction) & np.isfinite(difference)):
            swings = _swings(difference[start:stop], motion.fps, settings, start)
            total += len(swings)
            for chain in _even(_chains(swings, motion.fps, settings), settings["stride_outlier_share"]):
                walks.append(_walk(chain, direction, motion, leg, settings))
    walks.sort(key=lambda w: w.start)
    return FrontalEvents(walks, total - sum(len(w.swings) for w in walks))


def shank_difference(motion: xr.Dataset, leg: FloatArray) -> FloatArray:
    """Apparent height of the left shank minus the right one, in leg lengths; low while the left leg swings."""
    heights = [(point(motion, f"{side}_ankle") - point(motion, f"{side}_knee"))[:, 1] for side in SIDES]
    return np.asarray((heights[0] - heights[1]) / leg)


def _swings(difference: FloatArray, fps: float, settings: Mapping[str, float], offset: int) -> list[tuple[Side, float]]:
    found: list[tuple[Side, float]] = []
    apart = max(1, int(2 * settings["min_step_time_s"] * fps))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        curve = sign * difference
        peaks, _ = find_peaks(curve, prominence=settings["min_swing_leg_lengths"], distance=apart)
        for peak in peaks:
            if 0 < peak < len(curve) - 1:
                before, at, after = curve[peak - 1 : peak + 2]
                bend = before - 2 * at + after
                shift = 0.5 * (before - after) / bend if bend else 0.0
                found.append(("left" if side == "left" else "right", offset + float(peak) + float(shift)))
    return sorted(found, key=lambda s: s[1])


def _chains(
    swings: list[tuple[Side, float]], fps: float, settings: Mapping[str, float]
) -> list[list[tuple[Side, float]]]:
    """Split swings into runs of at least three in which legs alternate at possible step times."""
    low, high = settings["min_step_time_s"] * fps, settings["max_step_time_s"] * fps
    chains: list[list[tuple[Side, float]]] = []
    for swing in swings:
        last = chains[-1][-1] if chains else None
        if last is not None and last[0] != swing[0] and low <= swing[1] - last[1] <= high:
            chains[-1].append(swing)
        else:
            chains.append([swing])
    return [c for c in chains if len(c) >= 3]


def _even(chains: list[list[tuple[Side, float]]], share: float) -> list[list[tuple[Side, float]]]:
    """Split runs at pauses: steps that take much longer than the run's median start or end a walk."""
    found = []
    for chain in chains:
        gaps = np.diff([frame for _, frame in chain])
        pauses = np.flatnonzero(gaps > (1 + 1.5 * share) * np.median(gaps)) + 1
        parts = np.split(np.arange(len(chain)), pauses)
        found += [[chain[i] for i in part] for part in parts if len(part) >= 3]
    return found


def _walk(
    chain: list[tuple[Side, float]], away: int, motion: xr.Dataset, leg: FloatArray, settings: Mapping[str, float]
) -> FrontalWalk:
    share = settings["contact_after_swing_back" if away > 0 else "contact_after_swing_front"]
    frames = np.array([frame for _, frame in chain])
    stride = float(np.median(frames[2:] - frames[:-2]))
    speeds = {side: _speed(motion, side, leg) for side in SIDES}
    rests = [_comes_to_rest(speeds[side], frame, stride, settings) for side, frame in chain]
    seen = np.isfinite(rests)
    landed = bool(seen.mean() >= settings["min_contacts_seen"]) and _stay_at_rest(
        speeds, [(side, frame, rest) for (side, frame), rest in zip(chain, rests, strict=True)], stride, settings
    )
    usual = float(np.nanmedian(np.array(rests) - frames)) if landed else share * stride
    at = [rest if landed and np.isfinite(rest) else f + usual for rest, f in zip(rests, frames, strict=True)]
    starts, ends = _seen_before_and_after(motion, frames, stride)
    edge = int(settings["steps_to_steady"])
    inside = [not ((starts and k < edge) or (ends and k >= len(chain) - edge)) for k in range(len(chain))]
    steady = [even and (not landed or bool(known)) for even, known in zip(inside, seen, strict=True)]
    swings = [Swing(*step, float(contact), even) for step, contact, even in zip(chain, at, steady, strict=True)]
    return FrontalWalk(away, swings, landed)


def _stay_at_rest(
    speeds: Mapping[Side, FloatArray],
    landings: list[tuple[Side, float, float]],
    stride: float,
    settings: Mapping[str, float],
) -> bool:
    """Whether feet that slowed down also stand still afterwards; on a treadmill they travel on with the belt."""
    shares = []
    for side, frame, rest in landings:
        if not np.isfinite(rest):
            continue
        swing = speeds[side][max(0, int(frame - 0.15 * stride)) : int(rest) + 1]
        stance = speeds[side][int(rest + 0.1 * stride) : int(rest + 0.3 * stride) + 1]
        stance = stance[np.isfinite(stance)]
        if len(stance):
            shares.append(float(np.median(stance) / np.nanmax(swing)))
    return bool(shares) and float(np.median(shares)) <= settings["rest_speed_share"]


def _seen_before_and_after(motion: xr.Dataset, frames: FloatArray, stride: float) -> tuple[bool, bool]:
    """Whether the person was in view for most of a stride before the first and after the last swing."""
    ankles = np.concatenate([point(motion, f"{side}_ankle") for side in SIDES], axis=1)
    seen = np.asarray(np.isfinite(ankles).all(axis=1))
    reach = round(0.8 * stride)
    before, after = round(frames[0]) - reach, round(frames[-1]) + reach
    return (
        before >= 0 and bool(seen[before : round(frames[0])].mean() > 0.8),
        after < len(seen) and bool(seen[round(frames[-1]) : after].mean() > 0.8),
    )


def _speed(motion: xr.Dataset, side: Side, leg: FloatArray) -> FloatArray:
    """Speed of an ankle in the picture, leg lengths per second."""
    velocity = np.gradient(point(motion, f"{side}_ankle"), axis=0) * motion.fps
    return np.asarray(np.hypot(velocity[:, 0], velocity[:, 1]) / leg)


def _comes_to_rest(speed: FloatArray, swing: float, stride: float, settings: Mapping[str, float]) -> float:
    """Where the ankle has lost most of its swing's speed, fractional frame; NaN when it does not."""
    first, last = int(swing - 0.15 * stride), int(swing + settings["rest_to"] * stride)
    begin = int(swing + settings["rest_from"] * stride)
    if first < 0 or last + 1 >= len(speed) or not np.isfinite(speed[first : last + 2]).all():
        return float("nan")
    level = settings["rest_speed_share"] * float(speed[first:last].max())
    for frame in range(begin, last):
        if speed[frame] > level >= speed[frame + 1]:
            return float(frame + (speed[frame] - level) / (speed[frame] - speed[frame + 1]))
    return float("nan")


def stride_periods(motion: xr.Dataset, walk: FrontalWalk, leg: FloatArray) -> tuple[float, FloatArray]:
    """Find how long a stride takes from the whole movement of the knees, more exactly than from single events.

    The heights of both knees below the hips repeat with every stride; the shift at which they fit themselves best, one
    and two strides later, is the period. Knees are used because they are near the height of the camera, where
    perspective changes least along the walk.

    Returns
    -------
    period : float
        Of the whole walk, frames; NaN when it is too short.
    each : ndarray, shape (strides,)
        Of single strides, frames.
    """
    steady = [s.frame for s in walk.swings if s.steady]
    if len(steady) < 5:
        return float("nan"), np.array([])
    guess = 2 * float(np.median(np.diff(steady)))
    hips = middle(motion, "hip")
    heights = np.stack([(point(motion, f"{side}_knee") - hips)[:, 1] / leg for side in SIDES], axis=1)
    level = np.stack([h - _mean_around(h, round(guess)) for h in heights.T], axis=1)
    first, last = int(steady[0]), int(steady[-1]) + 1
    whole = _best_shift(level, first, last, guess, (1, 2))
    starts = np.arange(first, last - 2 * guess, guess)
    each = [_best_shift(level, int(a), int(a + 2 * guess), guess, (1,)) for a in starts]
    return whole, np.array([t for t in each if np.isfinite(t)])


def _mean_around(series: FloatArray, width: int) -> FloatArray:
    """Mean over a centred window, of what is seen in it."""
    seen, window = np.isfinite(series), np.ones(width)
    count = np.convolve(seen, window, mode="same")
    return np.asarray(np.convolve(np.where(seen, series, 0.0), window, mode="same") / np.maximum(count, 1))


def _best_shift(level: FloatArray, first: int, last: int, guess: float, strides: tuple[int, ...]) -> float:
    """Shift within 10 % of a guess at which a signal fits itself best, one or more strides later, frames."""
    shifts = np.linspace(0.9 * guess, 1.1 * guess, 81)
    misfit = np.zeros(len(shifts))
    frames = np.arange(len(level))
    used = 0
    for count in strides:
        here = np.arange(first, int(last - count * 1.1 * guess))
        if len(here) < 0.5 * guess:
            continue
        used += 1
        for i, shift in enumerate(shifts):
            later = np.stack([np.interp(here + count * shift, frames, column) for column in level.T], axis=1)
            misfit[i] += float(np.nanmean((later - level[here]) ** 2))
    if not np.isfinite(misfit).all():
        return float("nan")
    best = int(np.argmin(misfit))
    if not used or not 0 < best < len(shifts) - 1:
        return float("nan")
    before, at, after = misfit[best - 1 : best + 2]
    offset = 0.5 * (before - after) / (before - 2 * at + after)
    return float(shifts[best] + offset * (shifts[1] - shifts[0]))
