"""Why it exists: shows that the days of a week are spread out, on days the person can use, and near to the habit."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.programme.days import spread_days
from levelstride.programme.model import WEEK

MONDAY = date(2026, 6, 1)
ALL = range(7)
starts = st.dates(date(2026, 1, 1), date(2029, 1, 1))
weekdays = st.sets(st.integers(0, 6), min_size=1)
worked = st.sets(st.integers(-2, -1))


def close(days: tuple[int, ...], busy: set[int]) -> int:
    return sum(later - earlier < 2 for earlier, later in pairwise(sorted((*busy, *days))) if later >= 0)


@pytest.mark.requirement("R050")
@given(starts, st.integers(1, 7), weekdays, worked)
def test_only_days_that_can_be_used_are_chosen_and_as_many_as_wished(
    start: date, count: int, usable: set[int], busy: set[int]
) -> None:
    days = spread_days(start, count, usable, (), tuple(busy))
    assert len(days) == min(count, len(usable))
    assert days == tuple(sorted(set(days)))
    assert {(start + timedelta(days=day)).weekday() for day in days} <= usable


@pytest.mark.requirement("R148")
@given(starts, st.integers(1, 4), weekdays, st.sets(st.integers(0, 6)), worked)
def test_no_other_choice_leaves_more_rest(
    start: date, count: int, usable: set[int], habit: set[int], busy: set[int]
) -> None:
    days = spread_days(start, count, usable, habit, tuple(busy))
    free = [day for day in range(WEEK) if (start + timedelta(days=day)).weekday() in usable]
    best = min(close(other, busy) for other in combinations(free, len(days)))
    assert close(days, busy) == best


@pytest.mark.parametrize(("count", "days"), [(2, (0, 3)), (3, (0, 2, 4)), (4, (0, 2, 4, 6))])
def test_a_free_week_has_two_days_between_sessions(count: int, days: tuple[int, ...]) -> None:
    found = spread_days(MONDAY, count, ALL, ())
    assert found == days
    assert close(found, set()) == 0


def test_a_habit_is_kept_where_it_costs_no_rest() -> None:
    assert spread_days(MONDAY, 3, ALL, {1, 3, 5}) == (1, 3, 5)
    assert spread_days(MONDAY, 2, ALL, {4, 5}) != (4, 5)
    assert close(spread_days(MONDAY, 2, ALL, {4, 5}), set()) == 0


def test_hard_work_of_yesterday_is_rested_from() -> None:
    assert spread_days(MONDAY, 2, ALL, {0, 3}, (-1,))[0] > 0
    assert spread_days(MONDAY, 2, ALL, {0, 3}, (-2,)) == (0, 3)


def test_a_week_begins_on_any_weekday() -> None:
    """From a Thursday on, the Monday is the fifth day."""
    assert spread_days(date(2026, 6, 4), 1, {0}, ()) == (4,)


def test_no_day_is_no_session() -> None:
    assert spread_days(MONDAY, 3, (), ()) == ()
    assert spread_days(MONDAY, 0, ALL, ()) == ()
