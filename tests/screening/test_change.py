"""Why it exists: shows that a change is called real only beyond the minimal detectable change, and only when alike."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.screening.change import (
    Change,
    DetectableChange,
    compare,
    compare_points,
    detectable_change,
    differences,
    own_spread,
)
from levelstride.screening.series import Series, Subject
from tests.screening.results import (
    KNOWN,
    answer,
    by_hand,
    by_points,
    found,
    only_series,
    point,
    rated,
    recorded,
    series_of,
    subject_of,
)

# 1.959964 x sqrt 2
FACTOR = 2.7718076


def told(series: Series, **options: bool) -> Change:
    change = compare(series, KNOWN, None, **options)
    assert change is not None
    return change


def pair(
    test: str,
    before: float,
    now: float,
    error: float,
    *,
    days: float = 28,
    source: str = "published",
    twice: bool = False,
) -> Change:
    """Compare two results; ``twice``: the first was the same on a second day, so the own days are known.

    Their part in the error, sqrt(2 / 3) x 2.77 errors, is less than that of the two results, 2.77 errors.
    """
    one, two = point(before, error, source=source), point(now, error, day=days, source=source)
    again = (point(before, error, day=3, source=source),) if twice else ()
    return told(by_points(test, one, *again, two))


# Alike or not.

FRAMES = [
    ("method", {"method": "recording", "view": "right", "model": "pose-1"}, {"method": "hand"}),
    ("view", {"method": "recording", "view": "right"}, {"method": "recording", "view": "front"}),
    ("view", {"method": "recording", "view": "right"}, {"method": "recording", "view": None}),
    ("device", {"method": "recording", "device": "phone A"}, {"method": "recording", "device": "phone B"}),
    ("model", {"method": "recording", "model": "pose-1"}, {"method": "recording", "model": "pose-2"}),
]


@pytest.mark.parametrize(("what", "one", "two"), FRAMES)
def test_results_got_by_other_means_are_not_compared(what: str, one: dict[str, str], two: dict[str, str]) -> None:
    for before, now in ((one, two), (two, one)):
        change = told(by_points("trailing_limb", point(10, 0.1, **before), point(25, 0.1, day=28, **now)))
        assert change.verdict == "not_comparable"
        assert what in [unlike.what for unlike in change.differences]
        assert (change.mdc, change.direction, change.rules) == (None, None, ())
        assert change.change == 15


def test_a_phone_that_is_not_named_is_taken_as_the_same() -> None:
    frame = {"method": "recording", "view": "right", "model": "pose-1"}
    one, two = (point(10, 0.1, day=day, device="phone A", **frame) for day in (0, 3))
    assert told(by_points("trailing_limb", one, two, point(25, 0.1, day=28, **frame))).verdict == "real_change"


# Every condition that must agree, with two answers that do not; the test is done by hand.
COMPARED = {
    "chair30": {"arms": ("crossed", "used_hands"), "chair_height": ("usual", "lower")},
    "glute_feel": {"sore": ("not_sore", "sore"), "training": ("before", "after")},
    "lateral_step_down_q": {
        "step_height": ("usual", "low"),
        "support": ("no_hand", "fingers"),
        "seen_by": ("video", "mirror"),
    },
    "pain_now": {"place": ("knee", "groin"), "body_side": ("left", "right")},
    "pain_walk": {"route": ("usual", "other"), "aid": ("none", "stick")},
    "plank_hold": {"knees": ("straight", "on_knees")},
    "side_bridge": {"knees": ("straight", "on_knees")},
    "side_lying_abd_hold": {"wall": ("at_wall", "no_wall")},
    "sl_bridge_reps": {"form": ("floor", "box"), "metronome": ("with_beat", "own_pace")},
    "sl_squat_quality": {
        "support": ("no_hand", "hand"),
        "seen_by": ("video", "helper"),
        "footwear": ("barefoot", "shoes"),
    },
    "sls_ec": {"support": ("no_hand", "hand"), "footwear": ("barefoot", "shoes")},
    "sls_eo": {"support": ("no_hand", "hand"), "footwear": ("barefoot", "shoes")},
    "speed_at_rpe": {"effort": ("four", "other"), "stops": ("none", "long"), "route": ("usual", "other")},
    "squat_screen": {"form": ("squat", "chair_stand"), "seen_by": ("video", "own_view")},
    "sts5": {"arms": ("crossed", "used_hands"), "chair_height": ("usual", "higher")},
    "thomas": {"pelvis_held": ("held", "not_sure"), "read_with": ("photo", "app")},
    "trendelenburg_seen": {"seen_by": ("mirror", "helper"), "support": ("fingers", "no_hand")},
    "walk10": {"course": ("ten_metres", "four_metres"), "aid": ("none", "stick")},
    "walk6min": {"lap": ("thirty", "short"), "aid": ("stick", "frame")},
    "wblt": {"heel_stayed": ("stayed", "lifted"), "footwear": ("barefoot", "shoes")},
}
#: What is only noted.
NOTED = {
    ("glute_feel", "bridge_felt"),
    ("pain_now", "time_of_day"),
    ("pain_walk", "pain_kind"),
    ("side_bridge", "ended_by"),
    ("side_lying_abd_hold", "ended_by"),
    ("sl_bridge_hold", "ended_by"),
    ("trendelenburg_seen", "hip_pain"),
    ("walk6min", "rested"),
}


def test_every_condition_of_the_library_is_in_the_tables() -> None:
    compared = {(test.id, one.id) for test in KNOWN.tests.values() for one in test.conditions if one.compared}
    noted = {(test.id, one.id) for test in KNOWN.tests.values() for one in test.conditions if not one.compared}
    assert compared == {(test, name) for test, names in COMPARED.items() for name in names}
    assert noted == NOTED


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(("test", "name"), [(test, name) for test, names in COMPARED.items() for name in names])
def test_results_under_other_conditions_are_not_compared(test: str, name: str) -> None:
    usual = {key: answers[0] for key, answers in COMPARED[test].items()}
    other = usual | {name: COMPARED[test][name][1]}
    missing = {key: value for key, value in usual.items() if key != name}
    far = 1000.0
    for before, now in ((usual, other), (other, usual), (usual, missing), (missing, usual)):
        change = told(by_points(test, point(1, 0.1, conditions=before), point(far, 0.1, day=28, conditions=now)))
        assert change.verdict == "not_comparable"
        assert [(one.what, one.before, one.now) for one in change.differences] == [
            (name, before.get(name), now.get(name))
        ]
    days = (point(size, 0.1, day=day, conditions=usual) for day, size in ((0, 1), (3, 1), (28, far)))
    alike = told(by_points(test, *days))
    assert alike.verdict == "real_change"


@pytest.mark.parametrize(("test", "name"), sorted(NOTED))
def test_what_is_only_noted_does_not_stop_a_comparison(test: str, name: str) -> None:
    condition = next(one for one in KNOWN.tests[test].conditions if one.id == name)
    one, two = list(condition.options)[:2]
    first, second = (point(1, 0.1, day=day, conditions={name: one}) for day in (0, 3))
    change = told(by_points(test, first, second, point(900, 0.1, day=28, conditions={name: two})))
    assert change.verdict == "real_change"


RECORDED = {
    "footwear": ("barefoot", "shoes"),
    "walking_aid": ("none", "stick"),
    "surface": ("floor", "grass"),
    "treadmill": ("no", "yes"),
    "picture": ("1080x1920 60", "720x1280 30"),
}


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.parametrize("measure", ["trailing_limb_angle_deg", "peak_hip_flexion_deg"])
def test_recordings_under_other_conditions_are_not_compared(name: str, measure: str) -> None:
    def verdict(before: Mapping[str, str], now: Mapping[str, str]) -> str:
        return told(
            only_series(
                recorded(measure, 10, 0.1, unit="deg", side="left", conditions=before),
                recorded(measure, 10, 0.1, unit="deg", side="left", conditions=before, day=3),
                recorded(measure, 30, 0.1, unit="deg", side="left", conditions=now, day=28),
            )
        ).verdict

    one, two = ({name: value} for value in RECORDED[name])
    assert verdict(one, two) == "not_comparable"
    assert verdict(one, one) == "real_change"
    assert verdict(one, {}) == "real_change", "what one recording does not state is taken as the same"


def test_every_difference_is_named() -> None:
    one = point(1, 0.1, method="recording", view="right", device="A", model="m1", conditions={"footwear": "shoes"})
    two = point(1, 0.1, method="recording", view="left", device="B", model="m2", conditions={"footwear": "barefoot"})
    names = [unlike.what for unlike in differences(subject_of(KNOWN.tests["trailing_limb"]), one, two)]
    assert names == ["view", "device", "model", "footwear"]


def test_other_activities_are_not_compared() -> None:
    one = point(3, 0.1, conditions={"activities": "stairs | walk"})
    two = point(9, 0.1, day=28, conditions={"activities": "shop | walk"})
    change = told(by_points("psfs", one, two))
    assert change.verdict == "not_comparable"
    assert [unlike.what for unlike in change.differences] == ["activities"]


# The first result that was got in the same way.


def test_the_last_result_is_compared_with_the_first_that_is_alike() -> None:
    barefoot, shoes = {"footwear": "barefoot"}, {"footwear": "shoes"}
    series = by_points(
        "sls_eo",
        point(5, 0.1, day=0, conditions=shoes),
        point(10, 0.1, day=20, conditions=barefoot),
        point(20, 0.1, day=40, conditions=barefoot),
        point(30, 0.1, day=60, conditions=barefoot),
    )
    assert told(series).before.value == 10
    assert told(series, with_first=False).before.value == 20
    only_unlike = replace(series, points=(series.points[0], series.points[3]))
    assert told(only_unlike).before.value == 5
    assert told(only_unlike).verdict == "not_comparable"


def test_one_result_is_no_change() -> None:
    assert compare(by_points("sls_eo", point(5, 0.1)), KNOWN, None) is None
    assert compare(by_points("sls_eo"), KNOWN, None) is None
    # two numbers of one moment are one result
    assert compare(by_points("sls_eo", point(5, 0.1), point(9, 0.1)), KNOWN, None) is None


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("with_first", [True, False])
def test_results_of_one_day_are_never_compared(with_first: bool) -> None:
    # from 09:00 on; 0.6 days later it is 23:24, 0.7 days later 01:48 of the next day
    morning, noon, night = (point(value, 0.02, day=day) for value, day in ((1.0, 0), (1.2, 0.1), (1.9, 0.6)))
    next_day = point(1.9, 0.02, day=0.7)
    for points in ((morning, noon), (morning, noon, night)):
        assert compare(by_points("walk10", *points), KNOWN, None, with_first=with_first) is None
    change = told(by_points("walk10", morning, noon, next_day), with_first=with_first)
    assert (change.before, change.now, change.days) == (morning if with_first else noon, next_day, 1)
    # the day of the last result is passed over, not only its moment
    later = (point(1.5, 0.02, day=40), point(1.6, 0.02, day=40.1))
    change = told(by_points("walk10", morning, noon, *later), with_first=with_first)
    assert (change.before, change.now) == (morning if with_first else noon, later[1])


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


# The person's own activities.


THREE = ("shop", "stairs", "walk")


def activities(*days: tuple[float, dict[str, float]], names: tuple[str, ...] = THREE) -> dict:
    return series_of(answer("activities/names", names, day=-1), *(rated(scores, day=day) for day, scores in days))


@pytest.mark.requirement("R122", "R036")
@pytest.mark.parametrize(
    ("after", "mean", "stairs"),
    [
        ({"shop": 5, "stairs": 5, "walk": 4}, "no_detectable_change", "no_detectable_change"),
        # the mean rises by exactly 2, one activity by exactly 3
        ({"shop": 5, "stairs": 6, "walk": 4}, "no_detectable_change", "no_detectable_change"),
        ({"shop": 5, "stairs": 7, "walk": 4}, "real_change", "real_change"),
        ({"shop": 5, "stairs": 5, "walk": 6}, "real_change", "no_detectable_change"),
        ({"shop": 3, "stairs": 7, "walk": 3}, "no_detectable_change", "real_change"),
        ({"shop": 0, "stairs": 0, "walk": 0}, "real_change", "no_detectable_change"),
    ],
)
def test_the_mean_needs_more_than_two_points_and_one_activity_more_than_three(
    after: dict[str, float], mean: str, stairs: str
) -> None:
    # 3, 3 and 3 before
    series = activities((0, dict.fromkeys(THREE, 3)), (28, after))
    assert told(series["psfs", None]).verdict == mean
    assert told(series["psfs/stairs", None]).verdict == stairs
    assert told(series["psfs", None]).mdc.value == pytest.approx(2)
    assert told(series["psfs/stairs", None]).mdc.value == pytest.approx(3)


@pytest.mark.requirement("R122", "R035")
def test_one_activity_has_its_own_published_figure() -> None:
    series = activities((0, dict.fromkeys(THREE, 3)), (28, dict.fromkeys(THREE, 9)))
    mean, stairs = (told(series[name, None]).mdc for name in ("psfs", "psfs/stairs"))
    assert mean is not None
    assert stairs is not None
    assert (mean.candidates["published"], stairs.candidates["published"]) == (2, 3)
    assert mean.grounded
    assert stairs.grounded


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_mean_counts_from_three_activities_on(count: int) -> None:
    names = ("shop", "stairs", "walk", "work")[:count]
    series = activities((0, dict.fromkeys(names, 3)), (28, dict.fromkeys(names, 8)), names=names)
    single = {(f"psfs/{name}", None) for name in names}
    assert set(series) == (single | {("psfs", None)} if count >= 3 else single)
    assert all(told(one).verdict == "real_change" for one in series.values())


def test_a_drop_of_one_activity_fires_no_rule_of_the_mean() -> None:
    series = activities((0, {"shop": 5, "stairs": 9, "walk": 5}), (28, {"shop": 5, "stairs": 1, "walk": 10}))
    assert told(series["psfs/stairs", None]).verdict == "real_change"
    assert told(series["psfs/stairs", None]).rules == ()
    assert told(series["psfs", None]).rules == ()
    dropped = activities((0, dict.fromkeys(THREE, 9)), (28, dict.fromkeys(THREE, 5)))
    assert [rule.id for rule in told(dropped["psfs", None]).rules] == ["psfs_fall"]


def test_the_mean_counts_only_days_on_which_all_activities_were_rated() -> None:
    series = activities(
        (0, {"shop": 4, "stairs": 3, "walk": 5}),
        (10, {"shop": 9, "stairs": 9}),
        (28, dict.fromkeys(THREE, 7)),
    )
    assert [one.value for one in series["psfs", None].points] == [4, 7]
    assert [one.value for one in series["psfs/stairs", None].points] == [3, 9, 7]
    assert [one.value for one in series["psfs/walk", None].points] == [5, 7]


def test_a_rating_of_the_same_day_is_replaced_in_the_mean() -> None:
    series = activities((0, {"shop": 4, "stairs": 3, "walk": 5}), (0.1, {"stairs": 6}))
    assert [one.value for one in series["psfs", None].points] == [5]


def test_an_activity_that_left_the_list_is_not_mixed_into_the_mean() -> None:
    names = ("cook", "shop", "walk")
    series = activities((0, {"shop": 5, "stairs": 3, "walk": 5}), (28, {"cook": 7, "shop": 7, "walk": 7}), names=names)
    assert [one.value for one in series["psfs", None].points] == [7]
    assert ("psfs/stairs", None) not in series


def test_own_activities_are_described_and_never_a_finding_of_one_day() -> None:
    one = found(answer("activities/names", ("walk",)), rated({"walk": 0}))
    assert {key: finding.verdict for key, finding in one.items()} == {("psfs/walk", None): "described"}
    assert one["psfs/walk", None].subject.activity == "walk"
    three = found(answer("activities/names", THREE), rated(dict.fromkeys(THREE, 0)))
    assert {key: finding.verdict for key, finding in three.items()} == dict.fromkeys(
        [("psfs", None), *((f"psfs/{name}", None) for name in THREE)], "described"
    )


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
