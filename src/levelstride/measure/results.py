"""Why it exists: the shape of what was measured - value, unit, side, error, count, quality - or why it was not.

These models are the file format of ``measures.json``; :data:`SCHEMA` names its version, and a change that breaks
readers raises it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA = "levelstride.measures/2"

MeasureSide = Literal["left", "right", "both"]
Limb = Literal["near", "far", "mixed", "frontal"]
Quality = Literal["good", "fair", "low"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(_Model):
    """Why something is not measurable, and what the person can change."""

    code: str
    text: str
    fix: str


class Measure(_Model):
    """One measure of one side.

    Attributes
    ----------
    value : float or None
        None when not measurable; then ``not_measurable`` says why.
    standard_error : float or None
        One standard deviation of the error of ``value``: sampling error of the mean and instrument error together.
    sampling_error, instrument_error : float or None
        The two parts; only the first shrinks with more steps.
    n : int
        Steps, strides or contacts averaged.
    sd : float or None
        Spread from step to step (the person's variability plus noise); None below two.
    limb : {"near", "far", "mixed", "frontal"}
        Whether a camera at the side saw this leg in front, behind, or both (walks in two directions); ``frontal`` for
        a camera in front or behind.
    method : str
        What varies between recordings in how it was got (for example against trunk or vertical); empty otherwise.
    """

    name: str
    side: MeasureSide
    unit: str
    value: float | None
    standard_error: float | None
    sampling_error: float | None = None
    instrument_error: float | None = None
    n: int = Field(ge=0)
    sd: float | None = None
    limb: Limb = "mixed"
    quality: Quality | None
    method: str = ""
    not_measurable: Reason | None = None

    @model_validator(mode="after")
    def _value_or_reason(self) -> "Measure":
        if (self.value is None) == (self.not_measurable is None):
            raise ValueError(f"{self.name}: expected either a value or a reason why there is none")
        if self.value is not None and (self.standard_error is None or self.standard_error <= 0):
            raise ValueError(f"{self.name}: expected a standard error > 0 with a value, but got {self.standard_error}")
        return self


class Curve(_Model):
    """A joint or segment angle over the gait cycle, contact to next contact of the same foot, in 101 points.

    ``mean`` and ``sd`` have length 101 (0 to 100 % of the cycle); ``strides`` holds every stride.
    """

    name: str
    side: MeasureSide
    unit: str
    limb: Limb
    n: int
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    standard_error: float
    strides: tuple[tuple[float, ...], ...]
    toe_off_pct: float | None
    method: str = ""


class Event(_Model):
    """One foot contact or toe-off; ``recording`` counts the recordings measured together, from 0."""

    kind: Literal["contact", "toe_off"]
    side: Literal["left", "right"]
    time_s: float
    frame: float
    walk: int
    recording: int = 0


class WalkSummary(_Model):
    """One stretch of steps in one direction."""

    start_s: float
    stop_s: float
    facing: Literal["left", "right", "away", "towards"]
    camera_sees: Literal["left", "right", "back", "front"]
    steps: int
    strides: int
    recording: int = 0


class GaitResult(_Model):
    """Everything measured in one kind of view.

    Attributes
    ----------
    task : str
        Key of the task in the measure library.
    surface : {"over ground", "treadmill or moving camera", "not known"}
        Found from the movement of the standing foot in the picture; from behind or in front it is not known.
    """

    task: str
    measures: tuple[Measure, ...]
    curves: tuple[Curve, ...]
    events: tuple[Event, ...]
    walks: tuple[WalkSummary, ...]
    surface: Literal["over ground", "treadmill or moving camera", "not known"]
    scale_method: str | None
    notes: tuple[str, ...] = ()

    def get(self, name: str, side: MeasureSide = "both") -> Measure:
        """Return one measure by name and side; ``KeyError`` when there is none."""
        for measure in self.measures:
            if measure.name == name and measure.side == side:
                return measure
        raise KeyError(f"{name} ({side})")

    def curve(self, name: str, side: MeasureSide) -> Curve:
        """Return one curve by name and side; ``KeyError`` when there is none."""
        for curve in self.curves:
            if curve.name == name and curve.side == side:
                return curve
        raise KeyError(f"{name} ({side})")
