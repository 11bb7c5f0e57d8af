"""Why it exists: the numbers a side view may claim, held against marker-based walks with known joint centres.

Each trial is filmed by a virtual camera at either side, at 30 and 60 frames per second, with 2 px of noise.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from validation.markers import MarkerTrial, read_trial
from validation.side_camera import film, sagittal_truth

from levelstride.measure.gait_side import GaitMeasurement, measure_gait_side
from levelstride.motion import sagittal
from levelstride.motion.dataset import read_log

OVER_GROUND = ["btk/PiG_Motion-FlatFoot-Full.c3d", "btk/PiG_Motion3_noFF.c3d", "gaitalytics/test_small.c3d"]
JOINT_CENTRES = [*OVER_GROUND, "btk/PlugInC3D.c3d"]
TREADMILL = "gaitkit/fukuchi_WBDS19walkT01.c3d"
CAMERAS = [(fps, view) for fps in (30.0, 60.0) for view in ("left", "right")]
PX_PER_M = 350.0

_cache: dict[tuple[Path, str, float, str, int], tuple[MarkerTrial, GaitMeasurement]] = {}


def measured(data_dir: Path, file: str, fps: float, view: str, seed: int = 0) -> tuple[MarkerTrial, GaitMeasurement]:
    key = (data_dir, file, fps, view, seed)
    if key not in _cache:
        trial = read_trial(data_dir / file)
        side = "left" if view == "left" else "right"
        motion = film(trial, view=side, fps=fps, px_per_m=PX_PER_M, noise_px=2.0, seed=seed)
        _cache[key] = (trial, measure_gait_side(motion, px_per_m=PX_PER_M, roll_known=True))
    return _cache[key]


def rmse(difference: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean(difference**2)))


def walking(m: GaitMeasurement) -> slice:
    fps = m.motion.fps
    return slice(int(m.result.walks[0].start_s * fps), int(m.result.walks[-1].stop_s * fps) + 1)


@pytest.mark.parametrize("file", JOINT_CENTRES)
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_angle_curves(data_dir: Path, file: str, fps: float, view: str) -> None:
    trial, m = measured(data_dir, file, fps, view)
    truth = sagittal_truth(trial, m.motion.time.values)
    facing = np.full(m.motion.sizes["time"], 1.0 if m.result.walks[0].facing == "right" else -1.0)
    inside = walking(m)
    for side in ("left", "right"):
        knee = sagittal.knee_flexion(m.motion, side, facing) - truth[f"{side}_knee_flexion"]
        assert rmse(knee[inside]) <= 4.0
        hip, against_trunk = sagittal.hip_flexion(m.motion, side, facing)
        assert against_trunk == (f"{side}_hip_flexion" in truth)
        assert rmse((hip - truth.get(f"{side}_hip_flexion", truth[f"{side}_thigh"]))[inside]) <= 5.0


@pytest.mark.parametrize("file", [*OVER_GROUND, "btk/PlugInC3D.c3d"])
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_angles_against_the_laboratory_model(data_dir: Path, file: str, fps: float, view: str) -> None:
    """Plug-in-Gait's own flexion angles (3D, pelvis-based hip): a harder truth than the same definition in 3D."""
    trial, m = measured(data_dir, file, fps, view)
    facing = np.full(m.motion.sizes["time"], 1.0 if m.result.walks[0].facing == "right" else -1.0)
    inside = walking(m)
    for side, letter in (("left", "L"), ("right", "R")):
        knee = np.interp(m.motion.time, trial.time_s, trial.angles[f"{letter}KneeAngles"][:, 0])
        hip = np.interp(m.motion.time, trial.time_s, trial.angles[f"{letter}HipAngles"][:, 0])
        assert rmse((sagittal.knee_flexion(m.motion, side, facing) - knee)[inside]) <= 4.0
        assert rmse((sagittal.hip_flexion(m.motion, side, facing)[0] - hip)[inside]) <= 6.0


@pytest.mark.parametrize("file", [*JOINT_CENTRES, TREADMILL])
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_contacts(data_dir: Path, file: str, fps: float, view: str) -> None:
    trial, m = measured(data_dir, file, fps, view)
    errors = []
    for side in ("left", "right"):
        truth = trial.contacts[side]
        for event in m.result.events:
            if event.kind == "contact" and event.side == side:
                nearest = truth[np.argmin(np.abs(truth - event.time_s))]
                if abs(nearest - event.time_s) < 0.25:
                    errors.append(event.time_s - nearest)
                else:  # only where the trial has no labelled event: at its ends
                    assert not truth.min() < event.time_s < truth.max()
    possible = sum(0.3 < t < trial.time_s[-1] - 0.3 for side in ("left", "right") for t in trial.contacts[side])
    assert len(errors) >= min(possible, 4)
    assert np.mean(np.abs(errors)) <= 0.030


@pytest.mark.parametrize("file", [*OVER_GROUND, TREADMILL])
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_cadence_within_one_percent(data_dir: Path, file: str, fps: float, view: str) -> None:
    trial, m = measured(data_dir, file, fps, view)
    times = matched_contacts(trial, m)
    true = 60.0 * (len(times) - 1) / (times[-1] - times[0])
    measure = m.result.get("cadence_spm")
    assert measure.value == pytest.approx(true, rel=0.01)
    assert abs(measure.value - true) < 3 * measure.standard_error


@pytest.mark.parametrize("file", OVER_GROUND)
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_step_length_within_three_percent(data_dir: Path, file: str, fps: float, view: str) -> None:
    trial, m = measured(data_dir, file, fps, view)
    for side in ("left", "right"):
        measure = m.result.get("step_length_m", side)
        if measure.value is None:
            assert measure.not_measurable.code == "too_few"
            continue
        true = np.mean(true_step_lengths(trial, m, side))
        assert measure.value == pytest.approx(true, rel=0.03)
        assert abs(measure.value - true) < 2.5 * measure.standard_error


@pytest.mark.parametrize("file", [*JOINT_CENTRES, TREADMILL])
@pytest.mark.parametrize(("fps", "view"), CAMERAS)
def test_sides_are_never_swapped(data_dir: Path, file: str, fps: float, view: str) -> None:
    _, m = measured(data_dir, file, fps, view)
    entry = next(e for e in read_log(m.motion) if e["operation"] == "repair_sides")
    assert entry["frames_swapped"] == 0


@pytest.mark.parametrize("file", JOINT_CENTRES)
def test_walking_direction_changes_no_sign(data_dir: Path, file: str) -> None:
    """The same trial from its left and its right: every angle must agree within its error, sign included."""
    _, from_left = measured(data_dir, file, 60.0, "left")
    _, from_right = measured(data_dir, file, 60.0, "right")
    compared = 0
    for a in from_left.result.measures:
        b = from_right.result.get(a.name, a.side)
        if a.unit == "deg" and a.value is not None and b.value is not None:
            error = float(np.hypot(a.standard_error, b.standard_error))
            assert a.value == pytest.approx(b.value, abs=1.2 * error), a.name
            if abs(a.value) > error:
                assert np.sign(a.value) == np.sign(b.value), a.name
            compared += 1
    assert compared >= 8


def test_treadmill_is_recognised(data_dir: Path) -> None:
    _, m = measured(data_dir, TREADMILL, 60.0, "left")
    assert m.result.surface == "treadmill or moving camera"
    assert m.result.get("walking_speed_mps").value == pytest.approx(0.475, abs=0.03)
    _, over = measured(data_dir, OVER_GROUND[0], 60.0, "left")
    assert over.result.surface == "over ground"


def matched_contacts(trial: MarkerTrial, m: GaitMeasurement) -> np.ndarray:
    """Labelled times of the contacts that the measured walk consists of."""
    times = []
    for event in m.result.events:
        if event.kind == "contact":
            truth = trial.contacts[event.side]
            nearest = truth[np.argmin(np.abs(truth - event.time_s))]
            if abs(nearest - event.time_s) < 0.25:
                times.append(nearest)
    return np.sort(times)


def true_step_lengths(trial: MarkerTrial, m: GaitMeasurement, side: str) -> list[float]:
    """Distances between the feet's places on the ground, for the steps in which ``side`` lands."""

    def place(time: float, foot: str) -> float:
        flat = slice(int((time + 0.13) * trial.rate_hz), int((time + 0.32) * trial.rate_hz))
        points = [trial.points[f"{foot}_{p}"][flat] @ trial.forward for p in ("ankle", "heel", "big_toe")]
        return float(np.nanmean(points))

    labelled = sorted((t, s) for s in ("left", "right") for t in trial.contacts[s])
    used = set(matched_contacts(trial, m).tolist())
    return [
        place(t2, s2) - place(t1, s1)
        for (t1, s1), (t2, s2) in pairwise(labelled)
        if s2 == side and s1 != side and t1 in used and t2 in used and (t2 + 0.32) < trial.time_s[-1]
    ]
