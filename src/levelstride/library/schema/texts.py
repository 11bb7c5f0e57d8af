"""Why it exists: the smaller kinds of knowledge - words, cautions, faults, cues, cards - have a contract too."""

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from levelstride.library.schema.base import ClinicianText, Figure, Review, Slug, SourceStatus, Strict, UserText
from levelstride.library.schema.exercises import HarderBy, MuscleActivity
from levelstride.library.schema.rules import Confidence

RequirementId = Annotated[str, Field(pattern=r"^R\d{3}$")]


class Term(Strict):
    """One word of the vocabulary, and what holds for every exercise that uses it (``says``).

    ``household``: found in a home, so it does not count as equipment. ``demands``: what a position or a kind of
    exercise asks of the body by itself; every exercise of it must list them.
    """

    label: UserText
    household: bool = False
    says: tuple[UserText, ...] = ()
    demands: tuple[Slug, ...] = ()
    note: str | None = None


class Vocabulary(Strict):
    """The words that exercise and test files may use."""

    positions: dict[Slug, Term]
    equipment: dict[Slug, Term]
    muscles: dict[Slug, Term]
    demands: dict[Slug, Term]
    kinds: dict[Slug, Term]
    phases: dict[str, Term]
    planes: dict[Slug, Term]
    harder_by: dict[HarderBy, Term]
    footwear: dict[Slug, Term]
    walking_aids: dict[Slug, Term]
    surfaces: dict[Slug, Term]


class Caution(Strict):
    """A code for something in a person's history that changes the programme.

    ``removes``: an exercise with one of these demands is left out; every other exercise that carries the code is
    changed as ``on_page`` tells. ``must_remove`` names exercises that the check finds removed, so that a forgotten
    demand cannot let them through. ``says`` is about the whole programme. ``clearance``: nothing starts before a
    clinician agrees.
    """

    name: UserText
    clinician_name: ClinicianText
    action: Literal["modify", "clearance"]
    says: UserText
    on_page: UserText
    handling: ClinicianText
    removes: tuple[Slug, ...] = Field(min_length=1)
    must_remove: tuple[Slug, ...] = Field(min_length=1)
    source: str
    status: SourceStatus


class Fault(Strict):
    """A movement fault that an exercise or test can show; ``watches`` is the default rule of its detector."""

    name: UserText
    seen_from: tuple[Literal["side", "front", "back", "foot_end", "above", "any", "sensor", "ask"], ...]
    watches: ClinicianText
    camera_confidence: Literal["high", "medium", "low", "none"]
    risk: int = Field(ge=1, le=3)
    source: str
    validated: bool


class LibraryCue(Strict):
    """A cue that is not tied to one exercise, with the reason a person may ask for."""

    id: Slug
    text: UserText
    focus: Literal["external", "internal"]
    tags: tuple[Slug, ...] = ()
    faults: tuple[str, ...] = ()
    why: UserText


class CueGroup(Strict):
    """One file of cues."""

    id: Slug
    title: UserText
    cues: tuple[LibraryCue, ...] = Field(min_length=1)
    requirements: tuple[RequirementId, ...] = ()
    resolves: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    review: Review = Review()


class EducationCard(Strict):
    """A short card: what is known, how sure it is, what to do with it."""

    id: Slug
    title: UserText
    confidence: Confidence
    body: tuple[UserText, ...] = Field(min_length=2, max_length=6)
    takeaway: UserText
    claim: ClinicianText
    shows: ClinicianText
    figures: dict[Slug, Figure] = Field(default={})
    sources: tuple[str, ...] = Field(min_length=1)
    requirements: tuple[RequirementId, ...] = ()
    resolves: tuple[str, ...] = ()
    review: Review = Review()


class LogEvent(Strict):
    """Something that may happen and must be logged, with the words that refer a person on."""

    title: UserText
    asks: tuple[UserText, ...] = Field(min_length=1)
    levels: dict[Slug, UserText] = Field(min_length=1)
    source: str
    requirements: tuple[RequirementId, ...] = ()


class DemandScale(Strict):
    """Laboratory figures that belong to no single exercise."""

    says: UserText
    rows: tuple[MuscleActivity, ...]


class Requirement(Strict):
    """One thing the product must do, where it does it, and what is still missing.

    ``where``: files of the library (``exercises/glute_bridge``) or modules (``levelstride.measure``).
    """

    kind: Slug
    articles: tuple[Literal["A", "B", "C", "D", "E"], ...] = Field(min_length=1)
    says: ClinicianText
    product: ClinicianText
    evidence: Literal["supported", "plausible", "disputed", "overclaim", "convention"]
    priority: Literal["must", "should", "could"]
    where: tuple[str, ...] = ()
    missing: str | None = None


class Contradiction(Strict):
    """Where the source articles disagree, and what was decided: the safer rule wins."""

    articles: tuple[Literal["A", "B", "C", "D", "E"], ...] = Field(min_length=2)
    issue: ClinicianText
    options: tuple[ClinicianText, ...] = Field(min_length=2)
    decision: ClinicianText
    requirements: tuple[RequirementId, ...] = ()


class Hazard(Strict):
    """Something that could hurt a person, what is done against it, and the tests that guard it."""

    hazard: ClinicianText
    harm: ClinicianText
    severity: Literal["minor", "serious", "critical"]
    measures: tuple[ClinicianText, ...] = Field(min_length=1)
    guards: tuple[str, ...] = ()
    missing: str | None = None


class ForbiddenClaim(Strict):
    """A phrase that must not stand in any text; ``pattern`` is a regular expression, case does not matter."""

    @field_validator("pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"expected a regular expression, but {error}") from None
        return pattern

    pattern: str
    language: Literal["en", "es"]
    reason: ClinicianText
    instead: str
    allowed_in: tuple[str, ...] = ()


class QualityRule(Strict):
    """One rule of the quality scale; ``computed`` rules are worked out by the check itself."""

    tier: Literal["bronze", "silver", "gold", "platinum"]
    says: ClinicianText
    computed: bool


class Wording(Strict):
    """The forbidden claims, and the limits of length and reading level."""

    forbidden: tuple[ForbiddenClaim, ...]
    cue_words: tuple[int, int]
    max_sentence_words: int
    max_grade: float
