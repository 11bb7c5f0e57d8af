"""Why it exists: what is claimed from behind and in front, held against walks whose every joint is known.

The points are the true ones as a camera sees them, so the errors here are those of the measures alone.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from levelstride.analysis import measure_motion
from levelstride.errors import LevelstrideError, NotMeasurableError
from levelstride.mannequin.body import BODY_NAMES, load_body
from levelstride.mannequin.clip import Filming
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.standing import StanceParameters, quiet_standing, single_leg_stance
from levelstride.mannequin.truth import truth_of
from levelstride.measure.gait_frontal import measure_gait_frontal
from levelstride.recording.context import make_context

SLIM = load_body("woman_slim")
SIDES = ("left", "right")
ORDINARY = {"steps": 13, "passes": 2, "stand_before_s": 2.0, "stand_after_s": 2.0}
#: No shrinking: a smaller failing walk says no more, and takes a minute to find.
few = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def seen(performance, view="back", noise_px=0.0, **filming):
    camera = Filming(view=view, **filming).camera_for(performance)
    return performance.seen_by(camera, view=view, noise_px=noise_px)


def measured(parameters, view="back", body=SLIM, *, noise_px=0.0, height=True, roll_known=True, **filming):
    motion = seen(walk(body.joints, parameters), view, noise_px, **filming)
    height_m = body.stature_m if height else None
    return measure_gait_frontal(motion, height_m=height_m, roll_known=roll_known).result


def both(low, high):
    return st.tuples(st.floats(low, high), st.floats(low, high))


walks = st.builds(
    GaitParameters,
    cadence_spm=st.floats(85, 130),
    step_length_m=st.floats(0.45, 0.66).map(lambda length: (length, length)),
    step_time_asymmetry_pct=st.floats(-10, 10),
    step_width_m=st.floats(0.04, 0.20),
    pelvic_drop_deg=both(0, 9),
    trunk_lean_deg=both(-2, 9),
    knee_valgus_deg=both(-4, 8),
    toe_out_deg=both(-5, 20),
    **{name: st.just(value) for name, value in ORDINARY.items()},
)


@pytest.mark.parametrize("view", ["back", "front"])
@few
@given(parameters=walks, name=st.sampled_from(BODY_NAMES))
def test_measures_are_true_over_many_walks(view, parameters, name):
    body = load_body(name)
    truth = truth_of(walk(body.joints, parameters))
    result = measured(parameters, view, body)

    def error(name, side="both"):
        return result.get(name, side).value - truth[name, side]

    assert abs(error("cadence_spm")) < 0.015 * truth["cadence_spm", "both"]
    assert abs(error("step_width_m")) < 0.015
    for side in SIDES:
        assert abs(error("trunk_lean_deg", side)) < 1.5
        assert abs(error("knee_frontal_projection_deg", side)) < 2.5
        assert abs(error("step_time_s", side)) < 0.04
        line = result.get("hip_line_change_deg", side)
        if line.value is None:
            assert line.not_measurable.code == "trunk_leans"
        else:
            assert abs(line.value - truth["hip_line_change_deg", side]) < 1.5


@few
@given(parameters=walks)
def test_the_trunk_leans_alike_with_a_camera_whose_roll_is_not_known(parameters):
    truth = truth_of(walk(SLIM.joints, parameters))
    result = measured(parameters, roll_known=False, roll_deg=4.0)
    for side in SIDES:
        lean = result.get("trunk_lean_deg", side)
        assert lean.method == "against the line from the feet to the body"
        assert abs(lean.value - truth["trunk_lean_deg", side]) < 2.5


class TestPelvis:
    @pytest.mark.parametrize("view", ["back", "front"])
    def test_the_drop_is_never_stated_from_video_and_three_ways_are_named(self, view):
        for side in SIDES:
            drop = measured(GaitParameters(pelvic_drop_deg=(10, 10), **ORDINARY), view).get(
                "contralateral_pelvic_drop_deg", side
            )
            assert drop.value is None
            assert drop.not_measurable.code == "pelvis_not_seen"
            for way in ("stickers", "phone strapped to the sacrum", "marker recording"):
                assert way in drop.not_measurable.fix

    def test_no_hip_line_without_quiet_standing(self):
        result = measured(GaitParameters(steps=13, passes=2))
        for side in SIDES:
            line = result.get("hip_line_change_deg", side)
            assert line.value is None
            assert line.not_measurable.code == "no_standing"
            assert "two seconds" in line.not_measurable.fix
        assert result.get("trunk_lean_deg", "left").value is not None

    def test_standing_in_one_view_serves_the_walks_of_that_view_only(self):
        result = measured(GaitParameters(steps=13, passes=2, stand_before_s=2.0))
        assert result.get("hip_line_change_deg", "left").value is None
        assert any("No quiet standing seen from the front" in note for note in result.notes)

    @pytest.mark.parametrize("side", SIDES)
    def test_no_hip_line_of_the_side_on_which_the_trunk_leans_further(self, side):
        other = "right" if side == "left" else "left"
        leans = tuple(6.0 if s == side else 1.0 for s in SIDES)
        result = measured(GaitParameters(trunk_lean_deg=leans, **ORDINARY))
        refused = result.get("hip_line_change_deg", side)
        assert refused.value is None
        assert refused.not_measurable.code == "trunk_leans"
        assert "6 degrees" in refused.not_measurable.text
        assert result.get("hip_line_change_deg", other).value == pytest.approx(4.0, abs=1.5)

    def test_the_foot_angle_is_refused_with_a_way(self):
        foot = measured(GaitParameters(**ORDINARY)).get("foot_progression_deg", "left")
        assert foot.value is None
        assert "footprints" in foot.not_measurable.fix


class TestHowMuchIsNeeded:
    def test_below_ten_steps_a_side_rhythm_is_stated_and_lines_are_not(self):
        result = measured(GaitParameters(steps=15, stand_before_s=2.0), noise_px=0.5)
        assert result.get("cadence_spm").value == pytest.approx(110, rel=0.015)
        for name in ("trunk_lean_deg", "knee_frontal_projection_deg", "hip_line_change_deg"):
            for side in SIDES:
                measure = result.get(name, side)
                assert measure.value is None
                assert measure.not_measurable.code == "too_few"
                assert 0 < measure.n < 10
                assert "at least 10 needed" in measure.not_measurable.text

    def test_no_width_without_a_scale(self):
        width = measured(GaitParameters(**ORDINARY), height=False).get("step_width_m")
        assert width.value is None
        assert "--height" in width.not_measurable.fix

    def test_more_steps_make_the_error_smaller_but_never_smaller_than_the_instrument(self):
        one, many = (
            measured(GaitParameters(steps=13, passes=passes, stand_before_s=2.0)).get("trunk_lean_deg", "left")
            for passes in (2, 6)
        )
        assert many.n > 2 * one.n
        assert many.sampling_error < one.sampling_error
        assert many.instrument_error == pytest.approx(one.instrument_error, rel=0.05)
        assert many.standard_error > many.instrument_error


class TestDirections:
    def test_passes_are_split_by_direction(self):
        result = measured(GaitParameters(steps=9, passes=4))
        assert [w.facing for w in result.walks] == ["away", "towards", "away", "towards"]
        assert [w.camera_sees for w in result.walks] == ["back", "front", "back", "front"]
        assert all(a.stop_s < b.start_s for a, b in zip(result.walks, result.walks[1:], strict=False))
        assert {e.walk for e in result.events} == {0, 1, 2, 3}

    @pytest.mark.parametrize(("given", "is_seen"), [("front", "back"), ("back", "front")])
    def test_a_view_that_never_occurs_is_refused_with_the_right_one(self, given, is_seen):
        motion = seen(walk(SLIM.joints, GaitParameters(steps=12)), is_seen).assign_attrs(view=given)
        with pytest.raises(
            NotMeasurableError, match=f"given as {given}, but the person is seen from the {is_seen}"
        ) as e:
            measure_gait_frontal(motion)
        assert e.value.fix == f"Use --view {is_seen}."

    @pytest.mark.parametrize("given", ["front", "back"])
    def test_there_and_back_fits_either_view(self, given):
        motion = seen(walk(SLIM.joints, GaitParameters(steps=9, passes=2))).assign_attrs(view=given)
        assert len(measure_gait_frontal(motion).result.walks) == 2

    @pytest.mark.parametrize("view", ["back", "front"])
    def test_mirrored_walks_exchange_the_sides(self, view):
        pairs = {"pelvic_drop_deg": (2.0, 7.0), "trunk_lean_deg": (0.0, 2.5), "knee_valgus_deg": (0.0, 6.0)}
        there = GaitParameters(**ORDINARY, step_time_asymmetry_pct=8.0, **pairs)
        exchanged = replace(there, step_time_asymmetry_pct=-8.0, **{k: v[::-1] for k, v in pairs.items()})
        one, other = measured(there, view), measured(exchanged, view)
        tolerance = {"trunk_lean_deg": 0.6, "knee_frontal_projection_deg": 0.8, "hip_line_change_deg": 0.8}
        for name, allowed in {**tolerance, "step_time_s": 0.03, "stride_time_s": 0.05}.items():
            for side, swapped in zip(SIDES, SIDES[::-1], strict=True):
                assert other.get(name, swapped).value == pytest.approx(one.get(name, side).value, abs=allowed), name
        signed = [r.get("step_time_asymmetry_pct").value for r in (one, other)]
        assert signed[0] == pytest.approx(8, abs=5)
        assert signed[1] == pytest.approx(-8, abs=5)
        assert one.get("hip_line_change_deg", "right").value > one.get("hip_line_change_deg", "left").value + 3


class TestTreadmill:
    def test_from_behind_landings_are_not_seen_and_step_times_are_refused(self):
        result = measured(GaitParameters(steps=30, treadmill=True), distance_m=4.0)
        for name, side in [("step_time_s", "left"), ("step_time_s", "right"), ("step_time_asymmetry_pct", "both")]:
            measure = result.get(name, side)
            assert measure.value is None, name
            assert measure.not_measurable.code == "feet_never_rest"
            assert "over ground" in measure.not_measurable.fix

    def test_too_near_behind_is_refused_with_the_distance_to_take(self):
        with pytest.raises(NotMeasurableError, match="too near") as refusal:
            measured(GaitParameters(steps=30, treadmill=True), distance_m=2.6)
        assert "5 m" in refusal.value.fix

    def test_rhythm_lean_and_width_are_measured_all_the_same(self):
        """From 4 m: nearer, the view down on the feet shifts the moment in which the shank looks shortest."""
        parameters = GaitParameters(steps=30, treadmill=True, trunk_lean_deg=(1.0, 5.0), step_width_m=0.14)
        result = measured(parameters, distance_m=4.0)
        assert result.get("cadence_spm").value == pytest.approx(110, rel=0.015)
        assert result.get("stride_time_s", "left").value == pytest.approx(120 / 110, rel=0.02)
        assert result.get("trunk_lean_deg", "right").value == pytest.approx(5, abs=1.5)
        assert result.get("step_width_m").value == pytest.approx(0.14, abs=0.02)


def in_one_line(motion):
    """Measure as the command would; return the refusal, which must be one line."""
    context = make_context(view=motion.attrs["view"], height_m=1.7)
    with pytest.raises(LevelstrideError) as refusal:
        measure_motion(motion, context)
    assert "\n" not in str(refusal.value)
    assert refusal.value.problem.endswith(".")
    assert refusal.value.fix
    return refusal.value


@pytest.mark.parametrize("view", ["back", "front"])
class TestNothingToMeasure:
    def test_running(self, view):
        performance = replace(walk(SLIM.joints, GaitParameters(steps=14), fps=30.0), fps=60.0)
        refusal = in_one_line(seen(performance, view))
        assert "not possible for walking" in refusal.problem
        assert "--capture-fps" in refusal.fix

    def test_slow_motion(self, view):
        performance = replace(walk(SLIM.joints, GaitParameters(steps=14), fps=90.0), fps=30.0)
        refusal = in_one_line(seen(performance, view))
        assert "--capture-fps" in refusal.fix or "steps in a row" in refusal.problem

    def test_standing_only(self, view):
        refusal = in_one_line(seen(quiet_standing(SLIM.joints, seconds=6.0), view, noise_px=0.5))
        assert "Only 0 steps" in refusal.problem
        assert "longer" in refusal.fix

    def test_standing_on_one_leg(self, view):
        refusal = in_one_line(seen(single_leg_stance(SLIM.joints, StanceParameters("left")), view))
        assert "steps in a row" in refusal.problem

    def test_one_step(self, view):
        performance = walk(SLIM.joints, GaitParameters(steps=12, stand_before_s=1.0))
        motion = seen(performance, view).isel(time=slice(0, 60))
        assert "at least 4 are needed" in in_one_line(motion).problem

    def test_nobody(self, view):
        motion = seen(quiet_standing(SLIM.joints, seconds=3.0), view).copy(deep=True)
        motion.position.values[:] = np.nan
        motion.confidence.values[:] = 0.0
        assert "legs were not seen" in in_one_line(motion).problem


def test_from_the_side_it_is_not_this_task():
    motion = seen(walk(SLIM.joints, GaitParameters(steps=8)), "left", size_px=(1280, 720), distance_m=9.0)
    with pytest.raises(NotMeasurableError, match="from behind or in front"):
        measure_gait_frontal(motion)
