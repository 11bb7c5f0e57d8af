"""Why it exists: the ground an overlay is drawn on: sizes, colours, lines and words, in pixels of the result."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from levelstride.anatomy.keypoints import Side

Image = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Point = tuple[float, float]
Points = dict[str, Point]
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

#: Every word in the picture.
WORDS = {
    "left": "left foot",
    "right": "right foot",
    "left contact": "left contact",
    "right contact": "right contact",
    "left toe_off": "left toe-off",
    "right toe_off": "right toe-off",
    "time": "{:.2f} s",
    "unmeasured": "no steps measured",
    "mirrored": "mirror image turned back",
    "level": "turned level by {:.1f} degrees",
    "slow": "slow motion, real times",
}

#: Left is bright and unbroken with filled joints, right is darker and dashed with hollow joints. RGB.
COLOURS: dict[Side, Colour] = {"left": (110, 205, 255), "right": (255, 132, 32)}
CASING: Colour = (12, 16, 20)
TRUNK: Colour = (255, 255, 255)
PELVIS: Colour = (255, 232, 80)
PLUMB: Colour = (225, 230, 235)
STRIP: Colour = (20, 26, 31)
LANE: Colour = (38, 47, 54)
LANE_MEASURED: Colour = (66, 79, 89)

# Capital letters stay about 9 CSS px high when a phone shows the picture 360 px wide.
_LETTERS = 0.025
_LETTERS_MIN_PX = 6
_SHIFT = 4
_FONT = cv2.FONT_HERSHEY_DUPLEX


@dataclass(frozen=True)
class Layout:
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
    def of(cls, width_px: int, height_px: int, longest_side_px: int) -> "Layout":
        """Fit a picture and the strip below it into a longest side."""
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
        """Height of smaller capital letters."""
        return max(_LETTERS_MIN_PX, round(0.85 * self.letters_px))


def along(a: Point, b: Point, share: float) -> Point:
    """Return the point at a share of the way from ``a`` to ``b``; beyond 1 it lies behind ``b``."""
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _fixed(xy: Point) -> tuple[int, int]:
    return round(xy[0] * 2**_SHIFT), round(xy[1] * 2**_SHIFT)


def line(picture: Image, a: Point, b: Point, colour: Colour, width: int) -> None:
    """Draw a line with smooth edges."""
    cv2.line(picture, _fixed(a), _fixed(b), colour, width, cv2.LINE_AA, _SHIFT)


def disc(picture: Image, centre: Point, radius: float, colour: Colour) -> None:
    """Draw a filled circle with smooth edges."""
    cv2.circle(picture, _fixed(centre), round(radius * 2**_SHIFT), colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def text_size(text: str, letters_px: int) -> tuple[int, float, int]:
    """Return width in px, scale and thickness of a text with capitals of that height."""
    thickness = max(1, round(letters_px / 9))
    scale = letters_px / 21
    (wide, _), _ = cv2.getTextSize(text, _FONT, scale, thickness)
    return wide, scale, thickness


def write(picture: Image, text: str, left: float, middle: float, letters_px: int, colour: Colour) -> None:
    """Write a text from its left end, around the height of its middle."""
    _, scale, thickness = text_size(text, letters_px)
    origin = round(left), round(middle + letters_px / 2)
    cv2.putText(picture, text, origin, _FONT, scale, colour, thickness, cv2.LINE_AA)


def tag_size(text: str, letters_px: int) -> tuple[int, int]:
    """Return width and height of a text on its plate, px."""
    return text_size(text, letters_px)[0] + letters_px, round(1.9 * letters_px)


def tag(picture: Image, text: str, corner: tuple[int, int], letters_px: int, colour: Colour) -> Box:
    """Write on a dark plate; return where it lies: left, top, right, bottom."""
    (left, top), (wide, high) = corner, tag_size(text, letters_px)
    cv2.rectangle(picture, (left, top), (left + wide - 1, top + high - 1), STRIP, cv2.FILLED)
    write(picture, text, left + letters_px / 2, top + high / 2, letters_px, colour)
    return left, top, left + wide, top + high


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share a pixel."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
