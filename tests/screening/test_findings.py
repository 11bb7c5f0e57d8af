"""Why it exists: shows that no result is called a finding inside its error, for every rule of the library."""

import math
from statistics import NormalDist
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Side
from levelstride.screening.change import compare
from levelstride.screening.findings import (
    assess_value,
    current,
    reported_families,
    without_families,
)
from levelstride.screening.norms import applies, find_norm
from levelstride.screening.person import Age, NormSex
from levelstride.screening.protocols import item_key, result, score
from levelstride.screening.series import Z_95
from tests.screening.results import (
    BY_HAND,
    KNOWN,
    answer,
    assessed,
    born,
    by_hand,
    by_points,
    found,
    kept,
    not_measured,
    not_recorded,
    only_series,
    point,
    recorded,
    rule_of,
    series_of,
    state_of,
)

SURE = 0.975
EXPECTED = ("outside", "outside", "uncertain", "uncertain", "within")
PLACES = ("far beyond", "just beyond the band", "at the mark", "just inside the band", "far on the usual side")


class Mark(NamedTuple):
    """A rule about one value: its limit, an error, and values at PLACES (the band is 1.96 errors)."""

    test: str
    rule: str
    limit: float
    error: float
    values: tuple[float, float, float, float, float]
    age: int | None = None
    conditions: dict[str, str] = {}  # noqa: RUF012


class Statement(NamedTuple):
    """A rule about what a person says: its limit, and what is said -> is it past the limit, whatever the error."""

    test: str
    rule: str
    limit: float
    said: dict[float, bool]


class Gap(NamedTuple):
    """A rule about two sides: the better side's value, both errors (together ``error``), gaps at PLACES."""

    test: str
    rule: str
    limit: float
    better: float
    errors: tuple[float, float]
    gaps: tuple[float, float, float, float, float]
    conditions: dict[str, str] = {}  # noqa: RUF012


class Step(NamedTuple):
    """A rule about change: the result before, and what comes after it -> does the rule fire, with hardly any error."""

    test: str
    rule: str
    limit: float
    before: float
    after: dict[float, bool]


BOX = {"form": "box", "metronome": "with_beat"}
FLOOR = {"form": "floor", "metronome": "with_beat"}
HELD = {"pelvis_held": "held", "read_with": "photo"}

MARKS = (
    Mark("bridge_symmetry", "bridge_tilt", 6, 1, (12, 7.97, 6, 7.95, 2)),
    Mark("cadence", "cadence_moderate", 100, 2, (120, 103.94, 100, 103.9, 90), 40),
    Mark("cadence", "cadence_vigorous", 130, 2, (150, 133.94, 130, 133.9, 110), 40),
    Mark("contralateral_pelvic_drop", "walk_pelvis_drop", 5, 1, (11, 6.97, 5, 6.95, 0)),
    Mark("double_support", "double_support_watch", 30, 2, (45, 33.94, 30, 33.9, 20), 40),
    Mark("foot_progression", "foot_angle_large", 20, 2, (35, 23.94, 20, 23.9, 8)),
    Mark("lateral_step_down_q", "step_down_moderate", 2, 0.2, (3, 2.394, 2, 2.39, 1)),
    Mark("lateral_step_down_q", "step_down_low", 4, 0.5, (6, 4.985, 4, 4.975, 2)),
    Mark("sl_bridge_reps", "bridge_box_low", 20, 1.5, (8, 17.045, 20, 17.09, 30), None, BOX),
    Mark("sl_squat_quality", "sl_squat_faults", 3, 0.5, (5, 3.985, 3, 3.975, 1)),
    Mark("sls_eo", "sls_short", 5, 0.5, (1, 4.015, 5, 4.025, 9)),
    Mark("squat_screen", "squat_faults", 3, 0.5, (5, 3.985, 3, 3.975, 1)),
    Mark("step_time_asym", "step_time_gap", 10, 1, (16, 11.97, 10, 11.95, 4)),
    Mark("step_width", "step_narrow", 2, 0.3, (0.1, 1.409, 2, 1.415, 5)),
    Mark("sts5", "sts5_15s", 15, 0.5, (20, 15.985, 15, 15.975, 11), 70),
    Mark("thomas", "hip_extension_low", 0, 3, (-20, -5.91, 0, -5.85, 15), None, HELD),
    Mark("trendelenburg30", "stance_pelvis_drop", 5, 1, (11, 6.97, 5, 6.95, 0)),
    # "clearly" (2) is past the mark, "a little" (1) is at it, "level" (0) on the usual side
    Mark("trendelenburg_seen", "seen_pelvis_drop", 1, 0.5, (2, 1.985, 1, 1.975, 0)),
    Mark("trunk_lean", "trunk_lean_some", 5, 0.2, (6.2, 5.394, 5, 5.39, 3)),
    Mark("trunk_lean", "trunk_lean_clear", 7, 0.5, (10, 7.985, 7, 7.975, 4)),
    Mark("walk10", "walk_speed_limited", 0.8, 0.05, (0.4, 0.7015, 0.8, 0.7025, 1.1)),
    Mark("walk10", "walk_speed_watch", 1.0, 0.02, (0.88, 0.9606, 1.0, 0.961, 1.2)),
)

# Nobody's pain is within its error.
STATEMENTS = (
    Statement("pain_now", "pain_now_high", 5, {0: False, 4: False, 5: False, 6: True, 10: True}),
    Statement("pain_walk", "walk_pain_amber", 2, {0: False, 1: False, 2: False, 3: True, 5: True}),
    Statement("pain_walk", "walk_pain_red", 5, {0: False, 3: False, 5: False, 6: True, 10: True}),
)

# Norms that depend on age and sex: both ends of every band.
CHAIR30 = {
    "male": {(60, 64): 14, (65, 69): 12, (70, 74): 12, (75, 79): 11, (80, 84): 10, (85, 89): 8, (90, 94): 7},
    "female": {(60, 64): 12, (65, 69): 11, (70, 74): 10, (75, 79): 10, (80, 84): 9, (85, 89): 8, (90, 94): 4},
    # the limit that is harder to cross: the lower of the two
    "prefer_not": {(60, 64): 12, (65, 69): 11, (70, 74): 10, (75, 79): 10, (80, 84): 9, (85, 89): 8, (90, 94): 4},
}
STS5 = {(60, 69): 11.4, (70, 79): 12.6, (80, 89): 14.8}
# Half of 43.3, 40.3, 37.0 (mean of three tries), then of 27.0, 17.2, 8.5 (pooled).
SLS_HALF = {(18, 39): 21.65, (40, 49): 20.15, (50, 59): 18.5, (60, 69): 13.5, (70, 79): 8.6}

NORMS = [
    *(
        ("chair30", "chair30_below_age", age, sex, limit, -1)
        for sex, bands in CHAIR30.items()
        for band, limit in bands.items()
        for age in band
    ),
    *(("sts5", "sts5_above_age", age, None, limit, 1) for band, limit in STS5.items() for age in band),
    *(("sls_eo", "sls_half_norm", age, None, limit, -1) for band, limit in SLS_HALF.items() for age in band),
]
WITHOUT_NORM = [
    *(("chair30", "chair30_below_age", age, sex, 1) for age in (59, 95, None) for sex in ("female", "prefer_not")),
    *(("sts5", "sts5_above_age", age, None, 60) for age in (59, 90, None)),
    *(("sls_eo", "sls_half_norm", age, None, 6) for age in (17, 100, None)),
]

# 0.6 and 0.8 make an error of exactly 1.
GAPS = (
    Gap("bridge_symmetry", "bridge_tilt_gap", 4, 1, (0.6, 0.8), (10, 5.97, 4, 5.95, 0.5)),
    Gap("contralateral_pelvic_drop", "walk_pelvis_gap", 3, 1, (0.6, 0.8), (9, 4.97, 3, 4.95, 0.5)),
    Gap("foot_progression", "foot_angle_gap", 10, 1, (0.6, 0.8), (16, 11.97, 10, 11.95, 0.5)),
    Gap("fppa", "knee_line_gap", 10, -3, (0.6, 0.8), (16, 11.97, 10, 11.95, 0.5)),
    Gap("trailing_limb", "trail_gap", 5, 22, (0.6, 0.8), (11, 6.97, 5, 6.95, 0.5)),
    Gap("trunk_lean", "trunk_lean_gap", 3, 1, (0.6, 0.8), (9, 4.97, 3, 4.95, 0.5)),
    Gap("wblt", "ankle_side_gap", 2, 12, (0.6, 0.8), (8, 3.97, 2, 3.95, 0.01)),
    # percent of the better side: 10 % of 2, then of 40
    Gap("hhd_abd", "abd_side_gap", 0.2, 2, (0.03, 0.04), (0.6, 0.2985, 0.2, 0.2975, 0.01)),
    Gap("side_bridge", "side_plank_gap", 2, 40, (0.6, 0.8), (8, 3.97, 2, 3.95, 0.01)),
    Gap("side_lying_abd_hold", "abd_hold_gap", 8, 40, (0.6, 0.8), (14, 9.97, 8, 9.95, 0.5)),
    Gap("sl_bridge_reps", "bridge_side_gap", 4, 40, (0.6, 0.8), (10, 5.97, 4, 5.95, 0.5), FLOOR),
    Gap("sls_eo", "sls_side_gap", 12, 40, (0.6, 0.8), (18, 13.97, 12, 13.95, 0.5)),
)

STEPS = (
    Step("fppa", "knee_line_rise", 9, 5, {16: True, 14.01: True, 14: False, 13: False, -6: False}),
    # ten percent of the value before
    Step("overstride", "foot_ahead_less", -10, 20, {10: True, 17.9: True, 18: False, 18.5: False, 25: False}),
    Step("pain_now", "pain_now_rise", 2, 2, {6: True, 4.1: True, 4: True, 3.5: False, 0: False}),
    Step("psfs", "psfs_fall", -2, 8, {5: True, 5.99: True, 6: False, 6.5: False, 10: False}),
    Step("side_bridge", "side_plank_fall", -30, 80, {30: True, 49.9: True, 50: False, 60: False, 120: False}),
    Step("step_time_asym", "step_time_rise", 5, 4, {12: True, 9.1: True, 9: False, 6: False, 0: False}),
    Step("trailing_limb", "trail_fall", -4, 20, {10: True, 15.9: True, 16: False, 18: False, 26: False}),
    # the published error of this test is 81.5 m, more than the rule's own 50 m
    Step("walk6min", "walk6_fall", -50, 400, {250: True, 318: True, 318.5: False, 340: False, 500: False}),
    Step("walk6min", "walk6_gain", 50, 400, {550: True, 482: True, 481.5: False, 460: False, 300: False}),
    Step("walk10", "walk_speed_fall", -0.1, 1.2, {0.9: True, 1.09: True, 1.1: False, 1.15: False, 1.4: False}),
    Step("walk10", "walk_speed_gain", 0.1, 1.0, {1.3: True, 1.11: True, 1.1: True, 1.05: False, 0.7: False}),
)

TRENDS = {
    "double_support": "double_support_trend",
    "glute_feel": "glute_feel_trend",
    "overstride": "foot_ahead_trend",
    "peak_hip_adduction": "hip_adduction_trend",
    "plank_hold": "plank_trend",
    "posture_tilt": "posture_trend",
    "psfs": "psfs_trend",
    "side_lying_abd_hold": "abd_hold_trend",
    "sl_bridge_hold": "bridge_hold_trend",
    "sls_ec": "sls_ec_trend",
    "speed_at_rpe": "speed_effort_trend",
    "step_width": "step_width_trend",
}


def side_for(test: str) -> Side | None:
    return "left" if KNOWN.tests[test].measure.sided else None


def test_every_rule_of_the_library_has_a_block() -> None:
    blocks = [
        *((one.test, one.rule) for one in (*MARKS, *STATEMENTS, *GAPS, *STEPS)),
        *{(test, rule) for test, rule, *_ in NORMS},
        *TRENDS.items(),
    ]
    library = {(test.id, rule.id) for test in KNOWN.tests.values() for rule in test.finding_rules}
    assert len(blocks) == len(set(blocks))
    assert set(blocks) == library


@pytest.mark.requirement("R036", "R058", "R145")
@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.rule)
def test_a_value_is_a_finding_only_beyond_its_band(mark: Mark) -> None:
    side = side_for(mark.test)
    for value, expected, place in zip(mark.values, EXPECTED, PLACES, strict=True):
        entries = [by_hand(mark.test, value, mark.error, side=side, conditions=mark.conditions)]
        if mark.age is not None:
            entries.append(born(mark.age))
        one = assessed(found(*entries)[mark.test, side], mark.rule)
        assert one is not None, place
        assert (one.verdict, one.limit, one.value) == (expected, mark.limit, value), place
        assert one.margin == pytest.approx(1.96 * mark.error, rel=1e-4)
        if expected == "outside":
            assert abs(value - mark.limit) > one.margin


@pytest.mark.requirement("R036")
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.rule)
def test_what_a_person_says_about_pain_counts_as_it_is_said(statement: Statement) -> None:
    for value, past in statement.said.items():
        for error in (0.1, 1, 500):
            finding = found(by_hand(statement.test, value, error))[statement.test, None]
            one = assessed(finding, statement.rule)
            assert one is not None, value
            assert (one.verdict, one.probability) == (("outside", 1) if past else ("within", 0)), (value, error)
            assert (one.limit, one.value) == (statement.limit, value)
            assert finding.verdict != "uncertain"


def test_only_statements_are_taken_as_they_are_said() -> None:
    rules = [rule for test in KNOWN.tests.values() for rule in test.finding_rules]
    assert {rule.id for rule in rules if rule.as_said} == {statement.rule for statement in STATEMENTS}


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("test", "earlier", "now", "verdict"),
    [
        ("pain_now", 2, 8, "outside"),
        ("pain_now", 0, 6, "outside"),
        ("pain_now", 9, 2, "within"),
        ("pain_walk", 0, 3, "outside"),
        ("pain_walk", 9, 1, "within"),
    ],
)
def test_a_milder_day_before_does_not_hide_the_pain_of_now(test: str, earlier: float, now: float, verdict: str) -> None:
    finding = found(by_hand(test, earlier, 0.7), by_hand(test, now, 0.7, day=5))[test, None]
    assert finding.verdict == verdict
    assert finding.point is not None
    assert finding.point.value == now


@pytest.mark.requirement("R058", "R122")
@pytest.mark.parametrize(("test", "rule", "age", "sex", "limit", "beyond"), NORMS)
def test_a_published_norm_counts_for_its_ages_and_sex(
    test: str, rule: str, age: int, sex: str | None, limit: float, beyond: int
) -> None:
    error = 0.1  # small, so that no other rule of the test replaces this one
    for errors, expected in zip((6, 1.97, 0, 1.95, -6), EXPECTED, strict=True):
        side = side_for(test)
        value = limit + beyond * errors * error
        one = assessed(found(born(age, sex), by_hand(test, value, error, side=side))[test, side], rule)
        assert one is not None
        assert one.limit == pytest.approx(limit)
        assert one.verdict == expected, (value, errors)


@pytest.mark.parametrize(("test", "rule", "age", "sex", "value"), WITHOUT_NORM)
def test_without_a_norm_for_the_age_nothing_is_compared_with_one(
    test: str, rule: str, age: int | None, sex: str | None, value: float
) -> None:
    side = side_for(test)
    who = [] if age is None else [born(age, sex)]
    finding = found(*who, by_hand(test, value, 0.1, side=side))[test, side]
    assert assessed(finding, rule) is None
    assert finding.norm is None


# Attribute, the two ages that are possible, sexes -> every figure that may be the person's own; None = no figure.
BOTH: tuple[NormSex, ...] = ("female", "male")
CHAIR = ("below_average_if_less_than",)
STANDS = ("worse_than_average_if_more_than",)
STANCE = ("norm_mean_meta", "norm_mean_of_3_trials")


@pytest.mark.requirement("R058", "R122")
@pytest.mark.parametrize(
    ("test", "attributes", "ages", "sexes", "values"),
    [
        ("chair30", CHAIR, (64, 65), ("female",), {11, 12}),
        ("chair30", CHAIR, (64, 65), ("male",), {12, 14}),
        ("chair30", CHAIR, (64, 65), BOTH, {11, 12, 14}),
        ("chair30", CHAIR, (63, 64), ("female",), {12}),
        # one of the two ages has none
        ("chair30", CHAIR, (59, 60), ("female",), None),
        ("chair30", CHAIR, (94, 95), ("male",), None),
        ("sts5", STANDS, (59, 60), ("male",), None),
        ("sts5", STANDS, (69, 70), ("male",), {11.4, 12.6}),
        ("sts5", STANDS, (89, 90), ("female",), None),
        ("sls_eo", STANCE, (17, 18), ("female",), None),
        ("sls_eo", STANCE, (39, 40), ("female",), {43.3, 40.3}),
        # the first source begins at 60, so the second one counts for both ages
        ("sls_eo", STANCE, (59, 60), ("female",), {37.0, 26.9}),
        ("sls_eo", STANCE, (60, 61), ("female",), {27.0}),
        ("sls_eo", STANCE, (79, 80), ("male",), {17.2, 8.5}),
    ],
)
def test_at_an_uncertain_age_both_figures_count_or_none(
    test: str, attributes: tuple[str, ...], ages: tuple[int, int], sexes: tuple[NormSex, ...], values: set[float] | None
) -> None:
    norm = find_norm(KNOWN.tests[test], attributes, Age(*ages), sexes)
    assert (None if norm is None else set(norm.values)) == values
    if norm is not None and values is not None:
        assert (norm.lowest, norm.highest) == (min(values), max(values))
    assert find_norm(KNOWN.tests[test], attributes, None, sexes) is None


@pytest.mark.requirement("R058", "R122")
@pytest.mark.parametrize(
    ("test", "rule", "age", "sex", "limit"),
    [
        # the figure that is harder to cross: the lower count, the longer time
        ("chair30", "chair30_below_age", 65, "female", 11),
        ("chair30", "chair30_below_age", 65, "male", 12),
        ("chair30", "chair30_below_age", 65, None, 11),
        ("chair30", "chair30_below_age", 60, "female", None),
        ("sts5", "sts5_above_age", 70, None, 12.6),
        ("sts5", "sts5_above_age", 60, None, None),
        ("sls_eo", "sls_half_norm", 40, None, 20.15),
        ("sls_eo", "sls_half_norm", 60, None, 13.45),
        ("sls_eo", "sls_half_norm", 18, None, None),
    ],
)
def test_without_the_month_of_birth_the_figure_that_is_harder_to_cross_counts(
    test: str, rule: str, age: int, sex: str | None, limit: float | None
) -> None:
    side = side_for(test)
    finding = found(born(age, sex, month=None), by_hand(test, 14, 0.5, side=side))[test, side]
    one = assessed(finding, rule)
    assert (None if one is None else one.limit) == (None if limit is None else pytest.approx(limit))


def test_above_80_the_short_stand_replaces_half_of_the_norm() -> None:
    for age in (80, 99):
        at_mark = found(born(age), by_hand("sls_eo", 4.25, 0.5, side="left"))["sls_eo", "left"]
        half = assessed(at_mark, "sls_half_norm")
        assert half is not None
        assert half.limit == pytest.approx(4.25)
        assert (half.verdict, at_mark.verdict) == ("uncertain", "uncertain")
        short = found(born(age), by_hand("sls_eo", 1, 0.5, side="left"))["sls_eo", "left"]
        assert [one.rule.id for one in short.assessments] == ["sls_short"]


@pytest.mark.requirement("R092", "R145")
@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.rule)
@pytest.mark.parametrize("worse", ["left", "right"])
def test_sides_differ_only_beyond_the_error_of_their_difference(gap: Gap, worse: Side) -> None:
    better: Side = "right" if worse == "left" else "left"
    sign = -1 if KNOWN.tests[gap.test].measure.better == "higher" else 1
    for size, expected, place in zip(gap.gaps, EXPECTED, PLACES, strict=True):
        value = gap.better + sign * size
        both = found(
            by_hand(gap.test, value, gap.errors[0], side=worse, conditions=gap.conditions),
            by_hand(gap.test, gap.better, gap.errors[1], side=better, conditions=gap.conditions),
        )
        one = assessed(both[gap.test, worse], gap.rule)
        assert one is not None, place
        assert one.verdict == expected, place
        assert (one.value, one.other) == (value, gap.better)
        assert one.gap == pytest.approx(size)
        assert one.limit == pytest.approx(gap.limit)
        assert one.margin == pytest.approx(1.96 * math.hypot(*gap.errors), rel=1e-4)
        assert assessed(both[gap.test, better], gap.rule) is None, "only the less good side is named"


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.rule)
def test_a_rule_about_change_fires_beyond_its_limit_and_beyond_error(step: Step) -> None:
    side = side_for(step.test)
    assert rule_of(step.test, step.rule).limit == step.limit
    for value, fires in step.after.items():
        for error, expected in ((0.01, fires), (abs(value - step.before), False)):
            first, now = (
                by_hand(step.test, size, error, side=side, day=day) for size, day in ((step.before, 0), (value, 28))
            )
            again = by_hand(step.test, step.before, error, side=side, day=3)
            change = compare(only_series(first, again, now), KNOWN, None)
            assert change is not None
            assert (step.rule in [rule.id for rule in change.rules]) is expected, (value, error)
            # on one first day alone only a published figure can stand behind it
            alone = compare(only_series(first, now), KNOWN, None)
            assert alone is not None
            published = KNOWN.tests[step.test].change.mdc is not None
            assert (step.rule in [rule.id for rule in alone.rules]) is (expected and published), (value, error)
            assert (alone.verdict == "error_not_known") is not published


def test_a_rule_about_change_never_makes_a_finding_of_one_result() -> None:
    for step in STEPS:
        side = side_for(step.test)
        extreme = next(iter(step.after))
        finding = found(by_hand(step.test, extreme, 0.01, side=side))[step.test, side]
        assert assessed(finding, step.rule) is None


@pytest.mark.parametrize("test", TRENDS)
@pytest.mark.parametrize("value", [-1000.0, 0.0, 3.0, 1000.0])
def test_a_trend_rule_is_never_a_finding(test: str, value: float) -> None:
    side = side_for(test)
    for age in (8, 40, 90):
        finding = found(born(age), by_hand(test, value, 0.01, side=side))[test, side]
        assert assessed(finding, TRENDS[test]) is None
    if len(KNOWN.tests[test].finding_rules) == 1:
        assert (finding.verdict, finding.families, finding.confidence) == ("described", (), "none")


# A mark of a test by hand that no possible answer can reach would be a promise that is never kept.
REACHABLE = [
    (test.id, rule.id)
    for test in KNOWN.tests.values()
    if test.entry is not None
    for rule in test.finding_rules
    if rule.compare in ("value", "faulty_reps", "share_of_norm")
]


@pytest.mark.parametrize(("test", "rule"), REACHABLE)
def test_some_possible_result_reaches_each_mark(test: str, rule: str) -> None:
    spec = KNOWN.tests[test]
    assert spec.entry is not None
    assert spec.error is not None
    low, high = (0.05, 3.0) if spec.entry.kind == "speed" else (spec.entry.low, spec.entry.high)
    conditions = rule_of(test, rule).needs
    verdicts = set()
    for value in (low, high):
        side = side_for(test)
        entry = by_hand(test, value, spec.error.at(value), side=side, conditions=conditions)
        who = 70 if rule != "sls_half_norm" else 30
        one = assessed(found(born(who, "male"), entry)[test, side], rule)
        verdicts.add(None if one is None else one.verdict)
    replaced = any(rule in other.replaces for other in spec.finding_rules)
    assert "outside" in verdicts or (replaced and None in verdicts)
    assert "within" in verdicts


# For whom and how a test was done.


@pytest.mark.parametrize(
    ("test", "rule", "value", "ages"),
    [
        ("cadence", "cadence_moderate", 110, {20: False, 21: True, 85: True, 86: False}),
        ("cadence", "cadence_vigorous", 150, {20: False, 21: True, 60: True, 61: False}),
        ("chair30", "chair30_below_age", 1, {59: False, 60: True, 94: True, 95: False}),
        ("double_support", "double_support_watch", 45, {18: True, 69: True, 70: False}),
        ("sts5", "sts5_above_age", 40, {59: False, 60: True, 89: True, 90: False}),
        ("sts5", "sts5_15s", 40, {64: False, 65: True, 100: True}),
    ],
)
def test_a_rule_counts_only_for_its_ages(test: str, rule: str, value: float, ages: dict[int, bool]) -> None:
    for age, counts in ages.items():
        finding = found(born(age, "female"), by_hand(test, value, 0.5))[test, None]
        assert (assessed(finding, rule) is not None) is counts, age
    assert assessed(found(by_hand(test, value, 0.5))[test, None], rule) is None, "no age"


def test_every_rule_with_ages_stands_in_the_table_of_ages() -> None:
    bound = {rule.id for test in KNOWN.tests.values() for rule in test.finding_rules if rule.ages != (None, None)}
    listed = {
        *("cadence_moderate", "cadence_vigorous", "chair30_below_age"),
        *("double_support_watch", "sts5_above_age", "sts5_15s"),
    }
    assert bound == listed


def test_an_age_that_may_lie_outside_does_not_count() -> None:
    rule = rule_of("sts5", "sts5_15s")
    assert applies(rule, Age(65, 65), {})
    assert not applies(rule, Age(64, 65), {})
    upper = rule_of("double_support", "double_support_watch")
    assert applies(upper, Age(68, 69), {})
    assert not applies(upper, Age(69, 70), {})


@pytest.mark.requirement("R145")
def test_the_box_mark_is_not_used_for_the_floor_form() -> None:
    for conditions, counts in ((BOX, True), (FLOOR, False), ({}, False)):
        finding = found(by_hand("sl_bridge_reps", 5, 1.5, side="left", conditions=conditions))["sl_bridge_reps", "left"]
        assert (assessed(finding, "bridge_box_low") is not None) is counts
        assert finding.verdict == ("outside" if counts else "described")


@pytest.mark.requirement("R092")
def test_the_hip_angle_counts_only_when_the_pelvis_was_held() -> None:
    for conditions, verdict in ((HELD, "outside"), ({}, "described"), ({"pelvis_held": "not_sure"}, "described")):
        assert found(by_hand("thomas", -20, 3, side="left", conditions=conditions))["thomas", "left"].verdict == verdict


@pytest.mark.parametrize(
    ("test", "value", "error", "age", "kept_rules"),
    [
        ("cadence", 150, 2, 40, ["cadence_vigorous"]),
        ("cadence", 131, 2, 40, ["cadence_moderate", "cadence_vigorous"]),
        ("lateral_step_down_q", 6, 0.5, None, ["step_down_low"]),
        ("lateral_step_down_q", 4, 0.5, None, ["step_down_moderate", "step_down_low"]),
        ("pain_walk", 8, 0.5, None, ["walk_pain_red"]),
        ("pain_walk", 4, 0.5, None, ["walk_pain_amber", "walk_pain_red"]),
        ("sls_eo", 2, 0.5, 30, ["sls_short"]),
        ("sls_eo", 8, 0.5, 30, ["sls_short", "sls_half_norm"]),
        ("trunk_lean", 10, 0.5, None, ["trunk_lean_clear"]),
        ("walk10", 0.5, 0.05, 40, ["walk_speed_limited"]),
        ("walk10", 0.75, 0.05, 40, ["walk_speed_limited", "walk_speed_watch"]),
    ],
)
def test_a_stronger_rule_replaces_the_weaker_one_only_when_it_is_sure(
    test: str, value: float, error: float, age: int | None, kept_rules: list[str]
) -> None:
    side = side_for(test)
    who = [] if age is None else [born(age)]
    finding = found(*who, by_hand(test, value, error, side=side))[test, side]
    assert [one.rule.id for one in finding.assessments] == kept_rules


# Whatever the numbers.

SIZES = st.floats(-200, 200, allow_nan=False)
ERRORS = st.floats(1e-6, 100, allow_nan=False)
ORDER = {"within": 0, "uncertain": 1, "outside": 2}


@given(rule=st.sampled_from([rule_of(mark.test, mark.rule) for mark in MARKS]), value=SIZES, error=ERRORS)
def test_a_difference_within_its_error_is_never_a_finding(rule, value: float, error: float) -> None:
    verdict, probability = assess_value(rule, value, error, rule.limit, SURE)
    assert 0 <= probability <= 1
    if abs(value - rule.limit) < 1.9599 * error:
        assert verdict == "uncertain"
    beyond = value - rule.limit if rule.op in ("above", "at_least") else rule.limit - value
    if beyond > 1.96 * error:
        assert verdict == "outside"
    if beyond < -1.96 * error:
        assert verdict == "within"


@given(
    rule=st.sampled_from([rule_of(mark.test, mark.rule) for mark in MARKS]),
    values=st.tuples(SIZES, SIZES),
    error=ERRORS,
)
def test_a_worse_value_never_has_a_milder_verdict(rule, values: tuple[float, float], error: float) -> None:
    usual, further = sorted(values, reverse=rule.op == "below")
    one = assess_value(rule, usual, error, rule.limit, SURE)
    two = assess_value(rule, further, error, rule.limit, SURE)
    assert ORDER[one[0]] <= ORDER[two[0]]
    assert one[1] <= two[1]


@settings(max_examples=150)
@given(
    gap=st.sampled_from(GAPS),
    values=st.tuples(st.floats(-40, 40, allow_nan=False), st.floats(-40, 40, allow_nan=False)),
    errors=st.tuples(st.floats(0.01, 10), st.floats(0.01, 10)),
)
def test_sides_within_the_error_of_their_difference_are_never_a_finding(
    gap: Gap, values: tuple[float, float], errors: tuple[float, float]
) -> None:
    both = found(
        by_hand(gap.test, values[0], errors[0], side="left", conditions=gap.conditions),
        by_hand(gap.test, values[1], errors[1], side="right", conditions=gap.conditions),
    )
    told = [assessed(both[gap.test, side], gap.rule) for side in ("left", "right")]
    (one,) = [found_one for found_one in told if found_one is not None]
    assert 0 <= one.probability <= 1
    if abs(values[0] - values[1]) < 1.9599 * math.hypot(*errors):
        assert one.verdict != "outside"
    if one.verdict == "outside":
        assert one.gap > one.limit + 1.9599 * math.hypot(*errors)


@settings(max_examples=150)
@given(
    step=st.sampled_from(STEPS),
    values=st.tuples(st.floats(0, 100), st.floats(0, 100)),
    errors=st.tuples(st.floats(0.001, 30), st.floats(0.001, 30)),
    days=st.integers(2, 60),
)
def test_a_change_within_its_error_never_fires_a_rule(
    step: Step, values: tuple[float, float], errors: tuple[float, float], days: int
) -> None:
    side = side_for(step.test)
    series = only_series(
        by_hand(step.test, values[0], errors[0], side=side),
        by_hand(step.test, values[0], errors[0], side=side, day=1),
        by_hand(step.test, values[1], errors[1], side=side, day=days),
    )
    change = compare(series, KNOWN, None)
    assert change is not None
    if abs(values[1] - values[0]) < 1.9599 * math.hypot(*errors):
        assert change.verdict != "real_change"
        assert change.rules == ()
        assert change.direction is None
    if change.rules:
        assert change.verdict == "real_change"


SIDED = [test.id for test in KNOWN.tests.values() if test.measure.sided]


# A gap says something only when it is larger than its error.


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "left", "right", "error", "gap_verdict", "clear", "verdict"),
    [
        # 1.96 x sqrt 2 x 0.69 = 1.91
        ("wblt", 9, 10, 0.69, "uncertain", False, "described"),
        ("wblt", 7, 10, 0.69, "uncertain", True, "uncertain"),
        ("wblt", 4, 10, 0.69, "outside", True, "outside"),
        # larger than its error, and surely below the mark
        ("wblt", 9.5, 10, 0.1, "within", True, "within"),
        ("wblt", 9.8, 10, 0.1, "within", False, "described"),
        # another rule stays as it is: 5 s
        ("sls_eo", 20, 24, 4, "uncertain", False, "within"),
        ("sls_eo", 3, 3.5, 0.5, "uncertain", False, "outside"),
        ("sls_eo", 5, 5.5, 0.5, "uncertain", False, "uncertain"),
    ],
)
def test_a_gap_within_its_error_leaves_the_verdict_to_the_others(
    test: str, left: float, right: float, error: float, gap_verdict: str, clear: bool, verdict: str
) -> None:
    both = found(by_hand(test, left, error, side="left"), by_hand(test, right, error, side="right"))
    finding = both[test, "left"]
    (gap,) = [one for one in finding.assessments if one.gap is not None]
    assert (gap.verdict, gap.clear, finding.verdict) == (gap_verdict, clear, verdict)
    assert all(one.clear for one in finding.assessments if one.gap is None)


@pytest.mark.requirement("R145")
@settings(max_examples=100)
@given(
    gap=st.sampled_from(GAPS),
    value=st.floats(-40, 40),
    errors=st.tuples(st.floats(0.01, 10), st.floats(0.01, 10)),
    share=st.floats(-0.99, 0.99),
)
def test_the_other_side_changes_no_verdict_when_it_differs_by_no_more_than_error(
    gap: Gap, value: float, errors: tuple[float, float], share: float
) -> None:
    left = by_hand(gap.test, value, errors[0], side="left", conditions=gap.conditions)
    near = value + share * 1.9599 * math.hypot(*errors)
    right = by_hand(gap.test, near, errors[1], side="right", conditions=gap.conditions)
    assume(near not in (45, 90) and value not in (45, 90))
    alone, both = found(left)[gap.test, "left"], found(left, right)[gap.test, "left"]
    assert both.verdict == alone.verdict
    assert both.families == alone.families


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "worse", "better", "error", "verdict"),
    [
        # the full time is 45 s, the mark 30 % of it = 13.5 s
        ("sls_eo", (20, 4), (45, 9), 4, "outside"),
        ("sls_eo", (20, 4), (44.9, 8.98), 9.83058, "uncertain"),
        ("sls_eo", (30, 6), (45, 9), 6, "uncertain"),
        ("sls_eo", (44, 1), (45, 9), 1, "within"),
        # 90 s, 20 % = 18 s
        ("side_lying_abd_hold", (50, 10), (90, 18), 10, "outside"),
        ("side_lying_abd_hold", (50, 10), (89, 17.8), 20.416660, "uncertain"),
        # no cap
        ("side_bridge", (45, 10.95), (90, 10.95), 15.485639, "outside"),
        ("side_bridge", (60, 10.95), (90, 10.95), 15.485639, "uncertain"),
    ],
)
def test_a_side_that_held_its_full_time_was_at_least_that_good(
    test: str, worse: tuple[float, float], better: tuple[float, float], error: float, verdict: str
) -> None:
    for less, more in (("left", "right"), ("right", "left")):
        both = found(by_hand(test, *worse, side=less), by_hand(test, *better, side=more))  # type: ignore[arg-type]
        (gap,) = [one for one in both[test, less].assessments if one.gap is not None]  # type: ignore[index]
        assert gap.margin == pytest.approx(1.959964 * error, rel=1e-5)
        assert gap.verdict == verdict
        assert gap.probability == pytest.approx(1 - NormalDist(gap.gap, error).cdf(gap.limit), rel=1e-4)
        assert [one for one in both[test, more].assessments if one.gap is not None] == []  # type: ignore[index]


def test_two_sides_at_their_full_time_differ_by_nothing() -> None:
    both = found(*(by_hand("sls_eo", 45, 9, side=side) for side in ("left", "right")))
    told = [one for key in both for one in both[key].assessments if one.gap is not None]
    assert [(one.gap, one.clear) for one in told] == [(0, False)]
    assert {one.verdict for one in both.values()} == {"within"}


# The result that counts today.

BARE, SHOD = {"footwear": "barefoot"}, {"footwear": "shoes"}


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("results", "value", "error", "days"),
    [
        # value, error, day
        ([(10, 2, 0)], 10, 2, 1),
        # the last of a day counts
        ([(10, 2, 0), (20, 2, 0.1)], 20, 2, 1),
        # 10 and 20: spread sqrt 50 = 7.0710678, more than the usual error; over sqrt 2 = 5
        ([(10, 2, 0), (20, 2, 14)], 15, 5, 2),
        ([(10, 2, 0), (30, 2, 5), (20, 2, 5.1)], 15, 5, 2),
        # 10 and 11: spread 0.7, less than the usual error of 2; over sqrt 2
        ([(10, 2, 0), (11, 2, 7)], 10.5, 1.4142136, 2),
        # the usual error is that of the last
        ([(10, 5, 0), (10, 1, 3)], 10, 0.7071068, 2),
        # 9, 12, 15: spread 3, over sqrt 3
        ([(9, 1, 0), (12, 1, 5), (15, 1, 10)], 12, 1.7320508, 3),
        # too long before the last
        ([(10, 2, 0), (20, 2, 14.5)], 20, 2, 1),
        # 10 and 16: spread 4.2426407, over sqrt 2 = 3
        ([(99, 2, 0), (10, 2, 10), (16, 2, 20)], 13, 3, 2),
    ],
)
def test_the_result_of_today_is_the_mean_of_its_days(
    results: list[tuple[float, float, float]], value: float, error: float, days: int
) -> None:
    series = by_points("sls_eo", *(point(size, spread, day=day) for size, spread, day in results))
    today = current(series, KNOWN)
    assert today.value == pytest.approx(value)
    assert today.standard_error == pytest.approx(error)
    assert (today.days, today.at) == (days, series.points[-1].at)


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("results", "value", "footwear"),
    [
        # value, day, conditions; the way with the most days counts, the later one where two have as many
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, SHOD)], 11, "barefoot"),
        ([(10, 0, BARE), (40, 1, SHOD)], 40, "shoes"),
        ([(10, 0, BARE), (40, 1, SHOD), (12, 2, BARE)], 11, "barefoot"),
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, SHOD), (44, 3, SHOD)], 42, "shoes"),
        # two tries of one day are one day
        ([(10, 0, BARE), (12, 0.1, BARE), (40, 1, SHOD)], 40, "shoes"),
        # the way is chosen by all its days, the mean is that of the last two weeks
        ([(10, 0, BARE), (12, 50, BARE), (40, 52, SHOD)], 12, "barefoot"),
        # older than 56 days against the last: no longer the present one
        ([(10, 0, BARE), (12, 1, BARE), (40, 57, SHOD)], 11, "barefoot"),
        ([(10, 0, BARE), (12, 1, BARE), (40, 57.1, SHOD)], 40, "shoes"),
        # what is not stated is another way too
        ([(10, 0, BARE), (12, 1, BARE), (40, 2, {})], 11, "barefoot"),
    ],
)
def test_one_test_done_differently_does_not_replace_two_done_alike(
    results: list[tuple[float, float, dict[str, str]]], value: float, footwear: str
) -> None:
    series = by_points("sls_eo", *(point(size, 2, day=day, conditions=how) for size, day, how in results))
    today = current(series, KNOWN)
    assert (today.value, today.conditions["footwear"]) == (value, footwear)
    entries = [by_hand("sls_eo", size, 2, side="left", day=day, conditions=how) for size, day, how in results]
    finding = found(*entries)["sls_eo", "left"]
    assert finding.point is not None
    assert (finding.point.value, finding.point.conditions) == (value, today.conditions)


def test_what_a_camera_adds_does_not_shrink_with_days() -> None:
    frame = {"method": "recording", "source": "recording", "view": "right", "model": "pose-1"}
    filmed = [point(value, 3, day=day, **frame) for value, day in ((10, 0), (20, 5))]
    today = current(by_points("trailing_limb", *filmed), KNOWN)
    assert (today.value, today.standard_error, today.days) == (20, 3, 1)
    # two days by hand are more than one recording
    by_eye = [point(value, 2, day=day) for value, day in ((1.0, 0), (1.2, 1))]
    mixed = current(by_points("walk10", *by_eye, point(1.5, 0.03, day=2, **frame)), KNOWN)
    assert (mixed.value, mixed.method, mixed.days) == (1.1, "hand", 2)
    later = current(by_points("walk10", by_eye[0], point(1.5, 0.03, day=2, **frame)), KNOWN)
    assert (later.value, later.method) == (1.5, "recording")


@pytest.mark.requirement("R036", "R145")
def test_each_side_counts_with_the_mean_of_its_days() -> None:
    both = found(
        by_hand("wblt", 4, 0.69, side="left"),
        by_hand("wblt", 5, 0.69, side="left", day=5),
        by_hand("wblt", 12, 0.69, side="right"),
    )
    left = both["wblt", "left"]
    assert left.point is not None
    assert left.other is not None
    # 4 and 5: spread 0.7071 > 0.69, over sqrt 2 = 0.5
    assert (left.point.value, left.point.days) == (4.5, 2)
    assert left.margin == pytest.approx(1.959964 * 0.5)
    (gap,) = left.assessments
    assert (gap.value, gap.other, gap.gap) == (4.5, 12, 7.5)
    assert gap.margin == pytest.approx(1.959964 * math.hypot(0.5, 0.69))
    right = both["wblt", "right"]
    assert right.other is not None
    assert (right.other.value, right.other.standard_error) == (4.5, pytest.approx(0.5))
    # the better side too: 11 and 13, spread 1.4142136, over sqrt 2 = 1
    more = found(
        by_hand("wblt", 4, 0.69, side="left"),
        *(by_hand("wblt", value, 0.69, side="right", day=day) for value, day in ((11, 0), (13, 5))),
    )
    (gap,) = more["wblt", "left"].assessments
    assert (gap.value, gap.other, gap.gap) == (4, 12, 8)
    assert gap.margin == pytest.approx(1.959964 * math.hypot(0.69, 1))


@pytest.mark.requirement("R036")
@pytest.mark.parametrize(
    ("test", "values", "error", "one_day", "two_days"),
    [
        # mark 0.8: (0.8 - 0.7) / 0.06 = 1.67 errors on one day, 2.36 on two
        ("walk10", (0.7, 0.7), 0.06, "uncertain", "outside"),
        # two days far apart make it less sure, not more
        ("walk10", (0.1, 0.65), 0.06, "outside", "uncertain"),
    ],
)
def test_a_second_day_can_make_a_result_surer(
    test: str, values: tuple[float, float], error: float, one_day: str, two_days: str
) -> None:
    first, second = by_hand(test, values[0], error), by_hand(test, values[1], error, day=7)
    for entries, verdict in (((second,), one_day), ((first, second), two_days)):
        one = assessed(found(*entries)[test, None], "walk_speed_limited")
        assert one is not None
        assert one.verdict == verdict


def test_the_result_before_is_the_first_that_is_alike() -> None:
    def earlier(*results: tuple[float, float, dict[str, str]]) -> float | None:
        entries = [by_hand("sls_eo", size, 2, side="left", day=day, conditions=how) for size, day, how in results]
        finding = found(*entries)["sls_eo", "left"]
        return None if finding.previous is None else finding.previous.value

    assert earlier((5, 0, BARE)) is None
    assert earlier((5, 0, BARE), (7, 30, BARE), (9, 60, BARE)) == 5
    assert earlier((5, 0, SHOD), (7, 30, BARE), (9, 60, BARE)) == 7
    assert earlier((5, 0, SHOD), (9, 60, BARE)) is None
    # the first one in shoes came after the days that count
    assert earlier((5, 0, BARE), (7, 20, BARE), (9, 21, SHOD)) == 5


@pytest.mark.requirement("R145")
@settings(max_examples=150)
@given(
    test=st.sampled_from(SIDED),
    values=st.tuples(st.floats(-5, 60, allow_nan=False), st.floats(-5, 60, allow_nan=False)),
    errors=st.tuples(st.floats(0.05, 10), st.floats(0.05, 10)),
    age=st.sampled_from([None, 30, 66, 82]),
    knee=st.sampled_from([("over_foot", "past_toe"), ("past_foot", "over_foot")]),
)
def test_exchanging_left_and_right_exchanges_the_findings_and_nothing_else(
    test: str,
    values: tuple[float, float],
    errors: tuple[float, float],
    age: int | None,
    knee: tuple[str, str],
) -> None:
    assume(values[0] != values[1])
    who = [] if age is None else [born(age, "female")]
    conditions = [{**BOX, "pelvis_held": "held", item_key("knee"): one} for one in knee]

    def told(sides: tuple[Side, Side]) -> dict[Side, object]:
        pairs = zip(values, errors, conditions, sides, strict=True)
        entries = [by_hand(test, value, error, side=side, conditions=how) for value, error, how, side in pairs]
        return {side: _without_side(finding) for (_, side), finding in found(*who, *entries).items()}

    straight, exchanged = told(("left", "right")), told(("right", "left"))
    assert straight["left"] == exchanged["right"]
    assert straight["right"] == exchanged["left"]


def _without_side(finding) -> object:
    other = None if finding.other is None else (finding.other.value, finding.other.standard_error)
    point = (finding.point.value, finding.point.standard_error)
    return (
        *(finding.verdict, finding.assessments, finding.norm, finding.confidence, finding.families, other, point),
        finding.subject,
    )


def test_equal_sides_are_told_once_and_are_no_finding() -> None:
    for gap in GAPS:
        both = found(*(by_hand(gap.test, 5, 0.5, side=side, conditions=gap.conditions) for side in ("left", "right")))
        told = [one for one in (assessed(both[gap.test, side], gap.rule) for side in ("left", "right")) if one]
        assert [one.gap for one in told] == [0]
        assert told[0].verdict != "outside"


def test_age_and_sex_change_nothing_where_no_norm_is_used() -> None:
    plain = found(by_hand("wblt", 8, 0.69, side="left"))["wblt", "left"]
    aged = found(born(70, "male"), by_hand("wblt", 8, 0.69, side="left"))["wblt", "left"]
    assert (plain.verdict, plain.assessments) == (aged.verdict, aged.assessments)


# Both sides count only when they were got in the same way.


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("test", "left", "right", "compared"),
    [
        ("sls_eo", {"footwear": "barefoot"}, {"footwear": "barefoot"}, True),
        ("sls_eo", {"footwear": "barefoot"}, {"footwear": "shoes"}, False),
        ("sls_eo", {"footwear": "barefoot"}, {}, False),
        ("sl_bridge_reps", BOX, FLOOR, False),
        ("side_bridge", {"ended_by": "trunk"}, {"ended_by": "shoulder"}, True),
    ],
)
def test_sides_tested_differently_are_not_compared(
    test: str, left: dict[str, str], right: dict[str, str], compared: bool
) -> None:
    both = found(
        by_hand(test, 10, 0.5, side="left", conditions=left),
        by_hand(test, 40, 0.5, side="right", conditions=right),
    )
    gaps = [one for one in both[test, "left"].assessments if one.gap is not None]
    assert (both[test, "left"].other is not None) is compared
    assert bool(gaps) is compared


def test_a_side_by_hand_is_not_compared_with_a_side_from_a_recording() -> None:
    both = found(
        by_hand("trailing_limb", 5, 0.5, side="left"),
        recorded("trailing_limb_angle_deg", 25, 0.5, unit="deg", side="right"),
    )
    assert both["trailing_limb", "left"].other is None
    assert both["trailing_limb", "left"].assessments == ()


@pytest.mark.requirement("R145")
@pytest.mark.parametrize(
    ("left", "right", "compared"),
    [
        ({}, {}, True),
        ({"view": "left"}, {"view": "right"}, False),
        ({"model": "pose-1"}, {"model": "pose-2"}, False),
        ({"device": "phone A"}, {"device": "phone B"}, False),
        ({"device": "phone A"}, {}, True),
        ({"conditions": {"footwear": "shoes"}}, {"conditions": {"footwear": "barefoot"}}, False),
        ({"conditions": {"footwear": "shoes"}}, {}, True),
        ({"conditions": {"picture": "720x1280 30 Hz"}}, {"conditions": {"picture": "720x1280 60 Hz"}}, False),
    ],
)
def test_sides_are_compared_only_when_filmed_in_the_same_way(left: dict, right: dict, compared: bool) -> None:
    for one, two in ((left, right), (right, left)):
        both = found(
            recorded("trailing_limb_angle_deg", 5, 0.5, unit="deg", side="left", **one),
            recorded("trailing_limb_angle_deg", 25, 0.5, unit="deg", side="right", **two),
        )
        finding = both["trailing_limb", "left"]
        assert (finding.other is not None) is compared
        assert bool(finding.assessments) is compared
        assert finding.verdict == ("outside" if compared else "described")


def test_a_side_without_a_value_is_not_compared() -> None:
    both = found(
        by_hand("wblt", 2, 0.1, side="left"),
        by_hand("wblt", 12, 0.1, side="right"),
        not_measured("wblt", "spoiled_heel_stayed", "The heel lifted.", side="right", day=1),
    )
    assert both["wblt", "left"].verdict == "described"
    assert both["wblt", "right"].verdict == "not_measurable"


# What a finding points to.


def test_the_effort_of_a_walk_is_told_and_is_no_finding() -> None:
    brisk = found(born(40), by_hand("cadence", 150, 0.05))["cadence", None]
    assert brisk.verdict == "described"
    assert [one.rule.id for one in brisk.assessments if one.verdict == "outside"] == ["cadence_vigorous"]
    assert brisk.families == ()


@pytest.mark.requirement("R097")
@pytest.mark.parametrize(
    ("test", "value", "conditions", "families"),
    [
        ("thomas", -20, HELD, ["low_hip_extension"]),
        ("contralateral_pelvic_drop", 12, {}, ["pelvic_drop"]),
        ("trendelenburg30", 12, {}, ["pelvic_drop"]),
        ("trendelenburg_seen", 2, {}, ["pelvic_drop"]),
        ("sls_eo", 1, {}, ["poor_balance"]),
        ("walk10", 0.4, {}, ["low_chair_or_speed"]),
        ("foot_progression", 40, {}, []),
    ],
)
def test_only_what_is_outside_points_to_moves(
    test: str, value: float, conditions: dict[str, str], families: list[str]
) -> None:
    side = side_for(test)
    sure = found(born(40), by_hand(test, value, 0.05, side=side, conditions=conditions))[test, side]
    assert sure.verdict == "outside"
    assert [family.case for family in sure.families] == families
    vague = found(born(40), by_hand(test, value, 500, side=side, conditions=conditions))[test, side]
    assert vague.verdict == "uncertain"
    assert vague.families == ()


@pytest.mark.requirement("R097")
def test_low_hip_extension_leads_to_the_tempo_hinge_and_knee_inward_to_side_lying_moves() -> None:
    hip = found(by_hand("thomas", -20, 3, side="left", conditions=HELD))["thomas", "left"]
    assert "tempo_hinge" in hip.families[0].first_block
    knees = {item_key(name): answer for name, answer in SQUAT_SHEET.items()} | {item_key("knee"): "five"}
    knee = found(by_hand("squat_screen", 5, 0.5, conditions=knees))["squat_screen", None]
    assert {"clamshell", "side_lying_abd"} <= set(knee.families[0].first_block)


@pytest.mark.requirement("R097", "R145")
def test_a_gap_points_to_moves_on_the_side_that_is_less_good() -> None:
    both = found(by_hand("wblt", 4, 0.2, side="left"), by_hand("wblt", 12, 0.2, side="right"))
    assert [family.case for family in both["wblt", "left"].families] == ["low_ankle_bend"]
    assert both["wblt", "right"].families == ()


STEP_SHEET = {"arms": "stayed", "trunk": "upright", "pelvis": "level", "knee": "over_foot", "steadiness": "steady"}
SQUAT_SHEET = {"knee": "none", "shift": "none", "back": "none", "heels": "none"}
LEG_SHEET = {"knee": "none", "pelvis": "none", "trunk": "none", "steadiness": "none", "depth": "none"}


@pytest.mark.requirement("R097", "R098")
@pytest.mark.parametrize(
    ("test", "sheet", "points", "verdict", "families"),
    [
        ("lateral_step_down_q", STEP_SHEET, 0, "within", []),
        ("lateral_step_down_q", STEP_SHEET | {"knee": "past_foot"}, 2, "uncertain", []),
        (
            *("lateral_step_down_q", STEP_SHEET | {"knee": "past_foot", "pelvis": "dropped", "arms": "moved"}),
            *(4, "outside", ["pelvic_drop", "knee_inward"]),
        ),
        (
            *("lateral_step_down_q", STEP_SHEET | {"knee": "past_foot", "trunk": "leaned", "arms": "moved"}),
            *(4, "outside", ["knee_inward"]),
        ),
        ("lateral_step_down_q", STEP_SHEET | {"arms": "moved"}, 1, "uncertain", []),
        ("sl_squat_quality", LEG_SHEET | {"trunk": "five"}, 5, "outside", []),
        ("sl_squat_quality", LEG_SHEET | {"knee": "five"}, 5, "outside", ["knee_inward"]),
        ("sl_squat_quality", LEG_SHEET | {"pelvis": "five"}, 5, "outside", ["pelvic_drop"]),
        ("sl_squat_quality", LEG_SHEET | {"knee": "four"}, 4, "uncertain", []),
        # a line counts from the rule's own limit on: three of five
        ("sl_squat_quality", LEG_SHEET | {"knee": "five", "pelvis": "two"}, 5, "outside", ["knee_inward"]),
        (
            *("sl_squat_quality", LEG_SHEET | {"knee": "five", "pelvis": "three"}),
            *(5, "outside", ["knee_inward", "pelvic_drop"]),
        ),
        ("sl_squat_quality", LEG_SHEET | {"trunk": "five", "knee": "two", "pelvis": "one"}, 5, "outside", []),
        ("squat_screen", SQUAT_SHEET | {"heels": "five", "knee": "two"}, 5, "outside", []),
        ("squat_screen", SQUAT_SHEET | {"heels": "five", "knee": "three"}, 5, "outside", ["knee_inward"]),
        # one clear lowering is seen, a little one stays unclear
        ("trendelenburg_seen", {"pelvis": "clearly"}, 2, "outside", ["pelvic_drop"]),
        ("trendelenburg_seen", {"pelvis": "a_little"}, 1, "uncertain", []),
        ("trendelenburg_seen", {"pelvis": "stayed_level"}, 0, "within", []),
        ("squat_screen", SQUAT_SHEET | {"back": "five"}, 5, "outside", []),
        ("squat_screen", SQUAT_SHEET | {"knee": "five"}, 5, "outside", ["knee_inward"]),
        ("squat_screen", SQUAT_SHEET | {"knee": "three"}, 3, "uncertain", []),
    ],
)
def test_the_lines_of_a_score_sheet_decide_which_moves_fit(
    test: str, sheet: dict[str, str], points: float, verdict: str, families: list[str]
) -> None:
    spec = KNOWN.tests[test]
    assert score(spec, sheet) == points
    conditions = {item_key(name): answer for name, answer in sheet.items()}
    side = side_for(test)
    finding = found(kept(result(spec, side, [points], conditions, origin=BY_HAND)))[test, side]
    assert finding.verdict == verdict
    assert [family.case for family in finding.families] == families


@pytest.mark.requirement("R097")
def test_every_move_named_by_a_finding_exists() -> None:
    cases = {case.id: case for case in KNOWN.rules["finding_to_exercise"].cases}
    named = {name for test in KNOWN.tests.values() for rule in test.finding_rules for name in rule.points_to}
    named |= {
        name
        for test in KNOWN.tests.values()
        if test.entry is not None
        for item in test.entry.items
        for name in item.points_to
    }
    named |= {"long_sitting", "hamstring_led_bridge"}
    assert {"pelvic_drop", "knee_inward", "low_hip_extension", "low_ankle_bend", "poor_balance"} <= named
    for name in named:
        assert cases[name].first_block, name
        assert cases[name].says
        assert set(cases[name].first_block) | set(cases[name].next_block) <= set(KNOWN.exercises)


@pytest.mark.parametrize(
    ("answers", "families"),
    [
        ({}, []),
        ({"intake/sitting_longest": 30.0}, []),
        ({"intake/sitting_longest": 31.0}, ["long_sitting"]),
        ({"intake/sitting_longest": None}, []),
        ({"signs/glute_feel_squat_lunge/led_by": "back_thigh"}, []),
        ({"signs/glute_feel_squat_lunge": True, "signs/glute_feel_squat_lunge/led_by": "front_thigh"}, []),
        (
            {"signs/glute_feel_squat_lunge": True, "signs/glute_feel_squat_lunge/led_by": "back_thigh"},
            ["hamstring_led_bridge"],
        ),
        (
            {
                "intake/sitting_longest": 240.0,
                "signs/glute_feel_squat_lunge": True,
                "signs/glute_feel_squat_lunge/led_by": "back_thigh",
            },
            ["long_sitting", "hamstring_led_bridge"],
        ),
    ],
)
def test_answers_point_to_moves_without_a_test(answers: dict[str, object], families: list[str]) -> None:
    state = state_of(*(answer(question, value) for question, value in answers.items()))  # type: ignore[arg-type]
    reported = reported_families(state, KNOWN)
    assert [family.case for family in reported] == families
    assert all(set(family.first_block) <= set(KNOWN.exercises) for family in reported)


def test_while_something_stops_a_person_no_moves_are_shown() -> None:
    findings = tuple(found(by_hand("sls_eo", 1, 0.05, side="left")).values())
    assert findings[0].families
    assert without_families(findings)[0].families == ()
    assert without_families(findings)[0].assessments == findings[0].assessments


# No number without a measurement.


@pytest.mark.parametrize(
    ("test", "condition", "answer_given", "because"),
    [
        (test.id, condition.id, given_answer, condition.because)
        for test in KNOWN.tests.values()
        for condition in test.conditions
        for given_answer in condition.spoils
    ],
)
def test_a_spoiled_result_is_not_measurable_with_its_reason(
    test: str, condition: str, answer_given: str, because: str
) -> None:
    side = side_for(test)
    body = result(KNOWN.tests[test], side, [5.0], {condition: answer_given}, origin=BY_HAND)
    assert body.value is None
    finding = found(kept(body))[test, side]
    assert (finding.verdict, finding.point, finding.margin, finding.families) == ("not_measurable", None, None, ())
    assert finding.assessments == ()
    assert finding.unmeasured is not None
    assert (finding.unmeasured.code, finding.unmeasured.text) == (f"spoiled_{condition}", because)


def test_a_later_try_without_value_hides_the_earlier_number_until_there_is_a_new_one() -> None:
    first = by_hand("sls_eo", 1, 0.1, side="left")
    spoiled = not_measured("sls_eo", "no_try", "No try counted.", side="left", day=1)
    soon, again = (by_hand("sls_eo", 30, 0.1, side="left", day=day) for day in (2, 20))
    assert found(first, spoiled)["sls_eo", "left"].verdict == "not_measurable"
    assert found(first, spoiled, again)["sls_eo", "left"].verdict == "within"
    # 1 and 30 s on two days of two weeks: neither is the result
    both = found(first, spoiled, soon)["sls_eo", "left"]
    assert both.point is not None
    assert (both.verdict, both.point.value, both.point.days) == ("uncertain", 15.5, 2)


HAND_WALK = {"course": "ten_metres", "aid": "none"}


def test_a_failed_recording_does_not_hide_a_result_by_hand() -> None:
    speed = by_hand("walk10", 0.75, 0.05, conditions=HAND_WALK)
    failed = not_recorded("walking_speed_mps", unit="m/s", day=1)
    finding = found(speed, failed)["walk10", None]
    assert (finding.verdict, finding.unmeasured) == ("outside", None)
    assert finding.point is not None
    assert (finding.point.value, finding.point.method) == (0.75, "hand")


def test_a_failed_try_by_hand_does_not_hide_a_recording() -> None:
    filmed = recorded("walking_speed_mps", 0.75, 0.05, unit="m/s")
    spoiled = not_measured("walk10", "no_try", "No try counted.", day=1)
    finding = found(filmed, spoiled)["walk10", None]
    assert (finding.verdict, finding.unmeasured) == ("outside", None)
    assert finding.point is not None
    assert (finding.point.value, finding.point.method) == (0.75, "recording")
    # of the same kind it does, and where there is nothing to hide its reason is told
    again = not_recorded("walking_speed_mps", unit="m/s", day=2)
    assert found(filmed, again)["walk10", None].verdict == "not_measurable"
    alone = found(again)["walk10", None]
    assert alone.unmeasured is not None
    assert (alone.verdict, alone.unmeasured.code) == ("not_measurable", "too_few")


def test_a_failed_recording_does_not_bring_back_what_a_failed_try_by_hand_hid() -> None:
    speed = by_hand("walk10", 0.75, 0.05, conditions=HAND_WALK)
    spoiled = not_measured("walk10", "no_try", "No try counted.", day=1)
    failed = not_recorded("walking_speed_mps", unit="m/s", day=2)
    assert found(speed, spoiled)["walk10", None].verdict == "not_measurable"
    assert found(speed, spoiled, failed)["walk10", None].verdict == "not_measurable"


def test_what_was_never_tested_has_no_finding() -> None:
    assert found(born(40)) == {}


# Measures of a recording.


@pytest.mark.parametrize(
    ("measure", "unit", "given_value", "test", "value", "error", "side"),
    [
        ("cadence_spm", "steps/min", 112.0, "cadence", 112.0, 2.0, None),
        ("double_support_pct", "% of cycle", 28.0, "double_support", 28.0, 2.0, None),
        ("foot_to_pelvis_at_contact_pct", "% of leg length", 30.0, "overstride", 30.0, 2.0, "left"),
        ("step_time_asymmetry_pct", "%", -12.0, "step_time_asym", 12.0, 2.0, None),
        ("step_time_asymmetry_pct", "%", 12.0, "step_time_asym", 12.0, 2.0, None),
        ("step_width_m", "m", 0.09, "step_width", 9.0, 200.0, None),
        ("trailing_limb_angle_deg", "deg", 18.0, "trailing_limb", 18.0, 2.0, "right"),
        ("trunk_lean_deg", "deg", -2.0, "trunk_lean", -2.0, 2.0, "left"),
        ("walking_speed_mps", "m/s", 1.2, "walk10", 1.2, 2.0, None),
    ],
)
def test_a_measure_of_a_recording_joins_its_test(
    measure: str, unit: str, given_value: float, test: str, value: float, error: float, side: Side | None
) -> None:
    finding = found(recorded(measure, given_value, 2.0, unit=unit, side=side))[test, side]
    assert finding.subject.unit == KNOWN.tests[test].measure.unit
    assert finding.point is not None
    assert finding.point.value == pytest.approx(value)
    assert finding.point.standard_error == pytest.approx(error)
    assert finding.point.method == "recording"
    assert finding.margin == pytest.approx(Z_95 * error)


def test_every_test_that_reads_a_recording_is_in_the_table() -> None:
    joined = {test.id: test.from_recording.measure for test in KNOWN.tests.values() if test.from_recording}
    assert joined == {
        "cadence": "cadence_spm",
        "double_support": "double_support_pct",
        "overstride": "foot_to_pelvis_at_contact_pct",
        "step_time_asym": "step_time_asymmetry_pct",
        "step_width": "step_width_m",
        "trailing_limb": "trailing_limb_angle_deg",
        "trunk_lean": "trunk_lean_deg",
        "walk10": "walking_speed_mps",
    }


def test_a_measure_that_no_test_names_is_only_described() -> None:
    findings = found(recorded("step_length_m", 0.62, 0.02, unit="m", side="left"))
    finding = findings["gait_side/step_length_m", "left"]
    assert (finding.verdict, finding.subject.test, finding.subject.better) == ("described", None, "neither")
    assert finding.point is not None
    assert finding.point.value == 0.62
    assert finding.previous is None


def test_a_measure_from_the_side_and_one_from_behind_are_two_things() -> None:
    measure = "hip_line_change_deg"
    series = series_of(
        recorded(measure, 4, 1, unit="deg", side="left"),
        recorded(measure, 9, 1, unit="deg", side="left", task="gait_back", view="back", day=1),
        recorded(measure, 5, 1, unit="deg", side="left", day=30),
    )
    assert {key: [one.value for one in some.points] for key, some in series.items()} == {
        ("gait_side/hip_line_change_deg", "left"): [4, 5],
        ("gait_back/hip_line_change_deg", "left"): [9],
    }


def test_hand_and_recording_stand_in_one_series_of_a_test() -> None:
    series = only_series(
        by_hand("walk10", 1.2, 0.06, conditions={"course": "ten_metres", "aid": "none"}),
        recorded("walking_speed_mps", 1.3, 0.03, unit="m/s", day=1),
    )
    assert [(one.value, one.method) for one in series.points] == [(1.2, "hand"), (1.3, "recording")]


# How far a mark can be trusted.


@pytest.mark.parametrize(
    ("test", "value", "source", "confidence"),
    [
        ("sts5", 20, "published", "medium"),
        ("sts5", 20, "recording", "medium"),
        ("sts5", 20, "product_default", "low"),
        ("sts5", 20, "own_tries", "low"),
        ("step_width", 1, "published", "low"),
        ("plank_hold", 60, "product_default", "none"),
    ],
)
def test_no_mark_is_trusted_highly(test: str, value: float, source: str, confidence: str) -> None:
    assert found(born(70), by_hand(test, value, 0.1, source=source))[test, None].confidence == confidence


@pytest.mark.requirement("R142", "R092")
def test_mobility_stands_beside_strength_and_neither_changes_the_other() -> None:
    hip = by_hand("thomas", -20, 3, side="left", conditions=HELD)
    ankle = by_hand("wblt", 4, 0.2, side="left"), by_hand("wblt", 12, 0.2, side="right")
    strength = (
        by_hand("chair30", 3, 1.2),
        *(by_hand("sl_bridge_reps", 5, 1.5, side=side, conditions=BOX) for side in ("left", "right")),
    )
    who = born(70, "female")
    both, mobile, strong = found(who, hip, *ankle, *strength), found(who, hip, *ankle), found(who, *strength)
    assert both == {**mobile, **strong}
    assert {key for key, one in both.items() if one.verdict == "outside"} == {
        *(("thomas", "left"), ("wblt", "left"), ("chair30", None)),
        *(("sl_bridge_reps", "left"), ("sl_bridge_reps", "right")),
    }


@pytest.mark.requirement("R098", "R145")
def test_tests_of_both_sides_give_a_finding_for_each_side() -> None:
    for test in ("bridge_symmetry", "sl_bridge_reps", "sl_squat_quality", "lateral_step_down_q", "sls_eo"):
        both = found(by_hand(test, 3, 0.5, side="left"), by_hand(test, 5, 0.5, side="right"))
        assert {side: one.point.value for (_, side), one in both.items() if one.point} == {"left": 3, "right": 5}
