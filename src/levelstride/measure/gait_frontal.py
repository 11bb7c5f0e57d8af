"""Why it exists: the task "walking, seen from behind or in front": what the frontal plane honestly gives.

What may be stated, and from how much, is decided by ``library/measures.yaml``; definitions and signs are in
docs/methods.md. The hip points of a pose model are not the pelvis, so the pelvic drop itself is always refused here.
"""

from dataclasses import replace

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES
from levelstride.errors import InputError, NotMeasurableError
from levelstride.library.loader import task_spec
from levelstride.library.schema.measures import TaskSpec
from levelstride.measure import frontal_rows as rows
from levelstride.measure.gait_rows import in_library_order
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.results import Event, GaitResult, WalkSummary
from levelstride.measure.statistics import Readings, refused, summarise
from levelstride.motion import cleaning, frontal
from levelstride.motion.dataset import FloatArray, placed_by_pose_model, point
from levelstride.motion.frontal_events import (
    FrontalEvents,
    FrontalWalk,
    find_frontal_events,
)
from levelstride.motion.sagittal import leg_length
from levelstride.motion.scale import Scale, known_scale

TASK = rows.TASK


def measure_gait_frontal(
    motion: xr.Dataset,
    *,
    height_m: float | None = None,
    px_per_m: float | None = None,
    roll_known: bool = False,
    treadmill: bool | None = None,
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
    treadmill : bool, optional
        Whether the ground moves; found from the feet when not stated.
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
    cleaned, away, leg = clean_frontal(motion, task, in_space=in_space is not None)
    events = find_frontal_events(cleaned, away, leg=leg, settings=task.numbers("events"))
    if treadmill:  # a foot on a belt may slow down in the picture, but it does not rest
        events = replace(events, walks=[replace(w, contacts_seen=False) for w in events.walks])
    walks = _usable_walks(events, cleaned, away, task, treadmill=treadmill)
    _check_view(walks, str(motion.attrs["view"]))
    scale = _scale(cleaned, task, height_m, px_per_m, leg)
    stances = rows.collect_stances(cleaned, away, walks, scale.px_per_m if scale else None, task)
    stood = rows.find_standing(cleaned, away, leg, task)
    readings = [
        *(rows.timing_rows(walks, cleaned, leg, task) if in_space is None else ()),
        *rows.trunk_rows(stances, roll_known or in_space is not None, task),
        *rows.hip_line_rows(stances, stood, task),
        *rows.knee_rows(stances),
        rows.step_width_row(stances, scale, task, from_pose=placed_by_pose_model(motion)),
        *rows.pelvis_rows(in_space, walks, cleaned, task),
        *(refused(TASK, "foot_progression_deg", side, rows.FEET_END_ON, limb="frontal") for side in SIDES),
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
            surface="treadmill or moving camera" if treadmill else "not known",
            scale_method=None if scale is None else scale.method,
            notes=tuple(_notes(events, stood, walks)),
        ),
        cleaned,
        tuple(readings),
    )


def clean_frontal(
    motion: xr.Dataset, task: TaskSpec, *, in_space: bool = False
) -> tuple[xr.Dataset, FloatArray, FloatArray]:
    """Repair and filter a recorded motion for this task.

    Parameters
    ----------
    in_space : bool
        The motion is a square view of points known in space: left and right are certain.

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
    if in_space:
        away, sided = frontal.facing_away_in_space(seen), seen
    else:
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


def _usable_walks(
    events: FrontalEvents, motion: xr.Dataset, away: FloatArray, task: TaskSpec, *, treadmill: bool | None
) -> list[FrontalWalk]:
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
    far_enough = [w for w in walks if treadmill is False or not _too_near(w, motion, task)]
    if not far_enough:
        raise NotMeasurableError(
            "The person walks too near to the camera behind them, which looks down on the legs.",
            "Put the phone about 5 m behind the treadmill, at hip height, or film from the front; over ground, let the"
            " phone stand still.",
        )
    walks = far_enough
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


def _too_near(walk: FrontalWalk, motion: xr.Dataset, task: TaskSpec) -> bool:
    """Whether somebody on a treadmill fills too much of the picture from behind."""
    size = motion.attrs.get("picture_size_px")
    if walk.contacts_seen or walk.away < 0 or size is None:
        return False
    line = frontal.body_line(motion, window_s=task.value("processing", "size_window_s"), with_upper=True)
    share = np.nanmedian(line[int(walk.start) : int(walk.stop) + 1]) / max(size)
    return bool(share > task.value("gates", "max_size_on_belt"))


def _check_view(walks: list[FrontalWalk], view: str) -> None:
    seen = {"back" if w.away > 0 else "front" for w in walks}
    if view in ("back", "front") and view not in seen:
        other = "back" if view == "front" else "front"
        raise NotMeasurableError(
            f"The view was given as {view}, but the person is seen from the {other} throughout.",
            f"Use --view {other}.",
        )


def _scale(
    motion: xr.Dataset, task: TaskSpec, height_m: float | None, px_per_m: float | None, leg: FloatArray
) -> Scale | None:
    """Pixels per metre at every frame, or None."""
    if px_per_m is not None:
        low, high = task.value("gates", "min_leg_m"), task.value("gates", "max_leg_m")
        length = float(np.nanmedian(leg))
        if not low <= length / px_per_m <= high:
            raise InputError(
                f"With {px_per_m:g} pixels per metre the legs would be {length / px_per_m:.2g} m long.",
                f"Give the scale where the person walks; here it should be about {length / 0.85:.0f}.",
            )
        return known_scale(px_per_m, len(leg))
    if height_m is None:
        return None
    shares = task.numbers("scale")
    legs = shares["ankle_to_knee"] + shares["knee_to_hip"]
    seen = shares["line_seen"] if placed_by_pose_model(motion) else 1.0
    whole = seen * (legs + shares["hip_to_shoulder"] + shares["shoulder_to_ear"])
    line = frontal.body_line(motion, window_s=task.value("processing", "size_window_s"), with_upper=True)
    full = np.isfinite(line)
    size = np.where(full, line / (whole * height_m), leg / (seen * legs * height_m))
    if full.mean() > 0.5:
        return Scale(size, shares["relative_error_full"], 0.0, "height, ankle to ear")
    return Scale(size, shares["relative_error_legs"], 0.0, "height, legs only")


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


def _notes(events: FrontalEvents, stood: dict[int, rows.Standing], walks: list[FrontalWalk]) -> list[str]:
    notes = []
    if events.lone_swings:
        count = events.lone_swings
        notes.append(f"{count} step{'' if count == 1 else 's'} outside a regular run left out.")
    missing = {w.away for w in walks} - set(stood)
    if stood and missing:
        view = "behind" if missing == {1} else "the front"
        notes.append(f"No quiet standing seen from {view}: the hip line of those walks is left out.")
    return notes
