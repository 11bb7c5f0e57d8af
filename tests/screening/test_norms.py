"""Why it exists: a published figure counts for its ages and its sex, and for nobody else."""

import pytest

from levelstride.screening.norms import find_norm
from levelstride.screening.person import Age, NormSex
from tests.screening.finding_cases import EXPECTED, NORMS, WITHOUT_NORM, side_for
from tests.screening.results import (
    KNOWN,
    assessed,
    born,
    by_hand,
    found,
)


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
