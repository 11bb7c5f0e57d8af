"""Why it exists: the product's decisions are rules a clinician can read: figures, sources, cases, words for people."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from levelstride.library.schema.base import ClinicianText, Figure, Review, Slug, SourceStatus, Strict, UserText

Confidence = Literal["supported", "plausible", "disputed", "convention"]
StopLevel = Literal["emergency", "same_day", "before_start"]
Group = Literal[
    "phases",
    "progression",
    "pain",
    "schedule",
    "walking",
    "cues",
    "safety",
    "readiness",
    "measuring",
    "wording",
]


class Case(Strict):
    """One row of a rule; the first row that fits wins. ``when`` names the rule's figures."""

    id: Slug
    when: ClinicianText
    level: Slug | None = None
    actions: tuple[Slug, ...] = ()
    says: UserText | None = None
    first_block: tuple[Slug, ...] = ()
    next_block: tuple[Slug, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _empty_is_nothing(cls, given: object) -> object:
        return {**given, "says": None} if isinstance(given, dict) and given.get("says") == "" else given


class RedFlag(Strict):
    """One question whose yes stops everything, and what the person is told to do.

    ``asked_if`` names questions of the intake and the answers of which one must have been given; ``cautions`` = the
    caution codes that a yes sets.
    """

    id: Slug
    group: Slug
    asks: UserText
    level: StopLevel
    says: UserText
    ages: tuple[int, int] | None = None
    asked_if: dict[Slug, tuple[str, ...]] = Field(default={})
    cautions: tuple[str, ...] = ()
    source: str
    status: SourceStatus
    note: str | None = None


class Level(Strict):
    """What one level of a stop means: ``order`` 1 is the most urgent."""

    order: int = Field(ge=1)
    says: UserText
    actions: tuple[Slug, ...]


class Exclusion(Strict):
    """A question whose yes closes the programme until a clinician agrees; ``caution`` = the code it sets."""

    id: Slug
    asks: UserText
    says: UserText
    caution: str | None = None
    asked_if: dict[Slug, tuple[str, ...]] = Field(default={})


class ReadinessTopic(Strict):
    """One readiness question with its follow-ups.

    ``cautions`` are set by a yes, ``follow_up_cautions`` by a yes to the follow-up at the same place; which
    of ``may_mean`` it is, the list of conditions in the intake asks.
    """

    id: Slug
    asks: UserText
    follow_up: tuple[UserText, ...] = ()
    cautions: tuple[str, ...] = ()
    follow_up_cautions: tuple[tuple[str, ...], ...] = ()
    may_mean: tuple[str, ...] = ()
    level: Slug
    says: UserText
    source: str
    status: SourceStatus


class Rule(Strict):
    """One rule: what the person reads, what the clinician reads, the figures, the cases.

    ``combine`` says which fitting cases count: the first, all of them, or the most urgent level. ``lists`` are orders
    and sets an engine reads, ``tables`` rows that name figures, ``notes`` definitions in words.
    """

    id: Slug
    title: UserText
    group: Group
    plain: tuple[UserText, ...] = Field(min_length=1)
    reason: ClinicianText
    confidence: Confidence
    figures: dict[Slug, Figure] = Field(default={})
    cases: tuple[Case, ...] = ()
    flags: tuple[RedFlag, ...] = ()
    topics: tuple[ReadinessTopic, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    levels: dict[Slug, Level] = Field(default={})
    combine: Literal["first", "all", "highest"] = "first"
    lists: dict[Slug, tuple[ClinicianText, ...]] = Field(default={})
    tables: dict[Slug, tuple[dict[str, Any], ...]] = Field(default={})
    notes: dict[Slug, ClinicianText] = Field(default={})
    sources: tuple[str, ...] = Field(min_length=1)
    requirements: tuple[str, ...] = ()
    resolves: tuple[str, ...] = ()
    review: Review = Review()

    @model_validator(mode="after")
    def _decides_something(self) -> Self:
        if not (self.figures or self.cases or self.flags or self.topics):
            raise ValueError("expected figures, cases, flags or topics: a rule decides something")
        for entries in (self.cases, self.flags, self.topics, self.exclusions):
            ids = [entry.id for entry in entries]
            twice = sorted({entry for entry in ids if ids.count(entry) > 1})
            if twice:
                raise ValueError(f"expected each id once, but {', '.join(twice)} stands twice")
        return self
