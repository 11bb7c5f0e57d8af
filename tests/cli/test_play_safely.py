"""Why it exists: what a person is told and what is kept when something hurts, or is wrong, before or in a session."""

from datetime import timedelta
from pathlib import Path

import pytest

from levelstride.cli.session import open_session
from levelstride.journal.bodies import Answer, Answers, Pain, Soreness
from levelstride.programme.history import read_history
from levelstride.programme.model import Session
from levelstride.screening.safety import decide
from tests.cli.play_driver import CASES, CLAM, KNOWN, SAYS, SQUAT, session, sit, start_of
from tests.cli.screen_driver import Clock, plain

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
