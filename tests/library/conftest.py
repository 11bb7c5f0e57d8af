"""Why it exists: the tests of the library read it once, past any kept copy."""

from functools import cache

import pytest

from levelstride.library.knowledge import Knowledge
from levelstride.library.loader import LIBRARY, read_library


@cache
def _fresh() -> Knowledge:
    return read_library(LIBRARY)


@pytest.fixture(scope="session")
def known() -> Knowledge:
    return _fresh()
