"""Why it exists: shows which choices made by hand count, from when until when, and that a coach gives a reason."""

from datetime import timedelta
from typing import Any

import pytest

from levelstride.programme.choices import COACH_ACTIONS, OPTIONS, USER_ACTIONS, Choices, read_choices
from tests.programme.people import RULES, Life, at, cases, lived, names, person, training

MOVES = ("clamshell", "glute_bridge")
VALUES: dict[str, Any] = {"pin": None, "forbid": None, "dose": {"sets": 2}, "gate": "closed"}
TARGETS = {"gate": "P3"}


def chosen(life: Life, day: int = 0) -> Choices:
    return read_choices(life.state, RULES, at(day))


def nothing(choices: Choices) -> bool:
    given = (choices.swaps, choices.skipped, choices.moved, choices.without, choices.pinned, choices.forbidden)
    return not any((*given, choices.gates, choices.doses))


@pytest.mark.requirement("R153")
@pytest.mark.parametrize("action", COACH_ACTIONS)
@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_coachs_choice_without_a_reason_waits_and_is_told(action: str, reason: str | None) -> None:
    life = Life()
    target = TARGETS.get(action, "clamshell")
    entry = life.coach(action, target, VALUES[action], reason=reason)
    found = chosen(life)
    assert nothing(found)
    assert [(why.case, why.entries) for why in found.notices] == [("no_reason", (entry,))]
    life.coach(action, target, VALUES[action], reason="Better for the knee")
    assert not nothing(chosen(life))


@pytest.mark.requirement("R153")
@pytest.mark.parametrize("action", COACH_ACTIONS)
def test_what_only_a_coach_may_decide_is_left_aside_from_anybody_else(action: str) -> None:
    life = Life()
    life.wish(action, TARGETS.get(action, "clamshell"), VALUES[action], reason="mine")
    assert nothing(chosen(life))
    assert cases(chosen(life).notices) == {("own_choices", "unknown")}


@pytest.mark.parametrize("action", USER_ACTIONS)
def test_a_coach_does_not_choose_in_the_persons_name(action: str) -> None:
    life = Life()
    life.coach(action, "hops" if action == "choose" else "clamshell", True)
    assert nothing(chosen(life))
    assert not chosen(life).options


WRONG: list[tuple[str, str, Any]] = [
    ("swap", "clamshell", "no_such_move"),
    ("swap", "no_such_move", "clamshell"),
    ("swap", "clamshell", None),
    ("without", "trampoline", None),
    ("move", "2026-06-01-standalone", "next week"),
    ("move", "2026-06-01-standalone", 3),
    ("choose", "no_such_option", True),
    ("choose", "hops", "yes"),
    ("choose", "hops", 1),
    ("choose", "days", [7]),
    ("choose", "days", [True]),
    ("choose", "event", {"name": "walk"}),
    ("choose", "event", {"day": "soon"}),
    ("choose", "warm_up_minutes", 0),
    ("choose", "warm_up_minutes", True),
    ("choose", "persona", 3),
    ("choose", "p1_mode", "sideways"),
    ("choose", "p1_mode", True),
    ("choose", "p1_mode", ["rhythmic"]),
    ("fly", "clamshell", None),
]


@pytest.mark.parametrize(("action", "target", "value"), WRONG)
def test_a_choice_that_names_nothing_known_is_told_and_left_aside(action: str, target: str, value: Any) -> None:
    life = Life()
    entry = life.wish(action, target, value)
    found = chosen(life)
    assert nothing(found)
    assert not found.options
    assert [(why.case, why.entries) for why in found.notices] == [("unknown", (entry,))]


@pytest.mark.parametrize(
    "value", [{}, {"sets": 0}, {"sets": -1}, {"sets": True}, {"reps": 5}, {"load_kg": "5"}, {"load_kg": 201}, 5, None]
)
def test_a_dose_that_cannot_be_done_is_left_aside(value: Any) -> None:
    life = Life()
    life.coach("dose", "clamshell", value)
    assert nothing(chosen(life))
    assert cases(chosen(life).notices) == {("own_choices", "unknown")}


@pytest.mark.parametrize(("target", "value"), [("P9", "open"), ("P2", "ajar"), ("P2", None)])
def test_a_gate_that_does_not_exist_is_left_aside(target: str, value: Any) -> None:
    life = Life()
    life.coach("gate", target, value)
    assert nothing(chosen(life))


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_may_be_taken_back(option: str) -> None:
    life = Life()
    values = {
        "event": {"day": "2026-07-01"},
        "persona": "office",
        "warm_up_minutes": 10,
        "days": [0, 2],
        "p1_mode": "rhythmic",
    }
    life.choose(option, values.get(option, True), day=-3)
    assert chosen(life).option(option) == values.get(option, True)
    life.choose(option, None, day=-2)
    assert chosen(life).option(option) is None
    assert not chosen(life).is_on(option)


def test_the_last_choice_for_a_target_counts() -> None:
    life = Life()
    life.wish("swap", "clamshell", "side_lying_abd", day=-3)
    last = life.wish("swap", "clamshell", "standing_hip_abd", day=-2)
    assert (chosen(life).swaps["clamshell"].value, chosen(life).swaps["clamshell"].entry) == ("standing_hip_abd", last)


def test_a_choice_counts_from_its_moment_until_its_end() -> None:
    life = Life()
    life.wish("skip", "clamshell", day=1, hour=8, until=at(3))
    for moment, holds in (
        (at(1) - timedelta(seconds=1), False),
        (at(1), True),
        (at(3) - timedelta(seconds=1), True),
        (at(3), False),
    ):
        assert bool(read_choices(life.state, RULES, moment).skipped) is holds


def test_the_dose_of_a_coach_is_kept_for_its_side_and_in_order() -> None:
    life = Life()
    life.coach("dose", "clamshell", {"sets": 2}, side="left", day=-3)
    life.coach("dose", "clamshell", {"sets": 1, "amount": 8}, side="left", day=-2)
    (first, second) = chosen(life).doses["clamshell", "left"]
    assert (first.level, second.level) == ({"sets": 2.0}, {"sets": 1.0, "amount": 8.0})
    assert ("clamshell", "right") not in chosen(life).doses


# ------------------------------------------------------------------------------------------- what the plan does


@pytest.mark.requirement("R153")
def test_a_pinned_move_comes_and_its_reason_is_named() -> None:
    life, _ = lived(2)
    assert "split_squat" not in [name for one in training(life.plan(14)) for name in names(one.moves)]
    entry = life.coach("pin", "split_squat", day=13)
    planned = [move for one in training(life.plan(14)) for move in one.moves if move.exercise == "split_squat"]
    assert planned
    assert entry in [found for why in planned[0].why for found in why.entries]


@pytest.mark.requirement("R153")
def test_a_pin_never_beats_a_health_answer_and_that_is_told() -> None:
    life, _ = lived(2)
    life.coach("pin", "bw_squat", day=13)
    life.codes = ("PFP",)
    assert "bw_squat" in life.context(14).traits.removed
    week = life.plan(14)
    assert "bw_squat" not in [name for one in week.sessions for name in names((*one.moves, *one.short, *one.bare))]
    assert ("week_plan", "pinned_short") in cases(week.notices)


@pytest.mark.requirement("R153")
@pytest.mark.parametrize("name", MOVES)
def test_a_forbidden_move_is_nowhere_in_the_week(name: str) -> None:
    life = person()
    assert name in [found for one in life.plan().sessions for found in names(one.moves)]
    life.coach("forbid", name)
    week = life.plan()
    assert name not in [found for one in week.sessions for found in names((*one.moves, *one.short, *one.bare))]


@pytest.mark.requirement("R153")
def test_the_dose_of_a_coach_is_done_as_it_was_set() -> None:
    life = person()
    life.coach("dose", "clamshell", {"sets": 1, "amount": 12}, side="left")
    (move, *_) = [found for one in training(life.plan()) for found in one.moves if found.exercise == "clamshell"]
    assert {dose.side: dose.amount for dose in move.doses} == {"left": 12, "right": 15}
    assert {dose.sets for dose in move.doses} == {1}


def test_a_left_out_move_stays_out_until_the_choice_ends() -> None:
    life = person()
    life.wish("skip", "clamshell", until=at(20))
    assert "clamshell" not in [name for one in life.plan().sessions for name in names(one.moves)]
    life.in_phase("P1")
    later = life.plan(21)
    assert "clamshell" in [name for one in later.sessions for name in names(one.moves)]


def test_a_swap_brings_the_wished_move_in_place_of_the_other() -> None:
    life = person()
    entry = life.wish("swap", "clamshell", "standing_hip_abd")
    found = [move for one in training(life.plan()) for move in one.moves]
    assert "clamshell" not in names(found)
    (swapped, *_) = [move for move in found if move.exercise == "standing_hip_abd"]
    assert entry in [given for why in swapped.why for given in why.entries]


def test_a_swap_for_what_is_not_open_yet_is_told() -> None:
    life, _ = lived(1)
    life.wish("swap", "clamshell", "sl_squat", day=6)
    week = life.plan(7)
    found = [name for one in week.sessions for name in names(one.moves)]
    assert not {"clamshell", "sl_squat"} & set(found)
    assert ("own_choices", "not_safe") in cases(week.notices)
