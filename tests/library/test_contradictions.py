"""Why it exists: where the source articles disagree, one decision is made, and the safer rule wins."""

import re

import pytest

from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import all_user_texts


def figures_of(name: str, known: Knowledge) -> list[object]:
    return [figure.value for figure in known.rules[name].figures.values()]


def settled_by(contradiction: str, known: Knowledge) -> set[str]:
    parts = (known.rules, known.cues, known.education)
    return {name for part in parts for name, entry in part.items() if contradiction in entry.resolves}  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(1, 22))
def test_every_contradiction_is_settled_somewhere(number: int, known: Knowledge) -> None:
    assert settled_by(f"X{number:02d}", known)


def test_x01_both_doses_stay_and_the_easy_one_comes_first(known: Knowledge) -> None:
    doses = known.exercises["glute_bridge"].doses
    assert list(doses) == ["P1", "P2"]
    assert doses["P1"].rpe is None or doses["P1"].rpe.high <= 4


def test_x02_only_easy_work_is_daily_and_strength_keeps_48_hours(known: Knowledge) -> None:
    values = figures_of("weekly_volume", known)
    assert 48.0 in values
    assert 4.0 in values
    assert (2.0, 4.0) in values


def test_x03_preparation_is_5_10_or_15_minutes(known: Knowledge) -> None:
    values = figures_of("session_shape", known)
    assert (5.0, 8.0) in values
    assert (5.0, 10.0, 15.0) in values or {5.0, 10.0, 15.0} <= {v for v in values if isinstance(v, float)}


def test_x09_poor_balance_closes_soft_surfaces(known: Knowledge) -> None:
    assert "unstable_surface" in known.cautions["BAL"].removes
    assert "unstable_surface" in known.exercises["sl_stance_foam"].demands


def test_x16_pain_comes_before_frequency(known: Knowledge) -> None:
    assert "X16" in known.rules["pain_colours"].resolves or "X16" in known.rules["twice_daily"].resolves
    twice = known.rules["twice_daily"]
    assert any("green" in case.when.lower() for case in twice.cases)
    reds = [case for case in known.rules["pain_colours"].cases if case.level == "red"]
    assert reds
    assert all({"step_down", "stop_exercise"} & set(case.actions) for case in reds)
    assert twice.cases[0].id == "not_green"
    assert "block_second_session" in twice.cases[0].actions


def test_the_stricter_pain_band_is_used(known: Knowledge) -> None:
    figures = known.rules["pain_colours"].figures
    greens = [figure.value for name, figure in figures.items() if "green" in name]
    assert 2.0 in greens or (0.0, 2.0) in greens
    assert 3.0 not in greens


@pytest.mark.requirement("R090")
def test_x11_one_rule_for_the_knee(known: Knowledge) -> None:
    text = " ".join([*known.rules["knee_line"].plain, known.rules["knee_line"].reason]).lower()
    assert "toe" in text
    assert "third" in text


def actions_of(rule: str, case: str, known: Knowledge) -> set[str]:
    (found,) = [entry for entry in known.rules[rule].cases if entry.id == case]
    return set(found.actions)


def test_x04_tempo_comes_before_load(known: Knowledge) -> None:
    order = known.rules["progression_order"].lists["order_of_change"]
    places = [order.index(step) for step in ("quality", "hold_or_tempo", "reps", "sets", "load")]
    assert places == sorted(places)


def test_x05_attention_goes_outside_after_the_first_sessions(known: Knowledge) -> None:
    rule = known.rules["cue_fading"]
    assert rule.figures["internal_sessions"].value == (1.0, 2.0)
    assert "internal_cue_allowed" in actions_of("cue_fading", "full", known)
    assert "external_cue" in actions_of("cue_fading", "half", known)
    for exercise in known.exercises.values():
        assert len(exercise.cues.external) >= len(exercise.cues.internal), exercise.id


def test_x06_reach_is_shortened_and_the_trailing_leg_is_watched(known: Knowledge) -> None:
    assert {"keep_speed_constant", "watch_trailing_limb"} <= actions_of("gait_practice", "both_metrics", known)


def test_x07_each_kind_of_move_has_its_own_trunk(known: Knowledge) -> None:
    notes = known.rules["trunk_rule"].notes
    assert notes["hinge"] != notes["step"]
    assert {"hinge", "squat", "lunge", "step", "bridge"} <= set(notes)


def test_x08_squats_and_hinges_both_stay(known: Knowledge) -> None:
    assert known.rules["squat_and_hinge"].figures["per_week_each"].value == 1.0
    assert {"bw_squat", "hip_hinge_drill"} <= set(known.exercises)


def test_x10_a_ramp_adds_exercises_and_never_opens_a_load_gate(known: Knowledge) -> None:
    rule = known.rules["onboarding_ramp"]
    for case in rule.cases:
        if "add_exercise" in case.actions:
            assert "keep_load_gates" in case.actions, case.id
    assert [case.id for case in rule.cases][:2] == ["red", "amber"]


def test_x12_one_cue_for_the_brace(known: Knowledge) -> None:
    assert known.rules["light_brace"].figures["effort"].value == (10.0, 20.0)
    cues = [cue.text.lower() for cue in known.cues["light_brace"].cues]
    assert any("breath" in cue and "light" in cue for cue in cues)


def test_x13_the_band_starts_above_the_knees(known: Knowledge) -> None:
    rule = known.rules["band_site"]
    assert rule.lists["sites"][0] == "above_knees"
    assert rule.cases[-1].actions == ("keep_band_above_knees",)


def test_x14_sets_grow_and_repetitions_stay(known: Knowledge) -> None:
    doses = known.exercises["sl_rdl"].doses
    assert (doses["P3"].sets.low, doses["P3"].amount.low) == (1, 8)
    assert (doses["P4"].sets.low, doses["P4"].amount.low, doses["P4"].amount.high) == (3, 8, 12)


def test_x15_a_stretch_without_change_ends(known: Knowledge) -> None:
    assert known.rules["stretching"].figures["retest_weeks"].value == 4.0
    assert "stop_stretch" in actions_of("stretching", "no_change", known)
    assert known.rules["stretching"].cases[0].id == "caution"


def test_x18_form_decides_and_feel_is_logged(known: Knowledge) -> None:
    assert {"log_feel", "allow_progress"} <= actions_of("form_before_feel", "form_good_no_feel", known)
    assert "hold" in actions_of("form_before_feel", "feel_good_no_form", known)


def test_x19_early_weeks_are_easy_and_load_comes_later(known: Knowledge) -> None:
    figures = known.rules["first_weeks"].figures
    assert (figures["novice_weeks"].value, figures["rpe_cap"].value) == (2.0, (4.0, 5.0))
    assert "block_failure_sets" in actions_of("first_weeks", "to_failure", known)


def test_x21_one_walking_cue_at_a_time_and_then_none(known: Knowledge) -> None:
    figures = known.rules["gait_practice"].figures
    assert figures["cues_at_once"].value == 1.0
    assert figures["fade_last"].value == 4.0
    assert known.rules["cue_fading"].figures["none_rate"].value == 0.0


def test_x17_no_text_promises_that_pain_goes_away(known: Knowledge) -> None:
    promise = re.compile(r"pain (will )?(go(es)? away|disappears?|resolves?|vanish)", re.IGNORECASE)
    assert [text for _, text in all_user_texts(known) if promise.search(text)] == []


def test_x20_no_date_is_promised(known: Knowledge) -> None:
    values = figures_of("retest", known)
    assert {2.0, 4.0, 6.0} <= {v for v in values if isinstance(v, float)} or (2.0, 4.0, 6.0) in values
