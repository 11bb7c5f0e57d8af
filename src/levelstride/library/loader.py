"""Why it exists: one door to the knowledge files; a file that breaks its contract is refused when it is read.

The files are read and checked once; the result is kept in the user's cache folder until a file changes.
"""

import contextlib
import gc
import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from levelstride.library.knowledge import Knowledge
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
    from levelstride.library.knowledge import part_of

    found = {}
    for folder in ("", *sorted(entry.name for entry in os.scandir(root) if entry.is_dir())):
        for file in sorted(entry.name for entry in os.scandir(root / folder) if entry.is_file()):
            name = f"{folder}/{file}" if folder else file
            if part_of(name) or folder == TRANSLATIONS:
                found[name] = root / name
    return found


@cache
def knowledge() -> "Knowledge":
    """Return everything the library knows, from the kept copy when no file changed since.

    Raises
    ------
    pydantic.ValidationError, yaml.YAMLError
        If a file breaks its contract; ``levelstride library check`` says where and what is expected.
    """
    with _no_garbage_runs():
        from levelstride.library.kept import load_kept, write_kept  # fifty schemas; measuring a walk needs none

        path = _kept_copy()
        kept = load_kept(path)
    if kept is not None:
        return kept
    fresh = read_library(LIBRARY)
    with contextlib.suppress(OSError):
        write_kept(path, fresh)
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


def read_library(root: Path) -> "Knowledge":
    """Read a library folder without any cache."""
    from levelstride.library.knowledge import join, part_of
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
    return _cache_folder() / f"library-{home}" / f"{_fingerprint()}.kept"


def _cache_folder() -> Path:
    named = os.environ.get("LEVELSTRIDE_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("levelstride", appauthor=False)
