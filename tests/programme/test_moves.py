"""Why it exists: protects the dose of a move - per side, never above the last time while held, one rise at most."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Side
from levelstride.journal.entry import Entry
from levelstride.programme.history import Bout
from levelstride.programme.levels import Frame, Level
from levelstride.programme.model import Move
from levelstride.programme.moves import Ask, guarded, make_move, scaled, unique
from levelstride.programme.pain import MoveColour
from levelstride.programme.progression import Standing
from tests.programme.bouts import (
    KNOWN,
    RULES,
    WEIGHTS,
    at,
    by_side,
    case,
    coach,
    context,
    dose,
    frame_of,
    moved,
    sets,
    stand,
    trained,
)

SQUAT = "box_squat"
FULL = (100, 100, 100)
SPLIT = "split_squat"
GOBLET = "goblet_squat"
HIP = "quad_hip_ext"  # two or three sets of 10-15 on each side in P1, a band where there is one
AWARE = tuple(
    (name, phase)
    for name, one in sorted(KNOWN.exercises.items())
    for phase, library in one.doses.items()
    if library.preset == "awareness"
)
KG = Frame((2, 4), (8, 12), "repetitions", (5, 10), False, (5, 7), 60, None, "kg", False, 8)
NONE_YET = RULES.why("week_plan", "entry")


def last(*amounts: float, **told: Any) -> Bout:
    return Bout(SQUAT, None, "s", at(0), amounts, **told)


def standing(level: Level, bout: Bout | None, **kept: Any) -> Standing:
    return Standing(level, "hold", NONE_YET, last=bout, **kept)


def guard(level: Level, bout: Bout | None, of: Frame = KG, *, frozen: bool = False, planned: int = 0, **kept: Any):
    return guarded(level, standing(level, bout, **kept), of, RULES, frozen=frozen, planned=planned)


# ----------------------------------------------------------------------------------------------- nothing above, held


@pytest.mark.parametrize("why", [{"held": True}, {"frozen": True}])
def test_what_is_held_is_never_above_the_last_time(why):
    level = Level(4, 12, 10, loaded=True, load_kg=12.0)
    assert guard(level, last(9, 8, hold_s=6.0, load_kg=10.0), **why) == Level(2, 9, 6, loaded=True, load_kg=10.0)
    assert guard(Level(4, 12, 10), last(9.7, hold_s=0.4), **why) == Level(1, 9, 1)
    assert guard(level, last(9, 8, hold_s=6.0), **why) == Level(2, 9, 6)  # without a weight last time, none now
    low = Level(1, 5, 5, loaded=True, load_kg=4.0)
    assert guard(low, last(9, 9, hold_s=9.0, load_kg=10.0), **why) == low


def test_a_held_band_stays_and_one_that_must_be_there_is_the_lightest():
    banded, must = replace(KG, may_load="band"), replace(KG, may_load="band", needs_load="band")
    level = Level(2, 8, None, loaded=True, band=3)
    assert guard(level, last(8, 8, band=2), banded, held=True).band == 2
    assert guard(level, last(8, 8), banded, held=True) == Level(2, 8)
    assert guard(level, last(8, 8), must, held=True) == Level(2, 8, None, loaded=True, band=1)


def test_a_load_still_to_be_chosen_is_not_begun_while_held():
    level = Level(2, 8, None, loaded=True)
    assert not guard(level, last(8, 8), held=True).loaded
    assert guard(level, last(8, 8), replace(KG, needs_load="kg"), held=True).loaded


def test_with_nothing_done_yet_the_first_level_stands():
    level = Level(2, 8, 5, loaded=True, band=1)
    assert guard(level, None, held=True, frozen=True) == level


def test_a_shorter_day_does_not_lower_the_sets_but_red_pain_does():
    level, bout = Level(3, 8), last(8)
    assert guard(level, bout, held=True).sets == 1
    assert guard(level, bout, held=True, planned=3).sets == 3
    red = MoveColour("red", ())
    assert guard(level, bout, held=True, planned=3, colour=red).sets == 1


@pytest.mark.requirement("R112")
@pytest.mark.parametrize(
    ("level", "bout", "after"),
    [
        (Level(2, 10), last(8, 8), Level(2, 10)),
        (Level(3, 8), last(8, 8), Level(3, 8)),
        (Level(3, 10), last(8, 8), Level(2, 10)),
        (Level(2, 8, 7), last(8, 8, hold_s=5.0), Level(2, 8, 7)),
        (Level(3, 10, 7), last(8, 8, hold_s=5.0), Level(2, 8, 7)),
        (
            Level(2, 8, None, loaded=True, load_kg=10.5),
            last(12, 12, load_kg=10.0),
            Level(2, 8, None, loaded=True, load_kg=10.5),
        ),
        (
            Level(2, 10, None, loaded=True, load_kg=10.5),
            last(8, 8, load_kg=10.0),
            Level(2, 10, None, loaded=True, load_kg=10.0),
        ),
        (Level(3, 8, None, loaded=True, band=2), last(8, 8, band=1), Level(3, 8, None, loaded=True, band=1)),
    ],
)
def test_one_thing_rises_at_most(level, bout, after):
    assert guard(level, bout) == after


@pytest.mark.requirement("R112")
def test_a_first_load_and_one_more_set_do_not_come_together():
    after = guard(Level(3, 8, None, loaded=True), last(14, 14))
    assert not (after.sets > 2 and after.loaded)


LEVELS = st.builds(
    lambda sets_, amount, hold, load: Level(sets_, amount, hold, loaded=load is not None, load_kg=load),
    st.integers(1, 4),
    st.integers(1, 14),
    st.integers(1, 12),
    st.none() | st.integers(1, 40).map(lambda n: n / 2),
)
BOUTS = st.builds(
    lambda amounts, hold, load: last(*amounts, hold_s=hold, load_kg=load),
    st.lists(st.integers(1, 16).map(float), min_size=1, max_size=5),
    st.integers(1, 12).map(float),
    st.none() | st.integers(1, 40).map(lambda n: n / 2),
)


@settings(max_examples=300, deadline=None)
@given(level=LEVELS, bout=BOUTS, held=st.booleans(), frozen=st.booleans())
@pytest.mark.requirement("R112")
def test_whatever_the_level_says_the_dose_is_guarded(level, bout, held, frozen):
    after = guard(level, bout, held=held, frozen=frozen)
    rises = (
        after.sets > len(bout.amounts),
        after.amount > max(bout.amounts),
        (after.hold_s or 0) > (bout.hold_s or 0),
        (after.load_kg or 0) > (bout.load_kg or 0),
    )
    assert sum(rises) <= (0 if held or frozen else 1)
    assert after.sets <= level.sets
    assert after.amount <= level.amount
    assert (after.load_kg or 0) <= (level.load_kg or 0)


# ------------------------------------------------------------------------------------------------------- what a move is


def test_a_move_of_one_side_has_a_dose_for_each_and_every_other_one_dose():
    of = context(day=0)
    assert [one.side for one in moved(of, SPLIT).doses] == ["left", "right"]
    assert [one.side for one in moved(of, SQUAT).doses] == [None]
    assert make_move(of, KNOWN.exercises["pelvic_drop"], Ask("strength", "P2")) is None


def uneven() -> list[Any]:
    """Return days on which the left side earned a third set and the right one lost repetitions."""
    logged = []
    for n in range(4):
        logged += trained(3 * n, HIP, (15, 17), "left")
        logged += sets(3 * n, HIP, (12, 12), "right", rpe=6.0, rir=0.0 if n == 3 else 3.0, pain=0.0)
    return logged


def test_the_sides_differ_in_repetitions_and_share_the_lower_number_of_sets():
    logged = uneven()
    left, right = (stand(HIP, logged, side=side, phase="P1") for side in ("left", "right"))
    assert left.level.sets == 3
    assert (right.level.sets, case(right)) == (2, "progression_order.empty")
    found = by_side(moved(context(logged, day=10), HIP, "P1", "activation"))
    assert found["left"] == (2, 15)
    assert found["right"] == (2, right.level.amount)
    assert right.level.amount < 15


def test_an_ask_for_fewer_sets_is_a_most_and_never_none():
    of = context(day=0)
    assert [moved(of, SQUAT, sets=wanted).sets for wanted in (0, 1, 2, 9)] == [1, 1, 2, 3]


def test_the_aim_may_be_passed_up_to_the_top_unless_something_holds_it():
    logged = trained(0, SQUAT, (8, 8, 8))
    of = context(logged, day=1)
    assert (dose(moved(of, SQUAT)).amount, dose(moved(of, SQUAT)).top) == (10, 14)
    assert (dose(moved(of, SQUAT, frozen=True)).amount, dose(moved(of, SQUAT, frozen=True)).top) == (8, 8)
    hurting = context(trained(0, SQUAT, (8, 8, 8), pain=4.0), day=1)
    assert (dose(moved(hurting, SQUAT)).amount, dose(moved(hurting, SQUAT)).top) == (8, 8)


@pytest.mark.requirement("R082")
def test_hints_become_fewer_with_clean_sessions_and_come_back_when_form_slips():
    days = [trained(n, SQUAT, FULL) for n in range(9)]
    every = [moved(context(*days[:n], day=n), SQUAT).cue_every for n in range(10)]
    assert every == [1, 1, 2, 2, 4, 4, 0, 0, None, None]
    slipped = moved(context(*days, trained(9, SQUAT, FULL, quality=84), day=10), SQUAT)
    assert slipped.cue_every == 4
    assert slipped.cue in KNOWN.exercises[SQUAT].cues.external
    assert moved(context(*days, day=9), SQUAT).cue is None


def test_hints_follow_the_side_with_fewer_clean_sessions():
    days = [trained(n, SPLIT, FULL, "left") + sets(n, SPLIT, FULL, "right", quality=60, pain=0.0) for n in range(4)]
    assert moved(context(*days, day=4), SPLIT).cue_every == 1


def test_a_slip_of_either_side_brings_the_hints_back():
    def every(left: int, right: int) -> int | None:
        logged = []
        for n in range(10):
            now = (left, right) if n == 9 else (100, 100)
            logged += trained(n, SPLIT, FULL, "left", quality=now[0])
            logged += sets(n, SPLIT, FULL, "right", quality=now[1], rpe=6.0, rir=3.0, pain=0.0)
        return moved(context(logged, day=10), SPLIT).cue_every

    assert every(60, 100) == every(100, 60) == 4


# ------------------------------------------------------------------------------------------------- effort and tempo


@pytest.mark.parametrize(
    ("exercise", "phase", "block", "rpe", "rir", "hard"),
    [
        (SQUAT, "P2", "strength", (5, 7), (2, 3), True),
        ("step_up", "P3", "strength", (6, 8), (2, 3), True),
        ("side_plank", "P2", "strength", (3, 6), None, True),  # seconds: nobody counts what is left
        ("clamshell", "P1", "activation", (2, 4), None, False),
        ("clamshell", "P2", "activation", (4, 4), None, False),
        ("dead_bug", "P1", "activation", (3, 4), None, False),
        ("sl_stance", "P2", "activation", (2, 4), None, False),
    ],
)
def test_only_strength_work_on_repetitions_asks_for_a_reserve(exercise, phase, block, rpe, rir, hard):
    move = moved(context(day=0), exercise, phase, block)
    assert (move.rpe, move.rir, move.hard) == (rpe, rir, hard)


@pytest.mark.requirement("R078")
def test_in_the_first_weeks_more_is_left_in_reserve():
    early, later = (moved(context(day=0, started=day), SQUAT) for day in (-13, -14))
    assert (early.rpe[1], early.rir) == (5, (3, 4))
    assert (later.rpe[1], later.rir) == (7, (2, 3))


def test_an_effort_that_a_week_allows_at_most_is_kept():
    assert moved(context(day=0), SQUAT, rpe_most=6).rpe == (5, 6)
    assert moved(context(day=0), SQUAT, rpe_most=3).rpe == (3, 3)


@pytest.mark.requirement("R134")
@pytest.mark.parametrize(
    ("exercise", "phase", "tempo"),
    [
        ("forward_lunge", "P3", (3.0, 0.0, 2.0)),
        ("forward_lunge", "maintenance", (2.0, 0.0, 2.0)),
        ("step_up", "P3", (3.0, 0.0, 2.0)),
        ("pelvic_drop", "P3", (3.0, 1.0, 2.0)),  # its own pause is longer
        ("heel_raise", "P3", (2.0, 1.0, 2.0)),  # no one-leg control: its own tempo
        ("side_plank", "P3", None),
    ],
)
def test_moves_of_control_are_lowered_for_three_seconds_in_p3(exercise, phase, tempo):
    assert moved(context(day=0), exercise, phase).tempo == tempo


# ----------------------------------------------------------------------------------------------------------- the load


def test_a_weight_is_chosen_first_and_then_kept_and_told():
    first = moved(context(day=0, has=WEIGHTS), GOBLET)
    assert (first.choose_load, dose(first).load_kg) == (True, None)
    logged = trained(0, GOBLET, (8, 8, 8), load_kg=7.5)
    then = moved(context(logged, day=1, has=WEIGHTS), GOBLET)
    assert (then.choose_load, dose(then).load_kg, dose(then).amount) == (False, 7.5, 10)


def test_a_band_begins_with_the_lightest():
    move = moved(context(day=0, has=("mini_band",)), "clamshell_band", "P1", "activation")
    assert {(one.band, one.load_kg) for one in move.doses} == {(1, None)}
    assert not move.choose_load


def test_without_equipment_a_weight_that_can_be_left_away_is_left_away():
    logged = [trained(3 * n, SPLIT, (12, 12, 14), side) for n in range(4) for side in ("left", "right")]
    of = context(*logged, day=12, has=WEIGHTS)
    assert moved(of, SPLIT).choose_load
    bare = moved(of, SPLIT, bare=True)
    assert not bare.choose_load
    assert all(one.load_kg is None and one.band is None for one in bare.doses)
    must = context(trained(0, GOBLET, (8, 8, 8), load_kg=7.5), day=1, has=WEIGHTS)
    assert dose(moved(must, GOBLET, bare=True)).load_kg == 7.5


# ------------------------------------------------------------------------------------------------- gentle, the warm-up


def test_a_warm_up_stays_one_easy_set_however_far_the_move_has_come():
    logged = [trained(n, HIP, (15, 17), side) for n in range(8) for side in ("left", "right")]
    of = context(*logged, day=8, has=("mini_band",))
    assert moved(of, HIP, "P1", "activation").sets == 3
    gentle = moved(of, HIP, "P3", "prep", gentle=True)
    assert by_side(gentle) == {"left": (1, 10), "right": (1, 10)}
    assert (gentle.hard, gentle.rir, gentle.rpe) == (False, None, (2, 4))
    assert all(one.band is None and one.top == one.amount for one in gentle.doses)
    assert all(why.rule != "progression_order" for why in gentle.why)


def test_balance_practice_goes_on_where_it_was_also_in_a_warm_up():
    logged = [trained(n, "sl_stance", (45, 45, 45), side, timed=True) for n in range(3) for side in ("left", "right")]
    gentle = moved(context(*logged, day=3), "sl_stance", "P2", "prep", gentle=True)
    assert all(one.amount > 20 and one.sets == 3 for one in gentle.doses)


@pytest.mark.parametrize(("exercise", "phase"), [pair for pair in AWARE if pair[1] == "P1"])
def test_the_unloaded_first_dose_stays_within_its_total(exercise, phase):
    """X01: 20-36 repetitions on each side, from the first day to the highest level."""
    assert AWARE
    side: Side | None = "left" if frame_of(exercise, phase).per_side else None
    days: list[list[Entry]] = []
    for n in range(10):
        move = moved(context(*days, day=3 * n), exercise, phase, "activation")
        for one in move.doses:
            assert 20 <= one.sets * one.amount <= 36
        amounts = tuple(dose(move, side).amount for _ in range(move.sets))
        days += [trained(3 * n, exercise, amounts, one.side, hold_s=one.hold_s) for one in move.doses]


# ---------------------------------------------------------------------------------------------- a practitioner's dose


def test_a_practitioners_dose_is_followed_and_gone_on_from():
    set_by_hand = coach(0, GOBLET, sets=2, amount=6, load_kg=4.0)
    first = dose(moved(context([set_by_hand], day=1, has=WEIGHTS), GOBLET))
    assert (first.sets, first.amount, first.load_kg) == (2, 6, 4.0)
    logged = trained(1, GOBLET, (6, 6), load_kg=4.0)
    then = moved(context([set_by_hand], logged, day=2, has=WEIGHTS), GOBLET)
    assert (dose(then).sets, dose(then).amount, dose(then).load_kg) == (2, 8, 4.0)
    assert case(then.why[-1]) == "progression_order.aim_up"


def test_a_practitioners_lower_dose_is_followed_at_once_and_says_so():
    logged = trained(0, GOBLET, (12, 12, 12), load_kg=20.0)
    told = coach(0, GOBLET, sets=1, amount=5, load_kg=10.0)
    move = moved(context(logged, [told], day=1, has=WEIGHTS), GOBLET)
    assert (dose(move).sets, dose(move).amount, dose(move).load_kg) == (1, 5, 10.0)
    assert [(why.case, why.entries) for why in move.why if why.rule == "own_choices"] == [("dose_set", (told.id,))]


def test_a_practitioners_dose_of_one_side_leaves_the_other_alone():
    logged = [*trained(0, SPLIT, (10, 10, 10), "left"), *sets(0, SPLIT, (10, 10, 10), "right", rpe=6.0, pain=0.0)]
    found = by_side(moved(context(logged, [coach(0, SPLIT, "left", amount=5)], day=1), SPLIT))
    assert (found["left"], found["right"]) == ((3, 5), (3, 10))
    both = by_side(moved(context(logged, [coach(0, SPLIT, amount=5)], day=1), SPLIT))
    assert both == {"left": (3, 5), "right": (3, 5)}


def test_a_practitioners_dose_is_no_way_around_pain():
    logged = trained(0, GOBLET, (8, 8, 8), load_kg=10.0, pain=4.0)
    later = coach(-1, GOBLET, amount=12, load_kg=16.0)
    found = dose(moved(context([later], logged, day=1, has=WEIGHTS), GOBLET))
    assert (found.amount, found.load_kg) == (8, 10.0)


def test_a_practitioners_dose_that_is_not_followed_is_not_called_theirs():
    logged = trained(0, GOBLET, (8, 8, 8), load_kg=10.0)
    move = moved(context(logged, [coach(0, GOBLET, amount=12, load_kg=16.0)], day=1, has=WEIGHTS), GOBLET)
    followed = (dose(move).amount, dose(move).load_kg) == (12, 16.0)
    assert followed or "own_choices.dose_set" not in [case(why) for why in move.why]


@pytest.mark.parametrize("figure", [{"band": 9}, {"amount": 0.5}, {"hold_s": 0.5}])
def test_a_practitioners_slip_of_the_pen_does_not_stop_the_plan(figure):
    of = context([coach(0, "clamshell_band", **figure)], day=1, has=("mini_band",))
    assert moved(of, "clamshell_band", "P1", "activation").doses
    assert [why.case for why in of.choices.notices] == ["unknown"]


# ------------------------------------------------------------------------------------------------------------ helpers


def test_a_reason_is_said_once_with_all_it_rests_on():
    one, two = RULES.why("week_plan", "goal", "a", "b"), RULES.why("week_plan", "goal", "b", "c")
    assert unique([one, NONE_YET, two]) == (RULES.why("week_plan", "goal", "a", "b", "c"), NONE_YET)


def test_fewer_sets_take_less_time():
    move: Move = moved(context(day=0), SPLIT)
    less = scaled(move, 1, KNOWN.exercises[SPLIT], RULES)
    assert {one.sets for one in less.doses} == {1}
    assert less.seconds < move.seconds
    assert scaled(move, 9, KNOWN.exercises[SPLIT], RULES) == move


def test_a_first_weight_waits_until_both_sides_are_ready_for_it() -> None:
    """A weight is chosen for a move, not for one leg of it (gate G1 is asked of each side)."""
    good = [trained(3 * number, SPLIT, FULL, "left") for number in range(4)]
    one = moved(context(*good, trained(9, SPLIT, (8, 8, 8), "right"), day=12, has=WEIGHTS), SPLIT)
    assert not one.choose_load
    assert all((dose.load_kg, dose.band) == (None, None) for dose in one.doses)
    both = [trained(3 * number, SPLIT, FULL, side) for number in range(4) for side in ("left", "right")]
    assert moved(context(*both, day=12, has=WEIGHTS), SPLIT).choose_load


def test_after_weeks_away_a_known_weight_is_not_chosen_anew() -> None:
    days = [trained(day, GOBLET, FULL, load_kg=10.0) for day in (0, 3)]
    back = moved(context(*days, day=60, has=WEIGHTS), GOBLET)
    assert not back.choose_load
    assert back.doses[0].load_kg is not None
    assert back.doses[0].load_kg <= 10.0
