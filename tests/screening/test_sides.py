"""Why it exists: left against right - only beyond error, only when tested alike, never exchanged."""

import math
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Side
from levelstride.screening.protocols import item_key
from tests.screening.finding_cases import BOX, FLOOR, GAPS, Gap
from tests.screening.results import (
    KNOWN,
    assessed,
    born,
    by_hand,
    found,
    not_measured,
    recorded,
)

SIDED = [test.id for test in KNOWN.tests.values() if test.measure.sided]


# A gap says something only when it is larger than its error.


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "left", "right", "error", "gap_verdict", "clear", "verdict"),
    [
        # 1.96 x sqrt 2 x 0.69 = 1.91
        ("wblt", 9, 10, 0.69, "uncertain", False, "described"),
        ("wblt", 7, 10, 0.69, "uncertain", True, "uncertain"),
        ("wblt", 4, 10, 0.69, "outside", True, "outside"),
        # larger than its error, and surely below the mark
        ("wblt", 9.5, 10, 0.1, "within", True, "within"),
        ("wblt", 9.8, 10, 0.1, "within", False, "described"),
        # another rule stays as it is: 5 s
        ("sls_eo", 20, 24, 4, "uncertain", False, "within"),
        ("sls_eo", 3, 3.5, 0.5, "uncertain", False, "outside"),
        ("sls_eo", 5, 5.5, 0.5, "uncertain", False, "uncertain"),
    ],
)
def test_a_gap_within_its_error_leaves_the_verdict_to_the_others(
    test: str, left: float, right: float, error: float, gap_verdict: str, clear: bool, verdict: str
) -> None:
    both = found(by_hand(test, left, error, side="left"), by_hand(test, right, error, side="right"))
    finding = both[test, "left"]
    (gap,) = [one for one in finding.assessments if one.gap is not None]
    assert (gap.verdict, gap.clear, finding.verdict) == (gap_verdict, clear, verdict)
    assert all(one.clear for one in finding.assessments if one.gap is None)


@pytest.mark.requirement("R145")
@settings(max_examples=100)
@given(
    gap=st.sampled_from(GAPS),
    value=st.floats(-40, 40),
    errors=st.tuples(st.floats(0.01, 10), st.floats(0.01, 10)),
    share=st.floats(-0.99, 0.99),
)
def test_the_other_side_changes_no_verdict_when_it_differs_by_no_more_than_error(
    gap: Gap, value: float, errors: tuple[float, float], share: float
) -> None:
    left = by_hand(gap.test, value, errors[0], side="left", conditions=gap.conditions)
    near = value + share * 1.9599 * math.hypot(*errors)
    right = by_hand(gap.test, near, errors[1], side="right", conditions=gap.conditions)
    assume(near not in (45, 90) and value not in (45, 90))
    alone, both = found(left)[gap.test, "left"], found(left, right)[gap.test, "left"]
    assert both.verdict == alone.verdict
    assert both.families == alone.families


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "worse", "better", "error", "verdict"),
    [
        # the full time is 45 s, the mark 30 % of it = 13.5 s
        ("sls_eo", (20, 4), (45, 9), 4, "outside"),
        ("sls_eo", (20, 4), (44.9, 8.98), 9.83058, "uncertain"),
        ("sls_eo", (30, 6), (45, 9), 6, "uncertain"),
        ("sls_eo", (44, 1), (45, 9), 1, "within"),
        # 90 s, 20 % = 18 s
        ("side_lying_abd_hold", (50, 10), (90, 18), 10, "outside"),
        ("side_lying_abd_hold", (50, 10), (89, 17.8), 20.416660, "uncertain"),
        # no cap
        ("side_bridge", (45, 10.95), (90, 10.95), 15.485639, "outside"),
        ("side_bridge", (60, 10.95), (90, 10.95), 15.485639, "uncertain"),
    ],
)
def test_a_side_that_held_its_full_time_was_at_least_that_good(
    test: str, worse: tuple[float, float], better: tuple[float, float], error: float, verdict: str
) -> None:
    for less, more in (("left", "right"), ("right", "left")):
        both = found(by_hand(test, *worse, side=less), by_hand(test, *better, side=more))  # type: ignore[arg-type]
        (gap,) = [one for one in both[test, less].assessments if one.gap is not None]  # type: ignore[index]
        assert gap.margin == pytest.approx(1.959964 * error, rel=1e-5)
        assert gap.verdict == verdict
        assert gap.probability == pytest.approx(1 - NormalDist(gap.gap, error).cdf(gap.limit), rel=1e-4)
        assert [one for one in both[test, more].assessments if one.gap is not None] == []  # type: ignore[index]


def test_two_sides_at_their_full_time_differ_by_nothing() -> None:
    both = found(*(by_hand("sls_eo", 45, 9, side=side) for side in ("left", "right")))
    told = [one for key in both for one in both[key].assessments if one.gap is not None]
    assert [(one.gap, one.clear) for one in told] == [(0, False)]
    assert {one.verdict for one in both.values()} == {"within"}


@pytest.mark.requirement("R145")
@settings(max_examples=150)
@given(
    test=st.sampled_from(SIDED),
    values=st.tuples(st.floats(-5, 60, allow_nan=False), st.floats(-5, 60, allow_nan=False)),
    errors=st.tuples(st.floats(0.05, 10), st.floats(0.05, 10)),
    age=st.sampled_from([None, 30, 66, 82]),
    knee=st.sampled_from([("over_foot", "past_toe"), ("past_foot", "over_foot")]),
)
def test_exchanging_left_and_right_exchanges_the_findings_and_nothing_else(
    test: str,
    values: tuple[float, float],
    errors: tuple[float, float],
    age: int | None,
    knee: tuple[str, str],
) -> None:
    assume(values[0] != values[1])
    who = [] if age is None else [born(age, "female")]
    conditions = [{**BOX, "pelvis_held": "held", item_key("knee"): one} for one in knee]

    def told(sides: tuple[Side, Side]) -> dict[Side, object]:
        pairs = zip(values, errors, conditions, sides, strict=True)
        entries = [by_hand(test, value, error, side=side, conditions=how) for value, error, how, side in pairs]
        return {side: _without_side(finding) for (_, side), finding in found(*who, *entries).items()}

    straight, exchanged = told(("left", "right")), told(("right", "left"))
    assert straight["left"] == exchanged["right"]
    assert straight["right"] == exchanged["left"]


def _without_side(finding) -> object:
    other = None if finding.other is None else (finding.other.value, finding.other.standard_error)
    point = (finding.point.value, finding.point.standard_error)
    return (
        *(finding.verdict, finding.assessments, finding.norm, finding.confidence, finding.families, other, point),
        finding.subject,
    )


def test_equal_sides_are_told_once_and_are_no_finding() -> None:
    for gap in GAPS:
        both = found(*(by_hand(gap.test, 5, 0.5, side=side, conditions=gap.conditions) for side in ("left", "right")))
        told = [one for one in (assessed(both[gap.test, side], gap.rule) for side in ("left", "right")) if one]
        assert [one.gap for one in told] == [0]
        assert told[0].verdict != "outside"


def test_age_and_sex_change_nothing_where_no_norm_is_used() -> None:
    plain = found(by_hand("wblt", 8, 0.69, side="left"))["wblt", "left"]
    aged = found(born(70, "male"), by_hand("wblt", 8, 0.69, side="left"))["wblt", "left"]
    assert (plain.verdict, plain.assessments) == (aged.verdict, aged.assessments)


# Both sides count only when they were got in the same way.


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "left", "right", "compared"),
    [
        ("sls_eo", {"footwear": "barefoot"}, {"footwear": "barefoot"}, True),
        ("sls_eo", {"footwear": "barefoot"}, {"footwear": "shoes"}, False),
        ("sls_eo", {"footwear": "barefoot"}, {}, False),
        ("sl_bridge_reps", BOX, FLOOR, False),
        ("side_bridge", {"ended_by": "trunk"}, {"ended_by": "shoulder"}, True),
    ],
)
def test_sides_tested_differently_are_not_compared(
    test: str, left: dict[str, str], right: dict[str, str], compared: bool
) -> None:
    both = found(
        by_hand(test, 10, 0.5, side="left", conditions=left),
        by_hand(test, 40, 0.5, side="right", conditions=right),
    )
    gaps = [one for one in both[test, "left"].assessments if one.gap is not None]
    assert (both[test, "left"].other is not None) is compared
    assert bool(gaps) is compared


def test_a_side_by_hand_is_not_compared_with_a_side_from_a_recording() -> None:
    both = found(
        by_hand("trailing_limb", 5, 0.5, side="left"),
        recorded("trailing_limb_angle_deg", 25, 0.5, unit="deg", side="right"),
    )
    assert both["trailing_limb", "left"].other is None
    assert both["trailing_limb", "left"].assessments == ()


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("left", "right", "compared"),
    [
        ({}, {}, True),
        ({"view": "left"}, {"view": "right"}, False),
        ({"model": "pose-1"}, {"model": "pose-2"}, False),
        ({"device": "phone A"}, {"device": "phone B"}, False),
        ({"device": "phone A"}, {}, True),
        ({"conditions": {"footwear": "shoes"}}, {"conditions": {"footwear": "barefoot"}}, False),
        ({"conditions": {"footwear": "shoes"}}, {}, True),
        ({"conditions": {"picture": "720x1280 30 Hz"}}, {"conditions": {"picture": "720x1280 60 Hz"}}, False),
    ],
)
def test_sides_are_compared_only_when_filmed_in_the_same_way(left: dict, right: dict, compared: bool) -> None:
    for one, two in ((left, right), (right, left)):
        both = found(
            recorded("trailing_limb_angle_deg", 5, 0.5, unit="deg", side="left", **one),
            recorded("trailing_limb_angle_deg", 25, 0.5, unit="deg", side="right", **two),
        )
        finding = both["trailing_limb", "left"]
        assert (finding.other is not None) is compared
        assert bool(finding.assessments) is compared
        assert finding.verdict == ("outside" if compared else "described")


def test_a_side_without_a_value_is_not_compared() -> None:
    both = found(
        by_hand("wblt", 2, 0.1, side="left"),
        by_hand("wblt", 12, 0.1, side="right"),
        not_measured("wblt", "spoiled_heel_stayed", "The heel lifted.", side="right", day=1),
    )
    assert both["wblt", "left"].verdict == "described"
    assert both["wblt", "right"].verdict == "not_measurable"
