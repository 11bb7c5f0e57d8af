"""Why it exists: which exercises are left for a person - by what they have and what they must avoid."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise


@dataclass(frozen=True)
class Sorted:
    """Exercises after a person's caution codes.

    ``removed`` gives, for each exercise left out, the codes and the demands that did it; ``changed`` the codes whose
    advice an exercise carries; ``clearance`` the codes that need a clinician's agreement before anything starts.
    """

    free: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    removed: dict[str, dict[str, tuple[str, ...]]]
    clearance: tuple[str, ...]


def needs_nothing(exercise: Exercise, known: Knowledge) -> bool:
    """Say whether an exercise can be done with nothing, or with what stands in every home (wall, chair, stairs)."""
    things = known.vocabulary.equipment
    return all(any(things[thing].household for thing in choices) for choices in exercise.equipment.needs)


def apply_cautions(codes: Iterable[str], known: Knowledge) -> Sorted:
    """Sort all exercises by a person's caution codes.

    An exercise is removed when it has a demand that one of the codes removes, whether or not its own file lists the
    code: the safer of the two wins. Otherwise, where its file lists the code, it is changed as the code says.

    Raises
    ------
    KeyError
        For a code that is not in cautions.yaml.
    """
    wanted = {code: known.cautions[code] for code in codes}
    removed: dict[str, dict[str, tuple[str, ...]]] = {}
    changed: dict[str, tuple[str, ...]] = {}
    free = []
    for name, exercise in known.exercises.items():
        against = {
            code: clash
            for code, caution in wanted.items()
            if (clash := tuple(demand for demand in exercise.demands if demand in caution.removes))
        }
        if against:
            removed[name] = against
        elif listed := tuple(code for code in wanted if code in exercise.cautions):
            changed[name] = listed
        else:
            free.append(name)
    clearance = tuple(code for code, caution in wanted.items() if caution.action == "clearance")
    return Sorted(tuple(free), changed, removed, clearance)


def find_exercises(
    known: Knowledge,
    *,
    phase: str | None = None,
    kind: str | None = None,
    position: str | None = None,
    equipment: Collection[str] | None = None,
    muscle: str | None = None,
    cautions: Collection[str] = (),
    cleared: Collection[str] = (),
) -> list[Exercise]:
    """Return the exercises that fit, easiest first.

    Parameters
    ----------
    phase, kind, position, muscle
        Ids of the vocabulary; ``muscle`` in any role.
    equipment
        What the person has, besides what every home has; an empty collection = nothing.
    cautions
        Codes of the person; what they remove is left out.
    cleared
        Codes for which a clinician agreed. While one that needs it is missing here, nothing is offered at all.
    """
    sorted_out = apply_cautions(cautions, known)
    if not set(sorted_out.clearance) <= set(cleared):
        return []
    left_out = sorted_out.removed
    things = known.vocabulary.equipment

    def at_hand(exercise: Exercise) -> bool:
        return equipment is None or all(
            any(thing in equipment or things[thing].household for thing in choices)
            for choices in exercise.equipment.needs
        )

    found = [
        exercise
        for name, exercise in known.exercises.items()
        if name not in left_out
        and (phase is None or phase in exercise.doses)
        and (kind is None or exercise.kind == kind)
        and (position is None or exercise.position == position)
        and (muscle is None or muscle in (*exercise.muscles.primary, *exercise.muscles.secondary))
        and at_hand(exercise)
    ]
    return sorted(found, key=lambda exercise: (exercise.difficulty, exercise.id))
