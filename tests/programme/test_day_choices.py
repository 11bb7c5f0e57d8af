"""Why it exists: shows what a day makes of choices made by hand, and of sessions that were missed or broken off."""

import pytest

from levelstride.journal.bodies import Session as SessionEvent
from levelstride.programme.levels import library_dose
from levelstride.programme.model import Dose, Programme, Session
from tests.programme.people import (
    KNOWN,
    Life,
    by_name,
    cases,
    day_of,
    issued,
    main,
    names,
    on,
    person,
    standalone,
    training,
)
from tests.programme.weeks import move

PLAIN, LOADED = "hip_thrust_bw", "hip_thrust_load"

# -------------------------------------------------------------------------------------------------- made by hand


def test_a_skipped_session_and_a_skipped_move_are_left_out_and_told() -> None:
    week = issued()[1]
    session = training(week)[0]
    day = day_of(session)
    whole, _ = issued()
    entry = whole.wish("skip", session.id, day=day, hour=7)
    found = whole.today(week, day)
    assert [one.id for one in found.sessions if one.kind == "standalone"] == []
    assert [why.entries for why in found.notices if why.case == "skipped"] == [(entry,)]
    part, _ = issued()
    name = main(session)[0].exercise
    part.wish("skip", name, day=day, hour=7)
    assert names(standalone(part.today(week, day)).moves) == [one for one in names(session.moves) if one != name]


def test_a_swap_is_followed_within_one_step_of_difficulty_and_refused_beyond() -> None:
    week = issued()[1]
    session = training(week)[0]
    day = day_of(session)
    name = main(session)[0].exercise
    level = KNOWN.exercises[name].difficulty

    def other(difficulty: range, *, dosed: bool) -> str:
        return next(
            n
            for n, one in KNOWN.exercises.items()
            if one.difficulty in difficulty
            and one.kind in ("activation", "functional", "strength")
            and (library_dose(one, week.phase) is not None) is dosed
            and n not in names(session.moves)
            and not one.equipment.needs
        )

    life, _ = issued()
    for number, wanted in enumerate(
        (other(range(level + 1), dosed=True), other(range(level + 1, level + 2), dosed=True))
    ):
        life.wish("swap", name, wanted, day=day, hour=7 + number / 10)
        found = life.today(week, day)
        assert names(standalone(found).moves) == [wanted if one == name else one for one in names(session.moves)]
        assert ("own_choices", "swapped") in cases(by_name(standalone(found).moves)[wanted].why)
        assert ("own_choices", "not_safe") not in cases(found.notices)
    refused = (other(range(level + 2, level + 3), dosed=True), other(range(level + 1), dosed=False))
    for number, wanted in enumerate(refused):
        entry = life.wish("swap", name, wanted, day=day, hour=7.3 + number / 10)
        found = life.today(week, day)
        assert names(standalone(found).moves) == names(session.moves)
        assert [why.entries for why in found.notices if why.case == "not_safe"] == [(entry,)]


def unloaded(clean: int) -> tuple[Life, Programme]:
    """Return somebody who did the move without a weight cleanly so often, and a week of it."""
    life = person()
    life.in_phase("P1")
    for day in (0, 2)[:clean]:
        life.did(day, PLAIN)
    thrust = move(PLAIN, Dose(sets=2, amount=8, top=10), block="strength", rpe=(5, 7))
    one = Session(id="one", day=on(7), kind="standalone", minutes=15, moves=(thrust,))
    week = life.in_phase("P2", 7, sessions=(one,))
    life.check_in(7)
    life.wish("swap", PLAIN, LOADED, day=7, hour=7)
    return life, week


@pytest.mark.parametrize("clean", [0, 1, 2])
def test_a_swap_to_a_weight_waits_for_two_clean_sessions_of_an_easier_move(clean: int) -> None:
    """Gate G1: the weight is taken once the form of an easier move of the ladder is sure."""
    life, week = unloaded(clean)
    found = life.today(week, 7)
    assert names(standalone(found).moves) == [LOADED if clean == 2 else PLAIN]
    assert (("own_choices", "not_safe") in cases(found.notices)) is (clean < 2)


def test_a_swap_that_is_followed_is_not_told_as_refused() -> None:
    life, week = unloaded(2)
    one = week.sessions[0]
    both = week.model_copy(update={"sessions": (one.model_copy(update={"bare": one.moves}),)})
    found = life.today(both, 7)
    assert names(standalone(found).moves) == [LOADED]
    assert standalone(found).bare
    assert LOADED not in names(standalone(found).bare)
    assert ("own_choices", "not_safe") not in cases(found.notices)


@pytest.mark.requirement("R018")
def test_equipment_missing_today_gives_the_version_without_it() -> None:
    life, week = issued(7)
    things = KNOWN.vocabulary.equipment

    def lacks(name: str) -> bool:
        needs = KNOWN.exercises[name].equipment.needs
        return not all(any(thing == "mini_band" or things[thing].household for thing in one) for one in needs)

    session = next(one for one in training(week) if any(lacks(name) for name in names(one.moves)))
    day = day_of(session)
    life.check_in(day)
    entry = life.wish("without", "dumbbells", day=day, hour=7)
    moves = standalone(life.today(week, day)).moves
    assert not {name for name in names(moves) if lacks(name)}
    told = {move.exercise for move in moves for why in move.why if (why.case, why.entries) == ("without", (entry,))}
    assert told
    assert not told & set(names(session.moves))


@pytest.mark.requirement("R148")
def test_a_session_moved_too_near_to_hard_work_waits() -> None:
    life, week = issued()
    first, second = training(week)[:2]
    day = day_of(first)
    life.do(first.moves, day, first.id)
    life.log(SessionEvent(session=first.id, event="ended"), day, 9)
    life.morning(day + 1)
    life.check_in(day + 1)
    life.wish("move", second.id, on(day + 1).isoformat(), day=day + 1, hour=7)
    found = life.today(week, day + 1)
    assert second.id not in [one.id for one in found.sessions]
    assert ("own_choices", "too_close") in cases(found.notices)


def test_a_session_moved_far_enough_keeps_its_name_and_its_work() -> None:
    life, week = issued()
    last = training(week)[-1]
    life.follow(week.model_copy(update={"sessions": tuple(training(week)[:-1])}))
    day = day_of(last) + 1
    stays = life.copy()
    stays.check_in(day)
    life.wish("move", last.id, on(day).isoformat(), day=day - 1, hour=7)
    life.check_in(day)
    assert last.id not in [one.id for one in life.today(week, day - 1).sessions]
    moved = standalone(life.today(week, day))
    assert (moved.id, moved.day) == (last.id, on(day))
    later = last.model_copy(update={"day": on(day)})
    unmoved = standalone(stays.today(week.model_copy(update={"sessions": (later,)}), day))
    assert (moved.moves, moved.short, moved.bare) == (unmoved.moves, unmoved.short, unmoved.bare)
    assert set(names(moved.moves)) & set(names(main(last)))
    assert ("own_choices", "moved") in cases(moved.why)


# ----------------------------------------------------------------------------------------------------- catching up


@pytest.mark.requirement("R148")
def test_a_missed_session_is_caught_up_only_where_rest_stays_before_the_next() -> None:
    life, week = issued()
    first, second, last = training(week)
    assert (day_of(second) - day_of(first), day_of(last) - day_of(second)) == (2, 2)
    life.check_in(day_of(first) + 1)
    assert first.id not in [one.id for one in life.today(week, day_of(first) + 1).sessions]
    life.follow(week.model_copy(update={"sessions": (first, second)}))
    life.check_in(day_of(last) + 1)
    assert last.id in [one.id for one in life.today(week, day_of(last) + 1).sessions]


def test_a_session_that_was_left_out_on_purpose_is_not_caught_up() -> None:
    life, week = issued()
    last = training(week)[-1]
    life.follow(week.model_copy(update={"sessions": tuple(training(week)[:-1])}))
    life.wish("skip", last.id, day=day_of(last), hour=7)
    life.check_in(day_of(last) + 1)
    assert last.id not in [one.id for one in life.today(week, day_of(last) + 1).sessions]


def test_what_was_done_is_not_offered_again() -> None:
    life, week = issued()
    session = training(week)[0]
    walk = next(one for one in week.sessions if one.kind == "walk")
    life.follow(week.model_copy(update={"sessions": (session, walk)}))
    for one in (session, walk):
        assert one.id not in [found.id for found in life.today(week, day_of(one), hour=23).sessions]


@pytest.mark.requirement("R148")
def test_hard_work_of_yesterday_leaves_only_the_easy_moves() -> None:
    life, week = issued()
    session = training(week)[0]
    day = day_of(session)
    hard = [move.exercise for move in session.moves if move.hard]
    life.did(day - 1, *hard, rpe=7.0)
    found = life.today(week, day)
    assert not standalone(found).hard
    assert ("weekly_volume", "gap_short") in cases(found.notices)


@pytest.mark.requirement("R148")
def test_a_session_broken_off_yesterday_is_not_done_hard_again_today() -> None:
    life, week = issued()
    last = training(week)[-1]
    life.follow(week.model_copy(update={"sessions": tuple(training(week)[:-1])}))
    day = day_of(last)
    life.check_in(day)
    life.do(last.moves[:-1], day, last.id)
    life.log(SessionEvent(session=last.id, event="left"), day, 9)
    life.morning(day + 1)
    life.check_in(day + 1)
    assert not any(one.hard for one in life.today(week, day + 1).sessions)


def test_a_dose_set_by_a_practitioner_has_no_room_above_it() -> None:
    life, week = issued()
    day = day_of(training(week)[0])
    wanted = next(one for one in standalone(life.today(week, day)).moves if one.hard and one.counts == "repetitions")
    for dose in wanted.doses:
        life.coach("dose", wanted.exercise, {"amount": 4}, side=dose.side, day=day)
    made = by_name(standalone(life.today(week, day, hour=9)).moves)[wanted.exercise]
    assert {(dose.amount, dose.top) for dose in made.doses} == {(4, 4)}
