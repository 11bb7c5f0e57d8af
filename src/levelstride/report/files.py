"""Why it exists: ``measures.json`` and ``measures.csv`` are promises to other programs; here is their shape.

``measures.json`` is :class:`MeasuresFile`, versioned by ``levelstride.measure.results.SCHEMA``; SI units, full digits.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from levelstride.analysis import Analysis, Provenance
from levelstride.errors import InputError
from levelstride.library.loader import measure_spec
from levelstride.measure.results import SCHEMA, GaitResult, Measure
from levelstride.recording.context import RecordingContext
from levelstride.recording.read import Recording

CSV_COLUMNS = (
    "schema",
    "name",
    "label",
    "side",
    "value",
    "standard_error",
    "unit",
    "n",
    "sd",
    "quality",
    "limb",
    "method",
    "not_measurable_code",
    "reason",
    "fix",
)


class VideoFacts(BaseModel):
    """What the recording was, as decoded.

    Attributes
    ----------
    fps : float
        Frames per second of real time, Hz.
    people_seen : int
    person_measured : int or None
        Number of the person measured in the list of people; None when the recording does not say.
    warnings : tuple of str
        What the recording room wants the person to know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    width_px: int
    height_px: int
    fps: float
    duration_s: float
    n_frames: int
    codec: str = ""
    rotation_deg: int = 0
    variable_frame_rate: bool = False
    n_dropped: int = 0
    people_seen: int = 1
    person_measured: int | None = None
    warnings: tuple[str, ...] = ()


class MeasuresFile(BaseModel):
    """The content of ``measures.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_name: Literal["levelstride.measures/1"] = Field(
        validation_alias=AliasChoices("schema", "schema_name"), serialization_alias="schema"
    )
    provenance: Provenance
    context: RecordingContext
    video: VideoFacts
    result: GaitResult

    def to_json(self) -> str:
        """Return the file's text."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def measures_file(analysis: Analysis) -> MeasuresFile:
    """Collect what ``measures.json`` holds from an analysis."""
    return MeasuresFile(
        schema_name=SCHEMA,
        provenance=analysis.provenance,
        context=analysis.context,
        video=video_facts(analysis.recording),
        result=analysis.gait,
    )


def video_facts(recording: Recording) -> VideoFacts:
    """Read the facts of a recording that the report states."""
    video = recording.video
    return VideoFacts(
        width_px=video.width_px,
        height_px=video.height_px,
        fps=video.fps,
        duration_s=video.duration_s,
        n_frames=video.n_frames,
        codec=video.codec,
        rotation_deg=video.rotation_deg,
        variable_frame_rate=video.variable_frame_rate,
        n_dropped=video.n_dropped,
        people_seen=len(recording.people),
        person_measured=next((person.number for person in recording.people if person.is_subject), None),
        warnings=recording.warnings,
    )


def read_measures(path: str | Path) -> MeasuresFile:
    """Read a ``measures.json``, or the one in a report folder.

    Raises
    ------
    InputError
        If there is none, it is not JSON, or it follows another schema.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "measures.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist.", "Give the folder that levelstride analyze wrote.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not readable JSON.", "Analyse the video again to write it anew.") from error
    found = content.get("schema") if isinstance(content, dict) else None
    if found != SCHEMA:
        raise InputError(
            f"{path} follows the schema {found!r}, and this version reads {SCHEMA!r}.",
            "Analyse the video again, or use the version of levelstride that wrote the file.",
        )
    try:
        return MeasuresFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{path} does not keep its schema at {where}: {first['msg']}.", "Analyse the video again to write it anew."
        ) from error


def measures_csv(result: GaitResult) -> str:
    """Return ``measures.csv``: one row per measure and side, numbers in full, empty where there is none."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(measure) for measure in result.measures)
    return text.getvalue()


def _row(measure: Measure) -> dict[str, Any]:
    reason = measure.not_measurable
    return {
        "schema": SCHEMA,
        "name": measure.name,
        "label": measure_spec(measure.name).label,
        "side": measure.side,
        "value": measure.value,
        "standard_error": measure.standard_error,
        "unit": measure.unit,
        "n": measure.n,
        "sd": measure.sd,
        "quality": measure.quality,
        "limb": measure.limb,
        "method": measure.method,
        "not_measurable_code": reason.code if reason else None,
        "reason": reason.text if reason else None,
        "fix": reason.fix if reason else None,
    }
