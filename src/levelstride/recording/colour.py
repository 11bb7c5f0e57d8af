"""Why it exists: the pose model wants RGB, videos hold YUV, and converting whole frames would waste most of the time.

One affine matrix per recording turns 8-bit Y, U, V into 8-bit R, G, B, exactly as ITU-R BT.601, BT.709 or BT.2020
define it, for limited and full range.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

# Weights of red and blue in luma. Codes are those of ITU-T H.273, "matrix coefficients".
_LUMA_WEIGHTS: dict[int, tuple[float, float]] = {
    1: (0.2126, 0.0722),  # BT.709
    4: (0.30, 0.11),  # FCC
    5: (0.299, 0.114),  # BT.601 (625 lines)
    6: (0.299, 0.114),  # BT.601 (525 lines)
    7: (0.212, 0.087),  # SMPTE 240M
    9: (0.2627, 0.0593),  # BT.2020
    10: (0.2627, 0.0593),
}
_HD_HEIGHT_PX = 720
BT709, BT601 = 1, 5


def colour_code(stated: int, height_px: int) -> int:
    """Return the H.273 code to use; unstated means BT.709 from 720 lines upward and BT.601 below, as players do."""
    if stated in _LUMA_WEIGHTS:
        return stated
    return BT709 if height_px >= _HD_HEIGHT_PX else BT601


@cache
def yuv_to_rgb(code: int, full_range: bool) -> Matrix:
    """Return the matrix that turns ``(y, u, v, 1)`` into ``(r, g, b)``, all on the scale 0 to 255.

    Parameters
    ----------
    code : int
        H.273 matrix coefficients, see :func:`colour_code`.
    full_range : bool
        True when Y covers 0 to 255, False when 16 to 235.

    Returns
    -------
    ndarray, shape (3, 4)
    """
    red, blue = _LUMA_WEIGHTS[code]
    green = 1.0 - red - blue
    y_gain, c_gain, y_zero = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16.0)
    linear = np.array(
        [
            [y_gain, 0.0, 2 * (1 - red) * c_gain],
            [y_gain, -2 * (1 - blue) * blue / green * c_gain, -2 * (1 - red) * red / green * c_gain],
            [y_gain, 2 * (1 - blue) * c_gain, 0.0],
        ]
    )
    matrix = np.column_stack([linear, -linear @ np.array([y_zero, 128.0, 128.0])])
    matrix.setflags(write=False)
    return matrix
