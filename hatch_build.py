"""Why it exists: a wheel without the pose weights would install well and then fail at the first video.

So building one is refused until `make weights` has run. Editable installs are let through: the weights may come later.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEIGHTS = Path("src", "levelstride", "recording", "weights")
FILES = (
    "pose_detector.tflite",
    "pose_landmarks_lite.tflite",
    "pose_landmarks_full.tflite",
    "pose_landmarks_heavy.tflite",
)


class WeightsMissingError(RuntimeError):
    """The weights are not there or not the ones their manifest lists."""


class WeightsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Refuse a wheel whose weights are missing or altered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check the weights before a standard wheel is written."""
        if version == "editable":
            return
        folder = Path(self.root) / WEIGHTS
        try:
            listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
            wrong = [name for name in FILES if sha256_of(folder / name) != listed[name]["sha256"]]
        except (OSError, ValueError, KeyError):
            wrong = [name for name in ("manifest.json", *FILES) if not (folder / name).is_file()] or ["manifest.json"]
        if wrong:
            raise WeightsMissingError(
                f"Pose weights are missing or altered ({', '.join(wrong)}): run `make weights` first."
            )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
