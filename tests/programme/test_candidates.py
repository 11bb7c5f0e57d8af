"""Why it exists: shows that moves are chosen by how hard they were, and that nothing with a weight opens by the way."""

import pytest

from levelstride.programme.candidates import Ladder, effort_fit, entry, find_candidates, is_open
from levelstride.programme.volume import of_programme
from tests.programme.people import KNOWN, RULES, Life, person, training

P2 = "P2"
NOTHING = Ladder({}, frozenset(), frozenset(), frozenset(), {})


def strong(exercise: str, effort: float, *, days: tuple[int, ...] = (0, 2), reps: int = 17, **told: object) -> Life:
    """Return somebody in P2 without any weight who did a move with this effort."""
    life = person(equipment=())
    life.in_phase(P2)
    for day in days:
        life.did(day, exercise, reps=reps, rpe=effort, **told)
    return life


def points(life: Life, name: str, day: int = 5) -> int:
    found = {one.exercise.id: one.points for one in find_candidates(life.context(day), P2, easy=False, rpe_most=None)}
    return found[name]


@pytest.mark.parametrize(("effort", "fit"), [(2.0, -1), (3.0, -1), (4.0, 0), (5.0, 1), (7.0, 1)])
def test_a_move_fits_when_it_was_as_hard_as_it_is_meant_to_be(effort: float, fit: int) -> None:
    assert effort_fit(strong("hip_thrust_bw", effort).context(5), KNOWN.exercises["hip_thrust_bw"], P2) == fit


def test_a_move_that_fits_comes_before_the_same_move_when_it_was_too_easy() -> None:
    assert points(strong("hip_thrust_bw", 6.0), "hip_thrust_bw") > points(strong("hip_thrust_bw", 4.0), "hip_thrust_bw")


def test_who_does_a_clearly_harder_move_well_leaves_the_easy_ones_of_the_same_muscles() -> None:
    easy = KNOWN.exercises["wall_sit"]
    harder = KNOWN.exercises["sl_squat_box"]
    assert easy.muscles.primary == harder.muscles.primary
    assert harder.difficulty - easy.difficulty >= RULES.whole("week_plan", "beneath")
    assert effort_fit(strong("sl_squat_box", 6.0).context(5), easy, P2) == -1
    for told in ({"quality": 70}, {"pain": 4.0}, {"pain": None}):
        assert effort_fit(strong("sl_squat_box", 6.0, **told).context(5), easy, P2) == 0
    assert effort_fit(strong("sl_squat_box", 9.0).context(5), easy, P2) == 0


def test_the_reason_of_a_move_that_fits_names_the_set_it_rests_on() -> None:
    life = strong("hip_thrust_bw", 6.0)
    found = find_candidates(life.context(5), P2, easy=False, rpe_most=None)
    move = next(one.move for one in found if one.exercise.id == "hip_thrust_bw")
    (why,) = [one for one in move.why if one.case == "fits"]
    assert set(why.entries) <= {one.id for one in life.state.sets}
    assert why.entries


def test_an_easier_move_with_a_weight_stays_closed_until_its_own_gate_is_passed() -> None:
    life = person(equipment=("dumbbells",))
    life.in_phase(P2)
    ladder = Ladder({}, frozenset({"rdl", "goblet_squat"}), frozenset(), frozenset(), {})
    context = life.context(5)
    assert not any(is_open(context, KNOWN.exercises[name], P2, ladder) for name in ("rdl", "goblet_squat"))
    for day in (5, 7):
        life.did(day, "tempo_hinge", reps=10)
    assert is_open(life.context(9), KNOWN.exercises["rdl"], P2, NOTHING)


def test_unsteady_people_begin_one_step_easier() -> None:
    usual, unsteady = person().context(0), person(codes=("BAL",)).context(0)
    for phase in ("P2", "P3", "P4"):
        assert entry(unsteady, phase) == entry(usual, phase) - 1
    assert entry(unsteady, "P1") == entry(usual, "P1")


def test_every_session_at_home_without_anything_keeps_one_leg_also_in_an_easy_week() -> None:
    from tests.programme.people import lived

    life, _ = lived(8)
    life.choose("easy_week", day=55)
    week = life.plan(56)
    assert of_programme(week, RULES)
    for session in training(week):
        one_leg = [one for one in session.bare if one.block == "strength"]
        assert any(KNOWN.exercises[one.exercise].laterality == "unilateral" for one in one_leg)
