"""Why it exists: shows when an easier week is offered or set, how a day that matters is led up to, and breaks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import CheckIn, Soreness
from levelstride.programme.outlook import deload_offer, find_breaks, find_pace
from levelstride.programme.volume import of_programme
from tests.programme.people import RULES, Life, cases, lived, main, on, person, training

# --------------------------------------------------------------------------------------------- offers of easy weeks

Sign = Callable[[Life], object]


def trained() -> Life:
    """Return somebody after two like weeks in P2, planned for day 14: no sign of anything."""
    life = person()
    life.in_phase("P2")
    life.in_phase("P2", 7, since=0)
    for day in (0, 2, 4):
        life.did(day, "hip_thrust_bw", rpe=5.0, quality=95)
    return life


def week_two(life: Life, **told: Any) -> Life:
    for day in (8, 10, 12):
        life.did(day, "hip_thrust_bw", **{"rpe": 5.0, "quality": 95, **told})
    return life


def nights(life: Life, hours: float, *days: int) -> Life:
    for day in days:
        life.check_in(day, CheckIn(sleep_hours=hours), 6)
    return life


def sore(life: Life, hours: float, day: int = 12) -> Life:
    life.log(Soreness(place="thigh_front", score=3.0, hours_since=hours), day, 20)
    return life


def offered(life: Life) -> str | None:
    why = deload_offer(life.context(14), on(14))
    return None if why is None else why.case


def test_one_sign_alone_offers_nothing() -> None:
    assert offered(week_two(trained())) is None
    assert offered(week_two(trained(), rpe=8.0)) is None
    assert offered(week_two(trained(), quality=60)) is None
    assert offered(nights(week_two(trained()), 5.0, 8, 9, 10)) is None
    assert offered(sore(week_two(trained()), 100.0)) is None


@pytest.mark.parametrize(
    ("life", "offer"),
    [
        (week_two(trained(), rpe=6.5, quality=85), "early"),
        (week_two(trained(), rpe=6.4, quality=85), None),
        (week_two(trained(), rpe=6.5, quality=90), None),
        (nights(week_two(trained(), rpe=6.5), 5.9, 9, 11, 13), "early"),
        (nights(week_two(trained(), rpe=6.5), 6.0, 9, 11, 13), None),
        (nights(week_two(trained(), rpe=6.5), 5.9, 9, 11, 11), None),
        (sore(week_two(trained(), rpe=6.5), 73.0), "early"),
        (sore(week_two(trained(), rpe=6.5), 72.0), None),
        (sore(week_two(trained(), rpe=6.5), 73.0, day=6), None),
        (nights(sore(week_two(trained()), 73.0), 5.9, 9, 11, 13), "early"),
    ],
    ids=["effort_form", "effort_14", "form_9", "sleep", "six_hours", "two_nights", "sore", "72_h", "last_week", "both"],
)
def test_two_signs_together_offer_an_easier_week(life: Life, offer: str | None) -> None:
    assert offered(life) == offer


def test_the_same_move_with_more_load_is_no_sign() -> None:
    life = week_two(trained(), rpe=8.0, load_kg=5.0, quality=80)
    assert offered(life) is None


@pytest.mark.parametrize(("weeks", "offer"), [(3, None), (4, "planned"), (5, "planned"), (6, None)])
def test_after_four_weeks_an_easier_one_is_offered(weeks: int, offer: str | None) -> None:
    life = person()
    for number in range(weeks):
        life.in_phase("P2", 7 * number, since=0)
    why = deload_offer(life.context(7 * weeks), on(7 * weeks))
    assert (None if why is None else why.case) == offer


def test_an_easy_week_starts_the_count_anew() -> None:
    life = person()
    for number in range(5):
        life.in_phase("P2", 7 * number, since=0, easy_week=number == 3)
    assert deload_offer(life.context(35), on(35)) is None
    life = person()
    for number in range(5):
        life.in_phase("P2", 7 * number, since=0, easy_week=number == 0)
    why = deload_offer(life.context(35), on(35))
    assert why is not None
    assert why.case == "planned"


def test_an_offer_changes_nothing_until_it_is_taken() -> None:
    life, _ = lived(4)
    offer = life.plan(28)
    assert ("deload", "planned") in cases(offer.notices)
    assert not offer.easy_week
    refused = life.copy()
    refused.choose("no_easy_week", day=27)
    assert ("deload", "refused") in cases(refused.plan(28).notices)
    taken = life.copy()
    entry = taken.choose("easy_week", day=27)
    easy = taken.plan(28)
    assert easy.easy_week
    assert any(why.entries == (entry,) for why in easy.notices)
    for muscle, sets in of_programme(easy, RULES).items():
        assert sets <= max(1, of_programme(life.plan(21, 7), RULES).get(muscle, 0)), muscle


def test_an_easy_week_has_fewer_sets_of_the_same_load() -> None:
    life, programmes = lived(7)
    usual = life.plan(49)
    life.choose("easy_week", day=48)
    easy = life.plan(49)
    total = sum(of_programme(easy, RULES).values())
    assert 0 < total <= 0.6 * sum(of_programme(programmes[-1], RULES).values())
    loads = {
        (move.exercise, dose.side): dose.load_kg for one in training(usual) for move in main(one) for dose in move.doses
    }
    same = [
        (loads[move.exercise, dose.side], dose.load_kg)
        for one in training(easy)
        for move in main(one)
        for dose in move.doses
        if loads.get((move.exercise, dose.side)) is not None
    ]
    assert same
    assert all(one == other for one, other in same)


# -------------------------------------------------------------------------------------------- a day that matters


def with_event(day: int, *, named: int = 0, weeks: int = 3) -> Life:
    life, _ = lived(weeks)
    life.choose("event", {"day": on(day).isoformat(), "name": "Hill walk"}, day=named, hour=5)
    return life


@pytest.mark.parametrize(
    ("day", "part", "easy"),
    [
        (13, None, False),
        (14, "recover", True),
        (20, "recover", True),
        (21, "event_week", True),
        (27, "event_week", True),
        (28, "taper", True),
        (34, "taper", True),
        (35, "build", False),
        (60, "build", False),
    ],
)
def test_a_week_is_paced_by_the_days_until_the_event(day: int, part: str | None, easy: bool) -> None:
    pace = find_pace(with_event(day).context(21), on(21))
    assert (None if pace.event is None else pace.event.part) == part
    assert pace.easy is easy


@pytest.mark.parametrize(("named", "part"), [(22, "too_close"), (21, "build")])
def test_an_event_named_less_than_two_weeks_before_is_too_close_to_build_up_to(named: int, part: str) -> None:
    """The week from day 21 is planned late, on its third day."""
    pace = find_pace(with_event(35, named=named).context(23, starts_on=21), on(21))
    assert pace.event is not None
    assert pace.event.part == part


@pytest.mark.parametrize("day", range(21, 30))
def test_two_days_before_the_event_hold_nothing_hard(day: int) -> None:
    week = with_event(day).plan(21)
    assert week.event is not None
    assert week.event.day == on(day)
    quiet = {on(day) - timedelta(days=1), on(day) - timedelta(days=2)}
    assert not quiet & {one.day for one in week.sessions if one.hard}


def test_the_day_of_the_event_holds_nothing_hard() -> None:
    weeks = {day: with_event(day).plan(21) for day in range(21, 28)}
    assert not [day for day, week in weeks.items() if on(day) in {one.day for one in week.sessions if one.hard}]


def test_the_week_before_the_event_has_fewer_sets() -> None:
    built, usual = with_event(49, weeks=6).plan(42), lived(6)[1][-1]
    assert built.easy_week
    assert sum(of_programme(built, RULES).values()) <= 0.6 * sum(of_programme(usual, RULES).values())


def test_a_named_event_goes_before_an_offer_and_ends_when_it_is_taken_back() -> None:
    life = with_event(49, weeks=6)
    assert cases(life.plan(42).notices) & {("event_plan", "taper"), ("deload", "planned")} == {("event_plan", "taper")}
    life.choose("event", None, day=41)
    assert life.plan(42).event is None
    assert not life.plan(42).easy_week


# --------------------------------------------------------------------------------------------------- breaks


@pytest.mark.requirement("R079")
@pytest.mark.parametrize("persona", ["sedentary", "office", "desk_athlete"])
def test_who_sits_much_gets_breaks(persona: str) -> None:
    life = person()
    assert life.plan().breaks is None
    life.choose("persona", persona)
    breaks = life.plan().breaks
    assert breaks is not None
    assert (breaks.every_min, breaks.walk_min, breaks.chair_stands) == (30, (1, 3), (5, 10))
    assert ("plan_personas", persona) in cases(breaks.why)


@pytest.mark.requirement("R079")
def test_long_sitting_told_in_the_intake_leads_to_breaks() -> None:
    life = person(sitting_longest=120.0)
    breaks = find_breaks(life.context(0))
    assert breaks is not None
    assert ("finding_to_exercise", "long_sitting") in cases(breaks.why)
    assert find_breaks(person(sitting_longest=20.0).context(0)) is None


@pytest.mark.parametrize(("pain", "only"), [(2.0, False), (3.0, True), (6.0, True)])
def test_breaks_are_walks_only_while_something_hurts(pain: float, only: bool) -> None:
    life = person()
    life.choose("persona", "office")
    life.did(0, "glute_bridge", pain=pain)
    breaks = find_breaks(life.context(1))
    assert breaks is not None
    assert breaks.walk_only is only
