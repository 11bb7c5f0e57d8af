"""Why it exists: a person's own activities, one by one and as a mean."""

import pytest

from tests.screening.change_cases import THREE, told
from tests.screening.results import (
    answer,
    found,
    rated,
    series_of,
)


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
