"""Why it exists: shows what a day makes of the issued week: it holds, lowers and leaves out, and never raises."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import CheckIn, Incident, Pain, Soreness
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.programme.levels import library_dose
from levelstride.programme.model import Move, Session
from levelstride.programme.plan import issue
from levelstride.programme.versions import minutes_of
from levelstride.programme.volume import caps, hard_sets
from tests.programme.people import (
    KNOWN,
    RULES,
    Life,
    by_name,
    cases,
    day_of,
    first_day,
    issued,
    lived,
    main,
    names,
    on,
    person,
    sets,
    standalone,
    training,
    work,
)


def test_a_good_day_is_done_as_it_was_planned() -> None:
    life, week = issued()
    day = life.today(week, first_day(week))
    planned = training(week)[0]
    assert sets(standalone(day).moves) == sets(planned.moves)
    assert day.asks == ()
    assert day.colour == "green"


def test_a_day_without_a_session_names_the_next_one() -> None:
    life, week = issued()
    days = [day_of(one) for one in training(week)]
    free = next(day for day in range(days[0], days[-1]) if day not in days)
    found = life.today(week, free, hour=5)
    assert found.next_day is not None
    assert found.next_day > on(free)


def test_what_no_longer_fits_into_the_time_is_left_out_and_said() -> None:
    life, week = issued()
    one = training(week)[0]
    longer = tuple(
        move.model_copy(update={"doses": tuple(dose.model_copy(update={"sets": 12}) for dose in move.doses)})
        if move.block == "strength"
        else move
        for move in one.moves
    )
    grown = week.model_copy(
        update={
            "sessions": tuple(
                every.model_copy(update={"moves": longer}) if every.id == one.id else every for every in week.sessions
            )
        }
    )
    usual, day = life.today(week, day_of(one)), life.today(grown, day_of(one))
    said = ("week_plan", "over_time")
    assert said in {(why.rule, why.case) for why in day.notices}
    assert said not in {(why.rule, why.case) for why in usual.notices}
    left = [move.exercise for move in standalone(day).moves]
    assert left == [move.exercise for move in one.moves if move.exercise in left]
    assert 0 < len(left) < len(one.moves)


# ------------------------------------------------------------------------------------------------- asked first


def test_the_day_asks_before_the_first_session() -> None:
    life, week = issued(checked=False)
    assert life.today(week, first_day(week)).asks == ("check_in",)
    life.check_in(first_day(week))
    assert life.today(week, first_day(week)).asks == ()


def test_the_morning_after_is_asked_until_it_is_told() -> None:
    life, week = issued()
    one = training(week)[0]
    life.do(one.moves, day_of(one), one.id)
    life.check_in(day_of(one) + 1)
    assert life.today(week, day_of(one) + 1).asks == ("next_morning",)
    life.morning(day_of(one) + 1)
    assert life.today(week, day_of(one) + 1).asks == ()


def test_an_unanswered_check_in_holds_everything_at_the_last_time() -> None:
    life, week = issued(checked=False)
    asked, _ = issued()
    day = first_day(week)
    silent, told = standalone(life.today(week, day)), standalone(asked.today(week, day))
    last = {key: bouts[-1] for key, bouts in life.context(day).history.bouts.items()}
    for move in silent.moves:
        assert work(move) <= work(by_name(told.moves)[move.exercise])
        for dose in move.doses:
            bout = last.get((move.exercise, dose.side))
            if bout is not None:
                assert dose.amount <= max(bout.amounts)
                assert dose.sets <= len(bout.amounts)


def test_one_poor_answer_holds_and_two_take_a_set_away() -> None:
    week = issued()[1]
    day = first_day(week)

    def with_answers(**told: float) -> Session:
        life, _ = issued(checked=False)
        life.check_in(day, CheckIn(**{"sleep_hours": 7.5, "sleep_quality": 7.0, "stress": 2.0, **told}))
        return standalone(life.today(week, day))

    good, one, two = with_answers(), with_answers(sleep_hours=5.9), with_answers(sleep_hours=5.9, stress=7.0)
    edge = with_answers(sleep_hours=6.0, sleep_quality=4.0, stress=6.0)
    assert sets(edge.moves) == sets(good.moves)
    assert sets(one.moves) == {name: min(count, sets(one.moves)[name]) for name, count in sets(good.moves).items()}
    assert sets(two.moves) == {name: max(1, count - 1) for name, count in sets(one.moves).items()}
    assert all(("check_in", "one_poor") in cases(move.why) for move in one.moves)
    assert all(("check_in", "two_poor") in cases(move.why) for move in two.moves)
    for name, move in by_name(two.moves).items():
        assert {dose.load_kg for dose in move.doses} == {dose.load_kg for dose in by_name(one.moves)[name].doses}


@pytest.mark.parametrize("told", [{"note": "hello"}, {"energy": 9.0}, {"sleep_hours": 8.0}, {"stress": 1.0}])
def test_a_check_in_without_sleep_and_stress_holds_like_none(told: dict[str, Any]) -> None:
    silent, week = issued(checked=False)
    life, _ = issued(checked=False)
    day = first_day(week)
    life.check_in(day, CheckIn(**told))
    assert life.today(week, day).asks == ("check_in",)
    held, none = standalone(life.today(week, day)), standalone(silent.today(week, day))
    assert [move.doses for move in held.moves] == [move.doses for move in none.moves]


def test_a_later_check_in_does_not_wipe_out_a_poor_one() -> None:
    life, week = issued(checked=False)
    day = first_day(week)
    life.check_in(day, CheckIn(sleep_hours=3, stress=9), 6)
    poor = standalone(life.today(week, day))
    life.check_in(day, CheckIn(energy=5), 7)
    assert [move.doses for move in standalone(life.today(week, day)).moves] == [move.doses for move in poor.moves]
    life.check_in(day, CheckIn(sleep_hours=8, stress=1), 7.5)
    assert sets(standalone(life.today(week, day)).moves) != sets(poor.moves)


HURTS: list[dict[str, Any]] = [
    {"score": 7.0, "when": "next_morning", "back_to_usual": True},
    {"score": 7.0, "when": "after"},
    {"score": 7.0, "when": "during"},
    {"score": 1.0, "when": "now", "quality": "sharp"},
    {"score": 1.0, "when": "now", "gives_way": True},
]


@pytest.mark.parametrize("told", HURTS)
def test_red_pain_told_today_leaves_no_hard_move_and_passes_the_second_check(told: dict[str, Any]) -> None:
    life, week = issued()
    day = first_day(week)
    assert any(move.hard for move in standalone(life.today(week, day)).moves)
    life.log(Pain(place="knee", side="left", **told), day, 7.6)
    found = life.today(week, day)
    for session in found.sessions:
        assert not any(move.hard for moves in (session.moves, session.short, session.bare) for move in moves)
        assert life.faults(week, session, day) == []


def test_a_session_moved_to_a_hard_day_leaves_its_hard_moves_behind() -> None:
    life, week = issued()
    first, second = training(week)[:2]
    life.wish("move", second.id, first.day.isoformat(), day=day_of(first), hour=7.6)
    found = [one for one in life.today(week, day_of(first)).sessions if one.moves]
    worked = [
        {muscle for move in one.moves if move.hard for muscle in KNOWN.exercises[move.exercise].muscles.primary}
        for one in found
    ]
    assert worked[0]
    assert not any(earlier & later for n, later in enumerate(worked) for earlier in worked[:n])


def test_a_day_named_within_the_open_week_leaves_no_hard_move_before_it() -> None:
    life, week = issued()
    first = training(week)[0]
    event = first.day + timedelta(days=1)
    life.choose("event", {"name": "Town walk", "day": event.isoformat()}, day=day_of(first), hour=7.6)
    found = life.today(week, day_of(first))
    assert ("event_plan", "event_week") in {(why.rule, why.case) for why in found.notices}
    for session in found.sessions:
        assert not any(move.hard for moves in (session.moves, session.short, session.bare) for move in moves)
        assert life.faults(week, session, day_of(first)) == []


@pytest.mark.requirement("R104", "R144")
def test_feeling_unwell_is_a_day_off() -> None:
    life, week = issued(checked=False)
    entry = life.check_in(first_day(week), CheckIn(unwell=True))
    day = life.today(week, first_day(week))
    assert day.sessions == ()
    assert [why.entries for why in day.notices if why.case == "unwell"] == [(entry,)]
    assert day.next_day is not None


def test_a_stop_sign_ends_every_day_until_it_is_settled() -> None:
    life, week = issued()
    day = first_day(week)
    life.log(SessionEvent(session="x", event="left", note="stop:chest_pain"), day, 7)
    found = life.today(week, day)
    assert (found.colour, found.sessions) == ("black", ())
    assert life.today(week, day + 1).sessions == ()


@pytest.mark.parametrize(("level", "rests"), [("before_start", True), ("continue", False)])
def test_nothing_is_done_before_a_clinician_was_asked(level: Any, rests: bool) -> None:
    life, week = issued()
    day = first_day(week)
    life.log(Incident(what="fall", level=level), day, 7)
    found = life.today(week, day)
    assert (found.sessions == ()) is rests
    assert any(why.rule == "stop_signs" for why in found.notices) is rests


# -------------------------------------------------------------------------------------------------------- pain


def hurt(life: Life, session: Session, name: str, pain: float, *, usual: bool = True) -> None:
    """Do a session in which one move hurts."""
    day = day_of(session)
    life.do([move for move in session.moves if move.exercise != name], day, session.id)
    hurting = by_name(session.moves)[name]
    dose = hurting.doses[0]
    life.bout(day, name, session=session.id, reps=dose.amount, sets=dose.sets, pain=pain, hour=9)
    life.log(SessionEvent(session=session.id, event="ended", rpe=5.0), day, 11)
    life.morning(day + 1, usual=usual)


def is_above_its_start(move: Move) -> bool:
    """Say whether there is less to go back to within the dose of the phase."""
    dose = library_dose(KNOWN.exercises[move.exercise], "P3")
    assert dose is not None
    return move.sets > dose.sets.low or any(one.amount > dose.amount.low for one in move.doses)


@pytest.mark.requirement("R057")
def test_a_red_move_is_absent_until_its_rest_is_over_and_then_comes_back_easier() -> None:
    life, week = issued()
    session = training(week)[0]
    name = next(one.exercise for one in main(session) if is_above_its_start(one))
    day = day_of(session)
    before = work(by_name(session.moves)[name])
    hurt(life, session, name, 6.0)
    rest = RULES.wholes("pain_colours", "rest_red")[1] // 24
    again = week.model_copy(update={"sessions": (session.model_copy(update={"id": "again", "day": on(day + 2)}),)})
    for later in (1, rest):
        life.check_in(day + later)
        found = life.today(again, day + later) if later == 2 else None
        if found is not None:
            assert name not in [move for one in found.sessions for move in names((*one.moves, *one.short, *one.bare))]
            assert ("pain_colours", "red_high") in cases(found.notices)
    back = week.model_copy(update={"sessions": (session.model_copy(update={"id": "back", "day": on(day + rest + 1)}),)})
    life.check_in(day + rest + 1)
    moves = by_name(life.today(back, day + rest + 1).sessions[0].moves)
    assert name in moves
    assert work(moves[name]) < before


def test_amber_holds_the_move_at_the_last_time() -> None:
    life, week = issued()
    session = training(week)[0]
    name = main(session)[0].exercise
    day = day_of(session)
    hurt(life, session, name, 3.0)
    again = week.model_copy(update={"sessions": (session.model_copy(update={"id": "again", "day": on(day + 3)}),)})
    life.check_in(day + 3)
    moves = by_name(life.today(again, day + 3).sessions[0].moves)
    last = life.context(day + 3).history.by_session[session.id]
    for bout in last.bouts:
        dose = next(dose for dose in moves[bout.exercise].doses if dose.side == bout.side)
        assert dose.amount <= max(bout.amounts)
        assert dose.sets <= len(bout.amounts)
        assert (dose.load_kg or 0) <= (bout.load_kg or 0)


def test_a_flare_up_halves_the_day() -> None:
    week = issued()[1]
    session = training(week)[0]
    day = day_of(session)
    usual, _ = issued()
    flared, _ = issued()
    flared.walked(day - 1, pain=7.0)
    usual_moves, moves = (
        by_name(standalone(usual.today(week, day)).moves),
        by_name(standalone(flared.today(week, day)).moves),
    )
    assert flared.context(day).pain.flare is not None
    for name, move in moves.items():
        assert work(move) <= work(usual_moves[name]) / 2 + len(move.doses), name
        assert ("flare_up", "start") in cases(move.why)
        assert move.rpe[1] <= 5


def test_a_flare_up_halves_the_walk_and_leaves_nothing_to_practise() -> None:
    life, week = issued(2)
    walk = next(one for one in week.sessions if one.walk is not None and one.walk.drill is not None)
    assert walk.walk is not None
    day = day_of(walk)
    life.did(day - 1, "pelvic_tilt", pain=6.0)
    life.walked(day - 1, pain=0.0)
    life.check_in(day)
    (found,) = [one.walk for one in life.today(week, day).sessions if one.id == walk.id]
    assert found is not None
    assert found.minutes == walk.walk.minutes // 2
    assert (found.effort, found.drill) == ("easy", None)
    assert ("flare_up", "start") in cases(found.why)


def test_walks_rest_while_walking_is_red_and_are_easy_and_free_of_practice_while_it_is_amber() -> None:
    _, week = issued(2)
    walk = next(one for one in week.sessions if one.walk is not None and one.walk.drill is not None)
    day = day_of(walk)
    assert walk.walk is not None

    def after(pain: float | None) -> Any:
        hurt_life, _ = issued(2)
        hurt_life.walked(day - 1, pain=pain)
        hurt_life.morning(day)
        hurt_life.check_in(day)
        found = [one.walk for one in hurt_life.today(week, day).sessions if one.id == walk.id]
        return found[0] if found else None

    assert after(0.0) == walk.walk
    amber = after(3.0)
    assert (amber.effort, amber.drill, amber.drill_minutes) == ("easy", None, 0)
    assert amber.minutes == walk.walk.minutes
    assert after(None).drill is None
    assert after(7.0) is None


@pytest.mark.requirement("R147")
def test_sore_muscles_give_a_rest_from_hard_work() -> None:
    life, week = issued()
    session = training(week)[1]
    day = day_of(session)
    life.follow(week.model_copy(update={"sessions": training(week)[:1]}))
    life.check_in(day)
    assert standalone(life.today(week, day)).hard
    life.log(Soreness(place="thigh_front", score=4.0, hours_since=20.0), day, 7)
    found = life.today(week, day)
    assert not any(one.hard for one in found.sessions)
    assert ("soreness", "after") in cases(found.notices)


def test_a_fall_in_a_move_rests_it() -> None:
    life, week = issued()
    session = training(week)[0]
    name = main(session)[0].exercise
    life.log(Incident(what="near_fall", level="continue", exercise=name), day_of(session), 7)
    assert name not in names(standalone(life.today(week, day_of(session))).moves)


# ------------------------------------------------------------------------------------------------- short of time


@pytest.mark.requirement("R043")
def test_every_session_has_a_version_of_three_to_five_minutes() -> None:
    life, week = issued()
    least, most = RULES.pair("session_shape", "minimum_session")
    found = life.today(week, first_day(week))
    (moves,) = [found.minimum[one.id] for one in found.sessions if one.moves]
    assert moves
    assert all(move.sets == 1 for move in moves)
    assert sum(move.seconds for move in moves) <= 60 * most
    assert minutes_of(moves) >= least - 1


@pytest.mark.requirement("R043")
def test_the_version_of_a_few_minutes_counts_as_the_session() -> None:
    life, week = issued()
    session = training(week)[0]
    day = day_of(session)
    moves = life.today(week, day).minimum[session.id]
    life.do(moves, day, session.id)
    life.log(SessionEvent(session=session.id, event="ended", minutes=4.0), day, 9)
    assert life.context(day, hour=10).history.sessions[-1].session == session.id
    assert session.id not in [one.id for one in life.today(week, day, hour=10).sessions]


def test_a_day_never_takes_longer_than_was_planned() -> None:
    life, week = issued()
    for session in training(week):
        life.check_in(day_of(session))
        for one in life.today(week, day_of(session)).sessions:
            if one.moves:
                assert one.minutes <= max(session.minutes, life.context(day_of(session)).traits.minutes)
        life.follow(week.model_copy(update={"sessions": (session,)}))


# ------------------------------------------------------------------------------------------------- twice, and hops


@pytest.mark.requirement("R032")
@pytest.mark.parametrize("pain", [2.0, 3.0, 6.0])
def test_a_second_session_is_easy_and_goes_when_pain_is_no_longer_green(pain: float) -> None:
    life = person()
    life.choose("twice_daily")
    life.in_phase("P1")
    for day in (0, 2, 4):
        life.did(day, "glute_bridge", "clamshell")
    week = life.issued(life.plan(7), 7, 8.5)
    again = [one for one in week.sessions if one.optional]
    assert len(again) == 7
    assert all(move.rpe[1] <= 4 and not move.hard for one in again for move in one.moves)
    life.did(7, "pelvic_tilt", pain=pain, session=training(week)[0].id)
    life.check_in(9)
    found = life.today(week, 9)
    assert [one.kind for one in found.sessions if one.moves and not one.optional] == ["standalone"]
    assert (found.colour == "green") is (pain <= 2)
    assert bool([one for one in found.sessions if one.optional]) is (pain <= 2)


@pytest.mark.requirement("R156")
def test_no_hops_without_getting_ready() -> None:
    life, _ = lived(10)
    life.choose("hops", day=60)
    life.in_phase("P5", 70)
    for day in (70, 73, 75):
        life.did(day, "step_down_fwd", "hip_thrust_bw", reps=12, pain=0.0)
    week = life.issued(life.plan(77, 6), 77, 6.5)
    session = next(
        one for one in training(week) if any(KNOWN.exercises[n].kind == "plyometric" for n in names(one.moves))
    )
    day = day_of(session)
    life.check_in(day)
    assert "plyometric" in [KNOWN.exercises[n].kind for n in names(standalone(life.today(week, day)).moves)]
    life.wish("skip", session.moves[0].exercise, day=day, hour=7)
    moves = standalone(life.today(week, day)).moves
    assert "prep" in {move.block for move in moves} or not [
        n for n in names(moves) if KNOWN.exercises[n].kind == "plyometric"
    ]


@pytest.mark.requirement("R140")
@pytest.mark.parametrize("pain", [2.0, None])
def test_hops_go_when_the_last_session_hurt_or_nobody_said(pain: float | None) -> None:
    life, _ = lived(10)
    life.choose("hops", day=60)
    life.in_phase("P5", 70)
    life.did(73, "step_down_fwd", "hip_thrust_bw", reps=12)
    week = life.issued(life.plan(77, 6), 77, 6.5)
    day = first_day(week)
    life.check_in(day)
    kinds = [KNOWN.exercises[name].kind for name in names(standalone(life.today(week, day)).moves)]
    assert "plyometric" in kinds
    life.did(day - 1, "pelvic_tilt", pain=pain)
    kinds = [KNOWN.exercises[name].kind for name in names(standalone(life.today(week, day)).moves)]
    assert "plyometric" not in kinds


def test_a_week_written_by_a_newer_version_is_passed_over() -> None:
    life, week = issued()
    day = first_day(week)
    before = life.context(day + 1).before
    later = issue(week)
    life.log(later.model_copy(update={"content": {**later.content, "phase": "P9"}}), day)
    assert len(life.context(day + 1).before) == len(before)
    assert life.today(week, day).sessions


def test_planning_anew_half_way_leaves_no_more_hard_sets_than_the_week_may_hold() -> None:
    life, week = issued()
    monday = first_day(week)
    first = standalone(life.today(week, monday))
    life.do(first.moves, monday, first.id)
    life.morning(monday + 1)
    life.choose("days", [2, 4, 6], day=monday, hour=20)
    anew = life.issued(life.plan(monday + 1, 6), monday + 1, 7)
    most = caps(life.context(monday), "P3", easy=False)
    done: Counter[str] = hard_sets(first.moves, RULES)
    said = set()
    for day in range(monday + 1, monday + 7):
        life.check_in(day, hour=6)
        found = life.today(anew, day, 7)
        said |= {(why.rule, why.case) for why in found.notices}
        for session in found.sessions:
            if session.moves and not session.optional:
                done += hard_sets(session.moves, RULES)
                life.do(session.moves, day, session.id)
        life.morning(day + 1)
    assert done
    assert {muscle: number for muscle, number in done.items() if number > most[muscle]} == {}
    assert ("weekly_volume", "too_fast") in said
