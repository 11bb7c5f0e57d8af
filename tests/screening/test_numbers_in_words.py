"""Why it exists: numbers and units as each language and each person writes them."""

import re

import pytest

from levelstride.library.loader import measure_library
from levelstride.screening.sayings import say_change, say_finding
from tests.screening.finding_cases import side_for
from tests.screening.results import (
    KNOWN,
    born,
    by_hand,
    found,
    recorded,
)
from tests.screening.saying_cases import EN, UNITS, VOICES, _compared, all_changes, all_findings, phrases, told

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
