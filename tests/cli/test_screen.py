"""Why it exists: walks made-up people through the whole screen and reads what they are told and what is kept."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from levelstride.cli import talk
from levelstride.cli.session import Session
from levelstride.journal.bodies import Clearance, Incident, Measured, Retraction
from levelstride.journal.state import State, fold
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from tests.cli.screen_driver import (
    Clock,
    Person,
    answer_everything,
    flag_page,
    nth,
    person,
    plain,
    texts,
    unfinished,
    walk_through,
)

KNOWN = knowledge()
SAYS = texts()
Walk = Callable[..., str]


def flag(name: str):
    return next(one for one in KNOWN.rules["red_flags"].flags if one.id == name)


def sign(name: str) -> str:
    """Return the answer that names one everyday sign."""
    return str(list(KNOWN.intake.signs).index(name) + 1)


def place(name: str) -> str:
    return str(list(KNOWN.intake.places).index(name) + 1)


def option(question: str, name: str) -> str:
    asked = [one for section in KNOWN.intake.sections for one in section.questions]
    return str(list(next(one for one in asked if one.id == question).options).index(name) + 1)


def name_of(test: str) -> str:
    return KNOWN.tests[test].name


MARK_PLACES = next(section.says or "" for section in KNOWN.intake.sections if section.id == "body_map")
NAME_SIGNS = next(iter(reversed(KNOWN.intake.signs.values()))).asks
#: The tests of each level for somebody of 36 without a helper (chair30 is from 60 on, thomas and walk6min need one).
OFFERED = {
    "maintenance": {"walk10", "sls_eo", "sts5"},
    "short_plan": {"walk10", "wblt", "sls_eo", "sts5", "lateral_step_down_q", "sl_bridge_reps"},
    "full_plan": {"walk10", "wblt", "sls_eo", "trendelenburg_seen", "sts5", "lateral_step_down_q", "sl_squat_quality"}
    | {"sl_bridge_reps", "side_lying_abd_hold", "side_bridge"},
}
STOP = SAYS["stop_choice_mistake"]  # the list of ways on ends with it, or goes on with the next
AGREED = SAYS["stop_choice_cleared"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(12)
    monkeypatch.setattr(Session, "now", lambda _: found())
    return found


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Path:
    """Return a place where no journal is yet."""
    return tmp_path / "mine.db"


@pytest.fixture(scope="module")
def answered_journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("answered") / "journal.db"
    answer_everything(path)
    return path


@pytest.fixture
def answered(answered_journal: Path, journal: Path) -> Path:
    """Return a journal with every answer of somebody harmless, from two hours ago, and no test."""
    shutil.copyfile(answered_journal, journal)
    return journal


def walk(path: Path, who: Person, *options: str, command: str = "screen", status: int = 0) -> str:
    """Run a command and return what it printed, without line breaks; nothing in it may look unfinished."""
    found, printed = walk_through([command, "--journal", str(path), *options], who)
    assert found == status, printed[-2000:]
    assert not unfinished(printed)
    return plain(printed)


def entries(path: Path) -> list:
    with SqliteStore(path) as store:
        return list(store.entries())


def state(path: Path) -> State:
    return fold(entries(path))


def results(path: Path) -> dict[tuple[str, str | None], Measured]:
    return {(one.body.test, one.body.side): one.body for one in state(path).measures}


def in_order(text: str, *pieces: str) -> bool:
    """Say whether all pieces stand in a text, one after the other."""
    at = 0
    for piece in pieces:
        at = text.find(plain(piece), at)
        if at < 0:
            return False
        at += 1
    return True


# ----------------------------------------------------------------------------------------------- the usual way


@pytest.mark.requirement("R145")
def test_a_harmless_adult_comes_to_results_and_next_steps(journal: Path) -> None:
    me = person(
        test_ready="d",
        walk10=["7.1", "6.9"],
        sls_eo=["45", "30", "f", "32"],
        sts5="12,5",
        sitting_longest="20",
    )
    told = walk(journal, me)
    assert in_order(
        told,
        SAYS["wellness_notice"],
        SAYS["not_reviewed"],
        SAYS["may_start"],
        "Test 1 of 3: Timed 10-metre walk",
        "Written down: 1.43 m/s.",
        "Test 2 of 3",
        "Written down: 45 s.",
        "Now the right side",
        "Written down: 32 s.",
        "Test 3 of 3",
        "Written down: 12.5 s.",
        SAYS["findings"],
        "The sides differ by 13 s",
        SAYS["wellness_notice"],
        SAYS["next_title"],
        "by 2026-09-28",
        "levelstride screen --again",
    )
    found = results(journal)
    assert set(found) == {("walk10", None), ("sls_eo", "left"), ("sls_eo", "right"), ("sts5", None)}
    assert found["sls_eo", "left"].trials == (45.0,)  # the full time: no more tries
    assert found["sls_eo", "right"].trials == (30.0, 32.0)  # the one that failed is not among them
    assert found["walk10", None].value == pytest.approx((10 / 7.1 + 10 / 6.9) / 2, abs=0.005)
    assert {one.origin.method for one in found.values()} == {"hand"}
    assert all(one.conditions["pain_during"] == "0" for one in found.values())
    kept = state(journal)
    facts = {name: kept.fact(name) for name in ("units", "birth_year", "birth_month", "norm_sex", "height_m")}
    assert facts == {"units": "metric", "birth_year": 1990, "birth_month": 3, "norm_sex": "female", "height_m": 1.72}
    assert kept.value("red_flags/ce_saddle") is False
    assert kept.value("intake/sitting_hours") == 6


def test_in_spanish_with_a_comma_in_the_height(journal: Path) -> None:
    says = texts("es")
    me = person(language="es", height="1,58", test_ready="d", sts5="12,5", tests_time="4")
    told = walk(journal, me, "--language", "es")
    assert in_order(told, says["screen"], says["wellness_notice"], "12,5 s", says["findings"], says["next_title"])
    for key in ("wellness_notice", "may_start", "pick_number", "findings", "next_title", "test_ready"):
        assert SAYS[key] not in told
    assert state(journal).fact("height_m") == 1.58
    assert state(journal).fact("language") == "es"
    assert results(journal)["sts5", None].value == 12.5
    assert says["findings"] in walk(journal, person(), command="findings")  # the journal keeps its language


def test_feet_and_inches_become_metres_and_centimetres(journal: Path) -> None:
    me = person(
        {MARK_PLACES: place("low_back"), **nth("wblt", "heel_stayed", "stayed")},
        units="2",
        height="5'8\"",
        severity="4",
        duration="5",
        brought_on="3",
        onset_distance_m="3000",
        onset_minutes="s",
        pain_now="2",
        test_ready="d",
        wblt=["4", "4.5", "3", "5", "5", "f"],
    )
    told = walk(journal, me, "--test", "wblt")
    assert SAYS["pick_feet"] in told
    assert SAYS["pick_metres"] not in told
    assert "Written down: 4.5 in." in told
    kept = state(journal)
    assert kept.fact("height_m") == pytest.approx(1.7272)
    assert kept.value("body_map/low_back/onset_distance_m") == 914  # 3000 feet
    found = results(journal)
    assert found["wblt", "left"].trials == pytest.approx((10.16, 11.43, 7.62))
    assert (found["wblt", "left"].value, found["wblt", "left"].unit) == (11.43, "cm")
    assert found["wblt", "right"].trials == pytest.approx((12.7, 12.7))
    metric = walk(journal, person(), "--units", "metric", command="findings")
    assert "11.4 cm" in metric
    assert " in," not in metric


# ----------------------------------------------------------------------------------------------- what stops


@pytest.mark.requirement("R054")
def test_an_emergency_stops_at_once_and_nothing_can_be_agreed_to_that_day(journal: Path, clock: Clock) -> None:
    me = person(flag_page("ce_urine"))
    told = walk(journal, me)
    after = told[told.index(SAYS["stop_title"]) :]
    emergency = plain(KNOWN.rules["red_flags"].levels["emergency"].says)
    assert after.startswith(f"{SAYS['stop_title']} {emergency}")  # what to do comes first
    assert in_order(after, SAYS["stop_in_emergency"], flag("ce_urine").says, flag("ce_urine").asks, SAYS["stop_locked"])
    assert me.was_asked(SAYS["stop_title"]) == 1
    assert me.asked[-1].endswith(plain(f"1 {SAYS['stop_choice_later']} 2 {SAYS['stop_choice_mistake']}"))
    assert not me.was_asked(flag("spine_shape").asks)
    assert SAYS["findings"] not in told

    again = person()
    assert AGREED not in walk(journal, again)  # later that day
    assert len(again.asked) == 1

    why = walk(journal, person(), "--why")
    assert "[red_flags: ce_urine]" in why
    given = [reason.says for name in ("readiness", "age_limits") for reason in KNOWN.rules[name].cases if reason.says]
    assert not [says for says in given if plain(says) in why]

    clock.pass_days(1)
    unsure = person({AGREED: "3", SAYS["cleared_knew"]: "2"})
    told = walk(journal, unsure)
    assert in_order(told, SAYS["cleared_knew"], flag("ce_urine").asks, SAYS["cleared_ask_first"])
    assert len(unsure.asked) == 2
    assert not [one for one in entries(journal) if isinstance(one.body, Clearance)]

    agreed = person(
        {AGREED: "3", SAYS["cleared_knew"]: "1"},
        cleared_by="1",
        cleared_day=["5", "2026-09-31", "2027-01-01", "0"],
        cleared_limits="No lifting.",
        bad_day="0",
        cleared_too_early="",
        tests_time="s",
    )
    told = walk(journal, agreed)
    assert in_order(told, SAYS["cleared_knew"], SAYS["cleared_too_early"], SAYS["bad_day"], SAYS["cleared_kept"])
    assert SAYS["may_start_agreed"] in told
    (clearance,) = [one.body for one in entries(journal) if isinstance(one.body, Clearance)]
    assert (clearance.given_by, clearance.note, clearance.covers) == ("doctor", "No lifting.", ("red_flags/ce_urine",))
    assert clearance.given_on == clock.at.date()


def test_in_an_emergency_findings_show_only_the_stop(answered: Path, clock: Clock) -> None:
    walk(answered, person(test_ready="d", sts5="12.5"), "--test", "sts5")
    assert "12.5 s" in walk(answered, person(), command="findings")
    clock.pass_days(3)
    walk(answered, person(health_changed="2", test_ready="d", sts5="11.5"), "--test", "sts5")
    assert in_order(walk(answered, person(), command="compare"), SAYS["compare"], name_of("sts5"))
    clock.pass_days(1)
    walk(answered, person({**flag_page("chest_pain")}, health_changed="1"))
    told = walk(answered, person(), command="findings")
    assert in_order(told, SAYS["stop_title"], SAYS["stop_in_emergency"], flag("chest_pain").says, SAYS["results_kept"])
    assert told.endswith(SAYS["results_kept"])
    for left_out in ("12.5", "Five chair stands", SAYS["what_next"], SAYS["margin_note"], "library show"):
        assert left_out not in told
    data = json.loads(walk_through(["findings", "--json", "--journal", str(answered)], person())[1])
    assert (data["level"], data["may_start"], data["findings"]) == ("emergency", False, [])
    told = walk(answered, person(), command="compare")
    assert in_order(told, SAYS["stop_title"], SAYS["stop_in_emergency"], flag("chest_pain").says, SAYS["results_kept"])
    for left_out in ("12.5", "11.5", name_of("sts5"), SAYS["compare_same"].split(":")[0], SAYS["chart_note"]):
        assert left_out not in told
    data = json.loads(walk_through(["compare", "--json", "--journal", str(answered)], person())[1])
    assert data == {"level": "emergency", "changes": []}


def test_a_sign_for_today_is_told_at_once_but_the_other_signs_are_asked_first(journal: Path, clock: Clock) -> None:
    me = person(flag_page("ca_night"))
    told = walk(journal, me)
    page = told.index(flag("ca_month").asks)
    at_once = told[page : told.index(flag("hip_fall_groin").asks)]
    assert in_order(at_once, flag("ca_night").says, SAYS["stop_reason"], flag("ca_night").asks, SAYS["stop_soon"])
    groups = {one.group: one for one in KNOWN.rules["red_flags"].flags}
    for group in ("hip_fracture", "leg_vein", "heart_brain", "nerve", "hip_joint"):
        assert me.was_asked(groups[group].asks) == 1
    assert in_order(told[page:], groups["hip_joint"].asks, SAYS["stop_title"], SAYS["stop_next"])
    assert not me.was_asked(KNOWN.rules["age_limits"].exclusions[0].asks)
    assert SAYS["tests_now"] not in told
    assert me.asked[-1].endswith(plain(AGREED))
    assert not state(journal).measures
    told = walk(journal, person({AGREED: "q"}))  # whoever leaves is told once more
    assert in_order(told, SAYS["stop_title"], flag("ca_night").says, flag("ca_night").says, SAYS["screen_paused"])


def test_a_wrong_answer_is_taken_back_and_asked_again(journal: Path) -> None:
    ((page, number),) = flag_page("ce_stool").items()
    me = person({page: [number, "0"], STOP: "2"}, tests_time="s")
    told = walk(journal, me)
    assert me.was_asked(flag("ce_stool").asks) == 3  # twice the page, once as the reason of the stop
    assert in_order(told, SAYS["stop_title"], SAYS["may_start"])
    taken = [one for one in entries(journal) if isinstance(one.body, Retraction)]
    assert [one.body.reason for one in taken] == ["answered by mistake"]
    assert state(journal).value("red_flags/ce_stool") is False
    assert flag("ce_stool").says not in walk(journal, person(), "--why")


# ----------------------------------------------------------------------------------------------- keys


def test_back_begins_a_page_anew_or_takes_back_the_one_before(journal: Path) -> None:
    me = person(
        {MARK_PLACES: [place("low_back"), "0"]},
        severity=["4", "5", "b"],
        duration=["b", "2", "2"],
        brought_on="6",
        birth_month=["b", "4"],
        birth_year=["1970", "1991"],
        pain_now="1",
        tests_time="s",
    )
    told = walk(journal, me)
    assert state(journal).fact("birth_year") == 1991
    assert me.was_asked(SAYS["birth_year"]) == 2
    # a page of several questions starts from its first one; what was typed on it is gone
    assert in_order(told, SAYS["severity"], SAYS["duration"], SAYS["page_again"], SAYS["severity"], SAYS["duration"])
    assert state(journal).value("body_map/low_back/severity") == 5
    assert state(journal).value("body_map/low_back/duration") == "weeks_2_6"
    taken = [one.body.reason for one in entries(journal) if isinstance(one.body, Retraction)]
    assert taken == ["taken back"]  # the year of birth, and nothing else


def test_back_in_the_first_question_of_a_page_asks_the_page_before(journal: Path) -> None:
    me = person({MARK_PLACES: [place("low_back"), "0"]}, severity="b", tests_time="s")
    told = walk(journal, me)
    assert in_order(told, SAYS["severity"], SAYS["went_back"], plain(MARK_PLACES))
    assert me.was_asked(SAYS["severity"]) == 1
    assert state(journal).value("body_map/places") == ()


def test_back_before_the_first_question_changes_nothing(journal: Path) -> None:
    told = walk(journal, person(language="es", units=["b", "q"]), "--language", "es")
    assert texts("es")["nothing_to_take_back"] in told
    assert state(journal).fact("language") == "es"


def test_back_never_loses_a_change_of_health(answered: Path, clock: Clock) -> None:
    clock.pass_days(5)
    me = person(health_changed=["1", "2"], pregnant=["b", "1"], tests_time="s")
    walk(answered, me)
    found = me.was_asked(SAYS["health_changed"]), state(answered).value("intake/health_changed")
    assert found in {(2, False), (1, True)}  # asked once more, or still a yes


def test_back_at_the_first_test_takes_back_no_answer_unasked(answered: Path) -> None:
    before = state(answered).answers
    me = person(test_to_steps=["b", ""])
    walk(answered, me, "--test", "sts5")
    lost = set(before) - set(state(answered).answers)
    assert not lost


def test_back_in_a_test_begins_it_anew_and_keeps_the_tests_before(answered: Path) -> None:
    me = person(test_ready="d", walk10=["7", "7"], sls_eo=["45", "30", "b", "40", "41", "42", "33", "34", "35"])
    told = walk(answered, me, "--test", "walk10", "--test", "sls_eo")
    assert in_order(told, "Test 2 of 2", "Now the right side", SAYS["page_again"], "Test 2 of 2", "Now the left side")
    assert told.count("Test 1 of 2") == 1
    found = results(answered)
    assert found["walk10", None].value == pytest.approx(10 / 7, abs=0.005)
    assert found["sls_eo", "left"].trials == (40.0, 41.0, 42.0)
    assert found["sls_eo", "right"].trials == (33.0, 34.0, 35.0)
    (taken,) = [one.body for one in entries(answered) if isinstance(one.body, Retraction)]
    written = {one.id: one.body for one in entries(answered) if isinstance(one.body, Measured)}
    assert taken.reason == "taken back"
    assert written.pop(taken.target).trials == (45.0,)  # the side this test had kept, and nothing else
    assert len(written) == 3


def test_a_safety_question_cannot_be_skipped_and_the_question_mark_explains(journal: Path) -> None:
    ((page, _),) = flag_page("ce_saddle").items()
    topic = KNOWN.rules["readiness"].topics[0]
    me = person({page: ["s", "?", "x", "9", "0,1", "0"]}, birth_year=["?", "1990"], tests_time="s")
    me.says[plain(topic.asks)] = ["s", "?", "maybe", "2"]
    told = walk(journal, me)
    why = next(one.why for section in KNOWN.intake.sections for one in section.questions if one.id == "birth_year")
    assert in_order(told, SAYS["birth_year"], why, SAYS["birth_year"])
    warning = next(section for section in KNOWN.intake.sections if section.holds == "red_flags")
    assert warning.says is not None
    assert in_order(
        told, flag("ce_sex").asks, SAYS["cannot_skip"], warning.says, flag("ce_saddle").asks, flag("ce_sex").asks,
        SAYS["bad_option"], SAYS["bad_option"], SAYS["bad_none"],
    )  # fmt: skip
    assert in_order(told, topic.asks, SAYS["cannot_skip"], SAYS["no_reason"], topic.asks, SAYS["bad_option"])
    assert state(journal).value("red_flags/ce_saddle") is False
    assert state(journal).value(f"readiness/{topic.id}") is False


def test_the_question_mark_on_a_list_does_not_repeat_one_line_of_it_alone(journal: Path) -> None:
    ((page, _),) = flag_page("ce_saddle").items()
    told = walk(journal, person({page: ["?", "q"]}))
    assert not told[: told.rindex(">")].rstrip().endswith(flag("ce_saddle").asks)


@pytest.mark.parametrize("leaving", ["q", "EOF"])
def test_whoever_leaves_goes_on_at_the_same_page(journal: Path, leaving: str) -> None:
    told = walk(journal, person(sitting_longest=leaving))
    assert told.endswith(SAYS["screen_paused"])
    kept = entries(journal)
    me = person(tests_time="s")
    told = walk(journal, me)
    assert entries(journal)[: len(kept)] == kept
    assert plain(me.asked[0]).count(SAYS["sitting_longest"]) == 1
    for before in ("units", "birth_year", "ce_saddle", "unwell_today", "sitting_hours"):
        assert me.was_asked(SAYS[before]) == 0
    assert SAYS["may_start"] in told


@pytest.mark.parametrize("leaving", ["q", "EOF"])
def test_whoever_leaves_in_a_test_keeps_the_tests_before(answered: Path, leaving: str) -> None:
    tests = ("--test", "walk10", "--test", "sts5")
    walk(answered, person(test_ready="d", walk10="7", sts5=leaving), *tests)
    assert set(results(answered)) == {("walk10", None)}
    me = person(test_ready="d", sts5="12", tests_time="0", sls_eo="45")
    told = walk(answered, me)
    assert name_of("walk10") not in told[: told.index(SAYS["findings"])]
    assert set(results(answered)) == {("walk10", None), ("sts5", None), ("sls_eo", "left"), ("sls_eo", "right")}


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
