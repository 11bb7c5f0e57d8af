"""Why it exists: what tests of the command line on a journal share - a clock that stands, and a journal to work on."""

import shutil
from pathlib import Path

import pytest

from levelstride.cli.session import Session
from tests.cli.screen_driver import Clock, answer_everything


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(12)
    monkeypatch.setattr(Session, "now", lambda _: found())
    return found


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Path:
    """Return a place where no journal is yet."""
    return tmp_path / "mine.db"


@pytest.fixture(scope="module")
def answered_journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("answered") / "journal.db"
    answer_everything(path)
    return path


@pytest.fixture
def answered(answered_journal: Path, journal: Path) -> Path:
    """Return a journal with every answer of somebody harmless, from two hours ago, and no test."""
    shutil.copyfile(answered_journal, journal)
    return journal
