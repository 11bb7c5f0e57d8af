"""Why it exists: ``measures.json`` and ``measures.csv`` are promises to other programs; here is their shape.

``measures.json`` is :class:`MeasuresFile`, versioned by ``levelstride.measure.results.SCHEMA``; SI units, full digits.
"""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from levelstride.analysis import Analysis, Examination
from levelstride.errors import InputError
from levelstride.library.loader import measure_spec
from levelstride.measure.results import SCHEMA, GaitResult, Measure
from levelstride.recording.context import RecordingContext
from levelstride.recording.read import Recording

CSV_COLUMNS = (
    "schema",
    "task",
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


class Making(BaseModel):
    """Which software made a file, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    software: str = "levelstride"
    software_version: str
    python_version: str
    created: datetime


class RecordingFacts(BaseModel):
    """One recording of an examination.

    Attributes
    ----------
    file, sha256 : str
        Name without folder, and what the file held.
    model, mode : str
        How it was read; ``none`` and the kind of file for a motion file.
    context : RecordingContext
        As stated; ``view`` as found when it was not stated.
    view_certainty : float or None
        Share of the frames that agree with the view found; None when it was stated or does not matter.
    video : VideoFacts or None
        None for a motion file.
    kind : str
        ``video``, or the kind of motion file: ``c3d``, ``trc``, ``mot``, ``landmarks``, ``motion``.
    warnings : tuple of str
        What the recording room wants the person to know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sha256: str
    model: str
    mode: str
    context: RecordingContext
    view_certainty: float | None = Field(default=None, ge=0, le=1)
    video: VideoFacts | None
    kind: str
    warnings: tuple[str, ...] = ()


class MeasuresFile(BaseModel):
    """The content of ``measures.json``: what one examination measured, one result per task.

    Events and walks of a result name their recording by its place in ``recordings``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_name: Literal["levelstride.measures/2"] = Field(
        validation_alias=AliasChoices("schema", "schema_name"), serialization_alias="schema"
    )
    provenance: Making
    recordings: tuple[RecordingFacts, ...] = Field(min_length=1)
    results: tuple[GaitResult, ...] = Field(min_length=1)

    def to_json(self) -> str:
        """Return the file's text."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"

    def result(self, task: str) -> GaitResult:
        """Return what was measured in one task; ``KeyError`` when it was not."""
        for result in self.results:
            if result.task == task:
                return result
        raise KeyError(task)


def measures_file(examination: Examination) -> MeasuresFile:
    """Collect what ``measures.json`` holds from an examination."""
    latest = max((analysis.provenance for analysis in examination.analyses), key=lambda p: p.created)
    return MeasuresFile(
        schema_name=SCHEMA,
        provenance=Making(
            software=latest.software,
            software_version=latest.software_version,
            python_version=latest.python_version,
            created=latest.created,
        ),
        recordings=tuple(recording_facts(analysis) for analysis in examination.analyses),
        results=examination.results,
    )


def recording_facts(analysis: Analysis) -> RecordingFacts:
    """Read the facts of one recording that the report states."""
    recording, provenance = analysis.recording, analysis.provenance
    return RecordingFacts(
        file=provenance.source_file,
        sha256=provenance.source_sha256,
        model=provenance.model,
        mode=provenance.mode,
        context=analysis.context,
        view_certainty=analysis.view_certainty,
        video=video_facts(recording) if isinstance(recording, Recording) else None,
        kind="video" if isinstance(recording, Recording) else recording.kind,
        warnings=recording.warnings,
    )


def video_facts(recording: Recording) -> VideoFacts:
    """Read the facts of a video that the report states."""
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
        raise InputError(f"{path} is not readable JSON.", "Measure the recordings again to write it anew.") from error
    found = content.get("schema") if isinstance(content, dict) else None
    if found != SCHEMA:
        earlier = " (another version wrote it)" if str(found).startswith(SCHEMA.split("/")[0]) else ""
        raise InputError(
            f"{path} follows the schema {found!r}{earlier}, and this version reads {SCHEMA!r}.",
            "Measure the recordings again, or use the version of levelstride that wrote the file.",
        )
    try:
        return MeasuresFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{path} does not keep its schema at {where}: {first['msg']}.",
            "Measure the recordings again to write it anew.",
        ) from error


def measures_csv(results: Sequence[GaitResult]) -> str:
    """Return ``measures.csv``: one row per task, measure and side, numbers in full, empty where there is none."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(result.task, measure) for result in results for measure in result.measures)
    return text.getvalue()


def _row(task: str, measure: Measure) -> dict[str, Any]:
    reason = measure.not_measurable
    return {
        "schema": SCHEMA,
        "task": task,
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
