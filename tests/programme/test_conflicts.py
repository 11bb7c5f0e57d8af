"""Why it exists: shows that a week which stays short says which single wish would help, and that following it helps."""

from typing import Any

import pytest

from levelstride.programme.model import Programme, Relaxation
from tests.programme.people import KNOWN, RULES, Life, cases, lived, main, names, training

#: Somebody at the start of base strength, with plenty of time.
START = 14
UPRIGHT = [
    name
    for name, one in KNOWN.exercises.items()
    if one.position not in KNOWN.rules["week_plan"].lists["floor_positions"]
]


def somebody(**wishes: Any) -> Life:
    """Return somebody after two weeks, who then told other wishes."""
    life, _ = lived(2)
    life.answers(START - 1, **wishes)
    return life


def wishes(week: Programme) -> dict[str, Relaxation]:
    return {one.wish: one for one in week.relaxed}


def is_whole(week: Programme) -> bool:
    low, _ = RULES.wholes("phases", f"{week.phase.lower()}_moves")
    least, _ = RULES.wholes("phases", f"{week.phase.lower()}_sessions")
    sessions = training(week)
    return len(sessions) >= least and all(len(main(one)) >= low for one in sessions)


def test_a_whole_week_asks_for_nothing() -> None:
    week = somebody().plan(START)
    assert is_whole(week)
    assert week.relaxed == ()


# ---------------------------------------------------------------------------------------------------- minutes


@pytest.mark.requirement("R050")
@pytest.mark.parametrize("minutes", [3.0, 5.0, 6.0])
def test_too_few_minutes_name_the_smallest_number_that_helps(minutes: float) -> None:
    week = somebody(minutes_per_session=minutes).plan(START)
    assert not is_whole(week)
    assert ("week_plan", "moves_short") in cases(week.notices)
    wanted = int(wishes(week)["minutes"].values["value"])
    followed = somebody(minutes_per_session=float(wanted)).plan(START)
    assert is_whole(followed)
    assert followed.relaxed == ()
    assert not is_whole(somebody(minutes_per_session=float(wanted - 5)).plan(START))


def test_even_a_short_week_keeps_the_persons_minutes_and_every_other_rule() -> None:
    life = somebody(minutes_per_session=5.0)
    week = life.plan(START)
    assert training(week)
    assert all(sum(move.seconds for move in one.moves) <= 300 for one in training(week))


# ------------------------------------------------------------------------------------------------------- days


@pytest.mark.requirement("R050", "R148")
def test_too_few_days_name_the_least_number() -> None:
    week = somebody(days_per_week=1.0).plan(START)
    assert len(training(week)) == 1
    assert ("week_plan", "days_short") in cases(week.notices)
    assert wishes(week)["days"].values == {"value": "2"}
    followed = somebody(days_per_week=2.0).plan(START)
    assert is_whole(followed)
    assert followed.relaxed == ()


@pytest.mark.requirement("R050")
def test_too_few_weekdays_ask_for_another_one() -> None:
    life = somebody()
    life.choose("days", [2], day=START - 1)
    week = life.plan(START)
    assert {one.day.weekday() for one in training(week)} == {2}
    assert set(wishes(week)) == {"weekdays"}
    life.choose("days", [2, 5], day=START - 1, hour=9)
    assert is_whole(life.plan(START))
    assert life.plan(START).relaxed == ()


@pytest.mark.requirement("R148")
def test_days_without_rest_between_hold_hard_work_for_other_muscles_only() -> None:
    life = somebody()
    life.choose("days", [0, 1], day=START - 1)
    first, second = training(life.plan(START))
    assert (second.day - first.day).days == 1

    def hard(session: Any) -> set[str]:
        return {m for move in session.moves if move.hard for m in KNOWN.exercises[move.exercise].muscles.primary}

    assert hard(first)
    assert not hard(first) & hard(second)


# ----------------------------------------------------------------------------------------- what was left out


def without(*kept: str) -> Life:
    """Return somebody who left out every move but these."""
    life = somebody()
    for name in KNOWN.exercises:
        if name not in kept:
            life.wish("skip", name, day=START - 1)
    return life


def test_too_much_left_out_says_so_and_taking_it_back_helps() -> None:
    life = without("glute_bridge")
    week = life.plan(START)
    assert not is_whole(week)
    assert set(wishes(week)) == {"choices"}
    assert is_whole(somebody().plan(START))


def test_when_no_single_wish_helps_that_is_said_too() -> None:
    life = without("glute_bridge")
    life.answers(START - 1, minutes_per_session=5.0)
    week = life.plan(START)
    assert set(wishes(week)) == {"none"}
    assert not is_whole(week)


def test_a_physios_choice_is_no_wish_to_be_given_up() -> None:
    life = somebody()
    for name in KNOWN.exercises:
        if name != "glute_bridge":
            life.coach("forbid", name, day=START - 1)
    assert set(wishes(life.plan(START))) == {"none"}


def test_a_place_that_closes_the_moves_is_named_and_home_helps() -> None:
    """Upright moves are left out by hand, so that only what is done lying down remains."""
    life = somebody(setting="office")
    for name in UPRIGHT:
        life.wish("skip", name, day=START - 1)
    week = life.plan(START)
    assert not is_whole(week)
    assert {"setting", "choices"} <= set(wishes(week))
    life.answers(START - 1, setting="home")
    assert is_whole(life.plan(START))


def test_a_thing_that_would_help_is_named_and_having_it_helps() -> None:
    """Everything was left out by hand but two moves that need nothing and one of a coach that needs a weight."""
    life, _ = lived(2, equipment=())
    life.coach("pin", "goblet_squat", day=START - 1)
    for name in KNOWN.exercises:
        if name not in ("glute_bridge", "clamshell", "goblet_squat"):
            life.wish("skip", name, day=START - 1)
    week = life.plan(START)
    assert not is_whole(week)
    found = wishes(week)
    assert found["equipment"].values == {"name": KNOWN.vocabulary.equipment["dumbbells"].label}
    life.answers(START - 1, equipment=("dumbbells",))
    assert is_whole(life.plan(START))
    assert life.plan(START).relaxed == ()


@pytest.mark.parametrize(
    "name",
    ["relax_minutes", "relax_days", "relax_weekdays", "relax_equipment", "relax_place", "relax_choices", "relax_none"],
)
def test_every_way_out_has_words(name: str) -> None:
    assert KNOWN.headings[name]


def test_no_way_out_ever_touches_a_health_answer() -> None:
    life = somebody().copy(codes=("HIP_OA", "KNEE_OA", "PFP", "LB_FLEX", "WRIST", "HAM", "GTPS"))
    week = life.plan(START)
    removed = set(life.context(START).traits.removed)
    assert not removed & {name for one in week.sessions for name in names((*one.moves, *one.short, *one.bare))}
    assert set(wishes(week)) <= {"minutes", "equipment", "none"}
