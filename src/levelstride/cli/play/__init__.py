"""Why it exists: ``levelstride session`` - plays today's session with sound and writes down what was done.

Only what the options need is imported here; the rest waits until a session is played.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.session import JournalOption, LanguageOption, UnitsOption, check_words, open_session
from levelstride.cli.session import Session as Book
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.cli.talk import Talk
    from levelstride.coaching.script import Version
    from levelstride.programme.day import Day
    from levelstride.programme.model import Session


def play(
    short: Annotated[bool, typer.Option("--short", help="The version of ten minutes or less.")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="The version that needs no equipment.")] = False,
    only_print: Annotated[bool, typer.Option("--print", help="Only print the session, and write nothing.")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="Make no sound.")] = False,
    speed: Annotated[float, typer.Option("--speed", min=0.1, max=1000, help="Run the clock faster, to try it.")] = 1.0,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Do today's session: what to do, with a beat, breath and countdown. Each set is written down when it is done.

    Leave at any time and go on later the same day. In a pipe, keys work only where the session waits.
    """
    check_words(language, units)
    if short and bare:
        raise InputError("--short and --bare are two versions.", "Use one of them.")
    version: Version = "short" if short else "bare" if bare else "full"
    with open_session(journal, create=False) as book:
        if only_print:
            _print(book, version, language, units)
        else:
            _play(book, version, language, units, speed=speed, silent=silent)


def _play(
    book: Book, version: "Version", language: str | None, units: str | None, *, speed: float, silent: bool
) -> None:
    from levelstride.cli.play.before import ask_before
    from levelstride.cli.play.keys import Clock, Console, TerminalKeys
    from levelstride.cli.play.player import play_session
    from levelstride.cli.play.sound import speaker
    from levelstride.cli.talk import BackError, PausedError, Talk

    phrases, clock, keys = book.phrases(language, units), Clock(speed), TerminalKeys()
    talk = Talk(phrases)
    _today(book)  # before anything is asked: whether there is a plan, and nothing stops the person
    try:
        if not ask_before(Console(talk, keys, clock), book):  # first: the day decides what is left of the session
            return
    except (PausedError, BackError):
        talk.heading("play_not_begun")
        return
    _tell_notices(book, talk)
    session = todays_session(book)
    _check_version(session, version)
    play_session(
        session,
        book,
        phrases,
        book.known,
        version=version,
        clock=clock,
        keys=keys,
        speaker=speaker(silent=silent),
    )


def _print(book: Book, version: "Version", language: str | None, units: str | None) -> None:
    from levelstride.coaching.script import lines, script
    from levelstride.programme.rulebook import Rulebook

    session = todays_session(book)
    _check_version(session, version)
    for line in lines(
        script(session, book.known, Rulebook(book.known), version=version), book.phrases(language, units)
    ):
        typer.echo(line)


def _check_version(session: "Session", version: "Version") -> None:
    from levelstride.coaching.script import versions

    if version not in versions(session):
        raise InputError(f"Today's session has no --{version} version.", "Leave the option out.")


def todays_session(book: Book) -> "Session":
    """Return the session of today that comes next: one that was begun, else the first that is not done.

    Raises
    ------
    InputError
        If there is none today; the message says what to do.
    """
    day = _today(book)
    events = [one.body for one in book.state.sessions if one.at.date() == day.day]
    ended = {one.session for one in events if one.event == "ended"}  # a walk has no sets that would show it
    left = [one for one in day.sessions if one.id not in ended]
    if not left:
        says = f" The next session is on {day.next_day}." if day.next_day is not None else ""
        raise InputError(f"Nothing is left to do today.{says}", "To see why, run: levelstride today --why")
    begun = {one.session for one in events}
    return min(left, key=lambda one: (one.id not in begun, one.kind == "tests", one.optional))


def _today(book: Book) -> "Day":
    from levelstride.cli.programme.today import check_day
    from levelstride.programme.day import day_plan
    from levelstride.programme.plan import open_week
    from levelstride.screening.decision import Permit
    from levelstride.screening.findings import find
    from levelstride.screening.safety import decide

    now = book.now()
    permit = Permit(decide(book.state, book.known, now))
    programme = open_week(book.state, now.date())
    if programme is None:
        raise InputError("There is no plan for this week yet.", "Run: levelstride plan")
    found = find(book.state, book.known, now.date())
    day = day_plan(permit, programme, book.state, book.known, now, findings=found)
    check_day(book, permit, programme, day)
    return day


def _tell_notices(book: Book, talk: "Talk") -> None:
    from levelstride.programme.sayings import notice_lines

    for line in notice_lines(_today(book).notices, talk.phrases):
        talk.say(line.text, indent="  ")
