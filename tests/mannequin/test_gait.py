"""Why it exists: a synthetic walk must be the walk that was asked for, on feet that stand and legs that reach."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.anatomy.body import generic_body
from levelstride.errors import InputError
from levelstride.mannequin.body import BODY_NAMES, load_body
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.truth import truth_of

SLIM = load_body("woman_slim").joints
#: Measures that the parameters fix; the others follow from the body and fall between frames.
PLANNED = {
    "cadence_spm", "step_time_s", "stride_time_s", "stance_pct", "double_support_pct", "step_time_asymmetry_pct",
    "step_length_m", "stride_length_m", "walking_speed_mps", "step_width_m", "trunk_lean_deg", "hip_line_change_deg",
    "contralateral_pelvic_drop_deg", "knee_frontal_projection_deg",
}  # fmt: skip


def both(low, high):
    return st.tuples(st.floats(low, high), st.floats(low, high))


walks = st.builds(
    GaitParameters,
    cadence_spm=st.floats(70, 140),
    step_length_m=both(0.35, 0.70),
    step_time_asymmetry_pct=st.floats(-20, 20),
    step_width_m=st.floats(0.0, 0.25),
    pelvic_drop_deg=both(-4, 12),
    trunk_lean_deg=both(-5, 15),
    knee_valgus_deg=both(-8, 12),
    toe_out_deg=both(-15, 25),
    steps=st.integers(6, 10),
    passes=st.integers(1, 2),
    stand_before_s=st.sampled_from([0.0, 1.0]),
)
many = settings(max_examples=12, deadline=None)
bodies = st.sampled_from(BODY_NAMES)
rates = st.sampled_from([30.0, 60.0])


@many
@given(parameters=walks, name=bodies, fps=rates)
def test_what_was_asked_is_what_the_joints_say(parameters, name, fps):
    truth = truth_of(walk(load_body(name).joints, parameters, fps=fps))
    assert truth["cadence_spm", "both"] == pytest.approx(parameters.cadence_spm, rel=1e-3)
    assert truth["step_time_asymmetry_pct", "both"] == pytest.approx(parameters.step_time_asymmetry_pct, abs=0.1)
    assert truth["step_width_m", "both"] == pytest.approx(parameters.step_width_m, abs=0.002)
    for index, side in enumerate(("left", "right")):
        assert truth["step_length_m", side] == pytest.approx(parameters.step_length_m[index], abs=0.002)
        assert truth["contralateral_pelvic_drop_deg", side] == pytest.approx(parameters.pelvic_drop_deg[index], abs=0.1)
        assert truth["trunk_lean_deg", side] == pytest.approx(parameters.trunk_lean_deg[index], abs=0.15)
        # the knee bends as far as valgus needs, so that it is reached too
        assert truth["knee_frontal_projection_deg", side] == pytest.approx(parameters.knee_valgus_deg[index], abs=0.6)


def flat_frames(performance, side, contact):
    """Frames in which a foot that landed at ``contact`` has neither its heel nor its toe off the floor."""
    stride = 2 * 60 / truth_of(performance)["cadence_spm", "both"]
    offs = performance.toe_offs[side]
    off = offs[offs > contact].min(initial=np.inf)
    start, stop = contact + 0.09 * stride, min(contact + 0.36 * stride, off - 0.26 * stride)
    return np.arange(int(np.ceil(start * performance.fps)), min(int(stop * performance.fps) + 1, performance.n_frames))


@many
@given(parameters=walks, name=bodies, fps=rates)
def test_feet_neither_slide_nor_sink_and_legs_reach(parameters, name, fps):
    performance = walk(load_body(name).joints, parameters, fps=fps)
    points, neutral = performance.points, performance.neutral
    for side in ("left", "right"):
        for contact in performance.contacts[side]:
            flat = flat_frames(performance, side, contact)
            for part in ("ankle", "heel", "big_toe"):
                assert len(flat) < 2 or np.ptp(points[f"{side}_{part}"][flat], axis=0).max() < 1e-3
        for part in ("heel", "big_toe"):
            assert points[f"{side}_{part}"][:, 1].min() > neutral[f"{side}_{part}"][1] - 0.02
            assert points[f"{side}_{part}"][:, 1].min() > 0.0
        # thigh and shank end where the foot begins
        foot = points[f"{side}_big_toe"] - points[f"{side}_ankle"]
        wanted = performance.orientation[f"{side}_foot"] @ (neutral[f"{side}_big_toe"] - neutral[f"{side}_ankle"])
        assert np.abs(foot - wanted).max() < 1e-9
        assert np.isfinite(points[f"{side}_knee"]).all()


@settings(max_examples=8, deadline=None)
@given(cadence=st.floats(80, 130), length=st.floats(0.45, 0.68), name=bodies, passes=st.integers(1, 2))
def test_no_joint_jerks(cadence, length, name, passes):
    parameters = GaitParameters(cadence_spm=cadence, step_length_m=(length, length), steps=8, passes=passes)
    performance = walk(load_body(name).joints, parameters, fps=60.0)
    limits = {"hip": 12, "shoulder": 15, "ear": 15, "elbow": 20, "wrist": 30, "ankle": 70, "heel": 70}
    for part, limit in limits.items():
        for side in ("left", "right"):
            at = performance.points[f"{side}_{part}"]
            assert np.linalg.norm(np.diff(at, 2, axis=0) * 60.0**2, axis=1).max() < limit, part


def test_the_same_walk_twice_is_the_same_to_the_bit():
    first, second = (walk(SLIM, GaitParameters(passes=2), fps=30.0) for _ in range(2))
    assert np.array_equal(first.root, second.root)
    assert all(np.array_equal(first.points[name], second.points[name]) for name in first.points)


def test_the_frame_rate_does_not_change_the_walk():
    slow, fast = (walk(SLIM, GaitParameters(pelvic_drop_deg=(4, 9)), fps=fps) for fps in (30.0, 120.0))
    assert np.abs(slow.root - fast.root[::4][: slow.n_frames]).max() < 0.01
    truth = truth_of(fast)
    for key, value in truth_of(slow).items():
        if key[0] in PLANNED:
            assert truth[key] == pytest.approx(value, abs=0.15), key


def test_a_treadmill_keeps_the_body_in_place_and_moves_the_ground():
    ground = walk(SLIM, GaitParameters(steps=16), fps=60.0)
    belt = walk(SLIM, GaitParameters(steps=16, treadmill=True), fps=60.0)
    assert belt.belt_m is not None
    assert np.ptp(belt.root[:, 0]) < 0.05
    assert np.ptp(ground.root[:, 0]) > 8
    for name, at in belt.points.items():
        carried = at.copy()
        carried[:, 0] += belt.belt_m
        assert np.abs(carried - ground.points[name]).max() < 1e-9
    assert truth_of(belt)["step_length_m", "left"] == pytest.approx(0.65, abs=0.002)
    assert truth_of(belt)["walking_speed_mps", "both"] == pytest.approx(0.65 * 110 / 60, rel=0.005)


def test_two_passes_end_where_they_began_and_face_the_other_way():
    performance = walk(SLIM, GaitParameters(passes=2), fps=30.0)
    assert abs(performance.root[-1, 0] - performance.root[0, 0]) < 0.05
    assert performance.heading_deg[0] == pytest.approx(0, abs=1e-6)
    assert performance.heading_deg[-1] == pytest.approx(180, abs=1e-3)
    assert np.ptp(performance.root[:, 2]) < 0.15


def test_standing_is_still_and_its_time_is_known():
    performance = walk(SLIM, GaitParameters(stand_before_s=2.0, stand_after_s=1.0), fps=30.0)
    assert performance.standing_s == (0.0, 2.0)
    for name, at in performance.points.items():
        # arms gather swing a little earlier
        assert np.ptp(at[: round(1.5 * 30)], axis=0).max() < (0.005 if name.endswith(("wrist", "elbow")) else 0.002)
        assert np.ptp(at[-round(0.6 * 30) :], axis=0).max() < 0.005
    assert walk(SLIM, GaitParameters()).standing_s is None


def test_exchanged_sides_give_exchanged_truth():
    pairs = {"pelvic_drop_deg": (2.0, 8.0), "trunk_lean_deg": (1.0, 5.0), "knee_valgus_deg": (0.0, 4.0)}
    there = GaitParameters(steps=13, step_time_asymmetry_pct=8.0, **pairs)
    exchanged = replace(there, step_time_asymmetry_pct=-8.0, **{k: v[::-1] for k, v in pairs.items()})
    one, other = truth_of(walk(SLIM, there)), truth_of(walk(SLIM, exchanged))
    for (name, side), value in one.items():
        swapped = {"left": "right", "right": "left"}.get(side, side)
        sign = -1 if name == "step_time_asymmetry_pct" else 1
        if name in PLANNED:
            assert other[name, swapped] == pytest.approx(sign * value, abs=0.05), name


@pytest.mark.parametrize(
    ("name", "value"),
    [("cadence_spm", 300), ("pelvic_drop_deg", (4.0, 50.0)), ("steps", 2), ("step_width_m", -0.1), ("passes", 0)],
)
def test_a_walk_nobody_has_is_refused_with_the_limits(name, value):
    with pytest.raises(InputError, match=name) as refusal:
        GaitParameters(**{name: value})
    assert " to " in refusal.value.fix


def test_steps_longer_than_the_legs_are_refused():
    with pytest.raises(InputError, match="longer than these legs"):
        walk(generic_body(1.0), GaitParameters(step_length_m=(0.95, 0.95)))
