"""Why it exists: what a mannequin did, frame by frame, so that every truth can be read off its joints.

A performance is a body's neutral points, an orientation per segment, a path, and the foot contacts that were planned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr

from levelstride.anatomy.body import place
from levelstride.motion.camera import Camera
from levelstride.motion.dataset import FloatArray, View, make_motion


@dataclass(frozen=True)
class Performance:
    """A movement of one body.

    Attributes
    ----------
    neutral : mapping of str to ndarray, shape (3,)
        Points of the neutral body, metres.
    fps : float
        Frames per second, Hz.
    orientation : mapping of str to ndarray, shape (time, 3, 3)
        By segment.
    root : ndarray, shape (time, 3)
        Middle of both hips, metres.
    heading_deg : ndarray, shape (time,)
        Direction of walking; 0 = along X, positive to the left.
    contacts, toe_offs : mapping of side to ndarray
        Seconds.
    standing_s : (float, float) or None
        When the body stands quietly before walking.
    belt_m : ndarray, shape (time,)
        How far the ground has moved backwards under the feet (treadmill).
    """

    neutral: Mapping[str, FloatArray]
    fps: float
    orientation: Mapping[str, FloatArray]
    root: FloatArray
    heading_deg: FloatArray
    contacts: Mapping[str, FloatArray] = field(default_factory=dict)
    toe_offs: Mapping[str, FloatArray] = field(default_factory=dict)
    standing_s: tuple[float, float] | None = None
    belt_m: FloatArray | None = None

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.root)

    @property
    def time_s(self) -> FloatArray:
        """Time of each frame, seconds."""
        return np.arange(self.n_frames) / self.fps

    @cached_property
    def points(self) -> dict[str, FloatArray]:
        """Every point of the body, shape (time, 3), metres, world frame."""
        return place(self.neutral, self.orientation, self.root)

    @property
    def forward(self) -> FloatArray:
        """Unit vectors of the direction of walking, shape (time, 3)."""
        angle = np.radians(self.heading_deg)
        return np.stack([np.cos(angle), np.zeros_like(angle), -np.sin(angle)], axis=1)

    def seen_by(self, camera: Camera, *, view: View, noise_px: float = 0.0, seed: int = 0) -> xr.Dataset:
        """Return the true points as a camera sees them: what a perfect pose model would say.

        Returns
        -------
        xarray.Dataset
            A motion in px.
        """
        names = [n for n in self.points if n not in ("lumbar", "head", "neck") and not n.endswith(("asis", "psis"))]
        position = np.stack([camera.project(self.points[n]) for n in names], axis=-1)
        position = position + np.random.default_rng(seed).normal(0, noise_px, position.shape)
        return make_motion(
            position[..., None],
            np.where(np.isfinite(position).all(axis=1), 0.95, 0.0)[..., None],
            keypoints=names,
            fps=self.fps,
            view=view,
            source_software="mannequin",
            picture_size_px=camera.size_px,
        )
