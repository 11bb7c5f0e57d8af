"""Why it exists: rendering and looking take most of the time, so videos and landmarks are kept between runs.

Everything kept is named by a hash of what it was made from (the case, and the code that made it), so a run that was
stopped goes on where it was, and changed code never meets old files.
"""

import ast
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import xarray as xr

from levelstride.mannequin.clip import make_clip
from levelstride.motion.dataset import load_motion, save_motion
from levelstride.recording.context import make_context
from levelstride.recording.read import read_video
from validation.cases import Case

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "levelstride"
KEPT = Path(os.environ.get("LEVELSTRIDE_CACHE", ROOT / ".cache")) / "validation"

_CODE = (".py", ".vert", ".frag", ".npz")

#: What each part of a result depends on.
MADE_BY = {
    "video": (
        *(
            f"mannequin/{name}"
            for name in ("gait.py", "legs.py", "skin.py", "body.py", "render.py", "mesh.py", "scene.py")
        ),
        *(f"mannequin/{name}" for name in ("film.py", "clip.py", "shaders", "bodies")),
        "anatomy/body.py",
        "motion/camera.py",
    ),
    "landmarks": (
        *(f"recording/{name}.py" for name in ("read", "frames", "picture", "colour", "timeline", "video")),
        "recording/pose",
    ),
    "measures": (
        *("measure", "motion", "library/measures.yaml", "anatomy/keypoints.py", "analysis.py"),
        *(f"mannequin/{name}.py" for name in ("truth", "performance")),
        *("recording/corrections.py", "recording/context.py", "recording/files"),
        *(f"../../validation/{name}.py" for name in ("cases", "mannequins", "marker_truth", "markers", "real_walks")),
    ),
}


def code_hash(*parts: str) -> str:
    """Return a hash of the code that makes the named parts (all of them when none is named).

    Comments and docstrings do not count: they change nothing that was measured.
    """
    digest = hashlib.sha256()
    for part in parts or tuple(MADE_BY):
        for name in MADE_BY[part]:
            path = PACKAGE / name
            files = [path] if path.is_file() else [f for f in path.rglob("*") if f.suffix in _CODE]
            for file in sorted(files):
                digest.update(os.path.relpath(file, PACKAGE).encode() + b"\0" + _what_counts(file))
    return digest.hexdigest()


def _what_counts(file: Path) -> bytes:
    if file.suffix != ".py":
        return file.read_bytes()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree).encode()


def landmarks(case: Case) -> xr.Dataset:
    """Return what the pose model sees of a case (made when it is not kept): one person, px, not yet filtered.

    Roll and view are not applied or stated yet, so one look serves every way of stating them.
    """
    described = json.dumps(asdict(case.clip), sort_keys=True, default=str)
    video_key = hashlib.sha256((described + code_hash("video")).encode()).hexdigest()[:24]
    look_key = hashlib.sha256((video_key + code_hash("landmarks")).encode()).hexdigest()[:24]
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{look_key}.nc"
    if not kept.is_file():
        video = KEPT / f"{video_key}.mp4"
        if not video.is_file():
            make_clip(case.clip, video)
            video.with_suffix(".levelstride.json").unlink(missing_ok=True)
            video.with_suffix(".truth.json").unlink(missing_ok=True)
        recording = read_video(video, make_context(), mode="measure", model="heavy")
        part = kept.with_suffix(".part")
        save_motion(recording.motion, part)
        part.replace(kept)
    return load_motion(kept)
