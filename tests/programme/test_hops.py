"""Why it exists: shows that hops come low, framed and counted, and end when anything speaks against them."""

import pytest

from levelstride.programme.model import Move, Programme, Session
from tests.programme.people import KNOWN, RULES, Life, at, lived, main, names, training
from tests.screening.support import said

# -------------------------------------------------------------------------------------------------------- hops


def hopper(since: int = 70) -> Life:
    life = lived(10)[0]
    life.choose("hops", day=60)
    life.in_phase("P5", since)
    life.did(73, "step_down_fwd", "hip_thrust_bw", reps=12)
    return life


def hops(week: Programme) -> list[tuple[Session, Move]]:
    return [
        (one, move)
        for one in training(week)
        for move in one.moves
        if KNOWN.exercises[move.exercise].kind == "plyometric"
    ]


def landings(found: list[tuple[Session, Move]]) -> int:
    return sum(dose.sets * dose.amount for _, move in found for dose in move.doses)


@pytest.mark.requirement("R140", "R156")
def test_hops_stand_first_between_getting_ready_and_winding_down() -> None:
    found = hops(hopper().plan(77))
    assert found
    for session, move in found:
        blocks = [one.block for one in session.moves]
        assert blocks[0] == "prep"
        assert blocks[-1] == "cool_down"
        assert blocks[names(session.moves).index(move.exercise)] == "strength"
        assert KNOWN.exercises[main(session)[0].exercise].kind == "plyometric"
        assert not {KNOWN.exercises[name].kind for name in names((*session.short, *session.bare))} & {"plyometric"}


@pytest.mark.requirement("R156")
@pytest.mark.parametrize("minutes", [8.0, 12.0, 60.0])
def test_a_short_session_keeps_the_frame_of_its_hops(minutes: float) -> None:
    life = hopper()
    life.answers(76, minutes_per_session=minutes)
    found = hops(life.plan(77))
    assert found or minutes < 10
    for session, _ in found:
        assert {"prep", "cool_down"} <= {one.block for one in session.moves}


@pytest.mark.requirement("R140")
def test_hops_start_low_on_two_legs_once_a_session_and_twice_a_week() -> None:
    found = hops(hopper().plan(77))
    assert [move.exercise for _, move in found] == ["hop_bilateral"] * 2
    assert len({one.id for one, _ in found}) == RULES.whole("plyometric_gate", "per_week_max")
    assert landings(found) <= RULES.wholes("plyometric_gate", "contacts_start")[0]


@pytest.mark.requirement("R140")
def test_landings_rise_by_a_tenth_a_week_at_most() -> None:
    life = hopper()
    before = 0
    for number in range(11, 15):
        week = life.issued(life.plan(7 * number, 6), 7 * number, 6.5)
        assert week.phase == "P5"
        now = landings(hops(week))
        assert now <= max(RULES.wholes("plyometric_gate", "contacts_start")[0], int(before * 1.1))
        before = now
        life.follow(week, extra=0)


@pytest.mark.requirement("R050")
def test_sessions_with_hops_fit_the_minutes_too() -> None:
    assert all(one.minutes <= 25 for one in training(hopper().plan(77)))


GATE = KNOWN.rules["plyometric_gate"].lists


@pytest.mark.requirement("R140")
@pytest.mark.parametrize(
    "code",
    [*GATE["excluded_codes"], *GATE["clinician_codes"]],
)
def test_a_code_that_comes_later_ends_the_hops(code: str) -> None:
    assert hops(hopper().copy(codes=(code,)).plan(77)) == []


@pytest.mark.requirement("R140")
def test_groin_trouble_that_comes_later_ends_the_hops() -> None:
    life = hopper()
    life.entries.append(said("body_map/groin/severity", 3.0, at(76), side="left"))
    assert hops(life.plan(77)) == []


@pytest.mark.requirement("R140")
def test_who_no_longer_asks_for_hops_gets_none() -> None:
    life = hopper()
    life.choose("hops", False, day=76)
    assert hops(life.plan(77)) == []
