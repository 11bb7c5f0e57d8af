"""Why it exists: the main job in one call - a video in, honest measures with errors out.

Joins the rooms in their order (recording, motion, measure) and adds where the numbers came from.
"""

import hashlib
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict

from levelstride.errors import InputError, LevelstrideError, NotMeasurableError, RecordingError
from levelstride.library.loader import measure_library, task_spec
from levelstride.measure import gait_frontal, gait_side
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.pooling import pool_results
from levelstride.measure.results import GaitResult
from levelstride.motion.dataset import read_log
from levelstride.motion.frontal import guess_view
from levelstride.motion.gait_events import facing_direction
from levelstride.motion.planes import PX_PER_M, seen_square
from levelstride.motion.sagittal import leg_length
from levelstride.recording.context import RecordingContext, read_context
from levelstride.recording.files import MotionFile, is_motion_file, read_motion_file
from levelstride.recording.read import Recording, read_video

ModelName = Literal["heavy", "full", "lite"]
# Heights this close are one person's, measured twice; points within this depth lie in one plane.
_SAME_HEIGHT_M = 0.03
_LEAST_DEPTH_M = 0.02
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
    """Everything :func:`analyze` found in one recording.

    Attributes
    ----------
    measurements : tuple of GaitMeasurement
        One per task: one for a video, side and frontal view for a motion in space.
    recording : Recording or MotionFile
        The video, the people seen in it, and the keypoints as they were recorded; or the motion file.
    context : RecordingContext
        How the recording was made, as stated; with ``view`` as found when it was not stated.
    view_certainty : float or None
        Share of the frames that agree with the view found; None when it was stated.
    """

    measurements: tuple[GaitMeasurement, ...]
    recording: Recording | MotionFile
    context: RecordingContext
    provenance: Provenance
    view_certainty: float | None = None

    @property
    def gait(self) -> GaitResult:
        """Measures, curves, events of the first task."""
        return self.measurements[0].result

    @property
    def motion(self) -> xr.Dataset:
        """Cleaned keypoints of the person measured, px; its ``log`` lists every operation."""
        return self.measurements[0].motion

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person should know about the recording, one line each."""
        found = []
        if self.view_certainty is not None:
            view = self.context.view
            found.append(
                f"The view was found from the picture: {view} ({self.view_certainty:.0%} of the frames agree)."
                " If that is wrong, state it: --view left, right, back or front."
            )
        return (*found, *self.recording.warnings)


@dataclass(frozen=True)
class Examination:
    """One person's recordings, measured together.

    Attributes
    ----------
    analyses : tuple of Analysis
        One per recording.
    results : tuple of GaitResult
        One per task, steps of all recordings pooled.
    left_out : tuple of str
        Recordings that could not be measured, with the reason, one line each.
    """

    analyses: tuple[Analysis, ...]
    results: tuple[GaitResult, ...]
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, analyses: "Sequence[Analysis]") -> "Examination":
        """Pool recordings of one person by task, in the order of the tasks in the library.

        Raises
        ------
        InputError
            If the recordings state different heights, or one stands twice among them.
        """
        heights = [a.context.height_m for a in analyses if a.context.height_m is not None]
        if heights and max(heights) - min(heights) > _SAME_HEIGHT_M:
            raise InputError(
                f"The recordings state heights from {min(heights):g} to {max(heights):g} m; one person has one height.",
                "Measure each person on their own, or correct the sidecar files.",
            )
        twice = [a for n, a in enumerate(analyses) if a.provenance.source_sha256 in _hashes(analyses[:n])]
        if twice:
            raise InputError(
                f"{twice[0].provenance.source_file} is the same recording as another one.", "Name each recording once."
            )
        by_task: dict[str, list[tuple[int, GaitMeasurement]]] = {}
        for number, analysis in enumerate(analyses):
            for measurement in analysis.measurements:
                by_task.setdefault(measurement.result.task, []).append((number, measurement))
        order = list(measure_library().tasks)
        return cls(
            tuple(analyses),
            tuple(
                pool_results([m for _, m in by_task[task]], [n for n, _ in by_task[task]])
                for task in sorted(by_task, key=order.index)
            ),
        )


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
    footwear: str | None = None,
    walking_aid: str | None = None,
    surface: str | None = None,
    device: str | None = None,
    person: int | None = None,
    fast: bool = False,
    model: ModelName | None = None,
    on_progress: OnProgress | None = None,
) -> Analysis:
    """Measure a walk: a video from the side, behind or in front, or a motion file.

    Parameters
    ----------
    path : str or Path
        A video, or a motion file (C3D, TRC, MOT, landmarks); ``<name>.levelstride.json`` beside it is read as
        recording context.
    view : {"left", "right", "back", "front", "auto"}, optional
        What the camera sees of the person; found from the picture when not stated here or in the sidecar file.
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
    footwear, walking_aid, surface : str, optional
        What was worn, held and walked on, in the words of the library's vocabulary; kept with the result.
    device : str, optional
        Which phone or camera, in the person's own words; results of two are not compared.
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
    if path.name == "" or (path.is_dir() and not is_motion_file(path)):
        raise RecordingError(f"{path} is a folder, not a video.", "Name the video file in it.")
    stated = None if view is None or view.lower() == "auto" else view.lower()
    context = read_context(
        path,
        view=stated,
        height_m=height_m,
        px_per_m=px_per_m,
        camera_roll_deg=camera_roll_deg,
        mirrored=mirrored,
        capture_fps=capture_fps,
        rotate_deg=rotate_deg,
        treadmill=treadmill,
        footwear=footwear,
        walking_aid=walking_aid,
        surface=surface,
        device=device,
    )
    if is_motion_file(path):
        return _analyze_file(path, context)
    chosen: ModelName = model or ("full" if fast else "heavy")
    recording = read_video(
        path,
        context,
        mode="fast" if fast else "measure",
        model=chosen,
        person=person,
        min_fps=min(task_spec(task).value("gates", "min_fps") for task in (gait_side.TASK, gait_frontal.TASK)),
        on_progress=on_progress,
    )
    motion, context, certainty = _with_view(recording.motion, context)
    return Analysis(
        measurements=(measure_motion(motion, context),),
        recording=recording,
        context=context,
        provenance=_provenance(path, model=chosen, mode="fast" if fast else "measure"),
        view_certainty=certainty,
    )


def examine(
    paths: Sequence[str | Path], *, on_recording: Callable[[int, Path], None] | None = None, **options: Any
) -> Examination:
    """Measure several recordings of one person together.

    Parameters
    ----------
    paths : sequence of str or Path
        At least one.
    on_recording : callable, optional
        Called with the number (from 0) and path of each recording before it is read.
    **options
        As for :func:`analyze`, for every recording; what differs between them belongs into their sidecar files.

    Returns
    -------
    Examination

    Raises
    ------
    InputError, RecordingError, NotMeasurableError
        When no recording can be measured: what is wrong with the first. Otherwise those that cannot be measured are
        left out and named in ``left_out``.
    """
    if not paths:
        raise InputError("No recording was given.", "Name a video: levelstride analyze walk.mp4")
    analyses: list[Analysis] = []
    refusals: list[LevelstrideError] = []
    for number, path in enumerate(paths):
        if on_recording is not None:
            on_recording(number, Path(path))
        try:
            analyses.append(analyze(path, **options))
        except LevelstrideError as error:
            named = len(paths) == 1 or Path(path).name in error.problem
            refusals.append(error if named else type(error)(f"{Path(path).name}: {error.problem}", error.fix))
    if not analyses:
        raise refusals[0]
    found = Examination.of(analyses)
    left_out = tuple(f"Left out: {refusal.problem} {refusal.fix}" for refusal in refusals)
    if not left_out:
        return found
    first = found.results[0]
    results = (first.model_copy(update={"notes": (*first.notes, *left_out)}), *found.results[1:])
    return replace(found, results=results, left_out=left_out)


def _hashes(analyses: Sequence[Analysis]) -> set[str]:
    return {a.provenance.source_sha256 for a in analyses}


def _with_view(motion: xr.Dataset, context: RecordingContext) -> tuple[xr.Dataset, RecordingContext, float | None]:
    """Return the motion with its view, found from the picture when it was not stated."""
    if context.view != "unknown":
        return motion, context, None
    ways = "--view left, --view right, --view back or --view front"
    leg = leg_length(motion)
    settings = task_spec(gait_side.TASK).numbers("events")
    found = None
    if leg > 0:
        facing = facing_direction(
            motion, leg_length=leg, window_s=settings["smoothing_facing_s"], minimum=settings["min_facing"]
        )
        found = guess_view(motion, facing)
    if found is None or found[1] < task_spec(gait_frontal.TASK).value("gates", "min_view_certainty"):
        raise InputError(
            "The view could not be found from the picture"
            + (f": it looks like {found[0]}, but only {found[1]:.0%} of the frames agree." if found else "."),
            f"Say what the camera sees of the person: {ways}.",
        )
    view, certainty = found
    return motion.assign_attrs(view=view), context.model_copy(update={"view": view}), certainty


def measure_motion(motion: xr.Dataset, context: RecordingContext) -> GaitMeasurement:
    """Measure one motion in px by the task of its view."""
    roll_known = context.camera_roll_deg is not None or any(e["operation"] == "level" for e in read_log(motion))
    if context.view in ("back", "front"):
        return gait_frontal.measure_gait_frontal(
            motion,
            height_m=context.height_m,
            px_per_m=context.px_per_m,
            roll_known=roll_known,
            treadmill=context.treadmill,
        )
    return gait_side.measure_gait_side(
        motion,
        height_m=context.height_m,
        px_per_m=context.px_per_m,
        roll_known=roll_known,
        treadmill=context.treadmill,
    )


def _analyze_file(path: Path, context: RecordingContext) -> Analysis:
    """Measure a motion file: points in space from both planes, points of a picture as a video's."""
    file = read_motion_file(path, context)
    certainty = None
    done = file.kind == "motion" or file.motion.sizes["space"] == 3
    stated = [
        option
        for option, given in (
            ("--roll", context.camera_roll_deg is not None),
            ("--mirrored", context.mirrored),
            ("--rotate", bool(context.rotate_deg)),
            ("--capture-fps", context.capture_fps is not None),
        )
        if given
    ]
    if done and stated:
        raise InputError(
            f"{path.name} is a motion, not a picture: {' and '.join(stated)} cannot be applied to it.",
            "Leave it out; what the camera did was, or was not, taken out when the motion was made.",
        )
    if file.motion.sizes["space"] == 3:
        measurements = _measure_space(file.motion)
    else:
        motion, context, certainty = _with_view(file.motion, context)
        measurements = (measure_motion(motion, context),)
    return Analysis(
        measurements=measurements,
        recording=file,
        context=context,
        provenance=_provenance(path, model="none", mode=file.kind),
        view_certainty=certainty,
    )


def _measure_space(motion: xr.Dataset) -> tuple[GaitMeasurement, ...]:
    """Measure a motion in space in the sagittal and, where its points allow, in the frontal plane."""
    side = gait_side.measure_gait_side(seen_square(motion, "right"), px_per_m=PX_PER_M, roll_known=True, in_space=True)
    across = motion.position.sel(space="z").values
    if not np.nanmax(across) - np.nanmin(across) > _LEAST_DEPTH_M:
        note = "All points lie in one plane, as those of a single camera do: nothing is measured in the frontal plane."
        return (replace(side, result=side.result.model_copy(update={"notes": (*side.result.notes, note)})),)
    try:
        frontal = gait_frontal.measure_gait_frontal(seen_square(motion, "back"), px_per_m=PX_PER_M, in_space=motion)
    except NotMeasurableError as error:
        note = f"Nothing in the frontal plane: {error.problem}"
        kept = side.result.model_copy(update={"notes": (*side.result.notes, note)})
        return (replace(side, result=kept),)
    return side, frontal


def _provenance(path: Path, *, model: str, mode: str) -> Provenance:
    return Provenance(
        software_version=version("levelstride"),
        python_version=platform.python_version(),
        created=datetime.now(UTC),
        source_file=path.name,
        source_sha256=_sha256(path),
        model=model,
        mode=mode,
    )


def _sha256(path: Path) -> str:
    if path.is_dir():
        digest = hashlib.sha256()
        for file in sorted(p for p in path.iterdir() if p.is_file()):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
