"""Why it exists: a leg solved backwards must end at the ankle, keep its bones, and bend the way a knee bends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.anatomy.body import generic_body
from levelstride.mannequin.legs import reach_at, solve_leg

BODY = generic_body(1.70)
FORWARD = np.array([[1.0, 0.0, 0.0]])
UPPER = float(np.linalg.norm(BODY["left_knee"] - BODY["left_hip"]))
LOWER = float(np.linalg.norm(BODY["left_ankle"] - BODY["left_knee"]))


def solved(side, hip, ankle, valgus=0.0, forward=FORWARD):
    """Return knee and ankle that the solved orientations lead to."""
    thigh, shank = solve_leg(BODY, side, hip, ankle, forward=forward, valgus_deg=np.full(len(hip), valgus))
    for matrix in (*thigh, *shank):
        assert np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(matrix) == pytest.approx(1)
    knee = hip + thigh @ (BODY[f"{side}_knee"] - BODY[f"{side}_hip"])
    return knee, knee + shank @ (BODY[f"{side}_ankle"] - BODY[f"{side}_knee"])


@settings(max_examples=60, deadline=None)
@given(
    side=st.sampled_from(["left", "right"]),
    share=st.floats(0.55, 0.999),
    swing=st.floats(-60, 60),
    aside=st.floats(-25, 25),
    valgus=st.floats(-15, 20),
    heading=st.floats(-180, 180),
)
def test_the_leg_ends_at_the_ankle_and_the_knee_points_forward(side, share, swing, aside, valgus, heading):
    a, b, c = np.radians([swing, aside, heading])
    forward = np.array([[np.cos(c), 0.0, -np.sin(c)]])
    right = np.cross(forward, [0.0, 1.0, 0.0])
    down = np.sin(a) * np.cos(b) * forward + np.sin(b) * right - np.array([[0, np.cos(a) * np.cos(b), 0]])
    hip = np.array([[0.3, 0.9, -0.2]])
    ankle = hip + down * share * (UPPER + LOWER)
    knee, end = solved(side, hip, ankle, valgus, forward)
    assert np.abs(end - ankle).max() < 1e-9
    assert np.linalg.norm(knee - hip) == pytest.approx(UPPER)
    assert np.linalg.norm(ankle - knee) == pytest.approx(LOWER)
    assert ((knee - hip) @ forward[0] - (ankle - hip) @ forward[0] * UPPER / (UPPER + LOWER))[0] > -1e-3


@pytest.mark.parametrize(("side", "medial"), [("left", 1.0), ("right", -1.0)])
def test_valgus_brings_the_knee_inwards_on_both_sides(side, medial):
    hip = np.array([BODY[f"{side}_hip"]])
    ankle = hip - [[0, float(reach_at(UPPER, LOWER, 30.0)), 0]]
    straight, _ = solved(side, hip, ankle)
    inwards, _ = solved(side, hip, ankle, valgus=10.0)
    assert straight[0, 2] == pytest.approx(hip[0, 2], abs=1e-9)
    assert medial * (inwards[0, 2] - hip[0, 2]) > 0.02
    thigh, shank = (np.degrees(np.arctan2(inwards[0, 2] - p[0, 2], abs(inwards[0, 1] - p[0, 1]))) for p in (hip, ankle))
    assert medial * (thigh + shank) == pytest.approx(10, abs=0.6)


@pytest.mark.parametrize("flexion", [0.0, 10.0, 60.0, 120.0])
def test_reach_and_flexion_agree(flexion):
    hip = np.array([[0.0, 0.9, 0.0]])
    ankle = hip - [[0, float(reach_at(UPPER, LOWER, flexion)), 0]]
    knee, _ = solved("right", hip, ankle)
    first, second = knee - hip, ankle - knee
    angle = np.degrees(np.arccos(np.clip((first @ second.T)[0, 0] / UPPER / LOWER, -1, 1)))
    assert angle == pytest.approx(flexion, abs=1e-4)
    assert reach_at(0.4, 0.4, 0.0) == pytest.approx(0.8)
    assert reach_at(0.3, 0.4, 90.0) == pytest.approx(0.5)


def test_an_ankle_out_of_reach_is_an_error_with_both_lengths():
    hip = np.array([[0.0, 2.0, 0.0]])
    with pytest.raises(ValueError, match=r"up to 0\.8\d\d m, but got 1\.900 m"):
        solved("left", hip, hip - [[0, 1.9, 0]])
