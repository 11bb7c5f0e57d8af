"""Why it exists: seeing the skeleton walk along with the person is the quickest way to trust, or doubt, a measurement.

The source video again, upright, un-mirrored and level as the motion sees it, with skeleton, reference lines, foot
events and a timeline. Frames stream through; nothing grows with the length of the video, and no half a file is left.
"""

import contextlib
import math
import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import xarray as xr
from av.bitstream import BitStreamFilterContext

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError, RecordingError
from levelstride.measure.results import Event, GaitResult
from levelstride.motion.sagittal import leg_length
from levelstride.recording.colour import BT709, yuv_to_rgb
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import view_to_display
from levelstride.recording.frames import read_frames
from levelstride.recording.pose.crop import sample
from levelstride.recording.video import probe

if TYPE_CHECKING:
    from levelstride.analysis import Analysis

Image = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Point = tuple[float, float]
Points = dict[str, Point]
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
OnProgress = Callable[[str, int, int | None], None]

STAGE = "overlay"
#: Every word in the picture.
WORDS = {
    "left": "left foot",
    "right": "right foot",
    "left contact": "left contact",
    "right contact": "right contact",
    "left toe_off": "left toe-off",
    "right toe_off": "right toe-off",
    "time": "{:.2f} s",
    "unmeasured": "not measured",
    "mirrored": "mirror image turned back",
    "level": "turned level by {:.1f} degrees",
    "slow": "slow motion, real times",
}

#: Left is bright and unbroken with filled joints, right is darker and dashed with hollow joints. RGB.
COLOURS: dict[Side, Colour] = {"left": (110, 205, 255), "right": (255, 132, 32)}
_CASING: Colour = (12, 16, 20)
_TRUNK: Colour = (255, 255, 255)
_PELVIS: Colour = (255, 232, 80)
_PLUMB: Colour = (225, 230, 235)
_STRIP: Colour = (20, 26, 31)
_LANE: Colour = (38, 47, 54)
_LANE_MEASURED: Colour = (66, 79, 89)

_ARMS = ("shoulder", "elbow", "wrist")
_LEG = ("hip", "knee", "ankle", "heel", "big_toe", "ankle")
_FRONTAL = ("front", "back")
_ANCHORS = {"contact": ("heel", "ankle", "big_toe"), "toe_off": ("big_toe", "ankle", "heel")}

_LABEL_S = 0.4
# Shown this long before the first and after the last event of a walk, s.
_LEAD_S = 0.25
_PAGE_S = 12.0
_DIM = 0.6
# Capital letters stay about 9 CSS px high when a phone shows the picture 360 px wide.
_LETTERS = 0.025
_LETTERS_MIN_PX = 6
_SMALLEST_PX = 160
_CLOCK = 90_000
_REPORT_EVERY = 5
_LIMITED_RANGE = 1
_SHIFT = 4
_FONT = cv2.FONT_HERSHEY_DUPLEX


def write_overlay(
    analysis: "Analysis", path: Path, *, on_progress: OnProgress | None = None, longest_side_px: int = 960
) -> Path:
    """Write the recording as an H.264 video with the cleaned skeleton and the events drawn in.

    The picture is the corrected one (rotation, mirroring and camera roll undone) with a timeline strip below it. It
    plays at the pace of the file; the times shown are real time. Where no walk was measured it is darker and has no
    skeleton.

    Parameters
    ----------
    analysis : Analysis
        Of a video file that is still where it was.
    path : Path
        The ``.mp4`` to write; an earlier one is replaced, and is kept when anything fails.
    on_progress : callable, optional
        Called with ``"overlay"``, frames done and frames in all.
    longest_side_px : int
        Limit of the longer side, strip included; smaller pictures are not enlarged.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    InputError
        If ``path`` cannot be written or is the recording itself.
    RecordingError
        If the recording cannot be read again or has changed since it was measured.
    """
    path = Path(path)
    recording = analysis.recording
    source = recording.video.path
    _check_paths(source, path)
    if longest_side_px < _SMALLEST_PX:
        raise InputError(f"An overlay {longest_side_px} px long is too small.", f"Use {_SMALLEST_PX} px or more.")
    times = recording.frame_times_s
    video = probe(source, rotate_deg=recording.context.rotate_deg or 0)
    pace = (recording.context.capture_fps or video.fps) / video.fps if video.fps else 1.0
    painter = _Painter.of(analysis, _Layout.of(video.width_px, video.height_px, longest_side_px))
    to_stored = video.picture.to_stored @ view_to_display(video.picture, recording.context) @ painter.layout.enlarge
    n_done = 0
    with _temporary(path) as part, _Encoder(part, path, painter.layout.size_px, recording.video.fps / pace) as encoder:
        with closing(read_frames(source)) as decoded:
            for frame in decoded:
                if frame.index >= len(times):
                    raise _changed(source)
                picture = sample(frame, to_stored, painter.layout.picture_px, beyond="black", smooth=True)
                time_s = float(times[frame.index])
                encoder.add(painter.paint(picture, time_s), time_s * pace)
                n_done += 1
                if on_progress and n_done % _REPORT_EVERY == 0:
                    on_progress(STAGE, n_done, len(times))
        if n_done != len(times):
            raise _changed(source)
    if on_progress:
        on_progress(STAGE, n_done, n_done)
    return path


def _check_paths(source: Path, path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "Name the .mp4 file to write.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path.parent} does not exist.", "Make that folder first.")
    if path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{path} is the recording itself.", "Write the overlay to another file.")


def _changed(source: Path) -> RecordingError:
    return RecordingError(f"{source} has changed since it was measured.", "Measure it again.")


# ---------------------------------------------------------------------------------------------------- layout


@dataclass(frozen=True)
class _Layout:
    """Sizes of everything, px of the result.

    Attributes
    ----------
    picture_px, size_px : tuple of int
        Width and height of the recording's picture, and with the strip below it; all even.
    scale : tuple of float
        Pixels of the motion per pixel of the result, x and y.
    letters_px : int
        Height of capital letters.
    """

    picture_px: tuple[int, int]
    size_px: tuple[int, int]
    scale: tuple[float, float]
    letters_px: int

    @classmethod
    def of(cls, width_px: int, height_px: int, longest_side_px: int) -> "_Layout":
        limit = longest_side_px // 2 * 2
        shrink = min(1.0, limit / width_px, limit / (height_px + 4 * _LETTERS * width_px))
        wide = max(2, round(width_px * shrink / 2) * 2)
        letters = max(_LETTERS_MIN_PX, round(_LETTERS * wide))
        strip = round(2 * letters) * 2
        high = max(2, min(round(height_px * shrink / 2) * 2, limit - strip))
        return cls((wide, high), (wide, high + strip), (width_px / wide, height_px / high), letters)

    @property
    def enlarge(self) -> Array:
        """Map from pixels of the result to pixels of the motion, 3x3."""
        x, y = self.scale
        return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])

    @property
    def small_px(self) -> int:
        return max(_LETTERS_MIN_PX, round(0.85 * self.letters_px))


@dataclass(frozen=True)
class _Poses:
    """The motion in pixels of the result, at any time."""

    names: tuple[str, ...]
    xy: Array
    start_s: float
    fps: float

    @classmethod
    def of(cls, motion: xr.Dataset, layout: _Layout) -> "_Poses":
        xy = motion.position.isel(individuals=0).transpose("time", "keypoints", "space").values[..., :2]
        names = tuple(str(name) for name in motion.keypoints.values)
        return cls(names, (xy + 0.5) / layout.scale - 0.5, float(motion.time.values[0]), float(motion.fps))

    def at(self, time_s: float) -> Points:
        """Return the points seen at a time, between samples on a straight line; mid-hip etc. where both are seen."""
        sample = (time_s - self.start_s) * self.fps
        first = math.floor(sample + 0.02)
        share = sample - first
        if not 0 <= first < len(self.xy):
            return {}
        xy = self.xy[first]
        if share > 0.02 and first + 1 < len(self.xy):
            xy = xy + share * (self.xy[first + 1] - xy)
        seen = np.isfinite(xy).all(axis=1)
        points = {name: (float(x), float(y)) for name, (x, y), ok in zip(self.names, xy, seen, strict=True) if ok}
        for part in ("ear", "shoulder", "hip"):
            left, right = points.get(f"left_{part}"), points.get(f"right_{part}")
            if left and right:
                points[f"mid_{part}"] = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
        return points


# --------------------------------------------------------------------------------------------------- drawing


@dataclass
class _Painter:
    """Draws one frame after the other."""

    layout: _Layout
    poses: _Poses
    strip: "_Strip"
    labels: "list[_Label]"
    spans: list[tuple[float, float, Side]]
    captions: list[str]
    frontal: bool
    core_px: int

    @classmethod
    def of(cls, analysis: "Analysis", layout: _Layout) -> "_Painter":
        gait, context = analysis.gait, analysis.context
        spans = _measured_spans(gait)
        end_s = float(np.max(analysis.recording.frame_times_s))
        leg_px = leg_length(analysis.motion) / layout.scale[1]
        thickest = max(layout.size_px) * 0.006
        core = min(thickest, 0.025 * leg_px) if math.isfinite(leg_px) else thickest
        poses = _Poses.of(analysis.motion, layout)
        return cls(
            layout,
            poses,
            _Strip.of(gait, spans, layout, end_s),
            _place_labels(gait.events, poses, layout),
            spans,
            _captions(context),
            context.view in _FRONTAL,
            max(2, round(core)),
        )

    def paint(self, picture: Image, time_s: float) -> Image:
        """Return the whole frame, RGB; draws into ``picture``."""
        near = next((near for start, stop, near in self.spans if start <= time_s < stop), None)
        captions = self.captions
        if near is None and self.spans:
            picture = np.asarray(cv2.convertScaleAbs(picture, alpha=_DIM), dtype=np.uint8)
            captions = [*captions, WORDS["unmeasured"]]
        else:
            points = self.poses.at(time_s)
            _draw_person(picture, points, near or "left", self.core_px)
            _draw_lines(picture, points, self.frontal, self.core_px)
        letters = self.layout.letters_px
        first, last = (
            bisect_right(self.labels, t + 1e-6, key=lambda label: label.time_s) for t in (time_s - _LABEL_S, time_s)
        )
        for label in self.labels[first:last]:
            _tag(picture, label.text, label.box[:2], letters, label.colour)
        y = self.layout.small_px // 2
        for caption in captions:
            box = _tag(picture, caption, (self.layout.small_px // 2, y), self.layout.small_px, _PLUMB)
            y = box[3] + self.layout.small_px // 3
        return np.concatenate([picture, self.strip.at(time_s)])


@dataclass(frozen=True)
class _Label:
    """The words for one event, and where they stay: left, top, right, bottom."""

    time_s: float
    text: str
    colour: Colour
    box: Box


def _place_labels(events: Sequence[Event], poses: _Poses, layout: _Layout) -> list[_Label]:
    """Place a label below each event's foot, or beside it, away from the other foot and from labels still shown."""
    labels: list[_Label] = []
    for event in sorted(events, key=lambda e: e.time_s):
        points = poses.at(event.time_s)
        other: Side = "left" if event.side == "right" else "right"
        foot, away = (
            next((points[name] for part in _ANCHORS[event.kind] if (name := f"{side}_{part}") in points), None)
            for side in (event.side, other)
        )
        if foot is None:
            continue
        text, gap = WORDS[f"{event.side} {event.kind}"], layout.letters_px
        wide, high = _tag_size(text, gap)
        across = [points[name][0] for part in _ANCHORS["contact"] if (name := f"{event.side}_{part}") in points]
        goes_left = away is not None and foot[0] < away[0]
        outward = -wide if goes_left else 0.0
        beside = min(across) - gap - wide if goes_left else max(across) + gap
        below = foot[1] + gap
        wishes = [
            (foot[0] - wide / 2, below),
            (foot[0] + outward, below),
            (beside, below),
            (beside, foot[1] - high / 2),
        ]
        shown = [label.box for label in labels if event.time_s - label.time_s < _LABEL_S]
        for x, y in wishes:
            box = _inside(x, y, wide, high, layout.picture_px)
            if abs(box[1] - y) < 1 and not any(_overlap(box, one) for one in shown):
                break
        labels.append(_Label(event.time_s, text, COLOURS[event.side], box))
    return labels


def _inside(x: float, y: float, wide: int, high: int, size_px: tuple[int, int]) -> Box:
    left, top = (round(max(0, min(v, limit))) for v, limit in ((x, size_px[0] - wide), (y, size_px[1] - high)))
    return left, top, left + wide, top + high


def _measured_spans(gait: GaitResult) -> list[tuple[float, float, Side]]:
    """Return when each walk is shown, s, and the side nearer to the camera."""
    spans: list[tuple[float, float, Side]] = []
    for number, walk in enumerate(gait.walks):
        known = [walk.start_s, walk.stop_s, *(e.time_s for e in gait.events if e.walk == number)]
        spans.append((min(known) - _LEAD_S, max(known) + _LEAD_S, "right" if walk.camera_sees == "right" else "left"))
    return spans


def _captions(context: RecordingContext) -> list[str]:
    captions = []
    if context.mirrored:
        captions.append(WORDS["mirrored"])
    if context.camera_roll_deg:
        captions.append(WORDS["level"].format(abs(context.camera_roll_deg)))
    if context.capture_fps:
        captions.append(WORDS["slow"])
    return captions


def _draw_person(picture: Image, points: Points, near: Side, core: int) -> None:
    """Draw both sides, the further one first."""
    far: Side = "right" if near == "left" else "left"
    for side in (far, near):
        bones = [
            (f"{side}_{a}", f"{side}_{b}") for chain in (_ARMS, ("shoulder", "hip"), _LEG) for a, b in pairwise(chain)
        ]
        strokes = [(points[a], points[b]) for a, b in bones if a in points and b in points]
        joints = [points[n] for p in ("shoulder", "elbow", "hip", "knee", "ankle") if (n := f"{side}_{p}") in points]
        edge = max(1, round(core / 4))
        for a, b in strokes:
            _line(picture, a, b, _CASING, core + 2 * edge)
        for a, b in strokes:
            for start, stop in _dashes(a, b, core) if side == "right" else [(a, b)]:
                _line(picture, start, stop, COLOURS[side], core)
        for joint in joints:
            _disc(picture, joint, core + edge, _CASING)
            _disc(picture, joint, core, COLOURS[side])
            if side == "right":
                _disc(picture, joint, core * 0.45, _CASING)


def _draw_lines(picture: Image, points: Points, frontal: bool, core: int) -> None:
    """Draw trunk line, vertical and, seen from the front or back, the pelvis line."""
    hip, shoulder = points.get("mid_hip"), points.get("mid_shoulder")
    lines: list[tuple[Point, Point, Colour, int]] = []
    thin = max(2, core // 3)
    if hip and shoulder:
        tall = math.dist(hip, shoulder)
        lines.append(((hip[0], hip[1] - 1.4 * tall), (hip[0], hip[1] + 0.4 * tall), _PLUMB, thin))
        lines.append((_along(shoulder, hip, 1.15), _along(hip, shoulder, 1.25), _TRUNK, core))
    left, right = points.get("left_hip"), points.get("right_hip")
    if frontal and left and right:
        lines.append((_along(right, left, 1.25), _along(left, right, 1.25), _PELVIS, core))
    for a, b, colour, width in lines:
        _line(picture, a, b, _CASING, width + 2)
        _line(picture, a, b, colour, width)


def _dashes(a: Point, b: Point, core: int) -> Iterator[tuple[Point, Point]]:
    """Cut a line into dashes that begin and end with one; round caps eat half a core at each end."""
    length = math.dist(a, b)
    n = max(1, round(length / (5.5 * core)))
    dash = length / (n + (n - 1) * 0.6)
    for i in range(n):
        start, stop = (1.6 * i * dash, (1.6 * i + 1) * dash) if length else (0.0, 0.0)
        yield _along(a, b, start / (length or 1)), _along(a, b, stop / (length or 1))


def _along(a: Point, b: Point, share: float) -> Point:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _fixed(xy: Point) -> tuple[int, int]:
    return round(xy[0] * 2**_SHIFT), round(xy[1] * 2**_SHIFT)


def _line(picture: Image, a: Point, b: Point, colour: Colour, width: int) -> None:
    cv2.line(picture, _fixed(a), _fixed(b), colour, width, cv2.LINE_AA, _SHIFT)


def _disc(picture: Image, centre: Point, radius: float, colour: Colour) -> None:
    cv2.circle(picture, _fixed(centre), round(radius * 2**_SHIFT), colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)


# ------------------------------------------------------------------------------------------------------ text


def _text_size(text: str, letters_px: int) -> tuple[int, float, int]:
    """Return width in px, scale and thickness of a text with capitals of that height."""
    thickness = max(1, round(letters_px / 9))
    scale = letters_px / 21
    (wide, _), _ = cv2.getTextSize(text, _FONT, scale, thickness)
    return wide, scale, thickness


def _write(picture: Image, text: str, left: float, middle: float, letters_px: int, colour: Colour) -> None:
    _, scale, thickness = _text_size(text, letters_px)
    origin = round(left), round(middle + letters_px / 2)
    cv2.putText(picture, text, origin, _FONT, scale, colour, thickness, cv2.LINE_AA)


def _tag_size(text: str, letters_px: int) -> tuple[int, int]:
    return _text_size(text, letters_px)[0] + letters_px, round(1.9 * letters_px)


def _tag(picture: Image, text: str, corner: tuple[int, int], letters_px: int, colour: Colour) -> Box:
    """Write on a dark plate; return where it lies: left, top, right, bottom."""
    (left, top), (wide, high) = corner, _tag_size(text, letters_px)
    cv2.rectangle(picture, (left, top), (left + wide - 1, top + high - 1), _STRIP, cv2.FILLED)
    _write(picture, text, left + letters_px / 2, top + high / 2, letters_px, colour)
    return left, top, left + wide, top + high


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# ----------------------------------------------------------------------------------------------------- strip


def stances(events: Sequence[Event], side: Side) -> list[tuple[float, float]]:
    """Return contact to toe-off of one foot, s, where both were found and the other foot landed between them."""
    spans = []
    for toe_off in events:
        if toe_off.kind != "toe_off" or toe_off.side != side:
            continue
        before = [e for e in events if e.kind == "contact" and e.walk == toe_off.walk and e.time_s < toe_off.time_s]
        own = [e.time_s for e in before if e.side == side]
        if len(before) > 1 and own and before[-1].side != side and before[-2].side == side:
            spans.append((own[-1], toe_off.time_s))
    return spans


@dataclass
class _Strip:
    """The timeline below the picture: a lane for each foot, a page of some seconds at a time."""

    gait: GaitResult
    spans: list[tuple[float, float, Side]]
    layout: _Layout
    page_s: float
    lane_px: tuple[int, int]
    _page: int = -1
    _drawn: Image = field(default_factory=lambda: np.zeros((0, 0, 3), dtype=np.uint8))

    @classmethod
    def of(cls, gait: GaitResult, spans: list[tuple[float, float, Side]], layout: _Layout, end_s: float) -> "_Strip":
        pages = max(1, math.ceil(end_s / _PAGE_S))
        small, pad = layout.small_px, layout.letters_px // 2
        left = 2 * pad + max(_text_size(WORDS[side], small)[0] for side in SIDES)
        right = 2 * pad + _text_size(WORDS["time"].format(max(end_s, 9.99)), layout.letters_px)[0]
        wide = layout.size_px[0]
        return cls(gait, spans, layout, max(end_s, 1e-3) / pages, (left, max(left + 2, wide - right)))

    def at(self, time_s: float) -> Image:
        """Return the strip, RGB."""
        page = max(0, math.floor(time_s / self.page_s - 1e-9))
        if page != self._page:
            self._page, self._drawn = page, self._draw(page)
        image = self._drawn.copy()
        high, pad = image.shape[0], self.layout.letters_px // 2
        x = self._x(time_s, page)
        width = max(2, self.layout.letters_px // 6)
        _line(image, (x, pad / 2), (x, high - pad / 2), _CASING, width + 2)
        _line(image, (x, pad / 2), (x, high - pad / 2), _TRUNK, width)
        text = WORDS["time"].format(time_s)
        right = image.shape[1] - pad - _text_size(text, self.layout.letters_px)[0]
        _write(image, text, right, high / 2, self.layout.letters_px, _TRUNK)
        return image

    def _x(self, time_s: float, page: int) -> float:
        left, right = self.lane_px
        return left + (right - left) * (time_s / self.page_s - page)

    def _draw(self, page: int) -> Image:
        wide, high = self.layout.size_px[0], self.layout.size_px[1] - self.layout.picture_px[1]
        image = np.full((high, wide, 3), _STRIP, dtype=np.uint8)
        for row, side in enumerate(SIDES):
            middle = high * (0.29 if row == 0 else 0.71)
            top, bottom = round(middle - 0.15 * high), round(middle + 0.15 * high)
            _write(image, WORDS[side], self.layout.letters_px // 2, middle, self.layout.small_px, COLOURS[side])
            self._bar(image, page, -math.inf, math.inf, top, bottom, _LANE)
            for start, stop, _ in self.spans:
                self._bar(image, page, start, stop, top, bottom, _LANE_MEASURED)
            for start, stop in stances(self.gait.events, side):
                self._bar(image, page, start, stop, top, bottom, COLOURS[side], striped=side == "right")
            for event in self.gait.events:
                if event.side == side:
                    self._tick(image, page, event, top, bottom)
        return image

    def _bar(
        self,
        image: Image,
        page: int,
        start: float,
        stop: float,
        top: int,
        bottom: int,
        colour: Colour,
        *,
        striped: bool = False,
    ) -> None:
        low, high = (float(np.clip(self._x(t, page), *self.lane_px)) for t in (start, stop))
        left, right = round(low), round(high)
        if right <= left:
            return
        image[top:bottom, left:right] = colour
        if striped:
            period = max(4, self.layout.letters_px // 2)
            rows, columns = np.mgrid[top:bottom, left:right]
            gaps = (rows + columns) % period < max(1, period // 4)
            image[top:bottom, left:right][gaps] = _CASING

    def _tick(self, image: Image, page: int, event: Event, top: int, bottom: int) -> None:
        x, (left, right) = self._x(event.time_s, page), self.lane_px
        if left <= x < right:
            colour = COLOURS[event.side]
            reach = (bottom - top) // 3 if event.kind == "contact" else 0
            cv2.rectangle(image, (round(x) - 1, top - reach), (round(x), bottom - 1), colour, cv2.FILLED)


# ----------------------------------------------------------------------------------------------------- video


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Give a name beside the wanted one; rename at the end, or take the file away again whatever happened."""
    part = path.with_name(f".levelstride-{uuid.uuid4().hex}.part")
    try:
        yield part
        with _writing(path):
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, av.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise InputError(
            f"{path} cannot be written ({reason}).", "Choose another place, or make room there."
        ) from error


class _Encoder:
    """H.264 in MP4, BT.709, each frame with its own time; says nothing about who made it, with what, or when."""

    def __init__(self, part: Path, path: Path, size_px: tuple[int, int], fps: float) -> None:
        rate = Fraction(fps).limit_denominator(1001) if fps > 0 else Fraction(30)
        self._path, self._last = path, -1
        with _writing(path):
            options = {"movflags": "+faststart", "fflags": "+bitexact"}
            self._container = av.open(str(part), "w", format="mp4", options=options)
            stream: Any = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "26", "preset": "veryfast", "g": str(max(1, round(fps))), "flags": "+bitexact"}
        stream.codec_context.time_base = Fraction(1, _CLOCK)
        for name in ("colorspace", "color_primaries", "color_trc", "color_range"):
            setattr(stream.codec_context, name, BT709 if name != "color_range" else _LIMITED_RANGE)
        self._stream = stream
        # The encoder's own remark names its version and the number of processors.
        self._plain = BitStreamFilterContext("filter_units=remove_types=6", in_stream=stream)

    def add(self, image: Image, time_s: float) -> None:
        """Encode one RGB picture shown from ``time_s`` on; a time that does not rise is moved by one tick."""
        frame = av.VideoFrame.from_ndarray(_to_yuv420(image), format="yuv420p")
        frame.pts = self._last = max(self._last + 1, round(time_s * _CLOCK))
        frame.time_base = Fraction(1, _CLOCK)
        self._mux(frame)

    def __enter__(self) -> "_Encoder":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with contextlib.suppress(OSError, av.FFmpegError):
                self._container.close()
            return
        try:
            self._mux(None)
        finally:
            with _writing(self._path):
                self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        with _writing(self._path):
            for packet in self._stream.encode(frame):
                self._container.mux(self._plain.filter(packet))
            if frame is None:
                self._container.mux(self._plain.filter(None))


def _to_yuv420(image: Image) -> Image:
    """Turn RGB into BT.709 planes, limited range, one below the other as FFmpeg wants them."""
    y, u, v = cv2.split(cv2.transform(image, _TO_YUV))
    half = image.shape[1] // 2, image.shape[0] // 2
    u, v = (cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in (u, v))
    return np.concatenate([y.ravel(), u.ravel(), v.ravel()]).reshape(-1, image.shape[1])


def _rgb_to_yuv() -> Array:
    to_rgb = yuv_to_rgb(BT709, False)
    back = np.linalg.inv(to_rgb[:, :3])
    return np.column_stack([back, -back @ to_rgb[:, 3]])


_TO_YUV = _rgb_to_yuv()
