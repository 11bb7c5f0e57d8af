"""Why it exists: ``plan`` and ``today`` show one week, made once, never past a stop, with reasons and changes."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.cli.programme.week import BrokenRuleError, checked
from levelstride.cli.session import open_session
from levelstride.journal.bodies import Answer, Answers, Override, SetDone
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.journal.entry import new_entry
from levelstride.journal.state import State, fold
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from levelstride.programme.model import read_programme
from levelstride.screening.decision import Permit
from levelstride.screening.safety import decide
from tests.cli.screen_driver import Clock, plain, texts, unfinished
from tests.screening.results import born

KNOWN = knowledge()
SAYS = texts()
COMMANDS = ("plan", "today")


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Print wide lines, at noon of one day."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def ready(answered: Path, clock: Clock) -> Path:
    """Return a journal of somebody harmless who begins without tests."""
    keep(answered, clock, Override(by="user", action="choose", target="start_without_tests", value=True))
    return answered


def keep(path: Path, clock: Clock, *bodies: object) -> None:
    with SqliteStore(path) as store:
        store.add([new_entry(body, at=clock(), zone="UTC") for body in bodies])  # type: ignore[arg-type]


def told(path: Path, *arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments), "--journal", str(path)])
    assert done.exit_code == status, done.output
    assert "--json" in arguments or not unfinished(done.output)
    return done.stdout


def data(path: Path, *arguments: object, status: int = 0) -> dict:
    return json.loads(told(path, *arguments, "--json", status=status))


def state(path: Path) -> State:
    with SqliteStore(path) as store:
        return fold(store.entries())


def names_in(text: str) -> set[str]:
    return {id for id, one in KNOWN.exercises.items() if plain(one.name) in plain(text)}


# ------------------------------------------------------------------------------------------------- stops


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["chest_pain", "ce_saddle"])
def test_nothing_of_a_plan_is_shown_past_a_stop(command: str, flag: str, ready: Path, clock: Clock) -> None:
    flags = KNOWN.rules["red_flags"].flags
    known_flag = next((one for one in flags if one.id == flag), flags[0])
    told(ready, "plan")
    keep(ready, clock, Answers(given=(Answer(question=f"red_flags/{known_flag.id}", value=True),)))
    text = plain(told(ready, command, status=5))
    assert SAYS["stop_title"] in text
    assert plain(known_flag.says) in text
    assert names_in(text) == set()
    stop = data(ready, command, status=5)
    assert stop["may_start"] is False
    assert stop["reasons"][0]["case"] == known_flag.id
    assert "programme" not in stop
    assert "sessions" not in stop


@pytest.mark.parametrize("command", COMMANDS)
def test_open_questions_come_first(command: str, journal: Path) -> None:
    with SqliteStore(journal) as store:
        store.add([born(36)])
    text = plain(told(journal, command, status=5))
    assert SAYS["not_all_answered"] in text
    assert "levelstride screen" in text
    assert state(journal).programmes == ()
    assert data(journal, command, status=5)["level"] == "incomplete"


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_journal_one_line_leads_to_the_screen(command: str, tmp_path: Path) -> None:
    path = tmp_path / "none" / "mine.db"
    done = CliRunner().invoke(app, [command, "--journal", str(path)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"There is no journal at {path} yet. Run levelstride screen" in done.stderr
    assert not path.parent.exists()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("slip", [("--language", "xx"), ("--units", "stone")])
def test_a_slip_is_told_before_anything_is_written(command: str, slip: tuple[str, str], ready: Path) -> None:
    told(ready, command, *slip, status=2)
    assert state(ready).programmes == ()


# ------------------------------------------------------------------------------------------------- one week


def test_a_week_is_made_once_and_shown_again(ready: Path, clock: Clock) -> None:
    first = data(ready, "plan")["programme"]
    clock.pass_days(2)
    assert data(ready, "plan")["programme"] == first
    (issued,) = state(ready).programmes
    assert read_programme(dict(issued.body.content)).model_dump(mode="json") == first
    clock.pass_days(5)
    second = data(ready, "plan")["programme"]
    assert second["starts_on"] == "2026-09-21"
    assert len(state(ready).programmes) == 2


def test_the_text_holds_what_the_data_hold(ready: Path) -> None:
    found = data(ready, "plan")["programme"]
    text = plain(told(ready, "plan"))
    planned = {move["exercise"] for one in found["sessions"] for move in one["moves"]}
    assert planned
    for name in planned:
        assert plain(KNOWN.exercises[name].name) in text
    assert SAYS["wellness_notice"] in text
    assert " / " not in text.replace("left / right", "")  # no reason was asked for


def test_every_part_says_why_when_asked(ready: Path) -> None:
    found = data(ready, "plan")["programme"]
    text = plain(told(ready, "plan", "--why"))
    reasons = [why for one in found["sessions"] for move in one["moves"] for why in move["why"]]
    assert reasons
    for why in (*reasons, *found["notices"]):
        assert f"({why['rule']} / {why['case']})" in text


def test_to_begin_without_tests_is_a_choice_that_is_kept_once(answered: Path) -> None:
    assert data(answered, "plan", "--without-tests")["programme"]["phase"] == "P1"
    told(answered, "plan", "--without-tests")
    wishes = [one.body.target for one in state(answered).overrides]
    assert wishes == ["start_without_tests"]


def test_solved_again_without_a_change_nothing_is_written(ready: Path) -> None:
    told(ready, "plan")
    assert SAYS["plan_unchanged"] in plain(told(ready, "plan", "--again"))
    assert len(state(ready).programmes) == 1


def test_a_new_wish_changes_the_open_week_when_asked(ready: Path) -> None:
    before = data(ready, "plan")["programme"]
    gone = next(m["exercise"] for one in before["sessions"] for m in one["moves"] if m["block"] == "activation")
    CliRunner().invoke(app, ["log", "wish", "skip", gone, "--journal", str(ready)])
    assert data(ready, "plan")["programme"] == before
    now = data(ready, "plan", "--again")
    planned = {move["exercise"] for one in now["programme"]["sessions"] for move in one["moves"]}
    assert gone not in planned
    assert len(state(ready).programmes) == 2
    assert {"kind": "gone", "exercise": gone} in [
        {name: one[name] for name in ("kind", "exercise")} for one in now["changes"]
    ]
    assert f"{SAYS['plan_diff_gone']} {plain(KNOWN.exercises[gone].name)}" in plain(told(ready, "plan", "--diff"))


def test_the_first_week_has_nothing_to_compare_with(ready: Path) -> None:
    assert SAYS["plan_diff_first"] in plain(told(ready, "plan", "--diff"))
    assert data(ready, "plan")["changes"] == []


def test_the_week_after_is_a_preview_and_not_written(ready: Path) -> None:
    ahead = data(ready, "plan", "--weeks-ahead", "1")
    assert ahead["programme"]["starts_on"] == "2026-09-21"
    assert ahead["issued"] is False
    assert SAYS["plan_preview"] in plain(told(ready, "plan", "--weeks-ahead", "1"))
    assert [one.body.starts_on for one in state(ready).programmes] == [date(2026, 9, 14)]


def test_the_calendar_file_holds_the_week(ready: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    found = data(ready, "plan", "--ics", path)["programme"]
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    wanted = {f"{one['id']}@levelstride" for one in found["sessions"]}
    assert wanted <= {str(one["UID"]) for one in events}
    told(ready, "plan", "--ics", tmp_path / "plan.txt", status=2)
    told(ready, "plan", "--ics", tmp_path / "no" / "plan.ics", status=2)


def test_the_words_follow_language_and_units(ready: Path) -> None:
    spanish = plain(told(ready, "plan", "--language", "es"))
    assert texts("es")["wellness_notice"] in spanish
    assert re.search(r"\blun, 14 sept\b", spanish)
    assert not re.search(r"\d kg", told(ready, "plan", "--units", "imperial"))


def test_a_week_that_breaks_a_rule_is_refused_whoever_made_it(ready: Path) -> None:
    made = read_programme(data(ready, "plan")["programme"])
    first = next(one for one in made.sessions if one.moves)
    move = first.moves[-1]
    doses = tuple(dose.model_copy(update={"sets": 30}) for dose in move.doses)
    odd = first.model_copy(update={"moves": (*first.moves[:-1], move.model_copy(update={"doses": doses}))})
    broken = made.model_copy(update={"sessions": (odd, *(one for one in made.sessions if one.id != first.id))})
    with open_session(ready, create=False) as session:
        permit = Permit(decide(session.state, session.known, session.now()))
        assert checked(session, permit, made).sessions == made.sessions
        with pytest.raises(BrokenRuleError, match="breaks a rule"):
            checked(session, permit, broken)


# ------------------------------------------------------------------------------------------------- today


def test_today_shows_the_sessions_of_today_with_their_reasons(ready: Path) -> None:
    found = data(ready, "today")
    assert (found["day"], found["may_start"]) == ("2026-09-14", True)
    planned = [move for one in found["sessions"] for move in one["moves"]]
    assert planned
    text = plain(told(ready, "today", "--why"))
    for move in planned:
        assert plain(KNOWN.exercises[move["exercise"]].name) in text
        for why in move["why"]:
            assert f"({why['rule']} / {why['case']})" in text
    assert f"{SAYS['plan_title']}" not in text
    assert len(state(ready).programmes) == 1  # the week was made by it


def test_today_asks_for_what_is_open_before_the_first_session(ready: Path, clock: Clock) -> None:
    assert data(ready, "today")["asks"] == ["check_in"]
    assert SAYS["plan_ask_check_in"] in plain(told(ready, "today"))
    CliRunner().invoke(app, ["log", "checkin", "--sleep", "8", "--stress", "2", "--well", "--journal", str(ready)])
    assert data(ready, "today")["asks"] == []
    assert SAYS["plan_ask_check_in"] not in plain(told(ready, "today"))


@pytest.mark.requirement("R018")
def test_the_short_and_the_bare_version_are_there(ready: Path) -> None:
    (full, *_) = data(ready, "today")["sessions"]
    for option, version in (("--short", "short"), ("--bare", "bare")):
        text = told(ready, "today", option)
        wanted = full[version] or full["moves"]
        assert {move["exercise"] for move in wanted} <= names_in(text)
    assert SAYS["plan_version_short"] in plain(told(ready, "today", "--short"))


@pytest.mark.requirement("R079")
def test_a_rest_day_says_what_comes_next_and_when(ready: Path, clock: Clock) -> None:
    sessions = data(ready, "plan")["programme"]["sessions"]
    days = {one["day"] for one in sessions if one["kind"] != "desk_break"}
    rest = next(number for number in range(7) if f"2026-09-{14 + number}" not in days)
    for one in sessions:
        if one["day"] < f"2026-09-{14 + rest}":
            sets = [SetDone(exercise=move["exercise"], session=one["id"], reps=5) for move in one["moves"][:1]]
            keep(ready, clock, *sets, SessionEvent(session=one["id"], event="ended"))
    clock.pass_days(rest)
    text = plain(told(ready, "today"))
    found = data(ready, "today")
    assert [one["kind"] for one in found["sessions"]] == ["desk_break"]  # the person sits for long
    assert text.index(SAYS["plan_today_none"]) < text.index(SAYS["plan_kind_desk_break"])
    assert SAYS["plan_asks"] not in text
    assert (SAYS["plan_next_open"] if found["next_day"] is None else SAYS["plan_next"]) in text


def test_who_is_unwell_gets_no_session_and_a_calm_word(ready: Path) -> None:
    CliRunner().invoke(app, ["log", "checkin", "--unwell", "--journal", str(ready)])
    done = CliRunner().invoke(app, ["today", "--journal", str(ready)])
    assert names_in(done.stdout) == set()
    assert done.exit_code in (0, 5)


def test_a_session_moved_to_another_day_is_shown_and_exported_there(ready: Path, tmp_path: Path) -> None:
    first = next(one for one in data(ready, "plan")["programme"]["sessions"] if one["moves"])
    path = tmp_path / "plan.ics"
    told(ready, "plan", "--ics", path)
    wish = ["log", "wish", "move", first["id"], "2026-09-20", "--journal", str(ready)]
    assert CliRunner().invoke(app, wish).exit_code == 0
    assert data(ready, "plan")["moved"] == {first["id"]: "2026-09-20"}
    assert first["id"] not in {one["id"] for one in data(ready, "today")["sessions"]}
    told(ready, "plan", "--ics", path)
    events = {str(one["UID"]): one for one in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
    moved = events[f"{first['id']}@levelstride"]
    assert (moved["DTSTART"].dt.date(), int(moved["SEQUENCE"])) == (date(2026, 9, 20), 1)
    late = CliRunner().invoke(app, [*wish[:4], "2026-09-21", "--journal", str(ready)])
    assert (late.exit_code, "up to 2026-09-20" in late.stderr) == (2, True)
    odd = CliRunner().invoke(
        app, ["log", "wish", "move", "2026-09-14-standalon", "2026-09-20", "--journal", str(ready)]
    )
    assert first["id"] in odd.stderr


def test_a_set_belongs_to_the_session_of_its_day(ready: Path) -> None:
    one = next(one for one in data(ready, "plan")["programme"]["sessions"] if one["moves"])
    move = one["moves"][0]["exercise"]
    side = ["--side", "both"] if KNOWN.exercises[move].laterality == "unilateral" else []
    logged = CliRunner().invoke(app, ["log", "set", move, "--reps", "5", *side, "--journal", str(ready)])
    assert logged.exit_code == 0, logged.output
    assert {entry.body.session for entry in state(ready).sets} == {one["id"]}
    ended = CliRunner().invoke(app, ["log", "done", "--rpe", "4", "--journal", str(ready)])
    assert ended.exit_code == 0, ended.output
    (event,) = state(ready).sessions
    assert (event.body.session, event.body.event, event.body.rpe) == (one["id"], "ended", 4)
    assert one["id"] not in {again["id"] for again in data(ready, "today")["sessions"]}
