"""Why it exists: the command that plays today's session, from plan to journal."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from levelstride.cli.errors import in_one_line
from levelstride.cli.play import play
from levelstride.cli.play.keys import Clock as PlayClock
from levelstride.cli.play.keys import TerminalKeys
from levelstride.cli.session import open_session
from levelstride.journal.bodies import Answer, Answers, Override
from levelstride.programme.history import read_history
from levelstride.programme.plan import issue, plan
from levelstride.screening.decision import Permit
from levelstride.screening.findings import find
from levelstride.screening.safety import decide
from tests.cli.play_driver import KNOWN, nobody, start_of
from tests.cli.screen_driver import Person, plain, unfinished, walk_through

# ---------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def planned(answered: Path) -> Path:
    """Return a journal with an issued week whose first training day is today."""
    with open_session(answered) as book:
        now = book.now()
        book.write(Override(by="user", action="choose", target="start_without_tests", value=True))
        found = find(book.state, KNOWN, now.date())
        week = plan(Permit(decide(book.state, KNOWN, now)), book.state, found, KNOWN, now)
        book.write(issue(week))
    return answered


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Return a way to run the command with somebody at it."""
    app = typer.Typer()
    app.command()(in_one_line(play))
    monkeypatch.setattr("tests.cli.screen_driver.app", app)

    def run(journal: Path, *options: str, answers: dict[str, str | list[str]] | None = None) -> tuple[int, str]:
        says = {start_of(key): answer for key, answer in (answers or {}).items()}
        fast = ["--silent", "--speed", "1000", "--journal", str(journal), *options]
        return walk_through(fast, Person(says, nobody))

    return run


def test_the_command_plays_todays_session_and_keeps_it(planned: Path, command: Callable[..., tuple[int, str]]) -> None:
    status, told = command(planned, answers={"play_ask_sleep_hours": "8", "play_ask_pain": "0"})
    assert status == 0, told
    with open_session(planned) as book:
        (done,) = read_history(book.state).sessions
        assert done.ended
        assert done.check_in is not None
        assert done.check_in.sleep_hours == 8
        assert {bout.side for bout in done.bouts if bout.exercise == "clamshell"} == {"left", "right"}
        assert all(bout.pain == 0 for bout in done.bouts)
    assert unfinished(told) == []
    status, told = command(planned)
    assert status == 0, told
    with open_session(planned) as book:  # the person sits for long: the break of the day comes last
        assert [one.session for one in read_history(book.state).sessions][1:] == ["2026-09-14-desk_break"]
    status, told = command(planned)
    assert status == 2
    assert "Nothing is left to do today" in plain(told)


def test_the_command_prints_a_session_and_writes_nothing(
    planned: Path, command: Callable[..., tuple[int, str]]
) -> None:
    status, told = command(planned, "--print")
    assert status == 0, told
    assert KNOWN.exercises["clamshell"].stop_if in plain(told)
    with open_session(planned) as book:
        assert (book.state.sets, book.state.sessions, book.state.check_ins) == ((), (), ())


def test_the_command_says_what_to_do_without_a_plan(answered: Path, command: Callable[..., tuple[int, str]]) -> None:
    status, told = command(answered)
    assert status == 2
    assert "levelstride plan" in plain(told)
    status, told = command(answered.with_name("nothing.db"))
    assert status == 2
    assert "levelstride screen" in plain(told)


def test_the_command_refuses_two_versions_at_once(planned: Path, command: Callable[..., tuple[int, str]]) -> None:
    assert command(planned, "--short", "--bare")[0] == 2


def test_being_unwell_ends_the_command_before_a_session_begins(
    planned: Path, command: Callable[..., tuple[int, str]]
) -> None:
    status, told = command(planned, answers={"play_ask_unwell": "1"})
    assert status == 0, told
    with open_session(planned) as book:
        assert (book.state.sets, book.state.sessions) == ((), ())
        assert book.state.check_ins[0].body.unwell is True


def test_a_warning_sign_stops_the_command(planned: Path, command: Callable[..., tuple[int, str]]) -> None:
    with open_session(planned) as book:
        book.write(Answers(given=(Answer(question="red_flags/ce_saddle", value=True),)))
    status, told = command(planned)
    assert status == 5
    assert "levelstride screen" in plain(told)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_keys_typed_at_a_terminal_reach_a_running_set(monkeypatch: pytest.MonkeyPatch) -> None:
    person, terminal = os.openpty()
    with os.fdopen(terminal, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        keys = TerminalKeys()
        assert keys.live
        os.write(person, b"p\n")
        assert keys.within(60, PlayClock()) == "p\n"
        begin = time.monotonic()
        assert keys.within(20, PlayClock(speed=100)) is None  # faster clock, shorter wait
        assert 0.1 < time.monotonic() - begin < 10
    os.close(person)
