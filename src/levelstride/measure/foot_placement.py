"""Why it exists: step and stride lengths from where the feet stand, not from how far they are apart in the air.

While a foot is flat it does not move over the ground. Its place during that window, contact after contact, gives the
lengths (each leg brought onto the plane between them, because the near leg looks larger). The window also shows
whether the ground itself moves in the picture (treadmill belt, panned camera), and that movement is then added.
Heel-to-heel distance at contact, the usual shortcut, is short by what the trailing heel has already lifted and rolled.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.motion.dataset import FloatArray, point
from levelstride.motion.gait_events import Stride, Walk
from levelstride.motion.sagittal import middle
from levelstride.motion.scale import Scale

#: Part of the gait cycle in which the foot is flat in normal and in most limping gaits (Perry & Burnfield 2010:
#: loading response ends at 12 %, heel rise starts at about 31 %).
_FLAT_FROM, _FLAT_TO = 0.12, 0.31
#: Ground speed, as a share of walking speed, below which the ground is taken to stand still.
_STILL_SHARE = 0.15


@dataclass(frozen=True)
class _Stand:
    """One foot on the ground: its place in the picture and the frame for which it holds."""

    x: float
    frame: float


@dataclass(frozen=True)
class FootPlacement:
    """Lengths per stride and step.

    Attributes
    ----------
    strides : list of Stride
    stride_length : ndarray, shape (n_strides,)
        Metres, or px without a scale; NaN where a foot was not seen standing.
    landings : list of tuple
        Per stride: length of the step that ends with the other foot's contact, and of the one that ends the stride.
    ahead : ndarray, shape (n_strides, 2)
        Ankle in front of mid-hip at the stride's first contact: in the unit of length, and in leg lengths.
    ground_moves : bool
    """

    strides: list[Stride]
    stride_length: FloatArray
    landings: list[tuple[float, float]]
    ahead: FloatArray
    ground_moves: bool

    def step_length(self, side: Side) -> FloatArray:
        """Lengths of the steps in which ``side`` lands, each once."""
        found: dict[float, float] = {}
        for stride, (to_other, to_own) in zip(self.strides, self.landings, strict=True):
            landing, length = (stride.next_contact, to_own) if stride.side == side else (stride.other_contact, to_other)
            found[landing] = length
        return np.array(list(found.values()))

    def foot_ahead(self, side: Side) -> FloatArray:
        """Distance of the ankle in front of mid-hip at each contact of ``side``."""
        return self.ahead[[s.side == side for s in self.strides], 0]

    def foot_ahead_legs(self, side: Side) -> FloatArray:
        """As :meth:`foot_ahead`, as a share of the leg's length."""
        return self.ahead[[s.side == side for s in self.strides], 1]

    def keep(self, mask: "np.typing.NDArray[np.bool_]") -> "FootPlacement":
        """Return only some strides."""
        chosen = np.flatnonzero(mask)
        return FootPlacement(
            [self.strides[i] for i in chosen],
            self.stride_length[chosen],
            [self.landings[i] for i in chosen],
            self.ahead[chosen],
            self.ground_moves,
        )


@dataclass(frozen=True)
class Parallax:
    """What is assumed about the camera to bring both feet onto one plane.

    The near foot is half a step width nearer than the pelvis and so appears further from the picture's middle, the
    far foot less far; left alone, this lengthens one leg's steps on one half of the picture and shortens the other's.

    Attributes
    ----------
    half_step_width_m, focal_per_width : float
        Lateral distance of a foot from the midline; focal length as a share of the picture's longer side.
    """

    half_step_width_m: float
    focal_per_width: float

    def bring_to_middle(
        self, x: FloatArray, *, near: bool, size_px: tuple[float, float], px_per_m: float
    ) -> FloatArray:
        """Shift horizontal positions (px) of a foot onto the plane of the pelvis."""
        share = self.half_step_width_m * px_per_m / (self.focal_per_width * max(size_px))
        centre = size_px[0] / 2
        return np.asarray(centre + (x - centre) * (1 - share if near else 1 + share))


def place_feet(
    motion: xr.Dataset,
    walks: list[Walk],
    *,
    leg_length: float,
    scale: Scale | None,
    parallax: Parallax | None = None,
) -> FootPlacement:
    """Measure where the feet stand in all strides of all walks.

    Parameters
    ----------
    motion : xarray.Dataset
        Cleaned and filtered, one person, image frame.
    walks : list of Walk
    leg_length : float
        Length unit of the motion.
    scale : Scale, optional
        Without it lengths stay in px.
    parallax : Parallax, optional
        Applied when there is a scale, the picture's size is known (``picture_size_px`` attribute) and the ground
        stands still.
    """
    feet = {side: _foot(motion, side) for side in SIDES}
    pelvis = middle(motion, "hip")[:, 0]
    ground = _ground_speed(feet, pelvis, walks)
    px_per_m = scale.px_per_m if scale else np.ones(motion.sizes["time"])
    strides: list[Stride] = []
    lengths: list[float] = []
    landings: list[tuple[float, float]] = []
    ahead: list[tuple[float, float]] = []
    for walk in walks:
        period = float(np.median([s.next_contact - s.contact for s in walk.strides]))
        level = _on_one_plane(feet, motion, walk, px_per_m, parallax if scale and ground == 0.0 else None)
        stands = {c.frame: _stand(level[c.side], c.frame, period) for c in walk.contacts}
        for stride in walk.strides:
            first, second, third = (stands[f] for f in (stride.contact, stride.other_contact, stride.next_contact))
            strides.append(stride)
            lengths.append(_distance(first, third, walk.facing, ground, px_per_m))
            landings.append(
                (
                    _distance(first, second, walk.facing, ground, px_per_m),
                    _distance(second, third, walk.facing, ground, px_per_m),
                )
            )
            ankle = point(motion, f"{stride.side}_ankle")[:, 0]
            gap = walk.facing * float(_at(ankle - pelvis, stride.contact))
            ahead.append((gap / float(_at(px_per_m, stride.contact)), gap / leg_length))
    return FootPlacement(strides, np.array(lengths), landings, np.array(ahead).reshape(-1, 2), ground != 0.0)


def _on_one_plane(
    feet: dict[Side, FloatArray], motion: xr.Dataset, walk: Walk, px_per_m: FloatArray, parallax: Parallax | None
) -> dict[Side, FloatArray]:
    size = motion.attrs.get("picture_size_px")
    if parallax is None or size is None:
        return feet
    near: Side = "right" if walk.facing > 0 else "left"
    scale = float(np.mean(px_per_m[int(walk.start) : int(walk.stop) + 1]))
    return {
        side: parallax.bring_to_middle(
            foot, near=side == near, size_px=(float(size[0]), float(size[1])), px_per_m=scale
        )
        for side, foot in feet.items()
    }


def _foot(motion: xr.Dataset, side: Side) -> FloatArray:
    """Horizontal place of the foot: mean of ankle, heel and toe, or the ankle alone where the others are missing."""
    ankle, heel, toe = (point(motion, f"{side}_{p}")[:, 0] for p in ("ankle", "heel", "big_toe"))
    whole = (ankle + heel + toe) / 3
    if np.isfinite(whole).sum() >= 0.7 * np.isfinite(ankle).sum():
        return np.asarray(whole)
    return ankle


def _flat(contact: float, period: float, n: int) -> slice:
    return slice(max(int(np.ceil(contact + _FLAT_FROM * period)), 0), min(int(contact + _FLAT_TO * period) + 1, n))


def _stand(foot: FloatArray, contact: float, period: float) -> _Stand:
    window = _flat(contact, period, len(foot))
    frames = np.arange(window.start, window.stop)
    seen = np.isfinite(foot[window])
    if seen.sum() < 2:
        return _Stand(float("nan"), float("nan"))
    return _Stand(float(np.mean(foot[window][seen])), float(np.mean(frames[seen])))


def _distance(start: _Stand, end: _Stand, facing: int, ground: float, px_per_m: FloatArray) -> float:
    if np.isnan(start.x) or np.isnan(end.x):
        return float("nan")
    moved = end.x - start.x - ground * (end.frame - start.frame)
    return facing * moved / float((_at(px_per_m, start.frame) + _at(px_per_m, end.frame)) / 2)


def _ground_speed(feet: dict[Side, FloatArray], pelvis: FloatArray, walks: list[Walk]) -> float:
    """Speed of the ground in the picture, px per frame; 0 when it stands still."""
    ground, walking = [], []
    for walk in walks:
        period = float(np.median([s.next_contact - s.contact for s in walk.strides]))
        for contact in walk.contacts:
            window = _flat(contact.frame, period, len(pelvis))
            foot, body = feet[contact.side][window], pelvis[window]
            seen = np.isfinite(foot) & np.isfinite(body)
            if seen.sum() >= 3:
                frames = np.arange(len(foot))[seen]
                ground.append(np.polyfit(frames, foot[seen], 1)[0])
                walking.append(np.polyfit(frames, (body - foot)[seen], 1)[0])
    if not ground:
        return 0.0
    speed = float(np.median(ground))
    return speed if abs(speed) > _STILL_SHARE * abs(float(np.median(np.abs(walking)))) else 0.0


def _at(series: FloatArray, frame: float) -> FloatArray:
    """Value at a fractional frame, linear between the neighbours."""
    low = int(np.clip(np.floor(frame), 0, len(series) - 2))
    share = frame - low
    return np.asarray(series[low] * (1 - share) + series[low + 1] * share)
