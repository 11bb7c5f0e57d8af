"""Why it exists: what a person types after ``levelstride log`` - names, amounts with units, days - or why it cannot be.

A wrong name is answered with the names near to it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from levelstride.cli.talk import parse_number
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.journal.bodies import Body, Side
    from levelstride.library.knowledge import Knowledge
    from levelstride.screening.sayings import Phrases

    B = TypeVar("B", bound=Body)

_KG = {"kg": 1.0, "lb": 0.45359237, "lbs": 0.45359237}
_METRES = {"km": 1000.0, "mi": 1609.344, "m": 1.0, "ft": 0.3048}
_MINUTES = {"min": 1.0, "h": 60.0}
_AMOUNT = re.compile(r"^([-−+]?[\d.,]+)\s*([a-z]*)$")
_NEAR = 5


def one_of(typed: str, names: Mapping[str, Iterable[str]], what: str) -> str:
    """Return the id for a typed id or name; case, spaces and underscores do not matter.

    Raises
    ------
    InputError
        If there is none; the line names those near to it.
    """
    from difflib import get_close_matches

    spoken = {_plain(text): id for id, texts in names.items() for text in texts}
    spoken |= {_plain(id): id for id in names}
    found = spoken.get(_plain(typed))
    if found is not None:
        return found
    near = get_close_matches(_plain(typed), spoken, n=_NEAR, cutoff=0.5)
    near += [text for text in spoken if _plain(typed) and _plain(typed) in text]
    ids = list(dict.fromkeys(spoken[text] for text in near))[:_NEAR]
    few = sorted(names) if len(names) <= 20 else []
    line = f"Use one of: {', '.join(ids or few)}." if ids or few else "levelstride library lists them all."
    raise InputError(f"No {what} {typed!r}.", line)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[_\W]+", " ", text.casefold()).split())


def exercise_of(typed: str, phrases: "Phrases") -> str:
    """Return the id of an exercise, by its id, its name or another name it has."""
    names = {
        id: (one.name, phrases.say(one.name), *one.aliases, *map(phrases.say, one.aliases))
        for id, one in phrases.known.exercises.items()
    }
    return one_of(typed, names, "exercise")


def place_of(typed: str, phrases: "Phrases") -> str:
    """Return the id of a place of the body."""
    places = phrases.known.intake.places
    return one_of(typed, {id: (one.label, phrases.say(one.label)) for id, one in places.items()}, "place")


def sides_of(typed: str | None, *, sided: bool, name: str) -> "tuple[Side | None, ...]":
    """Return the sides meant; ``both`` gives two.

    Raises
    ------
    InputError
        If a side is missing, or given where there is none.
    """
    if typed is None:
        if sided:
            raise InputError(f"{name} has two sides.", "Add --side left, --side right or --side both.")
        return (None,)
    if not sided:
        raise InputError(f"{name} has no sides.", "Leave out --side.")
    chosen = one_of(typed, {"left": (), "right": (), "both": ()}, "side")
    return ("left", "right") if chosen == "both" else (cast("Side", chosen),)


def kg_of(typed: str | None, phrases: "Phrases") -> float | None:
    """Return a load in kg; without a unit the person's own."""
    return _amount(typed, _KG, "lb" if phrases.units == "imperial" else "kg", "load", "5kg or 11lb")


def metres_of(typed: str | None) -> float | None:
    """Return a distance in metres; it needs a unit, because a bare number may mean two things."""
    return _amount(typed, _METRES, None, "distance", "2km, 1.5mi or 800m")


def minutes_of(typed: str | None) -> float | None:
    """Return minutes; without a unit they are minutes."""
    return _amount(typed, _MINUTES, "min", "time", "25 or 25min")


def _amount(typed: str | None, units: Mapping[str, float], own: str | None, what: str, example: str) -> float | None:
    if typed is None:
        return None
    parts = _AMOUNT.match(typed.strip().casefold())
    number = parse_number(parts.group(1)) if parts is not None else None
    unit = (parts.group(2) or own) if parts is not None else None
    if number is None or number <= 0 or unit is None or unit not in units:
        raise InputError(f"{typed!r} is no {what}.", f"Type it as {example}.")
    return round(number * units[unit], 4)


def day_of(typed: str, what: str = "day") -> date:
    """Return a day.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InputError(f"{typed!r} is no {what}.", "Type it as 2026-05-31.") from None


def end_of_day(day: date) -> datetime:
    """Return the midnight that ends a day in this place."""
    return datetime.combine(day + timedelta(days=1), time()).astimezone()


def moment_of(typed: datetime | None, now: datetime) -> datetime:
    """Return when something happened: ``now``, or the time given.

    Raises
    ------
    InputError
        If it lies in the future.
    """
    if typed is None:
        return now
    at = typed.astimezone()
    if at > now:
        raise InputError(f"{typed:%Y-%m-%d %H:%M} lies in the future.", "Give a time that has been.")
    return at


def body_of(kind: "type[B]", **fields: object) -> "B":
    """Make the body of an entry; a value that cannot be is told in one line.

    Raises
    ------
    InputError
        Names the option and what is wrong with it.
    """
    from pydantic import ValidationError

    try:
        return kind.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(step) for step in first["loc"]).replace("_", " ") or "The entry"
        raise InputError(f"{name}: {first['input']!r} cannot be.", f"{first['msg']}.") from None


def faults_of(typed: Iterable[str], reps: int | None, known: "Knowledge") -> dict[str, int]:
    """Return in how many repetitions each fault was seen, from ``ID=NUMBER``; never in more than were done."""
    found = {}
    for one in typed:
        name, _, number = one.partition("=")
        fault = one_of(name, {key: (fault.name,) for key, fault in known.faults.items()}, "fault")
        if not number.strip().isdecimal():
            raise InputError(f"{one} says not in how many repetitions.", f"Type it as {fault}=3.")
        if int(number) > (reps or 0):
            raise InputError(f"{int(number)} of {reps or 0} cannot be.", "Give --reps, and no more with a fault.")
        found[fault] = int(number)
    return found


def pain_kind_of(typed: str, known: "Knowledge") -> str:
    """Return a kind of pain: one of the intake's, or one that makes any number red."""
    from levelstride.programme.history import SHARP

    asked = next(one for one in known.intake.place_details if one.id == "kind")
    return one_of(typed, dict.fromkeys((*asked.options, *sorted(SHARP)), ()), "kind of pain")
