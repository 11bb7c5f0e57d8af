"""Why it exists: what stands around the week - easy weeks, a day that matters, breaks in sitting, things to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean

from levelstride.programme.context import Context
from levelstride.programme.history import Done, days_between
from levelstride.programme.model import WEEK, Breaks, Event, Why


@dataclass(frozen=True)
class Pace:
    """Whether this is an easy week, why, and until which day nothing hard is done (None = no such day)."""

    easy: bool
    why: tuple[Why, ...]
    notices: tuple[Why, ...]
    event: Event | None
    rest_from: date | None = None
    rest_to: date | None = None


def find_pace(context: Context, starts_on: date) -> Pace:
    """Return how this week is paced: an event, a chosen easy week, an offer of one."""
    event, rest = find_event(context, starts_on)
    rules, choices = context.rules, context.choices
    if event is not None and event.part in ("taper", "event_week", "recover"):
        return Pace(True, event.why, (), event, *rest)
    chosen = choices.options.get("easy_week")
    if chosen is not None and chosen.value is True:
        return Pace(True, (rules.why("own_choices", "chosen", chosen.entry),), (), event, *rest)
    offer = None if context.pain.flare is not None else deload_offer(context, starts_on)
    refused = choices.options.get("no_easy_week")
    if offer is not None and refused is not None and refused.value is True:
        return Pace(False, (), (rules.why("deload", "refused", refused.entry),), event, *rest)
    return Pace(False, (), (offer,) if offer is not None else (), event, *rest)


def deload_offer(context: Context, starts_on: date) -> Why | None:
    """Return the offer of an easy week, from signs or after some weeks of training; None without one."""
    rules = context.rules
    signs = list(_signs(context))
    if len(signs) >= rules.whole("deload", "signs_needed"):
        return rules.why("deload", "early", *(entry for entries in signs for entry in entries))
    easy = [one for one in context.before if one.easy_week]
    since = easy[-1].starts_on + timedelta(days=WEEK) if easy else context.started_on
    low, high = rules.wholes("deload", "offer_weeks")
    week = days_between(since, starts_on) // WEEK + 1
    return rules.why("deload", "planned") if low <= week <= high else None


def _signs(context: Context) -> Iterable[tuple[str, ...]]:
    """Give the signs of the rule ``deload`` that hold, each with the entries it rests on."""
    rules, sessions = context.rules, context.history.sessions
    last = [one for one in sessions if one.day > context.today - timedelta(days=WEEK)]
    before = [
        one
        for one in sessions
        if context.today - timedelta(days=2 * WEEK) < one.day <= context.today - timedelta(days=WEEK)
    ]
    if _mean_effort(last, before, rules.number("deload", "rpe_rise")):
        yield _entries(last)
    now, then = _mean_quality(last), _mean_quality(before)
    if now is not None and then is not None and then - now >= rules.number("deload", "quality_drop"):
        yield _entries(last)
    short = [
        one
        for one in context.history.check_ins
        if one.at.date() > context.today - timedelta(days=WEEK)
        and one.body.sleep_hours is not None
        and one.body.sleep_hours < rules.number("deload", "sleep_short")
    ]
    if len({one.at.date() for one in short}) >= rules.whole("deload", "sleep_nights"):
        yield tuple(one.id for one in short)
    long = [
        one
        for one in context.history.soreness
        if one.at.date() > context.today - timedelta(days=WEEK)
        and one.body.score > 0
        and (one.body.hours_since or 0) > rules.number("deload", "soreness_long")
    ]
    if long:
        yield tuple(one.id for one in long)


def _mean_effort(last: list[Done], before: list[Done], rise: float) -> bool:
    """Say whether the same work felt harder: the mean rise of effort over moves done with the same load."""
    then = {(b.exercise, b.side, b.load_kg, b.band): b.rpe for one in before for b in one.bouts if b.rpe is not None}
    rises = [
        b.rpe - then[key]
        for one in last
        for b in one.bouts
        if b.rpe is not None and (key := (b.exercise, b.side, b.load_kg, b.band)) in then
    ]
    return bool(rises) and mean(rises) >= rise


def _mean_quality(sessions: list[Done]) -> float | None:
    found = [bout.quality for one in sessions for bout in one.bouts if bout.quality is not None]
    return mean(found) if found else None


def _entries(sessions: list[Done]) -> tuple[str, ...]:
    return tuple(bout.entries[-1] for one in sessions for bout in one.bouts if bout.entries)[-3:]


def find_event(context: Context, starts_on: date) -> tuple[Event | None, tuple[date | None, date | None]]:
    """Return the day the person trains for, and the days before it without hard sets."""
    rules = context.rules
    chosen = context.choices.options.get("event")
    value = None if chosen is None else chosen.value
    if chosen is None or not isinstance(value, dict):
        return None, (None, None)
    day = date.fromisoformat(str(value["day"]))
    name = str(value.get("name") or "")
    quiet = (day - timedelta(days=rules.whole("event_plan", "rest_before")), day)
    end = starts_on + timedelta(days=WEEK)
    weeks_named = days_between(chosen.at.date(), day) // WEEK
    if day < starts_on:
        over = days_between(day, starts_on) > rules.whole("event_plan", "recover") * WEEK
        case = "over" if over else "recover"
    elif day < end:
        case = "event_week"
    elif day < end + timedelta(days=WEEK * rules.whole("event_plan", "taper")):
        case = "taper"
    elif weeks_named < rules.whole("event_plan", "build_min"):
        case = "too_close"
    else:
        case = "build"
    if case == "over":
        return None, (None, None)
    why = (rules.why("event_plan", case, chosen.entry),)
    return Event(name=name, day=day, part=case, why=why), quiet


def find_breaks(context: Context) -> Breaks | None:
    """Return breaks in sitting for a person who sits for long or asks for them; None for others."""
    rules = context.rules
    pointed = next((one for one in context.traits.pointed if one.family.case == "long_sitting"), None)
    persona, chosen = context.traits.persona, context.choices.options.get("desk_break")
    asked = chosen is not None and chosen.value is True
    if pointed is None and persona not in ("sedentary", "office", "desk_athlete") and not asked:
        return None
    if chosen is not None and chosen.value is False:  # reminders may be turned off
        return None
    why = [rules.why("finding_to_exercise", "long_sitting", *pointed.entries)] if pointed is not None else []
    if persona in ("sedentary", "office", "desk_athlete"):
        why.append(rules.why("plan_personas", persona))
    if asked and chosen is not None:
        why.append(rules.why("own_choices", "chosen", chosen.entry))
    hurts = context.pain.colour in ("amber", "red") and bool(context.pain.why)
    if hurts:
        why.append(rules.why("sitting_breaks", "pain"))
    return Breaks(
        every_min=rules.whole("sitting_breaks", "prompt_every"),
        walk_min=rules.wholes("sitting_breaks", "walk"),
        chair_stands=rules.wholes("sitting_breaks", "chair_stands"),
        walk_only=hurts,
        why=tuple(why),
    )
