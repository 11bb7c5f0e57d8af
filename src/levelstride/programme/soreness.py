"""Why it exists: what lasts beyond one bout - flare-ups, sore muscles, being unwell, and signs that stopped a session.

Rules ``flare_up``, ``soreness``, ``check_in`` (case ``unwell``) and ``stop_signs``. What is only in a note is not read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Literal

from levelstride.journal.bodies import Incident, Session, Side
from levelstride.journal.state import Logged, State
from levelstride.programme.history import History
from levelstride.programme.model import WEEK, Why
from levelstride.programme.rulebook import Rulebook

Action = Literal["none", "hold", "repeat", "step_down"]
_STRICTER: tuple[Action, ...] = ("none", "hold", "repeat", "step_down")
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
#: Levels at which nothing may be done, and those at which a clinician is suggested.
_STOPS = ("emergency", "same_day")
_REFERS = ("before_start",)
#: Beginning of the note of a session that was left because of a sign; the case of ``stop_signs`` follows.
STOP_NOTE = "stop:"


@dataclass(frozen=True)
class Sore:
    """What sore muscles ask for; ``rest_until`` = first day on which to train again."""

    action: Action
    rest_until: date | None
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Flare:
    """A flare-up that is not over; ``day`` 0 = the first day, ``steps_back_allowed`` = steps up earned since.

    ``part`` *back* = a step has just been earned. A red day within it starts its first days and its steps anew.
    """

    since: date
    day: int
    part: Literal["first", "wait", "back"]
    steps_back_allowed: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Red:
    """A red: the day that counts for a referral, and the day on which it was told."""

    counts: date
    told: date
    entries: tuple[str, ...]


@dataclass(frozen=True)
class _Report:
    """Where it is sore (place None = said in a check-in, anywhere), and for how many hours after the session."""

    at: datetime
    place: tuple[str, Side | None] | None
    score: float
    hours: float | None
    eases: bool | None
    entry: str


# --------------------------------------------------------------------------------------------- flare-ups


def read_flare(reds: Iterable[Red], green: set[date], rules: Rulebook, today: date) -> tuple[Flare | None, list[date]]:
    """Return the flare-up that is not over, and the first days of all.

    It is over after the green sessions of as many steps as lead from the first dose back to the usual one, and never
    by time alone. Several sessions of one day count as one.
    """
    told: dict[date, list[str]] = {}
    for red in reds:
        told.setdefault(red.told, []).extend(red.entries)
    per_step = rules.whole("flare_up", "green_per_step")
    enough = per_step * ceil(100 / rules.number("flare_up", "first_dose"))
    since, count, starts, entries, last = None, 0, list[date](), list[str](), today
    for day in sorted({*told, *green}):
        if day in told:
            if since is None:
                since, entries = day, []
                starts.append(day)
            entries, last, count = [*entries, *told[day]], day, 0
        elif since is not None:
            count += 1
            since = since if count < enough else None
    if since is None:
        return None, starts
    quiet = (today - last) // _DAY
    if quiet <= rules.wholes("flare_up", "first_days")[1] or quiet < rules.wholes("flare_up", "return_days")[0]:
        why = rules.why("flare_up", "start", *entries)
        return Flare(since, (today - since) // _DAY, "first", 0, (why,)), starts
    earned = count > 0 and count % per_step == 0
    part: Literal["wait", "back"] = "back" if earned else "wait"
    why = rules.why("flare_up", part, *entries)
    return Flare(since, (today - since) // _DAY, part, count // per_step, (why,)), starts


def read_referrals(
    reds: Iterable[Red], starts: Iterable[date], flare: Flare | None, rules: Rulebook, today: date
) -> Iterator[Why]:
    """Give why a clinician is suggested; windows end with today and are as long as the rule says."""
    window = today - _DAY * rules.whole("pain_colours", "reds_window")
    lately = [red for red in reds if window < red.counts]
    if len({red.counts for red in lately}) >= rules.number("pain_colours", "reds_to_refer"):
        yield rules.why("pain_colours", "red_again", *(entry for red in lately for entry in red.entries))
    no_better = rules.number("flare_up", "no_better") * WEEK
    if flare is not None and flare.steps_back_allowed == 0 and flare.day >= no_better:
        yield rules.why("flare_up", "no_better", *flare.why[0].entries)
    weeks = today - _DAY * (rules.whole("flare_up", "flares_window") * WEEK)
    if len([day for day in starts if weeks < day]) >= rules.number("flare_up", "flares"):
        yield rules.why("flare_up", "often")


# ------------------------------------------------------------------------------------------- sore muscles


def read_soreness(history: History, rules: Rulebook, now: datetime) -> Sore:
    """Return what sore muscles ask for today.

    A report stands until a later one that it is gone or mild (of its place, or of a check-in), or until a session was
    done after its rest: then it was obeyed. A mild one (rule ``soreness``) asks for nothing, unless it stayed. Without
    ``hours_since`` the time since the last session before it counts. Sore within the first hour holds: no case of the
    rule fits, and a doubt holds.
    """
    done = [session.at for session in history.sessions]
    found: list[tuple[Action, str, str, date, _Report]] = []
    for report in _open(history, rules, now):
        before = [at for at in done if at <= report.at]
        action, rule, case, again = _asks(report, before[-1] if before else None, rules)
        if not any(again <= at.date() < now.date() for at in done):
            found.append((action, rule, case, again, report))
    if not found:
        return Sore("none", None, (rules.why("soreness", "none"),))
    worst = max((one[0] for one in found), key=_STRICTER.index)
    until = max(one[3] for one in found if one[0] == worst or one[3] > now.date())
    why = _merged(((rule, case, report.entry) for action, rule, case, _, report in found if action == worst), rules)
    return Sore(worst, until if until > now.date() else None, why)


def _open(history: History, rules: Rulebook, now: datetime) -> list[_Report]:
    """Return the last report of each place that nothing ended since."""
    mild = rules.number("soreness", "mild")
    reports = [
        _Report(
            one.at,
            (one.body.place, one.body.side),
            one.body.score,
            one.body.hours_since,
            one.body.eases_in_warm_up,
            one.id,
        )
        for one in history.soreness
        if one.at <= now
    ]
    reports += [
        _Report(one.at, None, one.body.soreness, None, None, one.id)
        for one in history.check_ins
        if one.body.soreness is not None and one.at <= now
    ]
    found: dict[tuple[str, Side | None] | None, _Report] = {}
    for report in sorted(reports, key=lambda report: (report.at, report.entry)):
        gone = report.score == 0 or (report.score <= mild and report.eases is not False and not report.hours)
        if report.place is None and gone:
            found.clear()
        elif gone:
            found.pop(report.place, None)
        else:
            general = found.get(None)
            if report.eases is not None and general is not None and general.at.date() == report.at.date():
                del found[None]  # the warm-up of the same day says more than the check-in before it
            found[report.place] = report
    return sorted(found.values(), key=lambda report: (report.at, report.entry))


def _asks(report: _Report, session: datetime | None, rules: Rulebook) -> tuple[Action, str, str, date]:
    """Return what one report asks for, by which case, and the first day on which to train again."""
    day = report.at.date()
    trained = session is not None and session.date() == day
    off = day + _DAY if trained else day  # the first whole day without training
    hours = report.hours
    if hours is None and session is not None:
        hours = (report.at - session) / _HOUR
    if hours is not None and hours > rules.number("soreness", "too_long"):
        return "step_down", "soreness", "too_long", off + _DAY * rules.whole("soreness", "rest_stays")
    if report.eases is False:
        return "step_down", "soreness", "stays", day + _DAY + _DAY * rules.whole("soreness", "rest_stays")
    if report.eases:
        return "repeat", "soreness", "goes", day
    if hours is None or hours > rules.number("soreness", "lasting"):
        return "repeat", "soreness", "after", off + _DAY * rules.whole("soreness", "rest_after")
    return "hold", "check_in", "sore", day


# ------------------------------------------------------------------------------------------ unwell, stopped


def read_unwell(state: State, rules: Rulebook, now: datetime) -> tuple[Why, ...]:
    """Return why there is no session today: the last check-in says unwell, or a sign ended today's session.

    A check-in that says no lifts both; one from the future says nothing yet, but a yes does.
    """
    today = now.date()
    said = [
        one
        for one in state.check_ins
        if one.body.unwell is not None and one.at.date() >= today and (one.body.unwell or one.at <= now)
    ]
    if said and said[-1].body.unwell:
        return (rules.why("check_in", "unwell", said[-1].id),)
    well = said[-1].at if said else None
    return _merged(
        (
            ("stop_signs", case, one.id)
            for one, case, level in _left(state, rules)
            if level not in _STOPS and one.at.date() >= today and (well is None or one.at > well)
            if case is not None and "stop_session" in rules.case("stop_signs", case).actions
        ),
        rules,
    )


def read_stops(state: State, rules: Rulebook, now: datetime) -> tuple[tuple[Why, ...], tuple[Why, ...]]:
    """Return why nothing may be done, and why a clinician is suggested, by signs and events in the journal.

    An event or a session left because of a sign stands until a clinician's agreement to it (``stop_signs/<case>``,
    ``events/<what>`` or a red flag of a session), or until every sign of a session was answered anew: from then on
    the screening decides. For the first hours (``pain_colours.settle_by_h``) answers do not lift an event.
    """
    stop: list[tuple[str, str, str]] = []
    refer: list[tuple[str, str, str]] = []
    for one, case, level in _left(state, rules):
        key = f"stop_signs/{case}"
        if level in (*_STOPS, *_REFERS) and not _lifted(state, one.at, key, timedelta(0), rules, now):
            why = ("pain_colours", "black", one.id) if case is None else ("stop_signs", case, one.id)
            (stop if level in _STOPS else refer).append(why)
    least = timedelta(hours=rules.number("pain_colours", "settle_by_h"))
    for event in state.incidents:
        kind = _event_level(event.body)
        if kind is not None and not _lifted(state, event.at, f"events/{event.body.what}", least, rules, now):
            (stop if kind in _STOPS else refer).append((*_event_case(event.body.what, kind), event.id))
    return _merged(stop, rules), _merged(refer, rules)


def _event_level(event: Incident) -> str | None:
    """Return the level of an event that is more than a step back; a fall that nobody rated needs a clinician too."""
    if event.level in (*_STOPS, *_REFERS):
        return event.level
    return _REFERS[0] if event.what == "fall" and event.level is None else None


def _event_case(what: str, level: str) -> tuple[str, str]:
    if level in _REFERS:
        return "stop_signs", "fall_ok"
    if what != "fall":
        return "pain_colours", "black"
    return "stop_signs", "fall_cannot_stand" if level == "emergency" else "fall_hurt"


def _left(state: State, rules: Rulebook) -> Iterator[tuple[Logged[Session], str | None, str]]:
    """Give the sessions left because of a sign, with its case and level; an unknown sign (None) stops."""
    known = {case.id: case.level for case in rules.known.rules["stop_signs"].cases}
    for one in state.sessions:
        note = one.body.note or ""
        if one.body.event != "left" or not note.startswith(STOP_NOTE):
            continue
        case = note.removeprefix(STOP_NOTE).strip().partition(" ")[0]
        level = known.get(case)
        yield (one, None, _STOPS[-1]) if level is None else (one, case, level)


def _lifted(state: State, at: datetime, key: str, least: timedelta, rules: Rulebook, now: datetime) -> bool:
    signs = [f"red_flags/{flag.id}" for flag in rules.known.rules["red_flags"].flags if flag.group == "in_session"]
    for one in state.clearances:
        if at < one.at <= now and not {key, *signs}.isdisjoint(one.body.covers):
            return True
    return now - at >= least and bool(signs) and all(_answered(state, sign, at, now) for sign in signs)


def _answered(state: State, question: str, since: datetime, now: datetime) -> bool:
    return any(
        since <= given.at <= now and (isinstance(given.value, bool) or given.value == "not_sure")
        for given in state.answers.get((question, None), ())
    )


def _merged(found: Iterable[tuple[str, str, str]], rules: Rulebook) -> tuple[Why, ...]:
    """Return one reason for each case, with the entries of all that told it."""
    entries: dict[tuple[str, str], list[str]] = {}
    for rule, case, entry in found:
        entries.setdefault((rule, case), []).append(entry)
    return tuple(rules.why(rule, case, *ids) for (rule, case), ids in entries.items())
