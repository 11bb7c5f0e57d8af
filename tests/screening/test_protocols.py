"""Why it exists: shows that tries become one result with its error, and that what does not count is never a number."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.journal.bodies import Side
from levelstride.library.schema.tests import FunctionalTest
from levelstride.screening.protocols import (
    PAIN_DURING,
    Offer,
    UnusableError,
    item_key,
    offers,
    read_try,
    result,
    score,
    sides_of,
    spoiled,
    within,
)
from tests.screening.results import BY_HAND, KNOWN

TEN = {"course": "ten_metres", "aid": "none"}
FOUR = {"course": "four_metres", "aid": "none"}

#: Every test that a person can do by hand: unit of what is typed, lowest, highest, whole, steps of the summary.
BY_HAND_TESTS = {
    "chair30": ("reps", 0, 50, True, "single"),
    "glute_feel": ("points", 0, 10, False, "mean"),
    "lateral_step_down_q": ("points", 0, 6, True, "single"),
    "pain_now": ("points", 0, 10, True, "single"),
    "pain_walk": ("points", 0, 10, True, "single"),
    "plank_hold": ("s", 0, 1800, False, "single"),
    "side_bridge": ("s", 0, 600, False, "single"),
    "side_lying_abd_hold": ("s", 0, 90, False, "single"),
    "sl_bridge_hold": ("s", 0, 600, False, "single"),
    "sl_bridge_reps": ("reps", 0, 150, True, "single"),
    "sl_squat_quality": ("reps", 0, 5, True, "single"),
    "sls_ec": ("s", 0, 45, False, "best"),
    "sls_eo": ("s", 0, 45, False, "best"),
    "speed_at_rpe": ("m/s", 0.1, 3, False, "mean"),
    "squat_screen": ("reps", 0, 5, True, "single"),
    "sts5": ("s", 3, 120, False, "single"),
    "thomas": ("deg", -45, 45, False, "mean"),
    "trendelenburg_seen": ("points", 0, 2, True, "single"),
    "walk10": ("s", 1.5, 100, False, "mean"),
    "walk6min": ("m", 5, 1000, False, "single"),
    "wblt": ("cm", 0, 20, False, "best"),
}


def changed(test: str, **measure: object) -> FunctionalTest:
    """Return a test whose measure is worked out differently."""
    spec = KNOWN.tests[test]
    return spec.model_copy(update={"measure": spec.measure.model_copy(update=measure)})


def outcome(test: FunctionalTest, tries: list[float], conditions: dict[str, str] | None = None):
    side: Side | None = "left" if test.measure.sided else None
    return result(test, side, tries, conditions or {}, origin=BY_HAND)


def code(call, *arguments: object) -> str:
    with pytest.raises(UnusableError) as caught:
        call(*arguments)
    return caught.value.code


@pytest.mark.requirement("R036", "R058", "R092", "R122")
def test_the_tests_by_hand_are_these() -> None:
    found = {
        test.id: (test.entry.unit, test.entry.low, test.entry.high, test.entry.whole, test.measure.summary)
        for test in KNOWN.tests.values()
        if test.entry is not None
    }
    assert found == BY_HAND_TESTS


def test_these_results_cannot_rise_further_and_these_would_be_mistakes() -> None:
    entries = {name: KNOWN.tests[name].entry for name in BY_HAND_TESTS}
    caps = {name: entry.cap for name, entry in entries.items() if entry is not None and entry.cap is not None}
    mistakes = {name: entry.most for name, entry in entries.items() if entry is not None and entry.most is not None}
    assert caps == {"side_lying_abd_hold": 90, "sls_ec": 45, "sls_eo": 45}
    assert mistakes == {"walk10": 3}


@pytest.mark.parametrize("test", BY_HAND_TESTS)
def test_a_test_by_hand_has_practice_safety_lines_and_when_to_stop(test: str) -> None:
    spec = KNOWN.tests[test]
    assert "practice" in spec.steps[0].lower(), "practice comes before what counts"
    assert len(spec.safety) >= 3
    assert any("emergency number" in line for line in spec.safety)
    if test == "pain_now":  # a question, nothing to stop
        assert spec.stop_if == "Do not train if pain is above 5 out of 10, or if pain is new and strong."
    else:
        assert spec.stop_if.startswith("Stop if ")
        assert all(sign in spec.stop_if for sign in ("chest pain", "faintness", "odd shortness of breath"))
    assert spec.error is not None
    assert spec.error.floor > 0
    assert "It cannot tell" in spec.cannot_tell


@pytest.mark.requirement("R098", "R145")
def test_tests_of_one_leg_are_done_on_both_sides() -> None:
    sided = {name for name in BY_HAND_TESTS if sides_of(KNOWN.tests[name]) == ("left", "right")}
    assert sided == {
        *("lateral_step_down_q", "side_bridge", "side_lying_abd_hold", "sl_bridge_hold", "sl_bridge_reps"),
        *("sl_squat_quality", "sls_ec", "sls_eo", "thomas", "trendelenburg_seen", "wblt"),
    }
    assert all(sides_of(KNOWN.tests[name]) == (None,) for name in set(BY_HAND_TESTS) - sided)


# One try.


@pytest.mark.parametrize(
    ("test", "given_value", "conditions", "value"),
    [
        ("chair30", 12, {}, 12),
        ("chair30", 0, {}, 0),
        ("chair30", 50, {}, 50),
        ("sts5", 11.37, {}, 11.37),
        ("thomas", -45, {}, -45),
        ("thomas", 45, {}, 45),
        ("wblt", 20, {}, 20),
        ("thomas", -0.5, {}, -0.5),
        # the watch ran on a little, up to 10 %: the result ends at the cap
        ("sls_eo", 44.9, {}, 44.9),
        ("sls_eo", 45, {}, 45),
        ("sls_eo", 45.1, {}, 45),
        ("sls_eo", 49.5, {}, 45),
        ("sls_ec", 47.3, {}, 45),
        ("side_lying_abd_hold", 91, {}, 90),
        ("side_lying_abd_hold", 99, {}, 90),
        # a course: distance by time
        ("walk10", 8, TEN, 1.25),
        ("walk10", 20, TEN, 0.5),
        ("walk10", 100, TEN, 0.1),
        ("walk10", 4, FOUR, 1.0),
        ("walk10", 3.2, FOUR, 1.25),
        ("walk10", 1.5, FOUR, 4 / 1.5),
        ("walk10", 10 / 3, TEN, 3.0),
        ("speed_at_rpe", 1.31, {}, 1.31),
    ],
)
def test_a_try_becomes_a_value(test: str, given_value: float, conditions: dict[str, str], value: float) -> None:
    assert read_try(KNOWN.tests[test], given_value, conditions) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("test", "given_value", "conditions", "why"),
    [
        ("chair30", -1, {}, "range"),
        ("chair30", 51, {}, "range"),
        ("chair30", 12.5, {}, "whole"),
        ("sts5", 2.9, {}, "range"),
        ("sts5", 121, {}, "range"),
        ("thomas", 46, {}, "range"),
        ("thomas", -45.5, {}, "range"),
        ("wblt", 20.1, {}, "range"),
        # more than 10 % above the cap is a typing error, not a watch that was stopped late
        ("sls_eo", 49.6, {}, "range"),
        ("sls_eo", 63.2, {}, "range"),
        ("sls_ec", 300, {}, "range"),
        ("side_lying_abd_hold", 99.1, {}, "range"),
        ("side_lying_abd_hold", 1e9, {}, "range"),
        # no cap: a time beyond the range is a mistake, not a full time
        ("side_bridge", 601, {}, "range"),
        ("plank_hold", 1801, {}, "range"),
        ("sls_eo", -0.1, {}, "range"),
        ("pain_now", 10.5, {}, "range"),
        ("pain_now", 3.5, {}, "whole"),
        ("speed_at_rpe", 3.1, {}, "range"),
        ("walk10", 8, {}, "option"),
        ("walk10", 8, {"course": "six_metres"}, "option"),
        # faster than anybody walks: the time or the course is a mistake
        ("walk10", 3.3, TEN, "range"),
        ("walk10", 1.5, TEN, "range"),
        ("walk10", 1.3, FOUR, "range"),
        ("walk10", 101, TEN, "range"),
        ("walk10", 0, TEN, "range"),
        *(
            (test, strange, TEN, "range")
            for test in ("sls_eo", "walk10")
            for strange in (math.nan, math.inf, -math.inf)
        ),
    ],
)
def test_what_cannot_be_a_result_is_refused(
    test: str, given_value: float, conditions: dict[str, str], why: str
) -> None:
    assert code(read_try, KNOWN.tests[test], given_value, conditions) == why


@given(
    test=st.sampled_from([name for name in BY_HAND_TESTS if KNOWN.tests[name].entry.kind != "items"]),
    value=st.floats(allow_nan=True, allow_infinity=True),
    conditions=st.sampled_from([TEN, FOUR]),
)
def test_any_number_is_refused_or_becomes_a_possible_value(test: str, value: float, conditions: dict[str, str]) -> None:
    spec = KNOWN.tests[test]
    read = None
    with contextlib.suppress(UnusableError):
        read = read_try(spec, value, conditions)
    if read is None:
        assert code(read_try, spec, value, conditions) in ("range", "whole")
        return
    low, high = (0.04, 3.0) if spec.entry.kind == "speed" else (spec.entry.low, spec.entry.high)
    assert low <= read <= high
    assert math.isfinite(read)


def test_a_test_without_a_way_to_enter_it_takes_no_number() -> None:
    with pytest.raises(ValueError, match="cannot be entered by hand"):
        read_try(KNOWN.tests["fppa"], 5, {})


# Score sheets.

STEADY = {"arms": "stayed", "trunk": "upright", "pelvis": "level", "knee": "over_foot", "steadiness": "steady"}
NOTHING = {"knee": "none", "shift": "none", "back": "none", "heels": "none"}


@pytest.mark.requirement("R058", "R098")
@pytest.mark.parametrize(
    ("test", "answers", "points"),
    [
        ("lateral_step_down_q", STEADY, 0),
        ("lateral_step_down_q", STEADY | {"knee": "past_toe"}, 1),
        ("lateral_step_down_q", STEADY | {"knee": "past_foot", "pelvis": "dropped"}, 3),
        (
            "lateral_step_down_q",
            {"arms": "moved", "trunk": "leaned", "pelvis": "dropped", "knee": "past_foot", "steadiness": "wobbled"},
            6,
        ),
        # the same thing must show: the worst line counts, not the sum
        ("squat_screen", NOTHING, 0),
        ("squat_screen", NOTHING | {"knee": "two", "back": "three", "heels": "two"}, 3),
        ("squat_screen", NOTHING | {"shift": "five"}, 5),
        ("sl_squat_quality", dict.fromkeys(["knee", "pelvis", "trunk", "steadiness", "depth"], "one"), 1),
        ("trendelenburg_seen", {"pelvis": "clearly"}, 2),
        ("trendelenburg_seen", {"pelvis": "stayed_level"}, 0),
    ],
)
def test_a_score_sheet_gives_its_sum_or_its_worst_line(test: str, answers: dict[str, str], points: float) -> None:
    assert score(KNOWN.tests[test], answers) == points


@pytest.mark.parametrize("answers", [{}, {"knee": "none"}, NOTHING | {"knee": "six"}, NOTHING | {"knee": ""}])
def test_a_score_sheet_with_a_line_unanswered_gives_no_points(answers: dict[str, str]) -> None:
    assert code(score, KNOWN.tests["squat_screen"], answers) == "option"


@pytest.mark.parametrize("test", [name for name in BY_HAND_TESTS if KNOWN.tests[name].entry.kind == "items"])
def test_the_points_of_a_score_sheet_fill_its_range(test: str) -> None:
    spec = KNOWN.tests[test]
    assert spec.entry is not None
    ends = [
        score(spec, {item.id: pick(item.points, key=item.points.get) for item in spec.entry.items})
        for pick in (min, max)
    ]
    assert ends == [spec.entry.low, spec.entry.high]


# One result of several tries.


@pytest.mark.parametrize(
    ("test", "tries", "value", "error", "source"),
    [
        # best of three; the larger of 2 s and a fifth of the value
        ("sls_eo", [6, 9, 7], 9, 2.0, "product_default"),
        ("sls_eo", [30, 25, 20], 30, 6.0, "product_default"),
        ("sls_eo", [45, 45, 45], 45, 9.0, "product_default"),
        # best of three, published error
        ("wblt", [10, 10.5, 9.8], 10.5, 0.69, "published"),
        # the mean of two walks; the usual error is larger than that of the mean
        ("walk10", [1.20, 1.24], 1.22, 0.06, "product_default"),
        # two walks that differ more: 0.2 / sqrt 2 / sqrt 2 = 0.1
        ("walk10", [1.10, 1.30], 1.20, 0.1, "own_tries"),
        ("thomas", [4, 8], 6, 3.0, "product_default"),
        ("thomas", [0, 12], 6, 6.0, "own_tries"),
        # one try
        ("chair30", [14], 14, 1.2, "product_default"),
        ("sts5", [11.4], 11.4, 1.52, "published"),
        ("side_bridge", [60], 60, 10.95, "published"),
        ("walk6min", [420], 420, 29.4, "published"),
        ("plank_hold", [5], 5, 2.0, "product_default"),
        ("plank_hold", [100], 100, 20.0, "product_default"),
        ("sl_bridge_reps", [10], 10, 1.5, "product_default"),
        ("sl_bridge_reps", [30], 30, 3.0, "product_default"),
    ],
)
def test_tries_become_one_value_with_its_error(
    test: str, tries: list[float], value: float, error: float, source: str
) -> None:
    body = outcome(KNOWN.tests[test], tries)
    assert body.value == pytest.approx(value)
    assert body.standard_error == pytest.approx(error)
    assert (body.error_source, body.n, body.trials) == (source, len(tries), tuple(tries))
    assert body.not_measurable is None
    assert body.unit == KNOWN.tests[test].measure.unit


def test_the_spread_of_the_tries_is_kept() -> None:
    assert outcome(KNOWN.tests["sls_eo"], [6, 9, 7]).sd == pytest.approx(math.sqrt(7 / 3))
    assert outcome(KNOWN.tests["sls_eo"], [6]).sd is None
    assert outcome(KNOWN.tests["walk10"], [1.1, 1.3]).sd == pytest.approx(math.sqrt(0.02))


def test_where_less_is_better_the_best_is_the_smallest() -> None:
    assert outcome(changed("sls_eo", better="lower"), [6, 9, 7]).value == 6
    assert outcome(changed("sls_eo", better="neither"), [6, 9, 7]).value == 9
    assert outcome(changed("sls_eo", summary="mean"), [6, 9, 7]).value == pytest.approx(22 / 3)


def test_the_error_of_the_best_try_is_not_that_of_a_mean() -> None:
    body = outcome(KNOWN.tests["wblt"], [2, 20, 11])
    assert (body.value, body.standard_error, body.error_source) == (20, 0.69, "published")


@given(
    tries=st.lists(st.floats(0, 45, allow_nan=False), min_size=1, max_size=6),
    test=st.sampled_from(["sls_eo", "thomas"]),
)
def test_a_result_is_never_without_error(tries: list[float], test: str) -> None:
    body = outcome(KNOWN.tests[test], tries)
    assert body.value is not None
    assert body.standard_error is not None
    assert min(tries) - 1e-9 <= body.value <= max(tries) + 1e-9
    assert body.standard_error >= KNOWN.tests[test].error.at(body.value)


# What spoils it.

SPOILS = {
    ("chair30", "arms", "used_hands"),
    ("lateral_step_down_q", "support", "fingers"),
    ("lateral_step_down_q", "support", "hand"),
    ("plank_hold", "knees", "on_knees"),
    ("side_bridge", "knees", "on_knees"),
    ("sl_squat_quality", "support", "fingers"),
    ("sl_squat_quality", "support", "hand"),
    ("sls_ec", "support", "fingers"),
    ("sls_ec", "support", "hand"),
    ("sls_eo", "support", "fingers"),
    ("sls_eo", "support", "hand"),
    ("speed_at_rpe", "effort", "other"),
    ("speed_at_rpe", "stops", "long"),
    ("sts5", "arms", "used_hands"),
    ("thomas", "pelvis_held", "not_sure"),
    ("thomas", "pelvis_held", "tipped"),
    ("trendelenburg_seen", "support", "leaning"),
    ("wblt", "heel_stayed", "lifted"),
}


def test_these_answers_spoil_a_result_and_no_others() -> None:
    found = {
        (test.id, condition.id, answer)
        for test in KNOWN.tests.values()
        for condition in test.conditions
        for answer in condition.options
        if spoiled(test, {condition.id: answer}) is not None
    }
    assert found == SPOILS


@pytest.mark.requirement("R092")
@pytest.mark.parametrize(("test", "condition", "answer"), sorted(SPOILS))
def test_a_spoiled_result_says_why_and_has_no_number(test: str, condition: str, answer: str) -> None:
    body = outcome(KNOWN.tests[test], [5.0, 6.0], {condition: answer})
    assert (body.value, body.standard_error, body.trials, body.n) == (None, None, (), 0)
    assert body.not_measurable is not None
    assert body.not_measurable.code == f"spoiled_{condition}"
    assert len(body.not_measurable.text) > 20
    assert body.conditions == {condition: answer}


def test_without_a_counted_try_there_is_no_number() -> None:
    body = outcome(KNOWN.tests["sls_eo"], [])
    assert body.value is None
    assert body.not_measurable is not None
    assert body.not_measurable.code == "no_try"


def test_what_spoils_a_result_counts_before_missing_tries() -> None:
    body = outcome(KNOWN.tests["sls_eo"], [], {"support": "hand"})
    assert body.not_measurable is not None
    assert body.not_measurable.code == "spoiled_support"


def test_only_conditions_and_lines_of_the_test_are_kept() -> None:
    given_answers = {"form": "squat", "seen_by": "video", item_key("knee"): "two", "weather": "rain", "knee": "two"}
    body = outcome(KNOWN.tests["squat_screen"], [2], given_answers)
    assert body.conditions == {"form": "squat", "seen_by": "video", "item_knee": "two"}


@pytest.mark.parametrize("hurt", ["0", "3", "10"])
def test_pain_during_a_test_is_kept_with_its_result(hurt: str) -> None:
    body = outcome(KNOWN.tests["sls_eo"], [20], {"support": "no_hand", PAIN_DURING: hurt})
    assert body.conditions == {"support": "no_hand", "pain_during": hurt}
    spoilt = outcome(KNOWN.tests["sls_eo"], [20], {"support": "hand", PAIN_DURING: hurt})
    assert (spoilt.value, spoilt.conditions["pain_during"]) == (None, hurt)


# Which tests are offered.


@pytest.mark.parametrize(
    ("tests", "codes", "offered"),
    [
        (["sls_eo"], [], [("sls_eo", ())]),
        (["sls_eo"], ["BAL"], [("sls_eo", ("BAL",))]),
        (["sls_eo"], ["SURG", "BAL", "WRIST"], [("sls_eo", ("SURG", "BAL"))]),
        (["wblt", "chair30"], ["PREG"], [("wblt", ()), ("chair30", ("PREG",))]),
        # only a camera or a clinic can measure these
        (["fppa", "hhd_abd", "bridge_symmetry", "sts5"], ["BAL"], [("sts5", ("BAL",))]),
        ([], ["BAL"], []),
    ],
)
def test_a_test_is_offered_with_the_cautions_of_this_person(
    tests: list[str], codes: list[str], offered: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(offer.test.id, offer.cautions) for offer in offers(tests, codes, KNOWN)] == offered


HANDS_FREE = {"lateral_step_down_q", "sl_squat_quality", "sls_ec", "sls_eo"}
WITH_HELPER = {"thomas", "walk6min"}


@pytest.mark.parametrize(
    ("codes", "helper", "left_out"),
    [
        ([], True, {}),
        ([], False, dict.fromkeys(WITH_HELPER, "helper")),
        (["BAL"], True, dict.fromkeys(HANDS_FREE, "balance")),
        (["SURG", "BAL"], False, dict.fromkeys(HANDS_FREE, "balance") | dict.fromkeys(WITH_HELPER, "helper")),
        (["SURG", "PREG"], True, {}),
    ],
)
def test_a_test_that_is_not_safe_for_this_person_is_left_out(
    codes: list[str], helper: bool, left_out: dict[str, str]
) -> None:
    offered = offers(list(BY_HAND_TESTS), codes, KNOWN, helper=helper)
    assert [offer.test.id for offer in offered] == list(BY_HAND_TESTS), "what is left out is still named"
    assert {offer.test.id: offer.left_out for offer in offered if offer.left_out is not None} == left_out


@pytest.mark.parametrize(
    ("minutes", "chosen"),
    [
        # 10, 3, 8, 1 minutes
        (100, ["sls_eo", "chair30", "wblt", "pain_now"]),
        (22, ["sls_eo", "chair30", "wblt", "pain_now"]),
        (21, ["sls_eo", "chair30", "wblt"]),
        # what does not fit is passed over for a shorter one
        (14, ["sls_eo", "chair30", "pain_now"]),
        (13, ["sls_eo", "chair30"]),
        (9, ["chair30", "pain_now"]),
        (1, ["pain_now"]),
        # at least one
        (0.5, ["sls_eo"]),
        (0, ["sls_eo"]),
    ],
)
def test_the_tests_of_a_day_fit_into_its_time(minutes: float, chosen: list[str]) -> None:
    names = {"sls_eo": 10, "chair30": 3, "wblt": 8, "pain_now": 1}
    assert {name: KNOWN.tests[name].minutes for name in names} == names
    offered = [Offer(KNOWN.tests[name], ()) for name in names]
    assert [offer.test.id for offer in within(offered, minutes)] == chosen
    assert within((), minutes) == ()


def test_every_test_by_hand_of_the_whole_body_names_its_cautions() -> None:
    without = {name for name in BY_HAND_TESTS if not KNOWN.tests[name].cautions}
    assert without == {"pain_now"}, "only a question needs no caution"
    assert all(set(KNOWN.tests[name].cautions) <= set(KNOWN.cautions) for name in BY_HAND_TESTS)
