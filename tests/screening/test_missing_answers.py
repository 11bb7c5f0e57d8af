"""Why it exists: without the answers that safety needs nobody starts, however old or odd they are."""

from typing import Any

import pytest

from levelstride.journal.entry import Entry
from levelstride.screening.safety import decide
from tests.screening.safety_cases import AFTER, AGREED_PREGNANCY, LONG_AGO, NEEDED, SAID, YEAR, may_have_a_permit
from tests.screening.support import (
    DAILY,
    HARD_EFFORT_FROM,
    KNOWN,
    LEFT_OUT,
    NOW,
    PREGNANCY_SIGNS,
    PREGNANT,
    TOPICS,
    agreed,
    answered,
    calm,
    harmless,
    said,
    taken_back,
)


def needing(path: str) -> tuple[dict[str, Any], tuple[Entry, ...]]:
    """Return the answers and the agreement with which a person is asked a question."""
    return (PREGNANT, AGREED_PREGNANCY) if path in PREGNANCY_SIGNS else ({}, ())


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", [*NEEDED, *PREGNANCY_SIGNS])
def test_a_safety_answer_that_is_not_there_allows_no_start(path, value):
    asked, later = needing(path)
    assert may_have_a_permit(decide(answered(*later, changes=asked, age=HARD_EFFORT_FROM), KNOWN, NOW))
    decision = decide(answered(*later, changes={**asked, path: value}, age=HARD_EFFORT_FROM), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))
    assert not may_have_a_permit(decision)


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", DAILY)
def test_nobody_starts_who_has_never_said_how_they_are(path, value):
    decision = decide(answered(changes={path: value}), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))
    assert not may_have_a_permit(decision)


@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", [path for name in TOPICS for path in calm(name) if path.count("/") == 2])
def test_a_follow_up_that_is_not_there_allows_no_start(path, value):
    name = path.split("/")[1]
    codes = TOPICS[name].cautions
    later = (agreed(*codes),) if codes else ()
    decision = decide(answered(*later, changes={**calm(name), path: value}), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))


@pytest.mark.parametrize("age", [7, 8, 15, 16])
def test_the_signs_of_a_childs_hip_are_missed_from_8_to_15(age):
    fields = {"guardian_agrees": True, "clinician_linked": True}
    state = answered(
        changes={f"red_flags/child_{name}": LEFT_OUT for name in ("limp", "pain", "foot")}, age=age, **fields
    )
    missing = {"red_flags/child_limp", "red_flags/child_pain", "red_flags/child_foot"} if 8 <= age <= 15 else set()
    assert set(decide(state, KNOWN, NOW).missing) == missing


@pytest.mark.parametrize("path", [path for path in [*NEEDED, *PREGNANCY_SIGNS] if path not in DAILY])
def test_a_safety_answer_of_more_than_a_year_ago_counts_no_more(path):
    asked, later = needing(path)
    old = {**asked, path: LEFT_OUT}
    value = {**harmless(HARD_EFFORT_FROM), **PREGNANCY_SIGNS}[path]
    stale = answered(*later, said(path, value, LONG_AGO), changes=old, age=HARD_EFFORT_FROM)
    assert decide(stale, KNOWN, NOW).missing == (path,)
    fresh = answered(*later, said(path, value, NOW - YEAR), changes=old, age=HARD_EFFORT_FROM)
    assert may_have_a_permit(decide(fresh, KNOWN, NOW))


@pytest.mark.parametrize("path", DAILY)
def test_what_is_asked_every_day_is_never_too_old(path):
    value = harmless()[path]
    old = answered(said(path, value, LONG_AGO), changes={path: LEFT_OUT})
    assert may_have_a_permit(decide(old, KNOWN, NOW))
    stops = {"intake/unwell_today": (True, "unwell"), "intake/rest_pain": (6.0, "pain_or_marked")}
    bad, case = stops[path]
    (reason,) = decide(answered(said(path, bad, LONG_AGO), changes={path: LEFT_OUT}), KNOWN, NOW).stops
    assert reason.case == case
    assert may_have_a_permit(decide(answered(said(path, bad, SAID), said(path, value, AFTER)), KNOWN, NOW))


@pytest.mark.parametrize("path", harmless())
def test_a_change_of_health_is_over_when_every_question_was_answered_again(path):
    changed = said("intake/health_changed", True, SAID)
    again = {one: said(one, value, AFTER) for one, value in harmless().items()}
    assert decide(answered(changed), KNOWN, NOW).level == "rescreen"
    without = [entry for one, entry in again.items() if one != path]
    assert may_have_a_permit(decide(answered(changed, *without), KNOWN, NOW)) == (path in DAILY)
    again = list(again.values())
    assert decide(answered(changed, *again), KNOWN, NOW).level == "green"


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [False, None], ids=["no", "skipped"])
def test_a_later_no_does_not_undo_a_change_of_health(value):
    changed, no = said("intake/health_changed", True, SAID), said("intake/health_changed", value, AFTER)
    decision = decide(answered(changed, no), KNOWN, NOW)
    assert not may_have_a_permit(decision)
    assert decision.level == "rescreen"


def test_taking_a_change_of_health_back_undoes_it():
    changed = said("intake/health_changed", True, SAID)
    assert decide(answered(changed, taken_back(changed)), KNOWN, NOW).level == "green"


def test_an_old_warning_sign_stops_for_ever():
    yes = said("red_flags/ca_weight", True, NOW - 5 * YEAR)
    assert decide(answered(yes), KNOWN, NOW).level == "same_day"


#: Every yes-no question of the safety part: only yes, no and unsure are answers to it.
YES_NO_PATHS = [
    path
    for path in [*NEEDED, *PREGNANCY_SIGNS, "readiness/medicines/0"]
    if isinstance(harmless(HARD_EFFORT_FROM).get(path, True), bool)
]


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", ["yes", 0.0, ("yes",)], ids=repr)
@pytest.mark.parametrize("path", YES_NO_PATHS)
def test_what_is_neither_yes_nor_no_nor_unsure_is_no_answer(path, value):
    asked, later = needing(path)
    asked = {**asked, **(calm("medicines") if path == "readiness/medicines/0" else {}), path: value}
    decision = decide(answered(*later, changes=asked, age=HARD_EFFORT_FROM), KNOWN, NOW)
    assert path in decision.missing
    assert not may_have_a_permit(decision)
