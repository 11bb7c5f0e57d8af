"""Why it exists: decides how often a hint is given and which one - many at first, then fewer, then none.

Sessions of an exercise follow the rule ``cue_fading``, practices in walking the rule ``gait_practice``.
"""

from dataclasses import dataclass

from levelstride.library.schema.exercises import Exercise
from levelstride.programme.model import Why
from levelstride.programme.rulebook import Rulebook

#: How often a hint is given, as ``Move.cue_every`` says it.
EACH, EVERY_SECOND, NOW_AND_THEN, SUMMARY = 1, 2, 4, 0
#: The stages of the rule ``cue_fading``, in order.
_STAGES = (("full", EACH), ("half", EVERY_SECOND), ("third", NOW_AND_THEN), ("summary", SUMMARY))
_LAST_PRACTICES = (EVERY_SECOND, NOW_AND_THEN, SUMMARY)


@dataclass(frozen=True)
class CuePlan:
    """How often a hint is given: ``every`` as ``Move.cue_every``; ``internal``: it may be about the body itself."""

    every: int | None
    internal: bool
    why: Why


def fade(clean_sessions: int, last_quality: float | None, rules: Rulebook) -> CuePlan:
    """Return how often a hint is given in the next session of an exercise.

    Parameters
    ----------
    clean_sessions : int
        Clean sessions with this exercise before this one.
    last_quality : float or None
        Share of clean repetitions in percent the last time; None when nobody counted: then the last stage stays.
    """
    number = clean_sessions + 1
    _, internal_until = rules.wholes("cue_fading", "internal_sessions")
    for case, every in _STAGES:
        if number <= rules.wholes("cue_fading", f"{case}_sessions")[1]:
            return CuePlan(every, number <= internal_until, rules.why("cue_fading", case))
    if last_quality is None:
        return CuePlan(SUMMARY, False, rules.why("cue_fading", "summary"))
    if last_quality < rules.number("cue_fading", "back_quality"):
        return CuePlan(NOW_AND_THEN, False, rules.why("cue_fading", "slipped"))
    return CuePlan(None, False, rules.why("cue_fading", "free"))


def fade_practice(number: int, rules: Rulebook) -> CuePlan:
    """Return how often a hint is given in a practice of walking; 1 = the first practice.

    Over the last practices the hints become fewer in even steps and end as a summary.
    """
    sessions, fading = rules.whole("gait_practice", "sessions"), rules.whole("gait_practice", "fade_last")
    faded = number - (sessions - fading)
    if faded <= 0:
        return CuePlan(EACH, False, rules.why("gait_practice", "practice"))
    step = min((faded - 1) * len(_LAST_PRACTICES) // fading, len(_LAST_PRACTICES) - 1)
    return CuePlan(_LAST_PRACTICES[step], False, rules.why("gait_practice", "fading"))


def pick_cue(exercise: Exercise, plan: CuePlan, last_fault: str | None = None) -> str | None:
    """Return the one hint of an exercise; None when none is given.

    The answer to the last fault comes first, else the first hint about something outside the body.
    """
    if plan.every is None:
        return None
    answer = next((fault.cue for fault in exercise.faults if fault.id == last_fault), None)
    if answer is not None and (plan.internal or answer not in exercise.cues.internal):
        return answer
    return exercise.cues.external[0]
