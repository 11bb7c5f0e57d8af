"""Why it exists: somebody plays sessions in a made-up terminal; what they are told and what is kept is read."""

from pathlib import Path

import pytest

from levelstride.programme.history import read_history
from levelstride.programme.model import Dose, WalkPart
from tests.cli.play_driver import CLAM, KNOWN, SAYS, SQUAT, move, session, sided, sit, start_of
from tests.cli.screen_driver import Clock, plain, unfinished

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


@pytest.mark.requirement("R079")
def test_a_break_from_sitting_ends_as_one_and_is_no_walk_of_the_walking_track(answered: Path) -> None:
    pause = session(walk=WalkPart(minutes=3), kind="desk_break", id="2026-09-14-desk_break", optional=True)
    played = sit(answered, pause)
    assert played.outcome == "done"
    assert played.state.walks == ()
    assert [event for event, _ in played.events] == ["started", "ended"]


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
