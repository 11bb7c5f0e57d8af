"""Why it exists: shows that hints become fewer with practice, come back when form slips, and are about the outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.library.loader import knowledge
from levelstride.programme.cues import CuePlan, fade, fade_practice, pick_cue
from levelstride.programme.rulebook import Rulebook

KNOWN = knowledge()
RULES = Rulebook(KNOWN)


@pytest.mark.parametrize(
    ("clean", "every", "case", "internal"),
    [
        (0, 1, "full", True),
        (1, 1, "full", True),
        (2, 2, "half", False),
        (3, 2, "half", False),
        (4, 4, "third", False),
        (5, 4, "third", False),
        (6, 0, "summary", False),
        (7, 0, "summary", False),
        (8, None, "free", False),
        (40, None, "free", False),
    ],
)
def test_hints_become_fewer_with_clean_sessions(clean: int, every: int | None, case: str, internal: bool) -> None:
    plan = fade(clean, 90.0, RULES)
    assert (plan.every, plan.why.rule, plan.why.case, plan.internal) == (every, "cue_fading", case, internal)


@pytest.mark.parametrize(
    ("quality", "every", "case"),
    [(85.0, None, "free"), (84.9, 4, "slipped"), (0.0, 4, "slipped"), (None, 0, "summary")],
)
def test_a_slip_brings_a_hint_back_and_an_uncounted_session_is_not_good(
    quality: float | None, every: int | None, case: str
) -> None:
    plan = fade(8, quality, RULES)
    assert (plan.every, plan.why.case) == (every, case)


def test_a_slip_early_on_changes_nothing_because_hints_are_given_anyway() -> None:
    assert fade(2, 10.0, RULES) == fade(2, 99.0, RULES) == fade(2, None, RULES)


def test_hints_of_eight_practices_in_walking_fade_over_the_last_four() -> None:
    plans = [fade_practice(number, RULES) for number in range(1, 9)]
    assert [plan.every for plan in plans] == [1, 1, 1, 1, 2, 2, 4, 0]
    assert [plan.why.case for plan in plans] == ["practice"] * 4 + ["fading"] * 4
    assert not any(plan.internal for plan in plans)


@pytest.mark.parametrize("name", sorted(KNOWN.exercises))
def test_only_the_first_sessions_may_turn_attention_to_the_body(name: str) -> None:
    exercise = KNOWN.exercises[name]
    for fault in (None, "NO_SUCH_FAULT", *(fault.id for fault in exercise.faults)):
        assert pick_cue(exercise, fade(2, None, RULES), fault) not in exercise.cues.internal


def test_the_answer_to_the_last_fault_comes_before_the_first_hint() -> None:
    walk = KNOWN.exercises["feet_forward_walk"]
    first, later = fade(0, None, RULES), fade(3, None, RULES)
    assert pick_cue(walk, later) == walk.cues.external[0]
    assert pick_cue(walk, later, "CROSSOVER") == "Walk on two train tracks"
    # its answer is about the body itself
    assert pick_cue(walk, first, "TOE_OUT") == "Toes and knees agree"
    assert pick_cue(walk, later, "TOE_OUT") == walk.cues.external[0]


def test_who_does_it_well_hears_nothing() -> None:
    assert pick_cue(KNOWN.exercises["clamshell"], fade(9, 100.0, RULES), "PELV_ROT") is None


@given(st.integers(0, 60), st.one_of(st.none(), st.floats(0, 100)))
def test_there_is_one_hint_or_none_and_never_more_with_more_sessions(clean: int, quality: float | None) -> None:
    order = {1: 0, 2: 1, 4: 2, 0: 3, None: 4}
    now, before = fade(clean, 100.0, RULES), fade(max(0, clean - 1), 100.0, RULES)
    assert order[before.every] <= order[now.every]
    plan: CuePlan = fade(clean, quality, RULES)
    cue = pick_cue(KNOWN.exercises["easy_walk"], plan)
    assert (cue is None) == (plan.every is None)
