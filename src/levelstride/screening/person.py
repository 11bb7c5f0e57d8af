"""Why it exists: how old a person is, as far as year and month of birth can say."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from levelstride.journal.state import State

NormSex = Literal["female", "male"]


@dataclass(frozen=True)
class Age:
    """Completed years: at least ``low``, at most ``high``; rules use the end that is safer."""

    low: int
    high: int

    def touches(self, ages: tuple[int | None, int | None]) -> bool:
        """Say whether the person may be within ``ages`` (years, both ends included, None = open)."""
        youngest, oldest = ages
        return (youngest is None or self.high >= youngest) and (oldest is None or self.low <= oldest)


def age_on(state: State, today: date) -> Age | None:
    """Return the age on a day; None when no year of birth is known."""
    year, month = state.fact("birth_year"), state.fact("birth_month")
    if year is None:
        return None
    turned = today.year - year
    if month is None:
        return Age(max(0, turned - 1), max(0, turned))
    if today.month == month:
        return Age(max(0, turned - 1), max(0, turned))
    return Age(*(max(0, turned - (today.month < month)),) * 2)


def norm_sexes(state: State) -> tuple[NormSex, ...]:
    """Return whose norms apply; both when the person did not say."""
    found = state.fact("norm_sex")
    if found == "female":
        return ("female",)
    return ("male",) if found == "male" else ("female", "male")
