"""Why it exists: what is written down is what was answered; a step and a mistake can be taken back, and nothing else.

Also which tests a person is offered by hand, which are left out, and which are still open in this round."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Answers, Profile, Retraction
from levelstride.journal.entry import Entry
from levelstride.journal.state import fold
from levelstride.screening.questions import Item, Page, next_page
from levelstride.screening.safety import decide
from levelstride.screening.writing import (
    clearance_body,
    entries_of,
    mistaken,
    page_bodies,
    undo,
)
from tests.screening.support import (
    ANSWERED,
    KNOWN,
    NOW,
    PREGNANT,
    ZONE,
    agreed,
    answered,
    facts,
    follow_up,
    hurts,
    intake,
    person,
    said,
    stopped_test,
    taken_back,
    unreadable,
)
from tests.screening.writing_cases import DAY, MINUTE, TODAY, measured

# ------------------------------------------------------------------------------------------------- an answered page

YEAR = Item("intake/birth_year", "?", "number", low=1905, high=2026, fills="birth_year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = Item("intake/birth_month", "?", "one", options={name: name for name in MONTHS}, fills="birth_month")
HEIGHT = Item("intake/height", "?", "number", low=0.9, high=2.3, whole=False, optional=True, fills="height_m")
GUARDIAN = Item("intake/guardian_agrees", "?", "yes_no", fills="guardian_agrees")
PAIN = Item("intake/rest_pain", "?", "rating")
LEFT = Item("body_map/knee/severity", "?", "rating", side="left")
RIGHT = Item("body_map/knee/severity", "?", "rating", side="right")


def page(*items: Item) -> Page:
    return Page("a", "a", "A", items)


def filled(*pairs: tuple[Item, Any]) -> tuple[Any, ...]:
    """Return the bodies of a page with these answers."""
    return page_bodies(page(*(item for item, _ in pairs)), {(item.path, item.side): value for item, value in pairs})


@pytest.mark.parametrize(
    ("item", "value", "field", "kept"),
    [
        (YEAR, 1986.0, "birth_year", 1986),
        (MONTH, "jan", "birth_month", 1),
        (MONTH, "dec", "birth_month", 12),
        (HEIGHT, 1.755, "height_m", 1.755),
        (GUARDIAN, True, "guardian_agrees", True),
        (GUARDIAN, False, "guardian_agrees", False),
        (GUARDIAN, "not_sure", "guardian_agrees", False),
    ],
)
def test_a_fact_goes_into_the_profile(item, value, field, kept):
    (body,) = filled((item, value))
    assert body == Profile(**{field: kept})
    assert type(getattr(body, field)) is type(kept)


def test_an_answer_keeps_its_path_and_its_side():
    (body,) = filled((LEFT, 7.0), (RIGHT, 2.0), (PAIN, 0.0))
    assert [(one.question, one.side, one.value) for one in body.given] == [
        ("body_map/knee/severity", "left", 7.0),
        ("body_map/knee/severity", "right", 2.0),
        ("intake/rest_pain", None, 0.0),
    ]


def test_a_skipped_fact_is_kept_as_skipped():
    (body,) = filled((HEIGHT, None))
    assert isinstance(body, Answers)
    assert [(one.question, one.value) for one in body.given] == [("intake/height", None)]


def test_facts_and_answers_of_one_page_are_two_bodies():
    profile, answers = filled((YEAR, 1986.0), (PAIN, 3.0), (MONTH, "may"))
    assert profile == Profile(birth_year=1986, birth_month=5)
    assert [one.question for one in answers.given] == ["intake/rest_pain"]


def test_a_page_with_a_wrong_answer_is_not_written_at_all():
    with pytest.raises(ValueError, match="range"):
        filled((YEAR, 1986.0), (PAIN, 11.0))
    with pytest.raises(ValueError, match="required"):
        filled((PAIN, None))
    with pytest.raises(KeyError):
        page_bodies(page(LEFT, RIGHT), {(LEFT.path, "left"): 7.0})


def test_the_bodies_of_a_page_are_of_one_moment():
    entries = entries_of(filled((YEAR, 1986.0), (PAIN, 3.0)), at=NOW, zone=ZONE)
    assert [entry.kind for entry in entries] == ["profile", "answers"]
    assert {(entry.at, entry.zone) for entry in entries} == {(NOW, ZONE)}
    assert len({entry.id for entry in entries}) == 2


# ----------------------------------------------------------------------------------------------- an agreement

SIGN = "red_flags/ca_month"


def stops_of(*later: Entry, **kept: Any) -> Sequence[Any]:
    return decide(answered(*later, **kept), KNOWN, NOW).stops


@pytest.mark.parametrize(("days", "taken"), [(-30, False), (-1, False), (0, True), (1, True), (30, True)])
def test_an_agreement_is_not_older_than_the_answer_it_is_about(days, taken):
    stops = stops_of(said(SIGN, True, NOW - 40 * DAY))
    given_on = (NOW + DAY * (days - 40)).date()
    if not taken:
        with pytest.raises(ValueError) as refused:
            clearance_body(stops, given_by="doctor", given_on=given_on)
        assert str(refused.value) == "too_early"
        return
    body = clearance_body(stops, given_by="doctor", given_on=given_on, note="no jumps")
    assert body is not None
    assert (body.covers, body.given_by, body.given_on, body.note) == ((SIGN,), "doctor", given_on, "no jumps")


def test_of_several_answers_the_latest_counts():
    stops = stops_of(said(SIGN, True, NOW - 40 * DAY), said("red_flags/ca_many", True, NOW - 5 * DAY))
    with pytest.raises(ValueError, match="too_early"):
        clearance_body(stops, given_by="doctor", given_on=(NOW - 6 * DAY).date())
    body = clearance_body(stops, given_by="doctor", given_on=(NOW - 5 * DAY).date())
    assert body is not None
    assert set(body.covers) == {SIGN, "red_flags/ca_many"}


def test_the_day_of_an_answer_is_the_day_where_it_was_given():
    late = NOW.replace(hour=0, minute=30)  # in UTC still the day before
    stops = stops_of(said(SIGN, True, late))
    with pytest.raises(ValueError, match="too_early"):
        clearance_body(stops, given_by="doctor", given_on=TODAY - DAY)
    assert clearance_body(stops, given_by="doctor", given_on=TODAY) is not None


def test_an_agreement_covers_each_key_once():
    changes = {"intake/conditions": ("surg",), "exclusions/weight_bearing_limit": True}
    body = clearance_body(stops_of(changes=changes), given_by="surgeon", given_on=TODAY)
    assert body is not None
    assert sorted(body.covers) == ["SURG", "exclusions/weight_bearing_limit"]
    assert body.note is None


def test_an_agreement_to_what_none_lifts_is_none():
    assert clearance_body(stops_of(changes={"intake/unwell_today": True}), given_by="a", given_on=TODAY) is None
    assert clearance_body(stops_of(age=15, clinician_linked=False), given_by="a", given_on=TODAY) is None
    assert clearance_body((), given_by="a", given_on=TODAY) is None


def test_an_answer_that_no_agreement_is_about_makes_none_too_early():
    stops = stops_of(said("intake/unwell_today", True, NOW), said(SIGN, True, NOW - 40 * DAY))
    assert [reason.clears for reason in stops] == [SIGN, None]
    body = clearance_body(stops, given_by="doctor", given_on=(NOW - 30 * DAY).date())
    assert body is not None
    assert body.covers == (SIGN,)


#: What stops -> answers, age; each is lifted by the one agreement that is written for it.
LIFTABLE = [
    pytest.param({SIGN: True}, 40, id="sign"),
    pytest.param({"exclusions/unstable_heart": True}, 40, id="exclusion-with-a-code"),
    pytest.param(PREGNANT, 40, id="pregnant"),
    pytest.param({**PREGNANT, "exclusions/complicated_pregnancy": True}, 40, id="pregnant-with-problems"),
    pytest.param({"intake/conditions": ("thr", "surg")}, 40, id="codes"),
    pytest.param(follow_up("medicines", 1), 40, id="follow-up"),
    pytest.param({"intake/active_now": False}, 80, id="inactive-80"),
    pytest.param({"intake/rest_pain": 9.0, "intake/daily_tasks": True}, 40, id="pain"),
]


@pytest.mark.parametrize(("changes", "age"), LIFTABLE)
def test_an_agreement_to_all_stops_lifts_all_stops(changes, age):
    stops = stops_of(changes=changes, age=age)
    assert stops
    body = clearance_body(stops, given_by="doctor", given_on=TODAY)
    assert body is not None
    (entry,) = entries_of([body], at=NOW, zone=ZONE)
    decision = decide(answered(entry, changes=changes, age=age), KNOWN, NOW + MINUTE)
    assert decision.stops == ()
    assert {(one.given_by, one.given_on) for one in decision.lifted} == {("doctor", TODAY)}


# ------------------------------------------------------------------------------------------------- a wrong answer


def corrected(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries after "I chose a wrong answer"."""
    bodies = mistaken(decide(fold(entries), KNOWN, NOW))
    return [*entries, *entries_of(bodies, at=NOW, zone=ZONE)]


#: The entries with the wrong answers.
WRONG = [
    pytest.param([said(SIGN, True)], id="sign"),
    pytest.param([said(SIGN, "not_sure")], id="sign-not-sure"),
    pytest.param([said(SIGN, True), said("red_flags/nerve_leg", True)], id="signs-of-two-pages"),
    pytest.param([said("exclusions/unstable_heart", True)], id="exclusion"),
    pytest.param([said("intake/pregnant", "birth_recent")], id="birth"),
    pytest.param([said("intake/conditions", ("thr", "fai"))], id="condition"),
    pytest.param([said("readiness/heart_pressure", True)], id="heart"),
    pytest.param([said("intake/unwell_today", True)], id="unwell"),
    pytest.param([said("intake/rest_pain", 8.0), said("intake/daily_tasks", True)], id="pain-and-tasks"),
    pytest.param([said("intake/health_changed", True)], id="health-changed"),
    pytest.param([hurts(8.0)], id="pain-now"),
    pytest.param([hurts(8.0), hurts(6.0, place="ankle")], id="pain-now-at-two-places"),
    pytest.param([stopped_test()], id="stopped-test"),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_takes_back_exactly_the_answers_behind_the_stops(wrong):
    others = [said("intake/fell_lately", "once"), said("body_map/places", ("knee",)), agreed("red_flags/ce_legs")]
    before = intake(at=ANSWERED - MINUTE)
    decision = decide(fold([*before, *others, *wrong]), KNOWN, NOW)
    assert not decision.may_start
    bodies = mistaken(decision)
    assert all(isinstance(body, Retraction) for body in bodies)
    assert sorted(body.target for body in bodies) == sorted(entry.id for entry in wrong)
    after = fold(corrected([*before, *others, *wrong]))
    assert after.retracted == frozenset(entry.id for entry in wrong)
    assert decide(after, KNOWN, NOW).may_start
    assert set(decide(after, KNOWN, NOW).cautions) == {"BAL"}


def test_signs_of_one_page_are_taken_back_together_and_asked_again():
    lists = {"red_flags/ca_month": True, "red_flags/ca_many": True, "red_flags/ca_past": False}
    start = intake(dict.fromkeys(lists, None), units="metric", height_m=1.7, norm_sex="female")
    chosen = page_bodies(page(*(Item(path, "?", "yes_no") for path in lists)), {(p, None): v for p, v in lists.items()})
    (entry,) = entries_of(chosen, at=NOW, zone=ZONE)
    after = corrected([*start, entry])
    assert fold(after).retracted == {entry.id}
    again = next_page(fold(after), KNOWN, NOW)
    assert again is not None
    assert again.id == "warning_signs/cancer"
    assert set(lists) <= {item.path for item in again.items}


def test_a_mistake_about_a_place_opens_that_answer_again():
    left = said("body_map/groin/gives_way", True, NOW, "left")
    before = [said("body_map/places", ("groin",)), said("body_map/groin/side", "left"), left]
    assert fold(corrected([*intake(), *before])).retracted == {left.id}


def test_a_mistake_about_both_sides_is_taken_back_on_both():
    path = "body_map/groin/gives_way"
    left, right = said(path, True, NOW - MINUTE, "left"), said(path, True, NOW, "right")
    after = fold(corrected([*intake(), left, right]))
    assert after.retracted == {left.id, right.id}
    assert decide(after, KNOWN, NOW).may_start


@pytest.mark.parametrize(
    ("age", "fact"), [(16, "guardian_agrees"), (17, "guardian_agrees"), (12, "clinician_linked")], ids=str
)
def test_a_no_that_was_meant_as_a_yes_can_be_given_again(age, fact):
    born = {"units": "metric", "height_m": 1.7, "norm_sex": "female"}
    wrong = facts(NOW, **{fact: False})
    after = fold(corrected([*intake(age=age, **born), wrong]))
    assert after.fact(fact) is None
    assert wrong.id in after.retracted


def test_what_stops_nobody_is_not_taken_back():
    assert mistaken(decide(answered(), KNOWN, NOW)) == ()
    assert mistaken(decide(answered(changes={"intake/conditions": ("fai",)}), KNOWN, NOW)) == ()
    teen = answered(age=17, guardian_agrees=True)
    assert mistaken(decide(teen, KNOWN, NOW)) == ()


@pytest.mark.parametrize("kind", ["answers", "clearance", "incident", "profile", "retraction"])
def test_what_cannot_be_read_here_is_nobodys_mistake(kind):
    wrong = said(SIGN, True, NOW - MINUTE)
    unread = unreadable(kind, NOW - MINUTE)
    after = fold(corrected([*intake(), wrong, unread]))
    assert after.retracted == {wrong.id}
    assert not decide(after, KNOWN, NOW).may_start


def test_a_question_that_was_never_answered_is_no_mistake():
    decision = decide(fold([person(40)]), KNOWN, NOW)
    assert (decision.level, mistaken(decision)) == ("incomplete", ())


def test_what_an_agreement_lifted_is_not_taken_back():
    lifted, wrong = said(SIGN, True, NOW - 9 * MINUTE), said("red_flags/ca_many", True, NOW)
    after = fold(corrected([*intake(), lifted, agreed(SIGN, at=NOW - MINUTE), wrong]))
    assert after.retracted == {wrong.id}
    assert decide(after, KNOWN, NOW).may_start


# -------------------------------------------------------------------------------------------------------- undo


def step(minute: float, *bodies: Any) -> list[Entry]:
    """Return the entries of one step; without bodies one answer."""
    found = bodies or (said("intake/rest_pain", 0.0).body,)
    return list(entries_of(found, at=NOW + MINUTE * minute, zone=ZONE))


def undone(entries: Sequence[Entry], minute: float, **kept: Any) -> list[Entry]:
    return list(entries_of(undo(entries, **kept), at=NOW + MINUTE * minute, zone=ZONE))


def targets(bodies: Sequence[Any]) -> list[str]:
    return [body.target for body in bodies]


def test_undo_takes_back_the_last_step_whole():
    first, second = step(0), step(1, *filled((YEAR, 1986.0), (PAIN, 3.0)))
    assert len(second) == 2
    bodies = undo([*first, *second])
    assert all(isinstance(body, Retraction) for body in bodies)
    assert targets(bodies) == [entry.id for entry in second]


def test_undo_after_undo_goes_one_step_further_back_and_never_forward():
    steps = [step(0), step(1), step(2)]
    entries = [entry for one in steps for entry in one]
    for minute, expected in enumerate(reversed(steps), start=3):
        taken = undone(entries, minute)
        assert targets([entry.body for entry in taken]) == [entry.id for entry in expected]
        entries += taken
    assert undo(entries) == ()
    assert fold(entries).answers == {}


def test_undo_of_an_undo_is_not_offered_but_a_step_that_came_back_is():
    first, second = step(0), step(1)
    entries = [*first, *second]
    entries += undone(entries, 2)
    assert targets(undo(entries)) == [first[0].id]
    back = [*entries, taken_back(entries[-1], NOW + 3 * MINUTE)]
    assert fold(back).retracted == {entries[2].id}
    assert targets(undo(back)) == [second[0].id]


@pytest.mark.parametrize(
    ("since", "expected"), [(-5, 2), (0, 2), (1, 1), (2, 0)], ids=["before-all", "at-the-first", "at-the-last", "after"]
)
def test_undo_does_not_touch_what_was_before(since, expected):
    entries = [*step(0), *step(1)]
    found = 0
    for minute in (3, 4, 5):
        taken = undone(entries, minute, since=NOW + MINUTE * since)
        found += len(taken)
        entries += taken
    assert found == expected


def test_the_last_step_is_the_one_that_was_added_last():
    # The clock was set back between the two.
    first, second = step(10), step(0)
    assert targets(undo([*first, *second])) == [second[0].id]


@pytest.mark.parametrize("what", ["profile", "answers", "measure", "clearance", "pain"])
def test_every_kind_of_step_can_be_undone(what):
    last = {
        "profile": facts(NOW + MINUTE, birth_year=1980),
        "answers": said(SIGN, True, NOW + MINUTE),
        "measure": measured("sts5", NOW + MINUTE),
        "clearance": agreed("THR", at=NOW + MINUTE),
        "pain": hurts(8.0, NOW + MINUTE),
    }[what]
    assert last.kind == what
    assert targets(undo([*step(0), last])) == [last.id]


def test_there_is_nothing_to_undo_in_an_empty_journal():
    assert undo([]) == ()
    only = step(0)
    assert undo([*only, *undone(only, 1)]) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(("step", "two", "undo")), max_size=12))
def test_undo_takes_back_as_an_editor_does(moves):
    entries: list[Entry] = []
    stack: list[set[str]] = []
    for minute, move in enumerate(moves):
        if move == "undo":
            taken = undone(entries, minute)
            assert set(targets([entry.body for entry in taken])) == (stack.pop() if stack else set())
            entries += taken
        else:
            new = step(minute) if move == "step" else step(minute, *filled((YEAR, 1986.0), (PAIN, 3.0)))
            stack.append({entry.id for entry in new})
            entries += new
    written = {entry.id for entry in entries if not isinstance(entry.body, Retraction)}
    assert written - fold(entries).retracted == set().union(*stack)
