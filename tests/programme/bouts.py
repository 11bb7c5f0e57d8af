"""Why it exists: writes training days into a journal - sets, check-in, the morning after - for tests of levels.

Nothing here decides: a day is good in every answer unless a test says otherwise, and the levels stand in the tests.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from levelstride.journal.bodies import Body, CheckIn, Incident, Override, Pain, SetDone, Side
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.library.loader import knowledge
from levelstride.programme.context import Context, read_context, rulebook
from levelstride.programme.history import Done, History, read_history
from levelstride.programme.levels import Frame, Level, frame, library_dose
from levelstride.programme.model import Dose, Move, PhaseName, Why
from levelstride.programme.moves import Ask, make_move
from levelstride.programme.plan import issue
from levelstride.programme.progression import Standing
from levelstride.screening.decision import Permit
from levelstride.screening.safety import decide
from tests.programme.weeks import bridge, session, week
from tests.screening.support import intake

KNOWN = knowledge()
RULES = rulebook(KNOWN)
ZONE = "Europe/Prague"
HOME = timezone(timedelta(hours=2))
MONDAY = date(2026, 5, 4)
#: What is at hand for loads in kilos.
WEIGHTS = ("dumbbells",)
GOOD_DAY: dict[str, Any] = {"sleep_hours": 8.0, "sleep_quality": 8.0, "stress": 2.0}
Amounts = Sequence[int]


def defect(reason: str) -> pytest.MarkDecorator:
    """Mark what the product should do and does not do yet."""
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """Return a moment on a day; 0 = the first Monday."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, minute, tzinfo=HOME) + timedelta(days=day)


def entry(body: Body, when: datetime) -> Entry:
    """Make an entry."""
    return new_entry(body, at=when, zone=ZONE)


def sets(
    day: int,
    exercise: str,
    amounts: Amounts,
    side: Side | None = None,
    *,
    quality: float | None = 100,
    when: datetime | None = None,
    **told: Any,
) -> list[Entry]:
    """Return sets, each with ``told``; ``quality`` = clean repetitions in percent, None = nobody counted."""
    first = when or at(day)
    return [
        entry(
            SetDone(
                exercise=exercise,
                side=side,
                reps=amount,
                clean_reps=None if quality is None else int(amount * quality // 100),
                **told,
            ),
            first + timedelta(minutes=2 * number),
        )
        for number, amount in enumerate(amounts)
    ]


def holds(day: int, exercise: str, seconds: Amounts, side: Side | None = None, **told: Any) -> list[Entry]:
    """Return sets that are one long hold each, as the player writes them."""
    return [
        entry(
            SetDone(exercise=exercise, side=side, reps=1, clean_reps=1, hold_s=float(one), **told),
            at(day) + timedelta(minutes=2 * number),
        )
        for number, one in enumerate(seconds)
    ]


def asked(day: int, **answers: Any) -> Entry:
    """Make a check-in before the session of a day."""
    return entry(CheckIn(**{**GOOD_DAY, **answers}), at(day, 7, 50))


def morning(day: int, usual: bool | None = True, score: float = 0.0, **told: Any) -> Entry:
    """Make the answer on the morning after a day."""
    return entry(Pain(place="hip_side", score=score, when="next_morning", back_to_usual=usual, **told), at(day + 1, 7))


def trained(
    day: int,
    exercise: str,
    amounts: Amounts,
    side: Side | None = None,
    *,
    check_in: dict[str, Any] | None = GOOD_DAY,
    usual: bool | None = True,
    timed: bool = False,
    **told: Any,
) -> list[Entry]:
    """Return a whole training day; ``told`` replaces what was said of each set, None = not said.

    ``check_in`` None = not asked; ``usual`` None = nobody said how the next morning was.
    """
    said = {"rpe": 6.0, "rir": 3.0, "pain": 0.0, **told}
    found = holds(day, exercise, amounts, side, **said) if timed else sets(day, exercise, amounts, side, **said)
    found += [] if check_in is None else [asked(day, **check_in)]
    return found + ([] if usual is None else [morning(day, usual, 0.0 if usual else 3.0)])


def fell(day: int, exercise: str, what: Any = "fall", **told: Any) -> Entry:
    """Make a fall in an exercise, right after the sets of the day."""
    return entry(Incident(what=what, exercise=exercise, **told), at(day, 8, 30))


def hurt(day: int, exercise: str, score: float, place: str = "knee", side: Side | None = None, **told: Any) -> Entry:
    """Make pain at a place, told while doing an exercise."""
    return entry(Pain(place=place, side=side, score=score, when="during", exercise=exercise, **told), at(day, 8, 20))


def coach(day: int, exercise: str, side: Side | None = None, **dose: float) -> Entry:
    """Make a practitioner's own dose, with a reason."""
    body = Override(
        by="practitioner", action="dose", target=exercise, side=side, value=dose, reason="seen in the clinic"
    )
    return entry(body, at(day, 12))


def history(*entries: Iterable[Entry], until: datetime | None = None) -> History:
    """Return what a journal says was done."""
    return read_history(fold([one for some in entries for one in some]), until)


def frame_of(exercise: str, phase: PhaseName = "P2", has: Iterable[str] = ()) -> Frame:
    """Return what the library gives an exercise in a phase."""
    one = KNOWN.exercises[exercise]
    dose = library_dose(one, phase)
    assert dose is not None, exercise
    return frame(one, dose, frozenset(has), RULES)


def context(
    *entries: Iterable[Entry], day: int, has: Iterable[str] = (), started: int | None = -56, age: int = 40
) -> Context:
    """Return everything known at nine on a day.

    ``started`` = the day of the first programme, with three sessions a week; None = there was none.
    """
    now = at(day, 9)
    told = intake({"intake/equipment": tuple(has)}, age=age, at=now - timedelta(minutes=30))
    if started is not None:
        first = at(started).date()
        sessions = [session(first + timedelta(days=later), bridge()) for later in (0, 2, 4)]
        told.append(entry(issue(week(*sessions, starts_on=first, phase="P1", week=1)), at(started, 7)))
    state = fold([*told, *(one for some in entries for one in some)])
    return read_context(Permit(decide(state, KNOWN, now)), state, (), KNOWN, now, starts_on=now.date())


def stand(
    exercise: str,
    *entries: Iterable[Entry],
    side: Side | None = None,
    phase: PhaseName = "P2",
    today: int | None = None,
    **person: Any,
) -> Standing:
    """Return where an exercise stands; without ``today`` on the day after the last set."""
    logged = [one for some in entries for one in some]
    last = max((one.at.date() for one in logged if isinstance(one.body, SetDone)), default=MONDAY)
    day = today if today is not None else (last - MONDAY).days + 1
    of = context(logged, day=day, **person)
    one = KNOWN.exercises[exercise]
    library = library_dose(one, phase)
    assert library is not None, exercise
    return of.standing(one, side, of.frame(one, library))


def moved(of: Context, exercise: str, phase: PhaseName = "P2", block: Any = "strength", **ask: Any) -> Move:
    """Return the move as it would be done now."""
    made = make_move(of, KNOWN.exercises[exercise], Ask(block, phase, **ask))
    assert made is not None, exercise
    return made


def dose(move: Move, side: Side | None = None) -> Dose:
    """Return the dose of one side."""
    return next(one for one in move.doses if one.side == side)


def by_side(move: Move) -> dict[Side | None, tuple[int, int]]:
    """Return sets and amount of each side."""
    return {one.side: (one.sets, one.amount) for one in move.doses}


def case(found: Standing | Why) -> str:
    """Return the reason in short."""
    why = found.why if isinstance(found, Standing) else found
    return f"{why.rule}.{why.case}"


def short(level: Level) -> tuple[int, int, float | None]:
    """Return sets, amount and load (kg or band) of a level."""
    return level.sets, level.amount, level.band if level.band is not None else level.load_kg


def only(found: History) -> Done:
    """Return the only session."""
    (done,) = found.sessions
    return done
