"""Why it exists: walks made-up people through the whole screen and reads what they are told and what is kept."""

import json
from pathlib import Path

import pytest

from levelstride.journal.bodies import Clearance, Measured, Retraction
from tests.cli.screen_driver import (
    Clock,
    flag_page,
    nth,
    person,
    plain,
    texts,
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
