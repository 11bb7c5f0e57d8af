"""Why it exists: shows that walks grow one thing at a time after green weeks, hold in doubt and give way to pain."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.journal.bodies import Walk
from levelstride.journal.state import Given, Logged, State
from levelstride.programme.pain import Flare, PainView
from levelstride.programme.walking import LEAST_MINUTES, spread
from tests.programme.walks import (
    MONDAY,
    RULES,
    ZONE,
    case_of,
    done,
    efforts,
    feels,
    lengths,
    plan,
    planned,
    walked,
    week_days,
)

# ------------------------------------------------------------------------------------------------ the start


@pytest.mark.parametrize(("walks_now", "minutes"), [(None, 5), (0, 5), (4.0, 5), (12.5, 12), (30, 30), (240, 30)])
def test_without_a_baseline_the_week_asks_for_easy_walks_no_longer_than_usual(
    walks_now: float | None, minutes: int
) -> None:
    answers = {}
    if walks_now is not None:
        answers["intake/walks_now", None] = (Given(walks_now, datetime(2026, 3, 1, tzinfo=ZONE), "answer-1"),)
    week = plan(state=State(answers=answers))
    assert lengths(week) == [minutes] * 3
    assert week.minutes == 3 * minutes
    assert efforts(week) == ["easy"] * 3
    assert [(why.case, why.entries) for why in week.notices] == [("no_baseline", ("answer-1",) if answers else ())]
    assert all(part.drill is None for _, part in week.walks)


@pytest.mark.parametrize(
    ("walks", "minutes"),
    [
        (done(40, 25), 20),  # what was reached on two days counts, less a fifth
        (done(25, 25, 40), 20),
        (done(26, 26), 20),  # 20.8
        (done(4, 4), 3),
        (done(3, 3), LEAST_MINUTES),
        (done(200, 200), 60),
        (done(25), None),
        (done(25, None), None),
        (done(25, 25, pain=2), 20),
        (done(25, 25, pain=2.1), None),
        (done(25, 25, pain=None), None),
        (done(25, 25, rpe=3), 20),
        (done(25, 25, rpe=3.5), None),
        (done(25, 25, rpe=None), None),
        ((walked(MONDAY - timedelta(days=14), 25), walked(MONDAY - timedelta(days=1), 25)), 20),
        ((walked(MONDAY - timedelta(days=15), 25), walked(MONDAY - timedelta(days=1), 25)), None),
        ((walked(MONDAY, 25), walked(MONDAY - timedelta(days=1), 25)), None),  # this week is not the past
    ],
)
def test_the_start_lies_a_fifth_below_the_easy_walk_of_two_days(
    walks: tuple[Logged[Walk], ...], minutes: int | None
) -> None:
    week = plan(walks, previous=planned(5, 5, 5, case="no_baseline"))
    assert case_of(week) == ("no_baseline" if minutes is None else "set_baseline")
    assert lengths(week) == [5 if minutes is None else minutes] * 3


def test_two_walks_on_one_day_are_one_day() -> None:
    day = MONDAY - timedelta(days=2)
    assert case_of(plan((walked(day, 30), walked(day, 25)))) == "no_baseline"


def test_the_start_names_the_walks_it_rests_on() -> None:
    walks = done(40, 25, 10)
    expected = RULES.why("graded_walking", "set_baseline", walks[0].id, walks[1].id)
    assert [part.why[0] for _, part in plan(walks).walks] == [expected] * 3


@pytest.mark.parametrize(("walked_days", "count"), [(2, 3), (4, 4), (7, 5)])
def test_the_start_keeps_the_days_that_the_person_walks_already(walked_days: int, count: int) -> None:
    assert len(plan(done(*[20] * walked_days)).walks) == count


# ------------------------------------------------------------------------------------------------ a green week


@pytest.mark.parametrize(
    ("before", "after"), [(3, 4), (5, 6), (9, 10), (10, 11), (15, 16), (19, 20), (20, 22), (28, 30), (29, 30)]
)
def test_a_green_week_adds_a_tenth_or_one_minute_until_the_target(before: int, after: int) -> None:
    week = plan(done(before), previous=planned(*[before] * 3))
    assert lengths(week) == [after] * 3
    assert case_of(week) == "more_time"


def test_after_the_time_come_the_days() -> None:
    week = plan(done(30, 30, 30), previous=planned(30, 30, 30))
    assert (lengths(week), case_of(week)) == ([30] * 4, "more_often")
    week = plan(done(30, 30, 30, 30), previous=planned(30, 30, 30, 30))
    assert (lengths(week), case_of(week)) == ([30] * 5, "more_often")


def test_no_day_is_added_while_fewer_walks_are_done_than_planned() -> None:
    week = plan(done(30, 30), previous=planned(30, 30, 30))
    assert (lengths(week), case_of(week)) == ([30] * 3, "stay")


def test_no_day_is_added_that_is_not_free() -> None:
    week = plan(done(30, 30, 30), previous=planned(30, 30, 30), days=week_days(count=3))
    assert (lengths(week), case_of(week)) == ([30] * 3, "stay")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("easy easy easy easy easy", "easy brisk easy brisk easy"),
        ("easy brisk easy brisk easy", "easy hills easy brisk easy"),
        ("easy hills easy brisk easy", "easy hills easy intervals easy"),
    ],
)
def test_after_the_days_comes_the_pace_then_hills_then_quick_parts(before: str, after: str) -> None:
    previous = planned(*[30] * 5, efforts=tuple(before.split()))
    week = plan(done(*[30] * 5), previous=previous, phase="P4")
    assert (efforts(week), lengths(week), case_of(week)) == (after.split(), [30] * 5, "faster")


def test_the_last_step_stays() -> None:
    previous = planned(*[30] * 5, efforts=("easy", "hills", "easy", "intervals", "easy"))
    week = plan(done(*[30] * 5), previous=previous, phase="P4")
    assert (efforts(week), case_of(week)) == (["easy", "hills", "easy", "intervals", "easy"], "stay")


def test_hills_and_quick_parts_are_the_least_of_their_dose() -> None:
    previous = planned(*[30] * 5, efforts=("easy", "hills", "easy", "brisk", "easy"))
    week = plan(done(*[30] * 5), previous=previous, phase="P4")
    hard = [(part.drill, part.drill_minutes, part.practice) for _, part in week.walks if part.effort != "easy"]
    assert hard == [("hill_stairs", 5, None), ("walk_intervals", 4, None)]


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"may_be_hard": False}, ["no_intensity"]),
        ({"support": True}, []),
        ({"support": True, "may_be_hard": False}, []),
        ({"phase": "P2"}, []),
        ({"phase": "P2", "may_be_hard": False}, []),
    ],
)
@pytest.mark.parametrize("pace", ["brisk", "hills", "intervals"])
def test_hills_and_quick_parts_stay_closed(fields: dict[str, Any], notice: list[str], pace: str) -> None:
    previous = planned(*[30] * 5, efforts=("easy", pace, "easy", pace, "easy"))
    week = plan(done(*[30] * 5), previous=previous, **{"phase": "P4", **fields})
    assert efforts(week) == ["easy", "brisk", "easy", "brisk", "easy"]
    assert [why.case for why in week.notices] == notice
    assert {part.support for _, part in week.walks} == {fields.get("support", False)}


def test_before_the_first_phase_walks_are_easy() -> None:
    week = plan(done(*[30] * 5), previous=planned(*[30] * 5), phase="P0")
    assert efforts(week) == ["easy"] * 5
    assert all(part.drill is None for _, part in week.walks)


# ------------------------------------------------------------------------------------------------ doubt


@pytest.mark.parametrize(
    ("walks", "pain", "case"),
    [
        ((), feels(), "stay"),  # nothing was walked
        (done(20, 20, pain=None), feels(), "amber"),  # nobody said how it was
        ((*done(20), walked(MONDAY - timedelta(days=2), 20, pain=None)), feels(), "amber"),
        (done(20, 20, pain=2.5), feels(), "amber"),
        (done(20, 20, pain=5), feels(), "amber"),
        (done(20, 20), feels("amber"), "amber"),  # the morning after
        (done(17.9, 10), feels(), "stay"),  # no walk was as long as planned
        (done(None, None), feels(), "stay"),
        (done(20), feels(person="red"), "stay"),
        (done(20), feels(person="amber", why=()), "more_time"),
    ],
)
def test_a_doubt_holds_time_days_and_pace(walks: tuple[Logged[Walk], ...], pain: PainView, case: str) -> None:
    week = plan(walks, pain, previous=planned(20, 20, 20))
    assert case_of(week) == case
    assert lengths(week) == [22 if case == "more_time" else 20] * 3


@pytest.mark.parametrize(
    ("rule", "case", "minutes"),
    [
        ("pain_colours", "amber", 20),
        ("pain_colours", "red_trend", 20),
        ("pain_colours", "unknown", 22),
        ("next_morning", "no_answer", 22),
    ],
)
def test_pain_elsewhere_holds_the_walk_when_it_was_said(rule: str, case: str, minutes: int) -> None:
    pain = replace(feels(person="amber"), why=(RULES.why(rule, case),))
    assert lengths(plan(done(20), pain, previous=planned(20, 20, 20))) == [minutes] * 3


def test_an_easy_week_holds() -> None:
    week = plan(done(20, 20, 20), previous=planned(20, 20, 20), easy_week=True)
    assert (lengths(week), case_of(week)) == ([20] * 3, "stay")


def test_after_a_painful_week_all_walks_are_easy_and_nothing_is_practised() -> None:
    previous = planned(*[30] * 5, efforts=("easy", "hills", "easy", "brisk", "easy"))
    week = plan(done(*[30] * 5), feels("amber"), previous=previous, phase="P4")
    assert efforts(week) == ["easy"] * 5
    assert all(part.drill is None for _, part in week.walks)
    assert {why.case for _, part in week.walks for why in part.why if why.rule == "gait_practice"} == {"pain"}


@pytest.mark.parametrize(("days_ago", "case"), [(8, "stay"), (28, "stay"), (29, "no_baseline")])
def test_after_four_weeks_without_a_walk_the_start_is_looked_for_anew(days_ago: int, case: str) -> None:
    week = plan((walked(MONDAY - timedelta(days=days_ago), 30),), previous=planned(20, 20, 20))
    assert case_of(week) == case
    assert max(lengths(week)) <= 20


# ------------------------------------------------------------------------------------------------ pain


@pytest.mark.parametrize(("before", "after"), [(30, 24), (21, 16), (5, 4), (4, 3), (3, 3), (2, 2)])
def test_red_takes_a_fifth_off(before: int, after: int) -> None:
    week = plan(done(before), feels("red"), previous=planned(*[before] * 3))
    assert (lengths(week), case_of(week)) == ([after] * 3, "red")


def test_a_red_walk_of_the_week_counts_although_the_last_one_was_green() -> None:
    walks = (*done(20, pain=5.1), walked(MONDAY - timedelta(days=1), 20, pain=0))
    assert case_of(plan(walks, previous=planned(20, 20, 20))) == "red"


def test_no_walk_lies_in_the_days_of_rest() -> None:
    week = plan(done(20, pain=7), feels("red", rest_until=MONDAY + timedelta(days=3)), previous=planned(20, 20, 20))
    assert min(day for day, _ in week.walks) >= MONDAY + timedelta(days=3)


def test_one_red_morning_is_cut_for_once() -> None:
    # red on Wednesday: two days of rest, free on Saturday
    until = MONDAY - timedelta(days=2)
    assert case_of(plan(done(20), feels("amber", rest_until=until), previous=planned(20, 20, 20))) == "red"
    later = plan(
        (), feels("amber", rest_until=until), previous=planned(16, 16, 16), starts_on=MONDAY + timedelta(days=7),
        days=week_days(MONDAY + timedelta(days=7)),
    )  # fmt: skip
    assert (case_of(later), lengths(later)) == ("amber", [16] * 3)


def test_red_takes_a_fifth_off_a_start_as_well() -> None:
    assert lengths(plan(done(25, 25), feels("red"))) == [16] * 3
    assert lengths(plan((), feels("red"))) == [4] * 3


@pytest.mark.parametrize(
    "pain", [feels("black"), feels(person="black"), feels(stop=(RULES.why("stop_signs", "chest_pain", "x"),))]
)
def test_nothing_is_planned_past_a_stop(pain: PainView) -> None:
    week = plan(done(20, 20, 20), pain, previous=planned(20, 20, 20))
    assert (week.walks, week.minutes) == ((), 0)
    assert [(why.rule, why.case) for why in week.notices] == [("graded_walking", "flag")]


def test_the_first_days_of_a_flare_up_are_short_and_the_level_comes_back() -> None:
    flare = Flare(MONDAY - timedelta(days=1), 1, "first", 0, (RULES.why("pain_colours", "red_high", "pain-1"),))
    week = plan(done(30, 30, 30), feels(flare=flare), previous=planned(30, 30, 30))
    first = MONDAY + timedelta(days=1)  # days 0, 1 and 2 of the flare-up
    assert [part.minutes for day, part in week.walks if day <= first] == [15]
    assert [part.minutes for day, part in week.walks if day > first] == [30, 30]
    assert all(part.effort == "easy" and part.drill is None for _, part in week.walks)
    after = plan(done(30, 30, 30), previous=planned(15, 30, 30), easy_week=True)
    assert lengths(after) == [30, 30, 30]


def test_a_week_after_many_short_walks_does_not_jump_back() -> None:
    week = plan(done(*[30] * 5), previous=planned(15, 15, 15, 30, 30), easy_week=True)
    assert lengths(week) == [27] * 5  # 105 minutes and one more day of 30
    amber = plan(done(*[30] * 5), feels("amber"), previous=planned(15, 15, 15, 30, 30))
    assert sum(lengths(amber)) <= 105


# ------------------------------------------------------------------------------------------------ days


def test_days_lie_as_far_apart_as_the_week_allows() -> None:
    assert spread(week_days(), 3) == (MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=4))
    assert spread(week_days(), 1) == (MONDAY,)
    assert spread((), 3) == ()
    assert spread(week_days(count=2), 5) == week_days(count=2)


def test_of_equal_choices_the_preferred_days_win() -> None:
    days = week_days()
    preferred = (days[5], days[1], days[3], days[0], days[2], days[4], days[6])
    assert spread(preferred, 3) == (days[1], days[3], days[5])
    assert spread(preferred, 1) == (days[5],)


@given(st.permutations(range(7)), st.integers(0, 7), st.integers(0, 7))
def test_days_are_chosen_from_the_free_ones_once_each(order: list[int], free: int, count: int) -> None:
    days = tuple(MONDAY + timedelta(days=number) for number in order[:free])
    chosen = spread(days, count)
    assert len(set(chosen)) == len(chosen) == min(free, count)
    assert set(chosen) <= set(days)
    assert list(chosen) == sorted(chosen)


def test_a_week_with_fewer_free_days_gives_its_days_back_one_by_one() -> None:
    narrow = plan(done(20, 20, 20), previous=planned(20, 20, 20), days=week_days(count=1))
    assert lengths(narrow) == [22]
    back = plan(done(20), previous=planned(20))
    assert lengths(back) == [20, 20]


@pytest.mark.parametrize("start", [date(2026, 3, 23), date(2026, 10, 19), date(2028, 2, 28), date(2026, 12, 28)])
def test_clock_changes_leap_days_and_new_year_change_nothing(start: date) -> None:
    prague = ZoneInfo("Europe/Prague")
    walks = tuple(walked(start - timedelta(days=ago), 20, zone=prague) for ago in (1, 7))
    week = plan(walks, previous=planned(20, 20, 20), starts_on=start, days=week_days(start))
    assert [(day - start).days for day, _ in week.walks] == [0, 2, 4]
    assert lengths(week) == [22] * 3
    outside = plan((walked(start - timedelta(days=8), 20),), previous=planned(20, 20, 20), starts_on=start)
    assert {part.why[0].case for _, part in outside.walks} <= {"stay"}


def test_a_walk_late_at_night_belongs_to_the_own_day_of_the_person() -> None:
    west = timezone(timedelta(hours=-10))
    at = datetime.combine(MONDAY - timedelta(days=1), time(23, 30), west)  # Monday in UTC
    walk = Logged("late", at, "Pacific/Honolulu", Walk(duration_s=1200, worst_pain=0, rpe=2))
    assert case_of(plan((walk,), previous=planned(20, 20, 20))) == "more_time"


@pytest.mark.parametrize("case", ["start", "later"])
def test_the_same_input_gives_the_same_week(case: str) -> None:
    previous = planned(20, 20, 20) if case == "later" else ()
    one, two = (plan(done(20, 20), previous=previous) for _ in range(2))
    assert one == two
