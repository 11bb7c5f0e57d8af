"""Why it exists: one sign for back and front, and none of it may hang on where the camera stands."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.library.loader import task_spec
from levelstride.mannequin.body import load_body
from levelstride.mannequin.clip import Filming
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.standing import StanceParameters, single_leg_stance
from levelstride.mannequin.truth import frontal_curves
from levelstride.motion import frontal
from levelstride.motion.cleaning import runs
from levelstride.motion.dataset import point
from levelstride.motion.gait_events import facing_direction
from levelstride.motion.sagittal import leg_length

SLIM = load_body("woman_slim").joints
THERE_AND_BACK = walk(SLIM, GaitParameters(passes=2, steps=10, stand_before_s=2.0, stand_after_s=1.5))


def seen(performance, view="back", **filming):
    return performance.seen_by(Filming(view=view, **filming).camera_for(performance), view=view)


def stance(side="right", **changes):
    return single_leg_stance(SLIM, StanceParameters(side, stand_before_s=0.5, hold_s=1.0, **changes))


@pytest.mark.parametrize("view", ["back", "front"])
@settings(max_examples=8, deadline=None)
@given(
    side=st.sampled_from(["left", "right"]),
    drop=st.floats(-8, 15),
    lean=st.floats(-10, 15),
    valgus=st.floats(-8, 12),
)
def test_lines_read_the_same_from_both_ends(view, side, drop, lean, valgus):
    performance = stance(side, pelvic_drop_deg=drop, trunk_lean_deg=lean, knee_valgus_deg=valgus)
    motion = seen(performance, view, distance_m=6.0)
    away = np.full(performance.n_frames, 1.0 if view == "back" else -1.0)
    truth = frontal_curves(performance)
    hold = slice(60, 75)
    assert np.abs(frontal.trunk_right_lean(motion, away) - truth["trunk_right_lean"])[hold].max() < 0.8
    assert np.abs(frontal.hip_line(motion, away) - truth["hip_line"])[hold].max() < 1.0
    # the bent knee is nearer to a camera in front, which moves it in the picture
    assert np.abs(frontal.knee_projection(motion, side, away) - truth[f"{side}_knee"])[hold].max() < 2.0


@pytest.mark.parametrize(("view", "sign"), [("back", 1), ("front", -1)])
def test_width_says_from_which_end(view, sign):
    motion = seen(stance(), view)
    score = frontal.width_score(motion)
    assert 0.3 < np.median(sign * score) < 0.8
    assert (frontal.facing_away(motion, window_s=0.5, minimum=0.25) == sign).all()


@pytest.mark.parametrize("view", ["left", "right"])
def test_from_the_side_nobody_faces_the_camera(view):
    motion = seen(walk(SLIM, GaitParameters(steps=8)), view, size_px=(1280, 720), distance_m=6.0)
    assert np.abs(frontal.width_score(motion)).max() < 0.25
    assert not frontal.facing_away(motion, window_s=0.5, minimum=0.25).any()


def test_a_turn_is_seen_once():
    away = frontal.facing_away(seen(THERE_AND_BACK), window_s=0.5, minimum=0.25)
    assert [value for value in (1, -1) for _ in runs(away == value)] == [1, -1]
    turning = np.flatnonzero(away == 0) / THERE_AND_BACK.fps
    assert 0 < len(turning) < 40
    heading = np.interp(turning, THERE_AND_BACK.time_s, THERE_AND_BACK.heading_deg)
    assert heading.min() > 40
    assert heading.max() < 140


@settings(max_examples=10, deadline=None)
@given(start=st.integers(15, 80), length=st.integers(1, 6))
def test_exchanged_labels_are_put_back(start, length):
    motion = seen(stance())
    away = np.ones(motion.sizes["time"])
    names = [str(n) for n in motion.keypoints.values]
    order = [names.index({"l": "right", "r": "left"}[n[0]] + n[n.index("_") :]) if "_" in n else i
             for i, n in enumerate(names)]  # fmt: skip
    wrong = motion.copy(deep=True)
    span = slice(start, start + length)
    wrong.position.values[span] = motion.position.values[span][:, :, order]
    repaired = frontal.repair_labels(wrong, away)
    assert np.allclose(repaired.position.values, motion.position.values)
    assert frontal.repair_labels(motion, away).position.equals(motion.position)


def test_a_point_that_leans_to_the_persons_right_is_positive():
    upper, lower = np.array([[1.0, -10.0]]), np.array([[0.0, 0.0]])
    assert frontal.right_lean(upper, lower, np.array([1.0])) == pytest.approx(np.degrees(np.arctan(0.1)))
    assert frontal.right_lean(upper, lower, np.array([-1.0])) == pytest.approx(-np.degrees(np.arctan(0.1)))


def test_running_median_leaves_holes_where_nothing_is_known():
    series = np.array([1.0, 9.0, 1.0, np.nan, np.nan, np.nan, np.nan, 5.0])
    found = frontal.running_median(series, window=3)
    assert found[:3] == pytest.approx([5.0, 1.0, 5.0])
    assert np.isnan(found[4:6]).all()
    assert found[6:] == pytest.approx([5.0, 5.0])


def test_body_line_is_the_body_in_the_picture():
    motion = seen(stance(), distance_m=5.0)
    at = SLIM["left_hip"], SLIM["left_knee"], SLIM["left_ankle"]
    legs = np.linalg.norm(at[0] - at[1]) + np.linalg.norm(at[1] - at[2])
    line = frontal.body_line(motion, window_s=0.5, with_upper=False)
    assert line[:10].mean() == pytest.approx(legs * 960 / 5.0, rel=0.02)
    whole = frontal.body_line(motion, window_s=0.5, with_upper=True)
    assert 1.6 < np.median(whole / line) < 2.0


class TestStanding:
    settings = task_spec("gait_frontal").numbers("events")

    def found(self, performance, view="back"):
        motion = seen(performance, view)
        away = frontal.facing_away(motion, window_s=0.5, minimum=0.25)
        leg = frontal.body_line(motion, window_s=1.0, with_upper=False)
        return frontal.standing_frames(
            motion, leg, away, max_speed=self.settings["max_standing_speed"], min_s=self.settings["min_standing_s"]
        )

    def test_before_and_after_the_walk(self):
        stretches = np.array(self.found(THERE_AND_BACK)) / THERE_AND_BACK.fps
        assert len(stretches) == 2
        assert stretches[0, 0] < 0.3
        assert stretches[0, 1] == pytest.approx(2.0, abs=0.35)
        last = max(t[-1] for t in THERE_AND_BACK.contacts.values())
        assert stretches[1, 0] > last
        assert stretches[1, 1] == pytest.approx(THERE_AND_BACK.time_s[-1], abs=0.3)

    def test_walking_is_not_standing(self):
        walking = walk(SLIM, GaitParameters(steps=14, treadmill=True))
        middle = [s for s in self.found(walking) if 1.5 < s[0] / walking.fps < walking.time_s[-1] - 2]
        assert middle == []

    def test_too_short_is_not_standing(self):
        assert self.found(walk(SLIM, GaitParameters(steps=10, stand_before_s=0.3))) == []


@pytest.mark.parametrize("view", ["back", "front", "left", "right"])
@pytest.mark.parametrize("azimuth", [-12.0, 0.0, 12.0])
@pytest.mark.parametrize("stand_s", [0.0, 2.0])
def test_the_view_is_found_with_certainty(view, azimuth, stand_s):
    sideways = view in ("left", "right")
    performance = walk(SLIM, GaitParameters(steps=10, stand_before_s=stand_s, stand_after_s=stand_s))
    motion = seen(
        performance,
        view,
        azimuth_deg=azimuth,
        size_px=(1280, 720) if sideways else (720, 1280),
        distance_m=6.0 if sideways else 2.4,
    )
    events = task_spec("gait_side").numbers("events")
    facing = facing_direction(
        motion, leg_length=leg_length(motion), window_s=events["smoothing_facing_s"], minimum=events["min_facing"]
    )
    found = frontal.guess_view(motion, facing)
    assert found is not None
    assert found[0] == view
    # from the side both ends of the way are seen at an angle
    assert found[1] > (0.62 if sideways else 0.95)


def test_no_view_where_nobody_is_seen():
    motion = seen(stance())
    empty = motion.copy(deep=True)
    empty.position.values[:] = np.nan
    assert frontal.guess_view(empty, np.zeros(motion.sizes["time"])) is None


def test_a_mirror_image_changes_the_side_only():
    performance = stance("right", pelvic_drop_deg=9.0)
    mirrored = replace(performance, heading_deg=performance.heading_deg)
    motion = seen(mirrored)
    away = np.ones(motion.sizes["time"])
    flipped = motion.copy(deep=True)
    flipped.position.values[:, 0] = 720 - flipped.position.values[:, 0]
    assert frontal.hip_line(flipped, -away) == pytest.approx(frontal.hip_line(motion, away))
    assert point(flipped, "left_hip")[0, 0] > point(flipped, "right_hip")[0, 0]
