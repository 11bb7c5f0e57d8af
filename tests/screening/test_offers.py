"""Why it exists: which tests a person is offered, as time allows, and which are still open."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Side
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.screening.protocols import Offer, offers, within
from levelstride.screening.questions import battery
from levelstride.screening.writing import (
    done_tests,
    is_settled,
    offers_for,
    open_tests,
    skipped_test,
)
from tests.screening.support import (
    KNOWN,
    NOW,
    ZONE,
    answered,
    said,
    taken_back,
)
from tests.screening.writing_cases import DAY, MINUTE, TODAY, measured

# ---------------------------------------------------------------------------------------- which tests are offered

BY_HAND = sorted(name for name, test in KNOWN.tests.items() if test.entry is not None)
#: Done standing without a hand on support; not to be done alone.
HANDS_FREE = ("lateral_step_down_q", "sl_squat_quality", "sls_ec", "sls_eo")
NEEDS_HELPER = ("thomas", "walk6min")


def ids(found: Sequence[Offer], reason: str | None = None) -> list[str]:
    return [offer.test.id for offer in found if offer.left_out == reason]


@pytest.mark.requirement("R096", "R145")
@pytest.mark.parametrize("helper", [True, False], ids=["helper", "alone"])
@pytest.mark.parametrize("codes", [(), ("BAL",), ("FAI", "BAL", "HTN"), ("FAI", "HTN")], ids="-".join)
def test_tests_that_are_not_safe_here_are_left_out_with_the_reason(codes, helper):
    found = offers(BY_HAND, codes, KNOWN, helper=helper)
    assert [offer.test.id for offer in found] == BY_HAND
    assert ids(found, "balance") == (list(HANDS_FREE) if "BAL" in codes else [])
    assert ids(found, "helper") == ([] if helper else list(NEEDS_HELPER))
    assert len(ids(found)) == len(BY_HAND) - len(ids(found, "balance")) - len(ids(found, "helper"))


@pytest.mark.requirement("R096")
@pytest.mark.parametrize(
    ("test", "codes", "named"),
    [
        ("wblt", ("ANKLE", "PFP", "FAI"), ("ANKLE", "PFP")),
        ("wblt", ("PFP", "ANKLE"), ("PFP", "ANKLE")),
        ("wblt", ("FAI",), ()),
        ("sls_eo", ("BAL",), ("BAL",)),
        ("side_bridge", ("HTN", "PREG", "WRIST", "OSTEO"), ("HTN", "PREG", "WRIST")),
        ("thomas", ("OSTEO", "BAL"), ("OSTEO", "BAL")),
        ("sts5", (), ()),
    ],
)
def test_an_offer_names_the_cautions_of_the_person_that_the_test_names(test, codes, named):
    (offer,) = offers((test,), codes, KNOWN)
    assert offer.cautions == named


def test_every_code_of_a_test_is_named():
    for name in BY_HAND:
        (offer,) = offers((name,), tuple(KNOWN.cautions), KNOWN)
        assert set(offer.cautions) == set(KNOWN.tests[name].cautions) <= set(KNOWN.cautions)


def test_what_only_a_camera_or_a_clinic_can_measure_is_not_offered():
    camera = sorted(set(KNOWN.tests) - set(BY_HAND))
    assert "cadence" in camera
    assert offers(camera, (), KNOWN) == ()


@pytest.mark.requirement("R145")
@pytest.mark.parametrize("value", [True, False, "not_sure", None])
def test_only_a_yes_is_a_helper(value):
    state = answered(said("intake/help_at_hand", value), said("body_map/places", ("groin",)))
    found = offers_for(state, KNOWN, TODAY)
    assert [offer.left_out for offer in found if offer.test.id == "thomas"] == [None if value is True else "helper"]


@pytest.mark.requirement("R096", "R145")
@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([said("intake/conditions", ("bal",), NOW)], id="condition"),
        pytest.param([said("intake/fell_lately", "once", NOW)], id="fell-this-year"),
        pytest.param([said("red_flags/sess_fall", True, NOW)], id="fell-in-a-session"),
        pytest.param(
            [said("red_flags/sess_fall", True, NOW), said("red_flags/sess_fall", False, NOW + DAY)], id="then-no"
        ),
        pytest.param([said("readiness/dizzy_blackout", True, NOW)], id="dizzy"),
    ],
)
def test_whoever_fell_or_sways_is_offered_no_test_without_a_hand_on_support(entries):
    state = answered(*entries)
    found = offers_for(state, KNOWN, TODAY)
    assert ids(found, "balance") == ["sls_eo"]
    assert "sls_eo" not in [offer.test.id for offer in open_tests(state, KNOWN, NOW)]
    assert [offer.cautions for offer in found if offer.test.id == "walk10"] == [("BAL",)]


def test_the_offers_are_the_battery_in_its_order_unless_tests_are_named():
    state = answered(said("body_map/places", ("knee",)), said("intake/help_at_hand", True))
    found = offers_for(state, KNOWN, TODAY)
    assert [offer.test.id for offer in found] == list(battery(state, KNOWN, TODAY)[1])
    assert [offer.test.id for offer in found] == ["wblt", "sts5", "lateral_step_down_q", "walk10", "sls_eo"]
    assert [offer.test.id for offer in offers_for(state, KNOWN, TODAY, ["thomas", "sts5"])] == ["thomas", "sts5"]


# ------------------------------------------------------------------------------------------------ as time allows

#: Minutes: walk6min 22, walk10 8, sts5 4, wblt 8.
LONG_FIRST = ("walk6min", "walk10", "sts5", "wblt")


@pytest.mark.parametrize(
    ("minutes", "chosen"),
    [
        (3, ["walk6min"]),
        (4, ["sts5"]),
        (8, ["walk10"]),
        (11.9, ["walk10"]),
        (12, ["walk10", "sts5"]),
        (20, ["walk10", "sts5", "wblt"]),
        (22, ["walk6min"]),
        (25, ["walk6min"]),
        (26, ["walk6min", "sts5"]),
        (34, ["walk6min", "walk10", "sts5"]),
        (42, ["walk6min", "walk10", "sts5", "wblt"]),
        (600, ["walk6min", "walk10", "sts5", "wblt"]),
    ],
)
def test_tests_are_picked_in_order_and_a_shorter_one_fills_the_rest(minutes, chosen):
    found = offers(LONG_FIRST, (), KNOWN)
    assert [offer.test.minutes for offer in found] == [22, 8, 4, 8]
    assert ids(within(found, minutes)) == chosen


def test_of_nothing_nothing_is_picked():
    assert within((), 30) == ()


@settings(max_examples=80, deadline=None)
@given(st.permutations(BY_HAND), st.integers(0, len(BY_HAND)), st.floats(0, 120))
def test_what_is_picked_fits_and_what_is_left_would_not(names, count, minutes):
    found = offers(names[:count], (), KNOWN)
    chosen = within(found, minutes)
    order = [found.index(offer) for offer in chosen]
    assert order == sorted(set(order))
    assert bool(chosen) == bool(found)
    used = sum(offer.test.minutes for offer in chosen)
    if used > minutes:
        assert chosen == found[:1]
        assert all(offer.test.minutes > minutes for offer in found)
        return
    left = minutes
    for offer in found:
        if offer in chosen:
            left -= offer.test.minutes
        else:
            assert offer.test.minutes > left
    assert left >= 0


# ------------------------------------------------------------------------------------------------- what is still open


def both(test: str, at: datetime) -> list[Entry]:
    """Return a result on each side, or the one of a test without sides."""
    sides: tuple[Side | None, ...] = ("left", "right") if KNOWN.tests[test].measure.sided else (None,)
    return [measured(test, at, side) for side in sides]


def open_ids(*entries: Entry, now: datetime = NOW, begin: datetime | None = None) -> list[str]:
    state = answered(*entries, at=NOW - 60 * DAY)
    return ids(open_tests(state, KNOWN, now, begin=begin))


def test_a_test_is_open_until_it_has_a_result_on_each_side():
    assert open_ids() == ["walk10", "sls_eo", "sts5"]
    assert open_ids(*both("sts5", NOW)) == ["walk10", "sls_eo"]
    assert open_ids(measured("sls_eo", NOW, "left")) == ["walk10", "sls_eo", "sts5"]
    assert open_ids(measured("sls_eo", NOW, "left"), measured("sls_eo", NOW, "left")) == ["walk10", "sls_eo", "sts5"]
    assert open_ids(measured("sls_eo", NOW, "left"), measured("sls_eo", NOW, "right")) == ["walk10", "sts5"]
    assert open_ids(*both("sts5", NOW), *both("walk10", NOW), *both("sls_eo", NOW)) == []
    result = measured("sts5", NOW)
    assert open_ids(result, taken_back(result)) == ["walk10", "sls_eo", "sts5"]


def test_a_result_that_does_not_count_closes_the_test_for_this_round():
    assert open_ids(measured("sts5", NOW, value=None)) == ["walk10", "sls_eo"]


@pytest.mark.parametrize("why", ["skipped", "caution", "stopped"])
def test_a_test_that_was_left_out_is_not_offered_again_in_this_round(why):
    note = new_entry(skipped_test("walk10", why), at=NOW, zone=ZONE)
    assert fold([note]).value("tests/walk10") == why
    assert open_ids(note) == ["sls_eo", "sts5"]
    assert open_ids(note, taken_back(note)) == ["walk10", "sls_eo", "sts5"]
    assert open_ids(note, now=NOW + 8 * DAY) == ["walk10", "sls_eo", "sts5"]
    assert open_ids(note, said("tests/walk10", None, NOW + MINUTE)) == ["walk10", "sls_eo", "sts5"]


@pytest.mark.parametrize(("days", "settled"), [(0, True), (6, True), (7, True), (8, False), (40, False)])
def test_a_round_lasts_a_week_of_whole_days(days, settled):
    early = (NOW - DAY * days).replace(hour=0, minute=1)
    assert ("sts5" not in open_ids(*both("sts5", early))) == settled
    note = new_entry(skipped_test("sts5", "skipped"), at=early, zone=ZONE)
    assert ("sts5" not in open_ids(note)) == settled


def test_who_tests_again_begins_a_round():
    done = [*both("sts5", NOW - DAY), *both("walk10", NOW)]
    assert open_ids(*done) == ["sls_eo"]
    assert open_ids(*done, begin=NOW) == ["sls_eo", "sts5"]
    assert open_ids(*done, begin=NOW + MINUTE) == ["walk10", "sls_eo", "sts5"]


def test_a_side_of_an_earlier_round_does_not_count():
    state = answered(measured("wblt", NOW - DAY, "left"), measured("wblt", NOW, "right"))
    (offer,) = offers(("wblt",), (), KNOWN)
    assert is_settled(offer, state, NOW - 2 * DAY)
    assert not is_settled(offer, state, NOW - MINUTE)


def test_tests_done_before_are_those_with_a_result_by_hand_of_an_earlier_day():
    state = answered(
        measured("sts5", NOW - DAY),
        measured("walk10", NOW),
        measured("wblt", NOW - DAY, "left", None),
        measured("sls_eo", NOW - 400 * DAY, "left"),
    )
    assert done_tests(state, before=TODAY) == {"sts5", "sls_eo"}
    assert done_tests(state, before=TODAY + DAY) == {"sts5", "sls_eo", "walk10"}
    assert done_tests(state, before=date(2020, 1, 1)) == frozenset()


def test_a_result_from_a_recording_is_not_done_by_hand():
    state = answered(measured("chair30", NOW - DAY, method="recording"), measured("sts5", NOW - DAY))
    assert done_tests(state, before=TODAY) == {"sts5"}


def test_a_result_that_was_taken_back_was_not_done():
    result = measured("sts5", NOW - DAY)
    assert done_tests(answered(result, taken_back(result)), before=TODAY) == frozenset()
