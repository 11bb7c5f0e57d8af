"""Why it exists: shows what a day makes of choices made by hand, and of sessions that were missed or broken off."""

import pytest

from levelstride.journal.bodies import Session as SessionEvent
from tests.programme.people import KNOWN, cases, day_of, issued, main, names, on, standalone, training

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
    present = set(names(session.moves))
    easier = next(
        n
        for n, one in KNOWN.exercises.items()
        if one.kind == "activation" and one.difficulty <= level and n not in present and not one.equipment.needs
    )
    harder = next(n for n, one in KNOWN.exercises.items() if one.kind == "functional" and one.difficulty == level + 2)
    life, _ = issued()
    life.wish("swap", name, easier, day=day, hour=7)
    found = names(standalone(life.today(week, day)).moves)
    assert (easier in found, name in found) == (True, False)
    life.wish("swap", name, harder, day=day, hour=7.2)
    day_after = life.today(week, day)
    assert harder not in names(standalone(day_after).moves)
    assert ("own_choices", "not_safe") in cases(day_after.notices)


@pytest.mark.requirement("R018")
def test_equipment_missing_today_gives_the_version_without_it() -> None:
    life, week = issued()
    banded = [one for one in training(week) for move in one.moves if move.exercise == "rdl"]
    session = banded[0]
    day = day_of(session)
    life.check_in(day)
    life.wish("without", "dumbbells", day=day, hour=7)
    moves = standalone(life.today(week, day)).moves
    lacking = {name for name in names(moves) if ("dumbbells",) in KNOWN.exercises[name].equipment.needs}
    assert not lacking
    assert any(("own_choices", "without") in cases(move.why) for move in moves)


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
    life.wish("move", last.id, on(day).isoformat(), day=day - 1, hour=7)
    life.check_in(day)
    assert last.id not in [one.id for one in life.today(week, day - 1).sessions]
    moved = standalone(life.today(week, day))
    assert (moved.id, moved.day) == (last.id, on(day))
    assert names(moved.moves) == names(last.moves)
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
