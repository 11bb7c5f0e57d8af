"""Why it exists: real walks whose joint centres are known, filmed by virtual cameras, judge the geometry of every view.

No pictures and no pose model take part: what is scored is the path from points in a picture to measures. Truth is read
off the joint centres and the labelled events (``validation/marker_truth.py``), by the measures' own definitions.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES
from levelstride.errors import LevelstrideError
from levelstride.library.loader import task_spec
from levelstride.mannequin.truth import Truth
from levelstride.measure.gait_frontal import TASK, clean_frontal, measure_gait_frontal
from levelstride.measure.gait_side import GaitMeasurement, measure_gait_side
from levelstride.motion import frontal
from levelstride.motion.camera import Camera
from levelstride.motion.dataset import FloatArray, make_motion
from levelstride.motion.frontal_events import find_frontal_events
from levelstride.recording.context import make_context
from levelstride.recording.corrections import correct
from levelstride.recording.files.world import to_world
from levelstride.recording.picture import Picture
from validation.marker_truth import Contact, frontal_curves, frontal_truth, mid_stances, side_truth
from validation.markers import MarkerTrial, read_trial
from validation.side_camera import film

Row = dict[str, Any]
FrontalView = Literal["back", "front"]

ROOT = Path(__file__).resolve().parents[1]
SIZE_PX = (1080, 1920)
FPS = 30.0
NOISE_PX = 1.0
SIDE_NOISE_PX = 2.0
SIDE_PX_PER_M = 350.0

BELOW_GATE = "below the gate of 10 steps a side; geometry only"
#: Measures that few steps show as well as many; times of few steps would be those of starting and stopping.
GEOMETRY = ("trunk_lean_deg", "knee_frontal_projection_deg", "step_width_m")
LABELLED = "true joint centres, labelled contacts; geometry only"


@dataclass(frozen=True)
class RealWalk:
    """One recording of the reference folder.

    Attributes
    ----------
    height_m : float or None
        Stature as the file states it.
    treadmill : bool
        Then the files do not say how far the belt moved, and lengths have no truth.
    """

    file: str
    height_m: float | None = None
    treadmill: bool = False


WALKS = (
    RealWalk("btk/PiG_Motion-FlatFoot-Full.c3d", 1.505),
    RealWalk("btk/PiG_Motion3_noFF.c3d", 1.76),
    RealWalk("gaitalytics/test_small.c3d", 1.58),
    RealWalk("gaitkit/figshare_pd_SUB01_off_walk_12b.c3d"),
    RealWalk("gaitkit/fukuchi_WBDS19walkT01.c3d", treadmill=True),
)

#: Recordings that are not scored, and why.
LEFT_OUT = {
    "btk/PlugInC3D.c3d": "its right knee is broken and its legs are missing for a third of the time: no truth",
    "btk/PiG_Motion3_noFF.c3d (frontal measures)": "no shoulders, by which behind and in front are told apart;"
    " its hip line is scored",
    "gaitkit/fukuchi_WBDS19walkT01.c3d (frontal measures)": "no shoulders; its hip line is scored",
}


@dataclass(frozen=True)
class Setting:
    """How a walk is filmed from behind or in front."""

    view: FrontalView
    azimuth_deg: float = 0.0
    roll_deg: float = 0.0
    roll_stated: bool = True


SETTINGS = tuple(
    Setting(view, azimuth, roll, stated)
    for view in ("back", "front")
    for azimuth, roll, stated in (
        (0.0, 0.0, True),
        (-15.0, 0.0, True),
        (15.0, 0.0, True),
        (0.0, -4.0, True),
        (0.0, 4.0, True),
        (0.0, -4.0, False),
        (0.0, 4.0, False),
    )
)


def data_folder() -> Path:
    """Return the folder of real recordings; it may not exist."""
    return Path(os.environ.get("LEVELSTRIDE_DATA", ROOT.parent / "shared" / "data"))


@cache
def load(folder: Path, walk: RealWalk) -> tuple[MarkerTrial, dict[str, FloatArray]]:
    """Return a trial and its points in the house's world frame (X forward, Y up, Z right), metres."""
    trial = read_trial(folder / walk.file)
    return trial, to_world(trial.points, trial.up, trial.forward)


def film_frontal(
    points: dict[str, FloatArray],
    rate_hz: float,
    setting: Setting,
    *,
    noise_px: float = NOISE_PX,
    seed: int = 0,
) -> xr.Dataset:
    """See a walk from 3 m behind its start or in front of its end, lens at 1 m, upright picture, 30 frames a second.

    Parameters
    ----------
    points : dict of str to ndarray, shape (time, 3)
        World frame, metres.

    Returns
    -------
    xarray.Dataset
        Motion in px; a roll that is stated is taken out again.
    """
    path = (points["left_hip"] + points["right_hip"]) / 2
    at = float(path[:, 0].min() if setting.view == "back" else path[:, 0].max())
    camera = Camera.around(
        np.array([at, 1.0, float(path[:, 2].mean())]),
        view=setting.view,
        distance_m=3.0,
        azimuth_deg=setting.azimuth_deg,
        roll_deg=setting.roll_deg,
        size_px=SIZE_PX,
    )
    names = list(points)
    source_s = np.arange(len(path)) / rate_hz
    times = np.arange(0.0, source_s[-1] + 1e-9, 1 / FPS)
    world = np.stack([_sampled(points[n], source_s, times) for n in names], axis=1)
    seen = camera.project(world)
    seen = seen + np.random.default_rng(seed).normal(0, noise_px, seen.shape)
    if setting.roll_stated and setting.roll_deg:
        seen = unrolled(seen, setting.roll_deg)
    return make_motion(
        seen.transpose(0, 2, 1)[..., None],
        np.where(np.isfinite(seen).all(axis=2), 0.95, 0.0)[..., None],
        keypoints=names,
        fps=FPS,
        view=setting.view,
        source_software="virtual camera",
        picture_size_px=SIZE_PX,
    )


def unrolled(points: FloatArray, roll_deg: float) -> FloatArray:
    """Take a stated camera roll out of points, shape (time, points, 2), as reading a video does."""
    context = make_context(view="back", camera_roll_deg=roll_deg)
    picture = Picture(*SIZE_PX, np.eye(3), 0)
    return np.asarray(correct(points, np.ones(points.shape[:2]), picture, context)[0])


def _sampled(source: FloatArray, at: FloatArray, times: FloatArray) -> FloatArray:
    return np.stack([np.interp(times, at, source[:, axis]) for axis in range(3)], axis=1)


def rows(folder: Path) -> list[Row]:
    """Return every scored row of the real walks, all views."""
    found: list[Row] = []
    for number, walk in enumerate(WALKS):
        found += frontal_rows(folder, walk, seed=100 * number)
        found += side_rows(folder, walk, seed=100 * number)
    return found


def frontal_rows(folder: Path, walk: RealWalk, *, seed: int) -> Iterator[Row]:
    """Rows of one walk seen from behind and in front: the product's readings, and the hip line by itself."""
    trial, points = load(folder, walk)
    for number, setting in enumerate(SETTINGS):
        about = _about(walk, setting.view, setting)
        motion = film_frontal(points, trial.rate_hz, setting, seed=seed + number)
        if setting.roll_stated:
            yield from _hip_line_rows(trial, points, motion, about)
        if "left_shoulder" not in points:
            continue
        try:
            measured = measure_gait_frontal(motion, height_m=walk.height_m, roll_known=setting.roll_stated)
        except LevelstrideError as error:
            yield from _refused_rows(about, frontal_truth(trial, points), error)
            continue
        truth = frontal_truth(trial, points, timed=_steady(motion), stood=_contacts(measured))
        if walk.height_m is None or walk.treadmill:
            truth.pop(("step_width_m", "both"), None)
        yield from _rows(about, measured, truth)


def side_rows(folder: Path, walk: RealWalk, *, seed: int) -> Iterator[Row]:
    """Rows of one walk seen from its left and its right."""
    trial, points = load(folder, walk)
    views: Sequence[Literal["left", "right"]] = SIDES
    for number, view in enumerate(views):
        about = _about(walk, view, None)
        motion = film(
            trial, view=view, fps=FPS, px_per_m=SIDE_PX_PER_M, noise_px=SIDE_NOISE_PX, seed=seed + 50 + number
        )
        try:
            measured = measure_gait_side(motion, px_per_m=SIDE_PX_PER_M, roll_known=True)
        except LevelstrideError as error:
            yield from _refused_rows(about, side_truth(trial, points, None, treadmill=walk.treadmill), error)
            continue
        yield from _rows(about, measured, side_truth(trial, points, _contacts(measured), treadmill=walk.treadmill))


def _contacts(measured: GaitMeasurement) -> list[Contact]:
    return [(e.time_s, e.side) for e in measured.result.events if e.kind == "contact"]


def _steady(motion: xr.Dataset) -> list[Contact]:
    """Contacts that the frontal task takes its timing from: not those next to standing or to the ends."""
    task = task_spec(TASK)
    cleaned, away, leg = clean_frontal(motion, task)
    events = find_frontal_events(cleaned, away, leg=leg, settings=task.numbers("events"))
    return [(s.contact / FPS, s.side) for w in events.walks for s in w.swings if s.steady]


def _about(walk: RealWalk, view: str, setting: Setting | None) -> Row:
    name = Path(walk.file).stem
    return {
        "source": "markers",
        "case": name,
        "view": view,
        "azimuth_deg": setting.azimuth_deg if setting else 0.0,
        "roll_deg": setting.roll_deg if setting else 0.0,
        "roll_stated": setting.roll_stated if setting else True,
        "body": name,
    }


def _rows(about: Row, measured: GaitMeasurement, truth: Truth) -> Iterator[Row]:
    for readings in measured.readings:
        key = (readings.name, str(readings.side))
        if key not in truth:
            continue
        measure = measured.result.get(readings.name, readings.side)
        code = measure.not_measurable.code if measure.not_measurable else ""
        row = {
            **about,
            "name": readings.name,
            "side": readings.side,
            "value": measure.value,
            "se": measure.standard_error,
            "true": truth[key],
            "n": measure.n,
            "refused": code,
            "note": "",
        }
        if code == "too_few" and readings.name in GEOMETRY:
            center = readings.center if readings.center is not None else float(np.nanmean(readings.values))
            row |= {"value": center, "refused": "", "note": BELOW_GATE}
        yield row


def _refused_rows(about: Row, truth: Truth, error: LevelstrideError) -> Iterator[Row]:
    for (name, side), true in truth.items():
        row = {**about, "name": name, "side": side, "value": None, "se": None, "true": true, "n": 0}
        yield {**row, "refused": error.problem, "note": ""}


def _hip_line_rows(trial: MarkerTrial, points: dict[str, FloatArray], motion: xr.Dataset, about: Row) -> Iterator[Row]:
    """Mid-stance hip line in the picture against the obliquity in space; > 0 when the swinging side is lower."""
    away = np.full(motion.sizes["time"], 1.0 if about["view"] == "back" else -1.0)
    seen = frontal.hip_line(motion, away)
    true = frontal_curves(points)["hip_line"]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        windows = [(a, b) for s, a, b in mid_stances(trial) if s == side]
        if not windows:
            continue
        yield {
            **about,
            "name": "hip_line_deg",
            "side": side,
            "value": sign * _mean_within(seen, FPS, windows),
            "se": None,
            "true": sign * _mean_within(true, trial.rate_hz, windows),
            "n": len(windows),
            "refused": "",
            "note": LABELLED,
        }


def _mean_within(series: FloatArray, rate_hz: float, windows: Sequence[tuple[float, float]]) -> float:
    means = [series[int(np.ceil(a * rate_hz)) : int(b * rate_hz) + 1].mean() for a, b in windows]
    return float(np.mean(means))


def controls(folder: Path) -> dict[str, Any]:
    """Return what must hold for any walk: hip line against space, front against back, camera roll.

    Returns
    -------
    dict
        ``obliquity_rmse_deg`` by azimuth; ``front_back_deg``: largest difference by measure, square to the walk;
        ``roll_slope`` and ``roll_slope_stated``: turn of hip and trunk line in the picture per degree of camera roll,
        smallest and largest.
    """
    every = [row for n, walk in enumerate(WALKS) for row in frontal_rows(folder, walk, seed=100 * n)]
    lines = [r for r in every if r["name"] == "hip_line_deg"]

    def rmse(chosen: list[Row]) -> float:
        return float(np.sqrt(np.mean([(r["value"] - r["true"]) ** 2 for r in chosen])))

    found: dict[str, Any] = {
        "obliquity_rmse_deg": {
            "square": rmse([r for r in lines if not r["azimuth_deg"]]),
            "15 degrees off": rmse([r for r in lines if r["azimuth_deg"]]),
        },
        "front_back_deg": front_back(every),
    }
    for stated, key in ((False, "roll_slope"), (True, "roll_slope_stated")):
        slopes = [s for walk in WALKS for s in roll_slopes(folder, walk, stated=stated).items()]
        found[key] = {
            line: [min(v for n, v in slopes if n == line), max(v for n, v in slopes if n == line)]
            for line in sorted({n for n, _ in slopes})
        }
    return found


def front_back(every: Sequence[Row]) -> dict[str, float]:
    """Return the largest difference between front and back by measure in degrees, level camera square to the walk."""
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in every:
        plain = not row["azimuth_deg"] and not row["roll_deg"]
        if plain and row["name"].endswith("_deg") and row["value"] is not None:
            values.setdefault((row["name"], row["case"], row["side"]), {})[row["view"]] = row["value"]
    found: dict[str, float] = {}
    for (name, _, _), pair in values.items():
        if len(pair) == 2:
            found[name] = max(found.get(name, 0.0), abs(pair["back"] - pair["front"]))
    return found


def roll_slopes(folder: Path, walk: RealWalk, *, stated: bool) -> dict[str, float]:
    """Return how far hip and trunk line turn in the picture per degree of roll: 1 when not corrected, 0 when stated."""
    trial, points = load(folder, walk)
    rolls = np.array([-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0])
    found: dict[str, float] = {}
    for view, sign in (("back", 1.0), ("front", -1.0)):
        turns: dict[str, list[float]] = {}
        for number, roll in enumerate(rolls):
            setting = Setting("back" if view == "back" else "front", 0.0, float(roll), stated)
            motion = film_frontal(points, trial.rate_hz, setting, seed=number)
            away = np.full(motion.sizes["time"], sign)
            lines = {"hip line": frontal.hip_line(motion, away)}
            if "left_shoulder" in points:
                lines["trunk line"] = frontal.trunk_right_lean(motion, away)
            for line, series in lines.items():
                # a camera turned clockwise shows the world turned anticlockwise
                turns.setdefault(f"{line}, {view}", []).append(-sign * float(series.mean()))
        found |= {line: float(np.polyfit(rolls, values, 1)[0]) for line, values in turns.items()}
    return found
