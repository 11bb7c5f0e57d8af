"""Why it exists: how a virtual body answers to training - what a set becomes, the night after it, the end of a week.

A model with simple curves, each with its assumption in ``parameters.yaml``; it shows how rules behave, nothing more.
Strength is a share of a reference adult; load on a place counts in sets of ten repetitions at full strength.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, inf

import numpy as np

from levelstride.journal.bodies import Side
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Counted, Exercise
from levelstride.programme.simulation.parameters import Parameters
from levelstride.programme.simulation.people import SIDES, Person

WEIGHTS = frozenset({"dumbbells", "kettlebell", "barbell", "cable", "ankle_weight"})
BANDS = frozenset({"mini_band", "long_band"})
BAND_LEVELS = 5
#: Above this pain a person ends the move, whoever planned it (the red of the pain rule).
_RED = 5
_HARD = 5.0
_LEAST = 0.05


@dataclass(frozen=True)
class Task:
    """What a person is asked to do: one move on one side.

    ``cap`` = effort at which a set ends; ``top`` = amount up to which the last set may go.
    """

    exercise: str
    side: Side | None
    sets: int
    amount: int
    counts: Counted = "repetitions"
    hold_s: float | None = None
    load_kg: float | None = None
    band: int | None = None
    cap: float = 10.0
    top: int | None = None


@dataclass(frozen=True)
class SetResult:
    """One set: what was done, how clean, how hard it was and how hard it felt, what hurt.

    ``clean`` in the unit of ``amount``; ``effort`` and ``reserve`` are true, ``said_*`` what the person believes.
    """

    amount: int
    clean: int
    effort: float
    reserve: float
    said_effort: int
    said_reserve: int
    pain: int
    sharp: bool

    @property
    def red(self) -> bool:
        """Say whether the person ends the move here."""
        return self.pain > _RED or self.sharp


@dataclass(frozen=True)
class Morning:
    """The next morning: points above usual pain, the pain itself, sore muscles, and whether a flare-up began."""

    above: int
    pain: int
    sore: int
    flared: bool


@dataclass(frozen=True)
class _Profile:
    """What the model takes from an exercise."""

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    demand: float
    per_kg: float
    start_clean: float
    easier: tuple[str, ...]
    place: float


class Body:
    """A person's body from the first day on; everything random comes from the generator given to each call."""

    def __init__(self, person: Person, known: Knowledge, parameters: Parameters) -> None:
        self.person = person
        self.known = known
        self.parameters = parameters
        self.strength = dict(person.strength)
        self.practice: dict[str, float] = {}
        self.tired = dict.fromkeys(person.strength, 0.0)
        self.week_sets = dict.fromkeys(person.strength, 0.0)
        self.weeks_low = dict.fromkeys(person.strength, 0)
        self.tolerance = person.complaint.tolerance
        self.severity = person.complaint.severity
        self.flare = 0.0
        self.load_today = 0.0
        self.load_left = 0.0
        self.sore = 0.0
        self.hard_today = 0.0
        self.usual_hard = parameters.numbers("sore_usual")[person.training]
        self._most_load = 0.0
        self._overloaded = False
        self._profiles: dict[str, _Profile] = {}

    # ------------------------------------------------------------------------------------------- what is done

    def perform(self, task: Task, form: float, rng: np.random.Generator) -> tuple[SetResult, ...]:
        """Return the sets done of a task, and let the body feel them.

        ``form`` = factor on strength today. A move that hurts too much ends there; a move that cannot be done once
        gives one set of nothing.
        """
        done: list[SetResult] = []
        for number in range(task.sets):
            wanted = max(task.amount, task.top or 0) if number == task.sets - 1 else task.amount
            result = self._set(replace(task, amount=wanted), form, rng)
            done.append(result)
            if result.red or result.amount == 0:
                break
        return tuple(done)

    def reps_possible(self, task: Task, form: float = 1.0) -> float:
        """Return the most repetitions (or what counts as one) that are possible now, without limit when unloaded."""
        profile = self._profile(task.exercise)
        if not profile.primary:
            return inf
        have = min(self._now(group, side) for group in profile.primary for side in self._sides(task)) * form
        relative = self._demand(task) / max(have, _LEAST)
        return max(0.0, self.parameters.number("reps_at_most") * (1 / relative - 1))

    def choose_load(self, task: Task, reserve: float, rng: np.random.Generator) -> Task:
        """Return the task with the weight or band a person would choose to end with so many in reserve.

        The guess before the set is off as people's guesses are; a weight they do not have is not chosen.
        """
        takes = load_kind(self.known.exercises[task.exercise], self.person.equipment)
        if takes is None:
            return task
        error = float(rng.normal(0, self.parameters.number("reserve_error_before")))
        reps = max(1.0, task.amount * self._unit(task) + reserve + error)
        profile = self._profile(task.exercise)
        have = min((self._now(group, side) for group in profile.primary for side in self._sides(task)), default=1.0)
        spare = have / (1 + reps / self.parameters.number("reps_at_most")) - profile.demand
        if takes == "band":
            level = 1 + int(max(0.0, spare) / self.parameters.number("demand_band"))
            return replace(task, band=min(BAND_LEVELS, level))
        step = self.parameters.number("kg_step")
        kg = min(self.person.kg_most, max(step, step * int(max(0.0, spare) / profile.per_kg / step)))
        return replace(task, load_kg=kg)

    def walk(self, minutes: float, rng: np.random.Generator) -> int:
        """Walk, and return the worst pain of it."""
        if self.person.complaint.walking:
            self.load_today += minutes * self.parameters.number("load_walk")
        return self._pain(1.0 if self.person.complaint.walking else 0.0, rng)

    # ---------------------------------------------------------------------------------------- night and week

    def night(self, rng: np.random.Generator, flares: bool) -> Morning:
        """Return the next morning; ``flares`` = a flare-up without any reason begins."""
        number = self.parameters.number
        total = self.load_today + self.load_left
        draws = rng.random(2)
        low, high = self.parameters.span("morning_rise")
        rise = 0.0
        if self.load_today > 0 and draws[0] < _sigmoid((total / self.tolerance - 1) / number("morning_width")):
            rise = low + (high - low) * float(draws[1])
            least = number("tolerance_least") * self.person.complaint.tolerance
            self.tolerance = max(least, self.tolerance * (1 - number("tolerance_hurt")))
            self._overloaded = True
        if flares:
            rise = max(rise, number("flare_rise") + float(draws[1]))
        self.flare = min(number("flare_most"), self.flare * 0.5 ** (1 / number("flare_halves")) + rise)
        self._most_load = max(self._most_load, self.load_today)
        self.load_left = total * number("load_carries")
        self.load_today = 0.0
        fading = 0.5 ** (1 / number("tired_halves"))
        self.tired = {key: value * fading for key, value in self.tired.items()}
        self.sore = min(10.0, max(self.sore / 2, number("sore_sets") * max(0.0, self.hard_today - self.usual_hard)))
        if self.hard_today:
            self.usual_hard += (self.hard_today - self.usual_hard) / 4
        self.hard_today = 0.0
        above = round(self.flare)
        return Morning(
            above, min(10, round(self.severity * 0.5) + above), round(self.sore), rise >= number("flare_rise")
        )

    def week_end(self) -> None:
        """Let a week of training, or of none, change strength, tolerance and severity."""
        for key, sets in self.week_sets.items():
            self._change_strength(key, sets)
        number, start = self.parameters.number, self.person.complaint.tolerance
        share = min(1.0, 2 * self._most_load / self.tolerance)
        if self._most_load > 0:
            self.tolerance *= 1 + number("tolerance_gain") * share
        else:
            self.tolerance = max(min(start, self.tolerance), self.tolerance * (1 - number("tolerance_loss")))
        eases = number("severity_eases")
        if self._most_load > 0 and not self._overloaded:
            eases += number("severity_trained") * share
        self.severity *= 1 - eases
        self.week_sets = dict.fromkeys(self.week_sets, 0.0)
        self._most_load, self._overloaded = 0.0, False

    def gained(self, groups: tuple[str, ...] = ("gmax", "gmed", "quads")) -> float:
        """Return the mean strength of some groups on both sides against the first day, in percent more."""
        keys = [(group, side) for group in groups for side in SIDES]
        return 100 * (sum(self.strength[key] / self.person.strength[key] for key in keys) / len(keys) - 1)

    # --------------------------------------------------------------------------------------------- the inside

    def _set(self, task: Task, form: float, rng: np.random.Generator) -> SetResult:
        unit, possible = self._unit(task), self.reps_possible(task, form)
        noise, believed, pain_draw = rng.normal(size=3)
        amount = task.amount
        if possible != inf and unit > 0:
            wanted = self._reserve_at(task.cap)
            stop = possible - max(0.0, wanted + float(noise) * self._error(wanted))
            amount = int(max(min(1.0, possible / unit), min(task.amount, stop / unit)))
        reserve = possible - amount * unit if unit > 0 else inf
        effort = 10.0 if amount == 0 else self._effort(reserve)
        felt = max(0.0, min(reserve, 40.0) + float(believed) * self._error(reserve))
        said = self._effort(felt) + self.person.writing.effort_bias
        factor = self._feel(task, amount * unit, reserve)
        pain = self._pain_of(factor, float(pain_draw))
        sharp = pain >= _RED and rng.random() < self.parameters.number("pain_sharp")
        clean = int(rng.binomial(amount, self._clean(task.exercise, effort)))
        self.practice[task.exercise] = self.practice.get(task.exercise, 0.0) + amount * max(unit, 0.1)
        return SetResult(
            amount=amount,
            clean=clean,
            effort=effort,
            reserve=reserve,
            said_effort=round(min(10.0, max(1.0, said))),
            said_reserve=round(min(10.0, felt)),
            pain=pain,
            sharp=bool(sharp),
        )

    def _feel(self, task: Task, reps: float, reserve: float) -> float:
        """Add a set to tiredness, to the week and to the load on the place; return how much it names the place."""
        number, profile = self.parameters.number, self._profile(task.exercise)
        good = exp(-max(0.0, reserve - number("gain_reserve")) / number("gain_fades")) if reps > 0 else 0.0
        sides = self._sides(task)
        for groups, weight in ((profile.primary, 1.0), (profile.secondary, number("gain_secondary"))):
            for key in ((group, side) for group in groups for side in sides):
                self.week_sets[key] += weight * good
                self.tired[key] = min(0.5, self.tired[key] + number("set_tires") * weight * good)
        if self._effort(reserve) >= _HARD:
            self.hard_today += 1 / (1 if task.side is None else len(SIDES))
        if self.person.complaint.side not in (None, task.side) and task.side is not None:
            return 0.0
        first = [self.person.strength[group, side] for group in profile.primary for side in sides]
        if first:
            self.load_today += profile.place * self._demand(task) / min(first) * min(2.0, reps / 10)
        return profile.place

    def _pain_of(self, factor: float, draw: float) -> int:
        if factor == 0:
            return 0
        number = self.parameters.number
        over = max(0.0, (self.load_today + self.load_left) / self.tolerance - number("pain_from"))
        due = number("pain_usual") * factor * (self.severity + self.flare) + number("pain_slope") * over
        return round(min(10.0, max(0.0, due + draw * number("pain_sd")))) if due > 0 else 0

    def _pain(self, factor: float, rng: np.random.Generator) -> int:
        return self._pain_of(factor, float(rng.normal()))

    def _clean(self, exercise: str, effort: float) -> float:
        number, profile = self.parameters.number, self._profile(exercise)
        known = max((self.practice.get(name, 0.0) for name in profile.easier), default=0.0)
        practised = self.practice.get(exercise, 0.0) + number("clean_transfer") * known
        best = number("clean_best")
        learnt = best - (best - min(best, profile.start_clean)) * exp(-practised / number("clean_practice"))
        return min(1.0, max(0.0, learnt - number("clean_tired") * max(0.0, effort - 7)))

    def _change_strength(self, key: tuple[str, Side], sets: float) -> None:
        number, person = self.parameters.number, self.person
        start, room = person.strength[key], self.parameters.numbers("gain_room")[person.training]
        left = max(0.0, 1 - (self.strength[key] / start - 1) / room)
        rate = number("gain_week") * person.response * room / self.parameters.numbers("gain_room")[0]
        rate *= number("gain_old") if person.old else 1.0
        self.strength[key] *= 1 + rate * left * (1 - exp(-sets / number("gain_sets")))
        self.weeks_low[key] = self.weeks_low[key] + 1 if sets < number("keep_sets") else 0
        if self.weeks_low[key] >= number("loss_after"):
            loss = number("loss_week") * (number("loss_old") if person.old else 1.0)
            kept = self.strength[key] * (1 - loss * (1 - sets / number("keep_sets")))
            self.strength[key] = max(kept, min(0.9 * start, self.strength[key]))

    def _now(self, group: str, side: Side) -> float:
        return self.strength[group, side] * (1 - self.tired[group, side])

    def _sides(self, task: Task) -> tuple[Side, ...]:
        return SIDES if task.side is None else (task.side,)

    def _demand(self, task: Task) -> float:
        profile = self._profile(task.exercise)
        band = 0.0 if task.band is None else (task.band - 1) * self.parameters.number("demand_band")
        return profile.demand + (task.load_kg or 0.0) * profile.per_kg + band

    def _unit(self, task: Task) -> float:
        """Return how many repetitions one of what is counted stands for."""
        second, step = self.parameters.number("second_in_reps"), self.parameters.number("step_in_reps")
        held = max(1.0, (task.hold_s or 0.0) * second)
        units: Mapping[Counted, float] = {
            "repetitions": held,
            "seconds": second,
            "steps": step,
            "metres": step,
            "contacts": 1.0,
            "reaches": 1.0,
            "bouts": 0.0,
            "breaths": 0.0,
            "minutes": 0.0,
        }
        return units[task.counts]

    @cached_property
    def _falls(self) -> float:
        return self.parameters.number("effort_falls")

    def _effort(self, reserve: float) -> float:
        return max(1.0, 10 - reserve if reserve <= 4 else 6 - self._falls * (reserve - 4))

    def _reserve_at(self, effort: float) -> float:
        return 10 - effort if effort >= 6 else 4 + (6 - effort) / self._falls

    def _error(self, reserve: float) -> float:
        near, far = self.parameters.number("reserve_error_near"), self.parameters.number("reserve_error_far")
        return near + (far - near) * min(1.0, max(0.0, (reserve - 5) / 3))

    def _profile(self, name: str) -> _Profile:
        if name not in self._profiles:
            self._profiles[name] = self._read(self.known.exercises[name])
        return self._profiles[name]

    def _read(self, exercise: Exercise) -> _Profile:
        number, groups = self.parameters.number, self.parameters.group_of()
        primary = tuple(dict.fromkeys(groups[muscle] for muscle in exercise.muscles.primary if muscle in groups))
        helping = (groups[muscle] for muscle in exercise.muscles.secondary if muscle in groups)
        secondary = tuple(dict.fromkeys(group for group in helping if group not in primary))
        one_leg = exercise.laterality == "unilateral"
        per_kg = number("demand_kg_one_leg" if one_leg else "demand_kg_two_legs")
        place = self.parameters.places.rows[self.person.complaint.place]
        share = max(
            number("load_demand") if set(place.demands) & set(exercise.demands) else 0.0,
            number("load_primary") if set(place.muscles) & set(primary) else 0.0,
            number("load_secondary") if set(place.muscles) & set(secondary) else 0.0,
        )
        start = number("clean_start") - number("clean_per_difficulty") * (exercise.difficulty - 1)
        return _Profile(
            primary=primary,
            secondary=secondary,
            demand=number("demand_base") + number("demand_step") * exercise.difficulty,
            per_kg=number("demand_kg_heavy") if "heavy_load" in exercise.demands else per_kg,
            start_clean=start + self.person.clean,
            easier=exercise.easier,
            place=share,
        )


def load_kind(exercise: Exercise, has: Collection[str] = ()) -> str | None:
    """Return what makes a move heavier: ``kg`` or ``band`` when it needs one, or when the person has what it may take.

    None when it is done with body weight.
    """
    needed = {thing for choices in exercise.equipment.needs for thing in choices}
    optional = set(exercise.equipment.optional) & set(has)
    for things in (needed, optional):
        if things & BANDS:
            return "band"
        if things & WEIGHTS:
            return "kg"
    return None


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-max(-50.0, min(50.0, x))))
