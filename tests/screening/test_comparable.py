"""Why it exists: results got in different ways are not compared, and every difference is named."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from levelstride.screening.change import (
    compare,
    differences,
)
from tests.screening.change_cases import COMPARED, NOTED, RECORDED, told
from tests.screening.results import (
    KNOWN,
    by_points,
    only_series,
    point,
    recorded,
    subject_of,
)

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
