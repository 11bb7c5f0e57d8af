"""Why it exists: exercises make sense together - ladders lead up, starters need no shop, cautions keep their word."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from levelstride.library.checks.links import Found
from levelstride.library.knowledge import Knowledge
from levelstride.library.quality import computed_quality
from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import needs_nothing


def check(known: Knowledge) -> Iterator[Found]:
    """Give every exercise that does not fit the others, and every tempo with a name that is not its own."""
    for name, preset in known.tempos.items():
        if name != preset.name:
            yield "tempos.yaml", (name,), f"{name}: expected the name {preset.name}, for that is what its seconds make"
    yield from _cycles(known)
    names: dict[str, str] = {}
    for name, exercise in known.exercises.items():
        file = f"exercises/{name}.yaml"
        spoken = exercise.name.casefold()
        if spoken in names:
            yield file, ("name",), f"name: expected a name of its own, but {names[spoken]!r} has the same"
        names.setdefault(spoken, name)
        yield from _ladder(known, file, exercise)
        yield from _demands(known, file, exercise)
        yield from _equipment(known, file, exercise)
        yield from _doses(known, file, exercise)
        yield from _tempo(known, file, exercise)
        yield from _faults(file, exercise)
        yield from _quality(known, file, exercise)


def _cycles(known: Knowledge) -> Iterator[Found]:
    graph: dict[str, set[str]] = {name: set() for name in known.exercises}
    for name, exercise in known.exercises.items():
        graph[name].update(other for other in exercise.easier if other in graph)
        for other in exercise.harder:
            if other in graph:
                graph[other].add(name)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = [str(name) for name in error.args[1]]
        drops = {
            (low, high): known.exercises[low].difficulty - known.exercises[high].difficulty
            for low, high in pairwise(ring)
        }
        low, high = max(drops, key=lambda pair: drops[pair])
        file, key = (low, "harder") if high in known.exercises[low].harder else (high, "easier")
        expected = f"expected a ladder that leads up, but it comes back to where it began: {' -> '.join(ring)}"
        yield f"exercises/{file}.yaml", (key,), expected


def _demands(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    """Give every demand that is forgotten: it would let the exercise through to a person who must not do it."""
    words = known.vocabulary
    terms = {exercise.position: words.positions.get(exercise.position), exercise.kind: words.kinds.get(exercise.kind)}
    for value, term in terms.items():
        for demand in term.demands if term else ():
            if demand not in exercise.demands:
                yield file, ("demands",), f"demands: expected {demand}, because this is {value}"
    for code, caution in known.cautions.items():
        if exercise.id in caution.must_remove and not set(exercise.demands) & set(caution.removes):
            expected = f"demands: expected one that {code} removes, for {code} must leave this out"
            yield file, ("demands",), f"{expected}: {', '.join(caution.removes)}"


def _ladder(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    for index, other in enumerate(exercise.harder):
        step = known.exercises.get(other)
        if step is None:
            continue
        if step.difficulty < exercise.difficulty - 1:
            levels = f"{other} has difficulty {step.difficulty}, this {exercise.difficulty}"
            expected = f"harder: expected a harder exercise, but {levels}"
            yield file, ("harder", index), expected
        if step.difficulty > exercise.difficulty + known.limits["steepest_step"].number():
            levels = f"{other} jumps from {exercise.difficulty} to {step.difficulty}"
            expected = f"harder: expected a step a person can take, but {levels}"
            yield file, ("harder", index), expected


def _equipment(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    if needs_nothing(exercise, known):
        return
    if exercise.without_equipment is None:
        yield file, ("equipment",), "expected without_equipment: what to do at home when the equipment is missing"
    variant = exercise.no_equipment_variant
    if variant is None:
        if exercise.kind == "activation":
            expected = "expected no_equipment_variant: every activation exercise has one that needs nothing"
            yield file, ("equipment",), expected
    elif variant in known.exercises and not needs_nothing(known.exercises[variant], known):
        expected = f"no_equipment_variant: expected an exercise that needs nothing, but {variant} needs equipment"
        yield file, ("no_equipment_variant",), expected


def _doses(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    most_sets = known.limits["most_sets"].number()
    for phase, dose in exercise.doses.items():
        most = known.limits[f"most_{dose.counts}"].number()
        if not 1 <= dose.sets.low <= dose.sets.high <= most_sets:
            expected = f"doses.{phase}.sets: expected 1 to {most_sets:g} sets, but got {dose.sets}"
            yield file, ("doses", phase, "sets"), expected
        if not 1 <= dose.amount.low <= dose.amount.high <= most:
            expected = f"doses.{phase}.amount: expected 1 to {most:g} {dose.counts}, but got {dose.amount}"
            yield file, ("doses", phase, "amount"), expected
        if dose.rpe is not None and not 1 <= dose.rpe.low <= dose.rpe.high <= 10:
            yield file, ("doses", phase, "rpe"), f"doses.{phase}.rpe: expected 1 to 10, but got {dose.rpe}"
    if exercise.kind == "plyometric" and set(exercise.doses) != {"P5"}:
        yield file, ("doses",), "doses: expected P5 alone: jumps come only after the plyometric gate"


def _tempo(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    """Give every part of a repetition that differs from the preset the exercise names."""
    preset = known.tempos.get(exercise.tempo.preset or "")
    for part in ("lower_s", "pause_s", "lift_s") if preset else ():
        given, named = getattr(exercise.tempo, part), getattr(preset, part)
        if given != named:
            expected = f"tempo.{part}: expected {named:g} as in {exercise.tempo.preset}, but got {given}"
            yield file, ("tempo", part), expected


def _faults(file: str, exercise: Exercise) -> Iterator[Found]:
    ids = [fault.id for fault in exercise.faults]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            yield file, ("faults", index, "id"), f"faults: expected {name} once, but it stands twice"


def _quality(known: Knowledge, file: str, exercise: Exercise) -> Iterator[Found]:
    worked_out = computed_quality(exercise, known)
    for rule in known.quality:
        stated = exercise.quality.get(rule)
        if stated is None:
            yield file, ("quality",), f"quality: expected the rule {rule!r}, one of done, todo or exempt"
        elif rule in worked_out and stated != worked_out[rule]:
            yield file, ("quality", rule), f"quality.{rule}: expected {worked_out[rule]}, but the file says {stated}"
    for rule in exercise.quality:
        if rule not in known.quality:
            yield file, ("quality", rule), f"quality: expected a rule of quality.yaml, but {rule!r} does not exist"
