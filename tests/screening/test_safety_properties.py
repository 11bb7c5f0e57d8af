"""Why it exists: what no answers in the world can do to the safety decision."""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.entry import Entry
from levelstride.journal.state import State, fold
from levelstride.screening.decision import LEVELS, STOPS, Permit, StoppedError
from levelstride.screening.safety import decide
from tests.screening.safety_cases import (
    AGREED_PREGNANCY,
    CONDITIONS,
    DAY,
    FOLLOW_UPS,
    MAP_SIGNS,
    NEEDED,
    flag_paths,
    may_have_a_permit,
    rank,
    told,
)
from tests.screening.support import (
    EXCLUSIONS,
    FLAGS,
    KNOWN,
    LEFT_OUT,
    NOW,
    PREGNANCY_SIGNS,
    PREGNANT,
    TOPICS,
    harmless,
    intake,
    person,
    said,
)


def open_signs(state: State) -> set[str]:
    """Return the warning signs and exclusions with a yes that no agreement came after, told anew from the journal."""
    on_the_map = {f"body_map/{place}/{detail}": f"red_flags/{flag}" for place, detail, flag, _ in MAP_SIGNS}
    found = set()
    for (path, _), answers in state.answers.items():
        key = on_the_map.get(path, path)
        for one in answers:
            agreements = [entry for entry in state.clearances if key in entry.body.covers and entry.at > one.at]
            if key.startswith(("red_flags/", "exclusions/")) and one.value in (True, "not_sure") and not agreements:
                found.add(path)
    return found


@settings(max_examples=150, deadline=None)
@given(told())
def test_no_permit_past_a_stop(entries):
    state = fold(entries)
    decision = decide(state, KNOWN, NOW)
    stopped = [reason for reason in decision.reasons if reason.level in STOPS]
    assert may_have_a_permit(decision) == (not stopped)
    assert list(decision.stops) == stopped
    assert decision.level == min((reason.level for reason in decision.reasons), key=LEVELS.index)
    signs = {why.question for reason in decision.stops for why in reason.because}
    assert open_signs(state) <= signs
    stop, told_of = state.latest("tests/sts5"), state.latest("red_flags/sess_chest")
    unexplained = stop is not None and (told_of is None or told_of.at < stop.at)
    strong = any(one.at.date() == NOW.date() and one.body.score > 5 for one in state.pain)
    for case, holds in (("unexplained", unexplained), ("red_high", strong), ("unread", bool(state.unread))):
        assert (case in {reason.case for reason in stopped}) == holds
    if open_signs(state) or decision.missing or unexplained or strong or state.unread:
        with pytest.raises(StoppedError):
            Permit(decision)


@settings(max_examples=150, deadline=None)
@given(told(), st.sampled_from(sorted(FLAGS)), st.sampled_from((True, "not_sure")))
def test_one_more_warning_sign_never_lowers_the_level(entries, flag, value):
    before = decide(fold(entries), KNOWN, NOW)
    after = decide(fold([*entries, said(f"red_flags/{flag}", value, NOW)]), KNOWN, NOW)
    assert rank(after) <= rank(before)
    assert rank(after) <= LEVELS.index(FLAGS[flag].level)
    assert flag_paths(before) | {flag} == flag_paths(after)


@settings(max_examples=100, deadline=None)
@given(told(), st.lists(st.sampled_from(sorted(FLAGS)), min_size=1, max_size=5, unique=True), st.integers(0, 700))
def test_a_no_never_lifts_a_warning_sign_in_any_journal(entries, flags, days):
    before = decide(fold(entries), KNOWN, NOW)
    later = [said(f"red_flags/{flag}", False, NOW + DAY * days) for flag in flags]
    after = decide(fold([*entries, *later]), KNOWN, NOW + DAY * days)
    assert flag_paths(after) == flag_paths(before)


@settings(max_examples=100, deadline=None)
@given(told(), st.sets(st.sampled_from(NEEDED), min_size=1, max_size=4), st.sampled_from((LEFT_OUT, None)))
def test_missing_answers_never_allow_a_start(entries, paths, value):
    start = intake(dict.fromkeys(paths, value), age=50)
    others = [entry for entry in entries[2:] if not paths & {answer.question for answer in given_in(entry)}]
    decision = decide(fold([*start, *others]), KNOWN, NOW)
    assert paths <= set(decision.missing)
    assert not may_have_a_permit(decision)


@settings(max_examples=60, deadline=None)
@given(told(), st.sets(st.sampled_from(sorted(PREGNANCY_SIGNS)), min_size=1), st.sampled_from((LEFT_OUT, None)))
def test_a_pregnant_person_never_starts_without_the_answers_about_it(entries, paths, value):
    start = intake({**PREGNANT, **dict.fromkeys(paths, value)}, age=30)
    others = [one for one in entries[2:] if not {*paths, "intake/pregnant"} & {a.question for a in given_in(one)}]
    decision = decide(fold([*start, *others, *AGREED_PREGNANCY]), KNOWN, NOW)
    assert paths <= set(decision.missing)
    assert not may_have_a_permit(decision)


def given_in(entry: Entry) -> tuple[Any, ...]:
    return getattr(entry.body, "given", ())


@settings(max_examples=100, deadline=None)
@given(told(), st.lists(st.sampled_from(CONDITIONS), max_size=4, unique=True), st.sampled_from(CONDITIONS))
def test_one_more_caution_never_removes_one(entries, chosen, more):
    first = [*entries, said("intake/conditions", tuple(chosen), NOW - timedelta(minutes=5))]
    before = decide(fold(first), KNOWN, NOW)
    both = tuple(dict.fromkeys((*chosen, more)))
    after = decide(fold([*first, said("intake/conditions", both, NOW)]), KNOWN, NOW)
    assert set(before.cautions) | {more.upper()} == set(after.cautions)


SETS_CODES = [
    *(f"exclusions/{name}" for name in EXCLUSIONS),
    *(f"readiness/{name}" for name in TOPICS),
    *FOLLOW_UPS,
]


@settings(max_examples=100, deadline=None)
@given(told(), st.sampled_from(SETS_CODES), st.sampled_from((True, "not_sure")))
def test_one_more_yes_never_removes_a_caution(entries, path, value):
    before = decide(fold(entries), KNOWN, NOW)
    after = decide(fold([*entries, said(path, value, NOW)]), KNOWN, NOW)
    assert set(before.cautions) <= set(after.cautions)


@settings(max_examples=100, deadline=None)
@given(told(), st.integers(0, 10_000))
def test_the_order_in_which_entries_arrive_changes_nothing(entries, seed):
    mixed = [*entries, *entries[1:4]]
    random.Random(seed).shuffle(mixed)
    assert decide(fold(mixed), KNOWN, NOW) == decide(fold(entries), KNOWN, NOW)


@settings(max_examples=100, deadline=None)
@given(told())
def test_every_reason_names_what_it_rests_on(entries):
    state = fold(entries)
    decision = decide(state, KNOWN, NOW)
    known_ids = {entry.id for entry in entries}
    for reason in decision.reasons:
        assert bool(reason.because) == (reason.case != "incomplete"), reason
        assert {why.entry for why in reason.because} <= known_ids
        assert reason.says
    for because in decision.cautions.values():
        assert because


def test_nobody_starts_on_an_empty_journal():
    decision = decide(fold([]), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == ("incomplete", False)
    born = decide(fold([person(40)]), KNOWN, NOW)
    assert born.level == "incomplete"
    assert set(born.missing) == set(harmless())
