"""Why it exists: what ``plan`` and ``today`` share - the permit, the open week, and how a stop is told."""

import json
from typing import TYPE_CHECKING, Any

import typer

from levelstride.cli.session import Session
from levelstride.errors import LevelstrideError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from levelstride.cli.talk import Talk
    from levelstride.journal.state import State
    from levelstride.programme.model import Programme
    from levelstride.programme.sayings import Line
    from levelstride.screening.decision import Decision, Permit

#: Exit status of ``StoppedError``.
STOPPED = 5


class BrokenRuleError(LevelstrideError):
    """A plan that breaks a rule of the library is a mistake of this program: it is neither shown nor kept."""

    def __init__(self, rules: "Sequence[str]") -> None:
        named = ", ".join(dict.fromkeys(rules))
        super().__init__(
            f"The plan that was made breaks a rule ({named}), so it is not shown.",
            "Please report this. Your journal is as it was.",
        )


def permit_or_stop(session: Session, talk: "Talk", *, as_json: bool) -> "Permit":
    """Return the key to a programme; past a stop there is none, and nothing of a plan is shown.

    Raises
    ------
    typer.Exit
        After telling what stops the person.
    """
    from levelstride.screening.decision import Permit
    from levelstride.screening.safety import decide

    decision = decide(session.state, session.known, session.now())
    if decision.may_start:
        return Permit(decision)
    if as_json:
        typer.echo(json.dumps(stop_json(decision), ensure_ascii=False, indent=2, default=str))
    else:
        tell_stopped(talk, decision)
    raise typer.Exit(STOPPED)


def tell_stopped(talk: "Talk", decision: "Decision") -> None:
    """Say what stops the person; where only answers are missing, which command asks for them."""
    from levelstride.cli.screen.stopping import tell_stop

    if decision.level == "incomplete":
        talk.heading("not_all_answered")
        talk.heading("plan_unfinished")
    else:
        tell_stop(talk, decision)


def stop_json(decision: "Decision") -> dict[str, Any]:
    """Return what stops the person as plain data."""
    from dataclasses import asdict

    return {
        "may_start": False,
        "level": decision.level,
        "actions": sorted(decision.actions),
        "reasons": [asdict(reason) for reason in decision.stops],
        "missing": list(decision.missing),
    }


def make_week(session: Session, permit: "Permit", starts_on: "date | None" = None) -> "Programme":
    """Return the programme of the open week (or of that from ``starts_on``) as the journal stands; writes nothing.

    Raises
    ------
    BrokenRuleError
        If the second opinion finds a rule broken.
    """
    from levelstride.programme.plan import plan
    from levelstride.screening.findings import find

    now = session.now()
    found = find(session.state, session.known, now.date())
    made = plan(permit, session.state, found, session.known, now, starts_on=starts_on)
    return checked(session, permit, made)


def checked(session: Session, permit: "Permit", made: "Programme") -> "Programme":
    """Return a week after its second opinion, with what that one adds to be told."""
    from levelstride.programme.context import programmes
    from levelstride.programme.validator import validate

    before = tuple(programmes(session.state))
    verdict = validate(made, session.state, session.known, before=before, decision=permit.decision)
    if verdict.violations:
        raise BrokenRuleError([f"{one.rule} / {one.case}" for one in verdict.violations])
    told = {(one.rule, one.case) for one in made.notices}
    more = [one for one in verdict.notices if (one.rule, one.case) not in told]
    return made.model_copy(update={"notices": (*made.notices, *more)})


def open_or_make(session: Session, permit: "Permit", *, again: bool = False) -> "tuple[Programme, bool]":
    """Return the open week and whether it was written now: an issued week is shown, not solved anew.

    ``again``: solve the open week anew; it is written when it differs.
    """
    from levelstride.programme.plan import issue, open_week

    shown = open_week(session.state, session.now().date())
    if shown is not None and not again:
        return shown, False
    made = make_week(session, permit)
    if shown is not None and _content(made) == _content(shown):
        return shown, False
    session.write(issue(made))
    return made, True


def _content(programme: "Programme") -> dict[str, Any]:
    """Return what a person would see of a programme, without the fingerprint of what it was made from."""
    return {name: part for name, part in programme.content().items() if name not in ("id", "input_hash")}


def issued_weeks(session: Session) -> "list[tuple[Programme, datetime]]":
    """Return every programme that was issued and can be read here, in order."""
    from pydantic import ValidationError

    from levelstride.programme.model import read_programme

    found = []
    for one in session.state.programmes:
        try:
            found.append((read_programme(dict(one.body.content)), one.at))
        except ValidationError:  # of a newer version; it stays in the journal
            continue
    return found


def with_moves(session: Session, programme: "Programme") -> "tuple[Programme, datetime | None]":
    """Return a programme with its sessions on the days to which the person moved them, and when that was last done."""
    from levelstride.programme.choices import read_choices
    from levelstride.programme.rulebook import Rulebook

    rules = Rulebook(session.known)
    choices = read_choices(session.state, rules, session.now())
    chosen = [choices.moved[one.id] for one in programme.sessions if one.id in choices.moved]
    sessions = [
        one.model_copy(
            update={
                "day": choices.moved_to(one.id) or one.day,
                "why": (*one.why, rules.why("own_choices", "moved", choices.moved[one.id].entry)),
            }
        )
        if one.id in choices.moved
        else one
        for one in programme.sessions
    ]
    moved = programme.model_copy(update={"sessions": tuple(sessions)})
    return moved, max((one.at for one in chosen), default=None)


def print_lines(talk: "Talk", lines: "Iterable[Line]") -> None:
    """Print lines with their indents; a title gets a line of air before it."""
    for line in lines:
        if line.title:
            talk.title(line.text)
        else:
            talk.say(line.text, indent="  " * line.depth)


def tell_limits(talk: "Talk", state: "State") -> None:
    """Print the limits that a surgeon gave, in the person's own words, before anything else."""
    limits = state.value("intake/surgeon_limits")
    if isinstance(limits, str) and limits.strip():
        talk.say(talk.phrases.heading("plan_surgeon", name=limits.strip()), bold=True)
