"""Why it exists: an exercise file has a contract - how it is done, felt, dosed and made safe, and on what evidence.

The key ``movement`` (poses, repetition signal) is kept free for the animated exercise; until then it must stay away.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from levelstride.library.schema.base import ClinicianText, Review, Slug, SourceStatus, Span, Strict, UserText

Kind = Literal[
    "activation",
    "strength",
    "functional",
    "multiplanar",
    "plyometric",
    "core",
    "balance",
    "mobility",
    "gait_drill",
    "conditioning",
]
Phase = Literal["P1", "P2", "P3", "P4", "P5", "maintenance"]
Plane = Literal["sagittal", "frontal", "transverse", "none"]
Action = Literal["extension", "flexion", "abduction", "adduction", "external_rotation", "internal_rotation"]
Counted = Literal["repetitions", "seconds", "steps", "metres", "minutes", "breaths", "contacts", "reaches", "bouts"]
Statistic = Literal[
    "mean",
    "peak",
    "mean_of_peaks",
    "not_stated",
    "fine_wire",
    "range_over_studies",
    "pooled_mean",
    "above_threshold",
    "normalised",
    "index",
    "qualitative",
    "classification",
    "change",
    "training_outcome",
]
QualityState = Literal["done", "todo", "exempt"]
#: What makes one exercise of a ladder harder than the one before it; the kinds of load come first.
HarderBy = Literal[
    "band",
    "weight",
    "one_leg",
    "one_side",
    "support",
    "balance",
    "range",
    "hold",
    "tempo",
    "effort",
    "impact",
    "direction",
    "position",
    "move",
]

#: Seconds down, pause, up, pause.
TempoName = Annotated[str, Field(pattern=r"^\d+(\.\d+)?(-\d+(\.\d+)?){3}$")]

#: Three to six words: what somebody can take in while moving.
Cue = UserText


class Dose(Strict):
    """How much, in one phase.

    ``amount`` counts ``counts`` per set (per side when ``per_side``); ``hold_s`` is the hold within one repetition.
    """

    preset: Slug | None = None
    sets: Span
    amount: Span
    counts: Counted
    per_side: bool = False
    hold_s: Span | None = None
    rpe: Span | None = None
    rest_s: Span | None = None
    says: UserText | None = None
    source: str
    status: SourceStatus


class Preset(Dose):
    """A dose with a purpose, used where an exercise has none of its own."""

    purpose: ClinicianText
    phases: tuple[Phase, ...]


class TempoPreset(Strict):
    """A tempo known by its name: seconds down, pause, up, pause - ``3-0-2-0`` - and what it is for."""

    lower_s: float = Field(ge=0)
    pause_s: float = Field(ge=0)
    lift_s: float = Field(ge=0)
    rest_s: float = Field(ge=0)
    purpose: ClinicianText
    source: str
    status: SourceStatus
    validated: bool
    note: str | None = None

    @property
    def name(self) -> str:
        """Return the name that the figures make."""
        return "-".join(f"{part:g}" for part in (self.lower_s, self.pause_s, self.lift_s, self.rest_s))


class Tempo(Strict):
    """Seconds per part of a repetition, or a rhythm in a word when it is not counted.

    ``preset`` names the preset of tempos.yaml that the exercise's own seconds belong to.
    """

    preset: TempoName | None = None
    rhythm: Literal["counted", "hold", "walk", "flow", "breath", "quick"]
    lower_s: float | None = Field(default=None, ge=0)
    pause_s: float | None = Field(default=None, ge=0)
    lift_s: float | None = Field(default=None, ge=0)
    says: UserText

    @model_validator(mode="after")
    def _counted_has_seconds(self) -> Self:
        if self.rhythm == "counted" and None in (self.lower_s, self.pause_s, self.lift_s):
            raise ValueError("expected lower_s, pause_s and lift_s for a counted tempo")
        return self


class Cues(Strict):
    """What the coach may say: attention outside the body first."""

    external: tuple[Cue, ...] = Field(min_length=2)
    internal: tuple[Cue, ...] = ()


class ExerciseFault(Strict):
    """One common fault: how it looks, and the cue that answers it. ``id`` points to faults.yaml."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z_]+$")]
    looks_like: UserText
    cue: Cue


class Muscles(Strict):
    """Muscles by role; ids in vocabulary.yaml."""

    primary: tuple[Slug, ...] = Field(min_length=1)
    secondary: tuple[Slug, ...] = ()


class Equipment(Strict):
    """Equipment by id (vocabulary.yaml): one of each line of ``needs`` is enough; ``optional`` can be added."""

    needs: tuple[tuple[Slug, ...], ...] = ()
    optional: tuple[Slug, ...] = ()


class MuscleActivity(Strict):
    """One laboratory figure of muscle activity (EMG): values with different ``statistic`` are never compared."""

    muscle: str
    value: float | tuple[float, float] | None = None
    above: float | None = None
    sd: float | None = None
    text: str | None = None
    unit: str
    statistic: Statistic
    described_as: str
    source: str
    status: SourceStatus
    seen_at: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.above is None and self.text is None:
            raise ValueError("expected value, above or text")
        return self


class Exercise(Strict):
    """One exercise, complete."""

    id: Slug
    name: UserText
    aliases: tuple[UserText, ...] = ()
    kind: Kind
    difficulty: int = Field(ge=1, le=10, strict=True)
    position: Slug
    equipment: Equipment = Equipment()
    no_equipment_variant: Slug | None = None
    plane: tuple[Plane, ...] = Field(min_length=1)
    chain: Literal["open", "closed"]
    laterality: Literal["bilateral", "unilateral"]
    muscles: Muscles
    actions: tuple[Action, ...] = ()
    easier: tuple[Slug, ...] = ()
    harder: tuple[Slug, ...] = ()
    demands: tuple[Slug, ...] = ()
    cautions: tuple[str, ...] = ()
    doses: dict[Phase, Dose] = Field(min_length=1)
    tempo: Tempo
    summary: UserText
    setup: tuple[UserText, ...] = Field(min_length=1)
    steps: tuple[UserText, ...] = Field(min_length=2)
    breathing: UserText
    pelvis: UserText
    cues: Cues
    faults: tuple[ExerciseFault, ...] = Field(min_length=1)
    feel: tuple[UserText, ...] = Field(min_length=1)
    not_feel: tuple[UserText, ...] = Field(min_length=1)
    if_wrong: UserText
    make_easier: UserText
    make_harder: UserText
    without_equipment: UserText | None = None
    safety: tuple[UserText, ...] = ()
    stop_if: UserText
    evidence: tuple[MuscleActivity, ...] = ()
    source: str
    status: SourceStatus
    note: str | None = None
    quality: dict[Slug, QualityState]
    review: Review = Review()
    movement: None = None
