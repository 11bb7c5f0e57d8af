"""What the second opinion tells although nothing is broken: planes, squat and hinge, weeks without a rise."""

from dataclasses import replace

import pytest

from levelstride.journal.bodies import Pain, SetDone
from levelstride.journal.state import Logged
from levelstride.programme.model import Move
from tests.programme.validator_support import (
    DAY,
    MONDAY,
    NOW,
    SQUAT,
    WEEK,
    Change,
    a_move,
    a_session,
    a_week,
    did,
    logged,
)


@pytest.mark.requirement("R152")
@pytest.mark.parametrize(
    ("moves", "missing"),
    [
        ((a_move("bw_squat"), a_move("clamshell", "activation", "P1")), False),
        ((a_move("bw_squat"), a_move("side_lying_adduction")), True),
        ((a_move("clamshell", "activation", "P1"),), True),
        ((a_move("bw_squat"), a_move("side_lying_adduction"), a_move("glute_stretch", "mobility")), True),
    ],
    ids=["all", "no turning", "no forward and back", "a stretch is no practice"],
)
def test_a_week_without_one_of_the_planes_is_told(moves: tuple[Move, ...], missing: bool) -> None:
    world = WEEK.week(sessions=(a_session(MONDAY, *moves),))
    assert (("weekly_volume", "plane_missing") in world.told()) == missing


def test_a_week_with_one_of_squat_and_hinge_alone_is_told() -> None:
    one_kind = WEEK.week(sessions=(a_session(MONDAY, SQUAT),))
    assert ("squat_and_hinge", "one_missing") not in WEEK.told()
    assert ("squat_and_hinge", "one_missing") in one_kind.told()
    no_hinge_left = one_kind.says(conditions=("ham",))
    assert ("squat_and_hinge", "one_missing") not in no_hinge_left.told()


FIVE_WEEKS = tuple(a_week(MONDAY - weeks * 7 * DAY) for weeks in (5, 4, 3, 2, 1))
STEADY = tuple(
    did("bw_squat", back=back, load_kg=None, number=number)
    for back in (27, 24, 20, 17, 13, 10, 6, 3)
    for number in range(3)
)
FLAT = replace(WEEK, before=FIVE_WEEKS).person(sets=STEADY)


@pytest.mark.requirement("R149")
def test_four_weeks_without_more_load_or_repetitions_are_told() -> None:
    assert ("weekly_volume", "no_rise") in FLAT.told()
    assert FLAT.verdict().violations == ()


def slower(sets: tuple[Logged[SetDone], ...]) -> tuple[Logged[SetDone], ...]:
    bodies = (one.body.model_copy(update={"variant": f"tempo {n}"}) for n, one in enumerate(sets))
    return tuple(logged(body, one.at) for body, one in zip(bodies, sets, strict=True))


def test_a_slower_tempo_alone_is_no_rise() -> None:
    assert ("weekly_volume", "no_rise") in FLAT.person(sets=slower(STEADY)).told()


@pytest.mark.requirement("R149")
@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.person(sets=(*STEADY[:-1], did("bw_squat", back=3, reps=9, number=2))),
        lambda w: w.person(sets=(*STEADY[:-1], did("bw_squat", back=3, load_kg=2.0, number=2))),
        lambda w: w.person(sets=(*STEADY[:-1], did("bw_squat", back=3, band="1", number=2))),
        lambda w: w.person(sets=(*STEADY[:-1], did("bw_squat", back=3, pain=3.0, number=2))),
        lambda w: w.person(pain=(logged(Pain(place="knee", score=3, when="after"), NOW - 9 * DAY),)),
        lambda w: w.week(easy_week=True),
        lambda w: replace(w, before=(*FIVE_WEEKS[:-1], a_week(MONDAY - 7 * DAY, easy_week=True))),
        lambda w: replace(w, before=FIVE_WEEKS[2:]),
        lambda w: w.swap("bw_squat", a_move("bw_squat", amount=9)),
        lambda w: w.person(sets=(*STEADY, *(did("band_squat", back=2, number=n) for n in range(3)))),
        lambda w: w.person(sets=()),
    ],
    ids=[
        "more repetitions",
        "more load",
        "a band",
        "pain",
        "pain told apart",
        "an easy week",
        "an easy week before",
        "too short a time",
        "more is planned",
        "a harder move",
        "nothing done",
    ],
)
def test_nothing_is_told_when_something_rose_or_had_a_reason_to_wait(change: Change) -> None:
    assert ("weekly_volume", "no_rise") not in change(FLAT).told()
