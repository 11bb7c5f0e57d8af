"""Why it exists: what several files of questions walk through, once for a whole run."""

import pytest

from levelstride.journal.entry import Entry
from levelstride.screening.questions import Page
from tests.screening.question_walks import PEOPLE, walk


@pytest.fixture(scope="session")
def walks() -> dict[str, tuple[list[Page], list[Entry]]]:
    return {name: walk(person) for name, person in PEOPLE.items()}
