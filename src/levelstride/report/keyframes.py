"""Why it exists: a person believes an angle they can see; key frames show where it was read, and read the same value.

A key frame is one picture near a foot contact or in late stance, with the skeleton and the angles of the measured
curves at exactly that sample; from behind or in front it is a mid-stance, see :mod:`levelstride.report.frontal_frames`.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.errors import LevelstrideError
from levelstride.measure.results import Event, GaitResult
from levelstride.motion import sagittal
from levelstride.motion.dataset import FloatArray, point
from levelstride.recording.read import Recording
from levelstride.recording.stills import grab_frames
from levelstride.report.wording import format_angle

if TYPE_CHECKING:
    from levelstride.analysis import Analysis, Examination

Moment = Literal["contact", "late_stance", "mid_stance"]
Picture = npt.NDArray[np.uint8]

Point = tuple[float, float]

TITLES: dict[Moment, str] = {"contact": "foot contact", "late_stance": "late stance", "mid_stance": "mid-stance"}


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
        +1 when the person faces right in the picture, -1 when left; in mid-stance +1 seen from behind, -1 from the
        front.
    recording : int
        Which of several recordings, from 0.
    """

    frame: int
    time_s: float
    side: Literal["left", "right"]
    moment: Moment
    facing: int
    recording: int = 0

    @property
    def title(self) -> str:
        """For example ``Left foot contact``."""
        seen = "" if self.moment != "mid_stance" else ", from behind" if self.facing > 0 else ", from the front"
        return f"{self.side.capitalize()} {TITLES[self.moment]}{seen}"


@dataclass(frozen=True)
class DrawnAngle:
    """An angle of the measured curve, and where it is drawn.

    Attributes
    ----------
    value_deg : float
        The curve's value at the frame, signed as everywhere.
    vertex, reference, limb : tuple of float
        Joint; a point on the line from which the angle is counted; a point on the segment that has moved. Picture px.
    words : tuple of str, optional
        What a positive and a negative value mean; then they stand in place of the sign.
    """

    name: str
    label: str
    value_deg: float
    vertex: Point
    reference: Point
    limb: Point
    words: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """For example ``knee 12°``, ``knee 3° inwards``."""
        if self.words is None:
            return f"{self.label} {format_angle(self.value_deg)}"
        word = self.words[0 if self.value_deg > 0 else 1] if format_angle(self.value_deg) != "0°" else ""
        return f"{self.label} {format_angle(abs(self.value_deg))} {word}".strip()


@dataclass(frozen=True)
class DrawnLine:
    """A line through the picture, px."""

    kind: Literal["hips", "level", "plumb"]
    start: Point
    stop: Point


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
    points: dict[str, Point]
    angles: tuple[DrawnAngle, ...]
    image: Picture | None = None
    lines: tuple[DrawnLine, ...] = ()


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
    return _best(side_candidates(gait, motion, picture_width_px=picture_width_px))


#: How good a moment is to show (less is better), and the moment.
Candidate = tuple[tuple[float, ...], KeyFrameRequest]


def _best(candidates: Iterable[Candidate]) -> list[KeyFrameRequest]:
    """Return the best of each moment, side and (in mid-stance) view: behind before front, left before right."""
    kept: dict[tuple[int, str, str], Candidate] = {}
    for score, request in candidates:
        view = -request.facing if request.moment == "mid_stance" else 0
        key = (view, request.side, request.moment)
        if key not in kept or score < kept[key][0]:
            kept[key] = (score, request)
    return [kept[key][1] for key in sorted(kept)]


def side_candidates(
    gait: GaitResult, motion: xr.Dataset, *, picture_width_px: float | None = None, recording: int = 0
) -> Iterator[Candidate]:
    """Yield contacts and late stances, best with the leg near the camera and in the middle of the picture."""
    times = motion.time.values
    hip_x = sagittal.middle(motion, "hip")[:, 0]
    centre = float(np.nanmean(hip_x)) if picture_width_px is None else picture_width_px / 2
    for event in gait.events:
        walk = gait.walks[event.walk]
        facing = 1 if walk.facing == "right" else -1
        moment: Moment = "contact" if event.kind == "contact" else "late_stance"
        frame = round(event.frame) if moment == "contact" else _most_extended(gait, motion, event, facing)
        if frame is not None and 0 <= frame < len(times) and _measured(motion, event.side, frame):
            request = KeyFrameRequest(frame, float(times[frame]), event.side, moment, facing, recording)
            yield (float(walk.camera_sees != event.side), abs(float(hip_x[frame]) - centre)), request


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
    seen = seen_points(motion, frame)
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


def collect_key_frames(found: "Examination | Analysis", *, pictures: bool = True) -> dict[str, list[KeyFrame]]:
    """Choose, fetch and draw the key frames of every task.

    Parameters
    ----------
    pictures : bool
        False draws skeletons alone, which is also what happens when a video cannot be read again, or there is none.

    Returns
    -------
    dict of str to list of KeyFrame
        By task.
    """
    from levelstride.analysis import Examination
    from levelstride.report.frontal_frames import draw_frontal, frontal_candidates

    analyses = found.analyses if isinstance(found, Examination) else (found,)
    frames: dict[str, list[KeyFrame]] = {}
    for task in dict.fromkeys(m.result.task for a in analyses for m in a.measurements):
        candidates: list[Candidate] = []
        motions: dict[int, xr.Dataset] = {}
        for number, analysis in enumerate(analyses):
            width = analysis.recording.video.width_px if isinstance(analysis.recording, Recording) else None
            for measurement in (m for m in analysis.measurements if m.result.task == task):
                result, motion = measurement.result, measurement.motion
                motions[number] = motion
                candidates += (
                    frontal_candidates(result, motion, recording=number)
                    if task == "gait_frontal"
                    else side_candidates(result, motion, picture_width_px=width, recording=number)
                )
        requests = _best(candidates)
        images = _images(analyses, requests) if pictures else [None] * len(requests)
        frames[task] = [
            draw_frontal(
                request,
                motions[request.recording],
                image,
                upright=analyses[request.recording].context.camera_roll_deg is not None,
            )
            if request.moment == "mid_stance"
            else draw(request, motions[request.recording], image)
            for request, image in zip(requests, images, strict=True)
        ]
    return frames


def _images(analyses: "Sequence[Analysis]", requests: Sequence[KeyFrameRequest]) -> list[Picture | None]:
    """Fetch the pictures, each recording read once; None where there is none."""
    found: list[Picture | None] = [None] * len(requests)
    for number, analysis in enumerate(analyses):
        recording = analysis.recording
        places = [i for i, request in enumerate(requests) if request.recording == number]
        if places and isinstance(recording, Recording):
            with contextlib.suppress(LevelstrideError, OSError):
                wanted = [recording.frame_at(requests[i].time_s) for i in places]
                for i, image in zip(places, grab_frames(recording.video.path, wanted, recording.context), strict=True):
                    found[i] = image
    return found


def seen_points(motion: xr.Dataset, frame: int) -> dict[str, Point]:
    """Return every point seen in a sample, and the middles of pairs, px."""
    points = {str(name): _at(point(motion, str(name)), frame) for name in motion.keypoints.values}
    for part in ("ear", "shoulder", "hip"):
        points[f"mid_{part}"] = _at(sagittal.middle(motion, part), frame)
    return {name: xy for name, xy in points.items() if np.isfinite(xy).all()}


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
