"""Why it exists: shows that a week suits the person: phase, findings, balance, time, place, things, goals."""

from typing import Any

import pytest

from levelstride.programme.candidates import find_candidates, pattern
from levelstride.programme.levels import P1_MODES, p1_mode
from levelstride.programme.model import Programme
from levelstride.programme.moves import is_on_feet
from levelstride.programme.volume import of_programme
from tests.programme.people import KNOWN, RULES, Life, cases, lived, main, moves_of, names, person, training, week_of

# ------------------------------------------------------------------------------------------------ the first phase


@pytest.mark.requirement("R128")
@pytest.mark.parametrize("minutes", [15, 25, 40])
def test_the_first_phase_begins_each_session_with_breathing(minutes: int) -> None:
    for session in training(person(minutes=minutes).plan()):
        assert session.moves[0].block == "prep"
        assert session.moves[0].exercise == "breathing_hooklying"


@pytest.mark.requirement("R128")
@pytest.mark.parametrize("minutes", [25, 40])
def test_the_first_phase_has_bridges_before_clams(minutes: int) -> None:
    for session in training(person(minutes=minutes).plan()):
        found = names(session.moves)
        bridge = next(number for number, name in enumerate(found) if "bridge" in name)
        clam = next(number for number, name in enumerate(found) if "clam" in name)
        assert bridge < clam


@pytest.mark.requirement("R126")
def test_the_first_phase_offers_single_long_holds_short_holds_and_sets_in_rhythm() -> None:
    context = person(equipment=("belt",)).context(0)
    found = {one.exercise.id: one.move for one in find_candidates(context, "P1", easy=False, rpe_most=None)}
    squeeze, bridge, clam = found["glute_set"], found["glute_bridge"], found["clamshell"]
    assert squeeze.doses[0].hold_s in range(5, 11)
    assert squeeze.doses[0].amount in range(5, 11)
    assert bridge.doses[0].hold_s == RULES.number("phases", "p1_hold")
    assert clam.doses[0].hold_s is None
    assert clam.doses[0].amount in range(10, 21)
    assert clam.tempo is not None


def of_mode(week: Programme, mode: str | None) -> int:
    return sum(p1_mode(KNOWN.exercises[move.exercise], RULES) == mode for one in training(week) for move in main(one))


@pytest.mark.requirement("R126")
@pytest.mark.parametrize("wishes", [{}, {"minutes": 15}, {"days": 2}, {"equipment": ()}, {"age": 80}], ids=str)
@pytest.mark.parametrize("mode", P1_MODES)
def test_the_mode_that_is_chosen_comes_more_often_in_the_first_phase(mode: str, wishes: dict[str, Any]) -> None:
    life = person(**wishes)
    without = life.plan()
    entry = life.choose("p1_mode", mode)
    week = life.plan()
    assert (week.phase, without.phase) == ("P1", "P1")
    assert of_mode(week, mode) > of_mode(without, mode)
    assert life.problems(week) == []
    told = [why for move in moves_of(week) for why in move.why if (why.rule, why.case) == ("week_plan", "p1_mode")]
    assert {why.entries for why in told} == {(entry,)}


@pytest.mark.requirement("R126")
@pytest.mark.parametrize("values", [(None,), ("sideways",), ("isometric", None)])
def test_without_a_mode_the_first_phase_stays_as_it_is(values: tuple[str | None, ...]) -> None:
    life = person()
    without = life.plan()
    for number, value in enumerate(values):
        life.choose("p1_mode", value, hour=8 + number)
    assert [names(one.moves) for one in life.plan().sessions] == [names(one.moves) for one in without.sessions]


@pytest.mark.requirement("R126")
def test_a_mode_is_for_the_first_phase_alone() -> None:
    life = person()
    life.coach("gate", "P2", "open")
    without = life.plan()
    life.choose("p1_mode", "isometric")
    week = life.plan()
    assert week.phase == "P2"
    assert [names(one.moves) for one in week.sessions] == [names(one.moves) for one in without.sessions]


@pytest.mark.requirement("R126")
def test_each_mode_keeps_its_figures() -> None:
    modes = {name: p1_mode(exercise, RULES) for name, exercise in KNOWN.exercises.items()}
    assert (modes["glute_set"], modes["glute_bridge"], modes["clamshell"]) == ("isometric", "short_hold", "rhythmic")
    assert (modes["sl_squat"], modes["front_plank"], modes["marching_bridge"]) == (None, None, None)
    for name, mode in modes.items():
        exercise = KNOWN.exercises[name]
        if mode is None:
            continue
        dose = exercise.doses["P1"]
        held = dose.hold_s.low if dose.hold_s else exercise.tempo.pause_s or 0
        if mode == "isometric":
            assert 5 <= held <= 10, name
            assert 5 <= dose.amount.low <= 10, name
        elif mode == "short_hold":
            assert 2 <= held < 5, name
        else:
            assert held < 2, name
            assert 10 <= dose.amount.low <= 20, name


def test_nothing_is_hard_in_the_first_phase_and_nothing_loaded_in_its_first_week() -> None:
    for number in (0, 1):
        week = week_of(number)
        assert week.phase == "P1"
        assert of_programme(week, RULES) == {}
        assert all(move.rpe[1] <= 4 for move in moves_of(week))
    assert all(dose.load_kg is None and dose.band is None for move in moves_of(week_of(0)) for dose in move.doses)


@pytest.mark.requirement("R078")
@pytest.mark.parametrize("number", [0, 1])
def test_the_first_two_weeks_stay_below_an_effort_of_five(number: int) -> None:
    life = person()
    life.coach("gate", "P2", "open")
    for done in range(number):
        life.follow(life.issued(life.plan(7 * done, 6), 7 * done))
    week = life.plan(7 * number)
    assert week.phase == "P2"
    assert max(move.rpe[1] for move in moves_of(week)) <= RULES.wholes("first_weeks", "rpe_cap")[1]


# ----------------------------------------------------------------------------------- stretches, trunk and balance


@pytest.mark.requirement("R115")
def test_stretches_that_are_held_come_after_strength_and_lively_ones_before() -> None:
    life, _ = lived(3)
    life.choose("stretching", day=20)
    weeks = [life.plan(21), *lived(12)[1]]
    held = 0
    for session in [one for week in weeks for one in week.sessions]:
        for move in session.moves:
            exercise = KNOWN.exercises[move.exercise]
            if exercise.kind == "mobility" and exercise.tempo.rhythm == "hold":
                held += 1
                assert move.block in ("mobility", "cool_down")
                assert session.kind == "standalone"
            elif move.block == "prep":
                assert exercise.tempo.rhythm != "hold"
    assert held


@pytest.mark.requirement("R091", "R141")
def test_a_stretch_is_for_a_measured_limit_or_a_wish_and_nobody_else_gets_one() -> None:
    def stretches(life: Life) -> set[str]:
        week = life.plan(21)
        return {move.exercise for one in training(week) for move in one.moves if move.block == "mobility"}

    plain, wishing, limited = lived(3)[0], lived(3)[0], lived(3)[0]
    assert stretches(plain) == set()
    limited.measured("wblt", 3.0, 0.5, side="left", day=20)
    limited.measured("wblt", 12.0, 0.5, side="right", day=20)
    assert stretches(limited) <= set(RULES.case("finding_to_exercise", "low_ankle_bend").first_block)
    assert stretches(limited)
    assert all(not [m for one in training(week) for m in one.moves if m.block == "mobility"] for week in lived(12)[1])
    wishing.choose("stretching", day=20)
    assert stretches(wishing) <= {"calf_stretch", "quad_stretch", "glute_stretch"}
    assert stretches(wishing)
    for code in ("DYSPLASIA", "FAI", "GTPS"):
        assert stretches(wishing.copy(codes=(code,))) == set()


@pytest.mark.requirement("R093")
@pytest.mark.parametrize("number", range(2, 12))
def test_trunk_work_is_held_or_repeated_for_endurance(number: int) -> None:
    least, most = RULES.wholes("phases", "core_hold")
    trunk = [move for move in moves_of(week_of(number)) if KNOWN.exercises[move.exercise].kind == "core"]
    for move in trunk:
        for dose in move.doses:
            assert dose.load_kg is None
            if move.counts == "seconds":
                assert least <= dose.amount <= most


def test_a_hand_on_support_is_for_moves_on_the_feet_and_for_rising_from_a_chair() -> None:
    on_feet = {name for name in KNOWN.exercises if is_on_feet(KNOWN.exercises[name])}
    assert {"sit_to_stand", "bw_squat", "step_up", "sl_stance", "pelvic_drop"} <= on_feet
    assert not on_feet & {"seated_clam_band", "bike_steady", "hip_9090", "glute_bridge", "clamshell", "side_plank"}


@pytest.mark.requirement("R045", "R132")
@pytest.mark.parametrize("number", [0, 2, 5])
def test_poor_balance_leaves_no_soft_ground_and_gives_support_everywhere(number: int) -> None:
    life = lived(number)[0].copy(codes=("BAL",))
    week = life.plan(7 * number)
    closed = {"unstable_surface", "uneven_ground", "eyes_closed", "one_leg_unsupported", "impact", "fall_risk"}
    assert training(week)
    for move in moves_of(week):
        assert move.support is is_on_feet(KNOWN.exercises[move.exercise])
        assert not closed & set(KNOWN.exercises[move.exercise].demands)
    assert all(one.walk.support for one in week.sessions if one.walk is not None)


@pytest.mark.requirement("R045")
@pytest.mark.parametrize("minutes", [15, 25, 40])
def test_balance_is_practised_by_who_is_older_or_wishes_it_or_has_a_finding(minutes: int) -> None:
    def balance(life: Life) -> set[str]:
        moves = [move for one in training(life.plan(14)) for move in one.moves]
        return {move.exercise for move in moves if KNOWN.exercises[move.exercise].kind == "balance"}

    assert balance(lived(2, minutes=minutes)[0]) == set()
    assert balance(lived(2, minutes=minutes, goals=("better_balance",))[0])
    assert balance(lived(2, minutes=minutes, age=70)[0])
    short = lived(2, minutes=minutes)[0]
    short.measured("sls_eo", 3.0, 1.0, side="left", day=13)
    assert balance(short)


@pytest.mark.requirement("R045")
@pytest.mark.parametrize(
    "minutes",
    [5, 10, 25],
)
@pytest.mark.parametrize(
    ("wishes", "codes"),
    [({"age": 66}, ()), ({}, ("BAL",)), ({}, ("OSTEO",)), ({"goals": ("better_balance",)}, ())],
    ids=["66", "balance", "bones", "wish"],
)
def test_every_session_holds_one_balance_move_from_the_first_phase_on(
    wishes: dict[str, Any], codes: tuple[str, ...], minutes: int
) -> None:
    for number in (0, 2):
        life = lived(number, minutes=minutes, **wishes)[0].copy(codes=codes)
        week = life.plan(7 * number)
        assert training(week)
        for session in training(week):
            assert [KNOWN.exercises[name].kind for name in names(session.moves)].count("balance") == 1


@pytest.mark.parametrize(
    ("age", "codes", "stays"),
    [(74, (), False), (75, (), True), (40, ("BAL", "OSTEO"), True), (40, ("BAL",), False), (40, ("OSTEO",), False)],
)
def test_who_stays_lying_is_not_asked_down_to_hands_and_knees(age: int, codes: tuple[str, ...], stays: bool) -> None:
    low = set(KNOWN.rules["week_plan"].lists["low_positions"])
    assert {"hands_and_knees", "forearm_plank", "side_plank", "kneeling"} <= low
    for phase in ("P1", "P2", "P3"):
        life = person(age=age, codes=codes, minutes=45)
        life.in_phase(phase)
        found = find_candidates(life.context(7), phase, easy=False, rpe_most=None)
        assert bool(low & {one.exercise.position for one in found}) is not stays
        if stays:
            assert not low & {KNOWN.exercises[move.exercise].position for move in moves_of(life.plan(7))}


@pytest.mark.parametrize("number", [0, 2, 5, 8])
def test_effort_stays_moderate_in_pregnancy(number: int) -> None:
    most = RULES.whole("week_plan", "gentle_rpe")
    assert most == 5
    life, _ = lived(number)
    efforts = {move.rpe[1] for move in moves_of(life.copy(codes=("PREG",)).plan(7 * number))}
    assert max(efforts) <= most
    usual = {move.rpe[1] for move in moves_of(life.plan(7 * number))}
    assert (max(usual) > most) is (number >= 2)


@pytest.mark.parametrize("number", range(2, 12))
def test_no_session_bends_in_the_same_way_more_than_twice(number: int) -> None:
    most = RULES.whole("week_plan", "pattern_most")
    for session in training(week_of(number, minutes=45)):
        ways = [pattern(KNOWN.exercises[move.exercise]) for move in main(session)]
        assert max(ways.count("squat"), ways.count("hinge")) <= most == 2


@pytest.mark.requirement("R097")
def test_a_finding_brings_one_of_its_moves_and_is_its_reason() -> None:
    life, _ = lived(2)
    entry = life.measured("walk10", 0.3, 0.01, day=13)
    assert {family.case for one in life.findings for family in one.families} == {"low_chair_or_speed"}
    planned = {move.exercise: move for one in training(life.plan(14)) for move in one.moves}
    wished = planned.keys() & set(RULES.case("finding_to_exercise", "low_chair_or_speed").first_block)
    assert wished
    assert all(entry in [found for why in planned[name].why for found in why.entries] for name in wished)


@pytest.mark.requirement("R097")
@pytest.mark.parametrize("number", [0, 2])
def test_a_lowered_pelvis_is_answered_from_the_start(number: int) -> None:
    life, _ = lived(number, minutes=40)
    life.measured("trendelenburg30", 10.0, 0.5, side="left", day=7 * number - 1)
    week = life.plan(7 * number)
    planned = {name for one in week.sessions for name in names(one.moves)}
    drills = {one.walk.drill for one in week.sessions if one.walk is not None}
    assert (planned | drills) & set(RULES.case("finding_to_exercise", "pelvic_drop").first_block)


# ----------------------------------------------------------------------------------------------- time, place, goals


@pytest.mark.requirement("R050")
@pytest.mark.parametrize("minutes", [10, 15, 20, 30, 45])
@pytest.mark.parametrize("number", [0, 2, 5])
def test_sessions_fit_the_minutes_of_the_person(minutes: int, number: int) -> None:
    week = week_of(number, minutes=minutes)
    assert training(week)
    assert all(sum(move.seconds for move in one.moves) <= 60 * minutes for one in training(week))


@pytest.mark.requirement("R050")
@pytest.mark.parametrize("weekdays", [[0, 2, 4], [1, 3, 5], [2, 6]])
def test_sessions_come_on_the_days_the_person_can_use(weekdays: list[int]) -> None:
    life, _ = lived(2)
    life.choose("days", weekdays, day=13)
    assert {one.day.weekday() for one in life.plan(14).sessions if not one.optional} <= set(weekdays)


@pytest.mark.requirement("R050")
@pytest.mark.parametrize("setting", ["office", "outdoors"])
@pytest.mark.parametrize("number", [0, 2, 5])
def test_nobody_lies_down_at_work_or_outdoors(setting: str, number: int) -> None:
    lists = KNOWN.rules["week_plan"].lists
    week = week_of(number, setting=setting)
    assert training(week)
    for move in moves_of(week):
        exercise = KNOWN.exercises[move.exercise]
        assert exercise.position not in lists["floor_positions"], exercise.id
        if setting == "outdoors":
            assert not any(set(choice) <= set(lists["indoor_things"]) for choice in exercise.equipment.needs)


@pytest.mark.requirement("R050")
def test_only_things_the_person_has_are_used() -> None:
    for number in (2, 5, 8):
        for move in moves_of(week_of(number, equipment=())):
            for choice in KNOWN.exercises[move.exercise].equipment.needs:
                assert any(KNOWN.vocabulary.equipment[thing].household for thing in choice), move.exercise
            assert all(dose.load_kg is None and dose.band is None for dose in move.doses)
    with_bands = {move.exercise for number in range(8) for move in moves_of(week_of(number))}
    assert any("dumbbells" in choice for name in with_bands for choice in KNOWN.exercises[name].equipment.needs)


@pytest.mark.requirement("R050")
def test_a_goal_is_a_reason_for_moves() -> None:
    wished = KNOWN.rules["week_plan"].lists["goals_get_up"]
    life, weeks = lived(3, goals=("get_up",))
    told = life.state.latest("intake/goals")
    assert told is not None
    for week in weeks[:2]:
        found = {
            move.exercise: why.entries
            for one in training(week)
            for move in one.moves
            for why in move.why
            if (why.rule, why.case) == ("week_plan", "goal")
        }
        assert found
        assert set(found) <= set(wished)
        assert set(found.values()) == {(told.id,)}
    other = [move for week in lived(3)[1] for one in training(week) for move in one.moves]
    assert ("week_plan", "goal") not in {found for move in other for found in cases(move.why)}


@pytest.mark.parametrize("number", range(12))
def test_every_main_move_says_why_it_is_there(number: int) -> None:
    for session in training(week_of(number)):
        for move in session.moves:
            assert move.why
            for why in move.why:
                assert RULES.case(why.rule, why.case).says
