"""Why it exists: where the source articles disagree, the plan does what was decided, and the safer rule wins.

``tests/library/test_contradictions.py`` shows that the library says so; here it is shown that people get it.
"""

import itertools
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from levelstride.programme.candidates import find_candidates, pattern
from levelstride.programme.levels import library_dose
from levelstride.programme.model import Move, Programme
from levelstride.programme.moves import is_on_feet
from levelstride.programme.volume import caps, of_programme
from tests.programme.people import KNOWN, MONDAY, RULES, Life, lived, person, training
from tests.programme.walks import done as walks_done
from tests.programme.walks import plan as plan_week_of_walks
from tests.programme.walks import planned as walks_planned

PROGRAMMES = range(12)


def weeks(count: int = 12) -> tuple[Programme, ...]:
    return lived(count)[1]


def moves_of(week: Programme) -> list[Move]:
    return [move for one in training(week) for move in one.moves]


def strength(week: Programme) -> list[Move]:
    return [move for move in moves_of(week) if move.block == "strength"]


@pytest.mark.requirement("R021", "R025", "R064")
def test_x01_bridge_and_clam_begin_unloaded_in_one_or_two_bouts_and_get_three_sets_with_a_band() -> None:
    least, most = RULES.wholes("phases", "p1_total_reps")
    first = [move for week in weeks(2) for move in moves_of(week) if move.exercise in ("glute_bridge", "clamshell")]
    assert first
    for move in first:
        for dose in move.doses:
            assert (dose.band, dose.load_kg) == (None, None)
            assert dose.sets in (1, 2)
            assert least <= dose.sets * dose.amount <= most
    life, _ = lived(1)
    found = {one.exercise.id: one.move for one in find_candidates(life.context(7), "P1", easy=False, rpe_most=None)}
    (dose,) = found["glute_bridge_band"].doses
    assert (dose.sets, dose.amount, dose.band) == (3, 10, 1)
    assert least <= dose.sets * dose.amount <= most


@pytest.mark.requirement("R032", "R119", "R148")
def test_x02_easy_work_may_come_daily_and_strength_keeps_two_days_between() -> None:
    life, _ = lived(3, days=6)
    week = life.plan(21)
    strong = sorted(one.day for one in training(week))
    assert all(one.hard for one in training(week))
    assert 2 <= len(strong) <= 4
    assert all(two - one >= timedelta(days=2) for one, two in itertools.pairwise(strong))
    easy = [one for one in week.sessions if one.optional]
    assert len({one.day for one in easy} | set(strong)) == 6
    assert all(move.rpe[1] <= 4 for one in easy for move in one.moves)


@pytest.mark.requirement("R031", "R118")
def test_x03_the_warm_up_takes_up_to_eight_minutes_unless_a_length_was_chosen() -> None:
    life, _ = lived(3)
    life.choose("persona", "hiker", day=20)
    usual = [one.minutes for one in life.plan(21).sessions if one.kind == "pre_walk"]
    assert usual
    assert max(usual) <= RULES.wholes("session_shape", "pre_walk_default")[1]
    for chosen in (5, 10, 15):
        life.choose("warm_up_minutes", chosen, day=20, hour=9 + chosen / 10)
        assert max(one.minutes for one in life.plan(21).sessions if one.kind == "pre_walk") <= chosen


@pytest.mark.requirement("R044", "R130", "R134", "R149")
def test_x04_slow_lowering_comes_before_load_and_load_only_after_the_repetitions() -> None:
    """The same one-leg move over the weeks of P3: slow from the first day on, a weight only at the top of its range."""
    life = person()
    for week in range(5):
        life.in_phase("P3", 7 * week, since=0)
    context = life.context(1)
    found = {one.exercise.id: one.move for one in find_candidates(context, "P3", easy=False, rpe_most=None)}
    slow = [
        move for name, move in found.items() if KNOWN.exercises[name].kind == "functional" and move.tempo is not None
    ]
    assert slow
    least: Any = KNOWN.rules["phases"].figures["p3_tempo"].value
    for move in slow:
        assert move.tempo is not None
        assert all(own >= wanted for own, wanted in zip(move.tempo, least, strict=True))
        assert all(dose.load_kg is None and dose.band is None for dose in move.doses)
    changes = []
    exercise = KNOWN.exercises["split_squat"]
    dose = library_dose(exercise, "P3")
    assert dose is not None
    for day in range(0, 35, 2):
        now = life.context(day)
        of = now.frame(exercise, dose)
        level = now.standing(exercise, "left", of).level
        changes.append((level.amount, level.sets, level.loaded))
        life.bout(
            day, "split_squat", reps=level.amount if level.amount < of.amount[1] else of.amount[1] + 2, sets=level.sets
        )
        life.check_in(day)
        life.morning(day + 1)
    loaded = [number for number, (_, _, load) in enumerate(changes) if load]
    assert loaded
    before = changes[: loaded[0]]
    assert before == sorted(before)
    assert before[-1][:2] == (of.amount[1], of.sets[1])
    assert changes[loaded[0]][0] == of.amount[0]


@pytest.mark.requirement("R022", "R081", "R082", "R108", "R136")
def test_x05_hints_are_about_the_outside_become_fewer_and_end() -> None:
    order = [1, 2, 4, 0, None]
    ended = set()
    for name in sorted({move.exercise for week in weeks() for move in strength(week)}):
        exercise = KNOWN.exercises[name]
        found = [move for week in weeks() for move in moves_of(week) if move.exercise == name]
        places = [order.index(move.cue_every) for move in found]
        assert places == sorted(places), name
        assert places[0] == 0, name
        ended |= {name} if places[-1] == len(order) - 1 else set()
        assert all(move.cue in exercise.cues.external for move in found if move.cue is not None)
        assert [move.cue for move in found if move.cue_every is None] == [None] * places.count(len(order) - 1)
    assert ended


@pytest.mark.requirement("R033", "R036", "R068", "R069", "R071")
def test_x06_shorter_reach_and_a_longer_leg_behind_are_practised_apart_at_the_same_pace() -> None:
    closer, behind = "cadence_metronome", "push_off_drill"
    fields: dict[str, Any] = {"previous": walks_planned(30, 30, 30)}
    plain = plan_week_of_walks(walks_done(30), **fields)
    both = plan_week_of_walks(walks_done(30), drills=(closer, behind), **fields)
    assert {part.drill for _, part in both.walks} - {None} == {closer}
    assert [part.effort for _, part in both.walks] == [part.effort for _, part in plain.walks]
    reasons = {why.case for _, part in both.walks if part.drill for why in part.why}
    assert "both_metrics" in reasons
    first = plan_week_of_walks(walks_done(30), drills=(behind, closer), **fields)
    assert {part.drill for _, part in first.walks} - {None} == {behind}
    assert "both_metrics" not in {why.case for _, part in first.walks for why in part.why}


@pytest.mark.requirement("R029", "R139")
def test_x07_no_hint_of_a_hinge_asks_for_an_upright_trunk() -> None:
    upright = re.compile(r"\b(upright|tall)\b", re.IGNORECASE)
    hinges = [one for one in KNOWN.exercises.values() if pattern(one) == "hinge"]
    assert len(hinges) >= 4
    for exercise in hinges:
        assert not [cue for cue in exercise.cues.external if upright.search(cue)], exercise.id
    planned = {move.exercise: move.cue for week in weeks() for move in strength(week) if move.cue}
    assert set(planned) & {one.id for one in hinges}
    assert all(not upright.search(planned[name]) for name in planned if name in {one.id for one in hinges})


@pytest.mark.requirement("R111", "R114", "R133")
@pytest.mark.parametrize(
    "number",
    [
        2,
        *range(3, 12),
    ],
)
def test_x08_every_week_of_strength_has_a_squat_type_and_a_hinge(number: int) -> None:
    found = {pattern(KNOWN.exercises[move.exercise]) for move in strength(weeks()[number])}
    assert {"squat", "hinge"} <= found


@pytest.mark.requirement("R045", "R132")
def test_x09_poor_balance_means_support_and_nobody_gets_soft_ground_unasked() -> None:
    soft = {name for name, one in KNOWN.exercises.items() if "unstable_surface" in one.demands}
    assert soft
    for number in (0, 2, 5, 8):
        life, programmes = lived(number)
        assert not soft & {move.exercise for week in programmes for move in moves_of(week)}
        week = life.copy(codes=("BAL",)).plan(7 * number)
        assert {move.support for move in moves_of(week)} == {True, False}
        for move in moves_of(week):
            assert move.support is is_on_feet(KNOWN.exercises[move.exercise]), move.exercise


@pytest.mark.requirement("R074", "R078", "R088")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_x10_a_ramp_of_exercises_opens_no_gate_and_adds_no_load(number: int) -> None:
    life, _ = lived(number)
    plain = life.plan(7 * number)
    life.choose("ramp", day=7 * number - 1)
    ramped = life.plan(7 * number)
    assert ramped.phase == plain.phase
    doses = {(move.exercise, dose.side): dose for move in moves_of(plain) for dose in move.doses}
    assert all(doses[move.exercise, dose.side] == dose for move in moves_of(ramped) for dose in move.doses)


@pytest.mark.requirement("R055")
def test_x10_a_ramp_begins_with_one_move() -> None:
    life = person()
    life.choose("ramp")
    first = training(life.plan())[0]
    assert len([move for move in first.moves if move.block == "activation"]) == 1


@pytest.mark.requirement("R070", "R102", "R111", "R131", "R136")
def test_x11_wherever_the_knee_may_move_inward_one_line_is_the_aim() -> None:
    """No planned move tells anybody to point the knee anywhere but over the toes."""
    knee = re.compile(r"\bknees?\b.*\b(straight ahead|forward|inward)\b", re.IGNORECASE)
    planned = {move.exercise for week in weeks() for move in moves_of(week)}
    faults = [(name, fault) for name in planned for fault in KNOWN.exercises[name].faults if fault.id == "KNEE_VALGUS"]
    assert faults
    for name, fault in faults:
        assert "toe" in fault.cue.lower() or "knee" in fault.cue.lower(), name
        assert not knee.search(fault.cue), name
    assert not [cue for name in planned for cue in KNOWN.exercises[name].cues.external if knee.search(cue)]


@pytest.mark.requirement("R067", "R084", "R128", "R129")
def test_x12_nobody_is_asked_to_brace_hard_and_high_pressure_closes_long_hard_holds() -> None:
    hard = re.compile(r"\b(brace|squeeze|tense) (hard|tight|as hard)", re.IGNORECASE)
    cues = [move.cue for week in weeks() for move in moves_of(week) if move.cue]
    assert cues
    assert not [cue for cue in cues if hard.search(cue)]
    life, _ = lived(4)
    demands = {
        demand
        for move in moves_of(life.copy(codes=("HTN",)).plan(28))
        for demand in KNOWN.exercises[move.exercise].demands
    }
    assert not demands & {"long_hard_hold", "heavy_load", "high_effort"}


@pytest.mark.requirement("R026", "R028", "R113", "R139")
def test_x13_the_first_band_sits_above_the_knees_and_is_the_lightest() -> None:
    life, _ = lived(2, equipment=("mini_band", "long_band"))
    context = life.context(14)
    found = [
        *find_candidates(context, "P1", easy=False, rpe_most=None),
        *find_candidates(context, "P2", easy=False, rpe_most=None),
    ]
    banded = [one for one in found if any(dose.band is not None for dose in one.move.doses)]
    assert banded
    for one in banded:
        assert {dose.band for dose in one.move.doses} == {1}
        steps = " ".join((*one.exercise.setup, *one.exercise.steps)).lower()
        if any("mini_band" in choice for choice in one.exercise.equipment.needs):
            assert "above your knees" in steps, one.exercise.id
        assert "around your ankles" not in steps, one.exercise.id


@pytest.mark.requirement("R029", "R131", "R135")
def test_x14_the_single_leg_deadlift_keeps_its_repetitions_while_sets_grow_with_the_phase() -> None:
    context = person().context(0)
    exercise = KNOWN.exercises["sl_rdl"]
    frames = []
    for phase in ("P3", "P4"):
        dose = library_dose(exercise, phase)
        assert dose is not None
        frames.append(context.frame(exercise, dose))
    assert [of.sets for of in frames] == [(1, 2), (3, 3)]
    assert [of.amount[0] for of in frames] == [8, 8]
    planned = [(week.phase, move.sets) for week in weeks() for move in strength(week) if move.exercise == "sl_rdl"]
    assert planned
    assert all(sets <= (2 if phase == "P3" else 3) for phase, sets in planned)


@pytest.mark.requirement("R014", "R115", "R141")
def test_x15_a_stretch_follows_a_measured_limit_only() -> None:
    def stretches(life: Life) -> set[str]:
        week = life.plan(21)
        held = (move.exercise for move in moves_of(week) if KNOWN.exercises[move.exercise].tempo.rhythm == "hold")
        return {name for name in held if KNOWN.exercises[name].kind == "mobility"}

    life, _programmes = lived(3)
    assert stretches(life) == set()
    life.measured("wblt", 3.0, 0.5, side="left", day=20)
    life.measured("wblt", 12.0, 0.5, side="right", day=20)
    assert stretches(life) == {"calf_stretch"}


@pytest.mark.requirement("R141")
@pytest.mark.parametrize("setting", ["office", "outdoors"])
def test_x15_nobody_stretches_without_a_limit_at_work_or_outdoors(setting: str) -> None:
    week = lived(3, setting=setting)[1][2]
    held = [name for move in moves_of(week) if KNOWN.exercises[name := move.exercise].tempo.rhythm == "hold"]
    assert not [name for name in held if KNOWN.exercises[name].kind == "mobility"]


@pytest.mark.requirement("R014", "R141")
def test_x15_a_stretch_without_a_clear_change_in_four_weeks_ends() -> None:
    life, _ = lived(3)
    for day in (20, 62):
        life.measured("wblt", 3.0, 0.5, side="left", day=day)
        life.measured("wblt", 12.0, 0.5, side="right", day=day)
    for number in range(3, 9):
        life.follow(life.issued(life.plan(7 * number, 6), 7 * number, 6.5))
    assert "calf_stretch" not in {move.exercise for move in moves_of(life.plan(63))}


@pytest.mark.requirement("R032", "R057", "R138", "R147")
@pytest.mark.parametrize("pain", [3.0, 6.0])
def test_x16_pain_takes_the_second_session_away_and_stops_every_rise(pain: float) -> None:
    life = person()
    life.choose("twice_daily")
    life.in_phase("P1")
    for day in (0, 2):
        life.did(day, "glute_bridge", "clamshell")
    calm = life.copy()
    life.did(5, "glute_bridge", "clamshell", pain=pain)
    calm.did(5, "glute_bridge", "clamshell", pain=1.0)
    assert [one for one in calm.plan(7).sessions if one.optional]
    assert not [one for one in life.plan(7).sessions if one.optional]
    hard, _ = lived(4)
    hard.did(26, "pelvic_tilt", pain=pain)
    before = of_programme(hard.context(28).before[-1], RULES)
    raised = caps(hard.context(28), "P2", easy=False)
    assert all(raised[muscle] <= max(sets, RULES.whole("week_plan", "hard_start")) for muscle, sets in before.items())


PROMISE = re.compile(
    r"\b(cure|cures|heal|heals|resolve|resolves|pain.free|no more pain|goes away|guarantee\w*)\b", re.IGNORECASE
)


@pytest.mark.requirement("R048", "R099")
def test_x17_no_reason_in_a_plan_promises_that_pain_ends() -> None:
    said = set()
    for week in weeks():
        whys = [*week.notices, *(why for one in week.sessions for why in one.why)]
        whys += [why for move in moves_of(week) for why in move.why]
        said |= {RULES.case(why.rule, why.case).says or "" for why in whys}
    assert len(said) > 10
    assert not [text for text in said if PROMISE.search(text)]


@pytest.mark.requirement("R013", "R022", "R062", "R073", "R098")
def test_x18_form_opens_the_gate_and_feel_alone_never_does() -> None:
    def after(quality: int, feel: float) -> str:
        life = person()
        life.in_phase("P1")
        for day in (0, 2, 4, 6):
            life.did(day, "glute_bridge", quality=quality, feel=feel, reps=100)
        return life.phase(7).phase

    assert after(84, 10.0) == "P1"
    assert after(100, 0.0) == "P2"
    assert after(100, 10.0) == "P2"


@pytest.mark.requirement("R046", "R078", "R130")
def test_x19_the_first_weeks_count_sessions_and_load_comes_later() -> None:
    loads = [
        max((max(dose.load_kg or 0, dose.band or 0) for move in moves_of(week) for dose in move.doses), default=0)
        for week in weeks()
    ]
    assert loads[0] == loads[1] == 0
    assert max(loads[4:]) > 0
    assert all(move.rpe[1] <= 5 for week in weeks(2) for move in moves_of(week))
    assert max(move.rpe[1] for week in weeks()[4:] for move in strength(week)) > 5
    first_block = [week for week in weeks() if week.phase == "P2"]
    assert len(first_block) >= RULES.wholes("phases", "endurance_block")[0]


@pytest.mark.requirement("R035", "R151")
def test_x20_the_only_dates_ahead_are_those_of_tests() -> None:
    for week in weeks():
        last = week.starts_on + timedelta(days=6)
        told = week.model_dump(mode="json", exclude={"sessions", "retests", "starts_on", "phase_since", "id", "event"})
        assert not re.search(r"\d{4}-\d{2}-\d{2}", json.dumps(told))
        assert all(week.starts_on <= one.day <= last for one in week.sessions)
        assert all(week.starts_on <= one.day <= last for one in week.retests)
    tested = [(one.day - MONDAY).days // 7 for week in weeks() for one in week.retests]
    assert tested == [2, 4, 6, 10]


@pytest.mark.requirement("R066", "R082", "R154")
def test_x21_a_walk_practises_one_thing_for_a_short_while_with_fewer_and_fewer_hints() -> None:
    order = [1, 2, 4, 0]
    seen: dict[str, list[tuple[int, int]]] = {}
    for week in weeks():
        for one in week.sessions:
            if one.walk is not None and one.walk.drill is not None:
                assert one.walk.drill_minutes <= one.walk.minutes / 2
                assert one.walk.practice is not None
                seen.setdefault(one.walk.drill, []).append((one.walk.practice, order.index(one.walk.cue_every or 0)))
    assert seen
    for drill, practices in seen.items():
        numbers = [number for number, _ in practices]
        fading = [place for _, place in practices]
        assert numbers == list(range(1, len(numbers) + 1)), drill
        assert fading == sorted(fading)
    assert max(len(practices) for practices in seen.values()) == RULES.whole("gait_practice", "sessions")
