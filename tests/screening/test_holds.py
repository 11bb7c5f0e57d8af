"""Why it exists: what closes tests and training for the moment, and what opens them again."""

from datetime import timedelta

import pytest

from levelstride.screening.cases import stopped_unexplained
from levelstride.screening.decision import LEVELS
from levelstride.screening.safety import decide
from tests.screening.safety_cases import AFTER, DAY, LAST, LATER, SAID, UNWELL, may_have_a_permit, names
from tests.screening.support import (
    FLAGS,
    KNOWN,
    NOW,
    agreed,
    answered,
    hurts,
    said,
    stopped_test,
    taken_back,
    unreadable,
)

# --------------------------------------------------------------------- what closes tests and training for the moment


@pytest.mark.requirement("R054", "R155")
@pytest.mark.parametrize("value", [True, False, "not_sure"])
def test_a_test_that_was_stopped_closes_everything_until_somebody_tells_what_happened(value):
    before, stop = said("red_flags/sess_chest", False, SAID), stopped_test("sts5", AFTER)
    for entries in ([stop], [before, stop]):
        decision = decide(answered(*entries), KNOWN, NOW + 40 * DAY)
        assert (decision.level, may_have_a_permit(decision)) == ("hold", False)
        (reason,) = decision.stops
        assert (reason.rule, reason.case, reason.clears) == ("stop_signs", "unexplained", None)
        assert [(why.question, why.answer, why.entry) for why in reason.because] == [("tests/sts5", "stopped", stop.id)]
        assert "Please say what happened" in reason.says
        assert stopped_unexplained(answered(*entries)) == reason.because[0]
    told = answered(stop, said("red_flags/sess_chest", value, LATER))
    assert stopped_unexplained(told) is None
    assert decide(told, KNOWN, NOW).level == ("green" if value is False else "emergency")
    again = stopped_test("walk10", LAST)
    reopened = answered(stop, said("red_flags/sess_chest", False, LATER), again)
    assert [why.entry for reason in decide(reopened, KNOWN, NOW).stops for why in reason.because] == [again.id]
    assert may_have_a_permit(decide(answered(stop, taken_back(stop)), KNOWN, NOW))


@pytest.mark.parametrize("value", [None, "yes", 0.0], ids=repr)
def test_what_is_no_answer_does_not_tell_what_happened(value):
    state = answered(stopped_test("sts5", AFTER), said("red_flags/sess_chest", value, LATER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("why", ["skipped", "caution"])
def test_a_test_that_was_only_left_out_closes_nothing(why):
    state = answered(stopped_test("sts5", AFTER, why))
    assert stopped_unexplained(state) is None
    assert may_have_a_permit(decide(state, KNOWN, NOW))


def test_of_two_stopped_tests_the_last_is_named_and_told_at_the_same_moment_is_told():
    first, last = stopped_test("walk10", SAID), stopped_test("sts5", AFTER)
    assert getattr(stopped_unexplained(answered(last, first)), "entry", None) == last.id
    between = answered(first, last, said("red_flags/sess_chest", False, AFTER - timedelta(minutes=1)))
    assert getattr(stopped_unexplained(between), "entry", None) == last.id
    assert stopped_unexplained(answered(first, last, said("red_flags/sess_chest", False, AFTER))) is None


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(
    ("entries", "closed"),
    [
        pytest.param([hurts(6.0)], True, id="six"),
        pytest.param([hurts(10.0, NOW.replace(hour=0, minute=0))], True, id="since-midnight"),
        pytest.param([hurts(8.0), hurts(1.0, place="ankle")], True, id="little-elsewhere"),
        pytest.param([hurts(5.0)], False, id="five"),
        pytest.param([hurts(9.0, NOW.replace(hour=23, minute=59) - DAY)], False, id="yesterday"),
        *(
            pytest.param([hurts(9.0, when=when)], False, id=when)
            for when in ("at_rest", "during", "after", "next_morning", "worst_week")
        ),
    ],
)
def test_strong_pain_right_now_closes_the_day(entries, closed):
    decision = decide(answered(*entries), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == (("hold", False) if closed else ("green", True))
    assert names(decision.stops) == (("pain_colours/red_high",) if closed else ())
    for reason in decision.stops:
        strong = [(f"pain/{one.body.place}", one.body.score, one.id) for one in entries if one.body.score > 5]
        assert [(why.question, why.answer, why.entry) for why in reason.because] == strong
        assert (reason.clears, reason.actions) == (None, ("skip_session",))
        assert "Rest today" in reason.says
    assert may_have_a_permit(decide(answered(*entries, *map(taken_back, entries)), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(*entries), KNOWN, NOW + DAY))


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(
    ("kind", "closed"),
    [
        *((kind, True) for kind in ("answers", "clearance", "incident", "profile", "retraction")),
        *((kind, False) for kind in ("measure", "session", "walk", "from_tomorrow")),
    ],
)
def test_what_a_newer_version_wrote_about_safety_closes_everything(kind, closed):
    entry = unreadable(kind, NOW - 400 * DAY)
    state = answered(entry)
    assert state.unread == (entry,)
    decision = decide(state, KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == (("hold", False) if closed else ("green", True))
    assert names(decision.stops) == (("readiness/unread",) if closed else ())
    for reason in decision.stops:
        assert [(why.question, why.entry) for why in reason.because] == [(f"unread/{kind}", entry.id)]
        assert reason.clears is None
        assert "newer version" in reason.says


def test_no_agreement_lifts_what_closes_the_moment():
    every = ("stop_signs/unexplained", "tests/sts5", "pain_colours/red_high", "pain/knee", "readiness/unread")
    entries = [stopped_test(at=SAID), hurts(9.0, SAID), unreadable("answers", SAID)]
    decision = decide(answered(*entries, agreed(*every, *(f"red_flags/{name}" for name in FLAGS))), KNOWN, NOW)
    assert names(decision.stops) == ("pain_colours/red_high", "readiness/unread", "stop_signs/unexplained")
    assert decision.lifted == ()


def test_the_most_urgent_reason_comes_first():
    changes = {"red_flags/ca_many": True, "red_flags/chest_pain": True, "red_flags/nerve_leg": True, **UNWELL}
    decision = decide(answered(changes=changes), KNOWN, NOW)
    stops = [reason.level for reason in decision.stops]
    assert stops == ["emergency", "same_day", "before_start", "hold"]
    assert [reason.level for reason in decision.reasons] == sorted(
        (reason.level for reason in decision.reasons), key=LEVELS.index
    )
