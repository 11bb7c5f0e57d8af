"""Why it exists: puts jumps and landings into a session of phase P5, with the landings counted over the week."""

import math
from datetime import timedelta

from levelstride.programme.candidates import is_possible, resting
from levelstride.programme.context import Context
from levelstride.programme.model import WEEK, Dose, Move, Programme
from levelstride.programme.moves import Ask, make_move, scaled


def contacts(move: Move) -> int:
    """Return the landings of a move, both feet counted apart only when each side has its own sets."""
    return sum(dose.sets * dose.amount for dose in move.doses)


def contacts_of(programme: Programme, context: Context) -> int:
    """Return the landings planned in a week."""
    return sum(
        contacts(move)
        for session in programme.sessions
        for move in session.moves
        if context.known.exercises[move.exercise].kind == "plyometric"
    )


def weekly_contacts(context: Context) -> int:
    """Return how many landings this week may hold: the low start, then a tenth more each week."""
    rules = context.rules
    last = contacts_of(context.last, context) if context.last is not None else 0
    if last == 0:
        return rules.wholes("plyometric_gate", "contacts_start")[0]
    return math.floor(last * (1 + rules.number("plyometric_gate", "contacts_step") / 100))


def with_hops(context: Context, main: tuple[Move, ...], place: int) -> tuple[Move, ...]:
    """Return the main moves with one kind of hop before them, in as many sessions a week as the rule allows."""
    hop = hop_move(context) if main and place < context.rules.whole("plyometric_gate", "per_week_max") else None
    return main if hop is None else (hop, *main)


def hop_move(context: Context) -> Move | None:
    """Return the hop of a session; None when none is open."""
    rules = context.rules
    most = rules.whole("plyometric_gate", "per_week_max")
    order = context.known.rules["plyometric_gate"].lists["order_of_change"]
    wanted = rules.whole("week_plan", "clean_to_open")
    open_ = [
        name for number, name in enumerate(order) if number == 0 or context.clean_sessions(order[number - 1]) >= wanted
    ]
    fitting = [
        name for name in open_ if is_possible(context, context.known.exercises[name]) and not resting(context, name)
    ]
    if not fitting or _hurt_lately(context):
        return None
    why = (rules.why("plyometric_gate", "open"),)
    move = make_move(context, context.known.exercises[fitting[-1]], Ask("strength", "P5", why=why))
    if move is None:
        return None
    hop = _within(move, weekly_contacts(context) // most)
    return scaled(hop, hop.sets, context.known.exercises[hop.exercise], rules)


def _hurt_lately(context: Context) -> bool:
    """Say whether anything hurt more than hops allow in the last week."""
    most = context.rules.number("plyometric_gate", "pain_max")
    since = context.history.since(context.today - timedelta(days=WEEK))
    return any((session.pain or 0) > most for session in since)


def hop_seconds(context: Context) -> int:
    """Return the time that hops need in a session; 0 when none are open."""
    hop = hop_move(context)
    return 0 if hop is None else hop.seconds


def _within(move: Move, most: int) -> Move:
    """Return a hop with no more landings than ``most``: fewer sets first, then fewer in a set."""
    sides = len(move.doses)
    sets = max(1, min(move.sets, most // max(1, move.doses[0].amount * sides)))
    amount = max(1, min(move.doses[0].amount, most // (sets * sides)))
    doses = tuple(_dose(dose, sets, amount) for dose in move.doses)
    return move.model_copy(update={"doses": doses})


def _dose(dose: Dose, sets: int, amount: int) -> Dose:
    return dose.model_copy(update={"sets": sets, "amount": min(dose.amount, amount), "top": min(dose.top, amount)})
