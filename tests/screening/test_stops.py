"""Why it exists: what lifts a stop, and what never does."""

from datetime import date, timedelta

import pytest

from levelstride.journal.entry import Entry
from levelstride.journal.state import State, fold
from levelstride.screening.safety import decide
from tests.screening.safety_cases import (
    AFTER,
    DAY,
    IDLE,
    LAST,
    LATER,
    LIFTED,
    MAP_SIGNS,
    ROWS,
    SAID,
    UNWELL,
    effort,
    may_have_a_permit,
    names,
)
from tests.screening.support import (
    FLAGS,
    HARD_EFFORT_FROM,
    KNOWN,
    LEFT_OUT,
    NOW,
    PREGNANCY_SIGNS,
    PREGNANT,
    TOPICS,
    agreed,
    answered,
    facts,
    follow_up,
    harmless,
    said,
    taken_back,
)

STICKY = [path for path in LIFTED if path.startswith(("red_flags/", "exclusions/"))]


def around(path: str, *later: Entry) -> State:
    """Return a harmless intake with later entries, in which all that a pregnancy asks is answered when it is needed."""
    return answered(*later, changes=PREGNANCY_SIGNS if path == "intake/pregnant" else {})


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("path", STICKY)
def test_a_later_no_does_not_lift_a_yes(path):
    state = answered(said(path, True, SAID), said(path, False, AFTER), said(path, False, NOW + 30 * DAY))
    decision = decide(state, KNOWN, NOW + 31 * DAY)
    assert path in {why.question for reason in decision.stops for why in reason.because}
    assert not may_have_a_permit(decision)


@pytest.mark.parametrize(
    "exclusion", [one for one in KNOWN.rules["age_limits"].exclusions if one.caution], ids=lambda one: one.id
)
def test_the_caution_of_an_exclusion_stays_as_long_as_the_exclusion_does(exclusion):
    path = f"exclusions/{exclusion.id}"
    decision = decide(answered(said(path, True, SAID), said(path, False, AFTER)), KNOWN, NOW)
    assert {f"age_limits/{exclusion.id}", f"cautions/{exclusion.caution}"} == set(names(decision.stops))
    assert set(decision.cautions) == {exclusion.caution}


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_after_the_yes_lifts_it_and_a_new_yes_stops_again(path):
    value, covers = LIFTED[path]
    yes, agreement, again = said(path, value, SAID), agreed(*covers, at=AFTER), said(path, value, LATER)
    stopped = decide(around(path, yes), KNOWN, NOW)
    assert not stopped.may_start
    assert {reason.clears for reason in stopped.stops} == set(covers)
    assert may_have_a_permit(decide(around(path, yes, agreement), KNOWN, NOW))
    assert not may_have_a_permit(decide(around(path, yes, agreement, again), KNOWN, NOW))
    assert may_have_a_permit(decide(around(path, yes, agreement, again, agreed(*covers, at=LAST)), KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_before_the_yes_does_not_lift_it(path):
    value, covers = LIFTED[path]
    early, same = agreed(*covers, at=SAID - timedelta(minutes=1)), agreed(*covers, at=SAID)
    assert not may_have_a_permit(decide(around(path, said(path, value, SAID), early, same), KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_to_everything_else_does_not_lift_it(path):
    value, covers = LIFTED[path]
    others = {name for _, names in LIFTED.values() for name in names} - set(covers)
    state = around(path, said(path, value, SAID), agreed(*sorted(others), at=AFTER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_that_was_taken_back_lifts_nothing(path):
    value, covers = LIFTED[path]
    agreement = agreed(*covers, at=AFTER)
    state = around(path, said(path, value, SAID), agreement, taken_back(agreement, LATER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_taking_the_answer_back_lifts_it(path):
    value, _ = LIFTED[path]
    yes = said(path, value, SAID)
    before = harmless().get(path)
    rest = () if before is not None else (said(path, False, NOW),)
    assert not may_have_a_permit(decide(around(path, yes), KNOWN, NOW))
    decision = decide(around(path, yes, taken_back(yes), *rest), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == ("green", True)


@pytest.mark.parametrize("name", TOPICS)
def test_an_agreement_lifts_the_follow_ups_of_a_topic_and_keeps_its_cautions(name):
    topic = TOPICS[name]
    changes = {f"readiness/{name}": True, **{f"readiness/{name}/{n}": True for n in range(len(topic.follow_up))}}
    codes = {code for codes in (topic.cautions, *topic.follow_up_cautions) for code in codes}
    agreement = agreed(f"readiness/{name}", *sorted(codes), at=NOW)
    decision = decide(answered(agreement, changes=changes), KNOWN, NOW)
    assert (decision.level, set(decision.cautions)) == ("caution", codes)
    again = answered(agreement, said(f"readiness/{name}/0", True, NOW + DAY), changes=changes)
    assert not may_have_a_permit(decide(again, KNOWN, NOW + DAY))


def test_an_agreement_lifts_the_stop_of_an_inactive_70_year_old_until_it_is_answered_again():
    agreement = agreed("readiness/age_70")
    lifted = answered(agreement, changes=IDLE, age=70)
    assert may_have_a_permit(decide(lifted, KNOWN, NOW))
    again = answered(agreement, said("intake/active_now", False, NOW + DAY), changes=IDLE, age=70)
    assert not may_have_a_permit(decide(again, KNOWN, NOW + DAY))


def test_an_agreement_opens_hard_effort():
    closed = answered(changes=effort(False, True), age=50)
    opened = answered(agreed("readiness/age_45_vigorous"), changes=effort(False, True), age=50)
    assert "block_vigorous" in decide(closed, KNOWN, NOW).actions
    assert "block_vigorous" not in decide(opened, KNOWN, NOW).actions


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.name.replace(" ", "-")) for row in ROWS if row.level in ("block", "clinician_only")],
)
def test_no_agreement_lifts_an_age(row):
    every = {name for _, names in LIFTED.values() for name in names} | set(row.stops)
    state = answered(agreed(*sorted(every)), changes=row.changes, age=row.age, **row.facts)
    assert decide(state, KNOWN, NOW).level == row.level


def test_an_agreement_lifts_neither_feeling_unwell_nor_a_change_of_health():
    every = agreed("readiness/unwell", "intake/unwell_today", "readiness/health_change", "intake/health_changed")
    assert decide(answered(every, changes=UNWELL), KNOWN, NOW).level == "hold"
    changed = answered(said("intake/health_changed", True, SAID), every)
    assert decide(changed, KNOWN, NOW).level == "rescreen"


MAP_YES_NO = sorted(question.id for question in KNOWN.intake.place_details if question.kind == "yes_no")


@pytest.mark.requirement("R002", "R054")
@pytest.mark.parametrize("value", [True, "not_sure"], ids=["yes", "not-sure"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("place", "detail", "flag", "level"), MAP_SIGNS, ids=lambda v: str(v))
def test_an_answer_on_the_body_map_is_a_warning_sign(place, detail, flag, level, side, value):
    path = f"body_map/{place}/{detail}"
    yes, no = said(path, value, SAID, side), said(path, False, AFTER, side)
    agreement = agreed(f"red_flags/{flag}", at=AFTER)
    for entries in ([yes], [yes, no], [yes, said(path, False, AFTER, "left"), said(path, False, AFTER, "right")]):
        decision = decide(answered(*entries), KNOWN, NOW)
        assert decision.level == level
        (reason,) = decision.stops
        assert (reason.case, reason.says) == (flag, FLAGS[flag].says)
        assert [(why.question, why.answer) for why in reason.because] == [(path, value)]
    assert may_have_a_permit(decide(answered(yes, agreement), KNOWN, NOW))
    assert not may_have_a_permit(decide(answered(yes, agreement, said(path, True, LATER, side)), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(yes, taken_back(yes)), KNOWN, NOW))


@pytest.mark.parametrize("place", KNOWN.intake.places)
@pytest.mark.parametrize("detail", MAP_YES_NO)
def test_no_other_answer_on_the_body_map_is_a_warning_sign(place, detail):
    if (place, detail) in [case[:2] for case in MAP_SIGNS]:
        assert detail in KNOWN.intake.places[place].raises
        return
    side = "left" if KNOWN.intake.places[place].sided else None
    assert detail not in KNOWN.intake.places[place].raises
    assert may_have_a_permit(decide(answered(said(f"body_map/{place}/{detail}", True, SAID, side)), KNOWN, NOW))


def test_the_sign_and_the_place_that_says_the_same_are_one_stop_and_both_are_named():
    place = said("body_map/shin_calf/eases_standing", True, SAID, "left")
    sign = said("red_flags/calf_walk", True, AFTER)
    decision = decide(answered(place, sign), KNOWN, NOW)
    (reason,) = decision.stops
    assert {why.entry for why in reason.because} == {place.id, sign.id}
    early = agreed("red_flags/calf_walk", at=AFTER - timedelta(minutes=1))
    assert not may_have_a_permit(decide(answered(place, sign, early), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(place, sign, agreed("red_flags/calf_walk", at=LATER)), KNOWN, NOW))


def test_a_stop_names_both_sides_that_were_answered_with_yes():
    path = "body_map/groin/gives_way"
    left, right = said(path, True, SAID, "left"), said(path, True, AFTER, "right")
    (reason,) = decide(answered(left, right), KNOWN, NOW).stops
    assert {why.entry for why in reason.because} == {left.id, right.id}


# ------------------------------------------------------------------------------------------------------- pregnancy


@pytest.mark.requirement("R054", "R096")
@pytest.mark.parametrize("path", PREGNANCY_SIGNS)
def test_a_sign_of_pregnancy_stays_when_the_person_is_pregnant_no_more(path):
    yes, over = said(path, True, SAID), said("intake/pregnant", "no", AFTER)
    decision = decide(answered(yes, over, changes=PREGNANT), KNOWN, NOW)
    assert path in {why.question for reason in decision.stops for why in reason.because}
    covers = {reason.clears for reason in decision.stops}
    assert None not in covers
    assert may_have_a_permit(decide(answered(yes, over, agreed(*covers, at=LATER), changes=PREGNANT), KNOWN, NOW))


@pytest.mark.parametrize("value", ["no", "birth_recent", None])
def test_who_is_not_pregnant_is_not_missed_an_answer_about_it(value):
    decision = decide(answered(changes={"intake/pregnant": value}), KNOWN, NOW)
    assert decision.missing == (() if value is not None else ("intake/pregnant",))


def test_who_is_pregnant_now_owes_all_the_answers_about_it():
    decision = decide(answered(said("intake/pregnant", "pregnant", NOW)), KNOWN, NOW)
    assert set(decision.missing) == set(PREGNANCY_SIGNS)
    assert len(decision.missing) == 10
    assert "incomplete" in [reason.case for reason in decision.stops]


@pytest.mark.parametrize(
    ("year", "month", "asked"),
    [(1966, 1, True), (1965, 6, True), (1965, 5, True), (1965, 4, False), (1950, 1, False)],
)
def test_pregnancy_is_asked_up_to_60(year, month, asked):
    changes = {**harmless(HARD_EFFORT_FROM), "intake/pregnant": LEFT_OUT}
    answers = [said(path, value) for path, value in changes.items() if value is not LEFT_OUT]
    decision = decide(fold([facts(birth_year=year, birth_month=month), *answers]), KNOWN, NOW)
    assert decision.missing == (("intake/pregnant",) if asked else ())


# ------------------------------------------------------------------------------------------- a fall sets poor balance

FALLS = ("sess_fall", "sess_fall_bad", "sess_fall_hurt")


@pytest.mark.requirement("R096", "R155")
@pytest.mark.parametrize("flag", FLAGS)
def test_a_fall_in_a_session_is_remembered_as_poor_balance_and_no_other_sign_is(flag):
    path = f"red_flags/{flag}"
    codes = {"BAL"} if flag in FALLS else set()
    yes, no = said(path, True, SAID), said(path, False, LATER)
    agreement = agreed(path, at=AFTER)
    for entries in ([yes], [yes, no], [yes, agreement], [yes, agreement, no]):
        decision = decide(answered(*entries), KNOWN, NOW)
        assert set(decision.cautions) == codes
        assert decision.may_start == (agreement in entries)
        for because in decision.cautions.values():
            assert [(why.question, why.answer, why.entry) for why in because] == [(path, True, yes.id)]
    assert decide(answered(yes, taken_back(yes)), KNOWN, NOW).cautions == {}
    assert decide(answered(no), KNOWN, NOW).cautions == {}


# ------------------------------------------------------------------------------------- who lifted what, on which day

#: Answers that stop, what an agreement must cover, and the questions it is told for.
TOLD = [
    pytest.param({"red_flags/ca_month": True}, "red_flags/ca_month", {"red_flags/ca_month"}, 40, id="sign"),
    pytest.param({"exclusions/joint_infection": True}, "exclusions/joint_infection", None, 40, id="exclusion"),
    pytest.param({"intake/conditions": ("thr",)}, "THR", {"intake/conditions"}, 40, id="code"),
    pytest.param(PREGNANT, "PREG", {"intake/pregnant"}, 40, id="pregnant"),
    pytest.param(
        follow_up("other_illness", 1),
        "readiness/other_illness",
        {"readiness/other_illness", "readiness/other_illness/1"},
        40,
        id="follow-up",
    ),
    pytest.param(IDLE, "readiness/age_70", {"profile/birth_year", "intake/active_now"}, 70, id="inactive-70"),
    pytest.param({"intake/rest_pain": 8.0}, "screening_signs/pain_or_marked", {"intake/rest_pain"}, 40, id="pain"),
    pytest.param(
        {"intake/daily_tasks": True}, "screening_signs/pain_or_marked", {"intake/daily_tasks"}, 40, id="tasks"
    ),
]


@pytest.mark.parametrize(("changes", "covers", "about", "age"), TOLD)
def test_a_decision_tells_what_an_agreement_lifted_by_whom_and_when(changes, covers, about, age):
    about = {covers} if about is None else about
    stopped = decide(answered(changes=changes, age=age), KNOWN, NOW)
    assert (stopped.may_start, stopped.lifted) == (False, ())
    agreement = agreed(covers)
    decision = decide(answered(agreement, changes=changes, age=age), KNOWN, NOW)
    assert decision.may_start
    assert {(one.given_by, one.given_on) for one in decision.lifted} == {("Dr Test", date(2026, 5, 1))}
    assert {why.question for one in decision.lifted for why in one.because} == about
    back = answered(agreement, taken_back(agreement), changes=changes, age=age)
    assert decide(back, KNOWN, NOW).lifted == ()


def test_an_agreement_to_what_was_never_said_lifted_nothing():
    decision = decide(answered(agreed("red_flags/ca_month", "THR", "PREG", "readiness/other_illness")), KNOWN, NOW)
    assert (decision.level, decision.lifted) == ("green", ())


def test_a_yes_after_the_agreement_is_not_told_as_lifted():
    path = "red_flags/ca_month"
    decision = decide(answered(said(path, True, SAID), agreed(path, at=AFTER), said(path, True, LATER)), KNOWN, NOW)
    assert (decision.level, decision.lifted) == ("before_start", ())


def test_of_two_stops_only_the_lifted_one_is_told():
    changes = {"red_flags/ca_month": True, "red_flags/ca_many": True}
    decision = decide(answered(agreed("red_flags/ca_many"), changes=changes), KNOWN, NOW)
    assert [reason.case for reason in decision.stops] == ["ca_month"]
    assert [why.question for one in decision.lifted for why in one.because] == ["red_flags/ca_many"]


@pytest.mark.parametrize(("age", "fact"), [(17, "guardian_agrees"), (16, "guardian_agrees"), (15, "clinician_linked")])
def test_a_stop_for_want_of_somebody_names_the_no_it_rests_on(age, fact):
    (reason,) = decide(answered(age=age, **{fact: False}), KNOWN, NOW).stops
    assert {why.question: why.answer for why in reason.because} == {
        "profile/birth_year": NOW.year - age,
        f"profile/{fact}": False,
    }
