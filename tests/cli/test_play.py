"""Why it exists: somebody plays sessions in a made-up terminal; what they are told and what is kept is read."""

import io
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from levelstride.cli.errors import in_one_line
from levelstride.cli.play import play
from levelstride.cli.play.keys import Clock as PlayClock
from levelstride.cli.play.keys import TerminalKeys
from levelstride.cli.play.player import play_session
from levelstride.cli.session import open_session
from levelstride.coaching.script import BeatKind
from levelstride.journal.bodies import Answer, Answers, CheckIn, Override, Pain, SetDone, Soreness
from levelstride.journal.state import State
from levelstride.library.loader import knowledge
from levelstride.programme.history import read_history
from levelstride.programme.model import Dose, Move, Session, WalkPart
from levelstride.programme.plan import issue, plan
from levelstride.screening.decision import Permit
from levelstride.screening.findings import find
from levelstride.screening.safety import decide
from tests.cli.screen_driver import Clock, Person, plain, unfinished, walk_through

KNOWN = knowledge()
SAYS = KNOWN.headings
CASES = {case.id: case for case in KNOWN.rules["stop_signs"].cases}
CHECKED = CheckIn(sleep_hours=8, stress=1, unwell=False)


class FastClock(PlayClock):
    """Seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Typing:
    """Answers questions as a person does; ``during`` gives keys pressed at seconds of the session."""

    person: Person
    out: io.StringIO
    during: list[tuple[float, str]] = field(default_factory=list)
    live: bool = True
    seen: int = 0

    def line(self) -> str:
        answer = self.person.answer(self.out.getvalue()[self.seen :])
        self.seen = len(self.out.getvalue())
        if answer == "EOF":
            raise EOFError
        return answer

    def within(self, seconds: float, clock: PlayClock) -> str | None:
        if self.during and self.during[0][0] <= clock.now() + seconds:
            at, key = self.during.pop(0)
            clock.sleep(max(0.0, at - clock.now()))
            if key == "crash":
                raise RuntimeError("the power is gone")
            return key
        clock.sleep(seconds)
        return None


@dataclass
class Heard:
    """Keeps what would sound, and when."""

    clock: FastClock
    beats: list[tuple[float, BeatKind]] = field(default_factory=list)

    def play(self, *beats: BeatKind) -> None:
        self.beats += [(self.clock.now(), what) for what in beats]

    def notice(self) -> str | None:
        return None

    def close(self) -> None:
        return None


@dataclass
class Played:
    outcome: str
    told: str
    state: State
    heard: list[tuple[float, BeatKind]]
    asked: list[str]

    @property
    def sets(self) -> list[SetDone]:
        return [one.body for one in self.state.sets]

    @property
    def events(self) -> list[tuple[str, str | None]]:
        return [(one.body.event, one.body.note) for one in self.state.sessions]


def start_of(key: str) -> str:
    return plain(SAYS[key].split("{")[0])


def nobody(printed: str) -> str | None:
    """Answer as somebody who only goes on and leaves questions open."""
    return ""


def sit(
    journal: Path,
    session: Session,
    answers: dict[str, str | list[str]] | None = None,
    *,
    during: list[tuple[float, str]] | None = None,
    live: bool = True,
    before: tuple = (CHECKED,),
    language: str = "en",
    units: str = "metric",
    version: str = "full",
) -> Played:
    """Play a session; ``answers`` by key of the heading that asks, or by a piece of its text."""
    says = {start_of(key) if key in SAYS else key: answer for key, answer in (answers or {}).items()}
    out, clock = io.StringIO(), FastClock()
    typing = Typing(Person(says, nobody), out, sorted(during or []), live)
    heard = Heard(clock)
    with open_session(journal) as book:
        if before:
            book.write(*before)
        with redirect_stdout(out):
            try:
                outcome = play_session(
                    session,
                    book,
                    book.phrases(language, units),
                    KNOWN,
                    version=version,
                    clock=clock,
                    keys=typing,
                    speaker=heard,
                )
            except RuntimeError:
                outcome = "crashed"
    with open_session(journal) as book:
        return Played(outcome, out.getvalue(), book.state, heard.beats, typing.person.asked)


def move(name: str, *doses: Dose, **changes) -> Move:
    given = {"block": "strength", "counts": "repetitions", "rpe": (4, 6), "rest_s": 30, "seconds": 0, **changes}
    return Move(exercise=name, doses=doses, **given)


def sided(sets: int = 2, amount: int = 5, **changes) -> tuple[Dose, Dose]:
    return tuple(Dose(side=side, sets=sets, amount=amount, top=amount, **changes) for side in ("left", "right"))


SQUAT = move("bw_squat", Dose(sets=2, amount=4, top=6), rir=(2, 3))
CLAM = move("clamshell", *sided(), block="activation")


def session(*moves: Move, **changes) -> Session:
    return Session(
        **{
            "id": "2026-09-14-standalone",
            "day": "2026-09-14",
            "kind": "standalone",
            "minutes": 9,
            "moves": moves,
            **changes,
        }
    )


# ------------------------------------------------------------------------------------------------- the usual way


def test_every_set_of_every_side_is_written_with_its_number(answered: Path) -> None:
    played = sit(answered, session(CLAM, SQUAT))
    assert played.outcome == "done"
    done = [(one.exercise, one.side, one.number, one.reps) for one in played.sets]
    assert done == [
        ("clamshell", "left", 1, 5),
        ("clamshell", "right", 1, 5),
        ("clamshell", "left", 2, 5),
        ("clamshell", "right", 2, 5),
        ("bw_squat", None, 1, 4),
        ("bw_squat", None, 2, 4),
    ]
    assert {one.session for one in played.sets} == {"2026-09-14-standalone"}
    assert [event for event, _ in played.events] == ["started", "ended"]
    assert unfinished(played.told) == []


def test_answers_left_open_stay_open(answered: Path) -> None:
    body = sit(answered, session(SQUAT)).sets[-1]
    assert (body.clean_reps, body.rpe, body.rir, body.pain, body.awkward) == (None,) * 5


def test_answers_go_to_the_last_set_and_the_first_stays_as_it_was(answered: Path) -> None:
    told = {
        "play_ask_reps": "6",
        "play_ask_clean": "5",
        "play_ask_effort": "7",
        "play_ask_rir": "2",
        "play_ask_pain": "0",
    }
    first, last = sit(answered, session(SQUAT), told).sets
    assert (first.reps, first.rpe) == (4, None)
    assert (last.reps, last.clean_reps, last.rpe, last.rir, last.pain) == (6, 5, 7, 2, 0)


def test_two_sides_are_told_apart_and_left_stands_first(answered: Path) -> None:
    right_first = (Dose(side="right", sets=1, amount=5, top=5), Dose(side="left", sets=1, amount=5, top=5))
    played = sit(
        answered,
        session(move("clamshell", *right_first, block="activation")),
        {"play_ask_reps": "5/4", "play_ask_clean": ["5/5", "5/3"], "play_ask_effort": "4", "play_ask_feel": "6/8"},
    )
    by_side = {one.side: one for one in played.sets}
    assert (by_side["left"].reps, by_side["right"].reps) == (5, 4)
    assert plain(SAYS["bad_range"]) in plain(played.told)  # five clean ones of four on the right
    assert (by_side["left"].clean_reps, by_side["right"].clean_reps) == (5, 3)
    assert (by_side["left"].feel, by_side["right"].feel) == (6, 8)
    assert by_side["left"].rpe == by_side["right"].rpe == 4


def test_what_is_written_is_what_the_plan_reads(answered: Path) -> None:
    played = sit(answered, session(CLAM), {"play_ask_clean": "5/4", "play_ask_pain": "1/0", "play_ask_session": "5"})
    (done,) = read_history(played.state).sessions
    assert (done.session, done.ended, done.rpe) == ("2026-09-14-standalone", True, 5)
    bouts = {bout.side: bout for bout in done.bouts}
    assert bouts["left"].amounts == bouts["right"].amounts == (5, 5)
    assert (bouts["left"].quality, bouts["right"].quality) == (100, 80)
    assert (bouts["left"].pain, bouts["right"].pain) == (1, 0)
    assert done.check_in is not None


def test_a_hold_is_written_with_its_seconds(answered: Path) -> None:
    stance = move("sl_stance", Dose(side="left", sets=1, amount=20, top=30), counts="seconds")
    whole = sit(answered, session(stance), {"play_ask_clean_hold": "1"}).sets[0]
    assert (whole.reps, whole.hold_s, whole.clean_reps) == (1, 20, 1)


def test_a_hold_that_ends_early_is_written_with_the_seconds_that_were_held(answered: Path) -> None:
    stance = move("sl_stance", Dose(side="left", sets=1, amount=20, top=30), counts="seconds")
    assert sit(answered, session(stance), during=[(12.5, "")]).sets[0].hold_s == 12.5


def test_distance_load_and_band_are_written_in_their_units(answered: Path) -> None:
    carry = move("suitcase_carry", *sided(1, 20, load_kg=8.0), counts="metres")
    band = move("clamshell_band", *sided(1, 5, band=2))
    chosen = move("goblet_squat", Dose(sets=1, amount=5, top=5), choose_load=True)
    played = sit(answered, session(carry, band, chosen), {"play_ask_load": "10"}, units="imperial")
    by_name = {one.exercise: one for one in played.sets}
    assert (by_name["suitcase_carry"].distance_m, by_name["suitcase_carry"].load_kg) == (20, 8)
    assert (by_name["suitcase_carry"].reps, by_name["clamshell_band"].band) == (None, "2")
    assert by_name["goblet_squat"].load_kg == pytest.approx(4.54)


def test_a_walk_is_written_with_the_time_when_pain_began(answered: Path) -> None:
    told = {"play_ask_walk_minutes": "25", "play_ask_walk_pain": "2", "play_ask_walk_symptom": "10"}
    played = sit(answered, session(walk=WalkPart(minutes=30), kind="walk"), told)
    (walk,) = (one.body for one in played.state.walks)
    assert (walk.duration_s, walk.worst_pain, walk.time_to_symptom_s, walk.rpe) == (1500, 2, 600, None)


def test_a_session_in_spanish_is_spoken_in_spanish(answered: Path) -> None:
    played = sit(answered, session(CLAM), language="es")
    assert KNOWN.translations["es"][KNOWN.exercises["clamshell"].stop_if] in plain(played.told)


def test_the_short_version_is_played_when_asked_for(answered: Path) -> None:
    played = sit(answered, session(SQUAT, CLAM, short=(CLAM,)), version="short")
    assert {one.exercise for one in played.sets} == {"clamshell"}


# --------------------------------------------------------------------------------------------------- beats, cues


@pytest.mark.requirement("R085")
def test_the_breath_is_heard_in_step_with_the_tempo(answered: Path) -> None:
    heard = sit(answered, session(move("bw_squat", Dose(sets=1, amount=3, top=3)))).heard
    begin = heard[0][0]
    at = {what: [round(time - begin, 3) for time, beat in heard if beat == what] for _, what in heard}
    assert at["lower"] == at["breathe_in"] == [0, 5, 10]
    assert at["lift"] == at["breathe_out"] == [3, 8, 13]
    assert at["stop"] == [15]


@pytest.mark.requirement("R154")
def test_one_hint_is_shown_at_its_repetitions(answered: Path) -> None:
    cue = KNOWN.exercises["bw_squat"].cues.external[0]
    every_second = move("bw_squat", Dose(sets=1, amount=6, top=6), cue=cue, cue_every=2)
    summary = move("bw_squat", Dose(sets=1, amount=6, top=6), cue=cue, cue_every=0)
    assert sit(answered, session(every_second), live=False).told.count(cue) == 3
    assert sit(answered, session(summary, id="2026-09-14-other"), live=False).told.count(cue) == 1
    lines = sit(answered, session(every_second, id="2026-09-14-third")).told.split("\r")
    shown = [line.split()[2] for line in lines if cue in line and " s " in line]
    assert set(shown) == {"1/6", "3/6", "5/6"}  # at a terminal it stands in the line of the countdown


def test_a_pipe_gets_no_countdown_and_its_lines_are_kept_for_questions(answered: Path) -> None:
    played = sit(answered, session(SQUAT), live=False)
    assert "\r" not in played.told
    assert played.outcome == "done"


# ------------------------------------------------------------------------------------------------------- the keys


def test_a_set_that_ends_early_is_written_with_what_was_done(answered: Path) -> None:
    assert sit(answered, session(SQUAT), during=[(12, "")]).sets[0].reps == 2  # five seconds each


def test_a_pause_stops_the_clock_of_the_set(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_paused": ""}, during=[(7, "p")])
    assert plain(SAYS["play_paused"]) in plain(played.told)
    assert [one.reps for one in played.sets] == [4, 4]


def test_a_skipped_move_is_written_as_left_out_and_what_was_done_is_asked_about(answered: Path) -> None:
    played = sit(answered, session(SQUAT, CLAM), during=[(25, "s")])  # in the rest after the first set
    squats = [(one.number, one.skipped, one.reps) for one in played.sets if one.exercise == "bw_squat"]
    assert sorted(squats) == [(1, False, 4), (2, True, None)]
    assert played.outcome == "done"
    assert any(start_of("play_ask_effort") in asked for asked in played.asked)


def test_a_move_skipped_before_it_began_is_not_asked_about(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_ready": "s"})
    assert [one.skipped for one in played.sets] == [True, True]
    assert not any(start_of("play_ask_effort") in asked for asked in played.asked)


def test_back_takes_the_set_before_back_and_does_it_anew(answered: Path) -> None:
    played = sit(answered, session(SQUAT), during=[(12, ""), (14, "b")])  # two of four, then back from the rest
    assert [(one.number, one.reps) for one in played.sets] == [(1, 4), (2, 4)]
    assert len(played.state.retracted) == 1


def test_leaving_keeps_what_was_done_even_of_a_broken_off_set(answered: Path) -> None:
    played = sit(answered, session(SQUAT), during=[(62, "q")])  # 20 s work, 30 s rest, 12 s of the second set
    assert played.outcome == "left"
    assert [one.reps for one in played.sets] == [4, 2]
    assert played.events[-1] == ("left", None)


def test_a_crash_loses_no_set_that_was_over(answered: Path) -> None:
    played = sit(answered, session(CLAM, SQUAT), during=[(47, "crash")])  # in the second set, left and right
    assert played.outcome == "crashed"
    assert [(one.side, one.number, one.reps) for one in played.sets] == [
        ("left", 1, 5),
    ]


def test_a_session_goes_on_after_the_last_set_that_was_written(answered: Path) -> None:
    sit(answered, session(CLAM, SQUAT), during=[(110, "crash")])
    played = sit(answered, session(CLAM, SQUAT), {"play_resume": "1"}, before=())
    done = [(one.exercise, one.side, one.number) for one in played.sets]
    assert len(done) == len(set(done)) == 6
    assert played.outcome == "done"
    again = sit(answered, session(CLAM, SQUAT), before=())
    assert again.outcome == "nothing"
    assert len(again.sets) == 6


def test_a_session_of_another_day_is_not_gone_on_with(answered: Path, clock: Clock) -> None:
    sit(answered, session(SQUAT), during=[(25, "q")])
    clock.pass_days(1)
    played = sit(answered, session(SQUAT))
    assert not any(start_of("play_resume") in asked for asked in played.asked)
    assert [one.number for one in played.sets] == [1, 1, 2]


# ------------------------------------------------------------------------------------------------- pain and safety


@pytest.mark.requirement("R155")
@pytest.mark.parametrize("sign", [case.id for case in CASES.values() if case.level == "emergency"])
def test_an_emergency_shows_what_to_do_and_nothing_beside_it(answered: Path, sign: str) -> None:
    number = str(list(CASES).index(sign) + 1)
    played = sit(answered, session(SQUAT), {"play_wrong": number}, during=[(12, "!")])
    assert played.outcome == "stopped"
    after = plain(played.told)[plain(played.told).rindex(plain(SAYS["pick_numbers"])) :]
    assert after == f"{plain(SAYS['pick_numbers'])} {CASES[sign].says}"
    assert played.events[-1] == ("left", f"stop:{sign}")
    assert [one.reps for one in played.sets] == [2]
    later = played.state.sessions[-1].at + timedelta(hours=1)
    decision = decide(played.state, KNOWN, later)
    assert (decision.level, decision.may_start) == ("emergency", False)
    again = sit(answered, session(SQUAT), before=())
    assert (again.outcome, len(again.sets)) == ("stopped", 1)


@pytest.mark.requirement("R155")
@pytest.mark.parametrize("sign", [case.id for case in CASES.values() if case.level in ("same_day", "before_start")])
def test_a_sign_for_today_ends_the_session_and_closes_the_plan(answered: Path, sign: str) -> None:
    number = str(list(CASES).index(sign) + 1)
    played = sit(answered, session(SQUAT), {"play_wrong": number}, during=[(12, "!")])
    assert played.outcome == "stopped"
    assert plain(CASES[sign].says or "") in plain(played.told)
    decision = decide(played.state, KNOWN, played.state.sessions[-1].at)
    assert not decision.may_start
    assert decision.level == CASES[sign].level
    falls = [one.body for one in played.state.incidents]
    assert [(one.what, one.exercise, one.level) for one in falls] == (
        [("fall", "bw_squat", CASES[sign].level)] if sign.startswith("fall") else []
    )


@pytest.mark.requirement("R155")
def test_the_most_urgent_of_several_signs_decides(answered: Path) -> None:
    both = [str(list(CASES).index(sign) + 1) for sign in ("faint", "chest_pain")]
    played = sit(answered, session(SQUAT), {"play_wrong": ",".join(both)}, during=[(12, "!")])
    assert played.events[-1] == ("left", "stop:chest_pain")
    assert plain(CASES["faint"].says or "") not in plain(played.told)
    assert played.state.value("red_flags/sess_faint") is True


@pytest.mark.requirement("R155")
def test_sharp_pain_that_settles_ends_the_move_and_not_the_session(answered: Path) -> None:
    number = str(list(CASES).index("sharp_joint") + 1)
    answers = {"play_wrong": number, "play_settled": "1", "play_ask_pain": "4"}
    again = SQUAT.model_copy(update={"block": "mobility"})
    played = sit(answered, session(SQUAT, CLAM, again), answers, during=[(12, "!")])
    assert played.outcome == "done"
    squats = [(one.number, one.skipped) for one in played.sets if one.exercise == "bw_squat"]
    assert squats == [(1, False), (2, True), (1, True), (2, True)]  # red: not once more today
    bout = next(bout for bout in read_history(played.state).sessions[0].bouts if bout.exercise == "bw_squat")
    assert (bout.sharp, bout.pain) == (True, 4)
    assert decide(played.state, KNOWN, played.state.sessions[-1].at).may_start


@pytest.mark.parametrize("settled", ["2", "", "q"])
def test_sharp_pain_that_may_not_have_settled_ends_the_session(answered: Path, settled: str) -> None:
    number = str(list(CASES).index("sharp_joint") + 1)
    played = sit(answered, session(SQUAT), {"play_wrong": number, "play_settled": settled}, during=[(12, "!")])
    assert played.outcome == "stopped"
    assert played.state.value("red_flags/sess_joint") is True


def test_whoever_cannot_say_what_is_wrong_is_held(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_wrong": "EOF"}, during=[(12, "!")])
    assert played.outcome == "stopped"
    assert not decide(played.state, KNOWN, played.state.sessions[-1].at).may_start


def test_nothing_of_the_list_goes_on_with_the_set_from_its_beginning(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_wrong": "0"}, during=[(12, "!")])
    assert played.outcome == "done"
    assert [one.reps for one in played.sets] == [4, 4]
    assert decide(played.state, KNOWN, played.state.sessions[-1].at).may_start


def test_feeling_unwell_ends_the_session_until_the_next_check_in(answered: Path) -> None:
    number = str(list(CASES).index("unwell") + 1)
    played = sit(answered, session(SQUAT), {"play_wrong": number}, during=[(12, "!")])
    assert played.outcome == "stopped"
    assert played.state.check_ins[-1].body.unwell is True
    assert sit(answered, session(SQUAT), before=()).outcome == "stopped"


@pytest.mark.parametrize(
    ("score", "kind", "case"),
    [("2", "1", None), ("2,5", "1", "amber"), ("5", "1", "amber"), ("6", "1", "red_high"), ("1", "2", "red_sharp")],
)
def test_pain_is_written_with_kind_and_place_and_answered_by_the_rule(
    answered: Path, score: str, kind: str, case: str | None
) -> None:
    told = {"play_ask_pain": score, "play_ask_kind": kind, "play_ask_place": "8", "Which side is it?": "2"}
    played = sit(answered, session(SQUAT), told)
    (pain,) = (one.body for one in played.state.pain)
    value = float(score.replace(",", "."))
    assert (pain.place, pain.side, pain.score, pain.when, pain.exercise) == (
        "knee",
        "right",
        value,
        "during",
        "bw_squat",
    )
    assert pain.quality == ("dull", "sharp")[int(kind) - 1] == played.sets[-1].pain_kind
    said = {one.id for one in KNOWN.rules["pain_colours"].cases if one.says and one.says in plain(played.told)}
    assert said == ({case} if case else set())


def test_a_warning_sign_keeps_the_session_closed(answered: Path) -> None:
    yes = Answers(given=(Answer(question="red_flags/ce_saddle", value=True),))
    played = sit(answered, session(SQUAT), before=(yes,))
    assert (played.outcome, played.sets) == ("stopped", [])


# ------------------------------------------------------------------------------------------------- before a session


def test_the_day_and_the_morning_are_asked_before_and_written(answered: Path, clock: Clock) -> None:
    sit(answered, session(SQUAT))
    clock.pass_days(1)
    told = {
        "play_ask_morning": "4",
        "play_ask_usual": "2",
        "play_ask_which_move": "1",
        "play_ask_place": "8",
        "Which side is it?": "1",
        "play_ask_sleep_hours": "5,5",
        "play_ask_stress": "8",
        "play_ask_unwell": "2",
    }
    played = sit(answered, session(SQUAT, id="2026-09-15-standalone"), told, before=())
    morning = next(one.body for one in played.state.pain if one.body.when == "next_morning")
    assert morning == Pain(
        place="knee",
        side="left",
        score=4,
        when="next_morning",
        exercise="bw_squat",
        session="2026-09-14-standalone",
        back_to_usual=False,
    )
    check_in = played.state.check_ins[-1].body
    assert (check_in.sleep_hours, check_in.stress, check_in.unwell, check_in.soreness) == (5.5, 8, False, None)
    found = read_history(played.state).sessions[0].morning
    assert found is not None
    assert (found.usual, found.exercises) == (False, {"bw_squat"})


def test_a_morning_without_an_answer_is_not_called_good(answered: Path, clock: Clock) -> None:
    sit(answered, session(SQUAT))
    clock.pass_days(1)
    played = sit(answered, session(SQUAT, id="2026-09-15-standalone"))
    assert any(start_of("play_ask_morning") in asked for asked in played.asked)
    assert read_history(played.state).sessions[0].morning is None


def test_what_was_answered_today_is_not_asked_again(answered: Path) -> None:
    first = sit(answered, session(SQUAT), before=())
    second = sit(answered, session(SQUAT, id="2026-09-14-second"), before=())
    assert any(start_of("play_ask_stress") in asked for asked in first.asked)
    assert not any(start_of("play_ask_stress") in asked for asked in second.asked)
    assert len(second.state.check_ins) == 1


def test_whoever_is_unwell_does_nothing_today(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_ask_unwell": "1"}, before=())
    assert (played.outcome, played.sets, played.events) == ("stopped", [], [])
    case = next(case for case in KNOWN.rules["check_in"].cases if case.id == "unwell")
    assert plain(case.says or "") in plain(played.told)


def sore_session() -> Session:
    return session(CLAM.model_copy(update={"block": "prep"}), SQUAT)


def test_soreness_that_eases_in_the_warm_up_is_written_and_the_session_goes_on(answered: Path) -> None:
    told = {"play_ask_soreness": "4", "play_ask_sore_place": "1", "play_ask_eased": "1"}
    played = sit(answered, sore_session(), told, before=())
    assert played.outcome == "done"
    kept = [one.body for one in played.state.soreness]
    assert kept == [
        Soreness(place="low_back", score=4),
        Soreness(place="low_back", score=4, eases_in_warm_up=True),
    ]


def test_soreness_that_stays_in_the_warm_up_ends_the_session(answered: Path) -> None:
    played = sit(answered, sore_session(), {"play_ask_soreness": "4", "play_ask_eased": "2"}, before=())
    assert played.outcome == "stopped"
    assert {one.exercise for one in played.sets} == {"clamshell"}
    assert played.state.soreness[-1].body.eases_in_warm_up is False
    stays = next(case for case in KNOWN.rules["soreness"].cases if case.id == "stays")
    assert plain(stays.says or "") in plain(played.told)


def test_a_stop_sign_before_the_session_keeps_it_closed(answered: Path) -> None:
    played = sit(answered, session(SQUAT), {"play_ask_stress": "!", "play_wrong": "1"}, before=())
    assert (played.outcome, played.sets) == ("stopped", [])
    assert decide(
        played.state, KNOWN, played.state.check_ins[0].at if played.state.check_ins else _now(answered)
    ).level == ("emergency")


def _now(journal: Path):
    with open_session(journal) as book:
        return book.now()


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
