"""Why it exists: the networks look through a turned square window; this cuts it straight out of the YUV planes.

One affine map per plane does cropping, scaling, rotating and the file's own rotation at once; then one colour matrix.
The grid follows MediaPipe's CPU path (sample i of the crop lies i/size of the way along the window's edge).
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import Frame, Plane
from levelstride.recording.picture import Picture

Tensor = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Beyond = Literal["black", "edge"]

# From this reduction on, planes are averaged over whole pixels first: bilinear sampling alone would alias.
_SHRINK_FROM = 2.0


@dataclass(frozen=True, slots=True)
class Window:
    """A turned square in display pixels.

    Attributes
    ----------
    x_px, y_px : float
        Centre.
    size_px : float
        Edge length.
    angle_rad : float
        Clockwise turn; 0 = upright.
    """

    x_px: float
    y_px: float
    size_px: float
    angle_rad: float = 0.0


def whole_picture(picture: Picture) -> Window:
    """Return the smallest upright square that covers the displayed picture."""
    return Window(picture.width_px / 2, picture.height_px / 2, max(picture.width_px, picture.height_px))


def to_display(window: Window, crop_px: int) -> Matrix:
    """Return the 3x3 map from crop pixels (0 to ``crop_px``) to display pixels."""
    scale = window.size_px / crop_px
    cos, sin = np.cos(window.angle_rad) * scale, np.sin(window.angle_rad) * scale
    half = crop_px / 2
    return np.array(
        [
            [cos, -sin, window.x_px - half * (cos - sin)],
            [sin, cos, window.y_px - half * (sin + cos)],
            [0.0, 0.0, 1.0],
        ]
    )


def apply(matrix: Matrix, points: Points) -> Points:
    """Map points of shape (..., 2) by a 3x3 affine matrix."""
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def cut(
    frame: Frame, picture: Picture, window: Window, crop_px: int, *, beyond: Beyond, smooth: bool = False
) -> Tensor:
    """Cut a window out of a frame.

    Parameters
    ----------
    frame : Frame
    picture : Picture
        How the frame is displayed.
    window : Window
        In display pixels.
    crop_px : int
        Edge of the result.
    beyond : {"black", "edge"}
        What is shown outside of the picture: nothing, or its edge repeated.
    smooth : bool
        Average whole pixels before sampling when the window is reduced at least twofold.

    Returns
    -------
    ndarray, shape (crop_px, crop_px, 3)
        RGB, float32, 0 to 1.
    """
    return cut_rgb8(frame, picture, window, crop_px, beyond=beyond, smooth=smooth) * np.float32(1 / 255)


def cut_rgb8(
    frame: Frame, picture: Picture, window: Window, crop_px: int, *, beyond: Beyond, smooth: bool = False
) -> npt.NDArray[np.uint8]:
    """As :func:`cut`, but uint8."""
    return sample(
        frame, picture.to_stored @ to_display(window, crop_px), (crop_px, crop_px), beyond=beyond, smooth=smooth
    )


def sample(
    frame: Frame, to_stored: Matrix, size_px: tuple[int, int], *, beyond: Beyond, smooth: bool = False
) -> npt.NDArray[np.uint8]:
    """Draw any affine view of a frame.

    Parameters
    ----------
    frame : Frame
    to_stored : ndarray, shape (3, 3)
        From pixels of the result to stored luma pixels.
    size_px : tuple of int
        Width and height of the result.
    beyond, smooth
        As :func:`cut`.

    Returns
    -------
    ndarray, shape (height, width, 3)
        RGB, uint8.
    """
    luma = frame.planes[0]
    fill = (_black_luma(frame), 128) if beyond == "black" else (None, None)
    channels = [_warp(luma, to_stored, size_px, fill[0], smooth)]
    for chroma in frame.planes[1:]:
        channels.append(_warp(chroma, _luma_to_chroma(frame, luma, chroma) @ to_stored, size_px, fill[1], smooth))
    rgb = cv2.transform(cv2.merge(channels), frame.to_rgb)
    return np.asarray(rgb, dtype=np.uint8)


def _luma_to_chroma(frame: Frame, luma: Plane, chroma: Plane) -> Matrix:
    halved_y = chroma.shape[0] < luma.shape[0]
    halved_x = chroma.shape[1] < luma.shape[1]
    scale_x, scale_y = (0.5 if halved_x else 1.0), (0.5 if halved_y else 1.0)
    shift_x = -0.25 if halved_x and not frame.chroma_left else 0.0
    shift_y = -0.25 if halved_y else 0.0
    return np.array([[scale_x, 0.0, shift_x], [0.0, scale_y, shift_y], [0.0, 0.0, 1.0]])


def _black_luma(frame: Frame) -> int:
    return round(-float(frame.to_rgb[:, 3].sum() + 128 * frame.to_rgb[:, 1:3].sum()) / float(frame.to_rgb[:, 0].sum()))


def _warp(plane: Plane, to_plane: Matrix, size_px: tuple[int, int], fill: int | None, smooth: bool) -> Plane:
    factor = int(np.sqrt(abs(np.linalg.det(to_plane[:2, :2]))) + 1e-9)
    if smooth and factor >= _SHRINK_FROM:
        plane, to_plane = _shrink(plane, to_plane, size_px, factor)
    return np.asarray(
        cv2.warpAffine(
            plane,
            to_plane[:2],
            size_px,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE if fill is None else cv2.BORDER_CONSTANT,
            borderValue=(fill or 0,),
        ),
        dtype=np.uint8,
    )


def _shrink(plane: Plane, to_plane: Matrix, size_px: tuple[int, int], factor: int) -> tuple[Plane, Matrix]:
    width_px, height_px = size_px
    corners = apply(to_plane, np.array([[0, 0], [width_px, 0], [0, height_px], size_px], dtype=float))
    height, width = plane.shape
    left, top = (int(v) // factor * factor for v in np.clip(corners.min(0) - factor, 0, [width, height]))
    right, bottom = (int(v) for v in np.clip(corners.max(0) + 2 * factor, 0, [width, height]))
    n_x, n_y = max((right - left) // factor, 1), max((bottom - top) // factor, 1)
    part = plane[top : top + n_y * factor, left : left + n_x * factor]
    if not part.size or part.shape[0] < factor or part.shape[1] < factor:
        return plane, to_plane
    small = cv2.resize(part, (n_x, n_y), interpolation=cv2.INTER_AREA)
    centre = (factor - 1) / 2
    to_small = np.array(
        [[1 / factor, 0, -(left + centre) / factor], [0, 1 / factor, -(top + centre) / factor], [0, 0, 1]]
    )
    return np.asarray(small, dtype=np.uint8), to_small @ to_plane
