"""Why it exists: the published figure for this age and sex, with its source - or none, said so."""

from collections.abc import Sequence
from dataclasses import dataclass

from levelstride.library.schema.base import SourceStatus
from levelstride.library.schema.tests import FunctionalTest, PublishedFigure
from levelstride.screening.person import Age, NormSex


@dataclass(frozen=True)
class Norm:
    """A published figure for a person: ``values`` holds one number, or one per sex when the person did not say."""

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
        rows = [row for row in test.published if row.attribute == attribute and _fits(row, age)]
        found = [row for row in rows if row.sex == "all" or row.sex in sexes]
        values = tuple(row.value for row in found if isinstance(row.value, float))
        if values and (len({row.sex for row in found}) >= len(sexes) or any(row.sex == "all" for row in found)):
            first = found[0]
            return Norm(attribute, values, first.unit, first.ages, first.source, first.status)
    return None


def _fits(row: PublishedFigure, age: Age) -> bool:
    youngest, oldest = row.ages
    return (youngest is None or age.low >= youngest) and (oldest is None or age.low <= oldest)
