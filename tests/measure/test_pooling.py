"""Why it exists: several recordings are one measurement with more steps; pooling must add steps and nothing else."""

import numpy as np
import pytest

from levelstride.mannequin.body import load_body
from levelstride.mannequin.clip import Filming
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.measure.gait_frontal import measure_gait_frontal
from levelstride.measure.gait_side import measure_gait_side
from levelstride.measure.pooling import pool_results
from levelstride.measure.results import Reason
from levelstride.measure.statistics import Readings, pool, refused

BODY = load_body("woman_slim")
WALK = {"pelvic_drop_deg": (3.0, 7.0), "trunk_lean_deg": (1.0, 2.0), "knee_valgus_deg": (0.0, 4.0), "steps": 13}


def filmed(view="back", seed=0, *, stand=2.0, passes=1, **changes):
    performance = walk(
        BODY.joints,
        GaitParameters(**{**WALK, **changes}, passes=passes, stand_before_s=stand, stand_after_s=stand),
    )
    motion = performance.seen_by(Filming(view=view).camera_for(performance), view=view, noise_px=0.7, seed=seed)
    return measure_gait_frontal(motion, height_m=BODY.stature_m, roll_known=True)


@pytest.fixture(scope="module")
def apart():
    return [filmed("back", 1), filmed("front", 2)]


@pytest.fixture(scope="module")
def pooled(apart):
    return pool_results(apart, [0, 1])


def test_two_recordings_reach_what_one_cannot(apart, pooled):
    for name in ("trunk_lean_deg", "knee_frontal_projection_deg", "hip_line_change_deg"):
        for side in ("left", "right"):
            assert all(m.result.get(name, side).not_measurable.code == "too_few" for m in apart)
            measure = pooled.get(name, side)
            assert measure.value is not None
            assert measure.n == sum(m.result.get(name, side).n for m in apart) >= 10


def test_two_recordings_give_what_one_long_one_gives(pooled):
    together = filmed("back", 3, passes=2).result
    limits = {"cadence_spm": 1.0, "trunk_lean_deg": 0.5, "knee_frontal_projection_deg": 0.8, "step_width_m": 0.008}
    for name, limit in {**limits, "hip_line_change_deg": 0.8, "step_time_s": 0.02}.items():
        for side in {m.side for m in together.measures if m.name == name}:
            one, two = together.get(name, side), pooled.get(name, side)
            assert two.value == pytest.approx(one.value, abs=limit), (name, side)
            assert two.n == pytest.approx(one.n, abs=4)
            assert two.standard_error == pytest.approx(one.standard_error, rel=0.4), (name, side)


def test_events_and_walks_say_which_recording(apart, pooled):
    assert [w.recording for w in pooled.walks] == [0, 1]
    assert [w.facing for w in pooled.walks] == ["away", "towards"]
    counts = [sum(e.recording == k for e in pooled.events) for k in (0, 1)]
    assert counts == [len(m.result.events) for m in apart]


def test_the_order_of_recordings_does_not_matter(apart, pooled):
    turned = pool_results(apart[::-1], [0, 1])
    for measure in pooled.measures:
        other = turned.get(measure.name, measure.side)
        assert (other.value is None) == (measure.value is None)
        if measure.value is not None:
            assert other.value == pytest.approx(measure.value)
            assert other.standard_error == pytest.approx(measure.standard_error)


def test_one_recording_is_left_as_it_is(apart):
    assert pool_results(apart[:1], [0]) is apart[0].result


def test_the_instrument_does_not_get_better_by_repeating(apart):
    many = pool_results([apart[0]] * 8, range(8)).get("trunk_lean_deg", "left")
    few = pool_results([apart[0]] * 2, range(2)).get("trunk_lean_deg", "left")
    assert many.n == 4 * few.n
    assert many.instrument_error == pytest.approx(few.instrument_error)
    assert many.sampling_error < 0.6 * few.sampling_error


def test_a_recording_without_standing_adds_its_other_steps():
    both = pool_results([filmed("back", 1, passes=2), filmed("back", 2, stand=0.0)], [0, 1])
    for side in ("left", "right"):
        assert both.get("hip_line_change_deg", side).value is not None
        assert both.get("hip_line_change_deg", side).n < both.get("trunk_lean_deg", side).n


def test_different_tasks_are_not_mixed(apart):
    performance = walk(BODY.joints, GaitParameters(steps=10))
    camera = Filming(view="left", distance_m=8.0, size_px=(1280, 720)).camera_for(performance)
    side = measure_gait_side(performance.seen_by(camera, view="left"), height_m=BODY.stature_m)
    with pytest.raises(ValueError, match="one task"):
        pool_results([apart[0], side], [0, 1])


class TestReadings:
    def readings(self, values, **more):
        return Readings("gait_frontal", "trunk_lean_deg", "left", np.array(values), limb="frontal", **more)

    def test_every_step_weighs_alike(self):
        found = pool([self.readings([1.0, 2.0]), self.readings([6.0])])
        assert found.values.tolist() == [1.0, 2.0, 6.0]
        assert found.center is None

    def test_given_centres_are_weighed_by_their_steps(self):
        found = pool([self.readings([1.0, 2.0, 3.0], center=10.0), self.readings([6.0], center=20.0)])
        assert found.center == pytest.approx(12.5)

    def test_the_instruments_doubts_are_averaged_by_steps(self):
        found = pool(
            [self.readings([1.0], extra_instrument_error=0.3), self.readings([1.0], extra_instrument_error=1.0)]
        )
        assert found.extra_instrument_error == pytest.approx(np.sqrt((0.3**2 + 1.0**2) / 2))

    def test_a_refusal_gives_way_to_values_and_stands_alone(self):
        no = refused("gait_frontal", "trunk_lean_deg", "left", Reason(code="x", text="y", fix="z"))
        assert pool([no, self.readings([1.0])]).values.tolist() == [1.0]
        assert pool([no, no]).refusal is not None
