"""Why it exists: ``levelstride log wish`` and ``log coach`` - what is chosen by hand, checked before it is kept."""

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.programme.told import keep, writing
from levelstride.cli.session import JournalOption, LanguageOption, Session, UnitsOption
from levelstride.errors import InputError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from levelstride.programme.model import Programme
    from levelstride.screening.sayings import Phrases

_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UntilOption = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day on which it holds.")
]


def wish(
    action: Annotated[str, typer.Argument(help="swap, skip, move, without or choose.")],
    target: Annotated[str, typer.Argument(help="An exercise, a session, a piece of equipment, or an option.")],
    value: Annotated[str | None, typer.Argument(help="The other exercise, the new day, or what is chosen.")] = None,
    until: UntilOption = None,
    reason: Annotated[str | None, typer.Option("--reason", help="In your own words.")] = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down a wish of your own: another exercise, another day, an option of the plan.

    Options of choose: hops, maintenance, twice_daily, ramp, easy_week, no_easy_week, start_without_tests, stretching,
    pre_run, warmup_insert, desk_break (yes or no), persona, warm_up_minutes, days (mon,wed,fri),
    event ("Name 2026-10-31"), p1_mode = how the moves of the first phase are done (isometric, short_hold, rhythmic or
    none).
    """
    from levelstride.cli.programme.typed import body_of, end_of_day, one_of
    from levelstride.journal.bodies import Override
    from levelstride.programme.choices import USER_ACTIONS

    asked = one_of(action, dict.fromkeys(USER_ACTIONS, ()), "action")
    with writing(journal, language, units) as (opened, talk):
        named, chosen = _wish(asked, target, value, opened, talk.phrases)
        today = opened.now().date()
        last = until.date() if until is not None else today if asked == "without" else None
        _not_over(last, today)
        body = body_of(
            Override,
            by="user",
            action=asked,
            target=named,
            value=chosen,
            reason=reason,
            until=None if last is None else end_of_day(last),
        )
        keep(opened, talk, [body])
        if asked not in ("move", "without"):  # these are followed on the day itself
            talk.heading("plan_again_hint")


def _wish(action: str, target: str, value: str | None, session: Session, phrases: "Phrases") -> "tuple[str, JsonValue]":
    """Return target and value of a wish as they are kept."""
    from levelstride.cli.programme.typed import exercise_of, one_of

    if action == "swap":
        if value is None:
            raise InputError("Swap it for what?", "Name the other exercise too.")
        return exercise_of(target, phrases), exercise_of(value, phrases)
    if action == "move":
        return _move(target, value, session)
    if action == "choose":
        return _option(target, value, phrases)
    if value is not None:
        raise InputError(f"{value!r} has no place here.", f"Type only: levelstride log wish {action} {target}")
    if action == "without":
        things = phrases.known.vocabulary.equipment
        return one_of(
            target, {id: (one.label, phrases.say(one.label)) for id, one in things.items()}, "equipment"
        ), None
    week = _week(session)
    planned = {one.id for one in week.sessions} if week is not None else set()
    return (target if target in planned else exercise_of(target, phrases)), None


def _move(target: str, value: str | None, session: Session) -> "tuple[str, JsonValue]":
    """Return a session of the open week and its new day, which must lie in that week too."""
    from levelstride.cli.programme.typed import day_of, one_of
    from levelstride.programme.model import WEEK

    if value is None:
        raise InputError("Move it to which day?", "Add the day, as 2026-05-31.")
    day = day_of(value)
    _not_over(day, session.now().date())
    week = _week(session)
    if week is None or not week.sessions:
        raise InputError("There is no open week.", "Type: levelstride plan")
    named = one_of(target, {one.id: () for one in week.sessions}, "session in the open week")
    last = week.starts_on + timedelta(days=WEEK - 1)
    if day > last:
        raise InputError(f"{day} lies after the open week.", f"Choose a day up to {last}.")
    return named, day.isoformat()


def _week(session: Session) -> "Programme | None":
    from levelstride.programme.plan import open_week

    return open_week(session.state, session.now().date())


def _option(target: str, value: str | None, phrases: "Phrases") -> "tuple[str, JsonValue]":
    """Return an option of the plan with its value; without a value, a switch is turned on."""
    from levelstride.cli.programme.typed import minutes_of, one_of
    from levelstride.programme.choices import OPTIONS
    from levelstride.programme.levels import P1_MODES

    name = one_of(target, dict.fromkeys(OPTIONS, ()), "option")
    needs = {
        "persona": "which one",
        "event": "name and day",
        "warm_up_minutes": "how many minutes",
        "days": "which days",
        "p1_mode": f"which one: {', '.join(P1_MODES)}, or none",
    }
    if name in needs and value is None:
        raise InputError(f"{name} needs a value.", f"Say {needs[name]}.")
    if name == "persona":
        personas = phrases.known.rules["plan_personas"].lists["personas"]
        return name, one_of(value or "", dict.fromkeys((*personas, "none"), ()), "persona")
    if name == "p1_mode":
        mode = one_of(value or "", dict.fromkeys((*P1_MODES, "none"), ()), "mode of the first phase")
        return name, None if mode == "none" else mode
    if name == "event":
        return name, _event(value or "")
    if name == "warm_up_minutes":
        return name, minutes_of(value)
    if name == "days":
        return name, _days(value or "")
    return name, _switch(value)


def _switch(value: str | None) -> bool:
    if value is None or value.casefold() in _YES:
        return True
    if value.casefold() in _NO:
        return False
    raise InputError(f"{value!r} is neither yes nor no.", "Type yes or no.")


def _event(typed: str) -> "JsonValue":
    """Read ``Name 2026-10-31`` or the same as JSON."""
    from levelstride.cli.programme.typed import day_of

    if typed.lstrip().startswith("{"):
        try:
            given = json.loads(typed)
            name, day = str(given["name"]), str(given["day"])
        except (ValueError, KeyError, TypeError):
            raise InputError("That is no event.", 'Type it as "Name 2026-10-31".') from None
    else:
        name, _, day = typed.rpartition(" ")
    if not name.strip():
        raise InputError("That is no event.", 'Type it as "Name 2026-10-31".')
    return {"name": name.strip(), "day": day_of(day, "day of an event").isoformat()}


def _days(typed: str) -> "JsonValue":
    """Read days of the week: names, or numbers from 0 = Monday."""
    found = set()
    for one in typed.replace(",", " ").split():
        name = one.casefold()[:3]
        if one.isdecimal() and int(one) < len(_WEEKDAYS):
            found.add(int(one))
        elif name in _WEEKDAYS:
            found.add(_WEEKDAYS.index(name))
        else:
            raise InputError(f"{one!r} is no day of the week.", "Type them as mon,wed,fri or as 0,2,4.")
    if not found:
        raise InputError("No day was named.", "Type them as mon,wed,fri or as 0,2,4.")
    return sorted(found)  # type: ignore[return-value]


def _not_over(day: date | None, today: date) -> None:
    if day is not None and day < today:
        raise InputError(f"{day.isoformat()} is over.", "Name today or a later day.")


def coach(
    action: Annotated[str, typer.Argument(help="pin, forbid, dose or gate.")],
    target: Annotated[str, typer.Argument(help="An exercise; for gate a phase (P1 to P5, maintenance).")],
    value: Annotated[str | None, typer.Argument(help="For gate: open or closed.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the choice.")] = "",
    side: Annotated[str | None, typer.Option("--side", help="For dose: left, right or both.")] = None,
    sets: Annotated[int | None, typer.Option("--sets", min=1, help="For dose.")] = None,
    amount: Annotated[int | None, typer.Option("--amount", min=1, help="For dose: how many in a set.")] = None,
    load: Annotated[str | None, typer.Option("--load", help="For dose: 5kg or 11lb.")] = None,
    band: Annotated[int | None, typer.Option("--band", min=1, max=5, help="For dose: level of the band.")] = None,
    hold: Annotated[int | None, typer.Option("--hold", min=1, help="For dose: seconds of each hold.")] = None,
    until: UntilOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down what a physio or coach decided, with the reason. Rules that protect come first all the same."""
    from levelstride.cli.programme.typed import body_of, end_of_day, exercise_of, kg_of, one_of, sides_of
    from levelstride.journal.bodies import Override
    from levelstride.programme.choices import COACH_ACTIONS, is_dose
    from levelstride.programme.model import PHASES

    asked = one_of(action, dict.fromkeys(COACH_ACTIONS, ()), "action")
    if not reason.strip():
        raise InputError("A choice of a physio or coach needs a reason.", "Add --reason.")
    with writing(journal, language, units) as (opened, talk):
        phrases = talk.phrases
        much = {"sets": sets, "amount": amount, "load_kg": kg_of(load, phrases), "band": band, "hold_s": hold}
        given = {name: one for name, one in much.items() if one is not None}
        _fits(asked, value, given, side)
        sided = None if side is None else sides_of(side, sided=True, name=target)
        chosen: JsonValue
        if asked == "gate":
            named = one_of(target, dict.fromkeys(PHASES, ()), "phase")
            chosen = one_of(value or "", {"open": (), "closed": ()}, "state of a phase")
        else:
            named = exercise_of(target, phrases)
            chosen = dict(given) or None
            if asked == "dose":
                limits = phrases.known.limits
                if not is_dose(chosen, limits):
                    most = f"A load ends at {limits['most_load'].number():g} kg."
                    raise InputError("No dose is like that.", f"Check the numbers and their units. {most}")
                exercise = phrases.known.exercises[named]
                sided = sides_of(side, sided=exercise.laterality == "unilateral", name=phrases.say(exercise.name))
        _not_over(until.date() if until is not None else None, opened.now().date())
        bodies = [
            body_of(
                Override,
                by="practitioner",
                action=asked,
                target=named,
                side=one,
                value=chosen,
                reason=reason.strip(),
                until=None if until is None else end_of_day(until.date()),
            )
            for one in sided or (None,)
        ]
        keep(opened, talk, bodies)
        talk.heading("plan_again_hint")


def _fits(action: str, value: str | None, dose: object, side: str | None) -> None:
    """Refuse what does not belong to an action, and a dose or gate that says nothing."""
    if action == "dose" and not dose:
        raise InputError("How much is it?", "Add --sets, --amount, --load, --band or --hold.")
    if action == "gate" and value is None:
        raise InputError("Is it open or closed?", "Type: levelstride log coach gate P3 open")
    if action != "dose" and (dose or side):
        raise InputError("--side and amounts belong to dose.", "Leave them out, or type dose.")
    if action != "gate" and value is not None:
        raise InputError(f"{value!r} has no place here.", "Amounts are options: --sets, --amount, --load, --band.")
