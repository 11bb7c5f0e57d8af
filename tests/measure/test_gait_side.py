"""Why it exists: the side-view task on walks known by formula: values, errors, refusals, repairs."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.errors import InputError, NotMeasurableError
from levelstride.measure.gait_side import measure_gait_side
from levelstride.motion.dataset import read_log, with_positions
from tests.support.walker import Walker


def test_a_plain_walk() -> None:
    walker = Walker(step_time_s=(0.5, 0.6), step_length_m=(0.55, 0.65))
    result = measure_gait_side(walker.film(noise_px=1.0), px_per_m=300.0, roll_known=True).result
    assert result.surface == "over ground"
    assert result.get("cadence_spm").value == pytest.approx(60 / 0.55, rel=0.01)
    assert result.get("step_time_s", "left").value == pytest.approx(0.5, abs=0.015)
    assert result.get("step_time_s", "right").value == pytest.approx(0.6, abs=0.015)
    assert result.get("step_time_asymmetry_pct").value == pytest.approx(-100 * 0.1 / 0.55, abs=3)
    assert result.get("step_length_m", "left").value == pytest.approx(0.55, abs=0.015)
    assert result.get("step_length_m", "right").value == pytest.approx(0.65, abs=0.015)
    assert result.get("stride_length_m", "right").value == pytest.approx(1.20, abs=0.02)
    assert result.get("walking_speed_mps").value == pytest.approx(1.2 / 1.1, rel=0.02)
    assert result.get("trunk_forward_lean_deg").value == pytest.approx(4.0, abs=0.3)
    assert result.get("stance_pct", "left").value + result.get("swing_pct", "left").value == pytest.approx(100)


def test_height_gives_the_scale() -> None:
    result = measure_gait_side(Walker(height_m=1.7).film(), height_m=1.7).result
    measure = result.get("step_length_m", "left")
    assert measure.value == pytest.approx(0.62, rel=0.01)
    assert measure.standard_error > 0.03 * measure.value  # the scale's own error is in it
    assert result.scale_method == "height, ankle to ear"


def test_without_scale_lengths_are_refused_with_the_way_out() -> None:
    result = measure_gait_side(Walker().film()).result
    for name in ("step_length_m", "stride_length_m", "foot_to_pelvis_at_contact_m"):
        measure = result.get(name, "left")
        assert measure.value is None
        assert measure.not_measurable.code == "no_scale"
        assert "--height" in measure.not_measurable.fix
    assert result.get("foot_to_pelvis_at_contact_pct", "left").value is not None


def test_far_leg_has_the_larger_error() -> None:
    result = measure_gait_side(Walker().film(view="left", noise_px=1.0), px_per_m=300.0).result
    for name in ("step_time_s", "peak_knee_flexion_swing_deg", "peak_hip_extension_deg", "step_length_m"):
        near, far = result.get(name, "left"), result.get(name, "right")
        assert (near.limb, far.limb) == ("near", "far")
        assert far.instrument_error > near.instrument_error


@settings(max_examples=12, deadline=None)
@given(
    fps=st.sampled_from([25.0, 30.0, 60.0]),
    view=st.sampled_from(["left", "right"]),
    step_time=st.floats(0.42, 0.75),
    seed=st.integers(0, 10_000),
)
def test_cadence_and_sign_hold_for_any_camera(fps: float, view: str, step_time: float, seed: int) -> None:
    walker = Walker(step_time_s=(step_time, step_time), n_steps=12)
    film = walker.film(fps=fps, view=view, noise_px=1.5, seed=seed)
    steady = film.sel(time=slice(walker.contacts[2][1] - 0.3, walker.contacts[-2][1] + 0.3))  # without start and stop
    result = measure_gait_side(steady, px_per_m=300.0).result
    assert result.get("cadence_spm").value == pytest.approx(60 / step_time, rel=0.01)
    for side in ("left", "right"):
        assert result.get("peak_hip_extension_deg", side).value > 0
        assert result.get("trailing_limb_angle_deg", side).value > 0
        assert result.get("foot_to_pelvis_at_contact_pct", side).value > 0
    assert all(w.camera_sees == view for w in result.walks)


def test_treadmill_gives_the_same_lengths_as_the_ground() -> None:
    walker = Walker(n_steps=16, treadmill=True)
    result = measure_gait_side(walker.film(), px_per_m=300.0).result
    assert result.surface == "treadmill or moving camera"
    assert result.get("step_length_m", "left").value == pytest.approx(0.62, rel=0.04)
    assert result.get("walking_speed_mps").value == pytest.approx(0.62 / 0.55, rel=0.04)


def test_standing_before_and_after_adds_no_steps() -> None:
    still = Walker(stand_before_s=3.0, stand_after_s=3.0)
    result = measure_gait_side(still.film(noise_px=1.5), px_per_m=300.0).result
    contacts = [e for e in result.events if e.kind == "contact"]
    assert 8 <= len(contacts) <= 10
    assert all(3.4 < e.time_s < still.duration_s - 3.0 for e in contacts)


def test_turning_is_left_out_and_both_directions_count() -> None:
    there = Walker(n_steps=8).film(view="left", noise_px=1.0)
    back = Walker(n_steps=8).film(view="right", noise_px=1.0, seed=1)
    turn = turning(there, back, n=60)
    position = np.concatenate([there.position.values, turn, back.position.values])
    both = with_same_attrs(there, position)
    result = measure_gait_side(both, px_per_m=300.0).result
    assert [w.camera_sees for w in result.walks] == ["left", "right"]
    assert result.get("step_time_s", "left").limb == "mixed"
    assert result.get("cadence_spm").value == pytest.approx(60 / 0.55, rel=0.01)
    n_there = there.sizes["time"]
    for event in result.events:
        assert not n_there + 5 < event.frame < n_there + 55


@pytest.mark.parametrize("share", [0.15, 0.3, 0.6, 1.0])
def test_a_panned_camera_does_not_shorten_steps(share: float) -> None:
    result = measure_gait_side(panned(Walker(n_steps=10).film(noise_px=1.0), share), px_per_m=300.0).result
    assert result.surface == "treadmill or moving camera"
    assert result.get("step_length_m", "left").value == pytest.approx(0.62, rel=0.03)
    assert result.get("walking_speed_mps").value == pytest.approx(0.62 / 0.55, rel=0.03)


def test_a_camera_that_follows_there_and_back() -> None:
    there = panned(Walker(n_steps=10).film(view="left", noise_px=1.0), 1.0)
    back = panned(Walker(n_steps=8).film(view="right", noise_px=1.0, seed=1), 1.0)
    position = np.concatenate([there.position.values, turning(there, back, n=60), back.position.values])
    result = measure_gait_side(with_same_attrs(there, position), px_per_m=300.0).result
    assert len(result.walks) == 2
    assert result.get("walking_speed_mps").value == pytest.approx(0.62 / 0.55, rel=0.03)


def test_equal_passes_in_both_directions_fit_either_view() -> None:
    there, back = (Walker(n_steps=8).film(view=v, noise_px=1.0) for v in ("left", "right"))
    position = np.concatenate([there.position.values, turning(there, back, n=60), back.position.values])
    for view in ("left", "right"):
        assert len(measure_gait_side(with_same_attrs(there, position).assign_attrs(view=view)).result.walks) == 2


def test_passes_at_different_distances_have_their_own_scale() -> None:
    far, near = (Walker(n_steps=8).film(view=v, px_per_m=p) for v, p in (("left", 250.0), ("right", 325.0)))
    position = np.concatenate([far.position.values, turning(far, near, n=60), near.position.values])
    result = measure_gait_side(with_same_attrs(far, position), height_m=1.7).result
    assert result.get("step_length_m", "left").value == pytest.approx(0.62, rel=0.02)
    assert not any("square" in note for note in result.notes)


def test_a_hesitation_is_left_out_of_the_cadence_too() -> None:
    motion = Walker(n_steps=14).film(noise_px=1.0)
    at = int(Walker(n_steps=14).contacts[6][1] * 60) + 5
    held = np.concatenate([np.arange(at), np.full(30, at), np.arange(at, motion.sizes["time"])])
    result = measure_gait_side(with_same_attrs(motion, motion.position.values[held]), px_per_m=300.0).result
    steps = np.mean([result.get("step_time_s", side).value for side in ("left", "right")])
    assert result.get("cadence_spm").value == pytest.approx(60 / steps, rel=0.02)
    assert result.get("cadence_spm").value == pytest.approx(60 / 0.55, rel=0.02)


def test_an_absurd_scale_is_refused() -> None:
    with pytest.raises(InputError, match="pixels per metre"):
        measure_gait_side(Walker().film(), px_per_m=0.001)


def test_a_leg_hidden_most_of_the_time_is_not_measured() -> None:
    motion = Walker(n_steps=12).film(noise_px=1.0)
    position = motion.position.values.copy()
    names = list(motion.keypoints.values)
    hidden = np.arange(len(position)) % 40 < 25
    position[hidden, :, names.index("right_knee")] = np.nan
    result = measure_gait_side(with_positions(motion, position), px_per_m=300.0).result
    knee = result.get("peak_knee_flexion_swing_deg", "right")
    assert knee.value is None
    assert knee.not_measurable.code in ("hidden", "not_seen")
    assert result.get("peak_knee_flexion_swing_deg", "left").value is not None


@pytest.mark.parametrize("swapped", [[(70, 74)], [(100, 101)], [(66, 84), (120, 138), (200, 230)]])
def test_exchanged_legs_are_put_back(swapped: list[tuple[int, int]]) -> None:
    motion = Walker().film(noise_px=1.0)
    position = motion.position.values.copy()
    names = list(motion.keypoints.values)
    for start, stop in swapped:
        for part in ("hip", "knee", "ankle", "heel", "big_toe"):
            a, b = names.index(f"left_{part}"), names.index(f"right_{part}")
            position[start:stop, :, [a, b]] = position[start:stop][:, :, [b, a]]
    clean = measure_gait_side(motion, px_per_m=300.0)
    repaired = measure_gait_side(with_positions(motion, position), px_per_m=300.0)
    entry = next(e for e in read_log(repaired.motion) if e["operation"] == "repair_sides")
    assert abs(entry["frames_swapped"] - sum(b - a for a, b in swapped)) <= 2
    for name in ("step_time_s", "peak_knee_flexion_swing_deg"):
        for side in ("left", "right"):
            assert repaired.result.get(name, side).value == pytest.approx(clean.result.get(name, side).value, rel=0.02)


def test_short_gaps_are_bridged_and_long_ones_cost_steps_not_truth() -> None:
    motion = Walker(n_steps=14).film(noise_px=1.0)
    position = motion.position.values.copy()
    position[100:106] = np.nan
    short = measure_gait_side(with_positions(motion, position), px_per_m=300.0).result
    assert short.get("cadence_spm").n >= 11
    position[250:310] = np.nan
    long = measure_gait_side(with_positions(motion, position), px_per_m=300.0).result
    assert len(long.walks) == 2
    assert long.get("cadence_spm").value == pytest.approx(60 / 0.55, rel=0.015)


def test_outliers_are_dropped() -> None:
    motion = Walker().film(noise_px=1.0)
    position = motion.position.values.copy()
    position[90, :, :, 0] += 400
    position[91, 0, 4:9, 0] -= 350
    result = measure_gait_side(with_positions(motion, position), px_per_m=300.0).result
    assert result.get("peak_knee_flexion_swing_deg", "left").sd < 3
    assert result.get("cadence_spm").value == pytest.approx(60 / 0.55, rel=0.01)


class TestRefusals:
    def test_two_steps(self) -> None:
        with pytest.raises(NotMeasurableError, match="at least 4 in a row"):
            measure_gait_side(Walker(n_steps=2).film())

    def test_standing_still(self) -> None:
        still = Walker().film().isel(time=slice(0, 1)).isel(time=np.zeros(300, dtype=int))
        with pytest.raises(NotMeasurableError, match="0 steps"):
            measure_gait_side(still.assign_coords(time=np.arange(300) / 60))

    def test_nobody(self) -> None:
        motion = Walker().film()
        with pytest.raises(NotMeasurableError, match="legs were not seen"):
            measure_gait_side(with_positions(motion, np.full_like(motion.position.values, np.nan)))

    def test_facing_the_camera(self) -> None:
        motion = Walker().film()
        position = motion.position.values.copy()
        position[:, 0] = 960 + 0.05 * (position[:, 0] - 960)
        with pytest.raises(NotMeasurableError):
            measure_gait_side(with_positions(motion, position))

    def test_one_leg_never_steps(self) -> None:
        motion = Walker(n_steps=12).film()
        position = motion.position.values.copy()
        names = list(motion.keypoints.values)
        for part in ("knee", "ankle", "heel", "big_toe"):  # the right leg is carried along, as when hopping on the left
            foot = names.index(f"right_{part}")
            position[:, :, foot] = motion.position.values[:, :, names.index("left_hip")] + [[[20.0], [150.0]]]
            if part == "big_toe":
                position[:, 0, foot] -= 60
        with pytest.raises(NotMeasurableError, match="alternate|in a row"):
            measure_gait_side(with_positions(motion, position))

    def test_slow_motion_is_named(self) -> None:
        motion = Walker(n_steps=10).film(fps=120.0)
        slow = motion.assign_coords(time=motion.time * 4).assign_attrs(fps=30.0)
        with pytest.raises(NotMeasurableError, match="--capture-fps|in a row"):
            measure_gait_side(slow)

    def test_the_other_side_is_shown(self) -> None:
        with pytest.raises(NotMeasurableError, match="--view right") as refusal:
            measure_gait_side(Walker().film(view="right").assign_attrs(view="left"))
        assert "--mirrored" in refusal.value.fix


def turning(first: xr.Dataset, second: xr.Dataset, n: int) -> np.ndarray:
    """Shrink the person to a frontal silhouette and open up again, facing the other way."""
    a, b = first.position.values[-1], second.position.values[0]
    out = []
    for k in range(n):
        share = k / (n - 1)
        source = a if share < 0.5 else b
        squeezed = source.copy()
        middle = source[0].mean()
        squeezed[0] = middle + (source[0] - middle) * abs(1 - 2 * share)
        out.append(squeezed)
    return np.array(out)


def panned(motion: xr.Dataset, share: float) -> xr.Dataset:
    """Follow the person with the camera at a share of walking speed (0.62 m in 0.55 s at 300 px per metre)."""
    sign = -1.0 if motion.attrs["view"] == "left" else 1.0
    shift = sign * share * 300.0 * 0.62 / 0.55 * np.arange(motion.sizes["time"]) / motion.fps
    position = motion.position.values.copy()
    position[:, 0] -= shift[:, None, None]
    return with_positions(motion, position)


def with_same_attrs(motion: xr.Dataset, position: np.ndarray) -> xr.Dataset:
    n = len(position)
    return xr.Dataset(
        {
            "position": (motion.position.dims, position),
            "confidence": (motion.confidence.dims, np.full((n, position.shape[2], 1), 0.9)),
        },
        coords={
            "time": np.arange(n) / motion.fps,
            "space": motion.space.values,
            "keypoints": motion.keypoints.values,
            "individuals": motion.individuals.values,
        },
        attrs=motion.attrs,
    )
