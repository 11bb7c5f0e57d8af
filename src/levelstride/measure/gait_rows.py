"""Why it exists: the rows of a side-view walk's result - timing, lengths, angles, curves - each from its strides.

One function per family; every row becomes a measure through :func:`levelstride.measure.statistics.summarise`.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.library.loader import measure_library
from levelstride.measure.foot_placement import FootPlacement
from levelstride.measure.gait_curves import POINTS, CurveSet
from levelstride.measure.results import Curve, Event, Limb, Measure, WalkSummary
from levelstride.measure.statistics import NO_SCALE, Readings, instrument_error, refused
from levelstride.motion.dataset import FloatArray, point
from levelstride.motion.gait_events import Stride, Walk
from levelstride.motion.scale import Scale

TASK = "gait_side"


@dataclass(frozen=True)
class WalkData:
    """Everything the rows are computed from: cleaned motion, walks, placements, curves, scale."""

    motion: xr.Dataset
    walks: list[Walk]
    placement: FootPlacement
    curves: CurveSet
    scale: Scale | None
    leg: float
    roll_error_deg: float
    unseen_trunk_error_deg: float
    unseen_creep: float
    outlier_share: float
    in_space: bool = False

    def limb(self, side: Side) -> Limb:
        """Near, far, or mixed over all walks, by the side the camera saw."""
        if self.in_space:
            return "near"
        near = {camera_sees(w) == side for w in self.walks}
        return "mixed" if len(near) > 1 else "near" if near == {True} else "far"

    def visible(self, side: Side) -> float:
        """Share of walking frames in which hip, knee and ankle were seen."""
        seen = np.ones(self.motion.sizes["time"], dtype=bool)
        for part in ("hip", "knee", "ankle"):
            seen &= np.isfinite(point(self.motion, f"{side}_{part}")).all(axis=1)
        inside = np.concatenate([seen[int(w.start) : int(w.stop) + 1] for w in self.walks])
        return float(inside.mean())

    @property
    def strides(self) -> list[Stride]:
        """All strides of all walks, in the order of the placements and curves."""
        return [s for w in self.walks for s in w.strides]

    @property
    def scale_error(self) -> float:
        """Relative error of lengths: of the scale, and of a camera that may move a little; 0 without a scale."""
        return float(np.hypot(self.scale.relative_error, self.unseen_creep)) if self.scale else 0.0


def timing_rows(c: WalkData) -> list[Readings]:
    """Cadence, step and stride times, phases, asymmetry."""
    fps = c.motion.fps
    by_side: dict[str, FloatArray] = {}
    for side in SIDES:
        ends: dict[tuple[float, float], float] = {}
        for stride in c.strides:
            first, second = (stride.contact, stride.other_contact), (stride.other_contact, stride.next_contact)
            landing = second if stride.side == side else first
            ends[landing] = (landing[1] - landing[0]) / fps
        by_side[side] = np.array(list(ends.values()))
    every = np.concatenate([by_side["left"], by_side["right"]])
    cadence = 120.0 / (_stride_period(c.walks) / fps)
    scattered = cadence * (2 - every / np.mean(every))
    measures = [Readings(TASK, "cadence_spm", "both", scattered, limb="mixed", center=float(cadence))]
    for side in SIDES:
        limb, visible = c.limb(side), c.visible(side)
        own = [s for s in c.strides if s.side == side]
        total = np.array([s.next_contact - s.contact for s in own]) / fps
        stance = np.array([s.toe_off - s.contact for s in own]) / fps
        for name, values in {
            "step_time_s": by_side[side],
            "stride_time_s": total,
            "stance_time_s": stance,
            "swing_time_s": total - stance,
            "stance_pct": 100 * stance / total,
            "swing_pct": 100 * (1 - stance / total),
        }.items():
            measures.append(Readings(TASK, name, side, values, limb=limb, visible_share=visible))
    support = np.array(
        [
            100 * ((s.other_toe_off - s.contact) + (s.toe_off - s.other_contact)) / (s.next_contact - s.contact)
            for s in c.strides
        ]
    )
    measures.append(Readings(TASK, "double_support_pct", "both", support, limb="mixed"))
    means = {side: float(np.mean(by_side[side])) if len(by_side[side]) else np.nan for side in SIDES}
    middle = (means["left"] + means["right"]) / 2
    relative = [200 * sign * (by_side[side] - middle) / middle for side, sign in (("left", 1.0), ("right", -1.0))]
    steps = np.concatenate(relative)
    asymmetry = 100 * (means["left"] - means["right"]) / middle
    measures.append(
        Readings(TASK, "step_time_asymmetry_pct", "both", steps, limb="mixed", center=float(asymmetry))
        if np.isfinite(asymmetry)
        else Readings(TASK, "step_time_asymmetry_pct", "both", np.array([]), limb="mixed")
    )
    return measures


def _stride_period(walks: list[Walk]) -> float:
    """Mean stride time in frames over each side's contacts and toe-offs, in the strides kept.

    A constant offset of a side or a kind of event (asymmetry, bias) cancels, and four series share the error of the
    few events at the ends.
    """
    frames = strides = 0.0
    for walk in walks:
        durations = [s.next_contact - s.contact for s in walk.strides]
        period = float(np.median(durations))
        frames += sum(durations)
        strides += len(durations)
        for side in SIDES:
            own = {s.toe_off if s.side == side else s.other_toe_off for s in walk.strides}
            gaps = np.diff(sorted(t for t in own if np.isfinite(t)))
            whole = gaps[np.abs(gaps / period - 1) < 0.3]  # neighbours; not across a stride left out
            frames += float(whole.sum())
            strides += len(whole)
    return frames / strides


def length_rows(c: WalkData) -> list[Readings]:
    """Step and stride lengths, speed, foot ahead of the pelvis; refused without a scale."""
    measures: list[Readings] = []
    for side in SIDES:
        own = np.array([s.side == side for s in c.strides])
        trusted = np.isfinite(c.curves.values("limb_angle_deg", side)).all(axis=1)
        for name, values in {
            "step_length_m": _usual(c.placement.step_length(side), c.outlier_share),
            "stride_length_m": _usual(c.placement.stride_length[own], c.outlier_share),
            "foot_to_pelvis_at_contact_m": np.where(trusted, c.placement.foot_ahead(side), np.nan),
        }.items():
            if c.scale is None:
                measures.append(refused(TASK, name, side, NO_SCALE, limb=c.limb(side)))
            else:
                measures.append(
                    Readings(
                        TASK,
                        name,
                        side,
                        values,
                        limb=c.limb(side),
                        relative_scale_error=c.scale_error,
                        visible_share=c.visible(side),
                        method=c.scale.method,
                    )
                )
        share = np.where(trusted, c.placement.foot_ahead_legs(side) * 100, np.nan)
        measures.append(
            Readings(
                TASK, "foot_to_pelvis_at_contact_pct", side, share, limb=c.limb(side), visible_share=c.visible(side)
            )
        )
    if c.scale is None:
        measures.append(refused(TASK, "walking_speed_mps", "both", NO_SCALE))
    else:
        times = np.array([s.next_contact - s.contact for s in c.strides]) / c.motion.fps
        measures.append(
            Readings(
                TASK,
                "walking_speed_mps",
                "both",
                c.placement.stride_length / times,
                limb="mixed",
                relative_scale_error=c.scale_error,
                method=c.scale.method,
            )
        )
    return measures


def angle_rows(c: WalkData) -> list[Readings]:
    """Peaks and readings of the angle curves."""
    measures: list[Readings] = []
    for side in SIDES:
        limb, visible = c.limb(side), c.visible(side)
        knee, hip = c.curves.values("knee_flexion_deg", side), c.curves.values("hip_flexion_deg", side)
        limb_angle = c.curves.values("limb_angle_deg", side)
        shank = c.curves.values("shank_angle_deg", side)
        toe_off = c.curves.toe_off_index(side)
        index = np.arange(101)
        swing, stance = index >= toe_off[:, None], (index <= toe_off[:, None]) & (index >= 30)
        method = c.curves.method("hip_flexion_deg", side)
        vertical = 0.0 if method == "against the trunk" else c.unseen_trunk_error_deg
        rows = {
            "peak_knee_flexion_swing_deg": (_peak(knee, swing), "", 0.0),
            "peak_knee_flexion_stance_deg": (_peak(knee, np.broadcast_to(index <= 30, knee.shape)), "", 0.0),
            "knee_flexion_at_contact_deg": (knee[:, 0], "", 0.0),
            "peak_hip_flexion_deg": (_peak(hip, np.ones_like(hip, dtype=bool)), method, vertical),
            "peak_hip_extension_deg": (_peak(-hip, stance), method, vertical),
            "trailing_limb_angle_deg": (_peak(-limb_angle, stance), "", c.roll_error_deg),
            "shank_angle_at_contact_deg": (shank[:, 0], "", c.roll_error_deg),
        }
        for name, (values, how, extra) in rows.items():
            measures.append(
                Readings(
                    TASK,
                    name,
                    side,
                    values,
                    limb=limb,
                    visible_share=visible,
                    method=how,
                    extra_instrument_error=extra,
                )
            )
    trunk = [c.curves.values("trunk_forward_lean_deg", side).mean(axis=1) for side in SIDES]
    measures.append(
        Readings(
            TASK,
            "trunk_forward_lean_deg",
            "both",
            np.concatenate(trunk),
            limb="mixed",
            extra_instrument_error=c.roll_error_deg,
        )
    )
    return measures


def curve_models(c: WalkData) -> list[Curve]:
    """Mean, band and single strides of the curves that the report shows."""
    curves = []
    shown = (
        ("hip_flexion_deg", "peak_hip_extension_deg"),
        ("knee_flexion_deg", "peak_knee_flexion_swing_deg"),
        ("trunk_forward_lean_deg", "trunk_forward_lean_deg"),
    )
    for name, error_of in shown:
        for side in SIDES:
            rows = c.curves.values(name, side)
            rows = rows[np.isfinite(rows).all(axis=1)]
            if not len(rows):
                continue
            limb = c.limb(side)
            against_vertical = name == "hip_flexion_deg" and not c.curves.hip_against_trunk[side]
            extra = c.unseen_trunk_error_deg if against_vertical else 0.0
            if name == "trunk_forward_lean_deg":
                extra = c.roll_error_deg
            spread = rows.std(axis=0, ddof=1) if len(rows) > 1 else np.zeros(POINTS)
            toe_off = c.curves.mean_toe_off(side)
            curves.append(
                Curve(
                    name=name,
                    side=side,
                    unit="deg",
                    limb=limb,
                    n=len(rows),
                    mean=tuple(np.round(rows.mean(axis=0), 3).tolist()),
                    sd=tuple(np.round(spread, 3).tolist()),
                    standard_error=instrument_error(error_of, limb, extra=extra),
                    strides=tuple(tuple(np.round(r, 2).tolist()) for r in rows),
                    toe_off_pct=None if toe_off is None else round(toe_off, 2),
                    method=c.curves.method(name, side),
                )
            )
    return curves


def event_models(walks: list[Walk], motion: xr.Dataset) -> list[Event]:
    """Contacts and toe-offs in time order."""
    start = float(motion.time.values[0])
    events = [
        Event(
            kind="contact" if event in walk.contacts else "toe_off",
            side="left" if event.side == "left" else "right",
            time_s=round(start + event.frame / motion.fps, 4),
            frame=round(event.frame, 2),
            walk=number,
        )
        for number, walk in enumerate(walks)
        for event in (*walk.contacts, *walk.toe_offs)
    ]
    return sorted(events, key=lambda e: e.time_s)


def walk_summary(walk: Walk, motion: xr.Dataset) -> WalkSummary:
    """When a walk took place, and which way it went."""
    start = float(motion.time.values[0])
    return WalkSummary(
        start_s=round(start + walk.start / motion.fps, 3),
        stop_s=round(start + walk.stop / motion.fps, 3),
        facing="right" if walk.facing > 0 else "left",
        camera_sees="right" if walk.facing > 0 else "left",
        steps=len(walk.contacts) - 1,
        strides=len(walk.strides),
    )


def camera_sees(walk: Walk) -> Side:
    """Return the side the camera sees: a person who faces left in the picture shows the left side."""
    return "right" if walk.facing > 0 else "left"


def in_library_order(measures: list[Measure]) -> list[Measure]:
    """Sort rows as the library lists them, left before right."""
    order = list(measure_library().measures)
    sides = {"left": 0, "right": 1, "both": 2}
    return sorted(measures, key=lambda m: (order.index(m.name), sides[m.side]))


def _usual(values: FloatArray, share: float) -> FloatArray:
    """Leave out lengths far from the leg's median: half steps, or a foot seen in the wrong place once."""
    if np.isfinite(values).sum() < 4:
        return values
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(values / np.nanmedian(values) - 1) > share, np.nan, values)


def _peak(rows: FloatArray, where: "np.typing.NDArray[np.bool_]") -> FloatArray:
    """Largest value of each stride within its part of the cycle; NaN for strides not seen throughout."""
    inside = np.where(where, rows, -np.inf)
    peaks = inside.max(axis=1) if len(rows) else np.array([])
    return np.where(np.isfinite(rows).all(axis=1) & np.isfinite(peaks), peaks, np.nan)
