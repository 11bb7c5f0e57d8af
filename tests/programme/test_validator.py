"""What the second opinion on a week catches: each broken rule fires, and its sound twin does not."""

import ast
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levelstride.programme.validator as validator
from levelstride.journal.bodies import Clearance
from levelstride.programme.model import Dose, Event, Programme, Relaxation
from levelstride.programme.validator import validate_session
from tests.programme.validator_support import (
    CLAM,
    DAY,
    GREEN,
    HOPS,
    KNOWN,
    MONDAY,
    NOW,
    ONE_LEG,
    SPLIT,
    SQUAT,
    WEEK,
    Change,
    World,
    a_move,
    a_session,
    a_week,
    an_order,
    apart,
    did,
    easy_extra,
    hop_moves,
    hopping,
    logged,
)
from tests.programme.validator_weeks import BROKEN


@pytest.mark.parametrize("world", [WEEK, ONE_LEG, HOPS], ids=["base strength", "one leg", "hops"])
def test_a_sound_week_breaks_nothing(world: World) -> None:
    assert world.verdict().violations == ()


@pytest.mark.parametrize(
    ("base", "change", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_rule_is_found(base: World, change: Change, expected: tuple[str, str]) -> None:
    assert expected not in base.broken()
    assert expected in change(base).broken()


ALLOWED: list[tuple[str, World, Change]] = [
    ("a caution that closes other moves", WEEK, lambda w: w.says(conditions=("wrist",))),
    (
        "a code with the agreement it needs",
        WEEK,
        lambda w: (
            w.says(conditions=("surg",))
            .swap("bw_squat", SQUAT)
            .person(clearances=(logged(Clearance(covers=("SURG",), given_by="surgeon", given_on=MONDAY), NOW - DAY),))
        ),
    ),
    ("a load with something to load with", WEEK, lambda w: w.swap("bw_squat", a_move("split_squat", load_kg=5.0))),
    (
        "equipment that was lacking yesterday",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("goblet_squat")).person(
            overrides=(an_order("without", "dumbbells", by="user", reason=None, until=NOW - DAY),)
        ),
    ),
    (
        "one side where pain took the other out",
        WEEK,
        lambda w: w.swap("clamshell", a_move("clamshell", "activation", "P1", sides=("left",))).person(
            sets=(did("clamshell", side="right", back=3, rpe=3.0, pain=6.0),)
        ),
    ),
    ("sides one set apart", WEEK, lambda w: w.swap("bw_squat", apart(SPLIT, 2, 3))),
    (
        "a dose that a practitioner set",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", amount=15)).person(
            overrides=(an_order("dose", "bw_squat", {"amount": 15}),)
        ),
    ),
    ("hard work two days apart", WEEK, lambda w: w.person(sets=(did("bw_squat", back=2, rpe=6.0),))),
    ("hard work for other muscles", WEEK, lambda w: w.person(sets=(did("heel_raise", back=1, rpe=6.0),))),
    ("easy practice the day before", WEEK, lambda w: w.person(sets=(did("bw_squat", back=1, rpe=4.0),))),
    (
        "longer than the person has, and told so",
        WEEK,
        lambda w: w.says(minutes_per_session=9.0).week(relaxed=(Relaxation(wish="minutes", says="x"),)),
    ),
    ("easy practice beside a full session", WEEK, lambda w: w.week(sessions=(*w.programme.sessions, easy_extra(CLAM)))),
    (
        "a phase that a practitioner opened",
        replace(ONE_LEG, before=(a_week(MONDAY - 7 * DAY, "P3").model_copy(update={"phase": "P2"}),)),
        lambda w: replace(w, before=(w.before[0].model_copy(update={"phase": "P1"}),)).person(
            overrides=(an_order("gate", "P3", "open"),)
        ),
    ),
    ("an order without a reason", WEEK, lambda w: w.person(overrides=(an_order("forbid", "bw_squat", reason=None),))),
    ("an order that is over", WEEK, lambda w: w.person(overrides=(an_order("forbid", "bw_squat", until=NOW - DAY),))),
    (
        "hard sets three days before the event",
        WEEK,
        lambda w: w.week(event=Event(name="walk", day=MONDAY + 6 * DAY, part="event_week")),
    ),
    (
        "hops with a code a clinician agreed to",
        HOPS,
        lambda w: w.says(conditions=("ham",)).person(
            clearances=(logged(Clearance(covers=("HAM",), given_by="physio", given_on=MONDAY), NOW - DAY),)
        ),
    ),
    (
        "landings that rise by a tenth",
        replace(
            HOPS,
            before=(
                *HOPS.before[:3],
                a_week(MONDAY - 7 * DAY, "P5", sessions=(a_session(MONDAY - 7 * DAY, *hop_moves(sets=4, amount=10)),)),
            ),
        ),
        lambda w: hopping(w, sets=2, amount=10, times=2),
    ),
]


@pytest.mark.parametrize(("base", "change"), [case[1:] for case in ALLOWED], ids=[case[0] for case in ALLOWED])
def test_what_the_rules_allow_is_left_alone(base: World, change: Change) -> None:
    assert change(base).verdict().violations == ()


@pytest.mark.requirement("R156")
@pytest.mark.parametrize("block", ["prep", "cool_down"])
@pytest.mark.parametrize("version", ["moves", "short", "bare"])
def test_hops_never_come_without_warm_up_and_wind_down(version: str, block: str) -> None:
    framed = HOPS.first(**{version: hop_moves(seconds=60)})
    bared = HOPS.first(**{version: tuple(move for move in hop_moves(seconds=60) if move.block != block)})
    assert ("plyometric_gate", "no_frame") not in framed.broken()
    assert ("plyometric_gate", "no_frame") in bared.broken()


def test_a_warm_up_after_the_hops_is_none() -> None:
    prep, hops, cool_down = hop_moves()
    assert ("plyometric_gate", "no_frame") in HOPS.first(moves=(hops, prep, cool_down)).broken()


@pytest.mark.requirement("R018")
def test_every_full_session_has_a_short_version_and_one_without_equipment() -> None:
    second = WEEK.programme.sessions[1]
    bare_later = second.model_copy(update={"short": (), "bare": ()})
    verdict = WEEK.week(sessions=(WEEK.programme.sessions[0], bare_later)).verdict()
    assert {(one.case, one.session) for one in verdict.violations} == {
        ("short", second.id),
        ("missing_item", second.id),
    }
    ten_minutes = SQUAT.model_copy(update={"seconds": 600, "doses": (Dose(sets=2, amount=8, top=8),)})
    assert WEEK.first(short=(ten_minutes,)).verdict().violations == ()


@pytest.mark.requirement("R089")
@pytest.mark.parametrize("phase", ["P3", "P4"])
def test_each_strength_session_from_one_leg_control_on_has_a_move_on_one_leg(phase: str) -> None:
    world = replace(ONE_LEG, programme=a_week(phase=phase))
    without = world.first(moves=(SQUAT, a_move("tempo_hinge")), short=(), bare=(SQUAT,), minutes=4)
    assert ("week_plan", "one_leg") not in world.broken()
    assert ("week_plan", "one_leg") in without.broken()
    assert ("week_plan", "one_leg") not in WEEK.first(moves=(SQUAT,), minutes=2).broken()


@pytest.mark.requirement("R148")
@given(first=st.integers(0, 6), second=st.integers(0, 6))
def test_hard_sessions_for_one_muscle_lie_two_days_apart(first: int, second: int) -> None:
    days = (MONDAY + first * DAY, MONDAY + second * DAY)
    sessions = tuple(a_session(day, SQUAT, id=f"s{n}") for n, day in enumerate(days))
    close = ("weekly_volume", "gap_short") in WEEK.week(sessions=sessions).broken()
    assert close == (abs(first - second) < 2)


@pytest.mark.requirement("R148")
@pytest.mark.parametrize(("sessions", "most"), [(4, True), (5, False)])
def test_a_week_of_strength_has_four_sessions_at_most(sessions: int, most: bool) -> None:
    moves = (CLAM, a_move("heel_raise", rpe=(3, 4), hard=False))
    week = WEEK.week(sessions=tuple(a_session(MONDAY + n * DAY, *moves, id=f"s{n}") for n in range(sessions)))
    assert (("phases", "stay") not in week.broken()) == most


@given(before=st.lists(st.integers(1, 12), min_size=1, max_size=5), now=st.integers(1, 12), easy=st.integers(0, 5))
def test_hard_sets_rise_by_a_fifth_above_the_last_three_full_weeks(before: list[int], now: int, easy: int) -> None:
    def squatting(start: date, sets: int, **more: Any) -> Programme:
        parts = [3] * (sets // 3) + [sets % 3] * (sets % 3 > 0)
        days = (a_session(start + 2 * n * DAY, a_move("bw_squat", sets=part)) for n, part in enumerate(parts))
        return a_week(start, sessions=tuple(days), **more)

    weeks = tuple(
        squatting(MONDAY - (len(before) - n) * 7 * DAY, sets, easy_week=n == easy) for n, sets in enumerate(before)
    )
    full = [sets for n, sets in enumerate(before) if n != easy][-3:]
    allowed = min(10, max(6, max(full, default=0) * 12 // 10))
    found = World(squatting(MONDAY, now), before=weeks).broken()
    assert (("weekly_volume", "too_fast") in found) == (now > allowed)


def test_of_two_programmes_for_one_week_the_last_one_counts() -> None:
    more = WEEK.swap("tempo_hinge", a_move("step_up", sets=3))  # 9 hard sets for the front of the thigh
    full = a_week(MONDAY - 7 * DAY, sessions=more.programme.sessions)
    given_up = replace(more, before=(full, a_week(MONDAY - 7 * DAY)))
    assert ("weekly_volume", "too_fast") not in replace(more, before=(full,)).broken()
    assert ("weekly_volume", "too_fast") in given_up.broken()


# ------------------------------------------------------------------------------------------------ the opinion itself


def test_the_second_opinion_imports_nothing_that_makes_programmes() -> None:
    allowed = {"model", "rulebook", "history", "validator"}
    for file in Path(validator.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                parts = name.split(".")
                assert parts[:2] != ["levelstride", "programme"] or parts[2] in allowed, f"{file.name}: {name}"
                assert parts[:2] != ["levelstride", "screening"] or parts[2] in {"decision", "answers", "person"}


def test_it_says_the_same_each_time() -> None:
    broken = WEEK.says(conditions=("thr", "pfp")).week(phase="P4")
    assert broken.verdict() == broken.verdict()
    assert broken.verdict().violations


def test_a_year_of_sessions_does_not_slow_it() -> None:
    sets = tuple(
        did(name, back=back, number=number)
        for back in range(364, 2, -2)
        for name in ("bw_squat", "tempo_hinge", "side_lying_adduction", "clamshell", "step_up")
        for number in range(3)
    )
    world = WEEK.person(sets=sets)
    session = world.programme.sessions[0]
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        world.verdict()
        validate_session(session, world.programme, world.state, KNOWN, now=NOW, decision=GREEN)
        best = min(best, time.perf_counter() - start)
    assert best < 0.1
