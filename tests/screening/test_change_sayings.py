"""Why it exists: what is said about a change."""

import pytest

from levelstride.screening.sayings import Said, say_change
from tests.screening.results import (
    by_hand,
)
from tests.screening.saying_cases import EN, OUT_OF_REACH, VOICES, _compared, all_changes, phrases, told


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
