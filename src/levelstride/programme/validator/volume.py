"""Why it exists: how much hard work a week holds, how fast it rises and how far apart it lies."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from math import ceil

from levelstride.programme.model import Move, Programme, Session
from levelstride.programme.validator.moves import VERSIONS, Version, versions
from levelstride.programme.validator.person import Person
from levelstride.programme.validator.verdict import Sheet

#: Kinds that train no single muscle: their hard work is not counted in sets per muscle.
WHOLE_BODY = frozenset({"conditioning", "gait_drill"})
#: Weeks looked back at for the rise.
RAMP_WEEKS = 3
HOURS_PER_DAY = 24


def muscles_of(move: Move, person: Person) -> tuple[str, ...]:
    """Return the muscles that a move trains first."""
    exercise = person.known.exercises.get(move.exercise)
    return () if exercise is None or exercise.kind in WHOLE_BODY else exercise.muscles.primary


def hard_muscles(session: Session, person: Person) -> frozenset[str]:
    """Return the muscles that work hard in any version of a session."""
    moves = [move for _, moves in versions(session) for move in moves if move.hard]
    return frozenset(muscle for move in moves for muscle in muscles_of(move, person))


def hard_sets(sessions: Iterable[Session], person: Person, version: Version = "moves") -> Counter[str]:
    """Return the hard sets of each muscle in a week; where a session lacks the version, its full one counts."""
    found: Counter[str] = Counter()
    for session in sessions:
        for move in getattr(session, version) or session.moves:
            if move.hard:
                for muscle in muscles_of(move, person):
                    found[muscle] += move.sets
    return found


def gap_days(person: Person) -> int:
    """Return how many calendar days must lie between two hard sessions for one muscle."""
    return ceil(person.rules.number("weekly_volume", "hard_gap") / HOURS_PER_DAY)


def check_gaps(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Check that hard work for one muscle lies far enough apart, within the week and from what was done before."""
    gap = gap_days(person)
    done = dict(hard_done(programme.starts_on - timedelta(days=gap), programme.starts_on, (*before, programme), person))
    sessions = [(session, hard_muscles(session, person)) for session in programme.sessions]
    hard = sorted(((one, found) for one, found in sessions if found), key=lambda pair: (pair[0].day, pair[0].id))
    for number, (session, muscles) in enumerate(hard):
        for other, others in hard[number + 1 :]:
            days = (other.day - session.day).days
            both = sorted(muscles & others)
            if days < gap and both:
                text = f"{session.day} and {other.day} both work {', '.join(both)} hard"
                sheet.broken("weekly_volume", "gap_short", text, session=other.id)
        for day, worked in sorted(done.items()):
            both = sorted(muscles & worked)
            if (session.day - day).days < gap and both:
                text = f"{', '.join(both)} worked hard on {day}, and again on {session.day}"
                sheet.broken("weekly_volume", "gap_short", text, session=session.id)


def hard_done(
    since: date, until: date, programmes: tuple[Programme, ...], person: Person, *, but: str | None = None
) -> Iterator[tuple[date, frozenset[str]]]:
    """Give each day in ``[since, until)`` with the muscles that worked hard; ``but`` = a session left out."""
    worked: dict[date, set[str]] = {}
    sets: dict[tuple[date, str, str | None], list[float | None]] = {}
    for one in reversed(person.state.sets):
        day = one.at.date()
        if day < since - timedelta(days=1):  # time zones may differ from entry to entry
            break
        if since <= day < until and not one.body.skipped and (but is None or one.body.session != but):
            sets.setdefault((day, one.body.exercise, one.body.session), []).append(one.body.rpe)
    for (day, name, session), efforts in sets.items():
        exercise = person.known.exercises.get(name)
        if (
            exercise is not None
            and exercise.kind not in WHOLE_BODY
            and _was_hard(efforts, name, session, programmes, person)
        ):
            worked.setdefault(day, set()).update(exercise.muscles.primary)
    return ((day, frozenset(muscles)) for day, muscles in worked.items())


def _was_hard(
    efforts: list[float | None], name: str, session: str | None, programmes: tuple[Programme, ...], person: Person
) -> bool:
    """Say whether sets were hard: as told, else as planned, else by what the exercise usually asks."""
    easy = person.rules.number("weekly_volume", "daily_rpe_max")
    told = [effort for effort in efforts if effort is not None]
    if told:
        return max(told) > easy
    for programme in reversed(programmes):
        for planned in programme.sessions:
            moves = [move for _, moves in versions(planned) for move in moves if move.exercise == name]
            if planned.id == session and moves:
                return any(move.hard for move in moves)
    doses = person.known.exercises[name].doses.values()
    presets = [person.known.doses[dose.preset].rpe for dose in doses if dose.rpe is None and dose.preset is not None]
    spans = [span for span in (*(dose.rpe for dose in doses), *presets) if span is not None]
    return bool(spans) and min(span.high for span in spans) > easy


def check_ramp(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Check that the hard sets of each muscle rise slowly, and never above the aim, whichever version is done."""
    rules = person.rules
    weeks = [week for week in last_of_each_week(before, programme) if not week.easy_week][-RAMP_WEEKS:]
    most = [hard_sets(week.sessions, person) for week in weeks]
    rise = 100 + rules.whole("weekly_volume", "weekly_rise_max")
    start, target = rules.whole("week_plan", "hard_start"), rules.whole("weekly_volume", "hard_sets_target")
    for version in VERSIONS:
        for muscle, sets in sorted(hard_sets(programme.sessions, person, version).items()):
            highest = max((week[muscle] for week in most), default=0)
            allowed = min(target, max(start, highest * rise // 100))
            if sets > allowed:
                text = f"{version}: {sets} hard sets for {muscle}, {allowed} at most ({highest} before)"
                sheet.broken("weekly_volume", "too_fast", text)


def last_of_each_week(before: tuple[Programme, ...], programme: Programme) -> tuple[Programme, ...]:
    """Return the earlier programmes, oldest first: of those made for one week the last one."""
    weeks = {week.starts_on: week for week in before if week.starts_on < programme.starts_on}
    return tuple(weeks[day] for day in sorted(weeks))
