"""Why it exists: which moves a finding points to, and when none are shown."""

import pytest

from levelstride.screening.findings import (
    reported_families,
    without_families,
)
from levelstride.screening.protocols import item_key, result, score
from tests.screening.finding_cases import HELD, side_for
from tests.screening.results import (
    BY_HAND,
    KNOWN,
    answer,
    born,
    by_hand,
    found,
    kept,
    state_of,
)

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
