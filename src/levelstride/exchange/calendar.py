"""Why it exists: sessions and re-tests as a calendar file (iCalendar, RFC 5545) for any calendar program.

Every session keeps one UID: taken in again, the file changes events and adds no second ones. What was moved or fell
away gets a higher SEQUENCE. Titles are discreet, there is no alarm and no place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from icalendar import Calendar, Event

from levelstride.programme.model import WEEK, Programme, Session
from levelstride.programme.sayings import Line, session_lines
from levelstride.screening.sayings import Phrases

#: Start of the first session of a day, by the answer to ``intake/best_time``.
STARTS = {"morning": time(8, 0), "midday": time(12, 30), "evening": time(18, 30), "any": time(9, 0)}
#: Tiny sessions are spread over the day instead: the first, and the hours between two.
TINY = frozenset({"micro", "desk_break"})
TINY_START, TINY_APART = time(9, 30), timedelta(hours=2)
#: The second daily practice of one day.
SECOND_START = time(19, 30)

_PRODUCT = "-//Levelstride//Levelstride//EN"


@dataclass(frozen=True)
class _Planned:
    """One event as it stands in one issue; what is the same needs no higher sequence."""

    uid: str
    start: date | datetime
    minutes: int | None
    title: str
    says: str

    @property
    def day(self) -> date:
        return self.start.date() if isinstance(self.start, datetime) else self.start


@dataclass(frozen=True)
class _Kept:
    """One event after all issues: its last state, how often it changed, when, and whether it fell away."""

    planned: _Planned
    sequence: int
    stamp: datetime
    gone: bool = False


def calendar(
    issued: Sequence[tuple[Programme, datetime]],
    phrases: Phrases,
    *,
    zone: str,
    best_time: str | None = None,
    since: date | None = None,
) -> bytes:
    """Return the calendar file of issued programmes.

    Parameters
    ----------
    issued : sequence
        Programmes with the moment each was issued, in that order; a week that was issued again counts as it is last.
    zone : str
        IANA name of the person's time zone; where it is none (``UTC+02:00``), times float: they are local anywhere.
    best_time : str or None
        Answer to ``intake/best_time``.
    since : date or None
        Events of earlier days are left out.
    """
    where = _zone(zone)
    events: dict[str, _Kept] = {}
    for programme, at in issued:
        _take_in(events, programme, at, phrases, best_time)
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in sorted(events.values(), key=lambda one: (one.planned.day, one.planned.uid)):
        if since is None or one.planned.day >= since:
            made.add_component(_event(one, where))
    if where is not None and where is not UTC:
        _add_zone(made, events.values())
    return bytes(made.to_ical())


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _add_zone(made: Calendar, events: Iterable[_Kept]) -> None:
    days = [one.planned.day for one in events]
    if days:  # only the changes of the clock around these days: the file stays small
        made.add_missing_timezones(min(days).replace(month=1, day=1), max(days) + timedelta(days=400))


def _take_in(
    events: dict[str, _Kept], programme: Programme, at: datetime, phrases: Phrases, best_time: str | None
) -> None:
    """Bring one issue into the events: new ones, changed ones, and those to come that it no longer holds."""
    stamp = at.astimezone(UTC).replace(microsecond=0)
    planned = {one.uid: one for one in (*_sessions(programme, phrases, best_time), *_retests(programme, phrases))}
    begin = max(programme.starts_on, at.date())  # what lies behind is never called off
    end = programme.starts_on + timedelta(days=WEEK)
    for uid, before in events.items():
        is_test = before.planned.minutes is None
        concerned = begin <= before.planned.day and (is_test or before.planned.day < end)
        if uid not in planned and concerned and not before.gone:
            events[uid] = _Kept(before.planned, before.sequence + 1, stamp, gone=True)
    for uid, one in planned.items():
        found = events.get(uid)
        if found is None:
            events[uid] = _Kept(one, 0, stamp)
        elif found.planned != one or found.gone:
            events[uid] = _Kept(one, found.sequence + 1, stamp)


def _sessions(programme: Programme, phrases: Phrases, best_time: str | None) -> Iterator[_Planned]:
    days: dict[date, list[Session]] = {}
    for session in programme.sessions:
        days.setdefault(session.day, []).append(session)
    for day in sorted(days):
        for session, start in _timed(day, days[day], best_time):
            title = "plan_calendar_tests" if session.kind == "tests" else "plan_calendar_title"
            says = _text(session_lines(session, phrases))
            yield _Planned(f"{session.id}@levelstride", start, _minutes(session), phrases.heading(title), says)


def _minutes(session: Session) -> int:
    walk = session.walk.minutes if session.walk is not None else 0
    return max(1, session.minutes + walk)


def _timed(day: date, sessions: Sequence[Session], best_time: str | None) -> Iterator[tuple[Session, datetime]]:
    """Give the sessions of a day with their starts: one after the other, tiny ones spread over the day."""
    first = datetime.combine(day, STARTS.get(best_time or "any", STARTS["any"]))
    tiny = datetime.combine(day, TINY_START)
    daily = False
    taken: list[tuple[datetime, datetime]] = []
    for session in sorted(sessions, key=lambda one: one.kind in TINY):  # tiny ones go round what has its time
        if session.kind in TINY:
            length = timedelta(minutes=_minutes(session))
            while any(begin < tiny + length and tiny < end for begin, end in taken):
                tiny += TINY_APART
            yield session, tiny
            tiny += TINY_APART
        elif session.kind == "daily_activation" and daily:
            yield session, datetime.combine(day, SECOND_START)
        else:
            daily |= session.kind == "daily_activation"
            yield session, first
            end = first + timedelta(minutes=_minutes(session))
            taken.append((first, end))
            first = end


def _retests(programme: Programme, phrases: Phrases) -> Iterator[_Planned]:
    known = phrases.known.tests
    for one in programme.retests:
        names = "\n".join(phrases.say(known[name].name) for name in one.tests if name in known)
        uid = f"{one.day.isoformat()}-retest-{one.extent}@levelstride"
        yield _Planned(uid, one.day, None, phrases.heading("plan_calendar_tests"), names)


def _text(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _event(one: _Kept, where: tzinfo | None) -> Event:
    planned, event = one.planned, Event()
    event.add("uid", planned.uid)
    event.add("dtstamp", one.stamp)
    event.add("sequence", one.sequence)
    event.add("summary", planned.title)
    if planned.says:
        event.add("description", planned.says)
    event.add("status", "CANCELLED" if one.gone else "CONFIRMED")
    if isinstance(planned.start, datetime):
        event.add("dtstart", planned.start.replace(tzinfo=where))
        # a length, not an end: on the nights when the clock is changed the two are not the same
        event.add("duration", timedelta(minutes=planned.minutes or 0))
    else:
        event.add("dtstart", planned.start)
        event.add("transp", "TRANSPARENT")
    return event
