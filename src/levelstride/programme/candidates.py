"""Why it exists: which moves may be chosen for a week, with what speaks for each - few of them, filtered beforehand.

Nothing that a health answer, a closed ladder, red pain or missing equipment rules out reaches the solver.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from levelstride.library.schema.exercises import Exercise
from levelstride.programme.context import Context
from levelstride.programme.levels import CARRIED, Frame, library_dose, p1_mode
from levelstride.programme.model import Move, PhaseName, Programme, Why
from levelstride.programme.moves import Ask, make_move, scaled, unique
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.week import Option

#: Kinds of exercise that make up the main part of a session, by phase.
_MAIN: dict[PhaseName, frozenset[str]] = {
    "P1": frozenset({"activation", "core", "strength", "functional"}),
    "P2": frozenset({"activation", "strength", "functional", "core"}),
    "P3": frozenset({"activation", "strength", "functional", "core"}),
    "P4": frozenset({"activation", "strength", "functional", "core", "multiplanar"}),
    "P5": frozenset({"strength", "functional", "core", "multiplanar"}),
    "maintenance": frozenset({"strength", "functional", "core", "multiplanar"}),
}


@dataclass(frozen=True)
class Candidate:
    """One exercise that may be chosen: the move as it would be done, with ``least`` sets or more, and its points."""

    exercise: Exercise
    move: Move
    least: int
    rules: Rulebook
    points: int
    pinned: bool
    most_times: int

    def with_sets(self, sets: int) -> Move:
        """Return the move with fewer sets."""
        return self.move if sets >= self.move.sets else scaled(self.move, sets, self.exercise, self.rules)

    def seconds(self, sets: int) -> int:
        """Return the time of the move with so many sets."""
        return self.with_sets(sets).seconds

    def option(self, clashes: tuple[str, ...], *, aside: bool) -> Option:
        """Return it as the solver sees it."""
        return Option(
            name=self.exercise.id,
            least=self.least,
            most=self.move.sets,
            seconds=self.seconds(self.least),
            each=self.seconds(self.least + 1) - self.seconds(self.least) if self.move.sets > self.least else 0,
            muscles=self.exercise.muscles.primary,
            hard=self.move.hard,
            planes=tuple(plane for plane in self.exercise.plane if plane != "none"),
            aside=aside,
            trunk=self.exercise.kind == "core",
            one_leg=self.exercise.laterality == "unilateral",
            pattern=pattern(self.exercise),
            points=self.points,
            times=self.most_times,
            pinned=self.pinned,
            clashes=clashes,
        )


@dataclass(frozen=True)
class Ladder:
    """What the levels of last time ask for: exercises to leave, and exercises that take their place."""

    left: Mapping[str, str]
    easier: frozenset[str]
    harder: frozenset[str]
    outgrown: frozenset[str]
    entries: Mapping[str, tuple[str, ...]]


def pattern(exercise: Exercise) -> str:
    """Return ``squat`` or ``hinge`` for the two main ways of bending on the feet, else nothing."""
    if exercise.chain != "closed" or exercise.kind not in CARRIED - {"core"}:
        return "hinge" if exercise.id == "hip_hinge_drill" else ""
    if "long_hamstring" in exercise.demands or "loaded_hinge" in exercise.demands:
        return "hinge"
    return "squat" if "quads" in exercise.muscles.primary else ""


def is_possible(context: Context, exercise: Exercise) -> bool:
    """Say whether health answers, hand-made choices, equipment and place leave an exercise open."""
    traits, choices = context.traits, context.choices
    if exercise.id in traits.removed or exercise.id in choices.forbidden or exercise.id in choices.skipped:
        return False
    if traits.stays_lying and exercise.position in context.known.rules["week_plan"].lists["low_positions"]:
        return False
    return traits.has(exercise, context.known, context.without) and fits_place(context, exercise)


def fits_place(context: Context, exercise: Exercise) -> bool:
    """Say whether an exercise can be done where the person practises."""
    lists = context.known.rules["week_plan"].lists
    if context.traits.setting not in lists["upright_settings"]:
        return True
    if exercise.position in lists["floor_positions"]:
        return False
    outdoors = context.traits.setting == "outdoors"
    return not outdoors or not any(set(choices) <= set(lists["indoor_things"]) for choices in exercise.equipment.needs)


def resting(context: Context, exercise: str) -> bool:
    """Say whether red pain keeps an exercise out for now, on any side."""
    found = (colour for (name, _), colour in context.pain.moves.items() if name == exercise)
    return any(one.rest_until is not None and context.today < one.rest_until for one in found)


def read_ladder(context: Context, phase: PhaseName) -> Ladder:
    """Return what the levels reached ask for."""
    exercises = context.known.exercises
    left: dict[str, str] = {}
    easier: set[str] = set()
    harder: set[str] = set()
    outgrown: set[str] = set()
    entries: dict[str, tuple[str, ...]] = {}
    for name in sorted({name for name, _ in context.history.bouts}):
        exercise = exercises.get(name)
        dose = None if exercise is None else library_dose(exercise, phase)
        if exercise is None or dose is None:
            continue
        of = context.frame(exercise, dose)
        wants = {one.wants: one for side in context.sides(of) for one in (context.standing(exercise, side, of),)}
        if "easier" in wants or "swap" in wants:
            left[name] = "easier" if "easier" in wants else "swap"
            new: Iterable[str] = exercise.easier if "easier" in wants else _same_goal(context, exercise)
            easier.update(new)
            entries.update(dict.fromkeys(new, wants["easier" if "easier" in wants else "swap"].why.entries))
        elif is_outgrown(context, exercise, of):
            new = harder_moves(context, exercise, phase)
            outgrown.add(name)
            harder.update(new)
            entries.update(dict.fromkeys(new, wants["harder"].why.entries))
    return Ladder(left, frozenset(easier), frozenset(harder), frozenset(outgrown), entries)


def is_outgrown(context: Context, exercise: Exercise, of: Frame) -> bool:
    """Say whether a move has nothing left to give: one side asks for more, the other does or lacks an answer."""
    found = [context.standing(exercise, side, of) for side in context.sides(of)]
    asks = any(one.wants == "harder" for one in found)
    return asks and all(one.wants == "harder" or one.why.case == "no_answer" for one in found)


def harder_moves(context: Context, exercise: Exercise, phase: PhaseName) -> tuple[str, ...]:
    """Return the harder moves of the ladder that may be done now; without any, those of other ladders nearby."""
    exercises = context.known.exercises
    own = tuple(
        name
        for name in exercise.harder
        if is_possible(context, exercises[name])
        and library_dose(exercises[name], phase) is not None
        and _is_near(context, exercise.id, exercises[name])
    )
    if own:
        return own
    most = exercise.difficulty + context.rules.whole("week_plan", "rung_most")
    return tuple(
        other.id
        for other in exercises.values()
        if exercise.difficulty < other.difficulty <= most
        and other.muscles.primary == exercise.muscles.primary
        and other.kind in _MAIN.get(phase, frozenset())
        and library_dose(other, phase) is not None
        and context.frame(other, next(iter(other.doses.values()))).needs_load is None
        and is_possible(context, other)
    )


def _same_goal(context: Context, exercise: Exercise) -> tuple[str, ...]:
    """Return moves for the same muscle that are no harder and on another ladder."""
    near = {*exercise.easier, *exercise.harder, exercise.id}
    return tuple(
        other.id
        for other in context.known.exercises.values()
        if other.id not in near
        and other.kind == exercise.kind
        and other.muscles.primary == exercise.muscles.primary
        and other.difficulty <= exercise.difficulty
    )


def _is_near(context: Context, easier: str, exercise: Exercise) -> bool:
    """Say whether a rung is no longer than one may be: two clean sessions do not open a leap."""
    most = context.rules.whole("week_plan", "rung_most")
    return exercise.difficulty <= context.known.exercises[easier].difficulty + most


def _is_swapped_in(context: Context, exercise: Exercise) -> bool:
    """Say whether the person wishes a move in place of one that is at most one step easier."""
    exercises = context.known.exercises
    return any(
        chosen.value == exercise.id and exercise.difficulty <= exercises[name].difficulty + 1
        for name, chosen in context.choices.swaps.items()
    )


def is_open(context: Context, exercise: Exercise, phase: PhaseName, ladder: Ladder) -> bool:
    """Say whether an exercise may be met now: easy enough, done before, or next after one done well."""
    if any((exercise.id, side) in context.history.bouts for side in (None, "left", "right")):
        return True
    loaded = context.frame(exercise, next(iter(exercise.doses.values()))).needs_load is not None
    by_ladder = exercise.id in ladder.easier or exercise.id in ladder.harder
    if _is_swapped_in(context, exercise) or (by_ladder and not loaded):
        return True
    wanted = context.rules.whole("week_plan", "clean_to_open")
    if any(context.clean_sessions(one) >= wanted for one in exercise.easier if _is_near(context, one, exercise)):
        return True
    if context.choices.pinned.get(exercise.id) is not None:
        return True
    # one step more where a finding asks for it
    most = entry(context, phase) + any(exercise.id in one.family.first_block for one in context.traits.pointed)
    return exercise.difficulty <= most + context.entry_plus and not loaded


def find_candidates(context: Context, phase: PhaseName, *, easy: bool, rpe_most: int | None) -> tuple[Candidate, ...]:
    """Return the moves that may be chosen for the main part, those with most points first."""
    ladder = read_ladder(context, phase)
    if easy:  # nothing new in an easy week
        ladder = replace(ladder, harder=frozenset(), outgrown=frozenset())
    swapped = {name: str(chosen.value) for name, chosen in context.choices.swaps.items()}
    found = []
    for exercise in context.known.exercises.values():
        if exercise.kind not in _MAIN.get(phase, frozenset()) or library_dose(exercise, phase) is None:
            continue
        name = exercise.id
        if not is_possible(context, exercise) or resting(context, name) or name in swapped:
            continue
        if name in context.known.rules["week_plan"].lists["breaks_only"] or exercise.tempo.rhythm == "breath":
            continue
        by_hand = name in context.choices.pinned or name in swapped.values()
        if not is_open(context, exercise, phase, ladder) or (name in ladder.left and not by_hand):
            continue
        candidate = _candidate(context, exercise, phase, ladder, easy=easy, rpe_most=rpe_most)
        if candidate is not None:
            found.append(candidate)
    found.sort(key=lambda one: (not one.pinned, -one.points, one.exercise.difficulty, one.exercise.id))
    return tuple(found[: context.rules.whole("week_plan", "candidates_max")])


def _candidate(
    context: Context, exercise: Exercise, phase: PhaseName, ladder: Ladder, *, easy: bool, rpe_most: int | None
) -> Candidate | None:
    reasons = list(_reasons(context, exercise, phase, ladder))
    points = sum(weight for weight, _ in reasons)
    told = [why for _, why in reasons if why.case not in ("entry", "entry_tested")] or [why for _, why in reasons]
    told = told or [context.rules.why("week_plan", "entry")]
    if all(why.case == "entry" for why in told) and exercise.difficulty > entry(context, phase):
        told = [context.rules.why("week_plan", "next_rung")]
    block = "activation" if phase == "P1" else "strength"
    ask = Ask(block, phase, rpe_most=rpe_most, why=unique(told))  # type: ignore[arg-type]
    move = make_move(context, exercise, ask)
    if move is None:
        return None
    if easy:  # fewer sets, same load
        fewer = max(1, round(move.sets * (1 - context.rules.pair("deload", "cut_sets")[1] / 100)))
        move = make_move(context, exercise, Ask(block, phase, sets=fewer, rpe_most=rpe_most, why=ask.why))  # type: ignore[arg-type]
        assert move is not None
    times = context.rules.wholes("week_plan", "times_per_week")[1] if phase != "P1" else 7
    pinned = exercise.id in context.choices.pinned or exercise.id in {
        str(chosen.value) for chosen in context.choices.swaps.values()
    }
    least = 1 if easy else min(move.sets, context.rules.whole("week_plan", "least_sets"))
    return Candidate(exercise, move, least, context.rules, points, pinned, times)


def entry(context: Context, phase: PhaseName) -> int:
    """Return how hard a move may be that was never done, nor an easier one of its ladder; less for unsteady people."""
    if phase == "maintenance":
        return 0
    return context.rules.whole("week_plan", f"entry_{phase.lower()}") - (context.traits.steady and phase != "P1")


def _is_above(context: Context, exercise: Exercise, phase: PhaseName) -> bool:
    """Say whether only a test result opens a move."""
    return exercise.difficulty > entry(context, phase) and context.entry_plus > 0


def _reasons(context: Context, exercise: Exercise, phase: PhaseName, ladder: Ladder) -> Iterable[tuple[int, Why]]:
    """Give what speaks for an exercise, with its points."""
    rules, name = context.rules, exercise.id
    for pointed in context.traits.pointed:
        if name in pointed.family.first_block or (name in pointed.family.next_block and phase not in ("P1", "P2")):
            yield (
                rules.whole("week_plan", "weight_finding"),
                rules.why("finding_to_exercise", pointed.family.case, *pointed.entries),
            )
    if name in ladder.easier:
        yield (
            rules.whole("week_plan", "weight_next_rung"),
            rules.why("week_plan", "easier", *ladder.entries.get(name, ())),
        )
    elif name in ladder.harder and name not in last_week(context.last):
        yield (
            rules.whole("week_plan", "weight_next_rung"),
            rules.why("week_plan", "next_rung", *ladder.entries.get(name, ())),
        )
    fit = 0 if phase in ("P0", "P1") else effort_fit(context, exercise, phase)
    if fit > 0:
        yield rules.whole("week_plan", "weight_fits"), rules.why("week_plan", "fits", *_last_entries(context, name))
    elif fit < 0:
        yield -rules.whole("week_plan", "weight_beneath"), rules.why("week_plan", "entry")
    if phase not in ("P0", "P1") and name not in ladder.outgrown:
        own = rules.whole("week_plan", "weight_difficulty") * exercise.difficulty
        yield own, rules.why("week_plan", "entry_tested" if _is_above(context, exercise, phase) else "entry")
    if name in last_week(context.last) and name not in ladder.outgrown:
        stale = weeks_with(context.before, name) >= rules.whole("week_plan", "variety_weeks")
        if not stale:
            yield rules.whole("week_plan", "weight_kept"), rules.why("week_plan", "kept")
    lists = context.known.rules["week_plan"].lists
    if name in lists.get(f"gate_moves_{phase.lower()}", ()):
        yield 0, rules.why("week_plan", "gate")
    if any(name in lists.get(f"goals_{goal}", ()) for goal in context.traits.goals):
        goal_answer = context.state.latest("intake/goals")
        entries = (goal_answer.id,) if goal_answer is not None else ()
        yield rules.whole("week_plan", "weight_goal"), rules.why("week_plan", "goal", *entries)
    mode = context.choices.options.get("p1_mode")
    if phase == "P1" and mode is not None and mode.value is not None and mode.value == p1_mode(exercise, rules):
        yield rules.whole("week_plan", "weight_p1_mode"), rules.why("week_plan", "p1_mode", mode.entry)
    pinned = context.choices.pinned.get(name)
    if pinned is not None:
        yield 0, rules.why("own_choices", "pinned", pinned.entry)
    for chosen in context.choices.swaps.values():
        if chosen.value == name:
            yield 0, rules.why("own_choices", "swapped", chosen.entry)


def effort_fit(context: Context, exercise: Exercise, phase: PhaseName) -> int:
    """Return 1 when a move was as hard as it is meant to be when last done, -1 when it can teach the muscles no more.

    It is beneath a person who went through its whole range far too easily with nothing to make it heavier, or who does
    a clearly harder move for the same muscles well. 0 where nothing tells.
    """
    rules, dose = context.rules, library_dose(exercise, phase)
    assert dose is not None
    of = context.frame(exercise, dose)
    lasts = [bouts[-1] for side in context.sides(of) if (bouts := context.history.bouts.get((exercise.id, side)))]
    efforts = [one.rpe for one in lasts if one.rpe is not None]
    if efforts and len(efforts) == len(lasts):
        far = max(efforts) <= of.rpe[0] - rules.number("progression_order", "easy_below")
        whole = all(max(one.amounts, default=0.0) >= of.amount[1] for one in lasts)
        if max(efforts) > of.rpe[0] - 1:
            return 1
        if far and whole and of.may_load is None:
            return -1
    return (
        -1
        if exercise.difficulty
        <= _mastered(context).get(exercise.muscles.primary, 0) - rules.whole("week_plan", "beneath")
        else 0
    )


def _mastered(context: Context) -> Mapping[tuple[str, ...], int]:
    """Return the hardest difficulty done well lately for each set of muscles: clean, painless and with some reserve."""
    found: dict[tuple[str, ...], int] = {}
    for (name, _), bouts in context.history.bouts.items():
        exercise, last = context.known.exercises.get(name), bouts[-1]
        if exercise is None or last.rpe is None or last.quality is None or context.colours.of(last) != "green":
            continue
        clean = last.quality >= context.rules.number("progression_order", "up_quality")
        if clean and last.rpe <= context.rules.number("progression_order", "up_rpe_max"):
            muscles = exercise.muscles.primary
            found[muscles] = max(found.get(muscles, 0), exercise.difficulty)
    return found


def _last_entries(context: Context, name: str) -> tuple[str, ...]:
    lasts = (bouts[-1] for (one, _), bouts in context.history.bouts.items() if one == name)
    return tuple(entry for last in lasts for entry in last.entries[-1:])


def last_week(last: Programme | None) -> frozenset[str]:
    """Return the exercises of the main parts of the last programme."""
    if last is None:
        return frozenset()
    return frozenset(
        move.exercise
        for session in last.sessions
        if not session.optional
        for move in session.moves
        if move.block in ("activation", "strength")
    )


def weeks_with(before: tuple[Programme, ...], name: str) -> int:
    """Return for how many weeks in a row, up to the last, an exercise was in the plan."""
    weeks = 0
    for programme in reversed(before):
        if name not in last_week(programme):
            break
        weeks += 1
    return weeks


def clashes(candidates: Iterable[Candidate]) -> dict[str, tuple[str, ...]]:
    """Return, for each candidate, those of the same ladder: they do not share a week."""
    names = {one.exercise.id for one in candidates}
    found: dict[str, set[str]] = {name: set() for name in names}
    for one in candidates:
        for other in (*one.exercise.easier, *one.exercise.harder):
            if other in names:
                found[one.exercise.id].add(other)
                found[other].add(one.exercise.id)
    return {name: tuple(sorted(others)) for name, others in found.items()}
