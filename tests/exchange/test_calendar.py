"""Why it exists: the calendar file holds every session once, at the right local time on any day of the year."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from levelstride.exchange.calendar import STARTS, calendar
from levelstride.library.loader import knowledge
from levelstride.programme.model import Programme, Retest, WalkPart
from levelstride.screening.sayings import Phrases
from tests.programme.weeks import MONDAY, NEXT, bridge, move, session, walk, week

KNOWN = knowledge()
ENGLISH = Phrases(KNOWN)
ISSUED = datetime(2026, 9, 14, 7, 0, tzinfo=timezone(timedelta(hours=2)))
PRAGUE = "Europe/Prague"
TUESDAY = MONDAY + timedelta(days=1)


def events(
    *programmes: Programme, zone: str = PRAGUE, best_time: str | None = "morning", since: date | None = None
) -> dict[str, dict]:
    issued = [(one, ISSUED + timedelta(hours=number)) for number, one in enumerate(programmes)]
    return read(calendar(issued, ENGLISH, zone=zone, best_time=best_time, since=since))


def read(content: bytes) -> dict[str, dict]:
    """Return the events of a file by UID; each UID stands once."""
    found = Calendar.from_ical(content).walk("VEVENT")
    assert len({str(one["UID"]) for one in found}) == len(found)
    return {str(one["UID"]): one for one in found}


def start(event: dict) -> datetime:
    return event["DTSTART"].dt


def test_a_session_stands_at_the_best_time_for_its_length() -> None:
    found = events(week(session(MONDAY, move(), bridge())), best_time="evening")
    event = found["2026-09-14-standalone@levelstride"]
    assert start(event) == datetime(2026, 9, 14, 18, 30, tzinfo=ZoneInfo(PRAGUE))
    assert event["DURATION"].dt == timedelta(minutes=8)
    assert event["DTSTAMP"].dt == datetime(2026, 9, 14, 5, 0, tzinfo=UTC)
    assert "Clamshell, left and right: 2 sets of 15." in event["DESCRIPTION"]
    assert int(event["SEQUENCE"]) == 0


def test_an_event_is_discreet() -> None:
    content = calendar([(week(session(MONDAY, move()), walk(TUESDAY)), ISSUED)], ENGLISH, zone=PRAGUE)
    for event in read(content).values():
        assert event["SUMMARY"] == "Practice"
        assert "LOCATION" not in event
        assert not event.subcomponents
    assert b"VALARM" not in content


@pytest.mark.parametrize("best_time", [*STARTS, None, "unheard of"])
def test_every_answer_has_a_time_of_day(best_time: str | None) -> None:
    (event,) = events(week(session(MONDAY, move())), best_time=best_time).values()
    expected = STARTS.get(best_time or "any", STARTS["any"])
    assert start(event).time() == expected


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)]
)
@pytest.mark.parametrize("zone", [PRAGUE, "America/New_York", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("best_time", ["morning", "evening"])
def test_local_time_and_length_hold_on_odd_days(day: date, zone: str, best_time: str) -> None:
    monday = day - timedelta(days=day.weekday())
    (event,) = events(
        week(session(day, bridge(seconds=3600)), starts_on=monday), zone=zone, best_time=best_time
    ).values()
    assert start(event).date() == day
    assert start(event).time() == STARTS[best_time]
    assert start(event).utcoffset() == datetime.combine(day, STARTS[best_time], ZoneInfo(zone)).utcoffset()
    assert event["DURATION"].dt == timedelta(hours=1)
    assert "DTEND" not in event


def test_a_session_that_ends_after_midnight_keeps_its_day_and_length() -> None:
    long = session(MONDAY, bridge(seconds=6 * 3600))
    (event,) = events(week(long), best_time="evening").values()
    assert start(event).date() == MONDAY
    assert event["DURATION"].dt == timedelta(hours=6)


def test_the_zone_of_the_file_is_described_in_it() -> None:
    content = calendar([(week(session(MONDAY, move())), ISSUED)], ENGLISH, zone=PRAGUE)
    zones = Calendar.from_ical(content).walk("VTIMEZONE")
    assert [str(one["TZID"]) for one in zones] == [PRAGUE]


@pytest.mark.parametrize("zone", ["UTC+02:00", "", "Nowhere/Land"])
def test_without_a_known_zone_times_are_local_anywhere(zone: str) -> None:
    (event,) = events(week(session(MONDAY, move())), zone=zone).values()
    assert start(event).tzinfo is None
    assert start(event) == datetime(2026, 9, 14, 8, 0)


def test_sessions_of_one_day_do_not_lie_on_each_other() -> None:
    one = session(MONDAY, move(seconds=600), kind="pre_walk", before_walk=True)
    two = walk(MONDAY, 30)
    tiny = [session(MONDAY, move(seconds=60), kind="micro", id=f"2026-09-14-micro-{n}") for n in range(3)]
    found = sorted(events(week(one, two, *tiny)).values(), key=start)
    for before, after in pairwise(found):
        assert start(before) + before["DURATION"].dt <= start(after)


@pytest.mark.requirement("R019", "R079")
@pytest.mark.parametrize("best_time", [*STARTS])
def test_a_day_has_each_small_extra_once_and_none_lies_on_another_session(best_time: str) -> None:
    extras = [session(MONDAY, move(seconds=120), kind=kind) for kind in ("pre_run", "warmup_insert", "desk_break")]
    pause = session(TUESDAY, kind="desk_break", walk=WalkPart(minutes=3))
    found = events(week(session(MONDAY, bridge(seconds=2400)), walk(MONDAY, 30), *extras, pause), best_time=best_time)
    assert {f"2026-09-14-{one.kind}@levelstride" for one in extras} < set(found)
    assert found["2026-09-15-desk_break@levelstride"]["DURATION"].dt == timedelta(minutes=3)
    day = sorted((one for one in found.values() if start(one).date() == MONDAY), key=start)
    assert len(day) == 5
    for before, after in pairwise(day):
        assert start(before) + before["DURATION"].dt <= start(after)


def test_taking_the_file_in_again_doubles_nothing() -> None:
    programme = week(session(MONDAY, move()), session(TUESDAY, bridge()), walk(TUESDAY))
    first = calendar([(programme, ISSUED)], ENGLISH, zone=PRAGUE)
    assert first == calendar([(programme, ISSUED)], ENGLISH, zone=PRAGUE)
    both = read(calendar([(programme, ISSUED), (programme, ISSUED + timedelta(days=1))], ENGLISH, zone=PRAGUE))
    assert set(both) == set(read(first))
    assert {int(one["SEQUENCE"]) for one in both.values()} == {0}


def test_a_moved_session_keeps_its_uid_and_counts_up() -> None:
    first = week(session(TUESDAY, move()), session(MONDAY, bridge()))
    second = week(session(TUESDAY + timedelta(days=2), move(), first=TUESDAY), session(MONDAY, bridge()))
    found = events(first, second)
    moved = found["2026-09-15-standalone@levelstride"]
    assert start(moved).date() == date(2026, 9, 17)
    assert int(moved["SEQUENCE"]) == 1
    assert moved["DTSTAMP"].dt > found["2026-09-14-standalone@levelstride"]["DTSTAMP"].dt
    assert int(found["2026-09-14-standalone@levelstride"]["SEQUENCE"]) == 0


def test_a_session_that_fell_away_is_called_off_and_one_of_the_past_is_not() -> None:
    later = MONDAY + timedelta(days=3)
    first = week(session(MONDAY, move()), session(later, bridge()))
    again = [(first, ISSUED), (week(), ISSUED + timedelta(days=2))]
    found = read(calendar(again, ENGLISH, zone=PRAGUE))
    assert str(found["2026-09-17-standalone@levelstride"]["STATUS"]) == "CANCELLED"
    assert int(found["2026-09-17-standalone@levelstride"]["SEQUENCE"]) == 1
    assert str(found["2026-09-14-standalone@levelstride"]["STATUS"]) == "CONFIRMED"


def test_the_next_week_leaves_this_one_alone() -> None:
    found = events(week(session(MONDAY, move())), week(session(NEXT, move()), starts_on=NEXT))
    assert {str(one["STATUS"]) for one in found.values()} == {"CONFIRMED"}
    assert len(found) == 2
    assert len(events(week(session(MONDAY, move())), week(session(NEXT, move()), starts_on=NEXT), since=NEXT)) == 1


def test_a_retest_is_a_whole_day_and_follows_the_latest_plan() -> None:
    test = Retest(day=MONDAY + timedelta(days=14), extent="short", tests=("sls_eo",))
    other = Retest(day=MONDAY + timedelta(days=15), extent="short", tests=("sls_eo",))
    (event,) = events(week(retests=(test,))).values()
    assert event["DTSTART"].dt == date(2026, 9, 28)
    assert not isinstance(event["DTSTART"].dt, datetime)
    assert event["SUMMARY"] == "Practice check"
    assert str(event["DESCRIPTION"]) == KNOWN.tests["sls_eo"].name
    later = events(week(retests=(test,)), week(retests=(other,), starts_on=NEXT))
    assert {uid: str(one["STATUS"]) for uid, one in later.items()} == {
        "2026-09-28-retest-short@levelstride": "CANCELLED",
        "2026-09-29-retest-short@levelstride": "CONFIRMED",
    }


def test_the_words_are_in_the_language_of_the_person() -> None:
    spanish = Phrases(KNOWN, "es")
    (event,) = read(calendar([(week(session(MONDAY, move())), ISSUED)], spanish, zone=PRAGUE)).values()
    assert str(event["SUMMARY"]) == spanish.heading("plan_calendar_title")


@settings(max_examples=25)
@given(st.dates(date(2024, 1, 1), date(2036, 1, 1)), st.sampled_from([PRAGUE, "America/Santiago", "Asia/Kolkata"]))
def test_any_day_of_any_year_reads_back(day: date, zone: str) -> None:
    (event,) = events(week(session(day, move()), starts_on=day), zone=zone).values()
    assert start(event).replace(tzinfo=None) == datetime.combine(day, STARTS["morning"])
