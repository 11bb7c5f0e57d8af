"""Why it exists: the library, once read and checked, opens again three times faster from a kept copy.

The copy is a pickle that may hold nothing but this library's own records and plain values: anything else in it, a
truncated file or one of another version is refused, and the library is read from its files again.
"""

import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.base import Strict

_SUFFIX = ".kept"
_BROKEN = (pickle.UnpicklingError, EOFError, ImportError, LookupError, AttributeError, TypeError, ValueError)


class _OwnRecordsOnly(pickle.Unpickler):
    """Refuses every class that is not a record of the library, so that loading runs no foreign code."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("levelstride.library."):
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, Strict):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record of the library")


def load_kept(path: Path) -> Knowledge | None:
    """Return the library from a kept copy; None when there is none, or it cannot be used."""
    try:
        with path.open("rb") as file:
            found = _OwnRecordsOnly(file).load()
    except (OSError, *_BROKEN):
        return None
    return found if isinstance(found, Knowledge) else None


def write_kept(path: Path, known: Knowledge) -> None:
    """Write the copy whole or not at all, and drop the ones it replaces; ``OSError`` when the folder is closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(suffix=".tmp", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        pickle.dump(known, file, protocol=5)
    Path(draft).replace(path)
    for old in path.parent.iterdir():
        if old != path and old.suffix in (_SUFFIX, ".tmp"):
            old.unlink(missing_ok=True)
