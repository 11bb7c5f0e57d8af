"""Why it exists: a session has a version of ten minutes or less, one without equipment, and a tiny one."""

from collections.abc import Iterable, Mapping, Sequence

from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import needs_nothing
from levelstride.programme.candidates import entry, is_possible, resting
from levelstride.programme.context import Context
from levelstride.programme.levels import library_dose
from levelstride.programme.model import Move, PhaseName, Session
from levelstride.programme.moves import Ask, make_move, scaled
from levelstride.programme.rulebook import Rulebook

_MINUTE = 60
#: Phases in which every session has a move on one leg.
ONE_LEG_PHASES: tuple[PhaseName, ...] = ("P3", "P4", "P5")


def minutes_of(moves: Iterable[Move]) -> int:
    """Return the length of moves in whole minutes, rounded up."""
    return -(-sum(move.seconds for move in moves) // _MINUTE)


def short_version(context: Context, moves: Sequence[Move], phase: PhaseName) -> tuple[Move, ...]:
    """Return the main moves with fewer sets, as many as fit into the short time; one at least, where any fits."""
    rules = context.rules
    limit = rules.whole("less_equipment", "short_plan") * _MINUTE
    most, sets = rules.wholes("week_plan", "short_moves")[1], rules.whole("week_plan", "short_sets")
    main = [move for move in moves if move.block in ("activation", "strength") and not is_plyometric(context, move)]
    first = "activation" if phase == "P1" else "strength"
    main.sort(key=lambda move: (move.block != first, phase in ONE_LEG_PHASES and not is_one_leg(context, move)))
    for fewer in range(sets, 0, -1):
        found: list[Move] = []
        for move in main:
            shorter = _with_sets(context, move, phase, fewer)
            if len(found) < most and sum(one.seconds for one in found) + shorter.seconds <= limit:
                found.append(shorter)
        legs = phase not in ONE_LEG_PHASES or any(is_one_leg(context, one) for one in found)
        if found and ((legs and len(found) >= min(2, len(main))) or fewer == 1):
            return _in_order(found)
    return ()


def _in_order(moves: Sequence[Move]) -> tuple[Move, ...]:
    order = {"prep": 0, "activation": 1, "strength": 2, "mobility": 3, "cool_down": 4}
    return tuple(sorted(moves, key=lambda one: order[one.block]))


def is_one_leg(context: Context, move: Move) -> bool:
    """Say whether a move is done on one side at a time."""
    return context.known.exercises[move.exercise].laterality == "unilateral"


def is_plyometric(context: Context, move: Move) -> bool:
    """Say whether a move is a jump or landing."""
    return context.known.exercises[move.exercise].kind == "plyometric"


def _with_sets(context: Context, move: Move, phase: PhaseName, sets: int) -> Move:
    if move.sets <= sets:
        return move
    return scaled(move, sets, context.known.exercises[move.exercise], context.rules)


def bare_version(context: Context, moves: Sequence[Move], phase: PhaseName) -> tuple[Move, ...]:
    """Return the session with moves that need nothing but what stands in a home."""
    found: list[Move] = []
    for move in moves:
        exercise = context.known.exercises[move.exercise]
        other = _household(context, exercise, phase, gentle=move.block != "strength" and phase != "P1")
        if other is None or any(one.exercise == other.id for one in found):
            continue
        gentle = move.block not in ("strength",) and not (phase == "P1" and move.block == "activation")
        ask = Ask(
            move.block,
            phase,
            sets=move.sets,
            gentle=gentle or library_dose(other, phase) is None,
            bare=True,
            rpe_most=move.rpe[1],
            why=(*move.why[:1], context.rules.why("week_plan", "household")) if other is not exercise else move.why[:1],
        )
        made = make_move(context, other, ask)
        if made is not None:
            found.append(made)
    if phase in ONE_LEG_PHASES and not any(one.block == "strength" and is_one_leg(context, one) for one in found):
        extra = _one_leg_move(context, moves, found, phase)
        work = [one for one in found if one.block in ("activation", "strength")]
        if extra and len(work) >= sum(one.block in ("activation", "strength") for one in moves):
            found.remove(work[-1])  # in the place of another one
        found += extra
    budget = max(sum(move.seconds for move in moves), context.traits.minutes * _MINUTE)
    while sum(move.seconds for move in found) > budget:
        two_legs = [one for one in found if not (one.block == "strength" and is_one_leg(context, one))]
        found.remove((two_legs or found)[-1])
    return _in_order(found)


def _one_leg_move(context: Context, moves: Sequence[Move], found: Sequence[Move], phase: PhaseName) -> list[Move]:
    """Return a one-leg move that needs nothing and is easy for the phase or known to the person."""
    taken = {one.exercise for one in (*moves, *found)}
    met = {name for name, _ in context.history.bouts}
    most = entry(context, phase)
    fitting = [
        one
        for one in context.known.exercises.values()
        if one.laterality == "unilateral"
        and one.kind in ("strength", "functional", "core")
        and one.id not in taken
        and (one.id in met or one.difficulty <= most)
        and needs_nothing(one, context.known)
        and is_possible(context, one)
        and not resting(context, one.id)
        and library_dose(one, phase) is not None
    ]
    hard = {m for one in moves if one.hard for m in context.known.exercises[one.exercise].muscles.primary}
    fitting.sort(key=lambda one: (not set(one.muscles.primary) <= hard, one.difficulty, one.id))
    if not fitting:
        return []
    why = (context.rules.why("week_plan", "household"), context.rules.why("week_plan", "one_leg"))
    made = make_move(context, fitting[0], Ask("strength", phase, bare=True, why=why))
    return [] if made is None else [made]


def _household(context: Context, exercise: Exercise, phase: PhaseName, *, gentle: bool) -> Exercise | None:
    """Return the exercise itself when it needs nothing, else the nearest allowed one that does not."""
    seen: set[str] = set()
    breaks = context.known.rules["week_plan"].lists["breaks_only"]
    while exercise.id not in seen:
        seen.add(exercise.id)
        fits = needs_nothing(exercise, context.known) and is_possible(context, exercise) and exercise.id not in breaks
        dosed = gentle or library_dose(exercise, phase) is not None or "P1" in exercise.doses
        if fits and dosed and not resting(context, exercise.id) and exercise.kind != "plyometric":
            return exercise
        if exercise.no_equipment_variant is None:
            return _alike(context, exercise, phase)
        exercise = context.known.exercises[exercise.no_equipment_variant]
    return None


def _alike(context: Context, exercise: Exercise, phase: PhaseName) -> Exercise | None:
    """Return the easiest move for the same muscle that needs nothing."""
    alike = [
        one
        for one in context.known.exercises.values()
        if one.muscles.primary == exercise.muscles.primary
        and one.difficulty <= exercise.difficulty
        and one.kind in ("activation", "strength", "functional", "core")
        and needs_nothing(one, context.known)
        and is_possible(context, one)
        and not resting(context, one.id)
        and (library_dose(one, phase) is not None or "P1" in one.doses)
    ]
    return min(alike, key=lambda one: (one.difficulty, one.id), default=None)


def minimum_version(context: Context, moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return one set of the first main moves, three to five minutes in all; it counts as a session (R043)."""
    limit = context.rules.pair("session_shape", "minimum_session")[1] * _MINUTE
    found: list[Move] = []
    for move in moves:
        if move.block not in ("activation", "strength") or is_plyometric(context, move):
            continue
        one = scaled(move, 1, context.known.exercises[move.exercise], context.rules)
        if sum(other.seconds for other in found) + one.seconds <= limit:
            found.append(one)
    return tuple(found)


def within_caps(sessions: Sequence[Session], caps: Mapping[str, int], rules: Rulebook) -> list[Session]:
    """Return the sessions with no more hard sets in their versions without equipment than the week may hold.

    A stand-in may train another muscle than the move it replaces, so its week is counted on its own.
    """
    left, exercises = dict(caps), rules.known.exercises
    kept: dict[tuple[str, str], Move] = {}

    def take(session: Session, move: Move, most: int) -> bool:
        before = kept.get((session.id, move.exercise))
        muscles = exercises[move.exercise].muscles.primary if move.hard else ()
        sets = min([most, *(left.get(muscle, most) for muscle in muscles)])
        if sets < 1:
            return False
        total = sets + (before.sets if before is not None else 0)
        kept[session.id, move.exercise] = scaled(move, total, exercises[move.exercise], rules)
        left.update({muscle: left[muscle] - sets for muscle in muscles if muscle in left})
        return True

    ordered = sorted(sessions, key=lambda one: one.day)
    for session in ordered:  # what needs one leg is the last to go, in every session
        main = [one for one in session.bare if one.block == "strength"]
        one_leg = [one for one in main if exercises[one.exercise].laterality == "unilateral"]
        if one_leg and not any(take(session, move, 1) for move in one_leg):
            easy = _eased(one_leg[0], rules)
            kept[session.id, easy.exercise] = scaled(easy, 1, exercises[easy.exercise], rules)
    for session in ordered:
        for move in session.bare:
            before = kept.get((session.id, move.exercise))
            if before is None or before.hard == move.hard:
                take(session, move, move.sets - (before.sets if before is not None else 0))
    return [
        session.model_copy(
            update={
                "bare": tuple(
                    kept[session.id, move.exercise] for move in session.bare if (session.id, move.exercise) in kept
                )
            }
        )
        for session in ordered
    ]


def _eased(move: Move, rules: Rulebook) -> Move:
    """Return a move as easy practice, which counts as no hard set."""
    most = rules.whole("weekly_volume", "daily_rpe_max")
    return move.model_copy(update={"hard": False, "rpe": (min(move.rpe[0], most), min(move.rpe[1], most)), "rir": None})
