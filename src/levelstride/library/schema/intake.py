"""Why it exists: what a person is asked before the first test - one file, in the order in which it is asked.

The red flags, the readiness topics and the exclusions stand in ``rules/``; the intake names where they come.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from levelstride.library.schema.base import ClinicianText, Review, Slug, Strict, UserText

AnswerKind = Literal["yes_no", "one", "several", "number", "rating", "text", "lines"]
Profile = Literal[
    "birth_year", "birth_month", "norm_sex", "height_m", "units", "guardian_agrees", "clinician_linked", "language"
]


class Question(Strict):
    """One question.

    ``kind``: ``yes_no``, ``one`` or ``several`` of the options, a ``number`` in ``unit`` between ``low`` and ``high``,
    a ``rating`` from 0 to 10, one ``text``, or ``lines`` (one entry per line). ``asked_if`` names questions of the
    intake and the answers of which one must have been given. ``sets`` gives the caution codes of an option (``yes`` for
    yes_no). ``fills`` names the field of the profile that keeps the answer.
    """

    id: Slug
    asks: UserText
    why: UserText | None = None
    kind: AnswerKind
    options: dict[Slug, UserText] = Field(default={})
    none_of_these: UserText | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    whole: bool = True
    optional: bool = False
    ages: tuple[int | None, int | None] = (None, None)
    asked_if: dict[Slug, tuple[str, ...]] = Field(default={})
    sets: dict[Slug, tuple[str, ...]] = Field(default={})
    fills: Profile | None = None
    requirements: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if (self.kind in ("one", "several")) != bool(self.options):
            raise ValueError("options: expected for kind one or several, and only there")
        if self.kind == "number" and (self.low is None or self.high is None or self.unit is None):
            raise ValueError("expected low, high and unit for a number")
        allowed = {"yes"} if self.kind == "yes_no" else set(self.options)
        strange = sorted(set(self.sets) - allowed)
        if strange:
            raise ValueError(f"sets: expected an answer of this question, but got {', '.join(strange)}")
        return self


class Section(Strict):
    """One part of the intake: own questions, or a part of the safety rules, or the body map, or the signs."""

    id: Slug
    title: UserText
    says: UserText | None = None
    holds: Literal["questions", "red_flags", "exclusions", "readiness", "body_map", "signs", "activities"]
    questions: tuple[Question, ...] = ()

    @model_validator(mode="after")
    def _has_questions(self) -> Self:
        if (self.holds == "questions") != bool(self.questions):
            raise ValueError("questions: expected where the section holds questions, and only there")
        return self


class BodyPlace(Strict):
    """A place of the body map.

    ``raises`` names the red flag that a yes to a detail raises; ``tests`` look at this place and come first.
    """

    label: UserText
    sided: bool
    tests: tuple[str, ...] = ()
    raises: dict[Slug, Slug] = Field(default={})


class Sign(Strict):
    """One everyday sign, with what is asked about it when it is there.

    ``details`` come after the questions that every sign shares; ``sided`` = the side is asked, with
    ``side_asks`` where the usual words would be taken in two ways; ``tests`` look at it and
    come first in the person's set.
    """

    asks: UserText
    sided: bool
    side_asks: UserText | None = None
    tests: tuple[str, ...] = ()
    details: tuple[Question, ...] = ()
    requirements: tuple[str, ...] = ()


class Intake(Strict):
    """The whole intake, in order.

    ``place_details`` are asked for each marked place after ``which_side``, ``sign_details`` for each sign that is
    there. ``batteries`` name the tests that are offered for each level of the rule ``screening_signs``.
    ``test_ages``: years for which a test is offered, both ends included. ``group_titles`` head the pages of red flags.
    In the details of places and signs ``asked_if`` names other details of the same place or sign.
    """

    sections: tuple[Section, ...] = Field(min_length=1)
    places: dict[Slug, BodyPlace]
    place_details: tuple[Question, ...]
    which_side: Question
    signs: dict[Slug, Sign]
    sign_details: tuple[Question, ...]
    batteries: dict[Slug, tuple[str, ...]]
    test_ages: dict[Slug, tuple[int | None, int | None]] = Field(default={})
    group_titles: dict[Slug, UserText]
    reason: ClinicianText
    review: Review = Review()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [question.id for section in self.sections for question in section.questions]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"expected each question once, but {', '.join(twice)} stands twice")
        strange = sorted({name for s in self.sections for q in s.questions for name in q.asked_if} - set(ids))
        if strange:
            raise ValueError(f"asked_if: expected a question of the intake, but got {', '.join(strange)}")
        return self
