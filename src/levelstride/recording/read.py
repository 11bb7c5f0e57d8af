"""Why it exists: one call turns a video into a motion of one person, or says in one line why it cannot.

Two modes. *measure* (default): a light network scouts everybody, the subject is chosen, then the best network looks
at the subject alone through a smoothed window. *fast*: one pass, as the frames stream by.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.anatomy.keypoints import BLAZEPOSE_33
from levelstride.errors import NotMeasurableError, RecordingError
from levelstride.motion.dataset import make_motion, with_log
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import correct
from levelstride.recording.pose.passes import Progress, Scouted, Trace, measure, scout, trace_of
from levelstride.recording.pose.subject import Person, list_people
from levelstride.recording.pose.track import Track
from levelstride.recording.pose.weights import PoseModel
from levelstride.recording.pose.windows import smooth_windows
from levelstride.recording.timeline import Timeline, make_timeline, to_even
from levelstride.recording.upright import refuse_if_turned_helps, refuse_turned
from levelstride.recording.video import VideoInfo, check_complete, probe

Array = npt.NDArray[np.float64]
Mode = Literal["measure", "fast"]

_SCOUT_MODEL: PoseModel = "lite"
_SCOUT_SEARCH_S = 0.17
_FAST_SEARCH_S = 0.5
_HOW_TO_FILM = "Film one person, whole body in the picture, in good light, the camera still."


@dataclass(frozen=True)
class Recording:
    """A video as numbers.

    Attributes
    ----------
    motion : xarray.Dataset
        One individual, ``"subject"``; BlazePose points; display pixels after every stated correction; even time axis
        in real time. NaN = not seen. ``confidence`` is the probability that the point lies in the window times the
        probability that it is visible.
    context : RecordingContext
    video : VideoInfo
        With measured rate, duration and frame count.
    people : tuple of Person
        Everybody seen for at least half a second.
    frame_times_s : ndarray, shape (frames,)
        Real time of every decoded frame on the motion's clock, s.
    warnings : tuple of str
        One line each.
    """

    motion: xr.Dataset
    context: RecordingContext
    video: VideoInfo
    people: tuple[Person, ...]
    frame_times_s: Array
    warnings: tuple[str, ...]

    @property
    def subject(self) -> Person:
        """The person measured."""
        return next(person for person in self.people if person.is_subject)

    def frame_at(self, time_s: float) -> int:
        """Return the index of the decoded frame nearest to a time of the motion, s."""
        return int(np.abs(self.frame_times_s - time_s).argmin())


def read_video(
    path: str | Path,
    context: RecordingContext | None = None,
    *,
    mode: Mode = "measure",
    model: PoseModel | None = None,
    person: int | None = None,
    max_people: int = 4,
    crops: int = 1,
    min_fps: float = 20.0,
    min_seen_s: float = 1.0,
    expect_upright: bool = True,
    on_progress: Progress | None = None,
) -> Recording:
    """Read a video into a motion of one person.

    Parameters
    ----------
    path : str or Path
    context : RecordingContext, optional
        See :func:`levelstride.recording.context.read_context`.
    mode : {"measure", "fast"}
        Two passes with a smoothed window, or one pass.
    model : {"lite", "full", "heavy"}, optional
        Default: heavy for measuring, full for fast.
    person : int, optional
        Number of the person to measure, 1 = first seen furthest left; default by walking evidence.
    max_people : int
        People followed at the same time.
    crops : int
        Windows averaged per frame when measuring, see :func:`levelstride.recording.pose.passes.measure`.
    min_fps : float
        Slowest acceptable real rate, Hz.
    min_seen_s : float
        Shortest acceptable time in view of the subject, s.
    expect_upright : bool
        Refuse recordings in which the subject mostly lies or stands on the head; False for floor exercises.
    on_progress : callable, optional
        ``on_progress(stage, frames done, frames in all or None)``.

    Returns
    -------
    Recording

    Raises
    ------
    RecordingError
        If the file cannot be read whole, is too slow, or is turned.
    NotMeasurableError
        If nobody is in view long enough.
    InputError
        If there is no such person, or the weights are missing.
    """
    context = context or RecordingContext()
    model = model or ("heavy" if mode == "measure" else "full")
    rotate_deg = context.rotate_deg or 0
    info = probe(path, rotate_deg=rotate_deg)
    _refuse_slow(info, context.capture_fps or info.fps, min_fps)
    scouted = scout(
        info,
        _SCOUT_MODEL if mode == "measure" else model,
        max_people=max_people,
        detect_every_s=_SCOUT_SEARCH_S if mode == "measure" else _FAST_SEARCH_S,
        on_progress=on_progress,
    )
    n_frames = len(scouted.times_s)
    check_complete(info, scouted.count.n_decoded, scouted.count.n_damaged, _span_s(scouted.times_s, info.fps))
    timeline = make_timeline(scouted.times_s, info.fps, context.capture_fps)
    _refuse_slow(info, timeline.fps, min_fps)
    people, tracks = list_people(scouted.tracks, 1 / timeline.fps, person=person)
    subject = next((track for track, one in zip(tracks, people, strict=True) if one.is_subject), None)
    if subject is None or subject.n_seen / timeline.fps < min_seen_s:
        if (length_s := n_frames / timeline.fps) < min_seen_s:
            raise NotMeasurableError(
                f"{info.path} lasts only {length_s:.2g} s in real time.",
                "Film at least six steps; if this is slow motion, check --capture-fps.",
            )
        if expect_upright:
            refuse_if_turned_helps(info, rotate_deg)
        raise NotMeasurableError(f"Nobody is in view for {min_seen_s:g} s or longer in {info.path}.", _HOW_TO_FILM)
    trace = trace_of(subject, info.picture, n_frames)
    if expect_upright:
        refuse_turned(trace.points_px, info, rotate_deg)
    if mode == "measure":
        others = [track for track in scouted.tracks if track is not subject]
        windows = smooth_windows(subject, others, n_frames, timeline.fps)
        trace = measure(info, model, windows, subject, n_frames, crops=crops, on_progress=on_progress)
    info = replace(
        info,
        fps=timeline.fps,
        duration_s=float(timeline.times_s[timeline.order[-1]]),
        n_frames=n_frames,
        variable_frame_rate=timeline.is_variable,
        n_dropped=timeline.n_dropped,
    )
    motion = _motion(trace, timeline, info, context)
    motion = with_log(motion, "read_video", mode=mode, model=model, crops=crops, person=person, max_people=max_people)
    return Recording(
        motion=_log_corrections(motion, timeline, context),
        context=context,
        video=info,
        people=tuple(people),
        frame_times_s=timeline.times_s,
        warnings=tuple(_warnings(info, timeline, scouted, subject)),
    )


def _motion(trace: Trace, timeline: Timeline, info: VideoInfo, context: RecordingContext) -> xr.Dataset:
    points, confidence = to_even(timeline, trace.points_px, trace.confidence)
    points, confidence = correct(points, confidence, info.picture, context)
    return make_motion(
        points.transpose(0, 2, 1)[..., np.newaxis],
        confidence[..., np.newaxis],
        keypoints=BLAZEPOSE_33,
        fps=timeline.fps,
        view=context.view,
        source_file=str(info.path),
        picture_size_px=(info.picture.width_px, info.picture.height_px),
    )


def _log_corrections(motion: xr.Dataset, timeline: Timeline, context: RecordingContext) -> xr.Dataset:
    steps: list[tuple[bool, Callable[[xr.Dataset], xr.Dataset]]] = [
        (
            not timeline.is_even,
            lambda m: with_log(
                m, "resample", fps=timeline.fps, variable=timeline.is_variable, dropped=timeline.n_dropped
            ),
        ),
        (context.capture_fps is not None, lambda m: with_log(m, "slow_motion", capture_fps=context.capture_fps)),
        (context.mirrored, lambda m: with_log(m, "unmirror")),
        (bool(context.camera_roll_deg), lambda m: with_log(m, "level", camera_roll_deg=context.camera_roll_deg)),
    ]
    for wanted, log in steps:
        if wanted:
            motion = log(motion)
    return motion


def _warnings(info: VideoInfo, timeline: Timeline, scouted: Scouted, subject: Track) -> list[str]:
    warnings: list[str] = []
    if timeline.is_variable:
        warnings.append(f"The frame rate varies; motion was interpolated to {timeline.fps:.1f} frames per second.")
    if timeline.n_dropped:
        warnings.append(f"{timeline.n_dropped} frames were dropped by the camera.")
    if scouted.count.n_damaged:
        warnings.append(f"{scouted.count.n_damaged} frames could not be decoded.")
    if any("unclear" in event for _, event in scouted.events):
        warnings.append("People came so close that identity was unclear; those frames are left out.")
    return warnings


def _refuse_slow(info: VideoInfo, fps: float, min_fps: float) -> None:
    if 0 < fps < min_fps:
        raise RecordingError(
            f"{info.path} has {fps:.3g} frames per second; at least {min_fps:g} are needed.",
            "Film at 30 frames per second or more; for slow motion say how it was filmed: --capture-fps 240.",
        )


def _span_s(times_s: Array, fps: float) -> float:
    known = times_s[np.isfinite(times_s)]
    if not known.size:
        return len(times_s) / fps if fps else 0.0
    return float(known.max() - known.min()) + (1 / fps if fps else 0.0)
