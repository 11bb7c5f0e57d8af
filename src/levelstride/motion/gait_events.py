"""Why it exists: foot contacts and toe-offs from a side view, over ground or on a treadmill, and the walks they form.

Contacts and toe-offs start from the coordinate method of Zeni et al. (2008): foot position against the pelvis along
the walking direction. Deviation from the source: its contact (heel furthest ahead) comes 30-60 ms early against
force plates and labelled events, because the heel still moves forward with the body there; we wait until the heel
has lost a given share of walking speed over the ground, read from the same curve. Only neighbouring contacts of
different legs form steps; standing has no steps, and turning is cut out before events are sought.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import xarray as xr
from scipy.signal import find_peaks

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.motion.cleaning import runs, smooth
from levelstride.motion.dataset import FloatArray, has_keypoint, point
from levelstride.motion.sagittal import middle


@dataclass(frozen=True)
class FootEvent:
    """One contact or toe-off: frame is fractional, on the motion's time axis."""

    side: Side
    frame: float


@dataclass(frozen=True)
class Stride:
    """One gait cycle of one leg, as fractional frames in order.

    ``contact < other_toe_off < other_contact < toe_off < next_contact``; the toe-offs are NaN when not found in order.
    """

    side: Side
    contact: float
    other_toe_off: float
    other_contact: float
    toe_off: float
    next_contact: float


@dataclass(frozen=True)
class Walk:
    """A stretch of steps in one direction with legs alternating.

    Attributes
    ----------
    facing : int
        +1 when the person faces right in the picture, -1 when left.
    contacts, toe_offs : list of FootEvent
        In time order.
    flight_share : float
        Share of strides in which both feet were off the ground.
    """

    facing: int
    contacts: list[FootEvent]
    toe_offs: list[FootEvent]
    strides: list[Stride] = field(default_factory=list)
    flight_share: float = 0.0

    @property
    def start(self) -> float:
        """Frame of the first contact."""
        return self.contacts[0].frame

    @property
    def stop(self) -> float:
        """Frame of the last contact."""
        return self.contacts[-1].frame


@dataclass(frozen=True)
class GaitEvents:
    """Everything found about steps in a recording.

    Attributes
    ----------
    facing : ndarray, shape (time,)
        +1, -1, or 0 while turning or facing the camera.
    alternation : float
        Share of neighbouring contacts, closer than the longest step time, that change legs; NaN with fewer than two.
    lone_contacts : int
        Contacts that belong to no walk.
    """

    facing: FloatArray
    walks: list[Walk]
    alternation: float
    lone_contacts: int


def facing_direction(motion: xr.Dataset, *, leg_length: float, window_s: float, minimum: float) -> FloatArray:
    """Find which way the person faces in the picture, from the feet; from the pelvis' path where no feet are seen.

    Returns
    -------
    ndarray, shape (time,)
        +1 right, -1 left, 0 not sideways (turning) or not seen.
    """
    window = round(window_s * motion.fps)
    foot = 0.29 * leg_length  # a foot is about as long as 0.29 legs; only its order of magnitude matters
    scores = []
    for side in SIDES:
        toe, heel = point(motion, f"{side}_big_toe"), point(motion, f"{side}_heel")
        scores.append((toe - heel)[:, 0] / foot)
    stacked = np.stack(scores)
    seen = np.isfinite(stacked).any(axis=0)
    if not seen.any():
        hips = middle(motion, "hip")[:, 0]
        scores_1d = np.gradient(smooth(hips, window=window)) * motion.fps / leg_length / 0.5
    else:
        scores_1d = np.where(seen, np.nanmean(np.where(seen, stacked, 0.0), axis=0), np.nan)
    level = smooth(scores_1d, window=2 * window)
    return np.where(level > minimum, 1.0, np.where(level < -minimum, -1.0, 0.0))


def find_gait_events(motion: xr.Dataset, *, leg_length: float, settings: Mapping[str, float]) -> GaitEvents:
    """Find contacts, toe-offs, strides and walks.

    Parameters
    ----------
    motion : xarray.Dataset
        Cleaned and filtered, one person.
    leg_length : float
        In the motion's length unit.
    settings : mapping
        The ``events`` group of the task in the library, as numbers.
    """
    facing = facing_direction(
        motion,
        leg_length=leg_length,
        window_s=settings["smoothing_facing_s"],
        minimum=settings["min_facing"],
    )
    walks: list[Walk] = []
    pairs = alternating = total = 0
    for direction in (1, -1):
        for start, stop in runs(facing == direction):
            if stop - start < settings["min_step_time_s"] * motion.fps * 2:
                continue
            stretch = motion.isel(time=slice(start, stop))
            contacts = _all_sides(stretch, direction, leg_length, settings, "contact", start)
            toe_offs = _all_sides(stretch, direction, leg_length, settings, "toe_off", start)
            total += len(contacts)
            close = [
                (a, b) for a, b in pairwise(contacts) if b.frame - a.frame <= settings["max_step_time_s"] * motion.fps
            ]
            pairs += len(close)
            alternating += sum(a.side != b.side for a, b in close)
            for chain in _chains(contacts, motion.fps, settings):
                walks.append(_walk(direction, chain, toe_offs, motion.fps))
    walks.sort(key=lambda w: w.start)
    in_walks = sum(len(w.contacts) for w in walks)
    return GaitEvents(
        facing=facing,
        walks=walks,
        alternation=alternating / pairs if pairs else float("nan"),
        lone_contacts=total - in_walks,
    )


def _all_sides(
    motion: xr.Dataset, facing: int, leg_length: float, settings: Mapping[str, float], kind: str, offset: int
) -> list[FootEvent]:
    events = [
        FootEvent(side, frame + offset)
        for side in SIDES
        for frame in _foot_events(motion, side, facing, leg_length, settings, kind)
    ]
    return sorted(events, key=lambda e: e.frame)


def _foot_events(
    motion: xr.Dataset, side: Side, facing: int, leg_length: float, settings: Mapping[str, float], kind: str
) -> list[float]:
    """Fractional frames of one foot's events within a stretch that faces one way."""
    wanted = "heel" if kind == "contact" else "big_toe"
    name = f"{side}_{wanted}" if has_keypoint(motion, f"{side}_{wanted}") else f"{side}_ankle"
    ahead = (point(motion, name) - middle(motion, "hip"))[:, 0] * facing
    sign = 1.0 if kind == "contact" else -1.0
    share = settings["contact_speed_share" if kind == "contact" else "toe_off_speed_share"]
    closest = max(1, int(2 * settings["min_step_time_s"] * motion.fps))  # the same foot cannot be back sooner
    events: list[float] = []
    for start, stop in runs(np.isfinite(ahead)):
        curve = ahead[start:stop]
        if len(curve) < 5:
            continue
        speed = np.gradient(curve)
        backward = speed[speed < 0]
        if not len(backward):
            continue
        stance_speed = float(-np.median(backward))
        peaks, _ = find_peaks(
            sign * curve,
            prominence=settings["min_swing_leg_lengths"] * leg_length,
            distance=closest,
        )
        for peak in peaks:
            crossing = _crossing(speed, int(peak), -share * stance_speed, sign, int(0.2 * motion.fps) + 1)
            if crossing is not None:
                events.append(start + crossing)
    return events


def _crossing(speed: FloatArray, peak: int, level: float, sign: float, reach: int) -> float | None:
    """Where the speed passes a level in the direction of the event, nearest to the peak, linear between frames."""
    best: float | None = None
    for j in range(max(peak - reach, 0), min(peak + reach, len(speed) - 1)):
        before, after = sign * (speed[j] - level), sign * (speed[j + 1] - level)
        if before >= 0 > after:
            at = j + before / (before - after)
            if best is None or abs(at - peak) < abs(best - peak):
                best = at
    return best


def _chains(contacts: list[FootEvent], fps: float, settings: Mapping[str, float]) -> list[list[FootEvent]]:
    """Split contacts into runs of at least two in which legs alternate at possible step times."""
    low, high = settings["min_step_time_s"] * fps, settings["max_step_time_s"] * fps
    chains: list[list[FootEvent]] = []
    for event in contacts:
        last = chains[-1][-1] if chains else None
        if last is not None and last.side != event.side and low <= event.frame - last.frame <= high:
            chains[-1].append(event)
        else:
            chains.append([event])
    return [c for c in chains if len(c) >= 2]


def _walk(facing: int, contacts: list[FootEvent], toe_offs: list[FootEvent], fps: float) -> Walk:
    strides: list[Stride] = []
    flights = 0
    for first, second, third in zip(contacts, contacts[1:], contacts[2:], strict=False):
        other_off = _between(toe_offs, second.side, first.frame - 0.25 * fps, second.frame)
        own_off = _between(toe_offs, first.side, first.frame, third.frame)
        flight = np.isfinite(own_off) and own_off < second.frame
        flights += bool(flight)
        in_order = np.isfinite(own_off) and np.isfinite(other_off) and other_off > first.frame and not flight
        strides.append(
            Stride(
                side=first.side,
                contact=first.frame,
                other_toe_off=other_off if in_order else float("nan"),
                other_contact=second.frame,
                toe_off=own_off if in_order else float("nan"),
                next_contact=third.frame,
            )
        )
    inside = [e for e in toe_offs if contacts[0].frame - fps * 0.4 <= e.frame <= contacts[-1].frame + fps * 0.4]
    return Walk(facing, contacts, inside, strides, flights / len(strides) if strides else 0.0)


def _between(events: list[FootEvent], side: Side, start: float, stop: float) -> float:
    inside = [e.frame for e in events if e.side == side and start < e.frame < stop]
    return inside[-1] if len(inside) == 1 else float("nan")
