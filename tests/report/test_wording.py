"""Why it exists: numbers are shown with the digits their error supports, and never without one."""

import pytest

from levelstride.measure.results import Measure
from levelstride.report.wording import (
    format_angle,
    format_measure,
    seen_from,
    sensible_decimals,
    shown_number,
    summarise_walk,
)


@pytest.mark.parametrize(
    ("value", "error", "unit", "decimals", "text"),
    [
        (0.6134, 0.0312, "m", 3, "0.61 ± 0.03 m"),
        (113.257, 1.625, "steps/min", 1, "113.3 ± 1.6 steps/min"),
        (64.11, 5.9, "deg", 1, "64 ± 6°"),
        (-2.04, 3.4, "deg", 1, "−2 ± 3°"),
        (-0.2, 3.4, "deg", 1, "0 ± 3°"),
        (0.5443, 0.0145, "s", 3, "0.544 ± 0.015 s"),
        (1.114, 0.001, "m/s", 2, "1.11 ± 0.01 m/s"),
        (62.1, 0.0996, "% of cycle", 1, "62.1 ± 0.1 % of cycle"),
        (320.0, 47.0, "deg", 1, "320 ± 47°"),
        (1.0, 0.1996, "m", 3, "1.0 ± 0.2 m"),
    ],
)
def test_a_number_keeps_the_digits_its_error_supports(value, error, unit, decimals, text):
    assert shown_number(value, error, unit, decimals=decimals).text == text


@pytest.mark.parametrize("error", [0.0, -1.0, float("nan"), float("inf")])
def test_an_error_that_is_none_is_refused(error):
    with pytest.raises(ValueError, match="error > 0"):
        sensible_decimals(error)


def test_imperial_is_a_second_value(gait):
    step = gait.get("step_length_m", "left").model_copy(update={"value": 0.61, "standard_error": 0.03})
    assert format_measure(step, units="imperial") == "0.61 ± 0.03 m (24.0 ± 1.2 in)"
    speed = gait.get("walking_speed_mps").model_copy(update={"value": 1.2, "standard_error": 0.04})
    assert format_measure(speed, units="imperial") == "1.20 ± 0.04 m/s (2.68 ± 0.09 mph)"
    assert "(" not in format_measure(gait.get("cadence_spm"), units="imperial")


def test_what_is_not_measurable_says_so(gait):
    assert format_measure(gait.get("step_time_asymmetry_pct")) == "not measurable"


def test_a_reading_of_a_curve():
    assert [format_angle(v) for v in (-17.4, -0.3, 4.5001)] == ["−17°", "0°", "5°"]


def test_summary(gait):
    cadence = gait.get("cadence_spm")
    assert isinstance(cadence, Measure)
    assert (
        summarise_walk(gait, view="left")
        == f"7 steps measured, seen from the left, walking over ground at {cadence.value:.0f} steps per minute."
    )
    back = gait.walks[0].model_copy(update={"camera_sees": "right", "steps": 1})
    two = gait.model_copy(
        update={"walks": (gait.walks[0], back), "measures": (), "surface": "treadmill or moving camera"}
    )
    assert summarise_walk(two, view="left") == (
        "8 steps in 2 passes measured, seen from both sides, walking on a treadmill or with a moving camera."
    )


def test_a_view_that_was_not_stated(gait):
    nothing = gait.model_copy(update={"walks": ()})
    assert seen_from(gait, view="unknown") == "the left"
    assert seen_from(nothing, view="right") == "the right"
    assert seen_from(nothing, view="unknown") == "the side"
