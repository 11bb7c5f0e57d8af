"""Why it exists: shows that each gate opens at its figure and not before, and what leads back to an earlier phase."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import Profile
from levelstride.programme.model import Need, PhaseName
from levelstride.programme.phases import STEP_DOWNS, gate_needs
from tests.programme.people import KNOWN, MONDAY, RULES, Life, at, cases, now, on, person, unmet

# ---------------------------------------------------------------------------------------------------- P0 and P1


def test_the_first_week_is_for_tests() -> None:
    life = person()
    life.choose("start_without_tests", False)
    view = life.phase(0)
    assert view.phase == "P0"
    assert unmet(view) == {"gate_tests"}
    assert [one.kind for one in life.plan().sessions if one.tests] == ["tests", "tests"]


def test_results_open_the_first_phase_and_so_does_the_wish_to_begin_without() -> None:
    tested = person()
    tested.choose("start_without_tests", False)
    tested.measured("sts5", 9.0, 1.0)
    assert (tested.phase(0).phase, tested.phase(0).why.case) == ("P1", "p0_to_p1")
    assert (person().phase(0).phase, person().phase(0).why.case) == ("P1", "p0_by_choice")


def first_phase(*changed: tuple[int, dict[str, Any]], sessions: int = 4, **all_of: Any) -> Life:
    """Return somebody after sessions in P1 that just pass its gate; ``changed`` gives what one of them had."""
    life = person()
    life.in_phase("P1")
    usual = {"quality": 85, "pain": 2.0, "confidence": 5.0, **all_of}
    for number in range(sessions):
        own = dict(changed).get(number, {})
        life.did(2 * number, *own.pop("names", ("glute_bridge",)), **{**usual, **own})
    return life


def names_apart(number: int) -> tuple[int, dict[str, Any]]:
    return number, {"names": (("glute_bridge", "clamshell", "glute_set", "pelvic_tilt")[number],)}


def test_the_gate_of_the_first_phase_opens_exactly_at_its_figures() -> None:
    view = first_phase().phase(7)
    assert (view.phase, view.since, view.why.case) == ("P2", on(7), "p1_to_p2")


@pytest.mark.requirement("R074")
@pytest.mark.parametrize(
    ("life", "need"),
    [
        (first_phase(sessions=3), "gate_sessions"),
        (first_phase(reps=25, quality=84), "gate_quality"),
        (first_phase(quality=None), "gate_quality"),
        (first_phase((3, {"pain": 3.0})), "gate_pain"),
        (first_phase((0, {"pain": 3.0})), "gate_pain"),
        (first_phase((2, {"pain": None})), "gate_pain"),
        (first_phase(*(names_apart(number) for number in range(4))), "gate_form"),
        (first_phase((3, {"confidence": 4.0})), "gate_confidence"),
    ],
    ids=[
        "three_sessions",
        "form_84",
        "form_uncounted",
        "pain_now",
        "pain_before",
        "pain_untold",
        "form_once",
        "unsure",
    ],
)
def test_one_figure_short_of_the_first_gate_keeps_it_shut(life: Life, need: str) -> None:
    view = life.phase(7)
    assert view.phase == "P1"
    assert need in unmet(view)


@pytest.mark.requirement("R074")
def test_confidence_counts_only_when_it_was_asked_and_the_last_answer_counts() -> None:
    assert first_phase(confidence=None).phase(7).phase == "P2"
    assert first_phase((0, {"confidence": 1.0})).phase(7).phase == "P2"


@pytest.mark.requirement("R073")
@pytest.mark.parametrize(
    ("feel", "quality", "phase"), [(5.0, 85, "P2"), (4.0, 85, "P1"), (5.0, 84, "P1"), (9.0, 84, "P1")]
)
def test_feel_opens_the_first_gate_only_together_with_clean_form(feel: float, quality: int, phase: str) -> None:
    """Every move was done once, so that form alone never had its two sessions."""
    told = [names_apart(number) for number in range(4)]
    for _, one in told[:3]:
        one["quality"] = 100
    told[3][1].update(feel=feel, quality=quality, reps=100)
    assert first_phase(*told).phase(7).phase == phase


@pytest.mark.requirement("R043")
def test_a_session_of_one_move_counts_like_any_other() -> None:
    life = first_phase((3, {"session": f"{on(6).isoformat()}-minimum"}))
    assert life.phase(7).phase == "P2"


# ------------------------------------------------------------------------------------------------------------ P2


def base_strength(*changed: tuple[int, dict[str, Any]], days: tuple[int, ...] = (0, 2, 9, 11), **all_of: Any) -> Life:
    """Return somebody after sessions in P2 that just pass its gate; ``changed`` is by day."""
    life = person()
    life.in_phase("P2")
    for day in days:
        life.did(
            day, "hip_thrust_bw", **{"reps": 10, "quality": 85, "pain": 2.0, **all_of, **dict(changed).get(day, {})}
        )
    return life


def test_the_gate_of_base_strength_opens_exactly_at_its_figures() -> None:
    view = base_strength(reps=20).phase(14)
    assert (view.phase, view.why.case) == ("P3", "p2_to_p3")


@pytest.mark.requirement("R046")
def test_the_endurance_block_lasts_two_weeks_at_least() -> None:
    life = base_strength(days=(0, 2, 4, 7, 9, 11), reps=20)
    assert (life.phase(13).phase, unmet(life.phase(13))) == ("P2", {"gate_weeks_in"})
    assert life.phase(14).phase == "P3"


@pytest.mark.parametrize(
    ("life", "need"),
    [
        (base_strength(days=(0, 9, 11), reps=20), "gate_at_target"),
        (base_strength((9, {"reps": 9}), reps=20), "gate_at_target"),
        (base_strength((9, {"quality": 80}), reps=20), "gate_at_target"),
        (base_strength((9, {"quality": None}), reps=20), "gate_at_target"),
        (base_strength((11, {"pain": 3.0}), days=(0, 2, 4, 9, 11), reps=20), "gate_no_amber"),
        (base_strength((7, {"pain": 3.0}), days=(0, 2, 4, 7, 11), reps=20), "gate_no_amber"),
        (base_strength((11, {"morning": None}), days=(0, 2, 3, 4, 11), reps=20), "gate_no_amber"),
        (base_strength(days=(0, 1, 2, 4), reps=20), "gate_no_amber"),
    ],
    ids=["three", "below_range", "form", "form_uncounted", "amber", "amber_7_days", "morning_untold", "idle_week"],
)
def test_one_figure_short_of_the_second_gate_keeps_it_shut(life: Life, need: str) -> None:
    view = life.phase(14)
    assert view.phase == "P2"
    assert need in unmet(view)


def test_amber_of_eight_days_ago_is_over_and_one_of_two_mornings_may_be_untold() -> None:
    assert base_strength((6, {"pain": 3.0}), days=(0, 2, 4, 6, 9, 11), reps=20).phase(14).phase == "P3"
    for day in (11, 13):
        assert base_strength((day, {"morning": None}), days=(0, 2, 4, 9, day), reps=20).phase(14).phase == "P3"


@pytest.mark.parametrize(("day", "pain", "phase"), [(13, 2.0, "P3"), (13, 3.0, "P2"), (13, 6.0, "P2"), (8, 6.0, "P2")])
def test_no_gate_opens_while_walks_are_red_pain_rises_or_a_flare_up_lasts(day: int, pain: float, phase: str) -> None:
    life = base_strength(reps=20)
    life.walked(day, pain=pain)
    assert life.phase(14).phase == phase


# ------------------------------------------------------------------------------------------------------------ P3


def one_leg(
    *, left: int = 10, right: int = 10, last: int = 19, quality: int = 85, gap: tuple[int, int] = (20, 17)
) -> Life:
    """Return somebody in P3 since day 0: clean step-downs early on, both sides compared on day ``last``."""
    life = person()
    life.in_phase("P3")
    counts: Any = {"left": {"reps": left}, "right": {"reps": right}}
    life.did(1, "step_down_fwd", sides=counts)
    for day in sorted({3, 9, 11, 16, 18, last - 6, last - 4, last - 2}):
        life.did(day, "hip_thrust_bw", quality=quality, reps=100)
    sides: Any = {"left": {"reps": gap[0]}, "right": {"reps": gap[1]}}
    life.did(last, "split_squat", sides=sides, quality=None)
    return life


def test_the_gate_of_one_leg_work_opens_exactly_at_its_figures() -> None:
    view = one_leg(gap=(20, 18)).phase(21)
    assert (view.phase, view.why.case) == ("P4", "p3_to_p4")


@pytest.mark.parametrize(
    ("life", "day", "need"),
    [
        (one_leg(gap=(20, 18)), 20, "gate_weeks_in"),
        (one_leg(gap=(20, 18), left=9), 21, "gate_clean_left"),
        (one_leg(gap=(20, 18), right=9), 21, "gate_clean_right"),
        (one_leg(gap=(20, 17)), 21, "gate_side_gap"),
        (one_leg(gap=(17, 20)), 21, "gate_side_gap"),
        (one_leg(gap=(20, 18), last=12), 27, "gate_side_gap"),
        (one_leg(gap=(20, 18), quality=80), 21, "gate_quality"),
    ],
    ids=["20_days", "nine_left", "nine_right", "15_percent", "15_percent_other", "sides_15_days_ago", "form"],
)
def test_one_figure_short_of_the_third_gate_keeps_it_shut(life: Life, day: int, need: str) -> None:
    view = life.phase(day)
    assert view.phase == "P3"
    assert need in unmet(view)


def without_step_downs(life: Life, day: int) -> tuple[Need, ...]:
    """Return what the gate asks of somebody whom health answers leave no step-down."""
    past = life.context(day).past
    closed = replace(past, traits=replace(past.traits, removed=dict.fromkeys(STEP_DOWNS, ("test",))))
    return gate_needs(closed, "P3", MONDAY)


@pytest.mark.parametrize(("reps", "met"), [(10, True), (9, False)])
def test_where_no_step_down_is_left_step_ups_lead_on(reps: int, met: bool) -> None:
    life = one_leg(left=0, right=0)
    counts: Any = {"left": {"reps": reps}, "right": {"reps": reps}}
    life.did(2, "lateral_step_up", sides=counts)
    needs = {need.key: need.met for need in without_step_downs(life, 21)}
    assert (needs["gate_ups_left"], needs["gate_ups_right"]) == (met, met)
    assert not {"gate_clean_left", "gate_clean_right"} & set(needs)
    assert {"gate_clean_left", "gate_clean_right"} <= unmet(life.phase(21))  # nobody else gets it for step-ups


def test_sides_compared_two_weeks_ago_still_count() -> None:
    assert one_leg(gap=(20, 18), last=12).phase(26).phase == "P4"


@pytest.mark.parametrize(
    ("days", "wished", "weeks"),
    [
        ((0, 2, 7, 9), 3, 2),
        ((0, 2, 7), 3, 1),
        ((0, 6, 7, 13), 3, 2),
        ((0, 14), 3, 0),
        ((0, 7), 1, 2),
        ((0, 0, 7, 7), 2, 0),
        ((), 1, 0),
    ],
)
def test_only_weeks_of_two_days_or_as_many_as_wished_count(days: tuple[int, ...], wished: int, weeks: int) -> None:
    life = person(days=wished)
    life.in_phase("P3")
    for number, day in enumerate(days):
        life.did(day, "hip_thrust_bw", session=f"{day}-{number}")
    need = next(one for one in now(life.phase(14)).needs if one.key == "gate_weeks_in")
    assert (need.have, need.want, need.met) == (str(weeks), "3", False)


def test_a_holiday_is_no_training_and_the_gate_waits_for_another_week() -> None:
    life = person()
    life.in_phase("P3")
    sides: Any = {"left": {"reps": 20}, "right": {"reps": 18}}
    for day in (1, 3, 15, 17, 22, 24):
        life.did(day, "step_down_fwd", sides=sides)
    assert (life.phase(21).phase, unmet(life.phase(21))) == ("P3", {"gate_weeks_in"})
    assert life.phase(27).phase == "P3"
    assert life.phase(28).phase == "P4"


@pytest.mark.requirement("R046")
@pytest.mark.parametrize(
    ("age", "codes", "weeks"),
    [(65, (), 2), (66, (), 4), (None, (), 4), (40, ("BAL",), 4), (40, ("OSTEO",), 4), (40, ("PREG",), 2)],
)
def test_base_strength_lasts_four_weeks_for_who_needs_a_steady_pace(
    age: int | None, codes: tuple[str, ...], weeks: int
) -> None:
    life = person(age=age, codes=codes)
    life.in_phase("P2")
    for day in range(0, 28, 2):
        life.did(day, "hip_thrust_bw", reps=20)
    for day in (13, 14, 27, 28):
        view = life.phase(day)
        assert view.phase == ("P3" if day >= 7 * weeks else "P2")
        if view.phase == "P2":
            assert unmet(view) == {"gate_weeks_in"}


@pytest.mark.parametrize(("event", "opens"), [(None, True), (-3, False), (3, False), (9, False), (60, True)])
def test_no_gate_opens_in_the_weeks_around_an_event(event: int | None, opens: bool) -> None:
    life = base_strength(reps=20)
    if event is not None:
        life.choose("event", {"name": "walk", "day": on(14 + event).isoformat()})
    week = life.plan(14)
    assert (week.phase, week.phase_since) == (("P3", on(14)) if opens else ("P2", on(0)))


def test_a_painful_step_down_is_not_a_clean_one() -> None:
    life = one_leg(gap=(20, 18), left=0, right=0)
    life.did(8, "step_down_fwd", pain=3.0, reps=12)
    assert {"gate_clean_left", "gate_clean_right"} <= unmet(life.phase(21))


# ------------------------------------------------------------------------------------------------------ weeks away

BEFORE: dict[PhaseName, PhaseName] = {"P2": "P1", "P3": "P2", "P4": "P3", "P5": "P4", "maintenance": "P4"}


@pytest.mark.requirement("R042")
@pytest.mark.parametrize("phase", BEFORE)
@pytest.mark.parametrize(("age", "away"), [(40, 28), (70, 14)])
def test_more_than_the_days_of_the_table_lead_one_phase_back(phase: PhaseName, age: int, away: int) -> None:
    """Three sessions a week are three days apart, and only what goes beyond that was missed."""
    life = person(age=age)
    life.in_phase(phase)
    life.choose("maintenance")
    life.choose("hops")
    life.did(4, "hip_thrust_bw")
    last = 4 + 3 + away
    assert life.phase(last).phase == phase
    view = life.phase(last + 1)
    assert (view.phase, view.since) == (BEFORE[phase], on(last + 1))
    assert cases(view.notices) == {("missed_sessions", "over_28")}


@pytest.mark.requirement("R042")
def test_nothing_lies_below_the_first_phase_and_no_gate_opens_on_the_way_back() -> None:
    life = first_phase()
    assert life.phase(60).phase in ("P1", "P2")
    back = base_strength(reps=20)
    assert back.phase(60).phase == "P1"


# ------------------------------------------------------------------------------------------- a physio or coach


@pytest.mark.requirement("R153")
def test_a_physio_opens_a_phase_with_a_reason_and_not_without_one() -> None:
    silent, told = first_phase(sessions=1), first_phase(sessions=1)
    silent.coach("gate", "P2", "open", reason=" ", day=3)
    entry = told.coach("gate", "P2", "open", day=3)
    assert silent.phase(7).phase == "P1"
    assert ("own_choices", "no_reason") in cases(silent.plan(7).notices)
    view = told.phase(7)
    assert view.phase == "P2"
    assert (view.why.rule, view.why.case, view.why.entries) == ("own_choices", "gate_set", (entry,))


@pytest.mark.requirement("R153")
def test_a_physio_holds_a_gate_that_would_open_and_leads_back_from_a_phase() -> None:
    held = first_phase()
    held.coach("gate", "P2", "closed", day=3)
    assert held.phase(7).phase == "P1"
    back = base_strength(reps=20)
    back.coach("gate", "P2", "closed", day=3)
    assert back.phase(7).phase == "P1"
    assert back.phase(7).why.case == "gate_set"


def test_nobody_opens_a_phase_for_themselves() -> None:
    life = first_phase(sessions=1)
    life.wish("gate", "P2", "open", day=3, reason="please")
    assert life.phase(7).phase == "P1"


def test_a_physio_does_not_open_a_phase_while_pain_is_red() -> None:
    life = first_phase((3, {"pain": 7.0}))
    life.coach("gate", "P2", "open", day=6)
    assert life.context(7).pain.colour == "red"
    assert life.phase(7).phase == "P1"


def test_a_practitioners_gate_ends_on_its_day() -> None:
    life = first_phase(sessions=1)
    life.coach("gate", "P2", "open", day=3, until=at(5))
    assert life.phase(7).phase == "P1"


# -------------------------------------------------------------------------------------------------------- the view


@pytest.mark.parametrize("phase", ["P1", "P2", "P3", "P4"])
def test_every_phase_says_what_its_gate_asks_for(phase: PhaseName) -> None:
    life = person()
    life.in_phase(phase)
    view = life.phase(7)
    needs = now(view).needs
    assert needs == gate_needs(life.context(7).past, phase, MONDAY)
    assert all(need.key in KNOWN.headings for need in needs)
    states = [one.state for one in view.stages]
    here = states.index("now")
    assert set(states[:here]) <= {"done"}
    assert set(states[here + 1 :]) <= {"later", "closed"}


def test_a_phase_is_counted_from_the_week_it_opened_in() -> None:
    life = base_strength(reps=20)
    opened = life.plan(14)
    assert (opened.phase, opened.phase_since) == ("P3", MONDAY + timedelta(days=14))
    life.issued(opened, 14)
    life.did(14, "hip_thrust_bw")
    later = life.plan(21)
    assert (later.phase, later.phase_since) == ("P3", MONDAY + timedelta(days=14))
    assert RULES.wholes("phases", "gate_p3_weeks")[0] > 1


def test_an_unknown_age_is_treated_like_a_high_one() -> None:
    life = person(age=None)
    life.log(Profile(height_m=1.7), -1)
    life.in_phase("P3")
    life.did(4, "hip_thrust_bw")
    assert life.phase(4 + 3 + 15).phase == "P2"
