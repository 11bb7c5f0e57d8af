"""Why it exists: turns marker-based truth into what a phone at the side would see, with exactly known geometry.

A pinhole camera stands at the person's left or right, level, looking square at the middle of the walkway; noise is
independent and Gaussian per point, axis and frame.
"""

from typing import Literal

import numpy as np
import xarray as xr

from levelstride.motion.dataset import FloatArray, make_motion
from validation.markers import MarkerTrial


def film(
    trial: MarkerTrial,
    *,
    view: Literal["left", "right"],
    fps: float,
    px_per_m: float = 350.0,
    distance_m: float = 4.0,
    camera_height_m: float = 1.0,
    noise_px: float = 2.0,
    seed: int = 0,
) -> xr.Dataset:
    """Project a trial to image coordinates.

    Parameters
    ----------
    view : {"left", "right"}
        The side of the person that the camera sees.
    fps : float
        Frame rate, Hz; points are interpolated linearly from the trial's rate.
    px_per_m : float
        Scale in the plane of the pelvis.

    Returns
    -------
    xarray.Dataset
        Motion in px, image frame (x right, y down), picture 1920 x 1080.
    """
    up, forward = trial.up, trial.forward
    left = np.cross(up, forward)
    toward = left if view == "left" else -left
    picture_right = np.cross(-toward, up)
    pelvis = (trial.points["left_hip"] + trial.points["right_hip"]) / 2
    seen = pelvis[np.isfinite(pelvis).all(axis=1)]
    along = (seen @ picture_right).min() / 2 + (seen @ picture_right).max() / 2
    depth = float(np.mean(seen @ toward))
    ground = float(np.nanpercentile(np.concatenate([trial.points[f"{s}_heel"] @ up for s in ("left", "right")]), 5))
    names = list(trial.points)
    source = np.stack([trial.points[n] for n in names], axis=1)
    times = np.arange(0.0, trial.time_s[-1] + 1e-9, 1.0 / fps)
    sampled = _interpolate(source, trial.time_s, times)
    focal = px_per_m * distance_m
    z = distance_m + depth - sampled @ toward
    x = 960 + focal * (sampled @ picture_right - along) / z
    y = 540 - focal * (sampled @ up - ground - camera_height_m) / z
    position = np.stack([x, y], axis=1)
    position = position + np.random.default_rng(seed).normal(0, noise_px, position.shape)
    confidence = np.where(np.isfinite(position).all(axis=1), 0.95, 0.0)
    return make_motion(
        position[..., None],
        confidence[..., None],
        keypoints=names,
        fps=fps,
        view=view,
        source_software="virtual side camera",
        source_file=trial.name,
        picture_size_px=(1920, 1080),
    )


def _interpolate(source: FloatArray, at: FloatArray, times: FloatArray) -> FloatArray:
    """Linear in time; a sample next to a missing one is missing."""
    index = np.clip(np.searchsorted(at, times, side="right") - 1, 0, len(at) - 2)
    weight = ((times - at[index]) / (at[index + 1] - at[index]))[:, None, None]
    return np.asarray(source[index] * (1 - weight) + source[index + 1] * weight)


def sagittal_truth(trial: MarkerTrial, times: FloatArray) -> dict[str, FloatArray]:
    """Compute true sagittal angles from noise-free 3D joint centres: flexion positive, degrees, at ``times``."""
    up, forward = trial.up, trial.forward

    def tilt(vector: FloatArray) -> FloatArray:
        return np.degrees(np.arctan2(vector @ forward, -(vector @ up)))

    hips = (trial.points["left_hip"] + trial.points["right_hip"]) / 2
    curves: dict[str, FloatArray] = {}
    if "left_shoulder" in trial.points:
        shoulders = (trial.points["left_shoulder"] + trial.points["right_shoulder"]) / 2
        curves["trunk_forward_lean"] = -tilt(hips - shoulders)
    for side in ("left", "right"):
        thigh = tilt(trial.points[f"{side}_knee"] - trial.points[f"{side}_hip"])
        shank = tilt(trial.points[f"{side}_ankle"] - trial.points[f"{side}_knee"])
        curves[f"{side}_knee_flexion"] = thigh - shank
        curves[f"{side}_thigh"] = thigh
        if "trunk_forward_lean" in curves:
            curves[f"{side}_hip_flexion"] = thigh + curves["trunk_forward_lean"]
    return {name: np.interp(times, trial.time_s, curve) for name, curve in curves.items()}
