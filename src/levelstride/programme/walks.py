"""Why it exists: puts the walks of the practice track, their warm-up and extra easy practice into the week."""

from datetime import date, timedelta

from levelstride.programme.blocks import warm_up_moves
from levelstride.programme.context import Context
from levelstride.programme.model import WEEK, Move, PhaseName, Session, Why
from levelstride.programme.moves import scaled
from levelstride.programme.outlook import Pace
from levelstride.programme.versions import minutes_of
from levelstride.programme.walking import plan_walks

_WARM_UP_PERSONAS = ("hiker", "recreational", "walk_event", "desk_athlete")
_DAILY_PERSONAS = ("sedentary", "office", "desk_athlete")


def with_walks(
    context: Context, phase: PhaseName, starts_on: date, sessions: list[Session], pace: Pace, *, easy: bool
) -> tuple[list[Session], tuple[Why, ...]]:
    """Return the sessions of the week with walks, warm-ups and optional easy practice, and what is to be told."""
    rules, traits = context.rules, context.traits
    training = {one.day for one in sessions}
    week = [starts_on + timedelta(days=number) for number in range(WEEK)]
    usable = [day for day in week if day.weekday() in traits.weekdays] or week
    if pace.rest_from is not None and pace.rest_to is not None:  # quiet days before the day, and the day itself
        usable = [day for day in usable if not pace.rest_from <= day <= pace.rest_to]
    within = traits.persona == "walk_event" and phase != "P0"  # the walk stands in the session (R052)
    free = sorted(usable, key=lambda day: ((day in training) != within, day))
    limited = "block_vigorous" in {action for against in traits.removed.values() for action in against}
    walks = plan_walks(
        context.history,
        context.state,
        context.pain,
        rules,
        starts_on=starts_on,
        days=tuple(free),
        phase=phase,
        drills=_drills(context),
        previous=context.last.sessions if context.last is not None else (),
        support=traits.supported,
        may_be_hard=not limited and "HTN" not in traits.codes,
        easy_week=easy,
    )
    found = list(sessions)
    joined = traits.persona == "walk_event" and phase != "P0"
    eased = pace.event is not None and pace.event.part in ("taper", "event_week", "recover")
    cut = 1 - rules.pair("event_plan", "cut_sets")[0] / 100
    for day, part in walks.walks:
        if eased and pace.event is not None:
            part = part.model_copy(
                update={
                    "minutes": max(1, int(part.minutes * cut)),
                    "effort": "easy",
                    "why": (*part.why, *pace.event.why),
                }
            )
        place = next((number for number, one in enumerate(found) if one.day == day and one.kind == "standalone"), None)
        if joined and place is not None:
            why = (*found[place].why, rules.why("session_shape", "walk_event"))
            found[place] = found[place].model_copy(update={"kind": "walk_event", "walk": part, "why": why})
            continue
        found.append(Session(id=f"{day.isoformat()}-walk", day=day, kind="walk", minutes=0, walk=part))
        warm_up = _warm_up(context, phase, day) if phase != "P0" else None
        if warm_up is not None:
            found.append(warm_up)
    if phase != "P0":
        found += _easy_practice(context, phase, week, {one.day for one in sessions})
    return found, walks.notices


def _drills(context: Context) -> tuple[str, ...]:
    """Return the walking drills that findings ask for."""
    exercises = context.known.exercises
    wanted = (
        name
        for pointed in context.traits.pointed
        for name in (*pointed.family.first_block, *pointed.family.next_block)
        if exercises[name].kind == "gait_drill" and name not in context.traits.removed
    )
    return tuple(dict.fromkeys(wanted))


def _warm_up(context: Context, phase: PhaseName, day: date) -> Session | None:
    """Return the warm-up right before a walk, of the length the person chose (R030, R031)."""
    rules, traits = context.rules, context.traits
    chosen = context.choices.option("warm_up_minutes")
    if not isinstance(chosen, int | float) and traits.persona not in _WARM_UP_PERSONAS:
        return None
    default = rules.wholes("session_shape", "pre_walk_default")[0]
    minutes = int(chosen) if isinstance(chosen, int | float) else default
    offered = rules.known.rules["session_shape"].figures["pre_walk_options"].value
    allowed = [int(one) for one in offered] if isinstance(offered, tuple) else [default]
    limit = max((one for one in allowed if one <= minutes), default=allowed[0])
    moves = _easy_moves(context, phase, limit, prep=True)
    if not moves:
        return None
    why = [rules.why("session_shape", "pre_walk")]
    if traits.persona is not None:
        why.append(rules.why("plan_personas", traits.persona))
    return Session(
        id=f"{day.isoformat()}-pre_walk",
        day=day,
        kind="pre_walk",
        minutes=minutes_of(moves),
        moves=moves,
        before_walk=True,
        why=tuple(why),
    )


def _easy_moves(context: Context, phase: PhaseName, minutes: float, *, prep: bool) -> tuple[Move, ...]:
    """Return easy moves, one set each, as many as fit."""
    found: list[Move] = []
    for move in warm_up_moves(context, phase, prep=prep):
        one = scaled(move, 1, context.known.exercises[move.exercise], context.rules)
        if sum(other.seconds for other in found) + one.seconds <= minutes * 60:
            found.append(one)
    return tuple(found)


def _easy_practice(context: Context, phase: PhaseName, week: list[date], training: set[date]) -> list[Session]:
    """Return optional easy practice: on other days for some personas, a second time a day when it was asked for."""
    rules, choices = context.rules, context.choices
    twice = choices.options.get("twice_daily")
    asked = twice is not None and twice.value is True
    green = context.pain.colour == "green" and context.pain.flare is None
    more = max(0, context.traits.days - len(training)) if phase != "P1" else 0
    daily = context.traits.persona in _DAILY_PERSONAS or more > 0
    if not daily and not asked:
        return []
    kind = "micro" if context.traits.persona == "sedentary" else "daily_activation"
    most = rules.pair("session_shape", "micro_session" if kind == "micro" else "daily_activation")[1]
    moves = _easy_moves(context, phase, most, prep=False)
    if not moves:
        return []
    found = []
    for day in week:
        reasons = []
        if day not in training and context.traits.persona in _DAILY_PERSONAS:
            reasons.append(rules.why("plan_personas", str(context.traits.persona)))
        elif day not in training and more > 0:
            more -= 1
            reasons.append(rules.why("weekly_volume", "daily_ok"))
        if asked and twice is not None and green and (phase == "P1" or day not in training):
            reasons.append(rules.why("twice_daily", "allowed", twice.entry))
        if reasons:
            found.append(
                Session(
                    id=f"{day.isoformat()}-{kind}",
                    day=day,
                    kind=kind,
                    minutes=minutes_of(moves),
                    moves=moves,
                    optional=True,
                    why=tuple(reasons),
                )
            )
    return found
