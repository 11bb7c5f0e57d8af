"""Why it exists: a person's journal told day by day - intake, weeks issued, sessions done - for tests of the planner.

Days are counted from ``MONDAY`` (day 0). Whatever a test does not say went well: clean, without pain, told in full.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from levelstride.journal.bodies import (
    Answer,
    Answers,
    AnswerValue,
    Body,
    CheckIn,
    Measured,
    Origin,
    Override,
    Pain,
    Profile,
    SetDone,
    Side,
    Walk,
)
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.library.loader import knowledge
from levelstride.programme.context import Context, read_context, rulebook
from levelstride.programme.day import Day, day_plan
from levelstride.programme.model import Move, PhaseName, Programme, Session, Stage, Why
from levelstride.programme.phases import PhaseView, find_phase
from levelstride.programme.plan import issue, plan
from levelstride.programme.validator import validate, validate_session
from levelstride.screening.decision import Decision, Permit, Reason
from levelstride.screening.findings import Finding, find
from tests.programme.weeks import move, week
from tests.screening.support import harmless

KNOWN = knowledge()
RULES = rulebook(KNOWN)
ZONE = "Europe/Prague"
MONDAY = date(2026, 6, 1)
BOTH: tuple[Side, Side] = ("left", "right")
#: Answers of a morning on which nothing holds anything back.
RESTED = CheckIn(sleep_hours=7.5, sleep_quality=7.0, stress=2.0, unwell=False)


def on(day: int) -> date:
    """Return the date of a day."""
    return MONDAY + timedelta(days=day)


def at(day: int, hour: float = 8) -> datetime:
    """Return a moment of a day."""
    return datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=2))) + timedelta(days=day, hours=hour)


@dataclass
class Life:
    """One person. ``codes`` and ``actions`` are caution codes and actions of the safety decision."""

    entries: list[Entry] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    # -------------------------------------------------------------------------------------------- what is told

    def log(self, body: Body, day: int, hour: float = 8) -> str:
        """Write one entry and return its id."""
        entry = new_entry(body, at=at(day, hour), zone=ZONE)
        self.entries.append(entry)
        return entry.id

    def answers(self, day: int = -1, **given: AnswerValue) -> None:
        """Answer questions of the intake."""
        told = tuple(Answer(question=f"intake/{name}", value=value) for name, value in given.items())
        if told:
            self.log(Answers(given=told), day)

    def choose(self, target: str, value: Any = True, *, day: int = -1, hour: float = 8) -> str:
        """Choose an option."""
        return self.wish("choose", target, value, day=day, hour=hour)

    def wish(self, action: str, target: str, value: Any = None, *, day: int = -1, hour: float = 8, **more: Any) -> str:
        """Decide something by hand."""
        return self.log(Override(by="user", action=action, target=target, value=value, **more), day, hour)

    def coach(
        self, action: str, target: str, value: Any = None, *, reason: str | None = "seen today", **more: Any
    ) -> str:
        """Let a physio or coach decide something."""
        day = more.pop("day", -1)
        body = Override(by="practitioner", action=action, target=target, value=value, reason=reason, **more)
        return self.log(body, day)

    def issued(self, programme: Programme, day: int, hour: float = 6) -> Programme:
        """Issue a week."""
        self.log(issue(programme), day, hour)
        return programme

    def in_phase(self, phase: PhaseName, day: int = 0, since: int | None = None, **fields: Any) -> Programme:
        """Issue a week written by hand, with three sessions."""
        start = on(day)
        sessions = tuple(
            Session(
                id=f"{on(day + n).isoformat()}-standalone",
                day=on(day + n),
                kind="standalone",
                minutes=15,
                moves=(move(),),
            )
            for n in (0, 2, 4)
        )
        frame = {"sessions": sessions, "phase_since": on(day if since is None else since), "week": 1 + day // 7}
        return self.issued(week(starts_on=start, phase=phase, **{**frame, **fields}), day)

    def did(self, day: int, *names: str, **told: Any) -> None:
        """Do moves on one day; see :meth:`bout` for what may be told. The morning after is told as well."""
        self.check_in(day, told.pop("check_in", RESTED))
        session = told.pop("session", on(day).isoformat())
        confidence, morning = told.pop("confidence", None), told.pop("morning", True)
        for number, name in enumerate(names or ("glute_bridge",)):
            self.bout(day, name, session=session, hour=8 + number / 20, **told)
        self.log(SessionEvent(session=session, event="ended", rpe=4.0, confidence=confidence), day, 9)
        if morning is not None:
            self.morning(day + 1, usual=morning)

    def bout(
        self,
        day: int,
        name: str,
        *,
        reps: int = 20,
        sides: dict[Side, dict[str, Any]] | None = None,
        quality: float | None = 100,
        session: str | None = None,
        hour: float = 8,
        sets: int = 1,
        **told: Any,
    ) -> None:
        """Do one move; ``sides`` changes what was told for one side."""
        dose = next(iter(KNOWN.exercises[name].doses.values()))
        frame = {"rpe": 4.0, "rir": 3.0, "pain": 0.0, **told}
        for place, side in enumerate(BOTH if dose.per_side else (None,)):
            own = {**frame, **((sides or {}).get(side, {}) if side else {})}
            count, clean = own.pop("reps", reps), own.pop("quality", quality)
            counted = None if clean is None else round(count * clean / 100)
            for number in range(sets):
                one = SetDone(
                    exercise=name, side=side, session=session, number=number + 1, reps=count, clean_reps=counted, **own
                )
                self.log(one, day, hour + place / 100 + number / 400)

    def check_in(self, day: int, body: CheckIn | None = RESTED, hour: float = 7.5) -> str:
        """Answer the questions before a session."""
        return "" if body is None else self.log(body, day, hour)

    def morning(self, day: int, score: float = 0.0, *, usual: bool = True, **more: Any) -> str:
        """Tell how the morning after was."""
        told = Pain(place="hip_side", score=score, when="next_morning", back_to_usual=usual, **more)
        return self.log(told, day, 7)

    def measured(self, test: str, value: float, error: float, *, side: Side | None = None, day: int = -1) -> str:
        """Tell the result of a test by hand."""
        measure = KNOWN.tests[test].measure
        body = Measured(
            test=test,
            measure=measure.name,
            side=side,
            value=value,
            unit=measure.unit,
            standard_error=error,
            error_source="published",
            n=1,
            origin=Origin(method="hand"),
        )
        return self.log(body, day)

    def walked(self, day: int, minutes: float = 20, pain: float | None = 0.0) -> str:
        """Tell of a walk."""
        return self.log(Walk(duration_s=minutes * 60, worst_pain=pain, rpe=3.0), day, 17)

    def follow(self, programme: Programme, *, from_day: int | None = None, extra: int = 2) -> None:
        """Do everything that a week plans, a little more than asked, and all of it well."""
        for session in programme.sessions:
            day = (session.day - MONDAY).days
            if (from_day is not None and day < from_day) or session.optional:
                continue
            if session.walk is not None:
                self.walked(day, session.walk.minutes)
                self.practise(session, day)
            if session.moves:
                self.check_in(day)
                self.do(session.moves, day, session.id, extra=extra)
                self.log(SessionEvent(session=session.id, event="ended", rpe=5.0, confidence=8.0), day, 9)
            self.morning(day + 1)

    def practise(self, session: Session, day: int) -> None:
        """Do what a walk practises."""
        walk = session.walk
        if walk is not None and walk.drill is not None:
            held = 60.0 * walk.drill_minutes
            self.log(SetDone(exercise=walk.drill, session=session.id, number=1, reps=1, hold_s=held, pain=0.0), day, 17)

    def do(self, moves: Iterable[Move], day: int, session: str, *, extra: int = 2, hour: float = 8) -> None:
        """Do moves as they stand."""
        step = 0
        for one in moves:
            held = one.counts in ("seconds", "minutes")
            for dose in one.doses:
                for number in range(dose.sets):
                    step += 1
                    last = number == dose.sets - 1 and not held
                    reps = 1 if held else dose.amount + (dose.top - dose.amount + extra if last else 0)
                    done = SetDone(
                        exercise=one.exercise,
                        side=dose.side,
                        session=session,
                        number=number + 1,
                        reps=reps,
                        clean_reps=reps,
                        hold_s=float(dose.amount) if held else dose.hold_s,
                        load_kg=dose.load_kg or (5.0 if one.choose_load else None),
                        band=None if dose.band is None else str(dose.band),
                        rpe=float(min(one.rpe[1], 6)),
                        rir=3.0,
                        pain=0.0,
                    )
                    self.log(done, day, hour + step / 120)

    # ------------------------------------------------------------------------------------------- what is asked

    @property
    def state(self) -> State:
        """Return the journal as it is read."""
        return fold(self.entries)

    @property
    def permit(self) -> Permit:
        """Return a permit with the caution codes."""
        return Permit(decision(self.codes, self.actions))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what the results of tests say."""
        return find(self.state, KNOWN, MONDAY) if self.state.measures else ()

    def context(self, day: int, *, hour: float = 8, starts_on: int | None = None) -> Context:
        """Return what is known on a day; the week starts on that day unless ``starts_on`` says otherwise."""
        first = on(day if starts_on is None else starts_on)
        return read_context(self.permit, self.state, self.findings, KNOWN, at(day, hour), starts_on=first)

    def phase(self, day: int) -> PhaseView:
        """Return the phase of the week from a day on."""
        context = self.context(day)
        return find_phase(context.past, context.last, on(day))

    def plan(self, day: int = 0, hour: float = 8) -> Programme:
        """Plan the open week."""
        return plan(self.permit, self.state, self.findings, KNOWN, at(day, hour))

    def today(self, programme: Programme, day: int, hour: float = 8) -> Day:
        """Return what may be done on a day."""
        return day_plan(self.permit, programme, self.state, KNOWN, at(day, hour), findings=self.findings)

    def faults(self, programme: Programme, session: Session, day: int, hour: float = 8) -> list[str]:
        """Return what the independent validator finds in a session as it is about to be done."""
        made = decision(self.codes, self.actions)
        found = validate_session(session, programme, self.state, KNOWN, now=at(day, hour), decision=made)
        return [str(one) for one in found.violations]

    def copy(self, **changes: Any) -> "Life":
        """Return the same life so far."""
        mine = {"entries": list(self.entries), "codes": self.codes, "actions": self.actions}
        return Life(**{**mine, **changes})

    def problems(self, programme: Programme) -> list[str]:
        """Return what the independent validator finds in a week."""
        made = decision(self.codes, self.actions)
        before = tuple(one for one in self.context((programme.starts_on - MONDAY).days).before)
        return [str(one) for one in validate(programme, self.state, KNOWN, before=before, decision=made).violations]


def decision(codes: Iterable[str] = (), actions: tuple[str, ...] = ()) -> Decision:
    """Return a decision that lets a person start."""
    reasons = (Reason("readiness", "test", "limit", "", actions, ()),) if actions else ()
    return Decision("limit" if actions else "green", reasons, dict.fromkeys(codes, ()), ())


def person(
    *,
    age: int | None = 40,
    minutes: float = 25,
    days: float = 3,
    equipment: tuple[str, ...] = ("mini_band", "dumbbells"),
    setting: str = "home",
    goals: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
    **answers: AnswerValue,
) -> Life:
    """Return somebody who answered the intake and chose to begin before the tests."""
    life = Life(codes=codes)
    if age is not None:
        life.log(Profile(birth_year=2026 - age, birth_month=1), -1, 6)
    given = tuple(Answer(question=path, value=value) for path, value in harmless(age or 40).items())
    life.log(Answers(given=given), -1, 6)
    life.answers(
        -1,
        minutes_per_session=float(minutes),
        days_per_week=float(days),
        equipment=equipment,
        setting=setting,
        goals=goals,
        walks_now=20.0,
        **answers,
    )
    life.choose("start_without_tests")
    return life


@lru_cache
def _lived(weeks: int, wishes: tuple[tuple[str, Any], ...]) -> tuple[tuple[Entry, ...], tuple[Programme, ...]]:
    if weeks == 0:
        return tuple(person(**dict(wishes)).entries), ()
    entries, programmes = _lived(weeks - 1, wishes)
    life = Life(list(entries))
    made = life.issued(life.plan(7 * weeks - 7, 6), 7 * weeks - 7, 6.5)
    life.follow(made)
    return tuple(life.entries), (*programmes, made)


def lived(weeks: int, **wishes: Any) -> tuple[Life, tuple[Programme, ...]]:
    """Return somebody after so many weeks in which everything went well, with the programmes of those weeks."""
    entries, programmes = _lived(weeks, tuple(sorted(wishes.items())))
    return Life(list(entries)), programmes


def cases(reasons: Iterable[Why]) -> set[tuple[str, str]]:
    """Return the rules and cases of reasons."""
    return {(why.rule, why.case) for why in reasons}


def names(moves: Iterable[Move]) -> list[str]:
    """Return the exercises of moves, in order."""
    return [one.exercise for one in moves]


def main(session: Session) -> list[Move]:
    """Return the moves of the main part."""
    block = "activation" if not any(one.block == "strength" for one in session.moves) else "strength"
    return [one for one in session.moves if one.block == block]


def training(programme: Programme) -> list[Session]:
    """Return the sessions of a week that are no walk, no warm-up and no extra."""
    return [
        one for one in programme.sessions if one.moves and not one.optional and one.kind in ("standalone", "walk_event")
    ]


def week_of(number: int, **wishes: Any) -> Programme:
    """Return one week of somebody to whom everything went well; 0 = the first."""
    return lived(number + 1, **wishes)[1][number]


def moves_of(week: Programme) -> list[Move]:
    """Return the moves of all sessions of a week, in every version."""
    return [move for one in week.sessions for move in (*one.moves, *one.short, *one.bare)]


def now(view: PhaseView) -> Stage:
    """Return the phase that a person is in."""
    (stage,) = [one for one in view.stages if one.state == "now"]
    return stage


def unmet(view: PhaseView) -> set[str]:
    """Return what the gate of the present phase still asks for."""
    return {need.key for need in now(view).needs if not need.met}


@lru_cache
def _issued(weeks: int) -> tuple[tuple[Any, ...], Programme]:
    life, _ = lived(weeks)
    programme = life.issued(life.plan(7 * weeks, 6), 7 * weeks, 6.5)
    return tuple(life.entries), programme


def issued(weeks: int = 4, *, checked: bool = True) -> tuple[Life, Programme]:
    """Return somebody on the first training day of a week in P3, asked in the morning."""
    entries, programme = _issued(weeks)
    life = Life(list(entries))
    if checked:
        life.check_in(first_day(programme))
    return life, programme


def first_day(programme: Programme) -> int:
    """Return the first training day of a week."""
    return day_of(training(programme)[0])


def day_of(session: Session) -> int:
    """Return the day a session is planned for."""
    return (session.day - MONDAY).days


def standalone(day: Day) -> Session:
    """Return the session of a day."""
    (session,) = [one for one in day.sessions if one.kind == "standalone"]
    return session


def by_name(moves: Iterable[Move]) -> dict[str, Move]:
    """Return moves by their exercise."""
    return {move.exercise: move for move in moves}


def sets(moves: Iterable[Move]) -> dict[str, int]:
    """Return the sets of moves by their exercise."""
    return {move.exercise: move.sets for move in moves}


def work(move: Move) -> float:
    """Return all repetitions of a move."""
    return sum(dose.sets * dose.amount for dose in move.doses)
