"""Why it exists: says which file of the library holds what, and joins them into one object.

The layout is the contract with the clinician who edits the files: one subject, one file, one schema.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from levelstride.library.schema.base import Figure, Slug, Source, Strict, UserText
from levelstride.library.schema.exercises import Exercise, Preset, TempoName, TempoPreset
from levelstride.library.schema.intake import Intake
from levelstride.library.schema.rules import Rule
from levelstride.library.schema.tests import CameraError, FunctionalTest
from levelstride.library.schema.texts import (
    Caution,
    Contradiction,
    CueGroup,
    DemandScale,
    EducationCard,
    Fault,
    Hazard,
    LogEvent,
    QualityRule,
    Requirement,
    Vocabulary,
    Wording,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: One file each, at the top of the library.
FILES: dict[str, Any] = {
    "sources": dict[Slug, Source],
    "vocabulary": Vocabulary,
    "doses": dict[Slug, Preset],
    "tempos": dict[TempoName, TempoPreset],
    "faults": dict[str, Fault],
    "cautions": dict[str, Caution],
    "events": dict[Slug, LogEvent],
    "intake": Intake,
    "demand": DemandScale,
    "camera_error": CameraError,
    "requirements": dict[str, Requirement],
    "contradictions": dict[str, Contradiction],
    "hazards": dict[str, Hazard],
    "quality": dict[Slug, QualityRule],
    "wording": Wording,
    "limits": dict[Slug, Figure],
    "headings": dict[Slug, UserText],
}

#: One folder each, with one file per entry, named as the entry.
FOLDERS: dict[str, type[BaseModel]] = {
    "exercises": Exercise,
    "tests": FunctionalTest,
    "rules": Rule,
    "cues": CueGroup,
    "education": EducationCard,
}


class Knowledge(Strict):
    """Everything the product knows, besides how measures are computed (``measure_library``).

    ``translations[language][English text]`` gives the text in that language.
    """

    sources: dict[str, Source]
    vocabulary: Vocabulary
    doses: dict[str, Preset]
    tempos: dict[str, TempoPreset]
    faults: dict[str, Fault]
    cautions: dict[str, Caution]
    events: dict[str, LogEvent]
    intake: Intake
    demand: DemandScale
    camera_error: CameraError
    requirements: dict[str, Requirement]
    contradictions: dict[str, Contradiction]
    hazards: dict[str, Hazard]
    quality: dict[str, QualityRule]
    wording: Wording
    limits: dict[str, Figure]
    headings: dict[str, UserText]
    exercises: dict[str, Exercise]
    tests: dict[str, FunctionalTest]
    rules: dict[str, Rule]
    cues: dict[str, CueGroup]
    education: dict[str, EducationCard]
    translations: dict[str, dict[str, str]] = Field(default={}, repr=False)


@cache
def adapter(part: str) -> "TypeAdapter[Any]":
    """Return the validator of one file or folder of the library; ``KeyError`` when there is no such part."""
    from pydantic import TypeAdapter

    return TypeAdapter(FILES[part] if part in FILES else FOLDERS[part])


def part_of(name: str) -> str | None:
    """Return which part a file belongs to: ``exercises/glute_bridge.yaml`` -> ``exercises``; None for a stray file."""
    folder, _, file = name.rpartition("/")
    stem, dot, ending = file.partition(".")
    if dot and ending == "yaml":
        if folder in FOLDERS:
            return folder
        if not folder and stem in FILES:
            return stem
    return None


def join(parsed: Mapping[str, Any], translations: Mapping[str, Mapping[str, str]]) -> Knowledge:
    """Join validated or raw content of files (by file name) into one object.

    Raises
    ------
    pydantic.ValidationError
        If a part is missing or breaks its schema.
    """
    content: dict[str, Any] = {folder: {} for folder in FOLDERS}
    for name in sorted(parsed):
        part = part_of(name)
        if part in FOLDERS:
            content[part][name.rpartition("/")[2].partition(".")[0]] = parsed[name]
        elif part is not None:
            content[part] = parsed[name]
    return Knowledge.model_validate({**content, "translations": {k: dict(v) for k, v in translations.items()}})
