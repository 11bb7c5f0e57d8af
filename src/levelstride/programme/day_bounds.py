"""Why it exists: what of today bounds every move - pain that is not of one move, and the room left in the week."""

from collections import Counter

from levelstride.journal.bodies import Pain
from levelstride.programme.context import Context
from levelstride.programme.history import SHARP
from levelstride.programme.model import Programme
from levelstride.programme.volume import caps

#: Pain of these times is the person's, whatever move it names.
_WHOLE = ("now", "at_rest")

#: Kinds that are easy practice where nobody said how hard they were.
EASY_KINDS = frozenset({"mobility", "balance", "gait_drill", "conditioning"})


def hurts_today(context: Context) -> bool:
    """Say whether the person as a whole holds today: pain now, pain that rises from week to week, a flare-up.

    What one move did to a place holds that move, not the others.
    """
    most = context.rules.number("pain_colours", "green_max")
    rising = any(why.case == "red_trend" for why in context.pain.why)
    hurts = any(one.score > most or _is_sharp(one) for one in _told_today(context))
    return context.pain.flare is not None or rising or hurts


def is_red_today(context: Context) -> bool:
    """Say whether pain that is not of one move alone is red today: nothing hard then."""
    most = context.rules.number("pain_colours", "amber_max")
    return any(one.score > most or _is_sharp(one) for one in _told_today(context))


def _told_today(context: Context) -> list[Pain]:
    """Return the pain that was told today and that no move alone brought on, usual or not."""
    told = [one.body for one in context.history.pain if one.at.date() == context.today]
    return [one for one in told if one.when != "worst_week" and (one.exercise is None or one.when in _WHOLE)]


def left_of_ramp(context: Context, programme: Programme) -> dict[str, int] | None:
    """Return the hard sets per muscle that the week still has room for; None where the plan counted all of them.

    A week that was planned anew after some of it was done knows nothing of what was done outside its own sessions.
    """
    own = {one.id for one in programme.sessions}
    this_week = [one for one in context.history.since(programme.starts_on) if one.day < context.today]
    if all(one.session in own for one in this_week):
        return None
    daily = context.rules.number("weekly_volume", "daily_rpe_max")
    done: Counter[str] = Counter()
    for session in this_week:
        sets: dict[str, int] = {}
        for bout in session.bouts:
            exercise = context.known.exercises.get(bout.exercise)
            easy = bout.rpe is not None and bout.rpe <= daily
            if exercise is not None and not easy and exercise.kind not in EASY_KINDS:
                sets[bout.exercise] = max(sets.get(bout.exercise, 0), len(bout.amounts))
        for name, number in sets.items():
            done.update(dict.fromkeys(context.known.exercises[name].muscles.primary, number))
    most = caps(context, programme.phase, easy=programme.easy_week)
    return {muscle: max(0, number - done[muscle]) for muscle, number in most.items()}


def _is_sharp(pain: Pain) -> bool:
    return pain.quality in SHARP or bool(pain.gives_way)
