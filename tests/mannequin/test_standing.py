"""Why it exists: a stance must show exactly the drop, lean and knee that were asked, on a foot that does not move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.errors import InputError
from levelstride.mannequin.body import BODY_NAMES, load_body
from levelstride.mannequin.standing import SHIFT_S, StanceParameters, quiet_standing, single_leg_stance
from levelstride.mannequin.truth import frontal_curves

SLIM = load_body("woman_slim").joints
stances = st.builds(
    StanceParameters,
    side=st.sampled_from(["left", "right"]),
    pelvic_drop_deg=st.floats(-10, 18),
    trunk_lean_deg=st.floats(-15, 25),
    knee_valgus_deg=st.floats(-9, 14),
    knee_flexion_deg=st.floats(17, 50),
    hold_s=st.floats(0.5, 3),
    width_m=st.floats(0.08, 0.30),
)


@settings(max_examples=12, deadline=None)
@given(p=stances, name=st.sampled_from(BODY_NAMES), fps=st.sampled_from([30.0, 60.0]))
def test_the_hold_shows_what_was_asked(p, name, fps):
    neutral = load_body(name).joints
    performance = single_leg_stance(neutral, p, fps=fps)
    curves, points = frontal_curves(performance), performance.points
    start, stop = p.hold_window_s
    hold = slice(int(np.ceil(start * fps)), int(stop * fps))
    right = 1.0 if p.side == "right" else -1.0
    assert np.abs(-right * curves["pelvic_list"][hold] - p.pelvic_drop_deg).max() < 0.5
    assert np.abs(right * curves["trunk_right_lean"][hold] - p.trunk_lean_deg).max() < 0.5
    assert np.abs(curves[f"{p.side}_knee"][hold] - p.knee_valgus_deg).max() < 0.5
    free = "left" if p.side == "right" else "right"
    lowest = np.minimum(points[f"{free}_heel"][:, 1], points[f"{free}_big_toe"][:, 1])
    assert lowest[hold].min() > 0.025
    assert lowest.min() > 0.0
    for part in ("ankle", "heel", "big_toe"):
        assert np.ptp(points[f"{p.side}_{part}"], axis=0).max() < 1e-6
        assert np.ptp(points[f"{free}_{part}"][: int(p.stand_before_s * fps)], axis=0).max() < 1e-6
    for joint, at in points.items():
        assert np.linalg.norm(np.diff(at, 2, axis=0) * fps**2, axis=1).max() < 15, joint


def test_knee_bend_and_free_leg_are_as_asked():
    performance = single_leg_stance(SLIM, StanceParameters("left", knee_flexion_deg=25.0))
    points = performance.points
    frame = round(4.0 * performance.fps)

    def bend(side):
        thigh, shank = (
            points[f"{side}_{a}"][frame] - points[f"{side}_{b}"][frame] for a, b in (("hip", "knee"), ("knee", "ankle"))
        )
        return np.degrees(np.arccos(thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)))

    assert bend("left") == pytest.approx(25, abs=0.5)
    assert 55 < bend("right") < 70
    assert points["right_knee"][frame, 0] > points["right_hip"][frame, 0]


def test_the_weight_is_over_the_standing_foot():
    for lean in (-10.0, 0.0, 20.0):
        performance = single_leg_stance(SLIM, StanceParameters("right", trunk_lean_deg=lean))
        frame = round(4.0 * performance.fps)
        at = {name: p[frame, 2] for name, p in performance.points.items()}
        trunk = 0.45 * at["hip"] + 0.55 * (at["left_shoulder"] + at["right_shoulder"]) / 2
        legs = sum(at[f"{side}_{part}"] for side in ("left", "right") for part in ("hip", "knee", "ankle")) / 6
        assert 0.68 * trunk + 0.32 * legs == pytest.approx(at["right_ankle"], abs=0.03)


def test_before_and_after_it_stands_on_both_feet():
    p = StanceParameters("right", stand_before_s=1.5, stand_after_s=1.0, hold_s=2.0)
    performance = single_leg_stance(SLIM, p, fps=30.0)
    assert performance.n_frames == round((1.5 + 2.0 + 1.0 + 2 * SHIFT_S) * 30)
    assert performance.standing_s == (0.0, 1.5)
    off, on = performance.toe_offs["left"][0], performance.contacts["left"][0]
    assert 1.5 < off < p.hold_window_s[0]
    assert p.hold_window_s[1] < on < p.duration_s - 1.0
    heel = performance.points["left_heel"]
    down = np.r_[0 : int(off * 30), int(on * 30) + 2 : performance.n_frames]
    assert np.ptp(heel[down], axis=0).max() < 1e-6
    assert len(performance.contacts["right"]) == len(performance.toe_offs["right"]) == 0


def test_quiet_standing_is_level_and_sways_a_little():
    performance = quiet_standing(SLIM, seconds=10.0, fps=30.0)
    assert performance.n_frames == 300
    assert performance.standing_s == (0.0, 10.0)
    for name, curve in frontal_curves(performance).items():
        assert np.abs(curve).max() < 0.5, name
    path = performance.points["neck"]
    assert 0.002 < np.ptp(path[:, 2]) < 0.03
    assert 0.002 < np.ptp(path[:, 0]) < 0.03
    for side in ("left", "right"):
        assert np.ptp(performance.points[f"{side}_ankle"], axis=0).max() < 1e-6


def test_twice_the_same_to_the_bit_and_left_mirrors_right():
    first, second = (single_leg_stance(SLIM, StanceParameters("left")) for _ in range(2))
    assert all(np.array_equal(first.points[name], second.points[name]) for name in first.points)
    left, right = (
        single_leg_stance(SLIM, StanceParameters(side, 8.0, 5.0, 6.0, 20.0, sway_m=0.0)) for side in ("left", "right")
    )
    mirror = np.array([1.0, 1.0, -1.0])
    for part in ("hip", "knee", "ankle", "shoulder", "wrist", "heel"):
        assert np.abs(left.points[f"left_{part}"] * mirror - right.points[f"right_{part}"]).max() < 0.005, part


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"side": "middle"}, "middle"),
        ({"pelvic_drop_deg": 40.0}, "pelvic_drop_deg"),
        ({"knee_valgus_deg": 15.0, "knee_flexion_deg": 10.0}, "cannot go 15 degrees"),
        ({"hold_s": 0.0}, "hold_s"),
    ],
)
def test_a_stance_nobody_has_is_refused(given, says):
    with pytest.raises(InputError, match=says):
        StanceParameters(**given)


def test_no_time_at_all_is_refused():
    with pytest.raises(InputError, match="0 seconds"):
        quiet_standing(SLIM, seconds=0.0)
