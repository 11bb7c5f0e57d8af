"""Clocks of cameras: even, rounded, dropping, variable, slow motion, absent."""

import numpy as np
import pytest

from levelstride.recording.timeline import make_timeline, to_even


def moving(times):
    """One point at x = 100 t, y = 1; confidence 1."""
    points = np.stack([100 * np.asarray(times), np.ones(len(times))], axis=-1)[:, None, :]
    return points, np.ones((len(times), 1))


def test_even_clock_passes_untouched():
    timeline = make_timeline(5 + np.arange(60) / 30, 30.0)
    assert (timeline.is_even, timeline.is_variable, timeline.n_dropped) == (True, False, 0)
    assert timeline.fps == pytest.approx(30)
    points, confidence = moving(timeline.times_s)
    assert to_even(timeline, points, confidence)[0] is points


def test_millisecond_rounding_does_not_change_the_rate():
    timeline = make_timeline(np.round(np.arange(300) / 30, 3), 30.0)
    assert timeline.is_even
    assert timeline.fps == pytest.approx(30, rel=1e-4)


def test_dropped_frames_are_counted_and_short_gaps_bridged():
    times = np.delete(np.arange(90) / 30, [20, 50, 51, 70, 71, 72])
    timeline = make_timeline(times, 30.0)
    assert (timeline.is_variable, timeline.n_dropped) == (False, 6)
    points, confidence = to_even(timeline, *moving(timeline.times_s))
    assert len(points) == 90
    missing = np.flatnonzero(np.isnan(points[:, 0, 0]))
    assert missing.tolist() == [70, 71, 72]
    assert confidence[70:73].max() == 0
    np.testing.assert_allclose(points[50, 0, 0], 100 * 50 / 30, rtol=1e-3)


def test_variable_rate_is_interpolated_onto_its_median():
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.choice([0.025, 0.0333, 0.045], 200))
    timeline = make_timeline(times, 30.0)
    assert timeline.is_variable
    assert timeline.fps == pytest.approx(1 / np.median(np.diff(times)), rel=1e-6)
    points, _ = to_even(timeline, *moving(timeline.times_s))
    seen = np.isfinite(points[:, 0, 0])
    assert seen.all()
    np.testing.assert_allclose(points[:, 0, 0], np.minimum(100 * timeline.grid_s, 100 * timeline.times_s[-1]), atol=0.7)


def test_missing_landmarks_stay_missing():
    times = np.cumsum(np.tile([0.03, 0.04], 30))
    timeline = make_timeline(times, 30.0)
    points, confidence = moving(timeline.times_s)
    points[20:30] = np.nan
    confidence[20:30] = 0
    even, sure = to_even(timeline, points, confidence)
    assert 9 <= np.isnan(even[:, 0, 0]).sum() <= 13
    assert (sure[np.isnan(even[:, 0, 0])] == 0).all()


def test_slow_motion_is_told_in_real_time():
    timeline = make_timeline(np.arange(240) / 30, 30.0, capture_fps=120)
    assert timeline.fps == pytest.approx(120)
    assert timeline.grid_s[-1] == pytest.approx(239 / 120)
    assert timeline.is_even


@pytest.mark.parametrize("times", [[np.nan] * 10, [0.0] * 10])
def test_file_without_a_clock_uses_its_stated_rate(times):
    timeline = make_timeline(np.array(times), 25.0)
    assert timeline.fps == pytest.approx(25)
    assert timeline.times_s[-1] == pytest.approx(9 / 25)


def test_repeated_times_are_left_out():
    times = np.sort(np.concatenate([np.arange(30) / 30, [10 / 30]]))
    timeline = make_timeline(times, 30.0)
    assert timeline.fps == pytest.approx(30)
    assert len(to_even(timeline, *moving(timeline.times_s))[0]) == 30
