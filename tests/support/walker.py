"""Why it exists: a walk with exactly known steps, from formulas alone, for tests that must run in any clone.

Feet stand still on the ground, swing with a natural speed curve, and legs follow by inverse kinematics.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from levelstride.anatomy.skeleton import SegmentLengths, leg_angles_reaching, point_along
from levelstride.motion.dataset import FloatArray, make_motion


@dataclass(frozen=True)
class Walker:
    """A planned walk; sides alternate, starting with the left foot landing."""

    height_m: float = 1.70
    step_time_s: tuple[float, float] = (0.55, 0.55)  # landing left, landing right
    step_length_m: tuple[float, float] = (0.62, 0.62)
    n_steps: int = 10
    swing_share: float = 0.38
    trunk_lean_deg: float = 4.0
    stand_before_s: float = 0.0
    stand_after_s: float = 0.0
    treadmill: bool = False

    @property
    def contacts(self) -> list[tuple[str, float, float]]:
        """(side, time of contact in seconds, place in metres), in order."""
        found = []
        time, place = self.stand_before_s + 0.5, 0.0
        for k in range(self.n_steps):
            i = k % 2
            time += self.step_time_s[i]
            place += self.step_length_m[i]
            found.append((("left", "right")[i], time, place))
        return found

    @property
    def duration_s(self) -> float:
        return self.contacts[-1][1] + 0.5 + self.stand_after_s

    def points(self, fps: float) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Return times (s) and points (time, 2) in metres, X forward, Y up."""
        time = np.arange(0.0, self.duration_s, 1 / fps)
        lengths = SegmentLengths.of_height(self.height_m)
        stride = sum(self.step_time_s)
        swing = self.swing_share * stride
        feet: dict[str, FloatArray] = {}
        for side in ("left", "right"):
            plants = [(t, x) for s, t, x in self.contacts if s == side]
            here = np.zeros(len(time))
            lift = np.zeros(len(time))
            place = 0.0
            for contact, target in plants:
                s = np.clip((time - (contact - swing)) / swing, 0, 1)
                # leaves gently, arrives with some speed left, as heels do
                path = np.where(s < 1, s * s * (2.6 - 1.6 * s), 1.0)
                here = np.where(time >= contact - swing, place + (target - place) * path, here)
                lift = np.where((s > 0) & (s < 1), 0.10 * np.sin(np.pi * s) ** 2, lift)
                place = target
            feet[side] = np.stack([here, lift + lengths.foot_height], axis=1)
        first, last = self.contacts[0], self.contacts[-1]
        ramp = np.array([0.0, first[1] - stride * 0.6, *(t - 0.12 for _, t, _ in self.contacts), self.duration_s])
        along = np.array(
            [0.0, 0.0, *(x - s / 2 for (_, _, x), s in zip(self.contacts, self._steps(), strict=True)), last[2]]
        )
        pelvis_x = np.interp(time, ramp, along)
        pelvis_x = _smooth(pelvis_x, fps)
        leg = lengths.thigh + lengths.shank
        pelvis = np.stack([pelvis_x, np.full(len(time), lengths.foot_height + 0.92 * leg)], axis=1)
        points = {
            "left_hip": pelvis,
            "right_hip": pelvis,
            "left_shoulder": point_along(pelvis, np.full(len(time), -self.trunk_lean_deg), -lengths.trunk),
        }
        points["right_shoulder"] = points["left_shoulder"]
        points["left_ear"] = points["right_ear"] = point_along(
            points["left_shoulder"], np.full(len(time), -self.trunk_lean_deg), -lengths.neck
        )
        for side, flat in feet.items():
            pitch = _heel_rise(pelvis, flat, lengths)
            ball = flat + np.array([lengths.toe_before_ankle, -lengths.foot_height])
            ankle = ball + _turned(-lengths.toe_before_ankle, lengths.foot_height, pitch)
            thigh, knee_flexion = leg_angles_reaching(pelvis, ankle, lengths)
            points[f"{side}_knee"] = point_along(pelvis, thigh, lengths.thigh)
            points[f"{side}_ankle"] = point_along(points[f"{side}_knee"], thigh - knee_flexion, lengths.shank)
            points[f"{side}_heel"] = ball + _turned(-lengths.toe_before_ankle - lengths.heel_behind_ankle, 0.0, pitch)
            points[f"{side}_big_toe"] = ball
        if self.treadmill:
            belt = np.stack([pelvis_x, np.zeros(len(time))], axis=1)
            points = {name: p - belt for name, p in points.items()}
        return time, points

    def film(
        self, *, fps: float = 60.0, view: str = "left", px_per_m: float = 300.0, noise_px: float = 0.0, seed: int = 0
    ) -> xr.Dataset:
        """Return the walk in px as a level camera far away sees it from one side."""
        _, points = self.points(fps)
        sign = -1.0 if view == "left" else 1.0
        names = list(points)
        metres = np.stack([points[n] for n in names], axis=-1)
        position = np.stack([960 + sign * px_per_m * (metres[:, 0] - 3.0), 900 - px_per_m * metres[:, 1]], axis=1)
        position = position + np.random.default_rng(seed).normal(0, noise_px, position.shape)
        return make_motion(
            position[..., None],
            np.full((len(position), len(names), 1), 0.9),
            keypoints=names,
            fps=fps,
            view="left" if view == "left" else "right",
            source_software="test walker",
        )

    def _steps(self) -> list[float]:
        return [self.step_length_m[k % 2] for k in range(self.n_steps)]


def _turned(x: float, y: float, pitch: FloatArray) -> FloatArray:
    """Turn a vector from the ball of the foot so that the heel rises by an angle (radians)."""
    return np.stack([x * np.cos(pitch) + y * np.sin(pitch), -x * np.sin(pitch) + y * np.cos(pitch)], axis=1)


def _heel_rise(hip: FloatArray, flat: FloatArray, lengths: SegmentLengths) -> FloatArray:
    """Return the smallest turn about the ball of the foot that lets the leg reach the ankle (radians)."""
    ball = flat + np.array([lengths.toe_before_ankle, -lengths.foot_height])
    needed = np.zeros(len(flat))
    longest = 0.995 * (lengths.thigh + lengths.shank)
    for pitch in np.radians(np.arange(80, -0.5, -0.5)):
        ankle = ball + _turned(-lengths.toe_before_ankle, lengths.foot_height, np.full(len(flat), pitch))
        needed = np.where(np.linalg.norm(ankle - hip, axis=1) <= longest, pitch, needed)
    return needed


def _smooth(series: FloatArray, fps: float) -> FloatArray:
    width = max(3, int(0.35 * fps) | 1)
    padded = np.pad(series, width, mode="edge")
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(padded, kernel / kernel.sum(), mode="same")[width:-width]
