"""Why it exists: a test file has a contract - protocol in plain steps, norms, errors, what a result may say."""

from typing import Literal, Self

from pydantic import Field, model_validator

from levelstride.library.schema.base import ClinicianText, Review, Slug, SourceStatus, Strict, UserText

Domain = Literal[
    "balance", "movement_control", "strength_endurance", "strength", "mobility", "gait", "posture", "self_report"
]
Instrument = Literal[
    "none", "stopwatch", "tape", "chair", "step", "wall", "camera", "phone_sensor", "inclinometer", "dynamometer"
]


class Headline(Strict):
    """The one number a test gives; the name ends with its unit."""

    name: Slug
    unit: str
    better: Literal["higher", "lower", "neither"]
    sided: bool
    trials: int = Field(ge=1)
    summary: Literal["best", "mean", "single"]


class CameraPlace(Strict):
    """Where a phone stands for this test."""

    views: tuple[Literal["front", "back", "left", "right", "none"], ...]
    how: UserText


class PublishedFigure(Strict):
    """One published figure of a test: norm, cut-off, reliability or error.

    ``value`` is a number or a range; ``text`` stands where the source gives words. Ages in years, both ends included.
    """

    attribute: Slug
    value: float | tuple[float, float] | None = None
    sd: float | None = None
    text: str | None = None
    unit: str
    sex: Literal["female", "male", "all"]
    ages: tuple[int | None, int | None] = (None, None)
    source: str
    status: SourceStatus
    seen_at: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.text is None:
            raise ValueError("expected value or text")
        if None not in self.ages and self.ages[0] > self.ages[1]:  # type: ignore[operator]
            raise ValueError("ages: expected [younger, older]")
        return self


class CameraError(Strict):
    """Published errors of gait analysis by phone camera."""

    says: UserText
    rows: tuple[PublishedFigure, ...] = Field(min_length=1)


class FindingRule(Strict):
    """When a result becomes a finding; every limit here is unvalidated for this use unless it says otherwise."""

    id: Slug
    compare: Literal[
        "value", "share_of_norm", "norm", "side_gap", "side_gap_percent", "change", "faulty_reps", "trend_only"
    ]
    op: Literal["below", "above", "at_least"] | None = None
    limit: float | None = None
    unit: str
    basis: Literal["product_default", "published"]
    source: str
    validated: bool
    says: UserText
    note: str | None = None

    @model_validator(mode="after")
    def _limit_or_trend(self) -> Self:
        if (self.compare in ("trend_only", "norm")) != (self.limit is None):
            raise ValueError("limit: expected a number, or compare: trend_only (or norm) without one")
        if self.compare != "trend_only" and self.op is None:
            raise ValueError("op: expected below, above or at_least")
        if self.basis == "product_default" and self.validated:
            raise ValueError("validated: expected false for a product default")
        return self


class ChangeFigure(Strict):
    """A published size of change."""

    value: float = Field(gt=0)
    unit: str
    source: str
    status: SourceStatus
    note: str | None = None


class ChangeRule(Strict):
    """How a change between two tests is judged: ``mdc`` = beyond error, ``small`` = felt by people."""

    mdc: ChangeFigure | None = None
    small: ChangeFigure | None = None
    note: ClinicianText


class FunctionalTest(Strict):
    """One functional test, gait measure or self-rating, complete."""

    id: Slug
    name: UserText
    kind: Literal["functional", "gait_measure", "self_report"]
    domain: Domain
    places: tuple[Literal["home", "clinic"], ...] = Field(min_length=1)
    instruments: tuple[Instrument, ...] = Field(min_length=1)
    measure: Headline
    purpose: UserText
    you_need: tuple[UserText, ...] = ()
    setup: tuple[UserText, ...] = ()
    steps: tuple[UserText, ...] = Field(min_length=1)
    scoring: tuple[UserText, ...] = Field(min_length=1)
    camera: CameraPlace
    safety: tuple[UserText, ...] = ()
    stop_if: UserText
    may_tell: UserText
    cannot_tell: UserText
    cautions: tuple[str, ...] = ()
    finding_rules: tuple[FindingRule, ...] = Field(min_length=1)
    change: ChangeRule
    detectors: tuple[str, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    requirements: tuple[str, ...] = ()
    review: Review = Review()
