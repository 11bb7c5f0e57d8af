"""Why it exists: shows that what a person reads is whole, modest and right in each language and system of units."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from levelstride.journal.entry import Entry
from levelstride.library.checks.words import text_problems
from levelstride.library.loader import measure_library
from levelstride.screening.change import Change, compare
from levelstride.screening.findings import Finding
from levelstride.screening.protocols import PAIN_DURING, result
from levelstride.screening.sayings import Phrases, Said, fill, result_text, say_change, say_finding
from tests.screening.results import (
    BY_HAND,
    KNOWN,
    answer,
    born,
    by_hand,
    by_points,
    found,
    kept,
    not_measured,
    only_series,
    point,
    rated,
    recorded,
    series_of,
)
from tests.screening.test_change import COMPARED, RECORDED, THREE
from tests.screening.test_findings import GAPS, HELD, MARKS, NORMS, STATEMENTS, STEPS, TRENDS, side_for

LANGUAGES = ("en", "es")
UNITS = ("metric", "imperial")
VOICES = [(language, units) for language in LANGUAGES for units in UNITS]
phrases = cache(lambda language, units: Phrases(KNOWN, language, units))
EN = phrases("en", "metric")


@cache
def all_findings() -> tuple[tuple[str, Finding], ...]:
    """Return a finding for every rule of the library in each verdict, with its name."""
    return tuple(_findings())


def _findings() -> Iterator[tuple[str, Finding]]:
    for mark in MARKS:
        side = side_for(mark.test)
        for age in dict.fromkeys([mark.age, 30, 70]):
            who = [] if age is None else [born(age, "prefer_not")]
            for value in mark.values:
                entry = by_hand(mark.test, value, mark.error, side=side, conditions=mark.conditions)
                yield mark.rule, found(*who, entry)[mark.test, side]
    for statement in STATEMENTS:
        for value in statement.said:
            yield statement.rule, found(by_hand(statement.test, value, 0.7))[statement.test, None]
    for test, rule, age, sex, limit, beyond in NORMS:
        side = side_for(test)
        for errors in (6, 1, -6):
            yield rule, found(born(age, sex), by_hand(test, limit + beyond * errors * 0.1, 0.1, side=side))[test, side]
    for gap in GAPS:
        sign = -1 if KNOWN.tests[gap.test].measure.better == "higher" else 1
        # half of the limit: where that is much, larger than its error and surely below the mark
        for size in (*gap.gaps, gap.limit / 2):
            left = by_hand(gap.test, gap.better + sign * size, gap.errors[0], side="left", conditions=gap.conditions)
            right = by_hand(gap.test, gap.better, gap.errors[1], side="right", conditions=gap.conditions)
            yield from ((gap.rule, one) for one in found(left, right).values())
    for test in TRENDS:
        side = side_for(test)
        yield TRENDS[test], found(by_hand(test, 3.5, 0.5, side=side))[test, side]
        before, now = by_hand(test, 3.5, 0.5, side=side), by_hand(test, 7.5, 0.5, side=side, day=30)
        yield TRENDS[test], found(before, now)[test, side]
    for test in KNOWN.tests.values():
        side = side_for(test.id)
        days = [by_hand(test.id, value, 0.5, side=side, day=value) for value in (3, 5)]
        yield f"{test.id}_days", found(*days)[test.id, side]
        hurt = by_hand(test.id, 4, 0.5, side=side, conditions={PAIN_DURING: "3"})
        yield f"{test.id}_hurt", found(hurt)[test.id, side]
        if test.entry is not None and test.entry.cap is not None:
            full = found(by_hand(test.id, test.entry.cap, 5, side=side), by_hand(test.id, 9, 2, side="right"))
            yield from ((f"{test.id}_full", one) for one in full.values())
    for test in KNOWN.tests.values():
        for condition in test.conditions:
            for spoiling in condition.spoils:
                side = side_for(test.id)
                body = result(test, side, [5.0], {condition.id: spoiling}, origin=BY_HAND)
                yield f"{test.id}_{condition.id}", found(kept(body))[test.id, side]
    for names in (("Stairs",), THREE):
        for name, one in found(answer("activities/names", names), rated(dict.fromkeys(names, 3))).items():
            yield name[0], one
    own = [answer("activities/names", THREE), *(rated(dict.fromkeys(THREE, n), day=30 * n) for n in (3, 5))]
    for name, one in found(*own).items():
        yield f"{name[0]}_later", one
    for code in ("no_try", "stopped"):
        entry = not_measured("sls_eo", code, "A text that is kept, not shown.", side="left")
        yield code, found(entry)["sls_eo", "left"]


@cache
def all_changes() -> tuple[tuple[str, Change], ...]:
    """Return a change for every rule about change and every verdict, with its name."""
    return tuple(_changes())


def _changes() -> Iterator[tuple[str, Change]]:
    for step in STEPS:
        side = side_for(step.test)
        for value in step.after:
            for error, source in ((0.01, "published"), (50, "published"), (0.5, "product_default")):
                for days in (3, 28):
                    entries = (
                        by_hand(step.test, step.before, error, side=side, source=source),
                        by_hand(step.test, value, error, side=side, day=days, source=source),
                    )
                    yield step.rule, _compared(*entries)
                    if days == 28:  # the same on a second first day: the own days are known
                        again = by_hand(step.test, step.before, error, side=side, day=3, source=source)
                        yield step.rule, _compared(entries[0], again, entries[1])
    for test, names in COMPARED.items():
        for name, (one, two) in names.items():
            before, now = point(1, 0.1, conditions={name: one}), point(9, 0.1, day=28, conditions={name: two})
            change = compare(by_points(test, before, now), KNOWN, None)
            assert change is not None
            yield f"{test}_{name}", change
    for name, (one, two) in RECORDED.items():
        entries = (
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", conditions={name: one}),
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", conditions={name: two}, day=28),
        )
        yield name, _compared(*entries)
    for name, frame in (
        ("view", {"view": "left"}),
        ("device", {"device": "phone B"}),
        ("model", {"model": "pose-2"}),
    ):
        entries = (
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", device="phone A"),
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", day=28, **frame),
        )
        yield name, _compared(*entries)
    yield "method", _compared(by_hand("walk10", 1, 0.1), recorded("walking_speed_mps", 1, 0.1, unit="m/s", day=28))
    own = [by_hand("sls_eo", value, 2, side="left", day=day, source="product_default") for value, day in OWN_DAYS]
    yield "own_days", _compared(*own)
    for test, value in OUT_OF_REACH.items():
        side = side_for(test)
        yield f"{test}_reach", _compared(by_hand(test, value, 5, side=side), by_hand(test, 9, 2, side=side, day=30))
    for names in (("Stairs",), THREE):
        first, later = (rated(dict.fromkeys(names, value), day=day) for value, day in ((3, 0), (9, 30)))
        for name, series in series_of(answer("activities/names", names), first, later).items():
            change = compare(series, KNOWN, None)
            assert change is not None
            yield name[0], change


OWN_DAYS = ((10, 0), (14, 7), (40, 60))
#: A first result from which no gain could be told from error.
OUT_OF_REACH = {"sls_eo": 45, "wblt": 20, "sts5": 3, "lateral_step_down_q": 0}


def _compared(*entries: Entry) -> Change:
    change = compare(only_series(*entries), KNOWN, None)
    assert change is not None
    return change


def told(said: Said) -> str:
    return " ".join(said.lines)


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


OTHER_MEASURES = sorted(
    set(measure_library().measures)
    - {test.from_recording.measure for test in KNOWN.tests.values() if test.from_recording is not None}
)


def test_measures_of_a_recording_have_a_spanish_name_and_unit() -> None:
    english = []
    for measure in OTHER_MEASURES:
        spec = measure_library().measures[measure]
        finding = found(recorded(measure, 5.25, 0.5, unit=spec.unit))[f"gait_side/{measure}", None]
        said = say_finding(finding, phrases("es", "metric"))
        if said.title == spec.label or " of " in told(said):
            english.append(measure)
    assert english == []


#: A value and an error (one standard deviation) as a good recording gives them.
FINE = {
    "step_length_m": (0.62, 0.02),
    "stride_length_m": (1.24, 0.03),
    "foot_to_pelvis_at_contact_m": (0.23, 0.012),
    "step_time_s": (0.548, 0.012),
    "swing_time_s": (0.412, 0.026),
    "stance_pct": (61.3, 2.6),
    "peak_hip_flexion_deg": (30.24, 2.1),
}


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("measure", FINE)
def test_a_measure_of_a_recording_is_told_as_finely_as_its_error(measure: str, units: str) -> None:
    value, error = FINE[measure]
    unit = measure_library().measures[measure].unit
    finding = found(recorded(measure, value, error, unit=unit, side="left"))[f"gait_side/{measure}", "left"]
    _told_finely(say_finding(finding, phrases("en", units)).lines[0], value, 1.96 * error)


@pytest.mark.parametrize(
    ("measure", "value", "error", "english", "spanish"),
    [
        ("step_length_m", 0.6242, 0.02, "0.624 m, give or take 0.039 m.", "0,624 m, "),
        ("step_time_s", 0.5482, 0.012, "0.548 s, give or take 0.024 s.", "0,548 s, "),
        ("stance_pct", 61.34, 2.6, "61.3 % of the step cycle, give or take 5.1 % of the step cycle.", "61,3 % "),
        ("peak_hip_flexion_deg", 30.24, 2.1, "30.2°, give or take 4.1°.", "30,2°, "),
    ],
)
def test_a_measure_of_a_recording_has_the_decimals_of_the_measure_library(
    measure: str, value: float, error: float, english: str, spanish: str
) -> None:
    spec = measure_library().measures[measure]
    key = f"gait_side/{measure}", "left"
    finding = found(recorded(measure, value, error, unit=spec.unit, side="left"))[key]
    assert finding.subject.decimals == spec.decimals
    said = say_finding(finding, EN)
    assert (said.title, said.lines) == (f"{spec.label}, left", (english,))
    assert say_finding(finding, phrases("es", "metric")).lines[0].startswith(spanish)
    # a change too
    later = recorded(measure, value + 50 * error, error, unit=spec.unit, side="left", day=30)
    change = _compared(recorded(measure, value, error, unit=spec.unit, side="left"), later)
    size, margin = english.split(", ")
    assert say_change(change, EN).lines[0].endswith(f", {size} on 2026-05-04, each {margin}")


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize(
    "test", [test.id for test in KNOWN.tests.values() if test.entry is not None and test.kind != "self_report"]
)
def test_a_result_by_hand_is_told_as_finely_as_its_error(test: str, units: str) -> None:
    spec, side = KNOWN.tests[test], side_for(test)
    assert spec.error is not None
    value = {"m/s": 1.23, "m": 433.0, "cm": 9.7}.get(spec.measure.unit, 5.0)
    error = spec.error.at(value)
    finding = found(by_hand(test, value, error, side=side))[test, side]
    _told_finely(say_finding(finding, phrases("en", units)).lines[0], value, 1.96 * error)


def _told_finely(line: str, value: float, margin: float) -> None:
    """Rounding must not eat the result: the value moves by less than half of its margin, the margin by a third."""
    numbers = re.match(r"([\d.]+)( mph| in| ft)?.*, give or take ([\d.]+)", line)
    assert numbers is not None, line
    factor = {" mph": 0.44704, " in": 2.54, " ft": 0.3048}.get(numbers[2], 1)
    assert abs(float(numbers[1]) * factor - value) < margin / 2, line
    assert abs(float(numbers[3].rstrip(".")) * factor - margin) < margin / 3, line


# Numbers.


@pytest.mark.parametrize(
    ("value", "decimals", "english", "spanish"),
    [
        (1.25, 2, "1.25", "1,25"),
        (12.0, 1, "12", "12"),
        (12.04, 1, "12", "12"),
        (12.06, 1, "12.1", "12,1"),
        (1234.5, 1, "1234.5", "1234,5"),
        (-3.5, 1, "−3.5", "−3,5"),
        (-0.01, 1, "0", "0"),
        (0.0, 0, "0", "0"),
        (99.6, 0, "100", "100"),
    ],
)
def test_numbers_are_written_as_each_language_does(value: float, decimals: int, english: str, spanish: str) -> None:
    assert phrases("en", "metric").number(value, decimals) == english
    assert phrases("es", "metric").number(value, decimals) == spanish


@pytest.mark.parametrize(
    ("value", "unit", "metric", "imperial"),
    [
        (1.2, "m/s", "1.20 m/s", "2.7 mph"),
        (0.8, "m/s", "0.80 m/s", "1.8 mph"),
        (10.0, "cm", "10 cm", "3.9 in"),
        (420.0, "m", "420 m", "1378 ft"),
        (1378 * 0.3048, "m", "420 m", "1378 ft"),
        (11.4, "s", "11.4 s", "11.4 s"),
        (-5.5, "deg", "−5.5°", "−5.5°"),
        (12.4, "%", "12 %", "12 %"),
        (12.0, "reps", "12 repetitions", "12 repetitions"),
        (1.0, "reps", "1 repetition", "1 repetition"),
        (1.0, "points", "1 point", "1 point"),
        (4.5, "points", "4.5 points", "4.5 points"),
        (112.3, "steps/min", "112 steps/min", "112 steps/min"),
        (1.234, "Nm/kg", "1.23 Nm/kg", "1.23 Nm/kg"),
        # too small for the usual decimals: one more, so that it does not read as nothing
        (0.04, "s", "0.04 s", "0.04 s"),
        (0.4, "%", "0.4 %", "0.4 %"),
        (0.0, "s", "0 s", "0 s"),
    ],
)
def test_amounts_have_the_units_of_the_person(value: float, unit: str, metric: str, imperial: str) -> None:
    assert phrases("en", "metric").amount(value, unit) == metric
    assert phrases("en", "imperial").amount(value, unit) == imperial


def test_spanish_units_are_spanish() -> None:
    voice = phrases("es", "metric")
    assert voice.amount(12, "reps") == "12 repeticiones"
    assert voice.amount(4.5, "points") == "4,5 puntos"
    assert voice.amount(1.25, "m/s") == "1,25 m/s"
    assert phrases("es", "imperial").amount(10, "cm") == "3,9 in"


def test_no_spanish_text_holds_a_decimal_point() -> None:
    for units in UNITS:
        voice = phrases("es", units)
        lines = [line for _, one in all_findings() for line in say_finding(one, voice).lines]
        lines += [line for _, one in all_changes() for line in say_change(one, voice).lines]
        assert [line for line in lines if re.search(r"\d\.\d", line)] == []
        assert any(re.search(r"\d,\d", line) for line in lines)


def test_no_text_holds_a_hyphen_for_a_minus() -> None:
    for language, units in VOICES:
        voice = phrases(language, units)
        lines = [line for _, one in all_findings() for line in say_finding(one, voice).lines]
        lines += [line for _, one in all_changes() for line in say_change(one, voice).lines]
        without_dates = [re.sub(r"\d{4}-\d\d-\d\d", "", line) for line in lines]
        assert [line for line in without_dates if re.search(r"(?<!\w)-\d", line)] == []
        assert any("−" in line for line in lines)


def test_imperial_texts_hold_no_metric_result() -> None:
    voice = phrases("en", "imperial")
    for test, value in (("walk10", 0.5), ("walk6min", 300.0), ("wblt", 3.0), ("step_width", 0.5)):
        side = side_for(test)
        text = told(say_finding(found(born(40), by_hand(test, value, 0.01, side=side))[test, side], voice))
        assert re.search(r"\d (mph|ft|in)\b", text)
        assert not re.search(r"\d (m/s|m|cm)\b", text)


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


@pytest.mark.requirement("R035")
def test_a_change_tells_both_values_the_error_and_its_source() -> None:
    lines = say_change(_compared(by_hand("walk6min", 400, 29.4), by_hand("walk6min", 490, 29.4, day=28)), EN).lines
    assert lines == (
        # 1.96 x 29.4 = 57.6
        "490 m on 2026-06-01, 400 m on 2026-05-04, each give or take 58 m.",
        "This change is larger than the usual error of the test.",
        "The change is 90 m. It must be more than 82 m to be more than error (from a publication).",
        "It went the way you would like.",
        "You walked 490 m now and 400 m before. Test error may be about 82 m. Test again to see if the gain stays.",
    )


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("errors", [(2, 8), (8, 2)])
def test_a_change_tells_the_larger_error_of_the_two_results(errors: tuple[float, float]) -> None:
    results = (
        by_hand("sls_eo", 10 + day, error, side="left", day=day) for day, error in zip((0, 30), errors, strict=True)
    )
    # 1.96 x 8 = 15.7
    assert say_change(_compared(*results), EN).lines[0].endswith(", each give or take 15.7 s.")


@pytest.mark.requirement("R035")
@pytest.mark.parametrize("source", ["recording", "published", "product_default"])
def test_where_the_error_between_days_is_not_known_no_limit_is_told(source: str) -> None:
    first, now = (by_hand("walk10", value, 0.03, day=day, source=source) for value, day in ((1.0, 0), (1.3, 28)))
    change = _compared(first, now)
    assert change.mdc is not None
    for language, units in VOICES:
        voice = phrases(language, units)
        lines = say_change(change, voice).lines
        size, limit = (voice.amount(value, "m/s") for value in (0.3, change.mdc.value))
        assert len(lines) == 3
        assert lines[2] == voice.heading("mdc_unknown", value=size)
        assert size in lines[2]
        assert limit not in told(Said("", lines[1:]))
    # on a second first day it becomes known: the line with the limit, and the other one no more
    again = by_hand("walk10", 1.0, 0.03, day=3, source=source)
    lines = say_change(_compared(first, again, now), EN).lines
    # 2.771808 x 0.03
    assert lines[2].startswith("The change is 0.30 m/s. It must be more than 0.08 m/s to be more than error")
    assert not any("not known yet" in line for line in lines)


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(("language", "units"), VOICES)
def test_a_test_that_is_too_coarse_to_show_a_gain_says_so(language: str, units: str) -> None:
    voice = phrases(language, units)
    line = voice.heading("too_coarse")
    said = {name: line in say_change(change, voice).lines for name, change in all_changes()}
    reach = {name: change.out_of_reach for name, change in all_changes()}
    assert {name for name in said if name.endswith("_reach")} == {f"{test}_reach" for test in OUT_OF_REACH}
    assert all(said[f"{test}_reach"] for test in OUT_OF_REACH)
    assert said == reach


@pytest.mark.requirement("R035")
@pytest.mark.parametrize(
    ("before", "now", "error", "line"),
    [
        # 1.959964 x sqrt 2 x 0.06 = 0.166308 m/s: both read 0.17, so one digit more tells them apart
        (1.0, 1.168, 0.06, "The change is 0.168 m/s. It must be more than 0.166 m/s to be more than error"),
        (1.0, 1.166, 0.06, "The change is 0.166 m/s. It must be more than 0.166 m/s to be more than error"),
        (1.0, 1.3, 0.06, "The change is 0.30 m/s. It must be more than 0.17 m/s to be more than error"),
    ],
)
def test_a_change_near_its_error_is_told_more_finely(before: float, now: float, error: float, line: str) -> None:
    entries = (
        by_hand("walk10", before, error, source="recording"),
        by_hand("walk10", before, error, day=3, source="recording"),
        by_hand("walk10", now, error, day=28, source="recording"),
    )
    assert say_change(_compared(*entries), EN).lines[2].startswith(line)


@pytest.mark.parametrize(
    ("before", "now", "source", "days", "sentence", "absent"),
    [
        (1.0, 1.3, "recording", 28, "It went the way you would like.", "It went the other way"),
        (1.3, 1.0, "recording", 28, "It went the other way.", "the way you would like"),
        (1.0, 1.05, "recording", 28, "No clear difference yet.", "It went"),
        (1.0, 1.9, "product_default", 28, "the usual error is not known", "It went"),
        (1.0, 1.9, "published", 28, "the usual error is not known", "It went"),
        (1.0, 1.05, "recording", 5, "It is too soon to see a true change.", "It went"),
    ],
)
def test_a_direction_is_told_only_of_a_real_change(
    before: float, now: float, source: str, days: int, sentence: str, absent: str
) -> None:
    again = [by_hand("walk10", before, 0.03, day=3, source=source)] if source == "recording" else []
    entries = (
        by_hand("walk10", before, 0.03, source=source),
        *again,
        by_hand("walk10", now, 0.03, day=days, source=source),
    )
    text = told(say_change(_compared(*entries), EN))
    assert sentence in text
    assert absent not in text


@pytest.mark.parametrize(("language", "units"), VOICES)
def test_each_difference_is_named_in_words(language: str, units: str) -> None:
    voice = phrases(language, units)
    for name, change in all_changes():
        if change.verdict == "not_comparable":
            lines = say_change(change, voice).lines
            assert len(lines) == 3 + len(change.differences), name
            assert lines[1] == voice.heading("not_comparable")
            assert not any("_" in line for line in lines), name


@pytest.mark.requirement("R142")
def test_no_finding_gives_another_one_as_its_cause() -> None:
    causes = re.compile(r"\b(because of|caused? by|leads? to|due to|a causa de|debido a|provoca)\b")
    for name, finding in all_findings():
        for language in LANGUAGES:
            assert not causes.search(told(say_finding(finding, phrases(language, "metric"))).lower()), name
