"""Why it exists: fixtures shared by all tests: where real recordings are, and the rule about their absence."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a test that fails only sometimes teaches nobody anything.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """Return the folder of real recordings; it may not exist."""
    return Path(os.environ.get("LEVELSTRIDE_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of real recordings; skip where it is absent, fail where it is required."""
    folder = data_folder()
    if not folder.is_dir():
        message = f"real recordings not found in {folder} (set LEVELSTRIDE_DATA)"
        if os.environ.get("LEVELSTRIDE_DATA_REQUIRED") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder
