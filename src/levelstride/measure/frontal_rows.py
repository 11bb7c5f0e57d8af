"""Why it exists: the rows of a frontal walk's result, each from what was seen in its mid-stances.

One function per family; every row becomes a measure through :func:`levelstride.measure.statistics.summarise`. The hip
points of a pose model are not the pelvis, so the pelvic drop itself needs points in space.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.library.schema.measures import TaskSpec
from levelstride.measure.results import Reason
from levelstride.measure.statistics import NO_SCALE, Readings, refused
from levelstride.motion import frontal
from levelstride.motion.dataset import FloatArray, has_keypoint, point
from levelstride.motion.frontal_events import FrontalWalk, stride_periods
from levelstride.motion.sagittal import middle
from levelstride.motion.scale import Scale

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
_NO_TRUNK = Reason(
    code="no_trunk",
    text="the shoulders are not seen, so it cannot be told whether the trunk leans and moves the hip points",
    fix="Film the whole body, head to feet; a marker recording needs markers on both shoulders.",
)
_PELVIS = Reason(
    code="pelvis_not_seen",
    text="the hip points of a pose model follow the pelvis too little to state how far it drops",
    fix="Three ways to get it: stickers on the bony points of the pelvis; a phone strapped to the sacrum;"
    " or a marker recording (C3D) that has the pelvis.",
)
FEET_END_ON = Reason(
    code="feet_end_on",
    text="from behind or in front a foot is seen end on, and a few pixels change its direction by many degrees",
    fix="Look at footprints: wet soles on dry floor show the direction of each foot.",
)


@dataclass(frozen=True)
class Stance:
    """What was seen in one mid-stance.

    Attributes
    ----------
    lean_right_deg, hip_line_deg, knee_deg : float
        Means over mid-stance; trunk lean and hip line with the person's right positive (as seen, roll included).
    ankle_m : float
        Sideways place of the standing ankle, person's right positive; NaN without a scale.
    balance_deg : float
        Lean of the line feet - body over the whole walk, person's right positive.
    off_axis : float
        How far beside the middle of the picture the person is, as a tangent.
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
    off_axis: float


@dataclass(frozen=True)
class Standing:
    """Quiet standing in one view: slopes with the person's right positive."""

    lean_right_deg: float
    hip_line_deg: float


def collect_stances(
    motion: xr.Dataset, away: FloatArray, walks: list[FrontalWalk], scale: FloatArray | None, task: TaskSpec
) -> list[Stance]:
    """Read every mid-stance of every walk; ``scale`` is px per metre at every frame."""
    lean, line = frontal.trunk_right_lean(motion, away), frontal.hip_line(motion, away)
    body = (middle(motion, "hip") + middle(motion, "shoulder")) / 2
    feet = (point(motion, "left_ankle") + point(motion, "right_ankle")) / 2
    balance = frontal.right_lean(body, feet, away)
    knees = {side: frontal.knee_projection(motion, side, away) for side in SIDES}
    size = motion.attrs.get("picture_size_px")
    centre = size[0] / 2 if size is not None else 0.0
    focal = task.value("scale", "focal_per_width") * max(size) if size is not None else 0.0
    beside = np.nan_to_num((middle(motion, "hip")[:, 0] - centre) / focal) if focal else np.zeros(len(lean))
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
                Stance(
                    side=side,
                    walk=number,
                    away=walk.away,
                    time=swing.frame,
                    lean_right_deg=_mean(lean[window], share),
                    hip_line_deg=_mean(line[window], share),
                    knee_deg=_mean(knees[side][window], share),
                    ankle_m=_mean(place, share),
                    balance_deg=tilt,
                    off_axis=_mean(beside[window], share) if focal else 0.0,
                )
            )
    return found


def _mean(values: FloatArray, share: float) -> float:
    seen = np.isfinite(values)
    return float(values[seen].mean()) if len(values) and seen.mean() >= share else float("nan")


def find_standing(motion: xr.Dataset, away: FloatArray, leg: FloatArray, task: TaskSpec) -> dict[int, Standing]:
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
            stood[view] = Standing(float(np.nanmean(lean[frames])), float(np.nanmean(line[frames])))
    return stood


def timing_rows(walks: list[FrontalWalk], motion: xr.Dataset, leg: FloatArray, task: TaskSpec) -> list[Readings]:
    """Cadence, step and stride times, asymmetry; steps that start or end a walk left out."""
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
    by_contacts, noise = _by_contacts(walks)
    doubt = float(np.sqrt(max(0.0, (by_contacts - period) ** 2 - noise**2))) * 120.0 * motion.fps / period**2
    return Readings(
        TASK,
        "cadence_spm",
        "both",
        120.0 * motion.fps / strides,
        limb="frontal",
        center=120.0 * motion.fps / period,
        extra_instrument_error=doubt if np.isfinite(doubt) else 0.0,
    )


def _by_contacts(walks: list[FrontalWalk]) -> tuple[float, float]:
    """Stride time from the contacts alone, and its noise, frames: where the knees disagree, neither is certain."""
    gaps = [
        c.contact - a.contact
        for walk in walks
        for steady in [[s for s in walk.swings if s.steady]]
        for a, c in zip(steady, steady[2:], strict=False)
    ]
    if len(gaps) < 2:
        return float("nan"), float("nan")
    return float(np.median(gaps)), float(1.25 * np.std(gaps, ddof=1) / np.sqrt(len(gaps)))


def trunk_rows(stances: list[Stance], roll_known: bool, task: TaskSpec) -> list[Readings]:
    """Lean of the trunk towards the standing limb, against the vertical or against the line of balance.

    The vertical needs a known roll, and a person near the middle of the picture: a phone that looks up or down tilts
    everything that stands beside the middle, and nobody states by how much it does.
    """
    off_axis = float(np.sqrt(np.mean([s.off_axis**2 for s in stances]))) if stances else 0.0
    aside = float(np.hypot(task.value("gates", "known_roll_deg"), off_axis * task.value("gates", "unknown_pitch_deg")))
    balance = task.value("gates", "balance_deg")
    vertical = roll_known and aside <= balance
    rows = []
    for side, sign in (("left", -1.0), ("right", 1.0)):
        own = [s for s in stances if s.side == side]
        upright = [0.0 if vertical else s.balance_deg for s in own]
        rows.append(
            Readings(
                TASK,
                "trunk_lean_deg",
                "left" if side == "left" else "right",
                np.array([sign * (s.lean_right_deg - u) for s, u in zip(own, upright, strict=True)]),
                limb="frontal",
                method="against the vertical" if vertical else "against the line from the feet to the body",
                extra_instrument_error=aside if vertical else balance,
            )
        )
    return rows


def hip_line_rows(stances: list[Stance], stood: dict[int, Standing], task: TaskSpec) -> list[Readings]:
    """Hip line against quiet standing; refused without it, and when the trunk leans."""
    limit = task.value("gates", "max_lean_change_deg")
    rows = []
    for side in SIDES:
        sign = 1.0 if side == "left" else -1.0  # right-stance drop = minus the slope with the right side down
        own = [s for s in stances if s.side == side and s.away in stood]
        if not own:
            rows.append(refused(TASK, "hip_line_change_deg", side, _NO_STANDING, limb="frontal"))
            continue
        leans = np.array([s.lean_right_deg - stood[s.away].lean_right_deg for s in own])
        if not np.isfinite(leans).any():
            rows.append(refused(TASK, "hip_line_change_deg", side, _NO_TRUNK, limb="frontal"))
            continue
        lean = float(np.nanmean(leans))
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


def pelvis_rows(
    in_space: xr.Dataset | None, walks: list[FrontalWalk], motion: xr.Dataset, task: TaskSpec
) -> list[Readings]:
    """Pelvic drop in mid-stance, from points in space only."""
    name = "contralateral_pelvic_drop_deg"
    # hip points of a TRC or MOT may be a pose model's or a generic body's, so only C3D counts as a marker recording
    marked = in_space is not None and str(in_space.attrs.get("source_software")) == "C3D"
    pairs = [p for p in ("asis", "hip") if in_space is not None and marked and has_keypoint(in_space, f"left_{p}")]
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


def knee_rows(stances: list[Stance]) -> list[Readings]:
    """Frontal projection of the knee."""
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


def step_width_row(stances: list[Stance], scale: Scale | None, task: TaskSpec, *, from_pose: bool) -> Readings:
    """Step width; ``from_pose`` takes off what the pose model's ankle points lie outside the joints."""
    if scale is None:
        return refused(TASK, "step_width_m", "both", NO_SCALE, limb="frontal")
    outward = 2 * task.value("scale", "ankle_point_outward_m") if from_pose else 0.0
    widths = []
    for a, b, c in zip(stances, stances[1:], stances[2:], strict=False):
        if a.walk == b.walk == c.walk and a.side == c.side != b.side:
            sign = 1.0 if b.side == "right" else -1.0
            widths.append(sign * (b.ankle_m - (a.ankle_m + c.ankle_m) / 2) - outward)
    # neighbouring widths share an ankle: only as many count as the leg with fewer stances has
    every = np.array([w for w in widths if np.isfinite(w)])
    fewest = min(sum(s.side == side and np.isfinite(s.ankle_m) for s in stances) for side in SIDES)
    count = min(fewest, len(every))
    kept = np.linspace(0, len(every) - 1, count).round().astype(int) if count else np.array([], dtype=int)
    return Readings(
        TASK,
        "step_width_m",
        "both",
        every[kept],
        limb="frontal",
        relative_scale_error=scale.relative_error,
        center=float(every.mean()) if len(every) else None,
    )
