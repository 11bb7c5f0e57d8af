"""Why it exists: what the person told us about the camera is undone in numbers: mirroring and roll.

The picture is first un-mirrored (as the camera would have seen without a mirror), then turned about its centre until
the world's vertical is vertical. :func:`view_to_display` is the same for pictures, so that drawings fit the numbers.
"""

import numpy as np
import numpy.typing as npt

from levelstride.anatomy.keypoints import BLAZEPOSE_33, other_side
from levelstride.recording.context import RecordingContext
from levelstride.recording.picture import Picture

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

_OTHER_SIDE = np.array([BLAZEPOSE_33.index(other_side(name)) for name in BLAZEPOSE_33])


def view_to_display(picture: Picture, context: RecordingContext) -> Matrix:
    """Return the 3x3 map from corrected pixels (those of a motion) to pixels as displayed by players."""
    matrix = np.eye(3)
    if context.mirrored:
        matrix[0] = (-1.0, 0.0, picture.width_px - 1.0)
    if context.camera_roll_deg:
        roll = np.radians(context.camera_roll_deg)
        cos, sin = np.cos(roll), np.sin(roll)
        x, y = (picture.width_px - 1) / 2, (picture.height_px - 1) / 2
        clockwise = np.array([[cos, -sin, x - cos * x + sin * y], [sin, cos, y - sin * x - cos * y], [0, 0, 1]])
        matrix = matrix @ np.linalg.inv(clockwise)
    return matrix


def correct(points: Array, confidence: Array, picture: Picture, context: RecordingContext) -> tuple[Array, Array]:
    """Undo mirroring (positions and left/right names) and camera roll.

    Parameters
    ----------
    points : ndarray, shape (frames, 33, 2)
        Display pixels, BlazePose order.
    confidence : ndarray, shape (frames, 33)
    picture : Picture
    context : RecordingContext

    Returns
    -------
    points, confidence : ndarray
    """
    if context.mirrored:
        points, confidence = points[:, _OTHER_SIDE], confidence[:, _OTHER_SIDE]
    to_view = np.linalg.inv(view_to_display(picture, context))
    return points @ to_view[:2, :2].T + to_view[:2, 2], confidence
