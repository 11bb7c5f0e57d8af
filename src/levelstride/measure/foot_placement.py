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


@dataclass(frozen=True)
class _Stand:
    """One foot on the ground: its place in the picture, the frame for which it holds, whether it is the nearer one."""

    x: float
    frame: float
    near: bool


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
class PlacementSettings:
    """What is assumed about feet and camera; figures from the library.

    The near foot is half a step width nearer than the pelvis and so appears further from the picture's middle, the
    far foot less far; left alone, this lengthens one leg's steps on one half of the picture and shortens the other's.

    Attributes
    ----------
    half_step_width_m, focal_per_width : float
        Lateral distance of a foot from the midline; focal length as a share of the picture's longer side.
    flat_from, flat_to : float
        Part of the gait cycle in which the foot is flat.
    still_share : float
        Ground speed, as a share of walking speed, below which the ground is taken to stand still.
    ground_moves : bool or None
        True or False when stated (treadmill or not); None to find out.
    """

    half_step_width_m: float
    focal_per_width: float
    flat_from: float
    flat_to: float
    still_share: float
    ground_moves: bool | None = None

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
    settings: PlacementSettings,
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
    settings : PlacementSettings
        Both feet are brought onto one plane when there is a scale, the picture's size is known (``picture_size_px``
        attribute) and the ground stands still.
    """
    feet = {side: _foot(motion, side) for side in SIDES}
    pelvis = middle(motion, "hip")[:, 0]
    px_per_m = scale.px_per_m if scale else np.ones(motion.sizes["time"])
    strides: list[Stride] = []
    lengths: list[float] = []
    landings: list[tuple[float, float]] = []
    ahead: list[tuple[float, float]] = []
    moving = False
    for walk in walks:
        period = float(np.median([s.next_contact - s.contact for s in walk.strides]))
        flat = {c.frame: _flat(c.frame, period, len(pelvis), settings) for c in walk.contacts}
        ground = _ground_speed(feet, pelvis, walk, flat, settings)
        moving |= ground != 0.0
        level = _on_one_plane(feet, motion, walk, px_per_m, settings if scale and ground == 0.0 else None)
        path = _oblique_path(motion, pelvis, walk, px_per_m, settings) if scale and ground == 0.0 else None
        near: Side = "right" if walk.facing > 0 else "left"
        stands = {c.frame: _stand(level[c.side], flat[c.frame], near=c.side == near) for c in walk.contacts}
        for stride in walk.strides:
            first, second, third = (stands[f] for f in (stride.contact, stride.other_contact, stride.next_contact))
            strides.append(stride)
            length = _distance(first, third, walk.facing, ground, px_per_m, path)
            lengths.append(length if length > 0 else float("nan"))
            landings.append(
                (
                    _distance(first, second, walk.facing, ground, px_per_m, path),
                    _distance(second, third, walk.facing, ground, px_per_m, path),
                )
            )
            ankle = point(motion, f"{stride.side}_ankle")[:, 0]
            gap = walk.facing * float(_at(ankle - pelvis, stride.contact))
            ahead.append((gap / float(_at(px_per_m, stride.contact)), gap / leg_length))
    return FootPlacement(strides, np.array(lengths), landings, np.array(ahead).reshape(-1, 2), moving)


def _on_one_plane(
    feet: dict[Side, FloatArray],
    motion: xr.Dataset,
    walk: Walk,
    px_per_m: FloatArray,
    settings: PlacementSettings | None,
) -> dict[Side, FloatArray]:
    size = motion.attrs.get("picture_size_px")
    if settings is None or size is None:
        return feet
    near: Side = "right" if walk.facing > 0 else "left"
    scale = float(np.mean(px_per_m[int(walk.start) : int(walk.stop) + 1]))
    return {
        side: settings.bring_to_middle(
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


def _flat(contact: float, period: float, n: int, settings: PlacementSettings) -> slice:
    start, stop = contact + settings.flat_from * period, contact + settings.flat_to * period
    return slice(max(int(np.ceil(start)), 0), min(int(stop) + 1, n))


def _stand(foot: FloatArray, window: slice, *, near: bool) -> _Stand:
    frames = np.arange(window.start, window.stop)
    seen = np.isfinite(foot[window])
    if seen.sum() < 2:
        return _Stand(float("nan"), float("nan"), near)
    return _Stand(float(np.mean(foot[window][seen])), float(np.mean(frames[seen])), near)


@dataclass(frozen=True)
class _Path:
    """A straight path over the floor that is not square to the camera.

    The person's size in the picture gives the depth (focal length divided by scale), so the path's direction is known
    and lengths are taken along it.

    Attributes
    ----------
    centre_px, focal_px : float
    along : (float, float)
        Unit vector of the path: to the picture's right, and away from the camera; the first is positive.
    half_step_width_m : float
        Feet are this much nearer or further than the pelvis, whose size gives the depth.
    """

    centre_px: float
    focal_px: float
    along: tuple[float, float]
    half_step_width_m: float

    def place_m(self, x: float, px_per_m: float, *, near: bool) -> float:
        """Where along the path a foot stands, metres, increasing to the picture's right."""
        right, away = self.along
        aside = self.half_step_width_m * right * away * (1.0 if near else -1.0)
        return ((x - self.centre_px) * right + self.focal_px * away) / px_per_m - aside


def _oblique_path(
    motion: xr.Dataset, pelvis: FloatArray, walk: Walk, px_per_m: FloatArray, settings: PlacementSettings
) -> _Path | None:
    """Find the direction of a path along which the person grows or shrinks; None when it is square to the camera."""
    size = motion.attrs.get("picture_size_px")
    seen = np.flatnonzero(np.isfinite(pelvis[int(walk.start) : int(walk.stop) + 1])) + int(walk.start)
    if size is None or len(seen) < 2:
        return None
    first, last = seen[0], seen[-1]
    if px_per_m[first] == px_per_m[last]:
        return None
    centre, focal = float(size[0]) / 2, settings.focal_per_width * float(max(size))
    right = (pelvis[last] - centre) / px_per_m[last] - (pelvis[first] - centre) / px_per_m[first]
    away = focal / px_per_m[last] - focal / px_per_m[first]
    length = float(np.hypot(right, away)) * (1.0 if right >= 0 else -1.0)
    along = (float(right) / length, float(away) / length) if length else (1.0, 0.0)
    return _Path(centre, focal, along, settings.half_step_width_m)


def _distance(
    start: _Stand, end: _Stand, facing: int, ground: float, px_per_m: FloatArray, path: _Path | None = None
) -> float:
    if np.isnan(start.x) or np.isnan(end.x):
        return float("nan")
    if path is not None:
        places = [path.place_m(s.x, float(_at(px_per_m, s.frame)), near=s.near) for s in (start, end)]
        return facing * (places[1] - places[0])
    moved = end.x - start.x - ground * (end.frame - start.frame)
    return facing * moved / float((_at(px_per_m, start.frame) + _at(px_per_m, end.frame)) / 2)


def _ground_speed(
    feet: dict[Side, FloatArray],
    pelvis: FloatArray,
    walk: Walk,
    flat: dict[float, slice],
    settings: PlacementSettings,
) -> float:
    """Speed of the ground in the picture during one walk, px per frame; 0 when it stands still."""
    ground, walking = [], []
    for contact in walk.contacts:
        window = flat[contact.frame]
        foot, body = feet[contact.side][window], pelvis[window]
        seen = np.isfinite(foot) & np.isfinite(body)
        if seen.sum() >= 3:
            frames = np.arange(len(foot))[seen]
            ground.append(np.polyfit(frames, foot[seen], 1)[0])
            walking.append(np.polyfit(frames, (body - foot)[seen], 1)[0])
    if not ground or settings.ground_moves is False:
        return 0.0
    speed = float(np.median(ground))
    noise = float(1.25 * np.std(ground) / np.sqrt(len(ground)))  # standard error of a median
    least = max(settings.still_share * abs(float(np.median(walking))), 3 * noise)
    return speed if settings.ground_moves or abs(speed) > least else 0.0


def _at(series: FloatArray, frame: float) -> FloatArray:
    """Value at a fractional frame, linear between the neighbours."""
    low = int(np.clip(np.floor(frame), 0, len(series) - 2))
    share = frame - low
    return np.asarray(series[low] * (1 - share) + series[low + 1] * share)
