"""Why it exists: random people and the random, valid journals of some weeks they lived with the planner.

A life is made from one number alone: the same number is always the same life. What the person writes down may be good,
bad, wrong way round or missing; what the planner makes of it is kept beside it, for the invariants to look at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from levelstride.journal.bodies import (
    Answer,
    Answers,
    AnswerValue,
    Body,
    CheckIn,
    Clearance,
    Incident,
    Origin,
    Override,
    Pain,
    Profile,
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
from levelstride.programme.choices import OPTIONS
from levelstride.programme.day import Day, day_plan
from levelstride.programme.levels import library_dose
from levelstride.programme.model import PHASES, WEEK, Move, PhaseName, Programme, Session
from levelstride.programme.plan import issue, plan
from levelstride.screening.decision import Decision, Permit
from levelstride.screening.findings import find
from levelstride.screening.protocols import result
from levelstride.screening.safety import decide
from tests.screening.support import KNOWN, PREGNANT, calm, harmless

SIDES: tuple[Side, ...] = ("left", "right")
ZONE = "Europe/Prague"
#: First days of lives: an ordinary week, both nights on which clocks change, the turn of a year, a leap day.
STARTS = (date(2026, 5, 14), date(2026, 10, 19), date(2027, 3, 22), date(2026, 12, 28), date(2028, 2, 21))
CONDITIONS = next(
    dict(one.sets) for section in KNOWN.intake.sections for one in section.questions if one.id == "conditions"
)
EQUIPMENT = tuple(name for name, thing in KNOWN.vocabulary.equipment.items() if not thing.household)
GOALS = ("stairs", "walk_longer", "better_balance", "stronger_hips", "back_to_sport", "sit_easier")
PLACES = ("hip_side", "groin", "knee", "low_back")
#: Codes with which nobody is in the phase of hops.
NO_HOPS = frozenset(KNOWN.rules["plyometric_gate"].lists["excluded_codes"])
#: Tests by hand, each with a good and a poor result.
TESTS = {
    "thomas": (12.0, -15.0),
    "sls_eo": (40.0, 2.0),
    "sts5": (9.0, 20.0),
    "trendelenburg_seen": (0.0, 2.0),
    "wblt": (11.0, 5.0),
    "sl_bridge_reps": (30.0, 8.0),
}
NEEDS_AGREEMENT = tuple(code for code, caution in KNOWN.cautions.items() if caution.action == "clearance")


@dataclass(frozen=True)
class Somebody:
    """One person as they fill in the intake; ``phase`` = where they stood when they came, None = new."""

    age: int = 40
    conditions: tuple[str, ...] = ()
    pregnant: bool = False
    heart: bool = False
    fell: str = "no"
    agreed: bool = True
    equipment: tuple[str, ...] = ("mini_band", "dumbbells")
    minutes: int = 25
    days: int = 3
    setting: str = "home"
    goals: tuple[str, ...] = ("stairs",)
    places: tuple[tuple[str, Side | None, float], ...] = ()
    tests: tuple[tuple[str, Side | None, float], ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    phase: PhaseName | None = None
    walks_now: float = 20.0
    sitting: float = 60.0

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the caution codes that the answers set."""
        found = [code for option in self.conditions for code in CONDITIONS[option]]
        found += ["PREG"] if self.pregnant else []
        found += ["HTN"] if self.heart else []
        found += ["BAL"] if self.fell != "no" else []
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Temper:
    """How a person writes down and does: shares from 0 to 1, and how much it hurts (0 never .. 3 often)."""

    honest: float = 1.0
    faithful: float = 1.0
    clean: float = 0.95
    effort: int = 5
    hurts: int = 0
    rested: float = 0.9
    meddles: float = 0.3


@dataclass(frozen=True)
class OneDay:
    """A day as the planner saw it before anything was done."""

    now: datetime
    state: State
    decision: Decision
    plan: Day


@dataclass(frozen=True)
class OneWeek:
    """A week as it was planned; ``before`` = the programmes of earlier weeks."""

    now: datetime
    state: State
    decision: Decision
    programme: Programme
    before: tuple[Programme, ...]
    days: tuple[OneDay, ...]


@dataclass(frozen=True)
class Life:
    """A person and what came of some weeks; ``stopped`` = decisions that let nothing start."""

    person: Somebody
    entries: tuple[Entry, ...]
    weeks: tuple[OneWeek, ...]
    stopped: tuple[Decision, ...] = ()

    @property
    def days(self) -> Iterator[tuple[OneWeek, OneDay]]:
        """Give each day with its week."""
        return ((week, day) for week in self.weeks for day in week.days)


@dataclass
class Diary:
    """A journal being written. Ids rise with the order of writing, so that a life is the same in every run."""

    starts_on: date = STARTS[0]
    zone: str = ZONE
    entries: list[Entry] = field(default_factory=list)
    first: int = 0

    def at(self, day: int, minute: float = 8 * 60) -> datetime:
        """Return a moment on the wall clock of the place."""
        hours, rest = divmod(minute, 60)
        wall = time(int(hours), int(rest), int(rest % 1 * 60))
        return datetime.combine(self.starts_on + timedelta(days=day), wall, tzinfo=ZoneInfo(self.zone))

    def write(self, body: Body, day: int, minute: float = 8 * 60) -> Entry:
        """Write an entry."""
        number = self.first + len(self.entries) + 1
        entry = new_entry(body, at=self.at(day, minute), zone=self.zone, id=UUID(int=number))
        self.entries.append(entry)
        return entry

    @property
    def state(self) -> State:
        """Return what the journal says."""
        return fold(self.entries)


# ------------------------------------------------------------------------------------------------------ the person


def draw_person(r: Random, *, stops: bool = False) -> Somebody:
    """Return a random person; with ``stops`` some lack a clinician's agreement that they need."""
    age = r.choice((18, 25, 33, 45, 52, 64, 66, 71, 83))
    conditions = tuple(sorted(r.sample(sorted(CONDITIONS), r.choice((0, 0, 0, 1, 1, 2)))))
    places = tuple(
        (place, r.choice((*SIDES, None)), float(r.choice((1, 2, 3, 5))))
        for place in r.sample(PLACES, r.choice((0, 0, 1, 2)))
    )
    phase: PhaseName | None = r.choice((None, "P1", "P2", "P2", "P3", "P3", "P4", "P5", "maintenance"))
    found = Somebody(
        age=age,
        conditions=conditions,
        pregnant=age < 50 and r.random() < 0.08,
        heart=r.random() < 0.08,
        fell=r.choice(("no", "no", "no", "no", "once")),
        agreed=not stops or r.random() < 0.5,
        equipment=tuple(sorted(r.sample(EQUIPMENT, r.choice((0, 1, 2, 5, len(EQUIPMENT)))))),
        minutes=r.choice((5, 8, 10, 12, 15, 20, 25, 30, 45, 60)),
        days=r.randint(1, 7),
        setting=r.choice(("home", "home", "gym", "office", "outdoors", "mixed")),
        goals=tuple(r.sample(GOALS, r.randint(0, 3))),
        places=places,
        tests=tuple(_draw_tests(r)),
        options=tuple(_draw_options(r, phase)),
        phase=phase,
        walks_now=float(r.choice((0, 5, 10, 20, 40))),
        sitting=float(r.choice((20, 60, 150))),
    )
    return replace(found, phase="P4") if phase == "P5" and NO_HOPS & set(found.codes) else found


def _draw_tests(r: Random) -> Iterator[tuple[str, Side | None, float]]:
    for name in r.sample(sorted(TESTS), r.randint(0, 4)):
        good, poor = TESTS[name]
        for side in SIDES if KNOWN.tests[name].measure.sided else (None,):
            yield name, side, r.choice((good, poor))


def _draw_options(r: Random, phase: PhaseName | None) -> Iterator[tuple[str, Any]]:
    if phase == "P5":
        yield "hops", True
    for name in r.sample(OPTIONS, r.choice((0, 0, 1, 2))):
        if name in ("event", "days", "persona", "warm_up_minutes"):
            personas = [case.id for case in KNOWN.rules["plan_personas"].cases]
            value: Any = {
                "event": {"name": "walk", "day": (STARTS[0] + timedelta(days=r.randint(0, 80))).isoformat()},
                "days": sorted(r.sample(range(7), r.randint(1, 6))),
                "persona": r.choice(personas),
                "warm_up_minutes": float(r.choice((3, 5, 10, 15))),
            }[name]
        else:
            value = True
        yield name, value


def draw_temper(r: Random) -> Temper:
    """Return a random way of doing and writing down."""
    return Temper(
        honest=r.choice((1.0, 1.0, 0.95, 0.8, 0.5)),
        faithful=r.choice((1.0, 1.0, 0.8, 0.5)),
        clean=r.choice((1.0, 0.95, 0.9, 0.75)),
        effort=r.choice((3, 4, 5, 6, 8)),
        hurts=r.choice((0, 0, 1, 2, 3)),
        rested=r.choice((1.0, 0.9, 0.6)),
        meddles=r.choice((0.0, 0.3, 0.8)),
    )


def intake(person: Somebody) -> dict[tuple[str, Side | None], AnswerValue]:
    """Return all answers that a person gives before the start."""
    answers: dict[tuple[str, Side | None], AnswerValue] = {
        (question, None): value
        for question, value in {
            **harmless(person.age),
            **(PREGNANT if person.pregnant else {}),
            **(calm("heart_pressure") if person.heart else {}),
            "intake/conditions": person.conditions,
            "intake/fell_lately": person.fell,
            "intake/minutes_per_session": float(person.minutes),
            "intake/days_per_week": float(person.days),
            "intake/equipment": person.equipment,
            "intake/setting": person.setting,
            "intake/goals": person.goals,
            "intake/walks_now": person.walks_now,
            "intake/sitting_longest": person.sitting,
            "body_map/places": tuple(place for place, _, _ in person.places),
        }.items()
    }
    for place, side, severity in person.places:
        answers[f"body_map/{place}/severity", side] = severity
    return answers


def arrive(diary: Diary, person: Somebody) -> None:
    """Write what a person tells before the first week, the agreement they bring and the tests they did."""
    born = diary.starts_on.year - person.age
    diary.write(Profile(birth_year=born, birth_month=1), -1, 600)
    given = tuple(Answer(question=path, side=side, value=value) for (path, side), value in intake(person).items())
    diary.write(Answers(given=given), -1, 601)
    if person.agreed:
        covers = (*person.codes, "readiness/age_70", "readiness/age_45_vigorous", "readiness/heart_pressure")
        diary.write(Clearance(covers=covers, given_by="Dr Test", given_on=diary.starts_on), -1, 602)
    for number, (test, side, value) in enumerate(person.tests):
        measured = result(KNOWN.tests[test], side, (value,), {}, origin=Origin(method="hand"))
        diary.write(measured, -1, 610 + number)
    options = dict(person.options)
    if not person.tests and person.phase is None:
        options["start_without_tests"] = True
    for number, (target, chosen) in enumerate(options.items()):
        diary.write(Override(by="user", action="choose", target=target, value=chosen), -1, 630 + number)


# ------------------------------------------------------------------------------------------------------ the weeks


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


def earlier(person: Somebody, starts_on: date) -> tuple[Programme, ...]:
    """Return the weeks that a person had elsewhere: known by their phase alone."""
    if person.phase is None:
        return ()
    count = 5 if PHASES.index(person.phase) >= PHASES.index("P4") else 3
    phases: list[PhaseName] = [person.phase] * count
    if person.phase == "P5":
        phases = ["P4"] * (count - 1) + ["P5"]
    first = starts_on - timedelta(days=WEEK * count)
    since = {phase: first + timedelta(days=WEEK * phases.index(phase)) for phase in phases}
    return tuple(
        Programme(
            id=f"before-{number}",
            starts_on=first + timedelta(days=WEEK * number),
            week=number + 1,
            phase=phase,
            phase_since=since[phase],
            planner_version="0",
            library_version="0",
            input_hash=f"before-{number}",
            seed=1,
        )
        for number, phase in enumerate(phases)
    )


def _come_from(diary: Diary, person: Somebody, phase: PhaseName, temper: Temper, r: Random) -> None:
    """Write the earlier weeks, and what was done in the last of them."""
    for programme in earlier(person, diary.starts_on):
        diary.write(issue(programme), (programme.starts_on - diary.starts_on).days, 420)
    known = [one for one in KNOWN.exercises.values() if _could_do(one, person, phase)]
    for day in sorted(r.sample(range(-WEEK, 0), 3)):
        _check_in(diary, day, temper, r)
        for number, exercise in enumerate(r.sample(known, min(len(known), r.randint(3, 7)))):
            _free_bout(diary, exercise, phase, day, 500 + 10 * number, temper, r)
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


def _week(
    diary: Diary, programme: Programme, first: int, temper: Temper, r: Random, *, look: bool
) -> Iterator[OneDay]:
    due = {(one.day - diary.starts_on).days for one in programme.sessions}
    for day in range(first, first + WEEK):
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
    choices: tuple[tuple[float, ...], ...] = ((0.0,), (0.0, 0.0, 1.0, 2.0), (0.0, 1.0, 2.0, 3.0), (0, 1, 2.5, 4, 6))
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
        420,
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
            by="practitioner", action="dose", target=target, side=side, value={"sets": 2.0, "amount": 6.0}, reason=reason
        ),
        Override(by="practitioner", action="gate", target="P3", value=r.choice(("open", "closed")), reason=reason),
    )
    diary.write(r.choice(wishes), day, 410)


# ------------------------------------------------------------------------------------------------ looking at plans


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


def mirrored(person: Somebody) -> Somebody:
    """Return the same person with left and right swapped."""
    return replace(
        person,
        places=tuple((place, other_side(side), score) for place, side, score in person.places),
        tests=tuple((test, other_side(side), value) for test, side, value in person.tests),
    )


def other_side(side: Side | None) -> Side | None:
    """Return the other side."""
    return {"left": "right", "right": "left", None: None}[side]  # type: ignore[return-value]
