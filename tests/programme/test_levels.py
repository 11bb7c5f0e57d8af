"""Why it exists: protects the steps of a level - order and size - when a load opens, and what missed days cost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Soreness
from levelstride.journal.entry import Entry
from levelstride.programme.levels import Frame, Level, aim_up, heavier, into, start, step_down, step_up
from levelstride.programme.moves import guarded
from levelstride.programme.phases import gate_needs
from levelstride.programme.progression import missed_case
from tests.programme.bouts import (
    MONDAY,
    RULES,
    WEIGHTS,
    at,
    case,
    context,
    dose,
    entry,
    fell,
    frame_of,
    moved,
    sets,
    short,
    stand,
    trained,
)

SQUAT = "box_squat"
SPLIT = "split_squat"
FULL = (100, 100, 100)
#: A frame in which everything can rise.
WIDE = Frame(
    sets=(2, 4),
    amount=(8, 12),
    counts="repetitions",
    hold_s=(5, 10),
    per_side=False,
    rpe=(5, 7),
    rest_s=60,
    needs_load=None,
    may_load="kg",
    knee=False,
    least=8,
)
BAND = replace(WIDE, hold_s=None, sets=(2, 2), may_load="band")


def ladder(level: Level, of: Frame, steps: int, **kept: Any) -> list[Level | None]:
    """Return a level and what follows it, step by step."""
    found: list[Level | None] = [level]
    while found[-1] is not None and len(found) <= steps:
        found.append(step_up(found[-1], of, RULES, load_open=True, **kept))
    return found


# ------------------------------------------------------------------------------------------------------ one step up


@pytest.mark.requirement("R134", "R130", "R046")
def test_the_hold_rises_first_then_repetitions_then_sets_and_the_load_last():
    found = ladder(start(WIDE), WIDE, 7)
    assert [(one.hold_s, one.amount, one.sets, one.loaded) for one in found if one] == [
        (5, 8, 2, False),
        (7, 8, 2, False),
        (9, 8, 2, False),
        (10, 8, 2, False),
        (10, 12, 2, False),
        (10, 12, 3, False),
        (10, 12, 4, False),
        (10, 8, 4, True),  # the load rises, the repetitions begin anew
    ]


@pytest.mark.requirement("R130", "R046")
def test_when_the_load_rises_the_repetitions_begin_at_the_low_end():
    level = Level(4, 12, 10, loaded=True, load_kg=20.0)
    assert step_up(level, WIDE, RULES, load_open=True) == Level(4, 8, 10, loaded=True, load_kg=20.5)


@pytest.mark.requirement("R130")
@settings(max_examples=200, deadline=None)
@given(
    sets_=st.integers(1, 4),
    amount=st.integers(1, 12),
    hold=st.integers(5, 10),
    load=st.none() | st.sampled_from((2.0, 10.0, 37.5)),
    is_open=st.booleans(),
    easy=st.booleans(),
)
def test_a_step_up_raises_exactly_one_thing(sets_, amount, hold, load, is_open, easy):
    before = Level(sets_, amount, hold, loaded=load is not None, load_kg=load)
    after = step_up(before, WIDE, RULES, load_open=is_open, easy=easy)
    if after is None:
        assert not is_open
        return
    heavier_now = (after.load_kg or 0) > (load or 0) or after.loaded > before.loaded
    rises = (after.sets > sets_, after.amount > amount and not heavier_now, (after.hold_s or 0) > hold, heavier_now)
    assert sum(rises) == 1
    assert not heavier_now or (is_open and (easy or amount == 12) and after.amount == 8)


@pytest.mark.requirement("R073", "R130")
def test_no_load_while_its_gate_is_shut_or_where_none_can_be_had():
    at_top = Level(4, 12, 10)
    assert step_up(at_top, WIDE, RULES, load_open=False) is None
    assert step_up(at_top, replace(WIDE, may_load=None), RULES, load_open=True) is None
    loaded = Level(4, 12, 10, loaded=True)
    assert step_up(loaded, WIDE, RULES, load_open=True) is None  # nobody has said which weight it was


def test_a_move_that_is_too_easy_gets_a_load_before_more_sets():
    assert step_up(Level(2, 8, 10), WIDE, RULES, load_open=True, easy=True) == Level(2, 8, 10, loaded=True)
    assert step_up(Level(2, 8, 5), WIDE, RULES, load_open=True, easy=True) == Level(2, 8, 7)


def test_bands_rise_one_level_at_a_time_from_the_lightest_to_the_fifth():
    level, bands = Level(2, 12), []
    while (after := step_up(level, BAND, RULES, load_open=True)) is not None:
        bands.append((after.band, after.amount))
        level = replace(after, amount=12)
    assert bands == [(number, 8) for number in (1, 2, 3, 4, 5)]


@pytest.mark.requirement("R088")
@pytest.mark.parametrize(
    ("load", "after"),
    [
        (0.5, 1.0),  # half a kilo is the least that can be added
        (2.0, 2.5),
        (4.5, 5.0),
        (5.0, 5.5),
        (20.0, 20.5),
        (25.0, 25.5),
        (25.5, 26.5),
        (30.0, 31.0),
        (50.0, 51.0),
        (100.0, 102.0),
        (101.0, 103.5),
    ],
)
def test_each_load_has_its_smallest_step(load, after):
    assert heavier(load, RULES) == after


@pytest.mark.requirement("R088")
@given(halves=st.integers(1, 400))
def test_a_load_step_is_two_to_ten_percent_in_half_kilos(halves):
    load = halves / 2
    after = heavier(load, RULES)
    assert (after * 2).is_integer()
    assert after - load == 0.5 or 0.02 * load <= after - load + 1e-9 <= 0.1 * load + 1e-9
    if load >= 5:
        assert 0.02 * load <= after - load + 1e-9
        assert after - load <= 0.1 * load


@pytest.mark.parametrize(
    ("counts", "aim", "after"),
    [("repetitions", 8, 10), ("steps", 8, 10), ("seconds", 8, 12), ("metres", 6, 11), ("minutes", 8, 9)],
)
def test_an_aim_rises_by_the_step_of_what_is_counted(counts, aim, after):
    of = replace(WIDE, counts=counts)
    assert aim_up(Level(2, aim), of, RULES).amount == after
    assert aim_up(Level(2, 12), of, RULES).amount == 12
    assert aim_up(Level(2, 11), of, RULES).amount == 12


# ---------------------------------------------------------------------------------------------------- one step down


def test_the_load_goes_first_on_the_way_down_then_repetitions_sets_and_the_hold():
    level: Level | None = Level(3, 10, 9, loaded=True, load_kg=1.0)
    found = []
    while level is not None:
        level = step_down(level, WIDE, RULES)
        if level is not None:
            found.append((level.load_kg, level.loaded, level.amount, level.sets, level.hold_s))
    assert found == [
        (0.5, True, 10, 3, 9),
        (None, False, 10, 3, 9),
        (None, False, 8, 3, 9),
        (None, False, 8, 2, 9),
        (None, False, 8, 2, 7),
        (None, False, 8, 2, 5),
    ]


@pytest.mark.parametrize(("load", "after"), [(20.0, 18.0), (10.0, 9.0), (5.5, 4.5), (5.0, 4.5), (1.0, 0.5)])
def test_a_load_falls_by_a_tenth_or_a_little_more(load, after):
    level = step_down(Level(3, 8, None, loaded=True, load_kg=load), WIDE, RULES)
    assert level is not None
    assert level.load_kg == after


def test_what_cannot_be_done_without_a_load_asks_for_an_easier_move_in_the_end():
    needs = replace(BAND, needs_load="band")
    assert step_down(Level(2, 8, None, loaded=True, band=2), needs, RULES) == Level(2, 8, None, loaded=True, band=1)
    assert step_down(Level(2, 8, None, loaded=True, band=1), needs, RULES) is None
    assert step_down(Level(2, 8, None, loaded=True, band=1), BAND, RULES) == Level(2, 8)
    weight = replace(WIDE, hold_s=None, needs_load="kg")
    assert step_down(Level(2, 8, None, loaded=True, load_kg=0.5), weight, RULES) is None


@settings(max_examples=200, deadline=None)
@given(
    sets_=st.integers(2, 4),
    amount=st.integers(8, 12),
    hold=st.integers(5, 10),
    load=st.none() | st.integers(1, 200).map(lambda n: n / 2),
)
def test_a_step_down_lowers_one_thing_and_raises_none(sets_, amount, hold, load):
    before = Level(sets_, amount, hold, loaded=load is not None, load_kg=load)
    after = step_down(before, WIDE, RULES)
    if after is None:
        assert (sets_, amount, hold, load) == (2, 8, 5, None)
        return
    pairs = ((after.sets, sets_), (after.amount, amount), (after.hold_s or 0, hold), (after.load_kg or 0, load or 0))
    assert sum(now < then for now, then in pairs) == 1
    assert all(now <= then for now, then in pairs)


def test_in_another_phase_a_level_is_kept_within_what_it_allows():
    assert into(Level(5, 20, 30), WIDE) == Level(4, 12, 10)
    assert into(Level(1, 5, 1), WIDE) == Level(2, 5, 5)  # fewer repetitions than asked for stay fewer


# ------------------------------------------------------------------------------------------- endurance, then the load


@pytest.mark.requirement("R046")
def test_a_block_of_more_repetitions_comes_before_the_phase_of_more_load():
    """Two weeks in P2 at least."""
    done = [trained(day, SPLIT, (8,), "left") for day in (-13, -11, -6, -4)]
    for days, have, met in ((13, "1", False), (14, "2", True)):
        of = context(*done, day=0)
        weeks = next(one for one in gate_needs(of.past, "P2", _before(days)) if one.key == "gate_weeks_in")
        assert (weeks.have, weeks.want, weeks.met) == (have, "2", met)


@pytest.mark.requirement("R046", "R130")
def test_over_the_weeks_repetitions_rise_to_the_top_and_only_then_the_load():
    seen: list[tuple[int, float | None]] = []
    logged: list[Entry] = []
    for n in range(12):
        found = stand(SPLIT, logged, side="left", has=WEIGHTS, today=3 * n)
        level = guarded(found.level, found, frame_of(SPLIT, has=WEIGHTS), RULES, frozen=False)
        load = level.load_kg or (8.0 if level.loaded else None)  # the person chooses eight kilos
        seen.append((level.amount, load))
        last = level.amount + 2 if level.amount == 12 else level.amount
        logged += trained(3 * n, SPLIT, (level.amount,) * (level.sets - 1) + (last,), "left", load_kg=load)
    assert seen[:5] == [(8, None), (10, None), (12, None), (12, None), (8, 8.0)]
    rises = [n for n in range(1, 12) if seen[n][1] != seen[n - 1][1]]
    assert [seen[n][1] for n in rises] == [8.0, 8.5]
    assert all(seen[n - 1][0] == 12 and seen[n][0] == 8 for n in rises)


def _before(days: int) -> date:
    return MONDAY - timedelta(days=days)


@pytest.mark.requirement("R073")
@pytest.mark.parametrize(
    ("days", "met"),
    [
        ([], False),
        ([(100, None)], False),
        ([(85, None), (85, None)], True),
        ([(84, None), (85, None)], False),
        ([(85, 5.0)], True),
        ([(85, 4.5)], False),
        ([(84, 10.0), (84, 10.0)], False),
        ([(100, 10.0), (84, 10.0)], False),
    ],
)
def test_the_gate_of_form_asks_for_two_clean_sessions_or_feel_with_a_clean_last_one(days, met):
    logged = [trained(3 * n, SQUAT, FULL, quality=quality, feel=feel) for n, (quality, feel) in enumerate(days)]
    of = context(*logged, day=3 * len(days))
    assert {one.key: one.met for one in gate_needs(of.past, "P1", _before(60))}["gate_form"] is met


# -------------------------------------------------------------------------------------------------- feel and the load


@pytest.mark.requirement("R073")
@pytest.mark.parametrize(
    ("first", "second", "feel", "loaded"),
    [
        (100, 100, 0.0, True),  # form is the main criterion: clean twice
        (84, 100, None, False),
        (84, 100, 4.0, False),
        (84, 100, 5.0, True),  # feel, and the last session was clean
        (84, 84, 10.0, False),
    ],
)
def test_a_load_needs_clean_form_and_feel_alone_never_opens_it(first, second, feel, loaded):
    days = (
        trained(0, SPLIT, FULL, "left", quality=first),
        trained(3, SPLIT, (12, 12, 100), "left", quality=second, feel=feel, rpe=3.0),
    )
    assert stand(SPLIT, *days, side="left", has=WEIGHTS).level.loaded is loaded


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.tuples(st.sampled_from((60, 84)), st.integers(6, 20), st.sampled_from((1.0, 6.0))), max_size=5))
@pytest.mark.requirement("R073")
def test_feel_never_opens_a_load_with_poor_form(days):
    logged = [
        trained(3 * n, SPLIT, (reps,) * 3, "left", quality=quality, feel=10.0, rpe=effort)
        for n, (quality, reps, effort) in enumerate(days)
    ]
    level = stand(SPLIT, *logged, side="left", has=WEIGHTS).level
    assert (level.loaded, level.load_kg, level.band) == (False, None, None)


@pytest.mark.requirement("R073")
@pytest.mark.parametrize(("exercise", "side", "has"), [(SPLIT, "left", WEIGHTS), (SQUAT, None, ())])
def test_a_weight_taken_along_does_not_pass_the_load_gate(exercise, side, has):
    after = stand(exercise, trained(0, exercise, FULL, side, load_kg=10.0, quality=60), side=side, has=has)
    assert not after.level.loaded


# --------------------------------------------------------------------------------------------------------- per side


def test_the_left_side_stays_when_the_right_one_fails():
    logged = []
    for n in range(2):
        logged += trained(3 * n, SPLIT, (12, 12, 14), "left")
        logged += sets(3 * n, SPLIT, (10, 10, 8), "right", rpe=6.0, rir=0.0 if n else 3.0, pain=0.0)
    left, right = (stand(SPLIT, logged, side=side) for side in ("left", "right"))
    assert (left.change, left.level.amount) == ("up", 12)
    assert (case(right), right.change, right.level.amount) == ("progression_order.empty", "down", 8)


# ------------------------------------------------------------------------------------------------------- missed days


@pytest.mark.requirement("R042")
@pytest.mark.parametrize(
    ("days", "found", "stricter"),
    [
        (-3, "days_1_3", "days_1_3"),
        (0, "days_1_3", "days_1_3"),
        (1, "days_1_3", "days_4_7"),
        (3, "days_1_3", "days_4_7"),
        (4, "days_4_7", "days_8_14"),
        (7, "days_4_7", "days_8_14"),
        (8, "days_8_14", "days_15_28"),
        (14, "days_8_14", "days_15_28"),
        (15, "days_15_28", "over_28"),
        (28, "days_15_28", "over_28"),
        (29, "over_28", "over_28"),
        (400, "over_28", "over_28"),
    ],
)
def test_each_number_of_missed_days_has_its_row_and_above_65_the_next_stricter_one(days, found, stricter):
    assert missed_case(days, RULES, older=False) == found
    assert missed_case(days, RULES, older=True) == stricter


LOADED = [trained(3 * n, "goblet_squat", (12, 12, 12), load_kg=20.0) for n in range(2)]


@pytest.mark.requirement("R042")
@pytest.mark.parametrize(
    ("away", "level", "change", "cap"),
    [
        (6, (3, 12, 20.0), "hold", None),  # three sessions a week: three days are none missed
        (7, (3, 12, 20.0), "hold", None),
        (10, (3, 12, 20.0), "hold", None),
        (11, (3, 12, 18.0), "down", None),
        (17, (3, 12, 18.0), "down", None),
        (18, (3, 12, 16.0), "down", 6),
        (31, (3, 12, 16.0), "down", 6),
        (32, (3, 8, None), "down", None),
    ],
)
def test_after_days_away_a_move_comes_back_lower(away, level, change, cap):
    after = stand("goblet_squat", *LOADED, trained(6, "goblet_squat", (12, 12, 12), load_kg=20.0), today=6 + away)
    assert (short(after.level), after.change, after.cap_rpe) == (level, change, cap)
    assert after.held is (away > 6)


@pytest.mark.requirement("R042")
@pytest.mark.parametrize(
    ("away", "load"), [(3, 20.0), (4, 20.0), (6, 20.0), (7, 18.0), (10, 18.0), (11, 16.0), (17, 16.0), (18, None)]
)
def test_above_65_the_same_days_away_lead_one_row_further(away, load):
    after = stand("goblet_squat", *LOADED, today=3 + away, age=70)
    assert after.level.load_kg == load
    assert after.held is (away > 3)


@pytest.mark.requirement("R042")
def test_a_rise_that_was_earned_is_lost_over_missed_days():
    earned = stand(SQUAT, trained(0, SQUAT, (8, 8, 8)))
    late = stand(SQUAT, trained(0, SQUAT, (8, 8, 8)), today=11)
    assert earned.level.amount == 10
    assert guarded(late.level, late, frame_of(SQUAT), RULES, frozen=False).amount == 8


@pytest.mark.requirement("R042")
def test_the_effort_of_the_easy_week_is_capped_at_six():
    logged = [*trained(0, SQUAT, (12, 12, 12)), *trained(3, SQUAT, (12, 12, 12))]
    assert moved(context(logged, day=10), SQUAT).rpe == (5, 7)
    assert moved(context(logged, day=3 + 22), SQUAT).rpe == (5, 6)


@pytest.mark.requirement("R042")
def test_the_cap_of_the_easy_week_lasts_for_the_week():
    logged = [*trained(0, SQUAT, (12, 12, 12)), *trained(25, SQUAT, (8, 8, 8))]
    assert moved(context(logged, day=27), SQUAT).rpe == (5, 6)


def test_support_after_a_fall_outlasts_four_weeks_away():
    fallen = [*trained(0, SQUAT, FULL), fell(0, SQUAT)]
    assert stand(SQUAT, fallen, today=60).support


@pytest.mark.parametrize("told", [{"hours_since": 80.0}, {"eases_in_warm_up": False}])
def test_after_soreness_that_stays_less_is_done_next_time(told):
    logged = trained(0, "goblet_squat", (8, 8, 8), load_kg=20.0)
    sore = entry(Soreness(place="thigh_front", score=6.0, **told), at(3))
    of = context(logged, [sore], day=6, has=WEIGHTS)
    assert of.pain.soreness.action == "step_down"
    found = dose(moved(of, "goblet_squat"))
    assert found.load_kg is not None
    assert found.load_kg < 20.0
