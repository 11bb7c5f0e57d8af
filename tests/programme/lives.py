"""Why it exists: random people and the random, valid journals of some weeks they lived with the planner.

A life is made from one number alone: the same number is always the same life. What the person writes down may be good,
bad, wrong way round or missing; what the planner makes of it is kept beside it, for the invariants to look at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

from levelstride.journal.bodies import (
    Body,
    CheckIn,
    Incident,
    Override,
    Pain,
    SetDone,
    Side,
    Soreness,
    Walk,
)
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import needs_nothing
from levelstride.programme.day import Day, day_plan
from levelstride.programme.levels import library_dose
from levelstride.programme.model import WEEK, Move, PhaseName, Programme, Session
from levelstride.programme.plan import issue, plan
from levelstride.screening.decision import Decision, Permit
from levelstride.screening.findings import find
from levelstride.screening.safety import decide
from tests.programme.somebody import (
    EQUIPMENT,
    SIDES,
    STARTS,
    ZONE,
    Diary,
    Somebody,
    Temper,
    arrive,
    draw_person,
    draw_temper,
    earlier,
)
from tests.screening.support import KNOWN


@dataclass(frozen=True, repr=False)
class OneDay:
    """A day as the planner saw it before anything was done."""

    now: datetime
    state: State
    decision: Decision
    plan: Day


@dataclass(frozen=True, repr=False)
class OneWeek:
    """A week as it was planned; ``before`` = the programmes of earlier weeks."""

    now: datetime
    state: State
    decision: Decision
    programme: Programme
    before: tuple[Programme, ...]
    days: tuple[OneDay, ...]


@dataclass(frozen=True, repr=False)
class Life:
    """A person and what came of some weeks; ``stopped`` = decisions that let nothing start."""

    person: Somebody
    entries: tuple[Entry, ...]
    weeks: tuple[OneWeek, ...]
    stopped: tuple[Decision, ...] = ()

    def __repr__(self) -> str:
        """Return the person alone: a journal fills pages."""
        return f"Life of {self.person}"

    @property
    def days(self) -> Iterator[tuple[OneWeek, OneDay]]:
        """Give each day with its week."""
        return ((week, day) for week in self.weeks for day in week.days)


@lru_cache(maxsize=512)
def life(number: int, weeks: int = 2) -> Life:
    """Return the life with a number; the same in every process."""
    r = Random(number)
    person = draw_person(r)
    return live(person, draw_temper(r), r, weeks=weeks, starts_on=STARTS[number % len(STARTS)])


def live(
    person: Somebody,
    temper: Temper,
    r: Random,
    *,
    weeks: int = 2,
    starts_on: date = STARTS[0],
    zone: str = ZONE,
    look: bool = True,
) -> Life:
    """Return what some weeks brought; ``look`` = ask for the plan of days without sessions too."""
    diary = Diary(starts_on, zone)
    arrive(diary, person)
    if person.phase is not None:
        _come_from(diary, person, person.phase, temper, r)
    lived: list[OneWeek] = []
    stopped: list[Decision] = []
    before = earlier(person, starts_on)
    for number in range(weeks):
        day, now = WEEK * number, diary.at(WEEK * number, 7 * 60)
        _morning(diary, day, temper, r)
        state = diary.state
        decision = decide(state, KNOWN, now)
        if not decision.may_start:
            stopped.append(decision)
            break
        programme = plan(Permit(decision), state, find(state, KNOWN, now.date()), KNOWN, now)
        diary.write(issue(programme), day, 7 * 60)
        days = list(_week(diary, programme, day, temper, r, look=look))
        lived.append(OneWeek(now, state, decision, programme, before, tuple(days)))
        before = (*before, programme)
    return Life(person, tuple(diary.entries), tuple(lived), tuple(stopped))


def _come_from(diary: Diary, person: Somebody, phase: PhaseName, temper: Temper, r: Random) -> None:
    """Write the earlier weeks, and what was done in the last of them."""
    for programme in earlier(person, diary.starts_on):
        diary.write(issue(programme), (programme.starts_on - diary.starts_on).days, 420)
    known = [one for one in KNOWN.exercises.values() if _could_do(one, person, phase)]
    for day in (-6, -4, -1) if r.random() < 0.5 else (-5, -3):
        _check_in(diary, day, temper, r)
        for number, exercise in enumerate(r.sample(known, min(len(known), r.randint(3, 7)))):
            _free_bout(diary, exercise, phase, day, 500 + 10 * number, temper, r)
        if day < -1:  # that of the first day of the week comes with it
            _morning(diary, day + 1, temper, r)


def _could_do(exercise: Exercise, person: Somebody, phase: PhaseName) -> bool:
    against = {demand for code in person.codes for demand in KNOWN.cautions[code].removes}
    return (
        exercise.kind in ("activation", "strength", "functional", "core")
        and library_dose(exercise, phase) is not None
        and needs_nothing(exercise, KNOWN)
        and not against & set(exercise.demands)
    )


def _free_bout(
    diary: Diary, exercise: Exercise, phase: PhaseName, day: int, minute: int, temper: Temper, r: Random
) -> None:
    """Write sets of an exercise that belong to no session of a programme."""
    dose = library_dose(exercise, phase)
    assert dose is not None
    amount, sets = r.randint(dose.amount.low, dose.amount.high + 2), r.randint(1, dose.sets.high)
    hold = None if dose.hold_s is None else float(r.randint(dose.hold_s.low, dose.hold_s.high))
    for number in range(sets):
        for side in SIDES if dose.per_side else (None,):
            timed = dose.counts in ("seconds", "minutes")
            told = _told(temper, r)
            reps = 1 if timed else amount
            clean = None if told.pop("unclear") else _clean(reps, temper, r)
            diary.write(
                SetDone(
                    exercise=exercise.id,
                    side=side,
                    number=number + 1,
                    reps=reps,
                    clean_reps=clean,
                    hold_s=float(amount) if timed else hold,
                    **told,
                ),
                day,
                minute + number + (0.5 if side == "right" else 0.0),
            )


def _week(diary: Diary, programme: Programme, first: int, temper: Temper, r: Random, *, look: bool) -> Iterator[OneDay]:
    due = {(one.day - diary.starts_on).days for one in programme.sessions}
    for day in range(first, first + WEEK):
        if day > first:
            _morning(diary, day, temper, r)
        if r.random() < temper.meddles / 3:
            _meddle(diary, programme, day, r)
        busy = day in due or r.random() < 0.2
        if not busy and not look:
            continue
        if busy:
            _check_in(diary, day, temper, r)
        if not busy and r.random() < 0.6:
            continue
        state, now = diary.state, diary.at(day, 8 * 60)
        decision = decide(state, KNOWN, now)
        if not decision.may_start:
            continue
        today = day_plan(Permit(decision), programme, state, KNOWN, now, findings=find(state, KNOWN, now.date()))
        yield OneDay(now, state, decision, today)
        minute = 9 * 60.0
        for session in today.sessions:
            if r.random() < temper.faithful and not (session.optional and r.random() < 0.5):
                minute = _do(diary, session, day, minute, temper, r)
        if r.random() < 0.08:
            _mishap(diary, today, day, temper, r)


def _do(diary: Diary, session: Session, day: int, minute: float, temper: Temper, r: Random) -> float:
    """Do a session in one of its versions; return the minute after it."""
    moves = r.choice((session.moves, session.moves, session.moves, session.short, session.bare)) or session.moves
    for move in moves:
        if r.random() < 0.05:
            continue
        for one in _sets(move, session.id, temper, r):
            diary.write(one, day, minute)
            minute += 0.5
    if session.walk is not None and r.random() < temper.faithful:
        worst = _score(temper, r) if r.random() < temper.honest else None
        diary.write(Walk(duration_s=session.walk.minutes * 60.0, worst_pain=worst, rpe=3.0), day, minute + 1)
    if moves:
        event = "ended" if r.random() < 0.95 else "left"
        sure = float(r.randint(4, 10)) if r.random() < 0.5 else None
        diary.write(SessionEvent(session=session.id, event=event, rpe=5.0, confidence=sure), day, minute + 2)
    return minute + 10


def _sets(move: Move, session: str, temper: Temper, r: Random) -> Iterator[SetDone]:
    timed = move.counts in ("seconds", "minutes")
    lift = r.choice((3.0, 5.0, 10.0))
    extra = r.choice((-3, -1, 0, 0, 0, 2, 2, 4))
    fewer = r.random() < 0.1
    for number in range(max(1, move.sets - fewer)):
        for dose in move.doses:
            if number >= dose.sets:
                continue
            told = _told(temper, r)
            last = number == dose.sets - 1
            done = max(1, dose.amount + (extra if last and not timed else 0) + (dose.top - dose.amount) * (extra > 0))
            reps = 1 if timed else done
            clean = None if told.pop("unclear") else _clean(reps, temper, r)
            yield SetDone(
                exercise=move.exercise,
                side=dose.side,
                session=session,
                number=number + 1,
                reps=reps,
                clean_reps=clean,
                hold_s=float(dose.amount) if timed else None if dose.hold_s is None else float(dose.hold_s),
                load_kg=dose.load_kg or (lift if move.choose_load else None),
                band=str(dose.band) if dose.band else None,
                skipped=r.random() < 0.02,
                **told,
            )


def _clean(reps: int, temper: Temper, r: Random) -> int:
    return reps if r.random() < temper.clean else max(0, reps - r.randint(1, max(1, reps // 2)))


def _told(temper: Temper, r: Random) -> dict[str, Any]:
    """Return what is written down with a set; ``unclear`` = nobody counted clean repetitions."""

    def known(value: float) -> float | None:
        return value if r.random() < temper.honest else None

    effort = float(min(10, max(1, temper.effort + r.choice((-1, 0, 0, 0, 1)))))
    return {
        "rpe": known(effort),
        "rir": known(max(0.0, 9 - effort)) if r.random() < 0.7 else None,
        "pain": known(_score(temper, r)),
        "pain_kind": "sharp" if temper.hurts == 3 and r.random() < 0.03 else None,
        "feel": float(r.randint(3, 9)) if r.random() < 0.5 else None,
        "awkward": float(r.randint(5, 8)) if r.random() < 0.02 else None,
        "unclear": r.random() >= temper.honest,
    }


def _score(temper: Temper, r: Random) -> float:
    choices = ((0,), (0, 0, 1, 2), (0, 1, 2, 3), (0, 1, 2.5, 4, 5.5, 6))
    return float(r.choice(choices[temper.hurts]))


def _morning(diary: Diary, day: int, temper: Temper, r: Random) -> None:
    if r.random() < temper.honest:
        bad = temper.hurts >= 2 and r.random() < 0.08
        named = r.choice((None, "clamshell", "glute_bridge")) if bad else None
        usual = not bad if r.random() < 0.9 else None
        score = 3.0 if bad else 0.0
        body = Pain(place="hip_side", score=score, when="next_morning", back_to_usual=usual, exercise=named)
        diary.write(body, day, 400)


def _check_in(diary: Diary, day: int, temper: Temper, r: Random) -> None:
    if r.random() >= temper.honest:
        return
    fine = r.random() < temper.rested
    diary.write(
        CheckIn(
            sleep_hours=7.5 if fine else float(r.choice((4, 5, 7))),
            sleep_quality=7.0 if r.random() < 0.8 else None,
            stress=2.0 if fine else float(r.choice((3, 7, 9))),
            soreness=float(r.choice((0, 0, 0, 3))) if r.random() < 0.2 else None,
            unwell=r.random() < 0.02,
        ),
        day,
        430,
    )


def _mishap(diary: Diary, today: Day, day: int, temper: Temper, r: Random) -> None:
    """Write something out of the ordinary in the evening."""
    moves = [move.exercise for session in today.sessions for move in session.moves]
    name = r.choice(moves) if moves else None
    bodies: list[Body] = [
        Soreness(
            place="thigh",
            side=r.choice((*SIDES, None)),
            score=float(r.choice((0, 3, 5))),
            hours_since=float(r.choice((6, 30, 60, 90))),
            eases_in_warm_up=r.choice((None, True, False)),
        ),
        Pain(place="knee", side=r.choice(SIDES), score=_score(temper, r), when=r.choice(("now", "at_rest", "after"))),
        Incident(what=r.choice(("near_fall", "adverse_event")), exercise=name, level=r.choice((None, "step_down"))),
    ]
    diary.write(r.choice(bodies), day, 20 * 60)


def _meddle(diary: Diary, programme: Programme, day: int, r: Random) -> None:
    """Write a wish of the person or an order of a practitioner, sensible or not."""
    moves = sorted({move.exercise for session in programme.sessions for move in session.moves})
    names = sorted(KNOWN.exercises)
    target, other = r.choice(moves or names), r.choice(names)
    later = (diary.starts_on + timedelta(days=day + r.randint(0, 2))).isoformat()
    session = r.choice([one.id for one in programme.sessions] or ["none"])
    reason = r.choice(("after an assessment", "after an assessment", None, " "))
    side = r.choice((*SIDES, None))
    wishes = (
        Override(by="user", action="swap", target=target, value=other),
        Override(by="user", action="skip", target=r.choice((target, session))),
        Override(by="user", action="move", target=session, value=later),
        Override(by="user", action="without", target=r.choice(EQUIPMENT), until=diary.at(day, 1439)),
        Override(by="user", action="choose", target=r.choice(("twice_daily", "stretching", "hops")), value=True),
        Override(by="practitioner", action="pin", target=other, reason=reason),
        Override(by="practitioner", action="forbid", target=target, reason=reason),
        Override(
            by="practitioner",
            action="dose",
            target=target,
            side=side,
            value={"sets": 2.0, "amount": 6.0},
            reason=reason,
        ),
        Override(by="practitioner", action="gate", target="P3", value=r.choice(("open", "closed")), reason=reason),
    )
    diary.write(r.choice(wishes), day, 425)


def versions(session: Session) -> tuple[tuple[str, tuple[Move, ...]], ...]:
    """Return the three versions of a session by name."""
    return ("moves", session.moves), ("short", session.short), ("bare", session.bare)


def all_moves(sessions: Iterable[Session]) -> Iterator[Move]:
    """Give every move of every version."""
    return (move for session in sessions for _, moves in versions(session) for move in moves)


def planned(life: Life) -> Iterator[Session]:
    """Give every session that a life saw: those of the weeks, and those of the days."""
    for week in life.weeks:
        yield from week.programme.sessions
        for day in week.days:
            yield from day.plan.sessions


def again(week: OneWeek, entries: Iterable[Entry], now: datetime | None = None) -> Programme:
    """Return the week planned anew from other entries."""
    state, now = fold(entries), now or week.now
    permit = Permit(decide(state, KNOWN, now))
    return plan(permit, state, find(state, KNOWN, now.date()), KNOWN, now, starts_on=week.programme.starts_on)


def day_again(week: OneWeek, day: OneDay, entries: Iterable[Entry]) -> Day:
    """Return the day worked out anew from other entries; the week stays as it was issued."""
    state = fold(entries)
    permit = Permit(decide(state, KNOWN, day.now))
    found = find(state, KNOWN, day.now.date())
    return day_plan(permit, week.programme, state, KNOWN, day.now, findings=found)


def until(life: Life, moment: datetime) -> list[Entry]:
    """Return the entries that were written by a moment, the week planned at it left out."""
    return [one for one in life.entries if one.at < moment]


def changed(entry: Entry, **fields: Any) -> Entry:
    """Return an entry with the same id and moment, in which some fields of the body say something else."""
    assert entry.body is not None
    body = type(entry.body).model_validate(entry.body.model_dump() | fields)
    return new_entry(body, at=entry.at, zone=entry.zone, id=UUID(entry.id))


def other_side(side: Side | None) -> Side | None:
    """Return the other side."""
    return {"left": "right", "right": "left", None: None}[side]  # type: ignore[return-value]
