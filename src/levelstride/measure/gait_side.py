"""Why it exists: the task "walking, seen from the side": a cleaned path from keypoints to named measures with errors.

What may be stated, and from how much, is decided by ``library/measures.yaml``; definitions and signs are in
docs/methods.md. Knows nothing of norms or advice.
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError, NotMeasurableError
from levelstride.library.loader import task_spec
from levelstride.library.schema.measures import TaskSpec
from levelstride.measure import gait_rows as rows
from levelstride.measure.foot_placement import FootPlacement, PlacementSettings, place_feet
from levelstride.measure.gait_curves import CurveSet, Mask, stride_curves
from levelstride.measure.results import GaitResult
from levelstride.measure.statistics import Readings, summarise
from levelstride.motion import cleaning
from levelstride.motion.dataset import placed_by_pose_model, point
from levelstride.motion.gait_events import GaitEvents, Walk, find_gait_events
from levelstride.motion.sagittal import leg_length
from levelstride.motion.scale import Scale, known_scale, scale_from_height
from levelstride.motion.sides import repair_sides

TASK = rows.TASK


@dataclass(frozen=True)
class GaitMeasurement:
    """A measured walk: the result, the cleaned motion and the step-by-step readings it rests on."""

    result: GaitResult
    motion: xr.Dataset
    readings: tuple[Readings, ...]


def measure_gait_side(
    motion: xr.Dataset,
    *,
    height_m: float | None = None,
    px_per_m: float | None = None,
    roll_known: bool = False,
    treadmill: bool | None = None,
    in_space: bool = False,
) -> GaitMeasurement:
    """Measure a walk filmed from the side.

    Parameters
    ----------
    motion : xarray.Dataset
        One person, image frame, as recorded (not yet filtered); ``view`` is ``left`` or ``right``: the side of the
        person that the camera sees (during most of the walking, when there are passes in both directions).
    height_m : float, optional
        Stature; gives lengths and speed.
    px_per_m : float, optional
        Known scale in the plane of the walk; preferred over the height.
    roll_known : bool
        True when the camera's roll was measured and removed.
    treadmill : bool, optional
        Whether the ground moves in the picture; found from the standing feet when not stated.
    in_space : bool
        The motion is a square view of points known in space, so no leg is further away than the other.

    Returns
    -------
    GaitMeasurement

    Raises
    ------
    NotMeasurableError
        When there is no honest result at all: nobody's legs seen, too few steps, steps that do not alternate,
        impossible cadence, running, or a stated view that the walk contradicts.
    """
    task = task_spec(TASK)
    cleaned, leg, seen = clean(motion, task)
    events = find_gait_events(cleaned, leg_length=leg, settings=task.numbers("events"))
    walks = _usable_walks(events, cleaned, task)
    _check_view(walks, str(motion.attrs["view"]))
    scale = _scale(cleaned, walks, task, height_m, px_per_m, leg)
    notes = _notes(scale, task, events)
    placement = place_feet(
        cleaned,
        walks,
        leg_length=leg,
        scale=scale,
        settings=_placement_settings(task, treadmill),
    )
    curves = stride_curves(
        cleaned,
        walks,
        seen=seen,
        at_contact_s=task.value("processing", "seen_at_contact_s"),
        least_share=task.value("processing", "seen_share"),
    )
    walks, curves, placement = _drop_odd_strides(walks, curves, placement, task)
    still = 0.0 if placement.ground_moves or treadmill is not None else task.value("placement", "unseen_creep")
    roll = 0.0 if roll_known else task.value("gates", "unknown_roll_deg")
    data = rows.WalkData(
        cleaned,
        walks,
        placement,
        curves,
        scale,
        leg,
        roll,
        task.value("gates", "unseen_trunk_deg"),
        still,
        task.value("events", "length_outlier_share"),
        in_space,
    )
    readings = (*rows.timing_rows(data), *rows.length_rows(data), *rows.angle_rows(data))
    return GaitMeasurement(
        GaitResult(
            task=TASK,
            measures=tuple(rows.in_library_order([summarise(r) for r in readings])),
            curves=tuple(rows.curve_models(data)),
            events=tuple(rows.event_models(walks, cleaned)),
            walks=tuple(rows.walk_summary(w, cleaned) for w in walks),
            surface="treadmill or moving camera" if placement.ground_moves else "over ground",
            scale_method=scale.method if scale else None,
            notes=tuple(notes),
        ),
        cleaned,
        readings,
    )


def _placement_settings(task: TaskSpec, treadmill: bool | None) -> PlacementSettings:
    figures = task.numbers("placement")
    del figures["unseen_creep"]  # belongs to the errors of lengths
    return PlacementSettings(**figures, ground_moves=treadmill)


def clean(motion: xr.Dataset, task: TaskSpec) -> tuple[xr.Dataset, float, dict[Side, Mask]]:
    """Repair and filter a recorded motion for this task.

    Returns
    -------
    motion : xarray.Dataset
    leg_length : float
        In the motion's length unit.
    seen : dict of side to ndarray of bool, shape (time,)
        Where hip, knee and ankle were really seen, not bridged.

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
    leg = leg_length(seen)
    if not np.isfinite(leg) or leg <= 0:
        raise NotMeasurableError(
            "The legs were not seen well enough to measure a walk.",
            "Film the whole body from the side, head to feet, in good light.",
        )
    sided = repair_sides(
        seen,
        leg_length=leg,
        swap_penalty=value("processing", "swap_penalty"),
        doubt_per_s=value("processing", "label_doubt_per_s"),
    )
    kept = cleaning.drop_outliers(
        sided,
        window_s=value("processing", "outlier_window_s"),
        mads=value("processing", "outlier_mads"),
        floor_px=value("processing", "outlier_floor_legs") * leg,
    )
    filled = cleaning.fill_gaps(kept, max_gap_s=value("processing", "max_gap_s"))
    really_seen: dict[Side, Mask] = {
        side: np.all([np.isfinite(point(kept, f"{side}_{p}")).all(axis=1) for p in ("hip", "knee", "ankle")], axis=0)
        for side in SIDES
    }
    return cleaning.butterworth(filled, cutoff_hz=value("processing", "filter_cutoff_hz")), leg, really_seen


def _usable_walks(events: GaitEvents, motion: xr.Dataset, task: TaskSpec) -> list[Walk]:
    """Apply the gates that refuse the recording as a whole."""
    gate = task.numbers("gates")
    longest = max((len(w.contacts) for w in events.walks), default=0)
    if not events.walks and not np.any(events.facing):
        raise NotMeasurableError(
            "Nobody was seen walking past from the side.",
            "Set the phone at the side of the walkway, square to it, and film at least six steps.",
        )
    if longest < gate["min_steps"] or np.isnan(events.alternation):
        if np.isfinite(events.alternation) and events.alternation < gate["min_alternation"]:
            _refuse_alternation(events)
        total = sum(len(w.contacts) for w in events.walks) + events.lone_contacts
        raise NotMeasurableError(
            f"Only {total} step{'' if total == 1 else 's'} could be seen"
            f"{'' if total == longest else f', {longest} of them in a row'};"
            f" at least {int(gate['min_steps'])} in a row are needed.",
            "Film a longer stretch of walking, with the whole body in the picture.",
        )
    if events.alternation < gate["min_alternation"]:
        _refuse_alternation(events)
    walks = [w for w in events.walks if len(w.contacts) >= 3]
    steps = np.concatenate([np.diff([c.frame for c in w.contacts]) for w in walks]) / motion.fps
    cadence = 60.0 / float(np.mean(steps))
    if not gate["min_cadence_spm"] <= cadence <= gate["max_cadence_spm"]:
        slow = cadence < gate["min_cadence_spm"]
        raise NotMeasurableError(
            f"The steps come at {cadence:.0f} per minute, which is not possible for walking.",
            "If this is slow motion, say how fast it was filmed: --capture-fps 120 (or 240)."
            if slow
            else "The video seems to be sped up; give the original recording, or --capture-fps.",
        )
    flights = float(np.average([w.flight_share for w in walks], weights=[len(w.strides) for w in walks]))
    if flights > gate["max_flight_share"]:
        raise NotMeasurableError(
            "Both feet leave the ground in most steps: this is running, and only walking is measured.",
            "Film a walk at your usual pace.",
        )
    return walks


def _refuse_alternation(events: GaitEvents) -> None:
    raise NotMeasurableError(
        f"Left and right steps do not alternate ({events.alternation:.0%} of neighbouring steps change legs).",
        "Film one person walking, the whole body in the picture and nobody in between;"
        " wear trousers in a colour that stands out.",
    )


def _check_view(walks: list[Walk], view: str) -> None:
    if view not in SIDES:
        return
    agree = sum(rows.camera_sees(w) == view for w in walks)
    if agree == 0:
        other = "right" if view == "left" else "left"
        raise NotMeasurableError(
            f"The view was given as {view}, but the person faces {other} in the picture and so shows the {other} side.",
            f"Use --view {other}; if the phone flipped the picture (selfie), add --mirrored.",
        )


def _check_scale(px_per_m: float, leg: float, task: TaskSpec) -> None:
    low, high = task.value("gates", "min_leg_m"), task.value("gates", "max_leg_m")
    if not low <= leg / px_per_m <= high:
        raise InputError(
            f"With {px_per_m:g} pixels per metre the legs would be {leg / px_per_m:.2g} m long.",
            f"Give the scale on the walking line; here it should be about {leg / 0.85:.0f}.",
        )


def _scale(
    motion: xr.Dataset, walks: list[Walk], task: TaskSpec, height_m: float | None, px_per_m: float | None, leg: float
) -> Scale | None:
    if px_per_m is not None:
        _check_scale(px_per_m, leg, task)
        return known_scale(px_per_m, motion.sizes["time"])
    if height_m is None:
        return None
    shares = task.numbers("scale")
    errors = {"full": shares["relative_error_full"], "legs": shares["relative_error_legs"]}
    seen = shares["line_seen"] if placed_by_pose_model(motion) else 1.0
    frames = np.arange(motion.sizes["time"])
    found: list[tuple[Walk, Scale]] = []
    for walk in walks:  # passes may be at different distances from the camera
        first, last = max(int(walk.start), 0), min(int(walk.stop), len(frames) - 1)
        scale = scale_from_height(motion.isel(time=slice(first, last + 1)), height_m, shares, errors=errors)
        if scale is not None:  # beyond the walk the size at its end holds
            size = scale.px_per_m[np.clip(frames, first, last) - first] / seen
            found.append((walk, replace(scale, px_per_m=size)))
    if not found:
        return None
    middles = np.array([(w.start + w.stop) / 2 for w, _ in found])
    nearest = np.abs(frames[:, None] - middles).argmin(axis=1)
    worst = max((s for _, s in found), key=lambda s: s.relative_error)
    return Scale(
        px_per_m=np.stack([s.px_per_m for _, s in found])[nearest, frames],
        relative_error=worst.relative_error,
        change=max((s.change for _, s in found), key=abs),
        method=worst.method,
    )


def _notes(scale: Scale | None, task: TaskSpec, events: GaitEvents) -> list[str]:
    notes = []
    if scale and abs(scale.change) > task.value("gates", "max_scale_change"):
        notes.append(
            f"The person's size in the picture changed by {abs(scale.change):.0%}: they did not walk square to the"
            " camera, so lengths and angles read too small. Film straight across the picture."
        )
    if events.lone_contacts:
        count = events.lone_contacts
        notes.append(f"{count} foot contact{'' if count == 1 else 's'} outside a regular run of steps left out.")
    return notes


def _drop_odd_strides(
    walks: list[Walk], curves: CurveSet, placement: FootPlacement, task: TaskSpec
) -> tuple[list[Walk], CurveSet, FootPlacement]:
    """Leave out strides that start, stop or stumble: far from the median in time or length."""
    share = task.value("events", "stride_outlier_share")
    strides = [s for w in walks for s in w.strides]
    if len(strides) < 4:
        return walks, curves, placement
    times = np.array([s.next_contact - s.contact for s in strides])
    lengths = placement.stride_length
    odd = np.abs(times / np.median(times) - 1) > share
    if np.isfinite(lengths).any():
        odd |= np.abs(np.nan_to_num(lengths / np.nanmedian(lengths), nan=1.0) - 1) > share
    keep = ~odd
    index = 0
    kept_walks = []
    for walk in walks:
        mask = keep[index : index + len(walk.strides)]
        index += len(walk.strides)
        kept = [s for s, k in zip(walk.strides, mask, strict=True) if k]
        if kept:
            kept_walks.append(Walk(walk.facing, walk.contacts, walk.toe_offs, kept, walk.flight_share))
    if not kept_walks:
        return walks, curves, placement
    return kept_walks, curves.keep(keep), placement.keep(keep)
