"""Why it exists: a person believes an angle they can see; key frames show where it was read, and read the same value.

A key frame is one picture near a foot contact or in late stance, with the skeleton and the angles of the measured
curves at exactly that sample.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.errors import LevelstrideError
from levelstride.measure.results import Event, GaitResult
from levelstride.motion import sagittal
from levelstride.motion.dataset import FloatArray, point
from levelstride.recording.stills import grab_frames

if TYPE_CHECKING:
    from levelstride.analysis import Analysis

Moment = Literal["contact", "late_stance"]
Picture = npt.NDArray[np.uint8]

TITLES: dict[Moment, str] = {"contact": "foot contact", "late_stance": "late stance"}


@dataclass(frozen=True)
class KeyFrameRequest:
    """A moment worth showing.

    Attributes
    ----------
    frame : int
        Sample on the motion's time axis.
    time_s : float
        Its time in the recording, s.
    facing : int
        +1 when the person faces right in the picture, -1 when left.
    """

    frame: int
    time_s: float
    side: Literal["left", "right"]
    moment: Moment
    facing: int

    @property
    def title(self) -> str:
        """For example ``Left foot contact``."""
        return f"{self.side.capitalize()} {TITLES[self.moment]}"


@dataclass(frozen=True)
class DrawnAngle:
    """An angle of the measured curve, and where it is drawn.

    Attributes
    ----------
    value_deg : float
        The curve's value at the frame, signed as everywhere.
    vertex, reference, limb : tuple of float
        Joint; a point on the line from which the angle is counted; a point on the segment that has moved. Picture px.
    """

    name: str
    label: str
    value_deg: float
    vertex: tuple[float, float]
    reference: tuple[float, float]
    limb: tuple[float, float]


@dataclass(frozen=True)
class KeyFrame:
    """One moment with what was seen in it.

    Attributes
    ----------
    points : dict of str to tuple
        Seen keypoints, picture px.
    image : ndarray, shape (height, width, 3), optional
        The whole picture, RGB; without it the skeleton stands alone.
    """

    request: KeyFrameRequest
    points: dict[str, tuple[float, float]]
    angles: tuple[DrawnAngle, ...]
    image: Picture | None = None


def choose_key_frames(
    gait: GaitResult, motion: xr.Dataset, *, picture_width_px: float | None = None
) -> list[KeyFrameRequest]:
    """Choose for each side a contact and a late stance, nearest to the middle of the picture.

    Late stance is the sample between contact and toe-off at which the hip is least flexed (most extended).

    Parameters
    ----------
    picture_width_px : float, optional
        By default the middle of the person's own path stands in for the middle of the picture.

    Returns
    -------
    list of KeyFrameRequest
        Up to four, left before right; only moments whose knee angle was measured.
    """
    times = motion.time.values
    hip_x = sagittal.middle(motion, "hip")[:, 0]
    centre = float(np.nanmean(hip_x)) if picture_width_px is None else picture_width_px / 2
    chosen = []
    for side in ("left", "right"):
        candidates: dict[Moment, list[KeyFrameRequest]] = {"contact": [], "late_stance": []}
        for event in gait.events:
            facing = 1 if gait.walks[event.walk].facing == "right" else -1
            if event.side != side:
                continue
            moment: Moment = "contact" if event.kind == "contact" else "late_stance"
            frame = round(event.frame) if moment == "contact" else _most_extended(gait, motion, event, facing)
            if frame is not None and 0 <= frame < len(times) and _measured(motion, event.side, frame):
                request = KeyFrameRequest(frame, float(times[frame]), event.side, moment, facing)
                candidates[moment].append(request)
        chosen += [min(found, key=lambda r: abs(hip_x[r.frame] - centre)) for found in candidates.values() if found]
    return chosen


def draw(request: KeyFrameRequest, motion: xr.Dataset, image: Picture | None = None) -> KeyFrame:
    """Join a moment's picture with its points and the angles of the measured curves.

    Parameters
    ----------
    motion : xarray.Dataset
        The cleaned motion from which the curves were computed, in pixels of ``image``.
    image : ndarray, shape (height, width, 3), optional
        RGB, uint8.
    """
    facing = np.full(motion.sizes["time"], float(request.facing))
    frame, side = request.frame, request.side
    points = {str(name): _at(point(motion, str(name)), frame) for name in motion.keypoints.values}
    for part in ("ear", "shoulder", "hip"):
        points[f"mid_{part}"] = _at(sagittal.middle(motion, part), frame)
    seen = {name: xy for name, xy in points.items() if np.isfinite(xy).all()}
    hip_curve, against_trunk = sagittal.hip_flexion(motion, side, facing)
    knee_curve = sagittal.knee_flexion(motion, side, facing)
    hip, knee, ankle = (seen.get(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    angles = []
    if hip and knee and np.isfinite(hip_curve[frame]):
        top, middle = seen.get("mid_shoulder"), seen.get("mid_hip")
        down = (middle[0] - top[0], middle[1] - top[1]) if against_trunk and top and middle else (0.0, 1.0)
        reference = (hip[0] + down[0], hip[1] + down[1])
        angles.append(DrawnAngle("hip_flexion_deg", "hip", float(hip_curve[frame]), hip, reference, knee))
    if hip and knee and ankle and np.isfinite(knee_curve[frame]):
        beyond = (2 * knee[0] - hip[0], 2 * knee[1] - hip[1])
        angles.append(DrawnAngle("knee_flexion_deg", "knee", float(knee_curve[frame]), knee, beyond, ankle))
    return KeyFrame(request, seen, tuple(angles), image)


def collect_key_frames(analysis: "Analysis", *, pictures: bool = True) -> list[KeyFrame]:
    """Choose, fetch and draw the key frames of an analysis.

    Parameters
    ----------
    pictures : bool
        False draws skeletons alone, which is also what happens when the video cannot be read again.
    """
    recording = analysis.recording
    requests = choose_key_frames(analysis.gait, analysis.motion, picture_width_px=recording.video.width_px)
    images: Sequence[Picture | None] = [None] * len(requests)
    if pictures:
        with contextlib.suppress(LevelstrideError, OSError):
            frames = [recording.frame_at(request.time_s) for request in requests]
            images = grab_frames(recording.video.path, frames, recording.context)
    return [draw(r, analysis.motion, image) for r, image in zip(requests, images, strict=True)]


def _most_extended(gait: GaitResult, motion: xr.Dataset, toe_off: Event, facing: int) -> int | None:
    """Sample of least hip flexion in the second half of the stance that ends with a toe-off."""
    contacts = [e for e in gait.events if e.kind == "contact" and e.walk == toe_off.walk and e.frame < toe_off.frame]
    own = [e.frame for e in contacts if e.side == toe_off.side]
    if not own or contacts[-1].side == toe_off.side:  # the other foot lands before this one leaves the ground
        return None
    first = int(np.ceil((own[-1] + toe_off.frame) / 2))
    last = int(toe_off.frame) + 1
    hip, _ = sagittal.hip_flexion(motion, toe_off.side, np.full(motion.sizes["time"], float(facing)))
    window = hip[first:last]
    return first + int(np.nanargmin(window)) if np.isfinite(window).any() else None


def _measured(motion: xr.Dataset, side: str, frame: int) -> bool:
    parts = [point(motion, f"{side}_{part}")[frame] for part in ("hip", "knee", "ankle")]
    return bool(np.isfinite(parts).all())


def _at(track: FloatArray, frame: int) -> tuple[float, float]:
    return float(track[frame, 0]), float(track[frame, 1])
