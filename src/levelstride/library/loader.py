"""Why it exists: one door to the knowledge files; a file that breaks its contract is refused when it is read.

The files are read and checked once; the result is kept as JSON in the user's cache folder until a file changes.
"""

import contextlib
import gc
import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelstride.library.knowledge import Knowledge, join, part_of

if TYPE_CHECKING:
    from levelstride.library.schema.measures import MeasureLibrary, MeasureSpec, TaskSpec

LIBRARY = Path(__file__).parent
TRANSLATIONS = "translations"


def _read(path: Path) -> Any:
    import yaml  # only when there is no kept copy

    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def measure_library() -> "MeasureLibrary":
    """Return every measure, task and source.

    Raises
    ------
    pydantic.ValidationError
        If a file breaks its schema or points to a source that is not listed.
    """
    from levelstride.library.schema.measures import MeasureLibrary

    return MeasureLibrary.model_validate(
        {**_read(LIBRARY / "measures.yaml"), "sources": _read(LIBRARY / "sources.yaml")}
    )


def measure_spec(name: str) -> "MeasureSpec":
    """Return one measure by name; ``KeyError`` when unknown."""
    return measure_library().measures[name]


def task_spec(name: str) -> "TaskSpec":
    """Return one task's thresholds by name; ``KeyError`` when unknown."""
    return measure_library().tasks[name]


def library_files(root: Path = LIBRARY) -> dict[str, Path]:
    """Return the library's files by name relative to ``root``, with ``/`` between folders; measures.yaml apart."""
    found = {}
    for folder in ("", *sorted(entry.name for entry in root.iterdir() if entry.is_dir())):
        for path in sorted((root / folder).iterdir()):
            name = f"{folder}/{path.name}" if folder else path.name
            if path.is_file() and (part_of(name) or folder == TRANSLATIONS):
                found[name] = path
    return found


@cache
def knowledge() -> Knowledge:
    """Return everything the library knows, from the kept copy when no file changed since.

    Raises
    ------
    pydantic.ValidationError, yaml.YAMLError
        If a file breaks its contract; ``levelstride library check`` says where and what is expected.
    """
    kept = _kept_copy()
    with contextlib.suppress(OSError, ValueError), _no_garbage_runs():
        return Knowledge.model_validate_json(kept.read_bytes())
    fresh = read_library(LIBRARY)
    with contextlib.suppress(OSError):
        _keep(kept, fresh.model_dump_json(exclude_defaults=True))
    return fresh


@contextlib.contextmanager
def _no_garbage_runs() -> Iterator[None]:
    """Keep the garbage collector from looking again and again at objects that all stay: a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_library(root: Path) -> Knowledge:
    """Read a library folder without any cache."""
    from levelstride.library.translations import read_catalogue

    files = library_files(root)
    parsed = {name: _read(path) for name, path in files.items() if part_of(name) is not None}
    spoken = {
        path.stem: read_catalogue(path.read_text(encoding="utf-8"))
        for name, path in files.items()
        if name.startswith(TRANSLATIONS + "/") and path.suffix == ".po"
    }
    return join(parsed, spoken)


def _fingerprint() -> str:
    """Return a key of the files as they lie on the disk and of the code that reads them.

    The time of the last change of each file's record (ctime) counts too: no editor or copying tool sets that back.
    """
    from pydantic import VERSION

    digest = hashlib.sha256(VERSION.encode())
    code = [*sorted((LIBRARY / "schema").glob("*.py")), LIBRARY / "knowledge.py", LIBRARY / "translations.py"]
    for path in (*library_files().values(), *code):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\n".encode())
    return digest.hexdigest()[:24]


def _kept_copy() -> Path:
    """Return where the kept copy lies: a folder of its own for every place the library is installed in."""
    home = hashlib.sha256(str(LIBRARY).encode()).hexdigest()[:8]
    return _cache_folder() / f"library-{home}" / f"{_fingerprint()}.json"


def _cache_folder() -> Path:
    named = os.environ.get("LEVELSTRIDE_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("levelstride", appauthor=False)


def _keep(path: Path, content: str) -> None:
    """Write the kept copy whole or not at all, and drop the ones it replaces."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(suffix=".tmp", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(content)
    Path(draft).replace(path)
    for old in path.parent.iterdir():
        if old != path and old.suffix in (".json", ".tmp"):
            old.unlink(missing_ok=True)
