"""Why it exists: what of a test's file holds for this person - the published figure for age and sex, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from levelstride.library.schema.base import SourceStatus
from levelstride.library.schema.tests import FindingRule, FunctionalTest, PublishedFigure
from levelstride.screening.person import Age, NormSex


@dataclass(frozen=True)
class Norm:
    """A published figure for a person: ``values`` holds every number that may be the
    person's own, where sex or exact age are not known.
    """

    attribute: str
    values: tuple[float, ...]
    unit: str
    ages: tuple[int | None, int | None]
    source: str
    status: SourceStatus

    @property
    def lowest(self) -> float:
        """Return the smallest."""
        return min(self.values)

    @property
    def highest(self) -> float:
        """Return the largest."""
        return max(self.values)


def find_norm(
    test: FunctionalTest, attributes: Sequence[str], age: Age | None, sexes: Sequence[NormSex]
) -> Norm | None:
    """Return the first of ``attributes`` that has a figure for this age and sex; None when none has."""
    if age is None:
        return None
    for attribute in attributes:
        rows = [row for row in test.published if row.attribute == attribute and isinstance(row.value, float)]
        found = [[row for row in rows if _fits(row, years, sex)] for years in {age.low, age.high} for sex in sexes]
        if all(found):
            picked = list(dict.fromkeys(some[0].value for some in found))
            first = found[0][0]
            values = tuple(value for value in picked if isinstance(value, float))
            return Norm(attribute, values, first.unit, first.ages, first.source, first.status)
    return None


def _fits(row: PublishedFigure, years: int, sex: NormSex) -> bool:
    youngest, oldest = row.ages
    of_age = (youngest is None or years >= youngest) and (oldest is None or years <= oldest)
    return of_age and row.sex in ("all", sex)


def applies(rule: FindingRule, age: Age | None, conditions: Mapping[str, str]) -> bool:
    """Say whether a rule is meant for this age and for how the test was done."""
    if rule.ages != (None, None) and (age is None or not _surely(age, rule.ages)):
        return False
    return all(conditions.get(name) == answer for name, answer in rule.needs.items())


def _surely(age: Age, ages: tuple[int | None, int | None]) -> bool:
    youngest, oldest = ages
    return (youngest is None or age.low >= youngest) and (oldest is None or age.high <= oldest)
