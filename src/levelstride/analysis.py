"""Why it exists: the main job in one call - a video in, honest measures with errors out.

Joins the rooms in their order (recording, motion, measure) and adds where the numbers came from.
"""

import hashlib
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import xarray as xr
from pydantic import BaseModel, ConfigDict

from levelstride.errors import InputError, RecordingError
from levelstride.library.loader import task_spec
from levelstride.measure.gait_side import TASK, measure_gait_side
from levelstride.measure.results import GaitResult
from levelstride.recording.context import RecordingContext, read_context
from levelstride.recording.read import Recording, read_video

ModelName = Literal["heavy", "full", "lite"]
OnProgress = Callable[[str, int, int | None], None]


class Provenance(BaseModel):
    """Where a result came from: enough to run it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    software: str = "levelstride"
    software_version: str
    python_version: str
    created: datetime
    source_file: str
    source_sha256: str
    model: str
    mode: str


@dataclass(frozen=True)
class Analysis:
    """Everything :func:`analyze` found.

    Attributes
    ----------
    gait : GaitResult
        Measures, curves, events.
    motion : xarray.Dataset
        Cleaned keypoints of the person measured, px; its ``log`` lists every operation.
    recording : Recording
        The video, the people seen in it, and the keypoints as they were recorded.
    """

    gait: GaitResult
    motion: xr.Dataset
    recording: Recording
    provenance: Provenance

    @property
    def context(self) -> RecordingContext:
        """How the recording was made, as stated by the person or the sidecar file."""
        return self.recording.context


def analyze(
    path: str | Path,
    *,
    view: str | None = None,
    height_m: float | None = None,
    px_per_m: float | None = None,
    camera_roll_deg: float | None = None,
    mirrored: bool | None = None,
    capture_fps: float | None = None,
    rotate_deg: int | None = None,
    treadmill: bool | None = None,
    person: int | None = None,
    fast: bool = False,
    model: ModelName | None = None,
    on_progress: OnProgress | None = None,
) -> Analysis:
    """Measure a walk filmed from the side.

    Parameters
    ----------
    path : str or Path
        A video file; a file ``<name>.levelstride.json`` beside it is read as recording context.
    view : {"left", "right"}, optional
        The side of the person that the camera sees. Needed here or in the sidecar file.
    height_m : float, optional
        Stature in metres; without it (or ``px_per_m``) there are no lengths and no speed.
    px_per_m : float, optional
        Known scale in the plane of the walk, px per metre.
    camera_roll_deg : float, optional
        Roll of the camera, degrees, positive when the camera was turned clockwise.
    mirrored : bool, optional
        True for a selfie recording that shows the person mirrored.
    capture_fps : float, optional
        For slow motion: frames per second at which it was filmed.
    rotate_deg : {0, 90, 180, 270}, optional
        Turn the picture clockwise, replacing what the file says.
    treadmill : bool, optional
        Whether the person walks on a treadmill; found from the standing feet when not stated.
    person : int, optional
        Which person to measure, when several are seen; numbers as in the list of people.
    fast : bool
        Preview quality: one pass with the full model instead of two with the heavy one.
    model : {"heavy", "full", "lite"}, optional
        Pose model; by default ``heavy``, or ``full`` when fast.
    on_progress : callable, optional
        Called with stage, frames done and frames in all (None when unknown).

    Returns
    -------
    Analysis

    Raises
    ------
    InputError, RecordingError, NotMeasurableError
        Each with what is wrong and what to do, in one line each.
    """
    path = Path(path)
    if path.name == "" or path.is_dir():
        raise RecordingError(f"{path} is a folder, not a video.", "Name the video file in it.")
    context = read_context(
        path,
        view=view.lower() if view else None,
        height_m=height_m,
        px_per_m=px_per_m,
        camera_roll_deg=camera_roll_deg,
        mirrored=mirrored,
        capture_fps=capture_fps,
        rotate_deg=rotate_deg,
        treadmill=treadmill,
    )
    task = task_spec(TASK)
    _check_view(context, task.views)
    chosen: ModelName = model or ("full" if fast else "heavy")
    recording = read_video(
        path,
        context,
        mode="fast" if fast else "measure",
        model=chosen,
        person=person,
        min_fps=task.value("gates", "min_fps"),
        on_progress=on_progress,
    )
    measured = measure_gait_side(
        recording.motion,
        height_m=context.height_m,
        px_per_m=context.px_per_m,
        roll_known=context.camera_roll_deg is not None,
        treadmill=context.treadmill,
    )
    return Analysis(
        gait=measured.result,
        motion=measured.motion,
        recording=recording,
        provenance=Provenance(
            software_version=version("levelstride"),
            python_version=platform.python_version(),
            created=datetime.now(UTC),
            source_file=path.name,
            source_sha256=_sha256(path),
            model=chosen,
            mode="fast" if fast else "measure",
        ),
    )


def _check_view(context: RecordingContext, views: tuple[str, ...]) -> None:
    if context.view == "unknown":
        raise InputError(
            "The view was not given.",
            f"Say which side of the person the camera sees: --view {' or --view '.join(views)}.",
        )
    if context.view not in views:
        raise InputError(
            f"A walk from the {context.view} cannot be measured yet.",
            f"Film from the side and give --view {' or --view '.join(views)}.",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
