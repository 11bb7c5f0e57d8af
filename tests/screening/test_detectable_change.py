"""Why it exists: the minimal detectable change is the largest of its sources, and honest about them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.screening.change import (
    DetectableChange,
    detectable_change,
    own_spread,
)
from tests.screening.change_cases import pair, told
from tests.screening.results import (
    KNOWN,
    by_points,
    point,
)

# The minimal detectable change, worked out by hand.


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(
    ("test", "points", "value", "source"),
    [
        # five stands: published 4.2 s; 1.959964 x sqrt(1.52^2 + 1.52^2) = 1.959964 x 2.149604 = 4.213147
        ("sts5", [(14, 1.52, 0, "published"), (11, 1.52, 28, "published")], 4.213147, "measurement"),
        # six-minute walk: published 81.5 m; 1.959964 x sqrt 2 x 29.4 = 81.491144
        ("walk6min", [(400, 29.4, 0, "published"), (450, 29.4, 28, "published")], 81.5, "published"),
        # knee line on camera: published 9 deg; 1.959964 x sqrt(2^2 + 2^2) = 5.543615
        ("fppa", [(12, 2, 0, "recording"), (4, 2, 28, "recording")], 9.0, "published"),
        # no published figure: 1.959964 x sqrt(0.03^2 + 0.04^2) = 1.959964 x 0.05 = 0.0979982
        ("walk10", [(1.1, 0.03, 0, "recording"), (1.2, 0.04, 28, "recording")], 0.0979982, "measurement"),
        # two first days, 10 and 20 s: squares 50, usual error 2 s twice: sqrt((2 x 4 + 50) / 3) = 4.396969; x 2.771808
        (
            "sls_eo",
            [(10, 2, 0, "product_default"), (20, 4, 7, "product_default"), (30, 4, 60, "product_default")],
            12.187552,
            "own_days",
        ),
        # the same day to day (12 and 12): sqrt(2 x 1.44 / 3) = 0.979796; x 2.771808 = 2.715806, less than the guess:
        # 1.959964 x sqrt(1.2^2 + 1.2^2) = 3.326169
        (
            "chair30",
            [(12, 1.2, 0, "product_default"), (12, 1.2, 7, "product_default"), (16, 1.2, 60, "product_default")],
            3.326169,
            "assumed",
        ),
        # three first days, 40, 50, 60 s, error 10.95 s: squares 200; sqrt((2 x 119.9025 + 200) / 4) = 10.485764;
        # x 2.771808 = 29.064519; published 30; 1.959964 x sqrt 2 x 10.95 = 30.351293
        (
            "side_bridge",
            [(40, 10.95, 0, "published"), (50, 10.95, 5, "published"), (60, 10.95, 14, "published")],
            30.351293,
            "measurement",
        ),
    ],
)
def test_the_largest_of_the_three_errors_counts(
    test: str, points: list[tuple[float, float, float, str]], value: float, source: str
) -> None:
    series = by_points(test, *(point(size, error, day=day, source=of) for size, error, day, of in points))
    mdc = detectable_change(series, series.points[0], series.points[-1], KNOWN)
    assert mdc.value == pytest.approx(value, rel=1e-6)
    assert mdc.source == source
    assert mdc.value == max(mdc.candidates.values())


def test_all_three_errors_are_shown() -> None:
    points = (point(20, 1.52), point(22, 1.52, day=7), point(15, 1.52, day=60))
    mdc = detectable_change(by_points("sts5", *points), points[0], points[2], KNOWN)
    # days 20 and 22: squares 2; sqrt((2 x 2.3104 + 2) / 3) = 1.485575; x 2.771808 = 4.117728
    assert mdc.candidates == pytest.approx({"measurement": 4.213147, "published": 4.2, "own_days": 4.117728}, rel=1e-6)


@pytest.mark.parametrize(
    ("candidates", "grounded"),
    [
        ({"assumed": 3.0}, False),
        ({"assumed": 3.0, "own_days": 1.0}, True),
        ({"assumed": 3.0, "published": 1.0}, True),
        # how far a person varies from day to day is not in the errors of two measurements
        ({"measurement": 1.0}, False),
        ({"measurement": 1.0, "own_days": 1.0}, True),
        ({"measurement": 1.0, "published": 1.0}, True),
    ],
)
def test_only_a_publication_or_the_own_days_are_a_ground(candidates: dict, grounded: bool) -> None:
    assert DetectableChange(3.0, "assumed", candidates).grounded is grounded


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (("published", "published"), "measurement"),
        (("recording", "published"), "measurement"),
        (("product_default", "published"), "assumed"),
        (("recording", "own_tries"), "assumed"),
        (("recording", None), "assumed"),
    ],
)
def test_an_error_that_is_our_guess_is_called_a_guess(sources: tuple[str, str | None], name: str) -> None:
    points = [point(1, 0.3, source=sources[0]), point(2, 0.4, day=60, source=sources[1])]
    mdc = detectable_change(by_points("walk10", *points), points[0], points[1], KNOWN)
    assert mdc.candidates == {name: pytest.approx(0.979982)}


# The person's own days.


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(
    ("days", "spread"),
    [
        # one day
        ([(0, 10)], None),
        # twice on one day: no spread between days
        ([(0, 10), (0.1, 30)], None),
        # the second day is one too late
        ([(0, 10), (14.5, 30)], None),
        # exactly 14 days later: sqrt((2 x 1 + 2) / 3)
        ([(0, 10), (14, 12)], math.sqrt(4 / 3)),
        ([(0, 10), (1, 10)], math.sqrt(2 / 3)),
        # the mean of a day counts once: 10 and 12
        # but the last is one of these days, so their range counts at least: 4 / 2.771808
        ([(0, 8), (0.1, 12), (5, 12)], 1.4431016),
        # three days: (2 + 2) / 4
        ([(0, 9), (4, 10), (8, 11)], 1.0),
        # the last is one of these days, so their range counts at least: 2 / 2.771808 = 0.721551 > sqrt(2.0002 / 4)
        ([(0, 9, 0.01), (5, 10, 0.01), (10, 11, 0.01)], 0.7215509),
        # the last is a later one, so it does not: sqrt((2 x 0.0001 + 2) / 4)
        ([(0, 9, 0.01), (5, 10, 0.01), (10, 11, 0.01), (40, 10, 0.01)], 0.7071421),
        # later results do not count
        ([(0, 10), (1, 12), (40, 99)], math.sqrt(4 / 3)),
    ],
)
def test_own_spread_comes_from_the_first_two_weeks(days: list[tuple[float, ...]], spread: float | None) -> None:
    series = by_points("walk10", *(point(value, *(error or [1]), day=day) for day, value, *error in days))
    found_spread = own_spread(series, series.points[-1], KNOWN)
    assert found_spread == (None if spread is None else pytest.approx(spread))


def test_own_spread_comes_only_from_results_that_are_alike() -> None:
    with_stick, without = {"aid": "stick"}, {"aid": "none"}
    series = by_points(
        "walk10",
        point(0.5, 0.06, day=0, conditions=with_stick),
        point(1.2, 0.06, day=1, conditions=without),
        point(1.2, 0.06, day=10, conditions=without),
    )
    assert own_spread(series, series.points[-1], KNOWN) == pytest.approx(math.sqrt(2 * 0.0036 / 3))
    assert own_spread(series, series.points[0], KNOWN) is None


@pytest.mark.requirement("R035")
@settings(max_examples=200)
@given(
    values=st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000)),
    errors=st.tuples(st.floats(1e-6, 50), st.floats(1e-6, 50)),
    days=st.integers(1, 14),
    test=st.sampled_from(["walk10", "fppa", "sts5", "wblt", "step_width"]),
    source=st.sampled_from(["published", "recording", "product_default"]),
)
def test_the_two_days_that_measure_the_spread_are_never_a_real_change(
    values: tuple[float, float], errors: tuple[float, float], days: int, test: str, source: str
) -> None:
    one, two = point(values[0], errors[0], source=source), point(values[1], errors[1], day=days, source=source)
    change = told(by_points(test, one, two))
    assert change.verdict == "no_detectable_change"
    assert change.rules == ()


@settings(max_examples=200)
@given(
    values=st.lists(st.floats(-100, 100), min_size=3, max_size=5),
    error=st.floats(1e-3, 5),
)
def test_none_of_the_days_that_measure_the_spread_is_a_real_change(values: list[float], error: float) -> None:
    series = by_points("step_width", *(point(value, error, day=3 * n) for n, value in enumerate(values)))
    change = told(series)
    assert change.days <= 14
    assert change.verdict == "no_detectable_change"


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(
    "days",
    [
        [(0, 1.0), (5, 1.9)],
        [(0, 1.0), (5, 1.4), (14, 1.9)],
        # several results on one of the days
        [(0, 1.0), (5, 1.2), (5.1, 1.9)],
        [(0, 1.0), (0.1, 1.2), (5, 1.9)],
    ],
)
def test_a_result_of_the_first_two_weeks_is_never_a_real_change(days: list[tuple[float, float]]) -> None:
    for source in ("recording", "published", "product_default"):
        series = by_points("walk10", *(point(value, 0.02, day=day, source=source) for day, value in days))
        change = told(series)
        assert change.verdict in ("no_detectable_change", "error_not_known")
        assert (change.direction, change.rules) == (None, ())


# The verdict.


@pytest.mark.requirement("R035", "R036")
@pytest.mark.parametrize(
    ("test", "before", "now", "error", "source", "verdict", "direction"),
    [
        # published error
        ("walk6min", 400, 482, 29.4, "published", "real_change", "better"),
        ("walk6min", 400, 318, 29.4, "published", "real_change", "worse"),
        ("walk6min", 400, 481, 29.4, "published", "no_detectable_change", None),
        # less is better
        ("sts5", 16, 11, 1.52, "published", "real_change", "better"),
        ("sts5", 11, 16, 1.52, "published", "real_change", "worse"),
        ("sts5", 16, 12, 1.52, "published", "no_detectable_change", None),
        # only our own guess stands behind the error: no verdict, however large
        ("sls_eo", 5, 45, 2, "product_default", "error_not_known", None),
        ("glute_feel", 1, 10, 0.8, "product_default", "error_not_known", None),
        ("speed_at_rpe", 0.8, 1.6, 0.08, "product_default", "error_not_known", None),
        ("chair30", 5, 25, 1.2, "product_default", "error_not_known", None),
        ("pain_now", 9, 1, 0.7, "product_default", "error_not_known", None),
        # a recording knows its own error, and not how far the person varies from day to day
        ("trunk_lean", 9, 3, 1, "recording", "error_not_known", None),
        ("trunk_lean", 4, 3, 1, "recording", "error_not_known", None),
        ("cadence", 100, 110, 1, "recording", "error_not_known", None),
        ("walk10", 1.0, 1.9, 0.03, "published", "error_not_known", None),
    ],
)
def test_a_change_has_one_of_three_verdicts(
    test: str, before: float, now: float, error: float, source: str, verdict: str, direction: str | None
) -> None:
    change = pair(test, before, now, error, source=source)
    assert (change.verdict, change.direction) == (verdict, direction)
    assert change.change == pytest.approx(now - before)
    assert change.mdc is not None
