"""Why it exists: three plain ways of planning, in our own words and code, for the comparison.

What many people do, written from public descriptions only: a fixed plan for the week; double progression; a plan whose
weights rise by a rule when the last session met its requirement. Safety is not theirs: every one of them is lived under
each filter of ``filters.py``, which decides what may be done today and whether a move may go on to a higher level.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from levelstride.journal.bodies import SetDone, Side
from levelstride.library.schema.exercises import Counted, Exercise
from levelstride.programme.model import WEEK, Dose, Move, Session
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.simulation.body import BAND_LEVELS, load_kind
from levelstride.programme.simulation.diary import both_sides
from levelstride.programme.simulation.filters import Basic, Filter, allowed, is_strength
from levelstride.programme.simulation.scene import Key, Scene
from levelstride.programme.timing import move_seconds

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
_STEP_PERCENT = 5
_CONFIG_PERCENT = 2.5
_CONFIG_REPS = 1
_CONFIG_MOST_REPS = 20
_KG_STEP = 0.5


@dataclass
class Line:
    """One line of a plain plan: a move on one side, and what to do next."""

    exercise: str
    side: Side | None
    reps: int
    load_kg: float | None = None
    band: int | None = None


class Plain:
    """What the plain plans share: three days a week, as far apart as the person's days allow, and the same jobs."""

    name = "fixed"
    reps = FIXED

    def __init__(self, keeper: Filter | None = None) -> None:
        self.filter: Filter = keeper or Basic()
        self.lines: dict[Key, Line] = {}
        self.allowed: dict[str, Exercise] = {}
        self.planned: date | None = None
        self.sessions: tuple[Session, ...] = ()
        self.untold: list[tuple[Session, tuple[SetDone, ...]]] = []

    @property
    def filtered(self) -> str:
        """Return the name of the safety filter."""
        return self.filter.name

    def due(self, today: date) -> bool:
        """Say whether the last week is over."""
        return self.planned is None or today >= self.planned + timedelta(days=WEEK)

    def week(self, scene: Scene) -> list[Session]:
        """Return up to three sessions on the person's own days."""
        if not self.allowed:
            self._begin(scene)
        self._settle(scene)
        self._next_week()
        self.planned = scene.today - timedelta(days=scene.today.weekday())
        days = [self.planned + timedelta(days=day) for day in apart(scene.person.weekdays, DAYS)]
        self.sessions = self.filter.week([self._session(day) for day in days], scene)
        return list(self.sessions)

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return the session of a day, if there is one."""
        return tuple(session for session in self.sessions if session.day == today)

    def day(self, scene: Scene) -> list[Session]:
        """Return today's session with the doses as they stand today, as far as the filter allows it."""
        if not self.planned_on(scene.today):
            return []
        self._settle(scene)
        session = self.filter.day(self._session(scene.today), scene)
        return [] if session is None else [session]

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Keep what was written down until the morning after is known."""
        self.filter.told(session, sets, today)
        self.untold.append((session, tuple(sets)))

    def _settle(self, scene: Scene) -> None:
        """Let the plan go on from what was done, where the filter allows it."""
        self.filter.look(scene)
        for key in self.filter.restarts():
            if key in self.lines:
                line = self.lines[key]
                self.lines[key] = Line(line.exercise, line.side, self._first(self.allowed[line.exercise]))
        for session, sets in self.untold:
            planned = {(move.exercise, dose.side): dose.sets for move in session.moves for dose in move.doses}
            for key, line in list(self.lines.items()):
                done = [one for one in sets if (one.exercise, one.side) == key]
                if done and self.filter.may_rise(key):
                    line.load_kg = _last(done, "load_kg", line.load_kg)
                    line.band = _last(done, "band", line.band)
                    self._go_on(line, done, planned[key])
        self.untold.clear()

    def _go_on(self, line: Line, done: Sequence[SetDone], planned: int) -> None:
        """Change nothing: the fixed plan stays."""

    def _next_week(self) -> None:
        """Change nothing: only some plans have rules for a new week."""

    def _begin(self, scene: Scene) -> None:
        self.person, self.rules = scene.person, Rulebook(scene.known)
        self.allowed = allowed(scene)
        for job in JOBS:
            name = next((move for move in job if move in self.allowed), None)
            if name is not None and not any(line.exercise == name for line in self.lines.values()):
                for side in both_sides(_sided(self.allowed[name])):
                    self.lines[name, side] = Line(name, side, self._first(self.allowed[name]))

    def _first(self, exercise: Exercise) -> int:
        counts, high = _counts(exercise)
        return self.reps[0] if counts in ("repetitions", "steps") else high

    def _session(self, day: date) -> Session:
        moves = tuple(self._moves())
        minutes = -(-sum(move.seconds for move in moves) // 60)
        return Session(id=f"{day.isoformat()}-standalone", day=day, kind="standalone", minutes=minutes, moves=moves)

    def _moves(self) -> Iterator[Move]:
        for name in dict.fromkeys(line.exercise for line in self.lines.values()):
            yield self._move(self.allowed[name], [line for line in self.lines.values() if line.exercise == name])

    def _move(self, exercise: Exercise, lines: Sequence[Line]) -> Move:
        counts, _ = _counts(exercise)
        least = self.reps[1] if counts in ("repetitions", "steps") else 1
        doses = tuple(
            Dose(
                side=line.side,
                sets=SETS,
                amount=line.reps,
                top=max(line.reps, least),
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

    def _go_on(self, line: Line, done: Sequence[SetDone], planned: int) -> None:
        if (line.exercise, line.side) not in self.lines:
            return
        reached = [_amount(one) for one in done]
        exercise = self.allowed[line.exercise]
        if max(reached) < 1:
            self._ladder(line, exercise.easier)
        elif len(reached) >= planned and min(reached) >= line.reps:
            counts, high = _counts(exercise)
            top = self.reps[1] if counts in ("repetitions", "steps") else high
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
            if name in self.allowed and name not in taken and is_strength(self.allowed[name]):
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

    def __init__(self, keeper: Filter | None = None) -> None:
        super().__init__(keeper)
        self.met: dict[Key, bool] = {}
        self.weeks = 0

    def _next_week(self) -> None:
        if self.planned is None:
            return
        self.weeks += 1
        for key, line in self.lines.items():
            if self.met.pop(key, False) and self.filter.may_rise(key):
                self._raise(line)

    def _go_on(self, line: Line, done: Sequence[SetDone], planned: int) -> None:
        reached = min(_amount(one) for one in done) >= line.reps
        self.met[line.exercise, line.side] = len(done) >= planned and reached

    def _raise(self, line: Line) -> None:
        kind = load_kind(self.allowed[line.exercise])
        if kind == "kg" and line.load_kg is not None:
            line.load_kg = min(self.person.kg_most, raised(line.load_kg, _CONFIG_PERCENT))
        elif kind == "band" and line.band is not None:
            line.band = min(BAND_LEVELS, line.band + (self.weeks % 4 == 0))
        elif _counts(self.allowed[line.exercise])[0] in ("repetitions", "steps"):
            line.reps = min(_CONFIG_MOST_REPS, line.reps + _CONFIG_REPS)


def apart(weekdays: Sequence[int], most: int) -> tuple[int, ...]:
    """Return up to ``most`` of a person's weekdays, as far apart as they can lie; of equal choices the first."""

    def gap(days: tuple[int, ...]) -> int:
        return min((later - day for day, later in zip(days, (*days[1:], days[0] + WEEK), strict=True)), default=WEEK)

    ordered = sorted(weekdays)
    return max(combinations(ordered, min(most, len(ordered))), key=gap)


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


def _amount(one: SetDone) -> float:
    if one.hold_s is not None and one.reps in (None, 1):
        return one.hold_s
    return float(one.reps or 0)


def _last(done: Sequence[SetDone], name: str, before: Any) -> Any:
    values = [getattr(one, name) for one in done if getattr(one, name) is not None]
    if not values:
        return before
    return int(values[-1]) if name == "band" else values[-1]
