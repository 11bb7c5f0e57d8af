"""What the clock, the place and the calendar must not change: midnight, time zones, clock changes, leap days."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import CheckIn, Pain, SetDone, Walk
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.journal.state import fold
from levelstride.programme.context import rulebook
from levelstride.programme.day import day_plan
from levelstride.programme.history import read_history
from levelstride.programme.model import WEEK, Programme
from levelstride.programme.pain import read_pain
from levelstride.programme.plan import issue, next_start, open_week, plan
from levelstride.screening.decision import Permit
from levelstride.screening.findings import find
from levelstride.screening.safety import decide
from tests.programme.lives import Life, live
from tests.programme.somebody import ZONE, Diary, Somebody, Temper, arrive, draw_person, draw_temper
from tests.screening.support import KNOWN

RULES = rulebook(KNOWN)
FEW = settings(max_examples=2, deadline=None)
#: Nights on which the clocks of a zone change: the zone, the first day of a week over it.
CLOCK_CHANGES = (
    ("Europe/Prague", date(2026, 10, 22)),
    ("Europe/Prague", date(2027, 3, 25)),
    ("America/New_York", date(2026, 10, 30)),
    ("America/New_York", date(2027, 3, 11)),
    ("Australia/Lord_Howe", date(2026, 10, 1)),
)
FINE = CheckIn(sleep_hours=8.0, sleep_quality=8.0, stress=1.0, unwell=False)


def first_week(diary: Diary, day: int = 0) -> Programme:
    """Write down the week that is planned on a day, and return it."""
    state, now = diary.state, diary.at(day, 7 * 60)
    permit = Permit(decide(state, KNOWN, now))
    programme = plan(permit, state, find(state, KNOWN, now.date()), KNOWN, now)
    diary.write(issue(programme), day, 7 * 60)
    return programme


def offered(diary: Diary, programme: Programme, day: int, minute: float = 8 * 60):
    """Return the day as it is offered at a moment."""
    state, now = diary.state, diary.at(day, minute)
    return day_plan(Permit(decide(state, KNOWN, now)), programme, state, KNOWN, now)


def told_as_days(lived: Life, first: date) -> list[str]:
    """Return the weeks of a life with every date written as the number of days since the first."""
    found = []
    for one in lived.weeks:
        text = one.programme.model_copy(update={"id": "", "input_hash": ""}).model_dump_json()
        for number in range(-40, 90):
            text = text.replace((first + timedelta(days=number)).isoformat(), f"<{number}>")
        found.append(text)
        for day in one.days:
            found += [
                f"{(day.plan.day - first).days} {session.kind} {session.minutes}" for session in day.plan.sessions
            ]
    return found


class TestMidnight:
    @pytest.mark.parametrize(("minute", "day"), [(1439, 0), (1441 - 1440, 1)])
    def test_a_set_belongs_to_the_day_it_was_done_on(self, minute: int, day: int):
        diary = Diary()
        diary.write(SetDone(exercise="clamshell", side="left", reps=10), day, minute)
        past = read_history(diary.state)
        assert [one.day for one in past.sessions] == [diary.starts_on + timedelta(days=day)]
        assert past.sessions[0].session == (diary.starts_on + timedelta(days=day)).isoformat()

    def test_two_sets_on_both_sides_of_it_are_two_days_and_one_session_only_when_it_is_named(self):
        for session, days in ((None, 2), ("late", 1)):
            diary = Diary()
            diary.write(SetDone(exercise="clamshell", side="left", reps=10, session=session), 0, 1439)
            diary.write(SetDone(exercise="clamshell", side="left", reps=10, session=session), 1, 1)
            assert len(read_history(diary.state).sessions) == days

    @pytest.mark.parametrize(("minute", "day", "counts"), [(1439, 1, False), (1, 2, True), (1439, 2, True)])
    def test_a_check_in_holds_for_its_own_day_only(self, minute: int, day: int, counts: bool):
        diary = Diary()
        arrive(diary, Somebody())
        programme = first_week(diary)
        diary.write(FINE, day, minute)
        assert ("check_in" not in offered(diary, programme, 2, 1439.5).asks) == counts

    @pytest.mark.parametrize(("minute", "day", "counts"), [(1439, 0, False), (1, 1, True)])
    def test_the_next_morning_begins_after_it(self, minute: int, day: int, counts: bool):
        diary = Diary()
        diary.write(SetDone(exercise="clamshell", side="left", reps=10, pain=0.0), 0, 1200)
        diary.write(Pain(place="knee", score=0.0, when="next_morning", back_to_usual=True), day, minute)
        assert (read_history(diary.state).sessions[0].morning is not None) == counts

    def test_being_unwell_ends_a_day_and_not_the_next(self):
        diary = Diary()
        arrive(diary, Somebody())
        programme = first_week(diary)
        diary.write(CheckIn(unwell=True), 0, 1439)
        due = {session.day for session in programme.sessions}
        assert programme.starts_on in due
        assert offered(diary, programme, 0, 1439.5).sessions == ()
        assert offered(diary, programme, 1, 1).sessions  # what was missed yesterday, or what is due

    def test_a_walk_ticks_off_the_walk_of_its_own_day(self):
        for minute, day, left in ((1439, 0, True), (1, 1, False), (1439, 1, False)):
            diary = Diary()
            arrive(diary, Somebody())
            programme = first_week(diary)
            walk = next(session for session in programme.sessions if session.kind == "walk")
            shift = (walk.day - diary.starts_on).days - 1
            diary.write(Walk(duration_s=1200.0, worst_pain=0.0), day + shift, minute)
            kinds = {session.id for session in offered(diary, programme, shift + 1, 1439.5).sessions}
            assert (walk.id in kinds) == left

    def test_a_week_ends_at_the_midnight_after_its_seventh_day(self):
        diary = Diary()
        arrive(diary, Somebody())
        programme = first_week(diary)
        state = diary.state
        assert open_week(state, diary.at(6, 1439).date()) == programme
        assert open_week(state, diary.at(7, 1).date()) is None
        assert next_start(state, diary.at(7, 1).date()) == programme.starts_on + timedelta(days=WEEK)


class TestPlaces:
    @pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
    @FEW
    @given(number=st.integers(0, 10**6))
    def test_the_same_weeks_told_in_another_time_zone_give_the_same_days(self, zone: str, number: int):
        def there(place: str) -> Life:
            r = Random(number)
            return live(draw_person(r), draw_temper(r), r, weeks=2, zone=place)

        here, away = there(ZONE), there(zone)
        assert told_as_days(away, date(2026, 5, 14)) == told_as_days(here, date(2026, 5, 14))
        assert [one.programme for one in away.weeks] == [one.programme for one in here.weeks]

    def test_a_journey_moves_no_day(self):
        diary = Diary()
        arrive(diary, Somebody())
        programme = first_week(diary)
        session = next(one for one in programme.sessions if one.kind == "standalone")
        # done at half past eight in the evening far in the west, when at home the next day has begun
        away = replace_zone(diary, "America/Los_Angeles")
        shift = (session.day - diary.starts_on).days
        away.write(SetDone(exercise="clamshell", side="left", reps=10, session=session.id), shift, 20 * 60 + 30)
        away.write(SessionEvent(session=session.id, event="ended"), shift, 20 * 60 + 40)
        done = read_history(away.state).sessions[-1]
        assert done.day == session.day
        assert done.at.astimezone(ZoneInfo(ZONE)).date() == session.day + timedelta(days=1)

    @pytest.mark.parametrize("hours", [-11, -5, 0, 5.75, 14])
    def test_pain_is_read_by_the_persons_own_days(self, hours: float):
        from datetime import timezone

        zone = timezone(timedelta(hours=hours))
        diary = Diary()
        wall = datetime(2026, 5, 14, 9, tzinfo=zone)
        from levelstride.journal.entry import new_entry

        red = new_entry(SetDone(exercise="clamshell", side="left", reps=10, pain=8.0), at=wall, zone="UTC")
        for day, rests in ((1, True), (2, True), (3, False)):
            now = wall.replace(hour=0, minute=1) + timedelta(days=day)
            state = fold([red])
            found = read_pain(read_history(state, now), state, RULES, now).moves["clamshell", "left"]
            assert (found.rest_until is not None and now.date() < found.rest_until) == rests
        assert diary.entries == []


def replace_zone(diary: Diary, zone: str) -> Diary:
    return replace(diary, zone=zone)


class TestTheCalendar:
    @pytest.mark.parametrize(("zone", "first"), CLOCK_CHANGES)
    def test_a_night_on_which_clocks_change_neither_moves_nor_doubles_a_session(self, zone: str, first: date):
        diary = Diary(first, zone)
        arrive(diary, Somebody(days=3))
        usual = Diary(date(2026, 6, 4) + timedelta(days=(first.weekday() - 3) % 7), zone)
        arrive(usual, Somebody(days=3))
        programme, other = first_week(diary), first_week(usual)
        days = [((one.day - first).days, one.kind) for one in programme.sessions]
        assert days == [((one.day - usual.starts_on).days, one.kind) for one in other.sessions]
        seen = Counter(
            session.id
            for day in range(WEEK)
            for session in offered(diary, programme, day, 1439).sessions
            if session.id.startswith((first + timedelta(days=day)).isoformat())
        )
        assert seen == Counter(session.id for session in programme.sessions)
        assert all(times == 1 for times in seen.values())

    @pytest.mark.parametrize(("zone", "first"), CLOCK_CHANGES)
    def test_two_days_between_hard_sessions_are_two_nights_however_long_they_last(self, zone: str, first: date):
        r = Random(7)
        person = Somebody(phase="P3", days=3, minutes=30)
        lived = live(person, Temper(meddles=0.0), r, weeks=2, starts_on=first, zone=zone)
        assert lived.weeks
        for one in lived.weeks:
            days = [session.day for session in one.programme.sessions if session.hard]
            assert len(days) >= 2
            assert all((later - earlier).days >= 2 for earlier, later in pairwise(days))

    @pytest.mark.parametrize("start", [date(2028, 2, 23), date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 24)])
    def test_a_leap_day_is_a_day_like_any_other(self, start: date):
        r = Random(3)
        lived = live(Somebody(phase="P2", days=3), Temper(meddles=0.0), r, weeks=2, starts_on=start)
        for number, one in enumerate(lived.weeks):
            assert one.programme.starts_on == start + timedelta(days=WEEK * number)
            week = [one.programme.starts_on + timedelta(days=day) for day in range(WEEK)]
            assert {session.day for session in one.programme.sessions} <= set(week)
            assert len({session.id for session in one.programme.sessions}) == len(one.programme.sessions)
        leap = date(2028, 2, 29)
        covering = [
            one for one in lived.weeks if one.programme.starts_on <= leap < one.programme.starts_on + timedelta(7)
        ]
        assert len(covering) == (1 if start.year == 2028 else 0)

    @FEW
    @given(st.integers(0, 10**6), st.sampled_from([date(2026, 10, 19), date(2027, 3, 22), date(2028, 2, 21)]))
    def test_the_same_weeks_lived_at_another_time_of_year_give_the_same_weeks(self, number: int, start: date):
        def then(first: date) -> Life:
            r = Random(number)
            person = draw_person(r)
            options = tuple((name, value) for name, value in person.options if name != "event")
            return live(replace(person, options=options), draw_temper(r), r, weeks=2, starts_on=first)

        usual = date(2026, 6, 1) + timedelta(days=(start.weekday()) % 7)
        assert told_as_days(then(start), start) == told_as_days(then(usual), usual)

    def test_the_year_turns_without_a_gap(self):
        r = Random(11)
        lived = live(Somebody(phase="P2"), Temper(meddles=0.0), r, weeks=3, starts_on=date(2026, 12, 21))
        assert [one.programme.starts_on for one in lived.weeks] == [
            date(2026, 12, 21),
            date(2026, 12, 28),
            date(2027, 1, 4),
        ]
        text = json.dumps([one.programme.content() for one in lived.weeks])
        assert "2026-12-28" in text
        assert [one.programme.week for one in lived.weeks] == [4, 5, 6]
