"""Why it exists: protects how a level rises, stays and falls - each case of ``progression_order`` at its mark."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.programme.moves import guarded
from levelstride.programme.progression import Standing
from tests.programme.bouts import (
    GOOD_DAY,
    RULES,
    WEIGHTS,
    at,
    case,
    context,
    fell,
    frame_of,
    hurt,
    moved,
    sets,
    short,
    stand,
    trained,
)

#: A squat to a box: three sets of 8-12, no load, the front of the thigh leads.
SQUAT = "box_squat"
#: A move of the shin: two or three sets of 10-15, no load, not of the knee.
TOES = "toe_raise_wall"
#: One leg: three sets of 8-12, dumbbells where there are any.
SPLIT = "split_squat"
FULL = (100, 100, 100)


def twice(amounts: tuple[int, ...] = FULL, **told: Any) -> Standing:
    return stand(SQUAT, trained(0, SQUAT, amounts, **told), trained(3, SQUAT, amounts, **told))


# --------------------------------------------------------------------------------------------------------- rising


@pytest.mark.requirement("R088", "R112")
@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, "step_up"),
        ({"quality": 85}, "step_up"),
        ({"quality": 84}, "hard"),
        ({"quality": 70}, "hard"),
        ({"rpe": 7.0, "rir": None}, "step_up"),
        ({"rpe": 7.5, "rir": None}, None),
        ({"rpe": 8.0, "rir": None}, "hard"),
        ({"rpe": 8.0, "rir": 4.0}, "hard"),
        ({"rpe": None, "rir": 2.0}, "step_up"),
        ({"rpe": None, "rir": 1.0}, None),
        ({"pain": 2.0}, "step_up"),
        ({"pain": 2.5}, "amber"),
        ({"pain": 3.0}, "amber"),
        ({"pain": 5.0}, "amber"),
    ],
)
def test_two_sessions_must_be_clean_easy_and_green(told, found):
    after = twice(**told)
    assert found is None or case(after) == f"progression_order.{found}"
    assert after.change == ("up" if found == "step_up" else "hold")


@pytest.mark.requirement("R131")
@pytest.mark.parametrize("exercise", ["step_up", "sl_rdl", "reverse_lunge"])
@pytest.mark.parametrize(("quality", "up"), [(85, True), (84, False)])
def test_the_moves_of_one_leg_rise_with_clean_repetitions_only(exercise, quality, up):
    days = [trained(day, exercise, FULL, "left", quality=quality) for day in (0, 3)]
    after = stand(exercise, *days, side="left", phase="P3")
    assert case(after) == f"progression_order.{'step_up' if up else 'hard'}"
    first = frame_of(exercise, "P3")
    assert (short(after.level) != (first.sets[0], first.amount[0], None)) is up


@pytest.mark.parametrize(("last", "found"), [(14, "step_up"), (13, "aim_up")])
def test_the_last_set_must_pass_the_top_of_the_range_by_two(last, found):
    assert case(twice((12, 12, last))) == f"progression_order.{found}"


def test_only_the_last_set_must_pass_the_top():
    assert case(twice((8, 8, 14))) == "progression_order.step_up"


@pytest.mark.requirement("R088")
def test_one_good_session_or_two_that_are_not_in_a_row_are_no_step_up():
    good, poor = (lambda day: trained(day, SQUAT, FULL)), (lambda day: trained(day, SQUAT, FULL, quality=84))
    assert case(stand(SQUAT, good(0))) == "progression_order.aim_up"
    broken = stand(SQUAT, good(0), poor(3), good(6))
    assert case(broken) != "progression_order.step_up"
    assert case(stand(SQUAT, good(0), poor(3), good(6), good(9))) in (
        "progression_order.step_up",
        "progression_order.top",
    )


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"quality": None}, "quality"),
        ({"rpe": None, "rir": None}, "effort"),
        ({"pain": None}, "pain"),
        ({"usual": None}, "the next morning"),
    ],
)
def test_what_is_not_known_holds_the_level(told, where):
    before = stand(SQUAT, trained(0, SQUAT, FULL))
    after = stand(SQUAT, trained(0, SQUAT, FULL), trained(3, SQUAT, FULL, **told))
    assert (case(after), after.change, after.held) == ("progression_order.no_answer", "hold", True), where
    assert after.level == before.level


def test_every_set_at_its_aim_raises_the_aim_and_one_set_below_it_does_not():
    assert short(stand(SQUAT, trained(0, SQUAT, (8, 8, 8))).level) == (3, 10, None)
    assert short(stand(SQUAT, trained(0, SQUAT, (8, 8, 7))).level) == (3, 8, None)
    assert case(stand(SQUAT, trained(0, SQUAT, (8, 8, 7)))) == "progression_order.stay"
    twice_up = stand(SQUAT, trained(0, SQUAT, (8, 8, 8)), trained(3, SQUAT, (10, 10, 10)))
    assert short(twice_up.level) == (3, 12, None)
    at_top = stand(SQUAT, *(trained(3 * n, SQUAT, (12, 12, 12)) for n in range(4)))
    assert (short(at_top.level), case(at_top)) == ((3, 12, None), "progression_order.stay")


def test_an_aim_that_was_missed_in_every_set_is_not_called_reached():
    after = stand(SQUAT, trained(0, SQUAT, (5, 5, 5)))
    assert after.change == "hold"
    assert after.level.amount <= 8


def test_when_nothing_is_left_to_add_a_harder_move_is_asked_for():
    days = [trained(3 * n, SQUAT, FULL) for n in range(6)]
    asked = [stand(SQUAT, *days[:n]).wants for n in range(7)]
    assert asked[:4] == [None] * 4
    found = stand(SQUAT, *days[:4])
    assert (case(found), found.wants, found.change) == ("progression_order.top", "harder", "hold")


@pytest.mark.parametrize(("effort", "found"), [(3.0, "too_easy"), (3.5, "aim_up")])
def test_one_far_too_easy_session_is_enough_for_a_step(effort, found):
    days = trained(0, SPLIT, (8, 8, 8), "left"), trained(3, SPLIT, (12, 12, 12), "left", rpe=effort)
    after = stand(SPLIT, *days, side="left", has=WEIGHTS)
    assert case(after) == f"progression_order.{found}"
    assert after.level.loaded is (found == "too_easy")


@pytest.mark.requirement("R073")
def test_a_closed_load_gate_holds_and_asks_for_no_harder_move():
    after = stand(SPLIT, trained(0, SPLIT, (12, 12, 12), "left", rpe=3.0), side="left", has=WEIGHTS)
    assert after.wants is None


# ---------------------------------------------------------------------------------------------- staying and falling


@pytest.mark.requirement("R080")
@pytest.mark.parametrize(("second", "found"), [(69, "form_lost"), (70, "hard")])
def test_form_lost_in_two_sessions_leads_one_step_down(second, found):
    days = [trained(0, SQUAT, FULL), trained(3, SQUAT, FULL), trained(6, SQUAT, FULL, quality=69)]
    assert case(stand(SQUAT, *days)) == "progression_order.hard"
    after = stand(SQUAT, *days, trained(9, SQUAT, FULL, quality=second))
    assert case(after) == f"progression_order.{found}"
    assert after.change == ("down" if found == "form_lost" else "hold")
    assert after.level.amount == (10 if found == "form_lost" else 12)


def test_form_lost_twice_with_a_good_session_between_is_no_step_down():
    quality = (69, 100, 69)
    days = [trained(3 * n, SQUAT, FULL, quality=one) for n, one in enumerate(quality)]
    assert case(stand(SQUAT, *days)) == "progression_order.hard"


def test_form_lost_is_not_forgiven_by_a_session_in_which_nobody_counted():
    quality = (69, None, 69)
    days = [trained(3 * n, SQUAT, FULL, quality=one) for n, one in enumerate(quality)]
    assert case(stand(SQUAT, *days)) == "progression_order.form_lost"


@pytest.mark.parametrize(("reserve", "found"), [(0.0, "empty"), (1.0, None), (2.0, "aim_up"), (3.0, "aim_up")])
def test_nothing_to_spare_in_the_last_set_leads_one_step_down(reserve, found):
    days = trained(0, SQUAT, (8, 8, 8)), trained(3, SQUAT, (10, 10, 10), rpe=None, rir=reserve)
    after = stand(SQUAT, *days)
    assert found is None or case(after) == f"progression_order.{found}"
    assert after.level.amount == {"empty": 8, None: 10, "aim_up": 12}[found]


@pytest.mark.parametrize(
    "told",
    [{"pain": 5.5}, {"pain": 0.0, "pain_kind": "sharp"}, {"pain": 0.0, "pain_kind": "gives_way"}, {"usual": False}],
)
def test_red_pain_leads_one_step_down_whatever_else_was_good(told):
    good = trained(0, SQUAT, FULL), trained(3, SQUAT, FULL)
    after = stand(SQUAT, *good, trained(6, SQUAT, FULL, **told))
    assert (case(after), after.change, after.held) == ("progression_order.pain_red", "down", True)
    assert short(after.level) == (3, 10, None)


def test_red_pain_at_the_lowest_level_asks_for_an_easier_move():
    after = stand(SQUAT, trained(0, SQUAT, (8, 8, 8), pain=7.0))
    assert (after.wants, short(after.level)) == ("easier", (3, 8, None))


@pytest.mark.parametrize("pain", [2.5, 3.0, 4.0, 5.0])
def test_amber_pain_keeps_everything_at_or_below_the_last_time(pain):
    days = trained(0, TOES, FULL), trained(3, TOES, (9,), pain=pain)
    after = stand(TOES, *days)
    assert (case(after), after.held) == ("progression_order.amber", True)
    level = guarded(after.level, after, frame_of(TOES), RULES, frozen=False)
    assert (level.sets, level.amount) == (1, 9)


@pytest.mark.parametrize(
    ("answers", "poor"),
    [
        ({"sleep_hours": 5.9}, True),
        ({"sleep_hours": 6.0}, False),
        ({"sleep_quality": 3.0}, True),
        ({"sleep_quality": 3.5}, False),
        ({"stress": 7.0}, True),
        ({"stress": 6.5}, False),
    ],
)
def test_a_poor_day_is_no_day_for_a_step_up(answers, poor):
    days = trained(0, SQUAT, FULL), trained(3, SQUAT, FULL, check_in={**GOOD_DAY, **answers})
    after = stand(SQUAT, *days)
    assert case(after) == f"progression_order.{'poor_day' if poor else 'step_up'}"
    assert after.level.amount == (10 if poor else 12)


def test_a_fall_leads_one_step_down():
    days = [trained(0, SQUAT, FULL), trained(3, SQUAT, FULL)]
    for what in ("fall", "near_fall"):
        after = stand(SQUAT, *days, trained(6, SQUAT, FULL), [fell(6, SQUAT, what)])
        assert (after.change, after.held, short(after.level)) == ("down", True, (3, 10, None))


@pytest.mark.parametrize("what", ["fall", "near_fall"])
def test_after_a_fall_in_a_move_it_is_done_with_support(what):
    days = [trained(0, SQUAT, FULL), [fell(0, SQUAT, what)]]
    assert not stand(SQUAT, days[0]).support
    assert stand(SQUAT, *days).support
    assert stand(SQUAT, *days, trained(3, SQUAT, FULL), trained(6, SQUAT, FULL)).support
    assert moved(context(*days, day=1), SQUAT).support


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(
    ("first", "second", "place", "found"),
    [
        (2.0, 2.5, None, "knee_or_trunk"),
        (2.0, 3.0, None, "knee_or_trunk"),
        (1.0, 2.0, None, "aim_up"),  # rising, but not above two
        (3.0, 3.0, None, "amber"),  # above two, but not rising
        (4.0, 3.0, None, "amber"),
        (2.0, 3.0, "knee", "knee_or_trunk"),
        (2.0, 3.0, "hip_side", "amber"),
        (2.0, 6.0, None, "pain_red"),
    ],
)
def test_knee_pain_above_two_that_rises_leads_one_step_down(first, second, place, found):
    days = trained(0, SQUAT, (8, 8, 8), pain=first), trained(3, SQUAT, (10, 10, 10), pain=second)
    told = [] if place is None else [hurt(3, SQUAT, second, place)]
    after = stand(SQUAT, *days, told)
    assert case(after) == f"progression_order.{found}"
    assert after.change == {"aim_up": "up", "amber": "hold"}.get(found, "down")


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(("place", "found"), [(None, "amber"), ("knee", "knee_or_trunk"), ("calf", "amber")])
def test_in_a_move_of_another_muscle_the_knee_must_be_named(place, found):
    days = trained(0, TOES, (10, 10), pain=1.0), trained(3, TOES, (10, 10), pain=3.0)
    told = [] if place is None else [hurt(3, TOES, 3.0, place)]
    assert case(stand(TOES, *days, told)) == f"progression_order.{found}"


def test_pain_at_a_place_that_was_not_told_counts_as_the_knee_where_the_thigh_leads():
    days = trained(0, SQUAT, (8, 8, 8), pain=2.0), trained(3, SQUAT, (8, 8, 8), pain=3.0)
    assert case(stand(SQUAT, *days, [hurt(3, SQUAT, 3.0, "not_said")])) == "progression_order.knee_or_trunk"


# ------------------------------------------------------------------------------------------------------ first weeks


@pytest.mark.requirement("R078")
@pytest.mark.parametrize(
    ("day", "effort", "down"), [(0, 5.0, False), (0, 5.5, True), (13, 6.0, True), (14, 6.0, False), (13, 5.0, False)]
)
def test_in_the_first_two_weeks_more_effort_than_five_leads_down(day, effort, down):
    after = stand(TOES, trained(day, TOES, (10, 10), rpe=effort), started=0)
    assert (case(after) == "first_weeks.over_cap") is down
    assert (after.change == "down") is down
    assert after.wants is None


@pytest.mark.requirement("R078")
@pytest.mark.parametrize(("started", "most"), [(None, 5), (-1, 5), (-13, 5), (-14, 7), (-56, 7)])
def test_in_the_first_two_weeks_no_effort_above_five_is_asked_for(started, most):
    move = moved(context(day=0, started=started), SQUAT)
    assert move.rpe == (5, most)
    assert move.rir == ((3, 4) if most == 5 else (2, 3))


@pytest.mark.requirement("R078")
def test_no_session_of_the_first_two_weeks_is_too_easy():
    days = trained(0, SPLIT, (8, 8, 8), "left", rpe=3.0), trained(3, SPLIT, (12, 12, 12), "left", rpe=1.0)
    after = stand(SPLIT, *days, side="left", has=WEIGHTS, started=0)
    assert (case(after) != "progression_order.too_easy", after.level.loaded) == (True, False)


# --------------------------------------------------------------------------------------------------------- awkward


@pytest.mark.requirement("R053")
def test_an_awkward_move_is_made_easier_and_shown_again_before_another_takes_its_place():
    days = [trained(3 * n, TOES, (12, 12), awkward=5.0) for n in range(3)]
    found = [stand(TOES, trained(-3, TOES, (12, 12)), *days[:n]) for n in range(4)]
    assert [case(one) for one in found[1:]] == [
        "feedback_awkward.first_time",
        "feedback_awkward.first_time",
        "feedback_awkward.swap",
    ]
    assert [one.show_again for one in found] == [False, True, True, False]
    assert [one.wants for one in found] == [None, None, "easier", "swap"]
    assert [one.level.amount for one in found] == [12, 10, 10, 10]
    assert all(one.held for one in found[1:])


@pytest.mark.requirement("R053")
@pytest.mark.parametrize(("rating", "awkward"), [(4.5, False), (5.0, True), (10.0, True)])
def test_a_move_is_awkward_from_five(rating, awkward):
    found = stand(SQUAT, trained(0, SQUAT, (8, 8, 8), awkward=rating))
    assert found.show_again is awkward
    assert case(found) == ("feedback_awkward.first_time" if awkward else "progression_order.aim_up")


@pytest.mark.requirement("R053")
def test_at_its_lowest_level_an_awkward_move_asks_for_the_easier_version():
    found = stand(SQUAT, trained(0, SQUAT, (8, 8, 8), awkward=6.0))
    assert (found.wants, found.show_again, found.held) == ("easier", True, True)


def test_where_an_awkward_move_hurts_the_rule_of_pain_decides():
    amber = stand(SQUAT, trained(0, SQUAT, (8, 8, 8), awkward=6.0, pain=4.0))
    assert (case(amber), amber.change, amber.held, amber.show_again) == ("feedback_awkward.pain", "hold", True, False)
    red = stand(SQUAT, trained(0, SQUAT, (8, 8, 8), awkward=6.0, pain=6.0))
    assert (case(red), red.change) == ("progression_order.pain_red", "down")


@pytest.mark.requirement("R138")
def test_a_move_that_feels_awkward_too_still_gives_way_to_rising_knee_pain():
    days = trained(0, SQUAT, (8, 8, 8), pain=2.0), trained(3, SQUAT, (10, 10, 10), pain=4.0, awkward=6.0)
    assert stand(SQUAT, *days).change == "down"


# ------------------------------------------------------------------------------------------------------- at all times


@settings(max_examples=80, deadline=None)
@given(
    reps=st.lists(st.integers(6, 20), min_size=1, max_size=4),
    pain=st.sampled_from((0.0, 2.0, 2.5, 4.0, 6.0)),
    worse=st.sampled_from((0.0, 0.5, 2.0, 4.0)),
    usual=st.sampled_from((True, None, False)),
)
@pytest.mark.requirement("R112")
def test_more_pain_or_a_worse_morning_never_gives_more_work(reps, pain, worse, usual):
    earlier = [trained(3 * n, TOES, (one, one)) for n, one in enumerate(reps)]
    day, of = 3 * len(reps), frame_of(TOES)
    better = stand(TOES, *earlier, trained(day, TOES, (16, 17), pain=pain))
    other = stand(TOES, *earlier, trained(day, TOES, (16, 17), pain=pain + worse, usual=usual))
    most, least = (guarded(one.level, one, of, RULES, frozen=False) for one in (better, other))
    assert least.sets <= most.sets
    assert least.amount <= most.amount


@settings(max_examples=80, deadline=None)
@given(
    days=st.lists(
        st.tuples(
            st.integers(5, 20),
            st.sampled_from((60, 84, 85, 100, None)),
            st.sampled_from((3.0, 6.0, 8.0, None)),
            st.sampled_from((0.0, 3.0, None)),
        ),
        min_size=1,
        max_size=5,
    )
)
@pytest.mark.requirement("R112")
def test_from_one_session_to_the_next_one_thing_rises_at_most(days):
    logged = [
        trained(3 * n, TOES, (reps, reps), quality=quality, rpe=effort, rir=None, pain=pain)
        for n, (reps, quality, effort, pain) in enumerate(days)
    ]
    found = stand(TOES, *logged)
    level = guarded(found.level, found, frame_of(TOES), RULES, frozen=False)
    assert (level.amount > days[-1][0]) + (level.sets > 2) <= 1
    if found.change != "up":
        assert level.sets <= 2 or not found.held


def test_amber_pain_between_two_good_sessions_breaks_the_row_also_where_nobody_counted():
    days = [trained(0, TOES, FULL), trained(3, TOES, FULL, pain=4.0, quality=None), trained(6, TOES, FULL)]
    assert case(stand(TOES, *days)) != "progression_order.step_up"


def test_no_step_up_before_the_next_morning():
    first = trained(0, SQUAT, FULL, usual=None)
    second = sets(0, SQUAT, FULL, session="later", when=at(0, 8, 40), rpe=6.0, rir=3.0, pain=0.0)
    assert case(stand(SQUAT, first, second, today=0)) != "progression_order.step_up"


def test_a_weight_that_was_not_told_once_is_still_bounded_by_the_last_one_told() -> None:
    days = [trained(3 * n, "goblet_squat", (10, 10, 10), load_kg=5.0) for n in range(3)]
    untold = trained(9, "goblet_squat", (10, 10, 10), pain=4.0)
    after = stand("goblet_squat", *days, untold, has=WEIGHTS)
    assert after.held
    assert after.level.load_kg is None or after.level.load_kg <= 5.0
    assert after.level.load_kg is not None or not after.level.loaded
