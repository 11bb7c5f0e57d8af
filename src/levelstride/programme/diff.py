"""Why it exists: what is different between two programmes, as data - moves, sides, doses, walking, days, phase.

A dose is compared by the most that one session of the week holds of each of its parts; how often a move comes in the
week is compared on its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from levelstride.journal.bodies import Side
from levelstride.library.schema.exercises import Counted
from levelstride.programme.model import Move, Programme

ChangeKind = Literal["phase", "added", "gone", "more", "less", "moved", "kept", "other"]
What = Literal[
    "phase",
    "easy_week",
    "sessions",
    "walking",
    "day",
    "move",
    "times",
    "counts",
    "sets",
    "amount",
    "hold_s",
    "band",
    "load_kg",
]
Value = str | float | date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different, or a move that stayed as it was (``kept``).

    Attributes
    ----------
    exercise, side : str or None
        None where no exercise is meant, and where both sides change alike or the move has no sides.
    what : str
        What is compared: ``walking`` in minutes a week, ``day`` of a session, ``amount`` per set, ...
    counts : str or None
        What ``amount`` counts.
    session : str or None
        Id of a session that was moved.
    """

    kind: ChangeKind
    what: What
    exercise: str | None = None
    side: Side | None = None
    before: Value = None
    now: Value = None
    counts: Counted | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class _Most:
    """The most that one session of a week holds of one move on one side."""

    counts: Counted
    times: int
    sets: int
    amount: int
    hold_s: int | None
    band: int | None
    load_kg: float | None


_Key = tuple[str, Side | None]


def diff(before: Programme, now: Programme) -> tuple[Change, ...]:
    """Return what is different, the phase first, then the week, then the moves in the order they come.

    Parameters
    ----------
    before, now : Programme
        Two weeks, or the same week as it was issued before and as it is now.
    """
    return (*_of_the_week(before, now), *_moved(before, now), *_of_the_moves(before, now))


def _of_the_week(before: Programme, now: Programme) -> Iterator[Change]:
    if before.phase != now.phase:
        yield Change("phase", "phase", before=before.phase, now=now.phase)
    if before.easy_week != now.easy_week:
        yield Change("less" if now.easy_week else "more", "easy_week")
    yield from _compared("sessions", _sessions(before), _sessions(now))
    yield from _compared("walking", _walking(before), _walking(now))


def _sessions(programme: Programme) -> float:
    """Return the sessions with moves; a walk alone is counted in minutes, a small extra not at all."""
    return float(sum(bool(session.moves) and not session.extra for session in programme.sessions))


def _walking(programme: Programme) -> float:
    walks = (session.walk for session in programme.sessions if not session.extra)
    return float(sum(walk.minutes for walk in walks if walk is not None))


def _moved(before: Programme, now: Programme) -> Iterator[Change]:
    days = {session.id: session.day for session in before.sessions}
    for session in now.sessions:
        then = days.get(session.id, session.day)
        if then != session.day:
            yield Change("moved", "day", before=then, now=session.day, session=session.id)


def _of_the_moves(before: Programme, now: Programme) -> Iterator[Change]:
    old, new = _week(before), _week(now)
    had = dict.fromkeys(exercise for exercise, _ in old)
    have = dict.fromkeys(exercise for exercise, _ in new)
    yield from (Change("added", "move", exercise) for exercise in have if exercise not in had)
    yield from (Change("gone", "move", exercise) for exercise in had if exercise not in have)
    for exercise in have:
        if exercise in had:
            yield from _both_sides(exercise, _sides(exercise, old), _sides(exercise, new))


def _week(programme: Programme) -> dict[_Key, _Most]:
    """Return each move on each side with the most one session holds, in the order they first come."""
    found: dict[_Key, _Most] = {}
    for session in programme.sessions:
        seen: set[_Key] = set()
        for move in session.moves:
            for side, most in _doses(move):
                key = (move.exercise, side)
                found[key] = _joined(found.get(key), most, again=key not in seen)
                seen.add(key)
    return found


def _doses(move: Move) -> Iterator[tuple[Side | None, _Most]]:
    for dose in move.doses:
        yield dose.side, _Most(move.counts, 1, dose.sets, dose.amount, dose.hold_s, dose.band, dose.load_kg)


def _joined(before: _Most | None, now: _Most, *, again: bool) -> _Most:
    if before is None:
        return now
    same = before.counts == now.counts  # what counts something else cannot be compared
    return _Most(
        counts=before.counts,
        times=before.times + again,
        sets=max(before.sets, now.sets),
        amount=max(before.amount, now.amount) if same else before.amount,
        hold_s=_larger(before.hold_s, now.hold_s),
        band=_larger(before.band, now.band),
        load_kg=max((one for one in (before.load_kg, now.load_kg) if one is not None), default=None),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _sides(exercise: str, week: dict[_Key, _Most]) -> dict[Side | None, _Most]:
    return {side: most for (name, side), most in week.items() if name == exercise}


def _both_sides(exercise: str, old: dict[Side | None, _Most], new: dict[Side | None, _Most]) -> Iterator[Change]:
    """Give the changes of one move; what is alike on both sides is said once, without a side."""
    found = {side: list(_one_side(exercise, side, old, new)) for side in new}
    gone = [Change("gone", "move", exercise, side) for side in old if side not in new]
    sides = list(found)
    if set(sides) == {"left", "right"} and set(old) == {"left", "right"}:
        left, right = ([_without_side(one) for one in found[side]] for side in sides)
        yield from (one for one in left if one in right)
        for side, mine, other in ((sides[0], left, right), (sides[1], right, left)):
            yield from (change for change, plain in zip(found[side], mine, strict=True) if plain not in other)
    else:
        yield from (change for side in sides for change in found[side])
    yield from gone


def _without_side(change: Change) -> Change:
    return Change(change.kind, change.what, change.exercise, None, change.before, change.now, change.counts)


def _one_side(
    exercise: str, side: Side | None, old: dict[Side | None, _Most], new: dict[Side | None, _Most]
) -> Iterator[Change]:
    now, before = new[side], old.get(side)
    if before is None:
        yield Change("added", "move", exercise, side)
        return
    changes = list(_dose_changes(exercise, side, before, now))
    yield from changes or [Change("kept", "move", exercise, side)]


def _dose_changes(exercise: str, side: Side | None, before: _Most, now: _Most) -> Iterator[Change]:
    yield from _compared("times", before.times, now.times, exercise, side)
    yield from _compared("sets", before.sets, now.sets, exercise, side)
    if before.counts == now.counts:
        yield from _compared("amount", before.amount, now.amount, exercise, side, now.counts)
    else:
        yield Change("other", "counts", exercise, side, before.counts, now.counts)
    yield from _compared("hold_s", before.hold_s, now.hold_s, exercise, side)
    yield from _compared("band", before.band, now.band, exercise, side)
    yield from _compared("load_kg", before.load_kg, now.load_kg, exercise, side)


def _compared(
    what: What,
    before: float | None,
    now: float | None,
    exercise: str | None = None,
    side: Side | None = None,
    counts: Counted | None = None,
) -> Iterator[Change]:
    """Give a change of a number; no load and no band are less than any."""
    if before != now:
        kind: ChangeKind = "more" if (now or 0) > (before or 0) else "less"
        yield Change(kind, what, exercise, side, before, now, counts)
