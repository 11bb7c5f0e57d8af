"""Why it exists: shows that a planned week has the shape its rules ask for, and suits the person it is for."""

import itertools

import pytest

from levelstride.programme.model import PhaseName, Session, read_programme
from levelstride.programme.plan import issue, next_start, open_week
from levelstride.screening.decision import Decision, Permit, Reason, StoppedError
from tests.programme.people import KNOWN, MONDAY, RULES, cases, lived, main, names, on, person, training, week_of

BLOCKS = ["prep", "activation", "strength", "mobility", "cool_down"]
#: Weeks in which the same person meets every phase from P1 to P4.
WEEKS = range(12)


# ------------------------------------------------------------------------------------------------- may it start


def test_nobody_gets_a_plan_while_something_stops_them() -> None:
    stopped = Decision("emergency", (Reason("red_flags", "ce_saddle", "emergency", "", (), ()),), {}, ())
    with pytest.raises(StoppedError):
        Permit(stopped)


# ------------------------------------------------------------------------------------------------------- phases


def test_a_life_without_trouble_passes_all_phases_in_order() -> None:
    phases = [one.phase for one in lived(12)[1]]
    assert phases == sorted(phases)
    assert {"P1", "P2", "P3", "P4"} == set(phases)
    assert all(one.optimal and one.gap == 0 and not one.relaxed for one in lived(12)[1])


@pytest.mark.requirement("R118")
@pytest.mark.parametrize("number", [0, 2, 5])
@pytest.mark.parametrize("minutes", [15, 25, 40])
def test_every_session_runs_its_blocks_in_order(number: int, minutes: int) -> None:
    week = week_of(number, minutes=minutes)
    for session in training(week):
        for version in (session.moves, session.short, session.bare):
            places = [BLOCKS.index(move.block) for move in version]
            assert places == sorted(places)
        blocks = {move.block for move in session.moves}
        assert ("strength" in blocks) is (week.phase != "P1")
        if minutes >= 25:
            assert {"prep", "cool_down"} <= blocks
        if minutes >= 40:
            assert "activation" in blocks


@pytest.mark.parametrize("number", WEEKS)
def test_every_session_has_the_moves_its_phase_asks_for_and_keeps_to_the_minutes(number: int) -> None:
    week = week_of(number)
    low, high = RULES.wholes("phases", f"{week.phase.lower()}_moves")
    for session in training(week):
        assert low <= len(main(session)) <= high
        assert sum(move.seconds for move in session.moves) <= 60 * 25
        assert session.minutes <= 25
        assert len(names(session.moves)) == len(set(names(session.moves)))


@pytest.mark.requirement("R089")
@pytest.mark.parametrize("number", WEEKS)
def test_every_session_from_the_third_phase_on_has_a_move_on_one_leg(number: int) -> None:
    week = week_of(number)
    if week.phase in ("P3", "P4"):
        for session in training(week):
            for version in (session.moves, session.short, session.bare):
                strong = [KNOWN.exercises[move.exercise] for move in version if move.block == "strength"]
                assert any(one.laterality == "unilateral" for one in strong)


@pytest.mark.requirement("R019", "R152")
@pytest.mark.parametrize("number", WEEKS)
def test_a_week_moves_in_every_plane_and_works_the_muscles_of_the_hip(number: int) -> None:
    week = week_of(number)
    done = [KNOWN.exercises[move.exercise] for one in training(week) for move in one.moves]
    assert {"sagittal", "frontal", "transverse"} <= {plane for one in done for plane in one.plane}
    assert {"gmax", "gmed"} <= {muscle for one in done for muscle in one.muscles.primary}
    assert {"core"} <= {kind for one in done for kind in (one.kind, *one.muscles.primary)}


@pytest.mark.requirement("R018")
@pytest.mark.parametrize("number", WEEKS)
def test_every_session_has_a_version_of_ten_minutes_and_one_that_needs_nothing(number: int) -> None:
    for session in training(week_of(number)):
        assert session.short
        assert sum(move.seconds for move in session.short) <= 60 * RULES.whole("less_equipment", "short_plan")
        assert session.bare
        for move in session.bare:
            needs = KNOWN.exercises[move.exercise].equipment.needs
            assert all(any(KNOWN.vocabulary.equipment[thing].household for thing in choice) for choice in needs)
            assert all(dose.band is None and dose.load_kg is None for dose in move.doses)


def test_a_level_kept_leads_to_a_week_like_the_last_one() -> None:
    """Somebody who does only what was asked, with effort left over for nothing more, sees the same moves again."""
    first, second = lived(2)[1]
    assert {name for one in training(first) for name in names(one.moves)} == {
        name for one in training(second) for name in names(one.moves)
    }


# --------------------------------------------------------------------------------------------- weekly templates


@pytest.mark.requirement("R117")
@pytest.mark.parametrize("days", [3, 4])
def test_three_or_four_short_sessions_have_walks_beside_them(days: int) -> None:
    week = person(days=days, minutes=15).plan()
    sessions = training(week)
    assert len({one.day for one in sessions}) == days
    assert all(0 < one.minutes <= 15 for one in sessions)
    walks = [one for one in week.sessions if one.walk is not None]
    assert walks
    assert all(one.walk is not None and one.walk.effort == "easy" for one in walks)


@pytest.mark.requirement("R148")
@pytest.mark.parametrize("wished", [2, 3, 4, 6])
@pytest.mark.parametrize("number", [2, 5, 8])
def test_strength_comes_two_or_three_times_a_week_with_a_day_between(wished: int, number: int) -> None:
    week = week_of(number, days=wished)
    assert week.phase not in ("P0", "P1")
    days = sorted((one.day - MONDAY).days for one in training(week) if one.hard)
    assert 2 <= len(days) == min(wished, 3)
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(days))


@pytest.mark.requirement("R148")
def test_rest_is_kept_over_the_border_of_two_weeks() -> None:
    _, programmes = lived(12)
    days = [(one.day - MONDAY).days for week in programmes for one in training(week) if one.hard]
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(days))


@pytest.mark.requirement("R003")
def test_more_days_than_muscles_can_rest_become_easy_practice() -> None:
    life, _ = lived(2, days=6)
    week = life.plan(14)
    extra = [one for one in week.sessions if one.optional]
    assert len(extra) == 3
    assert {one.kind for one in extra} == {"daily_activation"}
    assert not {one.day for one in extra} & {one.day for one in training(week)}
    assert all(not move.hard and move.rpe[1] <= 4 for one in extra for move in one.moves)
    assert all(1 <= one.minutes <= 5 for one in extra)
    assert ("week_plan", "rest_between") in cases(week.notices)


@pytest.mark.requirement("R032")
def test_twice_a_day_is_only_for_who_asks_and_whose_pain_is_green() -> None:
    def again(pain: float | None, *, asks: bool = True, day: int = 6) -> list[Session]:
        life = person()
        if asks:
            life.choose("twice_daily")
        life.in_phase("P1")
        for number in (0, 2):
            life.did(number, "glute_bridge", "clamshell")
        life.did(day, "glute_bridge", "clamshell", pain=pain)
        return [one for one in life.plan(7).sessions if one.optional]

    found = again(2.0)
    assert len({one.day for one in found}) == 7
    assert all(move.rpe[1] <= 4 and not move.hard for one in found for move in one.moves)
    assert all(("twice_daily", "allowed") in cases(one.why) for one in found)
    assert again(2.0, asks=False) == []
    assert again(3.0) == []
    assert again(6.0) == []
    assert again(None) == []


@pytest.mark.requirement("R032")
def test_twice_a_day_never_joins_a_day_of_strength() -> None:
    life, _ = lived(3)
    life.choose("twice_daily", day=20)
    week = life.plan(21)
    strong = {one.day for one in training(week) if one.hard}
    extra = {one.day for one in week.sessions if one.optional}
    assert extra
    assert not extra & strong


# ------------------------------------------------------------------------------------------- plateaus, weeks kept


@pytest.mark.requirement("R095")
def test_a_result_that_stays_the_same_is_answered_by_form_first_and_another_move_next() -> None:
    life, _programmes = lived(9)
    for day in (-1, 27, 55):
        life.measured("sts5", 12.0, 0.5, day=day)
    week = life.plan(63)
    told = [why for why in week.notices if why.rule == "plateau"]
    assert [why.case for why in told] == ["technique"]
    assert told[0].values["subject"] == "sts5"
    life.issued(week, 63, 9)
    life.follow(week)
    assert [why.case for why in life.plan(70).notices if why.rule == "plateau"] == ["swap"]


def test_a_week_that_was_issued_is_read_and_never_solved_again() -> None:
    life, _ = lived(2)
    week = life.issued(life.plan(14), 14, 9)
    life.did(15, "glute_bridge", pain=7.0)
    life.coach("forbid", training(week)[0].moves[1].exercise, day=15)
    for day in range(14, 21):
        assert open_week(life.state, on(day)) == week
    assert open_week(life.state, on(21)) is None


@pytest.mark.parametrize(("day", "start"), [(14, 14), (15, 14), (20, 14), (21, 21), (30, 28)])
def test_weeks_begin_on_the_same_weekday_also_after_a_break(day: int, start: int) -> None:
    life = person()
    life.in_phase("P1")
    assert next_start(life.state, on(day)) == on(start)


def test_the_first_week_begins_today() -> None:
    assert person().plan(3).starts_on == on(3)


def test_what_is_issued_is_read_back_the_same() -> None:
    for week in lived(12)[1]:
        assert read_programme(issue(week).content) == week


def test_the_same_journal_gives_the_same_week_and_another_one_another_fingerprint() -> None:
    life, _ = lived(3)
    first, again = life.plan(21), life.copy().plan(21)
    assert first == again
    life.check_in(20)
    assert life.plan(21).input_hash != first.input_hash


@pytest.mark.parametrize("number", WEEKS)
def test_the_independent_check_finds_nothing(number: int) -> None:
    life, _programmes = lived(number)
    week = life.plan(7 * number)
    assert life.problems(week) == []


@pytest.mark.parametrize("phase", ["P1", "P2", "P3", "P4"])
def test_every_phase_has_a_week_for_somebody_who_has_done_nothing(phase: PhaseName) -> None:
    life = person()
    life.in_phase(phase)
    week = life.plan(7)
    assert week.phase == phase
    assert training(week)
