"""Why it exists: chooses the one thing to practise in the walks of a week, for how long and with how many hints.

Rule ``gait_practice``: a drill is practised eight times, a little longer each time, with fewer hints towards the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from levelstride.journal.state import State
from levelstride.library.schema.exercises import Exercise, Phase
from levelstride.library.selection import needs_nothing
from levelstride.programme.cues import fade_practice, pick_cue
from levelstride.programme.history import Bout, History
from levelstride.programme.model import PhaseName, WalkPart, Why
from levelstride.programme.rulebook import Rulebook

#: Drills that bring the foot closer: speed and the way of the leg behind the body are watched with them (X06).
_CLOSER_STEPS = frozenset({"cadence_metronome", "short_contact"})


@dataclass(frozen=True)
class Practice:
    """The drill to practise (None = none is left), how often it was done, and what is to be told."""

    drill: Exercise | None
    done: int
    last: Bout | None = None
    notices: tuple[Why, ...] = ()


def next_practice(
    history: History,
    state: State,
    rules: Rulebook,
    drills: Iterable[str],
    phase: PhaseName,
    *,
    support: bool,
) -> Practice:
    """Return the first drill that is not done yet; with one that is, a film of walking is asked for until there is one.

    Parameters
    ----------
    drills : iterable of str
        What the findings ask for, in order; after them come drills that suit everybody.
    """
    sessions = rules.whole("gait_practice", "sessions")
    notices: list[Why] = []
    for name in dict.fromkeys((*drills, *_for_everybody(rules))):
        exercise = rules.known.exercises[name]
        if not _suits_a_walk(exercise, phase, support=support):
            continue
        bouts = _bouts(history, name)
        done = len({bout.day for bout in bouts})
        if done < sessions:
            return Practice(exercise, done, bouts[-1] if bouts else None, tuple(notices))
        if not _filmed_since(state, bouts[-1].at):
            notices.append(rules.why("gait_practice", "done", *bouts[-1].entries))
    return Practice(None, 0, None, tuple(notices))


def _bouts(history: History, name: str) -> list[Bout]:
    found = (bout for (exercise, _), bouts in history.bouts.items() if exercise == name for bout in bouts)
    return sorted(found, key=lambda bout: (bout.at, bout.session))


def _filmed_since(state: State, at: datetime) -> bool:
    return any(
        one.at > at and one.body.origin.method == "recording" and one.body.test.startswith("gait")
        for one in state.measures
    )


def _for_everybody(rules: Rulebook) -> tuple[str, ...]:
    """Return the drills that need nothing and that no caution touches, the easiest first."""
    exercises = rules.known.exercises.values()
    found = [
        one
        for one in exercises
        if one.kind == "gait_drill" and not one.cautions and not one.demands and needs_nothing(one, rules.known)
    ]
    return tuple(one.id for one in sorted(found, key=lambda one: (one.difficulty, one.id)))


def _suits_a_walk(exercise: Exercise, phase: PhaseName, *, support: bool) -> bool:
    """Say whether it can be practised in a walk; what is counted for each side is a move of a session."""
    fitting = fitting_phase(exercise, phase)
    if fitting is None or exercise.kind != "gait_drill" or exercise.position != "walking":
        return False
    return not exercise.doses[fitting].per_side and not (support and "uneven_ground" in exercise.demands)


def with_practice(
    walks: list[tuple[date, WalkPart]], practice: Practice, rules: Rulebook, *, support: bool
) -> list[tuple[date, WalkPart]]:
    """Put one practice each into the first easy walks that are long enough for it."""
    if practice.drill is None:
        return walks
    shortest, _ = rules.wholes("gait_practice", "bout")
    _, most = rules.wholes("gait_practice", "per_week")
    open_numbers = range(practice.done + 1, rules.whole("gait_practice", "sessions") + 1)
    numbers = iter(open_numbers[:most])
    found = []
    for day, part in walks:
        number = None
        if part.effort == "easy" and part.minutes // 2 >= shortest:
            number = next(numbers, None)
        found.append((day, part if number is None else _practised(part, number, practice, rules, support=support)))
    return found


def _practised(part: WalkPart, number: int, practice: Practice, rules: Rulebook, *, support: bool) -> WalkPart:
    assert practice.drill is not None
    plan = fade_practice(number, rules)
    low, high = rules.wholes("gait_practice", "bout")
    sessions = rules.whole("gait_practice", "sessions")
    minutes = low + (high - low) * (number - 1) // max(1, sessions - 1)
    return part.model_copy(
        update={
            "drill": practice.drill.id,
            "drill_minutes": min(minutes, part.minutes // 2),
            "practice": number,
            "cue": pick_cue(practice.drill, plan),
            "cue_every": plan.every,
            "why": (*part.why, plan.why, *_extra_reasons(practice, rules, support=support)),
        }
    )


def _extra_reasons(practice: Practice, rules: Rulebook, *, support: bool) -> tuple[Why, ...]:
    found = [rules.why("gait_practice", "balance")] if support else []
    name = practice.drill.id if practice.drill is not None else ""
    if name in _CLOSER_STEPS:
        found.append(rules.why("gait_practice", "both_metrics"))
    if name == "cadence_metronome":
        awkward = practice.last.awkward if practice.last is not None else None
        uneasy = awkward is not None and awkward >= rules.number("feedback_awkward", "awkward_from")
        entries = practice.last.entries if practice.last is not None and uneasy else ()
        found.append(rules.why("cadence_practice", "uneasy" if uneasy else "first", *entries))
    return tuple(found)


def fitting_phase(exercise: Exercise, phase: PhaseName) -> Phase | None:
    """Return the phase whose dose counts; in P5 walking goes on as in P4."""
    name = "P4" if phase == "P5" and "P5" not in exercise.doses else phase
    return next((one for one in exercise.doses if one == name), None)
