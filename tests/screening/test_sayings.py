"""Why it exists: shows that what a person reads is whole, modest and right in each language and system of units."""

import re

import pytest

from levelstride.library.checks.words import text_problems
from levelstride.screening.protocols import PAIN_DURING
from levelstride.screening.sayings import fill, result_text, say_change, say_finding
from tests.screening.change_cases import THREE
from tests.screening.finding_cases import HELD, TRENDS, side_for
from tests.screening.results import (
    KNOWN,
    answer,
    born,
    by_hand,
    found,
    not_measured,
    rated,
)
from tests.screening.saying_cases import EN, LANGUAGES, VOICES, _compared, all_changes, all_findings, phrases, told


def test_the_grid_holds_every_verdict_of_every_rule() -> None:
    verdicts = {one.verdict for _, one in all_findings()}
    assert verdicts == {"outside", "uncertain", "within", "described", "not_measurable"}
    assessments = [one for _, finding in all_findings() for one in finding.assessments]
    outside = {one.rule.id for one in assessments if one.verdict == "outside"}
    assert outside == {rule.id for rule in _told_rules() if rule.compare != "change"}
    changes = {change.verdict for _, change in all_changes()}
    assert changes == {"real_change", "no_detectable_change", "error_not_known", "not_comparable"}
    fired = {rule.id for _, change in all_changes() for rule in change.rules}
    assert fired == {rule.id for rule in _told_rules() if rule.compare == "change"}


def _told_rules():
    return [rule for test in KNOWN.tests.values() for rule in test.finding_rules if rule.compare != "trend_only"]


# Whole and modest.


@pytest.mark.requirement("R142")
@pytest.mark.parametrize(("language", "units"), VOICES)
def test_every_finding_is_told_whole_and_without_a_claim(language: str, units: str) -> None:
    for name, finding in all_findings():
        said = say_finding(finding, phrases(language, units))
        assert said.lines, name
        for line in said.lines:
            _whole(line, name, language)


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(("language", "units"), VOICES)
def test_every_change_is_told_whole_and_without_a_claim(language: str, units: str) -> None:
    for name, change in all_changes():
        said = say_change(change, phrases(language, units))
        assert len(said.lines) >= 3, name
        for line in said.lines:
            _whole(line, name, language)


def _whole(line: str, name: str, language: str) -> None:
    assert line == line.strip(), name
    assert line, name
    assert not re.search(r"[{}]|…|\.\.\.|\bNone\b|\bnan\b|\binf\b|  ", line), (name, line)
    unlike = phrases(language, "metric").heading("unlike_line", name="").strip()
    assert line[-1] == "." or line.startswith(unlike), (name, line)
    assert list(text_problems(line, KNOWN, f"tests/{name}", language)) == [], (name, line)


@pytest.mark.parametrize(("language", "units"), VOICES)
def test_a_title_names_the_test_and_the_side(language: str, units: str) -> None:
    voice = phrases(language, units)
    for _, finding in all_findings():
        title = say_finding(finding, voice).title
        if finding.side is not None:
            assert title.endswith(f", {voice.heading(finding.side).lower()}")
        if finding.subject.activity is None:
            assert title.startswith(voice.say(finding.subject.name))


def test_spanish_says_everything_in_spanish() -> None:
    english = {sentence for _, one in all_findings() for sentence in say_finding(one, EN).lines}
    english |= {sentence for _, one in all_changes() for sentence in say_change(one, EN).lines}
    spanish = {sentence for _, one in all_findings() for sentence in say_finding(one, phrases("es", "metric")).lines}
    spanish |= {sentence for _, one in all_changes() for sentence in say_change(one, phrases("es", "metric")).lines}
    assert english & spanish == set()


# Sentences.


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("You did {value}. Usual is {norm}. Test again.", {"value": "3"}, "You did 3. Test again."),
        (
            "You did {value}. Usual is {norm}. Test again.",
            {"value": "3", "norm": "5"},
            "You did 3. Usual is 5. Test again.",
        ),
        ("Nothing to fill. Here.", {}, "Nothing to fill. Here."),
        ("{value} and {other}? Yes.", {"value": "1"}, "Yes."),
        ("All {gone}.", {}, ""),
        # what was put in is not read again
        ("{value} now.", {"value": "{other}", "other": "x"}, "{other} now."),
    ],
)
def test_a_sentence_without_its_number_is_left_out(text: str, values: dict[str, str], filled: str) -> None:
    assert fill(text, values) == filled


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_about_an_unknown_norm_is_left_out(language: str) -> None:
    voice = phrases(language, "metric")
    slow = by_hand("walk10", 0.4, 0.05)
    unknown, known_norm = (say_finding(found(*who, slow)["walk10", None], voice) for who in ([], [born(45, "male")]))
    figure = voice.amount(1.43, "m/s")
    assert figure in told(known_norm)
    assert figure not in told(unknown)
    assert len(unknown.lines[1]) < len(known_norm.lines[2])
    assert voice.amount(0.4, "m/s") in unknown.lines[1], "the sentence with the value stays"


def test_both_published_figures_are_told_when_the_sex_is_not_stated() -> None:
    slow = by_hand("walk10", 0.4, 0.05)
    text = told(say_finding(found(born(45, "prefer_not"), slow)["walk10", None], EN))
    assert "1.39 m/s or 1.43 m/s" in text
    assert "1.39" not in told(say_finding(found(born(45, "male"), slow)["walk10", None], EN))
    # the same figure for both is told once
    chair = told(say_finding(found(born(86, "prefer_not"), by_hand("chair30", 2, 0.5))["chair30", None], EN))
    assert "8 repetitions or" not in chair


@pytest.mark.parametrize(
    ("test", "value", "conditions", "text"),
    [
        ("pain_now", 8, {}, "You rated your pain 8 out of 10. Rest today."),
        ("pain_walk", 8, {}, "Your worst pain in this walk was 8 out of 10."),
        ("squat_screen", 5, {}, "The same pattern showed in 5 out of five squats."),
        ("walk10", 0.4, {}, "You walked at 0.40 m/s."),
        ("thomas", -20, HELD, "Your thigh angle was −20°."),
        ("cadence", 120, {}, "You took 120 steps/min. From 100 steps/min, walking counts as moderate effort"),
    ],
)
def test_the_library_s_own_sentence_is_told_with_its_numbers(
    test: str, value: float, conditions: dict[str, str], text: str
) -> None:
    side = side_for(test)
    finding = found(born(40), by_hand(test, value, 0.5 if value > 1 else 0.05, side=side, conditions=conditions))
    assert text in told(say_finding(finding[test, side], EN))


def test_a_number_out_of_ten_has_no_unit_in_any_voice() -> None:
    for language, units in VOICES:
        voice = phrases(language, units)
        text = told(say_finding(found(by_hand("pain_now", 8, 0.5))["pain_now", None], voice))
        rule_line = next(line for line in text.split(". ") if "10" in line)
        assert re.search(r"\b8 (out of|de|sobre) ", rule_line), rule_line
        days = (by_hand("pain_now", value, 0.01, day=day) for day, value in ((0, 2), (3, 2), (28, 6)))
        risen = _compared(*days)
        assert [rule.id for rule in risen.rules] == ["pain_now_rise"]
        line = say_change(risen, voice).lines[-1]
        assert "points" not in line
        assert "puntos" not in line


# What each verdict says.


def test_an_uncertain_result_tells_the_chance_and_no_rule() -> None:
    # (1 - 0.97) / 0.05 = 0.6 errors: 73 %
    assert say_finding(found(by_hand("walk10", 0.97, 0.05))["walk10", None], EN).lines == (
        "0.97 m/s, give or take 0.10 m/s.",
        "This is close to the line at 1 m/s, so it cannot be told yet. "
        "The chance of lying past the line is about 73 %. Test again on another day.",
        "It may tell how well your whole body manages everyday walking.",
        "It cannot tell which part of your body sets your speed.",
    )


@pytest.mark.parametrize(
    ("test", "value", "error", "age", "marks"),
    [
        # what is past a mark, and nothing about the marks it is not past
        ("walk10", 0.75, 0.05, None, ["Build up your walks"]),
        ("walk10", 0.5, 0.05, None, ["Talk with a clinician"]),
        ("pain_walk", 4, 1, None, ["Keep the same length"]),
        ("trunk_lean", 6.5, 0.5, None, ["Film again and see if it stays"]),
        # past two marks that do not replace each other: both
        ("sts5", 20, 0.5, 70, ["A time up to 12.6 s is usual", "Tell a clinician about this time"]),
        # past none: the nearest
        ("walk10", 1.02, 0.05, None, ["close to the line at 1 m/s"]),
        ("walk10", 1.3, 0.05, None, ["usual side of 1 m/s"]),
        ("pain_walk", 1, 1, None, ["usual side of 2 points"]),
        ("trunk_lean", 2, 1, None, ["usual side of 5°"]),
        ("trunk_lean", 5.5, 1, None, ["close to the line at 5°"]),
        ("sls_eo", 30, 2, 30, ["usual side of 21.6 s"]),
        ("sts5", 9, 0.5, 70, ["usual side of 12.6 s"]),
        # so far away that no chance is left to compare
        ("walk10", 1.85, 0.02, None, ["usual side of 1 m/s"]),
    ],
)
def test_only_one_mark_is_told_unless_more_are_past(
    test: str, value: float, error: float, age: int | None, marks: list[str]
) -> None:
    side = side_for(test)
    who = [] if age is None else [born(age)]
    finding = found(*who, by_hand(test, value, error, side=side))[test, side]
    assert len(finding.assessments) >= len(marks)
    lines = say_finding(finding, EN).lines
    spec = KNOWN.tests[test]
    told_marks = [line for line in lines if line not in (lines[0], spec.may_tell, spec.cannot_tell)]
    told_marks = [line for line in told_marks if not line.startswith("Published for your age")]
    assert len(told_marks) == len(marks), told_marks
    for line, mark in zip(told_marks, marks, strict=True):
        assert mark in line


# The result itself.


@pytest.mark.parametrize(
    ("test", "results", "text"),
    [
        ("walk10", [(1.2, 0.05, 0)], "1.20 m/s, give or take 0.10 m/s."),
        # the full time
        ("sls_eo", [(45, 9, 0)], "45 s or more. That is the full time of the test."),
        ("sls_eo", [(45, 9, 0), (45, 9, 5)], "45 s or more. That is the full time of the test."),
        ("sls_eo", [(44.9, 9, 0)], "44.9 s, give or take 17.6 s."),
        ("side_lying_abd_hold", [(90, 18, 0)], "90 s or more. That is the full time of the test."),
        ("side_bridge", [(600, 10.95, 0)], "600 s, give or take 21.5 s."),
        # what somebody says has no margin
        ("pain_now", [(5, 0.7, 0)], "5 points."),
        ("pain_walk", [(1, 1, 0)], "1 point."),
        ("glute_feel", [(6.5, 0.8, 0)], "6.5 points."),
        # several days: 10 and 20, 1.96 x 7.07 / sqrt 2
        ("sls_eo", [(10, 2, 0), (20, 2, 5)], "15 s, the mean of 2 days, give or take 9.8 s."),
        ("walk10", [(1.0, 0.06, 0), (1.1, 0.06, 3), (1.2, 0.06, 6)], "1.10 m/s, the mean of 3 days, give or take 0.11"),
        ("walk10", [(1.0, 0.06, 0), (1.2, 0.06, 40)], "1.20 m/s, give or take 0.12 m/s."),
    ],
)
def test_a_result_is_told_as_it_was_got(test: str, results: list[tuple[float, float, float]], text: str) -> None:
    side = side_for(test)
    finding = found(*(by_hand(test, value, error, side=side, day=day) for value, error, day in results))[test, side]
    assert result_text(finding, EN).startswith(text)
    assert say_finding(finding, EN).lines[0] == result_text(finding, EN)


def test_own_activities_are_told_as_they_were_rated() -> None:
    findings = found(answer("activities/names", THREE), rated({"shop": 3, "stairs": 4, "walk": 6.5}))
    texts = {one.subject.activity: say_finding(one, EN).lines for one in findings.values()}
    assert texts == {
        **{"shop": ("3 points.",), "stairs": ("4 points.",), "walk": ("6.5 points.",)},
        None: ("4.5 points.",),
    }


@pytest.mark.parametrize("test", ["pain_now", "pain_walk", "glute_feel"])
def test_no_mean_is_told_as_something_that_was_said(test: str) -> None:
    finding = found(by_hand(test, 2, 0.7), by_hand(test, 7, 0.7, day=5))[test, None]
    text = say_finding(finding, EN).lines[0]
    assert text == "7 points." or "the mean of 2 days" in text


def test_no_mean_is_told_as_the_rating_of_an_activity() -> None:
    entries = answer("activities/names", ("Stairs",)), rated({"Stairs": 2}), rated({"Stairs": 7}, day=5)
    text = say_finding(found(*entries)["psfs/Stairs", None], EN).lines[0]
    assert text == "7 points." or "the mean of 2 days" in text


# What the test says about its trend.


@pytest.mark.parametrize(("language", "units"), VOICES)
@pytest.mark.parametrize("test", TRENDS)
def test_the_trend_is_told_when_there_is_something_to_compare_with(test: str, language: str, units: str) -> None:
    voice, side = phrases(language, units), side_for(test)
    (says,) = [rule.says for rule in KNOWN.tests[test].finding_rules if rule.id == TRENDS[test]]
    first_sentence = voice.say(says).split("{value}")[0].strip()
    before, now = by_hand(test, 3.5, 0.5, side=side), by_hand(test, 7.5, 0.5, side=side, day=30)
    other = by_hand(test, 3.5, 0.5, side="right", day=30) if "on the other" in says else before
    alone, both = (say_finding(found(*some)[test, side], voice) for some in ([now], [other, now]))
    assert first_sentence not in told(alone)
    assert len([line for line in both.lines if line.startswith(first_sentence)]) == 1
    assert len(both.lines) > len(alone.lines)


def test_the_trend_is_told_with_both_numbers() -> None:
    def trend(test: str, before: float, now: float, error: float) -> str:
        side = side_for(test)
        entries = by_hand(test, before, error, side=side), by_hand(test, now, error, side=side, day=30)
        return say_finding(found(*entries)[test, side], EN).lines[1]

    assert trend("plank_hold", 40, 65, 13) == (
        "You held the plank for 65 s. Your earlier hold was 40 s. Watch how it moves over several tests."
    )
    assert trend("speed_at_rpe", 1.2, 1.35, 0.08).startswith(
        "You walked at 1.35 m/s with effort 4. Before, it was 1.20 m/s."
    )
    assert trend("peak_hip_adduction", 9, 12, 1).startswith("Your thigh moved in by 12°, give or take 2°. Your earlier")
    # out of 10: a bare number
    assert trend("glute_feel", 3, 5, 0.8).startswith("You rated the feeling 5 out of 10. Before, it was 3")


def test_the_trend_of_two_sides_compares_them() -> None:
    both = found(by_hand("sl_bridge_hold", 30, 6, side="left"), by_hand("sl_bridge_hold", 40, 8, side="right"))
    lines = {side: say_finding(both["sl_bridge_hold", side], EN).lines[1] for side in ("left", "right")}
    assert lines["left"].startswith("You held 30 s on this side and 40 s on the other side.")
    assert lines["right"].startswith("You held 40 s on this side and 30 s on the other side.")
    # an earlier hold of the same side is not the other side
    again = found(*(by_hand("sl_bridge_hold", value, 6, side="left", day=day) for value, day in ((30, 0), (40, 30))))
    assert len(say_finding(again["sl_bridge_hold", "left"], EN).lines) == 1


# Pain during a test.


@pytest.mark.parametrize(("language", "units"), VOICES)
@pytest.mark.parametrize("test", ["sls_eo", "chair30", "squat_screen", "walk6min"])
def test_pain_during_a_test_is_told(test: str, language: str, units: str) -> None:
    voice, side = phrases(language, units), side_for(test)

    def lines(conditions: dict[str, str]) -> tuple[str, ...]:
        return say_finding(found(by_hand(test, 4, 0.5, side=side, conditions=conditions))[test, side], voice).lines

    without = lines({})
    assert lines({PAIN_DURING: "0"}) == without
    hurt = lines({PAIN_DURING: "7"})
    assert [line for line in hurt if line not in without] == [voice.heading("hurt_line", value="7")]
    assert len(hurt) == len(without) + 1


def test_pain_during_a_test_is_told_in_plain_words() -> None:
    finding = found(by_hand("walk6min", 400, 29.4, conditions={PAIN_DURING: "3"}))["walk6min", None]
    assert say_finding(finding, EN).lines == ("400 m, give or take 58 m.", "It hurt 3 out of 10 while you did it.")


def test_within_the_usual_side_only_the_nearest_mark_is_told() -> None:
    assert say_finding(found(by_hand("walk10", 1.3, 0.05))["walk10", None], EN).lines == (
        "1.30 m/s, give or take 0.10 m/s.",
        "That is on the usual side of 1 m/s.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_test_may_and_cannot_tell_is_said_with_every_finding(language: str) -> None:
    voice, verdicts = phrases(language, "metric"), set()
    for name, finding in all_findings():
        lines = say_finding(finding, voice).lines
        both = voice.say(finding.subject.test.may_tell), voice.say(finding.subject.test.cannot_tell)
        if finding.verdict in ("outside", "uncertain"):
            assert lines[-2:] == both, name
            verdicts.add(finding.verdict)
        else:
            assert not set(both) & set(lines), name
    assert verdicts == {"outside", "uncertain"}


def test_a_gap_within_its_error_is_no_clear_difference() -> None:
    both = found(by_hand("wblt", 9, 0.69, side="left"), by_hand("wblt", 10, 0.69, side="right"))
    # 1.96 x sqrt 2 x 0.69 = 1.91
    assert say_finding(both["wblt", "left"], EN).lines == (
        "9 cm, give or take 1.4 cm.",
        "The sides differ by 1 cm. That is within what one day can show (give or take 1.9 cm).",
    )
    unsure = found(by_hand("wblt", 7, 0.69, side="left"), by_hand("wblt", 10, 0.69, side="right"))
    assert say_finding(unsure["wblt", "left"], EN).lines[1:] == (
        "The sides differ by 3 cm, give or take 1.9 cm. From 2 cm on it would be worth a look, "
        "so it cannot be told yet. Test again on another day.",
        KNOWN.tests["wblt"].may_tell,
        KNOWN.tests["wblt"].cannot_tell,
    )


def test_no_gap_larger_than_its_error_is_told_as_within_it() -> None:
    wrong, seen = set(), 0
    for name, finding in all_findings():
        for one in finding.assessments:
            if one.gap is None:
                continue
            seen += 1
            within_error = EN.heading("no_clear_gap", value="", error="").split(".")[1].split("(")[0].strip()
            said = any(within_error in line for line in say_finding(finding, EN).lines)
            if said != (one.gap <= one.margin):
                wrong.add((name, round(one.gap, 3), round(one.margin, 3), one.verdict))
    assert seen > 50
    assert wrong == set()


def test_a_missing_result_says_why_and_what_to_change() -> None:
    entry = not_measured("sls_eo", "spoiled_support", "A hand was on the support.", side="left", fix="Try again.")
    said = say_finding(found(entry)["sls_eo", "left"], EN)
    assert said.lines == ("Not measurable.", "A hand was on the support.", "Try again.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["no_try", "stopped"])
def test_why_nothing_was_measured_is_said_in_the_person_s_language(code: str, language: str) -> None:
    voice = phrases(language, "metric")
    entry = not_measured("sls_eo", code, "Kept words, not shown.", side="left")
    said = say_finding(found(entry)["sls_eo", "left"], voice)
    assert said.lines == (voice.heading("not_measurable"), voice.heading(f"unmeasured_{code}"))
    assert "Kept words" not in told(said)


@pytest.mark.requirement("R142")
def test_no_finding_gives_another_one_as_its_cause() -> None:
    causes = re.compile(r"\b(because of|caused? by|leads? to|due to|a causa de|debido a|provoca)\b")
    for name, finding in all_findings():
        for language in LANGUAGES:
            assert not causes.search(told(say_finding(finding, phrases(language, "metric"))).lower()), name
