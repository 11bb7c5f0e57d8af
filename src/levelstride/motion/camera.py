"""Why it exists: the same geometry films mannequins and marker recordings, so both have the truth a phone would see.

A pinhole camera without lens distortion. World frame: X forward, Y up, Z right, metres. Picture: x right, y down, px.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from levelstride.motion.dataset import FloatArray

#: Where a camera that sees this view stands, as an angle around a person who faces X: 0 = behind, 90 = at the right.
AZIMUTH_OF_VIEW = {"back": 0.0, "right": 90.0, "front": 180.0, "left": -90.0}


@dataclass(frozen=True)
class Camera:
    """A phone on a stand.

    Attributes
    ----------
    position, target : ndarray, shape (3,)
        Where it stands and the point that appears in the middle of the picture, metres.
    focal_px : float
        Focal length, px of the picture.
    size_px : (int, int)
        Width and height of the picture.
    roll_deg : float
        Positive when the camera is turned clockwise (the picture then shows the world turned anticlockwise).
    """

    position: FloatArray
    target: FloatArray
    focal_px: float
    size_px: tuple[int, int]
    roll_deg: float = 0.0

    @classmethod
    def around(
        cls,
        target: FloatArray,
        *,
        view: Literal["front", "back", "left", "right"],
        distance_m: float,
        height_m: float = 1.0,
        azimuth_deg: float = 0.0,
        roll_deg: float = 0.0,
        size_px: tuple[int, int] = (720, 1280),
        focal_per_longer_side: float = 0.75,
    ) -> "Camera":
        """Place a camera at a horizontal distance from a target, level unless the target is higher or lower.

        Parameters
        ----------
        azimuth_deg : float
            How far it stands off the exact view, degrees, positive anticlockwise seen from above.
        height_m : float
            Of the lens above the floor (Y = 0).
        focal_per_longer_side : float
            Focal length as a share of the longer side of the picture; 0.75 = main camera of a phone.
        """
        angle = np.radians(AZIMUTH_OF_VIEW[view] + azimuth_deg)
        away = np.array([-np.cos(angle), 0.0, np.sin(angle)]) * distance_m
        position = np.array([target[0], 0.0, target[2]]) + away
        position[1] = height_m
        return cls(position, np.asarray(target, dtype=float), focal_per_longer_side * max(size_px), size_px, roll_deg)

    @property
    def axes(self) -> FloatArray:
        """Rows: picture right, picture down, viewing direction, as unit vectors in the world; shape (3, 3)."""
        ahead = self.target - self.position
        ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(ahead, [0.0, 1.0, 0.0])
        right = right / np.linalg.norm(right)
        down = np.cross(ahead, right)
        roll = np.radians(self.roll_deg)
        # a camera turned clockwise: its right-hand side goes down
        return np.stack([np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right, ahead])

    def project(self, points: FloatArray) -> FloatArray:
        """Return where points appear.

        Parameters
        ----------
        points : ndarray, shape (..., 3)
            World, metres.

        Returns
        -------
        ndarray, shape (..., 2)
            px; NaN for points behind the camera.
        """
        seen = (np.asarray(points, dtype=float) - self.position) @ self.axes.T
        depth = np.where(seen[..., 2:] > 0.05, seen[..., 2:], np.nan)
        return np.asarray(self.focal_px * seen[..., :2] / depth + np.array(self.size_px) / 2)

    def depth(self, points: FloatArray) -> FloatArray:
        """Return the distance along the viewing direction, metres, shape (...)."""
        return np.asarray((np.asarray(points, dtype=float) - self.position) @ self.axes[2])
