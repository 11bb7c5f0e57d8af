"""Why it exists: draws a key frame as one SVG - the person cut out of the picture, skeleton, angle arcs and values.

Lines have a dark casing under a light core, so that they read on any clothing and in any light.
"""

import base64
from dataclasses import dataclass
from html import escape

import numpy as np

from levelstride.report.keyframes import DrawnAngle, KeyFrame, Picture

WIDTH, HEIGHT = 300, 400
_BONES = ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "big_toe"), ("ankle", "big_toe")
_MAX_PIXELS_HIGH = 800
_JPEG_QUALITY = 82
_ARC_RADIUS = {"hip": 46.0, "knee": 34.0, "trunk": 62.0}


@dataclass(frozen=True)
class Crop:
    """A part of the picture, px, and its scale to the drawing."""

    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Drawing units per pixel."""
        return WIDTH / self.width

    def place(self, xy: tuple[float, float]) -> tuple[float, float]:
        """Move a point of the picture into the drawing."""
        return (xy[0] - self.left) * self.scale, (xy[1] - self.top) * self.scale


def key_frame_svg(key_frame: KeyFrame) -> str:
    """Draw one key frame; self-contained, the picture embedded as JPEG."""
    crop = crop_to_person(key_frame)
    parts = [f'<rect class="kf-ground" width="{WIDTH}" height="{HEIGHT}"/>']
    if key_frame.image is not None:
        parts.append(_embedded(key_frame.image, crop))
    parts += _lines(key_frame, crop, ("level", "plumb"))
    parts += _skeleton(key_frame, crop)
    parts += _lines(key_frame, crop, ("hips",))
    ahead = _ahead(key_frame)
    parts += [_angle(angle, crop, key_frame.request.side) for angle in key_frame.angles]
    parts += [_value(angle, crop, ahead) for angle in key_frame.angles]
    return (
        f'<svg class="keyframe" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(describe(key_frame))}">{"".join(parts)}</svg>'
    )


def describe(key_frame: KeyFrame) -> str:
    """Say what a key frame shows."""
    request = key_frame.request
    values = ", ".join(a.text if a.words else a.text.replace(a.label, f"{a.label} flexion") for a in key_frame.angles)
    if key_frame.lines:
        values += ", with the lines of trunk and hips against vertical and horizontal"
    shown = "Picture with drawn skeleton" if key_frame.image is not None else "Drawn skeleton"
    return f"{shown}: {request.title.lower()} at {request.time_s:.2f} s{', ' + values if values else ''}."


def crop_to_person(key_frame: KeyFrame) -> Crop:
    """Cut around all seen points with the drawing's proportions and room for head and labels."""
    xy = np.array(list(key_frame.points.values()))
    low, high = xy.min(axis=0), xy.max(axis=0)
    tall = high[1] - low[1]
    has_head = "mid_ear" in key_frame.points
    top, bottom = low[1] - (0.1 if has_head else 0.28) * tall, high[1] + 0.06 * tall
    wide = (high[0] - low[0]) * 1.25
    height = max(bottom - top, wide * HEIGHT / WIDTH)
    width = height * WIDTH / HEIGHT
    left = (low[0] + high[0] - width) / 2
    top = (top + bottom - height) / 2
    if key_frame.image is not None:
        rows, columns = key_frame.image.shape[:2]
        left = min(max(left, 0.0), columns - width) if width <= columns else (columns - width) / 2
        top = min(max(top, 0.0), rows - height) if height <= rows else (rows - height) / 2
    return Crop(float(left), float(top), float(width), float(height))


def _embedded(image: Picture, crop: Crop) -> str:
    import cv2

    rows, columns = image.shape[:2]
    x0, y0 = max(0, int(crop.left)), max(0, int(crop.top))
    x1, y1 = min(columns, int(np.ceil(crop.left + crop.width))), min(rows, int(np.ceil(crop.top + crop.height)))
    if x1 <= x0 or y1 <= y0:
        return ""
    cut = cv2.cvtColor(image[y0:y1, x0:x1], cv2.COLOR_RGB2BGR)
    shrink = min(1.0, _MAX_PIXELS_HIGH / cut.shape[0])
    if shrink < 1:
        size = (max(1, round(cut.shape[1] * shrink)), max(1, round(cut.shape[0] * shrink)))
        cut = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not done:
        return ""
    # Points count pixel centres; the picture's edge lies half a pixel before the first.
    x, y = crop.place((x0 - 0.5, y0 - 0.5))
    data = base64.b64encode(jpeg.tobytes()).decode()
    return (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{(x1 - x0) * crop.scale:.1f}" height="{(y1 - y0) * crop.scale:.1f}"'
        f' preserveAspectRatio="none" href="data:image/jpeg;base64,{data}"/>'
    )


def _skeleton(key_frame: KeyFrame, crop: Crop) -> list[str]:
    points, own = key_frame.points, key_frame.request.side
    other = "right" if own == "left" else "left"
    lines = []
    for side, kind in ((other, "other"), (own, own)):
        pairs = [(f"{side}_{a}", f"{side}_{b}") for a, b in _BONES]
        lines.append((pairs, kind))
    trunk = [("mid_hip", "mid_shoulder"), ("mid_shoulder", "mid_ear")]
    if key_frame.request.moment == "mid_stance":
        trunk.append(("left_shoulder", "right_shoulder"))
    lines.insert(1, (trunk, "trunk"))
    drawn = []
    for pairs, kind in lines:
        strokes = [(crop.place(points[a]), crop.place(points[b])) for a, b in pairs if a in points and b in points]
        path = " ".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in strokes)
        if path:
            drawn.append(f'<path class="kf-case" d="{path}"/><path class="kf-bone kf-{kind}" d="{path}"/>')
    joints = [crop.place(points[f"{own}_{part}"]) for part in ("hip", "knee", "ankle") if f"{own}_{part}" in points]
    drawn += [f'<circle class="kf-joint kf-{own}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>' for x, y in joints]
    return drawn


def _ahead(key_frame: KeyFrame) -> int:
    """Return the side on which values are written: +1 right, -1 left; in mid-stance outside of the standing leg."""
    request = key_frame.request
    if request.moment == "mid_stance":
        return request.facing if request.side == "right" else -request.facing
    return request.facing * (1 if request.moment == "contact" else -1)


def _lines(key_frame: KeyFrame, crop: Crop, kinds: tuple[str, ...]) -> list[str]:
    drawn = []
    for line in (line for line in key_frame.lines if line.kind in kinds):
        (x0, y0), (x1, y1) = crop.place(line.start), crop.place(line.stop)
        path = f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"
        drawn.append(f'<path class="kf-case kf-thin" d="{path}"/><path class="kf-{line.kind}" d="{path}"/>')
    return drawn


def _angle(angle: DrawnAngle, crop: Crop, side: str) -> str:
    vertex, reference, limb = (np.array(crop.place(p)) for p in (angle.vertex, angle.reference, angle.limb))
    radius = _ARC_RADIUS[angle.label]
    start, stop = (_unit(reference - vertex), _unit(limb - vertex))
    a, b, tip = vertex + radius * start, vertex + radius * stop, vertex + 1.5 * radius * start
    sweep = 1 if start[0] * stop[1] - start[1] * stop[0] > 0 else 0
    arc = f"A{radius:.1f} {radius:.1f} 0 0 {sweep} {b[0]:.1f} {b[1]:.1f}"
    line = f"M{vertex[0]:.1f} {vertex[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}"
    return (
        f'<path class="kf-wedge kf-{side}" d="M{vertex[0]:.1f} {vertex[1]:.1f}L{a[0]:.1f} {a[1]:.1f}{arc}Z"/>'
        f'<path class="kf-case kf-thin" d="{line}"/><path class="kf-line" d="{line}"/>'
        f'<path class="kf-case kf-thin" d="M{a[0]:.1f} {a[1]:.1f}{arc}"/>'
        f'<path class="kf-arc" d="M{a[0]:.1f} {a[1]:.1f}{arc}"/>'
    )


def _value(angle: DrawnAngle, crop: Crop, ahead: int) -> str:
    text = angle.text
    wide = 9.0 * len(text) + 12
    x, y = crop.place(angle.vertex)
    middle = float(np.clip(x + ahead * (wide / 2 + 16), wide / 2 + 4, WIDTH - wide / 2 - 4))
    return (
        f'<rect class="kf-tag" x="{middle - wide / 2:.1f}" y="{y - 13:.1f}" width="{wide:.1f}" height="26" rx="13"/>'
        f'<text class="kf-text" x="{middle:.1f}" y="{y + 5.5:.1f}" text-anchor="middle">{escape(text)}</text>'
    )


def _unit(vector: "np.typing.NDArray[np.float64]") -> "np.typing.NDArray[np.float64]":
    length = float(np.hypot(*vector))
    return vector / length if length > 0 else np.array([0.0, 1.0])
