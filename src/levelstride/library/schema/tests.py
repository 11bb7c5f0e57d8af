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


class TypicalError(Strict):
    """How far a result usually lies from the next one of the same person on another day: one standard deviation.

    The larger of ``floor`` (in the unit of the measure) and ``share`` of the value counts.
    """

    floor: float = Field(gt=0)
    share: float = Field(default=0, ge=0, lt=1)
    source: str
    status: SourceStatus
    note: ClinicianText | None = None

    def at(self, value: float) -> float:
        """Return the error for one value."""
        return max(self.floor, self.share * abs(value))


class Condition(Strict):
    """What is written down beside a result; results that differ in it are not compared.

    With an answer of ``spoils`` the result does not count, for the reason that ``because`` gives.
    """

    id: Slug
    asks: UserText
    options: dict[Slug, UserText] = Field(min_length=2)
    sided: bool = False
    compared: bool = True
    spoils: tuple[Slug, ...] = ()
    because: UserText | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if bool(self.spoils) != bool(self.because) or not set(self.spoils) <= set(self.options):
            raise ValueError("spoils: expected options of this question, with because saying why")
        return self


class ScoreItem(Strict):
    """One line of a score sheet: the points of each answer.

    ``points_to``: cases of ``finding_to_exercise`` that count when a finding fires and this line has points.
    """

    id: Slug
    asks: UserText
    options: dict[Slug, UserText] = Field(min_length=2)
    points: dict[Slug, float]
    points_to: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _points_for_all(self) -> Self:
        if set(self.points) != set(self.options):
            raise ValueError("points: expected a number for each option")
        return self


class Entry(Strict):
    """How a result is entered by hand; a test that only a camera or a clinic tool can measure has none.

    ``number``: what was read, in ``unit``, between ``low`` and ``high``. ``speed``: a time in seconds over the distance
    that ``distances_m`` gives for the answer of the condition ``course``. ``items``: a score sheet; the result is the
    sum (``sum``) or the largest (``worst``). ``timer``: the product's own stopwatch may help (``down`` from ``timer_s``
    seconds). ``cap``: the test ends there, so the result cannot rise further; ``most``: a larger result is a mistake.
    """

    kind: Literal["number", "speed", "items"]
    asks: UserText
    unit: str
    low: float
    high: float
    whole: bool = False
    items: tuple[ScoreItem, ...] = ()
    total: Literal["sum", "worst"] = "sum"
    distances_m: dict[Slug, float] = Field(default={})
    timer: Literal["none", "up", "down"] = "none"
    timer_s: float | None = None
    cap: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "items") != bool(self.items):
            raise ValueError("items: expected for kind items, and only there")
        if (self.kind == "speed") != bool(self.distances_m):
            raise ValueError("distances_m: expected for kind speed, and only there")
        if (self.timer == "down") != (self.timer_s is not None):
            raise ValueError("timer_s: expected for a timer that counts down, and only there")
        if self.low >= self.high:
            raise ValueError("expected low below high")
        return self


class FromRecording(Strict):
    """The measure of measures.yaml that gives this test's number from a recording, times ``factor``.

    ``size_only``: the measure has a sign (which side), the test asks for the size.
    """

    measure: Slug
    factor: float = 1
    size_only: bool = False


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
    """When a result becomes a finding; every limit here is unvalidated for this use unless it says otherwise.

    ``ages`` (years, both ends included) and ``needs`` (condition: answer) say for whom and when it applies.
    ``norms`` are attributes of ``published``, the first that has a row for age and sex counts: the limit of
    ``share_of_norm``, and what ``{norm}`` shows. A rule that fires silences those it ``replaces``. ``points_to`` names
    cases of the rule ``finding_to_exercise``. ``as_said``: what a person says about pain counts as it is said, without
    an error. ``informs``: beyond the limit is neither good nor bad (effort of a walk), so it is told and no finding.
    """

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
    ages: tuple[int | None, int | None] = (None, None)
    needs: dict[Slug, Slug] = Field(default={})
    as_said: bool = False
    informs: bool = False
    norms: tuple[Slug, ...] = ()
    replaces: tuple[Slug, ...] = ()
    points_to: tuple[Slug, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _limit_or_trend(self) -> Self:
        if (self.compare in ("trend_only", "norm")) != (self.limit is None):
            raise ValueError("limit: expected a number, or compare: trend_only (or norm) without one")
        if self.compare != "trend_only" and self.op is None:
            raise ValueError("op: expected below, above or at_least")
        if self.basis == "product_default" and self.validated:
            raise ValueError("validated: expected false for a product default")
        if self.compare in ("share_of_norm", "norm") and not self.norms:
            raise ValueError("norms: expected the attributes of published that give the norm")
        return self


class ChangeFigure(Strict):
    """A published size of change."""

    value: float = Field(gt=0)
    unit: str
    source: str
    status: SourceStatus
    note: str | None = None


class ChangeRule(Strict):
    """How a change between two tests is judged: ``mdc`` = beyond error, ``small`` = felt by people.

    ``single``: beyond error for one of several activities that are rated.
    """

    mdc: ChangeFigure | None = None
    single: ChangeFigure | None = None
    small: ChangeFigure | None = None
    note: ClinicianText


class FunctionalTest(Strict):
    """One functional test, gait measure or self-rating, complete.

    ``hands_free``: done standing without a hand on support, so not for a person with poor balance; ``needs_helper``:
    not to be done alone.
    """

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
    entry: Entry | None = None
    conditions: tuple[Condition, ...] = ()
    error: TypicalError | None = None
    from_recording: FromRecording | None = None
    minutes: float = Field(default=3, gt=0)
    hands_free: bool = False
    needs_helper: bool = False
    may_tell: UserText
    cannot_tell: UserText
    cautions: tuple[str, ...] = ()
    finding_rules: tuple[FindingRule, ...] = Field(min_length=1)
    change: ChangeRule
    detectors: tuple[str, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    requirements: tuple[str, ...] = ()
    review: Review = Review()

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        conditions = {condition.id: condition.options for condition in self.conditions}
        attributes = {row.attribute for row in self.published}
        rules = {rule.id for rule in self.finding_rules}
        for rule in self.finding_rules:
            for name, answer in rule.needs.items():
                if answer not in conditions.get(name, ()):
                    raise ValueError(f"finding rule {rule.id}: needs: expected a condition and one of its options")
            if not set(rule.norms) <= attributes:
                raise ValueError(f"finding rule {rule.id}: norms: expected attributes of published")
            if not set(rule.replaces) <= rules:
                raise ValueError(f"finding rule {rule.id}: replaces: expected finding rules of this test")
        if self.entry is not None:
            if self.error is None:
                raise ValueError("error: expected, because a result entered by hand needs one")
            if self.entry.distances_m and set(self.entry.distances_m) != set(conditions.get("course", ())):
                raise ValueError("entry: distances_m: expected one for each option of the condition course")
        return self
