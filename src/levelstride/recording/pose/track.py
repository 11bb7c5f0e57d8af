"""Why it exists: what is remembered of one person while a video streams by: numbers only, never pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from levelstride.anatomy.keypoints import BLAZEPOSE_33
from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.landmarks import N_NAMED, Landmarks

Array = npt.NDArray[np.float64]
Stored = npt.NDArray[np.float32]

HIPS = [BLAZEPOSE_33.index(f"{side}_hip") for side in ("left", "right")]
SHOULDERS = [BLAZEPOSE_33.index(f"{side}_shoulder") for side in ("left", "right")]
KNEES = [BLAZEPOSE_33.index(f"{side}_knee") for side in ("left", "right")]
ANKLES = [BLAZEPOSE_33.index(f"{side}_ankle") for side in ("left", "right")]
#: Points that tell one body's place from another's; arms swing too much.
BODY = [*SHOULDERS, *HIPS, *KNEES, *ANKLES]

# Weight of the newest frame in the running means.
_VELOCITY_GAIN = 0.4
_SHAPE_GAIN = 0.3
_LOOKS_GAIN = 0.05
_RECENT_GAIN = 0.3
_COLUMNS = 3 * N_NAMED + 5


@dataclass(eq=False)
class Track:
    """One person over time.

    Attributes
    ----------
    number : int
        Order of first sight, from 0.
    hips_px, velocity_px : ndarray, shape (2,)
        Last middle of the hips; its running-mean change per frame.
    window : Window
        Last window, edge and angle as running means.
    looks, recent_looks : ndarray or None
        Slow and fast running means of appearance, see :mod:`levelstride.recording.pose.looks`.
    last_frame : int
        Last frame in which the person was seen.
    ended : bool
        True when identity was lost for good.
    """

    number: int
    hips_px: Array
    window: Window
    last_frame: int
    velocity_px: Array = field(default_factory=lambda: np.zeros(2))
    looks: Array | None = None
    recent_looks: Array | None = None
    ended: bool = False
    n_seen: int = 0
    _frames: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(64, dtype=np.int64))
    _rows: Stored = field(default_factory=lambda: np.zeros((64, _COLUMNS), dtype=np.float32))

    def predicted_hips(self, frame: int) -> Array:
        """Return where the hips should be if the person moves on evenly, display pixels."""
        return self.hips_px + self.velocity_px * (frame - self.last_frame)

    def predicted_window(self, frame: int) -> Window:
        """Return where to look in a frame."""
        shift = self.velocity_px * (frame - self.last_frame)
        window = self.window
        return Window(float(window.x_px + shift[0]), float(window.y_px + shift[1]), window.size_px, window.angle_rad)

    def see(self, frame: int, seen: Landmarks, looks: Array | None) -> None:
        """Remember the person's landmarks in one frame."""
        hips = middle_of_hips(seen)
        new = seen.next_window
        if self.n_seen:
            gap = max(frame - self.last_frame, 1)
            self.velocity_px = self.velocity_px + _VELOCITY_GAIN * ((hips - self.hips_px) / gap - self.velocity_px)
            size = self.window.size_px + _SHAPE_GAIN * (new.size_px - self.window.size_px)
            turn = (new.angle_rad - self.window.angle_rad + np.pi) % (2 * np.pi) - np.pi
            angle = self.window.angle_rad + _SHAPE_GAIN * turn
        else:
            size, angle = new.size_px, new.angle_rad
        self.window = Window(new.x_px, new.y_px, size, angle)
        self.hips_px = hips
        self.last_frame = frame
        if looks is not None:
            self.looks = _mean(self.looks, looks, _LOOKS_GAIN)
            self.recent_looks = _mean(self.recent_looks, looks, _RECENT_GAIN)
        self._store(frame, seen, new)

    def forget(self, start: int, stop: int | None = None) -> None:
        """Drop what was seen in frames ``[start, stop)``, or from ``start`` on."""
        first = int(np.searchsorted(self.frames, start))
        last = self.n_seen if stop is None else int(np.searchsorted(self.frames, stop))
        n_after = self.n_seen - last
        self._frames[first : first + n_after] = self._frames[last : self.n_seen].copy()
        self._rows[first : first + n_after] = self._rows[last : self.n_seen].copy()
        self.n_seen = first + n_after

    def swap_since(self, other: "Track", frame: int) -> None:
        """Exchange with another track what both saw in or after a frame, and their present state."""
        mine, theirs = (int(np.searchsorted(track.frames, frame)) for track in (self, other))
        tails = [
            (self._frames[mine : self.n_seen].copy(), self._rows[mine : self.n_seen].copy()),
            (other._frames[theirs : other.n_seen].copy(), other._rows[theirs : other.n_seen].copy()),
        ]
        self.n_seen, other.n_seen = mine, theirs
        for track, (frames, rows) in ((self, tails[1]), (other, tails[0])):
            for number, row in zip(frames, rows, strict=True):
                track._append(int(number), row)
        for name in ("hips_px", "velocity_px", "window", "last_frame", "recent_looks"):
            ours, others = getattr(self, name), getattr(other, name)
            setattr(self, name, others)
            setattr(other, name, ours)

    @property
    def frames(self) -> npt.NDArray[np.int64]:
        """Frames in which the person was seen, shape (n,)."""
        return self._frames[: self.n_seen]

    @property
    def points_px(self) -> Stored:
        """Landmarks, shape (n, 33, 2), display pixels."""
        return self._rows[: self.n_seen, : 2 * N_NAMED].reshape(-1, N_NAMED, 2)

    @property
    def confidence(self) -> Stored:
        """Confidence, shape (n, 33), 0 to 1."""
        return self._rows[: self.n_seen, 2 * N_NAMED : 3 * N_NAMED]

    @property
    def windows(self) -> Stored:
        """Windows by the landmarks of the same frame: x, y, size (px), angle (rad), shape (n, 4)."""
        return self._rows[: self.n_seen, 3 * N_NAMED : 3 * N_NAMED + 4]

    def _store(self, frame: int, seen: Landmarks, window: Window) -> None:
        row = np.empty(_COLUMNS, dtype=np.float32)
        row[: 2 * N_NAMED] = seen.points_px.ravel()
        row[2 * N_NAMED : 3 * N_NAMED] = seen.confidence
        row[3 * N_NAMED :] = (window.x_px, window.y_px, window.size_px, window.angle_rad, seen.presence)
        self._append(frame, row)

    def _append(self, frame: int, row: Stored) -> None:
        if self.n_seen == len(self._frames):
            self._frames = np.concatenate([self._frames, np.zeros_like(self._frames)])
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._frames[self.n_seen] = frame
        self._rows[self.n_seen] = row
        self.n_seen += 1


def _mean(before: Array | None, new: Array, gain: float) -> Array:
    return new if before is None else before + gain * (new - before)


def middle_of_hips(seen: Landmarks) -> Array:
    """Return the middle between the two hip points, display pixels."""
    return np.asarray(seen.points_px[HIPS].mean(axis=0))


def body_gap(one: Landmarks, other: Landmarks) -> float:
    """Return the mean distance between the trunk and leg points of two bodies, in window edges."""
    distance = np.hypot(*(one.points_px[BODY] - other.points_px[BODY]).T).mean()
    return float(distance / max(one.next_window.size_px, other.next_window.size_px, 1e-9))


def hips_distance(one: Track, other: Track, frame: int) -> float:
    """Return the distance between two people's (predicted) hips, in window edges."""
    step = one.predicted_hips(frame) - other.predicted_hips(frame)
    return float(np.hypot(*step) / max(one.window.size_px, other.window.size_px))


def torso_length(points: Array | Stored) -> Array:
    """Return the distance between the middles of shoulders and hips, px; points of shape (..., 33, 2)."""
    step = points[..., SHOULDERS, :].mean(axis=-2) - points[..., HIPS, :].mean(axis=-2)
    return np.asarray(np.hypot(step[..., 0], step[..., 1]), dtype=float)


def trunk_direction_deg(points: Array | Stored) -> Array:
    """Return the clockwise angle of the trunk from upright in the picture, degrees, -180 to 180."""
    step = points[..., SHOULDERS, :].mean(axis=-2) - points[..., HIPS, :].mean(axis=-2)
    return np.asarray(np.degrees(np.arctan2(step[..., 0], -step[..., 1])), dtype=float)


def by_first_sight(tracks: Sequence[Track]) -> list[Track]:
    """Return tracks by first frame, then from left to right."""
    return sorted(tracks, key=lambda track: (int(track.frames[0]), float(track.windows[0, 0])))
