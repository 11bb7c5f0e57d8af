"""Why it exists: lets one virtual person live half a year under one way of planning, and says what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from time import perf_counter

import numpy as np

from levelstride.journal.bodies import CheckIn, Pain, SetDone, Side, Walk
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.library.knowledge import Knowledge
from levelstride.programme.model import PHASES, WEEK, Dose, Move, Session
from levelstride.programme.simulation.body import Body, Morning, SetResult, Task, load_kind
from levelstride.programme.simulation.diary import Diary, moment
from levelstride.programme.simulation.parameters import Parameters
from levelstride.programme.simulation.people import SIDES, Days, Person, Writing, draw_days, draw_person, stream
from levelstride.programme.simulation.policies import Ours
from levelstride.programme.simulation.scene import Policy, Scene
from levelstride.screening.decision import Decision
from levelstride.screening.findings import Finding, find
from levelstride.screening.safety import decide

STARTS_ON = date(2025, 1, 6)  # a Monday
#: Repetitions a person wants to have left when choosing a first load.
_SPARE = 2.5
_SHORT_SLEEP, _STRESS = 6.0, 7.0
_MOST_TIME = 1.1  # of the minutes a person has; then they stop
_CLEAN_HOLD = 0.85
_TEST_WEEKS = (6, 12, 18, 24)


@dataclass
class Outcome:
    """What half a year brought one person under one policy.

    Attributes
    ----------
    gained : float
        Mean strength of large and side hip muscles and of the front of the thigh, both sides, percent of the start.
    flares, red_days : int
        Flare-ups; days with a red set or followed by a worse morning.
    filtered : str
        The safety filter of a plain plan; ``own`` for ours.
    offered, done : int
        Sessions offered while the person could train, and at least begun.
    hard_sets, effort, told_effort : float
        Hard sets a week (each side counts), their mean effort as it truly was and as it was said.
    opened : mapping
        Week in which a phase was reached (our policy only).
    violations : tuple of str
        What the independent validator found in what our policy gave; each begins with rule and case.
    failed : str or None
        What the planner raised; the life ended there.
    """

    policy: str
    number: int
    gained: float = 0.0
    flares: int = 0
    red_days: int = 0
    offered: int = 0
    done: int = 0
    sets: int = 0
    idle_weeks: int = 0
    opened: dict[str, int] = field(default_factory=dict)
    violations: tuple[str, ...] = ()
    failed: str | None = None
    severity: float = 0.0
    filtered: str = "own"
    hard_sets: float = 0.0
    effort: float = 0.0
    told_effort: float = 0.0
    planner_seconds: float = field(default=0.0, compare=False)
    traits: Mapping[str, str] = field(default_factory=dict)


def live(
    person: Person, policy: Policy, known: Knowledge, parameters: Parameters, *, weeks: int = 26, check: bool = True
) -> Outcome:
    """Return what came of so many weeks; the same for the same person, policy and assumptions.

    ``check`` = run the independent validator on everything that our own policy gives.
    """
    life = _Life(person, policy, known, parameters, weeks, check)
    return life.run()


def live_number(
    seed: int, number: int, policy: Policy, known: Knowledge, parameters: Parameters, *, weeks: int = 26
) -> Outcome:
    """Return the life of person ``number`` of a seed."""
    return live(draw_person(seed, number, parameters), policy, known, parameters, weeks=weeks)


class _Life:
    """One person, one policy, day by day."""

    def __init__(
        self, person: Person, policy: Policy, known: Knowledge, parameters: Parameters, weeks: int, check: bool
    ) -> None:
        self.person, self.policy, self.known, self.parameters = person, policy, known, parameters
        self.weeks, self.check = weeks, check
        self.body = Body(person, known, parameters)
        self.days: Days = draw_days(person, weeks * WEEK, parameters)
        self.diary = Diary(person, known, STARTS_ON, f"{policy.name} {policy.filtered} {parameters.digest}")
        self.outcome = Outcome(policy.name, person.number, filtered=policy.filtered, traits=traits(person))
        self.found: tuple[object, tuple[Finding, ...]] = (None, ())
        self.hard: list[tuple[float, float]] = []
        self.violations: list[str] = []
        self.last: tuple[Session, Morning] | None = None
        self.unanswered: tuple[Session, Morning] | None = None
        self.done_this_week = 0
        self.unwell = False
        self.decision: Decision | None = None
        self.tested: set[int] = set()

    def run(self) -> Outcome:
        self._tests(moment(STARTS_ON - timedelta(days=1), 12))
        for number in range(self.weeks * WEEK):
            try:
                self._day(number, STARTS_ON + timedelta(days=number))
            except _PlannerError as error:
                self.outcome.failed = str(error)
                break
        self.outcome.gained = self.body.gained()
        self.outcome.severity = self.body.severity
        self.outcome.hard_sets = len(self.hard) / self.weeks
        self.outcome.effort, self.outcome.told_effort = (
            float(np.mean([pair[part] for pair in self.hard])) if self.hard else 0.0 for part in (0, 1)
        )
        self.outcome.violations = tuple(dict.fromkeys(self.violations))
        return self.outcome

    def _day(self, number: int, today: date) -> None:
        rng = stream(self.person.seed, self.person.number, "sets", number)
        if number % WEEK == 0:
            self.done_this_week = 0
        self._wake(number, today, rng)
        trained = False
        if not self.days.away[number] and not self.days.ill[number]:
            trained = self._train(number, today, rng)
        worse = self._sleep(number, rng)
        red = self._red_today
        self.outcome.red_days += red or (trained and worse)
        if number % WEEK == WEEK - 1:
            self.body.week_end()
            self.outcome.idle_weeks += self.done_this_week == 0

    def _wake(self, number: int, today: date, rng: np.random.Generator) -> None:
        """Answer the question about yesterday's session, and say when an illness begins or ends."""
        self._red_today = False
        at = moment(today, 7)
        told = rng.random() >= self.person.writing.morning
        if self.last is not None:
            if told:
                self._tell_morning(*self.last, at)
            self.unanswered = None if told else self.last
        self.last = None
        ill = bool(self.days.ill[number])
        if ill != self.unwell:
            self.diary.answer("intake/unwell_today", ill, at)
            self.unwell, self.decision = ill, None

    def _tell_morning(self, session: Session, morning: Morning, at: datetime) -> None:
        complaint = self.person.complaint
        above = max(0, morning.above - int(self.person.writing.pain_kept_back))
        body = Pain(
            place=complaint.place,
            side=complaint.side,
            score=float(max(0, morning.pain - morning.above + above)),
            when="next_morning",
            session=session.id,
            back_to_usual=above == 0,
        )
        self.diary.write(body, at)

    def _ask_again(self, number: int, today: date) -> None:
        """Ask again before a session how the morning was, as our own plan does; people answer as often as before."""
        rng = stream(self.person.seed, self.person.number, "asked again", number)
        if self.unanswered is not None and isinstance(self.policy, Ours):
            if rng.random() >= self.person.writing.morning:
                self._tell_morning(*self.unanswered, moment(today, 17.4))
            self.unanswered = None

    def _train(self, number: int, today: date, rng: np.random.Generator) -> bool:
        scene = self._scene(number, today)
        if not scene.decision.may_start:
            return False
        planned = self._planned(scene)
        bad = self._bad(number)
        chance = self.person.adherence * (1 - self.parameters.number("adherence_fades") * (number // WEEK))
        chance *= self.parameters.number("adherence_bad_day") if bad else 1
        chance *= self.parameters.number("adherence_pain") if round(self.body.flare) else 1
        form = float((1 + self.days.strength[number]) * (1 - self.parameters.number("bad_day_strength") * bad))
        training = [session for session in planned if session.moves]
        if self.days.will[number] < chance:
            self._ask_again(number, today)
            self._check_in(number, today, rng)
            training = self._today(replace(scene, now=moment(today, 17.6)))
            hour = 18.0
            for session in training:
                self._do(session, moment(today, hour), form, rng)
                hour += 1
            trained = bool(training)
        else:
            trained = False
        self.outcome.offered += len(training)
        self._walk(number, today, planned, rng)
        return trained

    def _planned(self, scene: Scene) -> tuple[Session, ...]:
        """Return what the week holds for today; a new week is planned when the last one is over."""
        with self._planner(scene):
            if self.policy.due(scene.today):
                self._plan(scene)
        return self.policy.planned_on(scene.today)

    def _today(self, scene: Scene) -> list[Session]:
        """Return today's training as it stands after the check-in."""
        found: list[Session] = []
        with self._planner(scene):
            found = [session for session in self.policy.day(scene) if session.moves]
        return found

    @contextmanager
    def _planner(self, scene: Scene) -> Iterator[None]:
        """Take the time of our planner, have what it gives checked, and tell its failures from those of this bench."""
        if not isinstance(self.policy, Ours):
            yield
            return
        begun = perf_counter()
        try:
            yield
        except Exception as error:
            raise _PlannerError(f"{scene.today}: {type(error).__name__}: {error}") from error
        self.outcome.planner_seconds += perf_counter() - begun
        self._validate(scene)

    def _plan(self, scene: Scene) -> None:
        if isinstance(self.policy, Ours):
            if scene.week in _TEST_WEEKS and scene.week not in self.tested:
                self.tested.add(scene.week)
                self._tests(moment(scene.today, 7.5))
            scene.findings = self._findings(scene)
        self.policy.week(scene)
        if isinstance(self.policy, Ours):
            phase = self.policy.programmes[-1].phase
            for reached in PHASES[: PHASES.index(phase) + 1]:
                self.outcome.opened.setdefault(reached, scene.week + 1)

    def _findings(self, scene: Scene) -> tuple[Finding, ...]:
        """Return what the tests say; read again only when something was measured since."""
        if self.found[0] is not scene.state.measures:
            self.found = scene.state.measures, tuple(find(scene.state, self.known, scene.today))
        return self.found[1]

    def _validate(self, scene: Scene) -> None:
        if not isinstance(self.policy, Ours) or not self.check:
            return
        from levelstride.programme.validator import validate, validate_session

        for issue in self.policy.issued:
            if issue.session is None:
                before = tuple(one for one in self.policy.programmes if one.starts_on < issue.programme.starts_on)
                found = validate(issue.programme, scene.state, self.known, before=before, decision=scene.decision)
            else:
                found = validate_session(
                    issue.session, issue.programme, scene.state, self.known, now=scene.now, decision=scene.decision
                )
            kind = "week" if issue.session is None else "day"
            self.violations.extend(
                f"{one.rule}.{one.case} ({kind}, {scene.today}, {one.exercise} {one.side}): {one.text}"
                for one in found.violations
            )
        self.policy.issued.clear()

    def _scene(self, number: int, today: date) -> Scene:
        now = moment(today, 8)
        if self.decision is None:
            self.decision = decide(self.diary.state(), self.known, now)
        return Scene(self.person, self.known, self.diary, now, self.decision, (), number // WEEK)

    # ------------------------------------------------------------------------------------------- doing and telling

    def _do(self, session: Session, at: datetime, form: float, rng: np.random.Generator) -> None:
        writing = self.person.writing
        self.diary.write(SessionEvent(session=session.id, event="started"), at)
        left = self.person.minutes * 60 * _MOST_TIME
        sets: list[SetDone] = []
        worst = 0.0
        for move in session.moves:
            if left <= 0:
                break
            seconds = move.seconds / sum(dose.sets for dose in move.doses)
            for dose in move.doses:
                wanted = min(dose.sets, int(left / max(1.0, seconds)))
                if wanted == 0:
                    break
                task, results = self._perform(move, dose, wanted, form, rng)
                left -= seconds * len(results)
                self._red_today = self._red_today or any(one.red for one in results)
                worst = max(worst, *(one.said_effort for one in results))
                if move.hard:
                    self.hard.extend((one.effort, one.said_effort) for one in results)
                for count, one in enumerate(results):
                    last = count == len(results) - 1
                    at += timedelta(seconds=seconds)
                    body = _written(session.id, task, one, count + 1, last and move.rir is not None, writing, rng)
                    sets.append(body)
                    self.diary.write(body, at)
        feel = float(max(0, 7 - round(self.body.flare)))
        used = max(0.0, self.person.minutes * _MOST_TIME - left / 60)
        ended = SessionEvent(
            session=session.id, event="ended" if left > 0 else "left", minutes=used, rpe=worst or None, feel_after=feel
        )
        self.diary.write(ended, at)
        self.outcome.done += bool(sets)
        self.outcome.sets += len(sets)
        self.done_this_week += bool(sets)
        self.policy.told(session, sets, at.date())
        if sets:
            self.last = (session, Morning(0, 0, 0, False))

    def _perform(
        self, move: Move, dose: Dose, sets: int, form: float, rng: np.random.Generator
    ) -> tuple[Task, tuple[SetResult, ...]]:
        task = Task(
            exercise=move.exercise,
            side=dose.side,
            sets=sets,
            amount=dose.top,  # every plan says "8 to 12", and people do what is easy enough
            counts=move.counts,
            hold_s=dose.hold_s,
            load_kg=None if dose.load_kg is None else min(dose.load_kg, self.person.kg_most),
            band=dose.band,
            cap=float(move.rpe[1]),
            top=dose.top,
        )
        loaded = move.choose_load or load_kind(self.known.exercises[move.exercise]) is not None
        if loaded and task.load_kg is None and task.band is None:
            spare = _SPARE if move.rir is None else max(_SPARE, float(move.rir[0]))
            task = self.body.choose_load(task, spare, rng)
        return task, self.body.perform(task, form, rng)

    def _check_in(self, number: int, today: date, rng: np.random.Generator) -> None:
        if rng.random() < self.person.writing.check_in:
            return
        sleep = float(self.days.sleep[number])
        body = CheckIn(
            sleep_hours=round(sleep, 1),
            sleep_quality=float(round(min(10.0, max(0.0, sleep)))),
            stress=8.0 if self.days.stressed[number] else 3.0,
            soreness=float(round(self.body.sore)),
            unwell=False,
        )
        self.diary.write(body, moment(today, 17.5))

    def _walk(self, number: int, today: date, sessions: Sequence[Session], rng: np.random.Generator) -> None:
        """Walk: as planned where the plan holds a walk, else as the person is used to."""
        planned = [session.walk for session in sessions if session.walk is not None and not session.extra]
        minutes = float(planned[0].minutes) if planned else float(self.person.walk_minutes)
        chance = self.person.adherence if planned else self.parameters.number("walk_days")
        if self.days.walks[number] >= chance or (not planned and self._has_walks()):
            return
        pain = self.body.walk(minutes, rng)
        body = Walk(duration_s=minutes * 60, rpe=3.0, worst_pain=float(pain))
        self.diary.write(body, moment(today, 21))

    def _has_walks(self) -> bool:
        programmes = self.policy.programmes if isinstance(self.policy, Ours) else []
        return bool(programmes) and any(
            session.walk is not None and not session.extra for session in programmes[-1].sessions
        )

    def _sleep(self, number: int, rng: np.random.Generator) -> bool:
        morning = self.body.night(rng, bool(self.days.flares[number]))
        if self.last is not None:
            self.last = (self.last[0], morning)
        self.outcome.flares += morning.flared
        return morning.above > 0

    def _bad(self, number: int) -> bool:
        return bool(self.days.sleep[number] < _SHORT_SLEEP or self.days.stressed[number])

    def _tests(self, at: datetime) -> None:
        """Do three simple tests: one per muscle group that counts here."""
        rng = stream(self.person.seed, self.person.number, "tests", at.toordinal())
        for side in SIDES:
            bridge = self._best("sl_bridge", side)
            hold = self._best("side_lying_abd", side) * 3
            self.diary.test("sl_bridge_reps", side, float(max(0, round(bridge + rng.normal()))), at)
            self.diary.test("side_lying_abd_hold", side, float(max(1, round(hold + 3 * rng.normal()))), at)
        stands = self._best("sit_to_stand", None)
        test, value = ("chair30", min(30.0, stands / 2)) if self.person.age >= 60 else ("sts5", 60 / max(3.0, stands))
        self.diary.test(test, None, float(round(max(2.0, value))), at)

    def _best(self, exercise: str, side: Side | None) -> float:
        return min(60.0, self.body.reps_possible(Task(exercise, side, 1, 1)))


class _PlannerError(Exception):
    """The planner failed for a person; counted, never hidden."""


def _written(
    session: str,
    task: Task,
    one: SetResult,
    number: int,
    asks_reserve: bool,
    writing: Writing,
    rng: np.random.Generator,
) -> SetDone:
    """Return a set as the person writes it down: some things are left out, some are seen too kindly."""
    effort, clean, pain, flattered = rng.random(4)
    held = task.counts == "seconds"
    share = one.clean / one.amount if one.amount else 0.0
    seen = one.clean + round((one.amount - one.clean) * writing.clean_flattered * flattered * 2)
    counted = int(share >= _CLEAN_HOLD) if held else min(one.amount, seen)
    metres = task.counts == "metres"
    tells_pain = pain >= writing.pain
    return SetDone(
        exercise=task.exercise,
        side=task.side,
        session=session,
        number=number,
        reps=1 if held and one.amount else None if metres else one.amount,
        clean_reps=None if clean < writing.clean or metres else counted,
        hold_s=float(one.amount) if held else task.hold_s,
        distance_m=float(one.amount) if metres else None,
        load_kg=task.load_kg,
        band=None if task.band is None else str(task.band),
        rpe=None if effort < writing.effort else float(one.said_effort),
        rir=float(one.said_reserve) if asks_reserve and effort >= writing.effort else None,
        pain=max(0.0, one.pain - writing.pain_kept_back) if tells_pain else None,
        pain_kind="sharp" if one.sharp and tells_pain else None,
    )


def traits(person: Person) -> dict[str, str]:
    """Return what results are told apart by."""
    return {
        "age": "65+" if person.old else "40-64" if person.age >= 40 else "under 40",
        "pain": "pain at the start" if person.complaint.severity > 0 else "no pain at the start",
        "training": ("untrained", "some training", "trained")[person.training],
        "days": f"{len(person.weekdays)} days",
        "minutes": "up to 20 min" if person.minutes <= 20 else "over 20 min",
        "load": "has weights" if {"dumbbells", "kettlebell", "barbell"} & set(person.equipment) else "no weights",
        "cautions": "caution codes" if person.codes else "no caution codes",
    }
