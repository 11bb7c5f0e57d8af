"""Why it exists: the pose networks are built into the package by ``make weights``; nothing is fetched at run time."""

from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal, get_args

from levelstride.errors import InputError

PoseModel = Literal["lite", "full", "heavy"]
POSE_MODELS: tuple[PoseModel, ...] = get_args(PoseModel)

_open_files = ExitStack()


def weights_path(name: str) -> Path:
    """Return the file of one network: ``pose_detector``, ``pose_landmarks_lite``, ``_full`` or ``_heavy``.

    Raises
    ------
    InputError
        If the weights have not been built.
    """
    resource = files("levelstride.recording") / "weights" / f"{name}.tflite"
    if not resource.is_file():
        raise InputError(f"Pose weights missing ({name}.tflite).", "Weights missing: run `make weights`.")
    return _open_files.enter_context(as_file(resource))
