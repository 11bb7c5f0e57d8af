"""Why it exists: for any result and any error, nothing within the error is a finding."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.screening.change import compare
from levelstride.screening.findings import (
    assess_value,
)
from tests.screening.finding_cases import GAPS, MARKS, STEPS, SURE, Gap, Step, side_for
from tests.screening.results import (
    KNOWN,
    assessed,
    by_hand,
    found,
    only_series,
    rule_of,
)

# Whatever the numbers.

SIZES = st.floats(-200, 200, allow_nan=False)
ERRORS = st.floats(1e-6, 100, allow_nan=False)
ORDER = {"within": 0, "uncertain": 1, "outside": 2}


@given(rule=st.sampled_from([rule_of(mark.test, mark.rule) for mark in MARKS]), value=SIZES, error=ERRORS)
def test_a_difference_within_its_error_is_never_a_finding(rule, value: float, error: float) -> None:
    verdict, probability = assess_value(rule, value, error, rule.limit, SURE)
    assert 0 <= probability <= 1
    if abs(value - rule.limit) < 1.9599 * error:
        assert verdict == "uncertain"
    beyond = value - rule.limit if rule.op in ("above", "at_least") else rule.limit - value
    if beyond > 1.96 * error:
        assert verdict == "outside"
    if beyond < -1.96 * error:
        assert verdict == "within"


@given(
    rule=st.sampled_from([rule_of(mark.test, mark.rule) for mark in MARKS]),
    values=st.tuples(SIZES, SIZES),
    error=ERRORS,
)
def test_a_worse_value_never_has_a_milder_verdict(rule, values: tuple[float, float], error: float) -> None:
    usual, further = sorted(values, reverse=rule.op == "below")
    one = assess_value(rule, usual, error, rule.limit, SURE)
    two = assess_value(rule, further, error, rule.limit, SURE)
    assert ORDER[one[0]] <= ORDER[two[0]]
    assert one[1] <= two[1]


@settings(max_examples=150)
@given(
    gap=st.sampled_from(GAPS),
    values=st.tuples(st.floats(-40, 40, allow_nan=False), st.floats(-40, 40, allow_nan=False)),
    errors=st.tuples(st.floats(0.01, 10), st.floats(0.01, 10)),
)
def test_sides_within_the_error_of_their_difference_are_never_a_finding(
    gap: Gap, values: tuple[float, float], errors: tuple[float, float]
) -> None:
    both = found(
        by_hand(gap.test, values[0], errors[0], side="left", conditions=gap.conditions),
        by_hand(gap.test, values[1], errors[1], side="right", conditions=gap.conditions),
    )
    told = [assessed(both[gap.test, side], gap.rule) for side in ("left", "right")]
    (one,) = [found_one for found_one in told if found_one is not None]
    assert 0 <= one.probability <= 1
    if abs(values[0] - values[1]) < 1.9599 * math.hypot(*errors):
        assert one.verdict != "outside"
    if one.verdict == "outside":
        assert one.gap > one.limit + 1.9599 * math.hypot(*errors)


@settings(max_examples=150)
@given(
    step=st.sampled_from(STEPS),
    values=st.tuples(st.floats(0, 100), st.floats(0, 100)),
    errors=st.tuples(st.floats(0.001, 30), st.floats(0.001, 30)),
    days=st.integers(2, 60),
)
def test_a_change_within_its_error_never_fires_a_rule(
    step: Step, values: tuple[float, float], errors: tuple[float, float], days: int
) -> None:
    side = side_for(step.test)
    series = only_series(
        by_hand(step.test, values[0], errors[0], side=side),
        by_hand(step.test, values[0], errors[0], side=side, day=1),
        by_hand(step.test, values[1], errors[1], side=side, day=days),
    )
    change = compare(series, KNOWN, None)
    assert change is not None
    if abs(values[1] - values[0]) < 1.9599 * math.hypot(*errors):
        assert change.verdict != "real_change"
        assert change.rules == ()
        assert change.direction is None
    if change.rules:
        assert change.verdict == "real_change"
