"""Why it exists: shows that hops and keeping the level open at their figures, and what keeps hops shut."""

from collections.abc import Callable

import pytest

from levelstride.journal.bodies import Clearance
from levelstride.programme.model import PhaseName
from levelstride.programme.phases import steady_weeks
from tests.programme.people import KNOWN, MONDAY, Life, at, person, unmet
from tests.screening.support import said

GATE = KNOWN.rules["plyometric_gate"].lists


# ----------------------------------------------------------------------------------------------- P4, P5, maintenance


def steady(*, weeks: int = 4, since: int = 0, age: int | None = 40, hops: bool = True, step_downs: int = 10) -> Life:
    """Return somebody in P4 since day 0 after steady weeks, who asks for hops."""
    life = person(age=age)
    if hops:
        life.choose("hops")
    for number in range(weeks):
        life.in_phase("P4", 7 * number, since=since)
        for day in (7 * number, 7 * number + 3):
            life.did(day, "step_down_fwd", "hip_thrust_bw", reps=step_downs, pain=1.0, rpe=6.0)
    return life


@pytest.mark.requirement("R140")
def test_the_gate_of_hops_opens_exactly_at_its_figures() -> None:
    view = steady().phase(28)
    assert (view.phase, view.why.case) == ("P5", "p4_to_p5")


def groin(life: Life) -> None:
    life.entries.append(said("body_map/groin/severity", 1.0, at(20), side="right"))


SHUT: list[tuple[str, Callable[[], Life], int, str]] = [
    ("27_days", steady, 27, "gate_weeks"),
    ("three_weeks", lambda: steady(weeks=3), 28, "gate_weeks"),
    ("nine_step_downs", lambda: steady(step_downs=9), 28, "gate_clean_left"),
    ("not_asked", lambda: steady(hops=False), 28, "gate_asked"),
    ("17_years", lambda: steady(age=17), 28, "gate_no_exclusion"),
    ("age_unknown", lambda: steady(age=None), 28, "gate_no_exclusion"),
]


@pytest.mark.requirement("R140")
@pytest.mark.parametrize(("make", "day", "need"), [one[1:] for one in SHUT], ids=[one[0] for one in SHUT])
def test_one_figure_short_of_hops_keeps_them_shut(make: Callable[[], Life], day: int, need: str) -> None:
    view = make().phase(day)
    assert view.phase == "P4"
    assert need in unmet(view)


@pytest.mark.requirement("R140")
@pytest.mark.parametrize(("pain", "need"), [(2.0, "gate_pain"), (None, "gate_pain"), (6.0, "gate_pain")])
def test_pain_above_one_in_four_weeks_keeps_hops_shut(pain: float | None, need: str) -> None:
    life = steady()
    life.did(1, "clamshell", pain=pain)
    assert life.phase(28).phase == "P4"
    assert need in unmet(life.phase(28))


@pytest.mark.requirement("R140")
@pytest.mark.parametrize("code", GATE["excluded_codes"])
def test_a_code_that_excludes_hops_closes_them_even_with_an_agreement(code: str) -> None:
    life = steady().copy(codes=(code,))
    life.log(Clearance(covers=(code,), given_by="Dr Test", given_on=MONDAY), 10)
    view = life.phase(28)
    assert view.phase == "P4"
    assert [one.state for one in view.stages if one.phase == "P5"] == ["closed"]


@pytest.mark.requirement("R140")
@pytest.mark.parametrize("code", GATE["clinician_codes"])
def test_a_code_that_needs_a_clinician_closes_hops_until_one_agrees(code: str) -> None:
    life = steady().copy(codes=(code,))
    assert life.phase(28).phase == "P4"
    assert "gate_no_exclusion" in unmet(life.phase(28))
    life.log(Clearance(covers=(code,), given_by="Dr Test", given_on=MONDAY), 10)
    assert life.phase(28).phase == "P5"


@pytest.mark.requirement("R140")
def test_groin_trouble_and_a_safety_decision_against_impact_close_hops() -> None:
    hurts = steady()
    groin(hurts)
    blocked = steady().copy(actions=("block_impact",))
    for life in (hurts, blocked):
        assert life.phase(28).phase == "P4"
        assert "gate_no_exclusion" in unmet(life.phase(28))


def test_eighteen_years_are_enough_for_hops() -> None:
    assert steady(age=18).phase(28).phase == "P5"


@pytest.mark.parametrize(("weeks", "days", "counted"), [(4, 28, 4), (3, 21, 3), (4, 27, 3), (5, 28, 4)])
def test_steady_weeks_are_whole_weeks_back_from_today(weeks: int, days: int, counted: int) -> None:
    assert steady_weeks(steady(weeks=weeks).context(days).past, MONDAY) == counted


def test_a_red_or_a_single_session_ends_the_row_of_steady_weeks() -> None:
    red = steady()
    red.did(8, "clamshell", pain=6.0)
    assert steady_weeks(red.context(28).past, MONDAY) == 2
    idle = person()
    idle.in_phase("P4")
    for day in (0, 3, 7, 14, 17, 21, 24):
        idle.did(day, "hip_thrust_bw", rpe=6.0)
    assert steady_weeks(idle.context(28).past, MONDAY) == 2


@pytest.mark.requirement("R140")
def test_weeks_of_breathing_are_no_weeks_of_strength() -> None:
    life = person()
    life.choose("hops")
    life.in_phase("P4")
    life.did(1, "step_down_fwd", reps=12)
    for number in range(4):
        for day in (0, 3):
            life.did(7 * number + day, "breathing_hooklying", rpe=1.0)
    assert "gate_weeks" in unmet(life.phase(28))


@pytest.mark.parametrize("phase", ["P4", "P5"])
def test_keeping_the_level_is_a_choice_after_four_steady_weeks(phase: PhaseName) -> None:
    life = steady(hops=phase == "P5")
    life.in_phase(phase, 21, since=0)
    assert life.phase(28).phase == phase
    life.choose("maintenance", day=20)
    assert life.phase(27).phase == phase
    view = life.phase(28)
    assert (view.phase, view.why.case) == ("maintenance", "p4_to_maintenance")
    assert len([one for one in life.plan(28).sessions if one.hard]) <= 2


def test_going_on_after_a_time_of_keeping_the_level_leads_to_moves_in_more_directions() -> None:
    life = steady()
    life.in_phase("maintenance", 28)
    life.choose("maintenance", day=20)
    assert life.phase(35).phase == "maintenance"
    life.choose("maintenance", False, day=30)
    assert life.phase(35).phase == "P4"


@pytest.mark.requirement("R140", "R153")
@pytest.mark.parametrize("code", ["BAL", "FAI"])
def test_a_physio_does_not_open_hops_against_a_health_answer(code: str) -> None:
    life = steady(hops=False)
    life.coach("gate", "P5", "open", day=20)
    assert life.phase(21).phase == "P5"
    assert life.copy(codes=(code,)).phase(28).phase == "P4"
