"""Why it exists: leading through a test by hand - keys, stops, sides and the timer - keeps what was done."""

import io
import json
from pathlib import Path

import pytest

from levelstride.cli import talk
from levelstride.journal.bodies import Incident, Measured
from tests.cli.screen_driver import (
    Clock,
    flag_page,
    person,
    plain,
    walk_through,
)
from tests.cli.screen_walks import (
    AGREED,
    KNOWN,
    MARK_PLACES,
    SAYS,
    STOP,
    entries,
    flag,
    in_order,
    name_of,
    place,
    results,
    state,
    walk,
)


def option(question: str, name: str) -> str:
    asked = [one for section in KNOWN.intake.sections for one in section.questions]
    return str(list(next(one for one in asked if one.id == question).options).index(name) + 1)


NAME_SIGNS = next(iter(reversed(KNOWN.intake.signs.values()))).asks
#: The tests of each level for somebody of 36 without a helper (chair30 is from 60 on, thomas and walk6min need one).
OFFERED = {
    "maintenance": {"walk10", "sls_eo", "sts5"},
    "short_plan": {"walk10", "wblt", "sls_eo", "sts5", "lateral_step_down_q", "sl_bridge_reps"},
    "full_plan": {"walk10", "wblt", "sls_eo", "trendelenburg_seen", "sts5", "lateral_step_down_q", "sl_squat_quality"}
    | {"sl_bridge_reps", "side_lying_abd_hold", "side_bridge"},
}


# ----------------------------------------------------------------------------------------------- in a test


@pytest.mark.requirement("R054")
def test_something_felt_wrong_first_what_to_do_then_what_happened(answered: Path, clock: Clock) -> None:
    fell = flag("sess_fall")
    me = person(flag_page("sess_fall"), test_ready="d", walk10="7", sls_eo=["40", "x"])
    told = walk(answered, me, "--test", "walk10", "--test", "sls_eo", "--test", "sts5")
    assert in_order(
        told, "Test 2 of 3", SAYS["stop_title"], SAYS["stop_first"], SAYS["stop_what"], fell.asks,
        SAYS["after_a_fall"], SAYS["stop_title"], fell.says, SAYS["stop_locked"],
    )  # fmt: skip
    assert "Test 3 of 3" not in told
    assert AGREED not in told
    (incident,) = [one.body for one in entries(answered) if isinstance(one.body, Incident)]
    assert (incident.what, incident.note) == ("fall", "sls_eo")
    assert [one.question for one in incident.answers] == ["red_flags/sess_fall"]
    decided = json.loads(walk_through(["screen", "--why", "--json", "--journal", str(answered)], person())[1])
    assert "BAL" in decided["cautions"]
    assert not decided["may_start"]
    shown = json.loads(walk_through(["findings", "--json", "--journal", str(answered)], person())[1])
    stopped = [one for one in shown["findings"] if one["test"] == "sls_eo"]
    assert {one["verdict"] for one in stopped} == {"not_measurable"}
    assert {one["not_measurable"]["code"] for one in stopped} == {"stopped"}
    assert not [one for one in shown["findings"] if one["points_to"]]
    text = walk(answered, person(), command="findings")
    assert in_order(text, fell.says, "10-metre walk", "Stand on one leg, eyes open", SAYS["families_waiting"])
    err = io.StringIO()
    status, out = walk_through(["screen", "--json", "--journal", str(answered)], person(), err)
    assert (status, json.loads(out)["outcome"]) == (0, "stopped")
    clock.pass_days(1)
    later = person(health_changed="2")
    assert AGREED in walk(answered, later)


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("leaving", ["q", "EOF"])
def test_whoever_leaves_when_something_felt_wrong_is_asked_about_it_before_the_next_test(
    answered: Path, leaving: str
) -> None:
    tests = ("--test", "walk10", "--test", "sts5")
    told = walk(answered, person(test_ready="d", walk10="x", stop_what=leaving), *tests)
    assert in_order(told, SAYS["stop_first"], SAYS["stop_what"], SAYS["screen_paused"])
    assert results(answered)["walk10", None].not_measurable.code == "stopped"
    me = person(test_ready="q")
    walk(answered, me, *tests)
    assert me.was_asked(flag("sess_faint").asks) == 1
    assert "Test 1 of" not in me.asked[0]


@pytest.mark.requirement("R054")
def test_while_nobody_said_what_happened_nothing_may_start(answered: Path) -> None:
    walk(answered, person(test_ready="d", walk10="7", sts5="x", stop_what="q"), "--test", "walk10", "--test", "sts5")
    shown = json.loads(walk_through(["screen", "--why", "--json", "--journal", str(answered)], person())[1])
    assert [(one["rule"], one["case"], one["level"]) for one in shown["reasons"] if one["level"] == "hold"] == [
        ("stop_signs", "unexplained", "hold")
    ]
    assert (shown["may_start"], shown["tests"]["offered"]) == (False, [])
    found = json.loads(walk_through(["findings", "--json", "--journal", str(answered)], person())[1])
    assert (found["level"], found["may_start"]) == ("hold", False)
    assert SAYS["what_happened_open"] in walk(answered, person(), command="findings")
    assert "Test 1 of 1" in walk(answered, person(stop_what="0", test_ready="d", sls_eo="45"), "--test", "sls_eo")


@pytest.mark.requirement("R054")
def test_a_wrong_answer_to_what_happened_is_asked_again_before_the_next_test(answered: Path) -> None:
    ((page, number),) = flag_page("sess_chest").items()
    me = person({page: [number, "0"], STOP: "2"}, test_ready="d", walk10="x", sls_eo="45")
    told = walk(answered, me, "--test", "walk10", "--test", "sls_eo")
    assert in_order(told, SAYS["stop_what"], SAYS["stop_in_emergency"], SAYS["stop_what"], "Test 2 of 2")
    assert state(answered).value("red_flags/sess_chest") is False


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(("hours", "may_be_agreed"), [(13, False), (23.5, False), (24.5, True)])
def test_nothing_is_agreed_within_a_day_of_a_test_that_was_stopped(
    answered: Path, clock: Clock, hours: float, may_be_agreed: bool
) -> None:
    walk(answered, person(flag_page("sess_fall"), test_ready="d", sts5="x"), "--test", "sts5")
    clock.pass_days(hours / 24)  # twelve o'clock and 13 hours: past midnight
    assert (AGREED in walk(answered, person(health_changed="2"))) is may_be_agreed


def test_a_stop_on_the_second_side_keeps_the_first(answered: Path) -> None:
    me = person(test_ready="d", sls_eo=["40", "41", "42", "x"], stop_what="0")
    told = walk(answered, me, "--test", "sls_eo")
    assert in_order(told, "Written down: 42 s.", "Now the right side", SAYS["stop_first"])
    found = results(answered)
    assert (found["sls_eo", "left"].value, found["sls_eo", "left"].trials) == (42.0, (40.0, 41.0, 42.0))
    assert found["sls_eo", "right"].not_measurable.code == "stopped"
    assert len([one for one in entries(answered) if isinstance(one.body, Measured)]) == 2


def test_leaving_on_the_second_side_keeps_the_first(answered: Path) -> None:
    walk(answered, person(test_ready="d", sls_eo=["45", "q"]), "--test", "sls_eo")
    assert {key: one.value for key, one in results(answered).items()} == {("sls_eo", "left"): 45.0}


def test_skipping_the_pain_leaves_out_the_pain_alone(answered: Path) -> None:
    walk(answered, person(test_ready="d", sls_eo=["45", "45"], test_hurt=["3", "s"]), "--test", "sls_eo")
    found = results(answered)
    assert {side: one.value for (_, side), one in found.items()} == {"left": 45.0, "right": 45.0}
    assert found["sls_eo", "left"].conditions["pain_during"] == "3"
    assert "pain_during" not in found["sls_eo", "right"].conditions


@pytest.mark.requirement("R096")
def test_tests_asked_for_by_name_are_left_out_for_the_same_reasons(journal: Path) -> None:
    me = person(conditions=option("conditions", "bal"), help_at_hand="2", test_ready="d", test_do_anyway="d", sts5="12")
    told = walk(journal, me, "--test", "sls_eo", "--test", "thomas", "--test", "sts5")
    assert f"because of your balance: {name_of('sls_eo')}" in told
    assert f"it needs a helper: {name_of('thomas')}" in told
    assert "Test 1 of 1" in told
    assert set(results(journal)) == {("sts5", None)}


@pytest.mark.requirement("R096")
def test_poor_balance_and_no_helper_leave_out_tests_by_name(journal: Path) -> None:
    me = person(
        {MARK_PLACES: place("thigh_front")},
        conditions=option("conditions", "bal"),
        severity="2",
        duration="1",
        brought_on="1",
        help_at_hand="2",
        pain_now="1",
        tests_time="s",
    )
    told = walk(journal, me)
    for name in (test.id for test in KNOWN.tests.values() if test.hands_free):
        if name in KNOWN.intake.batteries["maintenance"]:
            assert f"because of your balance: {name_of(name)}" in told
    assert f"it needs a helper: {name_of('thomas')}" in told
    shown = json.loads(walk_through(["screen", "--why", "--json", "--journal", str(journal)], person())[1])
    assert shown["cautions"]["BAL"][0]["question"] == "intake/conditions"
    me = person(test_ready="d", test_do_anyway="d", walk10="7", sts5="12")
    told = walk(journal, me)
    assert in_order(told, SAYS["test_left_out"], SAYS["test_do_anyway"])
    assert {test for test, _ in results(journal)} == {"walk10", "sts5"}
    assert not me.was_asked(SAYS["sls_eo"])
    assert not me.was_asked(SAYS["thomas"])


@pytest.mark.parametrize(("pain", "tested"), [("5", True), ("6", False)])
def test_strong_pain_right_now_means_no_tests_today(journal: Path, pain: str, tested: bool) -> None:
    me = person({MARK_PLACES: place("low_back")}, severity="4", duration="3", brought_on="1", pain_now=pain)
    told = walk(journal, me, "--test", "sts5")
    assert ("Test 1 of 1" in told) is tested
    stopped = in_order(
        told, SAYS["stop_title"], SAYS["too_much_pain"], f"{KNOWN.intake.places['low_back'].label}: 6/10"
    )
    assert stopped is not tested
    assert (SAYS["too_much_pain"] in told) is not tested
    shown = json.loads(walk_through(["screen", "--why", "--json", "--journal", str(journal)], person())[1])
    holds = [(one["rule"], one["case"]) for one in shown["reasons"] if one["level"] == "hold"]
    assert holds == ([] if tested else [("pain_colours", "red_high")])
    assert shown["may_start"] is tested
    (rated,) = state(journal).pain
    assert (rated.body.place, rated.body.score) == ("low_back", float(pain))
    again = person(sts5="12")
    assert ("Test 1 of 1" in walk(journal, again, "--test", "sts5")) is tested
    assert not again.was_asked(SAYS["pain_now"])  # once a day


def test_a_slip_at_the_pain_is_asked_again_before_any_test(journal: Path) -> None:
    me = person(
        {MARK_PLACES: place("low_back"), STOP: "2"},
        severity="4",
        duration="3",
        brought_on="1",
        pain_now=["8", "3"],
        test_ready="d",
        sts5="12",
    )
    told = walk(journal, me, "--test", "sts5")
    assert me.was_asked(SAYS["pain_now"]) == 2
    assert in_order(told, SAYS["too_much_pain"], SAYS["stop_choice_mistake"], SAYS["pain_now"], "Test 1 of 1")
    assert [one.body.score for one in state(journal).pain] == [3.0]


def test_a_slip_at_the_pain_can_be_put_right_later_that_day(journal: Path) -> None:
    marked = {"severity": "4", "duration": "3", "brought_on": "1"}
    walk(journal, person({MARK_PLACES: place("low_back")}, **marked, pain_now="8"), "--test", "sts5")
    me = person({STOP: "2"}, pain_now="3", test_ready="d", sts5="12")
    told = walk(journal, me, "--test", "sts5")
    assert in_order(told, SAYS["too_much_pain"], SAYS["may_start"], SAYS["pain_now"], "Test 1 of 1")
    assert [one.body.score for one in state(journal).pain] == [3.0]


@pytest.mark.requirement("R017")
@pytest.mark.parametrize(("named", "level"), [(0, "maintenance"), (2, "short_plan"), (3, "full_plan")])
def test_the_signs_named_decide_how_many_tests_are_suggested(journal: Path, named: int, level: str) -> None:
    numbers = ",".join(str(number) for number in range(1, named + 1)) or "0"
    me = person(
        {f"{NAME_SIGNS} {SAYS['pick_numbers']}": numbers, SAYS["knee_pain_volume/onset_minutes"]: "20"}, tests_time="s"
    )
    told = walk(journal, me)
    assert SAYS[f"tests_{level.removesuffix('_plan')}"] in told
    assert plain("The limit we use is our own choice. It has not been tested in a study.") in told
    shown = json.loads(walk_through(["screen", "--why", "--json", "--journal", str(journal)], person())[1])
    assert (shown["signs"], shown["tests"]["level"]) == (named, level)
    for_a_sign = {"side_bridge"} if named else set()  # the first sign asks for it at every level
    assert set(shown["tests"]["offered"]) == OFFERED[level] | for_a_sign


def test_only_the_tests_that_were_named(answered: Path) -> None:
    me = person(test_ready="d", wblt=["10", "10.5", "11", "9", "9", "9"])
    told = walk(answered, me, "--test", "wblt")
    assert in_order(told, f"Test 1 of 1: {name_of('wblt')}", SAYS["findings"])
    assert SAYS["tests_time"] not in told
    assert set(results(answered)) == {("wblt", "left"), ("wblt", "right")}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--test", "wbtl"), "wblt."),
        (("--test", "cadence"), "sls_eo"),  # a test, but none that is done by hand
        (("--language", "xx"), "en, es"),
        (("--units", "stone"), "metric or imperial"),
    ],
)
def test_what_does_not_exist_is_told_in_one_line(answered: Path, options: tuple[str, ...], named: str) -> None:
    kept = entries(answered)
    told = walk_through(["screen", "--journal", str(answered), *options], person())
    assert told[0] == 2
    assert told[1].startswith(f"Error: No {options[0].strip('-')} '{options[1]}'")
    assert named in told[1]
    assert told[1].count("\n") == 1
    assert entries(answered) == kept


def test_why_without_a_journal_is_one_line_and_makes_none(journal: Path) -> None:
    status, told = walk_through(["screen", "--why", "--journal", str(journal)], person())
    assert (status, told.count("\n")) == (2, 1)
    assert "There is no journal" in told
    assert not journal.exists()


def test_a_part_of_the_questions_is_changed(answered: Path) -> None:
    before = state(answered).answers
    me = person(
        {MARK_PLACES: place("low_back")}, severity="4", duration="3", brought_on="1", pain_now="2", tests_time="s"
    )
    told = walk(answered, me, "--change", "body_map")
    assert me.was_asked(MARK_PLACES) == 1
    assert in_order(told, plain(MARK_PLACES), SAYS["severity"], SAYS["may_start"])
    for other in ("units", "birth_year", "ce_saddle", "unwell_today", "sitting_hours"):
        assert me.was_asked(SAYS[other]) == 0
    kept = state(answered)
    assert (kept.value("body_map/places"), kept.value("body_map/low_back/severity")) == (("low_back",), 4)
    assert {
        key: one for key, one in before.items() if not key[0].startswith("body_map")
    }.items() <= kept.answers.items()


def test_a_fact_about_the_person_is_changed(answered: Path) -> None:
    walk(answered, person(units="2", birth_year="1985", tests_time="s"), "--change", "about_you")
    assert (state(answered).fact("units"), state(answered).fact("birth_year")) == ("imperial", 1985)


def test_a_part_that_does_not_exist_is_told_in_one_line(answered: Path) -> None:
    kept = entries(answered)
    status, told = walk_through(["screen", "--journal", str(answered), "--change", "feet"], person())
    assert (status, told.count("\n")) == (2, 1)
    assert told.startswith("Error: No part 'feet'")
    assert "body_map" in told
    assert entries(answered) == kept


def test_again_offers_only_what_was_done_before(answered: Path, clock: Clock) -> None:
    walk(answered, person(test_ready="d", sts5="12.5"), "--test", "sts5")
    clock.pass_days(7)
    me = person(health_changed="2", test_ready="d", sts5="11.5")
    told = walk(answered, me, "--again")
    assert f"Test 1 of 1: {name_of('sts5')}" in told
    assert f"{SAYS['last_time']} Crossed on the chest" in told
    assert [one.body.value for one in state(answered).measures] == [12.5, 11.5]
    assert in_order(told, SAYS["next_title"], "Test again from 2026-", "levelstride compare")


def test_json_has_standard_output_for_itself(answered: Path) -> None:
    err = io.StringIO()
    me = person(test_ready="d", sts5="12.5")
    status, out = walk_through(["screen", "--json", "--journal", str(answered), "--test", "sts5"], me, err)
    data = json.loads(out)
    assert status == 0
    assert (data["outcome"], data["level"], data["may_start"], data["missing"]) == ("done", "green", True, [])
    assert data["pages"]["done"] == data["pages"]["of"]
    assert in_order(plain(err.getvalue()), SAYS["screen"], "Test 1 of 1", SAYS["findings"], SAYS["next_title"])
    status, out = walk_through(["screen", "--why", "--json", "--journal", str(answered)], person(), err)
    assert json.loads(out) | {"outcome": "done"} == data


class Watch:
    """Stands in for the time module: only sleeping lets time pass."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        self.at += 6.25
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def test_the_timer_counts_up_between_two_presses(answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "time", Watch())
    me = person(test_ready="d", sts5="t", timer_start="", timer_stop="")
    told = walk(answered, me, "--test", "sts5")
    assert in_order(told, SAYS["timer_start"], SAYS["timer_stop"], "6.2 s", "Written down: 6.2 s.")
    assert results(answered)["sts5", None].value == 6.2


def test_the_timer_rings_when_the_time_is_over_and_asks_for_the_count(
    answered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "time", Watch())
    me = person(test_ready="d", chair30=["t", "15"], timer_start="")
    told = walk(answered, me, "--test", "chair30")
    assert in_order(told, SAYS["timer_start"], SAYS["timer_over"], SAYS["chair30"], "Written down: 15")
    assert results(answered)["chair30", None].value == 15


def test_x_during_the_timer_stops_the_test(answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "time", Watch())
    me = person(test_ready="d", sts5="t", timer_start="", timer_stop="x", stop_what="0")
    told = walk(answered, me, "--test", "sts5")
    assert in_order(told, SAYS["stop_first"], SAYS["stop_what"])
    assert results(answered)["sts5", None].not_measurable.code == "stopped"


def test_a_test_that_was_stopped_is_not_to_be_done_once_more(answered: Path) -> None:
    told = walk(answered, person(test_ready="d", sts5="x", stop_what="0"), "--test", "sts5")
    assert SAYS["next_title"] in told
    assert "screen --again" not in told
