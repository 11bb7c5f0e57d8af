"""Why it exists: plans the walks of a week - how long, how often, how hard - and the one thing to practise in them.

The level is what last week planned. After a green week one thing changes: the time until ``target_time``, then one
more day, then a faster pace, hills, quick parts (rule ``graded_walking``). Pain takes time off; a doubt changes
nothing. Every second walk of the week holds what is faster than easy, so that the others stay easy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import ceil
from typing import Literal

from levelstride.journal.bodies import Walk
from levelstride.journal.state import Logged, State
from levelstride.library.schema.exercises import Dose, Exercise
from levelstride.programme.history import History, days_between
from levelstride.programme.model import WEEK, Effort, PhaseName, Session, WalkPart, Why
from levelstride.programme.pain import PainView
from levelstride.programme.practice import fitting_phase, next_practice, with_practice
from levelstride.programme.rulebook import Rulebook

RULE = "graded_walking"
#: Efforts in the order in which they open, and the exercise of each.
EFFORTS: tuple[Effort, ...] = ("easy", "brisk", "hills", "intervals")
_EXERCISE_OF: dict[Effort, str] = {
    "easy": "easy_walk",
    "brisk": "brisk_walk",
    "hills": "hill_stairs",
    "intervals": "walk_intervals",
}
#: Cases of pain in which nobody said anything.
_SILENT = frozenset({"unknown", "no_answer"})
#: A walk is not cut below this many minutes.
LEAST_MINUTES = 3

WeekColour = Literal["red", "amber", "green", "none"]


@dataclass(frozen=True)
class WalkWeek:
    """The walks of one week.

    ``minutes`` of all walks together; ``effort`` the hardest of them; ``practice_done`` = practices of the present
    drill that were done before this week; ``notices`` = what the person should be told or asked.
    """

    walks: tuple[tuple[date, WalkPart], ...]
    minutes: int
    effort: Effort
    practice_done: int
    notices: tuple[Why, ...]


def plan_walks(
    history: History,
    state: State,
    pain: PainView,
    rules: Rulebook,
    *,
    starts_on: date,
    days: tuple[date, ...],
    phase: PhaseName,
    drills: tuple[str, ...],
    previous: tuple[Session, ...],
    support: bool,
    may_be_hard: bool,
    easy_week: bool,
) -> WalkWeek:
    """Return the walks of the seven days from ``starts_on``.

    Parameters
    ----------
    days : tuple of date
        Free days, the preferred ones first.
    drills : tuple of str
        Exercises that the findings ask for, in order; without any, one that suits everybody is offered.
    previous : tuple of Session
        The last programme, from which the level of last week is read.
    support : bool
        Caution code BAL or poor balance: no hills, no quick parts, no uneven ground.
    may_be_hard : bool
        False closes hills and quick parts.
    """
    if pain.stop or "black" in (pain.colour, pain.walk.colour):
        return WalkWeek((), 0, "easy", 0, (rules.why(RULE, "flag", *_entries(pain.stop)),))
    seen = _look(history, pain, rules, starts_on)
    last = _last_plan(previous, rules)
    cleared = _hardest(phase, rules, support=support)
    hardest = cleared if may_be_hard else min(cleared, "brisk", key=EFFORTS.index)
    steady = not easy_week and pain.flare is None and not _hurts(pain)
    free = _free_days(days, starts_on, pain.walk.rest_until)
    goal = _goal(state, rules, seen, last, free=len(free), hardest=hardest, steady=steady)
    calm = seen.colour not in ("red", "amber") and pain.flare is None
    count = min(goal.days, len(free))
    minutes = _within_ramp(goal, count, last, seen, rules)
    efforts = _spread_effort(goal.effort if calm else "easy", count)
    walks = []
    for day, effort in zip(spread(free, count), efforts, strict=True):
        part = WalkPart(minutes=minutes, effort=effort, support=support, why=(goal.why,))
        walks.append((day, _flared(_with_hard_part(part, phase, rules), day, starts_on, pain, rules)))
    practice = next_practice(history, state, rules, drills, phase, support=support)
    if calm and not goal.baseline:
        walks = with_practice(walks, practice, rules, support=support)
    elif not goal.baseline and practice.drill is not None and seen.colour in ("red", "amber"):
        hold = rules.why("gait_practice", "pain", *_entries(pain.walk.why))
        walks = [(day, part.model_copy(update={"why": (*part.why, hold)})) for day, part in walks]
    return WalkWeek(
        walks=tuple(walks),
        minutes=sum(part.minutes for _, part in walks),
        effort=max((part.effort for _, part in walks), key=EFFORTS.index, default="easy"),
        practice_done=practice.done,
        notices=(*goal.notices, *practice.notices, *_closed_step(goal, seen, hardest, cleared, rules)),
    )


def spread(days: Sequence[date], count: int) -> tuple[date, ...]:
    """Choose days that lie as evenly over the weeks as they can; of equal choices the one with preferred days."""

    def unevenness(ranks: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        chosen = sorted(days[rank] for rank in ranks)
        gaps = [days_between(one, two) for one, two in pairwise(chosen)]
        gaps.append(WEEK - sum(gaps))
        return sum(gap * gap for gap in gaps), ranks

    if count <= 0 or not days:
        return ()
    best = min(combinations(range(len(days)), min(count, len(days))), key=unevenness)
    return tuple(sorted(days[rank] for rank in best))


# ------------------------------------------------------------------------------------------------ what was done


@dataclass(frozen=True)
class _Seen:
    """The walks before this week, and of the last seven days their colour, the days walked and the longest."""

    starts_on: date
    before: tuple[Logged[Walk], ...]
    colour: WeekColour
    days: int
    longest_s: float
    idle_days: int | None
    entries: tuple[str, ...]


@dataclass(frozen=True)
class _Last:
    """What last week planned; ``baseline``: walks to find the start, no level yet."""

    minutes: int
    days: int
    total: int
    effort: Effort
    baseline: bool


@dataclass(frozen=True)
class _Goal:
    """The level of this week and why; ``baseline``: walks to find the start."""

    minutes: int
    days: int
    effort: Effort
    why: Why
    baseline: bool = False
    notices: tuple[Why, ...] = ()


def _is_pending(pain: PainView, walks: Sequence[Logged[Walk]], starts_on: date) -> bool:
    """Say whether only the morning after yesterday's walk is missing: that answer may still come."""
    only = all(why.case in ("no_answer", "unknown") for why in pain.walk.why)
    return only and bool(walks) and days_between(walks[-1].at.date(), starts_on) <= 1


def _target_time(state: State, rules: Rulebook) -> int:
    """Return the minutes a walk grows to: the rule's, or what the person walks anyway."""
    answer = state.latest("intake/walks_now")
    usual = answer.value if answer is not None and isinstance(answer.value, int | float) else 0
    return max(rules.whole(RULE, "target_time"), min(int(usual), int(rules.known.limits["most_minutes"].number())))


def _look(history: History, pain: PainView, rules: Rulebook, starts_on: date) -> _Seen:
    begin = starts_on - timedelta(days=WEEK)
    before = tuple(one for one in history.walks if one.at.date() < starts_on)
    walks = tuple(one for one in before if one.at.date() >= begin)
    worst = [one.body.worst_pain for one in walks]
    green_max = rules.number("pain_colours", "green_max")
    colour: WeekColour = "green" if walks else "none"
    if _was_red(pain, begin, rules) or any(
        score is not None and score > rules.number("pain_colours", "amber_max") for score in worst
    ):
        colour = "red"
    elif (pain.walk.colour != "green" and not _is_pending(pain, walks, starts_on)) or any(
        score is None or score > green_max for score in worst
    ):
        colour = "amber"
    return _Seen(
        starts_on=starts_on,
        before=before,
        colour=colour,
        days=len({one.at.date() for one in walks}),
        longest_s=max((one.body.duration_s or 0.0 for one in walks), default=0.0),
        idle_days=days_between(max(one.at.date() for one in before), starts_on) if before else None,
        entries=(*(one.id for one in walks), *_entries(pain.walk.why)),
    )


def _was_red(pain: PainView, begin: date, rules: Rulebook) -> bool:
    """Say whether walking was red since a day; amber with a rest was red before it, and is cut for only once."""
    if pain.walk.rest_until is None:
        return pain.walk.colour == "red"
    rest = ceil(rules.pair("pain_colours", "rest_red")[1] / 24)
    return pain.walk.rest_until - timedelta(days=1 + rest) >= begin


def _hurts(pain: PainView) -> bool:
    """Say whether something besides walking was said to hurt; what nobody said about other moves holds no walk."""
    return pain.colour == "red" or (pain.colour == "amber" and any(why.case not in _SILENT for why in pain.why))


def _last_plan(previous: Iterable[Session], rules: Rulebook) -> _Last | None:
    walks = [session.walk for session in previous if session.walk is not None and not session.extra]
    if not walks:
        return None
    return _Last(
        minutes=max(walk.minutes for walk in walks),
        days=len(walks),
        total=sum(walk.minutes for walk in walks),
        effort=max((walk.effort for walk in walks), key=EFFORTS.index),
        baseline=any((why.rule, why.case) == (RULE, "no_baseline") for walk in walks for why in walk.why),
    )


def _free_days(days: Iterable[date], starts_on: date, rest_until: date | None) -> tuple[date, ...]:
    first = starts_on if rest_until is None else max(starts_on, rest_until)
    return tuple(dict.fromkeys(day for day in days if first <= day < starts_on + timedelta(days=WEEK)))


# ------------------------------------------------------------------------------------------------ the level


def _goal(
    state: State,
    rules: Rulebook,
    seen: _Seen,
    last: _Last | None,
    *,
    free: int,
    hardest: Effort,
    steady: bool,
) -> _Goal:
    long_ago = seen.idle_days is not None and seen.idle_days > rules.number("missed_sessions", "restart_after")
    if last is None or last.baseline or long_ago:
        return _begin(state, rules, seen, last)
    effort = min(last.effort, hardest, key=EFFORTS.index)
    level = _Goal(last.minutes, last.days, effort, rules.why(RULE, "stay", *seen.entries))
    if seen.colour == "red":
        return _cut(replace(level, why=rules.why(RULE, "red", *seen.entries)), rules)
    if seen.colour == "amber":
        return replace(level, why=rules.why(RULE, "amber", *seen.entries))
    if seen.colour == "none" or not steady or not _reached(seen, last, rules):
        return level
    return _step(level, rules, seen, free=free, hardest=hardest, target_time=_target_time(state, rules))


def _step(level: _Goal, rules: Rulebook, seen: _Seen, *, free: int, hardest: Effort, target_time: int) -> _Goal:
    """Change one thing after a green week."""
    target_days = rules.whole(RULE, "target_days")
    usual_days, _ = rules.wholes(RULE, "general_days")
    if level.days < min(usual_days, free):  # a week with few free days is no new level: its days come back first
        return replace(level, days=level.days + 1)
    if level.minutes < target_time:
        longer = level.minutes + max(1, _percent(level.minutes, rules.number(RULE, "time_step")))
        return replace(level, minutes=min(longer, target_time), why=rules.why(RULE, "more_time", *seen.entries))
    if seen.days < level.days:
        return level
    if level.days < target_days:
        more = rules.why(RULE, "more_often", *seen.entries)
        return replace(level, days=level.days + 1, why=more) if level.days < free else level
    place = EFFORTS.index(level.effort)
    if place < EFFORTS.index(hardest):
        return replace(level, effort=EFFORTS[place + 1], why=rules.why(RULE, "faster", *seen.entries))
    return level


def _cut(level: _Goal, rules: Rulebook) -> _Goal:
    less = level.minutes - level.minutes * rules.number(RULE, "red_cut") / 100
    return replace(level, minutes=min(level.minutes, max(LEAST_MINUTES, int(less))), effort="easy")


def _reached(seen: _Seen, last: _Last, rules: Rulebook) -> bool:
    """Say whether one walk was as long as planned, or short of it by no more than one step."""
    share = 1 - rules.number(RULE, "time_step") / 100
    return seen.longest_s >= 60 * last.minutes * share


def _begin(state: State, rules: Rulebook, seen: _Seen, last: _Last | None) -> _Goal:
    """Start a part below the longest easy walk that was done on enough days; until then ask for such walks."""
    low, high = rules.wholes(RULE, "general_days")
    found = _baseline(rules, seen)
    if found is not None:
        minutes, entries = found
        days = min(max(low, seen.days), high)
        start = _Goal(minutes, days, "easy", rules.why(RULE, "set_baseline", *entries))
        return _cut(start, rules) if seen.colour == "red" else start
    answer = state.latest("intake/walks_now")
    why = rules.why(RULE, "no_baseline", *(() if answer is None else (answer.id,)))
    least = _dose(rules.known.exercises[_EXERCISE_OF["easy"]], "P1").amount.low
    now = answer.value if answer is not None else None
    usual = int(now) if isinstance(now, int | float) else 0
    minutes = min(max(least, usual), rules.whole(RULE, "target_time"))
    if last is not None:
        minutes = min(minutes, max(last.minutes, least))
    goal = _Goal(minutes, low, "easy", why, baseline=True, notices=(why,))
    return _cut(goal, rules) if seen.colour == "red" else goal


def _baseline(rules: Rulebook, seen: _Seen) -> tuple[int, tuple[str, ...]] | None:
    """Return the minutes to start with and the walks they rest on; None without enough easy walks."""
    longest: dict[date, Logged[Walk]] = {}
    for one in _easy_walks(rules, seen):
        best = longest.get(one.at.date())
        if best is None or (one.body.duration_s or 0) > (best.body.duration_s or 0):
            longest[one.at.date()] = one
    needed = rules.whole(RULE, "baseline_days")
    if len(longest) < needed:
        return None
    ordered = sorted(longest.values(), key=lambda one: (-(one.body.duration_s or 0), one.id))[:needed]
    walked = (ordered[-1].body.duration_s or 0) / 60  # the longest that was reached on each of these days
    start = int(walked * (1 - rules.number(RULE, "baseline_cut") / 100) + 1e-9)
    most = round(rules.known.limits["most_minutes"].number())
    return min(max(LEAST_MINUTES, start), most), tuple(one.id for one in ordered)


def _easy_walks(rules: Rulebook, seen: _Seen) -> list[Logged[Walk]]:
    """Return the walks of the last days that were easy, by effort and by pain; what was not said does not count."""
    first = seen.starts_on - timedelta(days=rules.known.limits["baseline_days"].number())
    _, easy = rules.pair("walking_intensity", "easy_rpe")
    pain_max = rules.number(RULE, "baseline_pain")
    return [
        one
        for one in seen.before
        if one.at.date() >= first
        and one.body.duration_s
        and one.body.worst_pain is not None
        and one.body.worst_pain <= pain_max
        and one.body.rpe is not None
        and one.body.rpe <= easy
    ]


def _within_ramp(goal: _Goal, count: int, last: _Last | None, seen: _Seen, rules: Rulebook) -> int:
    """Return the minutes of a walk: the week as a whole rises by no more than one step or one more day."""
    if last is None or last.baseline or goal.baseline or count == 0:
        return goal.minutes
    step = _percent(last.total, rules.number(RULE, "time_step"))
    rise = 0 if seen.colour in ("red", "amber") else max(step, last.minutes, last.days)
    return max(1, min(goal.minutes, (last.total + rise) // count))


# ------------------------------------------------------------------------------------------------ pace and short bouts


def _hardest(phase: PhaseName, rules: Rulebook, *, support: bool) -> Effort:
    """Return the hardest effort that is open; one that is closed closes those after it."""
    found: Effort = EFFORTS[0]
    for effort in EFFORTS[1:]:
        if fitting_phase(rules.known.exercises[_EXERCISE_OF[effort]], phase) is None:
            break
        if effort != "brisk" and support:
            break
        found = effort
    return found


def _spread_effort(effort: Effort, count: int) -> tuple[Effort, ...]:
    """Give every second walk the effort; hills and quick parts only one walk each, the others are brisk."""
    efforts: list[Effort] = ["easy"] * count
    if effort == "easy" or count == 0:
        return tuple(efforts)
    places = list(range(1, count, 2)) or [0]
    for place in places:
        efforts[place] = "brisk"
    if effort in ("hills", "intervals"):
        efforts[places[0]] = "hills"
    if effort == "intervals":
        efforts[places[-1]] = "intervals"
    return tuple(efforts)


def _with_hard_part(part: WalkPart, phase: PhaseName, rules: Rulebook) -> WalkPart:
    """Add hills or quick parts: the least of their dose, and no more than half of the walk."""
    if part.effort in ("easy", "brisk"):
        return part
    name = _EXERCISE_OF[part.effort]
    dose = _dose(rules.known.exercises[name], phase)
    minutes = min(dose.sets.low * dose.amount.low, part.minutes // 2)
    return part.model_copy(update={"drill": name, "drill_minutes": minutes})


def _flared(part: WalkPart, day: date, starts_on: date, pain: PainView, rules: Rulebook) -> WalkPart:
    """Shorten a walk in the first days of a flare-up."""
    if pain.flare is None or pain.flare.part != "first":
        return part
    last = rules.wholes("flare_up", "first_days")[1]
    if pain.flare.day + days_between(starts_on, day) > last:
        return part
    minutes = max(1, _percent(part.minutes, rules.number("flare_up", "first_dose")))
    why = rules.why("flare_up", "start", *_entries(pain.flare.why))
    return part.model_copy(update={"minutes": minutes, "why": (*part.why, why)})


def _closed_step(goal: _Goal, seen: _Seen, hardest: Effort, cleared: Effort, rules: Rulebook) -> tuple[Why, ...]:
    """Say what would open hills and quick parts, when they are next and nothing but a clearance is missing."""
    at_target = goal.minutes >= rules.number(RULE, "target_time") and goal.days >= rules.number(RULE, "target_days")
    if hardest == cleared or goal.effort != hardest or not at_target:
        return ()
    if seen.colour != "green" or goal.why.case != "stay":
        return ()
    return (rules.why("conditioning_order", "no_intensity"),)


# ------------------------------------------------------------------------------------------------ small parts


def _dose(exercise: Exercise, phase: PhaseName) -> Dose:
    fitting = fitting_phase(exercise, phase)
    assert fitting is not None, f"{exercise.id} has no dose for {phase}"
    return exercise.doses[fitting]


def _percent(value: float, percent: float) -> int:
    return int(value * percent / 100 + 1e-9)


def _entries(why: Iterable[Why]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for one in why for entry in one.entries))
