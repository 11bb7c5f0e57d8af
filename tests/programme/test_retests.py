"""Why it exists: shows when tests come again, that a film of walking is part of it, and what follows a plateau."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.journal.entry import Entry
from levelstride.journal.state import State, fold
from levelstride.programme.model import Programme, Retest
from levelstride.programme.retests import Plateau, clip_tests, plateaus, retests
from levelstride.programme.rulebook import Rulebook
from tests.programme.weeks import week
from tests.screening.results import BEGIN, KNOWN, answer, by_hand, rated, recorded

RULES = Rulebook(KNOWN)
START = BEGIN.date()
CLIP = ("cadence", "double_support", "overstride", "step_time_asym", "step_width", "trailing_limb")


def due(state: State, day: int, start: date = START) -> tuple[Retest, ...]:
    """Return the re-tests of the seven days from so many days after the start."""
    return retests(state, KNOWN, RULES, started_on=start, starts_on=start + timedelta(days=day))


def bridge(value: float, day: float, side: Any = "left") -> Entry:
    """Return a side bridge in s; a publication gives its detectable change, 30 s."""
    return by_hand("side_bridge", value, 5, side=side, day=day, conditions={"knees": "straight"})


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.requirement("R094", "R150")
@pytest.mark.parametrize(
    ("weeks", "extent", "case"),
    [
        (0, None, None),
        (1, None, None),
        (2, "short", "week_2"),
        (3, None, None),
        (4, "full", "week_4_6"),
        (5, None, None),
        (6, "full", "week_4_6"),
        (7, None, None),
        (8, None, None),
        (9, None, None),
        (10, "full", "regular"),
        (12, None, None),
        (14, "full", "regular"),
        (54, "full", "regular"),
    ],
)
def test_tests_come_again_after_two_four_and_six_weeks_and_then_every_four(
    weeks: int, extent: str | None, case: str | None
) -> None:
    found = due(State(), 7 * weeks)
    assert [(one.extent, one.why[0].rule, one.why[0].case) for one in found] == (
        [] if extent is None else [(extent, "retest", case)]
    )
    for one in found:
        assert one.day == START + timedelta(weeks=weeks)
        assert set(one.tests) & set(clip_tests(State(), KNOWN))


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(0, 6), st.integers(10, 60))
def test_every_re_test_falls_into_one_week_whatever_day_the_weeks_begin_on(start: date, shift: int, weeks: int) -> None:
    found = [one.day for number in range(weeks) for one in due(State(), 7 * number - shift, start)]
    expected = [2, 4, 6, *range(10, weeks + 1, 4)]
    inside = [week for week in expected if 7 * week < 7 * weeks - shift]
    assert found == [start + timedelta(weeks=week) for week in inside]


@pytest.mark.requirement("R150")
def test_the_short_check_is_feel_balance_and_a_film_of_walking() -> None:
    (one,) = due(State(), 14)
    assert one.tests[:2] == ("glute_feel", "sls_eo")
    assert one.tests[2:] == clip_tests(State(), KNOWN)
    assert all(KNOWN.tests[name].from_recording is not None for name in one.tests[2:])


@pytest.mark.requirement("R150")
def test_the_film_gives_what_the_person_was_filmed_for() -> None:
    assert set(CLIP) <= set(clip_tests(State(), KNOWN))
    state = fold([recorded("cadence_spm", 110, 2, unit="steps/min")])
    assert clip_tests(state, KNOWN) == ("cadence",)
    assert "cadence" in due(state, 28)[0].tests


def test_the_full_round_repeats_what_was_tested() -> None:
    state = fold([by_hand("sts5", 12, 1), bridge(40, 0), recorded("cadence_spm", 110, 2, unit="steps/min")])
    (one,) = due(state, 28)
    assert Counter(one.tests) == Counter(["sts5", "side_bridge", "cadence"])


def test_without_results_the_tests_of_the_start_are_offered() -> None:
    (one,) = due(State(), 28)
    assert set(KNOWN.intake.batteries["maintenance"]) <= set(one.tests)


def test_own_activities_belong_to_the_full_round() -> None:
    state = fold([by_hand("sts5", 12, 1), answer("activities/names", ("Stairs",)), rated({"Stairs": 4})])
    assert "psfs" in due(state, 28)[0].tests
    assert "psfs" not in due(fold([by_hand("sts5", 12, 1)]), 28)[0].tests


def test_who_may_not_stand_freely_is_not_tested_that_way() -> None:
    state = fold([answer("intake/fell_lately", "once")])
    balance = {"sls_eo"} & {name for one in due(state, 14) for name in one.tests}
    steady = {"sls_eo"} & {name for one in due(State(), 14) for name in one.tests}
    assert (balance, steady) == (set(), {"sls_eo"})


@pytest.mark.requirement("R094")
@pytest.mark.parametrize(("day", "again"), [(13, True), (14, True), (15, False), (27, False)])
def test_a_test_done_less_than_two_weeks_ago_waits(day: int, again: bool) -> None:
    state = fold([by_hand("sts5", 12, 1, day=0), by_hand("sls_eo", 20, 4, side="left", day=day)])
    (one,) = due(state, 28)
    assert "sts5" in one.tests
    assert ("sls_eo" in one.tests) == again


# ------------------------------------------------------------------------------------------------ plateaus


def tell(
    *entries: Entry,
    programmes: tuple[Programme, ...] = (),
    pain_green: bool = True,
    effort: float | None = 7,
) -> list[Plateau]:
    return list(plateaus(fold(entries), KNOWN, RULES, programmes=programmes, pain_green=pain_green, effort=effort))


def after(day: int, *plateau: Plateau, **fields: Any) -> Programme:
    """Return the programme that began on a day and told of these plateaus."""
    return week(starts_on=START + timedelta(days=day), notices=tuple(one.why for one in plateau), **fields)


FLAT = (bridge(40, 0), bridge(50, 28), bridge(45, 42))


@pytest.mark.requirement("R094")
@pytest.mark.parametrize(
    ("values", "plateau"),
    [
        ([(40, 0), (50, 28), (45, 42)], True),
        ([(40, 0), (70, 28), (70, 42)], True),  # exactly the detectable change is none
        ([(40, 0), (70.1, 28), (45, 42)], False),
        ([(40, 0), (45, 28), (70.1, 42)], False),
        ([(100, 0), (60, 28), (65, 42)], False),  # worse is a change as well
        ([(40, 0), (45, 28)], False),
        ([(40, 0)], False),
        ([(40, 0), (45, 3), (42, 6)], False),  # days of one round
        ([(40, 0), (45, 14), (42, 28)], True),
        ([(40, 0), (45, 13), (42, 26)], False),
        ([(10, 0), (40, 14), (45, 28), (42, 42)], True),
        ([(10, 0), (45, 28), (50, 42)], False),
    ],
)
def test_a_plateau_is_two_re_tests_in_a_row_without_a_detectable_change(
    values: list[tuple[float, float]], plateau: bool
) -> None:
    found = tell(*(bridge(value, day) for value, day in values))
    assert [(one.subject, one.side, one.action) for one in found] == (
        [("side_bridge", "left", "technique")] if plateau else []
    )


def test_each_side_is_told_apart() -> None:
    right = (bridge(40, 0, "right"), bridge(90, 28, "right"), bridge(95, 42, "right"))
    assert [(one.subject, one.side) for one in tell(*FLAT, *right)] == [("side_bridge", "left")]


def test_the_reason_names_the_results_it_rests_on() -> None:
    (one,) = tell(*FLAT)
    assert (one.why.rule, one.why.case) == ("plateau", "technique")
    assert one.why.entries == tuple(entry.id for entry in FLAT)
    assert one.why.values == {"subject": "side_bridge", "side": "left"}


def test_what_was_done_differently_is_no_plateau() -> None:
    kneeling = by_hand("side_bridge", 45, 5, side="left", day=42, conditions={"knees": "on_knees"})
    assert tell(*FLAT[:2], kneeling) == []


def test_without_a_known_error_nothing_is_said() -> None:
    assert KNOWN.tests["sl_bridge_reps"].change.mdc is None
    assert tell(*(by_hand("sl_bridge_reps", 10, 2, side="left", day=day) for day in (0, 28, 42))) == []


def test_what_can_get_no_better_is_no_plateau() -> None:
    # 4.2 s are the detectable change of standing up five times
    assert tell(*(by_hand("sts5", 4, 1, day=day) for day in (0, 28, 42))) == []
    assert [one.subject for one in tell(*(by_hand("sts5", 14, 1, day=day) for day in (0, 28, 42)))] == ["sts5"]


def test_ratings_and_measures_without_a_better_are_no_plateau() -> None:
    entries = [answer("activities/names", ("Stairs",))]
    entries += [rated({"Stairs": 4}, day=day) for day in (0, 28, 42)]
    entries += [recorded("cadence_spm", 110, 2, unit="steps/min", day=day) for day in (0, 3, 28, 42)]
    assert tell(*entries) == []


@pytest.mark.requirement("R095")
def test_first_technique_then_another_move_then_the_dose() -> None:
    told: list[Programme] = []
    actions = []
    for day in (42, 49, 56, 63):
        found = tell(*FLAT, programmes=tuple(told), effort=5)
        actions.append([one.action for one in found])
        told.append(after(day, *found))
    # after the last step the next re-test is waited for
    assert actions == [["technique"], ["swap"], ["raise"], []]
    again = tell(*FLAT, bridge(48, 70), programmes=tuple(told), effort=9)
    assert [one.action for one in again] == ["ease"]


@pytest.mark.requirement("R095")
@pytest.mark.parametrize(
    ("effort", "pain_green", "action"),
    [
        (5.9, True, "raise"),
        (6, True, "stay"),
        (8, True, "stay"),
        (8.1, True, "ease"),
        (8.1, False, "ease"),
        (5.9, False, "stay"),
        (None, True, "stay"),
    ],
)
def test_more_comes_only_when_it_was_easy_and_painless(effort: float | None, pain_green: bool, action: str) -> None:
    (technique,) = tell(*FLAT)
    swap = tell(*FLAT, programmes=(after(42, technique),))
    tried = (after(42, technique), after(49, *swap))
    found = tell(*FLAT, programmes=tried, effort=effort, pain_green=pain_green)
    assert [one.action for one in found] == [action]


def test_what_was_tried_for_another_result_or_long_ago_does_not_count() -> None:
    right = tell(*(bridge(value, day, "right") for value, day in ((40, 0), (45, 28), (44, 42))))
    assert tell(*FLAT, programmes=(after(42, *right),))[0].action == "technique"
    (technique,) = tell(*FLAT)
    assert tell(*FLAT, programmes=(after(-7, technique),))[0].action == "technique"


def test_who_keeps_the_level_is_not_told_of_a_plateau() -> None:
    assert tell(*FLAT, programmes=(after(42, phase="maintenance"),)) == []
    assert len(tell(*FLAT, programmes=(after(42, phase="P3"),))) == 1


@pytest.mark.requirement("R127")
def test_nothing_that_is_tested_again_claims_to_know_when_a_muscle_works() -> None:
    tested = [KNOWN.tests[offer] for offer in KNOWN.tests]
    timing = ("onset", "latency", "activation_time", "firing", "emg")
    for one in tested:
        assert not any(word in one.measure.name or word in one.id for word in timing), one.id
    steadiness = [one for one in tested if "pelv" in one.measure.name or "trendelenburg" in one.id]
    assert steadiness
