"""Why it exists: ``levelstride plan`` - the open week, made once and kept; its reasons, changes and calendar file."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.session import (
    JournalOption,
    JsonOption,
    LanguageOption,
    Session,
    UnitsOption,
    check_words,
    open_session,
)
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.cli.talk import Talk
    from levelstride.programme.model import Programme
    from levelstride.screening.sayings import Phrases

WhyOption = Annotated[bool, typer.Option("--why", help="Say the reason of every part: rule, case, journal entries.")]


def plan(
    why: WhyOption = False,
    again: Annotated[
        bool, typer.Option("--again", help="Solve the open week anew, after changed wishes or results.")
    ] = False,
    changes: Annotated[bool, typer.Option("--diff", help="Only say what is different from the week before.")] = False,
    weeks_ahead: Annotated[
        int, typer.Option("--weeks-ahead", min=0, max=1, help="1 = show how the week after may look.")
    ] = 0,
    ics: Annotated[Path | None, typer.Option("--ics", help="Also write a calendar file (iCalendar).")] = None,
    without_tests: Annotated[
        bool, typer.Option("--without-tests", help="Begin with easy practice before any test was done.")
    ] = False,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show your week. It is made once, kept in the journal, and made anew when the next one begins.

    Exit status 5 = something must be settled first; no plan is shown.
    """
    from levelstride.cli.programme.week import (
        make_week,
        open_or_make,
        permit_or_stop,
        print_lines,
        tell_limits,
        with_moves,
    )
    from levelstride.cli.talk import Talk
    from levelstride.programme.sayings import programme_lines

    check_words(language, units)
    if ics is not None and ics.suffix.lower() != ".ics":
        raise InputError(f"{ics} does not end in .ics.", "Name a file as plan.ics.")
    with open_session(journal, create=False) as session:
        phrases = session.phrases(language, units)
        talk = Talk(phrases)
        permit = permit_or_stop(session, talk, as_json=as_json)
        if without_tests:
            _note_without_tests(session)
        shown, written = open_or_make(session, permit, again=again)
        if weeks_ahead:
            following = make_week(session, permit, shown.starts_on + timedelta(days=7 * weeks_ahead))
        programme = following if weeks_ahead else shown
        count = _write_calendar(ics, session, phrases) if ics is not None else 0
        if as_json:
            typer.echo(json.dumps(_plain(session, programme, shown), ensure_ascii=False, indent=2))
            return
        if changes:
            _print_changes(talk, session, programme, shown)
        else:
            moved, _ = with_moves(session, programme)
            tell_limits(talk, session.state)
            print_lines(talk, programme_lines(moved, phrases, why=why, state=session.state))
            _print_end(talk, programme, written=written, again=again, ahead=bool(weeks_ahead))
        if ics is not None:
            talk.say()
            talk.heading("plan_calendar_written", count=count, name=str(ics))


def _note_without_tests(session: Session) -> None:
    """Write down, once, that the person begins without tests."""
    from levelstride.journal.bodies import Override

    wish = Override(by="user", action="choose", target="start_without_tests", value=True)
    if not any(one.body == wish for one in session.state.overrides):
        session.write(wish)


def _print_end(talk: "Talk", programme: "Programme", *, written: bool, again: bool, ahead: bool) -> None:
    moves = [move.exercise for session in programme.sessions for move in session.moves]
    talk.say()
    if moves:
        talk.say(f"{talk.phrases.heading('plan_read_move')} levelstride library show {moves[0]}")
    if ahead:
        talk.heading("plan_preview")
    elif written:
        talk.heading("plan_issued")
    elif again:
        talk.heading("plan_unchanged")
    talk.heading("wellness_notice")


def before(session: Session, programme: "Programme", shown: "Programme") -> "Programme | None":
    """Return what a week is compared with: the week shown before it, or the same week as it was issued before."""
    from levelstride.cli.programme.week import issued_weeks

    if programme != shown:
        return shown
    others = [one for one, _ in issued_weeks(session)]
    while others and others[-1] == programme:
        others.pop()
    return others[-1] if others else None


def _print_changes(talk: "Talk", session: Session, programme: "Programme", shown: "Programme") -> None:
    from levelstride.cli.programme.week import print_lines
    from levelstride.programme.diff import diff
    from levelstride.programme.diff_sayings import change_lines

    talk.title(talk.phrases.heading("plan_diff"))
    earlier = before(session, programme, shown)
    if earlier is None:
        talk.heading("plan_diff_first")
        return
    print_lines(talk, change_lines(diff(earlier, programme), talk.phrases, programme.sessions))


def _plain(session: Session, programme: "Programme", shown: "Programme") -> dict[str, Any]:
    from dataclasses import asdict

    from levelstride.cli.programme.week import with_moves
    from levelstride.programme.diff import diff

    earlier = before(session, programme, shown)
    days = {one.id: one.day for one in programme.sessions}
    moved, _ = with_moves(session, programme)
    changed = [] if earlier is None else [asdict(change) for change in diff(earlier, programme)]
    found = {
        "may_start": True,
        "issued": programme == shown,
        "programme": programme.model_dump(mode="json"),
        "moved": {one.id: one.day for one in moved.sessions if one.day != days[one.id]},
        "changes": changed,
    }
    return json.loads(json.dumps(found, default=str))  # type: ignore[no-any-return]


def _write_calendar(path: Path, session: Session, phrases: "Phrases") -> int:
    """Write the weeks that are not over; returns how many events there are.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    from levelstride.cli.programme.week import issued_weeks, with_moves
    from levelstride.exchange.calendar import calendar
    from levelstride.journal.entry import local_zone

    weeks = issued_weeks(session)
    if weeks:
        moved, at = with_moves(session, weeks[-1][0])
        weeks += [(moved, max(at, weeks[-1][1]))] if at is not None else []
    best = session.state.value("intake/best_time")
    since = weeks[-1][0].starts_on if weeks else None
    best_time = best if isinstance(best, str) else None
    content = calendar(weeks, phrases, zone=local_zone(), best_time=best_time, since=since)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder or name.") from error
    return content.count(b"BEGIN:VEVENT")
