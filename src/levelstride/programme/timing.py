"""Why it exists: how long a set and a move last - one reckoning for planner, script and player.

A repetition lasts its counted tempo, or the library's figure where none is counted; a hold comes on top of the way
there and back. The dose's ``amount`` counts, not ``top``: what goes beyond it is the person's own choice of the day.
"""

import math

from levelstride.library.schema.exercises import Counted, Exercise
from levelstride.programme.model import Dose
from levelstride.programme.rulebook import Rulebook

RULE = "week_plan"
_MINUTE_S = 60.0

#: The figure of the rule that is the length of one of what is counted.
_FIGURES: dict[Counted, str] = {
    "repetitions": "repetition",
    "reaches": "repetition",
    "bouts": "repetition",
    "steps": "step_pace",
    "contacts": "step_pace",
    "metres": "metre_pace",
    "breaths": "breath",
}


def set_seconds(
    exercise: Exercise, dose: Dose, counts: Counted, tempo: tuple[float, float, float] | None, rules: Rulebook
) -> float:
    """Return how long one set on one side lasts.

    ``tempo`` = seconds down, pause, up; without it the exercise's own counted tempo holds.
    """
    if counts == "seconds":
        return float(dose.amount)
    if counts == "minutes":
        return dose.amount * _MINUTE_S
    if counts == "repetitions":
        return dose.amount * repetition_seconds(exercise, dose, tempo, rules)
    return dose.amount * (rules.number(RULE, _FIGURES[counts]) + (dose.hold_s or 0))


def repetition_seconds(
    exercise: Exercise, dose: Dose, tempo: tuple[float, float, float] | None, rules: Rulebook
) -> float:
    """Return how long one repetition lasts; the pause of the tempo is part of the hold."""
    counted = tempo or own_tempo(exercise)
    if counted is None:
        return rules.number(RULE, "repetition") + (dose.hold_s or 0)
    lower, pause, lift = counted
    return lower + max(pause, dose.hold_s or 0) + lift


def own_tempo(exercise: Exercise) -> tuple[float, float, float] | None:
    """Return the counted tempo of an exercise (seconds down, pause, up); None when it has a rhythm instead."""
    own = exercise.tempo
    if own.rhythm != "counted" or own.lower_s is None or own.pause_s is None or own.lift_s is None:
        return None
    return own.lower_s, own.pause_s, own.lift_s


def move_seconds(
    exercise: Exercise,
    doses: tuple[Dose, ...],
    counts: Counted,
    rest_s: int,
    tempo: tuple[float, float, float] | None,
    rules: Rulebook,
) -> int:
    """Return how long a move lasts: set-up, all sets and sides, changes of side, rests between sets; rounded up.

    The sides take turns within a set, so a side with more sets does the last ones alone. No rest after the last set.
    """
    work = sum(dose.sets * set_seconds(exercise, dose, counts, tempo, rules) for dose in doses)
    rounds = max(dose.sets for dose in doses)
    changes = sum(max(0, sum(dose.sets > number for dose in doses) - 1) for number in range(rounds))
    switching = changes * rules.number(RULE, "side_switch")
    return math.ceil(rules.number(RULE, "set_up") + work + switching + (rounds - 1) * rest_s)
