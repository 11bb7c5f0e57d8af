"""Why it exists: how many hard sets a week may hold - what was planned lately, the ramp, the aim."""

import math
from collections import Counter
from collections.abc import Iterable

from levelstride.programme.context import Context
from levelstride.programme.model import Move, PhaseName, Programme
from levelstride.programme.rulebook import Rulebook

#: Weeks looked back for the highest volume, so that one short week does not lower the ramp.
LOOK_BACK = 3


def hard_sets(moves: Iterable[Move], rules: Rulebook) -> Counter[str]:
    """Return the hard sets per primary muscle; both sides of a one-sided set count as one."""
    found: Counter[str] = Counter()
    for move in moves:
        exercise = rules.known.exercises.get(move.exercise)
        if move.hard and exercise is not None:
            for muscle in exercise.muscles.primary:
                found[muscle] += move.sets
    return found


def of_programme(programme: Programme, rules: Rulebook) -> Counter[str]:
    """Return the hard sets of a week, optional sessions left out."""
    return hard_sets((move for one in programme.sessions if not one.optional for move in one.moves), rules)


def caps(context: Context, phase: PhaseName, *, easy: bool) -> dict[str, int]:
    """Return the most hard sets per muscle this week (rule ``weekly_volume``)."""
    rules = context.rules
    most = rules.whole("weekly_volume", "hard_sets_target")
    rise = 1 + rules.number("weekly_volume", "weekly_rise_max") / 100
    first = rules.whole("week_plan", "hard_start")
    last = [of_programme(one, rules) for one in context.before if not one.easy_week][-LOOK_BACK:]
    found = {}
    for muscle in sorted(rules.known.vocabulary.muscles):
        base = max((week[muscle] for week in last), default=0)
        if easy:
            cut = rules.pair("deload", "cut_sets")[0] / 100
            found[muscle] = max(1, math.floor(base * (1 - cut)))
            continue
        rising = context.pain.colour == "green" and context.pain.flare is None
        found[muscle] = min(most, max(first, math.floor(base * rise + 1e-9) if rising else base))
    return found


def aims(context: Context, phase: PhaseName, most: dict[str, int]) -> dict[str, int]:
    """Return how many hard sets are wished per muscle; none where nothing is hard."""
    if phase in ("P0", "P1"):
        return {}
    lists = context.known.rules["week_plan"].lists
    return {muscle: most[muscle] for muscle in lists["hip_muscles"]}
