"""Why it exists: makes a move of an exercise - its dose per side, tempo, rest, cue and reasons - at the level reached.

Whatever the level says, the dose never rises above what was last done while something holds it, and never in more
than one way at once.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from levelstride.journal.bodies import Side
from levelstride.library.schema.exercises import Dose as LibraryDose
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.context import Context
from levelstride.programme.cues import fade, pick_cue
from levelstride.programme.history import Bout
from levelstride.programme.levels import Frame, Level, heavier, library_dose, start, warm_up_dose
from levelstride.programme.model import Block, Dose, Move, PhaseName, Why
from levelstride.programme.progression import Standing
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.timing import move_seconds

#: Positions in which a hand on support makes sense.
UPRIGHT = frozenset({"standing", "standing_with_support", "split_stance", "quarter_squat", "on_step"})


def is_on_feet(exercise: Exercise) -> bool:
    """Say whether a move is done standing, or rises to it from a chair: there a hand on support makes sense."""
    rises = exercise.position == "sitting" and exercise.kind == "functional" and exercise.chain == "closed"
    return rises or exercise.position in UPRIGHT


@dataclass(frozen=True)
class Ask:
    """How a move is wanted: at most ``sets`` (None = as the level says), ``gentle`` = its easiest dose, never hard.

    ``bare`` leaves away bands and weights; ``frozen``: nothing may be above the last time (a poor day, amber pain).
    """

    block: Block
    phase: PhaseName
    sets: int | None = None
    gentle: bool = False
    bare: bool = False
    frozen: bool = False
    rpe_most: int | None = None
    why: tuple[Why, ...] = ()


def dose_for(exercise: Exercise, ask: Ask) -> LibraryDose | None:
    """Return the library's dose that a move follows."""
    return warm_up_dose(exercise) if ask.gentle else library_dose(exercise, ask.phase)


def make_move(context: Context, exercise: Exercise, ask: Ask) -> Move | None:
    """Return the move; None when the library has no dose for it in this phase."""
    library = dose_for(exercise, ask)
    if library is None:
        return None
    rules = context.rules
    of = context.frame(exercise, library)
    standings = {side: context.standing(exercise, side, of) for side in context.sides(of)}
    ordered = {side: _is_ordered(one, of, ask) for side, one in standings.items()}
    levels = {
        side: one.level
        if ordered[side]
        else guarded(
            _level(exercise, one, of, ask), one, of, rules, frozen=ask.frozen, planned=_planned_sets(context, one)
        )
        for side, one in standings.items()
    }
    if not all(level.loaded for level in levels.values()):  # a first weight is chosen for both sides at once
        levels = {
            side: replace(level, loaded=False) if _is_unchosen(level) and not ordered[side] else level
            for side, level in levels.items()
        }
    sets = min(level.sets for level in levels.values())
    if ask.sets is not None:
        sets = min(sets, ask.sets)
    doses = tuple(
        Dose(
            side=side,
            sets=max(1, sets),
            amount=level.amount,
            top=max(level.amount, _top(level, ordered[side], of, ask, standings, rules)),
            hold_s=level.hold_s,
            band=level.band if level.loaded else None,
            load_kg=level.load_kg if level.loaded else None,
        )
        for side, level in levels.items()
    )
    rpe = _effort(context, of, ask, standings.values())
    hard = rpe[1] > rules.whole("weekly_volume", "daily_rpe_max")
    clean = min(one.clean for one in standings.values())
    told = [one.last.quality for one in standings.values() if one.last is not None]
    quality = None if None in told else min((q for q in told if q is not None), default=None)
    plan = fade(clean, quality, rules)
    tempo = _tempo(exercise, ask, context)
    return Move(
        exercise=exercise.id,
        block=ask.block,
        counts=of.counts,
        doses=doses,
        rpe=rpe,
        rir=_reserve(context) if of.counts == "repetitions" and hard else None,
        rest_s=of.rest_s,
        tempo=tempo,
        support=is_on_feet(exercise) and (context.traits.supported or any(one.support for one in standings.values())),
        choose_load=any(_is_unchosen(level) for level in levels.values()),
        hard=hard,
        seconds=move_seconds(exercise, doses, of.counts, of.rest_s, tempo, rules),
        cue=pick_cue(exercise, plan),
        cue_every=plan.every,
        why=_reasons(ask, standings.values()),
    )


def _is_unchosen(level: Level) -> bool:
    """Say whether a weight is due that nobody has chosen yet."""
    return level.loaded and level.band is None and level.load_kg is None


def _top(
    level: Level, is_ordered: bool, of: Frame, ask: Ask, standings: Mapping[Side | None, Standing], rules: Rulebook
) -> int:
    """Return how far a set may go: beyond the aim only where nothing holds the move, else as far as it went last."""
    if is_ordered or ask.gentle:
        return level.amount
    if not (ask.frozen or any(one.held and not one.calm for one in standings.values())):
        return of.top(rules)
    return min(of.top(rules), *(_repeated(one, rules) for one in standings.values()))


def _repeated(one: Standing, rules: Rulebook) -> int:
    """Return how far a held move may go: what its last bout reached in every set, unless that hurt."""
    last = one.last
    hurt = last is None or last.fell or last.pain is None or last.pain > rules.number("pain_colours", "green_max")
    if last is None or hurt or one.change == "down" or one.colour is None or one.colour.colour in ("red", "black"):
        return 0
    return math.floor(min(last.amounts, default=0.0))


def _level(exercise: Exercise, one: Standing, of: Frame, ask: Ask) -> Level:
    level = one.level
    if ask.gentle and exercise.kind != "balance":  # a warm-up stays one
        level = replace(start(of), sets=1)
    if (ask.bare or of.may_load is None) and of.needs_load is None:
        level = replace(level, loaded=False, band=None, load_kg=None)
    return level


def _is_ordered(one: Standing, of: Frame, ask: Ask) -> bool:
    """Say whether a practitioner's dose stands as it is: nothing has been done since, and no pain is red."""
    red = one.colour is not None and one.colour.colour in ("red", "black")
    lacking = one.level.loaded and of.may_load is None
    return one.why.rule == "own_choices" and not (red or lacking or ask.frozen or ask.bare or ask.gentle)


def _planned_sets(context: Context, one: Standing) -> int:
    """Return the sets planned for the last bout: a shorter day does not lower the level, a day that hurt does."""
    last = one.last
    if last is None or (last.pain or 0) > context.rules.number("pain_colours", "green_max"):
        return 0
    return context.planned_sets.get((last.session, last.exercise), 0)


def guarded(level: Level, one: Standing, of: Frame, rules: Rulebook, *, frozen: bool, planned: int = 0) -> Level:
    """Return the level without any rise that is not allowed now, and with one rise at most.

    ``planned`` = sets planned for the last bout; where fewer were done they still count, except after red pain.
    """
    last = one.last
    if last is None:
        return level
    if _is_unchosen(level) and last.load_kg:
        level = replace(level, load_kg=last.load_kg)  # a weight that is known is not chosen anew
    held = frozen or one.held
    red = one.colour is not None and one.colour.colour in ("red", "black")
    sets = len(last.amounts) if red else max(len(last.amounts), planned)
    amount, hold = math.floor(max(last.amounts, default=1.0)), last.hold_s
    if held:
        level = replace(
            level,
            sets=min(level.sets, sets),
            amount=max(1, min(level.amount, amount)),
            hold_s=level.hold_s
            if hold is None or level.hold_s is None
            else max(1, min(level.hold_s, math.floor(hold))),
        )
        return _no_more_load(level, last, of)
    level, rises = _one_step(level, last, rules), 0
    if level.hold_s is not None and hold is not None and not of.timed and level.hold_s > hold:
        rises += 1
    if level.amount > amount:
        level, rises = (level, 1) if not rises else (replace(level, amount=max(1, amount)), rises)
    if level.sets > sets:
        level, rises = (level, 1) if not rises else (replace(level, sets=sets), rises)
    if _is_heavier(level, last) and rises:
        level = _no_more_load(level, last, of)
    return level


def _one_step(level: Level, last: Bout, rules: Rulebook) -> Level:
    """Return the level with a load or band at most one step above the last one that was told."""
    if level.load_kg is not None and last.load_kg and level.load_kg > last.load_kg:
        return replace(level, load_kg=min(level.load_kg, heavier(last.load_kg, rules)))
    if level.band is not None and last.band and level.band > last.band:
        return replace(level, band=min(level.band, last.band + rules.whole("progression_order", "band_step")))
    return level


def _is_heavier(level: Level, last: Bout) -> bool:
    if level.loaded and level.band is None and level.load_kg is None and not last.load_kg:
        return True  # a first weight, still to be chosen
    return (level.load_kg or 0) > (last.load_kg or 0) or (level.band or 0) > (last.band or 0)


def _no_more_load(level: Level, last: Bout, of: Frame) -> Level:
    """Return the level with no more load than the last time."""
    if level.band is not None and level.band > (last.band or 0):
        band = last.band or (1 if of.needs_load == "band" else None)
        level = replace(level, band=band, loaded=band is not None)
    if level.load_kg is not None and level.load_kg > (last.load_kg or 0):
        level = replace(level, load_kg=last.load_kg or None, loaded=bool(last.load_kg) or of.needs_load is not None)
    if level.loaded and level.band is None and level.load_kg is None and of.needs_load is None:
        level = replace(level, loaded=False)
    return level


def _effort(context: Context, of: Frame, ask: Ask, standings: Iterable[Standing]) -> tuple[int, int]:
    rules = context.rules
    low, high = of.rpe
    daily = rules.whole("weekly_volume", "daily_rpe_max")
    if ask.gentle or ask.phase == "P1" or ask.block != "strength":
        high = min(high, daily)
    caps = [one.cap_rpe for one in standings if one.cap_rpe is not None]
    if context.week_of(context.today) <= rules.whole("first_weeks", "novice_weeks"):
        caps.append(rules.wholes("first_weeks", "rpe_cap")[1])
    if any(code in context.traits.codes for code in context.known.rules["week_plan"].lists["gentle_codes"]):
        caps.append(rules.whole("week_plan", "gentle_rpe"))
    if ask.rpe_most is not None:
        caps.append(ask.rpe_most)
    high = min([high, *caps])
    return min(low, high), high


def _reserve(context: Context) -> tuple[int, int]:
    early = context.week_of(context.today) <= context.rules.whole("first_weeks", "novice_weeks")
    return context.rules.wholes("first_weeks", "rir_first" if early else "rir_after")


def _tempo(exercise: Exercise, ask: Ask, context: Context) -> tuple[float, float, float] | None:
    own = exercise.tempo
    if own.rhythm != "counted" or own.lower_s is None or own.pause_s is None or own.lift_s is None:
        return None
    if ask.phase == "P3" and exercise.kind == "functional":
        value = context.rules.known.rules["phases"].figures["p3_tempo"].value
        if isinstance(value, tuple):
            down, pause, up = value
            return max(down, own.lower_s), max(pause, own.pause_s), max(up, own.lift_s)
    return own.lower_s, own.pause_s, own.lift_s


def _reasons(ask: Ask, standings: Iterable[Standing]) -> tuple[Why, ...]:
    levels = (one.why for one in standings if one.change != "start" or one.why.rule == "own_choices")
    return unique((*ask.why, *(() if ask.gentle else levels)))


def unique(found: Sequence[Why]) -> tuple[Why, ...]:
    """Return each reason once, with the entries of all its mentions."""
    seen: dict[tuple[str, str], Why] = {}
    for one in found:
        key = (one.rule, one.case)
        before = seen.get(key)
        entries = one.entries if before is None else (*before.entries, *one.entries)
        seen[key] = one.model_copy(update={"entries": tuple(dict.fromkeys(entries))})
    return tuple(seen.values())


def scaled(move: Move, sets: int, exercise: Exercise, rules: Rulebook) -> Move:
    """Return a move with at most ``sets`` sets on each side, its time worked out anew."""
    doses = tuple(dose.model_copy(update={"sets": min(dose.sets, sets)}) for dose in move.doses)
    seconds = move_seconds(exercise, doses, move.counts, move.rest_s, move.tempo, rules)
    return move.model_copy(update={"doses": doses, "seconds": seconds})
