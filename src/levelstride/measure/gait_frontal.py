"""Why it exists: the task "walking, seen from behind or in front": what the frontal plane honestly gives.

What may be stated, and from how much, is decided by ``library/measures.yaml``; definitions and signs are in
docs/methods.md. The hip points of a pose model are not the pelvis, so the pelvic drop itself is always refused here.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError, NotMeasurableError
from levelstride.library.loader import task_spec
from levelstride.library.schema import TaskSpec
from levelstride.measure.gait_rows import in_library_order
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.results import Event, GaitResult, Reason, WalkSummary
from levelstride.measure.statistics import NO_SCALE, Readings, refused, summarise
from levelstride.motion import cleaning, frontal
from levelstride.motion.dataset import FloatArray, has_keypoint, placed_by_pose_model, point
from levelstride.motion.frontal_events import (
    FrontalEvents,
    FrontalWalk,
    find_frontal_events,
    stride_periods,
)
from levelstride.motion.sagittal import leg_length, middle

TASK = "gait_frontal"

_NO_STANDING = Reason(
    code="no_standing",
    text="the person is not seen standing quietly in the same view, so there is nothing to compare the walk with",
    fix="Stand still for two seconds, facing the way you will walk, before (or after) walking.",
)
_FEET_NEVER_REST = Reason(
    code="feet_never_rest",
    text="the feet do not come to rest in the picture (treadmill, or a camera that moves), so landings are not seen",
    fix="Film over ground with the camera standing still, or from the side.",
)
_PELVIS = Reason(
    code="pelvis_not_seen",
    text="the hip points of a pose model follow the pelvis too little to state how far it drops",
    fix="Three ways to get it: stickers on the bony points of the pelvis; a phone strapped to the sacrum;"
    " or a marker recording (C3D, TRC) that has the pelvis.",
)
_FEET_END_ON = Reason(
    code="feet_end_on",
    text="from behind or in front a foot is seen end on, and a few pixels change its direction by many degrees",
    fix="Look at footprints: wet soles on dry floor show the direction of each foot.",
)


@dataclass(frozen=True)
class _Stance:
    """What was seen in one mid-stance.

    Attributes
    ----------
    lean_right_deg, hip_line_deg, knee_deg : float
        Means over mid-stance; trunk lean and hip line with the person's right positive (as seen, roll included).
    ankle_m : float
        Sideways place of the standing ankle, person's right positive; NaN without a scale.
    balance_deg : float
        Lean of the line feet - body over the whole walk, person's right positive.
    """

    side: Side
    walk: int
    away: int
    time: float
    lean_right_deg: float
    hip_line_deg: float
    knee_deg: float
    ankle_m: float
    balance_deg: float


@dataclass(frozen=True)
class _Standing:
    """Quiet standing in one view: slopes with the person's right positive."""

    lean_right_deg: float
    hip_line_deg: float


def measure_gait_frontal(
    motion: xr.Dataset,
    *,
    height_m: float | None = None,
    px_per_m: float | None = None,
    roll_known: bool = False,
    in_space: xr.Dataset | None = None,
) -> GaitMeasurement:
    """Measure a walk filmed from behind, in front, or both in turn (there and back).

    Parameters
    ----------
    motion : xarray.Dataset
        One person, image frame, as recorded (not yet filtered).
    height_m : float, optional
        Stature; gives the step width.
    px_per_m : float, optional
        Known scale where the person walks (treadmill); preferred over the height.
    roll_known : bool
        True when the camera's roll was measured and removed.
    in_space : xarray.Dataset, optional
        The motion in space of which ``motion`` is the square view from behind: gives the pelvis itself. Timing is then
        left to the side view, which sees the feet travel.

    Returns
    -------
    GaitMeasurement

    Raises
    ------
    NotMeasurableError
        When the person is not seen from behind or in front, takes too few steps, or the rhythm is impossible.
    """
    task = task_spec(TASK)
    cleaned, away, leg = clean_frontal(motion, task, always=0 if in_space is None else 1)
    events = find_frontal_events(cleaned, away, leg=leg, settings=task.numbers("events"))
    walks = _usable_walks(events, cleaned, away, task)
    _check_view(walks, str(motion.attrs["view"]))
    scale = _scale(cleaned, task, height_m, px_per_m, leg)
    stances = _stances(cleaned, away, walks, scale, task)
    stood = _standing(cleaned, away, leg, task)
    readings = [
        *(_timing(walks, cleaned, leg, task) if in_space is None else ()),
        *_trunk(stances, roll_known, task),
        *_hips(stances, stood, task),
        *_knees(stances),
        _step_width(stances, scale is not None, task, from_pose=placed_by_pose_model(motion)),
        *_pelvis(in_space, walks, cleaned, task),
        *(refused(TASK, "foot_progression_deg", side, _FEET_END_ON, limb="frontal") for side in SIDES),
    ]
    visible = _visible(cleaned, walks)
    readings = [_with_visible(r, visible) for r in readings]
    return GaitMeasurement(
        GaitResult(
            task=TASK,
            measures=tuple(in_library_order([summarise(r) for r in readings])),
            curves=(),
            events=tuple(_event_models(walks, cleaned)),
            walks=tuple(_walk_summary(w, cleaned) for w in walks),
            surface="not known",
            scale_method=None if scale is None else "known scale" if px_per_m else "height",
            notes=tuple(_notes(events, stood, walks)),
        ),
        cleaned,
        tuple(readings),
    )


def clean_frontal(motion: xr.Dataset, task: TaskSpec, *, always: int = 0) -> tuple[xr.Dataset, FloatArray, FloatArray]:
    """Repair and filter a recorded motion for this task.

    Parameters
    ----------
    always : {0, 1, -1}
        +1 or -1 when the person is known to be seen from behind or in front throughout.

    Returns
    -------
    motion : xarray.Dataset
    away : ndarray, shape (time,)
        +1 seen from behind, -1 from the front, 0 neither.
    leg : ndarray, shape (time,)
        Leg length in the picture, px.

    Raises
    ------
    NotMeasurableError
        When hips, knees and ankles were hardly ever seen.
    """
    value = task.value
    seen = cleaning.drop_unseen(
        motion,
        min_confidence=value("processing", "min_confidence"),
        relative_confidence=value("processing", "relative_confidence"),
    )
    length = leg_length(seen)
    if not np.isfinite(length) or length <= 0:
        raise NotMeasurableError(
            "The legs were not seen well enough to measure a walk.",
            "Film the whole body from behind, head to feet, in good light.",
        )
    away = frontal.facing_away(
        seen, window_s=value("processing", "facing_window_s"), minimum=value("processing", "min_width")
    )
    if always:
        away = np.full(motion.sizes["time"], float(always))
    sided = frontal.repair_labels(seen, away)
    kept = cleaning.drop_outliers(
        sided,
        window_s=value("processing", "outlier_window_s"),
        mads=value("processing", "outlier_mads"),
        floor_px=value("processing", "outlier_floor_legs") * length,
    )
    filled = cleaning.fill_gaps(kept, max_gap_s=value("processing", "max_gap_s"))
    filtered = cleaning.butterworth(filled, cutoff_hz=value("processing", "filter_cutoff_hz"))
    leg = frontal.body_line(filtered, window_s=value("processing", "size_window_s"), with_upper=False)
    return filtered, away, leg


def _usable_walks(events: FrontalEvents, motion: xr.Dataset, away: FloatArray, task: TaskSpec) -> list[FrontalWalk]:
    if not np.any(away):
        raise NotMeasurableError(
            "Nobody was seen from behind or in front.",
            "Set the phone at the end of the walkway and walk away from it and back, the whole body in the picture.",
        )
    needed = int(task.value("gates", "min_steps"))
    walks = [w for w in events.walks if len(w.swings) >= needed]
    if not walks:
        longest = max((len(w.swings) for w in events.walks), default=0)
        raise NotMeasurableError(
            f"Only {longest} step{'' if longest == 1 else 's'} in a row could be seen; at least {needed} are needed.",
            "Film a longer stretch of walking, with the whole body in the picture, feet included.",
        )
    steps = np.concatenate([np.diff([s.frame for s in w.swings]) for w in walks]) / motion.fps
    cadence = 60.0 / float(np.median(steps))
    low, high = task.value("gates", "min_cadence_spm"), task.value("gates", "max_cadence_spm")
    if not low <= cadence <= high:
        raise NotMeasurableError(
            f"The steps come at {cadence:.0f} per minute, which is not possible for walking.",
            "If this is slow motion, say how fast it was filmed: --capture-fps 120 (or 240)."
            if cadence < low
            else "The video seems to be sped up; give the original recording, or --capture-fps.",
        )
    return walks


def _check_view(walks: list[FrontalWalk], view: str) -> None:
    seen = {"back" if w.away > 0 else "front" for w in walks}
    if view in ("back", "front") and view not in seen:
        other = "back" if view == "front" else "front"
        raise NotMeasurableError(
            f"The view was given as {view}, but the person is seen from the {other} throughout.",
            f"Use --view {other}.",
        )


def _pelvis(
    in_space: xr.Dataset | None, walks: list[FrontalWalk], motion: xr.Dataset, task: TaskSpec
) -> list[Readings]:
    """Pelvic drop in mid-stance, from points in space only."""
    name = "contralateral_pelvic_drop_deg"
    pairs = [] if in_space is None else [p for p in ("asis", "hip") if has_keypoint(in_space, f"left_{p}")]
    if in_space is None or not pairs:
        return [refused(TASK, name, side, _PELVIS, limb="frontal") for side in SIDES]
    line = point(in_space, f"right_{pairs[0]}") - point(in_space, f"left_{pairs[0]}")
    list_deg = np.degrees(np.arctan2(-line[:, 1], np.hypot(line[:, 0], line[:, 2])))
    first, last = task.value("events", "mid_stance_from"), task.value("events", "mid_stance_to")
    values: dict[Side, list[float]] = {side: [] for side in SIDES}
    for walk in walks:
        frames = np.array([s.frame for s in walk.swings])
        stride = float(np.median(frames[2:] - frames[:-2]))
        for swing in walk.swings:
            window = slice(int(swing.frame + first * stride), int(swing.frame + last * stride) + 1)
            value = _mean(list_deg[window], task.value("gates", "min_window_share"))
            # the limb that stands is the other one; the swinging side lower is a drop
            values["right" if swing.side == "left" else "left"].append(value if swing.side == "right" else -value)
    method = "line through the front spines of the pelvis" if pairs[0] == "asis" else "line through the hip joints"
    return [Readings(TASK, name, side, np.array(values[side]), limb="frontal", method=method) for side in SIDES]


def _scale(
    motion: xr.Dataset, task: TaskSpec, height_m: float | None, px_per_m: float | None, leg: FloatArray
) -> FloatArray | None:
    """Pixels per metre at every frame, or None."""
    if px_per_m is not None:
        low, high = task.value("gates", "min_leg_m"), task.value("gates", "max_leg_m")
        length = float(np.nanmedian(leg))
        if not low <= length / px_per_m <= high:
            raise InputError(
                f"With {px_per_m:g} pixels per metre the legs would be {length / px_per_m:.2g} m long.",
                f"Give the scale where the person walks; here it should be about {length / 0.85:.0f}.",
            )
        return np.full(len(leg), px_per_m)
    if height_m is None:
        return None
    shares = task.numbers("scale")
    legs = shares["ankle_to_knee"] + shares["knee_to_hip"]
    seen = shares["line_seen"] if placed_by_pose_model(motion) else 1.0
    whole = seen * (legs + shares["hip_to_shoulder"] + shares["shoulder_to_ear"])
    line = frontal.body_line(motion, window_s=task.value("processing", "size_window_s"), with_upper=True)
    return np.where(np.isfinite(line), line / (whole * height_m), leg / (legs * height_m))


def _stances(
    motion: xr.Dataset, away: FloatArray, walks: list[FrontalWalk], scale: FloatArray | None, task: TaskSpec
) -> list[_Stance]:
    lean, line = frontal.trunk_right_lean(motion, away), frontal.hip_line(motion, away)
    body = (middle(motion, "hip") + middle(motion, "shoulder")) / 2
    feet = (point(motion, "left_ankle") + point(motion, "right_ankle")) / 2
    balance = frontal.right_lean(body, feet, away)
    knees = {side: frontal.knee_projection(motion, side, away) for side in SIDES}
    size = motion.attrs.get("picture_size_px")
    centre = size[0] / 2 if size is not None else 0.0
    first, last = task.value("events", "mid_stance_from"), task.value("events", "mid_stance_to")
    share = task.value("gates", "min_window_share")
    found = []
    for number, walk in enumerate(walks):
        frames = np.array([s.frame for s in walk.swings])
        stride = float(np.median(frames[2:] - frames[:-2]))
        whole = int((frames[-1] - frames[0]) // stride) * stride
        over = slice(int(frames[0]), int(frames[0] + whole) + 1)
        tilt = float(np.nanmean(balance[over])) if np.isfinite(balance[over]).any() else np.nan
        for swing in walk.swings[1:] if not walk.swings[0].steady else walk.swings:
            side: Side = "right" if swing.side == "left" else "left"
            start, stop = swing.frame + first * stride, swing.frame + last * stride
            window = np.arange(int(np.ceil(start)), min(int(np.floor(stop)) + 1, len(away)))
            if not len(window) or (away[window] != walk.away).any():
                continue
            ankle = point(motion, f"{side}_ankle")[window, 0]
            place = (ankle - centre) * walk.away / scale[window] if scale is not None else np.full(len(window), np.nan)
            found.append(
                _Stance(
                    side=side,
                    walk=number,
                    away=walk.away,
                    time=swing.frame,
                    lean_right_deg=_mean(lean[window], share),
                    hip_line_deg=_mean(line[window], share),
                    knee_deg=_mean(knees[side][window], share),
                    ankle_m=_mean(place, share),
                    balance_deg=tilt,
                )
            )
    return found


def _mean(values: FloatArray, share: float) -> float:
    seen = np.isfinite(values)
    return float(values[seen].mean()) if len(values) and seen.mean() >= share else float("nan")


def _standing(motion: xr.Dataset, away: FloatArray, leg: FloatArray, task: TaskSpec) -> dict[int, _Standing]:
    """Quiet standing by view: +1 from behind, -1 from the front."""
    lean, line = frontal.trunk_right_lean(motion, away), frontal.hip_line(motion, away)
    found: dict[int, list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
    for start, stop in frontal.standing_frames(
        motion,
        leg,
        away,
        max_speed=task.value("events", "max_standing_speed"),
        min_s=task.value("events", "min_standing_s"),
    ):
        found.setdefault(int(away[start]), []).append(np.arange(start, stop))
    stood = {}
    for view, stretches in found.items():
        frames = np.concatenate(stretches)
        if np.isfinite(lean[frames]).any() and np.isfinite(line[frames]).any():
            stood[view] = _Standing(float(np.nanmean(lean[frames])), float(np.nanmean(line[frames])))
    return stood


def _timing(walks: list[FrontalWalk], motion: xr.Dataset, leg: FloatArray, task: TaskSpec) -> list[Readings]:
    odd = task.value("events", "stride_outlier_share")
    steps: dict[Side, list[float]] = {side: [] for side in SIDES}
    contacts_seen = any(w.contacts_seen for w in walks)
    strides: dict[Side, list[float]] = {side: [] for side in SIDES}
    typical = float(np.median(np.concatenate([np.diff([s.frame for s in w.swings]) for w in walks])))
    for walk in walks:
        steady = [s for s in walk.swings if s.steady]
        for before, landing in pairwise(steady):
            time = landing.contact - before.contact
            if abs(time / typical - 1) <= odd and (walk.contacts_seen or not contacts_seen):
                steps[landing.side].append(time / motion.fps)
        for first, third in zip(steady, steady[2:], strict=False):
            time = third.contact - first.contact
            if abs(time / (2 * typical) - 1) <= odd:
                strides[third.side].append(time / motion.fps)
    rows = [_cadence(walks, motion, leg)]
    for side in SIDES:
        rows.append(Readings(TASK, "stride_time_s", side, np.array(strides[side]), limb="frontal"))
    if not contacts_seen:
        rows += [refused(TASK, "step_time_s", side, _FEET_NEVER_REST, limb="frontal") for side in SIDES]
        rows.append(refused(TASK, "step_time_asymmetry_pct", "both", _FEET_NEVER_REST, limb="frontal"))
        return rows
    rows += [Readings(TASK, "step_time_s", side, np.array(steps[side]), limb="frontal") for side in SIDES]
    if steps["left"] and steps["right"]:
        means = {side: float(np.mean(steps[side])) for side in SIDES}
        usual = (means["left"] + means["right"]) / 2
        scattered = [
            200 * sign * (np.array(steps[side]) - usual) / usual for side, sign in zip(SIDES, (1.0, -1.0), strict=True)
        ]
        asymmetry = 100 * (means["left"] - means["right"]) / usual
        rows.append(
            Readings(
                TASK,
                "step_time_asymmetry_pct",
                "both",
                np.concatenate(scattered),
                limb="frontal",
                center=asymmetry,
            )
        )
    else:
        rows.append(Readings(TASK, "step_time_asymmetry_pct", "both", np.array([]), limb="frontal"))
    return rows


def _cadence(walks: list[FrontalWalk], motion: xr.Dataset, leg: FloatArray) -> Readings:
    """Cadence from the stride time of each walk, weighed by its steps; single strides give the spread."""
    found = [(stride_periods(motion, walk, leg), len(walk.swings)) for walk in walks]
    usable = [(period, each, n) for (period, each), n in found if np.isfinite(period)]
    if not usable:
        return Readings(TASK, "cadence_spm", "both", np.array([]), limb="frontal")
    period = float(np.average([p for p, _, _ in usable], weights=[n for _, _, n in usable]))
    strides = np.concatenate([each / p * period for p, each, _ in usable])
    return Readings(
        TASK,
        "cadence_spm",
        "both",
        120.0 * motion.fps / strides,
        limb="frontal",
        center=120.0 * motion.fps / period,
    )


def _trunk(stances: list[_Stance], roll_known: bool, task: TaskSpec) -> list[Readings]:
    rows = []
    for side, sign in (("left", -1.0), ("right", 1.0)):
        own = [s for s in stances if s.side == side]
        upright = [0.0 if roll_known else s.balance_deg for s in own]
        rows.append(
            Readings(
                TASK,
                "trunk_lean_deg",
                "left" if side == "left" else "right",
                np.array([sign * (s.lean_right_deg - u) for s, u in zip(own, upright, strict=True)]),
                limb="frontal",
                method="against the vertical" if roll_known else "against the line from the feet to the body",
                extra_instrument_error=task.value("gates", "known_roll_deg" if roll_known else "balance_deg"),
            )
        )
    return rows


def _hips(stances: list[_Stance], stood: dict[int, _Standing], task: TaskSpec) -> list[Readings]:
    limit = task.value("gates", "max_lean_change_deg")
    rows = []
    for side in SIDES:
        sign = 1.0 if side == "left" else -1.0  # right-stance drop = minus the slope with the right side down
        own = [s for s in stances if s.side == side and s.away in stood]
        if not own:
            rows.append(refused(TASK, "hip_line_change_deg", side, _NO_STANDING, limb="frontal"))
            continue
        leans = np.array([s.lean_right_deg - stood[s.away].lean_right_deg for s in own])
        lean = float(np.nanmean(leans)) if np.isfinite(leans).any() else 0.0
        if abs(lean) > limit:
            reason = Reason(
                code="trunk_leans",
                text=f"the trunk leans {abs(lean):.0f} degrees further than in standing, which moves the hip points"
                " and can hide or reverse what the pelvis does",
                fix="Look at the trunk lean instead; the pelvis itself needs stickers, a phone on the sacrum or"
                " markers.",
            )
            rows.append(refused(TASK, "hip_line_change_deg", side, reason, limb="frontal"))
            continue
        values = np.array([sign * (s.hip_line_deg - stood[s.away].hip_line_deg) for s in own])
        rows.append(Readings(TASK, "hip_line_change_deg", side, values, limb="frontal"))
    return rows


def _knees(stances: list[_Stance]) -> list[Readings]:
    return [
        Readings(
            TASK,
            "knee_frontal_projection_deg",
            side,
            np.array([s.knee_deg for s in stances if s.side == side]),
            limb="frontal",
        )
        for side in SIDES
    ]


def _step_width(stances: list[_Stance], scaled: bool, task: TaskSpec, *, from_pose: bool) -> Readings:
    if not scaled:
        return refused(TASK, "step_width_m", "both", NO_SCALE, limb="frontal")
    outward = 2 * task.value("scale", "ankle_point_outward_m") if from_pose else 0.0
    widths = []
    for a, b, c in zip(stances, stances[1:], stances[2:], strict=False):
        if a.walk == b.walk == c.walk and a.side == c.side != b.side:
            sign = 1.0 if b.side == "right" else -1.0
            widths.append(sign * (b.ankle_m - (a.ankle_m + c.ankle_m) / 2) - outward)
    return Readings(
        TASK,
        "step_width_m",
        "both",
        np.array(widths),
        limb="frontal",
        relative_scale_error=task.value("scale", "relative_error_full"),
    )


def _visible(motion: xr.Dataset, walks: list[FrontalWalk]) -> float:
    seen = np.ones(motion.sizes["time"], dtype=bool)
    for side in SIDES:
        for part in ("hip", "knee", "ankle"):
            seen &= np.isfinite(point(motion, f"{side}_{part}")).all(axis=1)
    return float(np.concatenate([seen[int(w.start) : int(w.stop) + 1] for w in walks]).mean())


def _with_visible(readings: Readings, visible: float) -> Readings:
    return replace(readings, visible_share=visible)


def _event_models(walks: list[FrontalWalk], motion: xr.Dataset) -> list[Event]:
    start = float(motion.time.values[0])
    return [
        Event(
            kind="contact",
            side=swing.side,
            time_s=round(start + swing.contact / motion.fps, 4),
            frame=round(swing.contact, 2),
            walk=number,
        )
        for number, walk in enumerate(walks)
        for swing in walk.swings
    ]


def _walk_summary(walk: FrontalWalk, motion: xr.Dataset) -> WalkSummary:
    start = float(motion.time.values[0])
    return WalkSummary(
        start_s=round(start + walk.start / motion.fps, 3),
        stop_s=round(start + walk.stop / motion.fps, 3),
        facing="away" if walk.away > 0 else "towards",
        camera_sees="back" if walk.away > 0 else "front",
        steps=len(walk.swings) - 1,
        strides=max(0, len(walk.swings) - 2),
    )


def _notes(events: FrontalEvents, stood: dict[int, _Standing], walks: list[FrontalWalk]) -> list[str]:
    notes = []
    if events.lone_swings:
        count = events.lone_swings
        notes.append(f"{count} step{'' if count == 1 else 's'} outside a regular run left out.")
    missing = {w.away for w in walks} - set(stood)
    if stood and missing:
        view = "behind" if missing == {1} else "the front"
        notes.append(f"No quiet standing seen from {view}: the hip line of those walks is left out.")
    return notes
