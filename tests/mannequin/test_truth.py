"""Why it exists: the truth is what everything else is held against, so it is checked on poses anyone can picture."""

from dataclasses import replace

import numpy as np
import pytest

from levelstride.anatomy.body import generic_body, pelvis_orientation, trunk_orientation, turn
from levelstride.library.loader import measure_library
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.performance import Performance
from levelstride.mannequin.truth import frontal_curves, truth_of

BODY = generic_body(1.70)


def pose(heading=0.0, **segments):
    """Return two frames of somebody who stands with some segments turned."""
    facing = turn("y", np.full(2, heading))
    orientation = {"pelvis": facing, "trunk": facing} | {
        name: facing @ np.broadcast_to(matrix, (2, 3, 3)) for name, matrix in segments.items()
    }
    return Performance(BODY, 30.0, orientation, np.tile(BODY["hip"], (2, 1)), np.full(2, heading))


@pytest.mark.parametrize("heading", [0.0, 30.0, 90.0, 180.0, -120.0])
class TestCurves:
    def test_upright_is_zero(self, heading):
        for name, curve in frontal_curves(pose(heading)).items():
            assert np.abs(curve).max() < 1e-6, name

    def test_a_dropped_right_side_is_positive_whatever_the_tilt(self, heading):
        curves = frontal_curves(pose(heading, pelvis=pelvis_orientation(10.0, 15.0, 0.0)))
        assert curves["pelvic_list"] == pytest.approx([10, 10])
        assert curves["hip_line"] == pytest.approx([10, 10])

    def test_shoulders_to_the_right_is_positive(self, heading):
        curves = frontal_curves(pose(heading, trunk=trunk_orientation(8.0, 0.0, 0.0)))
        # the trunk turns about the waist, a little above the hips
        assert 6 < curves["trunk_right_lean"][0] < 8
        assert frontal_curves(pose(heading, trunk=trunk_orientation(-8.0, 0.0, 0.0)))["trunk_right_lean"][0] < -6

    @pytest.mark.parametrize(("side", "sign"), [("left", -1.0), ("right", 1.0)])
    def test_a_shank_that_goes_outwards_is_valgus(self, heading, side, sign):
        outwards = turn("x", -sign * 12.0)
        legs = {f"{side}_shank": outwards, f"{side}_foot": np.eye(3)}
        assert frontal_curves(pose(heading, **legs))[f"{side}_knee"] == pytest.approx([12, 12])


def test_timing_is_read_off_the_contacts():
    performance = walk(BODY, GaitParameters(steps=24))
    left = np.arange(1.0, 9.0, 1.2)
    contacts = {"left": left, "right": left + 0.55}
    offs = {"left": left + 0.75, "right": left + 0.55 + 0.70}
    truth = truth_of(replace(performance, contacts=contacts, toe_offs=offs))
    assert truth["step_time_s", "right"] == pytest.approx(0.55)
    assert truth["step_time_s", "left"] == pytest.approx(0.65)
    assert truth["stride_time_s", "left"] == pytest.approx(1.2)
    assert truth["cadence_spm", "both"] == pytest.approx(100)
    assert truth["step_time_asymmetry_pct", "both"] == pytest.approx(100 * 0.10 / 0.6)
    assert truth["stance_time_s", "left"] == pytest.approx(0.75)
    assert truth["stance_pct", "right"] == pytest.approx(100 * 0.70 / 1.2)
    assert truth["swing_time_s", "right"] == pytest.approx(0.50)
    assert truth["double_support_pct", "both"] == pytest.approx(100 * (0.75 + 0.70) / 1.2 - 100)


def test_a_pause_between_passes_is_no_step():
    one, two = (truth_of(walk(BODY, GaitParameters(steps=10, passes=passes))) for passes in (1, 2))
    for key in [("cadence_spm", "both"), ("step_length_m", "left"), ("step_time_s", "right"), ("stance_pct", "left")]:
        assert two[key] == pytest.approx(one[key], abs=0.05), key


def test_every_name_is_a_measure_of_the_library():
    known = measure_library().measures
    truth = truth_of(walk(BODY, GaitParameters(stand_before_s=1.0)))
    assert {name for name, _ in truth} <= set(known)
    for name, side in truth:
        assert side in known[name].sides


def test_the_hip_line_changes_by_the_drop():
    truth = truth_of(walk(BODY, GaitParameters(pelvic_drop_deg=(3.0, 9.0), stand_before_s=1.0)))
    assert truth["hip_line_change_deg", "left"] == pytest.approx(3, abs=0.1)
    assert truth["hip_line_change_deg", "right"] == pytest.approx(9, abs=0.1)
