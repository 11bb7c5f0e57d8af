"""Why it exists: a pose model sees clothes, floors and light; recordings of mannequins vary them, each from one seed.

A look says what a scene looks like; the textures are computed here, so that the package carries no pictures.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from levelstride.motion.dataset import FloatArray

Colour = tuple[float, float, float]
Background = Literal["room", "corridor", "outdoor"]
Floor = Literal["planks", "tiles", "plain"]

#: What a vertex can belong to; vertex labels are places in this list.
LABELS: tuple[str, ...] = ("skin", "hair", "top", "trousers", "shoes")

#: Side of the square of floor that a floor texture shows, metres; it repeats.
FLOOR_TEXTURE_M = 4.8
_FLOOR_TEXTURE_PX = 1024


@dataclass(frozen=True)
class Look:
    """What a scene looks like. Colours are sRGB, 0 to 1.

    Attributes
    ----------
    skin, hair, top, trousers, shoes : (float, float, float)
        Colours of the person.
    background : {"room", "corridor", "outdoor"}
        Rooms are seen from within and through the walls nearest the camera, so it may stand outside.
    floor : {"planks", "tiles", "plain"}
    floor_colour, wall_colour : (float, float, float)
    room_x_m, room_z_m : (float, float)
        Where the walls stand; the floor goes on beyond.
    room_height_m : float
    light_azimuth_deg : float
        Where the light comes from, anticlockwise seen from above; 0 = from +X.
    light_elevation_deg : float
        Height of the light above the horizon, 35 to 89 degrees.
    light_strength : float
        1 = ordinary.
    noise_sigma : float
        Noise of the camera, levels of 255; for :func:`levelstride.mannequin.film.write_clip`, not drawn.
    blur_frames : int
        Moments to be averaged in :meth:`levelstride.mannequin.render.Renderer.expose`; 1 = no motion blur.
    seed : int
        Of floor pattern, fabric and noise.
    """

    skin: Colour = (0.80, 0.67, 0.58)
    hair: Colour = (0.27, 0.22, 0.19)
    top: Colour = (0.44, 0.60, 0.66)
    trousers: Colour = (0.27, 0.31, 0.38)
    shoes: Colour = (0.80, 0.80, 0.78)
    background: Background = "room"
    floor: Floor = "planks"
    floor_colour: Colour = (0.77, 0.68, 0.56)
    wall_colour: Colour = (0.90, 0.89, 0.86)
    room_x_m: tuple[float, float] = (-13.0, 13.0)
    room_z_m: tuple[float, float] = (-2.4, 2.4)
    room_height_m: float = 2.7
    light_azimuth_deg: float = 60.0
    light_elevation_deg: float = 62.0
    light_strength: float = 1.0
    noise_sigma: float = 1.5
    blur_frames: int = 1
    seed: int = 0

    @classmethod
    def random(cls, seed: int) -> "Look":
        """Draw a plausible look; the same seed gives the same one."""
        rng = np.random.default_rng([seed, 0x5C3E])
        background: Background = ("room", "room", "corridor", "outdoor")[rng.integers(4)]
        floor: Floor = ("planks", "tiles", "plain")[rng.integers(3)]
        outdoor = background == "outdoor"
        half_width = rng.uniform(1.3, 1.8) if background == "corridor" else rng.uniform(2.0, 3.2)
        floors = {"planks": _FLOORS_WOOD, "tiles": _FLOORS_TILE, "plain": _FLOORS_PLAIN}
        return cls(
            skin=_vary(rng, _SKINS, 0.02),
            hair=_vary(rng, _HAIRS, 0.03),
            top=_vary(rng, _TOPS, 0.05),
            trousers=_vary(rng, _TROUSERS, 0.04),
            shoes=_vary(rng, _SHOES, 0.04),
            background=background,
            floor="plain" if outdoor else floor,
            floor_colour=_vary(rng, _GROUNDS if outdoor else floors[floor], 0.04),
            wall_colour=_vary(rng, _WALLS, 0.03),
            room_z_m=(-half_width, half_width),
            room_height_m=float(rng.uniform(2.5, 3.2)),
            light_azimuth_deg=float(rng.uniform(0.0, 360.0)),
            light_elevation_deg=float(rng.uniform(48.0, 80.0)),
            light_strength=float(rng.uniform(0.7, 1.25) * (1.15 if outdoor else 1.0)),
            noise_sigma=float(rng.uniform(0.5, 4.0)),
            blur_frames=int(rng.choice([1, 1, 3])),
            seed=seed,
        )

    @property
    def to_light(self) -> FloatArray:
        """Unit vector towards the light, world, shape (3,)."""
        azimuth, elevation = np.radians(self.light_azimuth_deg), np.radians(np.clip(self.light_elevation_deg, 35, 89))
        flat = np.cos(elevation)
        return np.array([flat * np.cos(azimuth), np.sin(elevation), -flat * np.sin(azimuth)])

    @property
    def label_colours(self) -> FloatArray:
        """Colours in the order of ``LABELS``, shape (5, 3)."""
        return np.array([getattr(self, label) for label in LABELS], dtype=float)


_SKINS: tuple[Colour, ...] = (
    (0.91, 0.76, 0.67), (0.84, 0.68, 0.57), (0.72, 0.54, 0.42), (0.55, 0.39, 0.29), (0.38, 0.27, 0.21),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (0.13, 0.11, 0.10), (0.27, 0.20, 0.15), (0.45, 0.33, 0.22), (0.70, 0.58, 0.40), (0.66, 0.66, 0.66),
)  # fmt: skip
_TOPS: tuple[Colour, ...] = (
    (0.44, 0.60, 0.66), (0.80, 0.45, 0.40), (0.88, 0.87, 0.84), (0.30, 0.36, 0.48), (0.55, 0.66, 0.52),
    (0.86, 0.74, 0.48), (0.50, 0.45, 0.58), (0.22, 0.22, 0.24), (0.62, 0.62, 0.62),
)  # fmt: skip
_TROUSERS: tuple[Colour, ...] = (
    (0.27, 0.31, 0.38), (0.19, 0.20, 0.22), (0.45, 0.45, 0.45), (0.30, 0.38, 0.50), (0.58, 0.52, 0.43),
    (0.36, 0.40, 0.36),
)  # fmt: skip
_SHOES: tuple[Colour, ...] = ((0.88, 0.88, 0.86), (0.20, 0.20, 0.21), (0.45, 0.47, 0.52), (0.72, 0.36, 0.33))
_WALLS: tuple[Colour, ...] = (
    (0.90, 0.89, 0.86), (0.86, 0.88, 0.89), (0.88, 0.86, 0.80), (0.80, 0.84, 0.80), (0.78, 0.80, 0.84),
)  # fmt: skip
_FLOORS_WOOD: tuple[Colour, ...] = ((0.77, 0.68, 0.56), (0.64, 0.51, 0.38), (0.82, 0.76, 0.67), (0.48, 0.38, 0.31))
_FLOORS_TILE: tuple[Colour, ...] = ((0.78, 0.77, 0.74), (0.62, 0.63, 0.64), (0.76, 0.66, 0.56))
_FLOORS_PLAIN: tuple[Colour, ...] = ((0.62, 0.66, 0.70), (0.70, 0.68, 0.64), (0.52, 0.60, 0.58))
_GROUNDS: tuple[Colour, ...] = ((0.62, 0.61, 0.59), (0.70, 0.66, 0.58), (0.50, 0.58, 0.42))


def _vary(rng: np.random.Generator, colours: tuple[Colour, ...], spread: float) -> Colour:
    chosen = np.array(colours[rng.integers(len(colours))]) + rng.uniform(-spread, spread, 3)
    red, green, blue = np.clip(chosen, 0.04, 0.96)
    return float(red), float(green), float(blue)


def floor_texture(look: Look) -> npt.NDArray[np.uint8]:
    """Draw the floor, brightness about 0.5 of the look's colour at level 128.

    Returns
    -------
    ndarray, shape (n, n, 4)
        RGBA of a square of ``FLOOR_TEXTURE_M``; rows along Z, columns along X; repeats without a seam.
    """
    rng = np.random.default_rng([look.seed, 1])
    n = _FLOOR_TEXTURE_PX
    shade = np.ones((n, n))
    tint = np.zeros((n, n))
    if look.floor == "planks":
        rows = 32  # planks 15 cm wide
        wide = n // rows
        grain = _noise(rng, n, (n // 2, 6)) * 0.6 + _noise(rng, n, (n // 8, 3)) * 0.4
        shade += 0.10 * grain
        for row in range(rows):
            band = slice(row * wide, (row + 1) * wide)
            cuts = (np.array([0.0, 0.27, 0.52, 0.78]) + rng.uniform(0, 1) + rng.uniform(-0.06, 0.06, 4)) % 1.0
            columns = np.sort((cuts * n).astype(int))
            plank = np.searchsorted(columns, np.arange(n), side="right") % len(columns)
            shade[band] *= rng.uniform(0.93, 1.06, len(columns))[plank]
            tint[band] += rng.uniform(-0.02, 0.02, len(columns))[plank]
            shade[row * wide] *= 0.72
            shade[band, columns] *= 0.76
    elif look.floor == "tiles":
        count = 12  # tiles of 40 cm
        wide = n // count
        n_tiles = -(-n // wide)
        per_tile = rng.uniform(0.96, 1.03, (n_tiles, n_tiles))
        place = np.minimum(np.arange(n) * count // n, n_tiles - 1)
        shade *= per_tile[np.ix_(place, place)]
        shade += 0.03 * _noise(rng, n, (40, 40)) + 0.02 * _noise(rng, n, (160, 160))
        joint = np.flatnonzero(np.diff(place, prepend=-1))
        for thick in (0, 1):
            shade[joint + thick, :] *= 0.84
            shade[:, joint + thick] *= 0.84
    else:
        rough = 0.06 if look.background == "outdoor" else 0.025
        for cells, share in ((256, 1.0), (512, 0.6), (12, 0.5)):
            shade += rough * share * _noise(rng, n, (cells, cells))
    colour = shade[..., None] + tint[..., None] * np.array([1.0, 0.2, -1.0])
    rgba = np.full((n, n, 4), 255, dtype=np.uint8)
    rgba[..., :3] = np.clip(np.rint(colour * 128.0 * 1.5), 0, 255)  # level 192 = the look's own colour
    return rgba


def _noise(rng: np.random.Generator, n: int, cells: tuple[int, int]) -> FloatArray:
    """Smooth noise that repeats, about -1 to 1, shape (n, n), from a coarse (rows, columns) grid."""
    coarse = np.pad(rng.uniform(-1.0, 1.0, cells), 2, mode="wrap")
    rows, columns = cells
    y = (np.arange(n) + 0.5) * rows / n + 1.5
    x = (np.arange(n) + 0.5) * columns / n + 1.5
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return np.asarray(cv2.remap(coarse.astype(np.float32), map_x, map_y, cv2.INTER_LINEAR), dtype=float)


def fabric_texture(seed: int) -> npt.NDArray[np.uint8]:
    """Noise in a cube that repeats: three gradients of folds and one of brightness.

    Returns
    -------
    ndarray, shape (32, 32, 32, 4)
    """
    rng = np.random.default_rng([seed, 2])
    size = 32
    frequency = np.fft.fftfreq(size) * size
    radius = np.sqrt(sum(axis**2 for axis in np.meshgrid(frequency, frequency, frequency, indexing="ij")))
    smooth = np.exp(-((radius / 6.0) ** 2))
    waves = np.fft.fftn(rng.normal(size=(size,) * 3)) * smooth
    heights = np.fft.ifftn(waves).real
    slopes = np.stack([np.roll(heights, -1, axis) - np.roll(heights, 1, axis) for axis in (2, 1, 0)], axis=-1)
    fields = np.concatenate([slopes / slopes.std(), (heights / heights.std())[..., None]], axis=-1)
    return np.asarray(np.clip(np.rint(128.0 + 40.0 * fields), 0, 255), dtype=np.uint8)
