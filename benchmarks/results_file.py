"""Why it exists: benchmark figures are kept with the versions and the code they belong to, in one file."""

import hashlib
import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / "results"
RESULTS = FOLDER / "benchmarks.json"
#: Figures with a file of their own; all others share :data:`RESULTS`.
_OWN = ("plan", "simulation")
_PACKAGES = ("av", "ai-edge-litert", "opencv-python-headless", "numpy", "mediapipe", "ortools", "typer")


#: What each figure is about, within src/levelstride; ``None`` = reading videos, and the command line's start.
_COVERS: dict[str | None, tuple[str, ...]] = {
    None: ("__init__.py", "recording", "cli"),
    "startup": ("__init__.py", "cli"),
    "library": ("library",),
    "journal": ("journal",),
    "plan": ("journal", "library", "programme", "screening"),
    "simulation": ("journal", "library", "programme", "screening"),
}


def code_hash(name: str) -> str:
    """Return a hash of the files that the figures of this name are about: code, and knowledge files."""
    digest = hashlib.sha256()
    package = ROOT / "src" / "levelstride"
    for covered in _COVERS.get(name, _COVERS[None]):
        path = package / covered
        files = [path] if path.is_file() else [f for f in path.rglob("*") if f.suffix in (".py", ".yaml", ".po")]
        for file in sorted(files):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def file_of(name: str) -> Path:
    """Return the file that holds the figures of this name."""
    return FOLDER / f"{name}.json" if name in _OWN else RESULTS


def read(name: str | None = None) -> dict[str, Any]:
    """Return the kept figures by name: those of one file, or without a name of :data:`RESULTS`."""
    file = RESULTS if name is None else file_of(name)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def save(name: str, command: str, figures: dict[str, Any]) -> None:
    """Add figures, the command that made them, versions and the hash of the code to the result file."""
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = ""
    file = file_of(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    known[name] = {
        "command": command,
        **figures,
        "versions": versions,
        "n_cores": os.cpu_count(),
        "code_sha256": code_hash(name),
    }
    file.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
