"""Why it exists: protects what was earned - a day that asked for less takes nothing away; what is known bounds it."""

from typing import Any

import pytest

from levelstride.programme.moves import guarded
from levelstride.programme.progression import Standing
from tests.programme.bouts import GOOD_DAY, RULES, WEIGHTS, asked, case, context, frame_of, moved, stand, trained

SQUAT, SPLIT = "box_squat", "split_squat"
FULL = (100, 100, 100)


def test_an_easy_painless_day_with_fewer_repetitions_takes_nothing_from_the_level():
    full = stand(SQUAT, trained(0, SQUAT, (12, 12, 12)))
    less = stand(SQUAT, trained(0, SQUAT, (12, 12, 12)), trained(3, SQUAT, (4, 4, 4)))
    assert less.level.amount >= 8
    assert less.level.amount >= full.level.amount


@pytest.mark.parametrize("told", [{"rpe": 9.0, "rir": 1.0}, {"pain": 4.0}, {"pain": None}])
def test_fewer_repetitions_that_were_hard_or_hurt_or_were_not_told_lower_it(told):
    after = stand(SQUAT, trained(0, SQUAT, (8, 8, 8)), trained(3, SQUAT, (4, 4, 4), **told))
    assert after.level.amount <= 4


def test_halved_days_one_after_the_other_never_end_at_one_repetition():
    days = [trained(3 * number, SQUAT, (8 >> number,) * 3) for number in range(3)]
    assert stand(SQUAT, *days).level.amount >= 8


def loaded(*loads: float) -> list[Any]:
    """Return days on which a weight was opened by two good sessions and then lifted."""
    light = [trained(3 * number, SPLIT, FULL, "left") for number in range(4)]
    return light + [trained(12 + 3 * number, SPLIT, FULL, "left", load_kg=load) for number, load in enumerate(loads)]


def split(days: list[Any]) -> Standing:
    return stand(SPLIT, *days, side="left", has=WEIGHTS)


@pytest.mark.requirement("R134")
def test_a_load_that_was_earned_waits_over_a_poor_day_and_comes_with_the_next_good_one():
    def day(number: int, **told: Any):
        return trained(number, SPLIT, FULL, "left", load_kg=8.0, **told)

    before = loaded(*[8.0] * 4)
    earned, of = split(before), frame_of(SPLIT, has=WEIGHTS)
    assert (earned.change, earned.level.load_kg) == ("up", 8.5)
    poor_day = day(24, check_in={**GOOD_DAY, "stress": 9.0})
    poor = split([*before, poor_day])
    assert (poor.held, poor.level.load_kg) == (True, 8.5)
    assert guarded(poor.level, poor, of, RULES, frozen=False).load_kg == 8.0
    good = split([*before, poor_day, day(27)])
    assert (good.change, good.level.load_kg) == ("up", 8.5)
    assert guarded(good.level, good, of, RULES, frozen=False).load_kg == 8.5
    hurt = split([*before, day(24, pain=4.0), day(27)])
    assert (guarded(hurt.level, hurt, of, RULES, frozen=False).load_kg or 0) <= 8.0


def test_a_load_far_above_the_last_one_comes_back_one_step_at_a_time():
    found = split(loaded(10.0, 4.0))
    most = guarded(found.level, found, frame_of(SPLIT, has=WEIGHTS), RULES, frozen=False)
    assert most.load_kg in (4.0, 4.5)


def test_a_held_move_is_repeated_as_far_as_it_went_and_no_further():
    poor = {**GOOD_DAY, "stress": 9.0}
    at_ease = moved(context(trained(0, SQUAT, FULL), [*asked_poor(3, poor)], day=3), SQUAT, frozen=True)
    assert at_ease.doses[0].amount == 10
    assert at_ease.doses[0].top == 14
    shorter = moved(context(trained(0, SQUAT, (9, 9, 9)), day=3), SQUAT, frozen=True)
    assert shorter.doses[0].top == 9
    hurt = moved(context(trained(0, SQUAT, FULL, pain=3.0), day=3), SQUAT, frozen=True)
    assert hurt.doses[0].top == hurt.doses[0].amount


def asked_poor(day: int, answers: dict[str, Any]):
    """Give a poor check-in."""
    yield asked(day, **answers)


def test_a_restart_after_four_weeks_remembers_that_the_last_time_was_red():
    after = stand(SQUAT, trained(0, SQUAT, (5,), pain=8.0), today=60)
    assert after.colour is not None
    assert after.colour.colour == "red"
    assert guarded(after.level, after, frame_of(SQUAT), RULES, frozen=False).amount <= 5


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(
    ("seen", "case_"), [(0, "step_up"), (4, "step_up"), (5, "knee_or_trunk"), (14, "knee_or_trunk")]
)
def test_a_trunk_that_leans_in_more_than_three_of_ten_repetitions_leads_one_step_down(seen, case_):
    days = [trained(day, SQUAT, (14, 14, 14), faults={"TRUNK_LEAN_LAT": seen}) for day in (0, 3)]
    after = stand(SQUAT, *days)
    assert case(after) == f"progression_order.{case_}"
    assert after.change == ("up" if case_ == "step_up" else "down")


@pytest.mark.requirement("R138")
def test_another_fault_and_a_lean_that_nobody_watched_for_change_no_level():
    usual = stand(SQUAT, trained(0, SQUAT, FULL), trained(3, SQUAT, FULL))
    other = stand(SQUAT, *(trained(day, SQUAT, (14, 14, 14), faults={"PELV_DROP": 14}) for day in (0, 3)))
    assert case(other) == "progression_order.step_up" == case(usual)
