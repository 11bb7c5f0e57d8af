"""Why it exists: where a person's journal lies when nobody names a file."""

import os
from pathlib import Path


def default_path() -> Path:
    """Return ``LEVELSTRIDE_JOURNAL``, or ``journal.db`` in the user's data folder of this program."""
    named = os.environ.get("LEVELSTRIDE_JOURNAL")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("levelstride", appauthor=False) / "journal.db"
