"""Why it exists: the assumptions behind the virtual people, read once and checked; each says where it comes from.

They are a model. Results hold under these assumptions and are no evidence about real people.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from levelstride.library.schema.base import SourceStatus, Strict

FILE = Path(__file__).with_name("parameters.yaml")
Value = float | tuple[float, ...]


class Parameter(Strict):
    """One assumption; ``low`` and ``high`` are its ends in the grid of assumptions."""

    value: Value
    unit: str = Field(min_length=1)
    source: str
    status: SourceStatus
    note: str = Field(min_length=1)
    low: Value | None = None
    high: Value | None = None

    @model_validator(mode="after")
    def _both_ends(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("expected low and high together")
        return self


class Sourced(Strict):
    """What a table shares."""

    source: str
    status: SourceStatus
    note: str


class Shares(Sourced):
    """Share of people with each caution code, in three ages."""

    shares: dict[str, tuple[float, float, float]]


class PlaceRow(Strict):
    """A place that can hurt, and what loads it; ``walking`` = share of people for whom walking does."""

    codes: tuple[str, ...]
    weight: float
    muscles: tuple[str, ...]
    demands: tuple[str, ...]
    walking: float


class Places(Sourced):
    """All places."""

    rows: dict[str, PlaceRow]


class SettingRow(Strict):
    """One setting: how many people practise there, and what they have."""

    weight: float
    things: dict[str, float]


class Settings(Sourced):
    """All settings."""

    rows: dict[str, SettingRow]


class Parameters(Strict):
    """All assumptions."""

    values: dict[str, Parameter]
    cautions: Shares
    places: Places
    settings: Settings
    groups: dict[str, tuple[str, ...]]

    def number(self, name: str) -> float:
        """Return an assumption that is one number.

        Raises
        ------
        TypeError
            If it holds several.
        """
        value = self.values[name].value
        if isinstance(value, tuple):
            raise TypeError(f"expected one number, but {name} is {value!r}")
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return an assumption that holds several numbers."""
        value = self.values[name].value
        return value if isinstance(value, tuple) else (value,)

    def span(self, name: str) -> tuple[float, float]:
        """Return the two ends of a range."""
        low, high = self.numbers(name)
        return low, high

    def changed(self, name: str, value: Value) -> "Parameters":
        """Return the same assumptions but for one."""
        one = self.values[name].model_copy(update={"value": value})
        return self.model_copy(update={"values": {**self.values, name: one}})

    @property
    def digest(self) -> str:
        """Return a short hash of all assumptions."""
        return blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()

    def grid(self) -> Iterator[tuple[str, str, "Parameters"]]:
        """Give the assumptions with one of them at its low or high end: its name, the end, and all of them."""
        for name, one in self.values.items():
            if one.low is not None and one.high is not None:
                yield name, "low", self.changed(name, one.low)
                yield name, "high", self.changed(name, one.high)

    def group_of(self) -> Mapping[str, str]:
        """Return for each muscle of the library the group it counts for."""
        return {muscle: group for group, muscles in self.groups.items() for muscle in muscles}


@cache
def base_parameters() -> Parameters:
    """Return the assumptions as they stand in the file."""
    import yaml  # only the simulation needs it here

    return Parameters.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
