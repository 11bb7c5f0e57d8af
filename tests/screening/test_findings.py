"""Why it exists: shows that no result is called a finding inside its error, for every rule of the library."""

import math

import pytest

from levelstride.journal.bodies import Side
from levelstride.screening.change import compare
from levelstride.screening.norms import applies
from levelstride.screening.person import Age
from tests.screening.finding_cases import (
    BOX,
    EXPECTED,
    FLOOR,
    GAPS,
    HELD,
    MARKS,
    NORMS,
    PLACES,
    STATEMENTS,
    STEPS,
    TRENDS,
    Gap,
    Mark,
    Statement,
    Step,
    side_for,
)
from tests.screening.results import (
    KNOWN,
    assessed,
    born,
    by_hand,
    found,
    only_series,
    rule_of,
)


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
