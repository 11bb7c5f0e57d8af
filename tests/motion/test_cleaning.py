"""Why it exists: repairs are bounded, change nothing else, and leave a record."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from levelstride.motion.cleaning import butterworth, drop_outliers, drop_unseen, fill_gaps, runs
from levelstride.motion.dataset import load_motion, make_motion, read_log, save_motion

FPS = 60.0


def one_point(series: np.ndarray, confidence: np.ndarray | None = None) -> xr.Dataset:
    position = np.stack([series, np.zeros_like(series)], axis=1)[:, :, None, None]
    seen = None if confidence is None else confidence[:, None, None]
    return make_motion(position, seen, keypoints=["left_ankle"], fps=FPS)


def x(motion: xr.Dataset) -> np.ndarray:
    return motion.position.values[:, 0, 0, 0]


@given(st.lists(st.booleans(), max_size=40))
def test_runs_cover_exactly_the_true_samples(mask: list[bool]) -> None:
    covered = [i for start, stop in runs(np.array(mask, dtype=bool)) for i in range(start, stop)]
    assert covered == [i for i, m in enumerate(mask) if m]


def test_gaps_up_to_the_limit_are_bridged_linearly_and_no_others() -> None:
    series = np.arange(100.0)
    series[[0, 99]] = np.nan
    series[20:32] = np.nan  # 0.2 s
    series[60:73] = np.nan  # longer
    filled = fill_gaps(one_point(series), max_gap_s=0.2)
    np.testing.assert_allclose(x(filled)[20:32], np.arange(20.0, 32.0))
    assert np.isnan(x(filled)[60:73]).all()
    assert np.isnan(x(filled)[[0, 99]]).all()
    assert read_log(filled)[-1] == {"operation": "fill_gaps", "max_gap_s": 0.2, "values_filled": 12}


def test_low_confidence_is_dropped_and_unknown_confidence_kept() -> None:
    confidence = np.array([0.9, 0.1, np.nan, 0.31])
    dropped = drop_unseen(one_point(np.arange(4.0), confidence), min_confidence=0.3)
    np.testing.assert_array_equal(np.isnan(x(dropped)), [False, True, False, False])


def test_a_spike_goes_and_a_swing_stays() -> None:
    time = np.arange(120) / FPS
    series = 150 * np.sin(2 * np.pi * 0.9 * time)
    spiked = series.copy()
    spiked[40] += 300
    cleaned = x(drop_outliers(one_point(spiked), window_s=0.5, mads=6.0, floor_px=60.0))
    assert np.flatnonzero(np.isnan(cleaned)).tolist() == [40]


def test_butterworth_has_no_lag_and_halves_power_at_the_cutoff() -> None:
    time = np.arange(600) / FPS
    for frequency, expected in ((1.0, 1.0), (6.0, 2**-0.5), (15.0, 0.03)):
        wave = np.sin(2 * np.pi * frequency * time)
        out = x(butterworth(one_point(wave), cutoff_hz=6.0))[100:-100]
        gain = np.std(out) / np.std(wave[100:-100])
        assert gain == pytest.approx(expected, abs=0.02)
        if expected > 0.5:
            assert np.corrcoef(out, wave[100:-100])[0, 1] > 0.9999


def test_stretches_too_short_to_filter_become_missing() -> None:
    series = np.full(100, np.nan)
    series[5:12] = 1.0
    series[30:90] = np.arange(60.0)
    out = x(butterworth(one_point(series), cutoff_hz=6.0))
    assert np.isnan(out[5:12]).all()
    np.testing.assert_allclose(out[40:80], series[40:80], atol=0.2)


def test_motion_files_open_in_the_movement_package(tmp_path) -> None:
    movement_kinematics = pytest.importorskip("movement.kinematics")
    validators = pytest.importorskip("movement.validators.datasets")
    motion = drop_unseen(one_point(np.arange(30.0)), min_confidence=0.3)
    save_motion(motion, tmp_path / "motion.nc")
    opened = xr.open_dataset(tmp_path / "motion.nc")
    assert tuple(opened.position.dims) == validators.ValidPosesInputs.DIM_NAMES
    velocity = movement_kinematics.compute_velocity(opened.position)
    np.testing.assert_allclose(velocity.values[5:-5, 0, 0, 0], FPS, rtol=1e-6)
    xr.testing.assert_identical(load_motion(tmp_path / "motion.nc"), motion)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fps": 0.0}, "fps > 0"),
        ({"keypoints": ["a", "b"]}, "keypoints"),
        ({"view": "above"}, "view"),
        ({"time_s": np.arange(3.0)}, "times"),
        ({"confidence": np.zeros((4, 2, 1))}, "confidence"),
    ],
)
def test_bad_shapes_are_refused_at_the_door(change: dict, message: str) -> None:
    arguments = {"keypoints": ["a"], "fps": 30.0, **change}
    with pytest.raises(ValueError, match=message):
        make_motion(np.zeros((4, 2, 1, 1)), **arguments)
