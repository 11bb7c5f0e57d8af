"""Why it exists: results without a value, from recordings, and by hand stand in one series."""

import pytest

from levelstride.journal.bodies import Side
from levelstride.screening.protocols import result
from levelstride.screening.series import Z_95
from tests.screening.finding_cases import BOX, HELD, side_for
from tests.screening.results import (
    BY_HAND,
    KNOWN,
    born,
    by_hand,
    found,
    kept,
    not_measured,
    not_recorded,
    only_series,
    recorded,
    series_of,
)

# No number without a measurement.


@pytest.mark.parametrize(
    ("test", "condition", "answer_given", "because"),
    [
        (test.id, condition.id, given_answer, condition.because)
        for test in KNOWN.tests.values()
        for condition in test.conditions
        for given_answer in condition.spoils
    ],
)
def test_a_spoiled_result_is_not_measurable_with_its_reason(
    test: str, condition: str, answer_given: str, because: str
) -> None:
    side = side_for(test)
    body = result(KNOWN.tests[test], side, [5.0], {condition: answer_given}, origin=BY_HAND)
    assert body.value is None
    finding = found(kept(body))[test, side]
    assert (finding.verdict, finding.point, finding.margin, finding.families) == ("not_measurable", None, None, ())
    assert finding.assessments == ()
    assert finding.unmeasured is not None
    assert (finding.unmeasured.code, finding.unmeasured.text) == (f"spoiled_{condition}", because)


def test_a_later_try_without_value_hides_the_earlier_number_until_there_is_a_new_one() -> None:
    first = by_hand("sls_eo", 1, 0.1, side="left")
    spoiled = not_measured("sls_eo", "no_try", "No try counted.", side="left", day=1)
    soon, again = (by_hand("sls_eo", 30, 0.1, side="left", day=day) for day in (2, 20))
    assert found(first, spoiled)["sls_eo", "left"].verdict == "not_measurable"
    assert found(first, spoiled, again)["sls_eo", "left"].verdict == "within"
    # 1 and 30 s on two days of two weeks: neither is the result
    both = found(first, spoiled, soon)["sls_eo", "left"]
    assert both.point is not None
    assert (both.verdict, both.point.value, both.point.days) == ("uncertain", 15.5, 2)


HAND_WALK = {"course": "ten_metres", "aid": "none"}


def test_a_failed_recording_does_not_hide_a_result_by_hand() -> None:
    speed = by_hand("walk10", 0.75, 0.05, conditions=HAND_WALK)
    failed = not_recorded("walking_speed_mps", unit="m/s", day=1)
    finding = found(speed, failed)["walk10", None]
    assert (finding.verdict, finding.unmeasured) == ("outside", None)
    assert finding.point is not None
    assert (finding.point.value, finding.point.method) == (0.75, "hand")


def test_a_failed_try_by_hand_does_not_hide_a_recording() -> None:
    filmed = recorded("walking_speed_mps", 0.75, 0.05, unit="m/s")
    spoiled = not_measured("walk10", "no_try", "No try counted.", day=1)
    finding = found(filmed, spoiled)["walk10", None]
    assert (finding.verdict, finding.unmeasured) == ("outside", None)
    assert finding.point is not None
    assert (finding.point.value, finding.point.method) == (0.75, "recording")
    # of the same kind it does, and where there is nothing to hide its reason is told
    again = not_recorded("walking_speed_mps", unit="m/s", day=2)
    assert found(filmed, again)["walk10", None].verdict == "not_measurable"
    alone = found(again)["walk10", None]
    assert alone.unmeasured is not None
    assert (alone.verdict, alone.unmeasured.code) == ("not_measurable", "too_few")


def test_a_failed_recording_does_not_bring_back_what_a_failed_try_by_hand_hid() -> None:
    speed = by_hand("walk10", 0.75, 0.05, conditions=HAND_WALK)
    spoiled = not_measured("walk10", "no_try", "No try counted.", day=1)
    failed = not_recorded("walking_speed_mps", unit="m/s", day=2)
    assert found(speed, spoiled)["walk10", None].verdict == "not_measurable"
    assert found(speed, spoiled, failed)["walk10", None].verdict == "not_measurable"


def test_what_was_never_tested_has_no_finding() -> None:
    assert found(born(40)) == {}


# Measures of a recording.


@pytest.mark.parametrize(
    ("measure", "unit", "given_value", "test", "value", "error", "side"),
    [
        ("cadence_spm", "steps/min", 112.0, "cadence", 112.0, 2.0, None),
        ("double_support_pct", "% of cycle", 28.0, "double_support", 28.0, 2.0, None),
        ("foot_to_pelvis_at_contact_pct", "% of leg length", 30.0, "overstride", 30.0, 2.0, "left"),
        ("step_time_asymmetry_pct", "%", -12.0, "step_time_asym", 12.0, 2.0, None),
        ("step_time_asymmetry_pct", "%", 12.0, "step_time_asym", 12.0, 2.0, None),
        ("step_width_m", "m", 0.09, "step_width", 9.0, 200.0, None),
        ("trailing_limb_angle_deg", "deg", 18.0, "trailing_limb", 18.0, 2.0, "right"),
        ("trunk_lean_deg", "deg", -2.0, "trunk_lean", -2.0, 2.0, "left"),
        ("walking_speed_mps", "m/s", 1.2, "walk10", 1.2, 2.0, None),
    ],
)
def test_a_measure_of_a_recording_joins_its_test(
    measure: str, unit: str, given_value: float, test: str, value: float, error: float, side: Side | None
) -> None:
    finding = found(recorded(measure, given_value, 2.0, unit=unit, side=side))[test, side]
    assert finding.subject.unit == KNOWN.tests[test].measure.unit
    assert finding.point is not None
    assert finding.point.value == pytest.approx(value)
    assert finding.point.standard_error == pytest.approx(error)
    assert finding.point.method == "recording"
    assert finding.margin == pytest.approx(Z_95 * error)


def test_every_test_that_reads_a_recording_is_in_the_table() -> None:
    joined = {test.id: test.from_recording.measure for test in KNOWN.tests.values() if test.from_recording}
    assert joined == {
        "cadence": "cadence_spm",
        "double_support": "double_support_pct",
        "overstride": "foot_to_pelvis_at_contact_pct",
        "step_time_asym": "step_time_asymmetry_pct",
        "step_width": "step_width_m",
        "trailing_limb": "trailing_limb_angle_deg",
        "trunk_lean": "trunk_lean_deg",
        "walk10": "walking_speed_mps",
    }


def test_a_measure_that_no_test_names_is_only_described() -> None:
    findings = found(recorded("step_length_m", 0.62, 0.02, unit="m", side="left"))
    finding = findings["gait_side/step_length_m", "left"]
    assert (finding.verdict, finding.subject.test, finding.subject.better) == ("described", None, "neither")
    assert finding.point is not None
    assert finding.point.value == 0.62
    assert finding.previous is None


def test_a_measure_from_the_side_and_one_from_behind_are_two_things() -> None:
    measure = "hip_line_change_deg"
    series = series_of(
        recorded(measure, 4, 1, unit="deg", side="left"),
        recorded(measure, 9, 1, unit="deg", side="left", task="gait_back", view="back", day=1),
        recorded(measure, 5, 1, unit="deg", side="left", day=30),
    )
    assert {key: [one.value for one in some.points] for key, some in series.items()} == {
        ("gait_side/hip_line_change_deg", "left"): [4, 5],
        ("gait_back/hip_line_change_deg", "left"): [9],
    }


def test_hand_and_recording_stand_in_one_series_of_a_test() -> None:
    series = only_series(
        by_hand("walk10", 1.2, 0.06, conditions={"course": "ten_metres", "aid": "none"}),
        recorded("walking_speed_mps", 1.3, 0.03, unit="m/s", day=1),
    )
    assert [(one.value, one.method) for one in series.points] == [(1.2, "hand"), (1.3, "recording")]


# How far a mark can be trusted.


@pytest.mark.parametrize(
    ("test", "value", "source", "confidence"),
    [
        ("sts5", 20, "published", "medium"),
        ("sts5", 20, "recording", "medium"),
        ("sts5", 20, "product_default", "low"),
        ("sts5", 20, "own_tries", "low"),
        ("step_width", 1, "published", "low"),
        ("plank_hold", 60, "product_default", "none"),
    ],
)
def test_no_mark_is_trusted_highly(test: str, value: float, source: str, confidence: str) -> None:
    assert found(born(70), by_hand(test, value, 0.1, source=source))[test, None].confidence == confidence


@pytest.mark.requirement("R142", "R092")
def test_mobility_stands_beside_strength_and_neither_changes_the_other() -> None:
    hip = by_hand("thomas", -20, 3, side="left", conditions=HELD)
    ankle = by_hand("wblt", 4, 0.2, side="left"), by_hand("wblt", 12, 0.2, side="right")
    strength = (
        by_hand("chair30", 3, 1.2),
        *(by_hand("sl_bridge_reps", 5, 1.5, side=side, conditions=BOX) for side in ("left", "right")),
    )
    who = born(70, "female")
    both, mobile, strong = found(who, hip, *ankle, *strength), found(who, hip, *ankle), found(who, *strength)
    assert both == {**mobile, **strong}
    assert {key for key, one in both.items() if one.verdict == "outside"} == {
        *(("thomas", "left"), ("wblt", "left"), ("chair30", None)),
        *(("sl_bridge_reps", "left"), ("sl_bridge_reps", "right")),
    }


@pytest.mark.requirement("R098", "R145")
def test_tests_of_both_sides_give_a_finding_for_each_side() -> None:
    for test in ("bridge_symmetry", "sl_bridge_reps", "sl_squat_quality", "lateral_step_down_q", "sls_eo"):
        both = found(by_hand(test, 3, 0.5, side="left"), by_hand(test, 5, 0.5, side="right"))
        assert {side: one.point.value for (_, side), one in both.items() if one.point} == {"left": 3, "right": 5}
