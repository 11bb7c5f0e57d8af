"""Why it exists: each exercise shows how complete it is, and that record cannot drift from the facts.

The scale is in quality.yaml: bronze (safe to show) to platinum (read by a clinician).
"""

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise, QualityState
from levelstride.library.selection import needs_nothing
from levelstride.library.translations import user_texts

TIERS = ("bronze", "silver", "gold", "platinum")


def computed_quality(exercise: Exercise, known: Knowledge) -> dict[str, QualityState]:
    """Return the quality rules that can be worked out from the file itself."""
    in_spanish = known.translations.get("es", {})

    def state(done: bool) -> QualityState:
        return "done" if done else "todo"

    return {
        "steps_complete": state(len(exercise.setup) >= 2 and len(exercise.steps) >= 3),
        "dose_with_source": state(all(dose.source for dose in exercise.doses.values())),
        "cues_external_first": state(len(exercise.cues.external) >= 2),
        "faults_with_cue": state(len(exercise.faults) >= 3),
        "cautions_considered": state(all(code in known.cautions for code in exercise.cautions)),
        "no_equipment_way": state(needs_nothing(exercise, known) or exercise.without_equipment is not None),
        "muscle_activity": "done" if exercise.evidence else "exempt",
        "spanish": state(all(text in in_spanish for _, text in user_texts(exercise))),
        "spanish_read_by_native": "todo",
        "movement": state(exercise.movement is not None),
        "clinician_review": state(exercise.review.clinician is not None),
    }


def tier(exercise: Exercise, known: Knowledge) -> str | None:
    """Return the highest tier whose rules, and those of all tiers below, are done or exempt; None below bronze."""
    reached = None
    for name in TIERS:
        rules = [rule for rule, spec in known.quality.items() if spec.tier == name]
        if any(exercise.quality.get(rule) == "todo" for rule in rules):
            break
        reached = name
    return reached
