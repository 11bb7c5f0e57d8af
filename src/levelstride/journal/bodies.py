"""Why it exists: the kinds of things that can happen, each with its fields, units and limits.

A field that is unknown here (a newer version wrote it) is ignored when read and kept in the entry's own line. A kind
may gain optional fields at the same version; a change that breaks readers raises its version.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, Strict, model_validator

Side = Literal["left", "right"]
# Strict: a yes is no number, and neither is a number in quotes.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Rating = Annotated[Number, Field(ge=0, le=10)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Note = Annotated[str, Field(max_length=10_000)]
Count = Annotated[Whole, Field(ge=0, le=100_000)]
Amount = Annotated[Number, Field(ge=0, le=1e7)]
AnswerValue = bool | float | str | tuple[str, ...] | None


class Body(BaseModel):
    """What all bodies share: read once, never changed. ``kind`` and ``version`` name the shape in the file."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    kind: ClassVar[str]
    version: ClassVar[int] = 1


class Profile(Body):
    """Facts about the person; each field stands until a later entry gives it anew, or names it in ``cleared``."""

    kind = "profile"

    birth_year: Whole | None = Field(default=None, ge=1900, le=2100)
    birth_month: Whole | None = Field(default=None, ge=1, le=12)
    norm_sex: Literal["female", "male", "prefer_not"] | None = None
    height_m: Number | None = Field(default=None, ge=0.5, le=2.5)
    units: Literal["metric", "imperial"] | None = None
    language: Name | None = None
    guardian_agrees: bool | None = None
    clinician_linked: bool | None = None
    cleared: tuple[Name, ...] = ()


class Answer(BaseModel):
    """One answer; ``question`` is its path (``red_flags/ce_saddle``), None as value = not answered on purpose."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    question: Name
    value: AnswerValue = None
    side: Side | None = None


class Answers(Body):
    """What was answered on one page."""

    kind = "answers"

    given: tuple[Answer, ...] = Field(min_length=1)


class Clearance(Body):
    """A clinician agreed that the person may exercise in spite of ``covers`` (questions or caution codes)."""

    kind = "clearance"

    covers: tuple[Name, ...] = Field(min_length=1)
    given_by: Name
    given_on: date
    note: Note | None = None


class Origin(BaseModel):
    """Where a measure comes from.

    ``method``: ``hand`` (stopwatch, tape, counting, own eyes) or ``recording``; ``device``, ``view`` and ``model`` are
    those of the recording; ``file_sha256`` names its content.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: Literal["hand", "recording"]
    software: Name = "levelstride"
    software_version: Name | None = None
    library_version: Name | None = None
    file: str | None = None
    file_sha256: str | None = None
    device: str | None = None
    view: str | None = None
    model: str | None = None


class Unmeasured(BaseModel):
    """Why there is no value, and what to change."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: Name
    text: str
    fix: str = ""


class Measured(Body):
    """One measure of one side: a value with its error, or the reason why there is none.

    Attributes
    ----------
    test : str
        Test of the library by hand, or task of the measure library (``gait_side``).
    value, standard_error : float or None
        In ``unit``; the error is one standard deviation.
    error_source : str
        Where the error comes from: ``published``, ``product_default``, ``own_spread``, ``recording``.
    trials : tuple of float
        Every counted try, in order; ``value`` is their best or mean as the test says.
    conditions : dict
        What must agree before two results are compared (form, course, footwear, aid, surface, view).
    """

    kind = "measure"

    test: Name
    measure: Name
    side: Side | None = None
    value: Number | None = None
    unit: Name
    standard_error: Number | None = Field(default=None, gt=0)
    error_source: Name | None = None
    n: Count = 0
    sd: Number | None = Field(default=None, ge=0)
    quality: Name | None = None
    trials: tuple[Number, ...] = ()
    conditions: dict[str, str] = Field(default={})
    not_measurable: Unmeasured | None = None
    origin: Origin
    note: Note | None = None

    @model_validator(mode="after")
    def _value_or_reason(self) -> "Measured":
        if (self.value is None) == (self.not_measurable is None):
            raise ValueError("expected either a value or the reason why there is none")
        if self.value is not None and self.standard_error is None:
            raise ValueError("expected a standard error with the value")
        return self


class SetDone(Body):
    """One set of one exercise; loads in kg, times in s, ``rir`` = repetitions in reserve.

    ``faults`` = in how many repetitions a fault of the library was seen, by its id; not in it = nobody watched for it.
    """

    kind = "set"

    exercise: Name
    side: Side | None = None
    session: Name | None = None
    number: Count | None = None
    reps: Count | None = None
    clean_reps: Count | None = None
    faults: dict[Name, Count] = Field(default={})
    hold_s: Amount | None = None
    distance_m: Amount | None = None
    load_kg: Amount | None = None
    band: Name | None = None
    variant: Name | None = None
    support: Name | None = None
    rpe: Rating | None = None
    rir: Rating | None = None
    pain: Rating | None = None
    pain_kind: Name | None = None
    feel: Rating | None = None
    awkward: Rating | None = None
    skipped: bool = False
    note: Note | None = None


class Session(Body):
    """A session begun, ended or left.

    ``feel_after`` 0-10 = how walking or the body felt afterwards; ``confidence`` 0-10 = how sure the person feels with
    the moves.
    """

    kind = "session"

    session: Name
    event: Literal["started", "ended", "left"]
    programme: Name | None = None
    minutes: Amount | None = None
    rpe: Rating | None = None
    feel_after: Rating | None = None
    confidence: Rating | None = None
    note: Note | None = None


class CheckIn(Body):
    """The day before a session, as asked by the rule ``check_in``."""

    kind = "check_in"

    sleep_hours: Number | None = Field(default=None, ge=0, le=24)
    sleep_quality: Rating | None = None
    stress: Rating | None = None
    soreness: Rating | None = None
    hydration: Rating | None = None
    energy: Rating | None = None
    unwell: bool | None = None
    note: Note | None = None


class Pain(Body):
    """Pain at one place, 0-10; ``when`` as in the rule ``pain_colours``."""

    kind = "pain"

    place: Name
    side: Side | None = None
    score: Rating
    when: Literal["now", "at_rest", "during", "after", "next_morning", "worst_week"]
    quality: Name | None = None
    gives_way: bool | None = None
    exercise: Name | None = None
    session: Name | None = None
    back_to_usual: bool | None = None
    note: Note | None = None


class Soreness(Body):
    """Sore muscles at one place, 0-10."""

    kind = "soreness"

    place: Name
    side: Side | None = None
    score: Rating
    hours_since: Amount | None = None
    eases_in_warm_up: bool | None = None
    note: Note | None = None


class Walk(Body):
    """One walk: time, distance, effort, and when symptoms began (R158)."""

    kind = "walk"

    duration_s: Amount | None = None
    distance_m: Amount | None = None
    steps: Count | None = None
    rpe: Rating | None = None
    worst_pain: Rating | None = None
    time_to_symptom_s: Amount | None = None
    distance_to_symptom_m: Amount | None = None
    feel_after: Rating | None = None
    footwear: Name | None = None
    walking_aid: Name | None = None
    surface: Name | None = None
    note: Note | None = None


class Incident(Body):
    """A fall, a near-fall or something that went wrong, with the answers of ``events.yaml`` and the level found."""

    kind = "incident"

    what: Literal["fall", "near_fall", "adverse_event"]
    answers: tuple[Answer, ...] = ()
    level: Name | None = None
    exercise: Name | None = None
    session: Name | None = None
    note: Note | None = None


class Override(Body):
    """Somebody decided otherwise than the rules: what, for which target, why, until when."""

    kind = "override"

    by: Literal["user", "practitioner"]
    action: Name
    target: Name
    side: Side | None = None
    value: JsonValue = None
    reason: Note | None = None
    until: AwareDatetime | None = None


class Issued(Body):
    """A programme as it was issued; never solved again."""

    kind = "programme"

    programme: Name
    planner_version: Name
    library_version: Name
    input_hash: Name
    seed: Whole
    starts_on: date
    content: dict[str, JsonValue]


class Retraction(Body):
    """Takes an entry back (a typing error, an undo). The entry stays in the journal and no longer counts."""

    kind = "retraction"

    target: Name
    reason: Note | None = None


#: Every kind that this version reads.
KINDS: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        Profile,
        Answers,
        Clearance,
        Measured,
        SetDone,
        Session,
        CheckIn,
        Pain,
        Soreness,
        Walk,
        Incident,
        Override,
        Issued,
        Retraction,
    )
}
