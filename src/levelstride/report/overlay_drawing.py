"""Why it exists: draws one frame of an overlay: the person, the reference lines, and words for the foot events."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import Side
from levelstride.measure.results import Event, GaitResult
from levelstride.motion.sagittal import leg_length
from levelstride.recording.context import RecordingContext
from levelstride.report.overlay_canvas import (
    CASING,
    COLOURS,
    PELVIS,
    PLUMB,
    TRUNK,
    WORDS,
    Array,
    Box,
    Colour,
    Image,
    Layout,
    Point,
    Points,
    along,
    disc,
    line,
    overlap,
    tag,
    tag_size,
)
from levelstride.report.overlay_strip import Strip

if TYPE_CHECKING:
    from levelstride.analysis import Analysis

_ARMS = ("shoulder", "elbow", "wrist")
_LEG = ("hip", "knee", "ankle", "heel", "big_toe", "ankle")
_FRONTAL = ("front", "back")
_ANCHORS = {"contact": ("heel", "ankle", "big_toe"), "toe_off": ("big_toe", "ankle", "heel")}

_LABEL_S = 0.4
# Shown this long before the first and after the last event of a walk, s.
_LEAD_S = 0.25
_DIM = 0.6


@dataclass(frozen=True)
class Poses:
    """The motion in pixels of the result, at any time."""

    names: tuple[str, ...]
    xy: Array
    start_s: float
    fps: float

    @classmethod
    def of(cls, motion: xr.Dataset, layout: Layout) -> "Poses":
        """Move a motion into pixels of the result."""
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


@dataclass
class Painter:
    """Draws one frame after the other."""

    layout: Layout
    poses: Poses
    strip: "Strip"
    labels: "list[_Label]"
    spans: list[tuple[float, float, Side]]
    captions: list[str]
    frontal: bool
    core_px: int

    @classmethod
    def of(cls, analysis: "Analysis", layout: Layout, end_s: float) -> "Painter":
        """Prepare everything for a recording that ends at ``end_s``, s."""
        gait, context = analysis.gait, analysis.context
        spans = _measured_spans(gait)
        leg_px = leg_length(analysis.motion) / layout.scale[1]
        thickest = max(layout.size_px) * 0.006
        core = min(thickest, 0.025 * leg_px) if math.isfinite(leg_px) else thickest
        poses = Poses.of(analysis.motion, layout)
        return cls(
            layout,
            poses,
            Strip.of(gait, spans, layout, end_s),
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
            tag(picture, label.text, label.box[:2], letters, label.colour)
        y = self.layout.small_px // 2
        for caption in captions:
            box = tag(picture, caption, (self.layout.small_px // 2, y), self.layout.small_px, PLUMB)
            y = box[3] + self.layout.small_px // 3
        return np.concatenate([picture, self.strip.at(time_s)])


@dataclass(frozen=True)
class _Label:
    """The words for one event, and where they stay: left, top, right, bottom."""

    time_s: float
    text: str
    colour: Colour
    box: Box


def _place_labels(events: Sequence[Event], poses: Poses, layout: Layout) -> list[_Label]:
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
        wide, high = tag_size(text, gap)
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
            if abs(box[1] - y) < 1 and not any(overlap(box, one) for one in shown):
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
            line(picture, a, b, CASING, core + 2 * edge)
        for a, b in strokes:
            for start, stop in _dashes(a, b, core) if side == "right" else [(a, b)]:
                line(picture, start, stop, COLOURS[side], core)
        for joint in joints:
            disc(picture, joint, core + edge, CASING)
            disc(picture, joint, core, COLOURS[side])
            if side == "right":
                disc(picture, joint, core * 0.45, CASING)


def _draw_lines(picture: Image, points: Points, frontal: bool, core: int) -> None:
    """Draw trunk line, vertical and, seen from the front or back, the pelvis line."""
    hip, shoulder = points.get("mid_hip"), points.get("mid_shoulder")
    lines: list[tuple[Point, Point, Colour, int]] = []
    thin = max(2, core // 3)
    if hip and shoulder:
        tall = math.dist(hip, shoulder)
        lines.append(((hip[0], hip[1] - 1.4 * tall), (hip[0], hip[1] + 0.4 * tall), PLUMB, thin))
        lines.append((along(shoulder, hip, 1.15), along(hip, shoulder, 1.25), TRUNK, core))
    left, right = points.get("left_hip"), points.get("right_hip")
    if frontal and left and right:
        lines.append((along(right, left, 1.25), along(left, right, 1.25), PELVIS, core))
    for a, b, colour, width in lines:
        line(picture, a, b, CASING, width + 2)
        line(picture, a, b, colour, width)


def _dashes(a: Point, b: Point, core: int) -> Iterator[tuple[Point, Point]]:
    """Cut a line into dashes that begin and end with one; round caps eat half a core at each end."""
    length = math.dist(a, b)
    n = max(1, round(length / (5.5 * core)))
    dash = length / (n + (n - 1) * 0.6)
    for i in range(n):
        start, stop = (1.6 * i * dash, (1.6 * i + 1) * dash) if length else (0.0, 0.0)
        yield along(a, b, start / (length or 1)), along(a, b, stop / (length or 1))
