"""Why it exists: real marker-based gait is the known truth that camera measures are held against.

The reading itself is the product's own; here only the points that a camera's view of the legs is compared with.
"""

from dataclasses import replace
from pathlib import Path

from levelstride.anatomy.keypoints import SIDES
from levelstride.recording.files.c3d import MarkerTrial
from levelstride.recording.files.c3d import read_trial as _read_all

__all__ = ["MarkerTrial", "read_trial"]

_COMPARED = ("hip", "knee", "ankle", "heel", "big_toe", "shoulder")


def read_trial(path: Path) -> MarkerTrial:
    """Read a C3D walk, keeping the points that are compared."""
    trial = _read_all(path)
    names = [f"{side}_{part}" for side in SIDES for part in _COMPARED]
    return replace(trial, points={name: trial.points[name] for name in names if name in trial.points})
