"""Why it exists: ``levelstride today`` - what is to be done today, after pain, how the day is, and level."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.programme.plan import WhyOption
from levelstride.cli.session import JournalOption, JsonOption, LanguageOption, UnitsOption, check_words, open_session
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.cli.session import Session
    from levelstride.cli.talk import Talk
    from levelstride.journal.state import State
    from levelstride.programme.day import Day
    from levelstride.programme.model import Programme
    from levelstride.programme.sayings import Version
    from levelstride.screening.decision import Permit


#: What must be told before a session, by ``Day.asks``.
_ASKS = {"check_in": "plan_ask_check_in", "next_morning": "plan_ask_morning"}


def today(
    short: Annotated[bool, typer.Option("--short", help="The version of ten minutes or less.")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="The version that needs no equipment.")] = False,
    why: WhyOption = False,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is planned for today. On a rest day it says what comes next, and when.

    Exit status 5 = something must be settled first; no plan is shown.
    """
    from levelstride.cli.programme.week import open_or_make, permit_or_stop, with_moves
    from levelstride.cli.talk import Talk
    from levelstride.programme.day import day_plan

    check_words(language, units)
    if short and bare:
        raise InputError("--short and --bare are two versions.", "Use one of them.")
    version: Version = "short" if short else "bare" if bare else "full"
    with open_session(journal, create=False) as session:
        talk = Talk(session.phrases(language, units))
        permit = permit_or_stop(session, talk, as_json=as_json)
        week, _ = open_or_make(session, permit)
        day = day_plan(permit, week, session.state, session.known, session.now())
        check_day(session, permit, week, day)
        if as_json:
            typer.echo(json.dumps(_plain(day, week), ensure_ascii=False, indent=2, default=str))
            return
        moved, _ = with_moves(session, week)
        _print(talk, day, moved, session.state, version, why=why)


def check_day(session: "Session", permit: "Permit", week: "Programme", day: "Day") -> None:
    """Ask for the second opinion on every session of the day.

    Raises
    ------
    BrokenRuleError
        If one breaks a rule.
    """
    from levelstride.cli.programme.week import BrokenRuleError
    from levelstride.programme.validator import validate_session

    broken = [
        f"{found.rule} / {found.case}"
        for one in day.sessions
        for found in validate_session(
            one, week, session.state, session.known, now=session.now(), decision=permit.decision
        ).violations
    ]
    if broken:
        raise BrokenRuleError(broken)


def _print(talk: "Talk", day: "Day", week: "Programme", state: "State", version: "Version", *, why: bool) -> None:
    from levelstride.cli.programme.week import print_lines, tell_limits
    from levelstride.programme.sayings import day_text, notice_lines, session_lines

    phrases = talk.phrases
    talk.title(phrases.heading("plan_today", date=day_text(day.day, phrases)))
    if day.colour != "green" and (state.sets or state.walks or state.pain or state.soreness):
        talk.heading("plan_colour", name=phrases.heading(f"level_{day.colour}").lower())
    tell_limits(talk, state)
    print_lines(talk, notice_lines(day.notices, phrases, state=state if why else None))
    if all(one.extra for one in day.sessions):  # a break from sitting makes no rest day a training day
        talk.heading("plan_today_none")
        _print_next(talk, day, week)
    for one in day.sessions:
        talk.say()
        print_lines(talk, session_lines(one, phrases, version=version, why=why, state=state))
    _print_asks(talk, day)
    moves = [move.exercise for one in day.sessions for move in one.moves]
    if moves:
        talk.say()
        talk.say(f"{phrases.heading('plan_read_move')} levelstride library show {moves[0]}")
    talk.heading("wellness_notice")


def _print_next(talk: "Talk", day: "Day", week: "Programme") -> None:
    """Say what comes next in this week, and when; after its last session, when the next one is made."""
    from levelstride.programme.sayings import day_text, session_title

    if day.next_day is None:
        talk.heading("plan_next_open")
        return
    titles = [session_title(one, talk.phrases) for one in week.sessions if one.day == day.next_day and not one.extra]
    talk.heading("plan_next", date=day_text(day.next_day, talk.phrases), name="; ".join(titles))


def _print_asks(talk: "Talk", day: "Day") -> None:
    if day.asks and not all(one.extra for one in day.sessions):
        talk.title(talk.phrases.heading("plan_asks"))
        for one in day.asks:
            talk.say(talk.phrases.heading(_ASKS[one]), indent="  ")


def _plain(day: "Day", week: "Programme") -> dict[str, Any]:
    return {
        "may_start": True,
        "day": day.day.isoformat(),
        "colour": day.colour,
        "sessions": [one.model_dump(mode="json") for one in day.sessions],
        "minimum": {id: [move.model_dump(mode="json") for move in moves] for id, moves in day.minimum.items()},
        "notices": [one.model_dump(mode="json") for one in day.notices],
        "asks": list(day.asks),
        "programme": week.id,
        "next_day": None if day.next_day is None else day.next_day.isoformat(),
    }
