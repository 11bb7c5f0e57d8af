"""Why it exists: the two ways through a video. *Scouting* follows everybody with a light network in one pass;
*measuring* then looks at the subject alone with the best network, through a calm window.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import DecodeCount, read_frames
from levelstride.recording.picture import Picture
from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.detector import PersonDetector
from levelstride.recording.pose.landmarks import N_NAMED, Landmarks
from levelstride.recording.pose.pool import NetPool, batches
from levelstride.recording.pose.track import HIPS, Track
from levelstride.recording.pose.tracker import MIN_PRESENCE, Tracker
from levelstride.recording.pose.weights import PoseModel
from levelstride.recording.video import VideoInfo

Array = npt.NDArray[np.float64]
#: ``on_progress(stage, frames done, frames in all or None)``
Progress = Callable[[str, int, int | None], None]

# Further than this from the scouted hips, in window edges, the measuring network looks at somebody else.
_MAX_STRAY = 0.15
_JITTER = 0.03
_REPORT_EVERY = 5


@dataclass(frozen=True)
class Scouted:
    """What the scouting pass found.

    Attributes
    ----------
    tracks : list of Track
    times_s : ndarray, shape (frames,)
        Stated time of every frame, s; NaN where the file states none.
    count : DecodeCount
    events : list of (int, str)
        What happened to identities.
    """

    tracks: list[Track]
    times_s: Array
    count: DecodeCount
    events: list[tuple[int, str]]


@dataclass(frozen=True)
class Trace:
    """The subject's landmarks by frame.

    Attributes
    ----------
    points_px : ndarray, shape (frames, 33, 2)
        Display pixels; NaN = not seen.
    confidence : ndarray, shape (frames, 33)
        0 to 1; 0 = not seen.
    """

    points_px: Array
    confidence: Array


def scout(
    info: VideoInfo,
    model: PoseModel,
    *,
    max_people: int,
    detect_every_s: float,
    on_progress: Progress | None = None,
) -> Scouted:
    """Follow everybody through the video once.

    Parameters
    ----------
    info : VideoInfo
    model : {"lite", "full", "heavy"}
    max_people : int
        People followed at the same time.
    detect_every_s : float
        How often to look for newcomers, s.
    on_progress : callable, optional

    Raises
    ------
    RecordingError
        If the file cannot be read.
    """
    count = DecodeCount()
    times: list[float] = []
    with NetPool(model, info.picture) as pool, closing(read_frames(info.path, count)) as frames:
        tracker = Tracker(
            pool,
            PersonDetector(),
            info.picture,
            fps=info.fps or 30.0,
            max_people=max_people,
            detect_every_s=detect_every_s,
        )
        while batch := list(islice(frames, tracker.lookahead)):
            tracker.steps(batch)
            for frame in batch:
                times.append(frame.time_s)
                _tell(on_progress, "find people", len(times), info.n_frames)
    return Scouted(tracker.tracks, np.array(times), count, tracker.events)


def trace_of(track: Track, picture: Picture, n_frames: int) -> Trace:
    """Return what the scouting pass saw of one person."""
    trace = _empty(n_frames)
    trace.points_px[track.frames] = track.points_px
    trace.confidence[track.frames] = track.confidence
    return _within(trace, picture)


def measure(
    info: VideoInfo,
    model: PoseModel,
    windows: dict[int, Window],
    scouted: Track,
    n_frames: int,
    *,
    crops: int = 1,
    on_progress: Progress | None = None,
) -> Trace:
    """Look at the subject alone, frame by frame, through given windows.

    Parameters
    ----------
    info : VideoInfo
    model : {"lite", "full", "heavy"}
    windows : dict of int to Window
        By frame; other frames stay gaps.
    scouted : Track
        The subject as scouted; where the measuring network sees the hips elsewhere, the frame stays a gap.
    n_frames : int
    crops : int
        Windows per frame whose answers are averaged: 1 is as fast as it gets; 5 takes five times as long and about
        halves the jitter (2.9 to 1.4 px at the hips in one clip). Bias stays.
    on_progress : callable, optional
    """
    hips = dict(zip(scouted.frames.tolist(), scouted.points_px[:, HIPS].mean(axis=1), strict=True))
    trace = _empty(n_frames)
    with NetPool(model, info.picture) as pool, closing(read_frames(info.path)) as frames:
        for batch in batches(islice(frames, n_frames), pool.width):
            wanted = [(frame, windows[frame.index]) for frame in batch if frame.index in windows]
            bodies = pool.look_all([(frame, moved) for frame, window in wanted for moved in jittered(window, crops)])
            for i, (frame, window) in enumerate(wanted):
                points, confidence = _average(bodies[i * crops : (i + 1) * crops])
                expected = hips.get(frame.index)
                stray = 0.0 if expected is None else float(np.hypot(*(points[HIPS].mean(axis=0) - expected)))
                if stray <= _MAX_STRAY * window.size_px:
                    trace.points_px[frame.index] = points
                    trace.confidence[frame.index] = confidence
            for frame in batch:
                _tell(on_progress, "measure", frame.index + 1, n_frames)
    return _within(trace, info.picture)


def _average(bodies: Sequence[Landmarks]) -> tuple[Array, Array]:
    """Average several looks at one person; NaN when half of them or fewer saw anybody."""
    seen = [body for body in bodies if body.presence >= MIN_PRESENCE]
    if len(seen) * 2 <= len(bodies):
        return np.full((N_NAMED, 2), np.nan), np.zeros(N_NAMED)
    points = np.mean([body.points_px for body in seen], axis=0)
    return points, np.mean([body.confidence for body in seen], axis=0)


def jittered(window: Window, n: int) -> list[Window]:
    """Return the window itself, then n - 1 neighbours shifted evenly around it by 3 % of its edge."""
    around = [window]
    for i in range(n - 1):
        turn = 2 * np.pi * i / (n - 1)
        shift = _JITTER * window.size_px
        around.append(
            Window(
                float(window.x_px + shift * np.cos(turn)),
                float(window.y_px + shift * np.sin(turn)),
                window.size_px * (1 + _JITTER * (-1) ** i),
                window.angle_rad,
            )
        )
    return around


def _empty(n_frames: int) -> Trace:
    return Trace(np.full((n_frames, N_NAMED, 2), np.nan), np.zeros((n_frames, N_NAMED)))


def _within(trace: Trace, picture: Picture) -> Trace:
    """Forget points outside of the picture: nobody saw them."""
    limit = np.array([picture.width_px - 0.5, picture.height_px - 0.5])
    with np.errstate(invalid="ignore"):
        outside = ~((trace.points_px >= -0.5) & (trace.points_px <= limit)).all(axis=2)
    trace.points_px[outside] = np.nan
    trace.confidence[outside] = 0.0
    return trace


def _tell(on_progress: Progress | None, stage: str, done: int, total: int) -> None:
    if on_progress is not None and (done % _REPORT_EVERY == 0 or done == total):
        on_progress(stage, done, total if total >= done else None)
