"""Why it exists: phones store pictures turned; people see them upright. One small affine map connects the two.

All landmarks live in *display pixels*: x right, y down, the centre of the top-left pixel at (0, 0), after the
rotation the file asks for, after square pixels, and after the turn the caller asked for. Pixels are never rotated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

#: Stored -> displayed directions, without any turn.
UPRIGHT: tuple[tuple[int, int], tuple[int, int]] = ((1, 0), (0, 1))


@dataclass(frozen=True)
class Picture:
    """Size of the displayed picture and its map onto the stored one.

    Attributes
    ----------
    width_px, height_px : int
        Displayed size.
    to_stored : ndarray, shape (3, 3)
        Homogeneous map from display pixels to stored pixels.
    rotation_deg : int
        Clockwise turn from stored to displayed, degrees (0, 90, 180, 270).
    """

    width_px: int
    height_px: int
    to_stored: Matrix
    rotation_deg: int


def turn_of(display_matrix: Sequence[int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Reduce a 3x3 fixed-point display matrix (as in MP4 files) to the nearest quarter turn or mirror image.

    Returns
    -------
    2x2 tuple of int
        ``(x, y)`` displayed = matrix @ ``(x, y)`` stored.
    """
    a, b, c, d = (float(display_matrix[i]) for i in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return ((1 if a >= 0 else -1, 0), (0, 1 if d >= 0 else -1))
    return ((0, 1 if c >= 0 else -1), (1 if b >= 0 else -1, 0))


def quarter_turn(clockwise_deg: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the 2x2 matrix of a clockwise turn by 0, 90, 180 or 270 degrees (y down)."""
    return {0: ((1, 0), (0, 1)), 90: ((0, -1), (1, 0)), 180: ((-1, 0), (0, -1)), 270: ((0, 1), (-1, 0))}[
        clockwise_deg % 360
    ]


def make_picture(
    stored_width_px: int,
    stored_height_px: int,
    *,
    turn: tuple[tuple[int, int], tuple[int, int]] = UPRIGHT,
    pixel_aspect: float = 1.0,
    rotate_deg: int = 0,
) -> Picture:
    """Compose pixel aspect, the file's own turn and the caller's turn into one map.

    Parameters
    ----------
    stored_width_px, stored_height_px : int
        Size of the stored planes.
    turn : 2x2 tuple
        The file's own turn, see :func:`turn_of`.
    pixel_aspect : float
        Width over height of a stored pixel.
    rotate_deg : int
        Additional clockwise turn, degrees.

    Returns
    -------
    Picture
    """
    square_width = max(1, round(stored_width_px * pixel_aspect))
    scale = square_width / stored_width_px
    # Edges, not pixel centres, scale: centre i sits half a pixel after its edge.
    to_square = np.array([[scale, 0, 0.5 * scale - 0.5], [0, 1, 0], [0, 0, 1]], dtype=float)
    full = np.array(quarter_turn(rotate_deg)) @ np.array(turn)
    size = np.array([square_width, stored_height_px])
    shown = np.abs(full) @ size
    to_shown = np.eye(3)
    to_shown[:2, :2] = full
    to_shown[:2, 2] = np.where(full.sum(axis=1) < 0, shown - 1, 0)
    angle = round(float(np.degrees(np.arctan2(full[1, 0], full[0, 0])))) if np.linalg.det(full) > 0 else 0
    return Picture(int(shown[0]), int(shown[1]), np.linalg.inv(to_shown @ to_square), angle % 360)
