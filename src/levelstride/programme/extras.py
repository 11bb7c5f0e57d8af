"""Why it exists: puts the small extras into the week - before a run, before another sport, a break from sitting.

All are optional, made of easy moves the person knows, and no training session: no gate and no volume counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from levelstride.programme.blocks import easy_moves, warm_up_moves
from levelstride.programme.context import Context
from levelstride.programme.model import WEEK, Breaks, Move, PhaseName, Session, SessionKind, WalkPart, Why
from levelstride.programme.outlook import Pace
from levelstride.programme.versions import minutes_of

#: The goal of the intake that comes nearest to running: nobody is asked outright.
_SPORT_GOAL = "back_to_sport"
#: Who gets a warm-up before a sport without asking.
_SPORT_PERSONAS = ("recreational",)
_MINUTE = 60


@dataclass(frozen=True)
class _Wish:
    """Whether an extra belongs to the week, and why."""

    on: bool
    why: tuple[Why, ...] = ()


def with_extras(
    context: Context,
    phase: PhaseName,
    starts_on: date,
    sessions: Sequence[Session],
    pace: Pace,
    breaks: Breaks | None,
) -> tuple[list[Session], tuple[Why, ...]]:
    """Return the sessions of the week with its extras, and what is to be told."""
    found = list(sessions)
    if phase == "P0":  # the first look holds tests and nothing else
        return found, ()
    week = [starts_on + timedelta(days=number) for number in range(WEEK)]
    known = {move.exercise for one in sessions for move in one.moves} | {name for name, _ in context.history.bouts}
    runs, notices = _runs(context)
    days = _sport_days(context, week, sessions, pace)
    if runs.on:
        found += _before_sport(context, phase, "pre_run", days, known, runs.why)
    found += _inserts(context, phase, days, known, found)
    if breaks is not None:
        found += _breaks(context, phase, week, breaks)
    return found, notices


def _runs(context: Context) -> tuple[_Wish, tuple[Why, ...]]:
    """Say whether a warm-up before a run is offered: by choice or for the goal, never where impact is closed."""
    rules, traits = context.rules, context.traits
    chosen = context.choices.options.get("pre_run")
    if chosen is not None and chosen.value is not None:
        if chosen.value is not True:
            return _Wish(False), ()
        if traits.impact_closed:
            return _Wish(False), (rules.why("session_shape", "no_run", chosen.entry),)
        return _Wish(True, (rules.why("session_shape", "pre_run", chosen.entry),)), ()
    other_sport = context.choices.is_on("warmup_insert")  # that is the sport the goal speaks of
    if _SPORT_GOAL not in traits.goals or traits.impact_closed or other_sport:
        return _Wish(False), ()
    given = context.state.latest("intake/goals")
    return _Wish(True, (rules.why("session_shape", "pre_run", *((given.id,) if given is not None else ())),)), ()


def _sport_days(context: Context, week: Sequence[date], sessions: Sequence[Session], pace: Pace) -> list[date]:
    """Return the days on which a run or another sport finds room: without a full session, where there are such."""
    days = [day for day in week if day.weekday() in context.traits.weekdays] or list(week)
    if pace.rest_from is not None and pace.rest_to is not None:
        days = [day for day in days if not pace.rest_from <= day <= pace.rest_to]
    full = {one.day for one in sessions if one.kind in ("standalone", "walk_event")}
    return [day for day in days if day not in full] or days


def _inserts(
    context: Context, phase: PhaseName, days: Sequence[date], known: set[str], sessions: Sequence[Session]
) -> list[Session]:
    """Return warm-ups before another sport, or before a walk that has none; one warm-up a day is enough."""
    rules, choices = context.rules, context.choices
    chosen, persona = choices.options.get("warmup_insert"), context.traits.persona
    asked = chosen is not None and chosen.value is True
    if not asked and (persona not in _SPORT_PERSONAS or (chosen is not None and chosen.value is False)):
        return []
    entry = (chosen.entry,) if asked and chosen is not None else ()
    why = [rules.why("session_shape", "warmup_insert", *entry)]
    if not asked:
        why.append(rules.why("plan_personas", str(persona)))
    warm = {one.day for one in sessions if one.kind in ("pre_walk", "pre_run")}
    walks = {one.day for one in sessions if one.kind == "walk"}
    easy = set() if asked else {one.day for one in sessions if one.kind in ("daily_activation", "micro")}
    wanted = sorted((set(days) | (walks if asked else set())) - warm - easy)
    made = _before_sport(context, phase, "warmup_insert", wanted, known, tuple(why))
    return [one.model_copy(update={"before_walk": one.day in walks}) for one in made]


def _before_sport(
    context: Context, phase: PhaseName, kind: SessionKind, days: Sequence[date], known: set[str], why: tuple[Why, ...]
) -> list[Session]:
    moves = _warm_up(context, phase, kind, known)
    if not moves:
        return []
    return [_session(day, kind, moves, why) for day in days]


def _session(day: date, kind: SessionKind, moves: tuple[Move, ...], why: tuple[Why, ...]) -> Session:
    return Session(
        id=f"{day.isoformat()}-{kind}",
        day=day,
        kind=kind,
        minutes=minutes_of(moves),
        moves=moves,
        optional=True,
        why=why,
    )


def _warm_up(context: Context, phase: PhaseName, kind: SessionKind, known: set[str]) -> tuple[Move, ...]:
    """Return easy moves the person knows, nothing held still, as many as fit into the minutes of the kind."""
    exercises, most = context.known.exercises, _most(context, kind)
    found: list[Move] = []
    for move in warm_up_moves(context, phase, prep=kind == "pre_run"):
        if move.exercise not in known or exercises[move.exercise].tempo.rhythm == "hold":
            continue
        if sum(one.seconds for one in found) + move.seconds <= most * _MINUTE:
            found.append(move)
    least = context.rules.wholes("session_shape", "warmup_insert")[0]
    return tuple(found) if minutes_of(found) >= least else ()


def _most(context: Context, kind: SessionKind) -> int:
    """Return the minutes a warm-up may take: as chosen before a run, and never more than the person has."""
    rules = context.rules
    most = rules.wholes("session_shape", "warmup_insert" if kind == "warmup_insert" else "pre_walk_default")[1]
    chosen = context.choices.option("warm_up_minutes")
    offered = rules.known.rules["session_shape"].figures["pre_walk_options"].value
    if kind == "pre_run" and isinstance(chosen, int | float) and isinstance(offered, tuple):
        most = max((int(one) for one in offered if one <= chosen), default=int(offered[0]))
    return min(most, context.traits.minutes)


def _breaks(context: Context, phase: PhaseName, week: Sequence[date], breaks: Breaks) -> list[Session]:
    """Return one break from sitting for each day, as an example of all of them; a calendar with ten helps nobody."""
    rules = context.rules
    why = (rules.why("session_shape", "micro"), *breaks.why)
    moves = () if breaks.walk_only else break_moves(context, phase)
    if moves:
        return [_session(day, "desk_break", moves, why) for day in week]
    walk = break_walk(context)
    if walk is None:
        return []
    return [_session(day, "desk_break", (), why).model_copy(update={"walk": walk}) for day in week]


def break_moves(context: Context, phase: PhaseName) -> tuple[Move, ...]:
    """Return the move of a break: the first of its list that is open to the person."""
    most = context.rules.wholes("session_shape", "desk_break")[1] * _MINUTE
    why = context.rules.why("sitting_breaks", "prompt")
    names = context.known.rules["session_shape"].lists["desk_break_moves"]
    found = easy_moves(context, phase, "activation", [(name, why) for name in names])
    return tuple(one for one in found if one.seconds <= most)[:1]


def break_walk(context: Context) -> WalkPart | None:
    """Return the walk of a break: short, easy, nothing practised; None where walking is closed or rests."""
    rest = context.pain.walk.rest_until
    closed = "easy_walk" in context.traits.removed or "easy_walk" in context.choices.forbidden
    if closed or (rest is not None and context.today < rest):
        return None
    minutes = context.rules.wholes("sitting_breaks", "walk")[1]
    return WalkPart(minutes=minutes, support=context.traits.supported)
