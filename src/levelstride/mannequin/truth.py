"""Why it exists: the exact value of every measure, read off the joints of a performance, by the measure's definition.

Names, units, signs and sides are those of the measure library; every value is exact up to the frame rate.
"""

from itertools import pairwise

import numpy as np

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.mannequin.performance import Performance
from levelstride.motion.dataset import FloatArray

#: Mid-stance as a share of the stance limb's cycle, as in the definitions of the frontal measures.
MID_STANCE = (0.20, 0.40)

Truth = dict[tuple[str, str], float]


def truth_of(performance: Performance) -> Truth:
    """Return the true value of each measure.

    Parameters
    ----------
    performance : Performance
        A walk.

    Returns
    -------
    dict of (name, side) to float
        Sides ``left``, ``right`` or ``both``; a value that this walk does not have is left out.
    """
    truth: Truth = {}
    truth |= _timing(performance)
    truth |= _lengths(performance)
    truth |= _frontal(performance)
    truth |= _sagittal(performance)
    return truth


def frontal_curves(performance: Performance) -> dict[str, FloatArray]:
    """Return true angles in the plane across the direction of walking, shape (time,), degrees.

    ``trunk_right_lean`` > 0 to the right; ``hip_line`` and ``pelvic_list`` > 0 right side down; ``left_knee``,
    ``right_knee`` > 0 valgus.
    """
    points, forward = performance.points, performance.forward
    right = np.cross(forward, [0.0, 1.0, 0.0])

    def lean(upper: FloatArray, lower: FloatArray) -> FloatArray:
        line = upper - lower
        return np.asarray(np.degrees(np.arctan2(np.einsum("ti,ti->t", line, right), line[:, 1])))

    shoulders = (points["left_shoulder"] + points["right_shoulder"]) / 2
    across = points["right_hip"] - points["left_hip"]
    flat = np.hypot(across[:, 0], across[:, 2])
    axis = performance.orientation["pelvis"][:, :, 2]
    curves = {
        "trunk_right_lean": lean(shoulders, points["hip"]),
        "hip_line": np.degrees(np.arctan2(-across[:, 1], flat)),
        "pelvic_list": np.degrees(np.arcsin(np.clip(-axis[:, 1], -1, 1))),
    }
    for side, lateral in (("left", -1.0), ("right", 1.0)):
        thigh = lean(points[f"{side}_hip"], points[f"{side}_knee"])
        shank = lean(points[f"{side}_knee"], points[f"{side}_ankle"])
        curves[f"{side}_knee"] = lateral * (thigh - shank)
    return curves


def _steps(performance: Performance) -> list[tuple[Side, float, float]]:
    """Return counted contacts in time order, with the time since the other foot's (NaN after a pause)."""
    every: list[tuple[float, Side]] = sorted((float(t), s) for s in SIDES for t in performance.contacts[s])
    found: list[tuple[Side, float, float]] = []
    for k, (time, side) in enumerate(every):
        since = time - every[k - 1][0] if k else np.nan
        found.append((side, time, since))
    usual = float(np.nanmedian([s[2] for s in found]))
    return [(side, time, since if since < 1.6 * usual else np.nan) for side, time, since in found]


def _stride_s(performance: Performance) -> float:
    steps = _steps(performance)  # each leg's own mean: with unequal counts an asymmetry would tip the mean of all
    return sum(float(np.nanmean([since for s, _, since in steps if s == side])) for side in SIDES)


def _timing(performance: Performance) -> Truth:
    steps = _steps(performance)
    means = {side: float(np.nanmean([t for s, _, t in steps if s == side])) for side in SIDES}
    stride = means["left"] + means["right"]
    truth: Truth = {
        ("cadence_spm", "both"): 120.0 / stride,
        ("step_time_asymmetry_pct", "both"): 200.0 * (means["left"] - means["right"]) / stride,
    }
    for side in SIDES:
        truth["step_time_s", side] = means[side]
        truth["stride_time_s", side] = stride
        offs = performance.toe_offs[side]
        stances = [
            float(offs[offs > t][0] - t)
            for s, t, since in steps
            if s == side and np.isfinite(since) and (offs > t).any() and offs[offs > t][0] - t < stride
        ]
        if stances:
            truth["stance_time_s", side] = float(np.median(stances))
            truth["stance_pct", side] = 100 * truth["stance_time_s", side] / stride
            truth["swing_time_s", side] = stride - truth["stance_time_s", side]
            truth["swing_pct", side] = 100 - truth["stance_pct", side]
    if all(("stance_pct", side) in truth for side in SIDES):
        truth["double_support_pct", "both"] = truth["stance_pct", "left"] + truth["stance_pct", "right"] - 100
    return truth


def _lengths(performance: Performance) -> Truth:
    """Where the ankles stand: at a quarter of the cycle every foot is flat."""
    stride = _stride_s(performance)
    stands: list[tuple[Side, FloatArray, FloatArray, float]] = []
    for side, time, since in _steps(performance):
        frame = min(round((time + 0.25 * stride) * performance.fps), performance.n_frames - 1)
        place = performance.points[f"{side}_ankle"][frame].copy()
        if performance.belt_m is not None:
            place[0] += performance.belt_m[frame]
        stands.append((side, place, performance.forward[frame], since))
    lengths: dict[Side, list[float]] = {side: [] for side in SIDES}
    widths = []
    for (_, before, _, _), (side, place, forward, since) in pairwise(stands):
        if np.isfinite(since):
            lengths[side].append(float((place - before) @ forward))
            right = np.cross(forward, [0.0, 1.0, 0.0])
            widths.append(float((place - before) @ right) * (1.0 if side == "right" else -1.0))
    truth: Truth = {("step_length_m", side): float(np.median(lengths[side])) for side in SIDES if lengths[side]}
    if widths:
        truth["step_width_m", "both"] = float(np.mean(widths))
    if len(truth) == 3:
        both = truth["step_length_m", "left"] + truth["step_length_m", "right"]
        truth["walking_speed_mps", "both"] = both / stride
        truth |= {("stride_length_m", side): both for side in SIDES}
    return truth


def _frontal(performance: Performance) -> Truth:
    stride = _stride_s(performance)
    curves = frontal_curves(performance)
    rest = 0.0
    if performance.standing_s is not None:
        start, stop = (round(t * performance.fps) for t in performance.standing_s)
        rest = float(np.mean(curves["hip_line"][start:stop]))
    truth: Truth = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        windows = [
            np.arange(
                round((time + MID_STANCE[0] * stride) * performance.fps),
                min(round((time + MID_STANCE[1] * stride) * performance.fps) + 1, performance.n_frames),
            )
            for s, time, _ in _steps(performance)
            if s == side
        ]
        frames = np.concatenate(windows)
        truth["trunk_lean_deg", side] = sign * float(np.mean(curves["trunk_right_lean"][frames]))
        truth["hip_line_change_deg", side] = -sign * (float(np.mean(curves["hip_line"][frames])) - rest)
        truth["contralateral_pelvic_drop_deg", side] = -sign * float(np.mean(curves["pelvic_list"][frames]))
        truth["knee_frontal_projection_deg", side] = float(np.mean(curves[f"{side}_knee"][frames]))
    return truth


def sagittal_curves(performance: Performance) -> dict[str, FloatArray]:
    """Return true angles in the plane of walking, shape (time,), degrees.

    ``trunk_lean`` > 0 forward; ``left_knee``, ``left_hip`` ... > 0 flexed (hip against the trunk line); ``left_limb``
    (hip to ankle) and ``left_shank`` > 0 with the lower end in front.
    """
    points, forward = performance.points, performance.forward

    def tilt(upper: FloatArray, lower: FloatArray) -> FloatArray:
        line = lower - upper
        return np.asarray(np.degrees(np.arctan2(np.einsum("ti,ti->t", line, forward), -line[:, 1])))

    shoulders = (points["left_shoulder"] + points["right_shoulder"]) / 2
    curves = {"trunk_lean": -tilt(shoulders, points["hip"])}
    for side in SIDES:
        hip, knee, ankle = (points[f"{side}_{p}"] for p in ("hip", "knee", "ankle"))
        curves[f"{side}_knee"] = tilt(hip, knee) - tilt(knee, ankle)
        curves[f"{side}_hip"] = tilt(hip, knee) + curves["trunk_lean"]
        curves[f"{side}_limb"] = tilt(hip, ankle)
        curves[f"{side}_shank"] = tilt(knee, ankle)
    return curves


def _sagittal(performance: Performance) -> Truth:
    """Peaks and readings over whole strides, by the definitions of the side-view measures."""
    curves, points, fps = sagittal_curves(performance), performance.points, performance.fps
    stride = _stride_s(performance)
    truth: Truth = {}
    leans = []
    for side in SIDES:
        thigh = float(np.linalg.norm(performance.neutral[f"{side}_knee"] - performance.neutral[f"{side}_hip"]))
        shank = float(np.linalg.norm(performance.neutral[f"{side}_ankle"] - performance.neutral[f"{side}_knee"]))
        ahead = np.einsum("ti,ti->t", points[f"{side}_ankle"] - points["hip"], performance.forward)
        found: dict[str, list[float]] = {}
        times, offs = performance.contacts[side], performance.toe_offs[side]
        for contact, following in pairwise(times):
            off = offs[(offs > contact) & (offs < following)]
            if following - contact > 1.3 * stride or not len(off):
                continue
            start, stop, leave = (round(t * fps) for t in (contact, following, float(off[0])))
            early, late = round((contact + 0.3 * stride) * fps), slice(round((contact + 0.3 * stride) * fps), leave + 1)
            knee, hip = curves[f"{side}_knee"], curves[f"{side}_hip"]
            readings = {
                "peak_knee_flexion_swing_deg": knee[leave : stop + 1].max(),
                "peak_knee_flexion_stance_deg": knee[start : early + 1].max(),
                "knee_flexion_at_contact_deg": knee[start],
                "peak_hip_flexion_deg": hip[start : stop + 1].max(),
                "peak_hip_extension_deg": (-hip[late]).max(),
                "trailing_limb_angle_deg": (-curves[f"{side}_limb"][late]).max(),
                "shank_angle_at_contact_deg": curves[f"{side}_shank"][start],
                "foot_to_pelvis_at_contact_m": ahead[start],
                "foot_to_pelvis_at_contact_pct": 100 * ahead[start] / (thigh + shank),
            }
            for name, value in readings.items():
                found.setdefault(name, []).append(float(value))
            leans.append(float(curves["trunk_lean"][start : stop + 1].mean()))
        truth |= {(name, side): float(np.mean(values)) for name, values in found.items()}
    if leans:
        truth["trunk_forward_lean_deg", "both"] = float(np.mean(leans))
    return truth
