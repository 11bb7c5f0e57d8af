"""Why it exists: true measures of a real walk from its joint centres and labelled events, by the library's definitions.

The frontal ones are those of ``mannequin/truth.py``. Short trials vary from step to step, so truth is averaged over the
steps that were measured, as far as they are labelled.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from levelstride.anatomy.keypoints import SIDES, Side, other_side
from levelstride.mannequin.truth import MID_STANCE, Truth
from levelstride.motion.dataset import FloatArray
from validation.markers import MarkerTrial

#: The flat foot as a share of the cycle, as in the library's group "placement".
_FLAT = (0.12, 0.31)
_MATCH_S = 0.25

Contact = tuple[float, Side]
Points = dict[str, FloatArray]


def contacts_of(trial: MarkerTrial, found: Sequence[Contact] | None = None) -> list[Contact]:
    """Return labelled contacts in time order; of these only those found, when that is given."""
    every: list[Contact] = sorted((float(t), s) for s in SIDES for t in trial.contacts[s])
    if found is None:
        return every
    return [(t, s) for t, s in every if any(s == side and abs(t - at) < _MATCH_S for at, side in found)]


def stride_s(trial: MarkerTrial) -> float:
    """Median time between contacts of one foot."""
    return float(np.median(np.concatenate([np.diff(trial.contacts[s]) for s in SIDES])))


def mid_stances(trial: MarkerTrial, found: Sequence[Contact] | None = None) -> list[tuple[Side, float, float]]:
    """Return (side, start, stop) in seconds of each mid-stance that lies within the trial.

    When contacts found are given, only those during which the opposite foot swings to one of them.
    """
    every = contacts_of(trial)
    ends = contacts_of(trial, found)
    windows: list[tuple[Side, float, float]] = []
    usual = stride_s(trial)
    for k, (time, side) in enumerate(every):
        following = next((t for t, s in every[k + 1 :] if s == side), time + usual)
        opposite = next(((t, s) for t, s in every[k + 1 :] if s == other_side(side)), None)
        start, stop = (time + share * (following - time) for share in MID_STANCE)
        if stop <= trial.time_s[-1] and (found is None or opposite in ends):
            windows.append((side, start, stop))
    return windows


def frontal_curves(points: Points) -> dict[str, FloatArray]:
    """Return true angles across the direction of walking, degrees, signs as in ``mannequin/truth.py``.

    Parameters
    ----------
    points : dict of str to ndarray, shape (time, 3)
        World frame: X forward, Y up, Z right.
    """

    def lean(upper: FloatArray, lower: FloatArray) -> FloatArray:
        line = upper - lower
        return np.degrees(np.arctan2(line[:, 2], line[:, 1]))

    across = points["right_hip"] - points["left_hip"]
    curves = {"hip_line": np.degrees(np.arctan2(-across[:, 1], np.hypot(across[:, 0], across[:, 2])))}
    if "left_shoulder" in points:
        shoulders = (points["left_shoulder"] + points["right_shoulder"]) / 2
        curves["trunk_right_lean"] = lean(shoulders, (points["left_hip"] + points["right_hip"]) / 2)
    for side, lateral in (("left", -1.0), ("right", 1.0)):
        hip, knee, ankle = (points[f"{side}_{p}"] for p in ("hip", "knee", "ankle"))
        curves[f"{side}_knee"] = lateral * (lean(hip, knee) - lean(knee, ankle))
        foot = points[f"{side}_big_toe"] - points[f"{side}_heel"]
        curves[f"{side}_toe_out"] = np.degrees(np.arctan2(lateral * foot[:, 2], foot[:, 0]))
    return curves


def timing_truth(trial: MarkerTrial, found: Sequence[Contact] | None = None) -> Truth:
    """Return cadence, step, stride, stance and swing times and shares from labelled events."""
    used = contacts_of(trial, found)
    stride = stride_s(trial)
    steps: dict[Side, list[float]] = {
        side: [b - a for (a, s), (b, t) in pairwise(used) if t == side != s and b - a < 0.8 * stride] for side in SIDES
    }
    both = [*steps["left"], *steps["right"]]
    truth: Truth = {}
    if both:
        truth["cadence_spm", "both"] = 60.0 / float(np.mean(both))
    if steps["left"] and steps["right"]:
        left, right = float(np.mean(steps["left"])), float(np.mean(steps["right"]))
        truth["step_time_asymmetry_pct", "both"] = 200 * (left - right) / (left + right)
    stances: dict[Side, float] = {}
    for side in SIDES:
        if steps[side]:
            truth["step_time_s", side] = float(np.mean(steps[side]))
        strides = _strides(used, side, stride)
        if not strides:
            continue
        truth["stride_time_s", side] = float(np.mean([b - a for a, b in strides]))
        offs = [(a, _toe_off(trial, side, a, b), b) for a, b in strides]
        known = [(off - a, b - off, 100 * (off - a) / (b - a)) for a, off, b in offs if off is not None]
        if known:
            stance, swing, share = (float(v) for v in np.mean(known, axis=0))
            stances[side] = share
            truth["stance_time_s", side], truth["swing_time_s", side] = stance, swing
            truth["stance_pct", side], truth["swing_pct", side] = share, 100 - share
    if len(stances) == 2:
        truth["double_support_pct", "both"] = stances["left"] + stances["right"] - 100
    return truth


def _strides(used: list[Contact], side: Side, usual: float) -> list[tuple[float, float]]:
    return [(a, b) for a, b in pairwise([t for t, s in used if s == side]) if b - a < 1.4 * usual]


def _toe_off(trial: MarkerTrial, side: Side, start: float, stop: float) -> float | None:
    return next((float(t) for t in trial.toe_offs[side] if start < t < stop), None)


def frontal_truth(
    trial: MarkerTrial,
    points: Points,
    *,
    timed: Sequence[Contact] | None = None,
    stood: Sequence[Contact] | None = None,
) -> Truth:
    """Return the true value of each measure of the frontal task.

    Parameters
    ----------
    timed, stood : sequence of (time, side), optional
        Contacts found that were used for the timing, and that end the swings whose mid-stances were used; all labelled
        ones when not given.
    """
    names = ("cadence_spm", "step_time_s", "stride_time_s", "step_time_asymmetry_pct")
    truth: Truth = {k: v for k, v in timing_truth(trial, timed).items() if k[0] in names}
    curves = frontal_curves(points)
    stances = mid_stances(trial, stood)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        means = {
            name: [
                float(curve[int(np.ceil(a * trial.rate_hz)) : int(b * trial.rate_hz) + 1].mean())
                for s, a, b in stances
                if s == side
            ]
            for name, curve in curves.items()
        }
        if not means["hip_line"]:
            continue
        truth["contralateral_pelvic_drop_deg", side] = -sign * float(np.mean(means["hip_line"]))
        truth["knee_frontal_projection_deg", side] = float(np.mean(means[f"{side}_knee"]))
        truth["foot_progression_deg", side] = float(np.mean(means[f"{side}_toe_out"]))
        if "trunk_right_lean" in means:
            truth["trunk_lean_deg", side] = sign * float(np.mean(means["trunk_right_lean"]))
    widths = []
    for (side_a, a, _), (side_b, b, _) in pairwise(stances):
        if side_a != side_b:
            # a quarter of the cycle: the start of mid-stance (20 %) and a little
            before, place = (_at(points[f"{s}_ankle"][:, 2], trial.rate_hz, t) for s, t in ((side_a, a), (side_b, b)))
            widths.append((place - before) * (1.0 if side_b == "right" else -1.0))
    if widths:
        truth["step_width_m", "both"] = float(np.mean(widths))
    return truth


def _at(series: FloatArray, rate_hz: float, time: float) -> float:
    return float(np.interp(time * rate_hz, np.arange(len(series)), series))


def side_truth(trial: MarkerTrial, points: Points, found: Sequence[Contact] | None, *, treadmill: bool) -> Truth:
    """Return the true value of each measure of the side task; lengths only over ground."""
    used = contacts_of(trial, found)
    truth = timing_truth(trial, found)
    if not treadmill:
        truth |= _lengths(trial, points, used)
    truth |= _angles(trial, points, used)
    return truth


def _lengths(trial: MarkerTrial, points: Points, used: list[Contact]) -> Truth:
    usual = stride_s(trial)
    where = np.arange(len(trial.time_s)) / trial.rate_hz

    def place(time: float, side: Side) -> float:
        flat = (where >= time + _FLAT[0] * usual) & (where <= time + _FLAT[1] * usual)
        if time + _FLAT[1] * usual > where[-1]:
            return float("nan")
        return float(np.mean([points[f"{side}_{p}"][flat, 0].mean() for p in ("ankle", "heel", "big_toe")]))

    truth: Truth = {}
    speeds: list[float] = []
    for side in SIDES:
        steps = [place(b, t) - place(a, s) for (a, s), (b, t) in pairwise(used) if t == side != s and b - a < usual]
        strides = [(place(b, side) - place(a, side), b - a) for a, b in _strides(used, side, usual)]
        lengths = [length for length, _ in strides if np.isfinite(length)]
        speeds += [length / time for length, time in strides if np.isfinite(length)]
        if np.isfinite(steps).any():
            truth["step_length_m", side] = float(np.nanmean(steps))
        if lengths:
            truth["stride_length_m", side] = float(np.mean(lengths))
    if speeds:
        truth["walking_speed_mps", "both"] = float(np.mean(speeds))
    return truth


def _angles(trial: MarkerTrial, points: Points, used: list[Contact]) -> Truth:
    """Peaks and readings of the true sagittal curves, stride by stride."""

    def tilt(upper: FloatArray, lower: FloatArray) -> FloatArray:
        line = lower - upper
        return np.degrees(np.arctan2(line[:, 0], -line[:, 1]))

    usual = stride_s(trial)
    hips = (points["left_hip"] + points["right_hip"]) / 2
    lean = None
    if "left_shoulder" in points:
        lean = -tilt((points["left_shoulder"] + points["right_shoulder"]) / 2, hips)
    truth: Truth = {}
    leans: list[float] = []
    for side in SIDES:
        hip, knee, ankle = (points[f"{side}_{p}"] for p in ("hip", "knee", "ankle"))
        thigh, shank, limb = tilt(hip, knee), tilt(knee, ankle), tilt(hip, ankle)
        leg = float(np.median(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)))
        found: dict[str, list[float]] = {}
        for start, stop in _strides(used, side, usual):
            off = _toe_off(trial, side, start, stop)
            at = np.linspace(start, stop, 101) * trial.rate_hz
            index = np.arange(len(lean if lean is not None else thigh))
            flexion, hip_flexion, trailing = (
                np.interp(at, index, c) for c in (thigh - shank, thigh if lean is None else thigh + lean, -limb)
            )
            if lean is not None:
                leans.append(float(np.interp(at, index, lean).mean()))
            reach = _at((ankle - hips)[:, 0], trial.rate_hz, start)
            values = {
                "peak_knee_flexion_stance_deg": flexion[:31].max(),
                "knee_flexion_at_contact_deg": flexion[0],
                "peak_hip_flexion_deg": hip_flexion.max(),
                "shank_angle_at_contact_deg": _at(shank, trial.rate_hz, start),
                "foot_to_pelvis_at_contact_m": reach,
                "foot_to_pelvis_at_contact_pct": 100 * reach / leg,
            }
            if off is not None:
                leaves = round(100 * (off - start) / (stop - start))
                values |= {
                    "peak_knee_flexion_swing_deg": flexion[leaves:].max(),
                    "peak_hip_extension_deg": (-hip_flexion[30 : leaves + 1]).max(),
                    "trailing_limb_angle_deg": trailing[30 : leaves + 1].max(),
                }
            for name, value in values.items():
                found.setdefault(name, []).append(float(value))
        truth |= {(name, side): float(np.mean(values)) for name, values in found.items()}
    if leans:
        truth["trunk_forward_lean_deg", "both"] = float(np.mean(leans))
    return truth
