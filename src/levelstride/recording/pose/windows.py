"""Why it exists: landmarks jitter with the window they are seen through, so measuring uses a calm one.

After the scouting pass the whole path is known: centre, edge and turn are filtered forward and backward, without
lag, and short gaps are bridged. Longer gaps, and gaps in which somebody else stood there, stay gaps.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.track import Track

Array = npt.NDArray[np.float64]

MAX_BRIDGE_S = 0.5
_CENTRE_HZ, _SHAPE_HZ = 3.0, 1.0
# Closer than this many window edges, somebody else could be mistaken for the subject while unseen.
_CROWDED = 0.3


def smooth_windows(subject: Track, others: Sequence[Track], n_frames: int, fps: float) -> dict[int, Window]:
    """Return the subject's window for every frame in which it may be measured.

    Parameters
    ----------
    subject : Track
    others : sequence of Track
        Everybody else seen.
    n_frames : int
        Length of the recording.
    fps : float
        Frames per second as played, Hz.

    Returns
    -------
    dict of int to Window
        By frame; includes up to half a second before first and after last sight.
    """
    reach = max(1, round(MAX_BRIDGE_S * fps))
    frames = subject.frames
    raw = subject.windows.astype(float)
    raw[:, 3] = np.unwrap(raw[:, 3])
    windows: dict[int, Window] = {}
    for run in _runs(frames, reach):
        inner = np.arange(frames[run[0]], frames[run[-1]] + 1)
        values = np.column_stack([np.interp(inner, frames[run], raw[run, column]) for column in range(4)])
        calm = np.column_stack(
            [_calm(values[:, column], _CENTRE_HZ if column < 2 else _SHAPE_HZ, fps) for column in range(4)]
        )
        wanted = np.arange(max(0, inner[0] - reach), min(n_frames, inner[-1] + reach + 1))
        path = _extended(inner, calm, wanted, reach)
        for frame, (x, y, size, angle) in zip(wanted.tolist(), path, strict=True):
            windows.setdefault(frame, Window(float(x), float(y), float(size), float(angle)))
    unseen = set(windows) - set(frames.tolist())
    crowd = _places(others)
    for frame in unseen:
        if any(_near(windows[frame], place) for place in crowd.get(frame, ())):
            del windows[frame]
    return windows


def _runs(frames: npt.NDArray[np.int64], reach: int) -> list[npt.NDArray[np.int64]]:
    breaks = np.flatnonzero(np.diff(frames) > reach) + 1
    return [run for run in np.split(np.arange(len(frames)), breaks) if run.size]


def _calm(values: Array, cutoff_hz: float, fps: float) -> Array:
    if cutoff_hz >= 0.45 * fps or len(values) < 4:
        return values
    sections = butter(2, cutoff_hz, fs=fps, output="sos")
    padding = min(len(values) - 1, round(2 * fps / cutoff_hz))
    return np.asarray(sosfiltfilt(sections, values, padtype="odd", padlen=padding))


def _extended(inner: npt.NDArray[np.int64], calm: Array, wanted: npt.NDArray[np.int64], reach: int) -> Array:
    path = np.column_stack([np.interp(wanted, inner, calm[:, column]) for column in range(4)])
    span = min(len(inner) - 1, reach)
    if span < 1:
        return path
    before, after = wanted < inner[0], wanted > inner[-1]
    for column in (0, 1):
        slope_in = (calm[span, column] - calm[0, column]) / span
        slope_out = (calm[-1, column] - calm[-1 - span, column]) / span
        path[before, column] = calm[0, column] + slope_in * (wanted[before] - inner[0])
        path[after, column] = calm[-1, column] + slope_out * (wanted[after] - inner[-1])
    return path


def _places(others: Sequence[Track]) -> dict[int, list[Array]]:
    places: dict[int, list[Array]] = {}
    for track in others:
        for frame, window in zip(track.frames.tolist(), track.windows.astype(float), strict=True):
            places.setdefault(frame, []).append(window)
    return places


def _near(window: Window, place: Array) -> bool:
    distance = float(np.hypot(window.x_px - place[0], window.y_px - place[1]))
    return distance < _CROWDED * max(window.size_px, float(place[2]))
