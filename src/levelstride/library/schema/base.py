"""Why it exists: what every knowledge file shares - strict fields, texts for people, figures with source and status.

Nothing here runs on its own. A field that a user reads is typed ``UserText``: these, and only these, are translated,
checked for forbidden claims and for reading level.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SourceStatus = Literal["verified", "secondary", "memory", "product_default", "measured"]


class Shown:
    """Mark of a text that a user reads, in one of the product's languages."""


Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
UserText = Annotated[str, Field(min_length=1), Shown()]
ClinicianText = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A knowledge record: unknown keys are refused, nothing changes after reading."""

    # Built when first used: a process that opens the kept copy needs one validator, not fifty.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


class Source(Strict):
    """Where a figure comes from, and whether somebody has seen it there.

    ``identifier`` is a DOI, a PMID or a page; ``identifier_status`` says when the identifier itself is only recalled.
    """

    citation: ClinicianText
    identifier: str | None
    status: SourceStatus
    identifier_status: Literal["seen", "memory"] | None = None
    seen_at: tuple[str, ...] = ()
    note: str | None = None


class Figure(Strict):
    """A number a rule uses: value, unit, source, and whether anybody validated it for this use.

    ``validated`` is False for every threshold that no study tested in the way the product uses it.
    """

    value: float | tuple[float, ...] | str
    unit: str
    source: str
    status: SourceStatus
    validated: bool
    note: str | None = None

    @model_validator(mode="after")
    def _defaults_are_not_validated(self) -> Self:
        if self.validated and self.status in ("product_default", "memory"):
            raise ValueError("validated: expected false, because nobody has seen a study for this figure")
        return self

    def number(self) -> float:
        """Return the figure as one number.

        Raises
        ------
        TypeError
            If it is a range or a word.
        """
        if isinstance(self.value, float):
            return self.value
        raise TypeError(f"expected one number, but the figure is {self.value!r}")


class Span(Strict):
    """A whole-number range, ends included."""

    low: int = Field(ge=0)
    high: int = Field(ge=0)

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, given: object) -> object:
        if isinstance(given, list | tuple) and len(given) == 2:
            return {"low": given[0], "high": given[1]}
        return {"low": given, "high": given} if isinstance(given, int) else given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"expected [smaller, larger], but got [{self.low}, {self.high}]")
        return self

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


class Review(Strict):
    """Who has read a clinical page: nobody until a clinician has."""

    clinician: str | None = None
    date: str | None = None
