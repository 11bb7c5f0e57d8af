"""Why it exists: shows how many hard sets a week may hold: a low start, small rises, a target that is not passed."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.programme.volume import aims, caps, hard_sets, of_programme
from tests.programme.people import RULES, Life, lived, on, person, training
from tests.programme.weeks import bridge, move, session

START = RULES.whole("week_plan", "hard_start")
TARGET = RULES.whole("weekly_volume", "hard_sets_target")


def after(*weeks: int, easy: tuple[int, ...] = (), pain: float = 0.0) -> Life:
    """Return somebody whose weeks in P2 held so many hard sets for gmax, the last session told yesterday."""
    life = person()
    for number, sets in enumerate(weeks):
        moves = (bridge(sets, hard=True),) if sets else (bridge(1),)
        one = session(on(7 * number), *moves)
        life.in_phase("P2", 7 * number, since=0, sessions=(one,), easy_week=number in easy)
    life.did(7 * len(weeks) - 2, "glute_bridge", pain=pain)
    return life


def most(life: Life, weeks: int, *, easy: bool = False) -> int:
    return caps(life.context(7 * weeks), "P2", easy=easy)["gmax"]


def test_both_sides_of_a_one_sided_set_count_once_and_easy_sets_not_at_all() -> None:
    found = hard_sets((move(hard=True), move(), bridge(3, hard=True)), RULES)
    assert (found["gmed"], found["gmax"]) == (2, 3)


def test_optional_sessions_are_no_volume() -> None:
    _, programmes = lived(4)
    last = programmes[-1]
    extra = session(on(23), bridge(9, hard=True), kind="daily_activation", optional=True)
    more = last.model_copy(update={"sessions": (*last.sessions, extra)})
    assert of_programme(more, RULES) == of_programme(last, RULES)


@pytest.mark.requirement("R078")
def test_the_first_hard_week_starts_low() -> None:
    assert most(after(0), 1) == START
    assert set(caps(person().context(0), "P2", easy=False).values()) == {START}


@pytest.mark.parametrize(("last", "allowed"), [(5, 6), (6, 7), (7, 8), (8, 9), (9, 10), (10, 10), (12, 10)])
def test_a_week_rises_by_a_fifth_at_most_and_never_above_the_target(last: int, allowed: int) -> None:
    assert most(after(last), 1) == allowed
    assert allowed <= max(START, math.floor(last * 1.2))
    assert allowed <= TARGET


@pytest.mark.parametrize(("weeks", "allowed"), [((8, 4), 9), ((8, 4, 4), 9), ((8, 4, 4, 4), START), ((4, 8), 9)])
def test_a_short_week_does_not_lower_the_ramp_until_three_of_them(weeks: tuple[int, ...], allowed: int) -> None:
    assert most(after(*weeks), len(weeks)) == allowed


def test_easy_weeks_are_no_base_of_the_ramp() -> None:
    assert most(after(8, 20, easy=(1,)), 2) == 9


@pytest.mark.parametrize(("pain", "allowed"), [(2.0, 9), (3.0, 8), (6.0, 8)])
def test_nothing_rises_while_pain_is_not_green(pain: float, allowed: int) -> None:
    assert most(after(8, pain=pain), 1) == allowed


@pytest.mark.parametrize(("last", "allowed"), [(10, 6), (8, 4), (5, 3), (1, 1)])
def test_an_easy_week_has_two_fifths_fewer_sets(last: int, allowed: int) -> None:
    assert most(after(last), 1, easy=True) == allowed


def test_hard_sets_are_aimed_at_for_hip_and_thigh_and_not_in_the_first_phase() -> None:
    context = person().context(0)
    found = caps(context, "P2", easy=False)
    assert aims(context, "P1", found) == {}
    assert aims(context, "P2", found) == dict.fromkeys(("gmax", "gmed", "quads"), START)


@pytest.mark.requirement("R148")
@given(st.integers(2, 4), st.sampled_from([15, 25, 40]), st.sampled_from([(), ("mini_band", "dumbbells")]))
@settings(max_examples=6, deadline=None)
def test_no_planned_week_rises_faster_than_the_rule(days: int, minutes: int, things: tuple[str, ...]) -> None:
    wishes: dict[str, Any] = {"days": days, "minutes": minutes, "equipment": things}
    _, programmes = lived(6, **wishes)
    highest: dict[str, int] = {}
    for programme in programmes:
        found = of_programme(programme, RULES)
        for muscle, sets in found.items():
            assert sets <= TARGET
            assert sets <= max(START, math.floor(highest.get(muscle, 0) * 1.2 + 1e-9))
        for muscle, sets in found.items():
            highest[muscle] = max(highest.get(muscle, 0), sets)
        hard = [one.day for one in training(programme) if one.hard]
        assert len(hard) <= RULES.whole("week_plan", "strength_most")
