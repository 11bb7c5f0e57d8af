"""Why it exists: shows that a change is called real only beyond the minimal detectable change, and only when alike."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.screening.change import (
    Change,
    compare_points,
)
from levelstride.screening.series import Series, Subject
from tests.screening.change_cases import pair, told
from tests.screening.results import (
    KNOWN,
    by_hand,
    by_points,
    only_series,
    point,
    recorded,
    subject_of,
)

# 1.959964 x sqrt 2
FACTOR = 2.7718076


@pytest.mark.requirement("R035", "R036")
@pytest.mark.parametrize(
    ("test", "before", "now", "error", "verdict", "direction"),
    [
        ("trunk_lean", 9, 3, 1, "real_change", "better"),
        ("trunk_lean", 3, 9, 1, "real_change", "worse"),
        ("trunk_lean", 4, 3, 1, "no_detectable_change", None),
        # neither is better
        ("cadence", 100, 110, 1, "real_change", "neither"),
        ("cadence", 110, 100, 1, "real_change", "neither"),
    ],
)
def test_two_first_days_turn_the_error_of_a_recording_into_a_verdict(
    test: str, before: float, now: float, error: float, verdict: str, direction: str | None
) -> None:
    change = pair(test, before, now, error, source="recording", twice=True)
    assert (change.verdict, change.direction) == (verdict, direction)
    assert change.mdc is not None
    # the own days are a ground, the larger error still counts
    assert (change.mdc.source, change.mdc.value) == ("measurement", pytest.approx(FACTOR * error))
    assert change.mdc.candidates["own_days"] == pytest.approx(FACTOR * math.sqrt(2 / 3) * error)


@pytest.mark.requirement("R036")
def test_two_first_days_turn_a_guess_into_a_verdict() -> None:
    first, second = point(10, 2, source="product_default"), point(12, 2.4, day=5, source="product_default")
    later = point(40, 8, day=60, source="product_default")
    assert told(by_points("sls_eo", first, later)).verdict == "error_not_known"
    change = told(by_points("sls_eo", first, second, later))
    # the guess is still the larger: 1.959964 x sqrt(2^2 + 8^2) = 16.162
    assert change.mdc is not None
    assert change.mdc.value == pytest.approx(16.1622, rel=1e-4)
    assert (change.verdict, change.direction) == ("real_change", "better")


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("test", "mdc"), [("side_bridge", 30.0), ("walk6min", 81.5), ("fppa", 9.0), ("psfs", 2.0)])
def test_a_change_of_exactly_the_detectable_one_is_not_real(test: str, mdc: float, sign: int) -> None:
    assert KNOWN.tests[test].change.mdc.value == mdc
    assert pair(test, 500, 500 + sign * mdc, 0.01).verdict == "no_detectable_change"
    assert pair(test, 500, 500 + sign * (mdc + 1e-6), 0.01).verdict == "real_change"


@pytest.mark.requirement("R035")
@settings(max_examples=200)
@given(
    before=st.floats(-1000, 1000),
    sign=st.sampled_from([1, -1]),
    test=st.sampled_from(["side_bridge", "walk6min", "fppa", "wblt", "sts5", "trendelenburg30"]),
)
def test_the_last_digit_of_a_sum_makes_no_change_real(before: float, sign: int, test: str) -> None:
    mdc = KNOWN.tests[test].change.mdc
    assert mdc is not None
    assert pair(test, before, before + sign * mdc.value, 0.01).verdict == "no_detectable_change"


# A test that cannot show a gain.


@pytest.mark.requirement("R035", "R036")
@pytest.mark.parametrize(
    ("test", "before", "error", "out"),
    [
        # from 18.2 cm to 20 cm are 1.8 cm, the published error is 1.9 cm
        ("wblt", 18.2, 0.1, True),
        ("wblt", 18.0, 0.1, False),
        # 1.959964 x sqrt 2 x 2 = 5.543615 s to the full time of 45 s
        ("sls_eo", 39.5, 2, True),
        ("sls_eo", 39.4, 2, False),
        ("sls_eo", 45, 9, True),
        # 27.718 s: no gain from 20 s can be as large
        ("sls_eo", 20, 10, True),
        # where less is better, the lowest possible counts: 3 s
        ("sts5", 7.1, 1, True),
        ("sts5", 7.3, 1, False),
        # points of a sheet, from 0 on
        ("lateral_step_down_q", 1, 0.7, True),
        ("lateral_step_down_q", 2, 0.7, False),
        ("pain_now", 1, 0.7, True),
        ("pain_now", 6, 0.7, False),
        # no end that could be reached
        ("walk10", 2.9, 0.5, False),
        # the range of a speed is that of its time, 1.5 to 100 s: no end of the speed
        ("walk10", 0.5, 60, False),
        ("step_width", 0.1, 5, False),
        ("trunk_lean", 0.1, 5, False),
        ("psfs", 9.9, 5, False),
    ],
)
def test_where_no_gain_could_be_seen_it_is_said(test: str, before: float, error: float, out: bool) -> None:
    for now in (before, before + 1):
        assert pair(test, before, now, error).out_of_reach is out


def test_what_cannot_be_compared_is_not_out_of_reach() -> None:
    one, two = point(45, 9, conditions={"footwear": "shoes"}), point(45, 9, day=28, conditions={})
    assert told(by_points("sls_eo", one, two)).out_of_reach is False


@given(
    before=st.floats(-100, 100),
    now=st.floats(-100, 100),
    errors=st.tuples(st.floats(0.001, 30), st.floats(0.001, 30)),
    days=st.integers(1, 100),
    test=st.sampled_from(["walk10", "sts5", "wblt", "step_width", "fppa"]),
)
def test_there_and_back_give_the_same_verdict(
    before: float, now: float, errors: tuple[float, float], days: int, test: str
) -> None:
    def verdict(one: tuple[float, float], two: tuple[float, float]) -> Change:
        first, second = point(*one, source="recording"), point(*two, day=days, source="recording")
        series = Series(subject_of(KNOWN.tests[test]), None, (first, second))
        return compare_points(series, first, second, KNOWN, None)

    forth = verdict((before, errors[0]), (now, errors[1]))
    assert forth.mdc is not None
    # sts5, wblt and fppa have a published figure, and two days within two weeks are the person's own
    grounded = days <= 14 or test in ("sts5", "wblt", "fppa")
    assert (forth.verdict == "error_not_known") is not grounded
    beyond = abs(forth.change) > forth.mdc.value * (1 + 1e-9)
    assert (forth.verdict == "real_change") == (beyond and grounded)
    assert forth.mdc.value >= 1.9599 * math.hypot(*errors)
    if days > 14:
        back = verdict((now, errors[1]), (before, errors[0]))
        assert (back.verdict, back.mdc.value) == (forth.verdict, pytest.approx(forth.mdc.value))


def test_a_plateau_is_not_decided_here() -> None:
    flat = by_points("walk10", *(point(1.2, 0.01, day=day, source="recording") for day in (0, 3, 30, 60, 90, 120)))
    assert told(flat).verdict == "no_detectable_change"
    assert "plateau" not in set(Change.__dataclass_fields__)


# Rules of the tests about change.


@pytest.mark.requirement("R036", "R122")
@pytest.mark.parametrize(
    ("test", "before", "now", "error", "source", "rules"),
    [
        ("walk10", 1.0, 1.3, 0.03, "recording", ["walk_speed_gain"]),
        ("walk10", 1.3, 1.0, 0.03, "recording", ["walk_speed_fall"]),
        # more than 0.1 m/s, but within the error
        ("walk10", 1.0, 1.12, 0.05, "recording", []),
        # more than 0.1 m/s, but the error is only our guess
        ("walk10", 1.0, 1.6, 0.06, "product_default", []),
        # beyond the error, but less than 0.1 m/s
        ("walk10", 1.0, 1.05, 0.01, "recording", []),
        # 60 m is more than the rule's 50 m, and less than the error of 81.5 m
        ("walk6min", 400, 460, 5, "published", []),
        ("walk6min", 400, 490, 5, "published", ["walk6_gain"]),
        ("walk6min", 400, 310, 5, "published", ["walk6_fall"]),
        ("pain_now", 1, 9, 0.7, "product_default", []),
        # five points more, of the percent itself
        ("step_time_asym", 4, 10, 0.5, "recording", ["step_time_rise"]),
        ("step_time_asym", 4, 8, 0.5, "recording", []),
        # ten percent less than before, of the value before
        ("overstride", 20, 17, 0.5, "recording", ["foot_ahead_less"]),
        ("overstride", 40, 37, 0.5, "recording", []),
        ("overstride", 20, 26, 0.5, "recording", []),
        # nothing is a percent of nothing
        ("overstride", 0, -20, 0.5, "recording", []),
        ("overstride", 0, 20, 0.5, "recording", []),
        ("overstride", -20, -26, 0.5, "recording", ["foot_ahead_less"]),
        # a rule in points of a percent needs no value before
        ("step_time_asym", 0, 10, 0.5, "recording", ["step_time_rise"]),
    ],
)
def test_a_rule_about_change_needs_a_real_change(
    test: str, before: float, now: float, error: float, source: str, rules: list[str]
) -> None:
    twice = source == "recording"
    assert [rule.id for rule in pair(test, before, now, error, source=source, twice=twice).rules] == rules
    if twice:  # without a second first day no verdict, so no rule
        assert pair(test, before, now, error, source=source).rules == ()


# How long ago.


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(("after", "too_soon"), [(0.7, True), (1, True), (13, True), (14, False), (28, False)])
def test_sooner_than_two_weeks_is_too_soon(after: float, too_soon: bool) -> None:
    change = pair("walk10", 1.0, 1.2, 0.03, days=after)
    # 0.7 days after 09:00 is the next day
    assert (change.days, change.too_soon) == (max(1, int(after)), too_soon)


# What shows progress.


@pytest.mark.requirement("R036", "R122")
@pytest.mark.parametrize(
    ("test", "better"),
    [
        ("speed_at_rpe", "higher"),
        ("pain_now", "lower"),
        ("pain_walk", "lower"),
        ("sls_eo", "higher"),
        ("sls_ec", "higher"),
        ("glute_feel", "higher"),
        ("trunk_lean", "lower"),
        ("posture_tilt", "neither"),
        ("chair30", "higher"),
        ("sts5", "lower"),
    ],
)
def test_measures_of_progress_can_be_followed(test: str, better: str) -> None:
    side = "left" if KNOWN.tests[test].measure.sided else None
    entries = [by_hand(test, value, 0.5, side=side, day=day) for day, value in ((0, 2), (28, 3), (42, 9))]
    change = told(only_series(*entries))
    assert (change.subject.id, change.subject.better) == (test, better)
    assert (change.before.value, change.now.value, change.days) == (2, 9, 42)


def test_a_measure_that_no_test_names_changes_for_neither_better_nor_worse() -> None:
    series = only_series(
        recorded("step_length_m", 0.5, 0.01, unit="m", side="left"),
        recorded("step_length_m", 0.5, 0.01, unit="m", side="left", day=3),
        recorded("step_length_m", 0.7, 0.01, unit="m", side="left", day=30),
    )
    assert series.subject == Subject("gait_side/step_length_m", "Step length", "m", "neither", None, decimals=3)
    assert (told(series).verdict, told(series).direction, told(series).rules) == ("real_change", "neither", ())


def test_the_size_of_a_difference_is_compared_without_its_sign() -> None:
    series = only_series(
        recorded("step_time_asymmetry_pct", -12, 1, unit="%"),
        recorded("step_time_asymmetry_pct", 12, 1, unit="%", day=3),
        recorded("step_time_asymmetry_pct", 3, 1, unit="%", day=30),
    )
    change = told(series)
    assert (change.before.value, change.now.value, change.direction) == (12, 3, "better")
