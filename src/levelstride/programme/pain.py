"""Why it exists: pain overrides everything - the colour of each move, of walking and of the person, and flare-ups.

Rules ``pain_colours``, ``next_morning`` and ``flare_up``. What nobody said is never green. Sessions of one day share
the morning after it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Literal, NamedTuple

from levelstride.journal.bodies import Pain, Side, Walk
from levelstride.journal.state import Logged, State
from levelstride.programme.history import SHARP, Bout, Done, History, Morning, is_usual
from levelstride.programme.model import WEEK, Why
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.soreness import Flare as Flare
from levelstride.programme.soreness import Red, read_flare, read_referrals, read_soreness, read_stops, read_unwell
from levelstride.programme.soreness import Sore as Sore

Colour = Literal["green", "amber", "red", "black"]
#: Rising.
COLOURS: tuple[Colour, ...] = ("green", "amber", "red", "black")
Key = tuple[str, Side | None]
_DAY = timedelta(days=1)


def worst(*colours: Colour) -> Colour:
    """Return the highest of some colours; green of none."""
    return max(colours, key=COLOURS.index, default="green")


@dataclass(frozen=True)
class MoveColour:
    """Colour of one move or of walking; ``rest_until`` = first day on which a red one may be done again.

    Amber with a ``rest_until`` was red: its rest is over, and it comes back easier.
    """

    colour: Colour
    why: tuple[Why, ...]
    rest_until: date | None = None


@dataclass(frozen=True)
class PainView:
    """What pain, soreness and signs allow today; ``why`` = reasons of ``colour``."""

    colour: Colour
    moves: Mapping[Key, MoveColour]
    walk: MoveColour
    flare: Flare | None
    soreness: Sore
    stop: tuple[Why, ...]
    refer: tuple[Why, ...]
    unwell: tuple[Why, ...]
    why: tuple[Why, ...] = ()


class _Limits(NamedTuple):
    green_max: float
    amber_max: float
    rest: timedelta


@dataclass(frozen=True, slots=True)
class _Found:
    """One case that holds, and the day on which it was told."""

    colour: Colour
    rule: str
    case: str
    day: date
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """Something said outside a bout; exercise None = about no move."""

    exercise: str | None
    side: Side | None
    found: _Found


# ------------------------------------------------------------------------------------------------------ one bout


def bout_colour(bout: Bout, session: Done, rules: Rulebook, now: datetime) -> MoveColour:
    """Return the colour of one bout by its own pain and its next morning, whatever came later.

    ``session`` holds all bouts that share the morning: where several sessions of one day count, one of :func:`by_day`.
    """
    limits = _limits(rules)
    return _colour(_of_bout(bout, session, limits, now.date()), limits, rules)


def by_day(history: History) -> tuple[Done, ...]:
    """Return the sessions of each day as one, with the morning after it; mornings of sore muscles only are usual."""
    sore = {one.at.date() for one in history.soreness if one.body.score > 0}
    groups: dict[date, list[Done]] = {}
    for session in history.sessions:
        groups.setdefault(session.day, []).append(session)
    days = []
    for day in sorted(groups):
        morning = _merge_mornings([one.morning for one in groups[day] if one.morning is not None])
        if morning is not None and _is_muscle(morning.worst, morning.at, sore):
            morning = replace(morning, usual=True)
        bouts = tuple(bout for one in groups[day] for bout in one.bouts)
        days.append(replace(groups[day][-1], bouts=bouts, morning=morning))
    return tuple(days)


def _merge_mornings(mornings: list[Morning]) -> Morning | None:
    if len(mornings) < 2:
        return mornings[0] if mornings else None
    up = [one for one in mornings if not one.usual]
    named = bool(up) and all(one.exercises for one in up)
    return Morning(
        at=max(one.at for one in mornings),
        usual=not up,
        worst=max(one.worst for one in mornings),
        exercises=frozenset(name for one in up for name in one.exercises) if named else frozenset(),
        entries=tuple(dict.fromkeys(entry for one in mornings for entry in one.entries)),
    )


def _is_muscle(score: float, at: datetime, sore: set[date]) -> bool:
    return score == 0 and at.date() in sore


def _limits(rules: Rulebook) -> _Limits:
    hours = rules.pair("pain_colours", "rest_red")[1]
    green, amber = rules.number("pain_colours", "green_max"), rules.number("pain_colours", "amber_max")
    return _Limits(green, amber, _DAY * ceil(timedelta(hours=hours) / _DAY))


def _band(score: float | None, sharp: bool, day: date, entries: tuple[str, ...], limits: _Limits) -> _Found:
    if sharp:
        return _Found("red", "pain_colours", "red_sharp", day, entries)
    if score is None:
        return _Found("amber", "pain_colours", "unknown", day, entries)
    if score > limits.amber_max:
        return _Found("red", "pain_colours", "red_high", day, entries)
    if score > limits.green_max:  # what lies between the bands is not green
        return _Found("amber", "pain_colours", "amber", day, entries)
    return _Found("green", "pain_colours", "green", day, entries)


def _of_bout(bout: Bout, session: Done, limits: _Limits, today: date) -> list[_Found]:
    found = [_band(bout.pain, bout.sharp, bout.day, bout.entries, limits)]
    if bout.fell:
        found.append(_Found("red", "stop_signs", "fall_ok", bout.day, bout.entries))
    morning = session.morning
    if morning is None:
        if today > session.day:
            found.append(_Found("amber", "next_morning", "no_answer", session.day, ()))
    elif not morning.usual and _is_meant(morning, bout, session):
        found.append(_Found("red", "pain_colours", "red_morning", morning.at.date(), morning.entries))
    return found


def _is_meant(morning: Morning, bout: Bout, session: Done) -> bool:
    """Say whether a bad morning is about this bout: named, else painful or not rated, else every one."""
    if morning.exercises:
        return bout.exercise in morning.exercises
    painful = any(one.pain for one in session.bouts)
    return not painful or bout.pain is None or bout.pain > 0


def _colour(found: Iterable[_Found], limits: _Limits, rules: Rulebook) -> MoveColour:
    kept = list(found)
    colour = worst(*(one.colour for one in kept))
    shown = [one for one in kept if one.colour == colour]
    until = max(one.day for one in shown) + _DAY + limits.rest if colour == "red" else None
    return MoveColour(colour, _reasons(shown, rules), until)


def _reasons(found: Iterable[_Found], rules: Rulebook) -> tuple[Why, ...]:
    entries: dict[tuple[str, str], list[str]] = {}
    for one in found:
        entries.setdefault((one.rule, one.case), []).extend(one.entries)
    return tuple(rules.why(rule, case, *ids) for (rule, case), ids in entries.items())


def _today(latest: list[_Found], red: list[_Found], limits: _Limits, rules: Rulebook, today: date) -> MoveColour:
    """Return the colour today: red while a rest lasts, amber after it until it is done again."""
    resting = [one for one in red if one.day + _DAY + limits.rest > today]
    now = _colour([*latest, *resting], limits, rules)
    return replace(now, colour="amber") if now.colour == "red" and not resting else now


# ---------------------------------------------------------------------------------------------------- the person


def read_pain(history: History, state: State, rules: Rulebook, now: datetime) -> PainView:
    """Return what pain allows today (``history`` as read until ``now``).

    The person's colour is the worst of the moves of the last day with a session, of a walk that is red, of what was
    said today, and of the trend. With nothing done it is amber without a reason: nobody said that it is good.
    """
    limits, today = _limits(rules), now.date()
    days = by_day(history)
    bouts = [(done, bout, _of_bout(bout, done, limits, today)) for done in days for bout in done.bouts]
    walks = list(_walk_days(history, days, limits, today))
    told = [*_told(history, state, limits, now), *_stray_mornings(days)]
    moves = _moves(bouts, told, limits, rules, today)
    walk = _walk(walks, limits, rules, today)
    reds = list(_reds([*((done.day, found) for done, _, found in bouts), *walks]))
    reds += [Red(one.found.day, one.found.day, one.found.entries) for one in told if one.found.colour == "red"]
    flare, starts = read_flare(reds, _green_days(bouts, today), rules, today)
    stop, refer = read_stops(state, rules, now)
    last = {(bout.exercise, bout.side) for bout in days[-1].bouts} if days else set()
    parts = [moves[key] for key in moves if key in last] or [MoveColour("amber", ())]
    parts += [walk] if walk.colour == "red" else []
    parts += [_colour([one.found], limits, rules) for one in told if one.found.day == today]
    parts += _trend(history, limits, rules, today)
    colour: Colour = "black" if stop else worst(*(one.colour for one in parts))
    return PainView(
        colour=colour,
        moves=moves,
        walk=walk,
        flare=flare,
        soreness=read_soreness(history, rules, now),
        stop=stop,
        refer=(*refer, *read_referrals(reds, starts, flare, rules, today)),
        unwell=read_unwell(state, rules, now),
        why=stop or _joined(why for one in parts if one.colour == colour for why in one.why),
    )


def week_trend(history: History, today: date) -> tuple[float | None, float | None]:
    """Return the worst pain told in the 7 days before today, and in the 7 before those; None = nothing said."""
    week = _DAY * WEEK
    told = list(_scores(history))
    return (
        max((score for day, score, _ in told if today - week <= day < today), default=None),
        max((score for day, score, _ in told if today - 2 * week <= day < today - week), default=None),
    )


def _scores(history: History) -> Iterator[tuple[date, float, tuple[str, ...]]]:
    for session in history.sessions:
        yield from ((bout.day, bout.pain, bout.entries) for bout in session.bouts if bout.pain is not None)
    for walk in history.walks:
        if walk.body.worst_pain is not None:
            yield walk.at.date(), walk.body.worst_pain, (walk.id,)
    for one in history.pain:
        yield one.at.date(), one.body.score, (one.id,)


def _trend(history: History, limits: _Limits, rules: Rulebook, today: date) -> list[MoveColour]:
    """Return a rise from the week before, while it stands: red during its rest, then amber.

    What stays green does not count as a rise: from 0 to 1 nothing has come back that the plan should answer.
    """
    this, before = week_trend(history, today)
    if this is None or before is None:
        return []
    line = max(before + rules.number("pain_colours", "week_rise"), limits.green_max)
    if this <= line:
        return []
    above = [(day, entries) for day, score, entries in _scores(history) if score > line]
    found = [
        _Found("red", "pain_colours", "red_trend", day, entries)
        for day, entries in above
        if today - _DAY * WEEK <= day < today
    ]
    return [_today(found, found, limits, rules, today)]


# ---------------------------------------------------------------------------------------------- moves and walking


def _told(history: History, state: State, limits: _Limits, now: datetime) -> Iterator[_Told]:
    """Give what was said besides sets that were done: pain, sets skipped in pain, events in a move."""
    for one in history.pain:
        if one.body.when not in ("next_morning", "worst_week"):
            found = _band(one.body.score, _is_sharp(one.body), one.at.date(), (one.id,), limits)
            yield _Told(one.body.exercise, one.body.side, found)
    for skipped in state.sets:
        body, sharp = skipped.body, skipped.body.pain_kind in SHARP
        if body.skipped and skipped.at <= now and (body.pain is not None or sharp):
            yield _Told(body.exercise, body.side, _band(body.pain, sharp, skipped.at.date(), (skipped.id,), limits))
    for event in state.incidents:
        if event.body.exercise is not None and event.at <= now:
            found = _Found("red", "stop_signs", "fall_ok", event.at.date(), (event.id,))
            yield _Told(event.body.exercise, None, found)


def _is_sharp(pain: Pain) -> bool:
    return pain.quality in SHARP or bool(pain.gives_way)


def _stray_mornings(days: Iterable[Done]) -> Iterator[_Told]:
    """Give the moves that a bad morning names although they were not done the day before."""
    for done in days:
        if done.morning is None or done.morning.usual:
            continue
        for name in sorted(done.morning.exercises - {bout.exercise for bout in done.bouts}):
            day = done.morning.at.date()
            yield _Told(name, None, _Found("red", "pain_colours", "red_morning", day, done.morning.entries))


def _moves(
    bouts: Iterable[tuple[Done, Bout, list[_Found]]],
    told: Iterable[_Told],
    limits: _Limits,
    rules: Rulebook,
    today: date,
) -> dict[Key, MoveColour]:
    latest: dict[Key, tuple[date, list[_Found]]] = {}
    red: dict[Key, list[_Found]] = {}
    for done, bout, found in bouts:
        key = bout.exercise, bout.side
        earlier = latest.get(key)
        latest[key] = done.day, [*(earlier[1] if earlier is not None and earlier[0] == done.day else ()), *found]
        red.setdefault(key, []).extend(one for one in found if one.colour == "red")
    for one in told:
        if one.exercise is None or one.found.colour == "green":
            continue  # what is said beside a bout can make it worse, never better
        for key in _keys(one.exercise, one.side, latest):
            day, found = latest.setdefault(key, (one.found.day, []))
            if one.found.day >= day:
                found.append(one.found)
            red.setdefault(key, []).extend([one.found] if one.found.colour == "red" else [])
    ordered = sorted(latest, key=lambda key: (key[0], key[1] or ""))
    return {key: _today(latest[key][1], red.get(key, []), limits, rules, today) for key in ordered}


def _keys(exercise: str, side: Side | None, known: Iterable[Key]) -> list[Key]:
    """Return the moves that a word about an exercise concerns: without a side all its sides, also those never done."""
    done = [key[1] for key in known if key[0] == exercise]
    both = [None] if None in done or not done else []
    sides: list[Side | None] = ["left", "right"] if side is None and done != [None] else [side]
    return [(exercise, one) for one in dict.fromkeys([*both, *sides])]


def _walk_days(
    history: History, days: Iterable[Done], limits: _Limits, today: date
) -> Iterator[tuple[date, list[_Found]]]:
    """Give each day with a walk, and what was said about it and the morning after."""
    mornings = {done.day: done.morning for done in days}
    walked: dict[date, list[Logged[Walk]]] = {}
    for walk in history.walks:
        walked.setdefault(walk.at.date(), []).append(walk)
    mornings = {**_mornings_after_walks(history, sorted({*mornings, *walked})), **mornings}
    for day in sorted(walked):
        found = [_band(one.body.worst_pain, False, day, (one.id,), limits) for one in walked[day]]
        morning = mornings.get(day)
        if morning is None:
            found += [_Found("amber", "next_morning", "no_answer", day, ())] if today > day else []
        elif not morning.usual and not morning.exercises:
            found.append(_Found("red", "pain_colours", "red_morning", morning.at.date(), morning.entries))
        yield day, found


def _mornings_after_walks(history: History, active: list[date]) -> dict[date, Morning | None]:
    """Return what was said, about no move, after each day with a walk or a session, up to the next such day."""
    sore = {one.at.date() for one in history.soreness if one.body.score > 0}
    answers: dict[date, list[Logged[Pain]]] = {}
    for one in history.pain:
        number = bisect_left(active, one.at.date())
        if number and one.body.when == "next_morning" and one.body.exercise is None:
            answers.setdefault(active[number - 1], []).append(one)
    found: dict[date, Morning | None] = {}
    for day, said in answers.items():
        up = [one for one in said if not is_usual(one.body) and not _is_muscle(one.body.score, one.at, sore)]
        ids = tuple(one.id for one in up or said)
        found[day] = Morning(said[-1].at, not up, max(one.body.score for one in said), frozenset(), ids)
    return found


def _walk(walks: list[tuple[date, list[_Found]]], limits: _Limits, rules: Rulebook, today: date) -> MoveColour:
    if not walks:
        return MoveColour("amber", ())
    red = [one for _, found in walks for one in found if one.colour == "red"]
    return _today(walks[-1][1], red, limits, rules, today)


# -------------------------------------------------------------------------------------------------- red and green


def _reds(told: Iterable[tuple[date, list[_Found]]]) -> Iterator[Red]:
    """Give the reds of each day; a day that was red and the bad morning after it are one red."""
    days: dict[date, list[_Found]] = {}
    for day, found in told:
        days.setdefault(day, []).extend(one for one in found if one.colour == "red")
    for day, found in days.items():
        during = any(one.case != "red_morning" for one in found)
        yield from (Red(day if during else one.day, one.day, one.entries) for one in found)


def _green_days(bouts: Iterable[tuple[Done, Bout, list[_Found]]], today: date) -> set[date]:
    """Return the past days whose every bout was green, the morning after included."""
    green: dict[date, bool] = {}
    for done, _, found in bouts:
        green[done.day] = green.get(done.day, True) and all(one.colour == "green" for one in found)
    return {day for day, is_green in green.items() if is_green and day < today}


def _joined(reasons: Iterable[Why]) -> tuple[Why, ...]:
    """Return one reason for each case, with the entries of all."""
    found: dict[tuple[str, str], Why] = {}
    for why in reasons:
        key = why.rule, why.case
        before = found[key].entries if key in found else ()
        found[key] = why.model_copy(update={"entries": tuple(dict.fromkeys((*before, *why.entries)))})
    return tuple(found.values())
