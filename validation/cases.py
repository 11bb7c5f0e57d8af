"""Why it exists: the walks that accuracy is claimed on: drawn at random within the protocol, unseen by any tuning.

A case is a :class:`levelstride.mannequin.clip.Clip` with a name. Seeds from :data:`UNSEEN` on were never looked at
while constants were set; the ``tuning`` set below it was.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from levelstride.mannequin.body import BODY_NAMES
from levelstride.mannequin.clip import Clip, Filming
from levelstride.mannequin.gait import GaitParameters
from levelstride.mannequin.scene import Look

Kind = Literal["frontal", "side"]

#: First seed of the cases that no constant was set on.
UNSEEN = 1000


@dataclass(frozen=True)
class Case:
    """One recording to be made and measured.

    Attributes
    ----------
    roll_stated : bool
        Whether the camera's roll is told to the analysis.
    """

    name: str
    kind: Kind
    clip: Clip
    roll_stated: bool

    @property
    def roll_deg(self) -> float | None:
        """What is stated about the roll."""
        return self.clip.filming.roll_deg if self.roll_stated else None


def draw(kind: Kind, seed: int) -> Case:
    """Draw one case within the protocol: one person, a corridor or a free wall, phone on a stand at hip height."""
    rng = np.random.default_rng([seed, {"frontal": 1, "side": 2}[kind]])

    def pair(low: float, high: float) -> tuple[float, float]:
        return float(rng.uniform(low, high)), float(rng.uniform(low, high))

    length = float(rng.uniform(0.48, 0.68))
    gait = GaitParameters(
        cadence_spm=float(rng.uniform(92, 124)),
        step_length_m=(length * float(rng.uniform(0.95, 1.05)), length * float(rng.uniform(0.95, 1.05))),
        step_time_asymmetry_pct=float(rng.choice([0.0, rng.uniform(-10, 10)])),
        step_width_m=float(rng.uniform(0.05, 0.18)),
        pelvic_drop_deg=pair(0, 10),
        trunk_lean_deg=pair(-1, 6) if rng.random() < 0.6 else pair(0, 2),
        knee_valgus_deg=pair(-4, 10),
        toe_out_deg=pair(0, 15),
        forward_lean_deg=float(rng.uniform(0, 7)),
        pelvic_tilt_deg=float(rng.uniform(4, 16)),
        pelvic_turn_deg=float(rng.uniform(2, 7)),
        arm_swing_deg=float(rng.uniform(8, 28)),
        steps=13 if kind == "frontal" else 9,
        passes=2,
        stand_before_s=1.6,
        stand_after_s=1.4,
    )
    size = (720, 1280) if kind == "frontal" else (1280, 720)
    views = ("back", "front") if kind == "frontal" else ("left", "right")
    filming = Filming(
        view=views[int(rng.integers(2))],  # type: ignore[arg-type]
        distance_m=float(rng.uniform(2.2, 2.8)) if kind == "frontal" else float(rng.uniform(4.2, 5.0)),
        camera_height_m=float(rng.uniform(0.8, 1.2)),
        azimuth_deg=float(rng.uniform(-20, 20)),
        roll_deg=float(rng.uniform(-5, 5)),
        size_px=size,
        crf=int(rng.integers(22, 33)),
    )
    clip = Clip(
        gait=gait,
        filming=filming,
        look=replace(Look.random(seed), blur_frames=2 if rng.random() < 0.2 else 1),
        body=str(rng.choice(BODY_NAMES)),
        trousers=bool(rng.random() < 0.7),
        sleeves=bool(rng.random() < 0.5),
    )
    return Case(f"{kind}-{seed}", kind, clip, bool(rng.random() < 0.5))


def tuning(kind: Kind, count: int) -> list[Case]:
    """Return cases that constants may be set on."""
    return [draw(kind, seed) for seed in range(count)]


def unseen(kind: Kind, count: int) -> list[Case]:
    """Return cases that nothing was set on."""
    return [draw(kind, UNSEEN + seed) for seed in range(count)]
