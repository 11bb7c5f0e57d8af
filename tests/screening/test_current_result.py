"""Why it exists: which result counts today when there are several."""

import math

import pytest

from levelstride.screening.findings import (
    current,
)
from tests.screening.results import (
    KNOWN,
    assessed,
    by_hand,
    by_points,
    found,
    point,
)

# The result that counts today.

BARE, SHOD = {"footwear": "barefoot"}, {"footwear": "shoes"}


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("results", "value", "error", "days"),
    [
        # value, error, day
        ([(10, 2, 0)], 10, 2, 1),
        # the last of a day counts
        ([(10, 2, 0), (20, 2, 0.1)], 20, 2, 1),
        # 10 and 20: spread sqrt 50 = 7.0710678, more than the usual error; over sqrt 2 = 5
        ([(10, 2, 0), (20, 2, 14)], 15, 5, 2),
        ([(10, 2, 0), (30, 2, 5), (20, 2, 5.1)], 15, 5, 2),
        # 10 and 11: spread 0.7, less than the usual error of 2; over sqrt 2
        ([(10, 2, 0), (11, 2, 7)], 10.5, 1.4142136, 2),
        # the usual error is that of the last
        ([(10, 5, 0), (10, 1, 3)], 10, 0.7071068, 2),
        # 9, 12, 15: spread 3, over sqrt 3
        ([(9, 1, 0), (12, 1, 5), (15, 1, 10)], 12, 1.7320508, 3),
        # too long before the last
        ([(10, 2, 0), (20, 2, 14.5)], 20, 2, 1),
        # 10 and 16: spread 4.2426407, over sqrt 2 = 3
        ([(99, 2, 0), (10, 2, 10), (16, 2, 20)], 13, 3, 2),
    ],
)
def test_the_result_of_today_is_the_mean_of_its_days(
    results: list[tuple[float, float, float]], value: float, error: float, days: int
) -> None:
    series = by_points("sls_eo", *(point(size, spread, day=day) for size, spread, day in results))
    today = current(series, KNOWN)
    assert today.value == pytest.approx(value)
    assert today.standard_error == pytest.approx(error)
    assert (today.days, today.at) == (days, series.points[-1].at)


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("results", "value", "footwear"),
    [
        # value, day, conditions; the way with the most days counts, the later one where two have as many
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, SHOD)], 11, "barefoot"),
        ([(10, 0, BARE), (40, 1, SHOD)], 40, "shoes"),
        ([(10, 0, BARE), (40, 1, SHOD), (12, 2, BARE)], 11, "barefoot"),
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, SHOD), (44, 3, SHOD)], 42, "shoes"),
        # two tries of one day are one day
        ([(10, 0, BARE), (12, 0.1, BARE), (40, 1, SHOD)], 40, "shoes"),
        # the way is chosen by all its days, the mean is that of the last two weeks
        ([(10, 0, BARE), (12, 50, BARE), (40, 52, SHOD)], 12, "barefoot"),
        # older than 56 days against the last: no longer the present one
        ([(10, 0, BARE), (12, 1, BARE), (40, 57, SHOD)], 11, "barefoot"),
        ([(10, 0, BARE), (12, 1, BARE), (40, 57.1, SHOD)], 40, "shoes"),
        # what is not stated is another way too
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, {})], 11, "barefoot"),
    ],
)
def test_one_test_done_differently_does_not_replace_two_done_alike(
    results: list[tuple[float, float, dict[str, str]]], value: float, footwear: str
) -> None:
    series = by_points("sls_eo", *(point(size, 2, day=day, conditions=how) for size, day, how in results))
    today = current(series, KNOWN)
    assert (today.value, today.conditions["footwear"]) == (value, footwear)
    entries = [by_hand("sls_eo", size, 2, side="left", day=day, conditions=how) for size, day, how in results]
    finding = found(*entries)["sls_eo", "left"]
    assert finding.point is not None
    assert (finding.point.value, finding.point.conditions) == (value, today.conditions)


def test_what_a_camera_adds_does_not_shrink_with_days() -> None:
    frame = {"method": "recording", "source": "recording", "view": "right", "model": "pose-1"}
    filmed = [point(value, 3, day=day, **frame) for value, day in ((10, 0), (20, 5))]
    today = current(by_points("trailing_limb", *filmed), KNOWN)
    assert (today.value, today.standard_error, today.days) == (20, 3, 1)
    # two days by hand are more than one recording
    by_eye = [point(value, 2, day=day) for value, day in ((1.0, 0), (1.2, 1))]
    mixed = current(by_points("walk10", *by_eye, point(1.5, 0.03, day=2, **frame)), KNOWN)
    assert (mixed.value, mixed.method, mixed.days) == (1.1, "hand", 2)
    later = current(by_points("walk10", by_eye[0], point(1.5, 0.03, day=2, **frame)), KNOWN)
    assert (later.value, later.method) == (1.5, "recording")


@pytest.mark.requirement("R036", "R145")
def test_each_side_counts_with_the_mean_of_its_days() -> None:
    both = found(
        by_hand("wblt", 4, 0.69, side="left"),
        by_hand("wblt", 5, 0.69, side="left", day=5),
        by_hand("wblt", 12, 0.69, side="right"),
    )
    left = both["wblt", "left"]
    assert left.point is not None
    assert left.other is not None
    # 4 and 5: spread 0.7071 > 0.69, over sqrt 2 = 0.5
    assert (left.point.value, left.point.days) == (4.5, 2)
    assert left.margin == pytest.approx(1.959964 * 0.5)
    (gap,) = left.assessments
    assert (gap.value, gap.other, gap.gap) == (4.5, 12, 7.5)
    assert gap.margin == pytest.approx(1.959964 * math.hypot(0.5, 0.69))
    right = both["wblt", "right"]
    assert right.other is not None
    assert (right.other.value, right.other.standard_error) == (4.5, pytest.approx(0.5))
    # the better side too: 11 and 13, spread 1.4142136, over sqrt 2 = 1
    more = found(
        by_hand("wblt", 4, 0.69, side="left"),
        *(by_hand("wblt", value, 0.69, side="right", day=day) for value, day in ((11, 0), (13, 5))),
    )
    (gap,) = more["wblt", "left"].assessments
    assert (gap.value, gap.other, gap.gap) == (4, 12, 8)
    assert gap.margin == pytest.approx(1.959964 * math.hypot(0.69, 1))


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("test", "values", "error", "one_day", "two_days"),
    [
        # mark 0.8: (0.8 - 0.7) / 0.06 = 1.67 errors on one day, 2.36 on two
        ("walk10", (0.7, 0.7), 0.06, "uncertain", "outside"),
        # two days far apart make it less sure, not more
        ("walk10", (0.1, 0.65), 0.06, "outside", "uncertain"),
    ],
)
def test_a_second_day_can_make_a_result_surer(
    test: str, values: tuple[float, float], error: float, one_day: str, two_days: str
) -> None:
    first, second = by_hand(test, values[0], error), by_hand(test, values[1], error, day=7)
    for entries, verdict in (((second,), one_day), ((first, second), two_days)):
        one = assessed(found(*entries)[test, None], "walk_speed_limited")
        assert one is not None
        assert one.verdict == verdict


def test_the_result_before_is_the_first_that_is_alike() -> None:
    def earlier(*results: tuple[float, float, dict[str, str]]) -> float | None:
        entries = [by_hand("sls_eo", size, 2, side="left", day=day, conditions=how) for size, day, how in results]
        finding = found(*entries)["sls_eo", "left"]
        return None if finding.previous is None else finding.previous.value

    assert earlier((5, 0, BARE)) is None
    assert earlier((5, 0, BARE), (7, 30, BARE), (9, 60, BARE)) == 5
    assert earlier((5, 0, SHOD), (7, 30, BARE), (9, 60, BARE)) == 7
    assert earlier((5, 0, SHOD), (9, 60, BARE)) is None
    # the first one in shoes came after the days that count
    assert earlier((5, 0, BARE), (7, 20, BARE), (9, 21, SHOD)) == 5
