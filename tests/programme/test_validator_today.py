"""What the second opinion says of a session about to be done: pain, the day and the journal come before the plan."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.journal.bodies import CheckIn, Clearance, Incident, Issued, Pain, SetDone, Soreness
from levelstride.journal.bodies import Session as SessionLog
from levelstride.journal.state import Logged, State
from levelstride.programme.model import Event, Move, Session
from levelstride.programme.validator import validate_session
from levelstride.screening.decision import Decision
from tests.programme.validator_support import (
    BOTH,
    CLAM,
    DAY,
    GREEN,
    KNOWN,
    MONDAY,
    NOW,
    SQUAT,
    a_move,
    a_person,
    a_session,
    a_week,
    an_order,
    caution,
    decided,
    did,
    logged,
    reason,
    with_doses,
)

BEFORE = 4  # days since the squats of the journal


def mornings(*backs: int, usual: bool = True, score: float = 0.0, **more: Any) -> tuple[Logged[Pain], ...]:
    """Answer the mornings after sessions that many days ago."""
    body = Pain(place="knee", score=score, when="next_morning", back_to_usual=usual, **more)
    return tuple(logged(body, NOW - (back - 1) * DAY - timedelta(hours=3)) for back in backs)


def squats(back: int = BEFORE, sets: int = 3, **more: Any) -> tuple[Logged[SetDone], ...]:
    return tuple(did("bw_squat", back=back, number=number, **more) for number in range(sets))


@dataclass(frozen=True)
class Today:
    """One move about to be done, and what the journal says."""

    move: Move
    state: State
    decision: Decision = GREEN
    planned: Move | None = None

    def broken(self) -> set[tuple[str, str]]:
        session = a_session(MONDAY, self.move, short=(), bare=())
        planned = session if self.planned is None else a_session(MONDAY, self.planned)
        verdict = validate_session(
            session, a_week(sessions=(planned,)), self.state, KNOWN, now=NOW, decision=self.decision
        )
        return {(one.rule, one.case) for one in verdict.violations}

    def with_(self, **changes: Any) -> "Today":
        return replace(self, state=replace(self.state, **changes))


def today(move: Move = SQUAT, sets: tuple[Logged[SetDone], ...] | None = None, **more: Any) -> Today:
    rested = (logged(CheckIn(sleep_hours=8.0, stress=2.0), NOW - timedelta(hours=1)),)
    fields = {"sets": squats() if sets is None else sets, "pain": mornings(BEFORE), "check_ins": rested, **more}
    return Today(move, replace(a_person(), **fields))


def issued(session: str, move: Move) -> Logged[Issued]:
    """Write down a programme that planned a move in a session."""
    week = a_week(MONDAY - 7 * DAY, sessions=(a_session(MONDAY - BEFORE * DAY, move, id=session),))
    body = Issued(
        programme=week.id,
        planner_version="1",
        library_version="1",
        input_hash="0",
        seed=0,
        starts_on=week.starts_on,
        content=week.content(),
    )
    return logged(body, NOW - 8 * DAY)


MORE = a_move("bw_squat", amount=9)
GOBLET = a_move("goblet_squat", load_kg=10.0)


def goblets(back: int = BEFORE, **more: Any) -> tuple[Logged[SetDone], ...]:
    kg = more.pop("load_kg", 10.0)
    older = tuple(did("goblet_squat", back=back + 7, number=n, load_kg=kg, rpe=6.0) for n in range(3))
    return (
        *older,
        *(did("goblet_squat", back=back, number=n, **{"load_kg": kg, "rpe": 6.0, **more}) for n in range(3)),
    )


def loaded(kg: float, **more: Any) -> Today:
    return today(a_move("goblet_squat", load_kg=kg, **more), goblets(), pain=mornings(BEFORE, BEFORE + 7))


def test_one_step_after_a_good_session_is_open() -> None:
    assert today(MORE).broken() == set()


HELD: list[tuple[str, Today, tuple[str, str]]] = [
    ("pain above green", today(MORE, squats(pain=2.5)), ("progression_order", "amber")),
    ("sharp pain, rested", today(MORE, squats(pain=1.0, pain_kind="sharp")), ("progression_order", "pain_red")),
    ("pain not told", today(MORE, squats(pain=None)), ("progression_order", "no_answer")),
    ("clean ones not counted", today(MORE, squats(clean_reps=None)), ("progression_order", "no_answer")),
    ("effort not told", today(MORE, squats(rpe=None)), ("progression_order", "no_answer")),
    ("the morning not told", today(MORE, pain=()), ("progression_order", "no_answer")),
    (
        "the morning above usual",
        today(MORE, pain=mornings(BEFORE, usual=False, score=2.0)),
        ("progression_order", "pain_red"),
    ),
    ("too few clean ones", today(MORE, squats(clean_reps=6)), ("progression_order", "hard")),
    ("too hard", today(MORE, squats(rpe=8.0)), ("progression_order", "hard")),
    (
        "a short night",
        today(MORE, check_ins=(logged(CheckIn(sleep_hours=5.5), NOW - timedelta(hours=1)),)),
        ("progression_order", "poor_day"),
    ),
    ("no check-in", today(MORE, check_ins=()), ("progression_order", "no_answer")),
    (
        "a check-in without stress",
        today(MORE, check_ins=(logged(CheckIn(sleep_hours=8.0), NOW - timedelta(hours=1)),)),
        ("progression_order", "no_answer"),
    ),
    (
        "a check-in of yesterday",
        today(MORE, check_ins=(logged(CheckIn(sleep_hours=8.0, stress=2.0), NOW - DAY),)),
        ("progression_order", "no_answer"),
    ),
    (
        "pain right now",
        today(
            MORE, pain=(*mornings(BEFORE), logged(Pain(place="knee", score=3, when="now"), NOW - timedelta(hours=1)))
        ),
        ("pain_colours", "amber"),
    ),
    (
        "pain that rises from week to week",
        today(
            MORE,
            pain=(
                *mornings(BEFORE),
                logged(Pain(place="hip", score=4, when="after"), NOW - 2 * DAY),
                logged(Pain(place="hip", score=1, when="after"), NOW - 9 * DAY),
            ),
        ),
        ("pain_colours", "red_trend"),
    ),
    (
        "sore muscles",
        today(
            MORE, soreness=(logged(Soreness(place="thigh", score=3, eases_in_warm_up=True), NOW - timedelta(hours=1)),)
        ),
        ("soreness", "goes"),
    ),
    ("a week away", today(MORE, squats(back=8), pain=mornings(8)), ("missed_sessions", "days_8_14")),
    ("sets too", today(a_move("bw_squat", sets=3), squats(sets=2, pain=3.0)), ("progression_order", "amber")),
]


@pytest.mark.parametrize(("case", "expected"), [one[1:] for one in HELD], ids=[one[0] for one in HELD])
def test_a_doubt_holds_the_level(case: Today, expected: tuple[str, str]) -> None:
    assert expected in case.broken()
    same = replace(case, move=with_doses(case.move, amount=8, top=8, sets=2))
    assert expected not in same.broken()


def test_a_load_to_be_chosen_anew_is_a_rise_while_the_level_holds() -> None:
    anew = a_move("goblet_squat", choose_load=True, load_kg=None)
    told = {"pain": mornings(BEFORE, BEFORE + 7)}
    assert ("progression_order", "hard") in today(anew, goblets(rpe=9.0), **told).broken()
    assert today(anew, goblets(), **told).broken() == set()


PAIN_RED = ("progression_order", "pain_red")
STEPS: list[tuple[str, Today, set[tuple[str, str]]]] = [
    ("two things at once", today(a_move("bw_squat", amount=9), squats(sets=2)), {("progression_order", "step_up")}),
    ("one thing while another falls", loaded(11.0, amount=8), set()),
    ("a load that rises by a tenth", loaded(11.0), set()),
    ("a load that rises by more", loaded(11.1), {("progression_order", "step_up")}),
    (
        "the smallest plate on a small load",
        today(
            a_move("goblet_squat", load_kg=2.5),
            goblets(load_kg=2.0),
            pain=mornings(BEFORE),
        ),
        set(),
    ),
    ("a load and repetitions", loaded(11.0, amount=9), {("progression_order", "step_up")}),
    (
        "a band two levels up",
        today(
            a_move("band_squat", band=4),
            tuple(did("band_squat", back=b, number=n, band="2") for b in (11, 4) for n in range(3)),
        ),
        {("progression_order", "step_up")},
    ),
    (
        "a band one level up",
        today(
            a_move("band_squat", band=3),
            tuple(did("band_squat", back=b, number=n, band="2") for b in (11, 4) for n in range(3)),
        ),
        set(),
    ),
    ("a load on a new move", today(GOBLET, ()), {("first_weeks", "g1_closed")}),
    (
        "a load to be chosen on a new move",
        today(a_move("goblet_squat", choose_load=True), ()),
        {("first_weeks", "g1_closed")},
    ),
    ("a load after one clean session", today(GOBLET, squats(), pain=mornings(BEFORE)), {("first_weeks", "g1_closed")}),
    ("a load after two clean sessions of an easier move", today(GOBLET, (*squats(11), *squats())), set()),
    (
        "a load after two unclean ones",
        today(GOBLET, (*squats(11, clean_reps=6), *squats())),
        {("first_weeks", "g1_closed")},
    ),
    (
        "a first load on a move that is felt well",
        today(
            a_move("split_squat", load_kg=4.0),
            tuple(did("split_squat", side=side, back=4, number=n, feel=5.0) for side in BOTH for n in range(3)),
        ),
        set(),
    ),
    (
        "a first load that a practitioner set",
        today(GOBLET, (), overrides=(an_order("dose", "goblet_squat", {"load_kg": 10}),)),
        set(),
    ),
    (
        "a first load that a practitioner set without a reason",
        today(GOBLET, (), overrides=(an_order("dose", "goblet_squat", {"load_kg": 10}, reason=None),)),
        {("first_weeks", "g1_closed")},
    ),
    (
        "the full number of sets after a short version",
        today(SQUAT, squats(sets=2, session="s1"), programmes=(issued("s1", SQUAT),)),
        set(),
    ),
    ("the least amount of the library after a few", today(SQUAT, squats(reps=3)), set()),
    ("the least amount of the library after a red bout", today(SQUAT, squats(reps=3, pain=6.0)), {PAIN_RED}),
    (
        "more sets than were planned",
        today(SQUAT, squats(sets=1, pain=3.0, session="s1"), programmes=(issued("s1", with_doses(SQUAT, sets=2)),)),
        {("progression_order", "amber")},
    ),
    (
        "the full number of sets after a red bout",
        today(SQUAT, squats(sets=2, pain=6.0, session="s1"), programmes=(issued("s1", SQUAT),)),
        {PAIN_RED},
    ),
]


@pytest.mark.parametrize(("case", "expected"), [one[1:] for one in STEPS], ids=[one[0] for one in STEPS])
def test_a_step_is_small_and_alone(case: Today, expected: set[tuple[str, str]]) -> None:
    assert case.broken() == expected


CLOSED: list[tuple[str, Today, tuple[str, str]]] = [
    ("red two days ago", today(SQUAT, squats(back=1, pain=6.0, hour=12), pain=()), ("pain_colours", "red_high")),
    (
        "a morning above usual today",
        today(SQUAT, squats(back=2), pain=mornings(2, usual=False, score=3.0)),
        ("pain_colours", "red_high"),
    ),
    (
        "unwell today",
        today(check_ins=(logged(CheckIn(unwell=True), NOW - timedelta(hours=1)),)),
        ("check_in", "unwell"),
    ),
    (
        "strong pain right now",
        today(pain=(logged(Pain(place="hip", score=6, when="now"), NOW - timedelta(hours=1)),)),
        ("pain_colours", "red_high"),
    ),
    (
        "soreness that stayed",
        today(soreness=(logged(Soreness(place="thigh", score=3, eases_in_warm_up=False), NOW - DAY),)),
        ("soreness", "stays"),
    ),
    ("hard work yesterday", today(SQUAT, squats(back=1), pain=()), ("weekly_volume", "gap_short")),
    (
        "a fall that needs a doctor",
        today(incidents=(logged(Incident(what="fall", level="same_day"), NOW - 3 * DAY),)),
        ("stop_signs", "fall_hurt"),
    ),
    (
        "a session stopped by a warning sign",
        today(sessions=(logged(SessionLog(session="x", event="left", note="stop:chest_pain"), NOW - 3 * DAY),)),
        ("stop_signs", "chest_pain"),
    ),
    (
        "a move in which something went wrong",
        today(
            incidents=(
                logged(Incident(what="adverse_event", level="before_start", exercise="bw_squat"), NOW - 9 * DAY),
            )
        ),
        ("stop_signs", "fall_ok"),
    ),
    (
        "a stop since the week was made",
        replace(today(), decision=decided("hold", reason("readiness", "unwell", "hold"))),
        ("readiness", "unwell"),
    ),
    ("a caution since the week was made", replace(today(), decision=caution("KNEE_OA")), ("cautions", "KNEE_OA")),
    (
        "no set less on a hard day",
        replace(
            today(check_ins=(logged(CheckIn(sleep_hours=5.0, stress=8), NOW - timedelta(hours=1)),)), planned=SQUAT
        ),
        ("check_in", "two_poor"),
    ),
]


@pytest.mark.parametrize(("case", "expected"), [one[1:] for one in CLOSED], ids=[one[0] for one in CLOSED])
def test_what_is_closed_today_is_not_done(case: Today, expected: tuple[str, str]) -> None:
    assert expected not in today().broken()
    assert expected in case.broken()


OPEN: list[tuple[str, Today]] = [
    ("red three days ago", today(SQUAT, squats(back=3, pain=6.0), pain=mornings(3))),
    (
        "well again",
        today(
            check_ins=(logged(CheckIn(unwell=True), NOW - DAY), logged(CheckIn(unwell=False), NOW - timedelta(hours=1)))
        ),
    ),
    (
        "a fall that a clinician looked at",
        today(
            incidents=(logged(Incident(what="fall", level="same_day"), NOW - 3 * DAY),),
            clearances=(logged(Clearance(covers=("fall",), given_by="doctor", given_on=MONDAY), NOW - DAY),),
        ),
    ),
    (
        "soreness that went",
        today(
            soreness=(
                logged(Soreness(place="thigh", score=3, eases_in_warm_up=False), NOW - DAY),
                logged(Soreness(place="thigh", score=0), NOW - timedelta(hours=1)),
            )
        ),
    ),
    (
        "left for want of time",
        today(sessions=(logged(SessionLog(session="x", event="left", note="late"), NOW - 3 * DAY),)),
    ),
    (
        "a set less on a hard day",
        replace(
            today(
                a_move("bw_squat", sets=2),
                check_ins=(logged(CheckIn(sleep_hours=5.0, stress=8), NOW - timedelta(hours=1)),),
            ),
            planned=SQUAT,
        ),
    ),
    (
        "a move left for later by its own session",
        today(SQUAT, squats(back=0, session=f"{MONDAY}-standalone", hour=9), pain=()),
    ),
]


@pytest.mark.parametrize("case", [one[1] for one in OPEN], ids=[one[0] for one in OPEN])
def test_what_is_open_today_may_be_done(case: Today) -> None:
    assert case.broken() == set()


def test_a_red_side_rests_and_the_other_may_work() -> None:
    clams = tuple(
        did("clamshell", side=side, back=1, rpe=3.0, reps=15, pain=6.0 if side == "left" else 0.0) for side in BOTH
    )
    session = a_session(MONDAY, CLAM)
    verdict = validate_session(session, a_week(), replace(a_person(), sets=clams), KNOWN, now=NOW, decision=GREEN)
    assert {one.side for one in verdict.violations if one.rule == "pain_colours"} == {"left"}


@given(
    pain=st.sampled_from([None, 0.0, 2.0, 2.5, 5.0, 6.0]),
    worse=st.sampled_from([0.5, 3.0, 6.0]),
    clean=st.sampled_from([None, 5, 8]),
    amount=st.integers(7, 10),
)
def test_more_pain_never_opens_what_less_pain_closed(
    pain: float | None, worse: float, clean: int | None, amount: int
) -> None:
    if pain is None:
        return
    move = a_move("bw_squat", amount=amount)
    less = today(move, squats(pain=pain, clean_reps=clean)).broken()
    more = today(move, squats(pain=min(10.0, pain + worse), clean_reps=clean)).broken()
    assert bool(less) <= bool(more)


def test_an_empty_session_breaks_nothing_whatever_the_journal_says() -> None:
    state = replace(a_person(), check_ins=(logged(CheckIn(unwell=True), NOW - timedelta(hours=1)),))
    rest = Session(id="rest", day=MONDAY, kind="standalone", minutes=0)
    stop = decided("emergency", reason("red_flags", "ce_saddle", "emergency"))
    assert validate_session(rest, a_week(), state, KNOWN, now=NOW, decision=stop).violations == ()


def test_a_session_moved_to_the_day_before_an_event_holds_no_hard_sets() -> None:
    week = a_week().model_copy(update={"event": Event(name="walk", day=MONDAY + DAY, part="event_week")})
    session = a_session(MONDAY, SQUAT, short=(), bare=())
    broken = validate_session(session, week, a_person(), KNOWN, now=NOW, decision=GREEN).violations
    assert [(one.rule, one.exercise) for one in broken] == [("event_plan", None)]


def test_a_move_without_a_bout_of_four_weeks_is_compared_with_its_last_one() -> None:
    old = today(MORE, squats(back=40, pain=3.0), pain=mornings(40))
    assert ("progression_order", "amber") in old.broken()
    assert old.with_(sets=squats(back=40), pain=mornings(40)).broken() == {("missed_sessions", "days_8_14")}
