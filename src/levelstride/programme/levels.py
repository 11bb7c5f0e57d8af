"""Why it exists: the level of one exercise on one side - what the library allows, where it starts, one step up or down.

The order of change is that of the rule ``progression_order``: hold, repetitions, sets, load; what comes after (less
support, more range, a more complex move) is another exercise of the ladder, asked for by ``wants``.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from levelstride.library.ladder import BANDS, WEIGHTS
from levelstride.library.schema.exercises import Counted, Exercise
from levelstride.library.schema.exercises import Dose as LibraryDose
from levelstride.programme.model import PHASES, PhaseName
from levelstride.programme.rulebook import Rulebook

Wants = Literal["harder", "easier", "swap"]
Loaded = Literal["kg", "band"]
P1Mode = Literal["isometric", "short_hold", "rhythmic"]

#: What turns a move into one with a load, by the kind of load; the first that fits counts.
LOADS: dict[Loaded, tuple[str, ...]] = {
    "kg": WEIGHTS,
    "band": BANDS,
}
#: How the moves of the first phase may be done, by choice (R126).
P1_MODES: tuple[P1Mode, ...] = ("isometric", "short_hold", "rhythmic")
#: Kinds whose dose of an earlier phase may be carried into a later one.
CARRIED = frozenset({"strength", "functional", "core"})
_COUNTED_UP = frozenset({"repetitions", "steps", "reaches", "breaths", "contacts", "bouts"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What one exercise may be given in one phase.

    Ranges are (low, high). ``needs_load``: the move is none without it; ``may_load``: it can be made harder with one.
    ``knee``: the front of the thigh leads, so that pain without a named place counts as knee pain. ``least`` = the
    smallest amount that any phase asks of the move.
    """

    sets: tuple[int, int]
    amount: tuple[int, int]
    counts: Counted
    hold_s: tuple[int, int] | None
    per_side: bool
    rpe: tuple[int, int]
    rest_s: int
    needs_load: Loaded | None
    may_load: Loaded | None
    knee: bool
    least: int

    def top(self, rules: Rulebook) -> int:
        """Return how far the last set may go when it is easy: what the two-for-two rule asks for."""
        easy = self.rpe[1] <= rules.whole("weekly_volume", "daily_rpe_max")
        extra = 0 if self.timed or easy else rules.whole("progression_order", "up_extra_reps")
        return self.amount[1] + extra

    @property
    def timed(self) -> bool:
        """Say whether seconds, minutes or metres are counted, so that nobody can do two more at the end."""
        return self.counts not in _COUNTED_UP


@dataclass(frozen=True, slots=True)
class Level:
    """How much on one side. ``loaded``: with a load; ``load_kg`` None then means that it is still to be chosen."""

    sets: int
    amount: int
    hold_s: int | None = None
    loaded: bool = False
    band: int | None = None
    load_kg: float | None = None


def library_dose(exercise: Exercise, phase: PhaseName) -> LibraryDose | None:
    """Return the dose of an exercise in a phase: its own, or for strength work that of the nearest phase before."""
    if phase == "P0":
        return None
    if phase in exercise.doses:
        return exercise.doses[phase]
    if phase == "maintenance":
        carried: tuple[PhaseName, ...] = ("P4", "P3", "P2", "P1")
    else:
        carried = tuple(reversed(PHASES[1 : PHASES.index(phase)]))
    if exercise.kind not in CARRIED:
        return None
    return next((exercise.doses[earlier] for earlier in carried if earlier in exercise.doses), None)


def p1_mode(exercise: Exercise, rules: Rulebook) -> P1Mode | None:
    """Return how a move of the first phase is done as it begins; None for what is none of the three modes.

    ``isometric``: a few long holds. ``short_hold``: repetitions with a stop. ``rhythmic``: many without one. A stop is
    the hold of the dose, else the pause of the tempo. Read off the library's own doses, so that a mode adds none.
    """
    dose = exercise.doses.get("P1")
    if dose is None or dose.counts != "repetitions":
        return None
    held = dose.hold_s.low if dose.hold_s else (exercise.tempo.pause_s or 0)
    amount = dose.amount.low
    if _within(held, rules.wholes("phases", "p1_isometric_hold")):
        return "isometric" if _within(amount, rules.wholes("phases", "p1_isometric_reps")) else None
    if exercise.tempo.rhythm != "counted":
        return None
    short = rules.number("phases", "p1_hold")
    if held >= short:
        return "short_hold" if held < rules.wholes("phases", "p1_isometric_hold")[0] else None
    return "rhythmic" if _within(amount, rules.wholes("phases", "p1_rhythmic_reps")) else None


def _within(value: float, span: tuple[int, int]) -> bool:
    return span[0] <= value <= span[1]


def warm_up_dose(exercise: Exercise) -> LibraryDose:
    """Return the gentlest dose of an exercise: that of its first phase."""
    return exercise.doses[next(phase for phase in PHASES if phase in exercise.doses)]


def frame(exercise: Exercise, dose: LibraryDose, has: frozenset[str], rules: Rulebook) -> Frame:
    """Return what an exercise may be given, with the equipment the person has."""
    known = rules.known
    preset = known.doses.get(dose.preset) if dose.preset else None
    rpe = dose.rpe or (preset.rpe if preset else None)
    rest = dose.rest_s or (preset.rest_s if preset else None)
    phase = next(phase for phase, one in exercise.doses.items() if one is dose)
    sets, amount = _first_total((dose.sets.low, dose.sets.high), (dose.amount.low, dose.amount.high), dose, rules)
    return Frame(
        sets=sets,
        amount=amount,
        counts=dose.counts,
        hold_s=(dose.hold_s.low, dose.hold_s.high) if dose.hold_s else None,
        per_side=dose.per_side,
        rpe=(rpe.low, rpe.high) if rpe else _phase_rpe(phase, rules),
        rest_s=rest.low if rest else rules.whole("week_plan", "rest_s"),
        needs_load=_needed(exercise, has),
        may_load=_possible(exercise, has),
        knee="quads" in exercise.muscles.primary,
        least=min(one.amount.low for one in exercise.doses.values() if one.counts == dose.counts),
    )


def _first_total(
    sets: tuple[int, int], amount: tuple[int, int], dose: LibraryDose, rules: Rulebook
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Keep the unloaded first dose within its total of repetitions (X01)."""
    if dose.preset != "awareness":
        return sets, amount
    least, most = rules.wholes("phases", "p1_total_reps")
    low = sets[0] if sets[0] * amount[0] >= least else sets[1]
    return (low, sets[1]), (amount[0], max(amount[0], min(amount[1], most // sets[1])))


def _phase_rpe(phase: str, rules: Rulebook) -> tuple[int, int]:
    return rules.wholes("phases", f"{phase.lower()}_rpe")


def _needed(exercise: Exercise, has: frozenset[str]) -> Loaded | None:
    """Return the kind of load that a move cannot do without; where two kinds serve, the one the person has."""
    everything = {thing for things in LOADS.values() for thing in things}
    for choices in exercise.equipment.needs:
        if set(choices) <= everything:
            fitting = [kind for kind, things in LOADS.items() if set(choices) & set(things)]
            owned = [kind for kind in fitting if set(choices) & set(LOADS[kind]) & has]
            return (owned or fitting)[0]
    return None


def _possible(exercise: Exercise, has: frozenset[str]) -> Loaded | None:
    needed = _needed(exercise, has)
    if needed is not None:
        return needed
    for kind, things in LOADS.items():
        if any(thing in has and thing in things for thing in exercise.equipment.optional):
            return kind
    return None


def start(of: Frame) -> Level:
    """Return the first level: the low end of everything, the lightest band, a weight still to be chosen."""
    return Level(
        sets=of.sets[0],
        amount=of.amount[0],
        hold_s=of.hold_s[0] if of.hold_s else None,
        loaded=of.needs_load is not None,
        band=1 if of.needs_load == "band" else None,
    )


def into(level: Level, of: Frame) -> Level:
    """Return a level kept within what is allowed now (another phase may allow less)."""
    low, high = of.amount
    hold = None if of.hold_s is None else min(max(level.hold_s or of.hold_s[0], of.hold_s[0]), of.hold_s[1])
    return replace(
        level,
        sets=min(max(level.sets, of.sets[0]), of.sets[1]),
        amount=min(max(level.amount, 1), high) if level.amount >= low else max(1, level.amount),
        hold_s=hold,
    )


def aim_up(level: Level, of: Frame, rules: Rulebook) -> Level:
    """Return the level with a higher aim, within the range."""
    step = 1 if of.counts == "minutes" else rules.whole("progression_order", "second_step" if of.timed else "rep_step")
    return replace(level, amount=min(level.amount + step, of.amount[1]))


def step_up(level: Level, of: Frame, rules: Rulebook, *, load_open: bool, easy: bool = False) -> Level | None:
    """Return the next level by one change, in the order of change; None when only a harder move is left.

    ``easy``: the effort stayed below what the move is meant to ask, so that more sets of it would be wasted.
    """
    if of.hold_s and level.hold_s is not None and level.hold_s < of.hold_s[1]:
        return replace(level, hold_s=min(level.hold_s + rules.whole("progression_order", "hold_step"), of.hold_s[1]))
    if level.amount < of.amount[1] and not easy:
        return replace(level, amount=of.amount[1])
    if level.sets < of.sets[1] and not easy:
        return replace(level, sets=level.sets + 1)
    if not load_open or of.may_load is None:
        return None
    heavier = _more_load(level, of, rules)
    return None if heavier is None else replace(heavier, amount=of.amount[0])


def _more_load(level: Level, of: Frame, rules: Rulebook) -> Level | None:
    if not level.loaded:
        return replace(level, loaded=True, band=1 if of.may_load == "band" else None, load_kg=None)
    if level.band is not None:
        highest = rules.wholes("progression_order", "band_levels")[1]
        step = rules.whole("progression_order", "band_step")
        return replace(level, band=level.band + step) if level.band + step <= highest else None
    if level.load_kg is None:
        return None  # nobody has said yet which weight it was
    return replace(level, load_kg=heavier(level.load_kg, rules))


def heavier(load_kg: float, rules: Rulebook) -> float:
    """Return the smallest step up: 2-10 % where weights allow it, else the smallest weight one can add."""
    least, most = rules.pair("progression_order", "load_step")
    unit = rules.number("progression_order", "load_round")
    step = math.ceil(load_kg * least / 100 / unit) * unit
    return load_kg + (step if step <= load_kg * most / 100 else unit)


def step_down(level: Level, of: Frame, rules: Rulebook) -> Level | None:
    """Return the level one step lower, load first; None when only an easier move is left."""
    if level.load_kg is not None:
        unit = rules.number("progression_order", "load_round")
        less = level.load_kg * (1 - rules.number("missed_sessions", "back_load") / 100)
        rounded = math.floor(less / unit) * unit
        if rounded > 0:
            return replace(level, load_kg=rounded)
        return None if of.needs_load else replace(level, load_kg=None, loaded=False)
    if level.band is not None:
        if level.band > 1:
            return replace(level, band=level.band - rules.whole("missed_sessions", "back_band"))
        if not of.needs_load:
            return replace(level, band=None, loaded=False)
    if level.amount > of.amount[0]:
        step = rules.whole("progression_order", "second_step" if of.timed else "rep_step")
        return replace(level, amount=max(of.amount[0], level.amount - (1 if of.counts == "minutes" else step)))
    if level.sets > of.sets[0]:
        return replace(level, sets=level.sets - rules.whole("missed_sessions", "back_sets"))
    if of.hold_s and level.hold_s is not None and level.hold_s > of.hold_s[0]:
        return replace(level, hold_s=max(of.hold_s[0], level.hold_s - rules.whole("progression_order", "hold_step")))
    return None
