"""Why it exists: the ways of planning that are compared - ours, and three plain ones in our own words and code.

The plain ones are what many people do, written from public descriptions only: a fixed plan for the week; double
progression; a plan whose weights rise by a rule when the last session met its requirement. All get the same safety
filter: moves that caution codes or missing equipment rule out are never chosen, nothing happens on a day on which the
screening stops, and a move that hurt too much rests for two days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from levelstride.journal.bodies import SetDone, Side
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Counted, Exercise
from levelstride.library.selection import apply_cautions, find_exercises
from levelstride.programme.model import WEEK, Dose, Move, Programme, Session
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.simulation.body import BAND_LEVELS, load_kind
from levelstride.programme.simulation.diary import Diary, both_sides
from levelstride.programme.simulation.people import Person
from levelstride.programme.timing import move_seconds
from levelstride.screening.decision import Decision, Permit
from levelstride.screening.findings import Finding

Key = tuple[str, Side | None]

#: Jobs of the plain plans, each with moves in the order in which they are taken: the first that is allowed.
JOBS: tuple[tuple[str, ...], ...] = (
    ("goblet_squat", "bw_squat", "sit_to_stand", "wall_sit"),
    ("rdl", "hip_thrust_bw", "glute_bridge", "standing_kickback"),
    ("split_squat", "step_up", "lateral_step_up"),
    ("lateral_band_walk", "side_lying_abd", "standing_hip_abd", "wall_press"),
    ("clamshell_band", "clamshell", "seated_clam_band", "fire_hydrant"),
    ("side_plank_knees", "dead_bug", "bird_dog", "front_plank"),
)
DAYS = 3
SETS = 3
REPS = (8, 12)
FIXED = (10, 12)
#: Effort at which people end a set of the plain plans: one repetition left, as usual advice says.
CAP = 9
REST_S = 60
RED_REST_DAYS = 2
_STEP_PERCENT = 5
_CONFIG_PERCENT = 2.5
_CONFIG_REPS = 1
_CONFIG_MOST_REPS = 20
_KG_STEP = 0.5


@dataclass(frozen=True)
class Issue:
    """What our own planner gave and is checked for: a week, or a session of a day."""

    programme: Programme
    session: Session | None = None


@dataclass
class Scene:
    """What a policy may see on a day: the person's wishes and journal, never the body."""

    person: Person
    known: Knowledge
    diary: Diary
    now: datetime
    decision: Decision
    findings: tuple[Finding, ...] = ()
    week: int = 0

    @property
    def state(self) -> State:
        """Return the journal."""
        return self.diary.state()

    @property
    def today(self) -> date:
        """Return the day."""
        return self.now.date()


class Policy(Protocol):
    """One way of planning."""

    name: str

    def due(self, today: date) -> bool:
        """Say whether a new week must be planned."""
        ...

    def week(self, scene: Scene) -> list[Session]:
        """Return the sessions of the week that begins today."""
        ...

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return what the week as planned holds for a day."""
        ...

    def day(self, scene: Scene) -> list[Session]:
        """Return what is to be done today, after what is known by now."""
        ...

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Take note of what was written down of a session."""
        ...


class Ours:
    """The programme of the product."""

    name = "levelstride"

    def __init__(self) -> None:
        self.programmes: list[Programme] = []
        self.issued: list[Issue] = []

    def due(self, today: date) -> bool:
        """Say whether the last week is over."""
        return not self.programmes or today >= self.programmes[-1].starts_on + timedelta(days=WEEK)

    def week(self, scene: Scene) -> list[Session]:
        """Plan a week and keep it in the journal."""
        from levelstride.programme.plan import issue, plan  # the solver, which only this policy needs

        programme = plan(Permit(scene.decision), scene.state, scene.findings, scene.known, scene.now)
        self.programmes.append(programme)
        self.issued.append(Issue(programme))
        scene.diary.write(issue(programme), scene.now)
        return list(programme.sessions)

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return the sessions of the issued week that stand on a day."""
        sessions = self.programmes[-1].sessions if self.programmes else ()
        return tuple(session for session in sessions if session.day == today)

    def day(self, scene: Scene) -> list[Session]:
        """Return today's sessions, after pain, readiness and level."""
        from levelstride.programme.day import day_plan

        if not self.programmes:
            return []
        today = day_plan(Permit(scene.decision), self.programmes[-1], scene.state, scene.known, scene.now)
        self.issued.extend(Issue(self.programmes[-1], session) for session in today.sessions)
        return list(today.sessions)

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Do nothing: the journal says it all."""


@dataclass
class Line:
    """One line of a plain plan: a move on one side, what to do next, and when it rests until."""

    exercise: str
    side: Side | None
    reps: int
    load_kg: float | None = None
    band: int | None = None
    rest_until: date | None = None


class Plain:
    """What the plain plans share: three days a week, the same jobs, the same safety filter."""

    name = "fixed"
    reps = FIXED

    def __init__(self) -> None:
        self.lines: dict[Key, Line] = {}
        self.allowed: dict[str, Exercise] = {}
        self.planned: date | None = None
        self.weekdays: tuple[int, ...] = ()
        self.sessions: tuple[Session, ...] = ()

    def due(self, today: date) -> bool:
        """Say whether the last week is over."""
        return self.planned is None or today >= self.planned + timedelta(days=WEEK)

    def week(self, scene: Scene) -> list[Session]:
        """Return up to three sessions on the person's own days."""
        if not self.allowed:
            self._begin(scene)
        self.planned = scene.today - timedelta(days=scene.today.weekday())
        self.weekdays = scene.person.weekdays[:DAYS]
        self.sessions = tuple(self._session(self.planned + timedelta(days=day)) for day in self.weekdays)
        return list(self.sessions)

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return the session of a day, if there is one."""
        return tuple(session for session in self.sessions if session.day == today)

    def day(self, scene: Scene) -> list[Session]:
        """Return today's session with the doses as they stand today, without moves that rest."""
        return [self._session(scene.today)] if self.planned_on(scene.today) else []

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Rest what hurt too much; then let the plan go on."""
        for key, line in list(self.lines.items()):
            done = [one for one in sets if (one.exercise, one.side) == key]
            if not done:
                continue
            if any((one.pain or 0) > 5 or one.pain_kind == "sharp" for one in done):
                line.rest_until = today + timedelta(days=RED_REST_DAYS + 1)
                continue
            line.load_kg = _last(done, "load_kg", line.load_kg)
            line.band = _last(done, "band", line.band)
            self._go_on(line, done)

    def _go_on(self, line: Line, done: Sequence[SetDone]) -> None:
        """Change nothing: the fixed plan stays."""

    def _begin(self, scene: Scene) -> None:
        self.known, self.person, self.rules = scene.known, scene.person, Rulebook(scene.known)
        codes = scene.person.codes
        found = find_exercises(scene.known, equipment=scene.person.equipment, cautions=codes, cleared=codes)
        self.allowed = {exercise.id: exercise for exercise in found}
        assert not set(self.allowed) & set(apply_cautions(codes, scene.known).removed)
        for job in JOBS:
            name = next((move for move in job if move in self.allowed), None)
            if name is not None and not any(line.exercise == name for line in self.lines.values()):
                self._add(name)

    def _add(self, name: str) -> None:
        for side in both_sides(_sided(self.allowed[name])):
            self.lines[name, side] = Line(name, side, self._first(self.allowed[name]))

    def _first(self, exercise: Exercise) -> int:
        counts, high = _counts(exercise)
        return self.reps[0] if counts in ("repetitions", "steps") else high

    def _session(self, day: date) -> Session:
        moves = tuple(self._moves(day))
        minutes = -(-sum(move.seconds for move in moves) // 60)
        return Session(id=f"{day.isoformat()}-standalone", day=day, kind="standalone", minutes=minutes, moves=moves)

    def _moves(self, day: date) -> Iterator[Move]:
        names = dict.fromkeys(line.exercise for line in self.lines.values())
        for name in names:
            lines = [line for line in self.lines.values() if line.exercise == name]
            lines = [line for line in lines if line.rest_until is None or day >= line.rest_until]
            if lines:
                yield self._move(self.allowed[name], lines)

    def _move(self, exercise: Exercise, lines: Sequence[Line]) -> Move:
        counts, _ = _counts(exercise)
        top = {line.side: max(line.reps, self.reps[1] if counts in ("repetitions", "steps") else 1) for line in lines}
        doses = tuple(
            Dose(
                side=line.side,
                sets=SETS,
                amount=line.reps,
                top=top[line.side],
                band=line.band,
                load_kg=line.load_kg,
            )
            for line in lines
        )
        return Move(
            exercise=exercise.id,
            block="strength",
            counts=counts,
            doses=doses,
            rpe=(CAP - 2, CAP),
            rir=(10 - CAP, 3),
            rest_s=REST_S,
            choose_load=load_kind(exercise) is not None and all(line.load_kg is None for line in lines),
            hard=True,
            seconds=move_seconds(exercise, doses, counts, REST_S, None, self.rules),
        )

    def _swap(self, line: Line, name: str) -> None:
        """Put another move of the ladder in the place of one, on both sides."""
        kept: dict[Key, Line] = {}
        for key, one in self.lines.items():
            if one.exercise != line.exercise:
                kept[key] = one
                continue
            for side in both_sides(_sided(self.allowed[name])):
                kept.setdefault((name, side), Line(name, side, self._first(self.allowed[name])))
        self.lines = kept


class DoubleProgression(Plain):
    """First more repetitions, from 8 to 12; when all sets reach the top, more load, then 8 again.

    More load = 5 % (at least the smallest step), one band level, or the harder move of the ladder where there is
    neither. A move of which not one repetition was possible goes back to the easier one.
    """

    name = "double_progression"
    reps = REPS

    def _go_on(self, line: Line, done: Sequence[SetDone]) -> None:
        if (line.exercise, line.side) not in self.lines:
            return
        reached = [_amount(one) for one in done]
        exercise = self.allowed[line.exercise]
        if max(reached) < 1:
            self._ladder(line, exercise.easier)
        elif len(reached) >= SETS and min(reached) >= line.reps:
            _, high = _counts(exercise)
            top = self.reps[1] if _counts(exercise)[0] in ("repetitions", "steps") else high
            if line.reps < top:
                line.reps = min(top, line.reps + 1)
            else:
                self._heavier(line, exercise)

    def _heavier(self, line: Line, exercise: Exercise) -> None:
        kind = load_kind(exercise)
        if kind == "kg" and line.load_kg is not None and line.load_kg < self.person.kg_most:
            line.load_kg = min(self.person.kg_most, raised(line.load_kg, _STEP_PERCENT))
            line.reps = self.reps[0]
        elif kind == "band" and line.band is not None and line.band < BAND_LEVELS:
            line.band, line.reps = line.band + 1, self.reps[0]
        else:
            self._ladder(line, exercise.harder)

    def _ladder(self, line: Line, names: Sequence[str]) -> None:
        taken = {one.exercise for one in self.lines.values()}
        for name in names:
            fits = name in self.allowed and name not in taken and _is_strength(self.allowed[name])
            if fits:
                self._swap(line, name)
                return


class ConfiguredProgression(Plain):
    """Each move has settings for sets, repetitions and weight, and rules by which a setting changes.

    The kind of plan that open training software (wger) documents: a rule raises a setting by a step, every so many
    weeks, and only when the requirement was met - here: all planned sets of the last session reached their
    repetitions at the planned weight. The weight rises by 2.5 % a week (at least the smallest step), a band by one
    level every fourth week; moves without either gain one repetition a week, up to 20.
    """

    name = "configured_progression"
    reps = (10, 10)

    def __init__(self) -> None:
        super().__init__()
        self.met: dict[Key, bool] = {}
        self.weeks = 0

    def week(self, scene: Scene) -> list[Session]:
        """Apply the rules once a week, then plan."""
        if self.allowed:
            self.weeks += 1
            for key, line in self.lines.items():
                if self.met.pop(key, False):
                    self._raise(line)
        return super().week(scene)

    def _go_on(self, line: Line, done: Sequence[SetDone]) -> None:
        self.met[line.exercise, line.side] = len(done) >= SETS and min(_amount(one) for one in done) >= line.reps

    def _raise(self, line: Line) -> None:
        kind = load_kind(self.allowed[line.exercise])
        if kind == "kg" and line.load_kg is not None:
            line.load_kg = min(self.person.kg_most, raised(line.load_kg, _CONFIG_PERCENT))
        elif kind == "band" and line.band is not None:
            line.band = min(BAND_LEVELS, line.band + (self.weeks % 4 == 0))
        elif _counts(self.allowed[line.exercise])[0] in ("repetitions", "steps"):
            line.reps = min(_CONFIG_MOST_REPS, line.reps + _CONFIG_REPS)


def policies() -> tuple[Policy, ...]:
    """Return every policy anew: ours first, then the plain ones."""
    return (Ours(), Plain(), DoubleProgression(), ConfiguredProgression())


def raised(load_kg: float, percent: float) -> float:
    """Return a weight raised by so many percent, rounded to the smallest step, and by one step at least."""
    steps = max(1, round(load_kg * percent / 100 / _KG_STEP))
    return load_kg + steps * _KG_STEP


def _counts(exercise: Exercise) -> tuple[Counted, int]:
    """Return what the plain plans count of a move, and the high end of its first dose."""
    dose = next(iter(exercise.doses.values()))
    return dose.counts, dose.amount.high


def _sided(exercise: Exercise) -> bool:
    return next(iter(exercise.doses.values())).per_side


def _is_strength(exercise: Exercise) -> bool:
    return exercise.kind in ("activation", "strength", "functional", "multiplanar", "core")


def _amount(one: SetDone) -> float:
    if one.hold_s is not None and one.reps in (None, 1):
        return one.hold_s
    return float(one.reps or 0)


def _last(done: Sequence[SetDone], name: str, before: Any) -> Any:
    values = [getattr(one, name) for one in done if getattr(one, name) is not None]
    if not values:
        return before
    return int(values[-1]) if name == "band" else values[-1]
